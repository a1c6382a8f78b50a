"""What is validated against published figures, from the command line."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from bad_input import Case, check
from conftest import Ohmlab

SURVEY = Path(__file__).parents[2] / "configs/validation/survey.toml"


def test_prices_are_printed_with_gates_causes_and_sources(ohmlab: Ohmlab) -> None:
    said = json.loads(ohmlab("validate", "prices", "--json").out)["prices"]
    text = ohmlab("validate", "prices").out
    assert text.startswith(said["title"])
    for gate in said["gates"]:
        assert f"{gate['name']}: {gate['reached']}" in text
        assert gate["met"] or gate["cause"]
    for table in said["tables"]:
        assert table["head"][-2:] == ["checked", "source"]
        assert all(row[-1] and row[-2] for row in table["rows"])
    calibrated, blind, excluded, laws, macro_prices = said["tables"]
    for table in (calibrated, blind):
        cause = table["head"].index("cause")
        verdict = cause - 1
        assert {row[verdict] for row in table["rows"]} <= {"hit", "miss"}
        assert all(bool(row[cause]) == (row[verdict] == "miss") for row in table["rows"])
    rows = {row[0] for row in blind["rows"]} | {row[0] for row in excluded["rows"]}
    assert {"HERMES core", "Mythic M1076", "STELLAR", "Liu 130 nm"} <= rows
    assert len(laws["rows"]) >= 4
    for row in macro_prices["rows"]:
        assert row[1] == row[2]  # the default list is the fit of the survey
    gates = {gate["name"]: gate for gate in said["gates"]}
    assert not any("widest" in name and gate["goal"] for name, gate in gates.items())


def test_points_are_numbers_of_the_table(ohmlab: Ohmlab) -> None:
    said = json.loads(ohmlab("validate", "prices", "--json").out)["prices"]
    measured = {point["name"]: point["measured"] for point in said["points"] if point["series"] == "blind"}
    blind = said["tables"][1]
    column = blind["head"].index("measured")
    for row in blind["rows"]:
        assert f"{1e12 * measured[row[0]]:.3g}" == f"{float(row[column]):.3g}"


@pytest.mark.parametrize(
    ("cut", "put", "message"),
    [
        ("source = .*\n", "", r"rows\.source: is missing: publication of the figures"),
        ("source = .*", 'source = " "', r"rows: source is empty: no figure without one"),
        ("checked = .*", 'checked = ""', r"rows: checked is empty: expected how its figures were checked"),
        ("efficiency = .*", 'efficiency = "740 W"', r"rows\.efficiency = \"740 W\": expected a number in OP/J.*"),
    ],
    ids=["no_source", "empty_source", "unchecked", "wrong_unit"],
)
def test_a_row_of_the_survey_that_is_no_evidence_is_refused(
    ohmlab: Ohmlab, cut: str, put: str, message: str
) -> None:
    def write(folder: Path) -> None:
        (folder / "validation").mkdir()
        (folder / "validation/survey.toml").write_text(re.sub(cut, put, SURVEY.read_text(), count=1))

    expected = re.compile(r"validation/survey\.toml:\d+: " + message)
    check(ohmlab, Case("", write, ("validate", "prices"), expected))


def test_records_and_lists_in_the_current_folder_are_read_first_and_named(ohmlab: Ohmlab) -> None:
    """The order of docs/adding.md, seen from outside: current folder, $OHMLAB_CONFIGS, then what is installed."""
    installed = ohmlab("validate", "law").out
    (line,) = [line for line in installed.splitlines() if line.startswith("read from ")]
    assert line.endswith("/configs/validation/runs.toml") and not line.startswith("read from validation")

    shelf = ohmlab.folder / "shelf"
    (shelf / "validation").mkdir(parents=True)
    runs = (SURVEY.parent / "runs.toml").read_text()
    (shelf / "validation/runs.toml").write_text(runs)

    def files() -> list[str]:
        command = [ohmlab.program, "validate", "law", "--json"]
        shelved = ohmlab.environment | {"OHMLAB_CONFIGS": str(shelf)}
        done = subprocess.run(command, cwd=ohmlab.folder, env=shelved, capture_output=True, check=True)
        return json.loads(done.stdout)["law"]["files"]

    assert files() == [str(shelf / "validation/runs.toml")]
    (ohmlab.folder / "validation").mkdir()
    (ohmlab.folder / "validation/runs.toml").write_text(runs)
    assert files() == ["validation/runs.toml"]


def test_the_exit_code_says_whether_all_device_presets_hold(ohmlab: Ohmlab) -> None:
    held = ohmlab("validate", "devices")
    assert "does not hold" not in held.err and "met  reram_sb" in held.out
    (ohmlab.folder / "validation").mkdir()
    check = "preset = 'capacitor'\nquantity = 'states'\nvalue = 399.0\nsource = 'wrong on purpose'\n"
    (ohmlab.folder / "validation/devices.toml").write_text(f"[[checks]]\n{check}")
    refused = ohmlab.any("validate", "devices")
    assert refused.code == 1
    assert "does not hold: capacitor" in refused.err and "MISS capacitor: 0 of 1" in refused.out
