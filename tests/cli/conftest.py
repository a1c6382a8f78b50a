"""The program as its user meets it: arguments in; exit code, two streams and files out."""

import os
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.register_assert_rewrite("bad_input")

QUICK = """\
kind = "train"
seed = 3
data = {kind = "bars_and_stripes", size = 3}
model = {kind = "rbm", hidden = 4}
rule = {kind = "pcd", chains = 8}
training = {epochs = 4, batch = 4}
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Ohmlab:
    """Runs the program in one folder, with none of the user's own search paths."""

    program: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        own = {"OHMLAB_CONFIGS", "OHMLAB_DATA", "OMP_NUM_THREADS"}
        return {key: value for key, value in os.environ.items() if key not in own} | {"LC_ALL": "C"}

    def any(self, *arguments: str, address_space: int = resource.RLIM_INFINITY) -> Outcome:
        """Runs the program; `address_space` caps its memory in bytes."""
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=600 if "OHMLAB_SANITIZED" in os.environ else 60,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_AS, (address_space, resource.RLIM_INFINITY)
            ),
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    def __call__(self, *arguments: str) -> Outcome:
        """Runs the program and insists that it succeeds."""
        outcome = self.any(*arguments)
        assert outcome.code == 0, outcome.err
        return outcome

    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if not path.is_dir()}


@pytest.fixture(scope="session")
def program() -> Path:
    path = os.environ.get("OHMLAB_PROGRAM")
    if not path:
        pytest.fail("set OHMLAB_PROGRAM to the program to be tested, as ctest does")
    return Path(path).resolve(strict=True)


@pytest.fixture
def ohmlab(program: Path, tmp_path: Path) -> Ohmlab:
    return Ohmlab(program, tmp_path)


@pytest.fixture
def quick(tmp_path: Path) -> str:
    """A config that trains in a few milliseconds."""
    (tmp_path / "quick.toml").write_text(QUICK)
    return "quick.toml"


@pytest.fixture(scope="session")
def finished(program: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A result file of the quick config."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "quick.toml").write_text(QUICK)
    Ohmlab(program, folder)("run", "quick.toml", "--out", "quick.h5")
    return (folder / "quick.h5").read_bytes()


@pytest.fixture
def result(finished: bytes, tmp_path: Path) -> Path:
    """A copy of that file to do with as one likes."""
    path = tmp_path / "quick.h5"
    path.write_bytes(finished)
    return path
