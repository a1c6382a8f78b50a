"""The seed paper's framework from the command line: figures, stored arrays, bad input."""

import json
import math
import shutil
from pathlib import Path

import h5py
import pytest
from conftest import Ohmlab
from sealed import resealed

CONFIGS = Path(__file__).parents[2] / "configs"
SIMULATED = """\
kind = "train"
data = {kind = "bars_and_stripes", size = 3}
model = {kind = "rbm", hidden = 4}
array = {kind = "analog", weight_scale = 2, device = {base = "devices/gokmen_vlasov"}}
rule = {kind = "pcd", chains = 8}
training = {epochs = 2, batch = 4}
"""
TINY = f"""\
kind = "foundation_cost"
parameters = [1e9, 1e10]
draws = 200
accelerator = {{base = "accelerators/h100"}}
[simulated]
{SIMULATED}"""


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    (tmp_path / "tiny.toml").write_text(TINY)
    return "tiny.toml"


def write_prices(folder: Path, text: str) -> None:
    """A price list of one's own, beside what the shipped one is made of."""
    shutil.copytree(CONFIGS / "prices", folder / "own")
    (folder / "own/list.toml").write_text(text)


def whole_list() -> str:
    """The shipped list in one text, so that a test may cut a price out."""
    machines = (CONFIGS / "prices/common/machines.toml").read_text()
    own = (CONFIGS / "prices/default.toml").read_text()
    energies, waiting = '[places.array.energy]\nbase = "edge/energy"\n', "[places.array.included.power]\n"
    assert energies in machines and waiting in machines and waiting in own
    added = own[own.index("[places.array.energy]") : own.index(waiting)]
    return machines.replace(energies, added).replace(waiting, waiting + own[own.index(waiting) + len(waiting) :])


def cubes(ohmlab: Ohmlab, *arguments: str) -> dict[str, list[float]]:
    said = json.loads(ohmlab("run", *arguments, "--json", "--force").out)["foundation"]["cubes"]
    return {name: cube["values"] for name, cube in said.items()}


def test_the_law_is_120_p_squared_and_every_assumption_is_printed_with_its_source(
    ohmlab: Ohmlab, tiny: str
) -> None:
    said = ohmlab("run", tiny, "--out", "x.h5", "--full").out
    assert "C = 6 P T, T = 20 P, i.e. 120 P^2" in said
    with h5py.File(ohmlab.folder / "x.h5") as stored:
        group = stored["foundation"]
        assert list(group["law_flops"][()]) == pytest.approx([120 * 1e9**2, 120 * 1e10**2])
        assert group["law_flops"].attrs["units"] == "FLOP"
        names = [name.decode() for name in group["assumption"][()]]
        assert {"utilisation", "pue", "electricity", "carbon", "misfit"} <= set(names)
        for name, source in zip(names, group["assumption_source"][()], strict=True):
            assert source, name
            assert name in said and source.decode()[:40] in said


def test_every_array_has_units_a_meaning_and_scales(ohmlab: Ohmlab, tiny: str) -> None:
    ohmlab("run", tiny, "--out", "x.h5")
    with h5py.File(ohmlab.folder / "x.h5") as stored:
        for name, item in stored["foundation"].items():
            if name == "report":
                continue
            assert item.attrs["long_name"], name
            for dim in item.dims:
                assert item.is_scale or len(dim) == 1, name


def test_the_grid_of_four_has_bands_and_says_what_is_extrapolated_and_who_loses(
    ohmlab: Ohmlab, tiny: str
) -> None:
    said = ohmlab("run", tiny, "--out", "x.h5", "--full").out
    assert "*** EXTRAPOLATION" in said
    assert "Equal quality is NOT known" in said
    assert "EBM, digital twin: LOSES to the digital transformer" in said
    with h5py.File(ohmlab.folder / "x.h5") as stored:
        group = stored["foundation"]
        assert [name.decode() for name in group["system"][()]] == [
            "ebm_analog", "ebm_digital", "transformer_analog", "transformer_digital",
        ]  # fmt: skip
        for boundary in ("core", "node", "facility"):
            energy = group[f"{boundary}_energy"][()]
            assert energy.shape == (2, 4)
            assert (group[f"{boundary}_energy_p05"][()] <= energy).all()
            assert (energy <= group[f"{boundary}_energy_p95"][()]).all()
        assert (group["core_energy"][()] < group["node_energy"][()]).all()
        assert (group["over_transformer"][()][:, 3] == 1).all()


def test_the_analog_path_is_the_simulated_bill_carried_linearly(ohmlab: Ohmlab, tiny: str) -> None:
    at_once = cubes(ohmlab, tiny)
    (ohmlab.folder / "inner.toml").write_text(SIMULATED)
    bills = json.loads(ohmlab("run", "inner.toml", "--json").out)["bills"]
    bill = next(bill for bill in bills if bill["system"] == "simulated")
    assert bill["parameters"] == 9 * 4 + 9 + 4
    each = bill["energy_core_J"]["nominal"] / bill["examples"] / bill["parameters"]
    assert at_once["simulated_joules"][0] == pytest.approx(each, rel=1e-9)
    # ten times the parameters on ten times the tokens, and sums of more tiles that are some bits wider
    energy = at_once["core_energy"]
    assert energy[4] / energy[0] == pytest.approx(100, rel=1e-2)
    assert energy[4] / energy[0] > 100


def test_a_stored_run_gives_the_figures_of_the_same_run_done_at_once(ohmlab: Ohmlab, tiny: str) -> None:
    (ohmlab.folder / "inner.toml").write_text(SIMULATED)
    ohmlab("run", "inner.toml", "--out", "inner.h5")
    head = TINY[: TINY.index("[simulated]")]
    (ohmlab.folder / "stored.toml").write_text(
        head + 'simulated = {kind = "stored", result = "inner.h5"}\n'
    )
    mine, theirs = cubes(ohmlab, "stored.toml"), cubes(ohmlab, tiny)
    assert mine["core_energy"] == pytest.approx(theirs["core_energy"], rel=1e-12)
    assert mine["break_even_at"] == pytest.approx(theirs["break_even_at"], nan_ok=True)


def test_sampling_steps_and_examples_a_token_move_the_ebm_alone(ohmlab: Ohmlab, tiny: str) -> None:
    base = cubes(ohmlab, tiny)["node_energy"]
    more = cubes(ohmlab, tiny, "--set", "extrapolation.sampling_steps=10")["node_energy"]
    assert 1 < more[0] / base[0] < 10
    assert more[2:4] == base[2:4]
    twice = cubes(
        ohmlab, tiny, "--set",
        "extrapolation.sample_efficiency={median=2, p05=2, p95=2, evidence='assumed', source='test'}",
    )["core_energy"]  # fmt: skip
    once = cubes(ohmlab, tiny)["core_energy"]
    assert twice[0] / once[0] == pytest.approx(2, rel=1e-3)  # but for programming the start
    assert twice[3] == once[3]


def test_more_sampling_steps_are_what_a_run_with_more_steps_takes(ohmlab: Ohmlab, tiny: str) -> None:
    carried = cubes(ohmlab, tiny, "--set", "extrapolation.sampling_steps=10")
    simulated = cubes(ohmlab, tiny, "--set", "simulated.rule.steps=10")
    for name in ("core_energy", "node_energy", "device_days"):
        assert carried[name][:2] == pytest.approx(simulated[name][:2], rel=0.01), name


def test_a_crossing_is_where_the_curve_crosses(ohmlab: Ohmlab, tiny: str) -> None:
    found = json.loads(ohmlab("run", tiny, "--json").out)["foundation"]
    axes, values = found["axes"], {name: cube["values"] for name, cube in found["cubes"].items()}
    pairs = len(axes["comparison"])
    checked = 0
    for k, (knob, axis) in enumerate(
        [("device", "device_multiple"), ("converter", "converter_multiple"), ("steps", "steps"),
         ("samples", "sample_efficiency")]
    ):  # fmt: skip
        grid, curve = axes[axis], values[f"break_even_{knob}"]
        for pair in range(pairs):
            row, at = curve[pair * len(grid) : (pair + 1) * len(grid)], values["break_even_at"][k * pairs + pair]
            if row[0] is None or at is None or math.isnan(at):
                continue
            for x, ratio in zip(grid, row, strict=True):
                assert (ratio > 1) == (x > at), (knob, pair, x)
            checked += 1
    assert checked >= 2


def test_experts_divide_the_law_and_say_what_is_left_out(ohmlab: Ohmlab, tiny: str) -> None:
    dense = cubes(ohmlab, tiny)
    said = ohmlab("run", tiny, "--set", "law.sparsity=8", "--out", "x.h5", "--full").out
    assert "C = 6 P T / 8 and gating" in said and "idle experts are NOT in its row" in said
    mixed = cubes(ohmlab, tiny, "--set", "law.sparsity=8")
    assert mixed["law_flops"][0] == pytest.approx(dense["law_flops"][0] / 8 * 1.15)
    assert mixed["law_tokens"] == dense["law_tokens"]
    each = [cube["node_energy"][3] / cube["transformer_flops"][0] for cube in (dense, mixed)]
    assert each[0] == pytest.approx(each[1])
    assert mixed["node_energy"][:2] == dense["node_energy"][:2]


def test_the_digital_transformer_does_its_attention_too(ohmlab: Ohmlab, tiny: str) -> None:
    short = cubes(ohmlab, tiny)
    long = cubes(ohmlab, tiny, "--set", "calibrated.sequence=8192")
    for own, twice, law in zip(
        short["transformer_flops"], long["transformer_flops"], short["law_flops"], strict=True
    ):
        assert own > 1.01 * law
        assert twice - own == pytest.approx(own - law)  # in proportion to the sequence
    assert long["law_flops"] == short["law_flops"]


def test_pulses_of_a_weight_are_those_of_training_without_its_programming(ohmlab: Ohmlab, tiny: str) -> None:
    (ohmlab.folder / "inner.toml").write_text(SIMULATED)
    ohmlab("run", "inner.toml", "--out", "inner.h5")
    with h5py.File(ohmlab.folder / "inner.h5") as stored:
        tally = stored["tally"]
        rows = zip(*(tally[name].asstr()[()] for name in ("system", "stage", "action")), tally["count"], strict=True)
        pulses = sum(
            count
            for system, stage, action, count in rows
            if (system, action) == ("simulated", "array_pulse") and not stage.startswith("start")
        )
        examples = stored["systems/examples"][0]
    weight = pulses / (9 * 4 + 9 + 4) / examples
    found = cubes(ohmlab, tiny)
    assert found["ebm_analog_pulses"] == pytest.approx([weight * 20 * 1e9, weight * 20 * 1e10])


def test_copies_of_arrays_save_time_on_both_analog_machines_and_wear_no_cell_less(ohmlab: Ohmlab, tiny: str) -> None:
    one, two = cubes(ohmlab, tiny), cubes(ohmlab, tiny, "--set", "simulated.array.copies=2")
    said = ohmlab("run", tiny, "--set", "simulated.array.copies=2", "--out", "x.h5", "--full").out
    assert "is held by 2 arrays" in said
    for machine in (0, 2):
        assert 0.4 < two["device_days"][machine] / one["device_days"][machine] < 1
    for machine in (1, 3):
        for name in ("device_days", "money", "core_energy"):
            assert two[name][machine] == one[name][machine]
    # A cell gets the pulses it got when it was alone; another copy's coincidences are drawn anew.
    assert two["ebm_analog_pulses"] == pytest.approx(one["ebm_analog_pulses"], rel=0.05)
    assert two["ebm_analog_pulses"] != one["ebm_analog_pulses"]
    assert two["transformer_analog_pulses"] == one["transformer_analog_pulses"]


def test_levers_counted_once_save_less_than_their_product(ohmlab: Ohmlab, tiny: str) -> None:
    found = json.loads(ohmlab("run", tiny, "--json").out)["foundation"]
    assert len(found["axes"]["lever"]) == 9
    energy = found["cubes"]["lever_energy"]["values"]
    assert energy[:7] != [1] * 7
    assert 1 < energy[8] < energy[7] == pytest.approx(math.prod(energy[:7]))
    off = [f"levers.{name}.on=false" for name in found["axes"]["lever"][:7]]
    alone = cubes(ohmlab, tiny, *(part for key in off for part in ("--set", key)))["lever_energy"]
    assert alone[7:] == [1, 1]


def test_equal_configs_give_equal_figures_and_another_price_list_another_run(
    ohmlab: Ohmlab, tiny: str
) -> None:
    first = json.loads(ohmlab("run", tiny, "--json", "--out", "a.h5").out)
    second = json.loads(ohmlab("run", tiny, "--json", "--out", "b.h5", "--threads", "1").out)
    assert first["quality"] == second["quality"] and first["id"] == second["id"]
    text = whole_list()
    assert "[facility.pue]\nmedian = 1.2" in text
    write_prices(ohmlab.folder, text.replace("[facility.pue]\nmedian = 1.2", "[facility.pue]\nmedian = 1.25"))
    other = json.loads(ohmlab("run", tiny, "--json", "--set", "prices=own/list.toml").out)
    assert other["id"] != first["id"]
    assert other["quality"]["law_energy_1e+09"] > first["quality"]["law_energy_1e+09"]


def test_points_of_a_sweep_over_price_lists_are_runs_of_their_own(
    ohmlab: Ohmlab, tiny: str, tmp_path: Path
) -> None:
    text = whole_list()
    write_prices(tmp_path, text.replace("[facility.pue]\nmedian = 1.2", "[facility.pue]\nmedian = 1.25"))
    axis = '[sweep]\n[[sweep.axes]]\nname = "list"\nkey = "prices"\nvalues = ["default", "own/list.toml"]\n'
    (tmp_path / "lists.toml").write_text(TINY + axis)
    assert ohmlab.any("sweep", "lists.toml", "--out", "out").code == 0
    with h5py.File(tmp_path / "out/index.h5") as index:
        energies = index["law_energy_1e+09"][()]
    alone = json.loads(ohmlab("run", tiny, "--json").out)
    assert energies[0] == alone["quality"]["law_energy_1e+09"] and energies[1] > energies[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("accelerators/h100", "accelerators/h1000"), 'tiny.toml:4: base = "accelerators/h1000": no such config'),
        (("[1e9, 1e10]", "[1e9, -7e9]"), "tiny.toml:2: parameters = -7000000000.0: expected"),
        (("[1e9, 1e10]", "[1e10, 1e9]"), "parameters: expected ascending sizes"),
        (("epochs = 2", "epochs = 0"), "simulated.training.epochs: expected at least 1"),
        (("[1e9, 1e10]", "[1e9, 1000000000.1]"), "parameters: expected sizes that differ in 9 digits"),
        (("[1e9, 1e10]", "[]"), "parameters: expected at least one size"),
        (("draws = 200", "draws = 200\nlaw = {sparsity = 0.5}"), "tiny.toml:4: law.sparsity = 0.5: expected"),
        (("draws = 200", 'draws = 200\nprices = "cheap"'), "prices = cheap: expected a file, or one of the lists"),
        (("draws = 200", "draws = 200\nlevers = {data_format = {on = false}}"), "levers.data_format"),
        (('kind = "train"', 'kind = "foundation_cost"'), 'tiny.toml:6: simulated.kind = "foundation_cost"'),
        (('kind = "train"', 'kind = "deploy"'), "simulated.kind"),
        (("devices/gokmen_vlasov", "devices/idealized"), "simulated.array: cannot be billed, for it has no device."),
        (('array = {kind = "analog", weight_scale = 2, device = {base = "devices/gokmen_vlasov"}}', ""),
         'simulated.array: expected kind "analog"'),
        (("draws = 200", "draws = 200\nbreak_even = {from = 2, to = 1}"), "tiny.toml:4: break_even: from"),
        (("draws = 200", 'draws = 200\nlaw = {format = "fp3"}'), "has no peak of"),
        (("draws = 200", 'draws = 200\nextrapolation = {place = "nowhere"}'),
         'tiny.toml:1: extrapolation.place: "nowhere" is no accelerator at a node in the price list; there are: "gpu", '),
        (("draws = 200", 'draws = 200\nextrapolation = {place = "array"}'), 'extrapolation.place: "array" is no accelerator'),
        (("draws = 200", "draws = 200\nbreak_even = {from = 1e-300}"), "tiny.toml:4: break_even.from = 1e-300"),
        (("draws = 200", "draws = 200\nlaw = {tokens_per_param = 1e300}"), "tiny.toml:4: law.tokens_per_param"),
        (("draws = 200", "draws = 200\ncalibrated = {vocabulary = 9000000000000000000}"), "calibrated.vocabulary"),
        (("draws = 200", "draws = 200\non_arrays = {mean_square = 0}"), "on_arrays.mean_square = 0"),
        (("draws = 200", "draws = 200\nlevers = {data_formats = {factor = 1e-300}}"), "levers.data_formats.factor"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_its_place(
    ohmlab: Ohmlab, tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    assert change[0] in TINY
    (tmp_path / "tiny.toml").write_text(TINY.replace(*change))
    outcome = ohmlab.any("run", "tiny.toml")
    assert outcome.code == 2
    assert message in outcome.err
    assert not (tmp_path / "results").exists()


def test_an_experiment_that_simulates_itself_is_refused(ohmlab: Ohmlab, tmp_path: Path) -> None:
    head = TINY[: TINY.index("[simulated]")]
    (tmp_path / "self.toml").write_text(head + '[simulated]\nbase = "self"\n')
    outcome = ohmlab.any("run", "self.toml")
    assert outcome.code == 2
    assert 'self.toml:6: base = "self": this base leads back to itself' in outcome.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no result", "expected an HDF5 file"),
        (None, "no such file beside the config that names it"),
    ],
)
def test_a_file_that_is_no_result_is_refused(
    ohmlab: Ohmlab, tmp_path: Path, content: bytes | None, message: str
) -> None:
    head = TINY[: TINY.index("[simulated]")]
    (tmp_path / "stored.toml").write_text(head + 'simulated = {kind = "stored", result = "inner.h5"}\n')
    if content is not None:
        (tmp_path / "inner.h5").write_bytes(content)
    outcome = ohmlab.any("run", "stored.toml")
    assert outcome.code == 2
    assert 'stored.toml:5: simulated.result = "inner.h5": ' in outcome.err
    assert message in outcome.err


def test_a_group_whose_axes_do_not_fit_is_refused(ohmlab: Ohmlab, tiny: str) -> None:
    ohmlab("run", tiny, "--out", "x.h5")
    with resealed(ohmlab.folder / "x.h5") as stored:
        group = stored["foundation"]
        kept = dict(group["parameters"].attrs)
        labels = {name: kept[name] for name in ("units", "long_name", "texts")}
        del group["parameters"]
        group["parameters"] = [1e9]
        group["parameters"].attrs.update(labels)
    outcome = ohmlab.any("run", tiny, "--out", "x.h5")
    assert outcome.code == 2
    assert "x.h5: expected " in outcome.err and "of /foundation/" in outcome.err


def test_a_result_without_cells_is_refused(ohmlab: Ohmlab, tmp_path: Path, result: Path) -> None:
    head = TINY[: TINY.index("[simulated]")]
    (tmp_path / "stored.toml").write_text(head + f'simulated = {{kind = "stored", result = "{result.name}"}}\n')
    outcome = ohmlab.any("run", "stored.toml")
    assert outcome.code == 2
    assert 'stored.toml:5: simulated.result = ' in outcome.err
    assert 'expected kind "analog"' in outcome.err


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("[places.array.energy]", "[places.array.design]", "adc_convert"),
        ("[places.array.around]", "[places.array.background]", "places.array.around"),
        ("[facility]", None, "facility: is missing"),
    ],
)  # fmt: skip
def test_a_missing_price_is_named(
    ohmlab: Ohmlab, tiny: str, tmp_path: Path, start: str, end: str | None, message: str
) -> None:
    text = whole_list()
    rest = text[text.index(end) :] if end else ""
    write_prices(tmp_path, text[: text.index(start)] + rest)
    outcome = ohmlab.any("run", tiny, "--set", "prices=own/list.toml")
    assert outcome.code == 2
    assert "own/list.toml" in outcome.err and message in outcome.err


def test_the_law_is_validated_row_by_row(ohmlab: Ohmlab) -> None:
    said = json.loads(ohmlab("validate", "law", "--json").out)["law"]
    rows = {row[0]: row for row in said["tables"][0]["rows"]}
    column = said["tables"][0]["head"].index("law / 6 P T")
    assert float(rows["GPT-3 175B"][column]) == 12
    assert float(rows["Llama 3.1 8B"][column]) == 0.011
    assert all(row[-1] for row in rows.values())


@pytest.mark.parametrize("name", ["foundation_cost"])
def test_the_shipped_framework_runs_at_all_of_its_sizes(ohmlab: Ohmlab, name: str) -> None:
    """On cells that learn 3 x 3 bars: 10 T parameters make some draws of the loss unreachable."""
    (ohmlab.folder / "shipped.toml").write_text(
        f'base = "experiments/{name}"\n[simulated]\nbase = "small.toml"\n'
    )
    (ohmlab.folder / "small.toml").write_text(SIMULATED)
    ohmlab("run", "shipped.toml", "--out", "x.h5")
    with h5py.File(ohmlab.folder / "x.h5") as stored:
        never = stored["foundation/equal_loss_tokens_p95"][()]
        assert math.isnan(never.max())
        assert math.isfinite(stored["foundation/equal_loss_tokens"][()][0].max())
