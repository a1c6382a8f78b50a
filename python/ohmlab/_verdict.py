"""The verdict on a device."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ohmlab import _core
from ohmlab._sweep import _WORKER

__all__ = ["verdict"]


def verdict(
    device: str | os.PathLike[str],
    task: str = "digits",
    *,
    out: str | os.PathLike[str],
    set: Mapping[str, Any] | None = None,
    jobs: int = 0,
    threads: int = 1,
    prices: str = "default",
    progress: Callable[[str, int, int, str], None] | None = None,
) -> _core.Verdict:
    """Does analog training with `device` beat digital training at equal quality? As the command `ohmlab verdict`.

    `device` is a file or a preset, `out` the folder of the runs and of `verdict.h5`. An interrupted verdict goes on
    when it is called again. `jobs` processes work at once; 0 is one for each core. `str` of the answer is the screen.

        answer = ohmlab.verdict("devices/gokmen_vlasov", out="verdict")
        answer.compared.cheapest("node").against["node"].ahead
    """
    command = [sys.executable, "-c", _WORKER, str(Path(__file__).parents[1])]
    return _core.verdict(
        device,
        task=task,
        out=out,
        set=set or {},
        jobs=jobs,
        threads=threads,
        prices=prices,
        progress=progress,
        command=command,
    )
