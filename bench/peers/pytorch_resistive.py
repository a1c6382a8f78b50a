#!/usr/bin/env python3
"""Times the same deep resistive network here and in PyTorch, in turns, and prints one table.

    bench/peers/pytorch_resistive.py PATH/TO/resistive_bench [--turns N]

2 x 784 sources, 1,024 nodes between diodes, 10 outputs, batches of 32 random gray images: 4 sweeps until rest, 4 after a
nudge to either side, changes from squared voltage drops with momentum. The PyTorch side is written for this table, with
whole-batch matrix products; the inputs' currents are formed once a batch, as here. It bills nothing. Each turn is a process
of its own; the fastest of all turns counts. Goal: ten times PyTorch.

PyTorch is Debian's python3-torch, as in pytorch_transformer.py.
"""

import argparse
import json
import os
import subprocess

from pytorch_transformer import python_with_torch

PYTORCH = """
import json, sys, time
import torch
torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
pixels, hidden, classes, batch, batches = 784, 1024, 10, 32, 40
rate, nudge, momentum, sweeps = 0.005, 0.5, 0.9, 4
g1 = (torch.rand(2 * pixels, hidden) * 2 - 1).clamp(min=0) / (2 * pixels) ** 0.5
g2 = (torch.rand(hidden, classes) * 2 - 1).clamp(min=0) / hidden ** 0.5
b1, b2 = torch.zeros(hidden), torch.zeros(classes)
m1, m2 = torch.zeros_like(g1), torch.zeros_like(g2)
low = torch.cat([torch.zeros(hidden // 2), torch.full((hidden // 2,), -float("inf"))])
high = torch.cat([torch.full((hidden // 2,), float("inf")), torch.zeros(hidden // 2)])

def settle(currents, sum1, h, o, y, strength):
    for _ in range(sweeps):
        h = torch.minimum(torch.maximum((currents + o @ g2.T + b1) / (sum1 + g2.sum(1)), low), high)
        o = (h @ g2 + b2 + strength * y) / (g2.sum(0) + strength)
    return h, o

def drops(rows, cols):
    return (rows ** 2).sum(0)[:, None] + (cols ** 2).sum(0)[None, :] - 2 * rows.T @ cols

@torch.no_grad()
def learn(x, y):
    v = 300 * torch.cat([x, -x], 1)
    currents, sum1 = v @ g1, g1.sum(0)
    h, o = torch.zeros(batch, hidden), torch.zeros(batch, classes)
    h, o = settle(currents, sum1, h, o, y, 0.0)
    hp, op = settle(currents, sum1, h, o, y, nudge)
    hm, om = settle(currents, sum1, h, o, y, -nudge)
    scale = -rate / (4 * nudge * batch)
    m1.mul_(momentum).add_(drops(v, hp) - drops(v, hm), alpha=scale)
    m2.mul_(momentum).add_(drops(hp, op) - drops(hm, om), alpha=scale)
    g1.add_(m1).clamp_(min=0)
    g2.add_(m2).clamp_(min=0)
    b1.add_((hp - hm).sum(0), alpha=rate / (2 * nudge * batch))
    b2.add_((op - om).sum(0), alpha=rate / (2 * nudge * batch))

x = torch.rand(batches * batch, pixels)
y = torch.nn.functional.one_hot(torch.arange(batches * batch) % classes, classes).float()
learn(x[:batch], y[:batch])
wall, cpu = time.perf_counter(), time.process_time()
for first in range(0, batches * batch, batch):
    learn(x[first:first + batch], y[first:first + batch])
images = batches * batch
print(json.dumps([images / (time.perf_counter() - wall), images / (time.process_time() - cpu)]))
"""


def run(command: list[str], threads: int) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL).stdout


def here(program: str, threads: int) -> tuple[float, float]:
    (one,) = json.loads(run([program, "--benchmark_format=json"], threads))["benchmarks"]
    return one["images_per_s"], one["images_per_s"] * one["real_time"] / one["cpu_time"]


def torch(python: str, threads: int) -> tuple[float, float]:
    wall, cpu = json.loads(run([python, "-c", PYTORCH, str(threads)], threads))
    return wall, cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    python = python_with_torch()
    print(f"{'threads':8}{'':10}{'images/s':>10}{'images/CPU-s':>14}{'of PyTorch':>12}{'60,000 images':>15}")
    for threads in (1, 2):
        best: dict[str, tuple[float, float]] = {"ohmlab": (0, 0), "PyTorch": (0, 0)}
        for _ in range(arguments.turns):
            for name, rates in (("ohmlab", here(arguments.program, threads)), ("PyTorch", torch(python, threads))):
                best[name] = (max(best[name][0], rates[0]), max(best[name][1], rates[1]))
        for name, (wall, cpu) in best.items():
            ratio = wall / best["PyTorch"][0]
            print(f"{threads:<8}{name:10}{wall:10.0f}{cpu:14.0f}{ratio:11.1f}x{60000 / wall:13.1f} s")


if __name__ == "__main__":
    main()
