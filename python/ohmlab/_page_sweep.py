"""The page of a sweep."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ohmlab import _plot_sweep as of_sweep
from ohmlab import results
from ohmlab._format import number
from ohmlab._page import Page, Section, Source, Table, command, picture

if TYPE_CHECKING:
    import xarray

__all__ = ["page_of"]

_FIRST = ["test_log_likelihood", "ais_test_log_likelihood", "test_error", "test_accuracy"]
_MOST = 4  # pictures


def page_of(folder: Path, made_by: str) -> Page:
    """A finished sweep: its axes, its figures over them, and points without figures."""
    cube = results.load_sweep(folder)
    figures = [str(name) for name, values in cube.data_vars.items() if values.dtype.kind == "f" and values.dims]
    points = 1
    for size in cube.sizes.values():
        points *= size
    lead = [
        f"{points} points over "
        + ", ".join(f"{size} places of {_words(str(dim))}" for dim, size in cube.sizes.items())
        + "."
    ]
    shown = _chosen(cube, figures)
    if shown:
        lead += [_best(cube, shown[0])]
    sections = [_maps(cube, shown, folder), _ranges(cube, figures, folder)]
    warnings = _failures(cube, figures)
    facts = [("Folder", str(folder)), ("Id", str(cube.attrs.get("id", "–"))), ("Figures", str(len(figures)))]
    return Page(f"Sweep {folder.resolve().name}", "ohmlab sweep", lead, warnings, sections, facts, made_by)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _chosen(cube: xarray.Dataset, figures: list[str]) -> list[str]:
    """Figures worth a picture: those of quality first, then what moves over the sweep."""
    import numpy

    moving = [
        name
        for name in figures
        if numpy.isfinite(cube[name].values).any() and numpy.nanmax(cube[name]) > numpy.nanmin(cube[name])
    ]
    first = [name for name in _FIRST if name in moving]
    others = [name for name in moving if name not in first and not name.endswith("_se")]
    tests = [name for name in others if name.startswith("test_")]
    return [*first, *tests, *(name for name in others if name not in tests)][:_MOST]


def _best(cube: xarray.Dataset, figure: str) -> str:
    """The point with the best mean of a figure."""
    means = of_sweep.best(cube, figure)
    low = "error" in figure
    place = (means.argmin(...) if low else means.argmax(...)) if means.ndim else {}
    at = {str(dim): means[dim].values[int(index)] for dim, index in place.items()}
    value = float(means.isel({dim: int(index) for dim, index in place.items()}))
    unit = cube[figure].attrs.get("units", "1")
    where = ", ".join(f"{_words(dim)} {number(float(v)) if isinstance(v, float) else v}" for dim, v in at.items())
    said = number(value) if unit in ("", "1") else f"{number(value)} {unit}"
    return f"{'Lowest' if low else 'Highest'} {_words(figure)}: {said} at {where}."


def _maps(cube: xarray.Dataset, shown: list[str], folder: Path) -> Section:
    section = Section("Figures over the axes")
    axes = [str(dim) for dim in cube.sizes if dim != "repeat"]
    varied = [dim for dim in axes if cube.sizes[dim] > 1] or axes
    if len(varied) > 3:
        fixed = varied[3:]
        section.text = [
            "Shown at the first place of " + ", ".join(f"{_words(dim)} ({cube[dim].values[0]})" for dim in fixed) + "."
        ]
    kept = varied[:3]
    slim = cube.isel({dim: 0 for dim in axes if dim not in kept})
    for figure in shown:
        load = f"ohmlab.results.load_sweep({str(folder)!r})"
        if slim[figure].dims and not set(kept) <= set(slim[figure].dims):
            continue
        numeric = all(cube[dim].values.dtype.kind in "iuf" for dim in kept[:1])
        if len(kept) == 1 or (len(kept) == 2 and numeric and cube.sizes[kept[1]] <= 4):
            by = kept[1] if len(kept) == 2 else ""
            call = f"lines({load}, {figure!r}, along={kept[0]!r}" + (f", by={by!r})" if by else ")")
            section.pictures += [
                picture(
                    partial(of_sweep.lines, slim, figure, along=kept[0], by=by),
                    f"{_words(figure)} along {_words(kept[0])}" + (f", a line for each {_words(by)}" if by else ""),
                    table=_grid(slim, figure, kept),
                    source=Source(f"{folder / 'index.h5'}, {figure}", "", f"ohmlab.plot.{call}"),
                )
            ]
            continue
        rows, columns, panels = (*kept, "")[:3]
        names = {"rows": rows, "columns": columns, "panels": panels}
        options = [word for key, value in names.items() if value for word in (f"--{key}", value)]
        made = picture(
            partial(of_sweep.heat_map, slim, figure, rows=rows, columns=columns, panels=panels, across=1),
            f"{_words(figure)} over {' and '.join(map(_words, kept))}, as colours and numbers",
            table=_grid(slim, figure, kept),
            source=Source(
                f"{folder / 'index.h5'}, {figure}",
                command("python", "-m", "ohmlab.plot", str(folder), "--figure", figure, *options),
                f"ohmlab.plot.heat_map({load}, {figure!r}, "
                + ", ".join(f"{key}={value!r}" for key, value in names.items() if value)
                + ")",
            ),
        )
        made.title = _words(figure)
        section.pictures += [made]
    return section


def _grid(cube: xarray.Dataset, figure: str, axes: list[str]) -> Table | None:
    """Means of a figure, a row for each point; none above 200 points."""
    means = of_sweep.best(cube, figure)
    if means.size > 200:
        return None
    unit = cube[figure].attrs.get("units", "1")
    head = [*map(_words, axes), _words(figure) + ("" if unit in ("", "1") else f", {unit}")]
    rows = []
    flat = means.transpose(*axes).stack(point=axes)
    for place, value in zip(flat["point"].values, flat.values, strict=True):
        names = place if isinstance(place, tuple) else (place,)
        rows.append([*(number(float(n)) if isinstance(n, float) else str(n) for n in names), number(float(value))])
    return Table(
        f"{_words(figure)}, {'means over the repeats' if 'repeat' in cube.sizes else 'all points'}", head, rows
    )


def _ranges(cube: xarray.Dataset, figures: list[str], folder: Path) -> Section:
    import numpy

    rows = []
    for name in figures:
        values = cube[name].values
        known = values[numpy.isfinite(values)]
        unit = cube[name].attrs.get("units", "1")
        ends = [number(float(f(known))) for f in (numpy.min, numpy.median, numpy.max)] if known.size else ["–"] * 3
        rows.append(
            [
                cube[name].attrs.get("long_name", name),
                "" if unit == "1" else unit,
                *ends,
                f"{known.size} of {values.size}",
            ]
        )
    head = ["figure", "unit", "lowest", "median", "highest", "points with it"]
    source = Source(str(folder / "index.h5"), "", f"ohmlab.results.load_sweep({str(folder)!r})")
    return Section("All figures", tables=[Table("Over all points", head, rows, source, open=False)])


def _failures(cube: xarray.Dataset, figures: list[str]) -> list[str]:
    import numpy

    said = []
    refused = 0
    if "refused" in cube:
        texts = cube["refused"].values.ravel()
        refused = int((texts != "").sum())
        if refused:
            said.append(f"{refused} points are refused, the first one: {next(text for text in texts if text)}")
    sizes = {cube[name].shape for name in figures}
    if figures and len(sizes) == 1:
        none = ~numpy.any([numpy.isfinite(cube[name].values) for name in figures], axis=0)
        if (failed := int(none.sum()) - refused) > 0:
            said.append(f"{failed} points failed and have no figures.")
    return said
