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
