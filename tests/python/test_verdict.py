import pytest
import ohmlab

SMALL = {
    "verdict.rates": [0.2],
    "verdict.repeats": 2,
    "verdict.fixed": [],
    "verdict.removed": [],
    "verdict.levels": [-24.9, -24.5],
    "model.hidden": 4,
    "training.epochs": 4,
    "evaluation.every": 1,
    "array.path": {"kind": "direct"},
    "verdict.levers": [
        {"label": "short reads", "room": "device", "limit": "a test", "down_to": {"array.device.t_read": 1e-9}},
        {"label": "overlap", "room": "array", "limit": "a test", "change": {"array.pipelined": True}},
    ],
}


def test_a_verdict_has_its_numbers() -> None:
    found = ohmlab.verdict("devices/gokmen_vlasov", out="verdict", set=SMALL, jobs=1)
    assert found.level in (-24.9, -24.5) and found.compared.level == found.level
    best = found.compared.cheapest("node")
    assert best is not None and best.side != "analog"
    assert 0 <= best.against["node"].ahead <= 1
    analog = found.compared.machines[0]
    assert analog.side == "analog" and analog.reached == analog.instances == 2
    factor = best.cost["core"].nominal / analog.cost["core"].nominal
    assert found.compared.cheapest("core").against["core"].factor.nominal == pytest.approx(factor)
    assert str(found).startswith("With devices/gokmen_vlasov, ")
    assert sum(found.compared.parts.values()) == pytest.approx(1)


def test_a_verdict_says_what_would_have_to_improve() -> None:
    search = ohmlab.verdict("devices/gokmen_vlasov", out="verdict", set=SMALL, jobs=1).improvement
    assert search is not None and search.goal in ("cost", "quality")
    levers = {lever.label: lever for lever in search.levers}
    assert levers["short reads"].moves == {"array.device.t_read": ("8e-08", "1e-09")}
    assert levers["overlap"].moves == {"array.pipelined": ("false", "true")}
    # What is only quicker learns the same and costs less.
    for lever in levers.values():
        assert lever.at_limit.best == search.now.best
        assert lever.at_limit.against["node"].factor.nominal > search.now.against["node"].factor.nominal
    assert ohmlab.verdict(
        "devices/gokmen_vlasov", out="verdict", set=SMALL | {"verdict.levers": []}, jobs=1
    ).improvement is None
