"""What is validated against published figures, from the command line."""

import json

from conftest import Ohmlab


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
    calibrated, blind, excluded = said["tables"]
    for table in (calibrated, blind):
        cause = table["head"].index("cause")
        verdict = cause - 1
        assert {row[verdict] for row in table["rows"]} <= {"hit", "miss"}
        assert all(bool(row[cause]) == (row[verdict] == "miss") for row in table["rows"])
    rows = {row[0] for row in blind["rows"]} | {row[0] for row in excluded["rows"]}
    assert {"HERMES core", "Mythic M1076", "STELLAR", "Liu 130 nm"} <= rows


def test_points_are_numbers_of_the_table(ohmlab: Ohmlab) -> None:
    said = json.loads(ohmlab("validate", "prices", "--json").out)["prices"]
    measured = {point["name"]: point["measured"] for point in said["points"] if point["series"] == "blind"}
    blind = said["tables"][1]
    column = blind["head"].index("measured")
    for row in blind["rows"]:
        assert f"{1e12 * measured[row[0]]:.3g}" == f"{float(row[column]):.3g}"
