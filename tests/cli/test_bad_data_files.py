"""What the program says to broken data files."""

import gzip
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from bad_input import IMAGES, NO_FOLDER, Case, check, config, name_of
from conftest import Ohmlab


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
