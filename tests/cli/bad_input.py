"""Cases of broken input: one line that names the place, and nothing left behind."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conftest import Ohmlab

DATA = 'data = {kind = "bars_and_stripes", size = 3}\n'
IMAGES = 'data = {kind = "idx", folder = "data"}\ntraining = {epochs = 1}\nmodel = {hidden = 2}\n'
NO_FOLDER = "no such folder beside the config that names it, nor below $OHMLAB_DATA"


@dataclass(frozen=True)
class Case:
    """Files to make and a command to run on them."""

    name: str
    make: Callable[[Path], None]
    command: tuple[str, ...]
    message: str | re.Pattern[str]
    code: int = 2


def check(ohmlab: Ohmlab, case: Case) -> None:
    case.make(ohmlab.folder)
    before = ohmlab.files()
    outcome = ohmlab.any(*case.command)
    first, *others = outcome.err.splitlines()
    assert first.startswith("ohmlab: ")
    assert others == []
    said = first.removeprefix("ohmlab: ")
    if isinstance(case.message, str):
        assert said == case.message
    else:
        assert case.message.fullmatch(said), said
    assert outcome.code == case.code
    assert outcome.out == ""
    assert ohmlab.files() == before


def name_of(case: Case) -> str:
    return case.name.replace(" ", "_")


def config(
    name: str,
    content: str | bytes,
    message: str | re.Pattern[str],
    *arguments: str,
    code: int = 2,
    **others: str,
) -> Case:
    """A case of `bad.toml`, with further config files by their stem."""

    def make(folder: Path) -> None:
        (folder / "bad.toml").write_bytes(content.encode() if isinstance(content, str) else content)
        for stem, text in others.items():
            (folder / f"{stem}.toml").write_text(text)

    return Case(name, make, ("run", "bad.toml", *arguments), message, code)
