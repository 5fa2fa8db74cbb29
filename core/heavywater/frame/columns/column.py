"""Typed, immutable columns in the narrowest type that holds their values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ._counting import gather
from .arrow_buffers import fresh
from .orders import CodeOrder
from .origin import Origin
from .storage import SparseCells, TextCells

KINDS = ("int", "real", "enum", "time", "string", "uuid", "bad")
NUMERIC_KINDS = ("int", "real", "bad")
STRING_KINDS = ("string", "uuid")
_MANY = 1000  # rows: fewer are taken by numpy
NONE: Any = np.array(None, dtype=object)  # compares and broadcasts as a cell that holds None

Cells = Array | TextCells | SparseCells


class Column:
    """One column of a frame.

    Operations never change a column: they return a new one, so that frames may share columns
    (copy on write). The arrays are made read-only.

    Parameters
    ----------
    kind : str
        One of ``KINDS``. ``"bad"`` is a numeric column in which everything is missing.
    values : ndarray, shape (n,), or TextCells, or SparseCells
        int: narrowest of uint8, int8, uint16, int16, int32, int64; real and bad: float32 or float64 with
        NaN for missing; enum: codes int8, int16 or int32 with -1 for missing; time: int64 milliseconds
        since 1970 UTC; string and uuid: numpy ``StringDType``, or as Arrow has them. Numbers may be sparse.
    missing : ndarray of bool, shape (n,), optional
        For int, time, string and uuid; None when nothing is missing. The value beneath a missing cell
        is 0 or "".
    levels : sequence of str, optional
        For enum only.
    """

    __slots__ = ("_cells", "_facts", "_missing", "_missing_count", "kind", "levels", "origin")

    kind: str
    levels: tuple[str, ...] | None
    origin: Origin | None  # what it was in a data frame; what is computed of it was nothing there

    def __init__(
        self, kind: str, values: Cells, missing: Array | None = None, levels: Sequence[str] | None = None
    ) -> None:
        if kind not in KINDS:
            raise InvalidArgument(f"column kind {kind!r}: it must be one of {', '.join(KINDS)}")
        if missing is not None and not missing.any():
            missing = None
        for array in (values, missing):
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
        self.kind = kind
        self.levels = tuple(levels) if levels is not None else None
        self._cells = values
        self._missing = missing
        self._missing_count: int | None = None
        self._facts: dict[str, Any] | None = None
        self.origin = None

    def __len__(self) -> int:
        return len(self._cells)

    def __repr__(self) -> str:
        layout = self._cells.dtype if isinstance(self._cells, np.ndarray) else type(self._cells).__name__
        return f"Column({self.kind}, {len(self)} rows, {layout}, {self.missing_count} missing)"

    @property
    def values(self) -> Array:
        """The cells as an array; see the parameters of the class.

        Texts in Arrow's layout are turned into an array once, at the first use; sparse numbers each time.
        """
        cells = self._cells
        if isinstance(cells, np.ndarray):
            return cells
        dense = cells.dense()
        dense.flags.writeable = False
        if isinstance(cells, TextCells):
            self._missing = cells.missing  # before the cells: another thread may be reading
            self._cells = dense
        return dense

    @property
    def missing(self) -> Array | None:
        """Which cells of an int, time, string or uuid column are missing; None when none is."""
        cells = self._cells
        return self._missing if isinstance(cells, np.ndarray) else cells.missing

    @property
    def sparse(self) -> SparseCells | None:
        """The cells that are not 0, if the column is stored as these."""
        return self._cells if isinstance(self._cells, SparseCells) else None

    @property
    def stored(self) -> Array:
        """The values that are kept: of a sparse column those that are not 0, else all."""
        return self._cells.values if isinstance(self._cells, SparseCells) else self.values

    @property
    def has_text_cells(self) -> bool:
        """Whether the column holds texts in Arrow's layout."""
        return isinstance(self._cells, TextCells)

    @property
    def text_cells(self) -> TextCells:
        """The cells of a string or uuid column in Arrow's layout."""
        cells = self._cells  # looked at once: another thread may be turning it into an array
        if isinstance(cells, TextCells):
            return cells
        import pyarrow as pa

        return TextCells(pa.array(self.texts(), pa.large_string()))

    def remembered(self, name: str, make: Callable[[Column], Any]) -> Any:
        """A fact about the column, worked out when it is asked for and kept: cells never change.

        Parameters
        ----------
        name : str
        make : callable
            Gives the fact for the column; what it gives must not be changed.
        """
        if self._facts is None:
            self._facts = {}
        if name not in self._facts:
            self._facts[name] = make(self)
        return self._facts[name]

    def remembers(self, name: str) -> bool:
        """Whether a fact was worked out already, see `remembered`."""
        return self._facts is not None and name in self._facts

    @property
    def nbytes(self) -> int:
        """Bytes held by the cells (texts longer than 15 bytes of a plain array are estimated)."""
        if not isinstance(self._cells, np.ndarray):
            return self._cells.nbytes
        total = self._cells.nbytes + (0 if self._missing is None else self._missing.nbytes)
        if self.kind in STRING_KINDS and len(self):
            lengths = np.strings.str_len(self._cells)
            total += int(lengths[lengths > 15].sum())
        return total

    @property
    def is_numeric(self) -> bool:
        """Whether the column holds numbers (int, real or nothing at all)."""
        return self.kind in NUMERIC_KINDS

    @property
    def is_text(self) -> bool:
        """Whether the column holds free text (string or uuid)."""
        return self.kind in STRING_KINDS

    @property
    def missing_count(self) -> int:
        """Number of missing cells."""
        if self._missing_count is None:
            absent = self.is_missing() if self.sparse is None else self.sparse.stored_missing
            self._missing_count = int(np.count_nonzero(absent))
        return self._missing_count

    def is_missing(self) -> Array:
        """Which cells are missing.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        if isinstance(self._cells, SparseCells):
            return self._cells.is_missing()
        if self.kind in ("real", "bad"):
            return np.isnan(self.values)
        if self.kind == "enum":
            return self.values < 0
        return np.zeros(len(self), bool) if self.missing is None else self.missing

    def numbers(self, rows: Any = None) -> Array:
        """The cells as float64 with NaN for missing (enum: codes; time: milliseconds).

        Parameters
        ----------
        rows : slice or ndarray, optional
            Which rows; all by default.

        Returns
        -------
        ndarray of float64
        """
        if self.is_text:
            return np.full(len(self.values if rows is None else self.values[rows]), np.nan)
        values = self.values if rows is None else self.values[rows]
        result = values.astype(np.float64)
        if self.kind == "enum":
            result[values < 0] = np.nan
        elif self.missing is not None:
            result[self.missing if rows is None else self.missing[rows]] = np.nan
        return result

    def take(self, rows: Any) -> Column:
        """The same column with the given rows (slice, index array, boolean mask or `CodeOrder`)."""
        cells = self._cells  # looked at once: another thread may be turning it into an array
        if not isinstance(cells, np.ndarray):
            part = cells.take(rows.rows if isinstance(rows, CodeOrder) else rows)
            if part is not None:
                return Column(self.kind, part).with_origin(self.origin)
        missing = None if self.missing is None else _taken(self.missing, rows)
        return Column(self.kind, _taken(self.values, rows), missing, self.levels).with_origin(self.origin)

    def with_origin(self, origin: Origin | None) -> Column:
        """The column with the same cells that was this in a data frame."""
        if origin is self.origin:
            return self
        column = Column(self.kind, self._cells, self._missing, self.levels)
        column.origin = origin
        return column

    def texts(self) -> Array:
        """The cells as Python strings, None for missing.

        Returns
        -------
        ndarray of object, shape (n,)
            Whole numbers are written without a point.
        """
        if self.kind == "enum":
            table = np.array([*(self.levels or ()), None], dtype=object)
            return table[self.values]
        cells = self._cells  # looked at once, see `take`
        if isinstance(cells, TextCells):
            return cells.objects()
        result = number_texts(self.values) if not self.is_text else self.values.astype(object)
        result[self.is_missing()] = None
        return result


def _taken(values: Array, rows: Any) -> Array:
    """``values[rows]``; many row numbers in compiled code, which fetches ahead what lies anywhere."""
    if isinstance(rows, CodeOrder):
        return rows.cells(values)
    if not (isinstance(rows, np.ndarray) and rows.dtype.kind in "iu"):
        picked: Array = values[rows]
        return picked
    kinds = values.dtype.kind in "iuf?" and rows.dtype in (np.int32, np.int64)
    if not kinds or len(rows) < _MANY or not (values.flags.c_contiguous and rows.flags.c_contiguous):
        return values.take(rows)
    found = fresh(len(rows), values.dtype)
    width = f"u{values.dtype.itemsize}"
    gather(values.view(width), rows, found.view(width))
    return found


def number_texts(values: Array) -> Array:
    """Numbers as the shortest text that reads back the same, whole numbers without a point."""
    uniques, inverse = np.unique(values, return_inverse=True)
    return np.array([format_number(v) for v in uniques.tolist()], dtype=object)[inverse]


def format_number(value: float) -> str:
    """Shortest text of a number; whole numbers below 1e15 without a point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def real_text(value: float) -> str:
    """Shortest text of a real number in the form in which H2O names levels: ``2.0``, ``0.25``, ``1.5E10``."""
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value + 0.0)  # no negative zero
    if not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    sign, number, power = Decimal(repr(value)).as_tuple()
    assert isinstance(power, int)  # a finite number
    shown = "".join(map(str, number)).rstrip("0") or "0"
    return f"{'-' * sign}{shown[0]}.{shown[1:] or '0'}E{power + len(number) - 1}"


def has_mean(column: Column) -> bool:
    """Whether a column has a sum, a mean and a variance: numbers, times, and enums of up to two levels (0 and 1)."""
    if column.kind == "enum":
        return len(column.levels or ()) <= 2
    return not column.is_text
