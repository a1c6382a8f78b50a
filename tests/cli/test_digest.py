"""Every file that ohmlab writes carries a digest, which other programs do not see and ohmlab compares."""

import hashlib
import shutil
import signal
import subprocess
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray
from conftest import Ohmlab
from sealed import SEAL_BYTES, seal_of

CHANGED = "expected the bytes that ohmlab wrote, found others"


def test_a_file_begins_with_the_digest_that_the_shell_computes(result: Path) -> None:
    content = result.read_bytes()
    assert content[:SEAL_BYTES] == seal_of(content[SEAL_BYTES:])
    tail = subprocess.run(["tail", "-c", "+513", result], check=True, capture_output=True).stdout
    assert f"sha256 {hashlib.sha256(tail).hexdigest()}\n".encode() in content[:SEAL_BYTES]


def test_h5py_and_xarray_read_past_the_digest(result: Path) -> None:
    with h5py.File(result) as file:
        assert file.userblock_size == SEAL_BYTES
        assert file.attrs["format"] == "ohmlab result"
    with xarray.open_dataset(result, engine="h5netcdf", group="metrics") as metrics:
        assert metrics.sizes == {"epoch": 5}


@pytest.mark.skipif(shutil.which("h5dump") is None, reason="h5dump is not installed")
def test_h5dump_reads_past_the_digest(result: Path) -> None:
    said = subprocess.run(["h5dump", "-d", "/metrics/epoch", result], check=True, capture_output=True).stdout
    assert b"0, 1, 2, 3, 4" in said


def test_reading_with_other_programs_changes_nothing(ohmlab: Ohmlab, result: Path) -> None:
    before = result.read_bytes()
    for mode in ("r", "a"):
        with h5py.File(result, mode) as file:
            assert file["quality"]
    assert result.read_bytes() == before
    ohmlab("price", "quick.h5", "--draws", "0")


def test_a_result_that_another_program_changed_is_priced_on_request_alone(
    ohmlab: Ohmlab, quick: str, result: Path
) -> None:
    bill = ohmlab("price", "quick.h5", "--json", "--draws", "0").out
    with h5py.File(result, "r+") as file:
        file["quality/log_z"][()] = 3.0
    changed = result.read_bytes()
    refused = ohmlab.any("price", "quick.h5")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"ohmlab: quick.h5: {CHANGED}")
    assert refused.err.endswith(" (--changed reads it all the same)\n")
    assert len(refused.err.splitlines()) == 1
    asked = ohmlab("price", "quick.h5", "--changed", "--json", "--draws", "0")
    assert asked.out == bill
    assert asked.err.startswith(f"ohmlab: quick.h5: {CHANGED}")
    to = ("--to", "test_log_likelihood=-6.5")
    assert ohmlab.any("price", "quick.h5", *to).code == 2
    assert "test_log_likelihood" in ohmlab("price", "quick.h5", "--changed", *to).out
    run = ohmlab.any("run", quick, "--out", "quick.h5")
    assert run.code == 2
    assert CHANGED in run.err
    assert "(--force replaces it)" in run.err
    assert result.read_bytes() == changed


def test_a_result_without_digest_is_read_on_request_alone(ohmlab: Ohmlab, result: Path) -> None:
    result.write_bytes(result.read_bytes()[SEAL_BYTES:])
    refused = ohmlab.any("price", "quick.h5")
    assert refused.code == 2
    assert "found one without: another program or an earlier version wrote it" in refused.err
    assert ohmlab("price", "quick.h5", "--changed").out


def test_damage_never_crashes_the_program(ohmlab: Ohmlab, result: Path) -> None:
    whole = result.read_bytes()
    rng = np.random.default_rng(29)
    for _ in range(12):
        damaged = bytearray(whole)
        for at in rng.integers(SEAL_BYTES, len(whole), 30):
            damaged[at] = rng.integers(256)
        result.write_bytes(damaged)
        refused = ohmlab.any("price", "quick.h5", "--draws", "0")
        assert refused.code == 2
        assert CHANGED in refused.err
        asked = ohmlab.any("price", "quick.h5", "--changed", "--draws", "0")
        assert asked.code in (0, 2), asked.err
        assert "quick.h5: " in asked.err


def test_a_damaged_index_or_result_of_a_sweep_is_named(ohmlab: Ohmlab, quick: str) -> None:
    text = (ohmlab.folder / quick).read_text()
    (ohmlab.folder / "sweep.toml").write_text(text + '[[sweep.axes]]\nkey = "training.rate"\nvalues = [0.1, 0.2]\n')
    ohmlab("sweep", "sweep.toml", "--out", "d")
    index = ohmlab.folder / "d/index.h5"
    content = index.read_bytes()
    assert content[:SEAL_BYTES] == seal_of(content[SEAL_BYTES:])
    with xarray.open_dataset(index, engine="h5netcdf") as cube:
        assert cube.sizes["rate"] == 2
    with h5py.File(index, "r+") as file:
        file.attrs["note"] = "mine"
    refused = ohmlab.any("sweep", "sweep.toml", "--out", "d")
    assert refused.code == 2
    assert f"d/index.h5: {CHANGED}" in refused.err
    index.unlink()
    point = next(path for path in (ohmlab.folder / "d").glob("*.h5"))
    point.write_bytes(point.read_bytes()[:-1] + b"x")
    refused = ohmlab.any("sweep", "sweep.toml", "--out", "d")
    assert refused.code == 2
    assert f"d/{point.name}: {CHANGED}" in refused.err
    assert "(remove it to run the point again)" in refused.err
    point.unlink()
    ohmlab("sweep", "sweep.toml", "--out", "d")
    assert index.exists()


def test_a_damaged_state_is_refused_and_never_resumed(ohmlab: Ohmlab, quick: str) -> None:
    arguments = ["run", quick, "--set", "training.epochs=1000000", "--checkpoint", "0", "--out", "x.h5"]
    running = subprocess.Popen(
        [ohmlab.program, *arguments],
        cwd=ohmlab.folder,
        env=ohmlab.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    state = ohmlab.folder / "x.h5.state"
    while not state.exists():
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGTERM)
    running.wait()
    whole = state.read_bytes()
    assert whole[:SEAL_BYTES] == seal_of(whole[SEAL_BYTES:])
    rng = np.random.default_rng(4)
    for at in (0, 30, 600, *rng.integers(SEAL_BYTES, len(whole), 5)):
        damaged = bytearray(whole)
        damaged[at] ^= 16
        state.write_bytes(damaged)
        refused = ohmlab.any(*arguments)
        assert refused.code == 2
        assert refused.err.splitlines()[-1].startswith("ohmlab: x.h5.state: expected ")
        assert refused.err.endswith("(remove the file to start again)\n")
        assert state.read_bytes() == bytes(damaged)
        assert not (ohmlab.folder / "x.h5").exists()
