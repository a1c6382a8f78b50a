#!/usr/bin/env python3
"""How bad may a device be? The stress tests of Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016), section "RPU Baseline
Model" and Figure 4: stochastic gradient descent by pulses on constant-step cells, one property moved at a time.

Their baseline: steps of 0.001 with 30 % noise of a cycle and 30 % spread over devices, bounds of 0.6 with 30 % spread,
symmetric steps, trains of 10 pulses. They accept 0.3 % more test error than exact training on MNIST. Here it is the
64-32-10 network on 8x8 digits, where one test image is 0.28 %, so that the accepted penalty is 1 %.
"""

from typing import Any

import training
from report import Law, Report, mean_and_error, pm, show

EPOCHS = 30
RATE = 0.05
WEIGHT_SCALE = 2.0
ACCEPTED = 1.0  # percent above the baseline
SEEDS = (1, 2, 3, 4, 5)
BASE: dict[str, Any] = {
    "dw_min": 0.001,
    "dw_min_std": 0.3,
    "dw_min_dtod": 0.3,
    "up_down": 0,
    "up_down_dtod": 0,
    "w_max": 0.6,
    "w_min": -0.6,
    "w_max_dtod": 0.3,
    "w_min_dtod": 0.3,
}
# what moves: its keys, values in the order of harm, and the paper's limit for a penalty of 0.3 %, second hand
Values = tuple[float, ...]
AXES: dict[str, tuple[tuple[str, ...], Values, float]] = {
    "step": (("dw_min",), (0.003, 0.01, 0.03, 0.1), 0.01),
    "noise of a cycle": (("dw_min_std",), (1, 1.5, 3, 6, 12), 1.5),
    "spread of steps": (("dw_min_dtod",), (0.7, 1.1, 2, 4), 1.1),
    "bound": (("w_max", "w_min"), (0.45, 0.3, 0.15, 0.08), 0.3),
    "spread of bounds": (("w_max_dtod", "w_min_dtod"), (0.5, 0.8, 1.5), 0.8),
    "asymmetry of all devices": (("up_down",), (0.02, 0.05, 0.1, 0.2, 0.4), 0.05),
    "asymmetry from device to device": (("up_down_dtod",), (0.02, 0.06, 0.1, 0.2, 0.4), 0.06),
}


def settings(pulse: dict[str, Any], fast: bool) -> dict[str, Any]:
    analog = {"array.kind": "analog", "array.device": {"pulse": {"kind": "constant_step", **pulse}}}
    trains = {"array.pulser": {"kind": "stochastic", "desired_bl": 10}}
    learning = {"training.batch": 1, "training.rate": RATE, "training.epochs": 3 if fast else EPOCHS}
    return {**analog, **trains, **learning, **training.EXACT_READS, "array.weight_scale": WEIGHT_SCALE}


def run(fast: bool = False) -> Report:
    seeds = SEEDS[:2] if fast else SEEDS
    base = training.test_errors(settings(BASE, fast), seeds)
    rows = [["baseline", "-", pm(*mean_and_error(base)), "-"]]
    laws: list[Law] = []
    figures = {"baseline": mean_and_error(base)[0]}
    for name, (keys, values, limit) in AXES.items():
        errors: dict[float, tuple[float, float]] = {}
        for value in values[-1:] if fast else values:
            moved = {key: -value if key == "w_min" else value for key in keys}
            found = training.test_errors(settings({**BASE, **moved}, fast), seeds)
            more = [a - b for a, b in zip(found, base, strict=True)]
            errors[value] = mean_and_error(more)
            rows.append([name, f"{value:g}", pm(*mean_and_error(found)), pm(*errors[value])])
        figures[name] = errors[values[-1]][0]
        within = [value for value in errors if errors[value][0] <= ACCEPTED]
        reached = f"{within[-1]:g}" if within else f"none up to {values[0]:g}"
        harmful = errors[values[-1]][0] > ACCEPTED
        if limit in errors:
            penalty, error = errors[limit]
            expected = f"up to {ACCEPTED:g} % at {limit:g}"
            laws.append(
                Law(f"{name}: penalty", expected, f"{penalty:.2f} ± {error:.2f} %", penalty <= ACCEPTED)
            )
        name_of_end = f"{name}: penalty at {values[-1]:g} (the last value within {ACCEPTED:g} % is {reached})"
        laws.append(Law(name_of_end, f"above {ACCEPTED:g} %", f"{errors[values[-1]][0]:.2f} %", harmful))
    protocol = [
        f"64-32-10, sigmoid, 8×8 digits (1,437 training, 360 test), one example an update, rate {RATE}, {EPOCHS} epochs, "
        f"exact reads, weight_scale {WEIGHT_SCALE:g}, trains of 10 pulses with managements. Test error in percent, mean ± "
        f"standard error of {len(seeds)} seeds; the penalty is taken seed by seed.",
        "Deviations: network, data and the accepted penalty (there 784-256-128-10 on MNIST, 0.3 %); exact reads instead "
        "of bounded and noisy ones; updates of a sample are formed with managements of trains. The paper's limits are "
        "second hand.",
        "Spreads of steps and bounds do no harm here. A cell's step is |1 + spread ξ| of the mean one, 3.3 of it at a "
        "spread of 4, and its bound alike, so that cells of large spread learn faster and reach further.",
    ]
    return Report("Stress tests of a device, one property at a time", protocol, laws, ["moved", "to", "test error, %",
                  "penalty, %"], rows, figures)


if __name__ == "__main__":
    show(run)
