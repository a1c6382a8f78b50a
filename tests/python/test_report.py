"""Pages of verdicts, results and sweeps: their numbers are those of the files, their text is escaped, they load
nothing."""

import hashlib
import html
import os
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import ohmlab
import pytest
from conftest import quick

matplotlib = pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")
matplotlib.use("Agg")

NAME = "<b>x</b>.toml"  # a folder "<b>x<" with a file in it
SMALL = {
    "verdict.rates": [0.2],
    "verdict.repeats": 2,
    "verdict.fixed": [],
    "verdict.removed": [{"label": "spread <i>of</i> steps", "set": {"array.device.pulse.dw_min_dtod": 0}}],
    "verdict.levels": [-24.9, -24.5],
    "model.hidden": 4,
    "training.epochs": 4,
    "evaluation.every": 1,
    "array.path": {"kind": "direct"},
}
ANALOG = {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}


class Read(HTMLParser):
    """Tables by caption, pictures, words and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._rows: list[list[str]] | None = None
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "table":
            self._rows, self._caption = [], ""
        if tag == "tr" and self._rows is not None:
            self._rows.append([])
        if tag in ("th", "td") and self._rows is not None:
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "table" and self._rows is not None:
            self.tables[self._caption.strip()] = self._rows
            self._rows = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("style", "script"):
            return
        self.words += data
        if self._rows is not None:
            if self._open and self._open[-1] == "caption":
                self._caption += data
            elif self._open and self._open[-1] in ("th", "td"):
                self._rows[-1][-1] += data


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a verdict on a device of a wicked name. Do not change it."""
    folder = tmp_path_factory.mktemp("judged")
    before = Path.cwd()
    os.chdir(folder)
    try:
        Path(NAME).parent.mkdir()
        Path(NAME).write_text('base = "devices/gokmen_vlasov"\n')
        ohmlab.verdict(NAME, out="verdict", set=SMALL, jobs=1)
    finally:
        os.chdir(before)
    return folder / "verdict"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training on arrays beside its digital twins. Do not change it."""
    out = tmp_path_factory.mktemp("trained") / "x.h5"
    return Path(ohmlab.run(quick() | {"array": ANALOG}, out=out).file)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep over two axes with two repeats. Do not change it."""
    out = tmp_path_factory.mktemp("swept") / "points"
    axes = [
        {
            "name": "machine",
            "cases": [{"label": "<s>small</s>", "set": {"model.hidden": 2}}, {"label": "large", "set": {}}],
        },
        {"key": "training.rate", "values": [0.01, 0.1, 0.4]},
    ]
    ohmlab.sweep(quick() | {"sweep": {"axes": axes, "repeats": 2}}, out=out)
    return out


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A characterised device. Do not change it."""
    out = tmp_path_factory.mktemp("measured") / "cells.h5"
    small = {"cells": 20, "pulses_up": 40, "pulses_down": 40, "device.base": "devices/gokmen_vlasov"}
    return Path(ohmlab.run("experiments/characterize", set=small, out=out).file)


_MADE: dict[Path, str] = {}


def text_of(source: Path) -> str:
    """The page of a source that does not change; it is made once."""
    if source not in _MADE:
        assert ohmlab.report(source, "page.html") == "page.html"
        _MADE[source] = Path("page.html").read_text()
    return _MADE[source]


def page(source: Path) -> Read:
    return Read(text_of(source))


def amounts(text: str) -> list[float]:
    """Numbers of "27.5 [15.4, 115] mJ" in SI units."""
    *numbers, unit = text.replace("−", "-").split(" ")
    scale = 1.0
    if unit[-1] in "Js":
        scale = {"a": 1e-18, "f": 1e-15, "p": 1e-12, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6}.get(
            unit[:-1], 1.0
        )
    else:
        numbers.append(unit)
    return [float(number.strip("[],")) * scale for number in numbers]


def test_the_page_of_a_verdict_begins_with_the_words_of_the_file(judged: Path) -> None:
    read = page(judged)
    with h5py.File(judged / "verdict.h5") as file:
        report = file["report"][()].decode()
    assert report == str(ohmlab.results.load_verdict(judged))
    lines = report.split("\n")
    place = 0
    for line in [line for line in lines if not line.startswith("To ")][:3]:
        place = read.words.index(line.strip(), place)
    assert report in read.words


def test_numbers_of_the_page_of_a_verdict_are_those_of_the_file(judged: Path) -> None:
    read = page(judged)
    with h5py.File(judged / "verdict.h5") as file:
        level = float(file.attrs["compared_level"])
        at = list(file["level"][:]).index(level)
        (costs,) = (rows for caption, rows in read.tables.items() if caption.startswith(f"To {level:g} "))
        assert len(costs) == 1 + file["machine"].shape[0]
        for k, row in enumerate(costs[1:]):
            assert row[2] == f"{file['reached'][at, k]:.0f} of {file['instances'][at, k]:.0f}"
            for cell, i in ((row[3], 0), (row[4], 1), (row[5], 2)):
                stored = [file[f"joules{end}"][at, k, i] for end in ("", "_p05", "_p95")]
                np.testing.assert_allclose(amounts(cell), stored, rtol=6e-3)
            stored = [file[f"seconds{end}"][at, k] for end in ("", "_p05", "_p95")]
            np.testing.assert_allclose(amounts(row[6]), stored, rtol=6e-3)
        (chances, *_) = (rows for caption, rows in read.tables.items() if caption.startswith("Chances"))
        for k, row in enumerate(chances[1:], start=1):
            node = [name.decode() for name in file["measure"][:]].index("node")
            np.testing.assert_allclose(float(row[2].split(" ")[0]), 100 * file["ahead"][at, k, node], rtol=6e-3)
        gain = float(read.tables["Gain of quality on validation"][1][1].replace("−", "-"))
        np.testing.assert_allclose(gain, file["causes/gain"][0], atol=6e-4)
        best = [row for row in next(rows for name, rows in read.tables.items() if name.startswith("Best quality"))]
        np.testing.assert_allclose(float(best[-1][1].replace("−", "-")), file["learning/untrained"][()], rtol=6e-4)


def test_text_of_users_is_escaped(judged: Path, swept: Path) -> None:
    for source, name in ((judged, NAME), (judged, "spread <i>of</i> steps"), (swept, "<s>small</s>")):
        read, text = page(source), text_of(source)
        assert name not in text and name.replace("<", "&lt;").replace(">", "&gt;") in text
        assert name in read.words
        assert not {"b", "i", "s"} & {tag for tag, _ in read.tags}


@pytest.mark.parametrize("kind", ["judged", "trained", "swept", "measured"])
def test_a_page_is_one_light_file_that_loads_nothing(kind: str, request: pytest.FixtureRequest) -> None:
    source = request.getfixturevalue(kind)
    read, text = page(source), text_of(source)
    assert len(text) < 1.5e6
    assert "http:" not in text and "https:" not in text
    assert not {"script", "link", "iframe", "object", "embed", "img"} & {tag for tag, _ in read.tags}
    for _, attributes in read.tags:
        for key in ("href", "src", "srcset", "data", "action"):
            assert (attributes.get(key) or "#").startswith(("#", "data:image/png"))
        assert not any(key.startswith("on") for key in attributes)
    assert all(target.startswith("#") for target in re.findall(r"url\(['\"]?([^)'\"]*)", text))
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    pictures = [attributes for tag, attributes in read.tags if tag == "svg"]
    assert pictures and all(attributes["role"] == "img" and attributes["aria-label"] for attributes in pictures)
    assert all(attributes.get("scope") in ("row", "col") for tag, attributes in read.tags if tag == "th")


def test_numbers_of_the_page_of_a_result_are_those_of_the_file(trained: Path) -> None:
    read = page(trained)
    result = ohmlab.results.load(trained)
    figures = {row[2].replace(" ", "_"): row[1] for row in read.tables["Final figures"][1:]}
    with h5py.File(trained) as file:
        assert set(figures) == set(file["quality"])
        for name, value in figures.items():
            said = float(value.split(" ")[0].replace("−", "-"))
            np.testing.assert_allclose(said, file[f"quality/{name}"][()], rtol=1e-4)
    rows = read.tables["Median [5th, 95th percentile of the prices]"][1:]
    bills = result.bills()
    assert len(rows) == len(bills)
    for row, priced in zip(rows, bills, strict=True):
        assert priced.bill is not None and priced.bill.core is not None
        band = priced.bill.core.band
        np.testing.assert_allclose(amounts(row[2]), [band.nominal, band.p05, band.p95], rtol=6e-3)


def test_numbers_of_the_page_of_a_sweep_are_those_of_the_cube(swept: Path) -> None:
    read = page(swept)
    cube = ohmlab.results.load_sweep(swept)
    means = cube["test_log_likelihood"].mean("repeat")
    table = next(rows for rows in read.tables.values() if rows[0][-1].startswith("test log likelihood"))
    assert len(table) == 1 + means.size
    for row in table[1:]:
        stored = float(means.sel(machine=row[table[0].index("machine")], rate=float(row[table[0].index("rate")])))
        np.testing.assert_allclose(float(row[-1].replace("−", "-")), stored, rtol=6e-4)


def test_without_its_runs_a_verdict_says_what_is_missing(judged: Path) -> None:
    Path("alone").mkdir()
    Path("alone/verdict.h5").write_bytes((judged / "verdict.h5").read_bytes())
    read = page(Path("alone/verdict.h5"))
    assert "alone/final is missing or unfinished" in read.words
    assert "Joules at equal quality" in read.words and "Quality over joules" not in read.words


def test_a_device_that_does_not_learn_has_a_page_too() -> None:
    sets = SMALL | {"verdict.levels": [-10.0], "verdict.repeats": 1, "verdict.removed": []}
    ohmlab.verdict("devices/gokmen_vlasov", out="unlearned", set=sets, jobs=1)
    found = ohmlab.results.load_verdict("unlearned")
    assert found.level is None and "DOES NOT LEARN" in found.report[0]
    read = page(Path("unlearned"))
    assert found.report[0] in read.words and "Is the analog machine ahead?" not in read.words


def _padded(head: bytes) -> bytes:
    """The same 512 bytes if a number in them has become longer or shorter."""
    return head.rstrip(b" \n") + b"\n" + b" " * (511 - len(head.rstrip(b" \n")) - 1) + b"\n"


def sealed(file: Path, like: bytes) -> None:
    """Gives a file made by h5py, with room in front, the digest that ohmlab compares; its words are of another."""
    content = file.read_bytes()[512:]
    head = re.sub(rb"bytes \d+", b"bytes %d" % len(content), like[:512])
    head = re.sub(rb"sha256 [0-9a-f]+", b"sha256 " + hashlib.sha256(content).hexdigest().encode(), head)
    file.write_bytes(_padded(head) + content)


def test_damaged_foreign_and_old_files_are_refused_by_name(judged: Path, trained: Path, program: Path) -> None:
    whole = trained.read_bytes()
    Path("cut.h5").write_bytes(whole[: len(whole) // 2])
    Path("flipped.h5").write_bytes(whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:])
    Path("text.h5").write_text("hello")
    Path("none").mkdir()
    with h5py.File("foreign.h5", "w") as file:
        file["x"] = 1
    Path("old.h5").write_bytes((judged / "verdict.h5").read_bytes())
    with h5py.File("old.h5", "r+") as file:
        del file["report"]
    sealed(Path("old.h5"), whole)
    with h5py.File("other.h5", "w", userblock_size=512) as file:
        file.attrs["format"] = "ohmlab state"
    sealed(Path("other.h5"), whole)
    for name, message in [
        ("cut.h5", "cut.h5: expected"),
        ("flipped.h5", "flipped.h5: "),
        ("text.h5", "text.h5: expected"),
        ("foreign.h5", "foreign.h5: "),
        ("old.h5", "old.h5: written by an earlier version"),
        ("other.h5", 'found a file of format "ohmlab state"'),
        ("none", "none: expected the folder of a verdict"),
        ("nowhere.h5", "nowhere.h5: there is no such file"),
    ]:
        with pytest.raises(ohmlab.UserError, match=re.escape(message)):
            ohmlab.report(name)
        if name not in ("cut.h5", "none"):
            continue
        done = subprocess.run([program, "report", name], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (2, "") and message in done.stderr, done.stderr
        assert done.stderr.startswith("ohmlab: ") and done.stderr.count("\n") == 1
    assert not list(Path().glob("*.html"))


def test_the_command_writes_beside_its_source(trained: Path, program: Path) -> None:
    Path("x.h5").write_bytes(trained.read_bytes())
    done = subprocess.run([program, "report", "x.h5"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "x.html\n", "")
    assert "ohmlab report x.h5" in Path("x.html").read_text()
    first = Path("x.html").read_bytes()
    assert ohmlab.report("x.h5", "again.html") == "again.html"
    assert Path("again.html").read_bytes() == first
    done = subprocess.run([program, "report", "x.h5", "--out", "nowhere/x.html"], capture_output=True, text=True)
    assert done.returncode == 1 and "nowhere/x.html: cannot be written" in done.stderr


def test_commands_of_a_page_run_and_print(trained: Path, measured: Path, program: Path) -> None:
    search = f"{program.parent}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for source in (trained, measured):
        commands = re.findall(r"<dt>Command</dt><dd><code>(.*?)</code>", text_of(source), re.DOTALL)
        for line in sorted({html.unescape(line) for line in commands}):
            folder: dict[str, Any] = {"cwd": source.parent, "env": os.environ | {"PATH": search}}
            done = subprocess.run(shlex.split(line), capture_output=True, text=True, **folder)
            assert done.returncode == 0 and done.stdout.strip(), (line, done.stderr)


def test_a_price_list_is_said_and_used(trained: Path) -> None:
    read = Read(Path(ohmlab.report(trained, "page.html", prices="parts")).read_text())
    assert ohmlab.Prices.load("parts").title in read.words
    first = ohmlab.results.load(trained).bills(ohmlab.Prices.load("parts"))[0].bill
    assert first is not None and first.core is not None
    cell = read.tables["Median [5th, 95th percentile of the prices]"][1][2]
    np.testing.assert_allclose(amounts(cell)[0], first.core.nominal, rtol=6e-3)


def test_legends_stand_below_what_they_explain(judged: Path, trained: Path) -> None:
    import ohmlab.plot as plot

    found, result = ohmlab.results.load_verdict(judged), ohmlab.results.load(trained)
    drawn = [
        plot.verdict_learning(found),
        plot.verdict_costs(found),
        plot.verdict_ahead(found),
        plot.verdict_causes(found),
    ]
    drawn += [plot.verdict_parts(found), plot.bills(result), plot.bill(result.bills()[0]), plot.learning(result)]
    for axis in drawn:
        axis.figure.canvas.draw()
        legend = axis.get_legend()
        assert legend is not None
        assert legend.get_window_extent().y1 <= axis.get_window_extent().y0
        box, size = axis.figure.get_tightbbox(), axis.figure.get_size_inches()
        assert min(box.x0, box.y0) >= -0.02 and box.x1 <= size[0] + 0.02 and box.y1 <= size[1] + 0.02, axis.get_title()
        matplotlib.pyplot.close(axis.figure)
    whole = plot.verdict(found)
    assert [axis.get_title() for axis in whole.axes][0] == "Quality over joules"
    matplotlib.pyplot.close(whole)


def test_notebooks_show_small_tables_with_units(judged: Path, trained: Path) -> None:
    result, verdict = ohmlab.results.load(trained), ohmlab.results.load_verdict(judged)
    row = result.bills()[0]
    assert row.bill is not None and row.bill.core is not None
    shown: list[Any] = [result, row, row.bill, ohmlab.Device("devices/gokmen_vlasov"), verdict]
    shown += [result.bill_to("test_log_likelihood", -1e3, toward="up")]
    for one in shown:
        text = one._repr_html_()
        read = Read(text)
        assert read.tables and "<script" not in text
    cell = Read(row.bill._repr_html_()).tables[""][1][1]
    np.testing.assert_allclose(amounts(cell)[0], row.bill.core.nominal, rtol=6e-3)
    assert "gokmen" not in verdict._repr_html_() and "&lt;b&gt;x&lt;/b&gt;" in verdict._repr_html_()
