"""Fits of pulses made with NumPy: known parameters come back, the true model is chosen, bad ramps do no harm."""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Ohmlab
from pulse_data import Array, Noise, cells, ramps, save

MARKS = ("--up", "up", "--down", "down", "--values", "normalised")


def fit(ohmlab: Ohmlab, up: Array, down: Array, *arguments: str) -> dict[str, Any]:
    save(ohmlab.folder / "up.csv", up)
    save(ohmlab.folder / "down.csv", down)
    return json.loads(ohmlab("fit", "up.csv", "down.csv", *MARKS, "--json", *arguments).out)


def parameters(model: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {parameter["name"]: parameter for parameter in model["parameters"]}


def model_of(report: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [model for model in report["models"] if model["kind"] == kind]
    return found


def beyond(found: dict[str, Any], truth: dict[str, float]) -> dict[str, float]:
    """How many of its standard errors each estimate is off."""
    return {name: abs(found[name]["value"] - value) / found[name]["error"] for name, value in truth.items()}


def test_intervals_hold_the_truth_as_often_as_they_say(ohmlab: Ohmlab) -> None:
    truth = {"dw_min": 0.02, "up_down": 0.2, "w_max": 1.1, "w_min": -1.05}
    seeds, hits = 12, 0
    noises, reads = [], []
    for seed in range(seeds):
        up, down = ramps("soft_bounds", cells(16, up_down=0.2), 120, Noise(0.3, 0.01), seed)
        model = fit(ohmlab, up, down, "--model", "soft_bounds")["models"][0]
        found = parameters(model)
        hits += sum(found[name]["low"] <= value <= found[name]["high"] for name, value in truth.items())
        noises.append(model["noise"])
        reads.append(model["read_noise"])
        assert model["noise_law"] == "additive"
    # 48 intervals of 95 %: fewer than 40 hold the truth once in 1e4 if they are right.
    assert hits >= 40
    # Noise of steps and of reads apart: both from the same reads.
    assert np.mean(noises) == pytest.approx(0.3, rel=0.05)
    assert np.mean(reads) == pytest.approx(0.01, rel=0.05)


LAWS: dict[str, tuple[dict[str, float], dict[str, float], bool]] = {
    "soft_bounds": ({}, {"dw_min": 0.02, "up_down": 0.2, "w_max": 1.1, "w_min": -1.05}, False),
    "linear_step": ({"gamma_up": 0.8, "gamma_down": 0.6}, {"dw_min": 0.02, "up_down": 0.2}, False),
    "constant_step": ({}, {"dw_min": 0.02, "up_down": 0.2, "w_max": 1.1}, False),
    "pow_step": ({"gamma": 2.2}, {"dw_min": 0.06, "up_down": 0.2, "gamma": 2.2, "w_max": 1.1}, True),
    "exp_step": (
        {"amplitude_up": 0.1, "amplitude_down": 0.2, "gamma_up": 2.0, "gamma_down": 1.5},
        {},
        True,
    ),
    "saturating_step": ({"beta": 3.0}, {}, False),
}
# Kinds whose mean steps can be those of another one: the data cannot tell them apart.
SAME = {
    "soft_bounds": {"soft_bounds", "soft_bounds_reference", "linear_step", "exponential_response", "neurosim_pg"},
    "linear_step": {"linear_step", "soft_bounds", "soft_bounds_reference", "neurosim_pg", "exponential_response"},
    "constant_step": {"constant_step", "linear_step", "pow_step", "pow_step_reference", "saturating_step"},
    "pow_step": {"pow_step", "pow_step_reference", "exponential_response"},
    "exp_step": {"exp_step", "pow_step", "pow_step_reference"},
    "saturating_step": {"saturating_step", "exp_step"},
}
STEPS = {"pow_step": 0.06, "exp_step": 0.03}


@pytest.mark.parametrize("law", LAWS)
def test_the_true_model_is_found_with_its_parameters(law: str, ohmlab: Ohmlab) -> None:
    shape, truth, multiplicative = LAWS[law]
    noise = Noise(0.3, 0.01, multiplicative)
    column = cells(16, step=STEPS.get(law, 0.02), up_down=0.2, **shape)
    report = fit(ohmlab, *ramps(law, column, 120, noise, seed=1))
    assert len(report["models"]) == 12
    assert report["best"] in SAME[law]
    true = model_of(report, law)
    assert true["above_best"] < 10 or law == "exp_step"
    for name, off in beyond(parameters(true), truth).items():
        assert off < 4, name
    assert report["excluded"] == []
    # Nothing predicts a read better than the noises allow, and the true model comes as near as that.
    assert true["error_held_back"] == pytest.approx(report["noise_floor"], rel=0.1)


def test_other_laws_are_far_behind_where_the_data_tell(ohmlab: Ohmlab) -> None:
    report = fit(ohmlab, *ramps("soft_bounds", cells(16), 120, Noise(0.3, 0.01), seed=3))
    assert model_of(report, "constant_step")["above_best"] > 100
    worse = model_of(report, "constant_step")["ramp_error"]
    assert worse > 2 * model_of(report, "soft_bounds")["ramp_error"]


def test_spread_over_devices_is_told_from_noise_and_from_errors(ohmlab: Ohmlab) -> None:
    draw = np.random.default_rng(5)
    count = 40
    column = cells(count, step=0.02, top=1.1, bottom=-1.05)
    gain = 1 + 0.2 * draw.standard_normal(count)
    column.up *= gain
    column.down *= gain
    column.top *= 1 + 0.1 * draw.standard_normal(count)
    column.bottom *= 1 + 0.1 * draw.standard_normal(count)
    up, down = ramps("soft_bounds", column, 250, Noise(0.3, 0.005), seed=6)
    report = fit(ohmlab, up, down, "--model", "soft_bounds", "--columns", "devices", "--hold-back", "0")
    found = parameters(report["models"][0])
    assert report["devices"] == count
    for name, truth, spread in [
        ("dw_min", 0.02, 0.2 * 0.02), ("w_max", 1.1, 0.11), ("w_min", -1.05, 0.105), ("up_down", 0, 0)
    ]:
        parameter = found[name]
        assert abs(parameter["value"] - truth) < 4 * parameter["error"], name
        assert abs(parameter["spread"] - spread) < 4 * parameter["spread_error"] + 0.02 * abs(truth), name
    assert report["models"][0]["noise"] == pytest.approx(0.3, rel=0.15)


def test_outliers_and_saturated_reads_move_nothing(ohmlab: Ohmlab) -> None:
    up, down = ramps("soft_bounds", cells(16), 120, Noise(0.3, 0.01), seed=8)
    sound = parameters(fit(ohmlab, up, down, "--model", "soft_bounds")["models"][0])
    draw = np.random.default_rng(9)
    bad_up, bad_down = up.copy(), down.copy()
    for table in (bad_up, bad_down):  # single reads anywhere
        table[draw.random(table.shape) < 0.01] += 0.5
    bad_up[:, 3] = bad_up[0, 3] + 3 * (bad_up[:, 3] - bad_up[0, 3])  # a ramp with steps three times as large
    bad_up[bad_up > 0.75] = 0.75  # the instrument ends here
    report = fit(ohmlab, bad_up, bad_down, "--model", "soft_bounds")
    assert [name for name in report["excluded"] if "up.csv, column 4" in name]
    assert any("saturated" in note for note in report["notes"])
    found = parameters(report["models"][0])
    for name in sound:
        assert abs(found[name]["value"] - sound[name]["value"]) < 3 * sound[name]["error"], name


def test_the_bootstrap_agrees_with_the_covariance(ohmlab: Ohmlab) -> None:
    up, down = ramps("soft_bounds", cells(20), 80, Noise(0.3, 0.01), seed=11)
    report = fit(ohmlab, up, down, "--model", "soft_bounds", "--bootstrap", "60")
    for parameter in report["models"][0]["parameters"]:
        low, high = parameter["bootstrap"]
        assert (high - low) / (parameter["high"] - parameter["low"]) == pytest.approx(1, abs=0.45)
        assert low < parameter["value"] < high


def test_the_same_bits_on_one_thread_and_two(ohmlab: Ohmlab) -> None:
    up, down = ramps("pow_step", cells(12, step=0.06, gamma=2), 60, Noise(0.3, 0.01, True), seed=12)
    save(ohmlab.folder / "up.csv", up)
    save(ohmlab.folder / "down.csv", down)
    said = []
    for threads in ("1", "2"):
        environment = {"OMP_NUM_THREADS": threads}
        done = subprocess.run(
            [ohmlab.program, "fit", "up.csv", "down.csv", *MARKS, "--json"],
            cwd=ohmlab.folder, env=ohmlab.environment | environment, capture_output=True, check=True,
        )
        said.append(done.stdout)
    assert said[0] == said[1]


@pytest.mark.parametrize("kind", ["soft_bounds", "measured_table", "neurosim_pg"])
def test_a_preset_runs_at_once(kind: str, ohmlab: Ohmlab) -> None:
    up, down = ramps("soft_bounds", cells(10), 100, Noise(0.3, 0.01), seed=13)
    g_min, g_max = 2e-6, 3e-5
    to_current = lambda w: 0.2 * (g_min + (w + 1) / 2 * (g_max - g_min))  # noqa: E731
    save(ohmlab.folder / "up.csv", to_current(up), [f"c{i}" for i in range(10)], ";")
    save(ohmlab.folder / "down.csv", to_current(down), separator="\t")
    ohmlab("fit", "up.csv", "down.csv", "--up", "up.csv", "--down", "down", "--read-voltage", "200 mV",
           "--low", str(g_min), "--high", str(g_max), "--model", kind, "--out", "devices/made.toml")  # fmt: skip
    text = (ohmlab.folder / "devices/made.toml").read_text()
    preset = tomllib.loads(text)
    assert preset["g_min"] == g_min and preset["g_max"] == g_max and preset["v_read"] == 0.2
    assert "ohmlab fit up.csv down.csv" in text
    assert "Not cited: t_read, v_write, t_pulse" in text
    assert all(len(line) < 400 for line in text.splitlines())
    (ohmlab.folder / "run.toml").write_text(
        'kind = "characterize"\ndevice = {base = "devices/made"}\ncells = 20\ncycles = 1\n'
        "pulses_up = 200\npulses_down = 200\npairs = 0\n"
    )
    said = json.loads(ohmlab("run", "run.toml", "--json").out)
    # The measured law came through: the mean step at w = 0 is that of the data.
    assert said["quality"]["step_up"] == pytest.approx(0.02, rel=0.1)

    again = ohmlab.any("fit", "up.csv", "down.csv", "--up", "up", "--down", "down", "--read-voltage", "0.2",
                       "--out", "devices/made.toml")  # fmt: skip
    assert again.code == 2
    assert again.err == "ohmlab: devices/made.toml: exists already: --force overwrites it\n"
    assert (ohmlab.folder / "devices/made.toml").read_text() == text


def test_one_long_ramp_is_cut_into_pieces(ohmlab: Ohmlab) -> None:
    up, down = ramps("soft_bounds", cells(1, step=0.004), 800, Noise(1.0, 0.05), seed=14)
    save(ohmlab.folder / "both.csv", np.hstack([up, down]))
    said = ohmlab("fit", "both.csv", "--up", "1", "--down", "2", "--values", "normalised", "--json",
                  "--model", "soft_bounds")  # fmt: skip
    report = json.loads(said.out)
    assert report["held_back"] == 8
    for name, off in beyond(parameters(report["models"][0]), {"dw_min": 0.004, "w_max": 1.1}).items():
        assert off < 4, name


def test_signs_in_a_column_and_hdf5_say_the_same(ohmlab: Ohmlab, tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    up, down = ramps("soft_bounds", cells(6), 60, Noise(0.3, 0.01), seed=15)
    marked = fit(ohmlab, up, down, "--model", "soft_bounds")
    with h5py.File(tmp_path / "both.h5", "w") as file:
        file["rise"] = up
        file["fall"] = down
    up_columns = ["both.h5:" + f"rise/{i + 1}" for i in range(6)]
    arguments = [word for name in up_columns for word in ("--up", name)]
    arguments += [word for i in range(6) for word in ("--down", f"fall/{i + 1}")]
    stored = json.loads(ohmlab("fit", "both.h5", *arguments, "--values", "normalised", "--json",
                               "--model", "soft_bounds").out)  # fmt: skip
    assert parameters(stored["models"][0])["dw_min"]["value"] == pytest.approx(
        parameters(marked["models"][0])["dw_min"]["value"], rel=1e-3
    )
    sign = np.r_[np.ones(61), -np.ones(60)][:, None]
    joined = np.vstack([up, down[1:]])
    save(tmp_path / "signed.csv", np.hstack([sign, joined]), ["sign", *"abcdef"])
    signed = json.loads(ohmlab("fit", "signed.csv", "--signs", "sign", "--values", "normalised", "--json",
                               "--model", "soft_bounds", "--hold-back", "0", "--columns", "devices").out)  # fmt: skip
    found = parameters(signed["models"][0])
    for name, off in beyond(found, {"dw_min": 0.02, "w_max": 1.1}).items():
        assert off < 4.5, name


def test_models_that_cannot_be_fitted_say_why(ohmlab: Ohmlab) -> None:
    save(ohmlab.folder / "a.csv", np.zeros((5, 2)))
    for kind, reason in [("vteam", "voltages, times and thresholds"), ("ideal", "nothing to fit")]:
        outcome = ohmlab.any("fit", "a.csv", "--model", kind)
        assert outcome.code == 2
        assert f'models = "{kind}": this model cannot be fitted: ' in outcome.err
        assert reason in outcome.err
    assert 'did you mean "soft_bounds"' in ohmlab.any("fit", "a.csv", "--model", "soft_bound").err
