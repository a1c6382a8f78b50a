"""Result files as labelled arrays. Needs xarray, which is imported at first use."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from ohmlab import _core

if TYPE_CHECKING:
    import xarray

    from ohmlab._stored_verdict import StoredVerdict

__all__ = ["Result", "load", "load_sweep", "load_verdict"]


class Result:
    """Result of a run, with the contents described in `docs/results.md`."""

    def __init__(self, stored: _core.StoredResult, file: str) -> None:
        self._stored = stored
        self.file = file

    @property
    def id(self) -> str:
        """Hash of resolved config and data."""
        return self._stored.id

    @property
    def changed(self) -> str:
        """Difference from the file that ohmlab wrote, or ""."""
        return self._stored.changed

    @property
    def config(self) -> dict[str, Any]:
        """The resolved config: SI units, defaults filled in."""
        return self._stored.config

    @property
    def run(self) -> dict[str, Any]:
        """Facts that differ between equal runs: version, commit, compiler, cpu, threads, started, seconds."""
        return self._stored.run

    @property
    def warnings(self) -> list[str]:
        """Warnings to read before the figures, one sentence each: an IR drop left out of reads, clipped
        conversions or inputs, updates cut off, rounded steps, worn-out cells, unconverged annealing, a model
        no better than independent units."""
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
        """Work of every compared system."""
        return _table(self._stored.tally, "entry")

    @cached_property
    def holdings(self) -> xarray.Dataset:
        """Parts of every compared system."""
        return _table(self._stored.holdings, "holding")

    @cached_property
    def history(self) -> xarray.Dataset:
        """Work of the machine that ran, up to each evaluation: count and serial (1), joules (J) and
        duration (s). Dimensions are the axis of the run and `entry`, a row of `tally`. Without variables if
        the experiment does not train."""
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
        """Arrays of one group on their axes. Raises KeyError if no group has this name."""
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
        """Printed text of a group. Raises KeyError if no group has this name."""
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
        """Bills the machine that ran up to the first evaluation at which a metric is at a value, given in the
        metric's unit, or beyond it. The direction is from the first evaluation towards the value, unless
        `toward` is given. Systems that were only counted have no bill to a quality: their quality is unknown.

        Raises `ohmlab.UserError` if the metric or the history is missing.

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

    def bills_along(self, prices: _core.Prices | None = None, *, draws: int = 0) -> list[list[_core.PricedSystem]]:
        """Bills of the machine that ran up to each evaluation, at each place. By default at the medians of the
        prices. Empty if the experiment keeps no history."""
        return self._stored.bills_along(prices, draws=draws)

    def tornado(self, prices: _core.Prices | None = None) -> list[tuple[str, float, float]]:
        """Prices that move the bill of the simulated machine most, widest swing first. Each row: key of the
        price, and joules with this price alone at its 5th and 95th percentile. Joules are at the node if the
        list prices it, else at the core."""
        return self._stored.tornado(prices)

    def _repr_html_(self) -> str | None:
        from ohmlab import _html

        return _html.of_result(self)

    def __repr__(self) -> str:
        figures = ", ".join(f"{q.name}={q.value:.6g}" for q in self._stored.quality)
        return f"Result({self.file!r}, {figures})"


def load(file: str | os.PathLike[str], *, changed: bool = False) -> Result:
    """Reads a result file and raises each of its warnings as a RuntimeWarning. Threads may read at the same time.

    With `changed`, also reads a file that is not as ohmlab wrote it: damaged, or changed by another program. It is
    read in a process of its own, since HDF5 may crash on it. Its figures may be wrong; `Result.changed` says so.

    Raises `ohmlab.UserError` if the file is not a result, has another schema, or was changed and `changed` is false.
    """
    return Result(_core.read_result(file, changed=changed), os.fspath(file))


def load_sweep(
    folder: str | os.PathLike[str],
    *,
    prices: _core.Prices | str | os.PathLike[str] | None = None,
    draws: int = 2000,
) -> xarray.Dataset:
    """Cube of a finished sweep. Axes are dimensions, quality figures are variables, failed points are NaN.

    With `prices`, a list or its name, the cube also holds the cost of each machine at each point: `joules` (J) over
    `machine`, `boundary` and `band`, `seconds` (s) and `area` (m2) over `machine` and `band`, and `unpriced`, the reason
    why a machine has no bill. `ran` names the machine that ran. All bills share their `draws` of the prices.

    Needs h5netcdf. Raises FileNotFoundError while points are open: there is no `index.h5` yet.

    >>> import ohmlab
    >>> config = {"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
    ...           "model": {"kind": "rbm", "hidden": 2}, "training": {"epochs": 2},
    ...           "sweep": {"axes": [{"key": "model.hidden", "values": [2, 3]}]}}
    >>> outcome = ohmlab.sweep(config, out=folder)
    >>> cube = ohmlab.load_sweep(folder, prices="default")
    >>> cube["joules"].dims, cube["hidden"].dtype.kind
    (('hidden', 'machine', 'boundary', 'band'), 'i')
    """
    import xarray

    with xarray.open_dataset(os.path.join(folder, "index.h5"), engine="h5netcdf") as file:
        cube = file.load()
    if prices is None:
        return cube
    if not isinstance(prices, _core.Prices):
        prices = _core.Prices.load(prices)
    costs = _core.price_sweep(folder, prices, draws)
    points, shape = cube["id"].dims, cube["id"].shape
    machines, boundaries = len(costs["machine"]), len(costs["boundary"])
    cube = cube.assign_coords(
        {
            "machine": ("machine", costs["machine"], {"long_name": "machine at its place in the price list"}),
            "machine_title": ("machine", costs["title"], {"long_name": "name of the machine"}),
            "boundary": ("boundary", costs["boundary"], {"long_name": "part of the machinery that joules cover"}),
            "band": ("band", ["nominal", "p05", "p95"], {"long_name": "median of all prices, and percentiles"}),
        }
    )
    return cube.assign(
        ran=(points, _texts(costs["ran"]).reshape(shape), {"long_name": "machine that ran; empty if none did"}),
        joules=(
            (*points, "machine", "boundary", "band"),
            costs["joules"].reshape(*shape, machines, boundaries, 3),
            {"units": "J", "long_name": "energy of the whole run"},
        ),
        seconds=(
            (*points, "machine", "band"),
            costs["seconds"].reshape(*shape, machines, 3),
            {"units": "s", "long_name": "time of the whole run on the machine"},
        ),
        area=(
            (*points, "machine", "band"),
            costs["area"].reshape(*shape, machines, 3),
            {"units": "m2", "long_name": "area of the machine"},
        ),
        unpriced=(
            (*points, "machine"),
            _texts(costs["unpriced"]).reshape(*shape, machines),
            {"long_name": "why the machine has no bill; empty if it has one"},
        ),
    )


def _texts(texts: list[str]) -> Any:
    import numpy

    return numpy.array(texts, dtype=object)


def load_verdict(folder: str | os.PathLike[str]) -> StoredVerdict:
    """Reads what `ohmlab verdict` wrote: its folder, or the file `verdict.h5` in it. Runs no training.

    Needs h5netcdf. Raises `ohmlab.UserError` if the file is damaged, not a verdict, or of an earlier version.
    """
    from ohmlab._stored_verdict import StoredVerdict

    return StoredVerdict(folder)


def _labels(item: _core.Quantity | _core.Series | _core.Parameter) -> dict[str, str]:
    return {"units": item.unit, "long_name": item.meaning}


def _table(columns: dict[str, Any], scale: str) -> xarray.Dataset:
    import xarray

    return xarray.Dataset({name: (scale, column) for name, column in columns.items()})
