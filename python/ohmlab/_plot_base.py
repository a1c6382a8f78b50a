"""What all pictures share: colours, sizes, where a legend stands."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 5.4  # inches: text of 10 points stays readable on a phone
INK, GREY, FAINT = "#1a1d21", "#8d949e", "#d5d9df"
BLUE, ORANGE, RED = "#2f6db5", "#d8792b", "#c0392f"
# Distinct also to colour-blind readers, after Okabe and Ito, Color Universal Design (2008), darkened for thin lines.
COLOURS = [BLUE, ORANGE, "#2a9170", "#b04a87", "#8a6d1f", "#5b8fd6", RED, "#6b7280"]
ON = "#fefefe"  # text on coloured bars
HEAT_LIGHT, HEAT_DARK = "#fdfdfd", "#050505"  # text on coloured fields, the same on light and dark pages
MARKERS = ["o", "s", "D", "^", "v", "P", "X", "h"]


def axis_of(axis: Axes | None, height: float = 3.6) -> Axes:
    """The axis given, else one of a new figure."""
    return figure_of(height).gca() if axis is None else axis


def figure_of(height: float, width: float = WIDTH) -> Figure:
    """A new figure, height and width in inches."""
    import matplotlib.pyplot as plt

    return plt.figure(figsize=(width, height), layout="constrained")


def panels_below(number: int, height: float, **more: Any) -> tuple[Figure, list[Axes]]:
    """A new figure with panels one below the other, each of a height in inches."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        number, 1, figsize=(WIDTH, height * number + 0.4), squeeze=False, layout="constrained", **more
    )
    return figure, list(axes[:, 0])


def legend_below(axis: Axes, columns: int = 2, below: float = 36) -> Axes:
    """A legend so many points below the axis, under its ticks and its label, where it covers nothing."""
    from matplotlib.transforms import ScaledTranslation

    handles, labels = axis.get_legend_handles_labels()
    if not handles:
        return axis
    if max(map(len, labels)) > 34:
        columns = 1
    figure = axis.get_figure(root=True)
    assert figure is not None
    scale = figure.dpi_scale_trans
    axis.legend(
        handles,
        [fold(label, 62 // columns) for label in labels],
        loc="upper center",
        bbox_to_anchor=(0.5, 0),
        bbox_transform=axis.transAxes + ScaledTranslation(0, -below / 72, scale),
        borderaxespad=0.4,
        ncols=columns,
        fontsize=8.5,
        frameon=False,
    )
    return axis


def fold(text: str, width: int = 30) -> str:
    """A text in lines of at most so many characters."""
    return "\n".join(textwrap.wrap(text, width)) or text


def words(key: str) -> str:
    """A key as words: "array_static" as "array static"."""
    return key.replace("_", " ")


def empty(axis: Axes, reason: str) -> Axes:
    """Says in the frame why there is nothing to be drawn."""
    axis.text(0.5, 0.5, fold(reason, 44), ha="center", va="center", transform=axis.transAxes, fontsize=9)
    axis.set(xticks=[], yticks=[])
    return axis
