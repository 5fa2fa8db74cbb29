import numpy as np
import pytest
from heavywater.errors import InvalidArgument, NotFound
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import (
    enum,
    factor,
    integers,
    numeric,
    sorted_enum,
    stack,
    strings,
    times,
)
from heavywater.frame.frame import Frame, unique_names
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst


@pytest.mark.parametrize(
    ("low", "high", "dtype"),
    [
        (0, 255, "u1"),
        (-1, 127, "i1"),
        (0, 256, "u2"),
        (-129, 5, "i2"),
        (0, 65536, "i4"),
        (0, 2**31, "i8"),
        (-(2**63), 2**63 - 1, "i8"),
    ],
)
def test_integers_take_the_narrowest_type(low, high, dtype):
    column = numeric(np.array([low, high], dtype=np.int64))
    assert column.values.dtype == np.dtype(dtype)
    assert column.values.tolist() == [low, high]


@given(npst.arrays(np.float64, st.integers(0, 40), elements=st.floats(width=64)))
def test_numeric_keeps_every_number(values):
    column = numeric(values.copy())
    assert np.array_equal(column.numbers(), values, equal_nan=True)
    assert column.missing_count == np.isnan(values).sum()


def test_whole_floats_become_integers_and_halves_float32():
    assert numeric([1.0, 2.0, np.nan]).kind == "int"
    half = numeric([0.5, 1.0])
    assert (half.kind, half.values.dtype) == ("real", np.float32)
    assert numeric([0.1]).values.dtype == np.float64


def test_all_missing_is_bad_and_counts_as_int():
    column = numeric([np.nan, np.nan])
    assert column.kind == "bad"
    assert Frame(["a"], [column]).types == {"a": "int"}


def test_columns_are_read_only():
    column = numeric(np.arange(3))
    with pytest.raises(ValueError, match="read-only"):
        column.values[0] = 5


def test_factor_of_numbers_is_sorted_by_value_and_of_texts_by_bytes():
    assert factor(numeric([10, 9, np.nan, 2])).levels == ("2", "9", "10")
    column = factor(strings(["b", "B", None, "a", "é"]))
    assert column.levels == ("B", "a", "b", "é")
    assert column.values.tolist() == [2, 0, -1, 1, 3]
    assert factor(numeric([0.5, 1.0])).levels == ("0.5", "1.0")


def test_stack_unites_levels():
    both = stack([enum(np.array([0, 1]), ["x", "z"]), enum(np.array([0, -1, 1]), ["a", "z"])])
    assert both.levels == ("a", "x", "z")
    assert both.texts().tolist() == ["x", "z", "a", None, "z"]


def test_stack_of_numbers_and_nothing():
    both = stack([numeric([1, 2]), numeric([np.nan]), numeric([0.5])])
    assert both.kind == "real"
    assert np.array_equal(both.numbers(), [1, 2, np.nan, 0.5], equal_nan=True)
    with pytest.raises(InvalidArgument, match="enum and int"):
        stack([numeric([1]), enum(np.array([0]), ["a"])])


def test_sorted_enum_drops_unused_levels():
    column = sorted_enum(np.array([2, 0, -1]), ["c", "b", "a"])
    assert column.levels == ("a", "c")
    assert column.values.tolist() == [0, 1, -1]


def test_numbers_of_every_kind():
    assert np.array_equal(
        times(np.array([5, 0]), np.array([False, True])).numbers(), [5, np.nan], equal_nan=True
    )
    assert np.isnan(strings(["a"]).numbers()).all()
    assert np.array_equal(
        integers(np.array([3, 9]), np.array([False, True])).numbers(slice(1, 2)), [np.nan], equal_nan=True
    )
    assert np.array_equal(
        enum(np.array([1, -1]), "ab").numbers(np.array([1, 0])), [np.nan, 1], equal_nan=True
    )


def test_frame_says_which_columns_exist():
    frame = Frame(["a", "b"], [numeric([1]), numeric([2])])
    with pytest.raises(NotFound, match=r"no column 'c'.*its columns are a, b"):
        frame.column("c")
    with pytest.raises(NotFound, match="it has 2 columns"):
        frame.column(2)
    assert frame.column(-1).values.tolist() == [2]
    with pytest.raises(InvalidArgument, match="'a' appears more than once"):
        Frame(["a", "a"], [numeric([1]), numeric([2])])
    with pytest.raises(InvalidArgument, match="different lengths"):
        Frame(["a", "b"], [numeric([1]), numeric([2, 3])])


def test_unknown_kind_is_refused():
    with pytest.raises(InvalidArgument, match="column kind 'float'"):
        Column("float", np.zeros(1))


@given(st.lists(st.sampled_from(["a", "a0", "b", "C1"]), max_size=12))
def test_unique_names(names):
    result = unique_names(names)
    assert len(set(result)) == len(names)
