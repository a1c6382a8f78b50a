"""`ohmlab NAME` runs a program `ohmlab-NAME` on the PATH, as git does."""

import os
import subprocess

from conftest import HANG, Ohmlab, Outcome


def with_program(ohmlab: Ohmlab, name: str, text: str, mode: int = 0o755) -> None:
    folder = ohmlab.folder / "path"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(mode)


def call(ohmlab: Ohmlab, *arguments: str) -> Outcome:
    environment = ohmlab.environment | {"PATH": f"{ohmlab.folder / 'path'}:{os.environ['PATH']}"}
    done = subprocess.run(
        [ohmlab.program, *arguments], cwd=ohmlab.folder, env=environment, capture_output=True, timeout=HANG
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_an_unknown_command_is_the_program_of_that_name_with_its_arguments_and_exit_code(
    ohmlab: Ohmlab,
) -> None:
    with_program(ohmlab, "ohmlab-report", '#!/bin/sh\nprintf "%s|" "$@"\nexit 7\n')
    assert call(ohmlab, "report", "a b", "--json", "-x") == Outcome(7, "a b|--json|-x|", "")


def test_own_commands_come_first(ohmlab: Ohmlab) -> None:
    with_program(ohmlab, "ohmlab-describe", "#!/bin/sh\necho mine\n")
    assert "mine" not in call(ohmlab, "describe").out


def test_without_such_a_program_the_known_commands_are_named(ohmlab: Ohmlab) -> None:
    outcome = call(ohmlab, "rnu")
    assert outcome.code == 2
    assert outcome.err.startswith('ohmlab: no command "rnu", did you mean "run"?; there are: ')


def test_a_path_is_no_name_of_a_command(ohmlab: Ohmlab) -> None:
    with_program(ohmlab, "ohmlab-x", "#!/bin/sh\necho mine\n")
    assert call(ohmlab, "../path/ohmlab-x").code == 2


def test_a_program_that_cannot_be_run_is_the_worlds_fault(ohmlab: Ohmlab) -> None:
    with_program(ohmlab, "ohmlab-broken", "#!/nowhere/interpreter\n", 0o644)
    outcome = call(ohmlab, "broken")
    assert outcome.code == 1
    assert outcome.err.startswith("ohmlab: ohmlab-broken: ")
    assert outcome.out == ""
