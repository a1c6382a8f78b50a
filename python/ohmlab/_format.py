"""Numbers with units, as the program prints them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ohmlab import _core

__all__ = ["amount", "band", "number", "percent", "prefix", "scaled"]

_PREFIXES = ["a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P"]


def prefix(value: float) -> int:
    """Power of 1000 of the SI prefix of a value."""
    if not value or not math.isfinite(value):
        return 0
    return max(-6, min(5, math.floor(math.log10(abs(value) * 1.0005) / 3)))


def scaled(largest: float, unit: str) -> tuple[float, str]:
    """Factor from SI to the prefix that suits the largest value, and the unit with this prefix."""
    power = prefix(largest)
    return 1000.0**-power, f"{_PREFIXES[power + 6]}{unit}"


def number(value: float, digits: int = 4) -> str:
    """A number with so many digits; "–" if there is none."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.{digits}g}".replace("-", "−")


def amount(value: float, unit: str) -> str:
    """Three digits with an SI prefix, e.g. "27.5 mJ"."""
    if not math.isfinite(value):
        return number(value)
    factor, name = scaled(value, unit)
    return f"{_three(value * factor)} {name}".rstrip()


def band(nominal: float, p05: float, p95: float, unit: str) -> str:
    """Median with its 5th and 95th percentile, all with the prefix of the median, e.g. "27.5 [15.4, 115] mJ"."""
    if math.isnan(nominal):
        return "–"
    factor, name = scaled(nominal, unit)
    if math.isnan(p05) or math.isnan(p95):
        return f"{_three(nominal * factor)} {name}".rstrip()
    return f"{_three(nominal * factor)} [{_three(p05 * factor)}, {_three(p95 * factor)}] {name}".rstrip()


def of_draws(figure: _core.Draws, unit: str) -> str:
    """The same of a figure under draws of the prices."""
    found = figure.band
    return band(found.nominal, found.p05, found.p95, unit)


def percent(share: float) -> str:
    """A share in percent, with enough digits below 1 %."""
    return "–" if math.isnan(share) else f"{100 * share:.3g} %"


def _three(value: float) -> str:
    if not math.isfinite(value):
        return number(value)
    text = f"{value:.3g}" if abs(value) < 999.5 else f"{value:.0f}"
    return text.replace("-", "−")
