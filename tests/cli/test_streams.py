"""Output, signals and limits of the process: none of them ends work without need or without a message."""

import os
import resource
import signal
import subprocess
from pathlib import Path

import pytest
from conftest import ENDLESS, HANG, Ohmlab, wait_until
from test_run import contents

SWEEP = """
[[sweep.axes]]
key = "training.rate"
values = [0.1, 0.2]
"""


@pytest.fixture
def sweep(ohmlab: Ohmlab, quick: str) -> str:
    (ohmlab.folder / "sweep.toml").write_text((ohmlab.folder / quick).read_text() + SWEEP)
    return "sweep.toml"


def commands(quick: str) -> dict[str, list[str]]:
    return {
        "run": ["run", quick, "--out", "d/x.h5"],
        "sweep": ["sweep", "sweep.toml", "--out", "d"],
        "jobs": ["sweep", "sweep.toml", "--out", "d", "--jobs", "2"],
    }


@pytest.mark.parametrize("command", ["run", "sweep", "jobs"])
def test_progress_that_cannot_be_written_ends_no_work(
    ohmlab: Ohmlab, quick: str, sweep: str, command: str
) -> None:
    with open("/dev/full", "wb") as full:
        assert ohmlab.start(*commands(quick)[command], stderr=full).wait(timeout=HANG) == 0
    assert list((ohmlab.folder / "d").glob("*.h5"))


def test_a_message_that_cannot_be_written_leaves_the_exit_code(ohmlab: Ohmlab) -> None:
    with open("/dev/full", "wb") as full:
        assert ohmlab.start("run", "none.toml", stderr=full).wait(timeout=HANG) == 1
        assert ohmlab.start("rum", stderr=full).wait(timeout=HANG) == 2


@pytest.mark.parametrize("command", ["run", "sweep", "jobs"])
def test_a_reader_of_progress_that_goes_away_ends_no_work(
    ohmlab: Ohmlab, quick: str, sweep: str, command: str
) -> None:
    running = ohmlab.start(*commands(quick)[command], stderr=subprocess.PIPE)
    assert running.stderr
    running.stderr.close()
    assert running.wait(timeout=HANG) == 0
    assert list((ohmlab.folder / "d").glob("*.h5"))


def test_streams_that_are_closed_do_not_become_files_of_the_run(ohmlab: Ohmlab, quick: str) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" run "$1" --out closed.h5 --checkpoint 0 <&- 2>&-', ohmlab.program, quick],
        cwd=ohmlab.folder,
        env=ohmlab.environment,
        capture_output=True,
        timeout=HANG,
    )
    assert done.returncode == 0
    ohmlab("run", quick, "--out", "open.h5")
    assert contents(ohmlab.folder / "closed.h5") == contents(ohmlab.folder / "open.h5")


@pytest.mark.parametrize("ignored", [signal.SIGHUP, signal.SIGINT])
def test_a_signal_that_was_ignored_before_stays_ignored(
    ohmlab: Ohmlab, quick: str, ignored: signal.Signals
) -> None:
    running = ohmlab.start(
        "run",
        quick,
        *("--out", "x.h5", "--checkpoint", "0"),
        *ENDLESS,
        preexec_fn=lambda: signal.signal(ignored, signal.SIG_IGN),
    )
    wait_until((ohmlab.folder / "x.h5.state").exists, running)
    running.send_signal(ignored)
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=HANG) == 128 + signal.SIGTERM


def test_a_hang_up_that_nobody_ignores_stores_the_state(ohmlab: Ohmlab, quick: str) -> None:
    running = ohmlab.start("run", quick, "--out", "x.h5", "--checkpoint", "0", *ENDLESS)
    wait_until((ohmlab.folder / "x.h5.state").exists, running)
    running.send_signal(signal.SIGHUP)
    assert running.wait(timeout=HANG) == 128 + signal.SIGHUP


def test_jobs_stop_although_the_signal_that_stops_them_is_ignored_by_the_sweep(
    ohmlab: Ohmlab, sweep: str
) -> None:
    running = ohmlab.start(
        *("sweep", sweep, "--out", "d", "--jobs", "2", "--checkpoint", "0"),
        *ENDLESS,
        preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN),
    )
    wait_until(lambda: len(list((ohmlab.folder / "d").glob("*.state"))) == 2, running)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=HANG) == 128 + signal.SIGINT


def test_a_limit_of_file_size_is_reported(ohmlab: Ohmlab, quick: str) -> None:
    limit = 4096
    running = ohmlab.start(
        *("run", quick, "--out", "x.h5"),
        stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    complaint = running.communicate(timeout=HANG)[1].decode()
    assert running.returncode == 1
    last = complaint.splitlines()[-1]
    assert last.startswith("ohmlab: x.h5.part: ")
    assert os.strerror(27) in last  # EFBIG
    assert ohmlab.files() == {quick}


@pytest.mark.skipif("OHMLAB_SANITIZED" in os.environ, reason="sanitizers need all of the address space")
def test_a_point_that_needs_too_much_memory_says_so(ohmlab: Ohmlab, quick: str) -> None:
    text = (ohmlab.folder / quick).read_text().replace("chains = 8", "chains = 100000")
    axis = '[[sweep.axes]]\nkey = "model.hidden"\nvalues = [4, 100000]\n'
    (ohmlab.folder / "sweep.toml").write_text(text + axis)
    outcome = ohmlab.any("sweep", "sweep.toml", "--out", "d", "--threads", "1", address_space=4 << 30)
    assert outcome.code == 1
    assert "2 points: 1 done, 1 failed, 0 open" in outcome.out
    (error,) = Path(ohmlab.folder / "d").glob("*.error.txt")
    assert error.read_text().startswith("not enough memory for what the config asks for\n\n")
    assert "bad_alloc" not in outcome.err
