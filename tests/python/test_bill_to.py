from pathlib import Path
from typing import Any

import numpy as np
import ohmlab
import pytest
from conftest import quick
from sealed import resealed

METRIC = "test_log_likelihood"
ARRAY = {"array.kind": "analog", "array.device.base": "devices/gokmen_vlasov"}


@pytest.fixture
def outcome() -> ohmlab.Outcome:
    return ohmlab.run(quick(), set=ARRAY | {"training.epochs": 8}, out="x.h5")


@pytest.fixture
def rising(outcome: ohmlab.Outcome) -> ohmlab.results.Result:
    """The result with a metric of 0, 1, 2, … in its file."""
    with resealed(outcome.file) as file:
        file["metrics"][METRIC][...] = range(9)
    return ohmlab.results.load(outcome.file)


def test_a_bill_to_a_quality_has_both_ends_of_its_bracket(rising: ohmlab.results.Result) -> None:
    bill = rising.bill_to(METRIC, 4.5, draws=50)
    assert (bill.metric, bill.target, bill.unit) == (METRIC, 4.5, "nat")
    assert (bill.axis, bill.toward, bill.system) == ("epoch", "up", "simulated")
    assert bill.reached and bill.best is None
    assert (bill.there, bill.before, bill.stays) == ((5, 5), (4, 4), (5, 5))
    assert repr(bill) == f"QualityBill({METRIC} >= 4.5, at epoch 5)"
    (there,), (before,) = bill.bills, bill.bills_before
    assert there.place == before.place == "array"
    assert there.bill is not None and before.bill is not None
    assert there.bill.node is not None and before.bill.node is not None
    assert len(there.bill.node.values) == 50
    assert 0 < before.bill.node.nominal < there.bill.node.nominal
    nobody_ran = {row.title for row in rising.bills()[1:]}
    assert set(bill.quality_unknown) == nobody_ran and len(nobody_ran) == 3


def test_the_last_evaluation_is_the_whole_training(rising: ohmlab.results.Result) -> None:
    (last,) = rising.bill_to(METRIC, 8).bills
    whole = rising.bills()[0]
    assert last.bill is not None and whole.bill is not None
    assert last.bill.node is not None and whole.bill.node is not None
    np.testing.assert_array_equal(last.bill.node.values, whole.bill.node.values)
    np.testing.assert_array_equal(last.bill.seconds.values, whole.bill.seconds.values)


def test_a_target_that_is_not_reached_has_no_bill(rising: ohmlab.results.Result) -> None:
    bill = rising.bill_to(METRIC, 9)
    assert not bill.reached and bill.best == (8, 8) and bill.there is bill.before is bill.stays is None
    assert bill.bills == bill.bills_before == []
    assert repr(bill) == f"QualityBill({METRIC} >= 9, not reached, best 8 at epoch 8)"
    assert not rising.bill_to(METRIC, -1).reached
    assert rising.bill_to(METRIC, -1, toward="up").there == (0, 0)
    assert rising.bill_to(METRIC, 1, toward="down").there == (0, 0)


def test_prices_and_assumptions_are_those_of_bills(rising: ohmlab.results.Result) -> None:
    list_ = ohmlab.Prices.load("silicon")
    (silicon,), (default,) = rising.bill_to(METRIC, 3, list_).bills, rising.bill_to(METRIC, 3).bills
    assert silicon.bill is not None and default.bill is not None
    assert silicon.bill.core is not None and default.bill.core is not None
    assert silicon.bill.core.nominal > default.bill.core.nominal
    dear = {"places.array.energy.adc_convert": "1 J"}
    (assumed,) = rising.bill_to(METRIC, 3, assume=dear, draws=0).bills
    assert assumed.bill is not None and assumed.bill.core is not None
    assert assumed.bill.core.nominal > 1
    with pytest.raises(ohmlab.UserError, match="argument assume: expected nothing beside prices"):
        rising.bill_to(METRIC, 3, list_, assume=dear)


def test_mistakes_are_answered_by_name(outcome: ohmlab.Outcome, rising: ohmlab.results.Result) -> None:
    for bill_to in (outcome.bill_to, rising.bill_to):
        with pytest.raises(ohmlab.UserError, match='did you mean "test_log_likelihood"'):
            bill_to("test_log_likelyhood", -6)
        with pytest.raises(ohmlab.UserError, match="^argument value: .*expected a finite number"):
            bill_to(METRIC, float("nan"))
    sideways: Any = "sideways"
    with pytest.raises(ohmlab.UserError, match='expected "up" or "down"'):
        rising.bill_to(METRIC, 3, toward=sideways)


def test_the_history_is_labelled_and_its_entries_are_rows_of_the_tally(outcome: ohmlab.Outcome) -> None:
    result = ohmlab.results.load(outcome.file)
    history = result.history
    assert history.attrs["system"] == "simulated"
    assert history["count"].dims == ("epoch", "entry")
    np.testing.assert_array_equal(history["epoch"], range(9))
    of_it = result.tally.isel(entry=history["entry"].values)
    assert set(of_it["system"].values) == {"simulated"}
    names = {"count": "count", "serial": "serial", "joules": "joules", "duration": "seconds"}
    for mine, theirs in names.items():
        np.testing.assert_array_equal(history[mine].values[-1], of_it[theirs].values)
        assert (np.diff(history[mine].values, axis=0) >= 0).all()


def test_what_does_not_train_has_no_history() -> None:
    config = {
        "kind": "deploy",
        "data": {"kind": "bars_and_stripes", "size": 2},
        "model": {"kind": "rbm", "hidden": 2},
        "array": "analog",
        "training": {"epochs": 1, "batch": 4},
        "ages": [1.0, 10.0],
        "instances": 1,
    }
    result = ohmlab.results.load(Path(ohmlab.run(config, out="d.h5").file))
    assert len(result.history) == 0
    with pytest.raises(ohmlab.UserError, match="what had been done at each age is not stored"):
        result.bill_to(METRIC, -1)
