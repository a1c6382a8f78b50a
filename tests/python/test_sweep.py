import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import ohmlab
import pytest
from conftest import ENDLESS, quick

AXES = {
    "axes": [{"key": "training.rate", "values": [0.01, 0.1, 0.5]}, {"key": "model.hidden", "values": [2, 3]}]
}


def swept(**more: Any) -> dict[str, Any]:
    return quick() | {"sweep": AXES | more}


def test_a_sweep_is_the_cube_of_its_runs() -> None:
    outcome = ohmlab.sweep(swept(repeats=2), out="sweep")
    assert (outcome.done, outcome.failed, outcome.open) == (12, 0, 0)
    cube = ohmlab.results.load_sweep("sweep")
    assert dict(cube.sizes) == {"rate": 3, "hidden": 2, "repeat": 2}
    np.testing.assert_array_equal(cube["rate"], [0.01, 0.1, 0.5])
    one = ohmlab.run(quick(), set={"training.rate": 0.1, "model.hidden": 3, "seed": 4}, out="one.h5")
    at = cube["test_log_likelihood"].sel(rate=0.1, hidden=3).isel(repeat=1)
    assert float(at) == one.quality["test_log_likelihood"]
    assert one.id in {point["id"] for point in outcome.points}


def test_jobs_shards_and_the_program_fill_a_folder_with_the_same_bytes(program: Path) -> None:
    ohmlab.sweep(swept(), out="alone")
    ohmlab.sweep(swept(), out="jobs", jobs=2, threads=1)
    first = ohmlab.sweep(swept(), out="shards", shard=(1, 2))
    assert (first.done, first.open) == (3, 3)
    with pytest.raises(FileNotFoundError):
        ohmlab.results.load_sweep("shards")
    second = ohmlab.sweep(swept(), out="shards", shard=(2, 2))
    assert second.open == 0
    cubes = [(Path(folder) / "index.h5").read_bytes() for folder in ("alone", "jobs", "shards")]
    assert cubes[0] == cubes[1] == cubes[2]


def test_a_point_that_fails_is_nan_and_the_others_go_on() -> None:
    config = quick() | {"sweep": {"axes": [{"key": "training.rate", "values": [0.1, 0.2]}]}}
    good = ohmlab.sweep(config, out="sweep")
    victim = good.points[0]["id"]
    folder = Path("again")
    folder.mkdir()
    (folder / f"{victim}.h5.part").mkdir()
    with pytest.warns(RuntimeWarning, match=f"{victim}.error.txt"):
        outcome = ohmlab.sweep(config, out=folder)
    assert (outcome.done, outcome.failed) == (1, 1)
    cube = ohmlab.results.load_sweep(folder)["test_log_likelihood"]
    assert math.isnan(float(cube[0])) and float(cube[1]) < 0


def test_a_sweep_of_a_file_is_the_programs(program: Path) -> None:
    Path("quick.toml").write_text(
        'kind = "train"\nseed = 3\ndata = {kind = "bars_and_stripes", size = 3}\nmodel = {hidden = 4}\n'
        'training = {epochs = 2, batch = 4}\n[sweep]\naxes = [{key = "training.rate", values = [0.01, 0.1]}]\n'
    )
    said = subprocess.run(
        [program, "sweep", "quick.toml", "--out", "theirs", "--json"], capture_output=True, check=True
    )
    ours = ohmlab.sweep("quick.toml", out="ours")
    assert json.loads(said.stdout)["id"] == ours.id
    assert Path("theirs/index.h5").read_bytes() == Path("ours/index.h5").read_bytes()


def test_ctrl_c_stops_a_sweep_in_jobs_and_it_goes_on_later() -> None:
    over = threading.Event()

    def interrupt() -> None:
        while len(list(Path("sweep").glob("*.lock"))) < 2 and not over.is_set():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    killer = threading.Thread(target=interrupt)
    killer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            ohmlab.sweep(swept(), set=ENDLESS, out="sweep", jobs=2, threads=1)
    finally:
        over.set()
        killer.join()
    assert len(list(Path("sweep").glob("*.state"))) == 2
    assert not list(Path("sweep").glob("*.error.txt"))
    assert not Path("sweep/index.h5").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"jobs": 0}, "argument jobs: 0: expected 1 to 4096"),
        ({"shard": (3, 2)}, "argument shard: (3, 2): expected (i, n) with i from 1 to n"),
        ({"threads": -1}, "argument threads: -1: expected 0 to 1024"),
        ({"set": {"training.epoch": 3}}, "argument set: training.epoch: unknown key"),
    ],
)
def test_a_mistake_is_named_before_anything_runs(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ohmlab.UserError) as caught:
        ohmlab.sweep(swept(), out="sweep", **arguments)
    assert str(caught.value).startswith(message)
    assert not list(Path().rglob("*.h5"))


def test_run_and_sweep_send_a_config_to_each_other() -> None:
    with pytest.raises(ohmlab.UserError, match="^argument config: sweep: this is a sweep"):
        ohmlab.run(swept())
    with pytest.raises(ohmlab.UserError, match="sweep"):
        ohmlab.sweep(quick(), out="sweep")


def test_a_heat_map_says_the_best_mean_of_each_place_and_marks_what_is_refused() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import ohmlab.plot

    machines = [
        {"label": "grid", "set": {"model": {"kind": "graph", "lattice": "grid", "height": 3, "width": 3}}},
        {"label": "rbm", "set": {"model": {"kind": "rbm", "hidden": 3}}},
    ]
    axes = [
        {"name": "machine", "cases": machines},
        {"name": "rule", "zip": {"rule.kind": ["pcd", "pseudo_likelihood"]}},
        {"key": "training.rate", "values": [0.01, 0.2]},
    ]
    base = {key: value for key, value in quick().items() if key not in ("model", "rule")}
    outcome = ohmlab.sweep(base | {"sweep": {"axes": axes, "repeats": 2, "refused": "leave_out"}}, out="map")
    assert (outcome.done, outcome.refused) == (12, 4)
    cube = ohmlab.results.load_sweep("map")
    names = {"rows": "machine", "columns": "rule", "best_of": "rate", "largest": True}
    figure = ohmlab.plot.heat_map(cube, "test_log_likelihood", **names)
    shown = [text.get_text() for text in figure.axes[0].texts]
    means = cube["test_log_likelihood"].values.mean(axis=3).max(axis=2)
    assert [float(text) for text in shown[:3]] == pytest.approx(means.ravel()[:3], rel=0.05)
    assert len(set(shown[:3])) == 3  # digits enough to tell them apart
    assert shown[3] == "×"
    assert figure.axes[-1].get_ylabel().replace("\n", " ") == f"{cube['test_log_likelihood'].attrs['long_name']}, nat"
    panels = ohmlab.plot.heat_map(cube, "test_log_likelihood", rows="machine", columns="rule", panels="rate")
    assert [axis.get_title() for axis in panels.axes[:2]] == ["rate: 0.01", "rate: 0.2"]
    for wrong, message in (
        ({"best_of": "rat"}, 'no dimension "rat"'),
        ({"rows": "rate"}, 'no dimension "rate" is left'),
        ({"best_of": ""}, "dimensions left over: rate"),
    ):
        with pytest.raises(ValueError, match=message):
            ohmlab.plot.heat_map(cube, "test_log_likelihood", **(names | wrong))
    with pytest.raises(ValueError, match='no figure "quality"'):
        ohmlab.plot.heat_map(cube, "quality", **names)
    command = [sys.executable, "-m", "ohmlab.plot", "map", "--figure", "test_log_likelihood", "--rows", "machine"]
    command += ["--columns", "rule", "--panels", "rate"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "map.png\n"), done.stderr
    assert Path("map.png").stat().st_size > 1000
