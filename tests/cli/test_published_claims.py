"""`ohmlab claims`: published claims billed again, as their reader meets them."""

import json

import pytest
from conftest import Ohmlab


def test_all_claims_are_printed(ohmlab: Ohmlab) -> None:
    said = ohmlab("claims").out
    assert said.count("inside the boundary") >= 4
    assert "no total at the node: standby, around are not stated" in said
    assert "78.4 nJ, 1 times the claim; 10000 times below its rival" in said
    assert "at least 1.03 uJ, 14.8 times the claim" in said


def test_a_figure_that_is_given_turns_a_bound_into_a_total(ohmlab: Ohmlab) -> None:
    before = ohmlab("claims", "z1_sample").out
    assert "chip                  at least" in before
    power = 'machine.standby={median="100 mW",evidence="assumed",source="ours"}'
    host = 'machine.around={median="10 W",evidence="assumed",source="ours"}'
    after = json.loads(ohmlab("claims", "z1_sample", "--set", power, "--set", host, "--json").out)["z1_sample"]
    node = after["bill"]["totals"][-1]
    assert node["unstated"] == []
    seconds = 2000 * 20e-9 + 25e-6 + 0.08
    assert after["bill"]["seconds"]["nominal"] == pytest.approx(seconds)
    parts = {part["name"]: part["joules"]["nominal"] for part in after["bill"]["parts"]}
    assert parts["around"] == pytest.approx(10 * seconds)
    assert node["stated"]["nominal"] == pytest.approx(sum(parts.values()))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["z1_sampel"], 'no such claim, did you mean "z1_sample"?'),
        (["z1_sample", "--set", "work.sweeps=0"], "expected a number above 0"),
        (["z1_sample", "--set", "machine.update.median=-1"], "expected a number at least 0"),
        (["z1_sample", "--set", "work.sweps=1"], 'did you mean "sweeps"?'),
    ],
)
def test_a_mistake_is_named(ohmlab: Ohmlab, arguments: list[str], message: str) -> None:
    done = ohmlab.any("claims", *arguments)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""


def test_a_claim_of_ones_own_needs_only_what_was_stated(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "mine.toml").write_text(
        'title = "mine"\nsays = "cheap"\nsource = "a talk"\nmachine = {title = "chip"}\n'
        "work = {nodes = 10, sweeps = 5}\n"
    )
    said = ohmlab("claims", "mine.toml").out
    assert "no total at the node: updates, standby, around are not stated" in said
    assert "time not stated" in said
