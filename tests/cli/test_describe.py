import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Ohmlab

REFERENCE = Path(__file__).parents[2] / "docs/reference.md"
SUPPORT = REFERENCE.with_name("support.md")
TYPE = re.compile(r"(table of lists? of |list of |table of )?(number|flag|integer|text|path|choice|catalogue|table|value)s?")
Tree = dict[str, Any]


def rooms(ohmlab: Ohmlab, *arguments: str) -> list[Tree]:
    return json.loads(ohmlab("describe", *arguments, "--json").out)


def catalogues(ohmlab: Ohmlab) -> list[tuple[Tree, Tree]]:
    return [(room, catalogue) for room in rooms(ohmlab) for catalogue in room["catalogues"]]


def all_fields(entry: Tree) -> list[Tree]:
    found = []
    waiting = list(entry["fields"])
    while waiting:
        field = waiting.pop()
        found.append(field)
        waiting += field.get("fields", [])
    return found


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_overview_shows_every_room_catalogue_and_entry(ohmlab: Ohmlab) -> None:
    lines = ohmlab("describe").out.splitlines()
    for room, catalogue in catalogues(ohmlab):
        assert f"{room['name']}: {room['holds']}" in lines
        assert f"  {catalogue['name']:<12} {catalogue['question']}" in lines
        for entry in catalogue["entries"]:
            assert f"    {entry['name']:<18} {entry['summary']}" in lines


def test_the_rooms_one_chooses_from_are_there(ohmlab: Ohmlab) -> None:
    assert {"cost", "crossbar", "ebm", "io", "lab"} <= {room["name"] for room in rooms(ohmlab)}


def test_a_room_shows_all_that_can_be_set_in_it(ohmlab: Ohmlab) -> None:
    for room in rooms(ohmlab):
        out = words(ohmlab("describe", room["name"]).out)
        for catalogue in room["catalogues"]:
            assert f"{catalogue['name']}: {words(catalogue['question'])}" in out
            for entry in catalogue["entries"]:
                chosen = f'kind = "{entry["name"]}"' if catalogue["by_kind"] else f"[{entry['name']}]"
                assert f"{chosen} {words(entry['summary'])}" in out
                for field in all_fields(entry):
                    assert f"{field['name']} {words(field['meaning'])} ({field['type']}" in out


def test_every_entry_can_be_asked_for_by_name(ohmlab: Ohmlab) -> None:
    for room, catalogue in catalogues(ohmlab):
        for entry in catalogue["entries"]:
            (found,) = rooms(ohmlab, room["name"], entry["name"])
            named = [each for part in found["catalogues"] for each in part["entries"]]
            assert entry in named
            assert {each["name"] for each in named} == {entry["name"]}


def test_every_catalogue_can_be_asked_for_by_name(ohmlab: Ohmlab) -> None:
    for room, catalogue in catalogues(ohmlab):
        (found,) = rooms(ohmlab, room["name"], catalogue["name"])
        assert catalogue in found["catalogues"]


def test_an_entry_is_described_without_its_neighbours(ohmlab: Ohmlab) -> None:
    out = ohmlab("describe", "ebm", "pcd").out
    assert 'kind = "pcd"' in out
    assert 'kind = "cd"' not in out
    assert "chains" in out
    assert "source: Tieleman" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["emb"], 'no room "emb", did you mean "ebm"?; there are: '),
        (["zoology"], 'no room "zoology"; there are: '),
        (["ebm", "rul"], 'no catalogue or entry "rul", did you mean "rule"?; there are: '),
        (
            ["ebm", "comparater"],
            'no catalogue or entry "comparater", did you mean "comparator"?; there are: ',
        ),
        (["io", "zoology"], 'no catalogue or entry "zoology"; there are: '),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(
    ohmlab: Ohmlab, arguments: list[str], message: str
) -> None:
    outcome = ohmlab.any("describe", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"ohmlab: {message}")
    assert outcome.err.count("\n") == 1


def test_every_field_says_what_it_is(ohmlab: Ohmlab) -> None:
    found = catalogues(ohmlab)
    names = {catalogue["name"] for _, catalogue in found}
    for _, catalogue in found:
        assert catalogue["question"].endswith("?")
        for entry in catalogue["entries"]:
            assert entry["summary"].endswith("."), entry["name"]
            for field in all_fields(entry):
                where = f"{catalogue['name']} {entry['name']} {field['name']}"
                assert field["meaning"].strip(), where
                assert TYPE.fullmatch(field["type"]), where
                assert isinstance(field["required"], bool), where
                assert all(isinstance(field[key], str) for key in ("unit", "allowed", "default")), where
                if field["type"] == "catalogue":
                    assert field["catalogue"] in names, where
                if field["type"] in ("number", "integer", "flag", "choice") and not field["required"]:
                    assert field["default"] or field["allowed"], where


def test_a_default_is_one_of_the_allowed_choices(ohmlab: Ohmlab) -> None:
    for _, catalogue in catalogues(ohmlab):
        for field in [field for entry in catalogue["entries"] for field in all_fields(entry)]:
            if field["type"] in ("catalogue", "choice") and field["default"]:
                assert field["default"] in field["allowed"].split(", "), field["name"]


def test_the_reference_in_docs_is_what_the_program_says(ohmlab: Ohmlab) -> None:
    said = ohmlab("describe", "--markdown").out
    kept = REFERENCE.read_text() if REFERENCE.exists() else ""
    assert kept == said, (
        "docs/reference.md is not what the program says of itself. "
        "Make it anew: ohmlab describe --markdown > docs/reference.md"
    )


def test_every_table_of_the_reference_is_rectangular(ohmlab: Ohmlab) -> None:
    table_rows = [line for line in ohmlab("describe", "--markdown").out.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in table_rows} == {7}


def test_what_acts_where_is_what_the_program_finds(ohmlab: Ohmlab) -> None:
    said = ohmlab("describe", "--support").out
    assert SUPPORT.read_text() == said, "docs/support.md is old: ohmlab describe --support > docs/support.md"
    matrix, memory = said.split("# Memory of a simulation")
    assert "| soft_bounds | 36 |" in memory and "| agad | 2 | 12.2 |" in memory
    lines = [line.strip("| ").split(" | ") for line in matrix.splitlines() if line.startswith("| ")]
    operations = lines[0][1:]
    table = {row[0]: dict(zip(operations, row[1:], strict=True)) for row in lines[1:]}
    noise = table["white read noise"]
    assert noise["read"] == noise["decide"] == noise["tiki_taka"] == noise["verify"] == "acts"
    assert noise["program"] == noise["direct"] == noise["mixed_precision"] == "-"
    assert table["drivers of few bits"]["direct"] == table["converters of few bits"]["sign"] == "-"
    assert table["noise of steps"]["direct"] == "acts" and table["noise of steps"]["program"] == "-"
    assert not any(of.isdigit() for of in table["wires, exact"].values())
    assert table["wires, exact"]["direct"] == "-"
