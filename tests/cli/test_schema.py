"""The JSON Schema of configs beside the program that reads them."""

import copy
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import QUICK, Ohmlab

CONFIGS = Path(__file__).parents[2] / "configs"
KINDS = ["experiment", "device", "prices", "claim", "sampler", "accelerator", "data", "sequences", "verdict"]
Tree = dict[str, Any]
Validator = jsonschema.Draft202012Validator


@pytest.fixture(scope="module")
def schemas(program: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Validator]:
    ohmlab = Ohmlab(program, tmp_path_factory.mktemp("schemas"))
    out = {kind: Validator(json.loads(ohmlab("describe", "--schema", kind).out)) for kind in KINDS}
    assert json.loads(ohmlab("describe", "--schema").out) == out["experiment"].schema
    return out


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_a_schema(schemas: dict[str, Validator], kind: str) -> None:
    assert schemas[kind].schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Validator.check_schema(schemas[kind].schema)


def shipped() -> Iterator[tuple[str, Path]]:
    kinds = {
        "experiments": "experiment",
        "sweeps": "experiment",
        "devices": "device",
        "prices": "prices",
        "accelerators": "accelerator",
        "claims": "claim",
        "samplers": "sampler",
        "verdicts": "verdict",
    }
    for file in sorted(CONFIGS.glob("*/*.toml")):
        if file.parent.name == "data":
            yield ("sequences" if file.stem == "kjv" else "data"), file
        elif file.parent.name != "validation":  # tables of published figures, not read by users' configs
            yield kinds[file.parent.name], file


@pytest.mark.parametrize(("kind", "file"), [pytest.param(k, f, id=f"{f.parent.name}/{f.stem}") for k, f in shipped()])
def test_every_shipped_config_keeps_the_schema(schemas: dict[str, Validator], kind: str, file: Path) -> None:
    found = jsonschema.exceptions.best_match(schemas[kind].iter_errors(tomllib.loads(file.read_text())))
    assert found is None, f"{list(found.absolute_path)}: {found.message[:300]}"


def parts_of_price_lists() -> list[Path]:
    return sorted(file for file in CONFIGS.glob("prices/*/*.toml"))


@pytest.mark.parametrize("file", [pytest.param(f, id=f"{f.parent.name}/{f.stem}") for f in parts_of_price_lists()])
def test_every_part_of_a_price_list_keeps_the_schema_of_its_place(
    schemas: dict[str, Validator], file: Path
) -> None:
    part = tomllib.loads(file.read_text())
    places: list[Callable[[Any], Any]] = [
        lambda x: x,
        lambda x: {"base": "x", "places": {"array": x}},
        lambda x: {"base": "x", "places": {"array": {"design": x}}},
        lambda x: {"base": "x", "places": {"array": {"around": x}}},
        *[
            (lambda table: lambda x: {"base": "x", "places": {"array": {table: x}}})(table)
            for table in ("energy", "latency", "power", "area", "background")
        ],
        *[
            (lambda table: lambda x: {"base": "x", "places": {"array": {table: {"adc_convert": x}}}})(table)
            for table in ("energy", "latency", "power", "area")
        ],
    ]
    assert any(schemas["prices"].is_valid(place(part)) for place in places)


def set_at(tree: Tree, key: str, value: Any) -> Tree:
    out = copy.deepcopy(tree)
    *tables, last = key.split(".")
    inner = out
    for name in tables:
        inner = inner.setdefault(name, {})
    inner[last] = value
    return out


ANALOG = {"kind": "analog", "weight_scale": 4, "device": {"base": "devices/gokmen_vlasov"}}
BASED = {"base": "experiments/rbm_digits"}
# A key, a value, and whether a config may say so: for the quick config, or for `BASED`.
CASES = [
    ("seed", 4, True),
    ("seed", -1, None),
    ("kind", "trian", False),
    ("training.rat", 0.1, False),
    ("training.rate", 0.1, True),
    ("training.rate", "0.1", True),
    ("training.rate", "0.1 V", False),
    ("training.rate", True, False),
    ("training.epochs", 0, None),
    ("training.epochs", 1.5, False),
    ("training.statistics", "samples", True),
    ("training.statistics", "sample", False),
    ("data.size", 0, False),
    ("data.size", 3, True),
    ("array", "ideal", True),
    ("array", "idael", False),
    ("array", ANALOG, True),
    ("array", ANALOG | {"weight_scale": 0}, False),
    ("array", ANALOG | {"weight_scal": 1}, False),
    ("array", ANALOG | {"device": {"base": "devices/gokmen_vlasov", "v_read": "200 mV"}}, True),
    ("array", ANALOG | {"device": {"base": "devices/gokmen_vlasov", "v_read": "200 mA"}}, False),
    ("array", ANALOG | {"device": {"base": "devices/gokmen_vlasov", "v_read": -0.2}}, False),
    ("array", ANALOG | {"device": {"base": "devices/gokmen_vlasov", "t_read": "1 min"}}, True),
    ("array", ANALOG | {"device": {"pulse": "soft_bounds"}}, True),
    ("array", ANALOG | {"device": {"pulse": "soft_bound"}}, False),
    ("array", ANALOG | {"device": {"pulse": {"kind": "soft_bounds", "dw_min": 0.01}}}, True),
    ("array", ANALOG | {"device": {"pulse": {"kind": "soft_bounds", "dw_mni": 0.01}}}, False),
    ("array", ANALOG | {"device": {"pulse": {"kind": "soft_bounds", "dw_min": 0}}}, False),
    ("array", {"kind": "ideal", "device": {}}, False),
    ("rule", {"kind": "pcd", "chains": -1}, False),
    ("rule", {"kind": "cd", "chains": 8}, False),
    ("rule", {"chains": 8, "base": 3}, False),
    ("nonsense", {}, False),
]


@pytest.mark.parametrize("based", [False, True], ids=["whole", "based"])
@pytest.mark.parametrize(("key", "value", "expected"), CASES)
def test_schema_and_program_judge_alike(
    ohmlab: Ohmlab, schemas: dict[str, Validator], key: str, value: Any, expected: bool | None, based: bool
) -> None:
    start: Tree = BASED if based else tomllib.loads(QUICK)
    if based and (key in ("kind", "data.size") or (key == "rule" and "kind" not in value)):
        pytest.skip("depends on what the base says")
    tree = set_at(start, key, value)
    (ohmlab.folder / "config.toml").write_text(toml(tree))
    accepted = ohmlab.any("run", "config.toml", "--show").code == 0
    assert schemas["experiment"].is_valid(tree) == accepted
    if expected is not None:
        assert accepted == expected


def toml(tree: Tree) -> str:
    """The tree as TOML, tables inline."""

    def text(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key} = {text(inner)}" for key, inner in value.items()) + "}"
        return json.dumps(value)

    return "".join(f"{key} = {text(value)}\n" for key, value in tree.items())


def test_tables_below_a_base_may_lack_their_kind(schemas: dict[str, Validator]) -> None:
    check = schemas["experiment"].is_valid
    assert check(BASED | {"array": {"weight_scale": 4}, "rule": {"chains": 5}})
    assert not check({"kind": "train", "array": {"weight_scale": 4}})
    assert not check(BASED | {"array": {"weight_scale": 4, "nonsense": 1}})
    assert not check({"kind": "train"})  # data are missing
    assert check(BASED | {"data": {"base": "data/digits", "threshold": 3}})


def test_a_sweep_is_an_experiment_whose_keys_its_axes_may_give(schemas: dict[str, Validator]) -> None:
    check = schemas["experiment"].is_valid
    axes = {"axes": [{"key": "model.hidden", "values": [4, 8]}], "repeats": 2}
    assert check(BASED | {"sweep": axes})
    assert check({"kind": "train", "data": "bars_and_stripes", "model": {"kind": "rbm"}, "sweep": axes})
    assert not check(BASED | {"sweep": axes | {"repeats": 0}})
    assert not check(BASED | {"sweep": {"axis": []}})


def test_a_field_says_what_it_means_its_unit_its_range_and_its_default(schemas: dict[str, Validator]) -> None:
    definitions = schemas["device"].schema["$defs"]
    whole = definitions["file"]["oneOf"][0]["properties"]
    assert whole["v_read"]["description"] == "voltage of a full-scale input (in V)"
    assert whole["v_read"]["exclusiveMinimum"] == 0
    assert whole["temperature"]["default"] == 300
    names = [way.get("properties", {}).get("kind", {}).get("const") for way in definitions["pulse"]["oneOf"]]
    assert "soft_bounds" in names
