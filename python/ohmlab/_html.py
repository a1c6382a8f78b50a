"""Small tables for notebooks: what Jupyter shows of results, bills, devices and verdicts.

Without Jinja2 there are none, and notebooks show the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ohmlab import _core
from ohmlab._format import amount, band, number, of_draws, percent

if TYPE_CHECKING:
    from ohmlab import results

__all__ = ["give", "of_result", "of_rows", "of_verdict"]


def _small(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[str] = ()) -> str | None:
    try:
        from ohmlab._page import Table, template
    except ImportError:  # without the packages of pages
        return None
    try:
        found = template("small.html.jinja")
    except ImportError:
        return None
    return found.render(title=title, lines=lines, table=Table("", head, rows) if rows else None)


def _bill(bill: _core.Bill) -> str | None:
    rows = [
        [where, of_draws(draws, "J"), ""]
        for where in ("core", "node", "facility")
        if (draws := bill.at(where)) is not None
    ]
    if bill.host is not None:
        rows.append(["host, in the node", of_draws(bill.host, "J"), ""])
    rows.append(["time", of_draws(bill.seconds, "s"), ""])
    area = bill.area
    rows.append(
        ["area", f"{number(1e6 * area.nominal, 3)} [{number(1e6 * area.p05, 3)}, {number(1e6 * area.p95, 3)}] mm²", ""]
    )
    groups = sorted(bill.groups.items(), key=lambda item: -item[1].nominal)
    total = sum(draws.nominal for _, draws in groups)
    rows += [
        [name, of_draws(draws, "J"), percent(draws.nominal / total)] for name, draws in groups if draws.nominal > 0
    ]
    return _small(
        "Bill: median [5th, 95th percentile of the prices]", ["part", "cost", f"share at the {bill.boundary}"], rows
    )


def machines(rows: Sequence[_core.PricedSystem]) -> tuple[list[str], list[list[str]]]:
    """Machines beside each other: head of a table, and its rows."""
    cells = []
    for row in rows:
        bill = row.bill
        if bill is None:
            cells.append([row.title, f"not billed: no {row.unpriced}", "–", "–", "–"])
            continue
        joules = [of_draws(draws, "J") if (draws := bill.at(where)) else "not priced" for where in ("core", "node")]
        cells.append([row.title, row.place_title, *joules, of_draws(bill.seconds, "s")])
    return ["machine", "priced as", "core", "node", "time"], cells


def of_rows(rows: Sequence[_core.PricedSystem]) -> str | None:
    """Machines beside each other."""
    return _small("", *machines(rows))


def _quality_bill(found: _core.QualityBill) -> str | None:
    if not found.reached:
        best = f", best {number(found.best[1])}" if found.best else ""
        return _small(f"{found.metric} {number(found.target)} {found.unit}: not reached{best}", [], [])
    return of_rows(found.bills)


def _device(device: _core.Device) -> str | None:
    units = {"g": "S", "v": "V", "t": "s"}
    rows = [
        [name, "no source is cited" if value is None else amount(value, units[name[0]])]
        for name, value in device.operating_point.items()
    ]
    rows.append(["states", "–" if device.states is None else number(device.states)])
    rows.append(["symmetry point", "none" if device.symmetry_point is None else number(device.symmetry_point)])
    for question, answer in device.parameters.items():
        if isinstance(answer, dict) and "kind" in answer:
            rows.append([question.replace("_", " "), str(answer["kind"]).replace("_", " ")])
    return _small("Device", ["quantity", "value"], rows, [device.source] if device.source else [])


def of_result(result: results.Result) -> str | None:
    """Final figures of a result."""
    stored = result.quality
    rows = [
        [
            str(stored[name].attrs["long_name"]),
            number(float(stored[name]), 5),
            "" if stored[name].attrs["units"] == "1" else stored[name].attrs["units"],
        ]
        for name in stored.data_vars
    ]
    return _small(f"Result {result.file}", ["figure", "value", "unit"], rows, result.warnings)


def _outcome(outcome: _core.Outcome) -> str | None:
    rows = [[name.replace("_", " "), number(value, 5)] for name, value in outcome.quality.items()]
    return _small(f"Result {outcome.file}", ["figure", "value"], rows, outcome.warnings)


def of_verdict(lines: Sequence[str], machines: Sequence[Sequence[str]]) -> str | None:
    """The first lines of a verdict and its machines."""
    return _small("", ["machine", "instances that reach it", "core", "node", "time"], machines, lines)


def _verdict(found: _core.Verdict) -> str | None:
    lines = str(found).split("\n")
    first = lines[: next((k for k, line in enumerate(lines) if line.startswith("To ")), len(lines))]
    machines = []
    if found.compared is not None:
        for row in found.compared.machines:
            costs = [
                _band(row.cost.get("core"), "J"),
                _band(row.cost.get("node"), "J"),
                _band(row.cost.get("seconds"), "s"),
            ]
            machines.append([row.title, f"{row.reached} of {row.instances}", *costs])
    return of_verdict(first, machines)


def _band(found: _core.Band | None, unit: str) -> str:
    return "–" if found is None else band(found.nominal, found.p05, found.p95, unit)


def give() -> None:
    """Gives the classes of the C++ side their tables."""
    shown: list[tuple[Any, Callable[[Any], str | None]]] = [
        (_core.Bill, _bill),
        (_core.PricedSystem, lambda row: of_rows([row])),
        (_core.QualityBill, _quality_bill),
        (_core.Device, _device),
        (_core.Outcome, _outcome),
        (_core.Verdict, _verdict),
    ]
    for kind, table in shown:
        kind._repr_html_ = _method(table)


def _method(table: Callable[[Any], str | None]) -> Callable[[object], str | None]:
    def _repr_html_(self: object) -> str | None:
        """A small table, as notebooks show it; None without Jinja2."""
        return table(self)

    return _repr_html_
