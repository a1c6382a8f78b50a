"""Pictures of finished sweeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ohmlab._plot_base import COLOURS, FAINT, HEAT_DARK, HEAT_LIGHT, MARKERS, WIDTH, axis_of, fold, legend_below, words

if TYPE_CHECKING:
    import numpy
    import numpy.typing
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from xarray import DataArray, Dataset

__all__ = ["best", "heat_map", "lines"]


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
    across: int = 2,
) -> Figure:
    """A figure of a finished sweep over two of its dimensions, as colours and numbers; a panel for each place of a
    third, `across` of them beside each other.

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
    across = min(across, len(places))
    down = -(-len(places) // across)
    wide, tall = max(0.62 * values.sizes[columns] + 1.6, WIDTH / across), 0.34 * values.sizes[rows] + 1.4
    size = (wide * across, max(tall * down, 2.4))
    picture, axes = plt.subplots(down, across, figsize=size, squeeze=False, layout="constrained")
    known = values.values[numpy.isfinite(values.values)]
    digits = _digits(known)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    few = values.sizes[columns] <= 6 and max(len(_short(label)) for label in values[columns].values) <= 8
    for axis in axes.flat[len(places) :]:
        axis.set_visible(False)
    for place, axis in zip(places, axes.flat, strict=False):
        at = {panels: place} if panels else {}
        grid = values.isel(at).transpose(rows, columns)
        crosses = marks.isel(at).transpose(rows, columns).values
        image = axis.imshow(grid.values, vmin=low, vmax=high, cmap="viridis", aspect="auto")
        names = {name: [_short(label) for label in grid[name].values] for name in (columns, rows)}
        if few:
            axis.set_xticks(range(grid.sizes[columns]), names[columns])
        else:
            axis.set_xticks(range(grid.sizes[columns]), names[columns], rotation=60, ha="right")
        axis.set_yticks(range(grid.sizes[rows]), names[rows])
        axis.tick_params(labelsize=8 if few else 7, length=0)
        axis.set_xlabel(_axis_name(cube, columns), fontsize=8)
        axis.set_ylabel(_axis_name(cube, rows), fontsize=8)
        if panels:
            axis.set_title(f"{_axis_name(cube, panels)}: {_short(values[panels].values[place])}", fontsize=9)
        for (i, j), value in numpy.ndenumerate(grid.values):
            text = f"{value:.{digits}g}" if numpy.isfinite(value) else "×" if crosses[i, j] else "–"
            dark = numpy.isfinite(value) and value < (low + high) / 2
            axis.text(
                j, i, text, ha="center", va="center", fontsize=8 if few else 6, color=HEAT_LIGHT if dark else HEAT_DARK
            )
    meaning, unit = cube[figure].attrs.get("long_name", figure), cube[figure].attrs.get("units", "1")
    bar = picture.colorbar(image, ax=axes.ravel().tolist(), shrink=0.7)
    room = int(0.62 * size[1] * 72 / 4.6)  # letters of 8 points along the bar
    bar.set_label(fold(meaning if unit == "1" else f"{meaning}, {unit}", room), fontsize=8)
    return picture


def lines(cube: Dataset, figure: str, *, along: str, by: str = "", axis: Axes | None = None) -> Axes:
    """A figure of a finished sweep along one of its dimensions, a line for each place of another. Repeats are averaged,
    their lowest and highest value shaded. Places without numbers stand in their order, with their names.

    Raises `ValueError` for a name that the sweep does not have, or if a dimension is left over.
    """
    means = best(cube, figure)
    given = [along, *([by] if by else [])]
    if missing := [name for name in given if name not in means.dims]:
        raise ValueError(f'no dimension "{missing[0]}" in this sweep; there are: {", ".join(map(str, means.dims))}')
    if extra := [str(name) for name in means.dims if name not in given]:
        raise ValueError(f"dimensions left over: {', '.join(extra)}; expected each as along or by")
    at = means[along].values
    numbers = at.dtype.kind in "iuf"
    low, high = cube[figure], cube[figure]
    if "repeat" in low.dims:
        low, high = low.min("repeat"), high.max("repeat")
    axis = axis_of(axis, 3.8 if numbers else 1.8 + 0.36 * len(at))
    place = at if numbers else range(len(at))
    for k in range(means.sizes[by] if by else 1):
        pick = {by: k} if by else {}
        label = f"{words(by)} {means[by].values[k]}" if by else ""
        style: dict[str, Any] = {
            "color": COLOURS[k % len(COLOURS)],
            "marker": MARKERS[k % len(MARKERS)],
            "markersize": 4,
            "label": label,
        }
        mean, least, most = (values.isel(pick).values for values in (means, low, high))
        if numbers:
            axis.plot(place, mean, **style)
            axis.fill_between(place, least, most, color=style["color"], alpha=0.15, linewidth=0)
        else:
            axis.plot(mean, place, linestyle="none", **style)
    meaning, unit = cube[figure].attrs.get("long_name", figure), cube[figure].attrs.get("units", "1")
    value = fold(meaning if unit == "1" else f"{meaning}, {unit}", 44)
    axis.set_title(fold(words(figure), 44))
    if numbers:
        axis.set(xlabel=_axis_name(cube, along), ylabel=value)
        if len(at) > 2 and float(min(at)) > 0 and float(max(at)) / float(min(at)) >= 30:
            axis.set_xscale("log")
    else:
        axis.set_yticks(range(len(at)), [fold(_short(name), 34) for name in at], fontsize=8.5)
        axis.set(ylim=(len(at) - 0.5, -0.5), xlabel=value)
        axis.locator_params(axis="x", nbins=4)
    axis.grid(color=FAINT, linewidth=0.6)
    return legend_below(axis) if by else axis


def _digits(values: numpy.typing.NDArray[numpy.float64]) -> int:
    """Digits that tell values apart: a fiftieth of their range shows."""
    import math

    import numpy

    largest = float(numpy.abs(values).max()) if values.size else 0.0
    span = float(values.max() - values.min()) if values.size else 0.0
    if span <= 0 or largest <= 0:
        return 2
    return max(2, min(5, math.ceil(math.log10(largest / span * 50)) if largest > span / 50 else 2))


def _axis_name(cube: Dataset, name: str) -> str:
    unit = cube[name].attrs.get("units", "1")
    return words(name) if unit in ("", "1") else f"{words(name)}, {unit}"


def _short(name: object) -> str:
    """The last part of a preset's name; a number without zeros behind its point; any other name as it is."""
    if isinstance(name, float):  # NumPy's too
        return f"{name:g}"
    return str(name).rsplit("/", 1)[-1]
