"""Sparse columns: the same cells as dense ones, in less memory."""

import numpy as np
import pandas as pd
import pytest
from heavywater.errors import InvalidType
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import numeric, strings
from heavywater.frame.columns.sparse import sparse_columns
from heavywater.frame.columns.storage import SparseCells
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.exchange.outgoing import to_pandas
from heavywater.frame.exchange.sparse_matrices import sparse_matrix
from heavywater.frame.frame import Frame
from heavywater.frame.primitives import operation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import sparse

CELLS = st.sampled_from([0, 0, 0, 0, 1, 2.5, -3, 300, np.nan, 2.0**40])
MATRICES = npst.arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 5)), elements=CELLS)


@settings(deadline=None)
@given(MATRICES, st.sampled_from(["csr", "csc", "coo", "lil", "dok"]))
def test_matrix_and_back(dense, layout):
    columns = sparse_columns(sparse.coo_array(dense).asformat(layout))
    assert np.array_equal(np.column_stack([c.numbers() for c in columns]), dense, equal_nan=True)
    for column, wanted in zip(columns, dense.T, strict=True):
        reference = numeric(wanted)
        assert column.kind in (reference.kind, "int" if reference.kind == "bad" else "")
        assert column.missing_count == reference.missing_count
        assert np.array_equal(column.is_missing(), np.isnan(wanted))
    back = sparse_matrix(Frame([f"C{i}" for i in range(dense.shape[1])], columns))
    assert np.array_equal(back.toarray(), dense, equal_nan=True)


@settings(deadline=None)
@given(MATRICES, st.data())
def test_selected_rows(dense, data):
    nrow = dense.shape[0]
    columns = sparse_columns(sparse.csr_matrix(dense))
    start, stop = sorted(data.draw(st.tuples(st.integers(0, nrow), st.integers(0, nrow))))
    some = data.draw(st.lists(st.integers(0, nrow - 1), max_size=6))
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=nrow, max_size=nrow)))
    for rows in (
        slice(start, stop),
        slice(None, None, 2),
        np.array(some, int),
        np.array(sorted(set(some)), int),
        mask,
    ):
        for column, wanted in zip(columns, dense.T, strict=True):
            assert np.array_equal(column.take(rows).numbers(), wanted[rows], equal_nan=True)


def test_cells_are_kept_narrow_and_shared():
    matrix = sparse.random(10_000, 50, 0.02, format="csc", random_state=1)
    matrix.data = np.ceil(matrix.data * 200)
    frame = frame_from(matrix)
    assert all(c.sparse is not None and c.kind == "int" for c in frame.columns)
    assert frame.nbytes == matrix.nnz * (4 + 1)
    assert frame.columns[0].sparse.values.base is not None  # a view of one array of all columns
    assert frame.columns[0].take(slice(0, 5000)).sparse is not None
    before = frame.columns[0].numbers()
    matrix.data[:] = 7
    assert np.array_equal(frame.columns[0].numbers(), before)


def test_columns_that_are_mostly_filled_are_dense():
    frame = frame_from(sparse.csr_matrix(np.array([[1, 0], [2, 0], [0, 5], [4, 0]])))
    assert [c.sparse is None for c in frame.columns] == [True, False]


def test_entries_of_the_same_cell_add_up():
    rows, columns = [0, 0, 1, 3, 1, 0, 0], [0, 2, 1, 3, 1, 0, 0]
    frame = frame_from(sparse.coo_matrix((np.ones(7), (rows, columns)), shape=(4, 4)))
    wanted = [[3, 0, 1, 0], [0, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert np.array_equal(np.column_stack([c.numbers() for c in frame.columns]), wanted)


def test_flags_and_other_types():
    frame = frame_from(sparse.csr_matrix(np.array([[True, False], [False, False]])))
    assert frame.columns[0].numbers().tolist() == [1, 0]
    with pytest.raises(InvalidType, match="complex"):
        frame_from(sparse.csr_matrix(np.array([[1j, 0]])))
    with pytest.raises(InvalidType, match="'s' holds no numbers"):
        sparse_matrix(Frame(["s"], [strings(["x"])]))


def test_sparse_data_frames_of_pandas():
    dense = pd.DataFrame({"a": [0.0, 0, 1.5, 0], "b": [0, 0, 0, 2]})
    frame = frame_from(dense.astype(pd.SparseDtype("float", 0)))
    assert frame.names == ["a", "b"]
    assert all(c.sparse is not None for c in frame.columns)
    assert to_pandas(frame)["a"].tolist() == dense["a"].tolist()


def test_operations_see_all_cells():
    dense = np.array([[0, 0, 0], [1.5, 0, 0], [0, 0, -1], [0, 2, 0], [0, 0, 0]])
    thin, full = frame_from(sparse.csr_matrix(dense)), frame_from(dense)
    assert all(c.sparse is not None for c in thin.columns)
    for name, arguments in (
        ("+", (1,)),
        ("sum", ()),
        ("is.na", ()),
        ("rbind", (full,)),
        ("*", (2,)),
        ("mean", (True, 0)),
    ):
        ours, wanted = operation(name)(thin, *arguments), operation(name)(full, *arguments)
        if isinstance(wanted, Frame):
            ours, wanted = to_pandas(ours).to_numpy(), to_pandas(wanted).to_numpy()
        assert np.array_equal(ours, wanted), name


def test_column_reports_its_layout():
    rows, values, absent = np.array([1, 3], np.int32), np.array([0, 7], np.uint8), np.array([True, False])
    column = Column("int", SparseCells(5, rows, values, absent))
    assert "SparseCells, 1 missing" in repr(column)
    assert column.values.tolist() == [0, 0, 0, 7, 0]
    assert column.nbytes == 2 * (4 + 1 + 1)
