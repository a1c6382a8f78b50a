#!/usr/bin/env python3
"""Times the same pulsed updates here and in aihwkit, in turns, and prints one table.

    python3 -m venv PEER && PEER/bin/pip install aihwkit==1.1.0 torch==2.10.0
    bench/peers/aihwkit_update.py PATH/TO/update_bench PEER/bin/python [--turns N]

1024 x 1024 cells, batches of 128 vectors, trains of 31 slots without managements, x dense in +-1, mean step 0.001,
rate 0.01; d in +-0.05 ("sparse": 0.126 coincidences a cell and vector) or in +-1 ("dense"). Its constant step stands
beside ours one pulse at a time and as aggregated, which is equal in law; its soft bounds are those with references. It pulses on one thread and takes its normals
from a table that it filled before; ours are drawn anew. Each turn is a process of its own; the fastest of all turns
counts. Goals, two threads of ours over it, on AVX-512 at 3.5 GHz: constant 35, soft bounds 12, exponential step 13.
"""

import argparse
import json
import os
import subprocess
import sys

SIZE, BATCH = 1024, 128
PEER = f"""
import json, sys, time
import torch
from aihwkit.simulator import configs
from aihwkit.simulator.configs import SingleRPUConfig, UpdateParameters
from aihwkit.simulator.tiles.analog import AnalogTile
torch.manual_seed(1)
torch.set_num_threads(1)
device = getattr(configs, sys.argv[1])(dw_min=0.001)
if sys.argv[1] == "ExpStepDevice":
    import math
    b = device.b
    up = max(1 - device.A_up * math.exp(device.gamma_up * b), 0)
    down = max(1 - device.A_down * math.exp(-device.gamma_down * b), 0)
    device.dw_min = 0.001 / ((up + down) / 2)
update = UpdateParameters(desired_bl=31, update_management=False, update_bl_management=False)
tile = AnalogTile({SIZE}, {SIZE}, SingleRPUConfig(device=device, update=update))
tile.set_learning_rate(0.01)
x = 2 * torch.rand({BATCH}, {SIZE}) - 1
d = (2 * torch.rand({BATCH}, {SIZE}) - 1) * float(sys.argv[2])
best = float("inf")
for turn in range(int(sys.argv[3])):
    start = time.perf_counter()
    tile.update(x, d if turn % 2 else -d)
    best = min(best, time.perf_counter() - start)
print(json.dumps(best))
"""
# name, its device, range of d, our benchmarks
WORK = (
    ("constant step, sparse", "ConstantStepDevice", 0.05, ("constant_step_sparse", "constant_step_sparse_aggregated")),
    ("soft bounds, sparse", "SoftBoundsReferenceDevice", 0.05, ("soft_bounds_sparse", "soft_bounds_reference_sparse")),
    ("exponential step, sparse", "ExpStepDevice", 0.05, ("exp_step_sparse",)),
    ("constant step, dense", "ConstantStepDevice", 1, ("constant_step_dense", "constant_step_dense_aggregated")),
    ("soft bounds, dense", "SoftBoundsReferenceDevice", 1, ("soft_bounds_dense",)),
    ("exponential step, dense", "ExpStepDevice", 1, ("exp_step_dense",)),
)


def seconds_of_peer(python: str, device: str, bound: float) -> float:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [python, "-c", PEER, device, str(bound), "3" if bound < 1 else "2"]
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return float(json.loads(said.stdout.splitlines()[-1]))


def seconds_of_ours(program: str, name: str) -> list[float]:
    """On one thread and on two."""
    command = [program, f"--benchmark_filter=^update/{name}/", "--benchmark_format=json"]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL)
    return [timing["real_time"] / 1e3 for timing in json.loads(said.stdout)["benchmarks"]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("python", help="a Python that has aihwkit")
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    print(f"Fastest of {arguments.turns} turns; G = 10^9 cells that see a vector, a second; the ratio is aihwkit's time "
          "over ohmlab's.")
    print(f"{'':26}{'aihwkit':>9}  {'ohmlab':32}{'1 thread':>9}{'ratio':>7}{'2 threads':>10}{'ratio':>7}")
    giga = SIZE * SIZE * BATCH / 1e9
    for name, device, bound, benchmarks in WORK:
        peer = float("inf")
        ours = {benchmark: [float("inf")] * 2 for benchmark in benchmarks}
        for _ in range(arguments.turns):
            peer = min(peer, seconds_of_peer(arguments.python, device, bound))
            for benchmark in benchmarks:
                ours[benchmark] = list(map(min, ours[benchmark], seconds_of_ours(arguments.program, benchmark)))
        for benchmark, (one, two) in ours.items():
            print(f"{name:26}{giga / peer:9.3f}  {benchmark:32}{giga / one:9.2f}{peer / one:7.1f}{giga / two:10.2f}"
                  f"{peer / two:7.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
