import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h5py
import numpy as np
import ohmlab
import pytest
import xarray
from conftest import quick


@pytest.fixture
def file() -> Path:
    return Path(ohmlab.run(quick(), out="x.h5").file)


@pytest.mark.parametrize("group", ["quality", "metrics", "model", "history"])
def test_a_group_is_what_xarray_opens_from_the_file(file: Path, group: str) -> None:
    with xarray.open_dataset(file, engine="h5netcdf", group=group) as opened:
        expected = opened.load()
    labelled = getattr(ohmlab.results.load(file), group)
    assert set(labelled.data_vars) == set(expected.data_vars)
    for name, variable in expected.data_vars.items():
        assert labelled[name].dims == variable.dims
        np.testing.assert_array_equal(labelled[name].values, variable.values)
        assert labelled[name].attrs["units"] == variable.attrs["units"]
        assert labelled[name].attrs["long_name"] == variable.attrs["long_name"]


def test_the_tally_has_every_entry_of_every_system(file: Path) -> None:
    result = ohmlab.results.load(file)
    with h5py.File(file) as stored:
        for mine, theirs in (
            ("count", "count"),
            ("serial", "serial"),
            ("seconds", "duration"),
            ("joules", "joules"),
        ):
            np.testing.assert_array_equal(result.tally[mine].values, stored[f"tally/{theirs}"][()])
        assert not result.tally["overlapped"].values.any()  # nothing is pipelined unless told
        np.testing.assert_array_equal(result.tally["overlapped"].values, stored["tally/overlapped"][()])
        for name in ("system", "stage", "component", "action"):
            assert list(result.tally[name].values) == [text.decode() for text in stored[f"tally/{name}"][()]]
        assert list(result.holdings["part"].values) == [text.decode() for text in stored["holdings/part"][()]]


def test_a_result_knows_its_config_its_id_and_its_run(file: Path) -> None:
    result = ohmlab.results.load(str(file))
    with h5py.File(file) as stored:
        assert result.id == stored.attrs["id"]
        assert result.run == {name: stored["run"].attrs[name] for name in stored["run"].attrs}
    assert result.config["training"]["epochs"] == 4
    assert result.config["model"] == {"kind": "rbm", "hidden": 4, "units": {"kind": "binary"}, "weight_std": 0.01}
    assert result.bills()[0].system == "rbm_digital"
    assert repr(result).startswith("Result('x.h5', ")


def test_a_stored_config_runs_again_to_the_same_id(file: Path) -> None:
    result = ohmlab.results.load(file)
    assert ohmlab.run(result.config, out="again.h5").id == result.id


def test_truncated_foreign_and_old_files_are_refused_by_name(file: Path) -> None:
    whole = file.read_bytes()
    Path("cut.h5").write_bytes(whole[: len(whole) // 2])
    Path("text.h5").write_text("hello")
    Path("old.h5").write_bytes(whole)
    with h5py.File("old.h5", "a") as stored:
        stored.attrs.modify("schema", 0)
    for name, changed, message in [
        ("cut.h5", False, "cut.h5: expected"),
        ("cut.h5", True, "cut.h5: expected"),
        ("text.h5", False, "text.h5: expected"),
        ("old.h5", False, "changed=True reads it all the same"),
        ("old.h5", True, "run it again"),
    ]:
        with pytest.raises(ohmlab.UserError, match=message):
            ohmlab.results.load(name, changed=changed)
    with pytest.raises(ohmlab.WorldError, match="none.h5"):
        ohmlab.results.load("none.h5")
    with pytest.raises(TypeError):
        ohmlab.results.load(3)  # type: ignore[arg-type]


def test_a_changed_result_says_so_and_is_read_on_request(file: Path) -> None:
    before = ohmlab.results.load(file)
    assert before.changed == ""
    with h5py.File(file, "r+") as stored:
        stored["quality/log_z"][()] = 7.0
    with pytest.raises(ohmlab.UserError, match="x.h5: expected the bytes that ohmlab wrote, found others"):
        ohmlab.results.load(file)
    found = ohmlab.results.load(file, changed=True)
    assert found.changed.startswith("x.h5: expected the bytes that ohmlab wrote")
    assert found.quality["log_z"] == 7
    assert found.id == before.id
    assert found.config == before.config
    assert found.run == before.run
    np.testing.assert_array_equal(found.model["weights"].values, before.model["weights"].values)
    assert found.bills()[0].bill.core.nominal == before.bills()[0].bill.core.nominal


def test_damage_that_ends_hdf5_leaves_python_alive(file: Path) -> None:
    whole = file.read_bytes()
    rng = np.random.default_rng(5)
    readable = 0
    for _ in range(60):
        damaged = bytearray(whole)
        for at in rng.integers(512, len(whole), 2):
            damaged[at] = rng.integers(256)
        file.write_bytes(damaged)
        with pytest.raises(ohmlab.UserError, match="expected the bytes that ohmlab wrote"):
            ohmlab.results.load(file)
        try:
            readable += bool(ohmlab.results.load(file, changed=True).changed)
        except ohmlab.UserError:
            continue
    assert 0 < readable < 60


def test_threads_that_read_get_the_texts_of_their_own_file() -> None:
    files, expected = [], []
    for hidden in (3, 4, 5):
        config = quick()
        config["model"]["hidden"] = hidden
        files.append(ohmlab.run(config, out=f"{hidden}.h5").file)
        stored = ohmlab.results.load(files[-1])
        expected.append((stored.id, stored.config, stored.tally, stored.holdings, [q.name for q in stored._stored.quality]))

    def wrong(start: int) -> int:
        found = 0
        for k in range(start, start + 60):
            stored = ohmlab.results.load(files[k % 3])
            ident, config, tally, holdings, names = expected[k % 3]
            found += not (
                stored.id == ident
                and stored.config == config
                and stored.tally.identical(tally)
                and stored.holdings.identical(holdings)
                and [q.name for q in stored._stored.quality] == names
            )
        return found

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(wrong, range(8))) == 0


def test_importing_ohmlab_imports_no_xarray() -> None:
    script = "import sys, ohmlab; assert not {'xarray', 'pandas', 'matplotlib'} & set(sys.modules)"
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)
