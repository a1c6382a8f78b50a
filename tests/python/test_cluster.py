"""Sweeps on a Dask cluster: two worker processes on this machine, some of which are killed."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import ohmlab
import pytest
from conftest import HANG, quick
from sealed import SEAL_BYTES

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

RATES = {"sweep": {"axes": [{"key": "training.rate", "values": [0.01, 0.1, 0.5]}]}}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Any]:
    with start(tmp_path) as cluster, distributed.Client(cluster, timeout=HANG) as client:
        yield client


def start(folder: Path, threads: int = 1, **settings: Any) -> Any:
    # Processes of two workers start slowly on a busy machine; these limits are there against hangs.
    waits = {"connect": "600s", "tcp": "600s"}
    with dask.config.set({"distributed.comm.timeouts": waits, "distributed.nanny.pre-spawn-environ": {}, **settings}):
        return distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=threads,
            dashboard_address=None,
            local_directory=str(folder / "workers"),
            silence_logs=50,
        )


def kill_a_worker(client: Any, draw: random.Random) -> None:
    """As a machine that goes away: nothing is stored, no lock is given back by hand."""
    workers = client.run(os.getpid, on_error="ignore")
    os.kill(draw.choice(sorted(workers.values())), signal.SIGKILL)


def files(folder: str) -> dict[str, bytes]:
    """The bytes of a sweep's files; without when a point ran and for how long, which its first line sums up."""
    found = {}
    for file in sorted(Path(folder).iterdir()):
        content = file.read_bytes()
        if file.name != "index.h5":
            with h5py.File(file, "r+") as stored:
                facts = stored["run"].attrs
                started = facts["started"].encode()
                facts.modify("seconds", 0.0)
            content = file.read_bytes()[SEAL_BYTES:]
            assert content.count(started) == 1
            content = content.replace(started, bytes(len(started)))
        found[file.name] = content
    return found


def test_200_points_on_two_workers_that_are_killed_are_the_files_of_a_sweep_alone(client: Any) -> None:
    axes = {"axes": [{"key": "training.rate", "values": [0.01, 0.03, 0.1, 0.3]}], "repeats": 50}
    config = quick() | {"sweep": axes}
    alone = ohmlab.sweep(config, out="alone", threads=1)
    draw, killed = random.Random(1), []

    def kill(work: str, done: int, steps: int, note: str) -> None:
        if done in (15, 60, 110, 150):
            kill_a_worker(client, draw)
            killed.append(done)

    outcome = ohmlab.sweep(config, out="cluster", client=client, progress=kill)
    assert len(killed) == 4
    assert (outcome.done, outcome.failed, outcome.open) == (200, 0, 0)
    assert outcome.id == alone.id
    assert files("cluster") == files("alone")


def test_a_point_that_loses_its_workers_stays_open_with_a_warning(tmp_path: Path) -> None:
    with (
        start(tmp_path, **{"distributed.scheduler.allowed-failures": 0}) as cluster,
        distributed.Client(cluster, timeout=HANG) as client,
    ):
        killer = Killer(client)
        with pytest.warns(RuntimeWarning, match="left open, 1 workers? died at work on it"):
            outcome = ohmlab.sweep(
                quick() | {"sweep": {"axes": [{"key": "training.epochs", "values": [4, 10**6]}]}},
                set={"rule.steps": 100, "evaluation.every": 0},
                out="sweep",
                client=client,
                progress=killer,
            )
    assert (outcome.done, outcome.failed, outcome.open) == (1, 0, 1)
    assert not Path("sweep/index.h5").exists()


class Killer:
    """Kills the worker of the point that goes on for ever, once the other one is done."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __call__(self, work: str, done: int, steps: int, note: str) -> None:
        if done != 1:
            return
        busy = [address for address, tasks in self.client.processing().items() if tasks]
        pids = self.client.run(os.getpid, workers=busy)
        for pid in pids.values():
            os.kill(pid, signal.SIGKILL)


def test_a_stop_stores_the_states_and_another_cluster_goes_on(client: Any) -> None:
    config = quick() | {"sweep": {"axes": [{"key": "training.epochs", "values": [4, 10**6]}]}}

    def interrupt(work: str, done: int, steps: int, note: str) -> None:
        if done == 1:
            while not list(Path("sweep").glob("*.lock")):  # until the other point is at work
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ohmlab.sweep(
            config, set={"rule.steps": 100, "evaluation.every": 0}, out="sweep", client=client, progress=interrupt
        )
    assert len(list(Path("sweep").glob("*.h5"))) == 1
    assert len(list(Path("sweep").glob("*.state"))) == 1
    assert not list(Path("sweep").glob("*.lock"))


def test_a_point_that_fails_warns_here_and_the_others_go_on(client: Any) -> None:
    victim = ohmlab.sweep(quick() | RATES, out="alone").points[0]["id"]
    Path("sweep").mkdir()
    (Path("sweep") / f"{victim}.h5.part").mkdir()
    with pytest.warns(RuntimeWarning, match=f"{victim}.error.txt"):
        outcome = ohmlab.sweep(quick() | RATES, out="sweep", client=client)
    assert (outcome.done, outcome.failed, outcome.open) == (2, 1, 0)


def test_a_worker_of_three_threads_runs_three_points_at_once_with_the_same_bytes(tmp_path: Path) -> None:
    ohmlab.sweep(quick() | RATES, out="alone", threads=1)
    with start(tmp_path, threads=3) as cluster, distributed.Client(cluster, timeout=HANG) as client:
        ohmlab.sweep(quick() | RATES, out="cluster", client=client)
    assert files("cluster") == files("alone")


def test_mistakes_are_named(client: Any) -> None:
    with pytest.raises(ohmlab.UserError, match="^argument jobs: 2: expected 1, since the cluster has workers"):
        ohmlab.sweep(quick() | RATES, out="sweep", client=client, jobs=2)
    with pytest.raises(ohmlab.UserError, match="training.epoch: unknown key"):
        ohmlab.sweep(quick() | RATES, out="sweep", client=client, set={"training.epoch": 3})
    assert not list(Path().rglob("*.h5"))


def test_a_worker_of_another_build_is_refused(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ohmlab._core, "build", lambda: "0.0.1, commit other, g++")
    with pytest.raises(RuntimeError, match="this worker has ohmlab .*, the sweep has 0.0.1, commit other"):
        ohmlab.sweep(quick() | RATES, out="sweep", client=client)
