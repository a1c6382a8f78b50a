"""Restricted Boltzmann machines as estimators."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import validate_data

from ohmlab._estimator import Array, Classifier, Doubles, Kind, Machine, Seed, documented

__all__ = ["BernoulliRBM", "RBMClassifier"]


class _Binary(Machine):
    """A machine of binary units, a part of which are hidden."""

    _model = ("hidden", "weight_std")

    def __init__(
        self,
        *,
        hidden: int = 64,
        weight_std: float = 0.01,
        rule: Kind = "cd",
        epochs: int = 20,
        batch: int = 20,
        rate: float = 0.05,
        bias_rate: float = 0.05,
        schedule: Kind = "constant",
        statistics: str = "means",
        update: str = "two_phase",
        momentum: float = 0.0,
        neuron: Kind = "adc",
        dynamics: Kind = "gibbs",
        array: Array = "ideal",
        as_read: bool = False,
        random_state: Seed = None,
        threshold: float | None = 0.5,
    ) -> None:
        self.hidden = hidden
        self.weight_std = weight_std
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
        self.threshold = threshold

    def _inputs(self, X: NDArray[Any]) -> NDArray[np.float32]:
        on = X if self.threshold is None else X >= self.threshold
        return on.astype(np.float32)

    @property
    def components_(self) -> Doubles:
        """Weights between features and hidden units, in logits."""
        return self._fitted().weights[0].T

    @property
    def intercept_visible_(self) -> Doubles:
        """Biases of visible units, in logits."""
        return self._fitted().biases[0]


@documented
class BernoulliRBM(ClassNamePrefixFeaturesOutMixin, TransformerMixin, _Binary):
    """Restricted Boltzmann machine of binary units: a density, and a transformer to its hidden units.

    Parameters
    ----------
    hidden : int
        Number of hidden units.
    weight_std : float
        Standard deviation of the initial weights, in logits.
    {training}
    {hardware}
    threshold : float or None
        Features from this value up are 1, all others 0. None: features must be 0 and 1 already.

    Attributes
    ----------
    components_ : ndarray of shape (hidden, n_features)
        Weights as the cells hold them, in logits.
    intercept_hidden_ : ndarray of shape (hidden,)
        Biases of hidden units, in logits.
    intercept_visible_ : ndarray of shape (n_features,)
        Biases of visible units, in logits.
    {attributes}

    Examples
    --------
    >>> import numpy
    >>> from ohmlab.learn import BernoulliRBM
    >>> X = numpy.array([[0, 0, 1, 1], [1, 1, 0, 0]] * 20)
    >>> cells = {"kind": "analog", "weight_scale": 8}
    >>> model = BernoulliRBM(hidden=2, epochs=200, rate=0.2, array=cells, random_state=1)
    >>> model.fit(X).transform(X).shape
    (40, 2)
    >>> bool(model.log_likelihood(X).mean() > -2.5)
    True
    """

    _kind = "rbm"

    def fit(self, X: ArrayLike, y: Any = None) -> BernoulliRBM:
        """Learns from the beginning, `epochs` passes over the examples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.
        y : ignored

        Returns
        -------
        self
        """
        examples = validate_data(self, X)
        learner = self._made(examples)
        learner.learn(self._inputs(examples), passes=self.epochs)
        self._keep(learner)
        return self

    def partial_fit(self, X: ArrayLike, y: Any = None) -> BernoulliRBM:
        """Passes once over the examples, in batches, from where the last call ended.

        As many calls with the same examples as `fit` has epochs give the same bits as `fit`. Parameters of the
        training are those at the first call. The first call sets the initial biases by the frequencies of its
        examples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.
        y : ignored

        Returns
        -------
        self
        """
        first = not hasattr(self, "_learner")
        examples = validate_data(self, X, reset=first)
        if first:
            self._learner = self._made(examples)
        self._learner.learn(self._inputs(examples))
        return self

    def transform(self, X: ArrayLike) -> Doubles:
        """Probabilities of hidden units.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples, hidden)
            p(h = 1 | v). If `as_read`, as the neurons give it.
        """
        inputs = self._seen(X)
        return self._learner.hidden(inputs, as_read=bool(self.as_read))

    def gibbs(self, X: ArrayLike, steps: int = 1) -> Doubles:
        """Gibbs sampling through the arrays, posted to `tally_`.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            States from which the chains start.
        steps : int
            Number of steps: hidden units given visible ones, then visible given hidden.

        Returns
        -------
        ndarray of shape (n_samples, n_features)
            States of visible units, 0 or 1.
        """
        inputs = self._seen(X)
        return self._learner.gibbs(inputs, steps=steps)

    def score_samples(self, X: ArrayLike) -> Doubles:
        """Pseudo-log-likelihood of examples, exact in float64.

        scikit-learn's `BernoulliRBM.score_samples` estimates the same sum from one feature drawn at random.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples,)
            Sum over features of ln p of each given all others, nat.
        """
        inputs = self._seen(X)
        return self._learner.pseudo_log_likelihood(inputs)

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Mean of `score_samples`.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.
        y : ignored

        Returns
        -------
        float
            Mean pseudo-log-likelihood, nat.
        """
        return float(self.score_samples(X).mean())

    def free_energy(self, X: ArrayLike) -> Doubles:
        """Free energy of examples, exact in float64: -ln p less the ln of the partition function.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples,)
            F(v), nat.
        """
        inputs = self._seen(X)
        return self._learner.free_energy(inputs)

    def log_likelihood(self, X: ArrayLike) -> Doubles:
        """ln p of examples, the partition function by enumeration.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples,)
            ln p(v), nat.

        Raises
        ------
        ohmlab.UserError
            If there are more than 20 visible and more than 20 hidden units.
        """
        return -self.free_energy(X) - self._learner.log_z

    @property
    def intercept_hidden_(self) -> Doubles:
        """Biases of hidden units, in logits."""
        return self._fitted().biases[1]

    @property
    def _n_features_out(self) -> int:
        return len(self.intercept_hidden_)


@documented
class RBMClassifier(Classifier, _Binary):
    """Restricted Boltzmann machine over examples and their labels; it classifies by the exact law of a label.

    Parameters
    ----------
    hidden : int
        Number of hidden units.
    weight_std : float
        Standard deviation of the initial weights, in logits.
    {training}
    {hardware}
    threshold : float or None
        Features from this value up are 1, all others 0. None: features must be 0 and 1 already.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels.
    components_ : ndarray of shape (hidden, n_features)
        Weights as the cells hold them, in logits.
    label_components_ : ndarray of shape (hidden, n_classes)
        Weights between labels and hidden units, in logits.
    intercept_hidden_ : ndarray of shape (hidden,)
        Biases of hidden units, in logits.
    intercept_visible_ : ndarray of shape (n_features,)
        Biases of visible units, in logits.
    intercept_label_ : ndarray of shape (n_classes,)
        Biases of labels, in logits.
    {attributes}

    References
    ----------
    Larochelle & Bengio, Classification using discriminative restricted Boltzmann machines, ICML 2008.

    Examples
    --------
    >>> import numpy
    >>> from ohmlab.learn import RBMClassifier
    >>> X, y = numpy.array([[0, 0, 1, 1], [1, 1, 0, 0]] * 20), ["right", "left"] * 20
    >>> model = RBMClassifier(hidden=4, epochs=50, rate=0.2, random_state=1).fit(X, y)
    >>> str(model.predict([[1, 1, 0, 0]])[0])
    'left'
    """

    _kind = "class_rbm"

    def predict_proba(self, X: ArrayLike) -> Doubles:
        """Probabilities of labels given examples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            p(label | example), in the order of `classes_`.
        """
        return self._outputs(X)

    @property
    def label_components_(self) -> Doubles:
        """Weights between labels and hidden units, in logits."""
        return self._fitted().weights[1].T

    @property
    def intercept_hidden_(self) -> Doubles:
        """Biases of hidden units, in logits."""
        return self._fitted().biases[2]

    @property
    def intercept_label_(self) -> Doubles:
        """Biases of labels, in logits."""
        return self._fitted().biases[1]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True  # of features that one threshold does not tell apart
        return tags
