"""Backpropagation from Python: the road of a file."""

import h5py
import ohmlab
import pytest

CONFIG = {
    "kind": "backprop",
    "data": {"base": "data/digits", "threshold": 1, "white": 16},
    "model": {"hidden": [16], "activation": "tanh"},
    "training": {"epochs": 8, "batch": 10, "rate": 0.2},
}


def test_a_dict_trains_a_network_and_bills_it() -> None:
    outcome = ohmlab.run(CONFIG, out="network.h5")
    assert outcome.quality["test_error"] < 0.1
    assert outcome.bills()[0].system == "backprop_digital"
    with h5py.File(outcome.file) as file:
        assert file["metrics/test_error"].shape == file["metrics/epoch"].shape
        assert file["model/weights_1"].shape == (64, 16)
        assert file["model/weights_2"].shape == (16, 10)


def test_examples_without_labels_are_refused() -> None:
    with pytest.raises(ohmlab.UserError, match="expected examples with labels"):
        ohmlab.run(CONFIG | {"data": {"kind": "bars_and_stripes", "size": 3}})
