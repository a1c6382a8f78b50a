"""Pictures of cells: a characterised device, and a preset under pulses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ohmlab import results
from ohmlab._format import scaled
from ohmlab._plot_base import BLUE, FAINT, GREY, INK, ORANGE, WIDTH, axis_of, legend_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from xarray import Dataset

    from ohmlab import _core

__all__ = [
    "characterization",
    "device",
    "drift",
    "panels_of",
    "programming_error",
    "pulse_curve",
    "read_noise",
    "steps",
    "symmetry",
]


def characterization(result: results.Result) -> Figure:
    """All pictures of a result of kind "characterize" that the device has something for: pulse response, steps,
    symmetry point, programming error, drift and read noise.

    Raises `ValueError` for a result of another kind.
    """
    import matplotlib.pyplot as plt

    _require(result)
    panels = panels_of(result)
    columns = 2
    rows = -(-len(panels) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(2 * WIDTH, 4.2 * rows), squeeze=False, layout="constrained")
    for axis, panel in zip(axes.flat, panels, strict=False):
        panel(result, axis)
    for axis in axes.flat[len(panels) :]:
        axis.remove()
    kind = result.config["device"]["pulse"]["kind"].replace("_", " ")
    cells = result.config["cells"]
    figure.suptitle(f"{cells} cells, pulse response: {kind}")
    return figure


def pulse_curve(result: results.Result, axis: Axes | None = None) -> Axes:
    """Conductance, or state where the device cites none, over the pulses of a cycle: mean, middle halves and single
    cells."""
    _require(result)
    axis = axis_of(axis)
    curves = result.group("pulse_curve")
    name, factor, label = _held(curves, "_mean")
    pulse = curves["pulse"]
    if name in curves:
        for number in curves["cell"].values if "cell" in curves else []:
            axis.plot(
                pulse,
                factor * curves[name].sel(cell=number).mean("cycle"),
                color=GREY,
                linewidth=0.7,
                label="single cells, mean over cycles" if number == curves["cell"].values[0] else None,
            )
    if f"{name}_mean" in curves:
        inner = factor * curves[f"{name}_percentile"]
        for low, high, shade in [(5, 95, 0.15), (25, 75, 0.3)]:
            axis.fill_between(
                pulse,
                inner.sel(percentile=low),
                inner.sel(percentile=high),
                alpha=shade,
                color=BLUE,
                linewidth=0,
                label=f"{high - low} % of curves",
            )
        axis.plot(pulse, factor * curves[f"{name}_mean"], color=BLUE, label="mean over cells and cycles")
    up, down = result.config["pulses_up"], result.config["pulses_down"]
    axis.set(title="Pulse response", xlabel=f"pulses of a cycle: {up} up, then {down} down", ylabel=label)
    return legend_below(axis)


def steps(result: results.Result, axis: Axes | None = None) -> Axes:
    """Mean step of a pulse over the state, with its two deviations."""
    _require(result)
    axis = axis_of(axis)
    found = result.group("steps")
    for way, colour in [("up", BLUE), ("down", ORANGE)]:
        mean = found[f"step_{way}"]
        axis.plot(found["state"], mean, color=colour, label=f"mean of pulses {way}")
        for of, style in [("between_cells", ":"), ("between_cycles", "--")]:
            if f"step_{way}_{of}" not in found:
                continue
            words = "between cells" if of == "between_cells" else "from cycle to cycle"
            axis.plot(
                found["state"],
                found[f"step_{way}_{of}"],
                color=colour,
                linestyle=style,
                linewidth=0.9,
                label=f"deviation {words}, {way}",
            )
    axis.axhline(0, color=GREY, linewidth=0.6)
    axis.set(title="Steps", xlabel="state w before the pulse", ylabel="step in w")
    return legend_below(axis)


def symmetry(result: results.Result, axis: Axes | None = None) -> Axes:
    """States under pulses up and down in turn, from both ends."""
    _require(result)
    axis = axis_of(axis)
    found = result.group("symmetry")
    for start in found["start"].values:
        axis.plot(found["pair"], found["w"].sel(start=start), label=f"from {start}, mean over cells")
    points = found["w_point"].dropna("cell")
    if points.size:
        axis.axhline(float(points.mean()), color=INK, linewidth=0.8, label="symmetry point, mean over cells")
        axis.axhspan(*map(float, points.quantile([0.05, 0.95])), color=FAINT, label="90 % of cells")
    axis.set(title="Symmetry point", xlabel="pairs of a pulse up and one down", ylabel="state w")
    return legend_below(axis)


def programming_error(result: results.Result, axis: Axes | None = None) -> Axes:
    """What write-and-verify leaves, over its targets: mean and deviation."""
    _require(result)
    axis = axis_of(axis)
    found = result.group("programmed")
    name, factor, label = _held(found, "_error", "deviation from the target")
    axis.errorbar(
        found["target"],
        factor * found[f"{name}_shift"],
        factor * found[f"{name}_error"],
        fmt="o",
        markersize=4,
        capsize=3,
        label="mean over cells, with their deviation",
    )
    axis.axhline(0, color=GREY, linewidth=0.6)
    axis.set(title="Programming error", xlabel="target w", ylabel=label)
    return legend_below(axis)


def drift(result: results.Result, axis: Axes | None = None) -> Axes:
    """Share of the conductance that is left over time, mean and deviation between cells."""
    _require(result)
    axis = axis_of(axis)
    found = result.group("programmed")
    for target in found["target"].values:
        at = found.sel(target=target)
        axis.errorbar(at["age"], at["left"], at["left_between_cells"], capsize=2, label=f"target w = {target:g}")
    _ages(axis, found)
    axis.set(title="Drift", ylabel="conductance over its first value")
    return legend_below(axis)


def read_noise(result: results.Result, axis: Axes | None = None) -> Axes:
    """Deviation of reads of one cell over time, for each programmed state."""
    _require(result)
    axis = axis_of(axis)
    found = result.group("programmed")
    name, factor, label = _held(found, "_noise", "deviation of reads of one cell")
    for target in found["target"].values:
        at = found.sel(target=target)
        axis.plot(at["age"], factor * at[f"{name}_noise"], marker="o", markersize=3, label=f"target w = {target:g}")
    _ages(axis, found)
    axis.set(title="Read noise", ylabel=label)
    return legend_below(axis)


def device(cells: _core.Device, axis: Axes | None = None, *, pulses: int = 0, number: int = 5, seed: int = 1) -> Axes:
    """A preset under pulses up, then as many down: some cells, each with its own spread, and their mean. Conductances
    if the preset cites them, else states. By default as many pulses as two thirds of its states, 20 to 2000.

    Raises `ohmlab.UserError` if the device cannot be pulsed.
    """
    import numpy

    axis = axis_of(axis)
    each = pulses or int(min(2000, max(20, 0.67 * (cells.states or 300))))
    states = cells.pulse_curve(each, each, devices=32, seed=seed)
    cited = all(cells.operating_point[name] is not None for name in ("g_min", "g_max"))
    held = cells.conductance(states) if cited else states
    factor, unit = scaled(float(numpy.abs(held).max()), "S") if cited else (1.0, "")
    place = range(1, 2 * each + 1)
    for k in range(min(number, len(held))):
        axis.plot(place, factor * held[k], color=GREY, linewidth=0.7, label="" if k else "single cells")
    axis.plot(place, factor * held.mean(axis=0), color=BLUE, label="mean of 32 cells")
    axis.set(
        title="Pulse response",
        xlabel=f"pulses: {each} up, then {each} down, from w = 0",
        ylabel=f"conductance, {unit}" if cited else "state w",
    )
    return legend_below(axis)


_PANELS: list[Callable[..., Any]] = [pulse_curve, steps, symmetry, programming_error, drift, read_noise]
_NEEDS = {"drift": "left", "read_noise": "w_noise"}


def panels_of(result: results.Result) -> list[Callable[..., Any]]:
    """The pictures that a characterised device has something for."""
    _require(result)
    return [panel for panel in _PANELS if _has(result, panel)]


def _has(result: results.Result, panel: Callable[..., Any]) -> bool:
    group = panel.__name__ if panel.__name__ in ("pulse_curve", "steps", "symmetry") else "programmed"
    needed = _NEEDS.get(panel.__name__)
    return group in result.groups and (needed is None or needed in result.group(group))


def _require(result: results.Result) -> None:
    if "pulse_curve" not in result.groups:
        kind = result.config.get("kind")
        raise ValueError(f'{result.file}: a result of kind "{kind}": expected one of kind "characterize"')


def _held(group: Dataset, suffix: str, of: str = "") -> tuple[str, float, str]:
    """Conductances where they are stored, else states: prefix of the names, factor and label with its unit."""
    import numpy

    if f"g{suffix}" not in group:
        return "w", 1.0, of + (" in w" if of else "state w")
    largest = float(numpy.nanmax(numpy.abs(group[f"g{suffix}"])))
    factor, unit = scaled(largest, "S")
    return "g", factor, f"{of or 'conductance'}, {unit}"


def _ages(axis: Axes, found: Dataset) -> None:
    axis.set_xscale("log" if float(found["age"].min()) > 0 else "linear")
    axis.set_xlabel("time since programming, s")
