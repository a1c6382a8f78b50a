"""The package as a user meets it: imported from the build tree, with none of the user's own search paths."""

import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HANG = 3600  # s; ends what hangs, says nothing about how fast anything has to be
# Settings that make a training go on until it is stopped.
ENDLESS = {"training.epochs": 10**6, "rule.steps": 100, "evaluation.every": 0}


def quick() -> dict[str, Any]:
    """A config that trains in a few milliseconds."""
    return {
        "kind": "train",
        "seed": 3,
        "data": {"kind": "bars_and_stripes", "size": 3},
        "model": {"kind": "rbm", "hidden": 4},
        "rule": {"kind": "pcd", "chains": 8},
        "training": {"epochs": 4, "batch": 4},
    }


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test works in a folder of its own."""
    for name in ("OHMLAB_CONFIGS", "OHMLAB_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def program() -> Path:
    path = os.environ.get("OHMLAB_PROGRAM")
    if not path:
        pytest.fail("set OHMLAB_PROGRAM to the program to be tested, as ctest does")
    return Path(path).resolve(strict=True)
