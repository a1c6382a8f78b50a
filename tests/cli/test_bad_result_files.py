"""What the program says to broken result files."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from bad_input import Case, check
from conftest import Ohmlab
from sealed import resealed


def cut(length: int) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(path.read_bytes()[:length])


def whole(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def edited(change: Callable[[h5py.File], None]) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        with resealed(path) as file:
            change(file)

    return edit


def without(name: str) -> Callable[[Path], None]:
    return edited(lambda file: file.__delitem__(name))


def replaced(name: str, values: Any) -> Callable[[Path], None]:
    def replace(file: h5py.File) -> None:
        labels = {key: file[name].attrs[key] for key in ("units", "long_name") if key in file[name].attrs}
        del file[name]
        file[name] = values
        file[name].attrs.update(labels)

    return edited(replace)


def text_in(name: str, text: str) -> Callable[[Path], None]:
    return edited(lambda file: file[name].__setitem__(0, text))


def number_in(name: str, number: float) -> Callable[[Path], None]:
    return edited(lambda file: file[name].__setitem__(0, number))


def attribute(name: str, content: Any) -> Callable[[Path], None]:
    return edited(lambda file: file.attrs.__setitem__(name, content))


def emptied(file: h5py.File) -> None:
    for name in [*file]:
        del file[name]
    for name in [*file.attrs]:
        del file.attrs[name]


Damage = Callable[[Path], object]
TRUNCATED = re.compile(r"quick\.h5: expected a complete HDF5 file, found a truncated one \(.+\)")
RESULT_FILES: list[tuple[str, Damage, str | re.Pattern[str]]] = [
    ("empty", cut(0), "expected an HDF5 file, found an empty file"),
    ("four bytes", cut(4), "expected an HDF5 file, found a file starting with 6f 68 6d 6c"),
    ("cut off in the first line of its seal", cut(8), TRUNCATED),
    ("cut off in its seal", cut(96), TRUNCATED),
    ("cut off after its seal", cut(512), TRUNCATED),
    ("cut off at a kilobyte", cut(1024), TRUNCATED),
    ("cut off in the middle", cut(20000), TRUNCATED),
    ("without its last byte", cut(-1), TRUNCATED),
    ("text", whole(b"{}\n"), "expected an HDF5 file, found a file starting with 7b 7d 0a"),
    ("zip file", whole(b"PK\x03\x04" + bytes(60)), "expected an HDF5 file, found a zip file"),
    (
        "empty HDF5 file",
        edited(emptied),
        "expected a result file of ohmlab, found an HDF5 file of another kind",
    ),
    (
        "another format",
        attribute("format", "thesis"),
        "expected a result file of ohmlab, found an HDF5 file of another kind",
    ),
    (
        "format that is no text",
        attribute("format", 1),
        "expected text values in attribute format of /, found int64",
    ),
    ("later schema", attribute("schema", 4), "expected schema 3, found schema 4; run it again"),
    (
        "schema that is no number",
        attribute("schema", "1"),
        "expected int64 values in attribute schema of /, found text",
    ),
    (
        "no schema",
        edited(lambda file: file.attrs.__delitem__("schema")),
        "expected attribute schema of /, found none",
    ),
    ("no id", edited(lambda file: file.attrs.__delitem__("id")), "expected attribute id of /, found none"),
    *[
        (f"no {name}", without(name), f"expected a group /{name}, found none")
        for name in ("quality", "metrics", "model")
    ],
    ("no run", without("run"), "expected attribute version of /run, found no /run"),
    ("no config", without("config"), "expected a dataset /config, found none"),
    ("no epochs", without("metrics/epoch"), "expected a dataset /metrics/epoch, found none"),
    ("no systems", without("systems"), "expected a dataset /systems/name, found none"),
    ("no tally", without("tally"), "expected a dataset /tally/system, found none"),
    ("no holdings", without("holdings"), "expected a dataset /holdings/system, found none"),
    ("no systems of the tally", without("tally/system"), "expected a dataset /tally/system, found none"),
    ("no actions", without("tally/action"), "expected a dataset /tally/action, found none"),
    ("no counts of holdings", without("holdings/count"), "expected a dataset /holdings/count, found none"),
    (
        "short column",
        replaced("systems/tokens", np.zeros(1)),
        "expected shape [3] of /systems/tokens, found [1]",
    ),
    (
        "column of two dimensions",
        replaced("systems/tokens", np.zeros((2, 2))),
        "expected shape [3] of /systems/tokens, found [2, 2]",
    ),
    (
        "column of texts",
        replaced("systems/tokens", ["a", "b", "c"]),
        "expected float64 values in /systems/tokens, found text",
    ),
    (
        "column of numbers",
        replaced("systems/name", np.zeros(3)),
        "expected text values in /systems/name, found float64",
    ),
    (
        "systems of no dimension",
        replaced("tally/system", "simulated"),
        "expected one dimension of /tally/system, found 0",
    ),
    (
        "systems of two dimensions",
        replaced("systems/name", [["a", "b"], ["c", "d"]]),
        "expected one dimension of /systems/name, found 2",
    ),
    (
        "short metric",
        replaced("metrics/log_z", np.zeros(2)),
        "expected shape [5] of /metrics/log_z, found [2]",
    ),
    (
        "metric of two dimensions",
        replaced("metrics/log_z", np.zeros((5, 2))),
        "expected shape [5] of /metrics/log_z, found [5, 2]",
    ),
    (
        "quality of two values",
        replaced("quality/log_z", np.zeros(2)),
        "expected one value in /quality/log_z, found shape [2]",
    ),
    (
        "weights that are one number",
        replaced("model/weights", 1.0),
        "expected 1 or 2 dimensions of /model/weights, found 0",
    ),
    (
        "weights of three dimensions",
        replaced("model/weights", np.zeros((2, 2, 2))),
        "expected 1 or 2 dimensions of /model/weights, found 3",
    ),
    (
        "group for a dataset",
        edited(lambda file: (file.__delitem__("config"), file.create_group("config"))[0]),
        "expected a dataset /config, found a group",
    ),
    (
        "no unit",
        edited(lambda file: file["quality/log_z"].attrs.__delitem__("units")),
        "expected attribute units of /quality/log_z, found none",
    ),
    *[
        (
            f"{name} in {column}",
            number_in(column, number),
            f"expected finite numbers from 0 in /{column}, found {name}",
        )
        for column in (
            "tally/count",
            "tally/serial",
            "tally/joules",
            "tally/duration",
            "tally/parameter",
            "holdings/count",
            "holdings/parameter",
            "systems/tokens",
        )
        for name, number in (("nan", np.nan), ("inf", np.inf), ("-1", -1))
    ],
    (
        "dataset of 8 TiB",
        edited(lambda file: file["model"].create_dataset("w", shape=(1 << 40,), dtype="f8", chunks=(1024,))),
        "expected at most 17179869184 bytes in /model/w, found shape [1099511627776]",
    ),
    (
        "group among the quality",
        edited(lambda file: file["quality"].create_group("g")),
        "expected attribute units of /quality/g, found none",
    ),
    (
        "link to itself",
        edited(
            lambda file: (file.__delitem__("config"), file.__setitem__("config", h5py.SoftLink("/config")))
        ),
        "expected a dataset /config, found none",
    ),
    (
        "link to a file that is not there",
        edited(
            lambda file: (
                file.__delitem__("config"),
                file.__setitem__("config", h5py.ExternalLink("x.h5", "/")),
            )
        ),
        "expected a dataset /config, found none",
    ),
    (
        "no axis",
        edited(lambda file: file["metrics"].attrs.__delitem__("axis")),
        "expected attribute axis of /metrics, found none",
    ),
    (
        "unknown action",
        text_in("tally/action", "levitate"),
        'expected actions this version knows, found "levitate"',
    ),
    (
        "unknown part",
        text_in("holdings/part", "flywheel"),
        'expected parts this version knows, found "flywheel"',
    ),
    (
        "unknown system",
        text_in("tally/system", "abacus"),
        'expected systems listed in /systems, found "abacus"',
    ),
]


# What a bill is no function of, as messages name it.
UNBILLED = re.compile(r" /(config|metrics|model|quality|run)\b|attribute id")


def without_warnings(out: str) -> list[str]:
    """Lines of a bill; what stands above it is a function of final figures that a bill does not need."""
    return [line for line in out.splitlines() if not line.startswith("WARNING: ")]


@pytest.mark.parametrize("command", ["price", "run"])
@pytest.mark.parametrize(
    ("damage", "message"), [pytest.param(*rest, id=name.replace(" ", "_")) for name, *rest in RESULT_FILES]
)
def test_a_broken_result_file_is_named_with_what_was_expected_and_found(
    ohmlab: Ohmlab, quick: str, result: Path, damage: Damage, message: str | re.Pattern[str], command: str
) -> None:
    arguments = ("price", "quick.h5") if command == "price" else ("run", quick, "--out", "quick.h5")
    bill = without_warnings(ohmlab("price", "quick.h5", "--full").out)
    damage(result)
    broken = result.read_bytes()
    if command == "price" and isinstance(message, str) and UNBILLED.search(message):
        assert without_warnings(ohmlab(*arguments, "--full").out) == bill
    else:
        expected = message if isinstance(message, re.Pattern) else f"quick.h5: {message}"
        check(ohmlab, Case("", lambda _: None, arguments, expected))
    assert result.read_bytes() == broken


def test_a_result_file_that_is_not_there_is_the_worlds_fault(ohmlab: Ohmlab) -> None:
    message = "none.h5: cannot be opened: No such file or directory"
    check(ohmlab, Case("", lambda _: None, ("price", "none.h5"), message, 1))


def test_a_folder_is_no_result_file(ohmlab: Ohmlab, quick: str) -> None:
    (ohmlab.folder / "x.h5").mkdir()
    read, written = "x.h5/index.h5: expected the index of a finished sweep, found no file", "x.h5: expected the name of a file, found a folder"
    check(ohmlab, Case("", lambda _: None, ("price", "x.h5"), read))
    check(ohmlab, Case("", lambda _: None, ("run", quick, "--out", "x.h5"), written))


def test_one_broken_result_among_others_stops_the_pricing(ohmlab: Ohmlab, result: Path) -> None:
    (ohmlab.folder / "broken.h5").write_text("no result")
    outcome = ohmlab.any("price", "quick.h5", "broken.h5", "--json")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("ohmlab: broken.h5: expected an HDF5 file, found ")
