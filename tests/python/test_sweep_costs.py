"""The cube of a sweep with the cost of each machine at each point."""

import json
import subprocess
from pathlib import Path

import numpy
import ohmlab
import pytest
from conftest import quick

AXES = [
    {"key": "model.hidden", "values": [2, 4]},
    {"key": "array", "name": "array", "values": ["ideal", {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}]},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sweep") / "s"
    assert ohmlab.sweep(quick() | {"sweep": {"axes": AXES, "repeats": 2}}, out=path).done == 8
    return path


@pytest.mark.parametrize("prices", ["default", "silicon"])
def test_every_cost_is_that_of_the_bill_of_its_point(folder: Path, prices: str) -> None:
    cube = ohmlab.load_sweep(folder, prices=prices, draws=200)
    assert cube["joules"].dims == ("hidden", "array", "repeat", "machine", "boundary", "band")
    assert cube["joules"].attrs["units"] == "J" and cube["area"].attrs["units"] == "m2"
    for at in numpy.ndindex(cube["id"].shape):
        point = cube.isel(dict(zip(cube["id"].dims, at, strict=True)))
        result = ohmlab.results.load(folder / f"{point['id'].item()}.h5")
        rows = {f"{row.system} @ {row.place}": row for row in result.bills(ohmlab.Prices.load(prices), draws=200)}
        for machine in cube["machine"].values:
            here = point.sel(machine=machine)
            row = rows.get(machine)
            if row is None or row.bill is None:
                assert here["unpriced"].item() and numpy.isnan(here["joules"]).all()
                continue
            assert here["unpriced"].item() == ""
            for boundary in ("core", "node", "facility"):
                draws = row.bill.at(boundary)
                expected = [numpy.nan] * 3 if draws is None else [draws.nominal, draws.band.p05, draws.band.p95]
                assert numpy.array_equal(here["joules"].sel(boundary=boundary), expected, equal_nan=True)
            band = row.bill.seconds.band
            assert here["seconds"].values.tolist() == [band.nominal, band.p05, band.p95]
            assert here["area"].sel(band="nominal").item() == row.bill.area.nominal


def test_another_list_needs_no_other_run(folder: Path) -> None:
    one, other = (ohmlab.load_sweep(folder, prices=name, draws=0) for name in ("default", "silicon"))
    assert not numpy.array_equal(one["joules"], other["joules"], equal_nan=True)
    assert one["id"].identical(other["id"])


def test_integers_stay_integers(folder: Path) -> None:
    cube = ohmlab.load_sweep(folder)
    assert cube["hidden"].dtype == numpy.int64 and cube["hidden"].values.tolist() == [2, 4]
    assert cube["repeat"].dtype == numpy.int64 and cube["repeat"].values.tolist() == [0, 1]
    assert "joules" not in cube


def test_the_command_prints_a_row_for_each_point(folder: Path, program: Path) -> None:
    def price(*arguments: str) -> str:
        done = subprocess.run([program, "price", *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    cube = ohmlab.load_sweep(folder, prices="default")
    points = json.loads(price(str(folder), "--json"))["points"]
    assert [point["id"] for point in points] == cube["id"].values.ravel().tolist()
    assert points[0]["at"] == {"hidden": "2", "array": "ideal", "repeat": "0"}
    for point, joules in zip(points, cube["joules"].values.reshape(8, len(cube["machine"]), 3, 3), strict=True):
        for bill, expected in zip(point["bills"], joules, strict=True):
            if "unpriced" not in bill:
                assert list(bill["joules"]["core"].values()) == expected[0].tolist()
    lines = price(str(folder)).splitlines()
    assert len(lines) == 10 and lines[1].split()[:3] == ["hidden", "array", "repeat"]
    assert lines[-1].split()[:3] == ["4", "analog", "1"]
    ran = cube["ran"].values.ravel()
    assert all(name.startswith("simulated @ ") == (point["at"]["array"] == "analog") for name, point in zip(ran, points, strict=True))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["."], "index.h5: expected the index of a finished sweep, found no file"),
        ([".", "x.h5"], "expected the folder of one sweep, or files"),
        ([".", "--full"], "price files: expected DIR/*.h5 instead of the folder"),
    ],
)
def test_a_folder_that_is_no_sweep_is_refused(
    program: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    done = subprocess.run([program, "price", *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and message in done.stderr and done.stderr.count("\n") == 1


def test_bad_draws_and_lists_are_refused(folder: Path) -> None:
    with pytest.raises(ohmlab.UserError, match="argument draws"):
        ohmlab.load_sweep(folder, prices="default", draws=-1)
    with pytest.raises(ohmlab.UserError, match="silcon"):
        ohmlab.load_sweep(folder, prices="silcon")
