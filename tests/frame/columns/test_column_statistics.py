"""Statistics of columns: exact, the same however a column is cut, and plain values."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import pytest
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.column_statistics import ColumnStatistics, weights_of
from heavywater.frame.columns.exact_numbers import ExactNumbers, group_sums
from heavywater.frame.columns.level_statistics import LevelStatistics
from heavywater.frame.columns.makers import enum, integers, numeric, reals, strings, times
from heavywater.frame.columns.number_statistics import _BLOCK, Sums, Weights, square_root
from heavywater.frame.columns.sparse import sparse_columns
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

ANY = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.one_of(
    ANY,
    st.floats(-1000, 1000),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.integers(-(2**63), 2**63 - 1).map(float),
    st.integers(-3, 300).map(float),
    st.sampled_from(
        [0.0, -0.0, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 2.0**53 + 2, 1e-160, 1e160]
    ),
)
WEIGHTS = st.one_of(
    st.integers(0, 4).map(float), st.floats(0, 1), st.floats(0, 1e30), st.sampled_from([5e-324, 0.1])
)
COMMON = settings(max_examples=150, deadline=None)


def merged(parts: Sequence[ColumnStatistics]) -> ColumnStatistics:
    return reduce(ColumnStatistics.merge, parts)


def cut(n: int, places: Sequence[int]) -> list[slice]:
    ends = [0, *sorted(place % (n + 1) for place in places), n]
    return [slice(a, b) for a, b in zip(ends, ends[1:], strict=False)]


def exact(x: Any, w: Any) -> tuple[Fraction, Fraction, Fraction]:
    pairs = [(Fraction(a), Fraction(b)) for a, b in zip(x, w, strict=True)]
    return (
        sum((b for _, b in pairs), Fraction(0)),
        sum((a * b for a, b in pairs), Fraction(0)),
        sum((a * a * b for a, b in pairs), Fraction(0)),
    )


@st.composite
def number_columns(draw: Any) -> tuple[Column, np.ndarray]:
    """A column of any storage type, and weights of its rows."""
    cells = draw(st.lists(st.one_of(st.none(), NUMBERS, st.sampled_from([math.inf, -math.inf])), max_size=30))
    values = np.array([math.nan if cell is None else cell for cell in cells], np.float64)
    kind = draw(
        st.sampled_from(["real", "narrow", "float32", "sparse", "int64", "int32", "bytes", "time", "bad"])
    )
    absent = np.array([cell is None for cell in cells], bool)
    whole = [0 if cell is None or math.isinf(cell) else int(math.fmod(cell, 2.0**62)) for cell in cells]
    column = {
        "real": lambda: Column("real", values.copy()),
        "narrow": lambda: numeric(values.copy()),
        "float32": lambda: reals(np.clip(values, -1e38, 1e38).astype(np.float32)),
        "sparse": lambda: sparse_columns(sparse.csc_matrix(values.reshape(-1, 1)))[0],
        "int64": lambda: integers(np.array(whole, np.int64), absent),
        "int32": lambda: integers(np.array([each % 2**31 - 2**30 for each in whole], np.int64), absent),
        "bytes": lambda: integers(np.array([each % 256 - 100 for each in whole], np.int64), absent),
        "time": lambda: times(np.array(whole, np.int64), absent),
        "bad": lambda: Column("bad", np.full(len(cells), np.nan, np.float32)),
    }[kind]()
    weights = np.array(draw(st.lists(WEIGHTS, min_size=len(cells), max_size=len(cells))), np.float64)
    return column, weights


@COMMON
@given(number_columns(), st.lists(st.integers(0, 100), max_size=6))
def test_numbers_are_summed_exactly_in_any_parts(given_column: Any, places: list[int]) -> None:
    column, weights = given_column
    whole = ColumnStatistics.of(column, Weights.of(weights))
    x = column.numbers()
    finite = np.isfinite(x)
    figures = whole.numbers
    assert figures is not None and figures.weighted is not None
    assert (whole.rows, whole.missing) == (len(x), np.count_nonzero(np.isnan(x)))
    sums = figures.sums
    assert (sums.weight, sums.first, sums.second) == exact(x[finite], np.ones(finite.sum()))
    assert (sums.count, sums.above, sums.below) == (
        finite.sum(),
        (x == math.inf).sum(),
        (x == -math.inf).sum(),
    )
    assert figures.zeros == (x == 0).sum()
    if finite.any():
        assert (figures.low, figures.high) == (x[finite].min(), x[finite].max())
    heavy = weights > 0
    found = figures.weighted
    assert (found.weight, found.first, found.second) == exact(x[finite & heavy], weights[finite & heavy])
    assert (found.count, found.above) == ((finite & heavy).sum(), ((x == math.inf) & heavy).sum())
    assert (whole.weighted_rows, whole.weight) == (heavy.sum(), exact(np.zeros(len(x)), weights)[0])
    parts = [
        ColumnStatistics.of(column.take(rows), Weights.of(weights[rows])) for rows in cut(len(x), places)
    ]
    assert merged(parts) == whole == merged(parts[::-1])
    assert merged([parts[0], merged(parts[1:])] if len(parts) > 1 else parts) == whole


@pytest.mark.parametrize("name", ["f8", "f4", ">f8", "i8", "i4", "i2", ">i2", "u2", "i1", "u1", "?"])
@pytest.mark.parametrize("layout", ["apart", "backwards", "field", "unaligned"])
def test_arrays_of_any_layout(name: str, layout: str) -> None:
    dtype = np.dtype(name)
    cells = np.array([1, 0, 3, 100, 0, 7, 9], dtype)
    laid = {
        "apart": lambda: np.repeat(cells, 2)[::2],
        "backwards": lambda: cells[::-1].copy()[::-1],
        "field": lambda: np.array([(each, 0) for each in cells], np.dtype([("x", dtype), ("y", "i1")]))["x"],
        "unaligned": lambda: np.frombuffer(b"." + cells.tobytes(), dtype, offset=1),
    }[layout]()
    weights = np.arange(14, dtype=np.float32)[::2] if layout == "apart" else np.arange(7)
    column = Column("real" if dtype.kind == "f" else "int", laid)
    found = ColumnStatistics.of(column, Weights.of(weights))
    plain = Column(column.kind, cells.astype(np.float64 if dtype.kind == "f" else np.int64))
    assert found == ColumnStatistics.of(plain, Weights.of(weights.astype(np.float64)))
    assert found.figures().sums.first == sum(map(float, cells))


@pytest.mark.parametrize(("power", "spread", "sharp"), [(-60, 0, True), (3, 10, False), (60, 60, True)])
def test_columns_of_several_blocks(power: int, spread: int, sharp: bool) -> None:
    random, n = np.random.default_rng(power + 100), _BLOCK + 77
    x = random.normal(size=n) * 10.0 ** (power + random.integers(-spread, spread + 1, n))
    x[random.random(len(x)) < 0.1] = np.nan
    column = Column("real", x)
    weights = random.random(len(x)) if sharp else np.floor(4 * random.random(len(x)))
    figures = ColumnStatistics.of(column, Weights.of(weights)).figures()
    kept = ~np.isnan(x)
    sums, weighted = figures.sums, figures.weighted
    assert weighted is not None
    assert (sums.weight, sums.first, sums.second) == exact(x[kept].tolist(), [1.0] * int(kept.sum()))
    assert (weighted.weight, weighted.first, weighted.second) == exact(
        x[kept].tolist(), weights[kept].tolist()
    )


@COMMON
@given(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=20))
def test_mean_and_deviation_are_rounded_once(numbers: list[float]) -> None:
    figures = ColumnStatistics.of(Column("real", np.array(numbers))).figures()
    exactly = [Fraction(each) for each in numbers]
    mean = sum(exactly) / len(exactly)
    assert figures.sums.mean() == float(mean)
    variance = sum((each - mean) ** 2 for each in exactly) / (len(exactly) - 1)
    found = Fraction(figures.sums.deviation())
    if found and found < 10**307:
        up, down = (Fraction(float(np.nextafter(float(found), to))) for to in (math.inf, 0.0))
        assert ((found + down) / 2) ** 2 <= variance <= ((found + up) / 2) ** 2
    else:
        assert variance == 0 or variance > 10**600


@pytest.mark.parametrize(("numbers", "mean", "deviation"), [
    ([], math.nan, 0.0), ([3.5], 3.5, 0.0), ([math.inf, 1], math.inf, math.nan), ([math.inf, -math.inf], math.nan, math.nan),
    ([1e308, 1e308], 1e308, 0.0), ([1.7e308, -1.7e308], 0.0, math.inf), ([2.0**53, 2.0**53 + 4], 2.0**53 + 2, math.sqrt(8)),
    ([1e20, 1, -1e20], 1 / 3, None), ([0.1] * 3, 0.1, 0.0),
])  # fmt: skip
def test_known_means(numbers: list[float], mean: float, deviation: float | None) -> None:
    sums = ColumnStatistics.of(Column("real", np.array(numbers, np.float64))).figures().sums
    wanted = [mean] if deviation is None else [mean, deviation]
    assert [sums.mean(), sums.deviation()][: len(wanted)] == pytest.approx(wanted, rel=0, abs=0, nan_ok=True)


def test_numbers_and_their_repetitions() -> None:
    """Whole weights stand for repeated rows."""
    random = np.random.default_rng(7)
    x, w = random.normal(size=1000), random.integers(0, 5, 1000)
    weighted = ColumnStatistics.of(reals(x), Weights.of(w.astype(float))).numbers
    repeated = ColumnStatistics.of(reals(np.repeat(x, w))).numbers
    assert weighted is not None and weighted.weighted is not None and repeated is not None
    one, other = weighted.weighted, repeated.sums
    assert (one.weight, one.first, one.second) == (other.weight, other.first, other.second)


LEVELS = st.lists(
    st.sampled_from(["b", "a", "ä", "10", "9", "1.5", "", "z" * 50, "\U0001f600", "Z"]), unique=True
)


@st.composite
def factors(draw: Any, names: Any = LEVELS) -> tuple[Column, np.ndarray]:
    levels = draw(names)
    codes = draw(st.lists(st.integers(-1, len(levels) - 1), max_size=25))
    weights = np.array(draw(st.lists(WEIGHTS, min_size=len(codes), max_size=len(codes))), np.float64)
    return enum(np.array(codes, np.int64), levels), weights


@COMMON
@given(factors(), st.lists(st.integers(0, 100), max_size=6))
def test_levels_of_one_factor_stay_as_they_are(given_column: Any, places: list[int]) -> None:
    column, weights = given_column
    whole = ColumnStatistics.of(column, Weights.of(weights))
    parts = [
        ColumnStatistics.of(column.take(rows), Weights.of(weights[rows])) for rows in cut(len(column), places)
    ]
    assert merged(parts) == whole == merged(parts[::-1])
    assert (
        whole.level_names() == column.levels and whole.levels is not None and whole.levels.weights is not None
    )
    codes = column.values
    assert whole.levels.counts == tuple(
        np.bincount(codes[codes >= 0], minlength=len(whole.levels.names)).tolist()
    )
    assert whole.levels.weights.sums.fractions() == [
        exact(codes[codes == k] * 1.0, weights[codes == k])[0] for k in range(len(whole.levels.names))
    ]
    assert sum(whole.levels.weights.counts) == np.count_nonzero((weights > 0) & (codes >= 0))


@COMMON
@given(st.lists(factors(), min_size=1, max_size=5), st.randoms())
def test_levels_of_parts_unite_in_any_order(given_parts: Any, random: Any) -> None:
    parts = [ColumnStatistics.of(column, Weights.of(weights)) for column, weights in given_parts]
    whole = merged(parts)
    shuffled = random.sample(parts, len(parts))
    assert merged(shuffled) == whole == reduce(lambda a, b: b.merge(a), shuffled)
    assert set(whole.level_names()) == {name for column, _ in given_parts for name in column.levels or ()}
    assert whole.levels is not None
    for name, count in zip(whole.levels.names, whole.levels.counts, strict=True):
        cells = [cell for column, _ in given_parts for cell in column.texts()]
        assert count == cells.count(name)


@pytest.mark.parametrize(("parts", "whole"), [
    ([["a", "c"], ["b"]], ["a", "b", "c"]),
    ([["c", "a"], ["c", "a"]], ["c", "a"]),  # as somebody gave them
    ([["c", "a"], ["b", "a"]], ["a", "b", "c"]),
    ([["c", "a"], []], ["c", "a"]),
    ([["9", "10"], ["8", "9", "100"]], ["8", "9", "10", "100"]),  # made of numbers
    ([["0.5", "2.0", "10.0"], ["-3.0", "2.0"]], ["-3.0", "0.5", "2.0", "10.0"]),
    ([["10", "9"], ["8", "9"]], ["10", "8", "9"]),  # from a file
    ([["10", "11"], ["8", "9"]], ["10", "11", "8", "9"]),
    ([["Z", "a"], ["ä"]], ["Z", "a", "ä"]),
    ([[], []], []),
])  # fmt: skip
def test_order_of_united_levels(parts: list[list[str]], whole: list[str]) -> None:
    found = merged([ColumnStatistics.of(enum(np.arange(len(names)), names)) for names in parts])
    assert list(found.level_names()) == whole
    assert merged([ColumnStatistics.of(enum(np.arange(len(names)), names)) for names in parts[::-1]]) == found


KINDS = {
    "int": lambda: integers(np.array([1, 2])),
    "real": lambda: reals(np.array([0.5, np.nan])),
    "bad": lambda: numeric(np.array([np.nan])),
    "enum": lambda: enum(np.array([0, -1]), ["a"]),
    "time": lambda: times(np.array([5])),
    "string": lambda: strings(["a", None]),
    "uuid": lambda: strings(["00000000-0000-0000-0000-000000000000"], "uuid"),
}


@pytest.mark.parametrize("one", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_kinds_of_parts(one: str, other: str) -> None:
    a, b = (ColumnStatistics.of(KINDS[kind]()) for kind in (one, other))
    if one == other or "bad" in (one, other) or {one, other} == {"int", "real"}:
        kind = next(
            kind for kind in ("real", one, other) if kind in (one, other) and (kind != "bad" or one == other)
        )
        assert a.merge(b).kind == kind and a.merge(b) == b.merge(a)
        assert a.merge(b).rows == a.rows + b.rows and a.merge(b).missing == a.missing + b.missing
        return
    with pytest.raises(InvalidArgument, match=f"{one} and {other}"):
        a.merge(b)


def test_all_missing_parts_take_the_kind_of_the_others() -> None:
    nothing = enum(np.array([-1, -1]), [])
    assert ColumnStatistics.of(nothing).merge(ColumnStatistics.of(KINDS["real"]())).kind == "real"
    assert (
        ColumnStatistics.of(KINDS["real"]().take(slice(0, 0)))
        .merge(ColumnStatistics.of(KINDS["enum"]()))
        .kind
        == "enum"
    )


@COMMON
@given(st.one_of(number_columns(), factors()))
def test_statistics_are_plain_values(given_column: Any) -> None:
    column, weights = given_column
    for found in (ColumnStatistics.of(column), ColumnStatistics.of(column, Weights.of(weights))):
        text = json.dumps(found.plain(), allow_nan=False)
        assert ColumnStatistics.of_plain(json.loads(text)) == found


def test_they_are_compact() -> None:
    numbers = ColumnStatistics.of(reals(np.random.default_rng(0).normal(size=100_000)))
    assert len(json.dumps(numbers.plain())) < 400


@COMMON
@given(st.lists(st.tuples(st.integers(0, 3), ANY, st.floats(0, 1e300)), max_size=30), st.booleans())
def test_sums_of_groups(rows: list[tuple[int, float, float]], weighted: bool) -> None:
    codes, x, w = (
        (np.array(each) for each in zip(*rows, strict=True))
        if rows
        else (np.zeros(0, int), np.zeros(0), np.zeros(0))
    )
    found = group_sums(codes, 4, x, w if weighted else None)
    wanted = [
        exact(x[codes == k], w[codes == k] if weighted else np.ones((codes == k).sum()))[1] for k in range(4)
    ]
    assert found.fractions() == wanted
    assert ExactNumbers.of_plain(json.loads(json.dumps(found.plain()))) == found


@COMMON
@given(st.integers(1, 2**200), st.integers(1, 2**200), st.integers(-400, 400))
def test_roots_are_rounded_once(up: int, down: int, power: int) -> None:
    square = Fraction(up, down) * Fraction(4) ** power
    found = Fraction(square_root(*square.as_integer_ratio()))
    around = [Fraction(float(np.nextafter(float(found), to))) for to in (0.0, math.inf)]
    assert ((found + around[0]) / 2) ** 2 <= square <= ((found + around[1]) / 2) ** 2


def test_what_a_column_has_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    column = reals(np.array([1.5, 2.5]))
    found = ColumnStatistics.of(column)
    assert ColumnStatistics.of(column) is found
    assert isinstance(LevelStatistics.of(enum(np.array([0]), ["a"])), LevelStatistics)
    assert Sums().mean() != Sums().mean()  # NaN
    assert statistics.fmean([1.5, 2.5]) == found.figures().sums.mean()


@COMMON
@given(number_columns())
def test_weights_of_a_column(given_column: Any) -> None:
    column, _ = given_column
    if np.isinf(column.numbers()).any():
        return
    found, wanted = weights_of(column), Weights.of(column.numbers())
    assert (found.rows, found.total) == (wanted.rows, wanted.total)
    assert found.values.tolist() == wanted.values.tolist()


def test_infinite_weights_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="finite"):
        Weights.of(np.array([1.0, math.inf]))
    with pytest.raises(InvalidArgument, match="finite"):
        weights_of(reals(np.array([1.0, math.inf])))
