"""What the program says to broken price lists."""

import re

import pytest
from bad_input import Case, check
from conftest import Ohmlab

CROOKED = "expected a lognormal band: p05 * p95 between 0.78 and 1.28 times median^2"
ENERGY = "[places.gpu.energy.flop_fp32]\n"
PRICES: list[tuple[str, str, str]] = [
    (
        "wrong unit",
        ENERGY + 'median = "1 W"',
        'places.gpu.energy.flop_fp32.median = "1 W": expected a number in J, or text such as "1 J" or "1 mJ"',
    ),
    (
        "negative price",
        ENERGY + "median = -1",
        "places.gpu.energy.flop_fp32.median = -1: expected a number above 0",
    ),
    ("free", ENERGY + "median = 0", "places.gpu.energy.flop_fp32.median = 0: expected a number above 0"),
    (
        "unknown action",
        "[places.gpu.energy.flop_fp31]\nmedian = 1",
        'places.gpu.energy.flop_fp31: no such action, did you mean "flop_fp32"?',
    ),
    (
        "infinite",
        ENERGY + "median = inf",
        "places.gpu.energy.flop_fp32.median = inf: expected a finite number",
    ),
    (
        "number for a table",
        "[places.gpu.energy]\nflop_fp32 = 3",
        "places.gpu.energy.flop_fp32 = 3: expected a table",
    ),
    (
        "law that makes things free",
        ENERGY + 'law = {kind = "power", at = 1e5}',
        "places.gpu.energy.flop_fp32.law.at = 100000.0: expected a number from 0 to 64",
    ),
    (
        "inclusion without a reason",
        '[places.gpu.included.energy]\nadc_convert = " "',
        "places.gpu.included: adc_convert: expected in which price it is, and why: nothing is free",
    ),
    (
        "inclusion of the unknown",
        '[places.gpu.included.area]\ncel = "x"',
        'places.gpu.included.area.cel: no such part, did you mean "cell"?',
    ),
    (
        "supply that gives more than it takes",
        "[places.array.supply]\nmedian = 0.5\np05 = 0.4\np95 = 0.6",
        "places.array.supply.median = 0.5: expected a number at least 1",
    ),
    (
        "building that takes less than its machines",
        "[facility.pue]\nmedian = 0.01\np05 = 0.009\np95 = 0.011",
        "facility.pue.median = 0.01: expected a number at least 1",
    ),
    (
        "design of a line without a price",
        '[places.array.design]\nenergy = ["adc_convrt"]',
        'places.array: design.energy: "adc_convrt" has no price of its own in energy, so that there is nothing to '
        'multiply, did you mean "adc_convert"?',
    ),
    (
        "digital machine without a memory",
        '[places.mine]\ntitle = "mine"\nmachine = "chip"',
        'places.mine.memory: expected the bytes that this digital machine keeps on its chip, e.g. "50 MB": they '
        "decide what comes from main memory",
    ),
    (
        "kind of machine that is none",
        '[places.dcim_28]\nmachine = "abacus"',
        'places.dcim_28.machine = "abacus": expected one of "array", "chip", "accelerator"',
    ),
    (
        "other access on the chip",
        "[places.gpu.on_chip.flop_fp32]\nmedian = 1",
        "places.gpu.on_chip.flop_fp32: no such access of main memory",
    ),
    (
        "part that is only counted",
        "[places.gpu.power.memory_byte]\nmedian = 1",
        "places.gpu.power.memory_byte: no such part",
    ),
    (
        "memory of an array",
        '[places.array]\nmemory = "1 MB"',
        "places.array.memory: expected none: only digital machines choose between chip and main memory",
    ),
    (
        "time of a read at a digital machine",
        '[places.gpu.times.t_read]\nmedian = 1\np05 = 0.5\np95 = 2\nnode = "any"\nevidence = "assumed"\ndate = "2026"\n'
        'source = "a test"',
        "places.gpu.times: expected none: only arrays have times of reads and pulses",
    ),
    (
        "whole macro that is a time",
        '[places.array.latency.edge_add]\nscope = "macro"',
        'places.array.latency.edge_add: scope = "macro" is for joules of actions and watts of parts alone',
    ),
    (
        "cells of a background",
        '[places.array.background.control]\nper = "cell"',
        """places.array.background.control: per = "cell" is for joules of a line's action alone""",
    ),
    (
        "chips that share no host",
        "[places.gpu.around]\nchips_per_host = 8",
        "places.gpu: around.chips_per_host: expected 1 where there is no host",
    ),
    (
        "half a host",
        "[places.array.around]\nchips_per_host = 0.5",
        "places.array.around.chips_per_host = 0.5: expected a number at least 1",
    ),
    (
        "unknown law",
        ENERGY + 'law = "cubic"',
        'places.gpu.energy.flop_fp32.law = "cubic": expected one of "constant", "proportional", "affine", '
        '"power", "converter", "survey"',
    ),
]


@pytest.mark.parametrize(
    ("text", "message"), [pytest.param(*rest, id=name.replace(" ", "_")) for name, *rest in PRICES]
)
@pytest.mark.usefixtures("result")
def test_a_broken_price_list_is_named_with_its_line(ohmlab: Ohmlab, text: str, message: str) -> None:
    (ohmlab.folder / "mine.toml").write_text('base = "prices/default"\n' + text)
    expected = re.compile(r"mine\.toml:[23]: " + re.escape(message))
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("median = 1.9e-12", CROOKED),
        ("median = 3e-12", "expected p05 <= median <= p95"),
        ('median = 1e-12\nsource = " "', "source is empty: no price without a source"),
    ],
    ids=["crooked_band", "median_outside_its_band", "no_source"],
)
@pytest.mark.usefixtures("result")
def test_a_price_that_contradicts_itself_is_refused(ohmlab: Ohmlab, change: str, message: str) -> None:
    lines = ['base = "prices/default"', ENERGY + "p05 = 0.5e-12", "p95 = 2e-12", change]
    (ohmlab.folder / "mine.toml").write_text("\n".join(lines))
    expected = re.compile(r".+: places\.gpu\.energy\.flop_fp32: " + re.escape(message))
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


@pytest.mark.usefixtures("result")
def test_a_design_without_evidence_is_refused(ohmlab: Ohmlab) -> None:
    lines = ['base = "prices/default"', "[places.gpu.design]", 'energy = ["flop_fp32"]']
    factor = ["[places.gpu.design.factor]", "median = 1", "p05 = 0.5", "p95 = 2", 'node = "any"', 'date = "2026"']
    (ohmlab.folder / "mine.toml").write_text("\n".join([*lines, *factor, 'source = "a test"']))
    expected = re.compile(r"mine\.toml:4: places\.gpu\.design\.factor\.evidence: is missing: what it rests on")
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


@pytest.mark.usefixtures("result")
def test_a_converter_alone_is_refused_where_prices_are_those_of_macros(ohmlab: Ohmlab) -> None:
    flash = "places.array.energy.adc_convert.base=adc/flash"
    expected = re.compile(
        r".*places\.array: energy\.adc_convert: covers its part alone, but here this price must cover the whole "
        r"macro around it: .*\"parts\""
    )
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--assume", flash), expected))
    assert ohmlab("price", "quick.h5", "--prices", "parts", "--assume", flash).out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "title: is missing: what this list is"),
        ('base = "mine"', 'base = "mine": this base leads back to itself'),
        ('title = "x"\nplaces = [1]', "places = [1]: expected a table"),
        ('title = "x"\nplaces.gpu = "cheap"', 'places.gpu = "cheap": expected a table'),
    ],
    ids=["empty", "circular", "list_of_places", "text_for_a_place"],
)
@pytest.mark.usefixtures("result")
def test_a_price_list_that_is_none_is_named_with_its_line(ohmlab: Ohmlab, text: str, message: str) -> None:
    (ohmlab.folder / "mine.toml").write_text(text)
    expected = f"mine.toml:{1 + text.count(chr(10))}: {message}"
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


@pytest.mark.usefixtures("result")
def test_a_price_list_without_a_place_for_what_was_done_is_refused(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "mine.toml").write_text('title = "x"\n')
    expected = 'places: the price list has no place for "same RBM, digital float32"'
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


@pytest.mark.parametrize("draws", ["-1", "1000001", "many", "1.5"])
@pytest.mark.usefixtures("result")
def test_a_number_of_draws_that_makes_no_sense_is_refused(ohmlab: Ohmlab, draws: str) -> None:
    expected = re.compile(r".*--draws.*" + re.escape(draws) + ".*")
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--draws", draws), expected))


@pytest.mark.usefixtures("result")
def test_a_doubt_about_a_time_without_evidence_is_refused(ohmlab: Ohmlab) -> None:
    band = ["median = 1", "p05 = 0.5", "p95 = 2", 'node = "any"', 'date = "2026"', 'source = "a test"']
    place = ["[places.mine]", 'title = "mine"', 'machine = "array"', "[places.mine.times.t_read]"]
    (ohmlab.folder / "mine.toml").write_text("\n".join(['base = "prices/default"', *place, *band]))
    expected = re.compile(r"mine\.toml:5: places\.mine\.times\.t_read\.evidence: is missing: what it rests on")
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))
