"""What is in a Python container is in the frame, and comes back from it."""

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.frame.columns.makers import enum, factor, numeric, times
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.exchange.outgoing import level_values, to_pandas, to_rows
from heavywater.frame.frame import Frame
from heavywater.frame.primitives import operation
from hypothesis import given, settings
from hypothesis import strategies as st

pl = pytest.importorskip("polars")

CONTAINERS = {
    "list": lambda cells: cells,
    "dict": lambda cells: {"a": cells},
    "rows": lambda cells: [[cell, 1] for cell in cells],
    "dicts": lambda cells: [{"a": cell} for cell in cells],
    "objects": lambda cells: np.array(cells, dtype=object),
    "object column": lambda cells: pd.DataFrame({"a": pd.Series(cells, dtype=object)}),
    "pandas": lambda cells: pd.DataFrame({"a": cells}),
    "series": lambda cells: pd.Series(cells, name="a"),
    "polars": lambda cells: pl.DataFrame({"a": cells}),
    "polars series": lambda cells: pl.Series("a", cells),
    "lazy": lambda cells: pl.LazyFrame({"a": cells}),
    "arrow": lambda cells: pa.table({"a": cells}),
    "arrow array": pa.array,
    "dict of arrow": lambda cells: {"a": pa.chunked_array([cells])},
}
TEXT_CONTAINERS = CONTAINERS | {
    "nullable": lambda cells: pd.DataFrame({"a": pd.array(cells, dtype="string")}),
    "arrow backed": lambda cells: pd.DataFrame({"a": pd.array(cells, dtype=pd.ArrowDtype(pa.string()))}),
    "categories": lambda cells: pd.DataFrame({"a": pd.Categorical(cells)}),
    "polars categories": lambda cells: pl.DataFrame({"a": pl.Series(cells, dtype=pl.Categorical)}),
    "dictionary": lambda cells: pa.table({"a": pa.array(cells).dictionary_encode()}),
    "masked": lambda cells: np.ma.masked_array(
        [cell or "" for cell in cells], [cell is None for cell in cells], dtype=object
    ),
}


def back(data):
    """Cells of the first column, None for missing."""
    series = to_pandas(frame_from(data)).iloc[:, 0]
    return [None if gone else cell for cell, gone in zip(series.tolist(), series.isna(), strict=True)]


@pytest.mark.parametrize("container", TEXT_CONTAINERS)
@settings(max_examples=15, deadline=None)
@given(cells=st.lists(st.sampled_from(["NA", "None", "null", "nan", "", "DE", None]), min_size=1, max_size=6))
def test_texts_that_mean_missing_in_files_are_texts(container, cells):
    cells = ["x y", *cells, "z"]
    assert back(TEXT_CONTAINERS[container](cells)) == cells


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    "cells",
    [
        [3, None, -1],
        [0.5, None, 1e300],
        [True, None, False],
        [1, 2**60 + 1],
        [datetime.datetime(2020, 6, 1, 3), None, datetime.datetime(1960, 1, 1)],
    ],
)
def test_numbers_flags_and_times_come_back(container, cells):
    if container == "rows" or any(cell is None for cell in cells) or True in cells:
        assert back(CONTAINERS[container](cells)) == cells
    assert frame_from(CONTAINERS[container](cells)).nrow == len(cells)
    if cells[0] is True:
        assert frame_from(CONTAINERS[container](cells)).columns[0].kind == "enum"


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=8))
def test_levels_of_whole_numbers_come_back_as_these(values):
    series = to_pandas(Frame(["a"], [factor(numeric(np.array(values, np.int64)))]))["a"]
    assert series.dtype == np.int64
    assert series.tolist() == values


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_levels_of_real_numbers_come_back_as_these(values):
    series = to_pandas(Frame(["a"], [factor(numeric(np.array([*values, 0.5])))]))["a"]
    assert series.dtype == np.float64
    assert series.tolist() == [*values, 0.5]


@pytest.mark.parametrize(
    ("levels", "kind"),
    [
        (["0", "1"], "i"),
        (["-3", "0.25"], "f"),
        (["False", "True"], "b"),
        (["True"], "b"),
        (["001", "002"], None),
        (["+1"], None),
        (["1 "], None),
        (["-0"], None),
        (["1.50"], None),
        (["1_0"], None),
        (["nan"], None),
        (["inf"], None),
        (["²"], None),
        (["99999999999999999999"], None),
        (["0", "a"], None),
        (["0", "True"], None),
        ([""], None),
        ([], None),
    ],
)
def test_type_of_levels(levels, kind):
    found = level_values(levels)
    assert (found if found is None else found.dtype.kind) == kind


def test_levels_beside_missing_cells():
    codes = np.array([1, -1, 0])
    found = to_pandas(Frame(["n", "b"], [enum(codes, ["0", "1"]), enum(codes, ["False", "True"])]))
    assert found["n"].dtype == np.float64
    assert found["n"].tolist()[::2] == [1, 0]
    assert found["b"].tolist()[::2] == [True, False]
    assert found.isna().sum().tolist() == [1, 1]
    large = to_pandas(Frame(["n"], [enum(codes, ["1", str(2**60 + 1)])]))["n"]
    assert large.tolist()[::2] == [2**60 + 1, 1]


def test_times_in_each_form():
    frame = Frame(["t"], [times(np.array([0, 5]), np.array([False, True]))])
    assert to_rows(frame) == [["t"], ["1970-01-01 00:00:00.000"], [""]]
    assert to_rows(frame, times="milliseconds") == [["t"], [0], [""]]
    assert to_pandas(frame, times="milliseconds")["t"].tolist()[0] == 0
    with pytest.raises(InvalidArgument, match="times='ns' must be one of 'datetime', 'milliseconds'"):
        to_rows(frame, times="ns")
    assert to_rows(Frame(["t"], [times(np.zeros(0, np.int64))])) == [["t"]]
    assert str(to_pandas(Frame(["t"], [times(np.zeros(0, np.int64))]))["t"].dtype) == "datetime64[ms]"


def test_labels_that_are_no_texts():
    assert frame_from(pd.DataFrame(np.zeros((1, 2)))).names == ["0", "1"]
    assert frame_from(pd.DataFrame([[1, 2]], columns=[2020, 2021])).names == ["2020", "2021"]
    assert frame_from(pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", 1)]))).names == ["a_1"]
    assert frame_from({1: [1]}).names == ["1"]
    assert frame_from(pd.Index([1, 2], name="i")).names == ["i"]
    assert frame_from(pd.MultiIndex.from_tuples([(1, "x")], names=["i", "j"])).names == ["i", "j"]
    with pytest.raises(InvalidArgument, match="'1' appears more than once"):
        frame_from(pd.DataFrame([[1, 2]], columns=[1, "1"]))


def test_masked_cells_are_missing():
    plain = np.ma.masked_array([1, 2, 3], [False, True, False])
    assert back(plain) == [1, None, 3]
    assert back({"a": plain}) == [1, None, 3]
    assert (
        frame_from(np.ma.masked_array([[1, 2], [3, 4]], [[False, True], [False, False]]))
        .columns[1]
        .missing_count
        == 1
    )
    mask: Any = [(0, 1), (1, 0)]
    record = np.ma.masked_array([(1, "x"), (2, "y")], mask=mask, dtype=[("n", int), ("s", "U1")])
    assert [c.is_missing().tolist() for c in frame_from(record).columns] == [[False, True], [True, False]]
    assert back(np.ma.masked_array([True, False], [True, False])) == [None, False]
    assert back([np.ma.masked, 2]) == [None, 2]


def test_types_of_polars_and_pandas():
    big = pl.Series("a", [1, 2], dtype=pl.Int128)
    assert back(big) == [1, 2]
    assert back(pl.Series([Decimal("1.5")])) == [1.5]
    assert back(pl.Series(["b", "a"], dtype=pl.Enum(["b", "a"]))) == ["b", "a"]
    assert back(pd.Series([pd.Interval(0, 1), pd.Interval(1, 2)])) == ["(0, 1]", "(1, 2]"]
    assert back(pd.Series([1, pd.NA, 3], dtype=object)) == [1, None, 3]
    assert back(pd.Series(pd.to_datetime(["2020-01-01"]).tz_localize("Europe/Prague"))) == [
        pd.Timestamp("2020-01-01", tz="Europe/Prague")
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"lists": [[1], [2]]},
        pl.DataFrame({"lists": [[1], [2]]}),
        pl.DataFrame({"lists": [{"a": 1}]}),
        pa.table({"lists": [[(1, 2)]]}),
        pd.DataFrame({"lists": pd.Series([[1], None], dtype=object)}),
        {"lists": np.array([1], "m8[M]")},
        {"lists": np.array([1j])},
        pl.DataFrame({"lists": [object()]}),
        {"lists": [b"\xff"]},
    ],
)
def test_what_no_column_holds_is_refused_by_name(data):
    with pytest.raises(InvalidType, match="column 'lists'"):
        frame_from(data)


def test_missing_and_empty_texts_are_told_apart():
    frame = frame_from({"t": ["a b", "", None, "c d"]}, column_types=["string"])
    assert operation("==")(frame, "").columns[0].values.tolist() == [0, 1, 0, 0]
    assert operation("!=")(frame, "").columns[0].values.tolist() == [1, 0, 0, 1]
    filled = operation(":=")(frame, "1", 0, operation("!=")(frame, ""))
    assert filled.columns[0].texts().tolist() == ["1", "", None, "1"]


def test_texts_that_are_no_uuid_are_missing_with_a_warning() -> None:
    good = "6f1e4c5a-0b8f-4b0e-9d3b-0a5f1f3b2c1d"
    with pytest.warns(UserWarning, match="'u' 2 texts are no UUID and became missing .the first: 'x'"):
        frame = frame_from({"u": [good, "x", None, "y"]}, column_types=["uuid"])
    assert list(frame.columns[0].texts()) == [good.upper(), None, None, None]
