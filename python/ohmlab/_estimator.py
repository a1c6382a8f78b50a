"""What the estimators of `ohmlab.learn` have in common: from parameters to a config, and from a config to a learner."""

from __future__ import annotations

import inspect
import os
import warnings
from collections.abc import Mapping
from numbers import Integral
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from ohmlab import _core

Doubles = NDArray[np.float64]
Kind = str | Mapping[str, Any]
Array = str | os.PathLike[str] | Mapping[str, Any]
Seed = int | np.random.RandomState | None
Type = TypeVar("Type", bound=type)

_TRAINING = ("epochs", "batch", "rate", "bias_rate", "schedule", "statistics", "update", "momentum")

_SECTIONS = {
    "training": """rule : str or dict
    Kind of local learning rule, or a dict as in a config: ``{"kind": "pcd", "chains": 100}``.
epochs : int
    Passes over the examples in `fit`.
batch : int
    Examples per update.
rate, bias_rate : float
    Learning rates of weights and biases, per mean example.
schedule : str or dict
    Change of the rates over the epochs: "constant", ``{"kind": "linear", "last": 0.01}``, …
statistics : {"means", "samples"}
    Signals of an update.
update : {"two_phase", "differenced"}
    Way of writing: pulses of each phase, or of the digital sum of all phases.
momentum : float
    Share of the last change that is added again; needs ``update="differenced"``.""",
    "hardware": """neuron, dynamics : str or dict
    Neurons that set the states of units, and the way in which the states of a phase come about.
array : str, path or dict
    Array that holds the weights: "ideal", the preset of a device such as "devices/ecram", or a dict as in a config:
    ``{"kind": "analog", "weight_scale": 4, "device": {"base": "devices/ecram"}}``.
as_read : bool
    False: inference is exact in float64, with the weights as the cells hold them. True: it reads through the arrays,
    with their noise, and is posted to `tally_`.
random_state : int, RandomState or None
    Key of all random draws. An int is the `seed` of a config.""",
    "attributes": """tally_ : ohmlab.Tally
    All work so far. ``ohmlab.Prices.default().price(model.tally_)`` is its bill; ideal arrays are those of an
    accelerator, ``place="gpu"``.
figures_ : dict
    Figures of the cells: clipping, bounds, wear. Empty for ideal arrays.
n_iter_ : int
    Passes over examples so far.
n_features_in_ : int
    Number of features.
feature_names_in_ : ndarray of shape (n_features_in_,)
    Names of the features, if `X` had any.""",
}


def documented(estimator: Type) -> Type:
    """Puts the sections that estimators share into a docstring."""
    text = inspect.cleandoc(estimator.__doc__ or "")
    for name, section in _SECTIONS.items():
        text = text.replace("{" + name + "}", section)
    estimator.__doc__ = text
    return estimator


def array_config(array: Array) -> Kind:
    """Config of an array; the preset of a device gives an analog array of such cells."""
    if isinstance(array, os.PathLike) or (isinstance(array, str) and ("/" in array or array.endswith(".toml"))):
        return {"kind": "analog", "device": {"base": os.fspath(array)}}
    return array


class Machine(BaseEstimator):
    """An estimator whose weights are in arrays. A subclass names its model and its parameters."""

    _kind: ClassVar[str]
    _model: ClassVar[tuple[str, ...]]
    _learner: _core.Learner
    epochs: int
    as_read: bool

    def _config(self) -> dict[str, Any]:
        given = self.get_params(deep=False)
        seed = given["random_state"]
        if not isinstance(seed, Integral):
            seed = check_random_state(seed).randint(np.iinfo(np.int32).max)
        return {
            "seed": seed,
            "model": {"kind": self._kind, **{key: given[key] for key in self._model}},
            "array": array_config(given["array"]),
            "training": {key: given[key] for key in _TRAINING},
            **{key: given[key] for key in ("neuron", "dynamics", "rule")},
        }

    def _made(self, X: NDArray[Any], classes: int = 0) -> _core.Learner:
        learner = _core.Learner(self._config(), units=X.shape[1], classes=classes)
        for doubt in learner.doubts:
            warnings.warn(doubt, RuntimeWarning, stacklevel=3)
        return learner

    def _keep(self, learner: _core.Learner) -> None:
        """Becomes fitted, and warns of what its reader must know."""
        self._learner = learner
        for warning in learner.warnings:
            warnings.warn(warning, RuntimeWarning, stacklevel=3)

    def _inputs(self, X: NDArray[Any]) -> NDArray[np.float32]:
        """Values of the input units, (n, features)."""
        raise NotImplementedError

    def _seen(self, X: ArrayLike) -> NDArray[np.float32]:
        """Inputs of a fitted machine."""
        check_is_fitted(self)
        return self._inputs(validate_data(self, X, reset=False))

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_learner")

    def _fitted(self) -> _core.Learner:
        check_is_fitted(self)
        return self._learner

    def wait(self, seconds: float) -> None:
        """Lets time pass without work: cells drift.

        Parameters
        ----------
        seconds : float
            Time, s.
        """
        self._fitted().wait(seconds)

    @property
    def tally_(self) -> _core.Tally:
        """All work so far."""
        return self._fitted().tally

    @property
    def figures_(self) -> dict[str, float]:
        """Figures of the cells."""
        return self._fitted().figures

    @property
    def n_iter_(self) -> int:
        """Passes over examples so far."""
        return self._fitted().passes


class Classifier(ClassifierMixin, Machine):
    """A machine that learns labels."""

    classes_: NDArray[Any]

    def fit(self, X: ArrayLike, y: ArrayLike) -> Classifier:
        """Learns from the beginning, `epochs` passes over the examples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.
        y : array-like of shape (n_samples,)
            Labels, at most 256 different ones.

        Returns
        -------
        self
        """
        examples, y = validate_data(self, X, y)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        self._require_classes()
        self._start(examples)
        learner = self._made(examples, len(self.classes_))
        learner.learn(self._inputs(examples), codes, passes=self.epochs)
        self._keep(learner)
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Classifier:
        """Passes once over the examples, in batches, from where the last call ended.

        As many calls with the same examples as `fit` has epochs give the same bits as `fit`. Parameters of the
        training are those at the first call.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.
        y : array-like of shape (n_samples,)
            Their labels.
        classes : array-like of shape (n_classes,), optional
            All labels; required by the first call.

        Returns
        -------
        self
        """
        first = not hasattr(self, "_learner")
        examples, y = validate_data(self, X, y, reset=first)
        check_classification_targets(y)
        known = None if classes is None else np.unique(np.asarray(classes))
        if first:
            if known is None:
                raise ValueError("classes must be passed on the first call to partial_fit")
            self.classes_ = known
            self._require_classes()
        elif known is not None and not np.array_equal(known, self.classes_):
            raise ValueError(f"classes={known} are not those of the first call: {self.classes_}")
        strangers = np.setdiff1d(y, self.classes_)
        if strangers.size:
            raise ValueError(f"y has labels {strangers} that are not among the classes {self.classes_}")
        if first:
            self._start(examples)
            self._learner = self._made(examples, len(self.classes_))
        self._learner.learn(self._inputs(examples), np.searchsorted(self.classes_, y))
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Labels of examples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples,)
            The label with the largest output.
        """
        best = self._outputs(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def _outputs(self, X: ArrayLike) -> Doubles:
        inputs = self._seen(X)
        return self._learner.outputs(inputs, as_read=bool(self.as_read))

    def _start(self, X: NDArray[Any]) -> None:
        """Learns what inputs are scaled by."""

    def _require_classes(self) -> None:
        if len(self.classes_) < 2:
            raise ValueError(f"expected examples of 2 classes at least, found one class: {self.classes_}")
