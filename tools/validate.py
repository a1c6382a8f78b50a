#!/usr/bin/env python3
"""Runs what is too long for every test run and writes one table each under docs/validation:
tools/validate.py PROGRAM-FOLDER [TABLE ...] [--seeds N], with TABLE one of those in TABLES, SAID or PUBLISHED."""

import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from published import paths as update_paths
from published import verdicts as judged

ROOT = Path(__file__).parent.parent
INDEPENDENT = "−25.06"
MEASURED = "OHMLAB_MEASURED"  # a TOML file beside measurements that are not in the project (docs/fitting.md)
STOCHASTIC = ("rng_test", "devices_test", "crossbar_test", "ebm_test")


@dataclass(frozen=True)
class Table:
    title: str
    head: list[str]
    rows: list[list[str]]
    sound: bool  # nothing in it failed
    protocol: str = ""  # the method


def cases(report: Path) -> dict[str, bool]:
    """Test cases in a JUnit file, and whether each passed."""
    found: dict[str, bool] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("name", "?").split("/")[0]  # Catch2 reports the sections of a case one by one
        sound = case.find("failure") is None and case.find("error") is None
        found[name] = found.get(name, True) and sound
    return found


def sampler(programs: Path, seeds: int) -> Table:
    """Every stochastic test under many seeds: its bounds stop one sound generator in a million."""
    passed: dict[tuple[str, str], int] = {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        for seed in range(seeds):
            for program in STOCHASTIC:
                subprocess.run(
                    [programs / program, "[stochastic]", "-r", "junit", "-o", report],
                    env=os.environ | {"OHMLAB_SEED": str(seed)},
                    stdout=subprocess.DEVNULL,
                )
                for name, sound in cases(report).items():
                    passed[program, name] = passed.get((program, name), 0) + sound
            print(f"seed {seed + 1} of {seeds}", file=sys.stderr)
    rows = [[program, name, f"{count} of {seeds}"] for (program, name), count in passed.items()]
    return Table(
        f"Stochastic tests under {seeds} seeds",
        ["program", "test", "passed"],
        rows,
        bool(rows) and all(count == seeds for count in passed.values()),
    )


DIGITS = {
    "ideal array, updates from means": ["rbm_digits.toml"],
    "ideal array, states drawn by comparators": [
        "rbm_digits.toml",
        "--set",
        "neuron=comparator",
        "--set",
        "training.statistics=samples",
    ],
    "pulses on simulated cells": ["rbm_digits_analog.toml"],
}


def digits(programs: Path, seeds: int) -> Table:
    """The digits RBM: exact test log-likelihood of three seeds."""
    del seeds
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for title, (config, *arguments) in DIGITS.items():
            values = []
            for seed in (1, 2, 3):
                command = [programs / "ohmlab", "run", ROOT / "configs/experiments" / config, *arguments]
                command += ["--set", f"seed={seed}", "--json", "--out", f"{folder}/{title}-{seed}.h5"]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                values.append(json.loads(done.stdout)["quality"]["test_log_likelihood"])
            spread = f"{statistics.mean(values):.2f} ± {statistics.stdev(values):.2f}"
            rows.append([title, *(f"{value:.2f}" for value in values), spread])
    head = ["machine", "seed 1", "seed 2", "seed 3", "mean ± standard deviation"]
    return Table("RBM 64 × 16 on digits: exact test log-likelihood in nats", head, rows, True)


def swept(name: str, title: str) -> Callable[[Path, int], Table]:
    """A shipped sweep: every reported figure, mean and standard error over its repeats."""

    def table(programs: Path, seeds: int) -> Table:
        del seeds
        with tempfile.TemporaryDirectory() as folder:
            command = [programs / "ohmlab", "sweep", ROOT / "configs/sweeps" / f"{name}.toml", "--out", folder]
            command += ["--jobs", str(os.cpu_count()), "--json"]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        said = json.loads(done.stdout)["rows"]
        rows = [
            [
                *row["at"].values(),
                *(
                    "-"
                    if figure["mean"] is None
                    else f"{figure['mean']:.4g}"
                    if figure["standard_error"] is None
                    else f"{figure['mean']:.4g} ± {figure['standard_error']:.2g}"
                    for figure in row["figures"].values()
                ),
            ]
            for row in said
        ]
        return Table(title, [*said[0]["at"], *said[0]["figures"]], rows, True)

    return table


def drift(programs: Path, seeds: int) -> Table:
    """The digits RBM written into phase-change memory: its quality as the cells age."""
    del seeds
    wanted = ["test_log_likelihood", "test_log_likelihood_fitted", "inv_temp"]
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/drift.h5"
        command = [programs / "ohmlab", "run", ROOT / "configs/experiments/deploy_digits.toml", "--out", file]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        with h5py.File(file) as stored:
            metrics = {name: values[()] for name, values in stored["metrics"].items()}
            before = stored["quality/trained_test_log_likelihood"][()]
    rows = [["before programming", f"{before:.2f}", "-", "-"]]
    for i, age in enumerate(metrics["age"]):
        cells = [f"{age:g} s"]
        for name in wanted:
            spread = metrics.get(f"{name}_spread")
            cells.append(f"{metrics[name][i]:.2f}" + (f" ± {spread[i]:.2f}" if spread is not None else ""))
        rows.append(cells)
    return Table("RBM 64 × 16 on digits in phase-change memory, 3 arrays", ["age", *wanted], rows, True)


def checked(preset: str, tests: list[str]) -> list[str]:
    """A row: builds a preset, runs its tests, counts what failed."""
    folder = ROOT / "build" / preset
    commands = (
        ["/usr/bin/cmake", "--preset", preset, "-B", folder],
        ["/usr/bin/cmake", "--build", "--preset", preset],
    )
    for command in commands:
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    report = folder / "junit.xml"
    run = ["/usr/bin/ctest", "--preset", preset, "--output-junit", report, *tests]
    subprocess.run(run, cwd=ROOT, stdout=sys.stderr)
    found = cases(report)
    failed = [name for name, sound in found.items() if not sound]
    return [preset, str(len(found)), str(len(found) - len(failed)), "; ".join(failed) or "none"]


def paths(programs: Path, seeds: int) -> Table:
    """Every way to write a change, on measured devices; settings from `tools/published/paths.py tune`."""
    del seeds
    head, rows = update_paths.table(programs / "ohmlab")
    protocol = (
        "Test log-likelihood in nats, mean and standard deviation over three sets of devices; independent pixels have "
        f"{INDEPENDENT}. Weight scale, rate and fields of every path are the best of the same number of random "
        "settings, tuned for PCD with differenced writing on another set of devices. Pulses, memory and joules belong "
        f"to PCD, differenced. No device cites voltages: joules are at the operating point of {update_paths.STAND_IN}."
    )
    return Table("RBM 64 × 16 on digits by every way to write a change", head, rows, bool(rows), protocol)


def tolerance(programs: Path) -> list[Table]:
    """Rules by ways to write by devices. Results stay in build/tolerance, so that a run that is stopped goes on."""
    folder = ROOT / "build/tolerance"
    command = [programs / "ohmlab", "sweep", ROOT / "configs/sweeps/tolerance.toml", "--out", folder]
    command += ["--jobs", str(os.cpu_count()), "--threads", "1"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    draw = [sys.executable, "-m", "ohmlab.plot", folder, "--out", ROOT / "docs/validation/tolerance.svg"]
    draw += ["--figure", "test_error", "--rows", "device", "--columns", "path", "--panels", "rule", "--best-of", "rate"]
    subprocess.run(draw, check=True, env={**os.environ, "PYTHONPATH": str(programs.parent / "python")})
    with h5py.File(folder / "index.h5") as cube:
        names = {axis: [text.decode() for text in cube[axis][()]] for axis in ("rule", "path", "device")}
        error, pulses = cube["test_error"][()], cube["pulses_per_cell"][()]
        ids = cube["id"][()]
    best = error.mean(axis=4).argmin(axis=3)  # NaN is least: the place of what is refused
    at = (*np.indices(best.shape), best)
    mean, spread = error[at].mean(axis=-1), error[at].std(axis=-1, ddof=1)
    first = [[folder / f"{name.decode()}.h5" for name in row] for row in ids[at][..., 0].reshape(-1, best.shape[2])]
    kept = [file for row in first for file in row if file.exists()]
    priced = subprocess.run(
        [programs / "ohmlab", "price", *kept, "--draws", "0", "--json"], stdout=subprocess.PIPE, text=True, check=True
    )
    joules = {
        Path(file): next(bill["energy_facility_J"]["nominal"] for bill in bills if bill["system"] == "simulated")
        for file, bills in json.loads(priced.stdout).items()
    }

    def rows(cell: Callable[[int, int, int], str]) -> list[list[str]]:
        return [
            [rule, path, *(cell(r, p, d) for d in range(len(names["device"])))]
            for r, rule in enumerate(names["rule"])
            for p, path in enumerate(names["path"])
        ]

    def refused(r: int, p: int, d: int) -> bool:
        return bool(np.isnan(mean[r, p, d]))

    def quality(r: int, p: int, d: int) -> str:
        return "refused" if refused(r, p, d) else f"{100 * mean[r, p, d]:.1f} ± {100 * spread[r, p, d]:.1f}"

    def written(r: int, p: int, d: int) -> str:
        return "-" if refused(r, p, d) else f"{pulses[at][r, p, d].mean():.0f}"

    def energy(r: int, p: int, d: int) -> str:
        return "-" if refused(r, p, d) else f"{1e3 * joules[first[r * len(names['path']) + p][d]]:.3g}"

    protocol = (
        "Best of three rates in the mean of three sets of devices; standard deviation over the sets. Ways have the "
        "settings of `ohmlab describe crossbar path`; nothing else is tuned. 15 epochs, so that quality is also speed."
    )
    stand_in = "All devices at the operating point of neurosim_ideal; medians of the prices, first set of devices."
    head = ["rule", "path", *(name.rsplit("/", 1)[-1] for name in names["device"])]
    return [
        Table("Tolerance map: test error on digits, %", head, rows(quality), True, protocol),
        Table("Pulses a cell", head, rows(written), True),
        Table("Energy at the plug, mJ", head, rows(energy), True, stand_in),
    ]


def verdicts(programs: Path, seeds: int) -> Table:
    """Verdicts on digits. Results stay in build/verdicts, so that a run that is stopped goes on."""
    del seeds
    place = os.environ.get(MEASURED)
    measured = tomllib.loads(Path(place).read_text())["set"] if place else []
    rows = judged.table(programs / "ohmlab", ROOT / "build/verdicts", measured, Path(place or ROOT).parent)
    return Table("Verdicts on digits", judged.HEAD, rows, True, judged.PROTOCOL)


def sanitizers(programs: Path, seeds: int) -> Table:
    """All tests under the address and undefined-behaviour sanitizers, the determinism tests under the thread one."""
    del programs, seeds
    rows = [checked("asan", []), checked("tsan", [])]
    sound = all(int(row[1]) > 0 and row[1] == row[2] for row in rows)
    return Table("Tests under sanitizers", ["preset", "tests", "passed", "failed"], rows, sound)


def said(program: Path, name: str) -> list[Table]:
    """What `ohmlab validate NAME` says: its gates, then its tables."""
    done = subprocess.run([program, "validate", name, "--json"], stdout=subprocess.PIPE, text=True, check=True)
    validation = json.loads(done.stdout)[name]
    verdicts = [
        [
            gate["name"],
            gate["reached"],
            gate["goal"] or "-",
            ("met" if gate["met"] else f"missed: {gate['cause']}") if gate["goal"] else "-",
        ]
        for gate in validation["gates"]
    ]
    head = ["what", "reached", "goal", "verdict"]
    protocol = "\n\n".join(validation["protocol"])
    first = Table(validation["title"], head, verdicts, True, protocol)
    return [first, *(Table(table["title"], table["head"], table["rows"], True) for table in validation["tables"])]


def published(programs: Path, name: str) -> list[Table]:
    """A reproduction of tools/published: its laws, then its table. It needs the Python package beside the programs."""
    sys.path[:0] = [str(programs.parent / "python"), str(ROOT / "tools/published")]
    report = importlib.import_module(name).run()
    verdicts = [[law.name, law.reached, law.expected, "met" if law.met else "missed"] for law in report.laws]
    first = Table(report.title, ["law", "reached", "expected", "verdict"], verdicts, True, "\n\n".join(report.protocol))
    return [first, Table("Figures", report.head, report.rows, True)]


def fit_measured(programs: Path, seeds: int) -> Table:
    """Fits of measured ramps that do not belong to the project. $OHMLAB_MEASURED is a TOML file beside them: for each
    [[set]] a `title` with its origin, `files` and `options` of `ohmlab fit`."""
    del seeds
    place = os.environ[MEASURED]
    rows, protocol = [], []
    for measured in tomllib.loads(Path(place).read_text())["set"]:
        command = [programs / "ohmlab", "fit", *measured["files"], *measured["options"], "--json"]
        done = subprocess.run(command, cwd=Path(place).parent, stdout=subprocess.PIPE, text=True, check=True)
        report = json.loads(done.stdout)
        protocol.append(
            f"{measured['title']}: {report['reads']} reads of {report['ramps']} ramps or pieces were fitted, "
            f"{report['held_back']} held back. Increments alone say "
            f"{report['step_noise']:.3g} for the noise of a step and {report['read_noise']:.3g} for that of a read; all "
            f"steps of a ramp differ by {report['ramp_spread']:.3g} ± {report['ramp_spread_error']:.2g} from ramp to "
            "ramp."
        )
        for model in report["models"]:
            whole = f"{model['ramp_error']:.4g}" if model["ramp_error"] > 0 else "-"
            scatter = f"{report['ramp_floor']:.4g}" if report["ramp_floor"] > 0 else "-"
            rows.append(
                [measured["title"].split(",")[0], model["kind"], f"{model['above_best']:.1f}", str(model["free"])]
                + [f"{model['error_held_back']:.4g}", f"{report['noise_floor']:.4g}", whole, scatter]
            )
    head = ["data", "model", "AIC - best", "free", "next read", "its floor", "whole ramp", "its floor"]
    return Table("Fits of measured ramps: errors on ramps held back, in units of w", head, rows, bool(rows), "\n\n".join(
        [*protocol, "The next read: one read after another, each predicted from those before. Its floor: the best "
         "linear prediction from the last eight moves less the local trend, without a model of steps. The whole ramp: "
         "predicted from the mean start of fitted ramps. Its floor: the mean of fitted ramps, pulse by pulse."]
    ))


TABLES: dict[str, Callable[[Path, int], Table]] = {
    "sampler": sampler,
    "digits": digits,
    "ablation_added": swept("ablation_added", "Digits RBM, one effect added to ideal cells; 3 device instances"),
    "ablation_removed": swept(
        "ablation_removed", "Digits RBM, one effect removed from the full hardware; 3 device instances"
    ),
    "device_adc": swept("device_adc", "Digits RBM over step size, asymmetry and converter bits"),
    "hopfield_capacity": swept(
        "hopfield_capacity", "Hopfield memories of 200 units on an ideal array over their load; 3 sets of patterns"
    ),
    "circuit_noise": swept(
        "circuit_noise", "Test error of a circuit on digits after 10 epochs over the noise of its conversions; 2 seeds"
    ),
    "twin_circuits": swept(
        "twin_circuits", "Test error on digits: one circuit in turns and twins, with stuck cells; 3 device instances"
    ),
    "drift": drift,
    "paths": paths,
    "verdicts": verdicts,
    "sanitizers": sanitizers,
    "fit_measured": fit_measured,
}
# Needs data that are not in the project: left out unless they are there or it is named.
OPTIONAL = {"fit_measured": MEASURED}


# Tables that the program validates by itself. A missed goal stands in the table and is no failure.
SAID = ("prices", "training", "law", "devices", "arrays")

# Reproductions of published laws and tables: scripts of tools/published. A missed law is no failure either.
PUBLISHED = ("two_phase", "agad", "residual_toy", "response_functions", "multi_tile", "knees", "sign_pulses")

ALL = (*TABLES, *SAID, *PUBLISHED, "tolerance")


def write(name: str, tables: list[Table], command: str) -> Path:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    lines = [f"# {tables[0].title}", "", f"`{command}` at commit {commit}", ""]
    for i, table in enumerate(tables):
        lines += ["", f"## {table.title}", ""] if i else []
        lines += [table.protocol, ""] if table.protocol else []
        for row in (table.head, ["---"] * len(table.head), *table.rows):
            lines.append("| " + " | ".join(row) + " |")
    file = ROOT / "docs/validation" / f"{name}.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(lines) + "\n")
    return file


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", type=Path, help="where the built programs are")
    parser.add_argument(
        "tables", nargs="*", metavar="TABLE", help=f"of {', '.join(ALL)}; all unless given"
    )
    parser.add_argument("--seeds", type=int, default=100, help="seeds of the stochastic tests")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.tables if name not in ALL]:
        parser.error(f"no table {', '.join(unknown)}; there are: {', '.join(ALL)}")
    sound = True
    everything = [name for name in ALL if name not in OPTIONAL or OPTIONAL[name] in os.environ]
    for name in arguments.tables or everything:
        if name in OPTIONAL and OPTIONAL[name] not in os.environ:
            parser.error(f"{name} needs ${OPTIONAL[name]}: the path of a list of measurements (docs/fitting.md)")
        if name in SAID:
            tables = said(arguments.programs / "ohmlab", name)
        elif name in PUBLISHED:
            tables = published(arguments.programs, name)
        elif name == "tolerance":
            tables = tolerance(arguments.programs)
        else:
            tables = [TABLES[name](arguments.programs, arguments.seeds)]
        many = f" --seeds {arguments.seeds}" if name == "sampler" else ""
        file = write(name, tables, f"./dev validate {name}{many}")
        print(file.read_text())
        sound = sound and all(table.sound for table in tables)
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
