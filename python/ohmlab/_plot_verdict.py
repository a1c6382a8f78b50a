"""Pictures of a verdict. Each takes what `ohmlab.results.load_verdict` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ohmlab._plot_base import COLOURS, FAINT, GREY, INK, MARKERS, ON, axis_of, empty, figure_of, fold, legend_below
from ohmlab._plot_bill import joules_axis, quality_over_joules, trained

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ohmlab import _core
    from ohmlab._stored_verdict import StoredVerdict

__all__ = ["verdict", "verdict_ahead", "verdict_causes", "verdict_costs", "verdict_learning", "verdict_parts"]


def verdict(found: StoredVerdict, *, prices: _core.Prices | None = None) -> Figure:
    """The verdict on one sheet: learning over joules, cost over levels, probability ahead, what stands in the way."""
    figure = figure_of(10.5, 11.5)
    learning, ladder, ahead, causes = (figure.add_subplot(2, 2, k) for k in (1, 2, 3, 4))
    verdict_learning(found, learning, prices=prices)
    verdict_costs(found, "node", ladder)
    verdict_ahead(found, "node", ahead)
    verdict_causes(found, causes)
    figure.suptitle(fold(found.report[0], 90), fontsize=11)
    return figure


def verdict_learning(
    found: StoredVerdict, axis: Axes | None = None, *, prices: _core.Prices | None = None, boundary: str = "node"
) -> Axes:
    """Quality over joules: every instance of every machine in its cheapest setting, and the level that is compared.

    Instances of one machine share a colour. Machines whose runs are not beside the file are left out.
    """
    axis = axis_of(axis, 4.6)
    axis.set_title("Quality over joules")
    drawn = 0
    for machine in range(len(found.machines)):
        title = str(found.cube["title"].values[machine])
        labelled = False
        for run in found.of_machine(machine):
            curves = quality_over_joules(run, found.metric, boundary=boundary, prices=prices)
            if title not in curves:
                continue
            joules, quality = trained(*curves[title])
            axis.plot(
                joules,
                quality,
                color=COLOURS[machine % len(COLOURS)],
                linewidth=1,
                alpha=0.75,
                marker=MARKERS[machine % len(MARKERS)],
                markersize=4,
                markevery=[len(joules) - 1],
                label="" if labelled else found.name_of(machine),
            )
            labelled = True
            drawn += 1
    if not drawn:
        return empty(axis, "no run of a machine with a bill is beside the file")
    axis.set_xscale("log")
    if found.level is not None:
        axis.axhline(
            found.level, color=INK, linestyle="--", linewidth=1, label=f"level compared, {found.level:g} {found.unit}"
        )
    untrained = found.group("learning")
    if untrained is not None:
        value = float(untrained["untrained"])
        axis.axhline(value, color=GREY, linestyle=":", linewidth=1, label=f"untrained, {value:.4g} {found.unit}")
        high = axis.get_ylim()[1]
        axis.set_ylim(value - 0.05 * (high - value), high)
    axis.set_ylabel(_quality(found))
    joules_axis(axis, f"energy so far at the {boundary}, median prices")
    axis.grid(color=FAINT, linewidth=0.6)
    return legend_below(axis, 1)


def verdict_costs(found: StoredVerdict, boundary: str = "node", axis: Axes | None = None) -> Axes:
    """Cost at equal quality: joules, or seconds with `boundary` "seconds", of the middle instance over all levels, with
    the 5th to 95th percentile of the prices. A line ends where most instances arrive no more."""
    axis = axis_of(axis, 4.6)
    time = boundary == "seconds"
    axis.set_title("Time at equal quality" if time else f"Joules at equal quality, {_where(boundary)}")
    if not found.machines:
        return empty(axis, "no machine is billed")
    cube = found.cube
    cost = {
        name: cube[f"seconds{name}"] if time else cube[f"joules{name}"].sel(boundary=boundary)
        for name in ("", "_p05", "_p95")
    }
    levels = cube["level"].values
    if not (cost[""].values == cost[""].values).any():
        return empty(axis, "no machine with a bill reaches any of the levels")
    for machine in range(len(found.machines)):
        colour = COLOURS[machine % len(COLOURS)]
        middle = cost[""].values[:, machine]
        if not (middle == middle).any():
            continue
        axis.fill_between(
            levels,
            cost["_p05"].values[:, machine],
            cost["_p95"].values[:, machine],
            color=colour,
            alpha=0.13,
            linewidth=0,
        )
        axis.plot(
            levels,
            middle,
            color=colour,
            marker=MARKERS[machine % len(MARKERS)],
            markersize=4,
            label=found.name_of(machine),
        )
    axis.set_yscale("log")
    if found.level is not None:
        axis.axvline(found.level, color=INK, linestyle="--", linewidth=1, label="level compared")
    axis.set_xlabel(_quality(found))
    joules_axis(axis, "time to the level" if time else "energy to the level", "s" if time else "J", vertical=True)
    axis.grid(color=FAINT, linewidth=0.6)
    return legend_below(axis, 1)


def verdict_ahead(found: StoredVerdict, measure: str = "node", axis: Axes | None = None) -> Axes:
    """Probability that the analog machine pays less than each digital one at the compared level, with its standard
    error; the same if prices alone, or instances alone, are uncertain."""
    digital = [k for k in range(len(found.machines)) if str(found.cube["side"].values[k]) != "analog"]
    axis = axis_of(axis, 1.8 + 0.52 * max(2, len(digital)))
    axis.set_title(f"Analog ahead, {_where(measure)}")
    if found.level is None or not digital:
        return empty(axis, "no level is compared")
    at = found.cube.sel(level=found.level, measure=measure)
    names = []
    for place, k in enumerate(digital):
        names.append(fold(found.name_of(k), 30))
        values = {
            key: 100 * float(at[key].values[k])
            for key in ("ahead", "ahead_error", "ahead_prices_alone", "ahead_instances_alone")
        }
        if values["ahead"] != values["ahead"]:
            axis.text(50, place, "no bill here", ha="center", va="center", fontsize=8.5)
            continue
        axis.errorbar(
            values["ahead"], place - 0.2, xerr=values["ahead_error"], fmt="o", color=COLOURS[0], capsize=3, markersize=5
        )
        axis.plot(values["ahead_prices_alone"], place, "D", color=COLOURS[1], markersize=4.5)
        axis.plot(values["ahead_instances_alone"], place + 0.2, "s", color=COLOURS[2], markersize=4.5)
    labels = ["all together, with its standard error", "prices alone uncertain", "devices and arrivals alone uncertain"]
    for k, (label, marker) in enumerate(zip(labels, "oDs", strict=True)):
        axis.plot([], [], marker, color=COLOURS[k], label=label)
    axis.axvline(50, color=GREY, linewidth=0.8, linestyle=":")
    axis.set_yticks(range(len(digital)), names, fontsize=8.5)
    axis.set(ylim=(len(digital) - 0.5, -0.5), xlim=(-3, 103), xlabel="probability that the analog machine pays less, %")
    axis.grid(axis="x", color=FAINT, linewidth=0.6)
    axis.set_axisbelow(True)
    return legend_below(axis, 1)


def verdict_causes(found: StoredVerdict, axis: Axes | None = None) -> Axes:
    """What stands in the way of quality: gain on the validation examples if one property is removed. Shaded: the
    scatter of instances, within which a gain means nothing."""
    causes = found.group("causes")
    rows = [] if causes is None else list(zip(causes["removed"].values, causes["gain"].values, strict=True))
    axis = axis_of(axis, 1.7 + 0.42 * max(2, len(rows)))
    axis.set_title("In the way of quality")
    if not rows:
        return empty(axis, "no property was removed: the device has none of those in the task, or none was asked for")
    if (scatter := scatter_of(found)) > 0:
        axis.axvspan(
            -scatter,
            scatter,
            color=FAINT,
            alpha=0.7,
            linewidth=0,
            label=f"scatter of instances, {scatter:.2g} {found.unit}",
        )
    for place, (_, gain) in enumerate(rows):
        axis.barh(place, float(gain), height=0.55, color=COLOURS[0] if gain > 0 else COLOURS[1])
    axis.axvline(0, color=INK, linewidth=0.8)
    axis.set_yticks(range(len(rows)), [fold("without " + str(name), 30) for name, _ in rows], fontsize=8.5)
    axis.set(ylim=(len(rows) - 0.5, -0.5), xlabel=f"gain of quality on validation, {found.unit}")
    axis.grid(axis="x", color=FAINT, linewidth=0.6)
    axis.set_axisbelow(True)
    return legend_below(axis, 1)


def verdict_parts(found: StoredVerdict, axis: Axes | None = None) -> Axes:
    """Parts of the analog joules at the compared level, at the node: all of them, and those without the host."""
    parts = found.group("parts")
    axis = axis_of(axis, 3.4)
    axis.set_title("Parts of the analog joules at the node")
    if parts is None:
        return empty(axis, "the analog machine has no bill at the compared level")
    shares = {str(name): float(share) for name, share in zip(parts["part"].values, parts["share"].values, strict=True)}
    host = shares.get("host", 0.0)
    rows = [("all, with the host", shares)]
    if host > 0:
        rows.append(
            ("without the host", {name: share / (1 - host) for name, share in shares.items() if name != "host"})
        )
    for place, (title, row) in enumerate(rows):
        left = 0.0
        axis.text(0, place - 0.29, title, ha="left", va="bottom", fontsize=8.5)
        for k, name in enumerate(shares):
            share = 100 * row.get(name, 0)
            axis.barh(
                place,
                share,
                left=left,
                height=0.5,
                color=COLOURS[k % len(COLOURS)],
                edgecolor=FAINT,
                linewidth=0.4,
                label="" if place else name,
            )
            if share >= 9:
                axis.text(left + share / 2, place, f"{share:.0f} %", ha="center", va="center", fontsize=8.5, color=ON)
            left += share
    for side in ("left", "right", "top"):
        axis.spines[side].set_visible(False)
    axis.set(xlim=(0, 100), ylim=(len(rows) - 0.6, -0.75), yticks=[], xlabel="share, %")
    return legend_below(axis, 3)


def scatter_of(found: StoredVerdict) -> float:
    """Largest less smallest quality on the test among the instances of the best analog setting; 0 for one instance."""
    learning = found.group("learning")
    if learning is None:
        return 0.0
    by: dict[str, list[float]] = {}
    for setting, best in zip(learning["setting"].values, learning["best"].values, strict=True):
        by.setdefault(str(setting), []).append(float(best))
    first = next(iter(by.values()), [0.0])
    return max(first) - min(first)


def _quality(found: StoredVerdict) -> str:
    return f"{found.metric.replace('_', ' ')}, {found.unit}"


def _where(measure: str) -> str:
    return {"core": "core", "without_hosts": "node without hosts", "node": "node with its host", "seconds": "time"}[
        measure
    ]
