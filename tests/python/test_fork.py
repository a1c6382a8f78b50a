"""A fork copies no threads: after the first work in threads, a forked process gets an error instead of waiting."""

import subprocess
import sys

from conftest import HANG

FORK = """\
import os, sys, warnings
import ohmlab
warnings.simplefilter("ignore")  # newer Pythons warn of the fork itself
config = {"kind": "train", "data": {"kind": "bars_and_stripes", "size": 8}, "model": {"hidden": 200},
          "training": {"epochs": 1, "batch": 500}, "evaluation": {"every": 0}}
array = ohmlab.Array(1000, 1000)
if "work" in sys.argv:
    ohmlab.run(config, out="parent.h5", threads=2)
calls = {
    "run": lambda: ohmlab.run(config, out="child.h5", threads=2),
    "sweep": lambda: ohmlab.sweep(config | {"sweep": {"axes": [{"key": "seed", "values": [1]}]}}, out="d"),
    "array": lambda: array.mvm([[1.0] * 1000] * 1000),
    "new array": lambda: ohmlab.Array(1000, 1000),
}
if os.fork() == 0:
    for name, call in calls.items():
        try:
            call()
            print(name, "worked", flush=True)
        except RuntimeError as error:
            print(name, error, flush=True)
    os._exit(0)
os.wait()
calls["array"]()
print("parent worked")
"""


def said_by_child(*arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", FORK, *arguments], capture_output=True, text=True, timeout=HANG, check=True
    )
    return done.stdout.splitlines()


def test_the_next_call_in_a_process_forked_after_a_run_is_an_error_that_says_so() -> None:
    *child, parent = said_by_child("work")
    assert parent == "parent worked"
    assert len(child) == 4
    for line, name in zip(child, ["run", "sweep", "array", "new array"], strict=True):
        assert line.startswith(f"{name} this process was forked from one in which ohmlab had worked in threads")
        assert '"spawn"' in line


def test_a_process_forked_before_the_first_work_works() -> None:
    assert said_by_child() == ["run worked", "sweep worked", "array worked", "new array worked", "parent worked"]
