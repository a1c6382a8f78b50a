#!/usr/bin/env python3
"""Solves the same tiles with wires here and in badcrossbar, in turns, and prints one table.

    bench/peers/badcrossbar.py PATH/TO/wires_peer PATH/TO/PEER/bin/python [--turns N]

256 x 256 cells with one input, at an error bound of 1e-9 of the currents, and 128 x 128 cells with 128 inputs.
Conductances log-uniform from 1 to 100 uS, 1 ohm a piece of line, inputs uniform from 0 to 0.2 V. Each turn draws new ones.
PEER is a virtual environment with `pip install badcrossbar`, which needs the Debian packages libcairo2-dev and pkg-config.
It is asked for outputs alone, without node voltages and currents of branches. One thread each. Here the fastest of five
solutions counts, there the second of two. Goals: 800 times badcrossbar, and 110 times. The currents must agree.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import tempfile
from array import array
from pathlib import Path

BADCROSSBAR = """
import json, sys, time
import numpy as np
import badcrossbar
data = np.fromfile(sys.argv[1])
rows, cols, inputs = (int(v) for v in data[:3])
g, volts = data[5:5 + rows * cols].reshape(rows, cols), data[5 + rows * cols:].reshape(inputs, rows)
for _ in range(2):
    wall, processor = time.perf_counter(), time.process_time()
    found = badcrossbar.compute(volts.T, 1 / g, r_i=data[3], node_voltages=False, all_currents=False)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
np.ascontiguousarray(found.currents.output).tofile(sys.argv[2])
print(json.dumps([wall, processor]))
"""
WORKS = {"256 x 256, one input": (256, 1, 800), "128 x 128, 128 inputs": (128, 128, 110)}
ERROR = 1e-9


def run(command: list[str]) -> list[float]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def numbers(file: Path) -> array:
    out = array("d")
    out.frombytes(file.read_bytes())
    return out


def turn(program: str, python: str, size: int, inputs: int, seed: int) -> tuple[list[float], list[float], float]:
    """Seconds here and there, and the largest difference of an output, as a share of it."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        given, ours, theirs = (Path(name) / file for file in ("given", "ours", "theirs"))
        cells = [1e-6 * 100 ** draw.random() for _ in range(size * size)]
        volts = [0.2 * draw.random() for _ in range(inputs * size)]
        given.write_bytes(array("d", [size, size, inputs, 1.0, ERROR, *cells, *volts]).tobytes())
        here = run([program, str(given), str(ours), "5"])
        there = run([python, "-c", BADCROSSBAR, str(given), str(theirs)])
        apart = max(abs(a - b) / abs(b) for a, b in zip(numbers(ours), numbers(theirs), strict=True))
    return here, there, apart


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("python")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{'':24}{'ohmlab':>10}{'badcrossbar':>13}{'ratio of CPU times':>27}{'wall':>7}{'goal':>6}{'bound':>9}{'apart':>9}")
    print(f"{'':24}{'CPU ms':>10}{'CPU ms':>13}{'median':>9}{'least':>9}{'most':>9}")
    for name, (size, inputs, goal) in WORKS.items():
        turns = [turn(arguments.program, arguments.python, size, inputs, seed) for seed in range(arguments.turns)]
        ratios = sorted(there[1] / here[1] for here, there, _ in turns)
        wall = statistics.median(there[0] / here[0] for here, there, _ in turns)
        ours, theirs = (1e3 * statistics.median(one[side][1] for one in turns) for side in (0, 1))
        bound, apart = max(here[2] for here, _, _ in turns), max(apart for _, _, apart in turns)
        print(f"{name:24}{ours:10.2f}{theirs:13.0f}{statistics.median(ratios):8.0f}x{ratios[0]:8.0f}x{ratios[-1]:8.0f}x"
              f"{wall:6.0f}x{goal:5d}x{bound:9.1e}{apart:9.1e}", flush=True)
        if apart > 1e-9:
            raise SystemExit(f"{name}: the currents do not agree")


if __name__ == "__main__":
    main()
