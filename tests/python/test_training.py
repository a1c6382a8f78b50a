"""Training at scale from Python: the road of a file, with its figures and messages."""

import ohmlab
import pytest

TINY = {
    "kind": "training_cost",
    "accelerators": 4,
    "model": {"layers": 8, "width": 512, "heads": 8, "vocabulary": 1000, "sequence": 128},
    "accelerator": {"base": "accelerators/a100_80"},
    "plan": {"tensor": 2, "data": 2, "batch": 16},
}


def test_a_dict_predicts_training_with_bands() -> None:
    quality = ohmlab.run(TINY).quality
    assert quality["accelerator_hours_p05"] < quality["accelerator_hours"] < quality["accelerator_hours_p95"]
    assert quality["node_energy"] < quality["facility_energy"]


def test_a_plan_that_does_not_fit_the_machine_is_refused() -> None:
    with pytest.raises(ohmlab.UserError, match="expected accelerators = 8"):
        ohmlab.run(TINY | {"accelerators": 8})
