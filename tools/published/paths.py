"""The digits RBM on measured devices, by every way to write a change of weights.

    tools/published/paths.py tune PROGRAM [DEVICE ...] [--tries N]   random search, into paths.json
    ./dev validate paths                                            the table, from these settings

Every way gets the same budget: N random settings of weight scale, rate and its own fields, one device instance,
40 epochs. The best is then trained for 150 epochs on three other instances, by both rules and both ways to form a change.
"""

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIGS = Path(__file__).parents[2] / "configs"
SETTINGS = Path(__file__).with_name("paths.json")
DEVICES = ("reram_sb", "reram_es", "reram_array_om", "ecram", "pcm_pulsed", "capacitor")
EPOCHS, TUNING_EPOCHS, TUNING_SEED, SEEDS = 150, 40, 9, (1, 2, 3)
Fields = dict[str, Any]


def between(draw: random.Random, low: float, high: float) -> float:
    """A number whose logarithm is uniform, to three digits."""
    return float(f"{low * (high / low) ** draw.random():.3g}")


def transfers(draw: random.Random) -> Fields:
    return {
        "changes_per_transfer": draw.choice((1, 2, 5, 10, 20)),
        "rows_per_transfer": draw.choice((1, 4, 16)),
        "transfer_rate": between(draw, 0.01, 2),
        "fast_rate": between(draw, 0.1, 20),
    }


def buffered(draw: random.Random) -> Fields:
    return {**transfers(draw), "threshold": between(draw, 0.5, 100), "most_steps": draw.choice((1, 8, 31))}


def chopped(draw: random.Random) -> Fields:
    return {**buffered(draw), "chop_probability": between(draw, 0.005, 0.3)}


SPACE: dict[str, Callable[[random.Random], Fields]] = {
    "direct": lambda draw: {},
    "tiki_taka": lambda draw: {**transfers(draw), "gamma": draw.choice((0.0, 0.1, 0.3))},
    "tiki_taka_2": lambda draw: {**buffered(draw), "gamma": draw.choice((0.0, 0.1, 0.3))},
    "chopped": chopped,
    "agad": chopped,
    "residual": lambda draw: {
        **transfers(draw),
        "tiles": draw.choice((2, 3, 4)),
        "gamma": draw.choice((0.1, 0.2, 0.3, 0.4)),
        "growth": draw.choice((1.0, 2.0, 5.0)),
        "warm_changes": draw.choice((0, 1000, 2000)),
    },
    "mixed_precision": lambda draw: {
        "changes_per_write": draw.choice((1, 10, 100)),
        "threshold": between(draw, 0.5, 200),
        "most_steps": draw.choice((1, 8, 31)),
    },
    "carry": lambda draw: {
        "digits": draw.choice((2, 3)),
        "radix": draw.choice((2.0, 4.0, 8.0)),
        "carry_at": between(draw, 0.1, 0.8),
        "changes_per_carry": draw.choice((10, 100, 1000)),
    },
    "probabilistic": lambda draw: {"threshold": draw.choice((1, 4, 16, 64, 256))},
    "sign": lambda draw: {"pulses": draw.choice((1, 4)), "dead_zone": between(draw, 0.01, 10)},
    "verify": lambda draw: {
        "threshold": between(draw, 0.02, 0.4),
        "tolerance": between(draw, 0.02, 0.2),
        "budget": draw.choice((5, 20)),
        "most_steps": draw.choice((2, 8, 31)),
    },
    "low_rank": lambda draw: {"rank": draw.choice((1, 2, 4, 8))},
}


def drawn(device: str, path: str, number: int) -> Fields:
    """Try `number` of a way: keys of the experiment."""
    draw = random.Random(f"{device} {path} {number}")
    return {
        "array.weight_scale": draw.choice((1.0, 2.0, 4.0, 8.0)),
        "training.rate": between(draw, 0.05, 0.5),
        "array.path": {"kind": path, **SPACE[path](draw)},
    }


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    return f"{value:.6f}" if isinstance(value, float) else json.dumps(value)


def train(program: Path, device: str, keys: Fields, result: Path) -> dict[str, Any] | None:
    """Quality and bill of one training on one thread, from `result` if it is there; None if it failed."""
    mapping = {"array.mapping": {"kind": "one_sided"}} if device == "pcm_pulsed" else {}
    command: list[Any] = [program, "run", CONFIGS / "experiments/rbm_digits_reram.toml", "--json"]
    command += ["--threads", 1, "--out", result, "--set", f"array.device.base=devices/{device}"]
    for key, value in {**mapping, "training.bias_rate": 0.2, **keys}.items():
        command += ["--set", f"{key}={toml(value)}"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def tune(program: Path, devices: list[str], tries: int) -> None:
    """Adds the best of `tries` settings of every way to paths.json."""
    best: dict[str, dict[str, Fields]] = json.loads(SETTINGS.read_text()) if SETTINGS.exists() else {}
    for device in devices:
        for path in SPACE:
            found = best.setdefault(device, {}).get(path, {"tries": 0, "test_log_likelihood": None})
            for number in range(found["tries"], tries):
                keys = drawn(device, path, number)
                epochs = {"seed": TUNING_SEED, "training.epochs": TUNING_EPOCHS, "evaluation.every": TUNING_EPOCHS}
                with tempfile.TemporaryDirectory() as folder:
                    said = train(program, device, {**keys, **epochs}, Path(folder) / "result.h5")
                quality = said["quality"]["test_log_likelihood"] if said else None
                known = found["test_log_likelihood"]
                if quality is not None and (known is None or quality > known):
                    found = {**found, "test_log_likelihood": round(quality, 3), "keys": keys}
                found["tries"] = number + 1
                best[device][path] = found
                SETTINGS.write_text(json.dumps(best, indent=1) + "\n")
            print(device, path, found["test_log_likelihood"], file=sys.stderr, flush=True)


RULES = {"PCD": "pcd", "CD-1": "cd"}
WRITES = ("differenced", "two_phase")
# None of the devices cites voltages and times. Joules are those of the same cells at this operating point.
STAND_IN = "neurosim_ideal"
POINT = {"g_min": "100 nS", "g_max": "5 uS", "v_read": "0.5 V", "t_read": "5 ns", "v_write": "2 V", "t_pulse": "10 ns"}


@dataclass(frozen=True)
class Run:
    device: str
    path: str
    rule: str
    write: str
    seed: int
    priced: bool = False

    def name(self) -> str:
        parts = (self.device, self.path, self.rule, self.write, str(self.seed), "priced" if self.priced else "")
        return "-".join(part for part in parts if part) + ".h5"

    def keys(self, settings: Fields) -> Fields:
        point = {f"array.device.{key}": value for key, value in POINT.items()} if self.priced else {}
        rule = {"rule.kind": RULES[self.rule], "training.update": self.write}
        return {**settings, **rule, **point, "seed": self.seed, "training.epochs": EPOCHS}


def runs_of(device: str, path: str) -> list[Run]:
    out = [Run(device, path, rule, write, seed) for rule in RULES for write in WRITES for seed in SEEDS]
    return [*out, Run(device, path, "PCD", "differenced", SEEDS[0], priced=True)]


def spread(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return "refused" if not known else f"{len(known)} of {len(values)} ended"
    return f"{statistics.mean(known):.2f} ± {statistics.stdev(known):.2f}"


def table(program: Path) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table. Results stay in build/paths, so that a run that is stopped goes on."""
    chosen = json.loads(SETTINGS.read_text())
    kept = SETTINGS.parents[2] / "build/paths"
    kept.mkdir(parents=True, exist_ok=True)
    jobs = {
        run: chosen[device][path]["keys"]
        for device in DEVICES
        for path in SPACE
        if "keys" in chosen.get(device, {}).get(path, {})
        for run in runs_of(device, path)
    }

    def work(run: Run) -> dict[str, Any] | None:
        return train(program, run.device, run.keys(jobs[run]), kept / run.name())

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = dict(zip(jobs, pool.map(work, jobs), strict=True))

    rows = []
    for device, path in dict.fromkeys((run.device, run.path) for run in jobs):
        row = [device, path]
        for rule in RULES:
            for write in WRITES:
                outcomes = [said[Run(device, path, rule, write, seed)] for seed in SEEDS]
                row.append(spread([o["quality"]["test_log_likelihood"] if o else None for o in outcomes]))
        first = said[Run(device, path, "PCD", "differenced", SEEDS[0])]
        priced = said[Run(device, path, "PCD", "differenced", SEEDS[0], priced=True)]
        quality = first["quality"] if first else {}
        row += [f"{quality.get('pulses_per_cell', math.nan):.0f}", f"{quality.get('path_memory', 0):.0f}"]
        bills = {bill["system"]: bill for bill in priced["bills"]} if priced else {}
        energy = bills.get("simulated", {}).get("energy_core_J")
        rows.append([*row, f"{1e3 * energy['nominal']:.3g}" if energy else "-"])
    head = ["device", "path", *(f"{rule}, {write}" for rule in RULES for write in WRITES)]
    return [*head, "pulses a cell", "digital bits a weight", "mJ, core"], rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["tune"])
    parser.add_argument("program", type=Path)
    parser.add_argument("devices", nargs="*", default=list(DEVICES))
    parser.add_argument("--tries", type=int, default=24)
    arguments = parser.parse_args()
    tune(arguments.program, arguments.devices, arguments.tries)
