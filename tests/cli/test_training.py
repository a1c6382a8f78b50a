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
        ("plan.expert_nodes=4", "expert_nodes: expected expert > 1"),
        ("plan.hidden_experts=true", "hidden_experts: expected expert > 1"),
        ("model.dense_gated=true", "dense_gated: expected a model with experts; gated = true gates a dense one"),
        ("run.pue.median=0.9", "for a facility takes what its nodes take"),
    ],
)
def test_what_cannot_be_is_refused(ohmlab: Ohmlab, tiny: str, set_: str, expected: str) -> None:
    more = ["--set", "run.pue.evidence=assumed", "--set", "run.pue.source=x"] if "pue" in set_ else []
    outcome = ohmlab.any("run", tiny, "--show", "--set", set_, *more)
    assert outcome.code == 2
    assert expected in outcome.err


def quality(ohmlab: Ohmlab, *set_: str) -> dict[str, float]:
    """Figures of the tiny prediction with these settings."""
    words = [word for key in set_ for word in ("--set", key)]
    return json.loads(ohmlab("run", "tiny.toml", "--json", "--out", "q.h5", "--force", *words).out)["quality"]


def test_hours_blend_a_third_of_the_step_model_with_one_utilisation(ohmlab: Ohmlab, tiny: str) -> None:
    said = quality(ohmlab)
    by_constant = said["law_flops"] / said["steps"] / (4 * 312e12 * said["assumed_utilisation"])
    blended = said["step_seconds"] ** (1 / 3) * by_constant ** (2 / 3)
    assert said["blended_step_seconds"] == pytest.approx(blended)
    assert said["accelerator_hours"] == pytest.approx(
        4 * said["steps"] * blended * said["assumed_misfit"] / said["assumed_goodput"] / 3600
    )
    rated = said["assumed_tdp"] + said["assumed_host"]
    lost = (1 - said["assumed_goodput"]) * (said["assumed_node_share"] * said["assumed_tdp"] - said["assumed_idle"])
    assert said["node_watts"] == pytest.approx(said["assumed_node_share"] * rated - lost)


def test_a_plan_that_is_given_misfits_less_than_the_fastest(ohmlab: Ohmlab, tiny: str) -> None:
    given = quality(ohmlab)
    found = quality(ohmlab, "fastest=true", "plan={batch = 16, tensor = 1, data = 1}")
    spread = [q["accelerator_hours_p95"] / q["accelerator_hours_p05"] for q in (given, found)]
    assert spread[0] < 0.6 * spread[1]
    assert given["assumed_misfit"] != found["assumed_misfit"]
    own = quality(ohmlab, "run.misfit={median = 3, evidence = 'assumed', source = 'a test'}")
    assert own["accelerator_hours"] == pytest.approx(given["accelerator_hours"] * 3 / given["assumed_misfit"])


@pytest.mark.parametrize(
    ("set_", "figures"),
    [
        (["model.parallel_blocks=true"], ["parameters", "step_tensor", "step_streamed", "memory_activations"]),
        (["model.relative_positions=true"], ["parameters", "training_flops", "step_products", "step_attention"]),
        (["run.utilisation={median = 0.4, evidence = 'assumed', source = 'x'}"], ["accelerator_hours"]),
        (["run.node_share={median = 0.4, evidence = 'assumed', source = 'x'}"], ["node_watts", "accelerator_watts"]),
    ],
    ids=["parallel_blocks", "relative_positions", "utilisation", "node_share"],
)
def test_a_setting_moves_its_figures(ohmlab: Ohmlab, tiny: str, set_: list[str], figures: list[str]) -> None:
    before, after = quality(ohmlab), quality(ohmlab, *set_)
    for figure in figures:
        assert before[figure] != after[figure], figure


EXPERTS = ("model.experts=8", "model.active_experts=2", "plan.tensor=1", "plan.data=4", "plan.expert=4", "accelerator.node=2")


@pytest.mark.parametrize(
    ("set_", "figures"),
    [
        ("model.dense_gated=true", ["parameters", "active_parameters", "step_products"]),
        ("plan.expert_nodes=1", ["step_expert"]),
        ("plan.fp8_dispatch=true", ["step_expert"]),
        ("plan.hidden_experts=true", ["step_expert"]),
    ],
)
def test_a_setting_of_experts_moves_its_figures(ohmlab: Ohmlab, tiny: str, set_: str, figures: list[str]) -> None:
    experts = (*EXPERTS, "model.expert_every=2")
    before, after = quality(ohmlab, *experts), quality(ohmlab, *experts, set_)
    for figure in figures:
        assert before[figure] != after[figure], figure


def test_validation_prints_gates_with_their_rows_and_sources(ohmlab: Ohmlab) -> None:
    said = json.loads(ohmlab("validate", "training", "--json").out)["training"]
    gates = {gate["name"]: gate for gate in said["gates"]}
    for gate in (
        "step time, largest error of points held out",
        "accelerator-hours of whole runs, a family left out: this model",
        "accelerator-hours of single steps, a family left out: this model",
        "node power while training, an accelerator left out, mean error",
    ):
        assert gates[gate]["goal"], gate
        assert gates[gate]["met"], gate
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
