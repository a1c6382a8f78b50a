"""Pictures of results. Needs matplotlib and xarray, which are imported at first use.

From a shell, without any Python: `python -m ohmlab.plot RESULT.h5 --out PICTURE.png`, and for a finished sweep
`python -m ohmlab.plot FOLDER --figure test_error --rows device --columns path`
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ohmlab import results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from xarray import DataArray, Dataset

    from ohmlab._fit import Fit

__all__ = [
    "best",
    "characterization",
    "drift",
    "fit",
    "heat_map",
    "programming_error",
    "pulse_curve",
    "read_noise",
    "steps",
    "symmetry",
]

_SI = [(1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p")]


def characterization(result: results.Result) -> Figure:
    """All pictures of a result of kind "characterize" that the device has something for: pulse response, steps,
    symmetry point, programming error, drift and read noise.

    Raises `ValueError` for a result of another kind.
    """
    import matplotlib.pyplot as plt

    _require(result)
    panels = [panel for panel in _PANELS if _has(result, panel)]
    columns = 2
    rows = -(-len(panels) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(12, 3.6 * rows), squeeze=False, layout="constrained")
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
    axis = _axis(result, axis)
    curves = result.group("pulse_curve")
    name, factor, label = _held(curves, "_mean")
    pulse = curves["pulse"]
    if name in curves:
        for number in curves["cell"].values if "cell" in curves else []:
            axis.plot(
                pulse,
                factor * curves[name].sel(cell=number).mean("cycle"),
                color="0.7",
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
                color="tab:blue",
                linewidth=0,
                label=f"{high - low} % of curves",
            )
        axis.plot(pulse, factor * curves[f"{name}_mean"], color="tab:blue", label="mean over cells and cycles")
    up, down = result.config["pulses_up"], result.config["pulses_down"]
    axis.set(title="Pulse response", xlabel=f"pulses of a cycle: {up} up, then {down} down", ylabel=label)
    return _legend(axis)


def steps(result: results.Result, axis: Axes | None = None) -> Axes:
    """Mean step of a pulse over the state, with its two deviations."""
    axis = _axis(result, axis)
    found = result.group("steps")
    for way, colour in [("up", "tab:blue"), ("down", "tab:orange")]:
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
    axis.axhline(0, color="grey", linewidth=0.6)
    axis.set(title="Steps", xlabel="state w before the pulse", ylabel="step in w")
    return _legend(axis)


def symmetry(result: results.Result, axis: Axes | None = None) -> Axes:
    """States under pulses up and down in turn, from both ends."""
    axis = _axis(result, axis)
    found = result.group("symmetry")
    for start in found["start"].values:
        axis.plot(found["pair"], found["w"].sel(start=start), label=f"from {start}, mean over cells")
    points = found["w_point"].dropna("cell")
    if points.size:
        axis.axhline(float(points.mean()), color="black", linewidth=0.8, label="symmetry point, mean over cells")
        axis.axhspan(*map(float, points.quantile([0.05, 0.95])), color="0.85", label="90 % of cells")
    axis.set(title="Symmetry point", xlabel="pairs of a pulse up and one down", ylabel="state w")
    return _legend(axis)


def programming_error(result: results.Result, axis: Axes | None = None) -> Axes:
    """What write-and-verify leaves, over its targets: mean and deviation."""
    axis = _axis(result, axis)
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
    axis.axhline(0, color="grey", linewidth=0.6)
    axis.set(title="Programming error", xlabel="target w", ylabel=label)
    return _legend(axis)


def drift(result: results.Result, axis: Axes | None = None) -> Axes:
    """Share of the conductance that is left over time, mean and deviation between cells."""
    axis = _axis(result, axis)
    found = result.group("programmed")
    for target in found["target"].values:
        at = found.sel(target=target)
        axis.errorbar(at["age"], at["left"], at["left_between_cells"], capsize=2, label=f"target w = {target:g}")
    _ages(axis, found)
    axis.set(title="Drift", ylabel="conductance over its first value")
    return _legend(axis)


def read_noise(result: results.Result, axis: Axes | None = None) -> Axes:
    """Deviation of reads of one cell over time, for each programmed state."""
    axis = _axis(result, axis)
    found = result.group("programmed")
    name, factor, label = _held(found, "_noise", "deviation of reads of one cell")
    for target in found["target"].values:
        at = found.sel(target=target)
        axis.plot(at["age"], factor * at[f"{name}_noise"], marker="o", markersize=3, label=f"target w = {target:g}")
    _ages(axis, found)
    axis.set(title="Read noise", ylabel=label)
    return _legend(axis)


def fit(found: Fit) -> Figure:
    """Measured ramps over those of the best model, up and down; and the criteria of all models."""
    return _fit(found.table)


def best(cube: Dataset, figure: str, over: str = "", *, largest: bool = False) -> DataArray:
    """A figure of a sweep, its mean over the repeats, and of that the smallest (or largest) along the dimension `over`.

    `cube` is what `ohmlab.results.load_sweep` returns. NaN where no run has the figure. Raises `ValueError` for a
    figure or a dimension that the sweep does not have.
    """
    if figure not in cube.data_vars:
        raise ValueError(f'no figure "{figure}" in this sweep; there are: {", ".join(map(str, cube.data_vars))}')
    values = cube[figure]
    if "repeat" in values.dims:
        values = values.mean("repeat")
    if not over:
        return values
    if over not in values.dims:
        raise ValueError(f'no dimension "{over}" in this sweep; there are: {", ".join(map(str, values.dims))}')
    return values.max(over) if largest else values.min(over)


def heat_map(
    cube: Dataset,
    figure: str,
    *,
    rows: str,
    columns: str,
    panels: str = "",
    best_of: str = "",
    largest: bool = False,
) -> Figure:
    """A figure of a finished sweep over two of its dimensions, as colours and numbers; a panel for each place of a
    third.

    `cube` is what `ohmlab.results.load_sweep` returns. Repeats are averaged. Along the dimension `best_of` the smallest
    mean is taken, or the largest. A cross marks what was refused, a dash what has no figure. Raises `ValueError` for
    a name that the sweep does not have, or if a dimension is left over.
    """
    import matplotlib.pyplot as plt
    import numpy

    values = best(cube, figure, best_of, largest=largest)
    shown = [rows, columns, *([panels] if panels else [])]
    if missing := [name for name in shown if name not in values.dims]:
        raise ValueError(f'no dimension "{missing[0]}" is left; there are: {", ".join(map(str, values.dims))}')
    if extra := [str(name) for name in values.dims if name not in shown]:
        raise ValueError(f"dimensions left over: {', '.join(extra)}; expected each as rows, columns, panels or best_of")
    refused = numpy.zeros(values.shape, bool)
    if "refused" in cube:
        hidden = [name for name in cube["refused"].dims if name not in values.dims]
        refused = (cube["refused"] != "").all(hidden).transpose(*values.dims).values
    marks = values.copy(data=refused)
    places = list(range(values.sizes[panels])) if panels else [0]
    across = min(2, len(places))
    down = -(-len(places) // across)
    wide, tall = 0.62 * values.sizes[columns] + 1.6, 0.34 * values.sizes[rows] + 1.2
    size = (wide * across, tall * down)
    picture, axes = plt.subplots(down, across, figsize=size, squeeze=False, layout="constrained")
    known = values.values[numpy.isfinite(values.values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    for axis in axes.flat[len(places) :]:
        axis.set_visible(False)
    for place, axis in zip(places, axes.flat, strict=False):
        at = {panels: place} if panels else {}
        grid = values.isel(at).transpose(rows, columns)
        crosses = marks.isel(at).transpose(rows, columns).values
        image = axis.imshow(grid.values, vmin=low, vmax=high, cmap="viridis", aspect="auto")
        names = {name: [_short(label) for label in grid[name].values] for name in (columns, rows)}
        axis.set_xticks(range(grid.sizes[columns]), names[columns], rotation=60, ha="right")
        axis.set_yticks(range(grid.sizes[rows]), names[rows])
        axis.tick_params(labelsize=7, length=0)
        if panels:
            axis.set_title(str(values[panels].values[place]), fontsize=9)
        for (i, j), value in numpy.ndenumerate(grid.values):
            text = f"{value:.2g}" if numpy.isfinite(value) else "×" if crosses[i, j] else "–"
            dark = numpy.isfinite(value) and value < (low + high) / 2
            axis.text(j, i, text, ha="center", va="center", fontsize=6, color="white" if dark else "black")
    meaning, unit = cube[figure].attrs.get("long_name", figure), cube[figure].attrs.get("units", "1")
    bar = picture.colorbar(image, ax=axes.ravel().tolist(), shrink=0.7)
    bar.set_label(meaning if unit == "1" else f"{meaning}, {unit}", fontsize=8)
    return picture


def _short(name: object) -> str:
    """The last part of a preset's name, and any other name as it is."""
    return str(name).rsplit("/", 1)[-1]


def _fit(table: dict[str, Any]) -> Figure:
    import matplotlib.pyplot as plt

    curves = [curve for curve in table["curves"] if len(curve["reads"]) > 0]
    figure, axes = plt.subplots(1, 3, figsize=(14, 3.8), layout="constrained")
    for axis, sign, title in [(axes[0], 1, "pulses up"), (axes[1], -1, "pulses down")]:
        shown = [curve for curve in curves if curve["direction"] in (sign, 0)]
        for curve in shown:
            pulses = [curve["first_pulse"] + k for k in range(len(curve["reads"]))]
            color = "tab:red" if curve["excluded"] else "tab:orange" if curve["held_back"] else "0.6"
            axis.plot(pulses, curve["reads"], ".", markersize=2, color=color, zorder=1)
        for curve in shown:
            pulses = [curve["first_pulse"] + k for k in range(len(curve["reads"]))]
            axis.plot(pulses, curve["model"], linewidth=0.8, color="tab:blue", zorder=2)
        axis.set(title=title, xlabel="pulse", ylabel="state w")
    for color, label in [("0.6", "fitted"), ("tab:orange", "held back"), ("tab:red", "left out")]:
        axes[0].plot([], [], ".", color=color, label=label)
    axes[0].plot([], [], color="tab:blue", label=table["best"])
    axes[0].legend(fontsize=8, frameon=False)
    models = table["models"][::-1]
    axes[2].plot([model["above_best"] for model in models], [model["kind"] for model in models], "o")
    axes[2].set_xscale("symlog", linthresh=10)
    axes[2].set(title="information criterion above the best", xlabel="AIC - best")
    return figure


_PANELS: list[Callable[..., Any]] = [pulse_curve, steps, symmetry, programming_error, drift, read_noise]
_NEEDS = {"drift": "left", "read_noise": "w_noise"}


def _has(result: results.Result, panel: Callable[..., Any]) -> bool:
    group = panel.__name__ if panel.__name__ in ("pulse_curve", "steps", "symmetry") else "programmed"
    needed = _NEEDS.get(panel.__name__)
    return group in result.groups and (needed is None or needed in result.group(group))


def _require(result: results.Result) -> None:
    if "pulse_curve" not in result.groups:
        kind = result.config.get("kind")
        raise ValueError(f'{result.file}: a result of kind "{kind}": expected one of kind "characterize"')


def _axis(result: results.Result, axis: Axes | None) -> Axes:
    import matplotlib.pyplot as plt

    _require(result)
    return plt.figure(figsize=(7, 3.6), layout="constrained").gca() if axis is None else axis


def _held(group: Dataset, suffix: str, of: str = "") -> tuple[str, float, str]:
    """Conductances where they are stored, else states: prefix of the names, factor and label with its unit."""
    import numpy

    if f"g{suffix}" not in group:
        return "w", 1.0, of + (" in w" if of else "state w")
    largest = float(numpy.nanmax(numpy.abs(group[f"g{suffix}"])))
    scale, prefix = next(((s, p) for s, p in _SI if largest >= s), _SI[-1])
    return "g", 1 / scale, f"{of or 'conductance'}, {prefix}S"


def _ages(axis: Axes, found: Dataset) -> None:
    axis.set_xscale("log" if float(found["age"].min()) > 0 else "linear")
    axis.set_xlabel("time since programming, s")


def _legend(axis: Axes) -> Axes:
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, fontsize=8, frameon=False)
    return axis


def _without_null(table: dict[str, Any]) -> dict[str, Any]:
    """JSON has no NaN: reads that were left out are null there."""
    for curve in table["curves"]:
        curve["reads"] = [float("nan") if read is None else read for read in curve["reads"]]
    return table


def _main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ohmlab.plot",
        description="Draws a result of kind characterize, what `ohmlab fit --json` printed, or a finished sweep.",
    )
    parser.add_argument("result", help="result file, a file that ends in .json, or the folder of a sweep")
    parser.add_argument("--out", help="picture; its ending says the format. RESULT.png unless given")
    parser.add_argument("--figure", help="of a sweep: the figure that is drawn")
    parser.add_argument("--rows", help="of a sweep: dimension of the rows")
    parser.add_argument("--columns", help="of a sweep: dimension of the columns")
    parser.add_argument("--panels", default="", help="of a sweep: dimension with a panel for each of its places")
    parser.add_argument("--best-of", default="", help="of a sweep: dimension along which the best mean is taken")
    parser.add_argument("--largest", action="store_true", help="of a sweep: the largest mean is the best")
    given = parser.parse_args(arguments)
    out = given.out or os.path.splitext(os.path.normpath(given.result))[0] + ".png"
    import matplotlib

    matplotlib.use("Agg")
    try:
        if given.result.endswith(".json"):
            with open(given.result) as file:
                figure = _fit(_without_null(json.load(file)))
        elif os.path.isdir(given.result):
            if not (given.figure and given.rows and given.columns):
                raise ValueError("a sweep needs --figure, --rows and --columns")
            names = {"rows": given.rows, "columns": given.columns, "panels": given.panels, "best_of": given.best_of}
            figure = heat_map(results.load_sweep(given.result), given.figure, **names, largest=given.largest)
        else:
            figure = characterization(results.load(given.result))
        figure.savefig(out, dpi=150)
    except (ValueError, OSError) as error:
        print(f"ohmlab.plot: {error}", file=sys.stderr)
        return 2
    print(out)
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
