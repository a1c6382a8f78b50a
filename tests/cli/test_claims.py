"""One result file, one run at a time; nothing that belongs to another run is lost without a word."""

import os
import re
import signal
import subprocess
from pathlib import Path

import h5py
import pytest
from conftest import ENDLESS, HANG, Ohmlab, wait_until
from test_run import contents


def make_other(kind: str, path: Path) -> None:
    if kind == "a FIFO":
        os.mkfifo(path)
    elif kind == "a folder":
        path.mkdir()
    else:  # behind a link, so that a program that fails here replaces no device of this machine
        path.symlink_to("/dev/null")


@pytest.mark.parametrize("force", [[], ["--force"]], ids=["plain", "force"])
@pytest.mark.parametrize("name", ["x.h5", "x.h5.state"])
@pytest.mark.parametrize("kind", ["a FIFO", "a folder", "a device file"])
def test_what_is_no_regular_file_is_refused_and_left_alone(
    ohmlab: Ohmlab, quick: str, kind: str, name: str, force: list[str]
) -> None:
    make_other(kind, ohmlab.folder / name)
    before = (ohmlab.folder / name).lstat()
    outcome = ohmlab.any("run", quick, "--out", "x.h5", *force)
    assert outcome.err == f"ohmlab: {name}: expected the name of a file, found {kind}\n"
    assert outcome.code == 2
    after = (ohmlab.folder / name).lstat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert ohmlab.files() <= {quick, name}


def test_a_sweep_refuses_what_is_no_regular_file_in_a_points_place(ohmlab: Ohmlab, sweep_file: str) -> None:
    first = ohmlab("sweep", sweep_file, "--out", "d", "--list").out.split()[0]
    (ohmlab.folder / "d").mkdir()
    os.mkfifo(ohmlab.folder / f"d/{first}.h5")
    outcome = ohmlab.any("sweep", sweep_file, "--out", "d")
    assert outcome.err == f"ohmlab: d/{first}.h5: expected the name of a file, found a FIFO\n"
    assert outcome.code == 2


@pytest.fixture
def sweep_file(ohmlab: Ohmlab, quick: str) -> str:
    text = (ohmlab.folder / quick).read_text()
    axis = '[[sweep.axes]]\nkey = "training.rate"\nvalues = [0.1, 0.2]\n'
    (ohmlab.folder / "sweep.toml").write_text(text + axis)
    return "sweep.toml"


def test_runs_of_one_config_with_one_out_wait_for_each_other(ohmlab: Ohmlab, quick: str) -> None:
    arguments = ["run", quick, "--out", "new/x.h5", "--checkpoint", "0", "--set", "training.epochs=200"]
    running = [ohmlab.start(*arguments, stdout=subprocess.PIPE) for _ in range(4)]
    said = [process.communicate(timeout=HANG)[0].decode() for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert sum("stored in new/x.h5 (" in text for text in said) == 1
    assert sum("already finished: new/x.h5 (" in text for text in said) == 3
    assert ohmlab.files() == {quick, "new/x.h5"}


def stopped(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=HANG) == 128 + signal.SIGTERM


def test_another_run_with_the_out_of_one_at_work_is_refused_or_waits_by_force(
    ohmlab: Ohmlab, quick: str
) -> None:
    first = ohmlab.start("run", quick, "--out", "x.h5", "--checkpoint", "0", *ENDLESS)
    wait_until((ohmlab.folder / "x.h5.state").exists, first)
    refused = ohmlab.any("run", quick, "--out", "x.h5", "--set", "seed=4")
    assert refused.code == 2
    assert re.fullmatch(
        r"ohmlab: x\.h5: expected no other run at work on it, or run (\w{16}), "
        r"found run (?!\1)\w{16} at work \(--force waits and replaces its result\)\n",
        refused.err,
    )
    second = ohmlab.start(
        "run", quick, "--out", "x.h5", "--set", "seed=4", "--force", stderr=subprocess.PIPE
    )
    assert second.stderr
    assert second.stderr.readline() == b"ohmlab: x.h5: another process is at work on it; waiting\n"
    stopped(first)
    complaint = second.communicate(timeout=HANG)[1]
    assert second.returncode == 0
    assert re.match(rb"ohmlab: x\.h5\.state: state of run \w{16} discarded\n", complaint)
    with h5py.File(ohmlab.folder / "x.h5") as file:
        assert "seed = 4\n" in file["config"][()].decode()
    assert ohmlab.files() == {quick, "x.h5"}


def test_a_run_that_waits_can_be_stopped(ohmlab: Ohmlab, quick: str) -> None:
    arguments = ["run", quick, "--out", "x.h5", "--checkpoint", "0", *ENDLESS]
    first = ohmlab.start(*arguments)
    wait_until((ohmlab.folder / "x.h5.state").exists, first)
    second = ohmlab.start(*arguments, stderr=subprocess.PIPE)
    assert second.stderr
    assert b"waiting" in second.stderr.readline()
    stopped(second)
    assert first.poll() is None
    stopped(first)


def test_the_state_of_another_run_is_discarded_by_force_only(ohmlab: Ohmlab, quick: str) -> None:
    first = ohmlab.start("run", quick, "--out", "x.h5", "--checkpoint", "0", *ENDLESS)
    state = ohmlab.folder / "x.h5.state"
    wait_until(state.exists, first)
    stopped(first)
    before = state.read_bytes()
    refused = ohmlab.any("run", quick, "--out", "x.h5")
    assert refused.code == 2
    assert re.fullmatch(
        r"ohmlab: x\.h5\.state: expected no state, or that of run (\w{16}), "
        r"found that of run (?!\1)\w{16} \(--force discards it\)\n",
        refused.err,
    )
    assert state.read_bytes() == before
    assert ohmlab.files() == {quick, "x.h5.state"}
    forced = ohmlab("run", quick, "--out", "x.h5", "--force")
    assert re.match(r"ohmlab: x\.h5\.state: state of run \w{16} discarded\n", forced.err)
    assert ohmlab.files() == {quick, "x.h5"}


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_what_a_kill_between_rename_and_clean_up_leaves_is_tidied_later(
    ohmlab: Ohmlab, quick: str, sweep_file: str, command: str
) -> None:
    some_seconds = ["--set", "training.epochs=50000", "--set", "evaluation.every=0"]
    if command == "run":
        arguments = ["run", quick, "--out", "d/x.h5", *some_seconds]
    else:
        arguments = ["sweep", sweep_file, "--out", "d", *some_seconds]
    folder = ohmlab.folder / "d"
    running = ohmlab.start(*arguments)
    wait_until(lambda: list(folder.glob("*.lock")), running)
    stopped(running)
    (state,) = folder.glob("*.state")
    kept = state.read_bytes()
    ohmlab(*arguments)
    clean = ohmlab.files()
    assert str(state.relative_to(ohmlab.folder)) not in clean
    state.write_bytes(kept)
    state.with_name(state.name + ".part").touch()
    state.with_name(state.name.replace(".state", ".part")).touch()
    state.with_name(state.name.replace(".state", ".lock")).touch()
    ohmlab(*arguments)
    assert ohmlab.files() == clean


def test_a_finished_run_in_a_folder_to_read_only_is_found(ohmlab: Ohmlab, quick: str) -> None:
    ohmlab("run", quick, "--out", "d/x.h5")
    before = contents(ohmlab.folder / "d/x.h5")
    (ohmlab.folder / "d").chmod(0o555)
    try:
        assert "already finished: d/x.h5 (" in ohmlab("run", quick, "--out", "d/x.h5").out
    finally:
        (ohmlab.folder / "d").chmod(0o755)
    assert contents(ohmlab.folder / "d/x.h5") == before
