import json
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from conftest import ENDLESS, HANG, Ohmlab, wait_until

RUN_FACTS = {"version", "commit", "compiler", "cpu", "started", "threads", "seconds"}


def frozen(file: h5py.File, values: Any) -> Any:
    """A value of a dataset or an attribute in a form that compares type by type and byte by byte."""
    array = np.asarray(values)
    if array.dtype.names:
        return [frozen(file, array[name]) for name in array.dtype.names]
    if array.dtype == object:
        flat = [item for value in array.flat for item in np.ravel(value)]
        return [file[item].name if isinstance(item, h5py.Reference) else item for item in flat]
    return array.dtype.str, array.shape, array.tobytes()


def contents(path: Path) -> dict[str, Any]:
    """Everything in a result file but what is below /run."""
    found: dict[str, Any] = {}
    with h5py.File(path) as file:

        def take(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if name == "run" or name.startswith("run/"):
                return
            if isinstance(item, h5py.Dataset):
                found[name] = (item.dtype.str, item.shape, item.chunks, frozen(file, item[()]))
            else:
                found[name] = sorted(item)
            for key, value in item.attrs.items():
                found[f"{name}@{key}"] = (item.attrs.get_id(key).dtype.str, frozen(file, value))

        take("", file)
        file.visititems(take)
    return found


def identity(ohmlab: Ohmlab, *arguments: str) -> str:
    return json.loads(ohmlab("run", *arguments, "--json").out)["id"]


def test_a_run_stores_one_file_named_by_config_and_id(ohmlab: Ohmlab, quick: str) -> None:
    out = ohmlab("run", quick).out
    (stored,) = ohmlab.files() - {quick}
    named = re.fullmatch(r"results/quick-([0-9a-f]{16})\.h5", stored)
    assert named
    assert f"stored in {stored} (" in out
    with h5py.File(ohmlab.folder / stored) as file:
        assert file.attrs["id"] == named[1]
        assert file.attrs["format"] == "ohmlab result"
        assert file.attrs["schema"] == 3


def test_the_table_on_standard_output_shows_what_is_stored(ohmlab: Ohmlab, quick: str) -> None:
    lines = ohmlab("run", quick, "--out", "x.h5", "--full").out.split("\nstored in ")[0].splitlines()
    with h5py.File(ohmlab.folder / "x.h5") as file:
        quality = {name: float(value[()]) for name, value in file["quality"].items()}
    shown = {line.split()[0]: float(line.split()[1]) for line in lines}
    assert shown == pytest.approx(quality, rel=1e-5)


def test_out_names_the_file_and_makes_its_folder(ohmlab: Ohmlab, quick: str) -> None:
    ohmlab("run", quick, "--out", "deep/down/mine.h5")
    assert ohmlab.files() == {quick, "deep/down/mine.h5"}


def test_a_set_key_is_stored_obeyed_and_part_of_the_id(ohmlab: Ohmlab, quick: str) -> None:
    plain = identity(ohmlab, quick)
    ohmlab("run", quick, "--set", "training.epochs=2", "--set", "rule.kind=cd", "--out", "two.h5")
    with h5py.File(ohmlab.folder / "two.h5") as file:
        config = file["config"][()].decode()
        assert file["metrics/epoch"][()].tolist() == [0, 1, 2]
        assert file.attrs["id"] != plain
    assert "training.epochs = 2\n" in config
    assert 'rule.kind = "cd"\n' in config
    assert "rule.chains =" not in config


def test_a_default_that_is_spelled_out_does_not_change_the_id(ohmlab: Ohmlab, quick: str) -> None:
    assert identity(ohmlab, quick) == identity(ohmlab, quick, "--set", "model.weight_std=1 %")


def test_show_prints_a_config_that_runs_to_the_same_id(ohmlab: Ohmlab, quick: str) -> None:
    shown = ohmlab("run", quick, "--show", "--set", "training.rate=20 %")
    assert shown.err == ""
    assert ohmlab.files() == {quick}
    (ohmlab.folder / "shown.toml").write_text(shown.out)
    assert ohmlab("run", "shown.toml", "--show").out == shown.out
    assert identity(ohmlab, "shown.toml") == identity(ohmlab, quick, "--set", "training.rate=0.2")


def test_json_names_the_file_the_id_and_every_quality(ohmlab: Ohmlab, quick: str) -> None:
    said = json.loads(ohmlab("run", quick, "--json").out)
    assert list(said) == ["file", "id", "quality", "warnings", "prices", "bills"]
    accelerators = ["gpu", "gpu_spec", "ideal_7nm", "tpu_v4"]
    assert [bill["place"] for bill in said["bills"]] == [*accelerators, "dcim_28", "edge_28", *accelerators]
    assert said["prices"]["file"].endswith("configs/prices/default.toml")
    assert said["file"] == f"results/quick-{said['id']}.h5"
    with h5py.File(ohmlab.folder / said["file"]) as file:
        assert said["quality"] == {name: float(value[()]) for name, value in file["quality"].items()}


def test_progress_goes_to_standard_error_alone(ohmlab: Ohmlab, quick: str) -> None:
    outcome = ohmlab("run", quick, "--json")
    assert json.loads(outcome.out)
    lines = outcome.err.splitlines()
    assert len(lines) == 4
    assert all(re.match(r"training \d/4, \d+ s left  test_log_likelihood -\d", line) for line in lines)
    assert "\r" not in outcome.err
    assert "\x1b" not in outcome.err


def test_a_second_run_says_that_the_result_is_there_and_leaves_it_alone(ohmlab: Ohmlab, quick: str) -> None:
    first = json.loads(ohmlab("run", quick, "--json").out)
    path = ohmlab.folder / first["file"]
    before = (path.stat(), path.read_bytes())
    again = ohmlab("run", quick)
    assert f"already finished: {first['file']} (" in again.out
    assert again.err == ""
    assert json.loads(ohmlab("run", quick, "--json").out) == first
    assert path.read_bytes() == before[1]
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before[0].st_mtime_ns, before[0].st_ino)


def test_force_runs_again_and_finds_the_same(ohmlab: Ohmlab, quick: str) -> None:
    ohmlab("run", quick, "--out", "x.h5")
    path = ohmlab.folder / "x.h5"
    before, inode = contents(path), path.stat().st_ino
    assert "stored in x.h5 (" in ohmlab("run", quick, "--out", "x.h5", "--force").out
    assert path.stat().st_ino != inode
    assert contents(path) == before
    assert ohmlab.files() == {quick, "x.h5"}


def test_another_run_replaces_a_file_by_force_only(ohmlab: Ohmlab, quick: str) -> None:
    ohmlab("run", quick, "--out", "x.h5")
    before = (ohmlab.folder / "x.h5").read_bytes()
    refused = ohmlab.any("run", quick, "--out", "x.h5", "--set", "seed=4")
    assert refused.code == 2
    assert re.fullmatch(r"ohmlab: x\.h5: expected no file, or run \w{16}, found run \w{16} \(--force replaces it\)\n", refused.err)
    assert (ohmlab.folder / "x.h5").read_bytes() == before
    assert "stored in x.h5 (" in ohmlab("run", quick, "--out", "x.h5", "--set", "seed=4", "--force").out


def test_the_bill_follows_the_result(ohmlab: Ohmlab, quick: str) -> None:
    shown = ohmlab("run", quick, "--out", "x.h5", "--full").out
    assert shown.split("threads)\n")[1] == ohmlab("price", "x.h5", "--full").out.split("\n", 1)[1]


def test_the_screen_after_a_run_is_short_and_says_what_was_learned_and_who_is_cheaper(
    ohmlab: Ohmlab, quick: str
) -> None:
    sets = ("--set", "array.kind=analog", "--set", "array.device.base=devices/gokmen_vlasov")
    out = ohmlab("run", quick, *sets, "--out", "x.h5").out
    lines = out.splitlines()
    assert len(lines) <= 25 and max(map(len, lines)) <= 100
    assert lines[0] == "After epoch 4:"
    with h5py.File(ohmlab.folder / "x.h5") as file:
        learned = file["metrics/test_log_likelihood"]
        assert f"{learned.attrs['long_name']}: {learned[-1]:.4g} nat, {learned[0]:.4g} at epoch 0" in out
    assert lines[-1].startswith("stored in x.h5 (")
    (bills,) = json.loads(ohmlab("price", "x.h5", "--json").out).values()
    best = bills[0]["cheapest_digital"]
    trained = [row for row in bills[1:] if row["algorithm"] == "rbm" and not row["bound"]]
    cheapest = min(trained, key=lambda row: row["energy_node_J"]["nominal"])
    assert (best["system"], best["place"]) == (cheapest["system"], cheapest["place"])
    for boundary in ("core", "node"):
        ratio = cheapest[f"energy_{boundary}_J"]["nominal"] / bills[0][f"energy_{boundary}_J"]["nominal"]
        assert best[f"energy_{boundary}_ratio"]["nominal"] == pytest.approx(ratio, rel=1e-12)
        word = "behind" if ratio < 1 else "ahead"
        said = next(line for line in lines if line.startswith(f"  joules at the {boundary}"))
        assert f"{max(ratio, 1 / ratio):.3g} [" in said
        assert re.search("LOSES|behind" if word == "behind" else "WINS|ahead by", said)


LOSSY = ("array.kind=analog", "array.device.g_min=1 mS", "array.device.g_max=2 mS")


def test_warnings_stand_above_the_bill(ohmlab: Ohmlab, quick: str) -> None:
    sets = [argument for key in LOSSY for argument in ("--set", key)]
    out = ohmlab("run", quick, *sets, "--full").out
    assert out.index("stored in ") < out.index("WARNING: wires would lose ") < out.index("Training bill:")
    short = ohmlab("run", quick, *sets).out
    assert short.index("WARNING: wires would lose ") < short.index("Training bill by")
    said = json.loads(ohmlab("run", quick, *sets, "--json").out)["warnings"]
    assert [warning["figure"] for warning in said][:1] == ["ir_drop_estimate"]
    assert f"WARNING: {said[0]['text']} (ir_drop_estimate)\n" in out


def test_force_replaces_a_broken_file_in_the_results_place(ohmlab: Ohmlab, quick: str) -> None:
    (ohmlab.folder / "x.h5").write_text("no result")
    assert ohmlab.any("run", quick, "--out", "x.h5").code == 2
    assert (ohmlab.folder / "x.h5").read_text() == "no result"
    ohmlab("run", quick, "--out", "x.h5", "--force")
    assert contents(ohmlab.folder / "x.h5")


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(["data.size=3", "model.hidden=12", "training.batch=16"], id="exact_evaluation"),
        pytest.param(["data.size=8", "model.hidden=70", "training.batch=100"], id="large_enough_for_threads"),
    ],
)
def test_one_two_and_four_threads_give_the_same_bytes(ohmlab: Ohmlab, quick: str, size: list[str]) -> None:
    sets = [argument for key in size for argument in ("--set", key)]
    found = []
    for threads in ("1", "2", "4"):
        ohmlab("run", quick, *sets, "--threads", threads, "--out", f"{threads}.h5")
        with h5py.File(ohmlab.folder / f"{threads}.h5") as file:
            assert file["run"].attrs["threads"] == int(threads)
        found.append(contents(ohmlab.folder / f"{threads}.h5"))
    assert found[0] == found[1] == found[2]


def test_another_seed_gives_other_bytes(ohmlab: Ohmlab, quick: str, result: Path) -> None:
    ohmlab("run", quick, "--set", "seed=4", "--out", "other.h5")
    other, found = contents(ohmlab.folder / "other.h5"), contents(result)
    assert other.keys() == found.keys()
    different = {name for name in found if found[name] != other[name]}
    assert {"@id", "config", "model/weights", "quality/log_z", "metrics/log_z"} <= different
    assert not [name for name in different if name.startswith(("tally", "systems", "holdings"))]


def test_volatile_facts_are_attributes_of_run_and_nowhere_else(result: Path) -> None:
    with h5py.File(result) as file:
        assert set(file["run"].attrs) == RUN_FACTS
        assert list(file["run"]) == []
        facts = {str(file["run"].attrs[name]) for name in RUN_FACTS - {"threads"}}
    rest = repr(contents(result))
    assert not [fact for fact in facts if fact in rest]


def test_no_object_carries_a_time(result: Path) -> None:
    with h5py.File(result) as file:
        times: list[int] = []
        file.visititems(lambda _, item: times.append(h5py.h5o.get_info(item.id).mtime))
    assert not any(times)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ([], ["Usage: ohmlab ", "run", "price", "describe"]),
        (["run"], ["ohmlab run", "--set", "--out", "--threads", "--force", "--show", "--json"]),
        (["price"], ["ohmlab price", "--prices", "--assume", "--draws", "--json"]),
        (["describe"], ["ohmlab describe", "--json", "--markdown"]),
    ],
    ids=lambda value: value[0] if value and isinstance(value, list) else "",
)
def test_help_names_every_command_and_option(ohmlab: Ohmlab, command: list[str], words: list[str]) -> None:
    outcome = ohmlab(*command, "--help")
    assert [word for word in words if word not in outcome.out] == []
    assert outcome.err == ""


def test_a_config_that_is_not_there_is_the_worlds_fault(ohmlab: Ohmlab) -> None:
    outcome = ohmlab.any("run", "none.toml")
    assert outcome.code == 1
    assert outcome.err == "ohmlab: none.toml: cannot read this config file: No such file or directory\n"


def test_a_place_that_cannot_be_written_is_found_before_the_work(ohmlab: Ohmlab, quick: str) -> None:
    outcome = ohmlab.any("run", quick, "--out", f"{quick}/below/x.h5")
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err == f"ohmlab: {quick}/below: folder cannot be made: Not a directory\n"
    assert ohmlab.files() == {quick}


def test_a_name_that_cannot_be_written_leaves_no_part(ohmlab: Ohmlab, quick: str) -> None:
    name = "x" * 252 + ".h5"
    outcome = ohmlab.any("run", quick, "--out", name)
    assert outcome.code == 1
    assert outcome.err == f"ohmlab: {name}.lock: cannot be made: File name too long\n"
    assert ohmlab.files() == {quick}


def test_a_full_standard_output_is_reported(ohmlab: Ohmlab, quick: str) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [ohmlab.program, "run", quick, "--show"],
            cwd=ohmlab.folder,
            env=ohmlab.environment,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 1
    assert done.stderr == b"ohmlab: standard output: cannot be written: No space left on device\n"


def test_a_run_killed_while_it_trains_leaves_no_result(ohmlab: Ohmlab, quick: str) -> None:
    running = ohmlab.start("run", quick, *ENDLESS, "--checkpoint", "0")
    wait_until(lambda: list((ohmlab.folder / "results").glob("*.state")), running)
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=HANG)
    assert not any(name.endswith(".h5") for name in ohmlab.files())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("rum", 'no command "rum", did you mean "run"?; there are: '),
        ("frobnicate", 'no command "frobnicate"; there are: '),
    ],
)
def test_an_unknown_command_is_the_users_mistake(ohmlab: Ohmlab, given: str, message: str) -> None:
    outcome = ohmlab.any(given, "quick.toml")
    assert (outcome.code, outcome.out) == (2, "")
    assert re.fullmatch(re.escape(f"ohmlab: {message}") + r"(\w+, )+\w+\n", outcome.err)


def test_a_preset_is_run_by_its_name_and_the_file_is_named(ohmlab: Ohmlab) -> None:
    outcome = ohmlab("run", "experiments/rbm_digits", "--show")
    assert outcome.err.startswith("ohmlab: experiments/rbm_digits: read from /")
    assert outcome.err.endswith("share/ohmlab/configs/experiments/rbm_digits.toml\n")
    assert 'kind = "train"\n' in outcome.out


def test_a_base_of_a_base_in_the_current_folder(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "far").mkdir()
    (ohmlab.folder / "far/e.toml").write_text('base = "./mine.toml"\nseed = 5\n')
    (ohmlab.folder / "mine.toml").write_text('base = "ours"\nseed = 4\ntraining = {epochs = 2}\n')
    (ohmlab.folder / "ours.toml").write_text('kind = "train"\ndata = {kind = "bars_and_stripes", size = 3}\nseed = 3\n')
    shown = ohmlab("run", "far/e.toml", "--show").out
    assert "seed = 5\n" in shown
    assert "training.epochs = 2\n" in shown


def test_a_bare_number_that_nobody_means_is_doubted_before_the_result(ohmlab: Ohmlab, quick: str) -> None:
    device = ["--set", "array.kind=analog", "--set", "array.device.g_min=1.6", "--set", "array.device.g_max=1.7"]
    outcome = ohmlab("run", quick, *device, "--out", "x.h5")
    doubts = [line for line in outcome.err.splitlines() if line.startswith("ohmlab: --set")]
    assert doubts == [
        f"ohmlab: --set: array.device.{name}: a number without unit is in S, usual are 1e-09 to 0.01; "
        f'write "{value} S" if it is meant'
        for name, value in (("g_min = 1.6", "1.6"), ("g_max = 1.7", "1.7"))
    ]
    meant = [word.replace("1.6", "1.6 S").replace("1.7", "1.7 S") for word in device]
    assert "usual" not in ohmlab("run", quick, *meant, "--out", "y.h5").err


def test_a_new_folder_is_said(ohmlab: Ohmlab, quick: str) -> None:
    assert ohmlab("run", quick, "--out", "typo/x.h5").err.splitlines()[0] == "ohmlab: typo: a new folder"
    assert "a new folder" not in ohmlab("run", quick, "--out", "typo/y.h5").err


def test_tables_that_are_set_go_over_the_config_key_by_key(ohmlab: Ohmlab, quick: str) -> None:
    one = ohmlab("run", quick, "--show", "--set", "training={epochs = 9}").out
    assert one == ohmlab("run", quick, "--show", "--set", "training.epochs=9").out


def test_no_shipped_experiment_is_doubted(ohmlab: Ohmlab) -> None:
    names = sorted(path.stem for path in (Path(__file__).parents[2] / "configs/experiments").glob("*.toml"))
    assert len(names) > 10
    for name in names:
        said = ohmlab.any("run", f"experiments/{name}", "--show").err
        assert "a number without unit" not in said, said
