"""Pictures of bills and numbers with units."""

from pathlib import Path

import numpy as np
import ohmlab
import pytest
from conftest import quick
from ohmlab import _format

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture
def trained() -> Path:
    """A training on arrays beside its digital twins."""
    analog = {"array": {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}}
    return Path(ohmlab.run(quick() | analog, out="x.h5").file)


def test_bills_are_drawn_whole_at_every_boundary(trained: Path) -> None:
    import ohmlab.plot

    row = ohmlab.results.load(trained).bills()[0]
    assert row.bill is not None
    for by in ("groups", "components", "actions", "stages"):
        axis = ohmlab.plot.bill(row, by=by)
        places: dict[float, float] = {}
        for bar in axis.patches:
            places[round(bar.get_y(), 3)] = places.get(round(bar.get_y(), 3), 0) + bar.get_width()
        assert len(places) == 4  # core, node without host, node, facility
        np.testing.assert_allclose(list(places.values()), 100)
        assert axis.get_xscale() == "linear"
        assert not any("_" in text.get_text() for text in axis.figure.findobj(matplotlib.text.Text))
        matplotlib.pyplot.close(axis.figure)
    with pytest.raises(ValueError, match='by: "part"'):
        ohmlab.plot.bill(row, by="part")


def test_joules_along_a_training_end_at_its_bill(trained: Path) -> None:
    result = ohmlab.results.load(trained)
    along = result.bills_along()
    assert len(along) == result.metrics.sizes["epoch"]
    joules = [rows[0].bill.core.nominal for rows in along]  # type: ignore[union-attr]
    assert joules == sorted(joules)
    whole = result.bills()[0].bill
    assert whole is not None and whole.core is not None and joules[-1] == pytest.approx(whole.core.nominal)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((0.0275, 0.0154, 0.115), "27.5 [15.4, 115] mJ"),
        ((1.0, 1.0, 1.0), "1 [1, 1] J"),
        ((0.9996, float("nan"), float("nan")), "1 J"),
        ((float("nan"), 0.0, 0.0), "–"),
        ((0.0, 0.0, 0.0), "0 [0, 0] J"),
    ],
)
def test_amounts_are_said_as_the_program_says_them(values: tuple[float, float, float], text: str) -> None:
    assert _format.band(*values, "J") == text
