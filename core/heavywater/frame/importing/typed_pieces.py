"""Texts to numbers, times and UUIDs; which texts contradict such a type, and which only are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...arrays import Array
from ..columns.arrow_buffers import arrow_numbers, arrow_texts, flags_of, missing_of
from ..columns.conversions import UUID_PATTERN
from ..columns.missing_words import MISSING_WORDS
from ..columns.numerals import is_value, parse_numbers
from ..columns.times import parse_times
from .pieces import (
    LevelPiece,
    LostTexts,
    NumberPiece,
    Piece,
    TextPiece,
    blank_texts,
    dictionary_levels,
    real_numbers,
)

_UUID = re.compile(UUID_PATTERN)


class Typed(NamedTuple):
    """A piece of a type, made of texts.

    Attributes
    ----------
    piece : Piece
    lost : LostTexts or None
        Of the texts that became missing and are no usual word for that.
    alien : LostTexts or None
        Of those among them that nothing of the type looks like: they contradict it. An impossible date does not.
    """

    piece: Piece
    lost: LostTexts | None = None
    alien: LostTexts | None = None


def shape(text: str) -> str:
    """A text with one 9 for each run of digits and one a for each run of letters."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()))


def typed_levels(piece: LevelPiece, kind: str, shapes: Iterable[str] = ()) -> Typed:
    """Piece of numbers, times or UUIDs from categories.

    Parameters
    ----------
    piece : LevelPiece
    kind : str
        ``"numeric"``, ``"time"`` or ``"uuid"``.
    shapes : iterable of str
        That times of the column are known to have.
    """
    if kind == "uuid":
        return uuids(text_piece(piece).cells)
    levels = piece.levels
    texts = arrow_texts(levels)
    values, misfit = parse_times(texts) if kind == "time" else parse_numbers(texts)
    missing = np.append(misfit, True)[piece.codes]
    lost = alien = None
    if misfit.any():
        unexpected, foreign = strays(levels, misfit, kind, shapes)
        lost, alien = _found(piece, unexpected), _found(piece, foreign)
    found = np.append(values, 0)[piece.codes]
    if kind == "time":
        moments = NumberPiece(found.astype(np.int64), missing if missing.any() else None)
        return Typed(moments, lost, alien)
    return Typed(real_numbers(np.where(missing, np.nan, found), False), lost, alien)


def strays(texts: Sequence[str], misfit: Array, kind: str, shapes: Iterable[str] = ()) -> tuple[Array, Array]:
    """Which of the texts that do not fit a type are no words for missing, and which contradict the type."""
    unexpected = misfit & np.array([text.strip() not in MISSING_WORDS for text in texts], dtype=bool)
    if kind != "time" or not unexpected.any():
        return unexpected, unexpected
    known = {*shapes, *(shape(text) for text, bad in zip(texts, misfit, strict=True) if not bad)}
    like = np.array([bad and shape(text) in known for text, bad in zip(texts, unexpected, strict=True)], bool)
    return unexpected, unexpected & ~like


def sample_strays(texts: Sequence[str], kind: str) -> bool:
    """Whether some texts, of a column that is taken for this type, contradict it."""
    different = list(dict.fromkeys(texts))
    if kind == "numeric":  # without Arrow, whose calls cost more than a few texts
        return any(not is_value(text) and text.strip() not in MISSING_WORDS for text in different)
    if kind == "uuid":
        misfit = np.array([_UUID.fullmatch(text) is None for text in different], dtype=bool)
    else:
        misfit = parse_times(different)[1]
    return bool(strays(different, misfit, kind)[1].any())


def _found(piece: LevelPiece, levels: Array) -> LostTexts | None:
    if not levels.any():
        return None
    hits = np.flatnonzero(np.append(levels, False)[piece.codes])
    if not len(hits):
        return None
    return LostTexts(len(hits), piece.levels[piece.codes[hits[0]]], int(hits[0]))


def uuids(cells: Any) -> Typed:
    """Piece of texts that are to be UUIDs, in one spelling, so that equal ids compare equal.

    Parameters
    ----------
    cells : pyarrow.Array of strings
    """
    import pyarrow.compute as pc

    misfit = ~flags_of(pc.match_substring_regex(cells, rf"\A{UUID_PATTERN}\z"))
    missing = missing_of(cells)
    if missing is not None:
        misfit &= ~missing
    kept = TextPiece(pc.ascii_upper(blank_texts(cells, misfit)), True)
    words = flags_of(pc.is_in(cells, arrow_texts(sorted(MISSING_WORDS)).cast(cells.type)))
    rows = np.flatnonzero(misfit & ~words)
    lost = LostTexts(len(rows), cells[int(rows[0])].as_py(), int(rows[0])) if len(rows) else None
    return Typed(kept, lost, lost)


def text_piece(piece: LevelPiece) -> TextPiece:
    """The same texts, each by itself."""
    import pyarrow as pa

    codes = piece.codes.astype(np.int32)
    numbers = arrow_numbers(codes, codes < 0)
    return TextPiece(pa.DictionaryArray.from_arrays(numbers, arrow_texts(piece.levels)).cast(pa.string()))


def level_piece(piece: TextPiece) -> LevelPiece:
    """The same texts, as categories."""
    import pyarrow as pa

    cells = piece.cells.dictionary_encode()
    return dictionary_levels(cells.cast(pa.dictionary(pa.int32(), pa.string())), frozenset())
