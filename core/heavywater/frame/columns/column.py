"""Typed, immutable columns in the narrowest type that holds their values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from ...errors import InvalidArgument
from .moment import Moment
from .storage import TEXT, Array, SparseCells, TextCells

KINDS = ("int", "real", "enum", "time", "string", "uuid", "bad")
NUMERIC_KINDS = ("int", "real", "bad")
STRING_KINDS = ("string", "uuid")
NONE: Any = np.array(None, dtype=object)  # compares and broadcasts as a cell that holds None

_INTEGER_TYPES = tuple(np.iinfo(t) for t in ("u1", "i1", "u2", "i2", "i4", "i8"))

_SLICE = 1 << 18
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

    __slots__ = ("_cells", "_facts", "_missing", "_missing_count", "kind", "levels")

    kind: str
    levels: tuple[str, ...] | None

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
        """The same column with the given rows (slice, index array or boolean mask)."""
        cells = self._cells  # looked at once: another thread may be turning it into an array
        if not isinstance(cells, np.ndarray):
            part = cells.take(rows)
            if part is not None:
                return Column(self.kind, part)
        missing = None if self.missing is None else _taken(self.missing, rows)
        return Column(self.kind, _taken(self.values, rows), missing, self.levels)

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
    """``values[rows]``; for row numbers numpy's ``take`` is the quicker way."""
    numbers = isinstance(rows, np.ndarray) and rows.dtype.kind in "iu"
    result: Array = values.take(rows) if numbers else values[rows]
    return result


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


def narrow(values: Array) -> Array:
    """Copy integers into the narrowest of uint8, int8, uint16, int16, int32, int64."""
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    return values.astype(integer_type(low, high), copy=False)


def integer_type(low: int, high: int) -> np.dtype[Any]:
    """Narrowest integer type of the column types that holds both bounds."""
    for info in _INTEGER_TYPES:
        if info.min <= low and high <= info.max:
            return info.dtype
    raise InvalidArgument(f"whole number outside 64 bits: {low} .. {high}")


def integers(values: Array, missing: Array | None = None) -> Column:
    """Column of whole numbers; the value beneath a missing cell becomes 0."""
    if missing is not None and missing.any():
        values = np.where(missing, values.dtype.type(0), values)
        if missing.all():
            return Column("bad", np.full(len(values), np.nan, np.float32))
    return Column("int", narrow(values), missing)


def numeric(values: Any, missing: Array | None = None) -> Column:
    """Column of numbers in the narrowest type that loses nothing.

    Parameters
    ----------
    values : array_like of bool, integer or float, shape (n,)
        NaN is missing.
    missing : ndarray of bool, optional
        Further missing cells.

    Returns
    -------
    Column
        ``"int"`` when every number is whole (and the column is not all missing), else ``"real"``.
    """
    values = np.asarray(values)
    if values.dtype.kind == "b":
        values = values.astype(np.uint8)
    if values.dtype.kind == "u" and values.dtype.itemsize == 8 and len(values) and values.max() > 2**63 - 1:
        values = values.astype(np.float64)
    if values.dtype.kind in "iu":
        return integers(values, missing)
    if values.dtype not in (np.float32, np.float64):
        values = values.astype(np.float64)
    if missing is not None and missing.any():
        values = np.where(missing, np.nan, values)
    absent = np.isnan(values)
    if len(values) and absent.all():
        return Column("bad", np.full(len(values), np.nan, np.float32))
    filled = np.where(absent, 0, values) if absent.any() else values
    # 2**63 itself does not fit; float64 has no value between it and the largest that does.
    if (np.abs(filled) < 2.0**63).all() and (np.trunc(filled) == filled).all():
        return integers(filled.astype(np.int64), absent)
    return reals(values)


def reals(values: Array) -> Column:
    """Column of real numbers, as float32 when no value changes by it."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        single = values.astype(np.float32)
    if values.dtype != np.float32 and not np.array_equal(single.astype(np.float64), values, equal_nan=True):
        return Column("real", np.array(values, np.float64))
    return Column("real", single)


def enum(codes: Array, levels: Sequence[str]) -> Column:
    """Column of level codes (-1 = missing) in the narrowest signed type."""
    return Column("enum", codes.astype(code_type(len(levels))), None, levels)


def code_type(levels: int) -> Any:
    """Narrowest signed type for the codes of so many levels and -1."""
    return np.int8 if levels <= 127 else np.int16 if levels <= 32767 else np.int32


def strings(values: Any, kind: str = "string", missing: Array | None = None) -> Column:
    """Column of texts.

    Parameters
    ----------
    values : sequence of (str or None), or ndarray of str
        None is missing.
    kind : str
        ``"string"`` or ``"uuid"``.
    missing : ndarray of bool, optional
        Given by callers that know it; else it is found from None.
    """
    if isinstance(values, TextCells):
        return Column(kind, values)
    if missing is None:
        cells = np.asarray(values, dtype=object)
        missing = np.equal(cells, NONE)
        values = np.where(missing, "", cells)
    texts = np.asarray(values).astype(TEXT)
    # One spelling, as in H2O, so that equal ids compare equal.
    return Column(kind, np.strings.upper(texts) if kind == "uuid" else texts, missing)


def times(milliseconds: Array, missing: Array | None = None) -> Column:
    """Column of points in time, milliseconds since 1970 UTC."""
    values = milliseconds.astype(np.int64)
    if missing is not None and missing.any():
        values = np.where(missing, 0, values)
    return Column("time", values, missing)


def level_text(value: Any) -> str:
    """Name of the level that stands for a value."""
    return format_number(float(value)) if isinstance(value, float) else str(value)


def from_codes(codes: Array, levels: list[str]) -> Column:
    """Categorical: levels put into byte order as in an imported file; unused ones are kept.

    Parameters
    ----------
    codes : ndarray of int
        -1 is missing.
    levels : list of str
        Equal ones become one level.
    """
    distinct = list(dict.fromkeys(levels))
    key: Callable[[str], Any] = level_bytes
    if all(level.lstrip("-").isdecimal() for level in distinct):
        key = int
    ordered = sorted(distinct, key=key)
    place = {level: i for i, level in enumerate(ordered)}
    remap = np.array([*(place[level] for level in levels), -1], np.int32)
    return enum(remap[codes], ordered)


def level_bytes(level: str) -> bytes:
    """What the levels of an imported factor are sorted by."""
    return level.encode("utf-8", "surrogatepass")


def sorted_enum(codes: Array, levels: Sequence[str]) -> Column:
    """Enum whose levels are put into byte order; levels that do not occur are dropped."""
    used = np.zeros(len(levels) + 1, bool)
    for start in range(0, len(codes), _SLICE):  # numpy makes indices of 8 bytes of what it indexes with
        used[codes[start : start + _SLICE]] = True
    order = sorted(np.flatnonzero(used[:-1]).tolist(), key=lambda code: level_bytes(levels[code]))
    remap = np.full(len(levels) + 1, -1, np.int32)  # the last entry answers for code -1
    remap[order] = np.arange(len(order))
    return Column("enum", recoded(codes, remap), None, [levels[code] for code in order])


def recoded(codes: Array, remap: Array) -> Array:
    """New level codes, ``remap[codes]``, in the narrowest type.

    Parameters
    ----------
    codes : ndarray of int
    remap : ndarray of int
        New code of each old one; the last entry answers for -1.
    """
    remap = remap.astype(code_type(len(remap) - 1))
    result = np.empty(len(codes), remap.dtype)
    for start in range(0, len(codes), _SLICE):
        piece = slice(start, start + _SLICE)
        np.take(remap, codes[piece], out=result[piece], mode="wrap")
    return result


def constant(value: Any, nrow: int) -> Column:
    """Column that repeats one number, text, moment or None."""
    if isinstance(value, Moment):
        return times(np.full(nrow, value.milliseconds))
    if value is None:
        return numeric(np.full(nrow, np.nan))
    if isinstance(value, str):
        return enum(np.zeros(nrow, np.int8), [value])
    return numeric(np.full(nrow, value))


def stack(parts: Sequence[Column]) -> Column:
    """Columns of the same meaning one below the other (levels are united)."""
    kinds = {part.kind for part in parts if part.kind != "bad"} or {"bad"}
    if kinds <= {"int", "real", "bad"}:
        if "real" not in kinds:
            return numeric_stack(parts)
        return numeric(np.concatenate([part.numbers() for part in parts]))
    if len(kinds) > 1:
        kinds = {"enum"} if kinds <= {"enum", "string"} else kinds
    if len(kinds) > 1:
        raise InvalidArgument(f"columns of the types {' and '.join(sorted(kinds))} cannot be put together")
    kind = kinds.pop()
    if kind == "enum":
        return _stack_enums(parts)
    if kind in STRING_KINDS and all(p.has_text_cells for p in parts):
        import pyarrow as pa

        return Column(
            kind, TextCells(pa.chunked_array([p.text_cells.arrow.cast(pa.large_string()) for p in parts]))
        )
    missing = np.concatenate([p.is_missing() for p in parts])
    if kind == "time":
        stamps = [np.zeros(len(p), np.int64) if p.kind == "bad" else p.values for p in parts]
        return times(np.concatenate(stamps), missing)
    texts = [np.zeros(len(p), TEXT) if p.kind == "bad" else p.values for p in parts]
    return strings(np.concatenate(texts), kind, missing)


def numeric_stack(parts: Sequence[Column]) -> Column:
    """Whole-number columns one below the other, without a detour over float64."""
    arrays = [np.zeros(len(p), np.uint8) if p.kind == "bad" else p.values for p in parts]
    missing = None
    if any(p.missing_count for p in parts):
        missing = np.concatenate([p.is_missing() for p in parts])
    return numeric(np.concatenate(arrays), missing) if arrays else numeric(np.zeros(0, np.uint8))


def _stack_enums(parts: Sequence[Column]) -> Column:
    number: dict[str, int] = {}
    pieces = []
    for part in parts:
        if part.kind == "bad":
            pieces.append(np.full(len(part), -1, np.int32))
            continue
        source = part if part.kind == "enum" else factor(part)
        levels = source.levels or ()
        codes = np.array([*(number.setdefault(level, len(number)) for level in levels), -1], np.int32)
        pieces.append(codes[source.values])
    # Levels keep the order of first appearance only while they are collected.
    order = sorted(number, key=level_bytes)
    remap = np.array([*np.argsort([number[level] for level in order]), -1], np.int32)
    return enum(remap[np.concatenate(pieces)], order)


def factor(column: Column) -> Column:
    """The column as enum: texts sorted by bytes, numbers sorted by value."""
    if column.kind == "enum":
        return column
    if column.is_text:
        encoded = column.text_cells.arrow.dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return sorted_enum(codes, encoded.dictionary.to_pylist())
    absent = column.is_missing()
    present = column.values[~absent]
    uniques, inverse = np.unique(present, return_inverse=True)
    codes = np.full(len(column), -1, np.int32)
    codes[~absent] = inverse
    text = real_text if column.kind == "real" else format_number
    return enum(codes, [text(value) for value in uniques.tolist()])


def has_mean(column: Column) -> bool:
    """Whether a column has a sum, a mean and a variance: numbers, times, and enums of up to two levels (0 and 1)."""
    if column.kind == "enum":
        return len(column.levels or ()) <= 2
    return not column.is_text
