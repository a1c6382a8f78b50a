#!/usr/bin/env python3
"""Extends a copy of the sources by one entry of a catalogue after the other, each one header and one line, and prints as
Markdown what that took and what changed: tools/extend.py [FOLDER]. FOLDER (build/extension) keeps the copy and its build.

The entries are tests/extension/*.hpp. Each run is bars and stripes of 3x3 pixels, learned on cells; it is compared with the
same run under the entry's neighbour in the catalogue. The contract tests run over all four at the end."""

import dataclasses
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = "CMakeLists.txt CMakePresets.json cmake core cost devices io crossbar ebm transformer lab cli configs tests tools"


@dataclasses.dataclass
class Entry:
    """One header, the list that it joins, and a config that shows it."""

    what: str
    header: str
    folder: str  # where the header goes, below the room's list
    list: str
    after: str  # the entry of the list behind which it goes
    type: str
    chosen: list[str]
    instead: list[str]
    figure: str


ENTRIES = [
    Entry("pulse model", "parabolic.hpp", "devices/pulse", "devices/pulses.hpp", "SoftBounds", "ParabolicStep",
          ["array.device.pulse.kind=parabolic"], ["array.device.pulse.kind=soft_bounds"], "test_log_likelihood"),
    Entry("converter", "companding.hpp", "crossbar/adc", "crossbar/adcs.hpp", "NoAdc", "CompandingAdc",
          ["array.adc={kind=\"companding\",bits=4}"], ["array.adc={kind=\"uniform\",bits=4}"], "test_log_likelihood"),
    Entry("rule", "hebb.hpp", "ebm/rule", "ebm/rules.hpp", "EquilibriumPropagation", "Hebb",
          ["rule.kind=hebb"], ["rule.kind=cd"], "test_log_likelihood"),
    Entry("model", "split.hpp", "ebm/model", "ebm/models.hpp", "LayeredHopfieldModel", "SplitRbm",
          ["model={kind=\"split\"}"], ["model={kind=\"rbm\",hidden=8}"], "test_log_likelihood"),
]
COMMON = ["data={kind=\"bars_and_stripes\",size=3}", "training.epochs=40",
          "array={kind=\"analog\",weight_scale=4,device={base=\"devices/gokmen_vlasov\"}}", "training.rate=0.1", "training.batch=4",
          "neuron=adc", "evaluation.ais.temperatures=0"]


def call(command: list, **options) -> str:
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def build(folder: Path, *targets: str) -> float:
    start = time.monotonic()
    call(["ninja", "-C", folder / "build", *targets])
    return time.monotonic() - start


def add(entry: Entry, source: Path) -> int:
    """Puts the header in its place and its include and name into the list. Returns the lines that were added to the list."""
    shutil.copy(ROOT / "tests/extension" / entry.header, source / entry.folder / entry.header)
    path = source / entry.list
    before = path.read_text()
    near = re.search(rf'#include "{Path(entry.folder).name}/\w+\.hpp"\n', before)
    text = before[:near.start()] + f'#include "{Path(entry.folder).name}/{entry.header}"\n' + before[near.start():]
    text, count = re.subn(rf"(core::OneOf<[^>]*\b{entry.after}\b)", rf"\1, {entry.type}", text, count=1)
    if count != 1:
        sys.exit(f"{entry.list}: no {entry.after} in a catalogue")
    path.write_text(text)
    return 2


def outcome(folder: Path, sets: list[str], figure: str) -> tuple[float, float]:
    """The figure of a run, and the joules of its core."""
    program = folder / "build/bin/ohmlab"
    command = [program, "run", folder / "source/configs/experiments/quickstart.toml", "--json", "--force",
               "--out", folder / "run.h5"]
    for key in [*COMMON, *sets]:
        command += ["--set", key]
    found = json.loads(call(command))
    return found["quality"][figure], found["bills"][0]["energy_core_J"]["nominal"]


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/extension").resolve()
    source = folder / "source"
    shutil.rmtree(source, ignore_errors=True)
    for name in COPIED.split():
        there = source / name
        there.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, there)
    call(["cmake", "-S", source, "-B", folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
          "-DOHMLAB_NATIVE=ON", "-DOHMLAB_TESTS=ON"])
    build(folder, "ohmlab_cli")
    rows = []
    for entry in ENTRIES:
        lines = add(entry, source)
        seconds = build(folder, "ohmlab_cli")
        described = call([folder / "build/bin/ohmlab", "describe", entry.folder.split("/")[0], Path(entry.header).stem])
        neighbour, joules_before = outcome(folder, entry.instead, entry.figure)
        own, joules = outcome(folder, entry.chosen, entry.figure)
        code = [line for line in (ROOT / "tests/extension" / entry.header).read_text().splitlines() if line.strip()]
        rows.append([entry.what, f"`{entry.header}`", str(len(code)), str(lines), f"{seconds:.0f}",
                     f"{neighbour:.3f} to {own:.3f}", f"{joules_before:.3g} to {joules:.3g}"])
        if Path(entry.header).stem not in described:
            sys.exit(f"describe does not know {entry.header}")
    contracts = build(folder, "contracts_test")
    call([folder / "build/bin/contracts_test"], cwd=folder / "build")
    print("| added | header | lines of it | lines in the list | rebuild, s | test ln p, neighbour to it | core J |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(f"\nAll contract tests pass with the four entries (built in {contracts:.0f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
