"""Sweeps: what they expand to, what they leave on disk, and that killing them anywhere costs nothing."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray
from conftest import ENDLESS, HANG, Ohmlab, wait_until
from test_run import contents

EXPERIMENT = """\
kind = "train"
seed = 3
data = {kind = "bars_and_stripes", size = 3}
model = {kind = "rbm", hidden = 4}
rule = {kind = "pcd", chains = 8}
training = {epochs = 20, batch = 4}
"""
SWEEP = (
    EXPERIMENT
    + """
[sweep]
repeats = 2
report = ["test_log_likelihood", "weight_max"]
[[sweep.axes]]
key = "training.rate"
values = [0.05, "20 %"]
[[sweep.axes]]
name = "effect"
cases = [{label = "none"}, {label = "cd", set = {"rule.kind" = "cd"}}]
[[sweep.axes]]
name = "size"
zip = {"model.hidden" = [3, 5], "training.epochs" = [20, 30]}
"""
)


@pytest.fixture
def sweep(tmp_path: Path) -> str:
    (tmp_path / "sweep.toml").write_text(SWEEP)
    return "sweep.toml"


def folder_contents(folder: Path) -> dict[str, object]:
    """Everything a sweep has left; result files without their /run, all others byte by byte."""
    return {
        path.name: path.read_bytes() if path.name == "index.h5" else contents(path)
        for path in sorted(folder.iterdir())
    }


def test_axes_zips_cases_and_repeats_span_a_cube_of_labelled_figures(ohmlab: Ohmlab, sweep: str) -> None:
    out = ohmlab("sweep", sweep, "--out", "d").out
    assert "16 points: 16 done, 0 failed, 0 open; d/index.h5" in out
    with xarray.open_dataset(ohmlab.folder / "d/index.h5", engine="h5netcdf") as cube:
        assert cube["test_log_likelihood"].dims == ("rate", "effect", "size", "repeat")
        assert cube["rate"].values.tolist() == [0.05, 0.2]
        assert cube["effect"].values.tolist() == ["none", "cd"]
        assert cube["size"].values.tolist() == [3, 5]
        assert cube["training.epochs"].values.tolist() == [20, 30]
        assert cube["rate"].attrs["long_name"] == "training.rate"
        assert cube["test_log_likelihood"].attrs["units"] == "nat"
        assert not np.isnan(cube["weight_max"]).any()
        assert len(set(cube["id"].values.ravel())) == 16
        for at in ({"rate": 0, "effect": 1, "size": 0, "repeat": 1}, {"rate": 1, "effect": 0, "size": 1, "repeat": 0}):
            point = cube.isel(at)
            with h5py.File(ohmlab.folder / f"d/{point['id'].item()}.h5") as file:
                assert file["quality/weight_max"][()] == point["weight_max"].item()
                config = file["config"][()].decode()
            assert f"seed = {3 + at['repeat']}\n" in config
            assert f"rule.kind = \"{['pcd', 'cd'][at['effect']]}\"" in config
            assert f"training.rate = {[0.05, 0.2][at['rate']]}\n" in config
            assert f"training.epochs = {[20, 30][at['size']]}\n" in config


def test_a_point_is_the_run_of_the_same_config(ohmlab: Ohmlab, sweep: str) -> None:
    ohmlab("sweep", sweep, "--out", "d")
    (ohmlab.folder / "one.toml").write_text(EXPERIMENT)
    sets = ["seed=4", "training.rate=0.2", "rule.kind=cd", "model.hidden=5", "training.epochs=30"]
    options = [word for text in sets for word in ("--set", text)]
    said = json.loads(ohmlab("run", "one.toml", *options, "--out", "one.h5", "--json").out)
    assert contents(ohmlab.folder / "one.h5") == contents(ohmlab.folder / f"d/{said['id']}.h5")


def test_the_table_and_json_give_means_and_standard_errors_over_repeats(ohmlab: Ohmlab, sweep: str) -> None:
    table = ohmlab("sweep", sweep, "--out", "d").out.splitlines()
    assert table[0].split() == ["rate", "effect", "size", "test_log_likelihood", "weight_max"]
    said = json.loads(ohmlab("sweep", sweep, "--out", "d", "--json").out)
    assert (said["points"], said["done"], said["failed"], said["open"]) == (16, 16, 0, 0)
    with xarray.open_dataset(ohmlab.folder / "d/index.h5", engine="h5netcdf") as cube:
        values = cube["weight_max"].values.reshape(8, 2)
    for row, line, pair in zip(said["rows"], table[1:9], values, strict=True):
        figure = row["figures"]["weight_max"]
        assert figure["mean"] == pytest.approx(pair.mean())
        assert figure["standard_error"] == pytest.approx(pair.std(ddof=1) / 2**0.5)
        shown, error = line.split("  ")[-1].strip().split(" ± ")
        assert float(shown) == pytest.approx(pair.mean(), rel=1e-5)
        assert float(error) == pytest.approx(figure["standard_error"], rel=0.06)


def test_jobs_and_shards_leave_the_same_folder_as_one_process(ohmlab: Ohmlab, sweep: str) -> None:
    ohmlab("sweep", sweep, "--out", "one")
    ohmlab("sweep", sweep, "--out", "jobs", "--jobs", "3")
    first = ohmlab("sweep", sweep, "--out", "shards", "--shard", "1/2")
    assert "16 points: 8 done, 0 failed, 8 open\n" in first.out
    assert not (ohmlab.folder / "shards/index.h5").exists()
    second = ohmlab("sweep", sweep, "--out", "shards", "--shard", "2/2")
    assert "shards/index.h5" in second.out
    expected = folder_contents(ohmlab.folder / "one")
    assert len(expected) == 17
    assert folder_contents(ohmlab.folder / "jobs") == expected
    assert folder_contents(ohmlab.folder / "shards") == expected


def test_a_finished_sweep_runs_nothing_again(ohmlab: Ohmlab, sweep: str) -> None:
    ohmlab("sweep", sweep, "--out", "d")
    before = {path.name: path.stat().st_mtime_ns for path in (ohmlab.folder / "d").iterdir() if path.stem != "index"}
    ohmlab("sweep", sweep, "--out", "d", "--jobs", "2")
    after = {path.name: path.stat().st_mtime_ns for path in (ohmlab.folder / "d").iterdir() if path.stem != "index"}
    assert after == before
    ohmlab("sweep", sweep, "--out", "d", "--force")
    forced = {path.name: path.stat().st_mtime_ns for path in (ohmlab.folder / "d").iterdir() if path.stem != "index"}
    assert forced.keys() == before.keys()
    assert all(forced[name] > before[name] for name in before)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_sweep_killed_again_and_again_ends_in_the_same_files(ohmlab: Ohmlab, sweep: str, jobs: str) -> None:
    """Killed whenever it has stored a number of states, never at a moment of the clock."""
    slow = ["--set", "training.epochs=4000", "--set", "evaluation.every=400", "--checkpoint", "0.01"]
    without_zip = SWEEP.replace(', "training.epochs" = [20, 30]', "").replace("repeats = 2", "repeats = 1")
    (ohmlab.folder / "sweep.toml").write_text(without_zip)
    ohmlab("sweep", sweep, "--out", "calm", "--jobs", jobs, *slow)
    killed = ohmlab.folder / "killed"
    counts = random.Random(int(jobs))
    for _ in range(8):
        running = ohmlab.start(
            *("sweep", sweep, "--out", "killed", "--jobs", jobs), *slow, start_new_session=True
        )
        seen: set[tuple[str, int]] = set()
        enough = counts.randint(1, 8)

        def worked(seen: set[tuple[str, int]] = seen, enough: int = enough) -> bool:
            for path in killed.glob("*.state"):
                with contextlib.suppress(FileNotFoundError):
                    seen.add((path.name, path.stat().st_ino))
            return len(seen) >= enough

        wait_until(lambda worked=worked, running=running: worked() or running.poll() is not None)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        if running.wait(timeout=HANG) == 0:
            break  # done before as many states were seen; a slow look at the folder may miss them
        assert running.returncode == -signal.SIGKILL
        for path in killed.glob("*.h5"):
            contents(path)  # whatever bears its final name is whole
        if len(list(killed.glob("*.h5"))) >= 6:
            break
    ohmlab("sweep", sweep, "--out", "killed", "--jobs", jobs, *slow)
    assert folder_contents(killed) == folder_contents(ohmlab.folder / "calm")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("command", ["run", "sweep", "jobs"])
def test_a_signal_stores_the_state_and_the_same_command_goes_on(
    ohmlab: Ohmlab, sweep: str, command: str, number: signal.Signals, code: int
) -> None:
    (ohmlab.folder / "one.toml").write_text(EXPERIMENT)
    arguments = {
        "run": ["run", "one.toml", "--out", "d/one.h5"],
        "sweep": ["sweep", sweep, "--out", "d"],
        "jobs": ["sweep", sweep, "--out", "d", "--jobs", "2"],
    }[command]
    if command != "run":
        text = SWEEP.replace(', "training.epochs" = [20, 30]', "")
        (ohmlab.folder / "sweep.toml").write_text(text)
    running = ohmlab.start(*arguments, *ENDLESS, stderr=subprocess.PIPE)
    at_work = 2 if command == "jobs" else 1
    wait_until(lambda: len(list((ohmlab.folder / "d").glob("*.lock"))) == at_work, running)
    running.send_signal(number)
    _, complaint = running.communicate(timeout=HANG)
    assert running.returncode == code
    assert re.fullmatch(rb"(.*\n)*ohmlab: stopped; the same command goes on from d.*\n", complaint)
    assert len(list((ohmlab.folder / "d").glob("*.state"))) == at_work
    assert not list((ohmlab.folder / "d").glob("*.lock"))


def test_a_failing_point_is_reported_and_the_others_go_on(ohmlab: Ohmlab, sweep: str) -> None:
    ids = [line.split()[0] for line in ohmlab("sweep", sweep, "--out", "d", "--list").out.splitlines()]
    (ohmlab.folder / "d").mkdir()
    blocked = ohmlab.folder / f"d/{ids[3]}.h5.part"
    blocked.mkdir()
    (blocked / "something").touch()
    outcome = ohmlab.any("sweep", sweep, "--out", "d", "--jobs", "2")
    assert outcome.code == 1
    assert "16 points: 15 done, 1 failed, 0 open; d/index.h5" in outcome.out
    error = (ohmlab.folder / f"d/{ids[3]}.error.txt").read_text()
    assert f"{ids[3]}.h5.part: cannot be written: Is a directory" in error
    assert "training.rate = 0.05\n" in error
    with xarray.open_dataset(ohmlab.folder / "d/index.h5", engine="h5netcdf") as cube:
        assert int(np.isnan(cube["weight_max"]).sum()) == 1
        assert cube["id"].values.ravel()[3] == ids[3]
        assert np.isnan(cube["weight_max"].values.ravel()[3])
    shutil.rmtree(blocked)
    again = ohmlab("sweep", sweep, "--out", "d")
    assert "16 points: 16 done, 0 failed, 0 open; d/index.h5" in again.out
    assert not list((ohmlab.folder / "d").glob("*.error.txt"))


def test_an_axis_over_presets_and_kinds_replaces_what_belonged_to_the_old_kind(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "devices.toml").write_text(
        EXPERIMENT
        + 'array = {kind = "analog", device = {pulse = {kind = "soft_bounds", cycle = "multiplicative"}}}\n'
        + '[[sweep.axes]]\nname = "pulse"\nkey = "array.device.pulse.kind"\nvalues = ["soft_bounds", "ideal"]\n'
        + '[[sweep.axes]]\nname = "preset"\nkey = "array.device.base"\nvalues = ["devices/idealized"]\n'
    )
    ohmlab("sweep", "devices.toml", "--out", "d")
    with xarray.open_dataset(ohmlab.folder / "d/index.h5", engine="h5netcdf") as cube:
        assert cube["pulse"].values.tolist() == ["soft_bounds", "ideal"]
        assert cube["preset"].values.tolist() == ["devices/idealized"]
        assert cube["weight_max"].values[0, 0] != cube["weight_max"].values[1, 0]


def test_a_zipped_axis_is_called_by_the_key_that_is_written_first(ohmlab: Ohmlab) -> None:
    zipped = '[[sweep.axes]]\nname = "rate"\nzip = {"training.rate" = [0.005, 0.02, 0.1], "training.bias_rate" = [0.02, 0.02, 0.1]}\n'
    (ohmlab.folder / "zipped.toml").write_text(EXPERIMENT + zipped)
    assert ohmlab("sweep", "zipped.toml", "--out", "d", "--list").out.splitlines()[0].endswith("rate = 0.005")
    ohmlab("sweep", "zipped.toml", "--out", "d")
    with xarray.open_dataset(ohmlab.folder / "d/index.h5", engine="h5netcdf") as cube:
        assert cube["rate"].values.tolist() == [0.005, 0.02, 0.1]
        assert cube["rate"].attrs["long_name"] == "training.rate"
        assert cube["training.bias_rate"].values.tolist() == [0.02, 0.02, 0.1]
        assert cube["test_log_likelihood"].sel(rate=0.02).ndim == 0


def test_tables_of_one_kind_are_told_apart(ohmlab: Ohmlab) -> None:
    values = '[{kind = "analog", device = {pulse = {dw_min = 0.01}}}, {kind = "analog", device = {pulse = {dw_min = 0.1}}}]'
    axis = f'[[sweep.axes]]\nkey = "array"\nvalues = {values}\n'
    (ohmlab.folder / "tables.toml").write_text(EXPERIMENT + axis)
    lines = ohmlab("sweep", "tables.toml", "--out", "d", "--list").out.splitlines()
    assert [line.split("  ")[1] for line in lines] == [
        'array = {device = {pulse = {dw_min = 0.01}}, kind = "analog"}',
        'array = {device = {pulse = {dw_min = 0.1}}, kind = "analog"}',
    ]


def test_seeds_that_no_double_holds_are_labels(ohmlab: Ohmlab) -> None:
    axis = '[[sweep.axes]]\nkey = "seed"\nvalues = [9007199254740992, 9007199254740993]\n'
    (ohmlab.folder / "seeds.toml").write_text(EXPERIMENT + axis)
    ohmlab("sweep", "seeds.toml", "--out", "d")
    with xarray.open_dataset(ohmlab.folder / "d/index.h5", engine="h5netcdf") as cube:
        assert cube["seed"].values.tolist() == ["9007199254740992", "9007199254740993"]


def test_the_likelihood_is_printed_unless_told(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "plain.toml").write_text(EXPERIMENT + '[[sweep.axes]]\nkey = "training.rate"\nvalues = [0.1]\n')
    assert ohmlab("sweep", "plain.toml", "--out", "d").out.splitlines()[0].split() == ["rate", "test_log_likelihood"]


def test_a_set_that_an_axis_overrides_is_refused(ohmlab: Ohmlab, sweep: str) -> None:
    outcome = ohmlab.any("sweep", sweep, "--out", "d", "--set", "training.rate=0.3")
    assert outcome.code == 2
    assert outcome.err == (
        'ohmlab: --set: training.rate = 0.3: the axis "rate" sets this key at every point: expected another key\n'
    )
    ohmlab("sweep", sweep, "--out", "d", "--list", "--set", "rule.kind=cd")  # one case alone sets it


def test_a_figure_named_like_a_key_gets_a_name_of_its_own(ohmlab: Ohmlab) -> None:
    zipped = '[[sweep.axes]]\nname = "weight_max"\nkey = "training.rate"\nvalues = [0.1, 0.2]\n'
    (ohmlab.folder / "named.toml").write_text(EXPERIMENT + zipped)
    ohmlab("sweep", "named.toml", "--out", "d")
    with xarray.open_dataset(ohmlab.folder / "d/index.h5", engine="h5netcdf") as cube:
        assert cube["quality_weight_max"].dims == ("weight_max",)


def mistakes() -> list[tuple[str, str, str]]:
    axis = "[[sweep.axes]]\n"
    return [
        ("no sweep table", "", "bad.toml:1: sweep: is missing: the table with the axes of a sweep"),
        ("unknown key of an axis", axis + 'kye = "seed"\n', 'bad.toml:8: sweep.axes.kye: unknown key, did you mean "key"?'),
        ("no values", axis + 'key = "seed"\nvalues = []\n', "expected a key and at least one value"),
        ("two ways at once", axis + 'name = "a"\nkey = "seed"\nvalues = [1]\ncases = [{label = "x"}]\n', "expected one of: key with values, zip, cases"),
        ("ragged zip", axis + 'name = "z"\nzip = {"seed" = [1, 2], "model.hidden" = [3]}\n', "expected lists of equal length, found 2 values of seed and 1 of model.hidden"),
        ("axis named like its second key", axis + 'name = "neuron"\nzip = {"array" = ["ideal", "ideal"], "neuron" = ["adc", "comparator"]}\n', 'expected axes of different names, not called "repeat", "id", "refused" or like a zipped key; found "neuron" again'),
        ("zipped key that is another axis", axis + 'key = "seed"\nvalues = [1]\n' + axis + 'name = "z"\nzip = {"model.hidden" = [2], "seed" = [3]}\n', 'found "seed" again'),
        ("one key on two axes", axis + 'key = "training.rate"\nvalues = [0.1]\n' + axis + 'name = "c"\ncases = [{label = "x", set = {training = {rate = 0.2}}}]\n', 'expected each key on one axis, found training.rate on "rate" and on "c"'),
        ("a table over what another axis set", axis + 'key = "rule.chains"\nvalues = [4, 8]\n' + axis + 'key = "rule"\nvalues = [{kind = "cd"}]\n', "rule.chains = 4: another axis, later, replaces the table that this key is in"),
        ("equal values", axis + 'key = "training.rate"\nvalues = [0.2, "20 %"]\n', 'the axis "rate" has training.rate = 0.2 twice: expected values that differ'),
        ("equal values of the first zipped key", axis + 'name = "z"\nzip = {"training.rate" = [0.1, 0.1], "model.hidden" = [2, 3]}\n', 'the axis "z" has training.rate = 0.1 twice: expected a first key whose values differ, or cases with labels'),
        ("seeds that overlap", axis + 'key = "seed"\nvalues = [1, 2]\n[sweep]\nrepeats = 2\n', "seeds overlap: repeat 1 of one point is repeat 0 of another"),
        ("seeds beyond 2^63", axis + 'key = "seed"\nvalues = [9223372036854775807]\n[sweep]\nrepeats = 2\n', "seed = 9223372036854775807: expected a seed from which repeat 1 is below 2^63"),
        ("a label with a NUL", axis + 'name = "c"\ncases = [{label = "a\\u0000b"}]\n', "expected a label without control characters"),
        ("nameless cases", axis + 'cases = [{label = "x"}]\n', "expected a name for this axis"),
        ("equal labels", axis + 'name = "c"\ncases = [{label = "x"}, {label = "x"}]\n', 'two cases are called "x"'),
        ("equal names", axis + 'key = "seed"\nvalues = [1]\n' + axis + 'name = "seed"\nkey = "model.hidden"\nvalues = [2]\n', 'found "seed" again'),
        ("a value out of range", axis + 'key = "training.rate"\nvalues = [0.1, -1]\n', "sweep of bad.toml:9: training.rate = -1: expected a number from 0 to 100 (at the point training.rate = -1)"),
        ("an unknown key to set", axis + 'key = "training.rat"\nvalues = [0.1]\n', 'sweep of bad.toml:9: training.rat: unknown key, did you mean "rate"?'),
        ("repeats of zero", "[sweep]\nrepeats = 0\n", "sweep.repeats = 0: expected a whole number from 1 to 100000"),
    ]


@pytest.mark.parametrize(("text", "message"), [pytest.param(t, m, id=name) for name, t, m in mistakes()])
def test_every_point_is_checked_before_the_first_one_runs(ohmlab: Ohmlab, text: str, message: str) -> None:
    (ohmlab.folder / "bad.toml").write_text(EXPERIMENT + text)
    outcome = ohmlab.any("sweep", "bad.toml", "--out", "d")
    assert outcome.code == 2
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
    assert ohmlab.files() == {"bad.toml"}


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2"])
def test_a_shard_that_is_none_is_refused(ohmlab: Ohmlab, sweep: str, shard: str) -> None:
    outcome = ohmlab.any("sweep", sweep, "--out", "d", f"--shard={shard}")
    assert outcome.code == 2
    assert outcome.err == f"ohmlab: --shard: {shard}: expected I/N with I from 1 to N\n"


def test_the_folder_of_another_sweep_is_left_alone(ohmlab: Ohmlab, sweep: str) -> None:
    ohmlab("sweep", sweep, "--out", "d")
    before = folder_contents(ohmlab.folder / "d")
    outcome = ohmlab.any("sweep", sweep, "--out", "d", "--set", "seed=77")
    assert outcome.code == 2
    assert re.fullmatch(
        r"ohmlab: d/index\.h5: expected no index, or that of sweep \w{16}, found that of sweep \w{16}; "
        r"choose another folder\n",
        outcome.err,
    )
    assert folder_contents(ohmlab.folder / "d") == before


def test_run_says_that_a_sweep_wants_another_command(ohmlab: Ohmlab, sweep: str) -> None:
    outcome = ohmlab.any("run", sweep)
    assert outcome.code == 2
    assert outcome.err == 'ohmlab: sweep.toml:8: sweep: this is a sweep: use "ohmlab sweep"\n'


def test_a_figure_that_no_run_has_is_named(ohmlab: Ohmlab, sweep: str) -> None:
    outcome = ohmlab.any("sweep", sweep, "--out", "d", "--set", 'sweep.report=["test_log"]')
    assert outcome.code == 2
    assert "sweep.report = test_log: no run has such a figure; there are: " in outcome.err


SMALL = """\
kind = "train"
data = {kind = "bars_and_stripes", size = 3}
model = {kind = "rbm", hidden = 3}
training = {epochs = 2, batch = 4}
"""
# One of four points is refused: by its config alone, and by its run, since a machine has hidden units.
REFUSED_BY_CONFIG = """
[[sweep.axes]]
key = "evaluation.every"
values = [0, 1]
[[sweep.axes]]
name = "goal"
cases = [{label = "last"}, {label = "until", set = {"training.until" = {metric = "test_log_likelihood", value = -5}}}]
"""
REFUSED_BY_RUN = """
[[sweep.axes]]
key = "rule.kind"
values = ["pcd", "pseudo_likelihood"]
[[sweep.axes]]
name = "machine"
cases = [{label = "grid", set = {model = {kind = "graph", lattice = "grid", height = 3, width = 3}}}, {label = "rbm"}]
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("axes", "at", "why"),
    [
        (REFUSED_BY_CONFIG, (0, 1), "training.until needs evaluations on the way"),
        (REFUSED_BY_RUN, (1, 1), 'model "rbm" has hidden units, which no example holds'),
    ],
)
def test_refused_points_are_left_out_on_request_and_say_why(
    ohmlab: Ohmlab, axes: str, at: tuple[int, int], why: str, jobs: str
) -> None:
    (ohmlab.folder / "sweep.toml").write_text(SMALL + "[sweep]" + axes)
    assert ohmlab.any("sweep", "sweep.toml", "--out", "stops", "--jobs", jobs).code != 0
    leaving = ("sweep", "sweep.toml", "--set", "sweep.refused=leave_out", "--out", "d", "--jobs", jobs)
    for _ in range(2):  # started again, all is the same
        lines = ohmlab(*leaving).out.splitlines()
        assert lines[-1].startswith("4 points: 3 done, 0 failed, 0 open, 1 refused; ")
        assert lines[1 + 2 * at[0] + at[1]].endswith("  -")
        with xarray.open_dataset(ohmlab.folder / "d/index.h5", engine="h5netcdf") as cube:
            scores = cube["test_log_likelihood"].values
            reasons = cube["refused"].values
        assert [tuple(place) for place in np.argwhere(np.isnan(scores))] == [at]
        assert why in reasons[at]
        assert [tuple(place) for place in np.argwhere(reasons != "")] == [at]
    said = json.loads(ohmlab(*leaving, "--json").out)
    assert (said["done"], said["refused"]) == (3, 1)


def test_the_list_of_points_says_which_are_left_out(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "sweep.toml").write_text(SMALL + '[sweep]\nrefused = "leave_out"' + REFUSED_BY_CONFIG)
    lines = ohmlab("sweep", "sweep.toml", "--out", "d", "--list").out.splitlines()
    assert [line.startswith("left out ") for line in lines] == [False, True, False, False]
    assert "training.until needs evaluations on the way" in lines[1]


def test_a_place_on_an_axis_at_which_all_is_refused_stops_the_sweep(ohmlab: Ohmlab) -> None:
    text = SMALL + '[sweep]\nrefused = "leave_out"\n' + REFUSED_BY_RUN.replace('"pseudo_likelihood"', '"ep"')
    (ohmlab.folder / "sweep.toml").write_text(text)
    outcome = ohmlab.any("sweep", "sweep.toml", "--out", "d")
    assert outcome.code == 2
    assert "none at its place 2; the first says: " in outcome.err
    assert 'rule "ep" does not go with' in outcome.err
