"""`pip install .` gives the package and the program, both with their presets, in an environment of their own.

Program and module are built unoptimised and linked to the rooms of the build under test: where files go is tested here,
not how fast they are. With OHMLAB_WHEEL_ROOMS=1 the rooms are built too, as a user's `pip install .` does. The build
stays in the build tree and is continued by the next run. Build requirements come from the environment that runs the
tests: no network.
"""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, folder: Path) -> str:
    own = {"PYTHONPATH", "OHMLAB_CONFIGS", "OHMLAB_DATA"}
    environment = {key: value for key, value in os.environ.items() if key not in own}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=14000)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = Path(os.environ["OHMLAB_WHEEL_BUILD"])
    rooms = build / "rooms"
    with_rooms = os.environ.get("OHMLAB_WHEEL_ROOMS", "0") == "1"
    if not with_rooms:
        run(os.environ["OHMLAB_CMAKE"], "--install", os.environ["OHMLAB_BUILD"], "--prefix", rooms, folder=folder)
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "-w",
        folder,
        f"--config-settings=build-dir={build / ('whole' if with_rooms else 'linked')}",
        f"--config-settings=cmake.define.OHMLAB_INSTALLED={'' if with_rooms else rooms}",
        "--config-settings=cmake.define.CMAKE_CXX_FLAGS_RELEASE=-O0 -DNDEBUG",
        ROOT,
        folder=folder,
    )
    (made,) = folder.glob("ohmlab-*.whl")
    return made


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a fresh environment with the wheel; NumPy and xarray are those of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, folder=folder)
    python = folder / "bin/python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-deps",
        "--no-index",
        wheel,
        folder=folder,
    )
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "tests.pth").write_text(sysconfig.get_paths()["purelib"])
    return folder / "bin"


def test_the_wheel_holds_package_program_and_presets_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    package = {name.removeprefix("ohmlab/") for name in names if name.startswith("ohmlab/")}
    assert {"__init__.py", "py.typed", "_core.pyi", "templates/page.html.jinja", "templates/page.css"} <= package
    assert any(name.startswith("_core.") and name.endswith(".so") for name in package)
    assert any(name.endswith("data/scripts/ohmlab") for name in names)
    assert any(name.endswith("data/data/share/ohmlab/configs/devices/pcm.toml") for name in names)
    assert not [name for name in names if name.endswith((".a", ".hpp", ".cpp", ".cmake"))]


def test_the_program_runs_with_its_presets(installed: Path, tmp_path: Path) -> None:
    rooms = json.loads(run(installed / "ohmlab", "describe", "--json", folder=tmp_path))
    assert {"devices", "lab"} <= {room["name"] for room in rooms}
    (tmp_path / "x.toml").write_text(
        'array = {kind = "analog", device = {base = "devices/pcm"}}\nmodel = {hidden = 2}\n'
        'data = {kind = "bars_and_stripes", size = 3}\n'
    )
    assert "array.device.t_read = 2.5e-07" in run(
        installed / "ohmlab", "run", "x.toml", "--show", folder=tmp_path
    )


def test_the_package_runs_with_its_presets(installed: Path, tmp_path: Path) -> None:
    script = """
import ohmlab
assert ohmlab.Device("devices/pcm").pulse_curve(2, 2).shape == (1, 4)
outcome = ohmlab.run({"data": {"kind": "bars_and_stripes", "size": 3}, "model": {"hidden": 4},
                      "training": {"epochs": 200, "batch": 4}})
assert outcome.bills()[0].bill.node.nominal > 0
print(ohmlab.__file__, outcome.quality["test_log_likelihood"])
"""
    place, likelihood = run(installed / "python", "-W", "error", "-c", script, folder=tmp_path).split()
    assert Path(place).is_relative_to(installed.parent)
    assert float(likelihood) < 0


def test_the_program_finds_the_page_beside_itself(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('data = {kind = "bars_and_stripes", size = 3}\nmodel = {hidden = 2}\n')
    run(installed / "ohmlab", "run", "x.toml", "--set", "training.epochs=1", "--out", "x.h5", folder=tmp_path)
    assert run(installed / "ohmlab", "report", "x.h5", folder=tmp_path) == "x.html\n"
    assert (tmp_path / "x.html").read_text().startswith("<!DOCTYPE html>")
