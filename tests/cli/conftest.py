"""The program as its user meets it: arguments in; exit code, two streams and files out."""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite("bad_input")

HANG = 3600  # s; ends what hangs, says nothing about how fast anything has to be

QUICK = """\
kind = "train"
seed = 3
data = {kind = "bars_and_stripes", size = 3}
model = {kind = "rbm", hidden = 4}
rule = {kind = "pcd", chains = 8}
training = {epochs = 4, batch = 4}
"""
# Settings that make a training of bars and stripes go on until it is stopped.
ENDLESS = [
    word
    for key in ("rule.steps=20000", "training.batch=1", "evaluation.every=0", "data.size=8")
    for word in ("--set", key)
]


def wait_until(happened: Callable[[], Any], running: subprocess.Popen[bytes] | None = None) -> None:
    """Waits for an event; fails if a process that should bring it about has ended without it."""
    end = time.monotonic() + HANG
    while not happened():
        assert time.monotonic() < end, "waited in vain"
        assert running is None or running.poll() is None or happened(), "ended too early"
        time.sleep(0.01)


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
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

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
            timeout=HANG,
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

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Starts the program and returns at once; it says nothing unless `options` give it streams."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running = subprocess.Popen(
            [self.program, *arguments], cwd=self.folder, env=self.environment, **(streams | options)
        )
        self.started.append(running)
        return running

    def end(self) -> None:
        """Ends what a test has started and left, e.g. because it failed."""
        for running in self.started:
            if running.poll() is None:
                running.kill()
            running.wait()
            for stream in (running.stdout, running.stderr):
                if stream:
                    stream.close()

    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if not path.is_dir()}


@pytest.fixture(scope="session")
def program() -> Path:
    path = os.environ.get("OHMLAB_PROGRAM")
    if not path:
        pytest.fail("set OHMLAB_PROGRAM to the program to be tested, as ctest does")
    return Path(path).resolve(strict=True)


@pytest.fixture
def ohmlab(program: Path, tmp_path: Path) -> Iterator[Ohmlab]:
    made = Ohmlab(program, tmp_path)
    yield made
    made.end()


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
