"""Every call on a file fails in turn: the program names path and reason, and loses nothing."""

import errno
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import Ohmlab, Outcome

SOURCE = Path(__file__).parents[1] / "failing_io/failing_io.c"
REASONS = {errno.EIO: "Input/output error", errno.ENOSPC: "No space left on device"}

pytestmark = pytest.mark.skipif(
    "OHMLAB_SANITIZED" in os.environ, reason="a sanitizer's library must be loaded first"
)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("failing_io") / "failing_io.so"
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", str(SOURCE), "-o", str(path), "-ldl"], check=True)
    return path


def with_failure(
    ohmlab: Ohmlab, library: Path, at: int, reason: int, *arguments: str, lasting: int = 1
) -> tuple[Outcome, int]:
    """Runs the program with the call number `at` failing; also returns how many calls there were."""
    log = library.with_name("calls.txt")
    done = subprocess.run(
        [ohmlab.program, *arguments],
        cwd=ohmlab.folder,
        env=ohmlab.environment
        | {
            "LD_PRELOAD": str(library),
            "OHMLAB_FAIL_UNDER": str(ohmlab.folder),
            "OHMLAB_FAIL_AT": str(at),
            "OHMLAB_FAIL_FOR": str(lasting),
            "OHMLAB_FAIL_ERRNO": str(reason),
            "OHMLAB_FAIL_LOG": str(log),
        },
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode()), int(log.read_text())


def check(outcome: Outcome, reason: int) -> None:
    """The run went well, or it is the world's fault, in one line with path and reason."""
    if outcome.code == 0:
        return
    assert outcome.code == 1, outcome.err
    last = outcome.err.splitlines()[-1]
    assert last.startswith("ohmlab: "), outcome.err
    assert REASONS[reason] in last, outcome.err
    assert re.match(r"ohmlab: (not stored, for it cannot be read back: )?(\.|\S*quick\S*): ", last), outcome.err


@pytest.mark.parametrize("reason", REASONS, ids=["eio", "enospc"])
def test_no_failing_call_of_a_run_loses_a_result(
    ohmlab: Ohmlab, library: Path, quick: str, result: Path, reason: int
) -> None:
    whole = result.read_bytes()
    arguments = ("run", quick, "--out", "quick.h5", "--force", "--checkpoint", "0")
    _, calls = with_failure(ohmlab, library, 0, reason, *arguments)
    assert calls > 10
    failed = 0
    for at in range(1, calls + 1, 1 if calls < 60 else calls // 50):
        outcome, _ = with_failure(ohmlab, library, at, reason, *arguments)
        check(outcome, reason)
        failed += outcome.code != 0
        assert ohmlab("price", "quick.h5", "--draws", "0").out, at
        assert not list(ohmlab.folder.glob("*.part")), at
    assert failed >= 3
    assert len(result.read_bytes()) == len(whole)


def test_a_state_that_cannot_be_written_is_said_and_the_run_goes_on(
    ohmlab: Ohmlab, library: Path, quick: str
) -> None:
    arguments = ("run", quick, "--out", "x.h5", "--checkpoint", "0")
    said = 0
    _, calls = with_failure(ohmlab, library, 0, errno.ENOSPC, *arguments)
    for at in range(1, calls + 1, max(1, calls // 40)):
        (ohmlab.folder / "x.h5").unlink(missing_ok=True)
        outcome, _ = with_failure(ohmlab, library, at, errno.ENOSPC, *arguments)
        if "the run goes on" in outcome.err:
            said += 1
            assert outcome.code == 0, outcome.err
            assert "No space left on device" in outcome.err
            assert ohmlab.files() == {quick, "x.h5"}
    assert said > 3


def test_a_failing_read_of_a_result_is_the_worlds_fault(ohmlab: Ohmlab, library: Path, result: Path) -> None:
    assert result.exists()
    _, calls = with_failure(ohmlab, library, 0, errno.EIO, "price", "quick.h5", "--draws", "0")
    assert calls >= 2
    for at in range(1, calls + 1):
        outcome, _ = with_failure(ohmlab, library, at, errno.EIO, "price", "quick.h5", "--draws", "0")
        if at > 2:  # after the file was opened and read
            continue
        assert outcome.code == 1, (at, calls, outcome.err)
        assert outcome.err.startswith("ohmlab: quick.h5: cannot be ")
        assert outcome.err.endswith(": Input/output error\n")


def test_a_failing_read_of_a_config_is_the_worlds_fault(ohmlab: Ohmlab, library: Path, quick: str) -> None:
    _, calls = with_failure(ohmlab, library, 0, errno.EIO, "run", quick, "--show")
    for at in range(1, calls + 1):
        outcome, _ = with_failure(ohmlab, library, at, errno.EIO, "run", quick, "--show")
        assert outcome.code == 1, outcome.err
        assert outcome.err.startswith("ohmlab: quick.toml: cannot ")
        assert outcome.err.endswith(": Input/output error\n")
