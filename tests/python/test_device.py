from pathlib import Path
from typing import Any

import numpy as np
import ohmlab
import pytest

CONSTANT = {
    "kind": "constant_step",
    "dw_min": 0.25,
    "dw_min_dtod": 0,
    "dw_min_std": 0,
    "up_down_dtod": 0,
    "w_max_dtod": 0,
    "w_min_dtod": 0,
}
CITED: dict[str, Any] = {"g_min": "1 uS", "g_max": "21 uS"}


def test_a_pulse_curve_climbs_and_falls_by_the_step_within_the_bounds() -> None:
    curve = ohmlab.Device(pulse=CONSTANT).pulse_curve(5, 2, cycles=2, devices=3)
    assert curve.dtype == np.float32
    once = [0.25, 0.5, 0.75, 1, 1, 0.75, 0.5]
    again = [0.75, 1, 1, 1, 1, 0.75, 0.5]
    np.testing.assert_array_equal(curve, [once + again] * 3)


def test_a_preset_is_the_device_of_its_file_and_keywords_lie_over_it() -> None:
    preset = ohmlab.Device("devices/reram_sb")
    assert preset.parameters["pulse"]["dw_min"] == 0.002
    assert preset.parameters["pulse"]["w_max"] == 1.25
    changed = ohmlab.Device("devices/reram_sb", pulse={"dw_min": 0.01}, set={"pulse.w_max": 2})
    assert changed.parameters["pulse"] == preset.parameters["pulse"] | {"dw_min": 0.01, "w_max": 2}
    assert "Gong" in changed.source
    assert ohmlab.Device(preset.parameters).parameters == preset.parameters


def test_a_device_of_ones_own_file_is_found_by_its_path() -> None:
    Path("mine.toml").write_text('[pulse]\nkind = "ideal"\ndw_min = 0.5\n')
    for given in ("mine", "mine.toml", Path("mine.toml")):
        assert ohmlab.Device(given).pulse_curve(1, 0).tolist() == [[0.5]]


def test_every_shipped_device_can_be_pulsed() -> None:
    names = sorted((Path(__file__).parents[2] / "configs/devices").glob("*.toml"))
    assert names
    for name in names:
        curve = ohmlab.Device(f"devices/{name.stem}").pulse_curve(20, 20, devices=4, seed=2)
        assert curve.shape == (4, 40)
        assert np.isfinite(curve).all()


def test_drift_follows_its_law_in_conductance() -> None:
    device = ohmlab.Device(
        CITED, drift={"kind": "power_law", "nu": 0.1, "nu_dtod": 0, "t0": 1}, pulse=CONSTANT
    )
    ages = [0, 10, 1000]
    g = device.conductance(device.retention(0.5, ages, devices=2))
    np.testing.assert_allclose(g, [16e-6 * np.maximum(ages, 1.0) ** -0.1] * 2, rtol=1e-4)


def test_figures_of_conductance_have_the_shape_of_what_they_are_asked_for() -> None:
    device = ohmlab.Device(
        CITED,
        programming={"kind": "gaussian"},
        read_noise={"kind": "white", "std": 0.05, "relative": 0},
    )
    np.testing.assert_allclose(device.conductance([[-1, 0], [0.5, 1]]), np.array([[1, 11], [16, 21]]) * 1e-6)
    np.testing.assert_allclose(device.read_noise([2e-6, 5e-6]), [1e-6, 1e-6])
    written = device.retention(0.0, [0], devices=20000, seed=3)
    spread = device.conductance(written).std()
    expected = float(device.programming_error(11e-6))
    assert spread == pytest.approx(expected, rel=5 / np.sqrt(2 * 20000))


def test_the_operating_point_and_what_is_missing_of_it_add_up() -> None:
    device = ohmlab.Device(CITED, v_read="200 mV")
    point = device.operating_point
    assert point["v_read"] == 0.2
    assert point["g_max"] == 21e-6
    assert device.uncited == ["t_read", "v_write", "t_pulse"]
    assert sorted(device.uncited) == sorted(name for name, value in point.items() if value is None)


NOISY = ohmlab.Device(CITED, programming={"kind": "gaussian"}, read_noise={"kind": "white", "std": 0.05})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: ohmlab.Device("devices/reram_bs"),
            'argument config: base = "devices/reram_bs": no such config',
        ),
        (
            lambda: ohmlab.Device(pulse={"dw_mni": 1}),
            'argument config: pulse.dw_mni: unknown key, did you mean "dw_min"?',
        ),
        (lambda: ohmlab.Device(set={"g_max": "3 V"}), "argument set: g_max = "),
        (lambda: ohmlab.Device(pulse="idael"), 'argument config: pulse = "idael": expected one of'),
        (lambda: ohmlab.Device().pulse_curve(1, 1, devices=0), "devices = 0: expected a number from 1"),
        (lambda: ohmlab.Device().retention(0, [3, 2]), "ages = 2: expected seconds that ascend from 0"),
        (
            lambda: ohmlab.Device().retention(0, [[1]]),
            "argument ages: shape (1, 1): expected a number or a list",
        ),
        (lambda: ohmlab.Device().retention(0, ["x"]), "argument ages: dtype <U1: expected real numbers"),
        (lambda: ohmlab.Device().retention(0, [float("nan")]), "argument ages: nan: expected finite numbers"),
        (lambda: ohmlab.Device().retention(0, [-1]), "argument ages: -1: expected finite numbers from 0"),
        (lambda: ohmlab.Device().retention(float("nan"), [1]), "state = nan: expected a finite number"),
        (
            lambda: NOISY.read_noise([1e-6], age=float("nan")),
            "argument age: nan: expected a finite number from 0",
        ),
        (lambda: NOISY.read_noise([1e-6], age=-1), "argument age: -1: expected a finite number from 0"),
        (
            lambda: NOISY.read_noise([1e-6, -2e-6]),
            "argument conductances: -2e-06: expected finite numbers from 0",
        ),
        (
            lambda: NOISY.programming_error([float("nan")]),
            "argument conductances: nan: expected finite numbers",
        ),
        (lambda: NOISY.programming_error(-1e-6), "argument conductances: -1e-06: expected finite numbers from 0"),
        (lambda: NOISY.conductance(float("inf")), "argument states: inf: expected finite numbers"),
        (lambda: ohmlab.Device().conductance(0), "g_max: this device cites no conductances"),
    ],
)
def test_a_mistake_is_named(make: Any, message: str) -> None:
    with pytest.raises(ohmlab.UserError) as caught:
        make()
    assert str(caught.value).startswith(message)


def test_a_device_tells_its_symmetry_point_states_and_mean_step() -> None:
    device = ohmlab.Device("devices/reram_es")
    assert device.symmetry_point == pytest.approx(-0.217, abs=5e-4)
    assert device.states == pytest.approx(2 / 0.00135)
    assert device.granularity == pytest.approx((1.48e-3 + 1.99e-3) / 2, rel=3e-3)
    ideal = ohmlab.Device()
    assert ideal.symmetry_point is None
    assert ideal.states is None


def test_pulses_in_turn_lead_a_cell_to_its_symmetry_point() -> None:
    quiet = {
        "pulse.dw_min_std": 0,
        "pulse.dw_min_dtod": 0,
        "pulse.up_down_dtod": 0,
        "pulse.w_max_dtod": 0,
        "pulse.w_min_dtod": 0,
        "pulse.write_noise_std": 0,
        "pulse.dw_min": 0.0045,
    }
    device = ohmlab.Device("devices/reram_es", set=quiet)
    curve = device.pulse_curve(1, 1, cycles=2500)
    assert curve[0, -2:].mean() == pytest.approx(device.symmetry_point, abs=2e-3)
