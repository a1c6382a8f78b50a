"""What the package says of itself: stubs, types, examples."""

import doctest
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ohmlab
import ohmlab.learn
import pytest
from conftest import ROOT
from ohmlab import _core


def examples() -> list[Any]:
    """Every docstring of the package, those of the extension module included."""
    parser = doctest.DocTestParser()
    found = {"ohmlab": ohmlab.__doc__, "ohmlab.results": ohmlab.results.__doc__, "ohmlab.learn": ohmlab.learn.__doc__}
    for module in (_core, ohmlab.results, ohmlab.learn):
        for name, item in vars(module).items():
            found[f"{module.__name__}.{name}"] = inspect.getdoc(item) if callable(item) else None
            if inspect.isclass(item):
                for part, member in vars(item).items():
                    found[f"{module.__name__}.{name}.{part}"] = member.__doc__ if callable(member) else None
    tests = [parser.get_doctest(text, {"folder": "."}, name, None, 0) for name, text in found.items() if text]
    return [pytest.param(test, id=test.name) for test in tests if test.examples]


@pytest.mark.parametrize("example", examples())
def test_an_example_in_a_docstring_does_what_it_shows(example: doctest.DocTest) -> None:
    said: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(example, out=said.append)
    assert outcome.failed == 0, "".join(said)
    assert outcome.attempted > 0


def test_each_main_class_and_function_has_an_example() -> None:
    have = {str(parameter.id).rsplit(".", 1)[-1] for parameter in examples()}
    assert {"Array", "Device", "Prices", "Tally", "describe", "run", "ohmlab"} <= have
    assert set(ohmlab.learn.__all__) <= have


def test_the_stubs_in_the_tree_are_what_the_module_says() -> None:
    done = subprocess.run([sys.executable, ROOT / "tools/stubs.py"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_is_typed_strictly(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        ROOT / "pyproject.toml",
        "--cache-dir",
        tmp_path,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_public_has_a_docstring() -> None:
    for name in ohmlab.__all__:
        if not name.startswith("__"):
            assert getattr(ohmlab, name).__doc__, name


def test_describe_says_what_the_program_says(program: Path) -> None:
    for arguments in ((), ("devices",), ("devices", "soft_bounds"), ("io", "data")):
        said = subprocess.run(
            [program, "describe", *arguments, "--json"], capture_output=True, check=True
        ).stdout
        assert ohmlab.describe(*arguments) == json.loads(said)
    with pytest.raises(ohmlab.UserError, match='^no room "emb", did you mean "ebm"?'):
        ohmlab.describe("emb")


def test_pins_of_the_wheel_and_of_the_tests_agree() -> None:
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    pinned = (ROOT / "tools/requirements-test.txt").read_text().lower().replace("_", "-").split()
    assert set(wanted) <= set(pinned)


def test_the_modules_presets_are_those_of_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "own/devices").mkdir(parents=True)
    (tmp_path / "own/devices/mine.toml").write_text('[pulse]\nkind = "ideal"\ndw_min = 0.125\n')
    with pytest.raises(ohmlab.UserError):
        ohmlab.Device("devices/mine")
    monkeypatch.setenv("OHMLAB_CONFIGS", f"{tmp_path / 'own'}{os.pathsep}")
    assert ohmlab.Device("devices/mine").parameters["pulse"]["dw_min"] == 0.125
