"""Columns become rows in compiled code: the same cells as NumPy's, whatever their number and type."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from heavywater.frame.columns import _row_major
from heavywater.frame.columns._row_major import (
    SLACK,
    compress,
    compress_scaled,
    count_nonzero,
    interleave_bytes,
    put_all_scaled,
    put_narrow,
    put_scaled,
)
from hypothesis import given
from hypothesis import strategies as st

SIDES = st.sampled_from([0, 1, 7, 8, 9, 63, 64, 65, 130])
SHARES = st.sampled_from([0.0, 0.02, 0.5, 1.0])


def cells(rows: int, columns: int, share: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.integers(1, 256, (rows, columns)) * (rng.random((rows, columns)) < share)).astype(np.uint8)


@given(SIDES, SIDES, SHARES, st.integers(0, 99))
def test_bytes_side_by_side(rows, columns, share, seed):
    wanted = cells(rows, columns, share, seed)
    out = np.full((rows, columns), 77, np.uint8)
    interleave_bytes(out, [*wanted.T])  # with steps between the cells
    np.testing.assert_array_equal(out, wanted)


@given(SIDES, SIDES, SHARES, st.sampled_from(["uint8", "float64"]), st.integers(0, 99))
def test_cells_that_are_not_zero(rows, columns, share, kind, seed):
    block = cells(rows, columns, share, seed).astype(kind)
    if kind == "float64":
        block[block == 3] = np.nan
        block[block == 4] = -0.0
        block[block == 5] = 5e-324
    r, j = np.nonzero(block)
    for index_type in (np.uint16, np.int32):
        index, counts = np.empty(len(r) + SLACK, index_type), np.empty(rows, np.int64)
        value = np.empty(len(r) + SLACK, np.uint8 if kind == "uint8" else np.float32)
        assert compress(block, index, value, counts) == len(r)
        np.testing.assert_array_equal(index[: len(r)], j)
        np.testing.assert_array_equal(value[: len(r)], block[r, j].astype(value.dtype))
        np.testing.assert_array_equal(counts, np.bincount(r, minlength=rows))


def test_too_little_room_is_refused():
    block = cells(9, 20, 0.5, 1)
    size = np.count_nonzero(block)
    with pytest.raises(ValueError, match="room"):
        compress(block, np.empty(size, np.uint16), np.empty(size, np.uint8), np.empty(9, np.int64))
    columns = [*np.ascontiguousarray(block.T, np.float64)]
    ones, index, value = np.ones(20), np.empty(size, np.uint16), np.empty(size, np.float32)
    with pytest.raises(ValueError, match="room"):
        compress_scaled(columns, ones, ones, index, value, np.empty(9, np.int64))


@given(SIDES, SIDES, SHARES, st.sampled_from(["float32", "float64"]), st.integers(0, 99))
def test_columns_are_scaled_together_as_one_by_one(rows, columns, share, kind, seed):
    numbers = cells(rows, columns, share, seed).T.astype(np.float64)
    for cell, odd in ((3, np.nan), (4, -0.0), (5, 5e-324), (6, np.inf)):
        numbers[numbers == cell] = odd
    given_columns = [*np.ascontiguousarray(numbers)]
    rng = np.random.default_rng(seed)
    sub, mul, fill = rng.normal(size=(3, columns))
    fill[::3] = 0
    one_by_one, together = np.empty((2, rows, columns), kind)
    for j, column in enumerate(given_columns):
        put_scaled(one_by_one, j, column, sub[j], mul[j], fill[j])
    put_all_scaled(together, given_columns, sub, mul, fill)
    np.testing.assert_array_equal(together, one_by_one)

    dense = np.empty((rows, columns))
    for j, column in enumerate(given_columns):
        put_scaled(dense, j, column, 0.0, mul[j], fill[j])
    size = count_nonzero(given_columns, rows)
    assert size == np.count_nonzero(numbers) >= np.count_nonzero(dense)
    index, counts = np.empty(size + SLACK, np.int32), np.empty(rows, np.int64)
    value = np.empty(size + SLACK, kind)
    used = compress_scaled(given_columns, mul, fill, index, value, counts)
    r, place = np.nonzero(dense)
    assert used == len(r)
    np.testing.assert_array_equal(index[:used], place)
    np.testing.assert_array_equal(value[:used], dense[r, place].astype(kind))
    np.testing.assert_array_equal(counts, np.bincount(r, minlength=rows))


@given(
    st.lists(st.floats(width=64), max_size=20),
    st.floats(-9, 9),
    st.floats(-9, 9),
    st.sampled_from(["float32", "float64"]),
)
def test_scaled_numbers_have_the_bits_of_numpy(numbers, sub, mul, kind):
    column = np.array(numbers, np.float64)
    out = np.full((len(column), 3), 7, kind)
    put_scaled(out, 1, column, sub, mul, 2.5)
    known = np.where(np.isnan(column), 2.5, column)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(out[:, 1], ((known - sub) * mul).astype(kind))
    assert (out[:, [0, 2]] == 7).all()


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16"])
def test_narrow_numbers_keep_their_values(kind):
    ends = np.iinfo(kind)
    out = np.zeros((3, 2), np.int16)
    put_narrow(out[1:], 1, np.array([ends.min, ends.max], kind))
    assert out.tolist() == [[0, 0], [0, ends.min], [0, ends.max]]


def test_columns_that_do_not_fit_are_refused():
    out = np.zeros((3, 2), np.uint8)
    with pytest.raises(ValueError, match="1 columns for 2"):
        interleave_bytes(out, [out[:, 0]])
    with pytest.raises(ValueError, match="2 cells"):
        interleave_bytes(out, [out[:, 0], out[:2, 0]])
    with pytest.raises(IndexError):
        put_scaled(np.zeros((3, 2)), 2, np.zeros(3), 0, 1, 0)
    short, twice = [np.zeros(3), np.zeros(2)], np.zeros(2)
    with pytest.raises(ValueError, match="2 cells"):
        put_all_scaled(np.zeros((3, 2)), short, twice, twice, twice)
    with pytest.raises(ValueError, match="2 columns, 1 scales"):
        put_all_scaled(np.zeros((3, 2)), [np.zeros(3)] * 2, twice[:1], twice[:1], twice[:1])
    with pytest.raises(ValueError, match="2 cells"):
        count_nonzero(short, 3)
    with pytest.raises(ValueError, match="2 cells"):
        put_narrow(np.zeros((3, 2), np.int16), 0, np.zeros(2, np.int8))


def test_the_stub_says_what_is_compiled():
    stub = ast.parse(Path(_row_major.__file__).with_name("_row_major.pyi").read_text(encoding="utf-8"))
    told = {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
    assert told == {
        "compress", "compress_scaled", "count_nonzero", "interleave_bytes", "put_all_scaled", "put_narrow", "put_scaled",
    }  # fmt: skip
    assert all(callable(getattr(_row_major, name)) for name in told)
