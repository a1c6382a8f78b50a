"""Networks that classify by forward passes alone."""

from __future__ import annotations

from collections.abc import Sequence

from ohmlab._estimator import Array, Doubles, Kind, Seed, documented
from ohmlab._settling import LayeredClassifier

__all__ = ["ForwardForwardClassifier", "PredictiveCodingClassifier"]


@documented
class PredictiveCodingClassifier(LayeredClassifier):
    """Predictive coding network: each layer predicts the next; it classifies by a forward pass.

    Parameters
    ----------
    hidden : sequence of int
        Units of each hidden layer, from the features on; empty: features feed outputs.
    activation : {"identity", "relu", "tanh"}
        Function of hidden units.
    gain : float
        Standard deviation of the initial weights, times the root of the layer's inputs.
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
    Rao & Ballard, Nat. Neurosci. 2, 79 (1999).
    Whittington & Bogacz, Neural Comput. 29, 1229 (2017).

    Examples
    --------
    >>> import numpy
    >>> from ohmlab.learn import PredictiveCodingClassifier
    >>> X, y = numpy.array([[0, 0, 1, 1], [1, 1, 0, 0]] * 20), [3, 7] * 20
    >>> model = PredictiveCodingClassifier(hidden=(4,), random_state=1).fit(X, y)
    >>> [int(label) for label in model.predict([[0, 0, 2, 2], [1, 1, 0, 0]])]
    [3, 7]
    """

    _kind = "predictive"
    _model = ("hidden", "activation", "gain")

    def __init__(
        self,
        *,
        hidden: Sequence[int] = (128,),
        activation: str = "relu",
        gain: float = 1.0,
        rule: Kind = "prediction_error",
        epochs: int = 20,
        batch: int = 20,
        rate: float = 0.05,
        bias_rate: float = 0.05,
        schedule: Kind = "constant",
        statistics: str = "means",
        update: str = "two_phase",
        momentum: float = 0.0,
        neuron: Kind = "function",
        dynamics: Kind = "predictive",
        array: Array = "ideal",
        as_read: bool = False,
        random_state: Seed = None,
        white: float | None = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.gain = gain
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
class ForwardForwardClassifier(LayeredClassifier):
    """Forward-forward network: every layer learns on its own; the label of most goodness is the class.

    The label is a part of the input. An output is the goodness of one label, summed over the layers that count.

    Parameters
    ----------
    hidden : sequence of int
        Units of each hidden layer, from the features on; at least one layer.
    goodness : {"sum", "mean"}
        Goodness of a layer: sum or mean of its squared activities.
    threshold : float
        Goodness at which a layer takes an example for a positive one with probability 1/2.
    first_counts : bool
        True if the goodness of the first of several hidden layers counts for the class.
    gain : float
        Standard deviation of the initial weights, times the root of the layer's inputs.
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
        Weights as the cells hold them: of the features, shape (n_features, units), of the labels, shape (n_classes,
        units), then of each pair of hidden layers.
    intercepts_ : list of ndarray
        Biases of each hidden layer.
    white_ : float
        Value of a feature that becomes an input of 1.
    {attributes}

    References
    ----------
    Hinton, arXiv 2212.13345 (2022).

    Examples
    --------
    >>> import numpy
    >>> from ohmlab.learn import ForwardForwardClassifier
    >>> X, y = numpy.array([[0, 0, 1, 1], [1, 1, 0, 0]] * 20), [3, 7] * 20
    >>> model = ForwardForwardClassifier(hidden=(8,), epochs=50, random_state=1).fit(X, y)
    >>> [int(label) for label in model.predict([[0, 0, 2, 2], [1, 1, 0, 0]])]
    [3, 7]
    """

    _kind = "forward_forward"
    _model = ("hidden", "goodness", "threshold", "first_counts", "gain")

    def __init__(
        self,
        *,
        hidden: Sequence[int] = (128,),
        goodness: str = "sum",
        threshold: float = 2.0,
        first_counts: bool = True,
        gain: float = 1.0,
        rule: Kind = "forward_forward",
        epochs: int = 20,
        batch: int = 20,
        rate: float = 0.05,
        bias_rate: float = 0.05,
        schedule: Kind = "constant",
        statistics: str = "means",
        update: str = "two_phase",
        momentum: float = 0.0,
        neuron: Kind = "function",
        dynamics: Kind = "forward",
        array: Array = "ideal",
        as_read: bool = False,
        random_state: Seed = None,
        white: float | None = None,
    ) -> None:
        self.hidden = hidden
        self.goodness = goodness
        self.threshold = threshold
        self.first_counts = first_counts
        self.gain = gain
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

    @property
    def intercepts_(self) -> list[Doubles]:
        """Biases of each hidden layer."""
        return self._fitted().biases[2:]
