from pathlib import Path
from typing import Any

import numpy as np
import ohmlab
import pytest

PRICES = """\
title = "three prices"
[places.array]
title = "arrays"
[places.array.energy]
adc_convert = {median = "2 pJ", p05 = "1 pJ", p95 = "4 pJ", node = "any", evidence = "derived", date = "2026", source = "a test"}
[places.array.latency]
adc_convert = {median = "1 ns", p05 = "1 ns", p95 = "1 ns", node = "any", evidence = "derived", date = "2026", source = "a test"}
[places.array.area]
adc = {median = "100 um2", p05 = "100 um2", p95 = "100 um2", node = "any", evidence = "derived", date = "2026", source = "a test"}
[places.array.included.power]
adc = "a test"
"""


@pytest.fixture
def tally() -> ohmlab.Tally:
    tally = ohmlab.Tally()
    with tally.stage("train"):
        tally.post("weights", "adc_convert", count=1000, serial=10, parameter=8)
        tally.post("weights", "adc_convert", count=500, parameter=8)
        tally.post("weights", "adc_convert", count=1, parameter=9)
    tally.hold("weights", "adc", 100, parameter=8)
    return tally


def test_postings_of_the_same_kind_add_up(tally: ohmlab.Tally) -> None:
    first, second = tally.entries
    assert (first.stage, first.component, first.action) == ("train", "weights", "adc_convert")
    assert (first.parameter, first.count, first.serial) == (8, 1500, 10)
    assert (second.parameter, second.count) == (9, 1)
    columns = tally.columns()
    assert columns["action"] == ["adc_convert", "adc_convert"]
    np.testing.assert_array_equal(columns["count"], [1500, 1])
    (holding,) = tally.holdings
    assert (holding.component, holding.part, holding.parameter, holding.count) == ("weights", "adc", 8, 100)


def test_a_bill_is_count_times_price_with_the_bands_of_the_list(tally: ohmlab.Tally) -> None:
    Path("prices.toml").write_text(PRICES)
    prices = ohmlab.Prices.load("prices.toml")
    assert prices.places == {"array": "arrays"}
    bill = prices.price(tally, draws=20000)
    assert bill.core is not None
    assert bill.core.nominal == pytest.approx(1501 * 2e-12)
    assert bill.core.band.p05 == pytest.approx(1501e-12, rel=0.05)
    assert bill.core.band.p95 == pytest.approx(4 * 1501e-12, rel=0.05)
    assert bill.seconds.nominal == pytest.approx(10e-9)
    assert bill.area.nominal == pytest.approx(100 * 1e-10)
    assert set(bill.components) == {"weights"}
    assert set(bill.actions) == {"adc_convert"}
    assert set(bill.stages) == {"train"}
    assert bill.stage_seconds["train"].nominal == pytest.approx(10e-9)


def test_an_assumption_replaces_a_price(tally: ohmlab.Tally) -> None:
    Path("prices.toml").write_text(PRICES)
    key = "places.array.energy.adc_convert"
    prices = ohmlab.Prices.load(
        Path("prices.toml"), assume={f"{key}.median": "20 pJ", f"{key}.p05": "10 pJ", f"{key}.p95": "40 pJ"}
    )
    core = prices.price(tally).core
    assert core is not None and core.nominal == pytest.approx(1501 * 20e-12)


def test_the_default_prices_bill_an_arrays_work() -> None:
    device = {
        "g_min": "1 uS",
        "g_max": "10 uS",
        "v_read": 0.2,
        "t_read": "10 ns",
        "v_write": 1,
        "t_pulse": "10 ns",
    }
    array = ohmlab.Array(16, 8, "analog", device=device, seed=1)
    array.mvm(np.ones((100, 16)))
    assert array.unpriced == ""
    once = ohmlab.Prices.default().price(array.tally)
    array.mvm(np.ones((100, 16)))
    twice = ohmlab.Prices.default().price(array.tally)
    assert once.core is not None and twice.core is not None
    ratio = (twice.core / once.core).band
    assert ratio.nominal == pytest.approx(2)
    assert (ratio.p05, ratio.p95) == (pytest.approx(2), pytest.approx(2))
    assert 0 < once.core.band.p05 < once.core.nominal < once.core.band.p95
    assert twice.area.nominal == once.area.nominal > 0


def test_joules_have_a_boundary_everywhere(tally: ohmlab.Tally) -> None:
    Path("prices.toml").write_text(PRICES)
    bill = ohmlab.Prices.load("prices.toml").price(tally)
    assert not hasattr(bill, "joules")
    assert bill.boundary == "core"
    assert repr(bill).startswith("Bill(core 3.002e-09 J [")
    core = bill.at("core")
    assert core is not None and bill.core is not None
    np.testing.assert_array_equal(core.values, bill.core.values)
    assert bill.at("node") is bill.at("facility") is None
    with pytest.raises(ohmlab.UserError, match='^argument boundary: "plug": expected "core", "node" or "fac'):
        bill.at("plug")


def test_an_array_without_prices_is_refused_and_not_free() -> None:
    tally = ohmlab.Tally()
    array = ohmlab.Array(
        8, 4, "analog", device={"base": "devices/reram_sb"}, name="hidden", tally=tally
    )
    array.mvm(np.ones(8))
    missing = "device.g_min, device.g_max, device.v_read, device.t_read, device.v_write, device.t_pulse"
    assert array.unpriced == missing
    assert tally.unpriced == [("hidden", missing)]
    refused = f"^hidden: cannot be billed: no {missing}$"
    with pytest.raises(ohmlab.UserError, match=refused):
        ohmlab.Prices.default().price(tally)
    with pytest.raises(ohmlab.UserError, match=refused):
        ohmlab.Prices.default().tornado(tally)


def test_what_cannot_be_priced_can_be_said(tally: ohmlab.Tally) -> None:
    Path("prices.toml").write_text(PRICES)
    prices = ohmlab.Prices.load("prices.toml")
    prices.price(tally)
    tally.cannot_price("neurons", "a cited voltage", layer="block 1")
    assert tally.unpriced == [("neurons, block 1", "a cited voltage")]
    with pytest.raises(ohmlab.UserError, match="^neurons, block 1: cannot be billed: no a cited voltage$"):
        prices.price(tally)


def test_draws_are_read_only_and_stay_when_their_bill_is_gone(tally: ohmlab.Tally) -> None:
    Path("prices.toml").write_text(PRICES)
    core = ohmlab.Prices.load("prices.toml").price(tally, draws=50).core
    assert core is not None
    values = core.values
    del core
    assert values.shape == (50,)
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1
    assert (values > 0).all()


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda t: t.post("a", "adc_convrt", count=1),
            'argument action: "adc_convrt": expected one of array_read, ',
        ),
        (
            lambda t: t.post("a", "adc_convert", count=-1),
            "argument count: -1: expected a finite number from 0",
        ),
        (
            lambda t: t.post("a", "adc_convert", count=1, joules=float("nan")),
            "argument joules: nan: expected a finite",
        ),
        (lambda t: t.hold("a", "adx", 1), 'argument part: "adx": expected one of'),
        (
            lambda t: t.stage("a").__enter__() or t.stage("b").__enter__(),
            'argument stage: "b": expected no open stage',
        ),
        (
            lambda t: ohmlab.Prices.default().price(t, place="moon"),
            "places.moon: the price list has no such place",
        ),
        (lambda t: ohmlab.Prices.default().price(t, draws=-1), "argument draws: -1: expected 0 to 1000000"),
        (
            lambda t: ohmlab.Prices.default(assume={"titel": "x"}),
            'argument assume: titel: unknown key, did you mean "title"?',
        ),
    ],
)
def test_a_mistake_is_named(tally: ohmlab.Tally, act: Any, message: str) -> None:
    with pytest.raises(ohmlab.UserError) as caught:
        act(tally)
    assert str(caught.value).startswith(message)


def test_what_has_no_price_is_never_free(tally: ohmlab.Tally) -> None:
    Path("prices.toml").write_text(PRICES)
    tally.post("weights", "dac_drive", count=1)
    with pytest.raises(
        ohmlab.UserError, match="^places.array.energy.dac_drive: the price list has no such price"
    ):
        ohmlab.Prices.load("prices.toml").price(tally)
