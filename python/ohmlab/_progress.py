"""Progress of a run where nobody asked for it: one line of text in a notebook, silence elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

__all__ = ["Line", "default"]


class Line:
    """Writes progress on one line, which it writes again at most ten times a second."""

    def __init__(self) -> None:
        self._begun = self._shown = 0.0

    def __call__(self, work: str, done: int, steps: int, note: str) -> None:
        """Shows that `done` of `steps` steps of `work` are done, with the newest figure."""
        now = time.monotonic()
        if done == 0:
            self._begun = now
        last = done >= steps
        if not last and now - self._shown < 0.1:
            return
        self._shown = now
        left = "" if last or done == 0 else f", {(now - self._begun) / done * (steps - done):.0f} s left"
        figure = f", {note}" if note else ""
        text = f"{work} {done}/{steps}{figure}{left}"
        sys.stdout.write(f"\r{text:<78}" + ("\n" if last else ""))
        sys.stdout.flush()


def default() -> Callable[[str, int, int, str], None] | None:
    """A `Line` in the kernel of a notebook, else None. `progress=lambda *_: None` silences a run."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return Line() if shell is not None and hasattr(shell, "kernel") else None
