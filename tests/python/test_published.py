"""Published laws and tables, by the scripts of tools/published in their fast mode: loose bounds, which a wrong law or path
breaks."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools/published"))

import agad
import knees
import multi_tile
import residual_toy
import response_functions
import sign_pulses
import two_phase


def test_pulses_of_two_phases_balance_where_the_difference_is_u_times_the_sum() -> None:
    figures = two_phase.run(fast=True).figures
    assert figures["slope, equal cells"] == pytest.approx(1, abs=0.1)
    assert figures["slope, steps spread by 30 %, 30 % noise a pulse"] == pytest.approx(1, abs=0.1)
    assert figures["slope (2)"] == pytest.approx(1, abs=0.2)
    assert figures["power"] == pytest.approx(-0.5, abs=0.15)


def test_residual_learning_gains_between_a_third_of_a_digit_and_a_digit_a_tile() -> None:
    report = residual_toy.run(fast=True)
    assert [law.met for law in report.laws] == [True]


def test_agad_does_not_see_symmetry_points_that_are_off_and_tiki_taka_2_does() -> None:
    figures = agad.run(fast=True).figures
    assert figures["away"] < 4.5  # cells move as a NumPy sample of the paper's equations does

    def rise(path: str) -> float:
        return figures[f"asymmetry {path} 0.5"] - figures[f"asymmetry {path} 0"]

    assert rise("agad") < 0.04
    assert rise("tiki_taka_2") > 0.08
    assert rise("chopped") < rise("tiki_taka_2")


def test_each_property_of_a_device_harms_where_it_is_bad_enough() -> None:
    figures = knees.run(fast=True).figures
    base = figures.pop("baseline")
    assert base < 15  # percent, after three epochs
    harmless = {"spread of steps", "spread of bounds"}  # these make steps and ranges larger in the mean
    assert min(rise for moved, rise in figures.items() if moved not in harmless) > 1, figures


def test_tiki_taka_learns_on_soft_cells_where_plain_pulses_lose() -> None:
    law = response_functions.run(fast=True).laws[1]
    assert law.name.startswith("plain pulses above Tiki-Taka")
    assert law.met


def test_cells_of_four_states_learn_by_mixed_precision_and_not_by_tiki_taka() -> None:
    assert [law.met for law in multi_tile.run(fast=True).laws] == [True]


def test_many_chains_survive_noise_of_pulses_that_one_chain_does_not() -> None:
    figures = sign_pulses.run(fast=True).figures
    assert figures["error"] < 60  # percent of ten classes, after three epochs
    assert figures["advantage"] > 0
