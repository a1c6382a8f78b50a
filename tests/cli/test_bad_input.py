"""What the program says to broken input: one line that names the place, and nothing left behind."""

import gzip
import os
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from conftest import Ohmlab

DATA = 'data = {kind = "bars_and_stripes", size = 3}\n'
IMAGES = 'data = {kind = "idx", folder = "data"}\ntraining = {epochs = 1}\nmodel = {hidden = 2}\n'
NOT_TOML = re.compile(r"bad\.toml:\d+: not valid TOML: [^\n]+")
NO_FOLDER = "no such folder beside the config that names it, nor below $OHMLAB_DATA"
NO_BASE = "no such config beside this file, in $OHMLAB_CONFIGS or among the installed presets"
KEY_VALUE = "expected key=value"
TOO_DEEP = "bad.toml:1: not valid TOML: more than 256 dots in a key"
CROOKED = "expected a lognormal band: p05 * p95 between 0.78 and 1.28 times median^2"


@dataclass(frozen=True)
class Case:
    """Files to make and a command to run on them."""

    name: str
    make: Callable[[Path], None]
    command: tuple[str, ...]
    message: str | re.Pattern[str]
    code: int = 2


def check(ohmlab: Ohmlab, case: Case) -> None:
    case.make(ohmlab.folder)
    before = ohmlab.files()
    outcome = ohmlab.any(*case.command)
    first, *others = outcome.err.splitlines()
    assert first.startswith("ohmlab: ")
    assert others == []
    said = first.removeprefix("ohmlab: ")
    if isinstance(case.message, str):
        assert said == case.message
    else:
        assert case.message.fullmatch(said), said
    assert outcome.code == case.code
    assert outcome.out == ""
    assert ohmlab.files() == before


def name_of(case: Case) -> str:
    return case.name.replace(" ", "_")


def config(
    name: str,
    content: str | bytes,
    message: str | re.Pattern[str],
    *arguments: str,
    code: int = 2,
    **others: str,
) -> Case:
    """A case of `bad.toml`, with further config files by their stem."""

    def make(folder: Path) -> None:
        (folder / "bad.toml").write_bytes(content.encode() if isinstance(content, str) else content)
        for stem, text in others.items():
            (folder / f"{stem}.toml").write_text(text)

    return Case(name, make, ("run", "bad.toml", *arguments), message, code)


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
        'rule.zzzzzzzz: unknown key; known here: "steps"',
    ),
    value(
        "key where nothing is set",
        'array = {kind = "ideal", format = {kind = "bf16", bits = 1}}',
        "array.format.bits: unknown key; nothing is set here",
    ),
    value(
        "key of another kind",
        'rule = {kind = "cd", chains = 3}',
        'rule.chains: unknown key; known here: "steps"',
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
        "copies of what is exact", "array = {copies = 2}", 'array.copies: unknown key; known here: "format"'
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
    config(
        "base of itself", 'base = "bad"\n', 'bad.toml:1: base = "bad": a base may not have a base of its own'
    ),
    config(
        "base of a base",
        'base = "one"\n',
        'one.toml:2: base = "two": a base may not have a base of its own',
        one='\nbase = "two"\n',
        two=DATA,
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
        f"{'a' * 300}.part: cannot be written: File name too long",
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


def idx(*shape: int, values: int | None = None, type_code: int = 8, magic: int = 0) -> bytes:
    """An IDX file of values that alternate between dark and light; `values` overrides their number."""
    count = int(np.prod(shape, dtype=object)) if values is None else values
    return struct.pack(f">HBB{len(shape)}I", magic, type_code, len(shape), *shape) + bytes(
        255 * (i % 2) for i in range(count)
    )


SOUND = {
    "train-images-idx3-ubyte": idx(4, 2, 3),
    "train-labels-idx1-ubyte": idx(4),
    "t10k-images-idx3-ubyte": idx(2, 2, 3),
    "t10k-labels-idx1-ubyte": idx(2),
}


def write_data(folder: Path, changes: dict[str, bytes | None]) -> None:
    (folder / "bad.toml").write_text(IMAGES)
    (folder / "data").mkdir()
    for name, content in {**SOUND, **changes}.items():
        if content is not None:
            (folder / "data" / name).write_bytes(content)


def data(name: str, message: str | re.Pattern[str], changes: dict[str, bytes | None], code: int = 2) -> Case:
    return Case(name, lambda folder: write_data(folder, changes), ("run", "bad.toml"), message, code)


def images(name: str, content: bytes, message: str | re.Pattern[str]) -> Case:
    """A case of a wrong file of training images."""
    file = "train-images-idx3-ubyte"
    if isinstance(message, str):
        return data(name, f"data/{file}: {message}", {file: content})
    return data(name, re.compile(re.escape(f"data/{file}: ") + message.pattern), {file: content})


def packed(name: str, content: bytes, message: str) -> Case:
    """A case of a wrong compressed file of training images."""
    file = "train-images-idx3-ubyte.gz"
    pattern = re.compile(re.escape(f"data/{file}: ") + message)
    return data(name, pattern, {"train-images-idx3-ubyte": None, file: content})


GZIP = gzip.compress(SOUND["train-images-idx3-ubyte"], mtime=0)
DATA_FILES = [
    config("folder that is not there", IMAGES, f'bad.toml:1: data.folder = "data": {NO_FOLDER}'),
    data(
        "file that is not there",
        "data/train-images-idx3-ubyte: cannot be opened: No such file or directory",
        {"train-images-idx3-ubyte": None},
        code=1,
    ),
    data(
        "labels that are not there",
        "data/t10k-labels-idx1-ubyte: cannot be opened: No such file or directory",
        {"t10k-labels-idx1-ubyte": None},
        code=1,
    ),
    images("empty file", b"", "expected an IDX file, found an empty file"),
    images("three bytes", b"\0\0\x08", "expected an IDX file, found a file starting with 00 00 08"),
    images(
        "wrong magic",
        idx(4, 2, 3, magic=0x1234),
        "expected an IDX file, found a file starting with 12 34 08 03 00 00 00 04",
    ),
    images("text", b"0,1,1,0\n", "expected an IDX file, found a file starting with 30 2c 31 2c 31 2c 30 0a"),
    images("HDF5 file", b"\x89HDF\r\n\x1a\n" + bytes(64), "expected an IDX file, found an HDF5 file"),
    images(
        "values that are float32",
        idx(4, 2, 3, type_code=0x0D),
        "expected IDX values of type 0x08 (unsigned byte), found type 0x0d (float32)",
    ),
    images(
        "values of unknown type",
        idx(4, 2, 3, type_code=0x77),
        "expected IDX values of type 0x08 (unsigned byte), found type 0x77 (unknown)",
    ),
    images("no dimensions", idx(), "expected 1 to 4 IDX dimensions, found 0"),
    images("too many dimensions", idx(1, 1, 1, 1, 1), "expected 1 to 4 IDX dimensions, found 5"),
    images(
        "flat images",
        idx(4, 6),
        "expected images in three dimensions (count x height x width), found shape 4 x 6",
    ),
    images("half a header", idx(4, 2, 3)[:9], "expected an IDX header of 16 bytes, found 9 bytes"),
    images("too short", idx(4, 2, 3)[:-1], "expected 40 bytes for IDX shape [4, 2, 3], found 39 bytes"),
    images("too long", idx(4, 2, 3) + b"\0", "expected 40 bytes for IDX shape [4, 2, 3], found 41 bytes"),
    images(
        "absurd header",
        idx(0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, values=24),
        "expected at most 2147483648 IDX values, found shape [4294967295, 4294967295, 4294967295]",
    ),
    images(
        "large header",
        idx(1000, 1000, 1000, values=24),
        "expected 1000000016 bytes for IDX shape [1000, 1000, 1000], found 40 bytes",
    ),
    images(
        "no images",
        idx(0, 2, 3),
        "expected images in three dimensions (count x height x width), found shape 0 x 2 x 3",
    ),
    images(
        "images without pixels",
        idx(4, 0, 3),
        "expected images in three dimensions (count x height x width), found shape 4 x 0 x 3",
    ),
    data(
        "too few labels",
        "data/train-labels-idx1-ubyte: expected 4 labels, one for each image, found shape 3",
        {"train-labels-idx1-ubyte": idx(3)},
    ),
    data(
        "labels that are images",
        "data/t10k-labels-idx1-ubyte: expected 2 labels, one for each image, found shape 2 x 2 x 3",
        {"t10k-labels-idx1-ubyte": idx(2, 2, 3)},
    ),
    data(
        "test images of another size",
        "data: expected test images of 2 x 3 pixels, as in training, found 3 x 2",
        {"t10k-images-idx3-ubyte": idx(2, 3, 2)},
    ),
    packed(
        "gzip cut off in its header",
        GZIP[:5],
        r"expected a complete gzip file, found one cut off at byte 5, after 0 uncompressed bytes",
    ),
    packed(
        "gzip cut off in its data",
        GZIP[:-9],
        r"expected a complete gzip file, found one cut off at byte \d+, after \d+ uncompressed bytes",
    ),
    packed(
        "gzip cut off in its checksum",
        GZIP[:-3],
        r"expected a complete gzip file, found one cut off at byte \d+, after 40 uncompressed bytes",
    ),
    packed(
        "gzip with a wrong checksum",
        GZIP[:-8] + bytes(4) + GZIP[-4:],
        r"expected intact gzip data, found damage near byte \d+ \(.+\)",
    ),
    packed(
        "gzip with bytes behind it",
        GZIP + b"more",
        r"expected a gzip file, found other bytes behind its end at byte \d+",
    ),
    packed(
        "no gzip file",
        SOUND["train-images-idx3-ubyte"],
        "expected a gzip file, found a file starting with 00 00 08 03 00 00 00 04",
    ),
    packed("empty gzip file", b"", "expected a gzip file, found an empty file"),
]


@pytest.mark.parametrize("case", DATA_FILES, ids=name_of)
def test_a_broken_data_file_is_named_with_what_was_expected_and_found(ohmlab: Ohmlab, case: Case) -> None:
    check(ohmlab, case)


@pytest.mark.parametrize("compressed", [False, True])
def test_the_same_data_files_unbroken_are_read(ohmlab: Ohmlab, compressed: bool) -> None:
    changes: dict[str, bytes | None] = {}
    if compressed:
        changes = {"train-images-idx3-ubyte": None, "train-images-idx3-ubyte.gz": GZIP}
    write_data(ohmlab.folder, changes)
    ohmlab("run", "bad.toml", "--out", "good.h5")


def cut(length: int) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(path.read_bytes()[:length])


def whole(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def edited(change: Callable[[h5py.File], None]) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        with h5py.File(path, "r+") as file:
            change(file)

    return edit


def without(name: str) -> Callable[[Path], None]:
    return edited(lambda file: file.__delitem__(name))


def replaced(name: str, values: Any) -> Callable[[Path], None]:
    def replace(file: h5py.File) -> None:
        labels = {key: file[name].attrs[key] for key in ("units", "long_name") if key in file[name].attrs}
        del file[name]
        file[name] = values
        file[name].attrs.update(labels)

    return edited(replace)


def text_in(name: str, text: str) -> Callable[[Path], None]:
    return edited(lambda file: file[name].__setitem__(0, text))


def number_in(name: str, number: float) -> Callable[[Path], None]:
    return edited(lambda file: file[name].__setitem__(0, number))


def attribute(name: str, content: Any) -> Callable[[Path], None]:
    return edited(lambda file: file.attrs.__setitem__(name, content))


def emptied(file: h5py.File) -> None:
    for name in [*file]:
        del file[name]
    for name in [*file.attrs]:
        del file.attrs[name]


Damage = Callable[[Path], object]
TRUNCATED = re.compile(r"quick\.h5: expected a complete HDF5 file, found a truncated one \(.+\)")
RESULT_FILES: list[tuple[str, Damage, str | re.Pattern[str]]] = [
    ("empty", cut(0), "expected an HDF5 file, found an empty file"),
    ("four bytes", cut(4), "expected an HDF5 file, found a file starting with 89 48 44 46"),
    ("cut off after its signature", cut(8), TRUNCATED),
    ("cut off in its head", cut(96), TRUNCATED),
    ("cut off at a kilobyte", cut(1024), TRUNCATED),
    ("cut off in the middle", cut(20000), TRUNCATED),
    ("without its last byte", cut(-1), TRUNCATED),
    ("text", whole(b"{}\n"), "expected an HDF5 file, found a file starting with 7b 7d 0a"),
    ("zip file", whole(b"PK\x03\x04" + bytes(60)), "expected an HDF5 file, found a zip file"),
    (
        "empty HDF5 file",
        edited(emptied),
        "expected a result file of ohmlab, found an HDF5 file of another kind",
    ),
    (
        "another format",
        attribute("format", "thesis"),
        "expected a result file of ohmlab, found an HDF5 file of another kind",
    ),
    (
        "format that is no text",
        attribute("format", 1),
        "expected text values in attribute format of /, found int64",
    ),
    ("later schema", attribute("schema", 4), "expected schema 3, found schema 4; run it again"),
    (
        "schema that is no number",
        attribute("schema", "1"),
        "expected int64 values in attribute schema of /, found text",
    ),
    (
        "no schema",
        edited(lambda file: file.attrs.__delitem__("schema")),
        "expected attribute schema of /, found none",
    ),
    ("no id", edited(lambda file: file.attrs.__delitem__("id")), "expected attribute id of /, found none"),
    *[
        (f"no {name}", without(name), f"expected a group /{name}, found none")
        for name in ("quality", "metrics", "model")
    ],
    ("no run", without("run"), "expected attribute version of /run, found no /run"),
    ("no config", without("config"), "expected a dataset /config, found none"),
    ("no epochs", without("metrics/epoch"), "expected a dataset /metrics/epoch, found none"),
    ("no systems", without("systems"), "expected a dataset /systems/name, found none"),
    ("no tally", without("tally"), "expected a dataset /tally/system, found none"),
    ("no holdings", without("holdings"), "expected a dataset /holdings/system, found none"),
    ("no systems of the tally", without("tally/system"), "expected a dataset /tally/system, found none"),
    ("no actions", without("tally/action"), "expected a dataset /tally/action, found none"),
    ("no counts of holdings", without("holdings/count"), "expected a dataset /holdings/count, found none"),
    (
        "short column",
        replaced("systems/tokens", np.zeros(1)),
        "expected shape [2] of /systems/tokens, found [1]",
    ),
    (
        "column of two dimensions",
        replaced("systems/tokens", np.zeros((2, 2))),
        "expected shape [2] of /systems/tokens, found [2, 2]",
    ),
    (
        "column of texts",
        replaced("systems/tokens", ["a", "b"]),
        "expected float64 values in /systems/tokens, found text",
    ),
    (
        "column of numbers",
        replaced("systems/name", np.zeros(2)),
        "expected text values in /systems/name, found float64",
    ),
    (
        "systems of no dimension",
        replaced("tally/system", "simulated"),
        "expected one dimension of /tally/system, found 0",
    ),
    (
        "systems of two dimensions",
        replaced("systems/name", [["a", "b"], ["c", "d"]]),
        "expected one dimension of /systems/name, found 2",
    ),
    (
        "short metric",
        replaced("metrics/log_z", np.zeros(2)),
        "expected shape [5] of /metrics/log_z, found [2]",
    ),
    (
        "metric of two dimensions",
        replaced("metrics/log_z", np.zeros((5, 2))),
        "expected shape [5] of /metrics/log_z, found [5, 2]",
    ),
    (
        "quality of two values",
        replaced("quality/log_z", np.zeros(2)),
        "expected one value in /quality/log_z, found shape [2]",
    ),
    (
        "weights that are one number",
        replaced("model/weights", 1.0),
        "expected 1 or 2 dimensions of /model/weights, found 0",
    ),
    (
        "weights of three dimensions",
        replaced("model/weights", np.zeros((2, 2, 2))),
        "expected 1 or 2 dimensions of /model/weights, found 3",
    ),
    (
        "group for a dataset",
        edited(lambda file: (file.__delitem__("config"), file.create_group("config"))[0]),
        "expected a dataset /config, found a group",
    ),
    (
        "no unit",
        edited(lambda file: file["quality/log_z"].attrs.__delitem__("units")),
        "expected attribute units of /quality/log_z, found none",
    ),
    *[
        (
            f"{name} in {column}",
            number_in(column, number),
            f"expected finite numbers from 0 in /{column}, found {name}",
        )
        for column in (
            "tally/count",
            "tally/serial",
            "tally/joules",
            "tally/duration",
            "tally/parameter",
            "holdings/count",
            "holdings/parameter",
            "systems/tokens",
        )
        for name, number in (("nan", np.nan), ("inf", np.inf), ("-1", -1))
    ],
    (
        "dataset of 8 TiB",
        edited(lambda file: file["model"].create_dataset("w", shape=(1 << 40,), dtype="f8", chunks=(1024,))),
        "expected at most 17179869184 bytes in /model/w, found shape [1099511627776]",
    ),
    (
        "group among the quality",
        edited(lambda file: file["quality"].create_group("g")),
        "expected attribute units of /quality/g, found none",
    ),
    (
        "link to itself",
        edited(
            lambda file: (file.__delitem__("config"), file.__setitem__("config", h5py.SoftLink("/config")))
        ),
        "expected a dataset /config, found none",
    ),
    (
        "link to a file that is not there",
        edited(
            lambda file: (
                file.__delitem__("config"),
                file.__setitem__("config", h5py.ExternalLink("x.h5", "/")),
            )
        ),
        "expected a dataset /config, found none",
    ),
    (
        "no axis",
        edited(lambda file: file["metrics"].attrs.__delitem__("axis")),
        "expected attribute axis of /metrics, found none",
    ),
    (
        "unknown action",
        text_in("tally/action", "levitate"),
        'expected actions this version knows, found "levitate"',
    ),
    (
        "unknown part",
        text_in("holdings/part", "flywheel"),
        'expected parts this version knows, found "flywheel"',
    ),
    (
        "unknown system",
        text_in("tally/system", "abacus"),
        'expected systems listed in /systems, found "abacus"',
    ),
]


# What a bill is no function of, as messages name it.
UNBILLED = re.compile(r" /(config|metrics|model|quality|run)\b|attribute id")


@pytest.mark.parametrize("command", ["price", "run"])
@pytest.mark.parametrize(
    ("damage", "message"), [pytest.param(*rest, id=name.replace(" ", "_")) for name, *rest in RESULT_FILES]
)
def test_a_broken_result_file_is_named_with_what_was_expected_and_found(
    ohmlab: Ohmlab, quick: str, result: Path, damage: Damage, message: str | re.Pattern[str], command: str
) -> None:
    arguments = ("price", "quick.h5") if command == "price" else ("run", quick, "--out", "quick.h5")
    bill = ohmlab("price", "quick.h5").out
    damage(result)
    broken = result.read_bytes()
    if command == "price" and isinstance(message, str) and UNBILLED.search(message):
        assert ohmlab(*arguments).out == bill
    else:
        expected = message if isinstance(message, re.Pattern) else f"quick.h5: {message}"
        check(ohmlab, Case("", lambda _: None, arguments, expected))
    assert result.read_bytes() == broken


def test_a_result_file_that_is_not_there_is_the_worlds_fault(ohmlab: Ohmlab) -> None:
    message = "none.h5: cannot be opened: No such file or directory"
    check(ohmlab, Case("", lambda _: None, ("price", "none.h5"), message, 1))


def test_a_folder_is_no_result_file(ohmlab: Ohmlab, quick: str) -> None:
    (ohmlab.folder / "x.h5").mkdir()
    message = "x.h5: expected an HDF5 file, found a folder"
    check(ohmlab, Case("", lambda _: None, ("price", "x.h5"), message))
    check(ohmlab, Case("", lambda _: None, ("run", quick, "--out", "x.h5"), message))


def test_one_broken_result_among_others_stops_the_pricing(ohmlab: Ohmlab, result: Path) -> None:
    (ohmlab.folder / "broken.h5").write_text("no result")
    outcome = ohmlab.any("price", "quick.h5", "broken.h5", "--json")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("ohmlab: broken.h5: expected an HDF5 file, found ")


ENERGY = "[places.gpu.energy.flop_fp32]\n"
PRICES: list[tuple[str, str, str]] = [
    (
        "wrong unit",
        ENERGY + 'median = "1 W"',
        'places.gpu.energy.flop_fp32.median = "1 W": expected a number in J, or text such as "1 J" or "1 mJ"',
    ),
    (
        "negative price",
        ENERGY + "median = -1",
        "places.gpu.energy.flop_fp32.median = -1: expected a number above 0",
    ),
    ("free", ENERGY + "median = 0", "places.gpu.energy.flop_fp32.median = 0: expected a number above 0"),
    (
        "unknown action",
        "[places.gpu.energy.flop_fp31]\nmedian = 1",
        'places.gpu.energy.flop_fp31: no such action, did you mean "flop_fp32"?',
    ),
    (
        "infinite",
        ENERGY + "median = inf",
        "places.gpu.energy.flop_fp32.median = inf: expected a finite number",
    ),
    (
        "number for a table",
        "[places.gpu.energy]\nflop_fp32 = 3",
        "places.gpu.energy.flop_fp32 = 3: expected a table",
    ),
    (
        "law that makes things free",
        ENERGY + 'law = {kind = "power", at = 1e5}',
        "places.gpu.energy.flop_fp32.law.at = 100000.0: expected a number from 0 to 64",
    ),
    (
        "inclusion without a reason",
        '[places.gpu.included.energy]\nadc_convert = " "',
        "places.gpu.included: adc_convert: expected in which price it is, and why: nothing is free",
    ),
    (
        "inclusion of the unknown",
        '[places.gpu.included.area]\ncel = "x"',
        'places.gpu.included.area.cel: no such part, did you mean "cell"?',
    ),
    (
        "supply that gives more than it takes",
        "[places.array.supply]\nmedian = 0.5\np05 = 0.4\np95 = 0.6",
        "places.array: supply: expected a median of at least 1, for no supply gives back more than it takes",
    ),
    (
        "unknown law",
        ENERGY + 'law = "cubic"',
        'places.gpu.energy.flop_fp32.law = "cubic": expected one of "constant", "proportional", "affine", '
        '"power", "converter", "survey"',
    ),
]


@pytest.mark.parametrize(
    ("text", "message"), [pytest.param(*rest, id=name.replace(" ", "_")) for name, *rest in PRICES]
)
@pytest.mark.usefixtures("result")
def test_a_broken_price_list_is_named_with_its_line(ohmlab: Ohmlab, text: str, message: str) -> None:
    (ohmlab.folder / "mine.toml").write_text('base = "prices/default"\n' + text)
    expected = re.compile(r"mine\.toml:[23]: " + re.escape(message))
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("median = 1.9e-12", CROOKED),
        ("median = 3e-12", "expected p05 <= median <= p95"),
        ('median = 1e-12\nsource = " "', "source is empty: no price without a source"),
    ],
    ids=["crooked_band", "median_outside_its_band", "no_source"],
)
@pytest.mark.usefixtures("result")
def test_a_price_that_contradicts_itself_is_refused(ohmlab: Ohmlab, change: str, message: str) -> None:
    lines = ['base = "prices/default"', ENERGY + "p05 = 0.5e-12", "p95 = 2e-12", change]
    (ohmlab.folder / "mine.toml").write_text("\n".join(lines))
    expected = re.compile(r".+: places\.gpu\.energy\.flop_fp32: " + re.escape(message))
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "title: is missing: what this list is"),
        ('base = "mine"', 'base = "mine": a base may not have a base of its own'),
        ('title = "x"\nplaces = [1]', "places = [1]: expected a table"),
        ('title = "x"\nplaces.gpu = "cheap"', 'places.gpu = "cheap": expected a table'),
    ],
    ids=["empty", "circular", "list_of_places", "text_for_a_place"],
)
@pytest.mark.usefixtures("result")
def test_a_price_list_that_is_none_is_named_with_its_line(ohmlab: Ohmlab, text: str, message: str) -> None:
    (ohmlab.folder / "mine.toml").write_text(text)
    expected = f"mine.toml:{1 + text.count(chr(10))}: {message}"
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


@pytest.mark.usefixtures("result")
def test_a_price_list_without_a_place_for_what_was_done_is_refused(ohmlab: Ohmlab) -> None:
    (ohmlab.folder / "mine.toml").write_text('title = "x"\n')
    expected = 'places: the price list has no place for "same RBM, digital float32"'
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--prices", "mine.toml"), expected))


def test_a_run_that_leaves_the_numbers_of_float32_stores_nothing(ohmlab: Ohmlab) -> None:
    text = DATA + 'training.epochs = 1\narray = {kind = "analog", weight_scale = 1e300}\n'
    (ohmlab.folder / "wild.toml").write_text(text)
    outcome = ohmlab.any("run", "wild.toml")
    said = "hidden_bias: not finite after the run: a number of this config is beyond float32"
    assert outcome.err.splitlines()[-1] == f"ohmlab: {said}"
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


@pytest.mark.parametrize("draws", ["-1", "1000001", "many", "1.5"])
@pytest.mark.usefixtures("result")
def test_a_number_of_draws_that_makes_no_sense_is_refused(ohmlab: Ohmlab, draws: str) -> None:
    expected = re.compile(r".*--draws.*" + re.escape(draws) + ".*")
    check(ohmlab, Case("", lambda _: None, ("price", "quick.h5", "--draws", draws), expected))
