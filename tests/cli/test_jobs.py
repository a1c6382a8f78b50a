"""Jobs of a sweep: they live no longer than the sweep that started them, and read nothing that it has read."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ENDLESS, HANG, Ohmlab, wait_until
from test_sweep import EXPERIMENT, SWEEP, folder_contents

# Adopts what its children leave, as systemd, Slurm and "tini -s" do; kills the sweep and waits for its jobs.
SUBREAPER = """\
import ctypes, os, pathlib, signal, subprocess, sys, time
moment, lockfolder, *command = sys.argv[1:]
PR_SET_CHILD_SUBREAPER = 36
assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
sweep = subprocess.Popen(command)
children = pathlib.Path(f"/proc/{sweep.pid}/task/{sweep.pid}/children")
def reached():
    if moment == "early":
        return children.read_text().split()
    return len(list(pathlib.Path(lockfolder).glob("*.state"))) == 2
while not reached():
    assert sweep.poll() is None
    time.sleep(0.001)
started = children.read_text().split()
os.kill(sweep.pid, signal.SIGKILL)
sweep.wait()
print(len(started), flush=True)
while True:
    try:
        os.wait()  # for a job that has been adopted
    except ChildProcessError:
        break
"""


@pytest.fixture
def sweep(tmp_path: Path) -> str:
    (tmp_path / "sweep.toml").write_text(SWEEP)
    return "sweep.toml"


@pytest.mark.parametrize("moment", ["early", "late"])
def test_jobs_end_when_the_sweep_is_killed_under_a_subreaper(ohmlab: Ohmlab, moment: str) -> None:
    axis = '[[sweep.axes]]\nkey = "training.rate"\nvalues = [0.1, 0.2]\n'
    (ohmlab.folder / "sweep.toml").write_text(EXPERIMENT + axis)
    command = [str(ohmlab.program), "sweep", "sweep.toml", "--out", "d", "--jobs", "2", "--checkpoint", "0"]
    watched = subprocess.Popen(
        [sys.executable, "-c", SUBREAPER, moment, "d", *command, *ENDLESS],
        cwd=ohmlab.folder,
        env=ohmlab.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, _ = watched.communicate(timeout=HANG)
    except subprocess.TimeoutExpired:
        os.killpg(watched.pid, signal.SIGKILL)
        raise
    assert watched.returncode == 0
    assert int(out) >= 1
    if moment == "late":
        assert len(list((ohmlab.folder / "d").glob("*.state"))) == 2


def test_a_job_that_is_told_to_stop_again_and_again_stores_its_state(ohmlab: Ohmlab, sweep: str) -> None:
    running = ohmlab.start("sweep", sweep, "--out", "d", "--jobs", "2", *ENDLESS)
    wait_until(lambda: len(list((ohmlab.folder / "d").glob("*.lock"))) == 2, running)
    jobs = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    assert len(jobs) == 2
    while running.poll() is None:  # again and again: one that comes before the last was heard is lost
        for job in jobs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(job), signal.SIGTERM)
    assert running.returncode == 1  # points are left
    assert len(list((ohmlab.folder / "d").glob("*.state"))) == 2


def test_jobs_of_a_config_from_standard_input_leave_the_same_folder(ohmlab: Ohmlab, sweep: str) -> None:
    ohmlab("sweep", sweep, "--out", "one")
    done = subprocess.run(
        [ohmlab.program, "sweep", "/dev/stdin", "--out", "jobs", "--jobs", "2"],
        cwd=ohmlab.folder,
        env=ohmlab.environment,
        input=SWEEP.encode(),
        capture_output=True,
        timeout=HANG,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert folder_contents(ohmlab.folder / "jobs") == folder_contents(ohmlab.folder / "one")


def test_jobs_find_data_that_a_config_names_relative_to_itself(ohmlab: Ohmlab) -> None:
    below = ohmlab.folder / "below"
    below.mkdir()
    (below / "text.txt").write_text("the quick brown fox jumps over the lazy dog. " * 40)
    (below / "sweep.toml").write_text(
        'kind = "train_decoder"\nmodel = {layers = 1, width = 8, heads = 2}\n'
        'context = 8\ndata = {kind = "text", file = "text.txt"}\n'
        "training = {updates = 3, batch = 4, every = 3}\n"
        '[[sweep.axes]]\nkey = "optimizer.rate"\nvalues = [0.01, 0.02]\n'
    )
    ohmlab("sweep", "below/sweep.toml", "--out", "one")
    ohmlab("sweep", "below/sweep.toml", "--out", "jobs", "--jobs", "2")
    expected = folder_contents(ohmlab.folder / "one")
    assert len(expected) == 3
    assert folder_contents(ohmlab.folder / "jobs") == expected


def test_a_job_that_no_sweep_has_started_says_so(ohmlab: Ohmlab, sweep: str) -> None:
    outcome = ohmlab.any("sweep", sweep, "--out", "d", "--worker")
    assert outcome.code == 2
    assert outcome.err == "ohmlab: standard input: expected the points that a sweep hands to its jobs\n"
    assert ohmlab.files() == {sweep}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_result_of_another_run_under_the_name_of_a_point_is_refused(
    ohmlab: Ohmlab, sweep: str, jobs: str
) -> None:
    ohmlab("sweep", sweep, "--out", "d")
    ids = [line.split()[0] for line in ohmlab("sweep", sweep, "--out", "d", "--list").out.splitlines()]
    shutil.copy(ohmlab.folder / f"d/{ids[1]}.h5", ohmlab.folder / f"d/{ids[0]}.h5")
    outcome = ohmlab.any("sweep", sweep, "--out", "d", "--jobs", jobs)
    assert outcome.code == 2
    assert outcome.err == (
        f"ohmlab: d/{ids[0]}.h5: expected run {ids[0]}, found run {ids[1]} (remove the file to run this point)\n"
    )


def test_data_that_change_after_the_plan_are_no_result_of_the_planned_point(ohmlab: Ohmlab) -> None:
    """The first point of a sweep waits for its claim until the second is done; then the text that both read is another."""
    text = ohmlab.folder / "text.txt"
    text.write_text("the quick brown fox jumps over the lazy dog. " * 40)
    (ohmlab.folder / "sweep.toml").write_text(
        'kind = "train_decoder"\nmodel = {layers = 1, width = 8, heads = 2}\n'
        'context = 8\ndata = {kind = "text", file = "text.txt"}\n'
        "training = {updates = 3, batch = 4, every = 3}\n"
        '[[sweep.axes]]\nkey = "optimizer.rate"\nvalues = [0.01, 0.02]\n'
    )
    ids = [line.split()[0] for line in ohmlab("sweep", "sweep.toml", "--out", "d", "--list").out.splitlines()]
    lock = ohmlab.folder / f"d/{ids[0]}.h5.lock"
    lock.parent.mkdir()
    holder = subprocess.Popen(["flock", lock, "sleep", str(HANG)], start_new_session=True)
    try:
        wait_until(lambda: subprocess.run(["flock", "-n", lock, "true"]).returncode == 1, holder)
        running = ohmlab.start("sweep", "sweep.toml", "--out", "d", stderr=subprocess.PIPE)
        wait_until((ohmlab.folder / f"d/{ids[1]}.h5").exists, running)
        text.write_text("pack my box with five dozen liquor jugs. " * 40)
    finally:
        os.killpg(holder.pid, signal.SIGKILL)
        holder.wait()
    complaint = running.communicate(timeout=HANG)[1].decode()
    assert running.returncode == 1
    assert re.search(r"expected run \w{16} as planned, found run \w{16}: the data have changed", complaint)


def test_many_sweeps_on_one_finished_folder_all_succeed(ohmlab: Ohmlab, sweep: str) -> None:
    ohmlab("sweep", sweep, "--out", "d")
    expected = folder_contents(ohmlab.folder / "d")
    for _ in range(3):
        running = [
            ohmlab.start("sweep", sweep, "--out", "d", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(8)
        ]
        for process in running:
            out, complaint = process.communicate(timeout=HANG)
            assert process.returncode == 0, complaint.decode()
            assert json.loads(out)["done"] == 16
    assert folder_contents(ohmlab.folder / "d") == expected
