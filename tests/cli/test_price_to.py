"""`ohmlab price --to`: bills to a quality."""

import json
from pathlib import Path
from typing import Any

import h5py
import pytest
from conftest import QUICK, Ohmlab
from sealed import resealed

METRIC = "test_log_likelihood"
ARRAY = "array = {kind = 'analog', weight_scale = 4, device = {base = 'devices/gokmen_vlasov'}}\n"


@pytest.fixture
def trained(ohmlab: Ohmlab) -> Ohmlab:
    """Results digital.h5 and analog.h5 of the same training at two places."""
    longer = QUICK.replace("epochs = 4", "epochs = 8, rate = 0.3")
    for name, more in (("digital", ""), ("analog", ARRAY)):
        (ohmlab.folder / f"{name}.toml").write_text(longer + more)
        ohmlab("run", f"{name}.toml", "--out", f"{name}.h5")
    return ohmlab


def values(ohmlab: Ohmlab, name: str, metric: str = METRIC) -> list[float]:
    with h5py.File(ohmlab.folder / name) as file:
        return [float(value) for value in file["metrics"][metric][()]]


def answer(ohmlab: Ohmlab, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ohmlab("price", *arguments, "--json").out)
    return found


def test_a_bill_ends_where_the_metric_is_there_and_its_bracket_begins_one_before(trained: Ohmlab) -> None:
    metric = values(trained, "analog.h5", "weight_max")
    target = (metric[2] + max(metric[:3])) / 2 if metric[2] < max(metric[:3]) else metric[3]
    there = next(i for i, value in enumerate(metric) if value >= target)
    (found,) = answer(trained, "analog.h5", "--to", f"weight_max={target!r}").values()
    assert found["reached"] and found["toward"] == "up" and found["axis"] == "epoch"
    assert found["there"] == {"at": there, "value": metric[there]}
    assert found["before"] == {"at": there - 1, "value": metric[there - 1]}
    stays = max(i for i, value in enumerate(metric) if value < target) + 1
    assert found["stays"] == ({"at": stays, "value": metric[stays]} if stays <= 8 else None)
    assert found["best"] is None
    assert [row["place"] for row in found["bills"]] == ["array"]
    for key in ("energy_core_J", "energy_node_J", "energy_facility_J", "time_s", "cost_USD"):
        band, before = found["bills"][0][key], found["bills_before"][0][key]
        assert band["p05"] <= band["nominal"] <= band["p95"]
        assert 0 < before["nominal"] < band["nominal"]
    assert found["quality_unknown"][0] == "same RBM, digital float32"
    assert len(found["quality_unknown"]) == 3


def test_the_bill_at_the_last_evaluation_is_the_bill_of_the_whole_training(trained: Ohmlab) -> None:
    for name in ("digital.h5", "analog.h5"):
        with resealed(trained.folder / name) as file:
            file["metrics"][METRIC][...] = range(9)
        whole = [row for row in answer(trained, name)[name] if row["system"] in ("rbm_digital", "simulated")]
        ran = [row for row in whole if row["system"] == whole[0]["system"]]
        (found,) = answer(trained, name, "--to", f"{METRIC}=8").values()
        assert found["system"] == whole[0]["system"]
        for mine, all_of_it in zip(found["bills"], ran, strict=True):
            assert mine == {key: value for key, value in all_of_it.items() if key != "cheapest_digital"}


def test_the_price_of_a_stored_snapshot_is_its_counts_times_their_prices(trained: Ohmlab) -> None:
    """The joules of one action, from the numbers of /history and /tally alone."""
    with resealed(trained.folder / "digital.h5") as file:
        file["metrics"][METRIC][...] = range(9)
        actions = file["tally/action"].asstr()[()][file["history/entry"][()]]
        flops = float(file["history/count"][5, actions == "flop_fp32"].sum())
        assert file["history"].attrs["system"] == "rbm_digital"
        assert 0 < flops < float(file["history/count"][8, actions == "flop_fp32"].sum())
    assume = "places.gpu.energy.flop_fp32=3 pJ"
    (found,) = answer(trained, "digital.h5", "--to", f"{METRIC}=5", "--assume", assume).values()
    (gpu,) = [row for row in found["bills"] if row["place"] == "gpu"]
    assert gpu[f"energy_{gpu['boundary']}_by_action_J"]["flop_fp32"]["nominal"] == pytest.approx(3e-12 * flops)
    assert gpu["flops"] == flops
    assert gpu["examples"] == 5 * 16  # 2 × 2^3 bars and stripes


def test_results_stand_beside_each_other_the_cheapest_at_the_node_first(trained: Ohmlab) -> None:
    for name in ("digital.h5", "analog.h5"):
        with resealed(trained.folder / name) as file:
            file["metrics"][METRIC][...] = range(9)
    out = trained("price", "analog.h5", "digital.h5", "--to", f"{METRIC}=3").out
    lines = out.splitlines()
    assert lines[0].startswith(f"Training bill to {METRIC} >= 3 nat under default prices, ")
    assert "equal quality" in lines[0]
    rows = [line for line in lines if line.endswith((" analog.h5", " digital.h5"))]
    assert len(rows) == 1 + 4
    assert all("epoch 3 (2)" in row and "3 (2)" in row for row in rows)
    found = answer(trained, "analog.h5", "digital.h5", "--to", f"{METRIC}=3")
    joules = {
        (file, row["title"], row["place"]): row["energy_node_J"]["nominal"]
        for file, item in found.items()
        for row in item["bills"]
        if "energy_node_J" in row
    }
    order = [file for (file, _, _), _ in sorted(joules.items(), key=lambda item: item[1])]
    assert [row.split()[-1] for row in rows] == [*order, "digital.h5"]  # last: arithmetic alone, at no node
    assert "1 [1 to 1]" in rows[0]
    unknown = [line for line in lines if line.startswith("No joules to a quality for machines that did not run")]
    assert len(unknown) == 2
    with h5py.File(trained.folder / "analog.h5") as file:
        nobody_ran = file["systems/title"].asstr()[()][1:]
    assert len(nobody_ran) == 3
    assert unknown[0].endswith(f"analog.h5: {'; '.join(nobody_ran)}")


def test_what_is_not_reached_says_how_near_it_came(trained: Ohmlab) -> None:
    metric = values(trained, "digital.h5")
    best = max(range(9), key=lambda i: metric[i])
    outcome = trained("price", "digital.h5", "--to", f"{METRIC}=-0.5")
    assert f"not reached, best {metric[best]:.6g} at epoch {best} of 8" in outcome.out
    (found,) = answer(trained, "digital.h5", "--to", f"{METRIC}=-0.5").values()
    assert not found["reached"]
    assert found["best"] == {"at": best, "value": metric[best]}
    assert found["bills"] == found["bills_before"] == []
    assert found["there"] is found["before"] is found["stays"] is None


def test_a_direction_may_be_given(trained: Ohmlab) -> None:
    (found,) = answer(trained, "digital.h5", "--to", f"{METRIC}>=-100").values()
    assert found["there"]["at"] == 0 and found["before"] is None and found["bills_before"] == []
    (found,) = answer(trained, "digital.h5", "--to", f"{METRIC}<=-100").values()
    assert not found["reached"] and found["toward"] == "down"


def test_results_that_would_go_opposite_ways_need_a_direction(trained: Ohmlab) -> None:
    with resealed(trained.folder / "analog.h5") as file:
        file["metrics"][METRIC][0] = -50
    outcome = trained.any("price", "digital.h5", "analog.h5", "--to", f"{METRIC}=-20")
    first = values(trained, "digital.h5")[0]
    assert (outcome.code, outcome.out) == (2, "")
    began = f"digital.h5 began at {first!r}, analog.h5 at -50"
    assert outcome.err.startswith(f"ohmlab: --to: {METRIC} = -20: {began}: ")
    assert outcome.err.endswith(f'expected a direction, "{METRIC}>=-20" or "{METRIC}<=-20"\n')
    assert trained("price", "digital.h5", "analog.h5", "--to", f"{METRIC}>=-20").out


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (
            "test_log_likelyhood=-6",
            'digital.h5: test_log_likelyhood: no such metric, did you mean "test_log_likelihood"?',
        ),
        (METRIC, f"--to: {METRIC}: expected METRIC=NUMBER, "),
        (f"{METRIC}=", f"--to: {METRIC}=: expected METRIC=NUMBER, "),
        (f"{METRIC}=-6 nat", f"--to: {METRIC}=-6 nat: expected METRIC=NUMBER, "),
        (f"{METRIC}=nan", f"--to: {METRIC}=nan: expected METRIC=NUMBER, "),
        ("=3", "--to: =3: expected METRIC=NUMBER, "),
    ],
)
def test_a_goal_that_cannot_be_is_refused_by_name(trained: Ohmlab, goal: str, message: str) -> None:
    outcome = trained.any("price", "digital.h5", "--to", goal)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"ohmlab: {message}")
    assert outcome.err.count("\n") == 1


def remove(path: Path) -> None:
    with resealed(path) as file:
        del file["history"]


def negate(path: Path) -> None:
    with resealed(path) as file:
        file["history/count"][2, 0] = -1


def misname(path: Path) -> None:
    with resealed(path) as file:
        file["history"].attrs["system"] = "nobody"


def shift(path: Path) -> None:
    with resealed(path) as file:
        file["history/epoch"][1] = 7


def reorder(path: Path) -> None:
    with resealed(path) as file:
        file["history/entry"][0] = 5


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (remove, ": history: what had been done at each epoch is not stored: only experiments that train"),
        (negate, ": expected finite numbers from 0 in /history/count, found -1"),
        (misname, ': expected a system listed in /systems in attribute system of /history, found "nobody"'),
        (shift, ": expected the values of /metrics/epoch in /history/epoch, found others"),
        (reorder, ": expected row 0 of /tally in /history/entry, found 5"),
    ],
)
def test_a_history_that_is_missing_or_damaged_is_refused_and_the_whole_bill_is_not(
    ohmlab: Ohmlab, result: Path, damage: Any, message: str
) -> None:
    damage(result)
    outcome = ohmlab.any("price", "quick.h5", "--to", f"{METRIC}=-6")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"ohmlab: quick.h5{message}")
    assert ohmlab("price", "quick.h5").out


@pytest.mark.usefixtures("result")
def test_a_tornado_belongs_to_a_whole_bill(ohmlab: Ohmlab) -> None:
    outcome = ohmlab.any("price", "quick.h5", "--to", f"{METRIC}=-6", "--tornado")
    assert outcome.code == 2
    assert "--to excludes --tornado" in outcome.err
