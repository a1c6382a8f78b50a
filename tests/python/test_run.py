import json
import os
import re
import signal
import subprocess
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import h5py  # before ohmlab: two HDF5 libraries in one process
import numpy as np
import ohmlab
import pytest
from conftest import ENDLESS, HANG, quick

QUICK_TOML = """\
kind = "train"
seed = 3
data = {kind = "bars_and_stripes", size = 3}
model = {kind = "rbm", hidden = 4}
rule = {kind = "pcd", chains = 8}
training = {epochs = 4, batch = 4}
"""


def told_by_the_program(program: Path, *arguments: str) -> str:
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=True, timeout=HANG
    ).stdout


def test_a_dict_gives_the_run_that_the_same_toml_file_gives(program: Path) -> None:
    Path("quick.toml").write_text(QUICK_TOML)
    said = json.loads(told_by_the_program(program, "run", "quick.toml", "--json"))
    from_file = ohmlab.run("quick.toml", folder="other")
    from_dict = ohmlab.run(quick(), folder="other")
    assert said["id"] == from_file.id == from_dict.id
    assert said["quality"] == from_file.quality == from_dict.quality
    assert from_file.file == Path(f"other/quick-{said['id']}.h5")
    assert from_dict.file == Path(f"other/run-{said['id']}.h5")


def test_a_finished_run_is_kept_unless_forced() -> None:
    first = ohmlab.run(quick(), out="x.h5")
    second = ohmlab.run(quick(), out="x.h5")
    third = ohmlab.run(quick(), out="x.h5", force=True)
    assert (first.ran, second.ran, third.ran) == (True, False, True)
    assert first.quality == second.quality == third.quality


def test_keys_of_set_come_last_and_take_units_and_any_number() -> None:
    config = quick() | {"array": {"kind": "analog"}}
    outcome = ohmlab.run(
        config,
        set={
            "training.epochs": np.int64(2),
            "array.device.t_read": "250 ns",
            "training.rate": np.float32(0.0625),
        },
        out="x.h5",
    )
    stored = ohmlab.results.load(outcome.file).config
    assert stored["training"]["epochs"] == 2
    assert stored["training"]["rate"] == 0.0625
    assert stored["array"]["device"]["t_read"] == 250e-9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sead": 1}, 'argument config: sead: unknown key, did you mean "seed"?'),
        ({"seed": "one"}, 'argument config: seed = "one": expected a whole number'),
        ({"seed": None}, "argument config: seed = None: expected a number, text, flag, list or table"),
        ({"seed": 2**70}, f"argument config: seed = {2**70}: expected a whole number of 64 bits"),
        ({1: 2}, "argument config: 1: expected keys that are text"),
        ({"training": {"epochs": -1}}, "argument config: training.epochs = -1: expected"),
        ({"base": "nowhere"}, 'argument config: base = "nowhere": no such config'),
    ],
)
def test_a_bad_dict_gets_the_message_of_a_bad_file(change: dict[str, object], message: str) -> None:
    with pytest.raises(ohmlab.UserError) as caught:
        ohmlab.run(quick() | change)
    assert str(caught.value).startswith(message)
    assert isinstance(caught.value, ValueError)
    assert list(Path().rglob("*.h5")) == []


def test_bad_arguments_name_the_argument() -> None:
    with pytest.raises(ohmlab.UserError, match="^argument set: training.epoch: unknown key"):
        ohmlab.run(quick(), set={"training.epoch": 3})
    with pytest.raises(ohmlab.UserError, match="^argument threads: -1: expected 0 to 1024"):
        ohmlab.run(quick(), threads=-1)
    with pytest.raises(
        ohmlab.UserError, match="^argument config: 3: expected a path, the name of a preset or a dict"
    ):
        ohmlab.run(3)  # type: ignore[arg-type]
    with pytest.raises(ohmlab.WorldError, match="nowhere.toml") as caught:
        ohmlab.run("nowhere.toml")
    assert isinstance(caught.value, OSError)


def test_a_preset_is_found_by_its_name() -> None:
    with pytest.raises(ohmlab.UserError, match="^argument set: hidden: unknown key"):
        ohmlab.run("experiments/rbm_digits", set={"hidden": 3})


def test_progress_hears_every_step_in_order() -> None:
    heard: list[tuple[str, int, int, str]] = []
    ohmlab.run(quick(), progress=lambda *step: heard.append(step))
    training = [(done, steps) for what, done, steps, _ in heard if what == "training"]
    assert training == [(done, 4) for done in range(5)]


@pytest.mark.parametrize("last", [0, 2, 4])
def test_what_progress_raises_stops_the_run_and_the_same_call_goes_on_to_the_same_bits(last: int) -> None:
    def stop(what: str, done: int, steps: int, note: str) -> None:
        if done == last:
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        ohmlab.run(quick(), out="stopped.h5", progress=stop)
    assert not Path("stopped.h5").exists()
    heard: list[int] = []
    again = ohmlab.run(quick(), out="stopped.h5", progress=lambda what, done, steps, note: heard.append(done))
    assert again.quality == ohmlab.run(quick(), out="whole.h5").quality
    assert 1 not in heard or last == 0
    assert sorted(path.name for path in Path().iterdir()) == ["stopped.h5", "whole.h5"]


def test_pythons_own_signal_handler_stays_and_ends_a_run() -> None:
    before = signal.getsignal(signal.SIGINT)
    begun = threading.Event()

    def interrupt() -> None:
        begun.wait()
        os.kill(os.getpid(), signal.SIGINT)

    killer = threading.Thread(target=interrupt)
    killer.start()
    with pytest.raises(KeyboardInterrupt):
        ohmlab.run(quick(), set=ENDLESS, progress=lambda *_: begun.set())
    killer.join()
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_of_python_run_while_an_array_works() -> None:
    """Tried again while this thread gets no turn on a busy machine; without the lock's release it never does."""
    array = ohmlab.Array(2000, 2000)
    x = np.ones((4000, 2000), np.float32)

    def got_a_turn() -> bool:
        span: list[float] = []

        def work() -> None:
            span.append(time.monotonic())
            array.mvm(x)
            span.append(time.monotonic())

        worker = threading.Thread(target=work)
        worker.start()
        ticks = []
        while worker.is_alive():
            ticks.append(time.monotonic())
            time.sleep(0.0005)
        begin, end = span
        margin = (end - begin) / 10
        return any(begin + margin < tick < end - margin for tick in ticks)

    assert any(got_a_turn() for _ in range(20))


def test_bills_follow_the_price_list_and_ratios_carry_common_draws() -> None:
    outcome = ohmlab.run(quick(), out="x.h5")
    rows = {(row.system, row.place): row for row in outcome.bills()}
    twin, transformer = rows["rbm_digital", "gpu"].bill, rows["transformer_digital", "gpu"].bill
    assert twin and transformer and twin.core and transformer.core
    ratio = transformer.core / twin.core
    assert ratio.nominal == pytest.approx(transformer.core.nominal / twin.core.nominal)
    np.testing.assert_allclose(ratio.values, transformer.core.values / twin.core.values)
    assert len(ratio.values) == 2000
    lines = twin.at(twin.boundary)
    assert lines is not None
    assert sum(draws.nominal for draws in twin.components.values()) == pytest.approx(lines.nominal)

    key = "places.gpu.energy.flop_fp32"
    dearer = outcome.bills(assume={f"{key}.{part}": "1 uJ" for part in ("median", "p05", "p95")})
    (again,) = (row.bill for row in dearer if (row.system, row.place) == ("rbm_digital", "gpu"))
    assert again and again.actions["flop_fp32"].nominal > 1000 * twin.actions["flop_fp32"].nominal
    with pytest.raises(ohmlab.UserError, match="^argument assume: expected nothing beside prices"):
        outcome.bills(ohmlab.Prices.default(), assume={key: 1})


def test_a_simulated_machine_without_cited_voltages_is_not_billed() -> None:
    outcome = ohmlab.run(quick(), set={"array.kind": "analog", "array.device.base": "devices/reram_sb"})
    simulated = outcome.bills()[0]
    assert simulated.bill is None
    assert "v_read" in simulated.unpriced
    assert "not billed" in repr(simulated)


LOSSY = {
    "array.kind": "analog",
    "array.device.g_min": "1 mS",
    "array.device.g_max": "2 mS",
    "training.epochs": 1,
}


def test_warnings_are_raised_and_kept() -> None:
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        outcome = ohmlab.run(quick(), set=LOSSY)
        result = ohmlab.results.load(outcome.file)
    assert re.match("wires would lose .* % of the voltage at the far cell", outcome.warnings[0])
    assert result.warnings == outcome.warnings
    assert [str(warning.message) for warning in raised] == 2 * outcome.warnings
    assert {(warning.category, warning.filename) for warning in raised} == {(RuntimeWarning, __file__)}


def test_a_model_no_better_than_independent_units_warns() -> None:
    with pytest.warns(RuntimeWarning, match="the model is no better than independent units"):
        ohmlab.run(quick(), set={"training.epochs": 0})


def test_a_sound_run_warns_of_nothing() -> None:
    sound = {"training.epochs": 100, "training.rate": 0.1}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome = ohmlab.run(quick(), set=sound)
        assert ohmlab.results.load(outcome.file).warnings == outcome.warnings == []


def test_h5py_and_ohmlab_read_the_same_file_in_one_process() -> None:
    outcome = ohmlab.run(quick(), out="x.h5")
    with h5py.File("x.h5") as file:
        stored = {name: float(value[()]) for name, value in file["quality"].items()}
    assert (
        stored
        == outcome.quality
        == {name: float(v) for name, v in ohmlab.results.load("x.h5").quality.items()}
    )
    with h5py.File("mine.h5", "w") as file:
        file["x"] = [1, 2]
    with pytest.raises(
        ohmlab.UserError, match="mine.h5: expected a file with ohmlab's digest in front, found one without"
    ):
        ohmlab.results.load("mine.h5")


def test_the_number_of_threads_of_one_run_does_not_stick() -> None:
    one = ohmlab.run(quick(), out="one.h5", threads=1)
    free = ohmlab.run(quick(), out="free.h5")
    threads = [ohmlab.results.load(outcome.file).run["threads"] for outcome in (one, free)]
    assert threads[0] == 1
    assert threads[1] == ohmlab.results.load(ohmlab.run(quick(), out="again.h5").file).run["threads"] >= 1
    assert one.quality == free.quality


def test_a_transformer_is_trained_and_billed_like_everything_else() -> None:
    config = {
        "kind": "train_decoder",
        "data": {"kind": "pixels", "images": {"kind": "bars_and_stripes", "size": 3}},
        "model": {"layers": 1, "width": 8, "heads": 2},
        "training": {"updates": 30, "batch": 8, "every": 10},
        "optimizer": {"rate": 0.01, "warm_up": 5},
    }
    outcome = ohmlab.run(config)
    assert -9 * np.log(2) < outcome.quality["test_log_likelihood"] < -3 * np.log(2)
    bills = outcome.bills()
    assert {"gpu", "gpu_spec"} <= {bill.place for bill in bills}
    assert bills[0].tokens == 30 * 8 * 9
    with h5py.File(outcome.file) as file:
        assert file["metrics/update"][()].tolist() == [0, 10, 20, 30]
        assert file["model/token_embedding"].shape == (3, 8)
    with pytest.raises(ohmlab.UserError, match="a width that is a multiple of heads"):
        ohmlab.run(config, set={"model.heads": 3})


def test_a_config_that_holds_itself_or_has_no_end_is_refused() -> None:
    circle = quick()
    circle["data"] = {"kind": "bars_and_stripes", "more": circle}
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    endless = quick() | {"data": deep}
    for config in (circle, endless):
        with pytest.raises(ohmlab.UserError, match="^argument config: data: expected at most 256 tables and lists"):
            ohmlab.run(config)
        with pytest.raises(ohmlab.UserError, match="expected at most 256 tables and lists"):
            ohmlab.sweep(config, out="sweep")
    with pytest.raises(ohmlab.UserError, match="^argument set: training: expected at most 256 tables and lists"):
        ohmlab.run(quick(), set={"training": deep})
    with pytest.raises(ohmlab.UserError, match="^argument set: expected at most 256 dots in a key"):
        ohmlab.run(quick(), set={".".join(["a"] * 100_000): 1})


def test_nested_dicts_are_set_key_by_key() -> None:
    nested = ohmlab.run(quick(), set={"training": {"epochs": 2}, "model": {"hidden": 3}}, out="a.h5")
    dotted = ohmlab.run(quick(), set={"training.epochs": 2, "model.hidden": 3}, out="b.h5")
    assert nested.id == dotted.id
    cheap = {"places": {"array": {"energy": {"adc_convert": "3 pJ"}}}}
    assert "array" in ohmlab.Prices.default(assume=cheap).places


def test_a_zip_keeps_the_order_of_its_dict() -> None:
    zipped = {"training.rate": [0.005, 0.02, 0.1], "training.bias_rate": [0.02, 0.02, 0.1]}
    outcome = ohmlab.sweep(quick() | {"sweep": {"axes": [{"name": "rate", "zip": zipped}]}}, out="sweep")
    assert [point["rate"] for point in outcome.points] == ["0.005", "0.02", "0.1"]
