"""Record batches of typed files to pieces of columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ParseError
from .arrow import arrow_texts, flags_of, missing_of, values_of
from .guess import Setup
from .numerals import parse_numbers
from .pieces import (
    LostTexts,
    NumberPiece,
    Part,
    Piece,
    TextPiece,
    floating_numbers,
    levels_of,
    moments,
    real_numbers,
    typed_texts,
    uuids,
    whole_numbers,
    without,
)
from .tables import kind_of, strings_of


class BatchReader:
    """Turns record batches into parts.

    Parameters
    ----------
    setup : Setup
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._wide: set[int] = set()

    def __call__(self, batch: Any, name: str) -> Part:
        """Pieces of the kept columns; `batch` holds them in their order."""
        import pyarrow as pa

        pieces: list[Piece] = []
        lost: dict[int, LostTexts] = {}
        for place, i in enumerate(self.setup.kept):
            try:
                piece, misfits = self._piece(i, batch.column(place))
            except (pa.ArrowException, TypeError) as error:
                raise ParseError(
                    f"{name}: column {self.setup.names[i]!r} cannot be read ({error})"
                ) from error
            pieces.append(piece)
            if misfits is not None:
                lost[place] = misfits
        return Part(pieces, lost, batch.num_rows)

    def _piece(self, i: int, cells: Any) -> tuple[Piece, LostTexts | None]:
        import pyarrow.types as pt

        gone = frozenset((*self.setup.na_strings, *self.setup.column_na_strings.get(i, ())))
        kind = self.setup.types[i]
        if kind_of(cells.type) == "text":
            return self._text_piece(kind, cells, gone)
        if pt.is_dictionary(cells.type):
            cells = cells.dictionary_decode()
        if kind == "time":
            return moments(_milliseconds(cells)), None
        if kind != "numeric":
            raise TypeError(f"it is of type {cells.type} here, and holds texts in the first file")
        return self._number_piece(i, cells, gone), None

    def _text_piece(self, kind: str, cells: Any, gone: frozenset[str]) -> tuple[Piece, LostTexts | None]:
        import pyarrow as pa

        if kind in ("string", "uuid"):
            texts = without(cells if pa.types.is_large_string(cells.type) else strings_of(cells), gone)
            return uuids(texts) if kind == "uuid" else (TextPiece(texts), None)
        if not pa.types.is_dictionary(cells.type):
            cells = strings_of(cells).dictionary_encode()
        elif cells.type != pa.dictionary(pa.int32(), pa.string()):
            cells = cells.cast(pa.dictionary(pa.int32(), pa.string()))
        if cells.dictionary.null_count:
            cells = cells.dictionary_decode().dictionary_encode()
        if kind in ("enum", "unknown"):
            return levels_of(cells, gone), None
        return typed_texts(cells, kind, gone)

    def _number_piece(self, i: int, cells: Any, gone: frozenset[str]) -> NumberPiece:
        import pyarrow as pa
        import pyarrow.types as pt

        if pt.is_null(cells.type):
            return NumberPiece(np.zeros(len(cells), np.uint8), np.ones(len(cells), bool))
        if pt.is_boolean(cells.type):
            return NumberPiece(flags_of(cells).astype(np.uint8), missing_of(cells))
        if pt.is_decimal(cells.type):
            cells = cells.cast(pa.float64())
        if pt.is_integer(cells.type) and cells.type != pa.uint64():
            piece = whole_numbers(cells)
        elif pt.is_integer(cells.type):
            values, missing = values_of(cells), missing_of(cells)
            if len(values) and values.max() > 2**63 - 1:
                piece = real_numbers(
                    np.where(missing, np.nan, values) if missing is not None else values + 0.0, False
                )
            else:
                piece = NumberPiece(values.astype(np.int64), missing)
        else:
            piece = floating_numbers(cells, i in self._wide)
            if piece.values.dtype == np.float64:
                self._wide.add(i)
        return _blanked(piece, gone)


def _blanked(piece: NumberPiece, gone: frozenset[str]) -> NumberPiece:
    """The piece without the numbers that mean missing, such as -99."""
    if not gone:
        return piece
    numbers, misfit = parse_numbers(arrow_texts(sorted(gone)))
    hits = np.isin(piece.values, numbers[~misfit])
    if not hits.any():
        return piece
    if piece.values.dtype.kind == "f":
        return NumberPiece(np.where(hits, piece.values.dtype.type(np.nan), piece.values))
    missing = hits if piece.missing is None else hits | piece.missing
    return NumberPiece(np.where(missing, piece.values.dtype.type(0), piece.values), missing)


def _milliseconds(cells: Any) -> Any:
    import pyarrow as pa
    import pyarrow.types as pt

    if pt.is_time(cells.type):
        return cells.cast(pa.time32("ms"), safe=False).cast(pa.int32()).cast(pa.int64())
    return cells.cast(pa.timestamp("ms", getattr(cells.type, "tz", None)), safe=False)
