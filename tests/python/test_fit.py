"""Presets from measured pulses, through Python."""

import sys
from pathlib import Path

import numpy as np
import pytest

import ohmlab

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))
from pulse_data import Noise, cells, ramps, save  # noqa: E402


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pulses")
    up, down = ramps("soft_bounds", cells(10), 80, Noise(0.3, 0.01), seed=1)
    up[5, 2] = np.nan
    save(folder / "up.csv", up)
    save(folder / "down.csv", down)
    return [folder / "up.csv", folder / "down.csv"]


def test_a_fit_is_a_typed_object_whose_preset_is_a_device(files: list[Path], tmp_path: Path) -> None:
    heard: list[tuple[str, int, int, str]] = []
    found = ohmlab.fit(
        files,
        up="up",
        down="down",
        values="normalised",
        models=["soft_bounds", "constant_step"],
        progress=lambda *said: heard.append(said),
    )
    assert found.best.kind == "soft_bounds"
    assert found.model("constant_step").above_best > 50
    step = found.best["dw_min"]
    assert step.low < 0.02 < step.high
    assert abs(step.value - 0.02) < 4 * step.error
    assert heard[-1][1] == heard[-1][2] == 3
    device = ohmlab.Device(found.preset)
    assert device.granularity == step.value
    found.save(tmp_path / "made.toml")
    assert ohmlab.Device(str(tmp_path / "made.toml")).granularity == step.value
    with pytest.raises(ohmlab.UserError, match="exists already"):
        found.save(tmp_path / "made.toml")
    found.save(tmp_path / "made.toml", force=True)
    with pytest.raises(KeyError, match="has no fitted"):
        found.best["gamma"]


def test_a_picture_of_data_over_model(files: list[Path], tmp_path: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    found = ohmlab.fit(files, up=["up"], down=["down"], values="normalised", models="soft_bounds")
    figure = found.plot()
    lines = {len(line.get_xdata()) for line in figure.axes[0].lines}
    assert 81 in lines
    figure.savefig(tmp_path / "fit.png")
    assert (tmp_path / "fit.png").stat().st_size > 10_000


def test_bad_options_are_named(files: list[Path]) -> None:
    with pytest.raises(ohmlab.UserError, match="upp: unknown key, did you mean"):
        ohmlab.fit(files, upp="up")
    with pytest.raises(ohmlab.UserError, match="expected its direction"):
        ohmlab.fit(files, values="normalised")


def test_an_exception_of_the_listener_stops_the_fit(files: list[Path]) -> None:
    def stop(*said: object) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        ohmlab.fit(files, up="up", down="down", values="normalised", progress=stop)
