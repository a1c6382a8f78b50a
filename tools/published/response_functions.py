#!/usr/bin/env python3
"""Tiki-Taka and plain pulses on devices with different response functions: Wu et al., arXiv 2502.06309, Tables 5 and 6.

Steps up and down fall with the state w as q(1 - w/τ) and q(1 + w/τ): power q(x) = x^γ, exponential q(x) = (e^{γx} - 1)/
(e^γ - 1). The paper's finding: Tiki-Taka stays within 1.5 % of digital training on all of them; plain pulses ("ASGD")
lose, the more the larger γ. The paper has 784-256-128-10 on MNIST; here it is 64-32-10 on 8×8 digits, which run in
seconds, so that levels do not compare, but gaps and orderings do. This paper and its predecessor disagree on which
devices stop plain pulses altogether (arXiv 2406.12774, Fig. 5), so that no gate is put on that.
"""

from statistics import mean
from typing import Any

import training
from report import Law, Report, mean_and_error, pm, show

STEPS = 1200  # steps of τ/600 from bound to bound: the released 2τ/1200
TAUS = (0.6, 0.8)
GAMMAS = (0.5, 1.0, 2.0)
NOISES = (0.1, 0.3, 0.6, 0.9, 1.2)  # cycle to cycle, Table 5; family and τ are not stated there: power, γ 1, τ 0.8
NOISE = 0.3  # of Table 6: not stated
BATCH, EPOCHS = 10, 60  # 30 there, of 42 times as many batches
WEIGHT_SCALE = 2.0  # stands for the paper's learned scale of outputs
ROWS = 4  # of a transfer after each batch: 9 transfers a row and epoch; the paper's first layer has 7.7
SEEDS = (1, 2, 3)
TUNED_ON = 101  # seed of the tuning
DIGITAL = [{"training.rate": rate} for rate in (0.1, 0.5, 1.0)]
PLAIN = [{"training.rate": rate} for rate in (0.02, 0.1, 0.5, 1.0)]
TIKI_TAKA = [
    {"training.rate": rate, "array.path.transfer_rate": transfer} for rate in (0.1, 0.5) for transfer in (0.1, 0.5)
]


def cells(family: str, gamma: float, tau: float, noise: float) -> dict[str, Any]:
    """An array of cells whose step at w = 0 is 2τ/1200 and whose law is the family's."""
    step = 2 * tau / STEPS
    pulse: dict[str, Any] = {"kind": "pow_step", "dw_min": step * 2**gamma}  # counted a whole range from the bound
    if family == "exponential":
        pulse = {"kind": "exponential_response", "dw_min": step, "cycle": "multiplicative"}
    pulse |= {"gamma": gamma, "w_max": tau, "w_min": -tau, "dw_min_std": noise}
    pulse |= {"dw_min_dtod": 0, "up_down_dtod": 0, "w_max_dtod": 0, "w_min_dtod": 0}
    analog = {"array.kind": "analog", "array.device": {"pulse": pulse}, "array.weight_scale": WEIGHT_SCALE}
    return analog | training.EXACT_READS


def run(fast: bool = False) -> Report:
    seeds = SEEDS[:1] if fast else SEEDS
    common: dict[str, Any] = {"training.batch": BATCH, "training.epochs": 10 if fast else EPOCHS}
    path = {"array.path": {"kind": "tiki_taka", "rows_per_transfer": ROWS}}
    first = common | cells("power", 1, TAUS[-1], NOISE)
    digital, plain, taka = (
        training.best(settings, budget[1:2] if fast else budget, TUNED_ON)
        for settings, budget in ((common, DIGITAL), (first, PLAIN), (first | path, TIKI_TAKA))
    )
    exact = training.test_errors(digital, seeds)
    rows = [["exact arithmetic", "-", "-", pm(*mean_and_error(exact)), "-"]]
    devices = [(family, g, tau, NOISE) for family in ("power", "exponential") for g in GAMMAS for tau in TAUS]
    devices += [("power", 1.0, TAUS[-1], noise) for noise in NOISES if noise != NOISE]
    above: list[float] = []
    behind: list[float] = []
    losses: dict[tuple[str, float, float], float] = {}
    for family, gamma, tau, noise in devices[:1] + devices[5:6] if fast else devices:
        device = cells(family, gamma, tau, noise)
        by_pulses, by_taka = (training.test_errors(chosen | device, seeds) for chosen in (plain, taka))
        shown = (f"{family}, gamma {gamma:g}", f"{tau:g}", f"{noise:g}")
        rows.append([*shown, pm(*mean_and_error(by_taka)), pm(*mean_and_error(by_pulses))])
        above.append(mean(by_taka) - mean(exact))
        behind.append(mean(by_pulses) - mean(by_taka))
        if noise == NOISE:
            losses[family, gamma, tau] = mean(by_pulses)
    falls = [losses[f, 2 * g, t] - losses[f, g, t] for f, g, t in losses if (f, 2 * g, t) in losses]
    laws = [
        Law("Tiki-Taka above exact arithmetic, largest", "up to 1.5 %", f"{max(above):.2f} %", max(above) <= 1.5),
        Law("plain pulses above Tiki-Taka, smallest", "above 0 %", f"{min(behind):.2f} %", min(behind) > 0),
    ]
    if falls:
        name = "plain pulses, rise of the error as gamma doubles, smallest"
        laws.append(Law(name, "not below 0 %", f"{min(falls):.2f} %", min(falls) >= 0))
    protocol = [
        f"64-32-10, sigmoid, 8×8 digits (1,437 training, 360 test), batches of {BATCH}, {common['training.epochs']} "
        f"epochs, exact reads; {STEPS:,} steps from bound to bound, no spread over cells. Test error in percent, mean ± "
        f"standard error of {len(seeds)} seeds.",
        f"Tuned by the loss on training data, seed {TUNED_ON}, on power, gamma 1, tau {TAUS[-1]}, noise {NOISE}: exact "
        f"arithmetic over {len(DIGITAL)} rates, plain pulses over {len(PLAIN)} rates, Tiki-Taka over 2 rates × 2 transfer "
        f"rates. Chosen: rate {digital['training.rate']}, {plain['training.rate']}, {taka['training.rate']} with "
        f"transfer rate {taka['array.path.transfer_rate']}.",
        "Deviations from arXiv 2502.06309: network and data; weight_scale instead of learned output scales; a linear "
        "schedule; noise of Table 6 chosen. Published, in percent right: digital 98.17, Tiki-Taka 96.8 to 97.7, plain "
        "pulses 94.0 to 97.4 or below 15. There are 8,640 updates here and 180,000 in the paper; one test image "
        "is 0.28 %. The tuning looks at one device and at the loss on training data. After 30 epochs the "
        "largest gap was 2.4 %, so that length is not the cause. The transfer rate is the likely one: 0.1 instead of 0.5 "
        "took two devices (exponential, gamma 1; power, gamma 2; tau 0.8) from 4.1 and 3.8 to 2.3 and 2.9 %, 30 epochs.",
    ]
    head = ["device", "tau", "noise of a step", "Tiki-Taka, %", "plain pulses, %"]
    return Report("Response functions: Tiki-Taka and plain pulses beside exact training", protocol, laws, head, rows)


if __name__ == "__main__":
    show(run)
