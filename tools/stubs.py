#!/usr/bin/env python3
"""Compares python/ohmlab/_core.pyi with what the built module says of itself: tools/stubs.py [--fix].

The module is imported as `ohmlab._core`: put the build's `python` folder on PYTHONPATH.
"""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

KEPT = Path(__file__).parents[1] / "python/ohmlab/_core.pyi"


def generated() -> str:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pybind11_stubgen", "ohmlab._core", "-o", folder, "--exit-code"]
        subprocess.run(command, check=True)
        return (Path(folder) / "ohmlab/_core.pyi").read_text()


def main() -> int:
    said = generated()
    if "--fix" in sys.argv[1:]:
        KEPT.write_text(said)
        return 0
    kept = KEPT.read_text() if KEPT.exists() else ""
    if kept == said:
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(kept.splitlines(True), said.splitlines(True), str(KEPT), "generated")
    )
    print("The stubs are not what the module says of itself. Make them anew: tools/stubs.py --fix")
    return 1


if __name__ == "__main__":
    sys.exit(main())
