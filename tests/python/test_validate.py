"""Validation from Python: the same tables as the command's, with rows as numbers."""

import json
import os
import statistics
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


def test_training_comes_as_numbers_that_its_gates_are_made_of() -> None:
    found = ohmlab.validate("training")
    gates = {gate["name"]: gate["reached"] for gate in found["gates"]}
    assert "step time, largest error of points held out" in gates

    def errors(*series: str) -> list[float]:
        # Records of TPU v4 are shown and not scored: its rating is not published.
        unscored = {"PaLM 540B", "GLaM 64B/64E"} if "power" in series else set()
        points = [p for p in found["points"] if p["series"] in series and p["name"] not in unscored]
        assert all(point["p05"] <= point["median"] <= point["p95"] for point in points)
        return [abs(point["median"] / point["measured"] - 1) for point in points]

    steps, hours = errors("step time"), errors("accelerator-hours")
    assert len(steps) == 8
    assert gates["step time, largest error of all points"] == f"{100 * max(steps):.1f} %"
    median = f"median {100 * statistics.median(hours):.1f} %"
    assert gates["accelerator-hours of both, a family left out: this model"].startswith(median)
    power = f"{100 * statistics.mean(errors('power')):.1f} %"
    assert gates["node power while training, an accelerator left out, mean error"] == power
    energy = f"{100 * statistics.mean(errors('energy')):.1f} %"
    assert gates["energy of whole runs, an accelerator left out, mean error"] == energy


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ohmlab.UserError, match='did you mean "prices"'):
        ohmlab.validate("price")
