"""A device whose steps are in a file: the run depends on what the file says, not on where it lies."""

import re
from pathlib import Path

from conftest import QUICK, Ohmlab

TABLE = "up, 0.1, 0.9\n-1, 0.03, 0.05\n1, 0, 0.02\ndown, 0.5\n-1, -0.01\n1, -0.04\n"
CONFIG = QUICK + '[array]\nkind = "analog"\ndevice.pulse = {kind = "measured_table", file = "FILE"}\n'


def file_of(ohmlab: Ohmlab, text: str, table: str, name: str) -> str:
    (ohmlab.folder / name).write_text(table)
    (ohmlab.folder / "x.toml").write_text(text.replace("FILE", name))
    done = ohmlab("run", "x.toml", "--json")
    assert done.code == 0, done.err
    found = re.search(r"x-([0-9a-f]{16})\.h5", done.out)
    assert found, done.out
    return found[1]


def test_the_id_is_that_of_the_content(ohmlab: Ohmlab) -> None:
    first = file_of(ohmlab, CONFIG, TABLE, "a.csv")
    assert file_of(ohmlab, CONFIG, TABLE, "b.csv") == first
    assert file_of(ohmlab, CONFIG, TABLE.replace("0.05", "0.06"), "a.csv") != first


def test_what_is_wrong_is_told_with_file_and_line(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "x.toml").write_text(CONFIG)
    done = ohmlab.any("run", "x.toml")
    assert done.code == 2
    assert 'array.device.pulse.file = "FILE": no such file' in done.err
    (ohmlab.folder / "FILE").write_text(TABLE.replace("0.05", "0.01"))
    done = ohmlab.any("run", "x.toml")
    assert done.code == 2
    assert re.search(r"FILE:2: .*steps that do not fall", done.err), done.err


def test_the_jobs_of_a_sweep_read_the_table(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "steps.csv").write_text(TABLE)
    sweep = '[sweep]\nreport = ["test_log_likelihood"]\n[[sweep.axes]]\nkey = "training.rate"\nvalues = [0.05, 0.2]\n'
    (ohmlab.folder / "s.toml").write_text(CONFIG.replace("FILE", "steps.csv") + sweep)
    done = ohmlab("sweep", "s.toml", "--out", "out", "--jobs", "2")
    assert done.code == 0, done.err
    ids = {path.stem for path in Path(ohmlab.folder / "out").glob("*.h5")} - {"index"}
    assert len(ids) == 2
    single = {
        re.search(r"-([0-9a-f]{16})\.h5", ohmlab("run", "x.toml", "--set", f"training.rate={rate}").out)
        for rate in (0.05, 0.2)
        if (ohmlab.folder / "x.toml").write_text(CONFIG.replace("FILE", "steps.csv"))
    }
    assert {found[1] for found in single if found} == ids
