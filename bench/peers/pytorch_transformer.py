#!/usr/bin/env python3
"""Trains the same decoder here and in PyTorch, on the same batches from the same first weights; prints both.

    bench/peers/pytorch_transformer.py PATH/TO/training_curve [--steps N] [--turns N]

Four blocks of width 128 with four heads, 128 characters of the King James Bible in each of 32 sequences, AdamW with
clipping, warm-up and cosine. The program (bench/transformer/training_curve.cpp) trains and writes down its first
values, batches, learning rates and losses; then PyTorch goes the same way in a process of its own. Goals: losses equal
to 1e-4 of themselves over the first 100 updates, at least half of PyTorch's speed on two threads. Turns alternate, the
fastest counts; "cpu" is the time of all threads together, the figure to read on a machine that others load.

PyTorch is Debian's python3-torch, a build for CPUs, seen through a virtual environment of its own
(build/peers/pytorch, made with --system-site-packages): PyPI's wheel brings gigabytes of CUDA.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

VENV = Path(__file__).resolve().parents[2] / "build" / "peers" / "pytorch"
BLOCKS, HEADS, SEQUENCES, CONTEXT = 4, 4, 32, 128
GOAL_DIFFERENCE, GOAL_SPEED = 1e-4, 0.5

PYTORCH = """
import sys, time
from pathlib import Path
import numpy as np
import torch
from torch.nn import functional

folder, steps, threads = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
blocks, heads, sequences, context = map(int, sys.argv[4:])
torch.set_num_threads(threads)
values = np.fromfile(folder / "first.f32", dtype=np.float32)
p = {}
for line in (folder / "layout.txt").read_text().splitlines():
    name, offset, rows, cols = line.split()
    offset, rows, cols = int(offset), int(rows), int(cols)
    tensor = torch.tensor(values[offset:offset + rows * cols])
    p[name] = (tensor if rows == 1 else tensor.reshape(rows, cols)).requires_grad_()
batches = np.fromfile(folder / "batches.i32", dtype=np.int32).astype(np.int64)
batches = torch.tensor(batches.reshape(-1, 2, sequences, context))
rates = np.fromfile(folder / "rates.f64")
hidden_from = torch.triu(torch.ones(context, context, dtype=torch.bool), 1)
width = p["norm.gain"].shape[0]

def norm(x, name):
    return functional.layer_norm(x, (width,), p[name + ".gain"], p[name + ".shift"], 1e-5)

def linear(x, name):
    return torch.addmm(p[name + ".bias"], x.reshape(-1, x.shape[-1]), p[name + ".weight"]).view(*x.shape[:-1], -1)

def attend(x, name):
    q, k, v = (t.view(sequences, context, heads, -1).transpose(1, 2)
               for t in linear(x, name + ".to_qkv").split(width, dim=2))
    scores = (q @ k.transpose(2, 3)) / (width // heads) ** 0.5
    mixed = scores.masked_fill(hidden_from, float("-inf")).softmax(-1) @ v
    return linear(mixed.transpose(1, 2).reshape(sequences, context, width), name + ".from_heads")

def loss_of(inputs, targets):
    x = p["token_embedding"][inputs] + p["position_embedding"]
    for i in range(blocks):
        block = f"block_{i}"
        x = x + attend(norm(x, block + ".norm_1"), block)
        up = functional.gelu(linear(norm(x, block + ".norm_2"), block + ".up"), approximate="tanh")
        x = x + linear(up, block + ".down")
    logits = norm(x, "norm") @ p["token_embedding"].T
    return functional.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))

decays = [t for t in p.values() if t.dim() == 2]
others = [t for t in p.values() if t.dim() == 1]
optimizer = torch.optim.AdamW([{"params": decays, "weight_decay": 0.1}, {"params": others, "weight_decay": 0}],
                              betas=(0.9, 0.99), eps=1e-8)
losses = []
begin, cpu = time.perf_counter(), time.process_time()
for step in range(steps):
    for group in optimizer.param_groups:
        group["lr"] = rates[step]
    loss = loss_of(*batches[step])
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(p.values()), 1)
    optimizer.step()
    losses.append(loss.item())
seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
np.array(losses).tofile(folder / "pytorch.f64")
print(seconds, cpu, torch.__version__)
"""


def python_with_torch() -> str:
    """The interpreter of the peer's own virtual environment."""
    python = VENV / "bin" / "python"
    if not python.exists():
        subprocess.run(["/usr/bin/python3", "-m", "venv", "--system-site-packages", str(VENV)], check=True)
    if subprocess.run([python, "-c", "import torch"], capture_output=True).returncode != 0:
        sys.exit("PyTorch is not installed: apt-get install python3-torch")
    return str(python)


def run(command: list[str], threads: int) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def doubles(path: Path) -> list[float]:
    from array import array

    values = array("d")
    values.frombytes(path.read_bytes())
    return values.tolist()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    python = python_with_torch()
    shape = [str(number) for number in (BLOCKS, HEADS, SEQUENCES, CONTEXT)]
    steps, failed, lines = str(arguments.steps), False, []
    for threads in (1, 2):
        best = {"ohmlab": (float("inf"),) * 2, "PyTorch": (float("inf"),) * 2}
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(arguments.turns):
                ours = run([arguments.program, folder, steps], threads).split()
                theirs = run([python, "-c", PYTORCH, folder, steps, str(threads), *shape], threads).split()
                for name, said in (("ohmlab", ours), ("PyTorch", theirs)):
                    best[name] = tuple(map(min, best[name], map(float, said[:2])))
            losses = doubles(Path(folder) / "losses.f64"), doubles(Path(folder) / "pytorch.f64")
        wall, cpu = best["ohmlab"]
        for name, (its_wall, its_cpu) in best.items():
            tokens = arguments.steps * SEQUENCES * CONTEXT
            lines.append(f"{name:8}{threads:8}{its_wall:9.2f}{tokens / its_wall:11.0f}{its_wall / wall:7.2f}"
                         f"{its_cpu:9.2f}{its_cpu / cpu:7.2f}")
        failed |= threads == 2 and best["PyTorch"][0] / wall < GOAL_SPEED
    print(f"Loss before each update, nats a character, ohmlab and PyTorch {theirs[2]}")
    for i in sorted({*range(0, len(losses[0]), 10), len(losses[0]) - 1}):
        print(f"{i:5}{losses[0][i]:13.7f}{losses[1][i]:13.7f}")
    difference = max(abs(a - b) / b for a, b in zip(*losses))
    print(f"largest relative difference over {arguments.steps} updates: {difference:.1e} (goal {GOAL_DIFFERENCE:.0e})")
    print(f"Fastest of {arguments.turns} turns; the ratio is PyTorch's time over ohmlab's (goal {GOAL_SPEED} on 2 threads).")
    print(f"{'':8}{'threads':>8}{'wall s':>9}{'tokens/s':>11}{'ratio':>7}{'cpu s':>9}{'ratio':>7}")
    print("\n".join(lines))
    return int(failed or difference > GOAL_DIFFERENCE)


if __name__ == "__main__":
    sys.exit(main())
