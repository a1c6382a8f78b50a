"""Bills computed again from the stored tally and the price lists as they stand, by none of ohmlab's code.

The rules are those of docs/prices.md: a price is a lognormal law at its own node and voltage, carried to a place by its
scaling, grown by its law, times the counts of a tally; then chip, node and host.
"""

import json
import math
import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from conftest import QUICK, Ohmlab

CONFIGS = Path(__file__).parents[2] / "configs"
UNITS = {"J": 1, "s": 1, "W": 1, "V": 1, "m": 1, "m2": 1, "B": 1, "USD": 1, "%": 0.01}
PREFIXES = {"": 1, "a": 1e-18, "f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6}
# Stillmaker & Baas, Integration 58, 74 (2017): energy of an inverter, a V^2 + b V + c by node in nm.
STILLMAKER = {
    7: (0.1776, -0.0910, 0.0245), 10: (0.2068, -0.0931, 0.0238), 14: (0.2363, -0.0968, 0.0224),
    16: (0.2958, -0.1241, 0.0302), 20: (0.373, -0.1582, 0.0410), 32: (0.9559, -0.7823, 0.471),
    45: (1.103, -0.362, 0.2767), 65: (3.755, -4.398, 1.975), 90: (4.762, -4.781, 2.092),
    130: (7.171, -6.709, 2.904),
}  # fmt: skip
Z95 = 1.6448536269514722
Table = dict[str, Any]
Row = dict[str, Any]


def number(value: Any) -> float:
    """A number, or text with a unit and its prefix."""
    if not isinstance(value, str):
        return float(value)
    found = re.fullmatch(r"([-+0-9.eE]+) ?(\w*)", value)
    assert found, value
    unit = found[2]
    if unit in UNITS:
        return float(found[1]) * UNITS[unit]
    return float(found[1]) * PREFIXES[unit[0]] * UNITS[unit[1:]]


def merged(under: Table, over: Table) -> Table:
    """Keys of `under` that `over` lacks are added; a catalogue whose kind changes is replaced."""
    if "kind" in over and over.get("kind") != under.get("kind"):
        return over
    out = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out


def resolved(table: Table, folder: Path) -> Table:
    """Every `base` replaced by the keys of its file."""
    own = {
        key: resolved(value, folder) if isinstance(value, dict) else value
        for key, value in table.items()
        if key != "base"
    }
    if "base" not in table:
        return own
    name = table["base"]
    for place in (folder, folder.parent, CONFIGS / "prices", CONFIGS):
        file = place / f"{name}.toml"
        if file.exists():
            return merged(resolved(tomllib.loads(file.read_text()), file.parent), own)
    raise AssertionError(name)


def price_list(name: str) -> Table:
    file = CONFIGS / "prices" / f"{name}.toml"
    return resolved(tomllib.loads(file.read_text()), file.parent)


def logic(node: float, volts: float) -> float:
    energies = [a * volts**2 + b * volts + c for a, b, c in STILLMAKER.values()]
    return float(np.interp(node * 1e9, list(STILLMAKER), energies))


def law(price: Table, x: float) -> tuple[float, float]:
    """Growth with the parameter, and the spread of its logarithm."""
    of = price.get("law", "constant")
    of = {"kind": of} if isinstance(of, str) else of
    kind, at = of["kind"], of.get("at", 8)
    if kind == "proportional":
        return x / at, 0
    if kind == "affine":
        return of.get("offset", 0) + x, 0
    if kind == "power":
        return 2.0 ** (x - at), 0
    if kind == "converter":
        noise, form = of.get("noise", 0.08), of.get("form", 0.1)
        return (1 - noise) * x / at + noise * 4.0 ** (x - at), form * abs(x - at)
    if kind == "survey":
        rate = number(of.get("rate", 1e8))

        def energy(bits: float) -> float:
            merit = min(213.7807 - 2.8719 * math.log(rate), 128.3068 + 3.2205 * bits)
            return 10 ** ((6.0206 * bits - merit) / 10) * bits**-2.8291

        return energy(max(x, 4.4)) / energy(at), 0
    assert kind == "constant", kind
    return 1, 0


def carried(price: Table, place: Table) -> tuple[float, float]:
    """Factor that takes a price to its place, and the spread of its logarithm."""
    rule = price.get("scaling", "none")
    rule = {"kind": rule} if isinstance(rule, str) else rule
    kind = rule["kind"]
    if kind == "none":
        return 1, 0
    if kind == "voltage_squared":
        return (number(place["voltage"]) / number(price["voltage"])) ** 2, 0
    here, there = number(place["node"]), number(price["node"])
    if kind == "feature_length":
        return here / there, 0
    if kind == "feature_area":
        return (here / there) ** 2, 0
    assert kind == "digital_logic", kind
    factor = logic(here, number(place["voltage"])) / logic(there, number(price["voltage"]))
    return factor, rule.get("form", 0.2) * abs(math.log(factor))


class Draws:
    """Nominal value first, then so many draws. A price is the same in all its lines."""

    def __init__(self, count: int) -> None:
        self.random = np.random.default_rng(7)
        self.count = count
        self.normals: dict[str, np.ndarray] = {}

    def normal(self, key: str) -> np.ndarray:
        if key not in self.normals:
            self.normals[key] = np.concatenate([[0.0], self.random.standard_normal(self.count)])
        return self.normals[key]

    def of(self, key: str, price: Table, place: Table, x: float = 0) -> np.ndarray:
        growth, form = law(price, x)
        factor, rule = carried(price, place)
        spread = math.log(number(price["p95"]) / number(price["p05"])) / (2 * Z95)
        value = number(price["median"]) * factor * growth
        noise = math.hypot(spread, rule) * self.normal(key) + form * self.normal(key + " form")
        return value * np.exp(noise)


def system_rows(file: h5py.File, system: str, group: str) -> list[Row]:
    columns = {
        name: data.asstr()[()] if data.dtype.kind == "O" else data[()] for name, data in file[group].items()
    }
    size = len(columns["system"])
    return [
        {name: values[i] for name, values in columns.items() if len(values) == size}
        for i in range(size)
        if columns["system"][i] == system
    ]


def cells_on_a_line(entries: list[Row], holdings: list[Row], entry: Row) -> float:
    """Every cell of a component is on two of its lines; the offset of a comparator has one cell of its own."""

    def mine(row: Row) -> bool:
        return row["component"] == entry["component"] and row.get("layer", "") == entry.get("layer", "")

    def held(part: str) -> float:
        return sum(row["count"] for row in holdings if row["part"] == part and mine(row))

    decided = sum(
        row["count"]
        for row in entries
        if row["action"] == "comparator_decision" and mine(row) and row["stage"] == entry["stage"]
    )
    offsets = min(1.0, decided / entry["count"]) if entry["count"] else 0.0
    return (1 - offsets) * 2 * held("cell") / held("line_driver") + offsets


def bill(file: h5py.File, system: str, place: Table, draws: Draws) -> dict[str, np.ndarray]:
    entries, holdings = system_rows(file, system, "tally"), system_rows(file, system, "holdings")
    energy, latency, power = (place.get(name, {}) for name in ("energy", "latency", "power"))
    kept = sum(
        held["count"] * {"memory_byte": 1, "buffer_bit": 0.125, "weight_bit": 0.125}.get(held["part"], 0)
        for held in holdings
    )
    near = place.get("on_chip", {}) if 0 < kept <= number(place.get("memory", 0)) else {}
    design = place.get("design", {})

    def designed(names: list[str], name: str, price: Table, value: np.ndarray) -> np.ndarray:
        if name not in names or number(price["p05"]) == number(price["p95"]):
            return value
        return value * draws.of("design", design["factor"], place)

    def doubt(action: str) -> np.ndarray | float:
        key = "t_read" if action == "array_read" else "t_pulse"
        times = place.get("times", {})
        return draws.of(key, times[key], place) if key in times else 1.0

    core = np.zeros(draws.count + 1)
    seconds = np.zeros(draws.count + 1)
    piped: dict[tuple[str, ...], dict[str, np.ndarray]] = defaultdict(dict)
    for entry in entries:
        action, x, count = entry["action"], entry["parameter"], entry["count"]
        if action in near:
            core = core + count * draws.of("near " + action, near[action], place, x)
        elif action in energy:
            price = energy[action]
            cells = cells_on_a_line(entries, holdings, entry) if price.get("per") == "cell" else 1
            line = count * cells * draws.of("energy " + action, price, place, x)
            core = core + designed(design.get("energy", []), action, price, line)
        if entry["joules"] > 0:
            core = core + entry["joules"] * draws.of("supply", place["supply"], place) * doubt(action)
        time = np.zeros(draws.count + 1)
        if action in latency:
            time = entry["serial"] * draws.of("latency " + action, latency[action], place, x)
        if entry["duration"] > 0:
            time = time + entry["duration"] * doubt(action)
        if entry["overlapped"]:
            lane = piped[entry["stage"], entry["component"], str(entry.get("layer", ""))]
            lane[action] = lane.get(action, 0) + time
        else:
            seconds = seconds + time
    for lane in piped.values():
        seconds = seconds + np.max(list(lane.values()), axis=0)
    chips = 0.0
    for held in holdings:
        part = held["part"]
        chips += held["count"] if part == "chip" else 0
        if part in power:
            watts = held["count"] * draws.of("power " + part, power[part], place, held["parameter"])
            core = core + designed(design.get("power", []), part, power[part], watts) * seconds
    for name, price in place.get("background", {}).items():
        core = core + max(1.0, chips) * draws.of("background " + name, price, place) * seconds
    out = {"time_s": seconds}
    if "around" not in place:
        return out | {"energy_core_J": core}
    around = place["around"]
    overhead = draws.of("overhead", around["overhead"], place)
    if place.get("boundary") == "node":
        return out | {"energy_core_J": core / overhead, "energy_node_J": core}
    out["energy_core_J"] = core
    out["energy_node_J"] = core * overhead
    if "host" in around:
        host = draws.of("host", around["host"], place) / around.get("chips_per_host", 1) * seconds
        out["energy_host_J"] = host
        out["energy_node_J"] = out["energy_node_J"] + host
    return out


ANALOG = QUICK + "array = {kind = 'analog', device = {base = 'devices/gokmen_vlasov'}}\n"
RUNS = {
    "analog": ANALOG + "twin_formats = ['int8', 'bf16']\n",
    "piped": ANALOG.replace("'analog',", "'analog', pipelined = true, copies = 2, tile_rows = 4, tile_cols = 3,"),
    "comparator": ANALOG.replace("batch = 4}", "batch = 4, statistics = 'samples'}") + "neuron = {kind = 'comparator'}\n",
}
BILLS = [
    ("analog", "default"), ("analog", "silicon"), ("analog", "projection"),
    ("piped", "default"), ("comparator", "default"), ("comparator", "silicon"),
]  # fmt: skip


@pytest.mark.parametrize(("run", "prices"), BILLS)
def test_every_bill_is_found_again_from_the_tally_and_the_price_list(ohmlab: Ohmlab, run: str, prices: str) -> None:
    (ohmlab.folder / "run.toml").write_text(RUNS[run])
    ohmlab("run", "run.toml", "--out", "r.h5")
    said = json.loads(ohmlab("price", "r.h5", "--prices", prices, "--draws", "20000", "--json").out)["r.h5"]
    places = price_list(prices)["places"]
    assert len(said) >= 11
    draws = 20_000
    with h5py.File(ohmlab.folder / "r.h5") as file:
        for row in said:
            assert row["unpriced"] == ""
            found = bill(file, row["system"], places[row["place"]], Draws(draws))
            for key, values in found.items():
                where = (row["system"], row["place"], key)
                assert row[key]["nominal"] == pytest.approx(values[0], rel=1e-9), where
                low, high = np.quantile(values[1:], [0.05, 0.95])
                # Other draws of the same laws: percentiles differ by chance, more where they are wide.
                width = math.log(high / low) if low > 0 else 0
                assert abs(math.log(row[key]["p05"] / low)) < 0.02 + 0.03 * width, where
                assert abs(math.log(row[key]["p95"] / high)) < 0.02 + 0.03 * width, where
