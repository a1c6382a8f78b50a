"""Verdicts on digits: devices of the presets, two of them with other seeds, and devices fitted to measured ramps.

./dev validate verdicts     the table; runs stay in build/verdicts, so that one that is stopped goes on
"""

import json
import statistics
import subprocess
from pathlib import Path
from typing import Any

from published.paths import POINT, STAND_IN

# Device and settings. Devices without cited voltages and times stand at the operating point of one that has them.
POINT_OF_OTHERS = [part for key, value in POINT.items() for part in ("--set", f'array.device.{key}="{value}"')]
OTHER_SEEDS = ["--set", "seed=100"]
ASKED: dict[str, tuple[str, list[str]]] = {
    "gokmen_vlasov": ("devices/gokmen_vlasov", []),
    "gokmen_vlasov, other seeds": ("devices/gokmen_vlasov", OTHER_SEEDS),
    "neurosim_ideal": ("devices/neurosim_ideal", []),
    "neurosim_real": ("devices/neurosim_real", []),
    "ag_asi": ("devices/ag_asi", []),
    "ecram": ("devices/ecram", POINT_OF_OTHERS),
    "reram_sb": ("devices/reram_sb", POINT_OF_OTHERS),
    "reram_sb, other seeds": ("devices/reram_sb", [*POINT_OF_OTHERS, *OTHER_SEEDS]),
}
# What a fit of reads cannot know
TIMES = [part for key in ("t_read", "v_write", "t_pulse") for part in ("--set", f'array.device.{key}="{POINT[key]}"')]

HEAD = ["device", "learns to", "exact arithmetic", "best way", "level", "core", "node", "ahead at the node, %"]
HEAD += ["against", "changes that turn it"]
PROTOCOL = (
    f"ecram and reram_sb cite no voltages and times: they stand at the point of {STAND_IN}, fitted devices at its times and "
    "its voltage of writes. Quality is the exact mean ln p of a test image in nats, the middle one of three sets of devices; "
    "untrained -25.06. A factor above 1 means that arrays pay more, at equal quality, with the 5th and 95th percentile."
)


def fitted(program: Path, folder: Path, measured: list[dict[str, Any]], data: Path) -> dict[str, tuple[str, list[str]]]:
    """A preset fitted to each set of measured ramps; `data` is the folder of their files."""
    out = {}
    for i, one in enumerate(measured, 1):
        file = folder / f"fitted_{i}.toml"
        command = [program, "fit", *one["files"], *one["options"], "--out", file, "--force"]
        subprocess.run(command, cwd=data, stdout=subprocess.DEVNULL, check=True)
        out[f"fitted: {one['title'].split(',')[0]}"] = (str(file), TIMES)
    return out


def times(ahead: dict[str, float | None]) -> str:
    """How many times as much the arrays pay, of how many times as little; none means infinitely."""
    figures = (ahead["p95"], ahead["nominal"], ahead["p05"])
    low, middle, high = ("0" if x is None else f"{1 / x:.3g}" if x else "inf" for x in figures)
    return f"{middle} [{low}, {high}]"


def turning(search: dict[str, Any] | None) -> str:
    """The change that turns a verdict, or how many are enough together."""
    if search is None:
        return "-"
    if alone := [lever["label"] for lever in search["levers"] if lever["enough"] is not None]:
        return "alone: " + "; ".join(alone)
    fewest = search["fewest_together"]
    return "none up to their limits" if fewest is None else f"{fewest} of them together"


def row(title: str, said: dict[str, Any]) -> list[str]:
    """A device in the table: what it learns, what it costs, what would turn that."""
    middle = statistics.median
    ways = sorted(said["analog"], key=lambda way: middle(way["best"]))
    out = [title, f"{middle(ways[-1]['best']):.2f}" if ways else "-", f"{middle(said['ideal']['best']):.2f}"]
    out.append(ways[-1]["setting"] if ways else "-")
    level = next((level for level in said["levels"] if level["level"] == said["compared_level"]), None)
    if level is None or level["cheapest_digital"]["node"] is None:
        return [*out, *["-"] * 6]
    out.append(f"{level['level']:g}")
    rivals = {measure: level["machines"][level["cheapest_digital"][measure]] for measure in ("core", "node")}
    against = {measure: rival["analog_against_it"].get(measure) for measure, rival in rivals.items()}
    out += [times(found["factor"]) if found else "not billed" for found in against.values()]
    node = against["node"]
    out.append(f"{100 * node['ahead']:.2f} ± {100 * node['standard_error']:.2f}" if node else "-")
    return [*out, rivals["node"]["title"], turning(said["improvement"])]


def table(program: Path, folder: Path, measured: list[dict[str, Any]], data: Path) -> list[list[str]]:
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for title, (device, settings) in {**ASKED, **fitted(program, folder, measured, data)}.items():
        out = folder / title.replace(": ", "-").replace(", ", "-").replace(" ", "_")
        command = [program, "verdict", device, "--out", out, "--json", *settings]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append(row(title, json.loads(done.stdout)))
    return rows
