"""Sweeps on a Dask cluster. Its scheduler hands out the points; their files go to a folder that all workers see."""

from __future__ import annotations

import time
import uuid
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from ohmlab import _core, _progress

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["sweep_on"]


def work(handover: bytes, build: str, stop: str) -> list[str] | None:
    """Runs one point in a worker. Returns what it said, or None if it was asked to stop and stored its state."""
    from distributed import Event

    if (ours := _core.build().split(", ")[:2]) != (theirs := build.split(", ")[:2]):
        raise RuntimeError(f"this worker has ohmlab {', '.join(ours)}, the sweep has {', '.join(theirs)}")
    return _core.work_on_point(handover, stop=Event(stop).is_set)


def is_done(sweep: _core.SweepWork, point: str) -> bool:
    """Whether a point's file has come into sight. A network file system may show it a minute late."""
    for _ in range(90):
        if not sweep.is_open(point):
            return True
        time.sleep(1)
    return False


def sweep_on(
    client: Client, sweep: _core.SweepWork, progress: Callable[[str, int, int, str], None] | None
) -> _core.SweepOutcome:
    """Runs the open points of a sweep on a cluster and waits for them.

    A point whose worker died is given to another worker and goes on from its last stored state. A point that lost
    more workers than the scheduler's `allowed-failures` stays open, with a warning.
    """
    from distributed import Event, KilledWorker, as_completed, wait

    tell = progress or _progress.default() or (lambda *_: None)
    name = f"ohmlab-stop-{uuid.uuid4().hex}"
    stop = Event(name, client=client)
    points = dict(sweep.handovers())
    tell("sweep", 0, len(points), "")
    futures = {
        client.submit(work, handover, _core.build(), name, key=f"ohmlab-{id}-{name}", pure=False): id
        for id, handover in points.items()
    }
    try:
        for done, future in enumerate(as_completed(futures), 1):
            try:
                lines = future.result() or []
            except KilledWorker as error:
                lines = [f"{futures[future]}: left open, {error.allowed_failures + 1} workers died at work on it"]
            for line in lines:
                warnings.warn(line, RuntimeWarning, stacklevel=3)
            if not lines and not is_done(sweep, futures[future]):
                raise RuntimeError(f"a worker ran {futures[future]}, but its file is not here: share the folder")
            tell("sweep", done, len(points), "")
    except BaseException:
        stop.set()  # points at work store their states, points that wait end at once
        wait(list(futures), timeout=600)
        raise
    finally:
        client.cancel(list(futures))
    return sweep.finish()
