"""Backpropagation from the command line: the shipped configs, and an independent training in NumPy."""

import gzip
import json
import math
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import Ohmlab

CONFIGS = Path(__file__).parents[2] / "configs"
DIGITS = str(CONFIGS / "experiments/backprop_digits.toml")
ANALOG = str(CONFIGS / "experiments/backprop_digits_analog.toml")


def run(ohmlab: Ohmlab, config: str, *sets: str) -> dict[str, float]:
    """The figures of a run, stored in x.h5."""
    words = [word for key in sets for word in ("--set", key)]
    said = ohmlab("run", config, "--json", "--force", "--out", "x.h5", *words)
    quality: dict[str, float] = json.loads(said.out)["quality"]
    return quality


def images(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Gray digits in [0, 1] and their labels, from the files."""
    folder = CONFIGS / "data/digits"
    pixels = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    return (
        np.frombuffer(pixels, np.uint8, offset=16).reshape(-1, 64) / 16.0,
        np.frombuffer(labels, np.uint8, offset=8),
    )


FUNCTIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0) * 1.0),
}


def softmax(z: np.ndarray) -> np.ndarray:
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


class Network:
    """A multilayer network in float64."""

    def __init__(self, file: Path, activation: str) -> None:
        with h5py.File(file) as stored:
            model = stored["model"]
            names = ["hidden_1", "hidden_2", "output"]
            self.weights = [model[f"weights_{layer + 1}"][()] for layer in range(3)]
            self.biases = [model[f"{name}_bias"][()] for name in names]
        self.value, self.slope = FUNCTIONS[activation]

    def forward(self, x: np.ndarray) -> list[np.ndarray]:
        values = [x]
        for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = values[-1] @ w + b
            values.append(self.value(z) if layer < 2 else softmax(z))
        return values

    def step(self, x: np.ndarray, t: np.ndarray, rate: float) -> float:
        values = self.forward(x)
        loss = -np.log((values[-1] * t).sum(axis=1)).mean()
        error = (values[-1] - t) / len(x)
        for layer in reversed(range(3)):
            change, change_b = values[layer].T @ error, error.sum(axis=0)
            error = (error @ self.weights[layer].T) * self.slope(values[layer])
            self.weights[layer] = self.weights[layer] - rate * change
            self.biases[layer] = self.biases[layer] - rate * change_b
        return float(loss)


@pytest.mark.parametrize("activation", FUNCTIONS)
@pytest.mark.parametrize("bias", ["register", "cell"])
def test_a_few_steps_on_all_examples_are_those_of_numpy(ohmlab: Ohmlab, activation: str, bias: str) -> None:
    sets = (
        "model.hidden=[24, 16]",
        f"model.activation={activation}",
        f"model.bias={bias}",
        "model.input_scaling=maximum",
        "training.batch=100000",  # all examples: their order does not matter
        "training.rate=0.4",
        "training.schedule=constant",
        "evaluation.every=1",
    )
    run(ohmlab, DIGITS, *sets, "training.epochs=0")
    numpy = Network(ohmlab.folder / "x.h5", activation)
    x, labels = images("train")
    losses = [numpy.step(x, np.eye(10)[labels], 0.4) for _ in range(5)]
    said = run(ohmlab, DIGITS, *sets, "training.epochs=5")
    ours = Network(ohmlab.folder / "x.h5", activation)
    for mine, theirs in zip(numpy.weights + numpy.biases, ours.weights + ours.biases, strict=True):
        np.testing.assert_allclose(theirs, mine, rtol=0, atol=2e-6)
    with h5py.File(ohmlab.folder / "x.h5") as stored:
        np.testing.assert_allclose(stored["metrics/train_loss"][1:], losses, rtol=1e-5)
    x, labels = images("t10k")
    p = ours.forward(x)[-1]
    assert said["test_error"] == pytest.approx((p.argmax(axis=1) != labels).mean(), abs=1e-12)
    assert said["test_cross_entropy"] == pytest.approx(-np.log(p[np.arange(len(x)), labels]).mean(), rel=1e-9)


def test_the_shipped_digits_are_learned_in_exact_arithmetic(ohmlab: Ohmlab) -> None:
    said = run(ohmlab, DIGITS)
    assert said["test_error"] < 0.03  # 0.017 with this seed; a hidden layer of its size does no worse elsewhere
    with h5py.File(ohmlab.folder / "x.h5") as stored:
        assert stored["metrics/test_error"][0] > 0.7


def test_the_shipped_digits_are_learned_through_pulses(ohmlab: Ohmlab) -> None:
    said = run(ohmlab, ANALOG, "training.epochs=12", "evaluation.reads=3")
    assert said["test_error"] < 0.08
    assert said["test_error_read"] < 0.1
    assert math.isfinite(said["test_error_read_deviation"])
    assert said["inputs_clipped"] == 0
    assert said["updates_cut"] < 0.05
    bills = json.loads(ohmlab("price", "x.h5", "--json").out)
    assert {"simulated", "backprop_digital", "backprop_digital_chip_int8_shift"} <= {
        bill["system"] for bill in bills["x.h5"]
    }


def test_the_shipped_fashion_network_is_a_plan_that_can_be_run(ohmlab: Ohmlab) -> None:
    said = run(
        ohmlab,
        str(CONFIGS / "experiments/backprop_fashion.toml"),
        "data.train_examples=2000",
        "data.test_examples=500",
        "training.epochs=3",
    )
    assert said["test_error"] < 0.4


def test_examples_without_labels_are_refused(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "bars.toml").write_text(
        'kind = "backprop"\ndata = {kind = "bars_and_stripes", size = 3}\n'
    )
    said = ohmlab.any("run", "bars.toml")
    assert said.code == 2
    assert "data: expected examples with labels, which backpropagation learns" in said.err
