"""Presets from measured pulses."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ohmlab import _core

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Fit", "FittedModel", "FittedParameter", "fit"]


@dataclass(frozen=True)
class FittedParameter:
    """A parameter of a fitted model with its 95 % interval."""

    name: str
    value: float
    error: float
    low: float
    high: float
    bootstrap: list[float]
    spread: float
    spread_error: float
    note: str


@dataclass(frozen=True)
class FittedModel:
    """One model beside the others; errors are root mean squares in units of w."""

    kind: str
    parameters: list[FittedParameter]
    free: int
    log_likelihood: float
    aic: float
    bic: float
    above_best: float
    noise_key: str
    noise_law: str
    noise: float
    read_noise: float
    error_fitted: float
    error_held_back: float
    ramp_error: float
    note: str

    def __getitem__(self, name: str) -> FittedParameter:
        """The parameter of this name."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(f"{self.kind} has no fitted {name}; it has {', '.join(p.name for p in self.parameters)}")


class Fit:
    """What a fit found. `table` has everything as a dict."""

    def __init__(self, report: _core.FitReport) -> None:
        self._report = report
        self.table: dict[str, Any] = report.table
        self.models = [
            FittedModel(**{**model, "parameters": [FittedParameter(**p) for p in model["parameters"]]})
            for model in self.table["models"]
        ]

    @property
    def best(self) -> FittedModel:
        """The model with the least aic."""
        return self.models[0]

    def model(self, kind: str) -> FittedModel:
        """The model of this kind."""
        for model in self.models:
            if model.kind == kind:
                return model
        raise KeyError(f"{kind} was not fitted; there are {', '.join(m.kind for m in self.models)}")

    @property
    def noise_floor(self) -> float:
        """Least error of the next read that the measured noise allows, in units of w."""
        return float(self.table["noise_floor"])

    @property
    def ramp_floor(self) -> float:
        """Error of whole ramps held back around the mean of fitted ramps; 0 if ramps do not repeat."""
        return float(self.table["ramp_floor"])

    @property
    def excluded(self) -> list[str]:
        """Outlying ramps that were left out."""
        return list(self.table["excluded"])

    @property
    def notes(self) -> list[str]:
        """What to know before using the preset."""
        return list(self.table["notes"])

    @property
    def preset_text(self) -> str:
        """The preset of the best model, as TOML."""
        return self._report.preset

    @property
    def preset(self) -> dict[str, Any]:
        """The preset of the best model, as a dict that `ohmlab.Device` takes. A measured_table names a file, which
        `save` writes."""
        return tomllib.loads(self.preset_text)

    def save(self, file: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the preset; refuses to overwrite unless `force`."""
        self._report.save(file, force=force)

    def plot(self) -> Figure:
        """Measured ramps over those of the best model. Needs matplotlib."""
        from ohmlab import plot

        return plot.fit(self)

    def __repr__(self) -> str:
        return f"Fit(best={self.best.kind!r}, models={[model.kind for model in self.models]})"


def fit(
    data: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    progress: Callable[[str, int, int, str], None] | None = None,
    **options: Any,
) -> Fit:
    """Fits pulse models to files of reads after each pulse, as the command `ohmlab fit` does.

    Keywords are those that `ohmlab describe lab fit` lists: models, up, down, signs, columns, values,
    read_voltage, low, high, hold_back, bootstrap, … Lists may be given as one text.
    """
    files = [data] if isinstance(data, str | os.PathLike) else list(data)
    for key in ("models", "up", "down"):
        if isinstance(options.get(key), str):
            options[key] = [options[key]]
    return Fit(_core.fit_files(files, progress=progress, **options))
