"""Measured pulses made with NumPy from the published equations, without the program: what a fit must find again."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass
class Cells:
    """Parameters of a column each: steps at w = 0 and bounds, and what shapes the steps."""

    up: Array
    down: Array
    top: Array
    bottom: Array
    shape: dict[str, float] = field(default_factory=dict)


def cells(
    count: int, *, step: float = 0.02, up_down: float = 0.0, top: float = 1.1, bottom: float = -1.05, **shape: float
) -> Cells:
    """Equal columns; a positive up_down weakens steps down, a negative one those up."""
    up = step * (1 + min(up_down, 0))
    down = step * (1 - max(up_down, 0))
    return Cells(*(np.full(count, x) for x in (up, down, top, bottom)), shape)


def soft_bounds(c: Cells, w: Array, up: bool) -> Array:
    return c.up * (1 - w / c.top) if up else -c.down * (1 - w / c.bottom)


def linear_step(c: Cells, w: Array, up: bool) -> Array:
    g = c.shape
    return c.up * (1 - g["gamma_up"] * w / c.top) if up else -c.down * (1 - g["gamma_down"] * w / c.bottom)


def constant_step(c: Cells, w: Array, up: bool) -> Array:
    return c.up + 0 * w if up else -c.down + 0 * w


def pow_step(c: Cells, w: Array, up: bool) -> Array:
    share = ((c.top - w) if up else (w - c.bottom)) / (c.top - c.bottom)
    return (c.up if up else -c.down) * np.maximum(share, 0) ** c.shape["gamma"]


def exp_step(c: Cells, w: Array, up: bool) -> Array:
    """With a = 1 and b = 0, so that z = 2 w / (w_max - w_min)."""
    z = 2 * w / (c.top - c.bottom)
    side = "up" if up else "down"
    left = np.maximum(
        1 - c.shape[f"amplitude_{side}"] * np.exp((1 if up else -1) * c.shape[f"gamma_{side}"] * z), 0
    )
    return (c.up if up else -c.down) * left


def saturating_step(c: Cells, w: Array, up: bool) -> Array:
    span, beta = c.top - c.bottom, c.shape["beta"]
    passed = ((w - c.bottom) if up else (c.top - w)) / span
    far = span / beta * np.log1p(beta / span * (c.up if up else c.down) * np.exp(beta * (0.5 - passed)))
    return far if up else -far


LAWS = {
    law.__name__: law for law in (soft_bounds, linear_step, constant_step, pow_step, exp_step, saturating_step)
}


@dataclass(frozen=True)
class Noise:
    """Noise of a step as a share of the step at w = 0, or of the present step; noise of a read in w."""

    step: float = 0.3
    read: float = 0.01
    multiplicative: bool = False


def ramps(law: str, c: Cells, pulses: int, noise: Noise, seed: int) -> tuple[Array, Array]:
    """Reads of a ramp up from the lower bound and of one down after it, pulses × columns."""
    draw = np.random.default_rng(seed)
    w = c.bottom * 0.98
    out = []
    for up in (True, False):
        reads = [w]
        for _ in range(pulses):
            mean = LAWS[law](c, w, up)
            size = np.abs(mean) if noise.multiplicative else (c.up if up else c.down)
            w = np.clip(w + mean + noise.step * size * draw.standard_normal(w.shape), c.bottom, c.top)
            reads.append(w)
        rows = np.array(reads)
        out.append(rows + noise.read * draw.standard_normal(rows.shape))
    return out[0], out[1]


def save(file: Path, table: Array, names: list[str] | None = None, separator: str = ",") -> None:
    """NaN becomes a blank."""
    lines = [separator.join(names)] if names else []
    lines += [separator.join("" if np.isnan(x) else f"{x:.9g}" for x in row) for row in table]
    file.write_text("\n".join(lines) + "\n")
