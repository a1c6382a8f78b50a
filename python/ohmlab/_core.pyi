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
__all__: list[str] = ['Array', 'Band', 'Bill', 'Device', 'Draws', 'Entry', 'Holding', 'Outcome', 'Parameter', 'PricedSystem', 'Prices', 'QualityBill', 'Quantity', 'Series', 'StageScope', 'StoredResult', 'SweepOutcome', 'Tally', 'UserError', 'WorldError', 'describe', 'read_result', 'run', 'sweep', 'validate', 'work_as_job']
class UserError(ValueError):
    """
    The user's mistake, with its place: a config, an argument or a file that is not what it should be.
    """
class WorldError(OSError):
    """
    The world's fault: a disk, a permission, a vanished file.
    """
class Entry:
    """
    What one part of a machine did in one stage of the schedule.
    """
    def __repr__(self) -> str:
        ...
    @property
    def action(self) -> str:
        """
        what it did
        """
    @property
    def component(self) -> str:
        """
        part of the machine
        """
    @property
    def count(self) -> float:
        """
        how often
        """
    @property
    def joules(self) -> float:
        """
        dissipation that is physics, J
        """
    @property
    def layer(self) -> str:
        """
        layer of the model; empty for what is of none
        """
    @property
    def overlapped(self) -> bool:
        """
        whether it stands in a pipeline, where the slowest action alone takes time
        """
    @property
    def parameter(self) -> float:
        """
        parameter of the action, e.g. bits
        """
    @property
    def seconds(self) -> float:
        """
        time that is physics, s
        """
    @property
    def serial(self) -> float:
        """
        how often on the critical path
        """
    @property
    def stage(self) -> str:
        """
        stage of the schedule; stages follow one another in time
        """
class Holding:
    """
    What a machine consists of, whether it acts or not.
    """
    def __repr__(self) -> str:
        ...
    @property
    def component(self) -> str:
        """
        part of the machine
        """
    @property
    def count(self) -> float:
        """
        how many
        """
    @property
    def layer(self) -> str:
        """
        layer of the model; empty for what is of none
        """
    @property
    def parameter(self) -> float:
        """
        parameter of the part, e.g. bits
        """
    @property
    def part(self) -> str:
        """
        what it consists of
        """
class StageScope:
    """
    Names the stage of all postings within a `with` block.
    """
    def __enter__(self) -> None:
        ...
    def __exit__(self, *args: typing.Any) -> None:
        ...
class Tally:
    """
    Counts of everything that costs energy or time; prices come later.
    
    >>> import ohmlab
    >>> tally = ohmlab.Tally()
    >>> with tally.stage("train"):
    ...     tally.post("weights", "adc_convert", count=1e6, serial=1e4, parameter=8)
    >>> tally.hold("weights", "adc", 100, parameter=8)
    >>> tally.entries
    [Entry(stage="train", component="weights", action="adc_convert", count=1e+06)]
    """
    def __init__(self) -> None:
        ...
    def __repr__(self) -> str:
        ...
    def cannot_price(self, component: str, missing: str, *, layer: str = '') -> None:
        """
        Says that the work of a component cannot be priced, and what is missing. Pricing this tally raises from then on.
        """
    def columns(self) -> dict[str, typing.Any]:
        """
        The entries as columns by name: lists of text, arrays of numbers.
        """
    def hold(self, component: str, part: str, count: typing.SupportsFloat, *, parameter: typing.SupportsFloat = 0.0, layer: str = '') -> None:
        """
        Says that a component consists of so many more of a part.
        """
    def post(self, component: str, action: str, *, count: typing.SupportsFloat, serial: typing.SupportsFloat = 0.0, parameter: typing.SupportsFloat = 0.0, joules: typing.SupportsFloat = 0.0, seconds: typing.SupportsFloat = 0.0, overlapped: bool = False, layer: str = '') -> None:
        """
        Adds to what a component did: how often, how often one after another, and what is physics. Of what is overlapped in a stage and component, the slowest action alone takes time.
        """
    def stage(self, name: str) -> StageScope:
        """
        Names the stage of all postings within a `with` block; stages do not nest.
        """
    @property
    def entries(self) -> list[Entry]:
        """
        everything that was done, sorted by stage, component, action and parameter
        """
    @property
    def holdings(self) -> list[Holding]:
        """
        everything that is there
        """
    @property
    def unpriced(self) -> list[tuple[str, str]]:
        """
        components that cannot be priced, with their layer, and what is missing of each
        """
class Band:
    """
    A figure at the median of all prices, with its 5th and 95th percentile.
    """
    def __repr__(self) -> str:
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
    A figure under every draw of the prices. Two bills of one price list share their draws, so `a / b` is a ratio that carries what they have in common.
    """
    def __repr__(self) -> str:
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
        every draw, in place
        """
class Bill:
    """
    What a tally costs under a price list.
    """
    def __repr__(self) -> str:
        ...
    def at(self, boundary: str) -> Draws | None:
        """
        Energy at "core", "node" or "facility", J, or None if the list cannot say.
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
        the boundary of components, layers, groups, actions and stages, that of the place's own prices: "core", the arrays with their edge or accelerators with their memory, or "node", and host, links, fans and supply
        """
    @property
    def cells_seconds(self) -> float:
        """
        time in which cells are read or pulsed, s; the rest they wait
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
        energy of the core, J, or None if the list cannot say
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
    def layers(self) -> dict[str, Draws]:
        """
        joules at `boundary` by layer of the model; empty if it names none
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
        by component: pulses a cell has had in the mean, and how many it survives; of devices that say the latter
        """
class Prices:
    """
    A list of prices, each a lognormal law with its source.
    
    >>> import ohmlab
    >>> prices = ohmlab.Prices.default(assume={"places.array.energy.adc_convert": "3 pJ"})
    >>> "array" in prices.places
    True
    """
    @staticmethod
    def default(*, assume: collections.abc.Mapping[str, typing.Any] = {}) -> Prices:
        """
        The list that comes with ohmlab, with dotted keys of it set.
        """
    @staticmethod
    def load(file: str | os.PathLike[str], *, assume: collections.abc.Mapping[str, typing.Any] = {}) -> Prices:
        """
        Reads a price list, a file or the name of one that comes with ohmlab, then sets dotted keys of it. A price that is set to one value is that value for certain.
        """
    def __repr__(self) -> str:
        ...
    def price(self, tally: Tally, *, place: str = 'array', draws: typing.SupportsInt = 2000, seed: typing.SupportsInt = 1) -> Bill:
        """
        Prices a tally at one place. What the list has no price for is an error, never free, and so is a tally with work that cannot be priced.
        """
    def tornado(self, tally: Tally, *, place: str = 'array') -> list[tuple[str, float, float]]:
        """
        What moves a bill most: for each price its key and the joules at the bill's own boundary with it alone at its 5th and 95th percentile, widest first.
        """
    @property
    def places(self) -> dict[str, str]:
        """
        titles of the places where work can be done, by name
        """
    @property
    def title(self) -> str:
        """
        what this list is
        """
class Device:
    """
    One kind of resistive cell: what pulses, programming, time and reads do to it.
    
    A state w is -1 at g_min and +1 at g_max, linear between.
    
    >>> import ohmlab
    >>> device = ohmlab.Device("devices/reram_sb", set={"pulse.dw_min_dtod": 0})
    >>> device.pulse_curve(100, 100, devices=3).shape
    (3, 200)
    >>> device.uncited
    ['g_min', 'g_max', 'v_read', 't_read', 'v_write', 't_pulse']
    """
    def __init__(self, preset: str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any] | None = None, *, set: collections.abc.Mapping[str, typing.Any] = {}, **kwargs: typing.Any) -> None:
        """
        By the name of a preset or as a dict, with keywords laid over it; `set` holds dotted keys, set last.
        """
    def __repr__(self) -> str:
        ...
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
        States w after each pulse, devices × pulses, starting at w = 0: up, then down, `cycles` times over.
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
    def operating_point(self) -> dict[str, float | None]:
        """
        voltages, times and conductances in SI units; None where no source is cited
        """
    @property
    def parameters(self) -> dict[str, typing.Any]:
        """
        every parameter, defaults filled in, in SI units
        """
    @property
    def source(self) -> str:
        """
        papers that the numbers come from, and how they were checked
        """
    @property
    def uncited(self) -> list[str]:
        """
        what is missing of the operating point: what stands between this device and a bill
        """
class Array:
    """
    Weights held in cells, rows × cols: the door through which learning reaches hardware.
    
    Vectors are rows. Reads and updates draw noise and post to the tally; one vector in gives one vector out.
    
    >>> import numpy, ohmlab
    >>> array = ohmlab.Array(4, 3, "analog", device={"base": "devices/idealized"}, seed=7)
    >>> array.program(numpy.full((4, 3), 0.5))
    >>> array.mvm(numpy.ones((2, 4))).shape
    (2, 3)
    >>> array.mvm([1, 2, 3])
    Traceback (most recent call last):
    ohmlab._core.UserError: argument x: shape (3,): expected (4,) or (n, 4) with n > 0: 4 are the array's rows
    """
    def __init__(self, rows: typing.SupportsInt, cols: typing.SupportsInt, config: str | collections.abc.Mapping[str, typing.Any] = 'ideal', *, set: collections.abc.Mapping[str, typing.Any] = {}, seed: typing.SupportsInt | None = None, name: str | None = None, tally: Tally | None = None, **kwargs: typing.Any) -> None:
        """
        By the kind of array or as a dict, with keywords laid over it; `set` holds dotted keys, set last. Seed and name key the draws of cells, and one of them has to be given: layers of a model share a seed and have names of their own. Arrays may share a tally, each under its own name; without one an array is called "weights".
        """
    def __repr__(self) -> str:
        ...
    def mvm(self, x: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float32]:
        """
        y = x W as read through the converters: (n, rows) gives (n, cols).
        """
    def mvm_transposed(self, x: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.float32]:
        """
        y = x Wᵀ through the same cells, driven from the other side: (n, cols) gives (n, rows).
        """
    def program(self, weights: numpy.typing.ArrayLike) -> None:
        """
        Writes weights, rows × cols, with the programming error of the cells.
        """
    def update(self, x: numpy.typing.ArrayLike, d: numpy.typing.ArrayLike, rate: typing.SupportsFloat) -> None:
        """
        W += rate · Σ xᵀ d over the vectors, by whatever the cells' pulses make of it.
        """
    def wait(self, seconds: typing.SupportsFloat) -> None:
        """
        Lets time pass in which nothing is done but drift.
        """
    @property
    def figures(self) -> dict[str, float]:
        """
        what there is to know beside the weights: clipping, bounds, wear
        """
    @property
    def shape(self) -> tuple[int, int]:
        """
        rows and columns
        """
    @property
    def tally(self) -> Tally:
        """
        where its work is posted
        """
    @property
    def unpriced(self) -> str:
        """
        what keeps this array from being billed, or ""; its tally says so too
        """
    @property
    def weights(self) -> numpy.typing.NDArray[numpy.float64]:
        """
        the weights as the cells hold them now, free of read noise, at no cost: float64, rows × cols
        """
class Quantity:
    """
    A final figure of a run.
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
    def value(self) -> float:
        ...
class Series:
    """
    A figure along the axis of a run, e.g. its epochs.
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
class Parameter:
    """
    Weights or biases of a trained model.
    """
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
    def __repr__(self) -> str:
        ...
    @property
    def bill(self) -> Bill | None:
        """
        its bill, or None if it cannot be billed
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
        what it is priced as
        """
    @property
    def system(self) -> str:
        """
        name of the machine
        """
    @property
    def title(self) -> str:
        """
        what it is, for the head of a row
        """
    @property
    def tokens(self) -> float:
        """
        pieces of examples seen one by one
        """
    @property
    def unpriced(self) -> str:
        """
        what keeps it from being billed, or ""
        """
class QualityBill:
    """
    What it cost to come to a quality.
    """
    def __repr__(self) -> str:
        ...
    @property
    def axis(self) -> str:
        """
        what evaluations are numbered by, e.g. "epoch"
        """
    @property
    def before(self) -> tuple[float, float] | None:
        """
        the evaluation before that, the other end of the bracket; None if it was there at the first
        """
    @property
    def best(self) -> tuple[float, float] | None:
        """
        the evaluation that came nearest to a target that was not reached, or None
        """
    @property
    def bills(self) -> list[PricedSystem]:
        """
        the machine that ran, billed until it was there: at each place; none if it was not
        """
    @property
    def bills_before(self) -> list[PricedSystem]:
        """
        the same until the evaluation before, where it was not there yet
        """
    @property
    def metric(self) -> str:
        ...
    @property
    def quality_unknown(self) -> list[str]:
        """
        titles of systems that were counted and not run
        """
    @property
    def reached(self) -> bool:
        ...
    @property
    def stays(self) -> tuple[float, float] | None:
        """
        the evaluation from which on it was there until the end of the run, or None
        """
    @property
    def system(self) -> str:
        """
        name of the machine that ran
        """
    @property
    def target(self) -> float:
        """
        what the metric was to come to, in `unit`
        """
    @property
    def there(self) -> tuple[float, float] | None:
        """
        the first evaluation at the target or beyond it: on the axis, and the metric; or None
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
    A result file as C++ reads it; `ohmlab.results.load` labels it.
    """
    def bill_to(self, metric: str, value: typing.SupportsFloat, prices: Prices | None = None, *, toward: str | None = None, assume: collections.abc.Mapping[str, typing.Any] = {}, draws: typing.SupportsInt = 2000) -> QualityBill:
        """
        Bills the machine that ran until a metric came to a value, in the metric's unit: the first evaluation at the value or beyond it, going away from the first evaluation unless `toward` says "up" or "down". Systems that were counted and not run have no such bill: nobody knows their quality. UserError if there is no such metric, or if the experiment kept no history.
        """
    def bills(self, prices: Prices | None = None, *, assume: collections.abc.Mapping[str, typing.Any] = {}, draws: typing.SupportsInt = 2000) -> list[PricedSystem]:
        """
        Prices every system: the simulated one first, digital ones once for each accelerator.
        """
    def tornado(self, prices: Prices | None = None) -> list[tuple[str, float, float]]:
        """
        What moves the bill of the simulated machine most, at its node where the list prices one, else at its core: for each price its key and the joules there with it alone at its 5th and 95th percentile, widest first.
        """
    @property
    def axis(self) -> Series:
        """
        what the metrics are a function of
        """
    @property
    def changed(self) -> str:
        """
        in which way it is not the file that ohmlab wrote, or ""
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
        arrays that share axes, by group: `ohmlab.results` labels them
        """
    @property
    def history(self) -> dict[str, typing.Any]:
        """
        what the machine that ran had done by each evaluation: its name, which row of the tally an entry is, amounts as evaluation x entry; empty if it did not train
        """
    @property
    def holdings(self) -> dict[str, typing.Any]:
        """
        what every system consists of, as columns
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
        what differs between equal runs: version, compiler, cpu, threads, started, seconds
        """
    @property
    def tally(self) -> dict[str, typing.Any]:
        """
        what every system did, as columns
        """
    @property
    def warnings(self) -> list[str]:
        """
        what a reader must know before the figures: an IR drop that reads leave out, clipped conversions, cells worn out, unconverged annealing, a model no better than independent units; in sentences
        """
class Outcome:
    """
    What a run found, read back from its file.
    """
    def __repr__(self) -> str:
        ...
    def bill_to(self, metric: str, value: typing.SupportsFloat, prices: Prices | None = None, *, toward: str | None = None, assume: collections.abc.Mapping[str, typing.Any] = {}, draws: typing.SupportsInt = 2000) -> QualityBill:
        """
        Bills the machine that ran until a metric came to a value, in the metric's unit: the first evaluation at the value or beyond it, going away from the first evaluation unless `toward` says "up" or "down". Systems that were counted and not run have no such bill: nobody knows their quality. UserError if there is no such metric, or if the experiment kept no history.
        """
    def bills(self, prices: Prices | None = None, *, assume: collections.abc.Mapping[str, typing.Any] = {}, draws: typing.SupportsInt = 2000) -> list[PricedSystem]:
        """
        Prices every system: the simulated one first, digital ones once for each accelerator.
        """
    @property
    def file(self) -> pathlib.Path:
        """
        where it is stored
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
        False if a finished file of the same id was there already
        """
    @property
    def warnings(self) -> list[str]:
        """
        what a reader must know before the figures: an IR drop that reads leave out, clipped conversions, cells worn out, unconverged annealing, a model no better than independent units; in sentences
        """
class SweepOutcome:
    """
    How far a sweep is; `ohmlab.results.load_sweep` labels its cube.
    """
    def __repr__(self) -> str:
        ...
    @property
    def done(self) -> int:
        """
        points of the whole sweep that are done
        """
    @property
    def failed(self) -> int:
        """
        points that failed: see ID.error.txt in the folder
        """
    @property
    def folder(self) -> pathlib.Path:
        """
        where its results are
        """
    @property
    def id(self) -> str:
        """
        hash over its points
        """
    @property
    def open(self) -> int:
        """
        points that are left, e.g. those of other shards
        """
    @property
    def points(self) -> list[dict[str, str]]:
        """
        each point as its id and its label on each dimension
        """
def describe(room: str | None = None, name: str | None = None) -> list[dict[str, typing.Any]]:
    """
    Says what there is to choose and to set: rooms, their catalogues, entries and fields.
    
    >>> import ohmlab
    >>> [room] = ohmlab.describe("devices", "soft_bounds")
    >>> room["catalogues"][0]["question"]
    'How far does one programming pulse move a cell?'
    """
def read_result(file: str | os.PathLike[str], *, changed: bool = False) -> StoredResult:
    """
    Reads a result file, and raises its warnings. UserError if it is none, one of another schema, or not as ohmlab wrote it.
    """
def run(config: str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any], *, set: collections.abc.Mapping[str, typing.Any] = {}, out: str | os.PathLike[str] | None = None, folder: str | os.PathLike[str] = 'results', threads: typing.SupportsInt = 0, force: bool = False, progress: collections.abc.Callable[[str, int, int, str], None] | None = None) -> Outcome:
    """
    Runs an experiment and stores its result, as the command `ohmlab run` does.
    
    `config` is the path of a TOML file, the name of a preset, or a dict; `set` holds dotted keys, set last. The
    result goes to `out`, else to `folder`, named by the config and the run's id; a finished one is kept unless
    `force`. `progress` is called with what is done, the steps done, the steps in all and the newest figure. Ctrl-C,
    or what `progress` raises, stops a run after storing its state: the same call goes on from there. What a reader
    of the result must know before its figures is raised as a RuntimeWarning.
    
    >>> import ohmlab
    >>> outcome = ohmlab.run({"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
    ...                       "model": {"kind": "rbm", "hidden": 4}, "rule": {"kind": "pcd", "chains": 8},
    ...                       "training": {"epochs": 4, "batch": 4}}, folder=folder)
    >>> outcome.quality["test_log_likelihood"] < 0
    True
    """
def sweep(config: str | os.PathLike[str] | collections.abc.Mapping[str, typing.Any], *, out: str | os.PathLike[str], set: collections.abc.Mapping[str, typing.Any], jobs: typing.SupportsInt, shard: tuple[typing.SupportsInt, typing.SupportsInt], threads: typing.SupportsInt, force: bool, progress: collections.abc.Callable[[str, int, int, str], None] | None, command: collections.abc.Sequence[str]) -> SweepOutcome:
    """
    Runs a sweep; `command` makes a process call `work_as_job`.
    """
def validate(name: str) -> dict[str, typing.Any]:
    """
    Compares what the models say with what was published, as the command `ohmlab validate NAME` does.
    
    `name` is "training", "prices" or "law". `gates` are goals and what was reached, `tables` all rows as text with their
    sources, `points` rows as numbers, where there are any.
    
    >>> import ohmlab
    >>> blind = [point for point in ohmlab.validate("prices")["points"] if point["series"] == "blind"]
    >>> all(point["p05"] < point["median"] < point["p95"] for point in blind)
    True
    """
def work_as_job() -> bool:
    """
    Works on the points that a sweep has put on standard input, and stops with the process that started it.
    """
__version__: str = '0.1.0'
