"""Validation from Python: the same tables as the command's, with rows as numbers."""

import json
import os
import subprocess

import ohmlab
import pytest


def test_prices_come_as_numbers_and_are_the_commands() -> None:
    found = ohmlab.validate("prices")
    blind = {point["name"]: point for point in found["points"] if point["series"] == "blind"}
    assert len(blind) == 14
    assert blind["HERMES core"]["node"] == pytest.approx(14e-9)
    # 10.5 TOPS/W
    assert blind["HERMES core"]["measured"] == pytest.approx(1 / 10.5e12)
    assert {point["series"] for point in found["points"]} == {"blind", "calibrated", "node alone"}
    command = [os.environ["OHMLAB_PROGRAM"], "validate", "prices", "--json"]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert said["prices"] == found


def test_training_has_its_gates() -> None:
    names = [gate["name"] for gate in ohmlab.validate("training")["gates"]]
    assert "step time, largest error of points held out" in names


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ohmlab.UserError, match='did you mean "prices"'):
        ohmlab.validate("price")
