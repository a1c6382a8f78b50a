"""Sweeps and their worker processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ohmlab import _core

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["sweep"]

_WORKER = "import sys; sys.path.insert(0, sys.argv[1]); from ohmlab import _sweep; _sweep.work()"


def sweep(
    config: str | os.PathLike[str] | Mapping[str, Any],
    *,
    out: str | os.PathLike[str],
    set: Mapping[str, Any] | None = None,
    jobs: int = 1,
    shard: tuple[int, int] = (1, 1),
    threads: int = 0,
    force: bool = False,
    progress: Callable[[str, int, int, str], None] | None = None,
    client: Client | None = None,
) -> _core.SweepOutcome:
    """Runs every point of a sweep and gathers their figures in one cube, as the command `ohmlab sweep` does.

    `config` is a file, a preset or a dict with a table `sweep`; `set` holds dotted keys, set in every point.
    Results go to the folder `out`; finished points are kept unless `force`. `jobs` processes work at once.
    `shard=(i, n)` runs every n-th point from the i-th on. A failed point leaves its message in the folder and
    warns; the other points still run.

    With a `client` of a Dask cluster its workers run the points, each on `threads` threads (0: one). They need the
    same ohmlab and must see `out` and all data under the same paths. A worker that dies costs the time since its
    point's last stored state; the bytes of the files stay the same.

    >>> import ohmlab
    >>> config = {"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
    ...           "model": {"kind": "rbm", "hidden": 2}, "training": {"epochs": 2},
    ...           "sweep": {"axes": [{"key": "training.rate", "values": [0.01, 0.1]}]}}
    >>> outcome = ohmlab.sweep(config, out=folder)
    >>> outcome.done, outcome.failed
    (2, 0)
    >>> ohmlab.results.load_sweep(folder)["test_log_likelihood"].sizes["rate"]
    2
    """
    if client is not None:
        if jobs != 1:
            raise _core.UserError(f"argument jobs: {jobs}: expected 1, since the cluster has workers of its own")
        from ohmlab import _cluster

        work = _core.prepare_sweep(
            config, out=out, set=set or {}, shard=shard, threads=threads or 1, force=force
        )
        return _cluster.sweep_on(client, work, progress)
    command = [sys.executable, "-c", _WORKER, str(Path(__file__).parents[1])]
    return _core.sweep(
        config,
        out=out,
        set=set or {},
        jobs=jobs,
        shard=shard,
        threads=threads,
        force=force,
        progress=progress,
        command=command,
    )


def work() -> None:
    """Works as one job of a sweep. It handles signals, since it has a process of its own."""

    def stop(number: int, frame: object) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    _core.work_as_job()
