"""Energy-based learning on simulated resistive crossbars, billed beside digital training.

Everything is computed in C++; names are those of the C++ code.

>>> import ohmlab
>>> device = ohmlab.Device("devices/idealized")
>>> device.pulse_curve(10, 10).shape
(1, 20)
"""

from ohmlab import _html, results
from ohmlab._core import (
    Array,
    Band,
    Bill,
    Device,
    Draws,
    Entry,
    Holding,
    Outcome,
    PricedSystem,
    Prices,
    QualityBill,
    Ratio,
    Rival,
    SweepOutcome,
    Tally,
    UserError,
    Verdict,
    WorldError,
    __version__,
    claim,
    claims,
    describe,
    rivals,
    run,
    validate,
)
from ohmlab._fit import Fit, FittedModel, FittedParameter, fit
from ohmlab._report import report
from ohmlab._sweep import sweep
from ohmlab._verdict import verdict
from ohmlab.results import load_sweep

__all__ = [
    "Array",
    "Band",
    "Bill",
    "Device",
    "Draws",
    "Entry",
    "Fit",
    "FittedModel",
    "FittedParameter",
    "Holding",
    "Outcome",
    "PricedSystem",
    "Prices",
    "QualityBill",
    "Ratio",
    "Rival",
    "SweepOutcome",
    "Tally",
    "UserError",
    "Verdict",
    "WorldError",
    "__version__",
    "claim",
    "claims",
    "describe",
    "fit",
    "load_sweep",
    "report",
    "results",
    "rivals",
    "run",
    "sweep",
    "validate",
    "verdict",
]

_html.give()
