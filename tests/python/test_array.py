import threading
from typing import Any

import numpy as np
import ohmlab
import pytest

RNG = np.random.default_rng(5)
EXACT: dict[str, Any] = {"dac": "none", "adc": "none", "output_noise": 0}


def test_an_ideal_array_multiplies_and_updates_exactly() -> None:
    array = ohmlab.Array(5, 3)
    w = RNG.integers(-8, 8, (5, 3)).astype(np.float32)
    array.program(w)
    x, d = RNG.integers(-8, 8, (4, 5)).astype(np.float32), RNG.integers(-8, 8, (4, 3)).astype(np.float32)
    np.testing.assert_array_equal(array.mvm(x), x @ w)
    np.testing.assert_array_equal(array.mvm_transposed(d), d @ w.T)
    array.update(x, d, 0.5)
    np.testing.assert_array_equal(array.weights, w + 0.5 * x.T @ d)
    assert array.weights.dtype == np.float64
    assert array.mvm(x).dtype == np.float32


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x,
        lambda x: x.astype(np.float64),
        lambda x: np.asfortranarray(x),
        lambda x: np.repeat(x, 2, axis=1)[:, ::2],
        lambda x: np.concatenate([x, x], axis=1)[:, : x.shape[1]],
        lambda x: np.concatenate([x, x])[: len(x)][::-1][::-1],
        lambda x: x[::-1].copy()[::-1],
        lambda x: np.frombuffer(b"!" + x.tobytes(), np.uint8)[1:].view(np.float32).reshape(x.shape),
        lambda x: x.astype(np.int8),
        lambda x: x.astype(">f4"),
        lambda x: x.tolist(),
    ],
)
def test_any_layout_of_the_same_numbers_gives_the_same_product(view: Any) -> None:
    array = ohmlab.Array(4, 2)
    array.program(np.arange(8).reshape(4, 2))
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    np.testing.assert_array_equal(array.mvm(view(x)), x @ np.arange(8).reshape(4, 2))


def test_one_vector_in_gives_one_vector_out() -> None:
    array = ohmlab.Array(4, 2)
    assert array.mvm(np.ones(4)).shape == (2,)
    assert array.mvm(np.ones((1, 4))).shape == (1, 2)
    assert array.mvm_transposed(np.ones(2)).shape == (4,)


def test_float32_rows_are_read_where_they_lie() -> None:
    class Watched(np.ndarray[Any, Any]):
        pass

    array = ohmlab.Array(512, 2)
    x = np.ones((20000, 512), np.float32)
    import tracemalloc

    tracemalloc.start()
    array.mvm(x)
    in_place = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    array.mvm(np.asfortranarray(x))
    converted = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert in_place < x.nbytes / 10 < x.nbytes < converted


def test_weights_stay_when_their_array_is_gone() -> None:
    array = ohmlab.Array(3, 3)
    array.program(np.eye(3))
    kept = array.weights
    array.program(np.zeros((3, 3)))
    del array
    np.testing.assert_array_equal(kept, np.eye(3))


def test_a_seed_repeats_a_noisy_read_and_another_does_not() -> None:
    def read(seed: int) -> Any:
        array = ohmlab.Array(8, 4, "analog", device={"base": "devices/gokmen_vlasov"}, seed=seed)
        array.update(np.ones(8), np.ones(4), 0.1)
        return array.mvm(np.ones((5, 8))), array.weights

    np.testing.assert_array_equal(read(1)[0], read(1)[0])
    np.testing.assert_array_equal(read(1)[1], read(1)[1])
    assert (read(1)[1] != read(2)[1]).any()


NOISY: dict[str, Any] = {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}


def noise_correlation(first: ohmlab.Array, second: ohmlab.Array) -> float:
    for array in (first, second):
        array.program(np.zeros((8, 64)))
    x = np.ones((64, 8), np.float32)
    return float(np.corrcoef(first.mvm(x).ravel(), second.mvm(x).ravel())[0, 1])


def test_arrays_of_one_seed_and_different_names_have_nothing_in_common() -> None:
    tally = ohmlab.Tally()
    first, second = (ohmlab.Array(8, 64, NOISY, seed=5, name=name, tally=tally) for name in ("one", "two"))
    assert abs(noise_correlation(first, second)) < 0.1  # 4096 reads: 6 standard errors
    first, second = (ohmlab.Array(8, 64, NOISY, name=name) for name in ("one", "two"))
    assert abs(noise_correlation(first, second)) < 0.1


def test_arrays_of_one_seed_and_name_are_the_same_array() -> None:
    first, second = (ohmlab.Array(8, 64, NOISY, seed=5, name="one") for _ in range(2))
    assert noise_correlation(first, second) == pytest.approx(1)
    first, second = ohmlab.Array(8, 64, NOISY, seed=5), ohmlab.Array(8, 64, NOISY, seed=5, name="weights")
    assert noise_correlation(first, second) == pytest.approx(1)


def test_cells_are_asked_for_a_seed_or_a_name() -> None:
    with pytest.raises(ohmlab.UserError, match="^argument seed: expected a seed or a name: arrays of one seed"):
        ohmlab.Array(4, 2, NOISY)
    ohmlab.Array(4, 2)  # an ideal array draws nothing


def test_a_name_is_taken_once_on_a_tally() -> None:
    tally = ohmlab.Tally()
    ohmlab.Array(4, 2, NOISY, name="hidden", tally=tally)
    holdings = len(tally.holdings)
    with pytest.raises(ohmlab.UserError, match='^argument name: "hidden": expected another name'):
        ohmlab.Array(4, 2, NOISY, name="hidden", tally=tally)
    with pytest.raises(ohmlab.UserError, match='^argument name: "hidden": expected another name'):
        ohmlab.Array(4, 2, name="hidden", tally=tally)
    assert len(tally.holdings) == holdings
    ohmlab.Array(4, 2, NOISY, name="visible", tally=tally)


def test_time_that_passes_lets_cells_drift() -> None:
    device = ohmlab.Device("devices/pcm")
    array = ohmlab.Array(30, 30, {"kind": "analog", "mapping": "pair", "device": device} | EXACT, seed=1)
    array.program(np.full((30, 30), 0.5))
    before = np.abs(array.weights).mean()
    array.wait(86400.0)
    assert np.abs(array.weights).mean() < 0.9 * before


def test_figures_say_how_the_cells_fare() -> None:
    array = ohmlab.Array(
        4, 4, "analog", pulser={"kind": "stochastic", "desired_bl": 1}, device={"pulse": "ideal"}, seed=1
    )
    assert array.figures["pulses_per_cell"] == 0
    array.update(np.ones(4), np.ones(4), 0.001)
    assert array.figures["pulses_per_cell"] == 1
    assert "device.v_read" in array.unpriced


def test_copies_of_an_array_divide_a_batch_and_share_its_updates() -> None:
    one, four = (
        ohmlab.Array(6, 5, "analog", device={"base": "devices/gokmen_vlasov"}, copies=n, seed=1)
        for n in (1, 4)
    )
    for array in (one, four):
        array.program(np.zeros((6, 5)))
    x = np.ones((10, 6), np.float32)
    np.testing.assert_array_equal(four.mvm(x)[:3], one.mvm(x[:3]))  # the first copy is the array alone
    assert (four.mvm(x)[3:6] != four.mvm(x)[:3]).any()
    before = {action: entry(four, action) for action in ("array_read", "array_pulse")}
    four.mvm(x)
    read = entry(four, "array_read")
    assert read[0] - before["array_read"][0] == 10
    assert read[1] - before["array_read"][1] == 3
    four.update(x, np.ones((10, 5)), 0.05)
    assert entry(four, "array_pulse")[0] > before["array_pulse"][0]
    assert entry(four, "array_pulse")[1] == before["array_pulse"][1]
    assert four.figures["copies_spread"] > 0
    assert "copies_spread" not in one.figures
    with pytest.raises(ohmlab.UserError, match="copies = 0: expected a whole number from 1 to 1024"):
        ohmlab.Array(6, 5, "analog", copies=0)


@pytest.mark.parametrize(("kind", "drives"), [("uniform", 1), ("pulse_width", 1), ("bit_serial", 3)])
def test_numbers_are_applied_as_voltages_as_pulses_or_bit_after_bit(kind: str, drives: int) -> None:
    array = ohmlab.Array(5, 3, {"kind": "analog", **EXACT, "dac": {"kind": kind, "bits": 4}}, seed=1)
    w = RNG.uniform(-0.5, 0.5, (5, 3))
    array.program(w)
    before, _ = entry(array, "pulse_width_drive" if kind == "pulse_width" else "dac_drive")
    x = RNG.uniform(-1, 1, (4, 5))
    np.testing.assert_allclose(array.mvm(x), np.round(x * 7) / 7 @ array.weights, atol=1e-5)
    after, _ = entry(array, "pulse_width_drive" if kind == "pulse_width" else "dac_drive")
    assert after - before == drives * x.size


def test_lines_that_float_show_their_current_over_their_conductance() -> None:
    array = ohmlab.Array(
        5,
        3,
        {"kind": "analog", **EXACT, "sensing": "voltage", "device": {"g_min": 1e-6, "g_max": 9e-6}},
        seed=1,
    )
    w = RNG.uniform(-0.5, 0.5, (5, 3))
    array.program(w)
    x = RNG.uniform(-1, 1, (4, 5))
    siemens = (1 + 4 * (1 + array.weights) + 5) / 10  # of a cell and its reference, over what they have at rest
    np.testing.assert_allclose(array.mvm(x), x @ array.weights / siemens.mean(axis=0), rtol=1e-4, atol=1e-5)


def entry(array: ohmlab.Array, action: str) -> tuple[float, float]:
    """How often, and how often one after another."""
    found = [e for e in array.tally.entries if e.action == action]
    return sum(e.count for e in found), sum(e.serial for e in found)


def test_arrays_share_a_tally_under_their_own_names_and_stages() -> None:
    tally = ohmlab.Tally()
    first = ohmlab.Array(4, 2, name="first", tally=tally)
    second = ohmlab.Array(2, 3, name="second", tally=tally)
    with tally.stage("forward"):
        second.mvm(first.mvm(np.ones((5, 4))))
    flops = {
        (entry.stage, entry.component): entry.count for entry in tally.entries if entry.action == "flop_fp32"
    }
    assert flops == {("forward", "first"): 2 * 5 * 4 * 2, ("forward", "second"): 2 * 5 * 2 * 3}
    assert first.tally is tally
    assert {holding.component for holding in tally.holdings} == {"first", "second"}


def test_threads_that_share_an_array_lose_no_posting() -> None:
    array = ohmlab.Array(64, 64)

    def work() -> None:
        for _ in range(50):
            array.mvm(np.ones((8, 64), np.float32))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (flops,) = (entry.count for entry in array.tally.entries if entry.action == "flop_fp32")
    assert flops == 4 * 50 * 2 * 8 * 64 * 64


def test_a_tally_outlives_its_array_and_an_array_its_tallys_name() -> None:
    array = ohmlab.Array(4, 2)
    array.mvm(np.ones(4))
    tally = array.tally
    del array
    assert tally.entries
    lonely = ohmlab.Array(4, 2, tally=ohmlab.Tally())
    assert lonely.mvm(np.ones(4)).shape == (2,)


X = np.ones((2, 4), np.float32)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda a: a.mvm(X.T),
            "argument x: shape (4, 2): expected (4,) or (n, 4) with n > 0: 4 are the array's rows",
        ),
        (lambda a: a.mvm(X[None]), "argument x: shape (1, 2, 4): expected (4,) or (n, 4)"),
        (lambda a: a.mvm(3), "argument x: shape (): expected (4,) or (n, 4)"),
        (lambda a: a.mvm(X[:0]), "argument x: shape (0, 4): expected (4,) or (n, 4) with n > 0"),
        (lambda a: a.mvm(X * np.nan), "argument x: nan: expected finite numbers"),
        (lambda a: a.mvm(X * np.float64(1e300)), "argument x: inf: expected finite numbers"),
        (lambda a: a.mvm(X * 1j), "argument x: dtype complex64: expected real numbers"),
        (lambda a: a.mvm("four"), "argument x: dtype <U4: expected real numbers"),
        (lambda a: a.mvm([[1], [2, 3]]), "argument x: [[1], [2, 3]]: expected an array of numbers"),
        (lambda a: a.mvm_transposed(X), "argument x: shape (2, 4): expected (3,) or (n, 3)"),
        (
            lambda a: a.update(X, X, 1),
            "argument d: shape (2, 4): expected (3,) or (n, 3) with n > 0: 3 are the array's columns",
        ),
        (lambda a: a.update(X, np.ones((5, 3)), 1), "argument d: 5 vectors: expected as many as x has: 2"),
        (lambda a: a.update(X, X[:, :3], np.inf), "argument rate: inf: expected a finite number"),
        (lambda a: a.program(np.ones((3, 3))), "argument weights: 3 rows: expected (4, 3)"),
        (lambda a: a.program(np.ones((3, 4))), "argument weights: shape (3, 4): expected"),
        (lambda a: a.wait(-1), "argument seconds: -1: expected a finite number from 0"),
        (lambda a: ohmlab.Array(0, 3), "argument rows: 0: expected 1 to"),
        (lambda a: ohmlab.Array(1 << 20, 1 << 20), "argument cols: 2147483649: expected 1 to"),
        (
            lambda a: ohmlab.Array(2, 2, "anlog"),
            'argument config: kind = "anlog": expected one of "ideal", "analog", did you mean "analog"?',
        ),
        (
            lambda a: ohmlab.Array(2, 2, "analog", adc={"bits": 0}),
            "argument config: adc.bits = 0: expected a whole number from 2 to 16",
        ),
    ],
)
def test_a_mistake_names_argument_shape_and_expectation(act: Any, message: str) -> None:
    array = ohmlab.Array(4, 3)
    with pytest.raises(ValueError) as caught:
        act(array)
    assert isinstance(caught.value, ohmlab.UserError)
    assert str(caught.value).startswith(message)


def test_a_netlist_has_the_cells_of_one_read() -> None:
    config = {**EXACT, "device": {"base": "devices/neurosim_ideal"}, "wires": {"kind": "exact", "r_row": 3.5}}
    array = ohmlab.Array(3, 2, "analog", seed=1, **config)
    array.program(np.full((3, 2), 0.25))
    text = array.netlist([1, 0, -0.5])
    assert text.startswith("* array of 3 rows x 2 columns, rows driven, columns read")
    sources = [line.split()[3] for line in text.splitlines() if line.startswith("Vin_")]
    assert [float(volts) for volts in sources] == pytest.approx([0.5, 0, -0.25])
    assert sum(line.startswith("Rg") for line in text.splitlines()) == 2 * 3 * 2  # cells and their references
    assert " 3.5\n" in text
    assert array.netlist([1, 1], transposed=True).count("Vin_0 in_0") == 1
    with pytest.raises(ohmlab.UserError, match="argument x"):
        array.netlist([1, 1])
    with pytest.raises(ohmlab.UserError, match="has no cells"):
        ohmlab.Array(3, 2).netlist([1, 1, 1])
