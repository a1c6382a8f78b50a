"""
The C++ side of ohmlab; import ohmlab instead.
"""
from __future__ import annotations
import collections.abc
import numpy
import numpy.typing
import os
import pathlib
import typing
__all__: list[str] = ['Array', 'AtLevel', 'Band', 'Bill', 'Device', 'Draws', 'Entry', 'FitReport', 'Holding', 'Improvement', 'Learner', 'Lever', 'Outcome', 'Parameter', 'PricedSystem', 'Prices', 'QualityBill', 'Quantity', 'Ratio', 'Rival', 'Rung', 'Series', 'StageScope', 'StoredResult', 'SweepOutcome', 'SweepWork', 'Tally', 'TransposedArray', 'Trial', 'UserError', 'Verdict', 'Versus', 'WorldError', 'build', 'claim', 'claims', 'describe', 'fit_files', 'format_of', 'prepare_sweep', 'price_sweep', 'read_result', 'rivals', 'run', 'sweep', 'validate', 'verdict', 'work_as_job', 'work_on_point']
class UserError(ValueError):
    """
    A mistake of the user, with its place: a wrong config, argument or file.
    """
class WorldError(OSError):
    """
    A failure of the environment: a disk, a permission, a missing file.
    """
class Entry:
    """
    Work of one part of a machine in one stage of the schedule.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def action(self) -> str:
        """
        action done
        """
    @property
    def component(self) -> str:
        """
        part of the machine
        """
    @property
    def count(self) -> float:
        """
        count of the action
        """
    @property
    def joules(self) -> float:
        """
        dissipation from physics, without a price, J
        """
    @property
    def layer(self) -> str:
        """
        layer of the model, or "" if it belongs to none
        """
    @property
    def overlapped(self) -> bool:
        """
        true in a pipeline, where only the slowest action takes time
        """
    @property
    def parameter(self) -> float:
        """
        parameter of the action, e.g. bits
        """
    @property
    def seconds(self) -> float:
        """
        time from physics, without a price, s
        """
    @property
    def serial(self) -> float:
        """
        count on the critical path
        """
    @property
    def stage(self) -> str:
        """
        stage of the schedule; stages follow one another in time
        """
class Holding:
    """
    Parts that a machine has, active or idle.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def component(self) -> str:
        """
        part of the machine
        """
    @property
    def count(self) -> float:
        """
        number of parts
        """
    @property
    def layer(self) -> str:
        """
        layer of the model, or "" if it belongs to none
        """
    @property
    def parameter(self) -> float:
        """
        parameter of the part, e.g. bits
        """
    @property
    def part(self) -> str:
        """
        kind of the part
        """
class StageScope:
    """
    Stage of all postings within a `with` block.
    """
    def __enter__(self) -> None:
        ...
    def __exit__(self, *args: typing.Any) -> None:
        ...
class Tally:
    """
    Counts of all work that costs energy or time, without prices.
    
    >>> import ohmlab
    >>> tally = ohmlab.Tally()
    >>> with tally.stage("train"):
    ...     tally.post("weights", "adc_convert", count=1e6, serial=1e4, parameter=8)
    >>> tally.hold("weights", "adc", 100, parameter=8)
    >>> tally.entries
    [Entry(stage="train", component="weights", action="adc_convert", count=1e+06)]
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __init__(self) -> None:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def cannot_price(self, component: str, missing: str, *, layer: str = '') -> None:
        """
        Marks the work of a component as impossible to price, and names the missing value. Pricing this tally raises UserError from then on.
        """
    def columns(self) -> dict[str, typing.Any]:
        """
        The entries as columns by name: lists of text, arrays of numbers.
        """
    def hold(self, component: str, part: str, count: typing.SupportsFloat, *, parameter: typing.SupportsFloat = 0.0, layer: str = '') -> None:
        """
        Adds `count` of a part to a component.
        """
    def post(self, component: str, action: str, *, count: typing.SupportsFloat, serial: typing.SupportsFloat = 0.0, parameter: typing.SupportsFloat = 0.0, joules: typing.SupportsFloat = 0.0, seconds: typing.SupportsFloat = 0.0, overlapped: bool = False, layer: str = '') -> None:
        """
        Adds work of a component: count, count on the critical path (`serial`), and joules and seconds from physics. Of the overlapped actions of a component in a stage, only the slowest takes time.
        """
    def stage(self, name: str) -> StageScope:
        """
        Names the stage of all postings within a `with` block; stages do not nest.
        """
    @property
    def entries(self) -> list[Entry]:
        """
        all work, sorted by stage, component, action and parameter
        """
    @property
    def holdings(self) -> list[Holding]:
        """
        all parts
        """
    @property
    def unpriced(self) -> list[tuple[str, str]]:
        """
        components that cannot be priced, with their layer, and the missing value of each
        """
class Band:
    """
    A figure at the median of all prices, with its 5th and 95th percentile.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def nominal(self) -> float:
        """
        at the median of all prices
        """
    @property
    def p05(self) -> float:
        """
        5th percentile over draws of the prices
        """
    @property
    def p95(self) -> float:
        """
        95th percentile over draws of the prices
        """
class Draws:
    """
    A figure under each draw of the prices. Two bills of one price list share their draws, so common uncertainty cancels in the ratio `a / b`.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def __truediv__(self, other: Draws) -> Draws:
        ...
    @property
    def band(self) -> Band:
        """
        nominal, 5th and 95th percentile
        """
    @property
    def nominal(self) -> float:
        """
        at the median of all prices
        """
    @property
    def values(self) -> numpy.typing.NDArray[numpy.float64]:
        """
        value under each draw; a view, not a copy
        """
class Bill:
    """
    Cost of a tally under a price list.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def _repr_html_(self) -> str | None:
        """
        A small table, as notebooks show it; None without Jinja2.
        """
    def at(self, boundary: str) -> Draws | None:
        """
        Energy at "core", "node" or "facility", J, or None if the list has no price.
        """
    @property
    def actions(self) -> dict[str, Draws]:
        """
        joules at `boundary` by action
        """
    @property
    def area(self) -> Band:
        """
        area, m2
        """
    @property
    def boundary(self) -> str:
        """
        boundary of the place's own prices, and so of components, layers, groups, actions and stages. "core": arrays with their edge, or accelerators with their memory. "node": also host, links, fans and supply
        """
    @property
    def cells_seconds(self) -> float:
        """
        time in which cells are read or pulsed, s; otherwise they wait
        """
    @property
    def co2(self) -> Draws | None:
        """
        CO2 of operation, kg, or None
        """
    @property
    def components(self) -> dict[str, Draws]:
        """
        joules at `boundary` by part of the machine
        """
    @property
    def core(self) -> Draws | None:
        """
        energy of the core, J, or None if the list has no price
        """
    @property
    def dollars(self) -> Draws | None:
        """
        electricity and hardware paid off, USD, or None
        """
    @property
    def facility(self) -> Draws | None:
        """
        energy at the building's meter, J, or None
        """
    @property
    def groups(self) -> dict[str, Draws]:
        """
        joules at `boundary` by kind of work: cells, periphery, updates, random numbers, digital, memory, communication, idle
        """
    @property
    def host(self) -> Draws | None:
        """
        energy of the host, J, a part of the node's; None if inside its prices
        """
    @property
    def launch_seconds(self) -> float:
        """
        time in which an accelerator waits for what it starts, s
        """
    @property
    def layers(self) -> dict[str, Draws]:
        """
        joules at `boundary` by layer of the model; empty if the model names none
        """
    @property
    def node(self) -> Draws | None:
        """
        energy at the node's plug, J, or None
        """
    @property
    def seconds(self) -> Draws:
        """
        time along the schedule, s
        """
    @property
    def stage_seconds(self) -> dict[str, Draws]:
        """
        seconds on the critical path by stage of the schedule
        """
    @property
    def stages(self) -> dict[str, Draws]:
        """
        joules at `boundary` by stage of the schedule
        """
    @property
    def wear(self) -> dict[str, tuple[float, float]]:
        """
        by component: mean pulses of a cell so far, and the pulses it survives; only of devices that give an endurance
        """
    @property
    def without_host(self) -> Draws | None:
        """
        energy at the node's plug less that of the host, J, or None
        """
class Prices:
    """
    List of prices, each a lognormal law with its source.
    
    >>> import ohmlab
    >>> prices = ohmlab.Prices.default(assume={"places.array.energy.adc_convert": "3 pJ"})
    >>> "array" in prices.places
    True
    """
    @staticmethod
    def default(*, assume: collections.abc.Mapping[str, typing.Any] = {}) -> Prices:
        """
        The default list that comes with ohmlab, with dotted keys set.
        """
    @staticmethod
    def load(file: str | os.PathLike[str], *, assume: collections.abc.Mapping[str, typing.Any] = {}) -> Prices:
        """
        Reads a price list from a file, or by the name of a list that comes with ohmlab, then sets dotted keys. A price set to one value has no uncertainty.
        """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def price(self, tally: Tally, *, place: str = 'array', draws: typing.SupportsInt = 2000, seed: typing.SupportsInt = 1) -> Bill:
        """
        Prices a tally at one place. Raises UserError if the list lacks a price or the tally has work that cannot be priced: nothing is free by default.
        """
    def tornado(self, tally: Tally, *, place: str = 'array') -> list[tuple[str, float, float]]:
        """
        Prices that move a bill most, widest swing first. Each row: key of the price, and joules at the bill's own boundary with this price alone at its 5th and 95th percentile.
        """
    @property
    def file(self) -> str:
        """
        file that was read
        """
    @property
    def places(self) -> dict[str, str]:
        """
        title of each place where work can be done, by name
        """
    @property
    def title(self) -> str:
        """
        title of the list
        """
class Device:
    """
    One kind of resistive cell: its response to pulses, programming, time and reads.
    
    A state w is -1 at g_min and +1 at g_max, linear between.
    
    >>> import ohmlab
    >>> device = ohmlab.Device("devices/reram_sb", set={"pulse.dw_min_dtod": 0})
    >>> device.pulse_curve(100, 100, devices=3).shape
    (3, 200)
    >>> device.uncited
    ['g_min', 'g_max', 'v_read', 't_read', 'v_write', 't_pulse']
    """
    def __getstate__(self) -> dict[str, typing.Any]:
        ...
    def __init__(self, preset: str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any] | None = None, *, set: collections.abc.Mapping[str, typing.Any] = {}, **kwargs: typing.Any) -> None:
        """
        `preset` is the name of a preset or a dict. Keywords override its keys; `set` holds dotted keys, set last.
        """
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: dict[str, typing.Any]) -> None:
        ...
    def _repr_html_(self) -> str | None:
        """
        A small table, as notebooks show it; None without Jinja2.
        """
    def conductance(self, states: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float64]:
        """
        Conductances in S of states w, in an array of the same shape.
        """
    def programming_error(self, conductances: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float64]:
        """
        Standard deviation in S that write-and-verify leaves around targets in S.
        """
    def pulse_curve(self, pulses_up: typing.SupportsInt, pulses_down: typing.SupportsInt, *, cycles: typing.SupportsInt = 1, devices: typing.SupportsInt = 1, seed: typing.SupportsInt = 1) -> numpy.typing.NDArray[numpy.float32]:
        """
        States w after each pulse, devices × pulses, from w = 0: pulses up, then down, repeated `cycles` times.
        """
    def read_noise(self, conductances: numpy.typing.ArrayLike, *, age: typing.SupportsFloat = 0.0) -> numpy.typing.NDArray[numpy.float64]:
        """
        Standard deviation in S of one read of cells that hold conductances in S, `age` seconds after their last write.
        """
    def retention(self, state: typing.SupportsFloat, ages: numpy.typing.ArrayLike, *, devices: typing.SupportsInt = 1, seed: typing.SupportsInt = 1) -> numpy.typing.NDArray[numpy.float32]:
        """
        States w at ages in seconds since cells were programmed to one state, devices × ages.
        """
    @property
    def granularity(self) -> float:
        """
        mean step of a pulse in units of w, by which pulsers plan
        """
    @property
    def operating_point(self) -> dict[str, float | None]:
        """
        voltages, times and conductances in SI units; None if no source is cited
        """
    @property
    def parameters(self) -> dict[str, typing.Any]:
        """
        every parameter, defaults filled in, in SI units
        """
    @property
    def source(self) -> str:
        """
        papers that the numbers come from, and the checks made
        """
    @property
    def states(self) -> float | None:
        """
        number of steps `dw_min` from bound to bound of the mean device; None if it has no bounds
        """
    @property
    def symmetry_point(self) -> float | None:
        """
        state w at which the mean steps up and down of the mean device are equal; None if there is none
        """
    @property
    def uncited(self) -> list[str]:
        """
        missing values of the operating point; without them the device has no bill
        """
class TransposedArray:
    """
    An `Array` seen from its columns: `array.T`. It shares cells and tally.
    """
    __array_ufunc__ = None
    def __array__(self, dtype: typing.Any = None, copy: typing.Any = None) -> typing.Any:
        """
        Weights now, transposed, without a read and at no cost: cols × rows.
        """
    def __matmul__(self, x: typing.Any) -> typing.Any:
        """
        Reads Wᵀ x: (rows,) gives (cols,), (rows, n) gives (cols, n).
        """
    def __repr__(self) -> str:
        ...
    def __rmatmul__(self, x: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float32]:
        """
        Reads x Wᵀ, as `mvm_transposed` does: (n, cols) gives (n, rows).
        """
    @property
    def T(self) -> typing.Any:
        """
        the array itself
        """
    @property
    def shape(self) -> tuple[int, int]:
        """
        columns and rows of the array
        """
class Array:
    """
    Array of weights held in cells, rows × cols: the interface between learning and hardware.
    
    Vectors are rows; one vector in gives one vector out. Reads and updates draw noise and post to the tally.
    
    >>> import numpy, ohmlab
    >>> array = ohmlab.Array(4, 3, "analog", device={"base": "devices/idealized"}, seed=7)
    >>> array.program(numpy.full((4, 3), 0.5))
    >>> array.mvm(numpy.ones((2, 4))).shape
    (2, 3)
    >>> (numpy.ones((2, 4)) @ array).shape, (array @ numpy.ones(3)).shape, (array.T @ numpy.ones(4)).shape
    ((2, 3), (4,), (3,))
    >>> array.mvm([1, 2, 3])
    Traceback (most recent call last):
    ohmlab._core.UserError: argument x: shape (3,): expected (4,) or (n, 4) with n > 0: 4 are the array's rows
    """
    __array_ufunc__ = None
    def __array__(self, dtype: typing.Any = None, copy: typing.Any = None) -> typing.Any:
        """
        Weights held by the cells now, as `weights`: exact, without a read and at no cost.
        """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __init__(self, rows: typing.SupportsInt, cols: typing.SupportsInt, config: str | collections.abc.Mapping[str, typing.Any] = 'ideal', *, set: collections.abc.Mapping[str, typing.Any] = {}, seed: typing.SupportsInt | None = None, name: str | None = None, tally: Tally | None = None, **kwargs: typing.Any) -> None:
        """
        `config` is the kind of array or a dict. Keywords override its keys; `set` holds dotted keys, set last. Seed and name determine the draws of cells: an array of cells needs one of them. Layers of a model share a seed and have different names. Arrays may share a tally, each under its own name; the default name is "weights".
        """
    def __matmul__(self, x: typing.Any) -> typing.Any:
        """
        Reads W x through the same cells as `mvm_transposed` does, with noise and at its cost: (cols,) gives (rows,), (cols, n) gives (rows, n).
        """
    def __repr__(self) -> str:
        ...
    def __rmatmul__(self, x: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float32]:
        """
        Reads x W, as `mvm` does: (n, rows) gives (n, cols).
        """
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def begin_phase(self, phase: typing.SupportsInt) -> bool:
        """
        Says that reads from now on belong to this phase of an update, counted from 0. Returns True if copies take phases in turn (`copies_share="phases"`).
        """
    def mvm(self, x: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float32]:
        """
        Reads y = x W through the converters: (n, rows) gives (n, cols).
        """
    def mvm_transposed(self, x: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float32]:
        """
        Reads y = x Wᵀ through the same cells, driven from the other side: (n, cols) gives (n, rows).
        """
    def netlist(self, x: numpy.typing.ArrayLike, *, transposed: bool = False) -> str:
        """
        Netlist for ngspice of a read of one vector: (rows,), or (cols,) if `transposed`. The cells are as they are now, without noise and converters; at no cost.
        """
    def program(self, weights: numpy.typing.ArrayLike) -> None:
        """
        Writes weights, rows × cols, with the programming error of the cells.
        """
    def update(self, x: numpy.typing.ArrayLike, d: numpy.typing.ArrayLike, rate: typing.SupportsFloat) -> None:
        """
        Updates W += rate · Σ xᵀ d over the vectors, with the nonideal pulses of the cells.
        """
    def wait(self, seconds: typing.SupportsFloat) -> None:
        """
        Lets time pass without work: cells drift.
        """
    @property
    def T(self) -> TransposedArray:
        """
        the array seen from its columns: `array.T @ x` reads as `mvm(x)`
        """
    @property
    def figures(self) -> dict[str, float]:
        """
        figures beside the weights: clipping, bounds, wear
        """
    @property
    def shape(self) -> tuple[int, int]:
        """
        rows and columns
        """
    @property
    def tally(self) -> Tally:
        """
        tally to which its work is posted
        """
    @property
    def unpriced(self) -> str:
        """
        reason why this array cannot be billed, or ""; its tally lists it too
        """
    @property
    def weights(self) -> numpy.typing.NDArray[numpy.float64]:
        """
        weights held by the cells now, without read noise and at no cost: float64, rows × cols
        """
class Learner:
    """
    A network and its trainer, which live from one call to the next. `ohmlab.learn` is made of it.
    
    `config` has the keys of the experiment `train` about model, array and training, and no data. A pickle holds the state
    of all cells, chains and counts.
    
    >>> import ohmlab
    >>> learner = ohmlab._core.Learner({"model": {"kind": "rbm", "hidden": 3}}, units=4)
    >>> learner.learn([[0, 0, 1, 1], [1, 1, 0, 0]], passes=2)
    >>> learner.hidden([0, 0, 1, 1]).shape
    (1, 3)
    """
    def __getstate__(self) -> tuple[dict[str, typing.Any], int, int, dict[str, typing.Any]]:
        ...
    def __init__(self, config: collections.abc.Mapping[str, typing.Any], *, units: typing.SupportsInt, classes: typing.SupportsInt = 0) -> None:
        """
        `units` numbers in an example; `classes` of labels, 0 without labels.
        """
    def __setstate__(self, arg0: tuple[dict[str, typing.Any], typing.SupportsInt, typing.SupportsInt, dict[str, typing.Any]]) -> None:
        ...
    def free_energy(self, X: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float64]:
        """
        Free energy of examples under an RBM, nat, (n,), exact.
        """
    def gibbs(self, X: numpy.typing.ArrayLike, *, steps: typing.SupportsInt = 1) -> numpy.typing.NDArray[numpy.float64]:
        """
        States of the visible units of an RBM after Gibbs steps through the arrays, (n, units).
        """
    def hidden(self, X: numpy.typing.ArrayLike, *, as_read: bool = False) -> numpy.typing.NDArray[numpy.float64]:
        """
        Probabilities of the hidden units of an RBM, (n, hidden): exact, or read through the arrays at their cost.
        """
    def learn(self, X: numpy.typing.ArrayLike, y: numpy.typing.ArrayLike | None = None, *, passes: typing.SupportsInt = 1, progress: collections.abc.Callable[[str, int, int, str], None] | None = None) -> None:
        """
        Passes over examples X, (n, units), with labels y, (n,), in batches and a random order of each pass. Ctrl-C ends it between two batches; the next call repeats the pass.
        """
    def outputs(self, X: numpy.typing.ArrayLike, *, as_read: bool = False) -> numpy.typing.NDArray[numpy.float64]:
        """
        Probabilities of classes, outputs at rest or goodness of labels, (n, classes): exact, or read through the arrays at their cost.
        """
    def pseudo_log_likelihood(self, X: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float64]:
        """
        Sum over units of ln p of each given all others under an RBM, nat, (n,), exact.
        """
    def wait(self, seconds: typing.SupportsFloat) -> None:
        """
        Lets time pass in all arrays: cells drift.
        """
    @property
    def biases(self) -> list[numpy.typing.NDArray[numpy.float64]]:
        """
        biases of each layer, float64
        """
    @property
    def classes(self) -> int:
        """
        classes of labels; 0 without labels
        """
    @property
    def doubts(self) -> list[str]:
        """
        numbers of the config without unit that are not plausible
        """
    @property
    def figures(self) -> dict[str, float]:
        """
        figures of the hardware over all arrays: clipping, bounds, wear
        """
    @property
    def log_z(self) -> float:
        """
        ln of the partition function of an RBM by enumeration, nat
        """
    @property
    def passes(self) -> int:
        """
        passes done so far
        """
    @property
    def tally(self) -> Tally:
        """
        tally to which all work is posted
        """
    @property
    def units(self) -> int:
        """
        numbers of an example
        """
    @property
    def warnings(self) -> list[str]:
        """
        sentences about the hardware to read before any quality, as those of a result
        """
    @property
    def weights(self) -> list[numpy.typing.NDArray[numpy.float64]]:
        """
        weights of each coupling as the cells hold them, float64, rows × cols
        """
class Quantity:
    """
    Final figure of a run.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def meaning(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def unit(self) -> str:
        ...
    @property
    def value(self) -> float:
        ...
class Series:
    """
    Figure along the axis of a run, e.g. its epochs.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def meaning(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def unit(self) -> str:
        ...
    @property
    def values(self) -> numpy.typing.NDArray[numpy.float64]:
        ...
class Parameter:
    """
    Weights or biases of a trained model.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def dims(self) -> list[str]:
        """
        names of its dimensions
        """
    @property
    def meaning(self) -> str:
        ...
    @property
    def name(self) -> str:
        ...
    @property
    def unit(self) -> str:
        ...
    @property
    def values(self) -> numpy.typing.NDArray[numpy.float64]:
        ...
class PricedSystem:
    """
    One machine of a comparison at the prices of one place.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def _repr_html_(self) -> str | None:
        """
        A small table, as notebooks show it; None without Jinja2.
        """
    @property
    def algorithm(self) -> str:
        """
        systems of one algorithm did the same training; "" if it did not train
        """
    @property
    def bill(self) -> Bill | None:
        """
        its bill, or None if it cannot be billed
        """
    @property
    def bound(self) -> bool:
        """
        True if no machine reaches its prices
        """
    @property
    def examples(self) -> float:
        """
        passes over examples in training
        """
    @property
    def flops(self) -> float:
        """
        float operations of the training
        """
    @property
    def machine(self) -> str:
        """
        "array", "chip" or "accelerator"
        """
    @property
    def parameters(self) -> float:
        """
        weights and biases
        """
    @property
    def place(self) -> str:
        """
        name of the place
        """
    @property
    def place_title(self) -> str:
        """
        title of the place
        """
    @property
    def system(self) -> str:
        """
        name of the machine
        """
    @property
    def title(self) -> str:
        """
        title of the machine, for the head of a row
        """
    @property
    def tokens(self) -> float:
        """
        pieces of examples, processed one by one
        """
    @property
    def unpriced(self) -> str:
        """
        reason why it cannot be billed, or ""
        """
class QualityBill:
    """
    Cost to reach a quality.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def _repr_html_(self) -> str | None:
        """
        A small table, as notebooks show it; None without Jinja2.
        """
    @property
    def axis(self) -> str:
        """
        axis of the evaluations, e.g. "epoch"
        """
    @property
    def before(self) -> tuple[float, float] | None:
        """
        evaluation before `there`, the other end of the bracket; None if the first evaluation is at the target, or none is
        """
    @property
    def best(self) -> tuple[float, float] | None:
        """
        evaluation nearest to a target that was not reached, or None
        """
    @property
    def bills(self) -> list[PricedSystem]:
        """
        bills of the machine that ran, up to `there`, at each place; empty if not reached
        """
    @property
    def bills_before(self) -> list[PricedSystem]:
        """
        bills up to `before`, at the same places
        """
    @property
    def metric(self) -> str:
        ...
    @property
    def quality_unknown(self) -> list[str]:
        """
        titles of systems that were only counted
        """
    @property
    def reached(self) -> bool:
        ...
    @property
    def stays(self) -> tuple[float, float] | None:
        """
        evaluation from which the metric stays at the target to the end of the run, or None
        """
    @property
    def system(self) -> str:
        """
        name of the machine that ran
        """
    @property
    def target(self) -> float:
        """
        target of the metric, in `unit`
        """
    @property
    def there(self) -> tuple[float, float] | None:
        """
        first evaluation at the target or beyond it: place on the axis and metric; or None
        """
    @property
    def toward(self) -> str:
        """
        "up" or "down"
        """
    @property
    def unit(self) -> str:
        """
        unit of the metric, its target and its values
        """
class StoredResult:
    """
    Result file as read by C++; `ohmlab.results.load` adds labels.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def bill_to(self, metric: str, value: typing.SupportsFloat, prices: Prices | None = None, *, toward: str | None = None, assume: collections.abc.Mapping[str, typing.Any] = {}, draws: typing.SupportsInt = 2000) -> QualityBill:
        """
        Bills the machine that ran up to the first evaluation at which a metric is at a value, given in the metric's unit, or beyond it. The direction is from the first evaluation towards the value, unless `toward` is "up" or "down". Systems that were only counted have no bill to a quality: their quality is unknown. Raises UserError if the metric or the history is missing.
        """
    def bills(self, prices: Prices | None = None, *, assume: collections.abc.Mapping[str, typing.Any] = {}, draws: typing.SupportsInt = 2000) -> list[PricedSystem]:
        """
        Prices every system: the simulated one first, digital ones once for each accelerator.
        """
    def bills_along(self, prices: Prices | None = None, *, draws: typing.SupportsInt = 0) -> list[list[PricedSystem]]:
        """
        Bills of the machine that ran up to each evaluation, at each place. Empty if the experiment keeps no history.
        """
    def tornado(self, prices: Prices | None = None) -> list[tuple[str, float, float]]:
        """
        Prices that move the bill of the simulated machine most, widest swing first. Each row: key of the price, and joules with this price alone at its 5th and 95th percentile. Joules are at the node if the list prices it, else at the core.
        """
    @property
    def axis(self) -> Series:
        """
        axis of the metrics
        """
    @property
    def changed(self) -> str:
        """
        difference from the file that ohmlab wrote, or ""
        """
    @property
    def config(self) -> dict[str, typing.Any]:
        """
        the resolved config
        """
    @property
    def config_text(self) -> str:
        """
        the resolved config as TOML
        """
    @property
    def groups(self) -> dict[str, typing.Any]:
        """
        arrays that share axes, by group; `ohmlab.results` adds labels
        """
    @property
    def history(self) -> dict[str, typing.Any]:
        """
        work of the machine that ran, up to each evaluation: its name, the row of the tally of each entry, amounts as evaluation x entry; empty if it did not train
        """
    @property
    def holdings(self) -> dict[str, typing.Any]:
        """
        parts of every system, as columns
        """
    @property
    def id(self) -> str:
        ...
    @property
    def metrics(self) -> list[Series]:
        ...
    @property
    def parameters(self) -> list[Parameter]:
        ...
    @property
    def quality(self) -> list[Quantity]:
        ...
    @property
    def run(self) -> dict[str, typing.Any]:
        """
        facts that differ between equal runs, e.g. commit, cpu, seconds
        """
    @property
    def tally(self) -> dict[str, typing.Any]:
        """
        work of every system, as columns
        """
    @property
    def warnings(self) -> list[str]:
        """
        warnings to read before the figures, one sentence each: an IR drop left out of reads, clipped conversions or inputs, updates cut off, rounded steps, worn-out cells, unconverged annealing, a model no better than independent units
        """
class Ratio:
    """
    Joules or seconds of one machine over those of another, draw by draw.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def above_one(self) -> float:
        """
        share of the draws in which it is above 1
        """
    @property
    def band(self) -> Band:
        """
        nominal, 5th and 95th percentile
        """
class Rival:
    """
    A digital machine that did the same training as the machine that ran.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def core(self) -> Ratio | None:
        """
        its joules at the core over those of the machine that ran, or None
        """
    @property
    def node(self) -> Ratio | None:
        """
        the same at the node, or None
        """
    @property
    def row(self) -> PricedSystem:
        """
        the digital machine with its bill
        """
    @property
    def seconds(self) -> Ratio:
        """
        its seconds over those of the one that ran
        """
    @property
    def without_hosts(self) -> Ratio | None:
        """
        the same at the node, each without its host, or None
        """
class Outcome:
    """
    Result of a run, read back from its file.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    def _repr_html_(self) -> str | None:
        """
        A small table, as notebooks show it; None without Jinja2.
        """
    def bill_to(self, metric: str, value: typing.SupportsFloat, prices: Prices | None = None, *, toward: str | None = None, assume: collections.abc.Mapping[str, typing.Any] = {}, draws: typing.SupportsInt = 2000) -> QualityBill:
        """
        Bills the machine that ran up to the first evaluation at which a metric is at a value, given in the metric's unit, or beyond it. The direction is from the first evaluation towards the value, unless `toward` is "up" or "down". Systems that were only counted have no bill to a quality: their quality is unknown. Raises UserError if the metric or the history is missing.
        """
    def bills(self, prices: Prices | None = None, *, assume: collections.abc.Mapping[str, typing.Any] = {}, draws: typing.SupportsInt = 2000) -> list[PricedSystem]:
        """
        Prices every system: the simulated one first, digital ones once for each accelerator.
        """
    @property
    def file(self) -> pathlib.Path:
        """
        result file
        """
    @property
    def id(self) -> str:
        """
        hash of resolved config and data
        """
    @property
    def quality(self) -> dict[str, float]:
        """
        final figures by name
        """
    @property
    def ran(self) -> bool:
        """
        False if a finished result of the same id already existed
        """
    @property
    def warnings(self) -> list[str]:
        """
        warnings to read before the figures, one sentence each: an IR drop left out of reads, clipped conversions or inputs, updates cut off, rounded steps, worn-out cells, unconverged annealing, a model no better than independent units
        """
class SweepOutcome:
    """
    Progress of a sweep; `ohmlab.results.load_sweep` reads its figures.
    """
    def __getstate__(self) -> tuple[typing.Any, ...]:
        ...
    def __repr__(self) -> str:
        ...
    def __setstate__(self, arg0: tuple[typing.Any, ...]) -> None:
        ...
    @property
    def done(self) -> int:
        """
        number of finished points of the whole sweep
        """
    @property
    def failed(self) -> int:
        """
        number of failed points: see ID.error.txt in the folder
        """
    @property
    def folder(self) -> pathlib.Path:
        """
        folder of its results
        """
    @property
    def id(self) -> str:
        """
        hash of its points
        """
    @property
    def open(self) -> int:
        """
        number of points left, e.g. those of other shards
        """
    @property
    def points(self) -> list[dict[str, str]]:
        """
        id of each point, its label on each dimension, and why it is left out
        """
    @property
    def refused(self) -> int:
        """
        number of points that are left out, since their config is refused
        """
class SweepWork:
    """
    A sweep whose points are worked on elsewhere.
    """
    def finish(self) -> SweepOutcome:
        """
        writes the index if no point is open
        """
    def handovers(self) -> list[tuple[str, bytes]]:
        """
        id of each open point and the bytes for `work_on_point`
        """
    def is_open(self, id: str) -> bool:
        """
        whether a point is neither done, nor failed, nor refused
        """
class Versus:
    """
    The analog machine beside a digital one.
    """
    @property
    def ahead(self) -> float:
        """
        probability that the analog machine pays less
        """
    @property
    def error(self) -> float:
        """
        standard error of `ahead`
        """
    @property
    def factor(self) -> Band:
        """
        cost of the digital machine over that of the analog one
        """
    @property
    def instances_alone(self) -> float:
        """
        the same if instances and arrivals alone are uncertain
        """
    @property
    def prices_alone(self) -> float:
        """
        the same probability if prices alone are uncertain
        """
    @property
    def word(self) -> str:
        """
        "WINS", "LOSES" or "undecided"
        """
class AtLevel:
    """
    One machine at one level of quality.
    """
    @property
    def against(self) -> dict[str, Versus]:
        """
        `Versus` by boundary, and of "seconds"
        """
    @property
    def cost(self) -> dict[str, Band]:
        """
        `Band` of J by boundary and of "seconds"
        """
    @property
    def instances(self) -> int:
        """
        number of instances
        """
    @property
    def reached(self) -> int:
        """
        instances that reach the level
        """
    @property
    def setting(self) -> str:
        """
        its cheapest setting
        """
    @property
    def side(self) -> str:
        """
        "analog", or the name of a digital side
        """
    @property
    def title(self) -> str:
        """
        title of the place that prices it
        """
class Rung:
    """
    All machines at one level of quality.
    """
    def cheapest(self, measure: str) -> AtLevel | None:
        """
        The cheapest digital machine by a measure, or None.
        """
    @property
    def level(self) -> float:
        """
        the level, in the unit of the metric
        """
    @property
    def machines(self) -> list[AtLevel]:
        """
        machines, the analog one first
        """
    @property
    def parts(self) -> dict[str, float]:
        """
        shares of the analog joules by part, largest first
        """
class Trial:
    """
    One instance trained with some values changed.
    """
    @property
    def against(self) -> dict[str, Versus]:
        """
        `Versus` of the cheapest digital machine by boundary, and of "seconds"
        """
    @property
    def arrives(self) -> bool:
        """
        it reaches the compared level
        """
    @property
    def best(self) -> float:
        """
        best quality on the test examples
        """
    @property
    def failed(self) -> str:
        """
        reason why it could not be trained or billed, or ""
        """
class Lever:
    """
    A change with its limit.
    """
    @property
    def at_limit(self) -> Trial:
        """
        `Trial` of it alone, at its limit
        """
    @property
    def both(self) -> bool:
        """
        digital machines were changed in the same way
        """
    @property
    def enough(self) -> float | None:
        """
        least share of its way that meets the goal alone, or None
        """
    @property
    def label(self) -> str:
        """
        name of the change
        """
    @property
    def limit(self) -> str:
        """
        what sets the limit, with its source
        """
    @property
    def moves(self) -> dict[str, tuple[str, str]]:
        """
        value now and at the limit, as TOML, by key
        """
    @property
    def room(self) -> str:
        """
        "device", "array" or "system"
        """
class Improvement:
    """
    What would have to improve.
    """
    @property
    def all(self) -> Trial:
        """
        `Trial` of these together at their limits
        """
    @property
    def all_enough(self) -> float | None:
        """
        least share of all ways that meets the goal, or None
        """
    @property
    def fewest(self) -> int | None:
        """
        number of levers, from the first, that together meet it, or None
        """
    @property
    def goal(self) -> str:
        """
        "cost": to pay less; "quality": to learn nearly as well as exact arithmetic
        """
    @property
    def helpful(self) -> int:
        """
        number of levers, from the first, that help alone
        """
    @property
    def level(self) -> float:
        """
        level of quality at which trials are billed
        """
    @property
    def levers(self) -> list[Lever]:
        """
        levers, the one that helps most first
        """
    @property
    def measure(self) -> str:
        """
        boundary of a goal of cost
        """
    @property
    def now(self) -> Trial:
        """
        `Trial` without any change
        """
    @property
    def setting(self) -> str:
        """
        analog setting that is changed
        """
    @property
    def target(self) -> float:
        """
        least quality of a goal of quality
        """
    @property
    def trials(self) -> int:
        """
        number of trials
        """
class Verdict:
    """
    Answer of `ohmlab.verdict`.
    """
    def __str__(self) -> str:
        ...
    def _repr_html_(self) -> str | None:
        """
        A small table, as notebooks show it; None without Jinja2.
        """
    @property
    def analog(self) -> dict[str, list[float]]:
        """
        best quality on the test by setting, one number per instance
        """
    @property
    def causes(self) -> dict[str, float]:
        """
        gain of quality on validation by removed property, largest first
        """
    @property
    def compared(self) -> Rung | None:
        """
        the level that is compared, or None
        """
    @property
    def device(self) -> str:
        """
        device as given
        """
    @property
    def ideal(self) -> list[float]:
        """
        the same by exact arithmetic
        """
    @property
    def improvement(self) -> Improvement | None:
        """
        `Improvement`, or None if the task has no levers
        """
    @property
    def level(self) -> float | None:
        """
        highest level that most analog instances reach; None: it does not learn
        """
    @property
    def levels(self) -> list[Rung]:
        """
        all levels, lowest first
        """
    @property
    def metric(self) -> str:
        """
        metric of quality
        """
    @property
    def refused(self) -> list[str]:
        """
        ways that cannot be built or run, with reasons
        """
    @property
    def task(self) -> str:
        """
        name of the task
        """
    @property
    def unit(self) -> str:
        """
        unit of the metric
        """
    @property
    def unpriced(self) -> str:
        """
        reason why the analog machine has no bill, or ""
        """
    @property
    def untrained(self) -> float:
        """
        quality before training
        """
class FitReport:
    """
    What `fit_files` found; `ohmlab.fit` wraps it with pictures.
    """
    def save(self, file: str | os.PathLike[str], *, force: bool = False) -> None:
        """
        Writes the preset, whole or not at all; refuses to overwrite unless `force`.
        """
    @property
    def best(self) -> str:
        """
        kind of the model with the least aic
        """
    @property
    def preset(self) -> str:
        """
        the preset as TOML
        """
    @property
    def table(self) -> dict[str, typing.Any]:
        """
        everything as a dict: models with parameters, floors, ramps
        """
def build() -> str:
    """
    Version, commit, compiler, kernels and processor: what decides the bits of a result besides config and data.
    """
def claim(config: str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any], *, set: collections.abc.Mapping[str, typing.Any] = {}) -> dict[str, typing.Any]:
    """
    Bills a published claim of a machine that samples again, as the command `ohmlab claims` does.
    
    `config` is a name among `claims()`, a file, or a dict; `set` holds dotted keys. `bill` has `parts` of the work,
    `totals` by boundary (sampling, chip, node) in J, `seconds`, and `unfit`, why the work does not fit the chip. A part whose
    price nobody has stated has no joules, and its name stands in `unstated` of each total: the sum is then a bound from below.
    
    >>> import ohmlab
    >>> found = ohmlab.claim("z1_sample")
    >>> [total["boundary"] for total in found["bill"]["totals"]]
    ['sampling', 'chip', 'node']
    >>> found["bill"]["totals"][-1]["unstated"]
    ['standby', 'around']
    """
def claims() -> list[str]:
    """
    Names of the published claims that `claim` knows.
    """
def describe(room: str | None = None, name: str | None = None) -> list[dict[str, typing.Any]]:
    """
    Lists all choices and settings: rooms, their catalogues, entries and fields.
    
    >>> import ohmlab
    >>> [room] = ohmlab.describe("devices", "soft_bounds")
    >>> room["catalogues"][0]["question"]
    'How far does one programming pulse move a cell?'
    """
def fit_files(data: collections.abc.Sequence[str | os.PathLike[str]], *, progress: collections.abc.Callable[[str, int, int, str], None] | None = None, **kwargs: typing.Any) -> FitReport:
    """
    Fits pulse models to files of measured pulses. Keywords are those that `ohmlab describe lab fit` lists.
    """
def format_of(file: str | os.PathLike[str]) -> str:
    """
    Format of a file that ohmlab wrote: "ohmlab result", "ohmlab sweep" or "ohmlab verdict". Raises UserError if the file is damaged, changed, or of another program.
    """
def prepare_sweep(config: str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any], *, out: str | os.PathLike[str], set: collections.abc.Mapping[str, typing.Any], shard: tuple[typing.SupportsInt, typing.SupportsInt], threads: typing.SupportsInt, force: bool) -> SweepWork:
    """
    Plans a sweep and makes its folder; runs nothing.
    """
def price_sweep(folder: str | os.PathLike[str], prices: Prices, draws: typing.SupportsInt) -> dict[str, typing.Any]:
    """
    Costs of all points of a finished sweep, as flat arrays over point, machine, boundary and band. `ohmlab.load_sweep` adds labels.
    """
def read_result(file: str | os.PathLike[str], *, changed: bool = False) -> StoredResult:
    """
    Reads a result file and raises its warnings. Raises UserError if it is not a result file, has another schema, or is not as ohmlab wrote it.
    """
def rivals(rows: collections.abc.Sequence[PricedSystem]) -> list[Rival]:
    """
    Digital machines that did the same training as the first row, the cheapest at the node first. Equal
    data, not equal quality. Prices that no machine reaches are left out. The list is empty if the first row has no bill
    or is digital itself.
    
    >>> import ohmlab
    >>> outcome = ohmlab.run({"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
    ...                       "model": {"kind": "rbm", "hidden": 4}, "training": {"epochs": 1, "batch": 4},
    ...                       "array": {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}}, folder=folder)
    >>> best, *others = ohmlab.rivals(outcome.bills())
    >>> best.row.bill.node.nominal <= others[0].row.bill.node.nominal
    True
    """
def run(config: str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any], *, set: collections.abc.Mapping[str, typing.Any] = {}, out: str | os.PathLike[str] | None = None, folder: str | os.PathLike[str] = 'results', threads: typing.SupportsInt = 0, force: bool = False, progress: collections.abc.Callable[[str, int, int, str], None] | None = None) -> Outcome:
    """
    Runs an experiment and stores its result, as the command `ohmlab run` does.
    
    `config` is the path of a TOML file, the name of a preset, or a dict; `set` holds dotted keys, set last. The
    result goes to `out`, else to `folder`, named by the config and the run's id. A finished result is kept unless
    `force`. `progress` is called with the name of the work, steps done, steps in all, and the newest figure. Ctrl-C,
    or an exception of `progress`, stops a run after storing its state; the same call resumes it. Each warning of the
    result is raised as a RuntimeWarning.
    
    >>> import ohmlab
    >>> outcome = ohmlab.run({"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
    ...                       "model": {"kind": "rbm", "hidden": 4}, "rule": {"kind": "pcd", "chains": 8},
    ...                       "training": {"epochs": 4, "batch": 4}}, folder=folder)
    >>> outcome.quality["test_log_likelihood"] < 0
    True
    """
def sweep(config: str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any], *, out: str | os.PathLike[str], set: collections.abc.Mapping[str, typing.Any], jobs: typing.SupportsInt, shard: tuple[typing.SupportsInt, typing.SupportsInt], threads: typing.SupportsInt, force: bool, progress: collections.abc.Callable[[str, int, int, str], None] | None, command: collections.abc.Sequence[str]) -> SweepOutcome:
    """
    Runs a sweep; `command` starts a process that calls `work_as_job`.
    """
def validate(name: str) -> dict[str, typing.Any]:
    """
    Compares predictions of the models with published figures, as the command `ohmlab validate NAME` does.
    
    `name` is "training", "prices" or "law". `gates` are goals and the values reached. `tables` are all rows as text
    with their sources. `points` are rows as numbers, if there are any.
    
    >>> import ohmlab
    >>> blind = [point for point in ohmlab.validate("prices")["points"] if point["series"] == "blind"]
    >>> all(point["p05"] < point["median"] < point["p95"] for point in blind)
    True
    """
def verdict(device: str | os.PathLike[str], *, task: str, out: str | os.PathLike[str], set: collections.abc.Mapping[str, typing.Any], jobs: typing.SupportsInt, threads: typing.SupportsInt, prices: str, progress: collections.abc.Callable[[str, int, int, str], None] | None, command: collections.abc.Sequence[str]) -> Verdict:
    """
    Judges a device; `command` starts a process that calls `work_as_job`.
    """
def work_as_job() -> bool:
    """
    Works on the points that a sweep passes on standard input. Stops when the process that started it ends.
    """
def work_on_point(handover: bytes, stop: collections.abc.Callable[[], bool]) -> list[str] | None:
    """
    Runs one point in this process. Returns what it said, or None if `stop` returned true and the state is stored.
    """
__version__: str = '0.1.0'
