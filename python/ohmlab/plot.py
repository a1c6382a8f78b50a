"""Pictures of results, bills, verdicts and sweeps. Needs matplotlib and xarray, which are imported at first use.

From a shell, without any Python: `python -m ohmlab.plot RESULT.h5 --out PICTURE.png`, and for a finished sweep
`python -m ohmlab.plot FOLDER --figure test_error --rows device --columns path`. `ohmlab-report` makes a page of all
pictures of a file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from ohmlab import results
from ohmlab._plot_base import BLUE, GREY, ORANGE, RED
from ohmlab._plot_bill import bill, bills, learning, metrics, tornado
from ohmlab._plot_cells import (
    characterization,
    device,
    drift,
    programming_error,
    pulse_curve,
    read_noise,
    steps,
    symmetry,
)
from ohmlab._plot_sweep import best, heat_map, lines
from ohmlab._plot_verdict import (
    verdict,
    verdict_ahead,
    verdict_causes,
    verdict_costs,
    verdict_learning,
    verdict_parts,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ohmlab._fit import Fit

__all__ = [
    "best",
    "bill",
    "bills",
    "characterization",
    "device",
    "drift",
    "fit",
    "heat_map",
    "learning",
    "lines",
    "metrics",
    "programming_error",
    "pulse_curve",
    "read_noise",
    "steps",
    "symmetry",
    "tornado",
    "verdict",
    "verdict_ahead",
    "verdict_causes",
    "verdict_costs",
    "verdict_learning",
    "verdict_parts",
]


def fit(found: Fit) -> Figure:
    """Measured ramps over those of the best model, up and down; and the criteria of all models."""
    return _fit(found.table)


def _fit(table: dict[str, Any]) -> Figure:
    import matplotlib.pyplot as plt

    curves = [curve for curve in table["curves"] if len(curve["reads"]) > 0]
    figure, axes = plt.subplots(1, 3, figsize=(14, 3.8), layout="constrained")
    for axis, sign, title in [(axes[0], 1, "pulses up"), (axes[1], -1, "pulses down")]:
        shown = [curve for curve in curves if curve["direction"] in (sign, 0)]
        for curve in shown:
            pulses = [curve["first_pulse"] + k for k in range(len(curve["reads"]))]
            color = RED if curve["excluded"] else ORANGE if curve["held_back"] else GREY
            axis.plot(pulses, curve["reads"], ".", markersize=2, color=color, zorder=1)
        for curve in shown:
            pulses = [curve["first_pulse"] + k for k in range(len(curve["reads"]))]
            axis.plot(pulses, curve["model"], linewidth=0.8, color=BLUE, zorder=2)
        axis.set(title=title, xlabel="pulse", ylabel="state w")
    for color, label in [(GREY, "fitted"), (ORANGE, "held back"), (RED, "left out")]:
        axes[0].plot([], [], ".", color=color, label=label)
    axes[0].plot([], [], color=BLUE, label=table["best"])
    axes[0].legend(fontsize=8, frameon=False)
    models = table["models"][::-1]
    axes[2].plot([model["above_best"] for model in models], [model["kind"] for model in models], "o")
    axes[2].set_xscale("symlog", linthresh=10)
    axes[2].set(title="information criterion above the best", xlabel="AIC - best")
    return figure


def _without_null(table: dict[str, Any]) -> dict[str, Any]:
    """JSON has no NaN: reads that were left out are null there."""
    for curve in table["curves"]:
        curve["reads"] = [float("nan") if read is None else read for read in curve["reads"]]
    return table


def _main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ohmlab.plot",
        description="Draws a result of kind characterize, what `ohmlab fit --json` printed, or a finished sweep.",
    )
    parser.add_argument("result", help="result file, a file that ends in .json, or the folder of a sweep")
    parser.add_argument("--out", help="picture; its ending says the format. RESULT.png unless given")
    parser.add_argument("--figure", help="of a sweep: the figure that is drawn")
    parser.add_argument("--rows", help="of a sweep: dimension of the rows")
    parser.add_argument("--columns", help="of a sweep: dimension of the columns")
    parser.add_argument("--panels", default="", help="of a sweep: dimension with a panel for each of its places")
    parser.add_argument("--best-of", default="", help="of a sweep: dimension along which the best mean is taken")
    parser.add_argument("--largest", action="store_true", help="of a sweep: the largest mean is the best")
    given = parser.parse_args(arguments)
    out = given.out or os.path.splitext(os.path.normpath(given.result))[0] + ".png"
    import matplotlib

    matplotlib.use("Agg")
    try:
        if given.result.endswith(".json"):
            with open(given.result) as file:
                figure = _fit(_without_null(json.load(file)))
        elif os.path.isdir(given.result):
            if not (given.figure and given.rows and given.columns):
                raise ValueError("a sweep needs --figure, --rows and --columns")
            names = {"rows": given.rows, "columns": given.columns, "panels": given.panels, "best_of": given.best_of}
            figure = heat_map(results.load_sweep(given.result), given.figure, **names, largest=given.largest)
        else:
            figure = characterization(results.load(given.result))
        figure.savefig(out, dpi=150)
    except (ValueError, OSError) as error:
        print(f"ohmlab.plot: {error}", file=sys.stderr)
        return 2
    print(out)
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
