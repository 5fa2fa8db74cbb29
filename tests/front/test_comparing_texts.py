"""Texts, levels and truth values beside each other and beside cells, with missing cells among them."""

import operator

import h2o
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from h2o.exceptions import H2OTypeError
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.lists(st.sampled_from(["", "NA", "a", "b", "B", "é", "10", "9", None]), min_size=2, max_size=6)
ORDERS = [operator.lt, operator.le, operator.gt, operator.ge]


@pytest.fixture(autouse=True)
def _session():
    h2o.init(verbose=False)


def cells(frame):
    return frame.as_data_frame().iloc[:, 0].tolist()


def texts(kind, **columns):
    return h2o.H2OFrame(columns, column_types=dict.fromkeys(columns, kind))


@pytest.mark.parametrize("compare", ORDERS)
@settings(max_examples=20, deadline=None)
@given(left=TEXTS, other=st.sampled_from(["", "a", "10", "é"]))
def test_texts_have_the_order_of_python(compare, left, other):
    right = left[::-1]
    frame = texts("string", l=left, r=right)
    assert cells(compare(frame["l"], frame["r"])) == [
        int(a is not None and b is not None and compare(a, b)) for a, b in zip(left, right, strict=True)
    ]
    assert cells(compare(frame["l"], other)) == [int(a is not None and compare(a, other)) for a in left]
    assert cells(compare(other, frame["l"])) == [int(a is not None and compare(other, a)) for a in left]


@pytest.mark.parametrize("kind", ["string", "enum"])
@settings(max_examples=20, deadline=None)
@given(left=TEXTS, table=st.lists(st.sampled_from(["", "NA", "a", "zz", None]), max_size=3))
def test_texts_are_looked_up_and_compared_with_missing_ones_among_them(kind, left, table):
    frame = texts(kind, l=left, r=left[::-1])
    assert cells(frame["l"].isin(table)) == [int(cell in table) for cell in left]
    found = [table.index(cell) + 1 if cell in table else 0 for cell in left]
    assert cells(frame["l"].match(table, nomatch=0)) == found
    assert cells(frame["l"] == frame["r"]) == [int(a == b) for a, b in zip(left, left[::-1], strict=True)]
    assert cells(frame["l"] != frame["r"]) == [int(a != b) for a, b in zip(left, left[::-1], strict=True)]


@pytest.mark.parametrize(
    "items", [[1, 3], (1, 3), {1, 3}, np.array([1, 3]), pd.Series([1, 3]), pd.Index([1, 3]), pa.array([1, 3]), range(1, 4, 2)],
    ids=lambda items: type(items).__name__,
)  # fmt: skip
def test_any_list_of_items_can_be_looked_up(items):
    frame = h2o.H2OFrame([1, 2, 3, None])
    assert cells(frame.isin(items)) == [1, 0, 1, 0]
    assert cells(frame.match(items, nomatch=0)) == [1, 0, 2, 0]
    with pytest.raises(H2OTypeError, match="merge"):
        frame.isin(frame)


@pytest.mark.parametrize("names", [("False", "True"), ("FALSE", "TRUE"), ("false", "true")])
def test_truth_values_equal_levels_of_that_name(names):
    frame = texts("enum", b=[names[1], names[0], None])
    for true in (True, np.bool_(True), 1):
        assert cells(frame["b"] == true) == [1, 0, 0]
        assert cells(frame["b"] != true) == [0, 1, 1]
        assert cells(frame["b"].isin([true])) == [1, 0, 0]
    assert cells(frame["b"] == h2o.H2OFrame([1, 1, 1])) == [1, 0, 0]
    assert frame[frame["b"] == False].nrow == 1  # noqa: E712


def test_frames_of_several_types_become_arrays_with_missing_cells():
    data = np.asarray(h2o.H2OFrame(pd.DataFrame({"n": [1.5, None], "t": ["x", None]})))
    assert data[0].tolist() == [1.5, "x"] and pd.isna(data[1]).all()
