#!/usr/bin/env python3
"""Writes scikit-learn's bundled 8×8 digits as IDX files, split as docs/results.md states.

1,797 images of 64 pixels from 0 to 16 (Alpaydin & Kaynak, UCI 1998). The split is a fixed permutation: results move
by 0.6 nats with the split, so it is part of every figure's definition.
"""

import gzip
import struct
import sys
from pathlib import Path

TRAIN = 1437


def write_idx(path: Path, array) -> None:
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    part = path.with_suffix(".part")
    with gzip.GzipFile(part, "wb", mtime=0) as stream:
        stream.write(header + array.astype("uint8").tobytes())
    part.rename(path)


def main() -> int:
    folder = Path(sys.argv[1])
    names = [f"{part}-{what}.gz" for part in ("train", "t10k") for what in ("images-idx3-ubyte", "labels-idx1-ubyte")]
    if all((folder / name).exists() for name in names):
        return 0
    import numpy
    from sklearn.datasets import load_digits

    digits = load_digits()
    order = numpy.random.RandomState(0).permutation(len(digits.target))
    folder.mkdir(parents=True, exist_ok=True)
    for part, rows in (("train", order[:TRAIN]), ("t10k", order[TRAIN:])):
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", digits.images[rows])
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", digits.target[rows])
    return 0


if __name__ == "__main__":
    sys.exit(main())
