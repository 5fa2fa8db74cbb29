"""Containers and cells beside the common ones: sparse, wrapped and nested types, rows with names, odd labels."""

import array
import collections
import dataclasses
import enum

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.exchange.outgoing import to_pandas
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

NUMBERS = st.lists(st.sampled_from([0.0, 0.0, 1.0, -2.0, 0.5, np.nan]), min_size=1, max_size=8)


def matrix_of(frame):
    return np.column_stack([column.numbers() for column in frame.columns])


@pytest.mark.parametrize("fill", [0.0, np.nan, 1.0])
@settings(max_examples=20, deadline=None)
@given(cells=NUMBERS)
def test_sparse_columns_of_pandas_hold_their_cells_whatever_is_left_out(fill, cells):
    data = pd.DataFrame({"a": pd.arrays.SparseArray(cells, fill_value=fill), "b": np.arange(len(cells)) / 2})
    for given_as in (data, data[["a"]], data["a"], data[["b", "a"]].assign(t="x")):
        frame = frame_from(given_as)
        column = frame.columns[frame.names.index("a")]
        np.testing.assert_array_equal(column.numbers(), cells)


def test_sparse_columns_stay_sparse_beside_others():
    wide = pd.DataFrame(np.eye(40)).astype(pd.SparseDtype(float, 0.0)).assign(t="x", n=1.5)
    frame = frame_from(wide)
    assert [column.sparse is not None for column in frame.columns] == [True] * 40 + [False] * 2
    np.testing.assert_array_equal(matrix_of(frame.select(list(range(40)))), np.eye(40))


@pytest.mark.parametrize("values", [["a", "b"], [True, False]])
def test_other_sparse_cells(values):
    data = pd.DataFrame({"a": pd.arrays.SparseArray(np.array([*values, values[0]], object))})
    assert to_pandas(frame_from(data))["a"].tolist() == [*values, values[0]]


def test_sparse_flags_are_numbers_as_in_a_sparse_matrix():
    flags = pd.get_dummies(pd.Series(["u", "v", "u"]), sparse=True)
    np.testing.assert_array_equal(matrix_of(frame_from(flags)), [[1, 0], [0, 1], [1, 0]])
    assert frame_from(flags["u"]).columns[0].kind == "int"


def test_sparse_arrays_of_one_dimension_and_matrices_of_numpy():
    np.testing.assert_array_equal(
        matrix_of(frame_from(sparse.coo_array(np.array([0, 3, 0])))), [[0], [3], [0]]
    )
    np.testing.assert_array_equal(matrix_of(frame_from(np.matrix([[1, 2], [3, 4]]))), [[1, 2], [3, 4]])


WRAPPINGS = {
    "dictionary": lambda cells: cells.dictionary_encode(),
    "runs": lambda cells: pa.RunEndEncodedArray.from_arrays(
        np.arange(1, len(cells) + 1, dtype=np.int32), cells
    ),
    "extension": lambda cells: pa.ExtensionArray.from_storage(pa.opaque(cells.type, "kind", "vendor"), cells),
    "chunks": lambda cells: pa.chunked_array([cells[:1], cells[1:]]),
}
KINDS = [pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), pa.int16(), pa.float32(), pa.bool_()]


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_wrapped_type_holds_what_the_plain_one_does(wrapping, kind):
    texts = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    cells = (
        ["NA", "b", None, ""]
        if texts
        else [b"NA", b"b", None, b""]
        if "binary" in str(kind)
        else [1, 0, None, 1]
    )
    plain = pa.array(cells, kind) if kind != pa.bool_() else pa.array([True, False, None, True])
    if wrapping == "dictionary" and kind == pa.bool_():
        wrapped = pa.DictionaryArray.from_arrays(pa.array([1, 0, None, 1]), pa.array([False, True]))
    else:
        wrapped = WRAPPINGS[wrapping](plain)
    expected, found = (to_pandas(frame_from(pa.table({"a": a})))["a"] for a in (plain, wrapped))
    assert found.isna().tolist() == expected.isna().tolist()
    assert found.dropna().tolist() == expected.dropna().tolist()


def test_flags_of_eight_bits_are_flags():
    cells = pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0, None], pa.int8()))
    column = frame_from(pa.table({"a": cells})).columns[0]
    assert (column.kind, column.levels) == ("enum", ("False", "True"))


Point = collections.namedtuple("Point", "x y")  # noqa: PYI024 - the untyped kind


@dataclasses.dataclass
class Row:
    x: int
    y: str


@pytest.mark.parametrize("kind", [Point, Row])
def test_rows_with_names_are_rows(kind):
    frame = frame_from([kind(1, "NA"), kind(2, None)])
    assert frame.names == ["x", "y"]
    assert to_pandas(frame)["x"].tolist() == [1, 2] and to_pandas(frame)["y"].tolist()[0] == "NA"


@pytest.mark.parametrize(
    "listed",
    [
        range(3),
        (i for i in range(3)),
        collections.deque([0, 1, 2]),
        array.array("d", [0, 1, 2]),
        {1: 0, 2: 1, 3: 2}.values(),
    ],
    ids=lambda listed: type(listed).__name__,
)
def test_whatever_lists_cells_is_a_column(listed):
    assert frame_from(listed).columns[0].numbers().tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "wrong", [{1, 2}, "text", b"bytes", 5, memoryview(b"x")], ids=lambda wrong: type(wrong).__name__
)
def test_what_has_no_order_or_no_cells_is_refused(wrong):
    with pytest.raises(InvalidType, match=f"{type(wrong).__name__} cannot become a frame; give"):
        frame_from(wrong)


def test_short_lists_of_a_dict_end_with_missing_cells_and_single_cells_are_repeated():
    frame = to_pandas(frame_from({"one": [1], "two": [1, 2], "cell": 7}))
    assert frame["one"].isna().tolist() == [False, True]
    assert frame["cell"].tolist() == [7, 7]
    with pytest.raises(InvalidArgument, match="'short' has 3 cells"):
        frame_from({"short": np.arange(3), "long": np.arange(4)})


def test_labels_that_are_missing_get_the_name_of_their_place():
    labels = [None, np.nan, pd.NaT, pd.NA, "", "x", 7]
    frame = frame_from(pd.DataFrame([range(7)], columns=pd.Index(labels, dtype=object)))
    assert frame.names == ["C1", "C2", "C3", "C4", "C5", "x", "7"]


Colour = enum.Enum("Colour", "RED BLUE")


def test_members_of_enumerations_are_texts():
    assert to_pandas(frame_from({"c": [Colour.RED, Colour.BLUE]}))["c"].tolist() == [
        "Colour.RED",
        "Colour.BLUE",
    ]
