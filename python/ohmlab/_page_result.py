"""The page of a result, of any kind of experiment."""

from __future__ import annotations

from functools import partial

from ohmlab import _core, _html, results
from ohmlab import _plot_bill as of_bill
from ohmlab import _plot_cells as of_cells
from ohmlab._format import amount, number, of_draws
from ohmlab._page import Page, Section, Source, Table, command, picture
from ohmlab._page_verdict import bill_picture

__all__ = ["page_of"]

_PANELS = {
    "pulse_curve": "Conductance or state over the pulses of a cycle: mean, percentiles and single cells.",
    "steps": "Mean step of a pulse over the state, with its deviations between cells and from cycle to cycle.",
    "symmetry": "States under pulses up and down in turn, from both ends.",
    "programming_error": "Shift and deviation that programming leaves at each target.",
    "drift": "Share of the conductance that is left over time.",
    "read_noise": "Deviation of reads of one cell over time.",
}

_FIRST = ["test_log_likelihood", "ais_test_log_likelihood", "test_error", "number_of_states"]


def page_of(found: results.Result, prices: _core.Prices | None, made_by: str) -> Page:
    """All of a result: its figures, curves, bills and groups."""
    kind = str(found.config.get("kind", ""))
    title = str(found.config.get("title", "") or f"{kind.replace('_', ' ')}, {_stem(found.file)}")
    rows = found.bills(prices)
    sections = [_figures(found)]
    if "pulse_curve" in found.groups:
        sections += [_cells(found)]
    elif found.metrics.data_vars:
        sections += [_curves(found, rows, prices)]
    if rows:
        sections += [_machines(found, rows)]
        if rows[0].bill is not None:
            sections += [_bill(found, rows[0], prices)]
    for name in found.groups:
        if text := found.report(name).strip():
            sections += [Section(name.replace("_", " ").capitalize(), quoted=text, open=True)]
    run = found.run
    facts = [("File", found.file), ("Id", found.id), ("Kind", kind), ("Seed", str(found.config.get("seed", "–")))]
    facts += [("Written by", f"ohmlab {run['version']}"), ("Started", str(run["started"]))]
    facts += [("Took", f"{amount(float(run['seconds']), 's')} on {run['threads']} threads, {run['cpu']}")]
    if prices is None:
        facts += [("Prices", _core.Prices.default().title)]
    else:
        facts += [("Prices", f"{prices.title} ({prices.file})")]
    return Page(
        title,
        f"ohmlab run, kind {kind.replace('_', ' ')}",
        _lead(found, rows),
        found.warnings,
        sections,
        facts,
        made_by,
    )


def _printed(found: results.Result, part: str) -> str:
    return command("python", "-c", f"import ohmlab; print(ohmlab.results.load({found.file!r}).{part})")


def _to(found: results.Result, metric: str) -> str:
    """The command that bills the way to the last value of a metric."""
    values = found.metrics[metric].values
    way = ">=" if values[-1] >= values[0] else "<="
    return command("ohmlab", "price", found.file, "--to", f"{metric}{way}{float(values[-1])!r}")


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".h5")


def _lead(found: results.Result, rows: list[_core.PricedSystem]) -> list[str]:
    """Quality first, then the bill of the machine that ran, then the cheapest digital machine of the same training."""
    said = []
    stored = found.quality
    names = [str(name) for name in stored.data_vars]
    known = [name for name in _FIRST if name in names] + [name for name in names if name.startswith("test_")] + names
    for first in known[:1]:
        meaning = str(stored[first].attrs["long_name"])
        said.append(
            f"{meaning[:1].upper()}{meaning[1:]}: {_valued(float(stored[first]), stored[first].attrs['units'])}."
        )
    if not rows:
        return said
    own = rows[0]
    if own.bill is None:
        return [*said, f"{own.title[0].upper()}{own.title[1:]}: not billed, the config cites no {own.unpriced}."]
    parts = [
        f"{of_draws(draws, 'J')} {words}"
        for where, words in (("core", "at the core"), ("node", "at the node"))
        if (draws := own.bill.at(where))
    ]
    said.append(f"{own.title}: {', '.join(parts)}, {of_draws(own.bill.seconds, 's')}.")
    for rival in _core.rivals(rows)[:1]:
        ratio = rival.node or rival.core
        if ratio is not None:
            band = ratio.band
            said.append(
                f"The cheapest digital machine of the same training, {rival.row.place_title}, takes "
                f"{number(band.nominal, 3)} "
                f"[{number(band.p05, 3)}, {number(band.p95, 3)}] times its joules, at equal data, not at equal quality."
            )
    return said


def _valued(value: float, unit: str) -> str:
    return number(value, 5) + ("" if unit in ("", "1") else f" {unit}")


def _figures(found: results.Result) -> Section:
    stored = found.quality
    rows = [
        [
            str(stored[name].attrs["long_name"]),
            _valued(float(stored[name]), stored[name].attrs["units"]),
            str(name).replace("_", " "),
        ]
        for name in stored.data_vars
    ]
    source = Source(
        f"{found.file}, /quality", _printed(found, "quality"), f"ohmlab.results.load({found.file!r}).quality"
    )
    return Section(
        "Figures", tables=[Table("Final figures", ["figure", "value", "name"], rows, source, open=len(rows) < 12)]
    )


def _curves(found: results.Result, rows: list[_core.PricedSystem], prices: _core.Prices | None) -> Section:
    table = found.metrics
    (axis,) = table.sizes
    names = [str(name) for name in table.data_vars]
    head = [str(axis), *(f"{name.replace('_', ' ')}" for name in names)]
    last = min(12, table.sizes[axis])
    picks = sorted({round(k * (table.sizes[axis] - 1) / max(1, last - 1)) for k in range(last)})
    cells = [
        [
            number(float(table[axis].values[k])),
            *(_valued(float(table[n].values[k]), table[n].attrs["units"]) for n in names),
        ]
        for k in picks
    ]
    load = f"ohmlab.results.load({found.file!r})"
    section = Section("On the way")
    section.pictures += [
        picture(
            lambda: of_bill.metrics(found),
            f"Curves of {', '.join(head[1:])} over {axis}.",
            table=Table(f"Some of {table.sizes[axis]} evaluations", head, cells),
            source=Source(f"{found.file}, /metrics", _printed(found, "metrics"), f"ohmlab.plot.metrics({load})"),
        )
    ]
    if found._stored.history and rows and rows[0].bill is not None:
        metric = of_bill.main_metric(found)
        section.pictures += [
            picture(
                lambda: of_bill.learning(found, metric, prices=prices),
                f"{metric.replace('_', ' ')} over the joules taken so far.",
                source=Source(
                    f"{found.file}, /metrics and /history",
                    _to(found, metric),
                    f"ohmlab.plot.learning({load}, {metric!r})",
                ),
            )
        ]
    return section


def _machines(found: results.Result, rows: list[_core.PricedSystem]) -> Section:
    head, cells = _html.machines(rows)
    section = Section("Machines beside each other")
    if len(rows) > 1:
        section.text = ["Equal data, not equal quality."]
    source = Source(
        f"{found.file}, /tally and /holdings",
        command("ohmlab", "price", found.file, "--full"),
        f"ohmlab.plot.bills(ohmlab.results.load({found.file!r}))",
    )
    if not any(row.bill is not None for row in rows):
        section.tables += [Table("Machines", head, cells, source)]
        return section
    section.pictures += [
        picture(
            lambda: of_bill.bills(rows),
            "Joules of each machine at the core and at the node: "
            + "; ".join(f"{c[0]}, {c[1]}: {c[2]}, {c[3]}" for c in cells),
            table=Table("Median [5th, 95th percentile of the prices]", head, cells),
            source=source,
        )
    ]
    return section


def _bill(found: results.Result, row: _core.PricedSystem, prices: _core.Prices | None) -> Section:
    section = Section("What the joules are spent on")
    for by in ("groups", "components"):
        source = Source(
            f"{found.file}, /tally and /holdings",
            command("ohmlab", "price", found.file, "--full"),
            f"ohmlab.plot.bill(ohmlab.results.load({found.file!r}).bills()[0], by={by!r})",
        )
        section.pictures += [bill_picture(row, by, row.title, source)]
    swings = found.tornado(prices)[:12]
    if swings:
        section.pictures += [
            picture(
                lambda: of_bill.tornado(found, prices=prices),
                "Energy with one price alone at its 5th and 95th percentile: "
                + "; ".join(f"{key}: {amount(low, 'J')} to {amount(high, 'J')}" for key, low, high in swings[:4]),
                table=Table(
                    "Each price alone",
                    ["price, as --assume takes it", "at its 5th percentile", "at its 95th percentile"],
                    [[key, amount(low, "J"), amount(high, "J")] for key, low, high in swings],
                ),
                source=Source(
                    f"{found.file}, priced again",
                    command("ohmlab", "price", found.file, "--tornado"),
                    f"ohmlab.results.load({found.file!r}).tornado()",
                ),
            )
        ]
    return section


def _cells(found: results.Result) -> Section:
    section = Section("The cells")
    for panel in of_cells.panels_of(found):
        name = panel.__name__
        group = name if name in found.groups else "programmed"
        section.pictures += [
            picture(
                partial(panel, found),
                _PANELS[name],
                source=Source(
                    f"{found.file}, /{group}",
                    command("python", "-m", "ohmlab.plot", found.file),
                    f"ohmlab.plot.{name}(ohmlab.results.load({found.file!r}))",
                ),
            )
        ]
    return section
