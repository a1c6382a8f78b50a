"""`python -m ohmlab` is the command line."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from ohmlab import _core

__all__ = ["main", "program"]


def program() -> str | None:
    """The program `ohmlab` of this package: in its build tree, beside its Python, or on the PATH."""
    tree = Path(_core.__file__).resolve().parents[2] / "bin" / "ohmlab"
    beside = Path(sysconfig.get_path("scripts")) / "ohmlab"
    for path in (tree, beside):
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    return shutil.which("ohmlab")


def main() -> None:
    """Becomes the program, with the arguments of this process."""
    found = program()
    if found is None:
        sys.exit("ohmlab: the program is neither in the build tree nor beside Python nor on the PATH")
    os.execv(found, ["ohmlab", *sys.argv[1:]])


if __name__ == "__main__":
    main()
