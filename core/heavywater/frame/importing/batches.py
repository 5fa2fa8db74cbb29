"""Record batches of typed files to pieces of columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import ParseError
from ..columns.arrow_buffers import arrow_texts, flags_of, missing_of, values_of
from ..columns.numerals import parse_numbers
from .encodings import Noted, clean_texts
from .pieces import (
    LostTexts,
    NumberPiece,
    Part,
    Piece,
    TextPiece,
    dictionary_levels,
    floating_numbers,
    real_numbers,
    time_numbers,
    whole_numbers,
    without,
)
from .settling import OPEN, Settling
from .setup import Setup
from .typed_files import kind_of_type
from .typed_pieces import level_piece, typed_levels, uuids


class BatchReader:
    """Turns record batches into parts.

    Parameters
    ----------
    setup : Setup
    settling : Settling
        Of the columns' types.
    encoding : str, optional
        Of cells that are bytes; by default UTF-8.
    """

    def __init__(self, setup: Setup, settling: Settling, encoding: str | None = None) -> None:
        self.setup = setup
        self._settling = settling
        self._encoding = encoding
        self._wide: set[int] = set()

    def settle(self, i: int) -> None:
        """Nothing: the types are looked up for each batch."""

    def __call__(self, batch: Any, name: str, first: int = 0) -> Part:
        """Pieces of the kept columns; `batch` holds them in their order, `first` is the number of its first row."""
        import pyarrow as pa

        pieces: list[Piece] = []
        lost: dict[int, LostTexts] = {}
        stray = Noted()

        def place(row: int) -> str:
            return f"{name}, row {first + row + 1}"

        for position, i in enumerate(self.setup.kept):
            try:
                cells = batch.column(position)
                if kind_of_type(cells.type) == "text":
                    cells, count, row = self._utf8(cells)
                    stray.add(count, place(row))
                piece, misfits = self._piece(i, cells)
            except (pa.ArrowException, TypeError) as error:
                raise ParseError(
                    f"{name}: column {self.setup.names[i]!r} cannot be read ({error})"
                ) from error
            pieces.append(piece)
            if misfits is not None:
                lost[position] = misfits
                misfits.place = place(misfits.row)
        return Part(pieces, lost, batch.num_rows, place, (stray.count, stray.place) if stray.count else None)

    def _utf8(self, cells: Any) -> tuple[Any, int, int]:
        """Texts as Arrow strings, or a dictionary of them, whose bytes are UTF-8."""
        import pyarrow as pa
        import pyarrow.types as pt

        if not pt.is_dictionary(cells.type):
            return clean_texts(cells, self._encoding)
        values, count, _ = clean_texts(cells.dictionary, self._encoding)
        changed = count or values.null_count or cells.indices.null_count != cells.null_count
        indices = cells.indices.cast(pa.int32())
        cells = pa.DictionaryArray.from_arrays(indices, values.cast(pa.string()))
        return cells.dictionary_decode().dictionary_encode() if changed else cells, count, 0

    def _piece(self, i: int, cells: Any) -> tuple[Piece, LostTexts | None]:
        import pyarrow.types as pt

        gone = frozenset((*self.setup.na_strings, *self.setup.column_na_strings.get(i, ())))
        kind = self._settling.kinds[i]
        if kind_of_type(cells.type) == "text":
            return self._text_piece(i, kind, cells, gone)
        if pt.is_dictionary(cells.type):
            cells = cells.dictionary_decode()
        if kind == OPEN or self._settling.is_widened(i):  # numbers here, texts in another file
            return self._text_piece(i, kind, cells.cast("string"), gone)
        if kind == "time":
            return time_numbers(_milliseconds(cells)), None
        if kind != "numeric":
            raise TypeError(f"it is of type {cells.type} here, and holds texts in the first file")
        return self._number_piece(i, cells, gone), None

    def _text_piece(
        self, i: int, kind: str, cells: Any, gone: frozenset[str]
    ) -> tuple[Piece, LostTexts | None]:
        import pyarrow.types as pt

        levels = None
        if pt.is_dictionary(cells.type):
            levels = dictionary_levels(cells, gone)
            cells = cells.dictionary_decode() if kind in ("string", "uuid") else cells
        if kind in ("string", "uuid"):
            texts = without(cells, gone)
            if kind == "string":
                return TextPiece(texts), None
            typed = uuids(texts)
            if typed.alien is None or self._settling.tolerates(i):
                return typed.piece, typed.lost
            return TextPiece(texts), typed.alien
        levels = levels or level_piece(TextPiece(without(cells, gone)))
        if kind not in ("numeric", "time"):
            return levels, None
        typed = typed_levels(levels, kind, self._settling.shapes(i))
        if typed.alien is None or self._settling.tolerates(i):
            return typed.piece, typed.lost
        return levels, typed.alien

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
