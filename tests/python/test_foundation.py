"""The seed paper's framework from Python: the road of a file, its arrays labelled."""

import ohmlab
import pytest
import xarray

TINY = {
    "kind": "foundation_cost",
    "parameters": [1e9, 1e10],
    "draws": 200,
    "accelerator": {"base": "accelerators/h100"},
    "simulated": {
        "kind": "train",
        "data": {"kind": "bars_and_stripes", "size": 3},
        "model": {"kind": "rbm", "hidden": 4},
        "array": {"kind": "analog", "weight_scale": 2, "device": {"base": "devices/gokmen_vlasov"}},
        "rule": {"kind": "pcd", "chains": 8},
        "training": {"epochs": 2, "batch": 4},
    },
}


def test_a_dict_gives_the_law_and_the_grid_of_four_on_labelled_axes() -> None:
    outcome = ohmlab.run(TINY)
    assert outcome.quality["law_flops_1e+09"] == pytest.approx(120 * 1e9**2)
    result = ohmlab.results.load(outcome.file)
    assert result.groups == ["foundation"]
    found = result.group("foundation")
    assert list(found["parameters"].values) == [1e9, 1e10]
    ratio = found["over_transformer"].sel(parameters=1e9, system="ebm_analog")
    assert ratio.item() == outcome.quality["ebm_analog_over_transformer_1e+09"]
    assert found["law_energy"].attrs["units"] == "MWh"
    assert "*** EXTRAPOLATION" in result.report("foundation")


def test_xarray_opens_the_same_group_from_the_file() -> None:
    outcome = ohmlab.run(TINY)
    with xarray.open_dataset(outcome.file, engine="h5netcdf", group="foundation") as opened:
        stored = opened.load()
    found = ohmlab.results.load(outcome.file).group("foundation")
    assert set(found.data_vars) == set(stored.data_vars) - {"report"}
    for name in found.data_vars:
        assert found[name].dims == stored[name].dims, name
        assert found[name].attrs["units"] == stored[name].attrs.get("units", ""), name
    xarray.testing.assert_equal(found["node_energy"], stored["node_energy"])


def test_a_size_that_is_no_size_is_refused_as_in_a_file() -> None:
    with pytest.raises(ohmlab.UserError, match="parameters"):
        ohmlab.run(TINY | {"parameters": [-1.0]})
