"""Parts of columns: what one block of text or one batch of a table gives, on its way into a column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ..columns.arrow_buffers import arrow_texts, flags_of, missing_of, texts_of, valid_bits, values_of
from ..columns.makers import narrow


@dataclass(slots=True)
class NumberPiece:
    """Numbers or points in time.

    Attributes
    ----------
    values : ndarray
        Whole numbers in a narrow integer type, or real numbers with NaN for missing.
    missing : ndarray of bool, or None
        Of whole numbers.
    """

    values: Array
    missing: Array | None = None

    def __len__(self) -> int:
        return len(self.values)


@dataclass(slots=True)
class LevelPiece:
    """Codes of an enum column (-1 is missing), and the levels they number."""

    codes: Array
    levels: list[str]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(slots=True)
class TextPiece:
    """Texts, as a pyarrow array of strings.

    Attributes
    ----------
    cells : pyarrow.Array
    ids : bool
        Whether they are UUIDs in the one spelling of these.
    """

    cells: Any
    ids: bool = False

    def __len__(self) -> int:
        return len(self.cells)


Piece = NumberPiece | LevelPiece | TextPiece


@dataclass(slots=True)
class LostTexts:
    """Texts of a column that became missing because its type does not allow them.

    Attributes
    ----------
    count : int
    example : str
        The first.
    row : int
        Its row within the part, counted from 0.
    place : str
        Its file and line.
    """

    count: int
    example: str
    row: int = 0
    place: str = ""


@dataclass(slots=True)
class Part:
    """Pieces of all columns, of the same rows.

    Attributes
    ----------
    pieces : list of Piece, or ndarray, shape (columns, rows)
        An array holds whole numbers, none missing.
    lost : dict of int to LostTexts
        By position among the pieces.
    rows : int
    place : callable, optional
        File and line of a row of the part, nearly.
    escaped : tuple of int and str, optional
        Bytes that are no text and had to be escaped: their number, and the place of the first.
    left_out : tuple of int and str, optional
        Likewise the lines that count as comments although they look like data.
    """

    pieces: list[Piece] | Array
    lost: dict[int, LostTexts]
    rows: int
    place: Callable[[int], str] = str
    escaped: tuple[int, str] | None = None
    left_out: tuple[int, str] | None = None


def whole_numbers(cells: Any) -> NumberPiece:
    """Piece of an Arrow array of integers."""
    values, missing = values_of(cells), missing_of(cells)
    return NumberPiece(narrow(values if missing is None else np.where(missing, 0, values)), missing)


def floating_numbers(cells: Any, wide: bool) -> NumberPiece:
    """Piece of an Arrow array of floating-point numbers; `wide` as for `real_numbers`."""
    values, missing = values_of(cells), missing_of(cells)
    if values.dtype == np.float16:
        values = values.astype(np.float32)
    return real_numbers(
        values if missing is None else np.where(missing, values.dtype.type(np.nan), values), wide
    )


def real_numbers(values: Array, wide: bool) -> NumberPiece:
    """Piece of floating-point numbers, NaN missing.

    Parameters
    ----------
    values : ndarray of float32 or float64
    wide : bool
        Whether the column is known to need float64: then whether these values do is not looked at.
    """
    if wide:
        return NumberPiece(values)
    missing = np.isnan(values)
    gone = bool(missing.any())
    if gone and missing.all():
        return NumberPiece(np.zeros(len(values), np.uint8), missing)
    filled = np.where(missing, 0, values) if gone else values
    # 2**63 itself does not fit; float64 has no value between it and the largest that does.
    if len(values) and (np.trunc(filled) == filled).all() and np.abs(filled).max() < 2.0**63:
        return NumberPiece(narrow(filled.astype(np.int64)), missing if gone else None)
    if values.dtype == np.float32:
        return NumberPiece(values)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        single = values.astype(np.float32)
        exact = np.array_equal(single, filled if not gone else values, equal_nan=gone)
    return NumberPiece(single if exact else values)


def time_numbers(cells: Any) -> NumberPiece:
    """Piece of an Arrow array of timestamps in milliseconds."""
    values, missing = values_of(cells), missing_of(cells)
    return NumberPiece(values if missing is None else np.where(missing, 0, values), missing)


def dictionary_levels(cells: Any, gone: frozenset[str]) -> LevelPiece:
    """Piece of an Arrow dictionary array of texts; the texts in `gone` are missing."""
    codes, missing = values_of(cells.indices), missing_of(cells.indices)
    if missing is not None:
        codes = np.where(missing, -1, codes)
    levels = texts_of(cells.dictionary)
    if gone.isdisjoint(levels):
        return LevelPiece(codes, levels)
    kept = [level for level in levels if level not in gone]
    number = {level: i for i, level in enumerate(kept)}
    remap = np.array([*(number.get(level, -1) for level in levels), -1], np.int32)
    return LevelPiece(remap[codes], kept)


def without(cells: Any, gone: frozenset[str]) -> Any:
    """An Arrow array of strings in which the texts in `gone` are missing."""
    import pyarrow.compute as pc

    if not gone:
        return cells
    hits = flags_of(pc.is_in(cells, arrow_texts(sorted(gone)).cast(cells.type)))
    return blank_texts(cells, hits)


def blank_texts(cells: Any, hits: Array) -> Any:
    """An Arrow array of strings in which some more cells are missing; their bytes stay where they are."""
    import pyarrow as pa

    if not hits.any():
        return cells
    missing = missing_of(cells)
    bits = valid_bits(hits if missing is None else hits | missing)
    offsets, data = cells.buffers()[1:]
    width = 8 if pa.types.is_large_string(cells.type) else 4
    starts = offsets.slice(cells.offset * width)
    return pa.Array.from_buffers(cells.type, len(cells), [bits, starts, data])


def begins_with(cells: Any, first: bytes) -> bool:
    """Whether a text of an Arrow array of strings begins with one of these ASCII characters."""
    _, offsets, data = cells.buffers()
    if data is None or not len(cells):
        return False
    ends = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    starts = ends[:-1][ends[1:] > ends[:-1]]
    found = np.frombuffer(data, np.uint8)[starts]
    return any(bool((found == byte).any()) for byte in first)
