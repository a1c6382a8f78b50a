import tomllib
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray
from conftest import Ohmlab

UNITS = {"1", "nat", "J", "s"}


def group(path: Path, name: str, **options: str) -> xarray.Dataset:
    with xarray.open_dataset(path, engine="h5netcdf", group=name, **options) as opened:
        return opened.load()


def test_metrics_open_labelled_by_epoch(result: Path) -> None:
    metrics = group(result, "metrics")
    assert dict(metrics.sizes) == {"epoch": 5}
    assert metrics.epoch.values.tolist() == [0, 1, 2, 3, 4]
    assert metrics.epoch.attrs == {"units": "1", "long_name": "epochs done"}
    assert "test_log_likelihood" in metrics
    for name, values in metrics.data_vars.items():
        assert values.dims == ("epoch",), name
        assert values.dtype == np.float64, name
        assert np.isfinite(values).all(), name
        assert values.attrs["units"] in UNITS, name
        assert values.attrs["long_name"], name
    assert metrics.test_log_likelihood.sel(epoch=4) > -9


def test_the_last_epoch_is_the_quality(result: Path) -> None:
    quality, metrics = group(result, "quality"), group(result, "metrics")
    for name, last in metrics.isel(epoch=-1).data_vars.items():
        assert quality[name] == last, name
    for name, value in quality.data_vars.items():
        assert value.dims == (), name
        assert value.attrs["units"] in UNITS, name
        assert value.attrs["long_name"], name


@pytest.mark.parametrize(
    ("name", "scale", "texts", "numbers"),
    [
        (
            "tally",
            "entry",
            ["system", "stage", "component", "action"],
            {"parameter": "1", "count": "1", "serial": "1", "joules": "J", "duration": "s", "overlapped": "1"},
        ),
        (
            "systems",
            "system",
            ["name", "title", "machine", "algorithm"],
            {"parameters": "1", "examples": "1", "tokens": "1"},
        ),
        ("holdings", "holding", ["system", "component", "part"], {"parameter": "1", "count": "1"}),
    ],
)
def test_tables_open_as_columns_on_one_scale(
    result: Path, name: str, scale: str, texts: list[str], numbers: dict[str, str]
) -> None:
    table = group(result, name)
    assert list(table.sizes) == [scale]
    assert table[scale].values.tolist() == list(range(table.sizes[scale]))
    assert {*texts, *numbers} <= set(table.data_vars)
    for column, values in table.data_vars.items():
        assert values.dims == (scale,), column
        assert values.attrs["long_name"], column
    for column in texts:
        assert all(isinstance(text, str) for text in table[column].values), column
        assert "units" not in table[column].attrs, column
    for column, unit in numbers.items():
        assert table[column].attrs["units"] == unit, column
        assert (table[column] >= 0).all(), column


def test_tables_name_the_same_systems(result: Path) -> None:
    names = set(group(result, "systems")["name"].values)
    assert names == {"rbm_digital", "rbm_digital_chip_int8_shift", "transformer_digital"}
    assert set(group(result, "tally").system.values) == names
    assert set(group(result, "holdings").system.values) == names


def test_the_model_opens_in_its_shapes(result: Path) -> None:
    model = group(result, "model")
    assert {name: values.shape for name, values in model.data_vars.items()} == {
        "weights": (9, 4),
        "visible_bias": (9,),
        "hidden_bias": (4,),
    }
    for name, values in model.data_vars.items():
        assert values.dtype == np.float64, name
        assert values.attrs["units"] == "nat", name
        assert values.attrs["long_name"], name
    assert np.abs(model.weights).max() == group(result, "quality").weight_max


def test_the_stored_config_is_what_show_prints(ohmlab: Ohmlab, quick: str, result: Path) -> None:
    with h5py.File(result) as file:
        config = file["config"].asstr()[()]
    assert config == ohmlab("run", quick, "--show").out
    tree = tomllib.loads(config)
    assert tree["seed"] == 3
    assert tree["data"] == {"kind": "bars_and_stripes", "size": 3}
    assert tree["training"]["epochs"] == 4
    lines = config.splitlines()
    assert lines == sorted(lines)
