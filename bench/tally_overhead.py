#!/usr/bin/env python3
"""Prints which share of training's instructions is spent on counting for the bill. Goal: less than 2 %.

    bench/tally_overhead.py PATH/TO/tally_overhead

Counted by callgrind on one thread: everything in and below functions of the room `cost`. Needs a build for CPUs
without AVX-512 (preset `portable`), which valgrind does not know. What the array dissipates is physics, which the room
`crossbar` works out, and not part of the counting.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = [(64, 16, 20, 20), (784, 256, 100, 2)]  # visible, hidden, batch, steps
GOAL = 0.02


def share(program: str, size: tuple[int, ...]) -> tuple[int, int]:
    """Instructions spent on counting, and all."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--compress-strings=no",
                   "--compress-pos=no", "--toggle-collect=ohmlab_counted_steps", program, *map(str, size)]
        done = subprocess.run(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"valgrind could not run {program}:\n{done.stderr}")
        return read(out.read_text().splitlines())


def read(lines: list[str]) -> tuple[int, int]:
    """Sums what functions of the room spend themselves and what they spend in calls to others."""
    counted = total = 0
    ours = called_ours = is_call = False
    for line in lines:
        if line.startswith("fn="):
            ours = "ohmlab::cost::" in line.split("(")[0]
        elif line.startswith("cfn="):
            called_ours = "ohmlab::cost::" in line.split("(")[0]
        elif line.startswith("calls="):
            is_call = True
        elif re.match(r"[0-9+*-]", line):
            instructions = int(line.split()[1])
            if is_call:
                if ours and not called_ours:
                    counted += instructions
            else:
                total += instructions
                if ours:
                    counted += instructions
            is_call = False
    return counted, total


def main() -> int:
    if shutil.which("valgrind") is None:
        print("tally overhead: skipped, valgrind is not installed")
        return 0
    print("Share of training's instructions spent on counting (goal: below 2 %)")
    failed = False
    for size in SIZES:
        counted, total = share(sys.argv[1], size)
        failed |= counted / total >= GOAL
        print(f"  {size[0]:4} x {size[1]:3} cells, batch {size[2]:3}, {size[3]:2} steps: "
              f"{counted:12,} of {total:15,} = {counted / total:.3%}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
