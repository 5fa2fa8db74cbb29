"""Reading some columns of an import once more, as texts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from ...errors import ParseError
from .intake import ColumnIntake
from .pieces import LevelPiece, Part, TextPiece
from .settling import Settling, size_of
from .setup import Setup


class TextIntake:
    """Takes rows of columns that are read again, as many as each needs.

    Parameters
    ----------
    wanted : dict of int to int
        Rows of each column.
    give : callable
        Told the column and a piece.
    """

    def __init__(self, wanted: dict[int, int], give: Callable[[int, Any], None]) -> None:
        self._wanted, self._give = dict(sorted(wanted.items())), give
        self.rows = self.nbytes = 0

    @property
    def done(self) -> bool:
        """Whether no more rows are needed."""
        return self.rows >= max(self._wanted.values())

    def add(self, part: Part, folders: dict[str, str], share: float) -> None:
        """Take the rows of a part."""
        if not part.rows:
            return
        for (i, rows), piece in zip(self._wanted.items(), part.pieces, strict=True):
            left = rows - self.rows
            if left > 0:
                self._give(i, piece if left >= part.rows else _beginning(piece, left))
                self.nbytes += size_of(piece)
        self.rows += part.rows


def _beginning(piece: Any, rows: int) -> Any:
    if isinstance(piece, LevelPiece):
        return LevelPiece(piece.codes[:rows], piece.levels)
    assert isinstance(piece, TextPiece)
    return TextPiece(piece.cells.slice(0, rows))


def read_again(
    setup: Setup,
    intake: ColumnIntake,
    make_reader: Callable[[Setup, Settling], Any],
    repeat: Callable[[Setup, Any, TextIntake], None],
    location: str,
) -> None:
    """Read the columns that texts were found in again, as far as they had been read as something else.

    At most one more pass over the files, in which nothing but these columns is converted.

    Parameters
    ----------
    setup : Setup
        Of the import.
    intake : ColumnIntake
        It has what was read first, and gets what is read now.
    make_reader : callable
        Reader of blocks or batches.
    repeat : callable
        Goes through the files once more, with the setup and the reader it is told, until the `TextIntake` is done.
    location : str
        The first file, for messages.

    Raises
    ------
    ParseError
        The files cannot be read a second time, or have changed.
    """
    wanted = intake.to_read_again()
    if not wanted:
        return
    narrow = dataclasses.replace(
        setup,
        skipped={i for i in range(len(setup.names)) if i not in wanted},
        types=list(setup.types),
        open=set(),
    )
    settling = Settling(narrow)
    settling.mark_widened(wanted)
    pieces: dict[int, list[Any]] = {i: [] for i in wanted}
    taker = TextIntake(wanted, lambda i, piece: pieces[i].append(piece))
    repeat(narrow, make_reader(narrow, settling), taker)
    if not taker.done:
        raise ParseError(f"{location}: the files changed while they were read")
    for i, found in pieces.items():
        for piece in found:
            intake.add_again(i, piece)
