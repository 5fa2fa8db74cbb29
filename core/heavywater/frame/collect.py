"""Putting the pieces of a column, block by block, together."""

from __future__ import annotations

import numpy as np

from .columns import Array, Column, numeric, sorted_enum, stack
from .delimited import LevelPiece, Piece


class Collector:
    """Pieces of one column in the order of rows."""

    def __init__(self) -> None:
        self._pieces: list[Piece | Array] = []
        self._numbers: dict[str, int] = {}
        self.nbytes = 0

    def add(self, piece: Piece | Array) -> None:
        """Append the rows of one block (a plain array holds whole numbers, none missing)."""
        if isinstance(piece, LevelPiece):
            number = self._numbers
            remap = [*(number.setdefault(level, len(number)) for level in piece.levels), -1]
            codes = np.array(remap, np.int32)[piece.codes]
            piece = codes.astype(np.int8) if len(number) < 127 else codes
        self._pieces.append(piece)
        self.nbytes += piece.nbytes

    def finish(self, kind: str) -> Column:
        """The whole column; the pieces are given up."""
        pieces, self._pieces = self._pieces, []
        if kind == "enum":
            codes = (
                np.concatenate([p for p in pieces if isinstance(p, np.ndarray)])
                if pieces
                else np.zeros(0, np.int8)
            )
            return sorted_enum(codes, list(self._numbers))
        if not pieces:
            return empty(kind)
        if all(isinstance(piece, np.ndarray) for piece in pieces):
            return numeric(np.concatenate(pieces))  # type: ignore[arg-type]
        columns = [numeric(piece) if isinstance(piece, np.ndarray) else piece for piece in pieces]
        return stack([c for c in columns if isinstance(c, Column)]) if len(columns) > 1 else columns[0]  # type: ignore[return-value]


def empty(kind: str) -> Column:
    """A column without rows."""
    from .columns import strings, times

    none = np.zeros(0, np.uint8)
    if kind == "time":
        return times(none)
    return strings([], kind) if kind in ("string", "uuid") else numeric(none)
