"""What the program says to broken configs, and to sound ones that cannot be run."""

import os
import re
from pathlib import Path

import pytest
from bad_input import DATA, NO_FOLDER, Case, check, config, name_of
from conftest import Ohmlab

NOT_TOML = re.compile(r"bad\.toml:\d+: not valid TOML: [^\n]+")
PRESETS = Path(os.environ.get("OHMLAB_PROGRAM", ".")).resolve().parents[1] / "share/ohmlab/configs"
NO_BASE = f"no such config in the current folder, .., {PRESETS}"
KEY_VALUE = "expected key=value"
TOO_DEEP = "bad.toml:1: not valid TOML: more than 256 dots in a key"


def value(name: str, line: str, message: str) -> Case:
    """A case of one wrong line below a config that is right."""
    return config(name, DATA + line, f"bad.toml:2: {message}")


def choice(name: str, line: str, said: str, meant: str = "") -> Case:
    """A case of one wrong choice; catalogues may grow."""
    hint = f', did you mean "{meant}"?' if meant else ""
    pattern = re.escape(f"bad.toml:2: {said}: expected one of ") + r'("\w+", )*"\w+"' + re.escape(hint)
    return config(name, DATA + line, re.compile(pattern))


def device(fields: str) -> str:
    """The line of an analog array whose cells have some fields set."""
    return f'array = {{kind = "analog", device = {{{fields}}}}}'


volts = 'expected a number in V, or text such as "1 V" or "1 mV"'
seconds = 'expected a number in s, or text such as "1 s" or "1 ms"'


def setting(text: str, message: str) -> Case:
    return config(f"set {text or 'nothing'}", DATA, f"--set: {message}", "--set", text)


CONFIGS = [
    config("unfinished value", "seed = ", NOT_TOML),
    config(
        "latin-1",
        DATA.encode() + b"# caf\xe9\n",
        "bad.toml:2: not valid TOML: Encountered invalid utf-8 sequence",
    ),
    config("zero byte", DATA.encode() + b'x = "\0"\n', NOT_TOML),
    config("list too deep", f"seed = {'[' * 100_000}", re.compile(r"bad\.toml:1: not valid TOML: .*depth.*")),
    config("table too deep", f"[{'.'.join(['a'] * 60_000)}]", TOO_DEEP),
    config("key too deep", f"{'.'.join(['a'] * 60_000)} = 1", TOO_DEEP),
    config(
        "setting too deep",
        DATA,
        TOO_DEEP.replace("bad.toml:1", "--set"),
        "--set",
        f"{'.'.join('a' * 30_000)}=1",
    ),
    config("unclosed table", "[data\n", NOT_TOML),
    config("text without quotes", "kind = train\n", NOT_TOML),
    config("key twice", "seed = 1\nseed = 2\n", re.compile(r"bad\.toml:2: not valid TOML: .*'seed'.*")),
    config("table twice", "[data]\nsize = 3\n[data]\nsize = 4\n", NOT_TOML),
    config("binary", bytes(range(256)), NOT_TOML),
    config("utf-16", "seed = 1\n".encode("utf-16"), NOT_TOML),
    config("empty", "", "bad.toml:1: data: is missing: what is learned"),
    config("a comment alone", "# later\n", "bad.toml:1: data: is missing: what is learned"),
    config(
        "missing required key of a table",
        'data = {kind = "idx"}\n',
        "bad.toml:1: data.folder: is missing: holds {train,t10k}-{images-idx3,labels-idx1}-ubyte, "
        "plain or .gz; relative to the config that names it, else below $OHMLAB_DATA",
    ),
    config(
        "classes of data without labels",
        'kind = "train"\ndata = {kind = "bars_and_stripes"}\nmodel = "class_rbm"\n',
        'model = "class_rbm": a classification RBM learns classes: these data have no labels',
    ),
    config(
        "one of several by comparators",
        'kind = "train"\ndata = {base = "data/digits"}\nmodel = "class_rbm"\nneuron = "comparator"\n'
        'training.statistics = "samples"\n',
        'neuron = "comparator": model "class_rbm" has label units of which exactly one is on: expected neurons '
        'that draw one of several ("adc")',
    ),
    value("unknown key", "sede = 1", 'sede: unknown key, did you mean "seed"?'),
    value(
        "unknown key in a table", "training.epoch = 3", 'training.epoch: unknown key, did you mean "epochs"?'
    ),
    value(
        "unknown key two levels down",
        'training.schedule = {kind = "linear", lats = 0.1}',
        'training.schedule.lats: unknown key, did you mean "last"?',
    ),
    value(
        "unknown key like no other",
        'rule = {kind = "cd", zzzzzzzz = 1}',
        'rule.zzzzzzzz: unknown key; known here: "steps", "data_steps", "chains_per_example"',
    ),
    value(
        "key where nothing is set",
        'array = {kind = "ideal", format = {kind = "bf16", bits = 1}}',
        "array.format.bits: unknown key; nothing is set here",
    ),
    value(
        "key of another kind",
        'rule = {kind = "cd", chains = 3}',
        'rule.chains: unknown key; known here: "steps", "data_steps", "chains_per_example"',
    ),
    choice("unknown experiment", 'kind = "trian"', 'kind = "trian"', "train"),
    choice("unknown kind", 'rule = {kind = "pdc"}', 'rule.kind = "pdc"', "pcd"),
    choice("unknown kind in short", 'neuron = "dac"', 'neuron = "dac"', "adc"),
    choice("kind that is no text", "rule.kind = 1", "rule.kind = 1"),
    choice("list for a choice of tables", "rule = [1]", "rule = [1]"),
    choice("number for a choice of tables", "neuron = 3", "neuron = 3"),
    value("list for a table", "evaluation = [1, 2]", "evaluation = [1, 2]: expected a table"),
    value("text for a table", 'training = "long"', 'training = "long": expected a table'),
    value("fraction for a whole number", "seed = 1.5", "seed = 1.5: expected a whole number"),
    value(
        "text for a whole number",
        'training.epochs = "ten"',
        'training.epochs = "ten": expected a whole number',
    ),
    value(
        "flag for a whole number", "training.batch = true", "training.batch = true: expected a whole number"
    ),
    value("flag for a number", "training.rate = true", "training.rate = true: expected a number"),
    value("list for a number", "training.rate = [0.1]", "training.rate = [0.1]: expected a number"),
    value("table for a number", "training.rate = {at = 1}", "training.rate = {at = 1}: expected a number"),
    choice("number for a choice", "training.statistics = 1", "training.statistics = 1"),
    choice("unknown choice", 'training.statistics = "mean"', 'training.statistics = "mean"', "means"),
    config(
        "number for a path",
        'data = {kind = "idx", folder = 3}',
        "bad.toml:1: data.folder = 3: expected text in quotes",
    ),
    value(
        "date",
        "seed = 2026-11-23",
        "expected a number, text, flag, list or table; dates have no meaning here",
    ),
    value("negative seed", "seed = -1", "seed = -1: expected a whole number at least 0"),
    value(
        "too few hidden units",
        "model.hidden = 0",
        "model.hidden = 0: expected a whole number from 1 to 1048576",
    ),
    value(
        "too large a rate", "training.rate = 100.5", "training.rate = 100.5: expected a number from 0 to 100"
    ),
    value("infinite number", "training.rate = inf", "training.rate = inf: expected a number from 0 to 100"),
    value(
        "infinite number where there is no bound",
        'array = {kind = "analog", weight_scale = inf}',
        "array.weight_scale = inf: expected a finite number",
    ),
    value(
        "no copy",
        'array = {kind = "analog", copies = 0}',
        "array.copies = 0: expected a whole number from 1 to 1024",
    ),
    value(
        "too many copies",
        'array = {kind = "analog", copies = 1025}',
        "array.copies = 1025: expected a whole number from 1 to 1024",
    ),
    value(
        "half a copy", 'array = {kind = "analog", copies = 1.5}', "array.copies = 1.5: expected a whole number"
    ),
    value(
        "copies of what is exact", "array = {copies = 2}", 'array.copies: unknown key; known here: "format", "machine"'
    ),
    value(
        "phases without copies",
        'array = {kind = "analog", copies_share = "phases"}',
        'array: copies_share "phases" takes copies in turn: expected copies above 1',
    ),
    config(
        "phases of an experiment that has none",
        'kind = "deploy"\nages = [1]\narray = {kind = "analog", copies = 2, copies_share = "phases"}\n' + DATA,
        'bad.toml:1: array.copies_share "phases" takes copies in turn by the phases of a rule, and this experiment has '
        'none: expected "examples"',
    ),
    config(
        "infinite age",
        'kind = "deploy"\nages = [1, inf]\n' + DATA,
        "bad.toml:2: ages = inf: expected a finite number",
    ),
    config(
        "ages out of order",
        'kind = "deploy"\nages = [2, 1]\n' + DATA,
        "bad.toml:1: ages: expected ascending order",
    ),
    config(
        "no ages",
        'kind = "deploy"\nages = []\n' + DATA,
        "bad.toml:1: ages is empty: expected times since programming",
    ),
    value("unit of another dimension", device('v_read = "0.2 A"'), f'array.device.v_read = "0.2 A": {volts}'),
    value("unknown unit", device('t_read = "1 parsec"'), f'array.device.t_read = "1 parsec": {seconds}'),
    value("unit without a number", device('t_read = " s"'), f'array.device.t_read = " s": {seconds}'),
    value("decimal comma", device('t_read = "1,5 ns"'), f'array.device.t_read = "1,5 ns": {seconds}'),
    value(
        "number beyond float64", device('t_read = "1e400 s"'), f'array.device.t_read = "1e400 s": {seconds}'
    ),
    value(
        "negative time",
        device('t_read = "-1 ns"'),
        'array.device.t_read = "-1 ns": expected a number above 0',
    ),
    value(
        "half a range of conductances",
        device('g_max = "25 uS"'),
        "array.device: expected both g_min and g_max, or neither",
    ),
    value(
        "conductances upside down",
        device('g_min = "25 uS", g_max = "1 uS"'),
        "array.device: expected g_min below g_max",
    ),
    value(
        "model that needs conductances",
        device('drift = "pcm"'),
        'array.device: models of kind "pcm" need g_min and g_max',
    ),
    value(
        "voltages of pulses that differ in width",
        device("").replace("device = {}", 'sensing = "voltage", dac = "pulse_width"'),
        'array: sensing "voltage" sees voltages, not how long they last: '
        'expected dac "uniform", "bit_serial" or "none"',
    ),
    value(
        "voltages of cells without conductances",
        device("").replace("device = {}", 'sensing = "voltage"'),
        'array: sensing "voltage" weighs voltages by conductances: expected device.g_min and g_max',
    ),
    value(
        "bits that no driver has",
        device("").replace("device = {}", 'dac = {kind = "bit_serial", bits = 17}'),
        "array.dac.bits = 17: expected a whole number from 2 to 16",
    ),
    value("nan", "training.rate = nan", "training.rate = nan: expected a number"),
    value("nan as text", 'training.rate = "nan"', 'training.rate = "nan": expected a number'),
    value(
        "unit where there is none",
        'model.weight_std = "1 mV"',
        'model.weight_std = "1 mV": expected a number',
    ),
    config(
        "whole number beyond 64 bits",
        DATA + "seed = 99999999999999999999\n",
        NOT_TOML,
    ),
    config(
        "means from comparators",
        DATA + 'neuron = "comparator"\n',
        'bad.toml:1: training.statistics = "means" needs neurons that give means; "comparator" gives drawn '
        'states only (use "samples", or neuron = "adc")',
    ),
    config("base that is nowhere", 'base = "nowhere"\n', f'bad.toml:1: base = "nowhere": {NO_BASE}'),
    config(
        "base that is no text", "base = 3\n", "bad.toml:1: base = 3: expected the name of a config, in quotes"
    ),
    config(
        "base that is nowhere in a table",
        '[data]\nbase = "nowhere"\n',
        f'bad.toml:2: base = "nowhere": {NO_BASE}',
    ),
    config("base of itself", 'base = "bad"\n', 'bad.toml:1: base = "bad": this base leads back to itself'),
    config(
        "bases of each other",
        'base = "one"\n',
        'two.toml:1: base = "one": this base leads back to itself',
        one='\nbase = "two"\n',
        two='base = "one"\n' + DATA,
    ),
    config(
        "base that is nearly a preset",
        'base = "devices/pcn"\n',
        f'bad.toml:1: base = "devices/pcn": {NO_BASE}, did you mean "devices/pcm"?',
    ),
    config(
        "base that is nearly a preset without its folder",
        'base = "quickstrat"\n',
        f'bad.toml:1: base = "quickstrat": {NO_BASE}, did you mean "experiments/quickstart"?',
    ),
    Case(
        "preset that is none",
        lambda _: None,
        ("run", "experiments/quikstart"),
        f'experiments/quikstart: {NO_BASE}, did you mean "experiments/quickstart"?',
    ),
    config(
        "bases in a circle",
        'base = "one"\n',
        'one.toml:2: base = "one": this base leads back to itself',
        one='[data]\nbase = "one"\n',
    ),
    config(
        "mistake in a base",
        'base = "one"\n',
        "one.toml:2: seed = -1: expected a whole number at least 0",
        one=DATA + "seed = -1",
    ),
    config(
        "base with an endless name", f'base = "{"a" * 5000}"', f'bad.toml:1: base = "{"a" * 5000}": {NO_BASE}'
    ),
    config(
        "data with an endless name",
        f'data = {{kind = "idx", folder = "{"a" * 5000}"}}',
        f'bad.toml:1: data.folder = "{"a" * 5000}": {NO_FOLDER}',
    ),
    config("broken base", 'base = "one"\n', re.compile(r"one\.toml:1: not valid TOML: .+"), one="seed ="),
    setting("seed", f"seed: {KEY_VALUE}"),
    setting("", KEY_VALUE),
    setting("=1", f"=1: {KEY_VALUE}"),
    setting("model..hidden=1", "model..hidden: expected names between the dots"),
    setting("model.=1", "model.: expected names between the dots"),
    setting("seed=", 'seed = "": expected a whole number'),
    setting("seed=many", 'seed = "many": expected a whole number'),
    setting("seed=1\nx = 2", r'seed = "1\nx = 2": expected a whole number'),
    setting("seed=2026-11-23", 'seed = "2026-11-23": expected a whole number'),
    setting('training={epochs = "ten"}', 'training.epochs = "ten": expected a whole number'),
    setting("seed.of.life=1", "seed = {of = {life = 1}}: expected a whole number"),
    setting("trainign.epochs=1", 'trainign: unknown key, did you mean "training"?'),
    setting("training=3", "training = 3: expected a table"),
    setting("base=nowhere", f'base = "nowhere": {NO_BASE}'),
    Case(
        "folder as a config",
        lambda folder: (folder / "bad.toml").mkdir(),
        ("run", "bad.toml"),
        "bad.toml: expected a config file, found a folder",
    ),
    Case(
        "config that is not there",
        lambda _: None,
        ("run", "bad.toml"),
        "bad.toml: cannot read this config file: No such file or directory",
        1,
    ),
    Case(
        "config with an endless name",
        lambda _: None,
        ("run", "a" * 300),
        f"{'a' * 300}: cannot read this config file: File name too long",
        1,
    ),
    config(
        "result that is a folder to be",
        DATA,
        "zz/: expected the name of a file, found a folder",
        "--out",
        "zz/",
    ),
    config(
        "result with an endless name",
        DATA,
        f"{'a' * 300}.lock: cannot be made: File name too long",
        "--out",
        "a" * 300,
        code=1,
    ),
    config(
        "price list that is not there",
        DATA,
        "x.toml: cannot read this config file: No such file or directory",
        "--prices",
        "x.toml",
        code=1,
    ),
    config(
        "config for a price list",
        DATA,
        'bad.toml:1: data: unknown key; known here: "title", "places", "facility"',
        "--prices",
        "bad.toml",
    ),
    config("unknown option", DATA, "The following argument was not expected: --fast", "--fast"),
    config("option without its value", DATA, re.compile(r"--set: .*required.*"), "--set"),
    config("threads that are no number", DATA, re.compile(r".*--threads.*few.*"), "--threads", "few"),
    config("negative threads", DATA, re.compile(r"--threads: .*-1.*"), "--threads", "-1"),
]


@pytest.mark.parametrize("case", CONFIGS, ids=name_of)
def test_a_broken_config_is_named_with_its_line_and_what_was_expected(ohmlab: Ohmlab, case: Case) -> None:
    check(ohmlab, case)


def test_a_run_that_leaves_the_numbers_of_float32_stores_nothing(ohmlab: Ohmlab) -> None:
    text = DATA + 'training.epochs = 1\narray = {kind = "analog", weight_scale = 1e300}\n'
    (ohmlab.folder / "wild.toml").write_text(text)
    outcome = ohmlab.any("run", "wild.toml")
    said = "not stored: hidden_bias: not finite after the run: a number of this config is beyond float32"
    assert re.fullmatch(rf"ohmlab: results/wild-\w{{16}}\.h5: {said}", outcome.err.splitlines()[-1])
    assert outcome.code == 2
    assert outcome.out == ""
    assert ohmlab.files() == {"wild.toml"}


@pytest.mark.skipif("OHMLAB_SANITIZED" in os.environ, reason="sanitizers need all of the address space")
def test_more_memory_than_there_is_is_the_worlds_fault(ohmlab: Ohmlab) -> None:
    text = DATA + 'model.hidden = 65536\nrule = {kind = "pcd", chains = 1048576}\ntraining.epochs = 1\n'
    (ohmlab.folder / "vast.toml").write_text(text)
    outcome = ohmlab.any("run", "vast.toml", address_space=4 << 30)
    assert outcome.err.splitlines()[-1] == "ohmlab: not enough memory for what the config asks for"
    assert outcome.code == 1
    assert ohmlab.files() == {"vast.toml"}
