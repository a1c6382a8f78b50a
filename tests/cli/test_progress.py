"""Progress as a terminal shows it."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from collections.abc import Callable

import pytest
from conftest import ENDLESS, HANG, Ohmlab, wait_until


class Terminal:
    """A terminal of so many columns on which the program writes its progress; `said` is all of it."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.set_blocking(self.ours, False)
        self.said = b""

    def listen(self) -> bytes:
        while True:
            try:
                piece = os.read(self.ours, 1 << 16)
            except (BlockingIOError, OSError):
                return self.said
            if not piece:
                return self.said
            self.said += piece

    def lines(self) -> list[str]:
        """The screen, scrolled back: a line that is too long goes on in the next, as on a real one."""
        screen, row, column = [""], 0, 0
        for match in re.finditer(r"\r|\n|\x1b\[K|.", self.said.decode(), re.DOTALL):
            piece = match[0]
            if piece == "\r":
                column = 0
            elif piece == "\n":
                row += 1
                screen.append("")
            elif piece == "\x1b[K":
                screen[row] = screen[row][:column]
            else:
                if column == self.columns:
                    row, column = row + 1, 0
                    screen.append("")
                screen[row] = screen[row][:column].ljust(column) + piece + screen[row][column + 1 :]
                column += 1
        return screen


def on_terminal(
    ohmlab: Ohmlab, terminal: Terminal, *arguments: str, ready: Callable[[], object] = lambda: False
) -> subprocess.Popen[bytes]:
    """Runs the program with its progress on the terminal, until it ends or something is `ready`."""

    def own_terminal() -> None:
        os.setsid()
        fcntl.ioctl(terminal.theirs, termios.TIOCSCTTY, 0)

    running = ohmlab.start(*arguments, stderr=terminal.theirs, preexec_fn=own_terminal)

    def listened() -> object:
        terminal.listen()
        return running.poll() is not None or ready()

    wait_until(listened)
    return running


@pytest.fixture
def ohmlab_on_screen(ohmlab: Ohmlab, monkeypatch: pytest.MonkeyPatch) -> Ohmlab:
    monkeypatch.setenv("TERM", "xterm")
    return ohmlab


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_a_bar_takes_one_line_of_any_terminal_and_leaves_none(
    ohmlab_on_screen: Ohmlab, quick: str, columns: int
) -> None:
    terminal = Terminal(columns)
    slow = ["--set", "training.epochs=20000", "--set", "evaluation.every=5000"]
    assert on_terminal(ohmlab_on_screen, terminal, "run", quick, *slow).returncode == 0
    drawn = [line.split("\x1b")[0] for line in terminal.listen().decode().split("\r")]
    assert sum("training" in line for line in drawn) >= 2
    assert max(len(line) for line in drawn) < columns
    assert "".join(terminal.lines()).strip() == ""


def test_the_message_after_ctrl_c_stands_on_a_line_of_its_own(ohmlab_on_screen: Ohmlab, quick: str) -> None:
    terminal = Terminal(80)
    arguments = ["run", quick, "--out", "x.h5", "--checkpoint", "0", *ENDLESS]
    state = ohmlab_on_screen.folder / "x.h5.state"
    running = on_terminal(
        ohmlab_on_screen, terminal, *arguments, ready=lambda: state.exists() and b"[" in terminal.said
    )
    os.write(terminal.ours, b"\x03")
    wait_until(lambda: terminal.listen() and running.poll() is not None)
    assert running.wait(timeout=HANG) == 128 + signal.SIGINT
    terminal.listen()
    assert b"^C" in terminal.said
    assert [line for line in terminal.lines() if line] == [
        "ohmlab: stopped; the same command goes on from x.h5.state"
    ]
