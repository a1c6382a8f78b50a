#!/usr/bin/env python3
"""Prints which share of training's instructions is spent on counting for the bill. Goal: less than 2 %.

    bench/tally_overhead.py PATH/TO/tally_overhead PATH/TO/step_overhead

Counted by callgrind on one thread: everything in and below functions of the room `cost`, and what a transformer adds up
in transformer/work.hpp before it posts. Needs a build for CPUs
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
DECODERS = [(1, 16, 16, 8, 20), (2, 64, 64, 32, 2)]  # blocks, width, context, sequences, steps
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


def is_counting(line: str) -> bool:
    function = line.split("(")[0]
    return "ohmlab::cost::" in function or "ohmlab::transformer::Meter::" in function


def read(lines: list[str]) -> tuple[int, int]:
    """Sums what functions of the room spend themselves and what they spend in calls to others."""
    counted = total = 0
    ours = called_ours = is_call = here = False
    for line in lines:
        if line.startswith("fn="):
            ours = is_counting(line)
        elif re.match("f[lie]=", line):  # source file of inlined code
            here = line.endswith("transformer/work.hpp")
        elif line.startswith("cfn="):
            called_ours = is_counting(line)
        elif line.startswith("calls="):
            is_call = True
        elif re.match(r"[0-9+*-]", line):
            instructions = int(line.split()[1])
            if is_call:
                if (ours or here) and not called_ours:
                    counted += instructions
            else:
                total += instructions
                if ours or here:
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
    for shape in DECODERS:
        counted, total = share(sys.argv[2], shape)
        failed |= counted / total >= GOAL
        print(f"  decoder {shape[0]} x {shape[1]:3}, {shape[3]:2} sequences of {shape[2]:3}, {shape[4]:2} steps: "
              f"{counted:12,} of {total:15,} = {counted / total:.3%}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
