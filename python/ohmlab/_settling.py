"""Networks of layers that settle, as classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ohmlab._estimator import Array, Classifier, Doubles, Kind, Seed, documented

__all__ = ["HopfieldClassifier", "LayeredClassifier", "ResistiveClassifier"]


class LayeredClassifier(Classifier):
    """Layers from the features on, with one output a class."""

    white: float | None
    white_: float

    def _start(self, X: NDArray[Any]) -> None:
        if self.white is None:
            largest = float(np.abs(X).max())
            self.white_ = largest if largest > 0 else 1.0
        elif self.white > 0:
            self.white_ = float(self.white)
        else:
            raise ValueError(f"white={self.white}: expected a number above 0, or None")

    def _inputs(self, X: NDArray[Any]) -> NDArray[np.float32]:
        return np.clip(X / self.white_, -1, 1).astype(np.float32)

    def decision_function(self, X: ArrayLike) -> Doubles:
        """Outputs.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples, n_classes) or (n_samples,)
            The largest output names the label. Of two classes, the output of the second less that of the first.
        """
        outputs = self._outputs(X)
        return outputs if len(self.classes_) > 2 else outputs[:, 1] - outputs[:, 0]

    @property
    def coefs_(self) -> list[Doubles]:
        """Weights of each pair of layers."""
        return self._fitted().weights

    @property
    def intercepts_(self) -> list[Doubles]:
        """Biases of each layer from the first hidden one on."""
        return self._fitted().biases[1:]


@documented
class HopfieldClassifier(LayeredClassifier):
    """Layered Hopfield network that classifies at rest, trained by equilibrium propagation.

    Parameters
    ----------
    hidden : sequence of int
        Units of each hidden layer, from the features on; empty: features feed outputs.
    gain : float
        Standard deviation of the initial weights, times the root of the layer's inputs.
    settle_steps : int
        Sweeps after which examples are classified.
    {training}
    {hardware}
    white : float or None
        Value of a feature that becomes an input of 1; values beyond it are cut off. None: the largest magnitude among
        the first examples, kept as `white_`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels.
    coefs_ : list of ndarray
        Weights of each pair of layers as the cells hold them, shape (units, units of the next layer).
    intercepts_ : list of ndarray
        Biases of each layer from the first hidden one on.
    white_ : float
        Value of a feature that becomes an input of 1.
    {attributes}

    References
    ----------
    Hopfield, PNAS 81, 3088 (1984).
    Scellier & Bengio, Equilibrium propagation, Front. Comput. Neurosci. 11, 24 (2017).

    Examples
    --------
    >>> import numpy
    >>> from ohmlab.learn import HopfieldClassifier
    >>> X, y = numpy.array([[0, 0, 1, 1], [1, 1, 0, 0]] * 20), [3, 7] * 20
    >>> model = HopfieldClassifier(hidden=(8,), random_state=1).fit(X, y)
    >>> [int(label) for label in model.predict([[0, 0, 2, 2], [1, 1, 0, 0]])]
    [3, 7]
    """

    _kind = "hopfield_layers"
    _model = ("hidden", "gain", "settle_steps")

    def __init__(
        self,
        *,
        hidden: Sequence[int] = (128,),
        gain: float = 1.0,
        settle_steps: int = 30,
        rule: Kind = "ep",
        epochs: int = 20,
        batch: int = 20,
        rate: float = 0.05,
        bias_rate: float = 0.05,
        schedule: Kind = "constant",
        statistics: str = "means",
        update: str = "two_phase",
        momentum: float = 0.0,
        neuron: Kind = "clipped",
        dynamics: Kind = "relaxation",
        array: Array = "ideal",
        as_read: bool = False,
        random_state: Seed = None,
        white: float | None = None,
    ) -> None:
        self.hidden = hidden
        self.gain = gain
        self.settle_steps = settle_steps
        self.rule = rule
        self.epochs = epochs
        self.batch = batch
        self.rate = rate
        self.bias_rate = bias_rate
        self.schedule = schedule
        self.statistics = statistics
        self.update = update
        self.momentum = momentum
        self.neuron = neuron
        self.dynamics = dynamics
        self.array = array
        self.as_read = as_read
        self.random_state = random_state
        self.white = white


@documented
class ResistiveClassifier(LayeredClassifier):
    """Deep resistive network that settles by Kirchhoff's laws, trained from voltage drops.

    Parameters
    ----------
    hidden : sequence of int
        Nodes of each hidden layer, from the features on; empty: features feed outputs.
    input_gain : float
        Voltage of an input of 1, in voltages of a target of 1.
    hidden_scale : float
        Hidden voltage that drivers turn into their full scale, in voltages of a target of 1.
    gain : float
        Bound of the uniform law of initial conductances, times the root of the layer's inputs.
    settle_steps : int
        Sweeps after which examples are classified.
    {training}
    {hardware}
    white : float or None
        Value of a feature that becomes an input of 1; values beyond it are cut off. None: the largest magnitude among
        the first examples, kept as `white_`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels.
    coefs_ : list of ndarray
        Conductances of each pair of layers in units of weights, shape (nodes, nodes of the next layer). Each feature
        has two nodes: all features, then their negatives.
    intercepts_ : list of ndarray
        Biases of each layer from the first hidden one on.
    white_ : float
        Value of a feature that becomes an input of 1.
    {attributes}

    References
    ----------
    Kendall et al., arXiv 2006.01981 (2020).
    Scellier, arXiv 2402.11674 (2024).

    Examples
    --------
    >>> import numpy
    >>> from ohmlab.learn import ResistiveClassifier
    >>> X, y = numpy.array([[0, 0, 1, 1], [1, 1, 0, 0]] * 20), [3, 7] * 20
    >>> model = ResistiveClassifier(hidden=(32,), input_gain=10, random_state=1).fit(X, y)
    >>> [int(label) for label in model.predict([[0, 0, 2, 2], [1, 1, 0, 0]])]
    [3, 7]
    """

    _kind = "resistive"
    _model = ("hidden", "input_gain", "hidden_scale", "gain", "settle_steps")

    def __init__(
        self,
        *,
        hidden: Sequence[int] = (128,),
        input_gain: float = 100.0,
        hidden_scale: float = 10.0,
        gain: float = 1.0,
        settle_steps: int = 8,
        rule: Kind = "ep_drops",
        epochs: int = 20,
        batch: int = 20,
        rate: float = 0.05,
        bias_rate: float = 0.05,
        schedule: Kind = "constant",
        statistics: str = "means",
        update: str = "two_phase",
        momentum: float = 0.0,
        neuron: Kind = "diodes",
        dynamics: Kind = "relaxation",
        array: Array = "ideal",
        as_read: bool = False,
        random_state: Seed = None,
        white: float | None = None,
    ) -> None:
        self.hidden = hidden
        self.input_gain = input_gain
        self.hidden_scale = hidden_scale
        self.gain = gain
        self.settle_steps = settle_steps
        self.rule = rule
        self.epochs = epochs
        self.batch = batch
        self.rate = rate
        self.bias_rate = bias_rate
        self.schedule = schedule
        self.statistics = statistics
        self.update = update
        self.momentum = momentum
        self.neuron = neuron
        self.dynamics = dynamics
        self.array = array
        self.as_read = as_read
        self.random_state = random_state
        self.white = white
