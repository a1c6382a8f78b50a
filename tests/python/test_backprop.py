"""Backpropagation from Python: the road of a file."""

import ohmlab
import pytest

CONFIG = {
    "kind": "backprop",
    "data": {"base": "data/digits", "threshold": 1, "white": 16},
    "model": {"hidden": [16], "activation": "tanh"},
    "training": {"epochs": 8, "batch": 10, "rate": 0.2},
}


def test_a_dict_trains_a_network_and_bills_it() -> None:
    result = ohmlab.run(CONFIG)
    assert result.quality["test_error"] < 0.1
    assert result.metrics["test_error"].dims == ("epoch",)
    assert result.model["weights_1"].dims == ("input", "hidden_1")
    assert result.model["weights_2"].shape == (16, 10)
    assert result.bills()[0].system == "backprop_digital"


def test_examples_without_labels_are_refused() -> None:
    with pytest.raises(ohmlab.UserError, match="expected examples with labels"):
        ohmlab.run(CONFIG | {"data": {"kind": "bars_and_stripes", "size": 3}})
