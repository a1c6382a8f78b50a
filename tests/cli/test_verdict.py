"""`ohmlab verdict` on a small task: its screen, its file, what it keeps and what it refuses."""

import json
import signal
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from conftest import Ohmlab, wait_until

TASK = """\
title = "small RBM on digits"
metric = "test_log_likelihood"
levels = [-25.0, -24.5, -24.0, -10.0]
rates = [0.1, 0.2]
rate_keys = ["training.rate", "training.bias_rate"]
validation = 100
repeats = 2
unit_seconds = 1

[analog]
set = {base = "experiments/rbm_digits", "array.kind" = "analog", "array.weight_scale" = 4, "model.hidden" = 4, \
"training.epochs" = 5, "training.update" = "differenced", "evaluation.every" = 1, "data.test_examples" = 200}
ways = [{label = "pulses"}, {label = "a way that no device has", set = {"array.path.kind" = "nowhere"}}]

[[digital]]
name = "chip"
set = {base = "experiments/rbm_digits", "array.machine" = "chip", "array.format" = "int8_shift", "model.hidden" = 4, \
"training.epochs" = 5, "evaluation.every" = 1, "data.test_examples" = 200}
ways = [{label = "PCD"}]

[[digital]]
name = "accelerator"
set = {base = "experiments/rbm_digits", "model.hidden" = 4, "training.epochs" = 5, "evaluation.every" = 1, \
"data.test_examples" = 200}
ways = [{label = "PCD"}]

[[removed]]
label = "spread of steps"
set = {"array.device.pulse.dw_min_dtod" = 0}

[[removed]]
label = "faults"
set = {"array.device.faults" = "none"}

[[levers]]
label = "short reads"
room = "device"
down_to = {"array.device.t_read" = 1e-9, "array.device.no_such_key" = 0.0}
limit = "a test"

[[levers]]
label = "fewer chains, on both sides"
room = "system"
down_to = {"rule.chains" = 10}
both = true
limit = "a test"

[[levers]]
label = "a small host"
room = "system"
prices = ["places.array.around.host.base=edge/microcontroller"]
limit = "a test"

[[levers]]
label = "a host that no list has"
room = "system"
prices = ["places.nowhere.around.host.base=edge/microcontroller"]
limit = "a test"

[[levers]]
label = "reads longer than they are"
room = "device"
down_to = {"array.device.t_read" = 1e-3}
limit = "a test"
"""
DEVICE = "devices/gokmen_vlasov"


def judge(ohmlab: Ohmlab, *more: str, device: str = DEVICE, out: str = "verdict") -> Any:
    (ohmlab.folder / "small.toml").write_text(TASK)
    return ohmlab("verdict", device, "--task", "small.toml", "--out", out, "--jobs", "1", *more)


@pytest.fixture(scope="module")
def judged(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Ohmlab:
    """A folder with a finished verdict. Do not change it."""
    made = Ohmlab(program, tmp_path_factory.mktemp("judged"))
    (made.folder / "screen.txt").write_text(judge(made).out)
    return made


def test_the_screen_is_short_and_says_the_answer_first(judged: Ohmlab) -> None:
    lines = (judged.folder / "screen.txt").read_text().splitlines()
    assert len(lines) <= 25 and max(map(len, lines)) <= 100
    assert lines[0] == f"With {DEVICE}, analog training of this small RBM on digits"
    assert lines[1].startswith(("LOSES to ", "is UNDECIDED beside ", "WINS over ")) and " at the node" in lines[1]
    assert lines[2].startswith("at equal quality, -2") and " % of draws" in lines[2]
    assert any("never reach -10 nat" in line or "never reach -2" in line for line in lines)
    assert lines[-1] == "All numbers: verdict/verdict.h5"


def test_the_file_and_json_hold_the_same_cube(judged: Ohmlab) -> None:
    outcome = judge(judged, "--json")
    found = json.loads(outcome.out)
    assert "sweep" not in outcome.err and "runs, then" not in outcome.err  # nothing is left to run
    assert found["learns"] and found["compared_level"] in (-25.0, -24.5, -24.0)
    assert len(found["refused"]) == 1 and "nowhere" in found["refused"][0]
    assert found["settings_tried"] == 2
    assert [cause["removed"] for cause in found["causes"]] == ["spread of steps"]  # it has no faults
    with h5py.File(judged.folder / "verdict/verdict.h5") as file:
        assert file.attrs["format"] == "ohmlab verdict"
        assert file.attrs["compared_level"] == found["compared_level"]
        assert list(file["level"][:]) == [rung["level"] for rung in found["levels"]]
        joules, ahead = file["joules"], file["ahead"]
        assert joules.attrs["units"] == "J" and file["seconds"].attrs["units"] == "s"
        for i, rung in enumerate(found["levels"]):
            assert joules.shape[1] == len(rung["machines"])
            for j, machine in enumerate(rung["machines"]):
                for k, boundary in enumerate(("core", "without_hosts", "node")):
                    band = machine["cost"][boundary]
                    np.testing.assert_array_equal(joules[i, j, k], np.nan if band is None else band["nominal"])
                against = machine["analog_against_it"]
                assert (machine["side"] == "analog") == (not against) or not against
                for k, measure in enumerate(("core", "without_hosts", "node", "seconds")):
                    if measure in against:
                        assert ahead[i, j, k] == against[measure]["ahead"]
        assert np.isnan(joules[-1]).all()  # nothing reaches -10 nats


def test_levers_are_tried_at_their_limits_and_billed_alike(judged: Ohmlab) -> None:
    """Bills of trials are those of `price --to` on the runs of the trials, and of the first instance without them."""
    found = json.loads(judge(judged, "--json").out)
    search = found["improvement"]
    assert search["goal"] == "cost" and search["measure"] == "node" and search["level"] < found["compared_level"]
    levers = {lever["label"]: lever for lever in search["levers"]}
    assert "nowhere" in levers.pop("a host that no list has")["failed"]
    assert set(levers) == {"short reads", "fewer chains, on both sides", "a small host"}
    assert list(levers["short reads"]["moves"]) == ["array.device.t_read"]
    assert levers["a small host"]["moves"] == {} and levers["a small host"]["best"] == search["now"]["best"]

    def factor(trial: Any) -> float:
        return float(trial["analog_against_the_cheapest"]["node"]["factor"]["nominal"])

    scores = [factor(lever) for lever in search["levers"][:-1]]  # the last one has no bill
    assert scores == sorted(scores, reverse=True)
    assert factor(levers["short reads"]) > factor(search["now"]) and factor(levers["a small host"]) > factor(search["now"])
    assert search["helpful"] >= 2

    rung = next(rung for rung in found["levels"] if rung["level"] == search["level"])
    rival = rung["machines"][rung["cheapest_digital"]["node"]]["cost"]["node"]["nominal"]
    runs = {}
    for index in judged.folder.glob("verdict/improve/*/index.h5"):
        with h5py.File(index) as file:
            for label, run in zip(file["run"][:], file["id"][:], strict=True):
                runs.setdefault(label.decode(), index.parent / f"{run.decode()}.h5")
    (bill,) = json.loads(
        judged("price", str(runs["analog: short reads"]), "--to", f"test_log_likelihood>={search['level']}", "--json").out
    ).values()
    own = np.mean([bill[which][0]["energy_node_J"]["nominal"] for which in ("bills", "bills_before") if bill[which]])
    assert factor(levers["short reads"]) == pytest.approx(rival / own)

    with h5py.File(judged.folder / "verdict/verdict.h5") as file:
        group = file["improve"]
        assert [label.decode() for label in group["trial"][:]][0] == "no change"
        assert group["factor_node"][0] == factor(search["now"])
        assert list(group["factor_node"][1 : 1 + len(scores)]) == scores
        assert group["best"].attrs["units"] == "nat"


def test_bills_are_those_of_price_to(judged: Ohmlab) -> None:
    """The middle of two instances is the dearer one, half way between both ends of its bracket."""
    found = json.loads(judge(judged, "--json").out)
    level = found["compared_level"]
    plan = (judged.folder / "verdict/final/index.h5").resolve()
    with h5py.File(plan) as index:
        runs = {label.decode(): id.decode() for label, id in zip(index["run"][:], index["id"][:], strict=True)}
    rung = next(rung for rung in found["levels"] if rung["level"] == level)
    analog = rung["machines"][0]
    costs = []
    for label, run in runs.items():
        if not label.startswith(f"analog: {analog['setting']}"):
            continue
        goal = f"test_log_likelihood>={level}"
        (bill,) = json.loads(judged("price", f"verdict/final/{run}.h5", "--to", goal, "--json").out).values()
        if bill["reached"]:
            costs.append([bill[which][0] for which in ("bills", "bills_before") if bill[which]])
    assert len(costs) == analog["reached"]
    middles = sorted(np.mean([bill["energy_node_J"]["nominal"] for bill in pair]) for pair in costs)
    assert analog["cost"]["node"]["nominal"] == pytest.approx(middles[-1])


def test_other_prices_run_nothing_again(judged: Ohmlab) -> None:
    before = {path: path.stat().st_mtime_ns for path in (judged.folder / "verdict").rglob("*/*.h5") if path.name != "index.h5"}
    outcome = judge(judged, "--prices", "parts")
    assert "runs, then" not in outcome.err and "sweep" not in outcome.err and "By " in outcome.out
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_stopped_verdict_goes_on_to_the_same_bytes(ohmlab: Ohmlab, judged: Ohmlab) -> None:
    judge(judged)  # other tests used other prices
    (ohmlab.folder / "small.toml").write_text(TASK)
    arguments = ("verdict", DEVICE, "--task", "small.toml", "--out", "verdict", "--jobs", "2")
    running = ohmlab.start(*arguments)
    wait_until(lambda: list((ohmlab.folder / "verdict").glob("screen/*.h5")), running)
    running.send_signal(signal.SIGTERM)
    assert running.wait() == 128 + signal.SIGTERM
    assert not (ohmlab.folder / "verdict/verdict.h5").exists()
    ohmlab(*arguments)
    own, other = (made.folder / "verdict/verdict.h5" for made in (ohmlab, judged))
    assert own.read_bytes() == other.read_bytes()


def test_a_device_without_an_operating_point_learns_and_is_not_billed(ohmlab: Ohmlab) -> None:
    lines = judge(ohmlab, device="devices/idealized").out.splitlines()
    assert lines[0].startswith("With devices/idealized, no verdict on joules")
    assert "g_min" in lines[1] and lines[1].startswith("  missing: ")
    assert any(line.startswith("It learns to ") for line in lines)


def test_a_device_that_does_not_learn_is_told_with_exact_arithmetic_beside_it(ohmlab: Ohmlab) -> None:
    sets = ["--set", "array.device.pulse.dw_min=2e-7", "--set", "verdict.repeats=1", "--set", "verdict.levels=[-24.2]"]
    lines = judge(ohmlab, *sets).out.splitlines()
    assert lines[0].endswith("DOES NOT LEARN: small RBM on digits.")
    assert lines[1].startswith("Best -") and "exact arithmetic has -2" in lines[1]


def test_what_cannot_be_is_refused_by_name(ohmlab: Ohmlab) -> None:
    outcome = ohmlab.any("verdict", DEVICE, "--task", "digit", "--out", "x")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == 'ohmlab: --task: digit: no such task, did you mean "digits"?; there are: digits\n'

    outcome = ohmlab.any("verdict", "devices/gokmen", "--out", "x")
    assert outcome.code == 2 and "devices/gokmen" in outcome.err

    (ohmlab.folder / "mine.toml").write_text('base = "devices/gokmen_vlasov"\npulse = {dw_min = -1}\n')
    outcome = ohmlab.any("verdict", "mine.toml", "--out", "x")
    assert outcome.code == 2 and "dw_min" in outcome.err and "mine.toml:2" in outcome.err

    lever = 'verdict.levers=[{label="x", room="device", limit="none", down_to={"array.device.t_read"="1 ns"}}]'
    outcome = ohmlab.any("verdict", DEVICE, "--set", lever, "--out", "x")
    assert outcome.code == 2 and "array.device.t_read: expected a number as its limit" in outcome.err

    outcome = ohmlab.any("verdict", DEVICE, "--set", "verdict.repeat=1", "--out", "x")
    assert outcome.code == 2 and 'did you mean "repeats"' in outcome.err
    assert not (ohmlab.folder / "x").exists()


def test_the_folder_of_another_verdict_is_refused(judged: Ohmlab) -> None:
    outcome = judged.any(
        "verdict", "devices/ecram", "--task", "small.toml", "--out", "verdict", "--jobs", "1"
    )
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("ohmlab: verdict/plan.txt: expected no plan, or that of this verdict, found ")
