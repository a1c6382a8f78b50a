"""Sweeps and their worker processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ohmlab import _core

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
) -> _core.SweepOutcome:
    """Runs every point of a sweep and gathers their figures in one cube, as the command `ohmlab sweep` does.

    `config` is a file, a preset or a dict with a table `sweep`; `set` holds dotted keys, set in every point.
    Results go to the folder `out`; finished points are kept unless `force`. `jobs` processes work at once.
    `shard=(i, n)` runs every n-th point from the i-th on. A failed point leaves its message in the folder and
    warns; the other points still run.

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
