"""What `ohmlab fit` says to broken files of measured pulses: one line that names the place."""

import re
from pathlib import Path

import numpy as np
import pytest
from bad_input import Case, check, name_of
from conftest import Ohmlab

RISE = "a,b\n" + "".join(f"{0.1 * k},{0.11 * k}\n" for k in range(8))
FALL = "a,b\n" + "".join(f"{0.8 - 0.1 * k},{0.9 - 0.11 * k}\n" for k in range(8))
NORMALISED = ("--values", "normalised")


def pulses(
    name: str,
    text: str | bytes,
    message: str | re.Pattern[str],
    *arguments: str,
    code: int = 2,
    marks: tuple[str, ...] = ("--up", "bad", "--down", "fall"),
) -> Case:
    """A case of `bad.csv` beside a sound `fall.csv`."""

    def make(folder: Path) -> None:
        (folder / "bad.csv").write_bytes(text.encode() if isinstance(text, str) else text)
        (folder / "fall.csv").write_text(FALL)

    command = ("fit", "bad.csv", "fall.csv", *marks, "--out", "made.toml", *(arguments or NORMALISED))
    return Case(name, make, command, message, code)


def changed(old: str, new: str) -> str:
    assert old in RISE
    return RISE.replace(old, new, 1)


def no_columns(folder: Path) -> None:
    import h5py

    h5py.File(folder / "bad.h5", "w").close()


def text_in_hdf5(folder: Path) -> None:
    import h5py

    with h5py.File(folder / "bad.h5", "w") as file:
        file["a"] = np.zeros((2, 3, 4))


CASES = [
    pulses("empty", "", "bad.csv: expected columns of numbers, found an empty file"),
    pulses("comments only", "# a\n\n# b\n", "bad.csv: expected columns of numbers, found an empty file"),
    pulses("header only", "a,b\n", "bad.csv:1: column a: expected numbers below, found none"),
    pulses(
        "a word", changed("0.1,0.11", "0.1,high"),
        'bad.csv:3: column b = "high": expected a finite number, or a blank for a read that is missing',
    ),
    pulses(
        "infinite", changed("0.1,0.11", "inf,0.11"),
        'bad.csv:3: column a = "inf": expected a finite number, or a blank for a read that is missing',
    ),
    pulses(
        "not a number", changed("0.1,0.11", "nan,0.11"),
        'bad.csv:3: column a = "nan": expected a finite number, or a blank for a read that is missing',
    ),
    pulses("a cell too many", changed("0.1,0.11", "0.1,0.11,7"),
           "bad.csv:3: expected 2 columns as in line 1, found 3"),
    pulses("a cell too few", changed("0.1,0.11", "0.1"), "bad.csv:3: expected 2 columns as in line 1, found 1"),
    pulses(
        "decimal commas", "a;b\n0,1;0,2\n",
        'bad.csv:2: column a = "0,1": expected a finite number, with a point and not a comma for decimals',
    ),
    pulses("a unit in a cell", changed("0.1,0.11", "0.1 uS,0.11"),
           'bad.csv:3: column a = "0.1 uS": expected a finite number, or a blank for a read that is missing'),
    pulses("a name twice", changed("a,b", "a,a"),
           'bad.csv:1: column 2 = "a": expected a name that no other column has'),
    pulses("a name missing", changed("a,b", "a,"),
           "bad.csv:1: column 2: expected a name in the header, or numbers in all lines"),
    pulses("a zero byte", RISE.encode() + b"\0\n", "bad.csv:10: expected text, found a byte that is zero"),
    pulses("an empty column", "a,b\n" + "".join(f"{k},\n" for k in range(8)),
           "bad.csv:1: column b: expected numbers below, found none"),
    pulses("too few reads", "a,b\n1,2\n2,3\n", "bad.csv: column a: expected at least 4 reads, found 2"),
    pulses("a flat column", "a,b\n" + "".join(f"0.5,{k}\n" for k in range(8)),
           "bad.csv:2: column a = 0.5: expected reads that differ, found this value in all rows"),
    pulses(
        "a negative conductance", changed("0.1,0.11", "-0.1,0.11"),
        'bad.csv:3: column a = -0.1: expected a conductance that is not negative; for normalised values set values '
        'to "normalised"', "--hold-back", "0",
    ),
    pulses("a current against the voltage", changed("0.1,0.11", "-0.1,0.11"),
           "bad.csv:3: column a = -0.1: expected a current with the sign of read_voltage", "--read-voltage", "0.1"),
    pulses(
        "an impossible conductance", changed("0.1,0.11", "1e5,0.11"),
        'bad.csv:3: column a = 100000: expected at most 1000 S, found 100000 S; for normalised values set values to '
        '"normalised"', "--hold-back", "0",
    ),
    pulses("no direction", RISE,
           "bad.csv: column a: expected its direction: name the file or the column in up or down, or a column of "
           "pulse signs in signs", marks=("--up", "fall")),
    pulses("both directions", RISE, "bad.csv: column a: expected one direction, found it in both up and down",
           marks=("--up", "bad", "--down", "bad", "--down", "fall")),
    pulses("one direction only", RISE, "expected pulses up and down, found none that go down",
           marks=("--up", "bad", "--up", "fall")),
    pulses("an unknown mark", RISE,
           'down = "c": expected a file of the data, a column of one, or FILE:COLUMN',
           marks=("--up", "bad", "--down", "fall", "--down", "c")),
    pulses("no such signs", RISE, 'bad.csv: signs = "c": expected a column of the file',
           "--signs", "c", *NORMALISED, marks=()),
    pulses("a sign missing", "s,b\n1,1\n1,2\n,3\n1,4\n-1,5\n",
           "bad.csv:4: column s: expected a sign for every read, found a blank",
           "--signs", "s", *NORMALISED, marks=()),
    pulses("saturated throughout", RISE, "bad.csv: column a: expected at least 4 reads that are not saturated, "
           "found 2", "--saturated-high", "0.15", *NORMALISED),
    pulses("range upside down", RISE, re.compile("--(low|high).*expected low below high|.*expected low below high"),
           "--low", "1", "--high", "0", *NORMALISED),
    pulses("currents without a voltage", RISE,
           re.compile(".*expected a read_voltage, by which currents become conductances"), "--values", "current"),
    pulses("a range beside the data", RISE, re.compile("low, high = 5, 6: expected a range that holds reads, .*"),
           "--low", "5", "--high", "6", *NORMALISED),
    pulses("a voltage that is none", RISE, re.compile("--read-voltage: read_voltage = .*"), "--read-voltage", "high"),
    Case("no such file", lambda folder: None, ("fit", "none.csv"), re.compile("none.csv: .*No such file.*"), 1),
    Case("a folder", lambda folder: (folder / "bad.csv").mkdir(), ("fit", "bad.csv"),
         "bad.csv: expected a file of measured pulses, found a folder"),
    Case("hdf5 without datasets", no_columns, ("fit", "bad.h5"),
         "bad.h5: expected datasets of pulses, found none"),
    Case("hdf5 of three dimensions", text_in_hdf5, ("fit", "bad.h5"),
         'bad.h5: expected "a" of one or two dimensions, pulses × columns, found 3 dimensions'),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_broken_file_is_named(case: Case, ohmlab: Ohmlab) -> None:
    check(ohmlab, case)


def test_there_are_at_least_twenty() -> None:
    assert len({case.name for case in CASES}) >= 20
