#!/usr/bin/env python3
"""Contrastive divergence by separate pulses of both phases, on soft bounds: the weight at which pulses balance.

A soft-bounds cell moves by dw (1 - u) for a pulse up and by -dw (1 + u) for one down, u = w/w_max. Positive statistics
are written by pulses up, negative ones by pulses down. The mean change vanishes where

    <vh>+ - <vh>-  =  u (<vh>+ + <vh>-)                                                    (1)

whatever the step and the rate. It is a fixed point of analog SGD (Wu et al., arXiv 2406.12774 and 2502.06309, whose
penalty is the mean magnitude of what is written) with both phases written one after the other. If the difference of
both phases over a batch of B is formed first and then written, the sum in (1) becomes E|difference|, which falls as
1/sqrt(B), and so does what is left of the difference:

    <vh>+ - <vh>-  =  u E|batch difference|                                                (2)

Law (1) is this project's own derivation from the step equation of Fusi & Abbott, Nat. Neurosci. 10, 485 (2007). The
machine is small enough that both moments are exact sums over all states.
"""

import statistics
from dataclasses import dataclass

import numpy as np
import ohmlab
from numpy.typing import NDArray

from report import Law, Report, line, pm, show

Matrix = NDArray[np.float64]

VISIBLE, HIDDEN = 4, 3
DW_MIN = 0.001  # 2,000 steps over the range
WEIGHT_SCALE = 4.0  # logits of u = 1
TEACHER = 1.2  # standard deviation of the teacher's weights, logits
PULSES = 10  # expected pulses of a cell whose statistic is 1; below desired_bl = 31, so that no train is cut
MORE_PULSES = 25  # the same where differences are written, which are smaller than 1
RATE, MORE_RATE = WEIGHT_SCALE * DW_MIN * PULSES, WEIGHT_SCALE * DW_MIN * MORE_PULSES
CHAINS = 8  # products that each phase writes in one step of the two-phase run
BATCHES = (16, 32, 64, 128, 256, 512, 1024)

STATES = np.array(list(np.ndindex(*(2,) * (VISIBLE + HIDDEN))), dtype=np.float64)
V, H = STATES[:, :VISIBLE], STATES[:, VISIBLE:]
FLAT = np.einsum("si,sj->sij", V, H).reshape(len(STATES), -1)  # products of each state, one column a weight


def array(seed: int, spread: float) -> ohmlab.Array:
    pulse = {"kind": "soft_bounds", "dw_min": DW_MIN, "w_max_dtod": 0, "w_min_dtod": 0, "up_down_dtod": 0}
    pulse |= {"dw_min_dtod": spread, "dw_min_std": spread}
    return ohmlab.Array(
        VISIBLE, HIDDEN, "analog", device={"pulse": pulse}, weight_scale=WEIGHT_SCALE, dac="none", adc="none", seed=seed
    )


def law_of(weights: Matrix) -> Matrix:
    """Probability of each joint state of an RBM without biases."""
    energy = FLAT @ weights.ravel()
    p = np.exp(energy - energy.max())
    return np.asarray(p / p.sum())


def clamped(weights: Matrix, visible: Matrix) -> Matrix:
    """Probability of each joint state if visible states are given: model conditionals of hidden units."""
    joint = law_of(weights).reshape(2**VISIBLE, 2**HIDDEN)
    return np.asarray((joint / joint.sum(1, keepdims=True) * visible[:, None]).ravel())


@dataclass(frozen=True)
class Balance:
    """Averages over a stationary run, one number a weight."""

    difference: Matrix  # exact <vh>+ - <vh>-
    by_u_sum: Matrix  # u times what is written by pulses in both directions


def moment(p: Matrix) -> Matrix:
    """Exact mean products of a law of joint states."""
    return np.asarray((p @ FLAT).reshape(VISIBLE, HIDDEN))


def start(seed: int, spread: float) -> tuple[np.random.Generator, Matrix, ohmlab.Array]:
    """Random numbers, the law of the visible data of a teacher, and an array that holds the teacher's weights."""
    rng = np.random.default_rng(seed)
    teacher = rng.normal(0, TEACHER, (VISIBLE, HIDDEN))
    cells = array(seed, spread)
    cells.program(teacher)
    return rng, law_of(teacher).reshape(2**VISIBLE, -1).sum(1), cells


def two_phase(seed: int, spread: float, steps: int) -> Balance:
    """Trains with separate pulses; the last three quarters of the run count."""
    rng, visible, cells = start(seed, spread)
    difference, by_u_sum = np.zeros((2, VISIBLE, HIDDEN))
    first = steps // 4
    for step in range(steps):
        weights = cells.weights
        p, q = clamped(weights, visible), law_of(weights)
        plus, minus = moment(p), moment(q)
        drawn = [(rng.choice(len(STATES), CHAINS, p=p), RATE), (rng.choice(len(STATES), CHAINS, p=q), -RATE)]
        for states, rate in drawn if step % 2 else reversed(drawn):  # neither phase always sees the newer weights
            cells.update(V[states], H[states], rate)
        if step >= first:
            difference += plus - minus
            by_u_sum += (weights + cells.weights) / 2 / WEIGHT_SCALE * (plus + minus)
    return Balance(difference / (steps - first), by_u_sum / (steps - first))


def differenced(seed: int, batch: int, steps: int) -> Balance:
    """Trains with the difference of a batch, written row by row."""
    rng, visible, cells = start(seed, 0.0)
    rows = np.eye(VISIBLE)
    difference, by_u_sum = np.zeros((2, VISIBLE, HIDDEN))
    first = steps // 4
    for step in range(steps):
        weights = cells.weights
        p, q = clamped(weights, visible), law_of(weights)
        plus, minus = moment(p), moment(q)
        written = moment((rng.multinomial(batch, p) - rng.multinomial(batch, q)) / batch)
        cells.update(rows, written, MORE_RATE)
        if step >= first:
            difference += plus - minus
            by_u_sum += weights / WEIGHT_SCALE * np.abs(written)
    return Balance(difference / (steps - first), by_u_sum / (steps - first))


def slope_of(runs: list[Balance]) -> tuple[float, float]:
    """Slope of the difference over u times the sum, each weight of each run a point."""
    x = [float(value) for run in runs for value in run.by_u_sum.ravel()]
    y = [float(value) for run in runs for value in run.difference.ravel()]
    return line(x, y)


def run(fast: bool = False) -> Report:
    seeds = range(1, 3) if fast else range(1, 4)
    steps = 3_000 if fast else 20_000
    batches = (8, 16, 32, 64) if fast else BATCHES
    laws: list[Law] = []
    rows: list[list[str]] = []
    figures: dict[str, float] = {}
    for title, spread in (("equal cells", 0.0), ("steps spread by 30 %, 30 % noise a pulse", 0.3)):
        slope, error = slope_of([two_phase(seed, spread, steps) for seed in seeds])
        met = abs(slope - 1) < max(2 * error, 0.01)
        laws.append(Law(f"slope of (1), two phases, {title}", "1", pm(slope, error), met))
        figures[f"slope, {title}"], figures[f"error, {title}"] = slope, error
    logs: tuple[list[float], list[float]] = ([], [])
    slopes: list[float] = []
    for batch in batches:
        runs = [differenced(seed, batch, steps) for seed in seeds]
        left = float(np.sqrt(np.mean([run.difference**2 for run in runs])))
        logs[0].append(float(np.log(batch)))
        logs[1].append(float(np.log(left)))
        slope, error = slope_of(runs)
        rows.append([str(batch), f"{left:.4f}", pm(slope, error)])
        slopes.append(slope)
    slope, error = statistics.mean(slopes), statistics.stdev(slopes) / len(slopes) ** 0.5
    laws.append(Law("slope of (2), mean over batches", "1", pm(slope, error), abs(slope - 1) < max(2 * error, 0.01)))
    power, error = line(*logs)
    laws.append(Law("power of B of what is left", "-0.5 ± 0.05", pm(power, error), abs(power + 0.5) < 0.05))
    figures |= {"slope (2)": slope, "power": power}
    protocol = [
        f"RBM {VISIBLE} × {HIDDEN} on soft bounds ±1, dw_min {DW_MIN}, weight_scale {WEIGHT_SCALE:g}; data from a "
        f"teacher of the same shape, weights N(0, {TEACHER}²). States are drawn from the exact laws of both phases; "
        f"moments are sums over {len(STATES)} states. {len(seeds)} seeds, {steps:,} updates each, the first quarter "
        f"left out. A point of a regression is one weight of one run.",
        "No paper has these settings: the law is a fixed point of the step equation. The power is -1/2 in the limit of "
        "large batches; with small ones u itself is below its limit. Gates: 2 standard errors, or 0.01 if that is more.",
    ]
    head = ["batch B", "root mean square of <vh>+ - <vh>-", "slope of (2)"]
    return Report("Two-phase pulses on soft bounds: where training ends", protocol, laws, head, rows, figures)


if __name__ == "__main__":
    show(run)
