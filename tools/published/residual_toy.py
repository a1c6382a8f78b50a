#!/usr/bin/env python3
"""Residual learning of one number on several tiles: the squared error over the number of tiles (arXiv 2510.02516).

A weight is a sum of tiles, each gamma times as significant as the next coarser one. The finest one learns the target by
pulses and is moved on to the coarser ones. The device has 4 states. Theory of the paper: the limit of the squared error
falls at least by gamma^(2/3) a tile, (2/3) |ln gamma| in its logarithm, if gamma <= 1/sqrt(6), the rate before the
finest tile is of order 1, that of transfers of order gamma^2, and periods are at least gamma^-n. Digits that are sliced
exactly would give 2 |ln gamma|. The measured slope has to be between both.
"""

import math
from dataclasses import dataclass

import numpy as np
import ohmlab
from numpy.typing import NDArray

from report import Law, Report, line, pm, show

DW_MIN = 0.5  # the paper's device with 4 states: soft bounds ±1
GRID = 16  # bits of the paper's grid of targets over [-1, 1]
LARGEST_TARGET = 0.9  # deviation: targets at the bounds are out of reach of a soft-bounds tile
SLOTS = 31  # without update and BL management, as in the paper
TILES = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Settings:
    title: str
    gamma: float
    fast_rate: float  # of a change before the finest tile
    transfer_rate: float
    period: int  # changes between two transfers of the finest tile
    growth: float  # of the period from tile to tile
    warm_changes: int  # of the warm start, for each tile
    updates: int  # after the warm start
    spread: float = 0  # of steps over cells, and noise of a step


RELEASED = Settings("released settings, no warm start", 0.1, 0.01, 0.01, 2, 2, 0, 20_000)
# Periods that let the coarser tiles rest after the warm start are within the theory, which bounds them from below.
THEORY = Settings("within the theory, warm start", 0.4, 0.5, 0.1, 2, 1000, 1_500, 3_000)
NOISY = Settings("the same, 30 % spread and noise of steps", 0.4, 0.5, 0.1, 2, 1000, 1_500, 3_000, 0.3)


def squared_errors(tiles: int, settings: Settings, targets: int) -> NDArray[np.float64]:
    """Squared error of each target, mean over the last 2,000 updates. Each column of one row is a problem of its own:
    without management, no column depends on another one."""
    spread = settings.spread
    pulse = {"kind": "soft_bounds", "dw_min": DW_MIN, "dw_min_std": spread, "dw_min_dtod": spread}
    pulse |= {"up_down_dtod": 0, "w_max_dtod": 0, "w_min_dtod": 0}
    path: dict[str, object] = {"kind": "direct"}
    if tiles > 1:
        path = {"kind": "residual", "tiles": tiles, "gamma": settings.gamma, "growth": settings.growth}
        path |= {"changes_per_transfer": settings.period, "transfer_rate": settings.transfer_rate}
        path |= {"warm_changes": settings.warm_changes}
    pulser = {"kind": "stochastic", "desired_bl": SLOTS, "bl_management": False, "update_management": False}
    exact = {"dac": "none", "adc": "none", "output_noise": 0}
    config = {"kind": "analog", "device": {"pulse": pulse}, "pulser": pulser, "path": path} | exact
    array = ohmlab.Array(1, targets, config, seed=tiles)
    half = 2 ** (GRID - 1)
    wanted = np.random.default_rng(7).integers(-half, half, targets, endpoint=True) / half * LARGEST_TARGET
    squared, last = np.zeros(targets), 2_000
    updates = settings.warm_changes * (tiles - 1) + settings.updates
    for step in range(updates):
        array.update([1.0], wanted - array.mvm([1.0]), settings.fast_rate)
        if step >= updates - last:
            squared += (array.weights[0] - wanted) ** 2 / last
    return squared


def run(fast: bool = False) -> Report:
    all_tiles = (2, 3, 4) if fast else TILES
    targets = 24 if fast else 64
    rows, laws, figures = [], [], {}
    for settings in (THEORY,) if fast else (RELEASED, THEORY, NOISY):
        found = [squared_errors(tiles, settings, targets) for tiles in all_tiles]
        middle = [float(np.median(values)) for values in found]
        rows.append([settings.title, "median", *(f"{value:.2g}" for value in middle)])
        rows.append(["", "mean", *(pm(values.mean(), values.std() / math.sqrt(targets)) for values in found)])
        many = [n for n, tiles in enumerate(all_tiles) if tiles > 1]
        slope, error = line([float(all_tiles[n]) for n in many], [-math.log(middle[n]) for n in many])
        low, high = (factor * abs(math.log(settings.gamma)) for factor in (2 / 3, 2))
        met = low - 2 * error <= slope <= high + 2 * error
        name = f"fall of ln(median squared error) a tile from 2 tiles on, {settings.title}"
        laws.append(Law(name, f"{low:.2f} to {high:.2f}", pm(slope, error), met))
        figures[settings.title] = slope
    protocol = [
        f"arXiv 2510.02516, scalar toy: soft bounds ±1 with dw_min {DW_MIN}, {SLOTS} slots without management, exact "
        f"reads; {targets} targets on a {GRID}-bit grid. Released settings: gamma {RELEASED.gamma}, rate "
        f"{RELEASED.fast_rate} before the finest tile, {RELEASED.transfer_rate} of transfers, periods 2·2^n. Within the "
        f"theory: gamma {THEORY.gamma}, rates {THEORY.fast_rate} and {THEORY.transfer_rate}; {THEORY.warm_changes:,} "
        f"changes of warm start a tile (Algorithm 1; there the loss decides), after which coarser tiles rest.",
        f"Deviations: targets within ±{LARGEST_TARGET}; one tile is the direct path; lengths are chosen here.",
        "With the released settings the error does not fall: the remaining tiles reach ±0.11, less than one step of the "
        "coarsest cells, and a coarse cell that is right is still pulsed at random, as the next tile rests at a value "
        "other than 0. The length of the paper's run and its warm start are not in the text that was read. Means are "
        "above medians: the finer tiles cannot reach a few targets, as a coarser tile was left too far away. The settings "
        "within the theory were chosen after 22 sets of gamma, rates, periods and warm start were tried; without a warm "
        "start, or with coarser tiles that go on moving, none fell in proportion.",
    ]
    head = ["settings", "squared error", *(f"{n} tile{'s' if n > 1 else ''}" for n in all_tiles)]
    return Report("Residual learning of one number: squared error over tiles", protocol, laws, head, rows, figures)


if __name__ == "__main__":
    show(run)
