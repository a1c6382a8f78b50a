"""The page of a verdict."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from ohmlab import _core
from ohmlab import _plot_bill as of_bill
from ohmlab import _plot_cells as of_cells
from ohmlab import _plot_verdict as of_verdict
from ohmlab._format import amount, band, number, percent
from ohmlab._page import Page, Section, Source, Table, command, picture
from ohmlab._stored_verdict import StoredVerdict

__all__ = ["page_of"]

_MEASURES = {"core": "core", "without_hosts": "node without hosts", "node": "node with its host", "seconds": "time"}


def page_of(found: StoredVerdict, prices: _core.Prices | None, made_by: str) -> Page:
    """All of a verdict: its words, learning, costs, chances, bills, causes and the device."""
    lead = _first(found.report)
    warnings = list(found.missing)
    curves_priced = prices is not None or _core.Prices.default().title == found.prices
    if not curves_priced:
        warnings.append(
            f"Costs and chances are those of the file, by {found.prices}. Curves over joules and bills by part "
            "need this list: name its file with --prices."
        )
    if found.refused:
        warnings.append(f"{len(found.refused)} ways cannot be built or run on this device; the last section says why.")
    sections = [
        Section(
            "The verdict in all its lines",
            ["Commands ohmlab verdict on this page need the options --set of the first call. They train nothing."],
            quoted="\n".join(found.report),
        )
    ]
    sections += [_quality(found, prices if curves_priced else None, curves_priced)]
    if found.machines:
        sections += [_costs(found)]
        if not found.unpriced and found.level is not None:
            sections += [_ahead(found)]
    if curves_priced and not found.unpriced and found.level is not None:
        sections += [_bills(found, prices)]
    sections += [_causes(found)]
    if (cells := _device(found)) is not None:
        sections += [cells]
    if (improve := found.group("improve")) is not None and (table := _plain(improve)) is not None:
        sections += [Section("What would have to improve", tables=[table])]
    if found.refused:
        rows = [line.partition(": ")[::2] for line in found.refused]
        source = Source(f"{found.file}, /refused", _command(found, "--full"))
        sections += [
            Section("Ways that were left out", tables=[Table("Ways and reasons", ["way", "reason"], rows, source)])
        ]
    facts = [("File", str(found.file)), ("Task", f"{found.task}: {found.title}"), ("Prices", found.prices)]
    facts += [("Draws of the prices", str(found.draws)), ("Analog settings tried", str(found.tried))]
    return Page(f"Verdict on {found.device}", "ohmlab verdict", lead, warnings, sections, facts, made_by)


def _first(report: list[str]) -> list[str]:
    """The first lines, up to the table of costs."""
    cut = next((k for k, line in enumerate(report) if line.startswith("To ")), len(report))
    return [line.strip() for line in report[:cut]]


def _command(found: StoredVerdict, more: str = "") -> str:
    return command("ohmlab", "verdict", found.device, "--task", found.task, "--out", str(found.folder), *more.split())


def _source(found: StoredVerdict, data: str, call: str, more: str = "--full") -> Source:
    loaded = f"ohmlab.results.load_verdict({str(found.folder)!r})"
    return Source(f"{found.file}, {data}", _command(found, more), f"ohmlab.plot.{call.format(loaded)}" if call else "")


def _quality(found: StoredVerdict, prices: _core.Prices | None, priced: bool) -> Section:
    learning = found.group("learning")
    assert learning is not None
    by: dict[str, list[float]] = {}
    for setting, best in zip(learning["setting"].values, learning["best"].values, strict=True):
        by.setdefault(str(setting), []).append(float(best))
    rows = [
        ["analog: " + name, number(_middle(best)), number(min(best)), number(max(best)), str(len(best))]
        for name, best in by.items()
    ]
    ideal = [float(value) for value in learning["ideal"].values]
    rows += [["exact arithmetic", number(_middle(ideal)), number(min(ideal)), number(max(ideal)), str(len(ideal))]]
    untrained = number(float(learning["untrained"]))
    rows += [["untrained", untrained, untrained, untrained, "1"]]
    unit = found.unit
    table = Table(
        f"Best quality on the test, {unit}",
        ["setting", f"middle, {unit}", f"lowest, {unit}", f"highest, {unit}", "instances"],
        rows,
        _source(found, "/learning", ""),
    )
    section = Section("Does it learn?", tables=[table])
    if priced and found.machines and "final" not in found._gone:
        section.pictures += [
            picture(
                lambda: of_verdict.verdict_learning(found, prices=prices),
                f"Curves of {found.metric} over joules at the node, all instances of {len(found.machines)} machines; "
                + (
                    f"the level compared is {found.level:g} {unit}."
                    if found.level is not None
                    else "no level is compared."
                ),
                note="One curve an instance, at the medians of the prices, in the setting that is cheapest at the "
                "level compared. Each begins at the first evaluation after training has begun.",
                source=_source(found, "and the runs in final/ and screen/", "verdict_learning({})"),
            )
        ]
    return section


def _costs(found: StoredVerdict) -> Section:
    cube, section = found.cube, Section("Cost at equal quality")
    if found.level is not None:
        at = cube.sel(level=found.level)
        rows = []
        for k in range(len(found.machines)):
            costs = [band(*found.cost(k, name), "J") for name in ("core", "without_hosts", "node")]
            time = band(*found.cost(k, "seconds"), "s")
            reach = f"{at['reached'].values[k]:.0f} of {at['instances'].values[k]:.0f}"
            rows.append([found.name_of(k), str(at["setting"].values[k]), reach, *costs, time])
        section.tables += [
            Table(
                f"To {found.level:g} {found.unit}: middle instance, median [5th, 95th percentile of the prices]",
                [
                    "machine",
                    "cheapest setting",
                    "instances that reach it",
                    "core",
                    "node without host",
                    "node with host",
                    "time",
                ],
                rows,
                _source(found, "/joules, /seconds, /reached, /setting", ""),
            )
        ]
    for boundary in ("node", "core", "seconds"):
        head = ["level, " + found.unit, *(found.name_of(k) for k in range(len(found.machines)))]
        name, unit = ("seconds", "s") if boundary == "seconds" else ("joules", "J")
        rows = []
        for level in map(float, cube["level"].values):
            cells = [band(*found.cost(k, boundary, level), unit) for k in range(len(found.machines))]
            rows.append([number(level), *cells])
        section.pictures += [
            picture(
                partial(of_verdict.verdict_costs, found, boundary),
                f"{_MEASURES[boundary]}: cost of each machine over levels of {found.metric}, on a log scale.",
                note="Middle of the instances, with the band of the prices. A line ends where most arrive no more.",
                table=Table(f"{_MEASURES[boundary]}: median [5th, 95th percentile]", head, rows),
                source=_source(found, f"/{name}", f"verdict_costs({{}}, {boundary!r})"),
            )
        ]
    return section


def _ahead(found: StoredVerdict) -> Section:
    at = found.cube.sel(level=found.level)
    section = Section(
        "Is the analog machine ahead?",
        [
            "The probability that it pays less than a digital machine, over prices, instances and arrivals "
            "together, and its parts. A machine that does not reach the level loses. A factor above 1 "
            "says that the digital machine takes more."
        ],
    )
    rows = []
    for measure, words in _MEASURES.items():
        if (k := found.cheapest(measure)) is None:
            continue
        here = at.sel(measure=measure)
        rows.append([words, found.name_of(k), *_chances(here, k)])
    head = [
        "measure",
        "cheapest digital machine",
        "its cost over the analog one",
        "analog ahead",
        "by prices alone",
        "by devices alone",
    ]
    section.tables += [
        Table("Against the cheapest digital machine", head, rows, _source(found, "/factor, /ahead", "", ""))
    ]
    for measure in ("node", "core"):
        here = at.sel(measure=measure)
        if not (here["ahead"].values == here["ahead"].values).any():
            continue
        digital = [k for k in range(len(found.machines)) if str(at["side"].values[k]) != "analog"]
        rows = [[found.name_of(k), *_chances(here, k)] for k in digital]
        section.pictures += [
            picture(
                partial(of_verdict.verdict_ahead, found, measure),
                f"{_MEASURES[measure]}: probability that the analog machine pays less than "
                + "; ".join(f"{row[0]}: {row[2]}" for row in rows),
                table=Table(f"Chances and factors, {_MEASURES[measure]}", ["machine", *head[2:]], rows),
                source=_source(
                    found,
                    "/ahead, /ahead_error, /ahead_prices_alone, /ahead_instances_alone",
                    f"verdict_ahead({{}}, {measure!r})",
                ),
            )
        ]
    return section


def _chances(here: Any, k: int) -> list[str]:
    value = {key: float(here[key].values[k]) for key in ("factor", "factor_p05", "factor_p95", "ahead", "ahead_error")}
    if math.isnan(value["ahead"]):
        return ["–"] * 4
    return [
        " ".join([number(value["factor"], 3), f"[{number(value['factor_p05'], 3)}, {number(value['factor_p95'], 3)}]"]),
        f"{100 * value['ahead']:.3g} ± {100 * value['ahead_error']:.1g} %",
        percent(float(here["ahead_prices_alone"].values[k])),
        percent(float(here["ahead_instances_alone"].values[k])),
    ]


def _bills(found: StoredVerdict, prices: _core.Prices | None) -> Section:
    section = Section(
        "What the joules are spent on",
        [
            "Bills of the middle instance up to its first evaluation at the level, all joules drawn. Costs at equal "
            "quality, above, are those half way between that evaluation and the one before."
        ],
    )
    machines = [("analog", 0)]
    at_node, at_core = found.cheapest("node"), found.cheapest("core")
    if (rival := at_core if at_node is None else at_node) is not None:
        machines.append(("the cheapest digital machine", rival))
    for words, k in machines:
        row = found.middle_bill(k, prices)
        if row is None or row.bill is None:
            section.text = [*section.text, f"{found.name_of(k)}: its runs are not beside the file."]
            continue
        run = found.of_machine(k)[0].file
        for by in ("groups", "components"):
            section.pictures += [bill_picture(row, by, f"{found.name_of(k)}, {words}", _of_run(found, run, by))]
    parts = found.group("parts")
    if len(section.pictures) == 0 and parts is not None:
        rows = [
            [str(name), percent(float(share))]
            for name, share in zip(parts["part"].values, parts["share"].values, strict=True)
        ]
        section.pictures += [
            picture(
                lambda: of_verdict.verdict_parts(found),
                "Parts of the analog joules at the node: " + ", ".join(" ".join(row) for row in rows),
                table=Table("Shares at the node", ["part", "share"], rows),
                source=_source(found, "/parts", "verdict_parts({})"),
            )
        ]
    return section


def _of_run(found: StoredVerdict, run: str, by: str) -> Source:
    goal = f"{found.metric}>={found.level:g}"
    return Source(
        f"{run}, /history and /holdings",
        command("ohmlab", "price", run, "--to", goal, "--json"),
        f"ohmlab.plot.bill(ohmlab.results.load({run!r}).bill_to({found.metric!r}, {found.level:g}).bills[0], "
        f"by={by!r})",
    )


def bill_picture(row: _core.PricedSystem, by: str, title: str, source: Source) -> Any:
    """Picture and table of a bill by part."""
    assert row.bill is not None
    parts = of_bill.parts_of(row.bill, by)
    names = sorted(
        {name for one in parts for name in one.parts}, key=lambda name: -max(one.parts.get(name, 0) for one in parts)
    )
    head = ["part", *(of_bill.BOUNDARIES[one.boundary].split(":")[0] for one in parts)]
    rows = [
        [name.replace("_", " "), *(_part(one.parts.get(name, math.nan), one.total.nominal) for one in parts)]
        for name in names
    ]
    totals = [band(one.total.nominal, one.total.band.p05, one.total.band.p95, "J") for one in parts]
    rows.append(["all, median [5th, 95th percentile]", *totals])
    made = picture(
        lambda: of_bill.bill(row, by=by),
        f"{title}: shares of the joules. " + "; ".join(f"{head[k + 1]} {total}" for k, total in enumerate(totals)),
        table=Table("Joules at the medians of the prices", head, rows),
        source=source,
    )
    made.title = f"{title}: {made.title[0].lower()}{made.title[1:]}"
    return made


def _part(joules: float, total: float) -> str:
    return "–" if math.isnan(joules) else f"{amount(joules, 'J')} ({percent(joules / total)})"


def _causes(found: StoredVerdict) -> Section:
    causes = found.group("causes")
    section = Section(
        "What stands in the way of quality",
        ["The best analog setting again with one property removed: one instance, same seed, validation examples."],
    )
    if causes is None:
        section.text = ["No property was removed: the device has none of those that the task names."]
        return section
    rows = [
        ["without " + str(name), f"{gain:+.3f}".replace("-", "−")]
        for name, gain in zip(causes["removed"].values, causes["gain"].values, strict=True)
    ]
    section.pictures += [
        picture(
            lambda: of_verdict.verdict_causes(found),
            f"Gain of quality in {found.unit}: " + ", ".join(" ".join(row) for row in rows),
            note="Gains within the scatter of instances (shaded) mean nothing.",
            table=Table("Gain of quality on validation", ["removed", f"gain, {found.unit}"], rows),
            source=_source(found, "/causes", "verdict_causes({})"),
        )
    ]
    return section


def _device(found: StoredVerdict) -> Section | None:
    """Pulse curves of the cells that the analog runs used; None if their runs are gone."""
    analog = next((file for label, file in found.ids.items() if label.startswith("analog: ")), None)
    if analog is None:
        return None
    config = found._load(analog).config["array"].get("device")
    if not config:
        return None
    section = Section("The device under pulses")
    try:
        cells = _core.Device(config)
        section.pictures += [
            picture(
                lambda: of_cells.device(cells),
                "Conductance or state of single cells and their mean under pulses up, then down.",
                source=Source(
                    f"device in the config of {analog}",
                    command("ohmlab", "run", "experiments/characterize", "--set", f"device.base={found.device}"),
                    f"ohmlab.plot.device(ohmlab.Device({found.device!r}))",
                ),
            )
        ]
    except _core.UserError as error:
        section.text = [f"No pulse curve: {error}"]
    if cells.uncited:
        section.text = [*section.text, "The preset cites no " + ", ".join(cells.uncited) + ": it has no bill."]
    return section


def _plain(group: Any) -> Table | None:
    """A group whose arrays all lie on one axis, as a table; None for any other group."""
    names = [str(name) for name in group.data_vars]
    axes = {group[name].dims for name in names}
    if len(axes) != 1 or len(next(iter(axes))) != 1:
        return None
    (axis,) = next(iter(axes))
    head = [
        str(axis),
        *(
            f"{n.replace('_', ' ')}, {u}"
            if (u := group[n].attrs.get("units", "1")) not in ("", "1")
            else n.replace("_", " ")
            for n in names
        ),
    ]
    cells = [[str(v) if isinstance(v, str | bytes) else number(float(v)) for v in group[name].values] for name in names]
    rows = [list(row) for row in zip(map(str, group[axis].values), *cells, strict=True)]
    return Table("What would have to improve", head, rows)


def _middle(values: list[float]) -> float:
    return sorted(values)[(len(values) - 1) // 2]
