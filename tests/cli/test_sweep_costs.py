"""Costs of a finished sweep from its folder."""

import json

import pytest
from conftest import QUICK, Ohmlab

SWEEP = """
[sweep]
repeats = 2
[[sweep.axes]]
key = "model.hidden"
values = [2, 4]
[[sweep.axes]]
key = "array"
values = ["ideal", {kind = "analog", device = {base = "devices/gokmen_vlasov"}}]
"""


def test_a_sweep_has_a_row_for_each_point_with_the_bill_of_its_file(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "sweep.toml").write_text(QUICK + SWEEP)
    ohmlab("sweep", "sweep.toml", "--out", "out")
    points = json.loads(ohmlab("price", "out", "--json", "--draws", "100").out)["points"]
    assert [point["at"] for point in points[:3]] == [
        {"hidden": "2", "array": "ideal", "repeat": "0"},
        {"hidden": "2", "array": "ideal", "repeat": "1"},
        {"hidden": "2", "array": "analog", "repeat": "0"},
    ]
    for point in points:
        file = f"out/{point['id']}.h5"
        alone = json.loads(ohmlab("price", file, "--json", "--draws", "100").out)[file]
        billed = {(row["system"], row["place"]): row for row in alone if not row["unpriced"]}
        shown = {(row["system"], row["place"]): row for row in point["bills"] if "unpriced" not in row}
        assert shown.keys() == billed.keys()
        assert point["ran"] == alone[0]["system"]
        for key, row in shown.items():
            assert row["joules"]["core"] == billed[key]["energy_core_J"]
    lines = ohmlab("price", "out").out.splitlines()
    assert len(lines) == 10 and lines[1].split()[:4] == ["hidden", "array", "repeat", "machine"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["."], "index.h5: expected the index of a finished sweep, found no file"),
        ([".", "x.h5"], "expected the folder of one sweep, or files"),
        ([".", "--full"], "price files: expected DIR/*.h5 instead of the folder"),
    ],
)
def test_a_folder_that_is_no_sweep_is_refused(ohmlab: Ohmlab, arguments: list[str], message: str) -> None:
    outcome = ohmlab.any("price", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err and outcome.err.count("\n") == 1
