"""Typed, immutable columns in the narrowest type that holds their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import InvalidArgument

KINDS = ("int", "real", "enum", "time", "string", "uuid", "bad")
NUMERIC_KINDS = ("int", "real", "bad")
STRING_KINDS = ("string", "uuid")
TEXT = np.dtypes.StringDType()
NONE: Any = np.array(None, dtype=object)  # compares and broadcasts as a cell that holds None

_INTEGER_TYPES = tuple(np.iinfo(t) for t in ("u1", "i1", "u2", "i2", "i4", "i8"))

Array = np.ndarray[Any, np.dtype[Any]]


class Column:
    """One column of a frame.

    Operations never change a column: they return a new one, so that frames may share columns
    (copy on write). The arrays are made read-only.

    Parameters
    ----------
    kind : str
        One of ``KINDS``. ``"bad"`` is a numeric column in which everything is missing.
    values : ndarray, shape (n,)
        int: narrowest of uint8, int8, uint16, int16, int32, int64; real and bad: float32 or float64 with
        NaN for missing; enum: codes int8, int16 or int32 with -1 for missing; time: int64 milliseconds
        since 1970 UTC; string and uuid: numpy ``StringDType``.
    missing : ndarray of bool, shape (n,), optional
        For int, time, string and uuid; None when nothing is missing. The value beneath a missing cell
        is 0 or "".
    levels : sequence of str, optional
        For enum only.
    """

    __slots__ = ("_missing_count", "kind", "levels", "missing", "values")

    kind: str
    values: Array
    missing: Array | None
    levels: tuple[str, ...] | None

    def __init__(
        self, kind: str, values: Array, missing: Array | None = None, levels: Sequence[str] | None = None
    ) -> None:
        if kind not in KINDS:
            raise InvalidArgument(f"column kind {kind!r}: it must be one of {', '.join(KINDS)}")
        if missing is not None and not missing.any():
            missing = None
        for array in (values, missing):
            if array is not None:
                array.flags.writeable = False
        self.kind = kind
        self.values = values
        self.missing = missing
        self.levels = tuple(levels) if levels is not None else None
        self._missing_count: int | None = None

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"Column({self.kind}, {len(self)} rows, {self.values.dtype}, {self.missing_count} missing)"

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays (texts longer than 15 bytes live outside and are estimated)."""
        total = self.values.nbytes + (0 if self.missing is None else self.missing.nbytes)
        if self.kind in STRING_KINDS and len(self):
            lengths = np.strings.str_len(self.values)
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
            self._missing_count = int(np.count_nonzero(self.is_missing()))
        return self._missing_count

    def is_missing(self) -> Array:
        """Which cells are missing.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
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
        missing = None if self.missing is None else self.missing[rows]
        return Column(self.kind, self.values[rows], missing, self.levels)

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
        result = number_texts(self.values) if not self.is_text else self.values.astype(object)
        result[self.is_missing()] = None
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
    dtype = np.int8 if len(levels) <= 127 else np.int16 if len(levels) <= 32767 else np.int32
    return Column("enum", codes.astype(dtype), None, levels)


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


def sorted_enum(codes: Array, levels: Sequence[str]) -> Column:
    """Enum whose levels are put into byte order; levels that do not occur are dropped."""
    used = np.unique(codes[codes >= 0])
    order = sorted(used.tolist(), key=lambda code: levels[code].encode("utf-8", "surrogatepass"))
    remap = np.full(len(levels) + 1, -1, np.int32)  # the last entry answers for code -1
    remap[order] = np.arange(len(order))
    return enum(remap[codes], [levels[code] for code in order])


def constant(value: Any, nrow: int) -> Column:
    """Column that repeats one number, text or None."""
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
    order = sorted(number, key=lambda level: level.encode("utf-8", "surrogatepass"))
    remap = np.array([*np.argsort([number[level] for level in order]), -1], np.int32)
    return enum(remap[np.concatenate(pieces)], order)


def factor(column: Column) -> Column:
    """The column as enum: texts sorted by bytes, numbers sorted by value."""
    if column.kind == "enum":
        return column
    absent = column.is_missing()
    present = column.values[~absent]
    if column.is_text:
        uniques, inverse = np.unique(present.astype(object), return_inverse=True)
        codes = np.full(len(column), -1, np.int32)
        codes[~absent] = inverse
        return sorted_enum(codes, uniques.tolist())
    uniques, inverse = np.unique(present, return_inverse=True)
    codes = np.full(len(column), -1, np.int32)
    codes[~absent] = inverse
    return enum(codes, [format_number(value) for value in uniques.tolist()])
