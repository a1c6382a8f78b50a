"""A verdict as it lies in its folder."""

from __future__ import annotations

import os
import re
import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ohmlab import _core, results

if TYPE_CHECKING:
    import xarray

__all__ = ["StoredVerdict"]

FORMAT = "ohmlab verdict"


class StoredVerdict:
    """Contents of `verdict.h5`, and the runs beside it."""

    def __init__(self, given: str | os.PathLike[str]) -> None:
        import xarray

        path = Path(given)
        self.file = path / "verdict.h5" if path.is_dir() else path
        self.folder = self.file.parent
        if not self.file.exists():
            raise _core.UserError(
                f"{self.file}: there is no verdict; ohmlab verdict DEVICE --out {self.folder} makes it"
            )
        if (found := _core.format_of(self.file)) != FORMAT:
            raise _core.UserError(f'{self.file}: expected a verdict, found a file of format "{found}"')
        with xarray.open_dataset(self.file, engine="h5netcdf") as opened:
            self.cube: xarray.Dataset = opened.load()
        said = self.cube.attrs
        if "report" not in self.cube:
            raise _core.UserError(
                f"{self.file}: written by an earlier version, without the words of the verdict; repeat the command "
                f"ohmlab verdict {said['device']} with the same options: it bills again and trains nothing"
            )
        self.device, self.task, self.title = str(said["device"]), str(said["task"]), str(said["title"])
        self.metric, self.unit, self.prices = str(said["metric"]), str(said["unit"]), str(said["prices"])
        self.unpriced = str(said["unpriced"])
        self.draws, self.tried = int(said["draws"]), int(said["settings_tried"])
        level = float(said["compared_level"])
        self.level = level if level == level else None
        self.report = str(self.cube["report"].values).split("\n")
        self.refused = [line for line in str(self.cube["refused"].values).split("\n") if line]

    def group(self, name: str) -> xarray.Dataset | None:
        """A group of the file: "learning", "causes", "parts"; None if the verdict has none of this name."""
        import xarray

        try:
            with xarray.open_dataset(self.file, engine="h5netcdf", group=name, phony_dims="sort") as opened:
                return opened.load()
        except OSError:  # h5netcdf says so for a group that is not there
            return None

    @property
    def machines(self) -> list[str]:
        """Names of the machines, the analog one first; empty if nothing is billed."""
        return [str(name) for name in self.cube["machine"].values] if "machine" in self.cube else []

    def name_of(self, machine: int) -> str:
        """Title of a machine for a reader: its place, and of a run without a side its own name."""
        if str(self.cube["side"].values[machine]) == "fixed":
            return self.machines[machine]
        return str(self.cube["title"].values[machine])

    def cost(self, machine: int, measure: str, level: float | None = None) -> tuple[float, float, float]:
        """Cost of the middle instance of a machine to a level, by default the one compared, with its 5th and 95th
        percentile over the prices: J at "core", "without_hosts" or "node", s of "seconds". NaN if it has none."""
        at = self.cube.sel(level=self.level if level is None else level)
        name = "seconds" if measure == "seconds" else "joules"
        cells = [at[name + end] for end in ("", "_p05", "_p95")]
        if measure != "seconds":
            cells = [cell.sel(boundary=measure) for cell in cells]
        middle, low, high = (float(cell.values[machine]) for cell in cells)
        return middle, low, high

    def cheapest(self, measure: str) -> int | None:
        """Index of the digital machine that takes the least at the compared level, of those most of whose instances
        reach it; None if there is none."""
        if self.level is None or not self.machines:
            return None
        at = self.cube.sel(level=self.level)
        cost = at["seconds"] if measure == "seconds" else at["joules"].sel(boundary=measure)
        mostly = 2 * at["reached"].values > at["instances"].values
        costs = [
            (float(value), k)
            for k, value in enumerate(cost.values)
            if mostly[k] and value == value and str(at["side"].values[k]) != "analog"
        ]
        return min(costs)[1] if costs else None

    @cached_property
    def missing(self) -> list[str]:
        """Sentences on the runs that are not beside the file any more."""
        return [f"{self.folder / stage} is missing or unfinished: its runs are not shown" for stage in self._gone]

    @cached_property
    def _gone(self) -> list[str]:
        return [stage for stage in ("screen", "final") if not (self.folder / stage / "index.h5").exists()]

    @cached_property
    def ids(self) -> dict[str, Path]:
        """Files of the runs by their labels, "side: setting" with " (2)" and so on for further instances; of the first
        stage only runs without a side."""
        import xarray

        out: dict[str, Path] = {}
        for stage in ("screen", "final"):
            if stage in self._gone:
                continue
            with xarray.open_dataset(self.folder / stage / "index.h5", engine="h5netcdf") as index:
                for label, run in zip(index["run"].values, index["id"].values, strict=True):
                    file = self.folder / stage / f"{run}.h5"
                    if file.exists() and (stage == "final" or ": " not in str(label)):
                        out[str(label)] = file
        return out

    def runs(self, side: str, setting: str) -> list[results.Result]:
        """Results of all instances of a setting; empty if their files are gone."""
        label = setting if side == "fixed" else f"{side}: {setting}"
        known = re.compile(re.escape(label) + r"( \(\d+\))?")
        files = [file for name, file in self.ids.items() if known.fullmatch(name)]
        return [self._load(file) for file in files]

    def _load(self, file: Path) -> results.Result:
        if file not in self._loaded:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                self._loaded[file] = results.load(file)
        return self._loaded[file]

    @cached_property
    def _loaded(self) -> dict[Path, results.Result]:
        return {}

    def of_machine(self, machine: int, level: float | None = None) -> list[results.Result]:
        """Results of the instances of a machine, in its cheapest setting at a level, by default the one compared, or
        the highest if none is."""
        at = self.level if level is None else level
        place = {"level": at} if at is not None else {"level": self.cube["level"].values[-1]}
        setting = self.cube["setting"].sel(place).values[machine]
        return self.runs(str(self.cube["side"].values[machine]), str(setting))

    def middle_bill(self, machine: int, prices: _core.Prices | None = None) -> _core.PricedSystem | None:
        """Bill up to the compared level of that instance of a machine whose joules are the middle ones, at its first
        evaluation there; None if no run reaches it or files are gone."""
        if self.level is None:
            return None
        at = self.cube.sel(level=self.level)
        where = "node" if at["joules"].sel(boundary="node").values[machine] > 0 else "core"
        wanted = float(at["joules"].sel(boundary=where).values[machine])
        best: tuple[float, _core.PricedSystem] | None = None
        for run in self.of_machine(machine):
            found = run.bill_to(self.metric, self.level, prices, toward="up")
            title = str(at["title"].values[machine])
            for k, row in enumerate(found.bills):
                if row.place_title != title or row.bill is None:
                    continue
                draws = row.bill.at(where)
                before = found.bills_before[k].bill if found.bills_before else row.bill
                earlier = before.at(where) if before is not None else None
                if draws is None or earlier is None:
                    continue
                off = abs((draws.nominal + earlier.nominal) / 2 - wanted)
                if best is None or off < best[0]:
                    best = (off, row)
        return best[1] if best is not None else None

    def _repr_html_(self) -> str | None:
        from ohmlab import _html
        from ohmlab._format import band

        first = self.report[
            : next((k for k, line in enumerate(self.report) if line.startswith("To ")), len(self.report))
        ]
        rows = []
        if self.level is not None and self.machines:
            at = self.cube.sel(level=self.level)
            for k in range(len(self.machines)):
                costs = [band(*self.cost(k, where), "J") for where in ("core", "node")]
                time = band(*self.cost(k, "seconds"), "s")
                reach = f"{at['reached'].values[k]:.0f} of {at['instances'].values[k]:.0f}"
                rows.append([self.name_of(k), reach, *costs, time])
        return _html.of_verdict(first, rows)

    def __str__(self) -> str:
        return "\n".join(self.report)

    def __repr__(self) -> str:
        return f"StoredVerdict({str(self.file)!r}, {self.report[0]!r})"
