"""A characterisation from Python: curves recomputed with NumPy, the log as a table, pictures that say what they show."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import ohmlab
import pytest
import xarray

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import ohmlab.plot  # noqa: E402

SMALL: dict[str, Any] = {
    "kind": "characterize",
    "cells": 30,
    "pulses_up": 120,
    "pulses_down": 100,
    "cycles": 3,
    "bins": 8,
    "pairs": 60,
    "reads": 5,
    "logged_cells": list(range(30)),
    "device": {
        "g_min": 1e-6,
        "g_max": 9e-6,
        "pulse": {"kind": "soft_bounds", "dw_min": 0.03, "up_down": 0.2},
        "programming": {"kind": "gaussian", "std": 0.02},
        "drift": "power_law",
        "read_noise": "white",
    },
}
STEADY = {"device.drift": "none"}


def measured(**changes: Any) -> ohmlab.results.Result:
    sets = {key.replace("__", "."): value for key, value in changes.items()}
    return ohmlab.results.load(ohmlab.run(SMALL, set=sets).file)


def words(figure: Any) -> str:
    """Everything that a figure says."""
    texts = figure.findobj(matplotlib.text.Text)
    return "\n".join(text.get_text() for text in texts)


def test_curves_are_those_of_the_single_cells() -> None:
    curves = measured(**STEADY).group("pulse_curve")
    each = curves["w"].values  # cell, cycle, pulse
    of_cells = each.mean(axis=1)
    np.testing.assert_allclose(curves["w_mean"], each.mean(axis=(0, 1)), atol=1e-12)
    np.testing.assert_allclose(curves["w_between_cells"], of_cells.std(axis=0, ddof=1), atol=1e-12)
    within = np.sqrt(each.var(axis=1, ddof=1).mean(axis=0))
    np.testing.assert_allclose(curves["w_between_cycles"], within, atol=1e-12)
    expected = np.percentile(each.reshape(-1, each.shape[-1]), curves["percentile"], axis=0)
    np.testing.assert_allclose(curves["w_percentile"], expected, atol=1e-12)
    np.testing.assert_allclose(curves["g"], 1e-6 + (each + 1) / 2 * 8e-6)
    assert curves["g_mean"].attrs["units"] == "S"


def test_binned_steps_are_what_numpy_makes_of_the_curves() -> None:
    result = measured(**STEADY)
    each, found = result.group("pulse_curve")["w"].values, result.group("steps")
    before, step = each[:, :, :-1], np.diff(each, axis=2)
    edges = np.linspace(before.min(), before.max(), 9)
    np.testing.assert_allclose(found["state"], (edges[1:] + edges[:-1]) / 2, atol=1e-12)
    for way, pulses in [("up", slice(0, 120)), ("down", slice(120, 220))]:
        for b in range(8):
            cells = []
            for cell in range(30):
                x, y = before[cell, :, pulses].ravel(), step[cell, :, pulses].ravel()
                inside = (x >= edges[b]) & ((x < edges[b + 1]) | (b == 7))
                if inside.any():
                    cells.append((x[inside], y[inside]))
            at = found.isel(state=b)
            assert at[f"count_{way}"] == sum(len(x) for x, _ in cells)
            if not cells:
                assert np.isnan(at[f"step_{way}"])
                continue
            n = np.array([len(x) for x, _ in cells])
            means = np.array([y.mean() for _, y in cells])
            residue = freedom = 0.0
            for x, y in cells:
                sloped = len(x) > 2 and np.ptp(x) > 0
                fit = np.polyval(np.polyfit(x - x.mean(), y, 1), x - x.mean()) if sloped else y.mean()
                residue += float(((y - fit) ** 2).sum())
                freedom += len(x) - (2 if sloped else 1)
            noise = residue / freedom
            pooled = (n * means).sum() / n.sum()
            apart = (n * (means - pooled) ** 2).sum()
            between = max(0.0, (apart - (len(n) - 1) * noise) / (n.sum() - (n**2).sum() / n.sum()))
            weights = 1 / (between + noise / n)
            assert at[f"step_{way}"].item() == pytest.approx((weights * means).sum() / weights.sum(), rel=1e-6)
            assert at[f"step_{way}_between_cycles"].item() == pytest.approx(noise**0.5, rel=1e-6)
            assert at[f"step_{way}_between_cells"].item() == pytest.approx(between**0.5, rel=1e-5, abs=1e-9)


def test_xarray_opens_every_group_with_units_and_the_log_is_one_table(own_folder: Path) -> None:
    result = measured()
    assert set(result.groups) == {"pulse_curve", "steps", "symmetry", "programmed", "pulse_log"}
    for group in result.groups:
        with xarray.open_dataset(result.file, engine="h5netcdf", group=group) as opened:
            for name, variable in opened.variables.items():
                if name != "report":
                    assert variable.attrs["long_name"], name
                    assert "units" in variable.attrs, name
    result.group("pulse_log").to_dataframe().to_csv(own_folder / "log.csv")
    table = np.genfromtxt(own_folder / "log.csv", delimiter=",", names=True)
    assert len(table) == 30 * (100 + 3 * 220)
    assert set(table["direction"]) == {-1, 1}
    assert {"pulse", "cell", "w_before", "w_after", "g_before", "g_after"} <= set(table.dtype.names)


def test_a_sweep_over_a_parameter_of_the_device_gives_a_cube_of_its_figures(own_folder: Path) -> None:
    sweep = SMALL | {"logged_cells": [], "sweep": {"axes": [{"key": "device.pulse.dw_min", "values": [0.02, 0.04]}]}}
    ohmlab.sweep(sweep, out=own_folder / "points")
    cube = ohmlab.results.load_sweep(own_folder / "points")
    assert list(cube["dw_min"].values) == [0.02, 0.04]
    states = cube["number_of_states"].values
    assert states[0] == pytest.approx(2 * states[1], rel=0.3)
    assert (cube["symmetry_found"] >= 0).all()


def test_the_picture_names_quantities_and_units_and_nothing_of_the_file() -> None:
    figure = ohmlab.plot.characterization(measured(logged_cells=[0, 3]))
    assert [axis.get_title() for axis in figure.axes] == [
        "Pulse response",
        "Steps",
        "Symmetry point",
        "Programming error",
        "Drift",
        "Read noise",
    ]
    said = words(figure)
    for text in [
        "pulses of a cycle: 120 up, then 100 down",
        "conductance, µS",
        "deviation from the target, nS",
        "time since programming, s",
        "pairs of a pulse up and one down",
        "single cells, mean over cycles",
        "deviation between cells, up",
        "target w = -0.8",
        "30 cells, pulse response: soft bounds",
    ]:
        assert text in said
    assert "_" not in said
    for axis in figure.axes:
        legend = axis.get_legend()
        figure.canvas.draw()
        assert legend.get_window_extent().y1 <= axis.get_window_extent().y0  # below the data
    matplotlib.pyplot.close(figure)


def test_a_device_without_conductances_drift_and_noise_has_pictures_of_its_states_alone() -> None:
    result = ohmlab.results.load(ohmlab.run(SMALL | {"device": {"base": "devices/idealized"}}).file)
    figure = ohmlab.plot.characterization(result)
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["Pulse response", "Steps", "Symmetry point", "Programming error"]
    assert "state w" in words(figure)
    assert "conductance" not in words(figure)
    matplotlib.pyplot.close(figure)


def test_a_shell_draws_a_result_and_refuses_one_of_another_kind(own_folder: Path) -> None:
    def draw(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "ohmlab.plot", *arguments], capture_output=True, text=True)

    result = measured()
    done = draw(result.file, "--out", "cells.png")
    assert done.returncode == 0, done.stderr
    assert (own_folder / "cells.png").read_bytes().startswith(b"\x89PNG")
    other = {"kind": "train", "data": {"kind": "bars_and_stripes", "size": 2}, "training": {"epochs": 1}}
    refused = draw(ohmlab.run(other).file)
    assert refused.returncode == 2
    assert 'expected one of kind "characterize"' in refused.stderr
