"""The id of a run follows the data it read, wherever they lie."""

from bad_input import IMAGES
from conftest import Ohmlab
from test_bad_data_files import SOUND, idx


def identity(ohmlab: Ohmlab, name: str, changes: dict[str, bytes]) -> str:
    """The id of a run on sound data with some files replaced, from a folder of this name."""
    folder = ohmlab.folder / name
    (folder / "data").mkdir(parents=True)
    (folder / "case.toml").write_text(IMAGES)
    for file, content in {**SOUND, **changes}.items():
        (folder / "data" / file).write_bytes(content)
    ohmlab("run", f"{name}/case.toml", "--out", f"{name}.h5")
    stored = ohmlab("run", f"{name}/case.toml", "--out", f"{name}.h5", "--json").out
    return stored.split('"id": "')[1].split('"')[0]


def test_the_id_follows_pixels_and_labels_but_not_the_place(ohmlab: Ohmlab) -> None:
    plain = identity(ohmlab, "plain", {})
    assert len(plain) == 16
    assert identity(ohmlab, "elsewhere", {}) == plain
    pixels = SOUND["train-images-idx3-ubyte"]
    assert identity(ohmlab, "pixel", {"train-images-idx3-ubyte": pixels[:-1] + b"\x07"}) != plain
    assert identity(ohmlab, "label", {"t10k-labels-idx1-ubyte": idx(2)[:-1] + b"\x07"}) != plain
