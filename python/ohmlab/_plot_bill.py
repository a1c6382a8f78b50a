"""Pictures of bills: parts of one machine, machines beside each other, learning over joules, prices that matter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ohmlab import _core, results
from ohmlab._format import amount, of_draws, scaled
from ohmlab._plot_base import (
    BLUE,
    COLOURS,
    FAINT,
    GREY,
    MARKERS,
    ON,
    axis_of,
    empty,
    fold,
    legend_below,
    panels_below,
    words,
)

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "Parts",
    "bill",
    "bills",
    "joules_axis",
    "learning",
    "main_metric",
    "metrics",
    "parts_of",
    "quality_over_joules",
    "tornado",
]

BOUNDARIES = {
    "core": "core: array or chip with its edge and memory",
    "without_hosts": "node without its host",
    "node": "node at the plug, with its host",
    "facility": "facility at the building's meter",
}
_WAYS = {"groups": "kind of work", "components": "component", "actions": "action", "layers": "layer"}
_WAYS |= {"stages": "stage of the schedule"}
# Parts that many bills have keep their colour in all of them.
_COLOUR_OF = {"host": 0, "idle": 1, "links, fans, supply": 7, "digital": 2, "cells": 3, "periphery": 4}
_COLOUR_OF |= {"random numbers": 5, "memory": 6}


class Parts(NamedTuple):
    """All joules of one machine at one boundary. The nominal values of `parts` add up to that of `total`."""

    boundary: str
    total: _core.Draws
    parts: dict[str, float]


def parts_of(found: _core.Bill, by: str = "groups") -> list[Parts]:
    """Joules at each boundary that the bill has, split at the bill's own boundary and wider ones.

    A wider boundary adds its host, and all that is reckoned by a factor as one part of its own. A narrower one is not
    split: the bill does not say what of a part belongs to it.
    """
    own: Mapping[str, _core.Draws] = getattr(found, by)
    inside = {label: line.nominal for label, line in own.items() if line.nominal > 0}
    sum_inside = sum(inside.values())
    rows: list[Parts] = []
    host = found.host.nominal if found.host is not None else 0.0
    order = ["core", "without_hosts", "node", "facility"]
    for where in order:
        total = found.without_host if where == "without_hosts" else found.at(where)
        if total is None or (where == "without_hosts" and found.host is None):
            continue
        if order.index(where) < order.index(found.boundary):
            rows.append(Parts(where, total, {"not split at this boundary": total.nominal}))
            continue
        parts = dict(inside)
        if where != found.boundary:
            added = 0.0 if where == "without_hosts" else host
            if added > 0:
                parts["host"] = added
            rest = total.nominal - sum_inside - added
            if rest > 1e-9 * total.nominal:
                parts["links, fans, supply, building" if where == "facility" else "links, fans, supply"] = rest
        rows.append(Parts(where, total, parts))
    return rows


def bill(found: _core.Bill | _core.PricedSystem, axis: Axes | None = None, *, by: str = "groups") -> Axes:
    """Joules of one machine by part, at each boundary as shares of 100 %. All parts are drawn; those below 0.5 % are
    one segment. `by`: "groups" (kinds of work), "components", "actions", "stages" or "layers".

    Raises `ValueError` if the machine has no bill.
    """
    if by not in _WAYS:
        raise ValueError(f'by: "{by}": expected one of {", ".join(_WAYS)}')
    rows = parts_of(_bill_of(found), by)
    sizes = {
        label: max(row.parts.get(label, 0) / row.total.nominal for row in rows) for row in rows for label in row.parts
    }
    shown = sorted((label for label, share in sizes.items() if share >= 0.005), key=lambda label: -sizes[label])
    shown = shown[:11]
    looks = _looks(shown)
    axis = axis_of(axis, 1.2 + 0.62 * len(rows) + 0.2 * ((len(shown) + 2) // 2))
    for place, row in enumerate(rows):
        left = 0.0
        others = 100 - sum(100 * row.parts.get(label, 0) / row.total.nominal for label in shown)
        for label in [*shown, ""]:
            share = 100 * row.parts.get(label, 0) / row.total.nominal if label else others
            if share <= 1e-9:
                continue
            axis.barh(place, share, left=left, height=0.5, edgecolor=FAINT, linewidth=0.4, **looks[label])
            if share >= 9:
                text = f"{share:.0f} %"
                axis.text(left + share / 2, place, text, ha="center", va="center", fontsize=8.5, color=ON)
            left += share
        text = f"{BOUNDARIES[row.boundary]}: {of_draws(row.total, 'J')}"
        axis.text(0, place - 0.29, text, ha="left", va="bottom", fontsize=8.5)
    for label in shown:
        axis.fill_between([], [], edgecolor=FAINT, linewidth=0.4, label=words(label), **looks[label])
    if few := sum(label not in shown for label in sizes):
        axis.fill_between([], [], color=GREY, label=f"{few} part{'s' if few > 1 else ''} below 0.5 %")
    for side in ("left", "right", "top"):
        axis.spines[side].set_visible(False)
    axis.set(xlim=(0, 100), ylim=(len(rows) - 0.6, -0.75), yticks=[])
    axis.set(title=f"Joules by {_WAYS[by]}", xlabel="share of the joules at the boundary, %")
    return legend_below(axis)


def _looks(labels: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Colour and hatching of each part, and of "", the small ones together."""
    free = [k for k in range(len(COLOURS)) if k not in {_COLOUR_OF.get(label) for label in labels}]
    free += range(len(COLOURS))
    out: dict[str, dict[str, Any]] = {"": {"color": GREY}}
    used: set[int] = set()
    for label in labels:
        k = _COLOUR_OF[label] if label in _COLOUR_OF else free.pop(0)
        out[label] = {"facecolor": COLOURS[k], "hatch": "////" if k in used else None}
        used.add(k)
    return out


def bills(rows: Sequence[_core.PricedSystem] | results.Result, axis: Axes | None = None) -> Axes:
    """Joules of machines beside each other, at the core and at the node: medians with 5th and 95th percentile of the
    prices. Machines without a bill are named in the margin."""
    priced = rows.bills() if isinstance(rows, results.Result) else list(rows)
    axis = axis_of(axis, 1.4 + 0.56 * len(priced))
    axis.set_title("Joules of each machine")
    if not any(row.bill is not None for row in priced):
        return empty(axis, "no machine of this result has a bill")
    names = []
    for place, row in enumerate(priced):
        title = row.title if row.place_title in ("", row.title) else f"{row.title}: {row.place_title}"
        found = row.bill
        if found is None:
            names.append(fold(f"{title} (no bill)", 38))
            continue
        names.append(fold(title, 38))
        for k, where in enumerate(("core", "node")):
            draws = found.at(where)
            if draws is None or draws.nominal <= 0:
                continue
            band = draws.band
            axis.errorbar(
                band.nominal,
                place + 0.16 * (2 * k - 1),
                xerr=[[max(0, band.nominal - band.p05)], [max(0, band.p95 - band.nominal)]],
                fmt=MARKERS[k],
                color=COLOURS[k],
                markersize=5,
                capsize=3,
                linewidth=1.2,
            )
    for k, label in enumerate(("core", "node at the plug, with its host")):
        axis.plot([], [], MARKERS[k], color=COLOURS[k], label=label)
    axis.set_yticks(range(len(priced)), names, fontsize=8)
    axis.set(ylim=(len(priced) - 0.5, -0.5), xscale="log")
    joules_axis(axis, "energy: median, 5th to 95th percentile")
    axis.grid(axis="x", color=FAINT, linewidth=0.6)
    axis.set_axisbelow(True)
    return legend_below(axis)


def metrics(found: results.Result) -> Figure:
    """All metrics of a run over its axis. Those of one unit and of overlapping ranges share a panel.

    Raises `ValueError` if the result has none.
    """
    table = found.metrics
    if not table.data_vars:
        raise ValueError(f"{found.file}: no metrics are stored on the way")
    (name,) = table.sizes
    groups = _alike(table)
    figure, axes = panels_below(len(groups), 3.1)
    at = table[name]
    log = name == "age" and float(at.min()) > 0
    for axis, keys in zip(axes, groups, strict=True):
        for k, key in enumerate(keys):
            meaning = str(table[key].attrs["long_name"])
            few = at.size < 25
            axis.plot(at, table[key], MARKERS[k] + "-" if few else "-", markersize=3.5, color=COLOURS[k], label=meaning)
            if (error := f"{key}_se") in table:
                ends = table[key] - table[error], table[key] + table[error]
                axis.fill_between(at, *ends, color=COLOURS[k], alpha=0.2, linewidth=0, label="its standard error")
        unit = table[keys[0]].attrs["units"]
        axis.set(xlabel=_with_unit(str(name), str(at.attrs["units"])), ylabel="" if unit == "1" else unit)
        if log:
            axis.set_xscale("log")
        axis.grid(color=FAINT, linewidth=0.6)
        legend_below(axis, 1)
    axes[0].set_title("Quality on the way")
    return figure


def quality_over_joules(
    found: results.Result, metric: str, *, boundary: str = "", prices: _core.Prices | None = None
) -> dict[str, tuple[list[float], list[float]]]:
    """By place: joules at the medians of the prices, and the metric, at each evaluation. At the node, or at the core
    if the list does not price the node. Empty if the experiment keeps no history."""
    out: dict[str, tuple[list[float], list[float]]] = {}
    values = found.metrics[metric].values
    for rows, value in zip(found.bills_along(prices), values, strict=True):
        for row in rows:
            if row.bill is None or row.bound:
                continue
            draws = row.bill.at(boundary) if boundary else (row.bill.node or row.bill.core)
            if draws is None or draws.nominal <= 0:
                continue
            joules, quality = out.setdefault(row.place_title, ([], []))
            joules.append(draws.nominal)
            quality.append(float(value))
    return out


def trained(joules: list[float], quality: list[float]) -> tuple[list[float], list[float]]:
    """A curve without its first evaluation, which is that of the untrained machine, if others follow."""
    return (joules[1:], quality[1:]) if len(joules) > 2 else (joules, quality)


def learning(
    found: results.Result | Mapping[str, results.Result],
    metric: str = "",
    axis: Axes | None = None,
    *,
    boundary: str = "",
    level: float | None = None,
    prices: _core.Prices | None = None,
) -> Axes:
    """Quality of the machine that ran over the joules that it has taken by then, at each place that prices it.

    `found` is a result, or results by their names. The metric is by default the first one of the test examples.
    Raises `ValueError` if a result has no such metric.
    """
    named = {"": found} if isinstance(found, results.Result) else found
    axis = axis_of(axis, 4.0)
    drawn = 0
    for name, one in named.items():
        key = metric or main_metric(one)
        for place, (joules, quality) in quality_over_joules(one, key, boundary=boundary, prices=prices).items():
            joules, quality = trained(joules, quality)
            label = f"{name}: {place}" if name else place
            axis.plot(
                joules,
                quality,
                "-",
                color=COLOURS[drawn % len(COLOURS)],
                marker=MARKERS[drawn % len(MARKERS)],
                markersize=3,
                label=label,
            )
            drawn += 1
    axis.set_title("Quality over joules")
    if not drawn:
        return empty(axis, "no machine of this result has a bill at each evaluation")
    first = next(iter(named.values())).metrics[key]
    if level is not None:
        axis.axhline(level, color=GREY, linestyle="--", linewidth=1, label=f"level {level:g}")
    axis.set(xscale="log", ylabel=fold(_with_unit(str(first.attrs["long_name"]), str(first.attrs["units"])), 40))
    joules_axis(axis, f"energy so far at the {boundary or 'node'}, median prices")
    axis.grid(color=FAINT, linewidth=0.6)
    return legend_below(axis, 1)


def main_metric(found: results.Result) -> str:
    """The first metric of the test examples, else the first metric."""
    names = [str(name) for name in found.metrics.data_vars]
    if not names:
        raise ValueError(f"{found.file}: no metrics are stored on the way")
    for good in ("test_log_likelihood", "test_error", "test_accuracy", "ais_test_log_likelihood"):
        if good in names:
            return good
    return next((name for name in names if name.startswith("test_")), names[0])


def tornado(
    found: results.Result, axis: Axes | None = None, *, prices: _core.Prices | None = None, most: int = 12
) -> Axes:
    """Prices that move the bill of the first machine most: its joules with one price alone at its 5th and at its 95th
    percentile."""
    rows = found.tornado(prices)[:most]
    axis = axis_of(axis, 1.3 + 0.34 * max(len(rows), 2))
    axis.set_title("Prices that move the bill most")
    if not rows:
        return empty(axis, "no price of this bill has a band")
    factor, unit = scaled(max(high for _, _, high in rows), "J")
    middle = found.bills(prices, draws=0)[0].bill
    if middle is not None:
        nominal = (middle.node or middle.core or next(iter(middle.groups.values()))).nominal
        axis.axvline(nominal * factor, color=GREY, linewidth=0.9, linestyle=":")
    for place, (_, low, high) in enumerate(rows):
        low, high = sorted((low * factor, high * factor))
        axis.plot([low, high], [place, place], color=BLUE, linewidth=7, solid_capstyle="butt")
    axis.set_yticks(range(len(rows)), [fold(_price_name(key), 38) for key, _, _ in rows], fontsize=8)
    axis.set(ylim=(len(rows) - 0.5, -0.5), xlabel=f"energy, {unit}, one price alone\nat its 5th and 95th percentile")
    axis.xaxis.label.set_fontsize(9)
    axis.grid(axis="x", color=FAINT, linewidth=0.6)
    axis.set_axisbelow(True)
    return axis


def _alike(table: xarray.Dataset) -> list[list[str]]:
    """Names of metrics in groups of one unit and overlapping ranges, at most five each, metrics of test examples
    first. Standard errors belong to their metrics."""
    import numpy

    groups: list[tuple[str, float, float, list[str]]] = []
    names = [str(name) for name in table.data_vars if not (str(name).endswith("_se") and str(name)[:-3] in table)]
    for name in sorted(names, key=lambda key: not key.startswith(("test_", "ais_test"))):
        values = table[name].values
        if not numpy.isfinite(values).any():
            continue
        unit, low, high = str(table[name].attrs["units"]), float(numpy.nanmin(values)), float(numpy.nanmax(values))
        for k, (its, least, most, keys) in enumerate(groups):
            if unit == its and low <= most and high >= least and len(keys) < 5:
                groups[k] = (unit, min(low, least), max(high, most), [*keys, name])
                break
        else:
            groups.append((unit, low, high, [name]))
    return [keys for *_, keys in groups]


def _price_name(key: str) -> str:
    return key.removeprefix("places.").replace("_", " ").replace(".", ", ")


def _bill_of(found: _core.Bill | _core.PricedSystem) -> _core.Bill:
    if isinstance(found, _core.Bill):
        return found
    if found.bill is None:
        raise ValueError(f"{found.title}: not billed: no {found.unpriced}")
    return found.bill


def _with_unit(name: str, unit: str) -> str:
    return name if unit in ("", "1") else f"{name}, {unit}"


def joules_axis(axis: Axes, label: str, unit: str = "J", *, vertical: bool = False) -> None:
    """Joules or seconds with SI prefixes on a log axis."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = axis.get_ylim() if vertical else axis.get_xlim()
    step = max(1, math.ceil(math.log10(high / low) / 6)) if low > 0 else 1
    named = axis.yaxis if vertical else axis.xaxis
    named.set_major_locator(LogLocator(10.0**step))
    named.set_major_formatter(FuncFormatter(lambda value, _: amount(value, unit)))
    named.set_minor_formatter(NullFormatter())
    named.set_label_text(label)
