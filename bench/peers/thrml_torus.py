#!/usr/bin/env python3
"""Times block Gibbs sampling of an Ising torus here and in THRML, in turns, and prints one table.

    bench/peers/thrml_torus.py PATH/TO/torus_bench PATH/TO/PEER/bin/python [--turns N] [--sides 512 1024]

One chain on a torus of side x side spins with equal couplings, both colours drawn in each sweep. PEER is a virtual
environment with `pip install thrml` (JAX on the processor, which takes all its threads). THRML's time is that of the second
call, without compilation. Each turn is a process of its own; the fastest of all turns counts. Goals: one flip a nanosecond
on two threads, and ten times THRML.
"""

import argparse
import json
import os
import subprocess

THRML = """
import json, sys, time
import jax, jax.numpy as jnp
from thrml import Block, SamplingSchedule, SpinNode, sample_states
from thrml.models import IsingEBM, IsingSamplingProgram, hinton_init
side, sweeps = int(sys.argv[1]), 20
nodes = [[SpinNode() for _ in range(side)] for _ in range(side)]
edges = [(nodes[r][c], nodes[r][(c + 1) % side]) for r in range(side) for c in range(side)]
edges += [(nodes[r][c], nodes[(r + 1) % side][c]) for r in range(side) for c in range(side)]
every = [node for row in nodes for node in row]
model = IsingEBM(every, edges, jnp.zeros(side * side), 0.4 * jnp.ones(len(edges)), jnp.array(1.0))
blocks = [Block([nodes[r][c] for r in range(side) for c in range(side) if (r + c) % 2 == k]) for k in (0, 1)]
program = IsingSamplingProgram(model, blocks, clamped_blocks=[])
schedule = SamplingSchedule(n_warmup=sweeps - 1, n_samples=1, steps_per_sample=1)
key = jax.random.key(0)
start = hinton_init(key, model, blocks, ())
run = jax.jit(lambda k: sample_states(k, program, schedule, start, [], [blocks[0]]))
jax.block_until_ready(run(jax.random.key(1)))
wall, cpu = time.perf_counter(), time.process_time()
jax.block_until_ready(run(jax.random.key(2)))
flips = sweeps * side * side
print(json.dumps([flips / (time.perf_counter() - wall), flips / (time.process_time() - cpu)]))
"""


def run(command: list[str]) -> str:
    return subprocess.run(command, env=os.environ, check=True, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL).stdout


def thrml(python: str, side: int) -> tuple[float, float]:
    wall, cpu = json.loads(run([python, "-c", THRML, str(side)]).splitlines()[-1])
    return wall, cpu


def here(program: str, side: int) -> dict[str, tuple[float, float]]:
    said = json.loads(run([program, "--benchmark_format=json", f"--benchmark_filter=side:{side}/"]))
    out = {}
    for one in said["benchmarks"]:
        kernel, _, threads, *_ = one["name"].split("/")
        rate = one["flips_per_s"]
        out[f"{kernel}, {threads.split(':')[1]} threads"] = (rate, rate * one["real_time"] / one["cpu_time"])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("python")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--sides", type=int, nargs="+", default=[512, 1024])
    arguments = parser.parse_args()
    for side in arguments.sides:
        best: dict[str, list[float]] = {}
        for _ in range(arguments.turns):
            rates = {**here(arguments.program, side), "THRML": thrml(arguments.python, side)}
            for name, pair in rates.items():
                best[name] = [max(both) for both in zip(pair, best.get(name, [0, 0]), strict=True)]
        print(f"{side} x {side:<16}{'M flips/s':>12}{'M flips/CPU-s':>16}{'of THRML':>10}")
        for name, (wall, cpu) in best.items():
            print(f"{name:22}{wall / 1e6:12.1f}{cpu / 1e6:16.1f}{wall / best['THRML'][0]:9.1f}x")


if __name__ == "__main__":
    main()
