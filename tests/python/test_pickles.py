"""Everything that a user holds goes through pickle, and so through joblib and multiprocessing."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import ohmlab
import pytest
from conftest import quick

ANALOG = {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}


def through_pickle(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> ohmlab.Outcome:
    return ohmlab.run(quick() | {"array": ANALOG}, folder=tmp_path_factory.mktemp("runs"))


def figures(bill: Any) -> list[Any]:
    """Everything that a bill says."""
    names = ("boundary", "wear", "cells_seconds", "launch_seconds")
    out = [getattr(bill, name) for name in names]
    for name in ("core", "node", "facility", "host", "dollars", "co2", "seconds"):
        draws = getattr(bill, name)
        out.append(None if draws is None else (draws.nominal, draws.values.tolist()))
    for name in ("components", "layers", "groups", "actions", "stages", "stage_seconds"):
        out.append({label: draws.values.tolist() for label, draws in getattr(bill, name).items()})
    return [*out, (bill.area.nominal, bill.area.p05, bill.area.p95)]


def test_an_outcome_is_its_data(outcome: ohmlab.Outcome) -> None:
    other = through_pickle(outcome)
    assert (other.id, other.file, other.ran, other.quality) == (
        outcome.id,
        outcome.file,
        outcome.ran,
        outcome.quality,
    )
    assert [figures(row.bill) for row in other.bills(draws=20) if row.bill] == [
        figures(row.bill) for row in outcome.bills(draws=20) if row.bill
    ]


def test_an_outcome_needs_no_file(outcome: ohmlab.Outcome, tmp_path: Path) -> None:
    alone = ohmlab.run(quick(), folder=tmp_path)
    data = pickle.dumps(alone)
    Path(alone.file).unlink()
    assert pickle.loads(data).quality == alone.quality


def test_a_loaded_result_is_its_data(outcome: ohmlab.Outcome) -> None:
    result = ohmlab.results.load(outcome.file)
    other = through_pickle(result)
    assert other.config == result.config and other.run == result.run and other.id == result.id
    for part in ("quality", "metrics", "model", "tally", "holdings", "history"):
        assert getattr(other, part).identical(getattr(result, part)), part


def test_bills_are_their_data(outcome: ohmlab.Outcome) -> None:
    rows = outcome.bills(draws=50)
    for row, other in zip(rows, through_pickle(rows), strict=True):
        assert (other.system, other.title, other.place, other.unpriced, other.machine, other.bound) == (
            row.system,
            row.title,
            row.place,
            row.unpriced,
            row.machine,
            row.bound,
        )
        assert (row.bill is None) == (other.bill is None)
        if row.bill:
            assert figures(other.bill) == figures(row.bill)
    for rival, other in zip(ohmlab.rivals(rows), through_pickle(ohmlab.rivals(rows)), strict=True):
        assert repr(other.seconds) == repr(rival.seconds) and other.row.system == rival.row.system
        assert repr(other.node) == repr(rival.node)


def test_bills_of_two_processes_share_their_draws(outcome: ohmlab.Outcome) -> None:
    first = outcome.bills(draws=50)[0].bill
    assert (through_pickle(first).core / first.core).band.p95 == 1


def test_a_bill_to_a_quality_is_its_data(outcome: ohmlab.Outcome) -> None:
    bill = outcome.bill_to("test_log_likelihood", -30)
    other = through_pickle(bill)
    assert repr(other) == repr(bill) and other.there == bill.there and other.before == bill.before
    assert [figures(row.bill) for row in other.bills] == [figures(row.bill) for row in bill.bills]


def test_prices_are_their_config() -> None:
    prices = ohmlab.Prices.default(assume={"places.array.energy.adc_convert": "3 pJ"})
    other = through_pickle(prices)
    assert (other.title, other.file, other.places) == (prices.title, prices.file, prices.places)
    tally = ohmlab.Tally()
    tally.post("weights", "adc_convert", count=1e6, serial=1e4, parameter=8)
    tally.hold("weights", "adc", 3, parameter=8)
    assert figures(other.price(tally)) == figures(prices.price(tally))


def test_a_device_is_its_config() -> None:
    device = ohmlab.Device("devices/reram_es", set={"pulse.dw_min_dtod": 0})
    assert through_pickle(device).parameters == device.parameters


def test_a_tally_is_its_entries_and_its_parts() -> None:
    tally = ohmlab.Tally()
    with tally.stage("train"):
        tally.post("weights", "adc_convert", count=1e6, serial=1e4, parameter=8, joules=1e-9, seconds=1e-6)
    tally.hold("weights", "adc", 100, parameter=8, layer="hidden")
    tally.cannot_price("drivers", "a real dac")
    other = through_pickle(tally)
    assert repr(other.entries) == repr(tally.entries)
    assert repr(other.holdings) == repr(tally.holdings) and other.unpriced == tally.unpriced
    assert other.holdings[0].layer == "hidden"
    with tally.stage("open"), pytest.raises(ohmlab.UserError, match="expected no open stage"):
        pickle.dumps(tally)


@pytest.mark.parametrize("config", ["ideal", ANALOG | {"path": "tiki_taka"}, ANALOG], ids=["ideal", "path", "analog"])
def test_a_copy_of_an_array_goes_on_with_the_same_bits(config: Any) -> None:
    array = ohmlab.Array(6, 4, config, seed=3)
    x, d = numpy.linspace(-1, 1, 12).reshape(2, 6), numpy.linspace(1, -1, 8).reshape(2, 4)
    array.update(x, d, 0.05)
    array.mvm(x)
    other = copy.deepcopy(array)
    for each in (array, other):
        each.update(x, d, 0.05)
        each.wait(10)
    assert numpy.array_equal(array.mvm(x), other.mvm(x))
    assert numpy.array_equal(array.weights, other.weights)
    assert array.figures == other.figures and repr(array.tally.entries) == repr(other.tally.entries)
    assert repr(sorted(map(repr, array.tally.holdings))) == repr(sorted(map(repr, other.tally.holdings)))
    assert array.unpriced == other.unpriced and array.shape == other.shape and repr(array) == repr(other)


def test_parts_that_the_user_added_to_the_tally_of_an_array_are_kept_once() -> None:
    array = ohmlab.Array(6, 4, ANALOG, seed=3)
    array.tally.hold("mine", "adc", 2, parameter=8)
    assert len(through_pickle(array).tally.holdings) == len(array.tally.holdings)


def test_arrays_that_share_a_tally_are_refused() -> None:
    tally = ohmlab.Tally()
    arrays = [ohmlab.Array(2, 2, "ideal", name=name, tally=tally) for name in ("a", "b")]
    with pytest.raises(ohmlab.UserError, match="shares its tally with no other"):
        pickle.dumps(arrays)


def test_a_sweep_is_its_points(tmp_path: Path) -> None:
    config = quick() | {"sweep": {"axes": [{"key": "training.rate", "values": [0.01, 0.1]}]}}
    sweep = ohmlab.sweep(config, out=tmp_path / "s")
    other = through_pickle(sweep)
    assert (other.id, other.points, other.done, other.folder) == (sweep.id, sweep.points, 2, sweep.folder)


JOBLIB = """
import sys
sys.path.insert(0, sys.argv[1])
import joblib, numpy, ohmlab

def trained(seed):
    config = {"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3}, "model": {"kind": "rbm", "hidden": 4},
              "training": {"epochs": 2, "batch": 4}, "seed": seed}
    return ohmlab.run(config, folder=sys.argv[2], threads=1)

def priced(outcome):
    return outcome.bills(draws=10)

def read(array, x):
    return array.mvm(x), array

array = ohmlab.Array(3, 2, "analog", device={"base": "devices/gokmen_vlasov"}, seed=1)
with joblib.parallel_config("loky", n_jobs=2):
    outcomes = joblib.Parallel()(joblib.delayed(trained)(seed) for seed in (1, 2, 3))
    reads = joblib.Parallel()(joblib.delayed(read)(array, numpy.ones(3)) for _ in range(2))
    bills = joblib.Parallel()(joblib.delayed(priced)(outcome) for outcome in outcomes)
print([round(outcome.quality["test_log_likelihood"], 6) for outcome in outcomes] ==
      [round(trained(seed).quality["test_log_likelihood"], 6) for seed in (1, 2, 3)])
print(numpy.array_equal(reads[0][0], reads[1][0]), all(rows[0].bill for rows in bills) or rows[0].unpriced)
"""


def test_joblib_works_with_all_of_them(tmp_path: Path) -> None:
    pytest.importorskip("joblib")
    script = tmp_path / "job.py"
    script.write_text(JOBLIB)
    package = str(Path(ohmlab.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, str(script), package, str(tmp_path / "runs")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["True", "True True"], done.stderr
