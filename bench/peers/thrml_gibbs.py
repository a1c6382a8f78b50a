#!/usr/bin/env python3
"""Times block Gibbs sampling of the same machine here and in THRML, in turns, and prints one table.

    bench/peers/thrml_gibbs.py PATH/TO/gibbs_bench PATH/TO/PEER/bin/python [--turns N]

A bipartite machine of 128 + 128 units, 1,024 chains, both layers drawn in each sweep. PEER is a virtual environment with
`pip install thrml` (JAX on the processor). THRML's time is that of the second call, without compilation. Each turn is a
process of its own; the fastest of all turns counts. Goal: ten times THRML.
"""

import argparse
import json
import os
import subprocess

THRML = """
import json, time
import jax, jax.numpy as jnp
from thrml import Block, SamplingSchedule, SpinNode, sample_states
from thrml.models import IsingEBM, IsingSamplingProgram, hinton_init
units, chains, sweeps = 128, 1024, 50
left, right = [SpinNode() for _ in range(units)], [SpinNode() for _ in range(units)]
edges = [(a, b) for a in left for b in right]
key = jax.random.key(0)
weights = 0.1 * jax.random.normal(key, (len(edges),))
model = IsingEBM(left + right, edges, jnp.zeros(2 * units), weights, jnp.array(1.0))
blocks = [Block(left), Block(right)]
program = IsingSamplingProgram(model, blocks, clamped_blocks=[])
schedule = SamplingSchedule(n_warmup=sweeps - 1, n_samples=1, steps_per_sample=1)
start = hinton_init(key, model, blocks, (chains,))
run = jax.jit(jax.vmap(lambda k, s: sample_states(k, program, schedule, s, [], [Block(left)])))
def once(k):
    out = run(jax.random.split(k, chains), start)
    jax.block_until_ready(out)
once(jax.random.key(1))
wall, cpu = time.perf_counter(), time.process_time()
once(jax.random.key(2))
flips = sweeps * chains * 2 * units
print(json.dumps([flips / (time.perf_counter() - wall), flips / (time.process_time() - cpu)]))
"""


def run(command: list[str]) -> str:
    return subprocess.run(command, env=os.environ, check=True, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL).stdout


def thrml(python: str) -> tuple[float, float]:
    wall, cpu = json.loads(run([python, "-c", THRML]).splitlines()[-1])
    return wall, cpu


def here(program: str) -> dict[str, tuple[float, float]]:
    said = json.loads(run([program, "--benchmark_format=json"]))
    out = {}
    for one in said["benchmarks"]:
        rate = one["flips_per_s"]
        out[one["name"].split("/")[0]] = (rate, rate * one["real_time"] / one["cpu_time"])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("python")
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    best: dict[str, list[float]] = {}
    for _ in range(arguments.turns):
        for name, rates in {**here(arguments.program), "THRML": thrml(arguments.python)}.items():
            best[name] = [max(pair) for pair in zip(rates, best.get(name, [0, 0]), strict=True)]
    print(f"{'':15}{'M flips/s':>12}{'M flips/CPU-s':>16}{'of THRML':>10}")
    for name, (wall, cpu) in best.items():
        print(f"{name:15}{wall / 1e6:12.1f}{cpu / 1e6:16.1f}{wall / best['THRML'][0]:9.1f}x")


if __name__ == "__main__":
    main()
