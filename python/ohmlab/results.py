"""Result files as labelled arrays. Needs xarray, which is imported when a file is labelled."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from ohmlab import _core

if TYPE_CHECKING:
    import xarray

__all__ = ["Result", "load", "load_sweep"]


class Result:
    """What a run found, as `docs/results.md` describes it."""

    def __init__(self, stored: _core.StoredResult, file: str) -> None:
        self._stored = stored
        self.file = file

    @property
    def id(self) -> str:
        """Hash of resolved config and data."""
        return self._stored.id

    @property
    def changed(self) -> str:
        """In which way the file is not the one that ohmlab wrote, or ""."""
        return self._stored.changed

    @property
    def config(self) -> dict[str, Any]:
        """The resolved config: SI units, defaults filled in."""
        return self._stored.config

    @property
    def run(self) -> dict[str, Any]:
        """What differs between equal runs: version, compiler, cpu, threads, started, seconds."""
        return self._stored.run

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before the figures, in sentences: an IR drop that reads leave out, clipped
        conversions, cells worn out, unconverged annealing, a model no better than independent units."""
        return self._stored.warnings

    @cached_property
    def quality(self) -> xarray.Dataset:
        """Final figures, scalars."""
        import xarray

        return xarray.Dataset({q.name: ((), q.value, _labels(q)) for q in self._stored.quality})

    @cached_property
    def metrics(self) -> xarray.Dataset:
        """Figures along the axis of the run, e.g. its epochs."""
        import xarray

        axis = self._stored.axis
        return xarray.Dataset(
            {series.name: (axis.name, series.values, _labels(series)) for series in self._stored.metrics},
            coords={axis.name: (axis.name, axis.values, _labels(axis))},
        )

    @cached_property
    def model(self) -> xarray.Dataset:
        """Weights and biases."""
        import xarray

        return xarray.Dataset({p.name: (p.dims, p.values, _labels(p)) for p in self._stored.parameters})

    @cached_property
    def tally(self) -> xarray.Dataset:
        """What every compared system did."""
        return _table(self._stored.tally, "entry")

    @cached_property
    def holdings(self) -> xarray.Dataset:
        """What every compared system consists of."""
        return _table(self._stored.holdings, "holding")

    @cached_property
    def history(self) -> xarray.Dataset:
        """What the machine that ran had done by each evaluation: count and serial (1), joules (J) and
        duration (s), along the axis of the run and `entry`, a row of `tally`. Without variables if the
        experiment does not train."""
        import xarray

        stored, axis = self._stored.history, self._stored.axis
        if not stored:
            return xarray.Dataset()
        dims = (axis.name, "entry")
        return xarray.Dataset(
            {
                name: (dims, item["values"], {"units": item["unit"], "long_name": item["meaning"]})
                for name, item in stored["amounts"].items()
            },
            coords={axis.name: (axis.name, axis.values, _labels(axis)), "entry": ("entry", stored["entry"])},
            attrs={"system": stored["system"]},
        )

    @property
    def groups(self) -> list[str]:
        """Names of the groups of arrays that share axes, e.g. "foundation"."""
        return list(self._stored.groups)

    def group(self, name: str) -> xarray.Dataset:
        """The arrays of one group on their axes. Raises KeyError if there is none of this name."""
        import numpy
        import xarray

        stored = self._stored.groups[name]
        axes = {axis: len(item["values"]) for axis, item in stored["axes"].items()}
        return xarray.Dataset(
            {
                cube: (
                    item["dims"],
                    numpy.reshape(item["values"], [axes[dim] for dim in item["dims"]]),
                    {"units": item["unit"], "long_name": item["meaning"]},
                )
                for cube, item in stored["cubes"].items()
            },
            coords={
                axis: (axis, item["values"], {"units": item["unit"], "long_name": item["meaning"]})
                for axis, item in stored["axes"].items()
            },
        )

    def report(self, name: str) -> str:
        """What a group says to a person. Raises KeyError if there is none of this name."""
        return str(self._stored.groups[name]["report"])

    def bills(
        self, prices: _core.Prices | None = None, *, assume: dict[str, Any] | None = None, draws: int = 2000
    ) -> list[_core.PricedSystem]:
        """Prices every system: the simulated one first, digital ones once for each accelerator."""
        return self._stored.bills(prices, assume=assume or {}, draws=draws)

    def bill_to(
        self,
        metric: str,
        value: float,
        prices: _core.Prices | None = None,
        *,
        toward: Literal["up", "down"] | None = None,
        assume: dict[str, Any] | None = None,
        draws: int = 2000,
    ) -> _core.QualityBill:
        """Bills the machine that ran until a metric came to a value, in the metric's unit: the first
        evaluation at the value or beyond it, going away from the first evaluation unless `toward` says which
        way. Systems that were counted and not run have no such bill: nobody knows their quality.

        Raises `ohmlab.UserError` if there is no such metric, or if the experiment kept no history.

        >>> import ohmlab
        >>> outcome = ohmlab.run({"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
        ...                       "model": {"kind": "rbm", "hidden": 4},
        ...                       "training": {"epochs": 60, "batch": 4, "rate": 0.2}}, folder=folder)
        >>> bill = ohmlab.results.load(outcome.file).bill_to("test_log_likelihood", -6.1)
        >>> bill.reached, bill.unit, bill.axis, bill.toward
        (True, 'nat', 'epoch', 'up')
        >>> bill.before[1] < -6.1 <= bill.there[1]
        True
        >>> bill.bills[0].bill.node.nominal > bill.bills_before[0].bill.node.nominal > 0
        True
        """
        return self._stored.bill_to(metric, value, prices, toward=toward, assume=assume or {}, draws=draws)

    def tornado(self, prices: _core.Prices | None = None) -> list[tuple[str, float, float]]:
        """What moves the bill of the simulated machine most, at its node where the list prices one: for each price
        its key and the joules there with it alone at its 5th and 95th percentile, widest first."""
        return self._stored.tornado(prices)

    def __repr__(self) -> str:
        figures = ", ".join(f"{q.name}={q.value:.6g}" for q in self._stored.quality)
        return f"Result({self.file!r}, {figures})"


def load(file: str | os.PathLike[str], *, changed: bool = False) -> Result:
    """Reads a result file, and raises each of its warnings as a RuntimeWarning. Threads may read at the same time.

    With `changed`, also one that is not as ohmlab wrote it: damaged, or changed by another program. It is read
    in a process of its own, since HDF5 may crash on it, and its figures may be wrong; `Result.changed` says so.

    Raises `ohmlab.UserError` if it is no result file, one of another schema, or such a file unless `changed`.
    """
    return Result(_core.read_result(file, changed=changed), os.fspath(file))


def load_sweep(folder: str | os.PathLike[str]) -> xarray.Dataset:
    """The cube of a finished sweep: axes are dimensions, quality figures variables, failed points NaN.

    Needs h5netcdf. Raises FileNotFoundError while points are open, when there is no `index.h5` yet.
    """
    import xarray

    with xarray.open_dataset(os.path.join(folder, "index.h5"), engine="h5netcdf") as cube:
        return cube.load()


def _labels(item: _core.Quantity | _core.Series | _core.Parameter) -> dict[str, str]:
    return {"units": item.unit, "long_name": item.meaning}


def _table(columns: dict[str, Any], scale: str) -> xarray.Dataset:
    import xarray

    return xarray.Dataset({name: (scale, column) for name, column in columns.items()})
