"""Arrays among the arrays of NumPy: @, .T and the weights."""

import numpy
import ohmlab
import pytest

ANALOG = {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}
W = numpy.linspace(-0.5, 0.5, 12).reshape(4, 3)
ROWS, COLUMNS = numpy.linspace(-1, 1, 8).reshape(2, 4), numpy.linspace(-1, 1, 6).reshape(3, 2)


def ideal() -> ohmlab.Array:
    array = ohmlab.Array(4, 3, "ideal")
    array.program(W)
    return array


def cells() -> ohmlab.Array:
    array = ohmlab.Array(4, 3, ANALOG, seed=1)
    array.program(W)
    return array


def test_products_are_those_of_numpy_on_an_ideal_array() -> None:
    array = ideal()
    assert numpy.asarray(array) == pytest.approx(W, abs=1e-6)
    for product, expected in [
        (ROWS @ array, ROWS @ W),
        (ROWS[0] @ array, ROWS[0] @ W),
        (array @ COLUMNS, W @ COLUMNS),
        (array @ COLUMNS[:, 0], W @ COLUMNS[:, 0]),
        (array.T @ ROWS.T, W.T @ ROWS.T),
        (COLUMNS.T @ array.T, COLUMNS.T @ W.T),
        (array.T.T @ COLUMNS, W @ COLUMNS),
    ]:
        assert product.shape == expected.shape and product == pytest.approx(expected, abs=1e-5)
    assert array.T.shape == (3, 4) and array.T.T is array


def test_a_product_is_a_read_with_the_noise_of_mvm() -> None:
    one, other = cells(), cells()
    assert numpy.array_equal(ROWS @ one, other.mvm(ROWS))
    assert numpy.array_equal(one @ COLUMNS, other.mvm_transposed(COLUMNS.T).T)
    assert numpy.array_equal(one.T @ ROWS[0], other.mvm(ROWS[0]))
    assert not numpy.array_equal(ROWS @ one, ROWS @ one)


def test_a_product_is_billed_and_the_weights_are_not() -> None:
    array = cells()
    before = repr(array.tally.entries)
    assert numpy.array_equal(numpy.array(array), array.weights)
    assert numpy.array_equal(numpy.asarray(array.T, dtype=numpy.float32), array.weights.T.astype(numpy.float32))
    assert repr(array.tally.entries) == before
    ROWS @ array  # noqa: B018
    assert repr(array.tally.entries) != before


def test_no_function_of_numpy_reads_the_weights_unasked() -> None:
    with pytest.raises(TypeError):
        numpy.matmul(ROWS, ideal())
    with pytest.raises(TypeError):
        ROWS + ideal()


def test_wrong_shapes_and_views_are_refused() -> None:
    with pytest.raises(ohmlab.UserError, match="argument x: shape"):
        ideal() @ numpy.ones(4)
    with pytest.raises(ohmlab.UserError, match="argument x: shape"):
        numpy.ones((2, 3)) @ ideal()
    with pytest.raises(ValueError, match="copy=False is not possible"):
        numpy.asarray(ideal(), copy=False)
