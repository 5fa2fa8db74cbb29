"""Columns gathered by several threads."""

import threading

import numpy as np
import pyarrow as pa
import pytest
from heavywater.frame.columns import parallel as threads
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.columns.parallel import for_each, threads_of_session
from heavywater.frame.columns.storage import SparseCells, TextCells
from heavywater.frame.frame import Frame
from heavywater.frame.language.expressions import Ref
from heavywater.session import LocalSession

GONE = np.array([False, True, False, False, True, False])
WORDS = ["b", None, "a longer text, beyond 15 bytes", "", None, "é"]
FRAME = Frame(
    ["int", "whole", "real", "single", "bad", "enum", "time", "string", "arrow", "again", "uuid", "sparse"],
    [
        numeric(np.arange(6) * 1000, GONE),
        numeric(np.arange(6)),
        numeric([0.1, np.nan, -3.0, 4.0, np.nan, 1e300]),
        numeric([0.5, np.nan, -3.0, 4.0, np.nan, 0.25]),
        numeric(np.full(6, np.nan)),
        enum(np.array([0, -1, 1, 2, -1, 0]), ["x", "y", "z"]),
        times(np.arange(6) * 86_400_000, GONE),
        strings(WORDS),
        *[Column("string", TextCells(pa.array(WORDS)))] * 2,
        Column("uuid", TextCells(pa.array(WORDS))),
        Column("real", SparseCells(6, np.array([1, 4]), np.array([2.5, np.nan]))),
    ],
)


@pytest.fixture
def few_rows(monkeypatch):
    """Threads for any number of rows; the number of threads of each pool that was made."""
    made = []

    class Noted(threads.ThreadPoolExecutor):
        def __init__(self, count, **options):
            made.append(count)
            super().__init__(count, **options)

    monkeypatch.setattr(threads, "_FEWEST", 0)
    monkeypatch.setattr(threads, "ThreadPoolExecutor", Noted)
    return made


def same(one, other):
    assert one.names == other.names and one.nrow == other.nrow
    for a, b in zip(one.columns, other.columns, strict=True):
        assert (a.kind, a.levels, a.missing_count) == (b.kind, b.levels, b.missing_count)
        assert a.is_missing().tolist() == b.is_missing().tolist()
        assert a.texts().tolist() == b.texts().tolist()
        assert a.values.dtype == b.values.dtype


@pytest.mark.parametrize(
    "rows", [np.array([5, 4, 4, 0, 1, 2, 3]), np.array([1], np.uint8), np.zeros(0, np.int64)], ids=len
)
def test_columns_of_every_kind_come_out_as_with_one_thread(rows, few_rows):
    alone = FRAME.take(rows)
    assert not few_rows
    with threads_of_session(3):
        together = FRAME.take(rows)
    assert few_rows == [3]
    same(together, alone)
    for column, whole in zip(together.columns, FRAME.columns, strict=True):
        assert column.texts().tolist() == whole.texts()[rows].tolist()


class Turning(Column):
    """A column of texts that another thread turns into an array after a number of looks at its layout."""

    __slots__ = ("looks",)

    @property
    def _cells(self):
        cells = Column._cells.__get__(self)
        self.looks -= 1
        if self.looks == 0:
            Column._missing.__set__(self, cells.missing)
            Column._cells.__set__(self, cells.dense())
        return cells

    @_cells.setter
    def _cells(self, cells):
        self.looks = 0
        Column._cells.__set__(self, cells)


@pytest.mark.parametrize("looks", [1, 2, 3])
@pytest.mark.parametrize(
    "texts",
    [
        lambda column: column.texts(),
        lambda column: column.take(np.arange(6)).texts(),
        lambda column: column.text_cells.objects(),
    ],
    ids=["texts", "take", "text_cells"],
)
def test_texts_may_be_turned_into_an_array_meanwhile(texts, looks):
    """Columns are shared by frames and requests, and may be in one frame twice."""
    column = Turning("string", TextCells(pa.array(WORDS)))
    column.looks = looks
    assert texts(column).tolist() == WORDS


def test_results_are_in_the_order_of_columns_and_come_from_other_threads(few_rows):
    """Each of two columns waits for the other, so both must be worked on at the same time."""
    both, names = threading.Barrier(2, timeout=30), set()

    def work(column):
        both.wait()
        names.add(threading.current_thread().name)
        return column

    with threads_of_session(2):
        assert for_each(work, FRAME.columns[:4], 6) == FRAME.columns[:4]
    assert len(names) == 2 and threading.current_thread().name not in names


def test_few_rows_and_single_columns_start_no_threads(few_rows, monkeypatch):
    with threads_of_session(4):
        FRAME.select([0]).take(np.arange(3))
        monkeypatch.setattr(threads, "_FEWEST", 4)
        FRAME.take(np.arange(3))
        assert few_rows == []
        FRAME.take(np.arange(4))
    assert few_rows == [4]


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_in_a_column_reaches_the_caller(count, few_rows):
    def work(column):
        if column.kind == "enum":
            raise MemoryError("no room for the levels")
        return column

    with threads_of_session(count):
        with pytest.raises(MemoryError, match="no room for the levels"):
            for_each(work, FRAME.columns, 6)
        with pytest.raises(IndexError):
            FRAME.take(np.array([0, 6]))


def test_a_request_uses_the_threads_of_its_session_and_no_more(few_rows):
    session = LocalSession(nthreads=2)
    session.store.put_frame(FRAME, "f")
    session.frames.evaluate(("tmp=", "g", ("sort", Ref("f"), ["int"], [-1])))
    assert few_rows and set(few_rows) == {2}
    same(session.store.frame("g"), FRAME.take(np.array([1, 4, 5, 3, 2, 0])))
    few_rows.clear()
    FRAME.take(np.arange(6))  # outside of a request
    assert not few_rows
