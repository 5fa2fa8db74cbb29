"""What makes a column: of numbers, texts, times, codes of levels, or other columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from .column import NONE, STRING_KINDS, Column, format_number, real_text
from .moment import Moment
from .storage import TEXT, TextCells

_INTEGER_TYPES = tuple(np.iinfo(t) for t in ("u1", "i1", "u2", "i2", "i4", "i8"))
_SLICE = 1 << 18


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
    """Columns of the same meaning one below the other (levels are united); if all came as the same, it came so, too."""
    found, origin = _stacked(parts), parts[0].origin if parts else None
    if origin is None or any(part.origin != origin for part in parts):
        return found
    known = origin.order is None or found.levels == parts[0].levels
    return found.with_origin(origin) if known and found.kind in {part.kind for part in parts} else found


def _stacked(parts: Sequence[Column]) -> Column:
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
