import json
import re
import tomllib
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from conftest import Ohmlab
from sealed import resealed

MACHINES = Path(__file__).parents[2] / "configs/prices/common/machines.toml"
BANDED = ("nominal", "p05", "p95")
Row = dict[str, Any]
ACCELERATORS = ("gpu", "gpu_spec", "ideal_7nm", "tpu_v4")


def rows(ohmlab: Ohmlab, *arguments: str) -> list[Row]:
    (found,) = json.loads(ohmlab("price", "quick.h5", "--json", *arguments).out).values()
    return found


def picojoules(place: str, action: str) -> dict[str, float]:
    price = tomllib.loads(MACHINES.read_text())["places"][place]["energy"][action]
    assert all(price[key].endswith(" pJ") for key in ("median", "p05", "p95"))
    return {key: float(price[key].removesuffix(" pJ")) for key in ("median", "p05", "p95")}


def assumed(factor: float, place: str = "gpu", action: str = "flop_fp32") -> list[str]:
    return [
        argument
        for key, value in picojoules(place, action).items()
        for argument in ("--assume", f"places.{place}.energy.{action}.{key}={factor * value!r} pJ")
    ]


def share_key(row: Row) -> str:
    """A share stands at the node where the list says what a node adds."""
    return f"energy_{'node' if 'energy_node_J' in row else 'core'}_of_first"


@pytest.mark.usefixtures("result")
def test_the_screen_names_list_and_file_and_is_short(ohmlab: Ohmlab) -> None:
    lines = ohmlab("price", "quick.h5").out.splitlines()
    assert lines[0] == "quick.h5"
    assert len(lines) <= 25 and max(map(len, lines)) <= 100
    at = next(i for i, line in enumerate(lines) if line.startswith("Training bill by default prices, "))
    assert re.fullmatch(r"  read from /.*/configs/prices/default\.toml", lines[at + 1])
    assert lines[at + 2].startswith("Equal data, NOT equal quality")


@pytest.mark.usefixtures("result")
def test_the_table_says_that_quality_is_not_equal(ohmlab: Ohmlab) -> None:
    out = ohmlab("price", "quick.h5", "--full").out
    assert out.startswith("quick.h5\n")
    assert re.search(r"\nPrices: default prices, .* \(.*configs/prices/default\.toml\)\n", out)
    assert "\nTraining bill: equal data, NOT equal quality [" in out
    for row in rows(ohmlab):
        assert row["title"] in out
    for word in ("by component", "by action", "by stage", "area "):
        assert word in out


@pytest.mark.usefixtures("result")
def test_json_gives_every_row_a_full_bill(ohmlab: Ohmlab) -> None:
    found = rows(ohmlab)
    assert [(row["system"], row["place"]) for row in found] == [
        *(("rbm_digital", place) for place in ACCELERATORS),
        *(("rbm_digital_chip_int8_shift", place) for place in ("dcim_28", "edge_28")),
        *(("transformer_digital", place) for place in ACCELERATORS),
    ]
    for row in found:
        beyond = () if row["place"] == "ideal_7nm" else ("energy_node_J", "energy_facility_J", "cost_USD", "co2_kg")
        for key in ("energy_core_J", "time_s", "area_m2", share_key(row), *beyond):
            band = row[key]
            assert tuple(band) == BANDED
            assert 0 < band["p05"] <= band["nominal"] <= band["p95"]
        for key in ("parameters", "examples", "tokens", "flops"):
            assert row[key] > 0
        boundary = row["boundary"]
        for by in ("component", "action", "stage", "group"):
            total = sum(line["nominal"] for line in row[f"energy_{boundary}_by_{by}_J"].values())
            assert total == pytest.approx(row[f"energy_{boundary}_J"]["nominal"], rel=1e-12)
        for key in row:
            at = ("energy_core_", "energy_node_", "energy_facility_", "energy_host_")
            assert not key.endswith("_J") or key.startswith(at)
        if "energy_host_J" in row:
            assert 0 < row["energy_host_J"]["nominal"] < row["energy_node_J"]["nominal"]
        assert 0 <= row["launch_s"] < row["time_s"]["nominal"]
        total = sum(line["nominal"] for line in row["by_stage_s"].values())
        assert total == pytest.approx(row["time_s"]["nominal"], rel=1e-12)


@pytest.mark.usefixtures("result")
@pytest.mark.parametrize("length", [100, 5000])
def test_texts_of_fixed_length_from_another_program_are_read_as_well(ohmlab: Ohmlab, length: int) -> None:
    before = rows(ohmlab)
    with resealed(ohmlab.folder / "quick.h5") as file:
        for path in ("systems/title", "tally/action", "holdings/part"):
            texts = [text.encode() for text in file[path].asstr()[()]]
            del file[path]
            file[path] = np.array(texts, dtype=f"S{length}")
    assert rows(ohmlab) == before


@pytest.mark.usefixtures("result")
def test_rows_are_compared_with_the_first(ohmlab: Ohmlab) -> None:
    found = rows(ohmlab)
    assert found[0]["energy_node_of_first"] == {"nominal": 1, "p05": 1, "p95": 1}
    for row in found:
        boundary = "energy_node_J" if "energy_node_J" in row else "energy_core_J"
        share = row[boundary]["nominal"] / found[0][boundary]["nominal"]
        assert row[share_key(row)]["nominal"] == pytest.approx(share, rel=1e-12)


@pytest.mark.usefixtures("result")
def test_the_same_prices_give_the_same_bill(ohmlab: Ohmlab) -> None:
    assert rows(ohmlab) == rows(ohmlab)


def test_several_results_are_priced_in_their_order(ohmlab: Ohmlab, result: Path) -> None:
    (ohmlab.folder / "again.h5").write_bytes(result.read_bytes())
    bills = json.loads(ohmlab("price", "quick.h5", "again.h5", "--json").out)
    assert list(bills) == ["quick.h5", "again.h5"]
    assert bills["quick.h5"] == bills["again.h5"]


@pytest.mark.usefixtures("result")
def test_without_draws_a_band_is_its_nominal_value(ohmlab: Ohmlab) -> None:
    for row in rows(ohmlab, "--draws", "0"):
        assert set(row["energy_core_J"].values()) == {row["energy_core_J"]["nominal"]}


def test_more_results_than_are_read_at_once_come_in_their_order(ohmlab: Ohmlab, result: Path) -> None:
    names = [f"r{number}.h5" for number in range(70)]
    for name in names:
        (ohmlab.folder / name).write_bytes(result.read_bytes())
    bills = json.loads(ohmlab("price", *names, "--draws", "0", "--json").out)
    assert list(bills) == names
    assert all(bill == bills["r0.h5"] for bill in bills.values())
    (ohmlab.folder / "r50.h5").write_text("no result")
    outcome = ohmlab.any("price", *names, "--draws", "0", "--json")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("ohmlab: r50.h5: expected an HDF5 file")


@pytest.mark.usefixtures("result")
def test_the_bands_narrow_with_the_price_and_the_nominal_stays(ohmlab: Ohmlab) -> None:
    median = picojoules("gpu", "flop_fp32")["median"]
    sharp = [f"places.gpu.energy.flop_fp32.{key}={median!r} pJ" for key in ("p05", "p95")]
    sharp.append("places.gpu.energy.kernel_launch=2 mJ")
    assumptions = [word for key in sharp for word in ("--assume", key)]
    before, after = rows(ohmlab)[0], rows(ohmlab, *assumptions)[0]
    assert after["energy_node_J"]["nominal"] == before["energy_node_J"]["nominal"]
    for key in BANDED:
        assert after["energy_node_J"][key] == pytest.approx(before["energy_node_J"]["nominal"], rel=1e-12)


@pytest.mark.usefixtures("result")
def test_a_doubled_price_doubles_what_it_prices_and_nothing_else(ohmlab: Ohmlab) -> None:
    before, after = rows(ohmlab), rows(ohmlab, *assumed(2))
    for old, new in zip(before, after, strict=True):
        factors = {"flop_fp32": 2} if old["place"] == "gpu" else {}
        assert list(new) == list(old)
        for key in new.keys():
            if not key.startswith(("energy_", "by_", "cost_", "co2_")):
                assert new[key] == old[key], key
        energy = f"energy_{old['boundary']}"
        by_action = f"{energy}_by_action_J"
        for action, line in new[by_action].items():
            if action in factors:
                for key in BANDED:
                    assert line[key] == pytest.approx(2 * old[by_action][action][key], rel=1e-12)
            else:
                assert line == old[by_action][action]
        expected = sum(
            factors.get(action, 1) * line["nominal"] for action, line in old[by_action].items()
        )
        assert new[f"{energy}_J"]["nominal"] == pytest.approx(expected, rel=1e-12)
    gpu = f"energy_{before[0]['boundary']}"
    assert before[0][f"{gpu}_by_action_J"]["memory_read"] == {"nominal": 0, "p05": 0, "p95": 0}


def test_warnings_stand_above_the_bill(ohmlab: Ohmlab, result: Path) -> None:
    with resealed(result) as file:
        file["quality/test_log_likelihood"][...] = file["quality/independent_units"][()] + 1
    sound = ohmlab("price", "quick.h5")
    assert "WARNING" not in sound.out and sound.err == ""
    with resealed(result) as file:
        file["quality/test_log_likelihood"][...] = file["quality/independent_units"][()] - 1
    out = ohmlab("price", "quick.h5").out
    assert 0 < out.index("WARNING: the model is no better than independent units") < out.index("Training bill by")
    for more in (["--json"], ["--to", "test_log_likelihood=-1"]):
        err = ohmlab("price", "quick.h5", *more).err
        assert err.startswith("ohmlab: quick.h5: warning: the model is no better than independent units"), more


def test_a_bill_needs_no_figure_that_warns(ohmlab: Ohmlab, result: Path) -> None:
    before = rows(ohmlab)
    with resealed(result) as file:
        del file["quality/test_log_likelihood"]
        file["quality/test_log_likelihood"] = "no number"
    assert rows(ohmlab) == before


@pytest.mark.usefixtures("result")
def test_the_breakdown_names_its_boundary(ohmlab: Ohmlab) -> None:
    out = ohmlab("price", "quick.h5", "--full").out
    boundary = rows(ohmlab)[0]["boundary"]
    for by in ("kind of work", "component", "action", "stage"):
        assert f"  by {by}, energy at the {boundary}" in out


@pytest.mark.usefixtures("result")
def test_an_assumption_as_it_stands_changes_nothing(ohmlab: Ohmlab) -> None:
    assert rows(ohmlab, *assumed(1)) == rows(ohmlab)


@pytest.mark.usefixtures("result")
def test_a_price_list_may_change_one_price_of_the_default(ohmlab: Ohmlab) -> None:
    price = picojoules("gpu", "flop_fp32")
    lines = [f'{key} = "{3 * value!r} pJ"' for key, value in price.items()]
    (ohmlab.folder / "mine.toml").write_text(
        "\n".join(['base = "prices/default"', 'title = "mine"', "[places.gpu.energy.flop_fp32]", *lines])
    )
    assert rows(ohmlab, "--prices", "mine.toml") == rows(ohmlab, *assumed(3))
    assert "\nTraining bill by mine\n  read from mine.toml\n" in ohmlab("price", "quick.h5", "--prices", "mine.toml").out


@pytest.mark.usefixtures("result")
def test_an_assumption_lies_over_the_price_list(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "mine.toml").write_text(
        'base = "prices/default"\nplaces.gpu.area.accelerator.median = 1'
    )
    fixed = "places.gpu.area.accelerator.median=8.14e-4"
    assert rows(ohmlab, "--prices", "mine.toml", "--assume", fixed) == rows(ohmlab)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (
            "places.gpu.energy.flop_fp33.median",
            'places.gpu.energy.flop_fp33: no such action, did you mean "flop_fp32"?',
        ),
        (
            "places.gpu.area.acelerator.median",
            'places.gpu.area.acelerator: no such part, did you mean "accelerator"?',
        ),
        (
            "places.gpu.energy.flop_fp32.medan",
            'places.gpu.energy.flop_fp32.medan: unknown key, did you mean "median"?',
        ),
        ("places.gpu.enrgy.flop_fp32.median", 'places.gpu.enrgy: unknown key, did you mean "energy"?'),
        ("place.gpu.energy.flop_fp32.median", 'place: unknown key, did you mean "places"?'),
    ],
)
@pytest.mark.usefixtures("result")
def test_an_unknown_assumption_names_its_nearest_neighbour(ohmlab: Ohmlab, key: str, message: str) -> None:
    outcome = ohmlab.any("price", "quick.h5", "--assume", f"{key}=1e-12")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("ohmlab: ")
    assert outcome.err.endswith(f": {message}\n")
    assert outcome.err.count("\n") == 1


def test_pricing_leaves_the_result_as_it_was(ohmlab: Ohmlab, result: Path) -> None:
    before = (result.stat(), result.read_bytes())
    for extra in ([], ["--json"], assumed(2)):
        ohmlab("price", "quick.h5", *extra)
    after = result.stat()
    assert result.read_bytes() == before[1]
    assert (after.st_mtime_ns, after.st_ino) == (before[0].st_mtime_ns, before[0].st_ino)
    assert ohmlab.files() == {"quick.h5"}


def test_a_result_that_cannot_be_written_to_is_priced(ohmlab: Ohmlab, result: Path) -> None:
    result.chmod(0o444)
    assert rows(ohmlab)


def test_a_price_that_is_missing_is_an_error_and_never_zero(ohmlab: Ohmlab, result: Path) -> None:
    with resealed(result) as file:
        file["tally/action"][0] = "adc_convert"
        file["tally/count"][0] = 1.0
    outcome = ohmlab.any("price", "quick.h5")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "ohmlab: places.gpu.energy.adc_convert: the price list has no such price, "
        "and what was done is never free\n"
    )


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def replace_by_foreign(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["temperature"] = 300.0


def set_schema(path: Path) -> None:
    with resealed(path) as file:
        file.attrs["schema"] = 99


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (truncate, "expected a complete HDF5 file, found a truncated one ("),
        (replace_by_foreign, "expected a file with ohmlab's digest in front, found one without"),
        (set_schema, "expected schema 3, found schema 99; run it again"),
    ],
)
def test_what_is_no_result_is_refused_by_name(
    ohmlab: Ohmlab, result: Path, damage: Any, message: str
) -> None:
    damage(result)
    outcome = ohmlab.any("price", "quick.h5")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"ohmlab: quick.h5: {message}")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize("to", [[], ["--to", "test_log_likelihood>=-20"]], ids=["bills", "to"])
def test_the_index_of_a_sweep_is_skipped(ohmlab: Ohmlab, quick: str, to: list[str]) -> None:
    text = (ohmlab.folder / quick).read_text()
    (ohmlab.folder / "s.toml").write_text(text + '[[sweep.axes]]\nkey = "seed"\nvalues = [1, 2]\n')
    ohmlab("sweep", "s.toml", "--out", "d")
    files = sorted(str(path.relative_to(ohmlab.folder)) for path in (ohmlab.folder / "d").glob("*.h5"))
    outcome = ohmlab("price", *files, *to)
    assert "ohmlab: d/index.h5: skipped, the index of a sweep holds no bill; the results beside it do" in outcome.err
    assert outcome.out == ohmlab("price", *(file for file in files if file != "d/index.h5"), *to).out
    assert outcome.out != ""
    alone = ohmlab.any("price", "d/index.h5", *to)
    assert alone.code == 2
    assert alone.err.splitlines()[1] == "ohmlab: d/index.h5: expected results of runs, found no other file"
