"""The version, the search in what can be set, and the list of presets."""

import json
import tomllib
from pathlib import Path

import pytest
from conftest import Ohmlab

CONFIGS = Path(__file__).parents[2] / "configs"


def test_the_version_says_what_decides_the_bits_of_a_result(ohmlab: Ohmlab) -> None:
    lines = ohmlab("--version").out.splitlines()
    assert len(lines) <= 6
    assert [line.split()[0] for line in lines] == [
        "ohmlab", "commit", "compiler", "kernels", "processor", "HDF5",
    ]
    assert all(len(line.split()) > 1 and len(line) <= 100 for line in lines)


def test_the_version_names_the_hdf5_that_is_loaded(ohmlab: Ohmlab) -> None:
    last = ohmlab("--version").out.splitlines()[-1].split()[1]
    assert last.count(".") == 2 and all(part.isdigit() for part in last.split("."))


@pytest.mark.parametrize("word", ["dw_min", "DW_MIN"])
def test_a_search_finds_a_field_by_its_name(ohmlab: Ohmlab, word: str) -> None:
    found = json.loads(ohmlab("describe", "--search", word, "--json").out)
    assert "devices.pulse.soft_bounds.dw_min" in [place["path"] for place in found]
    assert all(place["in"] for place in found)


def test_a_search_finds_every_text_that_contains_the_word(ohmlab: Ohmlab) -> None:
    """Beside a search of its own through `describe --json`."""
    word = "drift"
    expected = []

    def look(path: str, texts: list[str], fields: list[dict]) -> None:
        if any(word in text.lower() for text in texts):
            expected.append(path)
        for field in fields:
            own = [field["name"], field["meaning"], field["allowed"]]
            look(f"{path}.{field['name']}", own, field.get("fields", []))

    for room in json.loads(ohmlab("describe", "--json").out):
        look(room["name"], [room["name"], room["holds"]], [])
        for catalogue in room["catalogues"]:
            path = f"{room['name']}.{catalogue['name']}"
            look(path, [catalogue["name"], catalogue["question"]], [])
            for entry in catalogue["entries"]:
                texts = [entry[key] for key in ("name", "summary", "equation", "source")]
                look(f"{path}.{entry['name']}", texts, entry["fields"])
    found = json.loads(ohmlab("describe", "--search", word, "--json").out)
    assert [place["path"] for place in found] == expected
    printed = ohmlab("describe", "--search", word).out.splitlines()
    assert [line.split(" (")[0] for line in printed if not line.startswith(" ")] == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["describe", "--search", "zebrafish"], '--search: "zebrafish": nothing that can be set contains it'),
        (["describe", "--search", " "], '--search: " ": expected a word'),
        (["presets", "device"], 'no presets "device", did you mean "devices"?; there are: '),
        (["completion"], "expected a shell: bash, zsh"),
        (["completion", "bsh"], 'no completion for "bsh", did you mean "bash"?; there are: bash, zsh'),
        (
            ["describe", "--schema", "experimant"],
            '--schema: "experimant": expected one of experiment, device, ',
        ),
    ],
)
def test_bad_input_is_answered_in_one_line(ohmlab: Ohmlab, arguments: list[str], message: str) -> None:
    outcome = ohmlab.any(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"ohmlab: {message}")
    assert outcome.err.count("\n") == 1


def presets(ohmlab: Ohmlab, *arguments: str) -> dict[str, dict]:
    return {preset["name"]: preset for preset in json.loads(ohmlab("presets", *arguments, "--json").out)}


def test_every_shipped_preset_is_listed_with_a_line(ohmlab: Ohmlab) -> None:
    listed = json.loads(ohmlab("presets", "--json").out)
    shipped = {(file.parent.name, file.stem) for file in CONFIGS.glob("*/*.toml")}
    assert {(preset["kind"], preset["name"].split("/")[-1]) for preset in listed} == shipped
    for preset in listed:
        assert "broken" not in preset, preset
        assert preset["summary"].strip(), preset["name"]
    text = ohmlab("presets").out
    assert all(len(line) <= 100 for line in text.splitlines())
    assert all(f"  {preset['name']} " in text for preset in listed)


def test_a_device_says_what_its_bill_lacks(ohmlab: Ohmlab) -> None:
    listed = presets(ohmlab, "devices")
    assert listed["devices/pcm"]["billable"] is False
    assert listed["devices/pcm"]["missing"] == ["v_read", "v_write", "t_pulse"]
    assert listed["devices/gokmen_vlasov"] | {"billable": True, "missing": []} == listed["devices/gokmen_vlasov"]
    for name, preset in listed.items():
        written = tomllib.loads((CONFIGS / f"{name}.toml").read_text())
        if "base" not in written:
            point = ["g_min", "g_max", "v_read", "t_read", "v_write", "t_pulse"]
            assert preset["missing"] == [key for key in point if key not in written]
    assert "(no bill: lacks v_read, v_write, t_pulse)" in ohmlab("presets", "devices").out


def test_an_experiment_that_says_it_is_billable_has_a_bill(ohmlab: Ohmlab) -> None:
    listed = presets(ohmlab, "experiments")
    assert listed["experiments/rbm_digits_analog"]["billable"] is True
    reram = listed["experiments/rbm_digits_reram"]
    assert reram["billable"] is False and "device.g_min" in reram["missing"][0]


def test_a_price_list_names_the_node_of_its_arrays(ohmlab: Ohmlab) -> None:
    assert presets(ohmlab, "prices")["default"]["node"] == pytest.approx(28e-9)


def test_a_preset_of_ones_own_is_listed_and_a_broken_one_says_why(ohmlab: Ohmlab) -> None:
    folder = ohmlab.folder / "devices"
    folder.mkdir()
    (folder / "mine.toml").write_text("# My cell. It is good.\nbase = 'devices/gokmen_vlasov'\n")
    (folder / "bad.toml").write_text("g_min = \n")
    listed = presets(ohmlab, "devices")
    assert listed["devices/mine"]["summary"] == "My cell."
    assert listed["devices/mine"]["billable"] is True
    assert "not valid TOML" in listed["devices/bad"]["broken"]
    assert "cannot be read: " in ohmlab("presets", "devices").out
