"""What is compiled for rows whose keys are small whole numbers, beside NumPy and pandas."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from heavywater.frame.columns import _counting
from hypothesis import given
from hypothesis import strategies as st

ENDS = [math.inf, -math.inf, math.nan, 0.0, -0.0, 5e-324, 1.7e308]
NUMBERS = st.one_of(
    st.integers(-3, 3).map(float), st.floats(-1e6, 1e6, allow_nan=False), st.sampled_from(ENDS)
)
ROWS = st.lists(st.tuples(st.integers(0, 5), NUMBERS), max_size=60)
CODES = st.lists(st.integers(0, 6), max_size=40)
KINDS = st.sampled_from(["int32", "int64"])


def columns(rows, kind) -> tuple[np.ndarray, np.ndarray]:
    return np.array([code for code, _ in rows], kind), np.array([x for _, x in rows], float)


@given(ROWS, KINDS, st.integers(0, 60))
def test_sums_have_the_bits_of_numpy(rows, kind, cut):
    codes, numbers = columns(rows, kind)
    with np.errstate(all="ignore"):
        means = np.bincount(codes, numbers, 7) / np.bincount(codes, minlength=7)
        off = numbers - means[codes]
        wanted = [
            np.bincount(codes, numbers, 7),
            np.bincount(codes, off, 7),
            np.bincount(codes, off * off, 7),
        ]
        totals, alone, counts, off_means = np.zeros(7), np.zeros(7), np.zeros(7, np.int64), np.zeros((7, 2))
        for block in (slice(0, cut), slice(cut, None)):
            _counting.add_sums(codes[block], numbers[block], totals, counts)
            _counting.add_totals(codes[block], numbers[block], alone)
            _counting.add_deviations(codes[block], numbers[block], means, off_means)
    np.testing.assert_array_equal(alone, totals)
    found = [totals, *off_means.T]
    for counted in (counts, _counting.counts(codes, 7)):
        np.testing.assert_array_equal(counted, np.bincount(codes, minlength=7))
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one, other)


@given(ROWS, KINDS, st.integers(0, 60))
def test_extremes_and_medians_of_each_code(rows, kind, cut):
    codes, numbers = columns(rows, kind)
    kept = numbers.copy()
    least, greatest = np.full(7, math.inf), np.full(7, -math.inf)
    for block in (slice(0, cut), slice(cut, None)):
        _counting.add_extremes(codes[block], numbers[block], least, False)
        _counting.add_extremes(codes[block], numbers[block], greatest, True)
    middles = _counting.medians(codes, numbers, 7)
    np.testing.assert_array_equal(numbers, kept)  # nothing is moved in the column itself
    for code in range(7):
        mine = numbers[codes == code]
        if not len(mine):
            assert (least[code], greatest[code]) == (math.inf, -math.inf)
            assert math.isnan(middles[code])
            continue
        wanted = np.nan if np.isnan(mine).any() else pd.Series(mine).groupby(np.zeros(len(mine))).median()[0]
        np.testing.assert_array_equal([least[code], greatest[code]], [mine.min(), mine.max()])
        np.testing.assert_array_equal(middles[code], wanted)


@pytest.mark.parametrize("order", ["sorted", "falling", "equal", "organ pipe", "two values", "random"])
@pytest.mark.parametrize("n", [1000, 1001])
def test_medians_of_long_groups_in_any_order(order, n):
    rng = np.random.default_rng(n)
    rising = np.arange(float(n))
    numbers = {
        "sorted": rising,
        "falling": rising[::-1].copy(),
        "equal": np.ones(n),
        "organ pipe": np.minimum(rising, n - rising),
        "two values": (rising % 2),
        "random": rng.normal(size=n),
    }[order]
    assert _counting.medians(np.zeros(n, np.int32), numbers, 1)[0] == np.median(numbers)


@given(CODES, KINDS, KINDS)
def test_rows_in_the_order_of_codes(codes, kind, rows):
    given_codes, order = np.array(codes, kind), np.empty(len(codes), rows)
    starts = _counting.sorted_rows(given_codes, 7, order)
    np.testing.assert_array_equal(order, np.argsort(given_codes, kind="stable"))
    np.testing.assert_array_equal(starts, np.searchsorted(np.sort(given_codes), np.arange(8)))
    first = _counting.first_rows(given_codes, 7)
    assert first.tolist() == [codes.index(code) if code in codes else -1 for code in range(7)]
    number = np.arange(7, dtype=np.int32)[::-1].copy()
    renumbered = given_codes.copy()
    _counting.renumber(renumbered, number)
    np.testing.assert_array_equal(renumbered, number[given_codes])


@given(CODES, KINDS, KINDS, st.integers(0, 3), st.sampled_from(["u1", "u2", "u4", "u8"]))
def test_cells_in_the_order_of_codes(codes, kind, rows, shift, width):
    given_codes, within = np.array(codes, kind), np.empty(len(codes), rows)
    sizes = _counting.part_sizes(given_codes, 7, shift)
    parts, apart, starts = np.append(0, np.cumsum(sizes)), np.empty_like(given_codes), np.zeros(8, np.int64)
    _counting.part_codes(given_codes, shift, parts[:-1].copy(), apart)
    for p in range(len(sizes)):
        _counting.sorted_parts(apart, shift, parts, p, p + 1, starts, within)
    np.testing.assert_array_equal(starts, np.searchsorted(np.sort(given_codes), np.arange(8)))
    cells = np.arange(len(codes)).astype(width)
    together, out = np.empty_like(cells), np.empty_like(cells)
    _counting.reordered(given_codes, shift, parts, within, cells, together, out)
    np.testing.assert_array_equal(out, cells[np.argsort(given_codes, kind="stable")])
    if len(codes):
        for wrong in (given_codes + 7, given_codes - 7):
            with pytest.raises(IndexError):
                _counting.reordered(wrong << 3, shift, parts, within, cells, together, out)
            with pytest.raises(IndexError):
                _counting.part_codes(wrong << 3, shift, parts[:-1].copy(), apart)
            with pytest.raises(IndexError):
                _counting.sorted_parts(wrong << 3, shift, parts, 0, len(sizes), starts, within)
        with pytest.raises(IndexError):
            _counting.reordered(given_codes, shift, parts, within + len(codes), cells, together, out)


@given(CODES, CODES, st.booleans(), KINDS)
def test_pairs_of_equal_keys(own, other, keep_all, rows):
    orders = [np.empty(len(codes), rows) for codes in (own, other)]
    starts = [
        _counting.sorted_rows(np.array(codes, np.int64), 7, order)
        for codes, order in zip((own, other), orders, strict=True)
    ]
    wanted = [
        (i, j)
        for k in range(7)
        for i in range(len(own))
        if own[i] == k
        for j in ([j for j in range(len(other)) if other[j] == k] or [-1] * keep_all)
    ]
    for size in (len(wanted), len(wanted) + 1, len(wanted) - 1):
        left, right = np.empty(max(0, size), rows), np.empty(max(0, size), rows)
        if size == len(wanted):
            _counting.paired(orders[0], starts[0], orders[1], starts[1], keep_all, left, right)
            assert list(zip(left.tolist(), right.tolist(), strict=True)) == wanted
        elif size >= 0:
            with pytest.raises(ValueError, match="room"):
                _counting.paired(orders[0], starts[0], orders[1], starts[1], keep_all, left, right)


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), max_size=60), KINDS)
def test_different_values_and_their_order(values, rows):
    cells = np.array(values, np.int64)
    number, different = _counting.distinct(cells)
    np.testing.assert_array_equal(different, pd.unique(cells))
    np.testing.assert_array_equal(different[number], cells)
    unique, wanted = np.unique(cells, return_inverse=True)
    out = np.empty(len(cells), rows)
    assert _counting.numbered(cells, np.argsort(cells), out) == len(unique)
    np.testing.assert_array_equal(out, wanted)


def test_more_different_values_than_a_table_begins_with():
    cells = np.random.default_rng(1).integers(-(2**62), 2**62, 3000)[
        np.random.default_rng(2).integers(0, 3000, 9000)
    ]
    number, different = _counting.distinct(cells)
    np.testing.assert_array_equal(different, pd.unique(cells))
    np.testing.assert_array_equal(different[number], cells)


@given(st.lists(st.integers(-9, 8), max_size=60), st.sampled_from(["u1", "u2", "u4", "u8"]), KINDS)
def test_picked_cells(rows, kind, of_rows):
    cells = np.arange(9, dtype=kind) + 1
    out = np.empty(len(rows), kind)
    _counting.gather(cells, np.array(rows, of_rows), out)
    np.testing.assert_array_equal(out, cells[np.array(rows, int)])


@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 64 * 255, 64 * 256 + 7])
def test_bytes_are_counted(n):
    text = np.random.default_rng(n).integers(9, 12, n).astype(np.uint8)
    assert _counting.bytes_like(text, 10) == np.count_nonzero(text == 10)
    assert _counting.bytes_like(np.full(n, 10, np.uint8), 10) == n


@pytest.mark.parametrize("row", [-10, 9, 2**31 - 1])
def test_rows_and_codes_that_are_not_there_are_refused(row):
    rows = np.array([0, row], np.int32)
    with pytest.raises(IndexError):
        _counting.gather(np.zeros(9, np.uint8), rows, np.empty(2, np.uint8))
    with pytest.raises(IndexError):
        _counting.gather(np.zeros(0, np.uint8), rows[:1], np.empty(1, np.uint8))
    numbers = np.zeros(2)
    for work in (
        lambda: _counting.counts(rows, 9),
        lambda: _counting.add_sums(rows, numbers, np.zeros(9), np.zeros(9, np.int64)),
        lambda: _counting.add_totals(rows, numbers, np.zeros(9)),
        lambda: _counting.add_deviations(rows, numbers, np.zeros(9), np.zeros((9, 2))),
        lambda: _counting.add_extremes(rows, numbers, np.zeros(9), True),
        lambda: _counting.part_sizes(rows, 9, 0),
        lambda: _counting.part_codes(rows, 0, np.zeros(1, np.int64), np.empty(2, np.int32)),
        lambda: _counting.sorted_parts(
            rows, 0, np.array([0, 2]), 0, 2, np.zeros(2, np.int64), np.empty(2, np.int32)
        ),
        lambda: _counting.medians(rows, numbers, 9),
        lambda: _counting.first_rows(rows, 9),
        lambda: _counting.renumber(rows.copy(), np.zeros(9, np.int32)),
        lambda: _counting.sorted_rows(rows, 9, np.empty(2, np.int32)),
    ):
        with pytest.raises(IndexError):
            work()


def test_the_stub_says_what_is_compiled():
    stub = ast.parse(Path(_counting.__file__).with_name("_counting.pyi").read_text(encoding="utf-8"))
    told = {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
    assert told == {
        name
        for name, value in vars(_counting).items()
        if callable(value)
        and not name.startswith("_")
        and getattr(value, "__module__", "") == _counting.__name__
    }
