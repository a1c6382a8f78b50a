"""Estimators: scikit-learn's conventions, the bits of the experiment `train`, and cells that survive a pickle."""

import inspect
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import ohmlab
import pytest
import sklearn.neural_network
from conftest import HANG, ROOT
from ohmlab import learn
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

ESTIMATORS = [getattr(learn, name) for name in learn.__all__]
CLASSIFIERS = [estimator for estimator in ESTIMATORS if hasattr(estimator, "predict")]
CELLS: dict[str, Any] = {"kind": "analog", "weight_scale": 4, "device": {"base": "devices/gokmen_vlasov"}}
# A rate at which each learns the digits, and small layers.
DIGITS: dict[str, dict[str, Any]] = {
    "RBMClassifier": {"hidden": 64, "epochs": 20, "batch": 10, "rate": 0.1, "bias_rate": 0.1, "threshold": 8},
    "HopfieldClassifier": {"hidden": (32,), "epochs": 10, "batch": 10, "rate": 0.1, "gain": 0.5},
    "ResistiveClassifier": {
        "hidden": (64,),
        "epochs": 10,
        "batch": 10,
        "rate": 0.02,
        "bias_rate": 0.02,
        "input_gain": 30,
    },
    "ForwardForwardClassifier": {"hidden": (64,), "epochs": 20, "batch": 10, "rate": 0.1, "bias_rate": 0.1},
    "PredictiveCodingClassifier": {"hidden": (32,), "epochs": 10, "batch": 10, "rate": 0.1, "bias_rate": 0.1},
}
NAMES = {
    "class_rbm": ["weights", "label_weights"],
    "forward_forward": ["weights_1", "label_weights", "weights_2"],
    "hopfield_layers": ["weights_1", "weights_2"],
    "predictive": ["weights_1", "weights_2"],
    "resistive": ["conductances_1", "conductances_2"],
}


def bars() -> Any:
    """All images of 3 × 3 pixels whose rows, or columns, are wholly on or off, each once: 14 × 9."""
    lines = np.array([[i >> bit & 1 for bit in range(3)] for i in range(8)])
    rows = np.repeat(lines[:, :, None], 3, axis=2).reshape(8, 9)
    columns = np.repeat(lines[:, None, :], 3, axis=1).reshape(8, 9)
    return np.unique(np.concatenate([rows, columns]), axis=0).astype(float)


def digits() -> Any:
    X, y = load_digits(return_X_y=True)
    return train_test_split(X, y, test_size=0.3, random_state=0, stratify=y)


def stored_digits(part: str) -> Any:
    """Images and labels of configs/data/digits, as the program reads them."""
    import gzip

    folder = ROOT / "configs/data/digits"
    images = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    return np.frombuffer(images, np.uint8, offset=16).reshape(-1, 64), np.frombuffer(labels, np.uint8, offset=8)


@parametrize_with_checks([estimator(epochs=5) for estimator in ESTIMATORS])
def test_an_estimator_keeps_to_the_conventions_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.parametrize("array", ["ideal", CELLS])
def test_a_density_has_the_bits_of_the_experiment(array: Any) -> None:
    X, _ = stored_digits("train")
    training = {"epochs": 2, "batch": 10, "rate": 0.1, "bias_rate": 0.1, "schedule": {"kind": "linear", "last": 0.5}}
    rule = {"kind": "pcd", "chains": 50}
    outcome = ohmlab.run(
        {
            "kind": "train",
            "seed": 5,
            "data": {"base": "data/digits"},
            "model": {"kind": "rbm", "hidden": 12},
            "array": array,
            "rule": rule,
            "training": training,
            "evaluation": {"every": 0},
        }
    )
    model = learn.BernoulliRBM(hidden=12, array=array, rule=rule, threshold=8, random_state=5, **training).fit(X)
    stored = ohmlab.results.load(outcome.file)
    np.testing.assert_array_equal(model.components_.T, stored.model["weights"])
    np.testing.assert_array_equal(model.intercept_hidden_, stored.model["hidden_bias"])
    np.testing.assert_array_equal(model.intercept_visible_, stored.model["visible_bias"])
    test, _ = stored_digits("t10k")
    assert model.log_likelihood(test).mean() == pytest.approx(outcome.quality["test_log_likelihood"], abs=1e-9)
    assert model.score(test[:500]) == pytest.approx(outcome.quality["test_pseudo_log_likelihood"], abs=1e-9)
    mine, its = model.tally_.columns(), stored.tally
    its = its.isel(entry=its.system == ("rbm_digital" if array == "ideal" else "simulated"))
    for name in ("stage", "component", "action", "count", "serial", "joules", "seconds"):
        np.testing.assert_array_equal(mine[name], its[name], err_msg=name)
    bill = ohmlab.Prices.default().price(model.tally_, place="gpu" if array == "ideal" else "array")
    assert bill.core.nominal == pytest.approx(outcome.bills()[0].bill.core.nominal)


@pytest.mark.parametrize("array", ["ideal", CELLS])
def test_a_classifier_has_the_bits_of_the_experiment(array: Any) -> None:
    X, y = stored_digits("train")
    test, labels = stored_digits("t10k")
    training = {"epochs": 2, "batch": 10, "rate": 0.1, "bias_rate": 0.1}
    gray = {"base": "data/digits", "threshold": 1, "white": 16}
    cases = [
        (learn.RBMClassifier, "class_rbm", {"hidden": 16}, {"threshold": 8}, {"base": "data/digits"}, {}),
        (learn.HopfieldClassifier, "hopfield_layers", {"hidden": (16,), "gain": 0.5}, {"white": 16}, gray, {}),
        (learn.ForwardForwardClassifier, "forward_forward", {"hidden": (16, 8)}, {"white": 16}, gray, {}),
        (learn.PredictiveCodingClassifier, "predictive", {"hidden": (16,)}, {"white": None}, gray, {}),
    ]
    if array == "ideal":
        circuit = {"hidden": (64,), "input_gain": 30}
        cases.append((learn.ResistiveClassifier, "resistive", circuit, {"white": 16}, gray, {"rate": 0.02}))
    for estimator, kind, model, own, data, more in cases:
        rate = training | more
        made = estimator(array=array, random_state=2, **model, **own, **rate)
        config = {
            "kind": "train",
            "seed": 2,
            "data": data,
            "model": {"kind": kind, **model},
            "array": array,
            "rule": made.rule,
            "neuron": made.neuron,
            "dynamics": made.dynamics,
            "training": rate,
            "evaluation": {"every": 0},
        }
        outcome = ohmlab.run(config, out=f"{kind}.h5")
        made.fit(X, y)
        assert 1 - made.score(test, labels) == pytest.approx(outcome.quality["test_error"], abs=1e-12), kind
        stored = ohmlab.results.load(outcome.file).model
        for mine, name in zip(made._learner.weights, NAMES[kind], strict=True):
            np.testing.assert_array_equal(mine, stored[name])


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_defaults_are_those_of_a_config(estimator: Any) -> None:
    X, y = bars(), np.arange(14) % 2 if estimator in CLASSIFIERS else None
    model = estimator(random_state=1).fit(X, y)
    bare = {"seed": 1, "model": {"kind": estimator._kind}}
    kinds = {key: getattr(model, key) for key in ("rule", "neuron", "dynamics")}
    learner = ohmlab._core.Learner(bare | kinds, units=9, classes=0 if y is None else 2)
    learner.learn(X, y, passes=20)
    for mine, its in zip(model._learner.weights, learner.weights, strict=True):
        np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize("array", ["ideal", CELLS])
def test_passes_one_by_one_are_a_fit(array: Any) -> None:
    X = bars()
    settings: dict[str, Any] = {
        "hidden": 4,
        "epochs": 5,
        "batch": 4,
        "array": array,
        "rule": "pcd",
        "schedule": {"kind": "linear"},
        "random_state": 3,
    }
    whole, parts = learn.BernoulliRBM(**settings).fit(X), learn.BernoulliRBM(**settings)
    for _ in range(5):
        parts.partial_fit(X)
    np.testing.assert_array_equal(whole.components_, parts.components_)
    assert whole.n_iter_ == parts.n_iter_ == 5
    assert [str(e) for e in whole.tally_.entries] == [str(e) for e in parts.tally_.entries]
    parts.partial_fit(X)  # beyond the schedule, at its last rate
    assert np.isfinite(parts.components_).all()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of inputs that such small layers clip
@pytest.mark.parametrize("array", ["ideal", CELLS])
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_pickle_goes_on_with_the_same_cells(estimator: Any, array: Any) -> None:
    X, y = bars(), np.arange(14) % 2
    model = estimator(epochs=2, array=array, random_state=1, batch=4)
    model.fit(X, y)
    copy = pickle.loads(pickle.dumps(model))
    assert [str(e) for e in copy.tally_.entries] == [str(e) for e in model.tally_.entries]
    assert len(copy.tally_.holdings) == len(model.tally_.holdings)
    for one in (model, copy):
        one.set_params(as_read=True)
        one.partial_fit(X, y)
    for first, second in zip(model._learner.weights, copy._learner.weights, strict=True):
        np.testing.assert_array_equal(first, second)
    ask = "predict" if hasattr(model, "predict") else "transform"
    np.testing.assert_array_equal(getattr(model, ask)(X), getattr(copy, ask)(X))
    assert model.figures_ == copy.figures_


@pytest.mark.parametrize("estimator", CLASSIFIERS)
def test_a_classifier_learns_the_digits(estimator: Any) -> None:
    X, test, y, labels = digits()
    model = estimator(random_state=1, **DIGITS[estimator.__name__]).fit(X, y)
    assert model.score(test, labels) > 0.87


def test_a_density_on_cells_beats_independent_pixels() -> None:
    X, test, _, _ = digits()
    model = learn.BernoulliRBM(
        hidden=16, epochs=20, batch=10, rate=0.05, threshold=8, array=CELLS, rule={"kind": "pcd"}, random_state=1
    ).fit(X)
    on = (X >= 8).sum(axis=0)
    p = (on + 0.5) / (len(X) + 1)
    alone = np.where(test >= 8, np.log(p), np.log(1 - p)).sum(axis=1).mean()
    assert model.log_likelihood(test).mean() > alone + 1
    assert model.figures_["pulses_per_cell"] > 0


def test_the_density_is_the_closed_form() -> None:
    X = bars()
    model = learn.BernoulliRBM(hidden=3, epochs=30, batch=4, rate=0.2, random_state=1).fit(X)
    W, b, a = model.components_, model.intercept_hidden_, model.intercept_visible_
    every = np.array([[i >> bit & 1 for bit in range(9)] for i in range(512)], float)
    energy = -every @ a - np.logaddexp(0, every @ W.T + b).sum(axis=1)
    np.testing.assert_allclose(model.free_energy(every), energy, atol=1e-9)
    np.testing.assert_allclose(np.exp(model.log_likelihood(every)).sum(), 1, atol=1e-9)
    np.testing.assert_allclose(model.transform(every), 1 / (1 + np.exp(-(every @ W.T + b))), atol=1e-12)
    flipped = np.abs(every[:, None, :] - np.eye(9))  # each with one feature changed
    other = model.free_energy(flipped.reshape(-1, 9)).reshape(512, 9)
    pseudo = -np.logaddexp(0, energy[:, None] - other).sum(axis=1)
    np.testing.assert_allclose(model.score_samples(every), pseudo, atol=1e-9)
    assert model.get_feature_names_out().tolist() == ["bernoullirbm0", "bernoullirbm1", "bernoullirbm2"]


def test_the_density_is_that_of_scikit_learn_with_the_same_weights() -> None:
    X = bars()
    model = learn.BernoulliRBM(hidden=3, epochs=30, batch=4, rate=0.2, random_state=1).fit(X)
    theirs = sklearn.neural_network.BernoulliRBM(n_components=3, random_state=0).fit(X)
    theirs.components_ = np.ascontiguousarray(model.components_)
    theirs.intercept_hidden_, theirs.intercept_visible_ = model.intercept_hidden_, model.intercept_visible_
    np.testing.assert_allclose(model.transform(X), theirs.transform(X), atol=1e-12)
    draws = np.array([theirs.score_samples(np.repeat(X, 2000, axis=0)).reshape(len(X), -1)])[0]
    error = draws.std(axis=1, ddof=1) / draws.shape[1] ** 0.5
    assert (np.abs(draws.mean(axis=1) - model.score_samples(X)) < 5.3 * error + 1e-9).all()  # p = 1e-6


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # one pass through few pulses
def test_a_circuit_of_cells_has_the_bits_of_the_experiment_and_can_be_read() -> None:
    X, y = stored_digits("train")
    cells = {"kind": "analog", "weight_scale": 0.5, "device": {"base": "devices/ecram"}}
    training = {"epochs": 1, "batch": 100, "rate": 0.02}
    model = {"hidden": (), "input_gain": 30}
    made = learn.ResistiveClassifier(array=cells, dynamics="circuit", random_state=3, **model, **training).fit(X, y)
    config = {
        "kind": "train",
        "seed": 3,
        "data": {"base": "data/digits", "threshold": 1, "white": 16},
        "model": {"kind": "resistive", **model},
        "array": cells,
        "neuron": "diodes",
        "dynamics": "circuit",
        "rule": "ep_drops",
        "training": training,
        "evaluation": {"every": 0},
    }
    stored = ohmlab.results.load(ohmlab.run(config).file).model
    np.testing.assert_array_equal(made.coefs_[0], stored["conductances_1"])
    exact = made.decision_function(X[:50])
    as_read = made.set_params(as_read=True).decision_function(X[:50])
    assert np.corrcoef(exact.ravel(), as_read.ravel())[0, 1] > 0.7


def test_names_of_features_are_kept_and_checked() -> None:
    import pandas as pd

    X = pd.DataFrame(bars(), columns=[f"pixel {i}" for i in range(9)])
    model = learn.BernoulliRBM(hidden=2, epochs=1).fit(X)
    assert model.feature_names_in_.tolist() == X.columns.tolist()
    assert list(model.set_output(transform="pandas").transform(X)) == ["bernoullirbm0", "bernoullirbm1"]
    with pytest.raises(ValueError, match="feature names should match"):
        model.transform(X[X.columns[::-1]])


def test_gibbs_samples_follow_the_law() -> None:
    X = bars()
    model = learn.BernoulliRBM(hidden=3, epochs=30, batch=4, rate=0.2, random_state=1).fit(X)
    every = np.array([[i >> bit & 1 for bit in range(9)] for i in range(512)], float)
    mean = np.exp(model.log_likelihood(every)) @ every
    n = 20000
    drawn = model.gibbs(np.tile(X[:1], (n, 1)), steps=200)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    # 9 means of n independent chains: p = 1e-6 at 5.3 standard errors each; a chain may not have come to its law.
    assert np.abs(drawn.mean(axis=0) - mean).max() < 5.3 * 0.5 / np.sqrt(n) + 0.01
    assert {entry.stage for entry in model.tally_.entries} >= {"sample"}


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_inference_through_ideal_arrays_is_exact_inference_and_is_billed(estimator: Any) -> None:
    X, y = bars(), np.arange(14) % 3
    model = estimator(epochs=3, random_state=1, batch=4).fit(X, y)
    ask = next(name for name in ("predict_proba", "decision_function", "transform") if hasattr(model, name))
    exact = getattr(model, ask)(X)
    before = [str(entry) for entry in model.tally_.entries]
    assert not any('stage="infer"' in entry for entry in before)
    model.set_params(as_read=True)
    np.testing.assert_allclose(getattr(model, ask)(X), exact, rtol=1e-4, atol=1e-5)
    after = [str(entry) for entry in model.tally_.entries]
    assert set(before) < set(after) and any('stage="infer"' in entry for entry in after)


def test_reads_of_cells_are_noisy_and_exact_inference_is_not() -> None:
    X = bars()
    model = learn.BernoulliRBM(hidden=4, epochs=3, array=CELLS, random_state=1).fit(X)
    np.testing.assert_array_equal(model.transform(X), model.transform(X))
    model.set_params(as_read=True)
    assert (model.transform(X) != model.transform(X)).any()


def test_cells_drift_while_time_passes() -> None:
    cells = {"kind": "analog", "mapping": "pair", "device": {"base": "devices/pcm"}}
    model = learn.BernoulliRBM(hidden=8, weight_std=0.3, epochs=0, array=cells, random_state=1).fit(bars())
    before = np.abs(model.components_).mean()
    model.wait(86400)
    assert np.abs(model.components_).mean() < 0.95 * before
    with pytest.raises(ohmlab.UserError, match="argument seconds: -1: expected a finite number from 0"):
        model.wait(-1)


def test_a_preset_names_an_array_of_its_cells() -> None:
    named = learn.BernoulliRBM(hidden=4, epochs=2, array="devices/ecram", random_state=1).fit(bars())
    spelt = {"kind": "analog", "device": {"base": "devices/ecram"}}
    np.testing.assert_array_equal(named.components_, named.set_params(array=spelt).fit(bars()).components_)
    assert named.tally_.unpriced  # it cites no voltages


def test_bits_do_not_depend_on_threads() -> None:
    script = (
        "import numpy; from ohmlab.learn import RBMClassifier\n"
        "X = numpy.random.default_rng(1).random((200, 300))\n"
        "model = RBMClassifier(hidden=128, epochs=2, array='devices/gokmen_vlasov', random_state=1)\n"
        "model.fit(X, numpy.arange(200) % 5)\n"
        "bits = model.components_.tobytes() + model.predict_proba(X).tobytes()\n"
        "import hashlib; print(hashlib.sha256(bits).hexdigest())"
    )

    def said(threads: int) -> str:
        import os

        environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
        command = [sys.executable, "-c", script]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert said(1) == said(2) == said(4)


def test_estimators_work_in_pipelines_and_searches() -> None:
    X, test, y, labels = digits()
    model = make_pipeline(
        learn.BernoulliRBM(epochs=10, batch=10, rate=0.1, bias_rate=0.1, threshold=8, random_state=1),
        LogisticRegression(C=10, max_iter=2000),
    )
    found = GridSearchCV(model, {"bernoullirbm__hidden": [2, 64]}, cv=2).fit(X[:600], y[:600])
    assert found.best_params_ == {"bernoullirbm__hidden": 64}
    assert found.score(test, labels) > 0.85


def test_mistakes_name_key_value_and_expectation() -> None:
    X = bars()
    with pytest.raises(ohmlab.UserError, match=r"model\.hidden = 0: expected"):
        learn.BernoulliRBM(hidden=0).fit(X)
    with pytest.raises(ohmlab.UserError, match=r"training\.rate = -1.*: expected"):
        learn.BernoulliRBM(rate=-1).fit(X)
    with pytest.raises(ohmlab.UserError, match='device.pulse.dw_mni: unknown key, did you mean "dw_min"'):
        learn.BernoulliRBM(array={"kind": "analog", "device": {"pulse": {"kind": "ideal", "dw_mni": 1}}}).fit(X)
    with pytest.raises(ohmlab.UserError, match='neuron "adc" does not go with a Hopfield network'):
        learn.HopfieldClassifier(neuron="adc").fit(X, np.arange(14) % 2)
    with pytest.raises(ohmlab.UserError, match="expected 0 and 1 only"):
        learn.BernoulliRBM(threshold=None).fit(X / 2)
    with pytest.raises(ohmlab.UserError, match="expected a lower rate"):
        learn.PredictiveCodingClassifier(hidden=(), rate=1, random_state=1).fit(*load_digits(return_X_y=True))
    with pytest.raises(ohmlab.UserError, match="exact partition function needs"):
        learn.BernoulliRBM(hidden=32, epochs=0).fit(np.eye(30)).log_likelihood(np.eye(30))
    with pytest.raises(ohmlab.UserError, match="training.until: expected no such key"):
        ohmlab._core.Learner({"training": {"until": {"metric": "x", "value": 1}}}, units=2)
    with pytest.raises(NotFittedError):
        learn.BernoulliRBM().components_  # noqa: B018
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        learn.RBMClassifier().partial_fit(X, np.arange(14) % 2)
    model = learn.RBMClassifier(epochs=1).partial_fit(X, np.arange(14) % 2, classes=[0, 1, 2])
    with pytest.raises(ValueError, match="labels .7. that are not among the classes"):
        model.partial_fit(X, np.full(14, 7))
    with pytest.raises(ValueError, match="found one class"):
        learn.RBMClassifier().fit(X, np.zeros(14))


def test_an_interrupted_fit_stops_and_the_next_one_is_whole() -> None:
    """The signal comes from a thread that sees the new machine at work, never at a moment of the clock."""
    script = """
import os, signal, threading, time
import numpy
from ohmlab.learn import BernoulliRBM

X = numpy.eye(40)
model = BernoulliRBM(hidden=4, epochs=2, random_state=1).partial_fit(X)
model.partial_fit(X)
made, learners = model._made, []

def noted(*arguments):
    learners.append(made(*arguments))
    return learners[-1]

def stop():
    while not learners or not learners[0].tally.entries:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)

model._made = noted
threading.Thread(target=stop, daemon=True).start()
try:
    model.set_params(epochs=10**6).fit(X)
except KeyboardInterrupt:
    print("stopped", model.n_iter_)
"""
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, timeout=HANG)
    assert done.stdout == "stopped 2\n"


def test_threads_may_look_at_the_tally_while_a_model_learns() -> None:
    model = learn.BernoulliRBM(hidden=16, epochs=1, random_state=1).partial_fit(bars())
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            assert model.tally_.entries and model.components_.shape == (16, 9)

    thread = threading.Thread(target=look)
    thread.start()
    for _ in range(50):
        model.partial_fit(bars())
    stop.set()
    thread.join(HANG)
    assert not thread.is_alive()


def test_a_device_may_be_part_of_an_array() -> None:
    device = ohmlab.Device("devices/ecram", set={"pulse.dw_min": 0.01})
    model = learn.BernoulliRBM(hidden=3, epochs=2, array={"kind": "analog", "device": device}, random_state=1)
    copy = clone(model).fit(bars())
    again = pickle.loads(pickle.dumps(model)).fit(bars())
    np.testing.assert_array_equal(copy.components_, again.components_)
    assert pickle.loads(pickle.dumps(device)).parameters == device.parameters


def test_a_fit_warns_of_what_a_result_warns_of() -> None:
    narrow = {"kind": "analog", "weight_scale": 4, "adc": {"kind": "uniform", "bits": 4, "bound": 0.01}}
    with pytest.warns(RuntimeWarning, match="conversions are beyond the converter's range"):
        learn.BernoulliRBM(hidden=3, epochs=2, array=narrow, random_state=1).fit(bars())
    with pytest.warns(RuntimeWarning, match="array.device.t_read = 250: a number without unit is in s"):
        cells = {"kind": "analog", "device": {"t_read": 250}}
        learn.BernoulliRBM(hidden=3, epochs=0, array=cells, random_state=1).fit(bars())


def test_a_listener_may_look_but_not_teach() -> None:
    learner = ohmlab._core.Learner({"model": {"kind": "rbm", "hidden": 3}}, units=9)
    seen: list[int] = []
    learner.learn(bars(), passes=3, progress=lambda *_: seen.append(learner.passes))
    assert seen == [0, 1, 2, 3]
    with pytest.raises(ohmlab.UserError, match="a listener cannot make the learner learn"):
        learner.learn(bars(), progress=lambda *_: learner.learn(bars()))
    learner.learn(bars())
    with pytest.raises(ohmlab.UserError, match="expected no open stage"), learner.tally.stage("mine"):
        learner.learn(bars())


def test_labels_of_a_learner_are_checked() -> None:
    learner = ohmlab._core.Learner({"model": {"kind": "class_rbm"}}, units=9, classes=2)
    for y, told in [(None, "expected a label"), ([0], "as many as X has"), (np.full(14, 2), "from 0 to 1")]:
        with pytest.raises(ohmlab.UserError, match=f"argument y: .*{told}"):
            learner.learn(bars(), y)
    with pytest.raises(ohmlab.UserError, match="expected a model with hidden units given the visible ones"):
        learner.hidden(bars())
    with pytest.raises(ohmlab.UserError, match="argument classes: 300: expected 0 to 256"):
        ohmlab._core.Learner({"model": {"kind": "class_rbm"}}, units=9, classes=300)


def test_jobs_of_a_search_are_processes_of_their_own() -> None:
    model = learn.RBMClassifier(hidden=8, epochs=2, random_state=1)
    model.fit(bars(), np.arange(14) % 2)  # threads may be awake: a fork would have none
    search = GridSearchCV(model, {"rate": [0.05, 0.1]}, cv=2, n_jobs=2, error_score="raise")
    assert search.fit(np.tile(bars(), (2, 1)), np.arange(28) % 2).best_params_


def test_a_missing_scikit_learn_is_named(tmp_path: Path) -> None:
    (tmp_path / "sklearn.py").write_text("raise ImportError('none')")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import ohmlab.learn"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "ohmlab.learn needs scikit-learn 1.6 or later: pip install 'ohmlab[learn]'" in done.stderr
