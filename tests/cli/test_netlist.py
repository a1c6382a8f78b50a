"""Netlists of arrays: of results and of configs, as their user meets them."""

import re
import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest
from conftest import QUICK, Ohmlab

ANALOG = QUICK + """
array = {kind = "analog", device = {base = "devices/neurosim_ideal"}, dac = "none", adc = "none", output_noise = 0}
"""


@pytest.fixture
def result(ohmlab: Ohmlab) -> Path:
    (ohmlab.folder / "quick.toml").write_text(ANALOG)
    ohmlab("run", "quick.toml", "--out", "quick.h5")
    return ohmlab.folder / "quick.h5"


def test_a_netlist_of_a_result_gives_its_weights(ohmlab: Ohmlab, result: Path) -> None:
    with h5py.File(result) as stored:
        weights = stored["model/weights"][()]
        assert stored["model/weights_cells_0"].attrs["units"] == "S"
    x = np.linspace(-1, 1, weights.shape[0]).astype(np.float32)
    (ohmlab.folder / "x.txt").write_text("\n".join(str(v) for v in x))
    said = ohmlab("netlist", "quick.h5", "--array", "weights", "--input", "x.txt", "--out", "a.cir").out
    assert "ngspice -b a.cir" in said
    text = (ohmlab.folder / "a.cir").read_text()
    assert text.startswith("* array of 9 rows x 4 columns") and "run " in text.splitlines()[1]
    if shutil.which("ngspice") is None:
        pytest.skip("ngspice is not installed")
    done = subprocess.run(["ngspice", "-n", "-b", "a.cir"], cwd=ohmlab.folder, capture_output=True, text=True, check=True)
    printed = re.findall(r"^([a-z]\w*(?:#branch)?) = ([-+.e\d]+)$", done.stdout, re.MULTILINE)
    point = {name: float(value) for name, value in printed}
    (scale,) = [float(line.split()[5]) for line in text.splitlines() if line.startswith("* read of line K:")]
    sign = {p: float(line.split()[-1]) for p in (0, 1) for line in text.splitlines() if line.startswith(f"* plane {p}:")}
    read = [scale * sum(sign[p] * point[f"vout{p}_0_{k}#branch"] for p in sign) for k in range(4)]
    np.testing.assert_allclose(read, x @ weights, rtol=1e-5, atol=1e-6)


def test_a_netlist_of_a_config_is_of_its_fresh_array(ohmlab: Ohmlab, result: Path) -> None:
    ohmlab("netlist", "quick.toml", "--out", "fresh.cir")
    ohmlab("netlist", "quick.toml", "--set", "training.epochs=9", "--out", "again.cir")
    ohmlab("netlist", "quick.h5", "--out", "trained.cir")
    ohmlab("netlist", "quick.h5", "--transposed", "--out", "back.cir")
    fresh, again, trained, back = (
        [line for line in (ohmlab.folder / f"{name}.cir").read_text().splitlines() if not line.startswith("*")]
        for name in ("fresh", "again", "trained", "back")
    )
    assert fresh == again != trained
    assert sum(line.startswith("Vin_") for line in fresh) == 9 and sum(line.startswith("Vin_") for line in back) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["quick.h5", "--array", "weihgts"], 'no array "weihgts", did you mean'),
        (["quick.h5", "--input", "1,2"], "--input = 2: expected numbers from -1 to 1"),
        (["quick.h5", "--input", "1,0.5"], "--input = 2 numbers: expected 1 for all lines, or 9"),
        (["quick.h5", "--set", "seed=2"], "a result is as it is"),
        (["quick.toml", "--set", "array=ideal"], "no conductances are known"),
        (["quick.toml", "--set", "array.dac=pulse_width"], "an operating point has one voltage on each line"),
    ],
)
def test_what_has_no_netlist_is_refused(
    ohmlab: Ohmlab, result: Path, arguments: list[str], message: str
) -> None:
    refused = ohmlab.any("netlist", *arguments, "--out", "x.cir")
    assert refused.code == 2 and message in refused.err
    assert not (ohmlab.folder / "x.cir").exists()


def test_a_missing_ngspice_is_no_failed_comparison(ohmlab: Ohmlab) -> None:
    done = subprocess.run(
        [ohmlab.program, "validate", "arrays"],
        env=ohmlab.environment | {"PATH": "/nowhere"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and "apt-get install ngspice" in done.stderr
