"""What help() says, the command line of the package, and progress in notebooks."""

import inspect
import pydoc
import subprocess
import sys
from pathlib import Path
from typing import Any

import ohmlab
import pytest
from conftest import quick
from ohmlab import _progress


def own(thing: Any) -> list[tuple[str, Any]]:
    """Public methods and properties of a class."""
    if not inspect.isclass(thing) or issubclass(thing, Exception):
        return []
    return [(name, member) for name, member in vars(thing).items() if not name.startswith("_")]


@pytest.mark.parametrize("name", [name for name in ohmlab.__all__ if name != "__version__"])
def test_help_says_what_everything_is(name: str) -> None:
    thing = getattr(ohmlab, name)
    text = pydoc.plain(pydoc.render_doc(thing))
    assert "ohmlab::" not in text and "std::" not in text
    assert (thing.__doc__ or "").strip(), name
    if inspect.isroutine(thing):
        first = thing.__doc__.splitlines()[0]
        signature = first if first.startswith(f"{name}(") else f"{name}{inspect.signature(thing)}"
        assert "->" in signature and "ohmlab::" not in thing.__doc__
    for member, value in own(thing):
        if isinstance(value, staticmethod):
            value = getattr(thing, member)
        said = value.fget.__doc__ if isinstance(value, property) else getattr(value, "__doc__", "")
        if isinstance(value, property):
            said = value.__doc__ or said
        if thing.__module__ == "ohmlab._core" and callable(value):
            assert said.startswith(f"{member}(") and "->" in said, f"{name}.{member}"
            assert "ohmlab::" not in said and "std::" not in said, f"{name}.{member}"
            assert len(said.strip().splitlines()) > 1, f"{name}.{member}: a signature alone"


def test_the_module_is_the_command_line(program: Path) -> None:
    package = str(Path(ohmlab.__file__).parents[1])
    environment = {"PYTHONPATH": package, "PATH": ""}

    def module(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ohmlab", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    said = subprocess.run([program, "describe", "devices"], capture_output=True, text=True).stdout
    assert module("describe", "devices").stdout == said
    refused = module("describe", "zoo")
    assert refused.returncode == 2 and refused.stderr.startswith('ohmlab: no room "zoo"')


class Shell:
    kernel = object()


class IPython:
    @staticmethod
    def get_ipython() -> Shell:
        return Shell()


def test_a_notebook_shows_progress_on_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "IPython", IPython)
    ohmlab.run(quick(), folder=tmp_path)
    out = capsys.readouterr().out
    assert out.startswith("\r") and out.endswith("\n") and "4/4" in out.splitlines()[-1]
    ohmlab.run(quick(), folder=tmp_path / "other", progress=lambda *_: None)
    assert capsys.readouterr().out == ""


def test_elsewhere_a_run_is_silent(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _progress.default() is None
    ohmlab.run(quick(), folder=tmp_path)
    assert capsys.readouterr() == ("", "")
