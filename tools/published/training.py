"""Runs of the digits network by backpropagation, as the reproductions of published tables share them."""

import tempfile
import warnings
from typing import Any

import ohmlab

EXACT_READS: dict[str, Any] = {"array.dac": "none", "array.adc": "none", "array.output_noise": 0}


def trained(settings: dict[str, Any], seed: int) -> dict[str, float]:
    """Quality of one training of `experiments/backprop_digits`, with other settings."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # networks that learn nothing are part of the tables
        changed = {"seed": seed, "evaluation.every": 0} | settings
        return dict(ohmlab.run("experiments/backprop_digits", set=changed, folder=folder, threads=1).quality)


def test_errors(settings: dict[str, Any], seeds: tuple[int, ...]) -> list[float]:
    """Test error in percent, of each seed."""
    return [100 * trained(settings, seed)["test_error"] for seed in seeds]


def best(settings: dict[str, Any], budget: list[dict[str, Any]], seed: int) -> dict[str, Any]:
    """The settings of the budget with the lowest loss on training data. Test data have no part in it."""
    return min((settings | more for more in budget), key=lambda chosen: trained(chosen, seed)["train_loss"])
