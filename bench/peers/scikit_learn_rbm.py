#!/usr/bin/env python3
"""Times one epoch of the same RBM here and in scikit-learn, in turns, and prints one table.

    bench/peers/scikit_learn_rbm.py PATH/TO/rbm_bench [--turns N]

784 visible and 500 hidden units, persistent chains with one Gibbs step, batches of 100, 10,000 random images of which
31 % of the pixels are on: BernoulliRBM.fit with n_iter=1, on float64 (what it gets by default) and on float32, and our
trainer on the ideal array (bench/ebm/rbm_bench.cpp), which also bills its work. Each turn is a process of its own; the
fastest of all turns counts. "cpu" is the time of all threads together, the figure to read on a machine that others
load. Goal: a third of scikit-learn's float64 time.
"""

import argparse
import json
import os
import subprocess
import sys

SCIKIT_LEARN = """
import json, sys, time
import numpy as np
from sklearn.neural_network import BernoulliRBM
x = (np.random.RandomState(0).uniform(size=(10000, 784)) < 0.3147).astype(sys.argv[1])
machine = BernoulliRBM(n_components=500, batch_size=100, learning_rate=0.1, n_iter=1, random_state=0)
BernoulliRBM(n_components=500, batch_size=100, n_iter=1, random_state=0).fit(x[:500])
wall, cpu = time.perf_counter(), time.process_time()
machine.fit(x)
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))
"""


def run(command: list[str], threads: int) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL).stdout


def scikit_learn(dtype: str, threads: int) -> tuple[float, float]:
    wall, cpu = json.loads(run([sys.executable, "-c", SCIKIT_LEARN, dtype], threads))
    return wall, cpu


def ours(program: str, threads: int) -> tuple[float, float]:
    report = json.loads(run([program, "--benchmark_filter=^rbm_epoch", "--benchmark_format=json"], threads))
    timing = report["benchmarks"][0]
    return timing["real_time"] / 1e3, timing["cpu_time"] / 1e3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    contenders = {
        "scikit-learn, float64": lambda threads: scikit_learn("float64", threads),
        "scikit-learn, float32": lambda threads: scikit_learn("float32", threads),
        "ohmlab, ideal array": lambda threads: ours(arguments.program, threads),
    }
    import sklearn
    print(f"One epoch, scikit-learn {sklearn.__version__}, fastest of {arguments.turns} turns; the ratio is "
          "scikit-learn's time over ohmlab's.")
    print(f"{'':24}{'threads':>8}{'wall s':>9}{'ratio':>7}{'cpu s':>9}{'ratio':>7}")
    for threads in (1, 2):
        best = {name: (float("inf"), float("inf")) for name in contenders}
        for _ in range(arguments.turns):
            for name, contender in contenders.items():
                best[name] = tuple(map(min, best[name], contender(threads)))
        wall, cpu = best["ohmlab, ideal array"]
        for name, (its_wall, its_cpu) in best.items():
            print(f"{name:24}{threads:8}{its_wall:9.3f}{its_wall / wall:7.2f}{its_cpu:9.3f}{its_cpu / cpu:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
