"""Training at scale from the command line: the experiment that predicts it, and its validation."""

import json
from pathlib import Path

import h5py
import pytest
from conftest import Ohmlab

CONFIGS = Path(__file__).parents[2] / "configs/experiments"
PARTS = (
    "products", "attention", "streamed", "recompute", "tensor", "pipeline", "expert", "data", "bubble", "optimizer",
)  # fmt: skip

TINY = """\
kind = "training_cost"
accelerators = 4
model = {layers = 8, width = 512, heads = 8, vocabulary = 1000, sequence = 128}
accelerator = {base = "accelerators/a100_80"}
plan = {tensor = 2, data = 2, batch = 16}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    (tmp_path / "tiny.toml").write_text(TINY)
    return "tiny.toml"


@pytest.mark.parametrize("name", ["training_llama_65b", "training_glam"])
def test_the_shipped_predictions_run_and_their_parts_add_up(ohmlab: Ohmlab, name: str) -> None:
    said = json.loads(ohmlab("run", str(CONFIGS / f"{name}.toml"), "--json", "--out", "x.h5").out)["quality"]
    assert sum(said[f"step_{part}"] for part in PARTS) == pytest.approx(said["step_seconds"])
    assert sum(said[f"memory_{part}"] for part in ("weights", "gradients", "optimizer", "activations")) == (
        pytest.approx(said["memory"])
    )
    assert said["accelerator_energy"] < said["node_energy"] < said["facility_energy"]
    for figure in ("accelerator_hours", "facility_energy", "money", "co2", "days"):
        assert said[f"{figure}_p05"] < said[figure] < said[f"{figure}_p95"], figure
    with h5py.File(ohmlab.folder / "x.h5") as stored:
        assert stored["quality/node_energy"].attrs["units"] == "MWh"
        assert stored["quality/accelerator_hours"].attrs["units"] == "h"
        assert "Jouppi" in str(stored["quality/assumed_tdp"].attrs["long_name"]) or (
            "datasheet" in str(stored["quality/assumed_tdp"].attrs["long_name"])
        )


def test_equal_predictions_are_equal_bytes_of_quality(ohmlab: Ohmlab, tiny: str) -> None:
    first = json.loads(ohmlab("run", tiny, "--json", "--out", "a.h5").out)
    second = json.loads(ohmlab("run", tiny, "--json", "--out", "b.h5", "--threads", "1").out)
    assert first["quality"] == second["quality"]
    assert first["id"] == second["id"]


def test_a_prediction_sweeps(ohmlab: Ohmlab, tmp_path: Path) -> None:
    (tmp_path / "sweep.toml").write_text(
        TINY + '[sweep]\naxes = [{key = "plan.batch", values = [16, 32]}]\n'
    )
    ohmlab("sweep", "sweep.toml", "--out", "out")
    with h5py.File(tmp_path / "out/index.h5") as cube:
        seconds = cube["step_seconds"][()]
    assert seconds.shape == (2,)
    assert seconds[0] < seconds[1]


@pytest.mark.parametrize(
    ("set_", "expected"),
    [
        ("accelerators=8", "tensor x pipeline x data = 2 x 1 x 2 = 4, expected accelerators = 8"),
        ("plan.tensor=3", "expected accelerators = 4"),
        ("model.heads=6", "divisor of width = 512"),
        ("plan.batch=3", "expected a multiple of data x micro_batch = 2"),
        ("accelerator.base=accelerators/a100_8", 'did you mean "accelerators/a100_80"?'),
        ("model.width=65536", "does not fit: "),
        ("plan.format=fp4", "has no peak of this format"),
        ("run.pue.median=0.9", "for a facility takes what its nodes take"),
    ],
)
def test_what_cannot_be_is_refused(ohmlab: Ohmlab, tiny: str, set_: str, expected: str) -> None:
    more = ["--set", "run.pue.evidence=assumed", "--set", "run.pue.source=x"] if "pue" in set_ else []
    outcome = ohmlab.any("run", tiny, "--show", "--set", set_, *more)
    assert outcome.code == 2
    assert expected in outcome.err


def test_validation_prints_gates_with_their_rows_and_sources(ohmlab: Ohmlab) -> None:
    said = json.loads(ohmlab("validate", "training", "--json").out)["training"]
    gates = {gate["name"]: gate for gate in said["gates"]}
    assert gates["step time, largest error of points held out"]["met"]
    for table in said["tables"]:
        assert table["head"][-1] == "source"
        assert all(row[-1] for row in table["rows"])
    text = ohmlab("validate").out
    assert text.startswith(said["title"])
    for gate in gates.values():
        assert f"{gate['name']}: {gate['reached']}" in text


def test_an_unknown_validation_is_refused_with_the_nearest(ohmlab: Ohmlab) -> None:
    outcome = ohmlab.any("validate", "trainin")
    assert outcome.code == 2
    assert 'did you mean "training"?' in outcome.err


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (["accelerator.peak.bf16.median=0"], "peak.bf16: expected a median above 0: times are divided by it"),
        (["accelerator.bandwidth.median=0"], "bandwidth: expected a median above 0: times are divided by it"),
        (["run.misfit={median=0, evidence='assumed', source='x'}"], "misfit: expected a median above 0"),
    ],
    ids=["peak", "bandwidth", "misfit"],
)
def test_hardware_and_time_of_zero_are_refused(
    ohmlab: Ohmlab, tiny: str, sets: list[str], message: str
) -> None:
    outcome = ohmlab.any("run", tiny, *[word for key in sets for word in ("--set", key)], "--out", "x.h5")
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert ohmlab.files() == {tiny}
