"""The shape of a reproduction: a table, the way it was made, and the laws that it was held against."""

import argparse
import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Law:
    """An expectation with its source, the figure that came out, and whether they agree."""

    name: str
    expected: str
    reached: str
    met: bool


@dataclass(frozen=True)
class Report:
    title: str
    protocol: list[str]  # paragraphs: settings, their source, deviations
    laws: list[Law]
    head: list[str]
    rows: list[list[str]]
    figures: dict[str, float] = field(default_factory=dict)  # for tests


def pm(mean: float, error: float) -> str:
    """Mean and standard error, as tables show them."""
    return f"{mean:.3g} ± {error:.2g}"


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Mean and its standard error, which is 0 for a single value."""
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return statistics.mean(values), error


def line(x: list[float], y: list[float]) -> tuple[float, float]:
    """Slope of a straight line by least squares, and its standard error."""
    n, mean_x, mean_y = len(x), sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mean_x) ** 2 for a in x)
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    left = sum((b - mean_y - slope * (a - mean_x)) ** 2 for a, b in zip(x, y, strict=True))
    return slope, (left / (n - 2) / spread) ** 0.5


def show(run: Callable[[bool], Report]) -> None:
    """The main program of a reproduction."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fast", action="store_true", help="seconds instead of minutes, with larger errors")
    report = run(parser.parse_args().fast)
    print(report.title, *report.protocol, sep=os.linesep)
    for law in report.laws:
        print(f"{law.name}: expected {law.expected}, reached {law.reached}: {'met' if law.met else 'MISSED'}")
    for row in (report.head, *report.rows):
        print(" | ".join(row))
