"""An outside project finds, links and runs the installed library."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=14000)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The consumer's build folder, below the prefix that ohmlab is installed into."""
    folder = tmp_path_factory.mktemp("consumer")
    cmake, build = os.environ["OHMLAB_CMAKE"], os.environ["OHMLAB_BUILD"]
    run(cmake, "--install", build, "--prefix", folder / "prefix", folder=folder)
    own = folder / "prefix/bin"
    run(
        cmake,
        "-S",
        HERE,
        "-B",
        own,
        "-G",
        "Ninja",
        f"-DCMAKE_PREFIX_PATH={folder / 'prefix'}",
        "-DCMAKE_BUILD_TYPE=Release",
        folder=folder,
    )
    return own


def test_a_plain_consumer_of_a_native_library_agrees_on_memory_and_finds_the_presets(built: Path) -> None:
    run(os.environ["OHMLAB_CMAKE"], "--build", built, "--target", "consumer", folder=built)
    assert "prices: " in run(built / "consumer", folder=built)


def test_every_installed_header_compiles_with_what_is_installed(built: Path) -> None:
    run(os.environ["OHMLAB_CMAKE"], "--build", built, "--target", "headers", folder=built)


def test_nothing_of_this_machine_is_installed(built: Path) -> None:
    for file in (built.parent / "lib").rglob("*.cmake"):
        text = file.read_text()
        assert str(HERE.parents[1]) not in text, file
        assert "march=native" not in text, file
    (targets,) = (built.parent / "lib").rglob("ohmlabTargets.cmake")
    assert "EIGEN_MAX_ALIGN_BYTES=64" in targets.read_text()


def test_the_installed_program_finds_the_installed_presets(built: Path) -> None:
    program = built.parent / "bin/ohmlab"
    config = 'kind = "train"\nmodel = {kind = "rbm", hidden = 2}\ndata = {base = "data/digits"}\n'
    (built / "x.toml").write_text(config)
    assert 'data.kind = "idx"' in run(program, "run", "x.toml", "--show", folder=built)
