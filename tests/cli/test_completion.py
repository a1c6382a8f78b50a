"""Completion, in a real shell."""

import json
import shutil
import subprocess

import pytest
from conftest import Ohmlab

BASH = r"""
source <(ohmlab completion bash)
COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=() COMP_CWORD=0
read -r -d '' -a words < <(printf '%s' "${1//=/ = }")
COMP_WORDS=("${words[@]}")
[[ $1 == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; }
_ohmlab
printf '%s\n' "${COMPREPLY[@]}"
"""


def completed(ohmlab: Ohmlab, line: str) -> list[str]:
    """Candidates that bash has for the end of a command line, split into words as bash splits it."""
    path = {"PATH": f"{ohmlab.program.parent}:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "--norc", "-c", BASH, "bash", line],
        cwd=ohmlab.folder,
        env=ohmlab.environment | path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_every_command_is_offered(ohmlab: Ohmlab) -> None:
    listed = completed(ohmlab, "ohmlab ")
    helped = ohmlab("--help").out.lower().split("subcommands:")[1]
    commands = {line.split()[0] for line in helped.splitlines() if line.startswith("  ") and line[2] != " "}
    assert set(listed) == commands and {"run", "sweep", "presets", "completion"} <= commands
    assert completed(ohmlab, "ohmlab sw") == ["sweep"]


@pytest.mark.parametrize("command", ["run", "sweep", "price", "describe", "fit", "validate", "verdict", "presets"])
def test_every_option_that_the_help_shows_is_offered(ohmlab: Ohmlab, command: str) -> None:
    offered = completed(ohmlab, f"ohmlab {command} --")
    helped = ohmlab(command, "--help").out
    assert offered and "--help" in offered and "--worker" not in offered
    shown = {
        word.rstrip(",") for line in helped.splitlines() for word in line.split()[:2] if word.startswith("--")
    }
    assert shown <= set(offered)
    assert all(option in helped for option in offered)


def test_presets_are_offered_where_a_config_is_named(ohmlab: Ohmlab) -> None:
    names = [preset["name"] for preset in json.loads(ohmlab("presets", "experiments", "--json").out)]
    assert completed(ohmlab, "ohmlab run ") == names
    assert completed(ohmlab, "ohmlab run experiments/rbm_digits_") == [
        "experiments/rbm_digits_analog",
        "experiments/rbm_digits_reram",
    ]
    assert "devices/pcm" in completed(ohmlab, "ohmlab verdict devices/")
    assert completed(ohmlab, "ohmlab price r.h5 --prices sil") == ["silicon"]
    assert completed(ohmlab, "ohmlab price r.h5 --prices=sil") == ["silicon"]
    assert completed(ohmlab, "ohmlab sweep sweeps/dev") == ["sweeps/device_adc"]


def test_rooms_and_their_entries_are_offered_to_describe(ohmlab: Ohmlab) -> None:
    assert "devices" in completed(ohmlab, "ohmlab describe ")
    entries = completed(ohmlab, "ohmlab describe devices soft_b")
    assert "soft_bounds" in entries and all(entry.startswith("soft_b") for entry in entries)


def test_keys_are_offered_level_by_level(ohmlab: Ohmlab) -> None:
    assert completed(ohmlab, "ohmlab run experiments/rbm_digits --set tr") == ["training."]
    offered = completed(ohmlab, "ohmlab run experiments/rbm_digits --set training.")
    assert {"training.rate=", "training.epochs="} <= set(offered)
    assert completed(ohmlab, "ohmlab run experiments/rbm_digits --set training.ep") == ["training.epochs="]


def test_keys_are_those_of_the_kinds_that_the_config_has(ohmlab: Ohmlab) -> None:
    ideal = completed(ohmlab, "ohmlab run experiments/rbm_digits --set array.")
    analog = completed(ohmlab, "ohmlab run experiments/rbm_digits_analog --set array.")
    assert "array.device." in analog and "array.device." not in ideal
    switched = completed(ohmlab, "ohmlab run experiments/rbm_digits --set array.kind=analog --set array.")
    assert "array.device." in switched


def test_every_offered_key_is_one_that_the_program_knows(ohmlab: Ohmlab, quick: str) -> None:
    """A key of the list is never called unknown."""
    for key in completed(ohmlab, f"ohmlab run {quick} --set rule."):
        if key.endswith("="):
            said = ohmlab.any("run", quick, "--show", "--set", f"{key}0.5").err
            assert "unknown key" not in said, key


def test_names_of_kinds_are_offered_behind_the_equals_sign(ohmlab: Ohmlab, quick: str) -> None:
    assert completed(ohmlab, f"ohmlab run {quick} --set array.kind=an") == ["analog"]
    assert {"analog", "ideal"} <= set(completed(ohmlab, f"ohmlab run {quick} --set array.kind="))


def test_file_names_are_left_to_the_shell(ohmlab: Ohmlab) -> None:
    assert completed(ohmlab, "ohmlab price ./res") == []


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_takes_the_script(ohmlab: Ohmlab) -> None:
    script = "autoload -Uz compinit && compinit -u -D; source <(ohmlab completion zsh); print ${_comps[ohmlab]}"
    path = {"PATH": f"{ohmlab.program.parent}:/usr/bin:/bin"}
    done = subprocess.run(
        ["zsh", "-f", "-c", script], env=ohmlab.environment | path, capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("_ohmlab", "")
