"""What collects the parts of an import until they are a frame."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import numpy as np

from ...arrays import Array
from ..frame import Frame
from .collect import Collector, LevelCollector, NumberCollector, collector
from .encodings import Noted
from .pieces import LevelPiece, LostTexts, Part, Piece, TextPiece
from .settling import OPEN, OpenCollector, Settling, WidenedCollector, as_kind, first_values
from .setup import Setup
from .typed_pieces import typed_levels

Taker = Collector | OpenCollector | WidenedCollector


class ColumnIntake:
    """Collects columns, and settles the types of those that the first lines left open or had wrong.

    Parameters
    ----------
    setup : Setup
    partition_by : list of str
        Further columns, whose value is the same for all rows of a file.
    settling : Settling
    settled : callable
        Told the position of a column whose type has been decided.

    Attributes
    ----------
    lost : dict of int to LostTexts
        What became missing, by position among the kept columns.
    widened : dict of int to LostTexts
        The first texts that contradicted the type of a column, by position.
    escaped, left_out : Noted
        Bytes that are no text; lines that count as comments although they look like data.
    """

    def __init__(
        self,
        setup: Setup,
        partition_by: list[str],
        settling: Settling,
        settled: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.setup, self._kept = setup, setup.kept
        self.lost: dict[int, LostTexts] = {}
        self.widened: dict[int, tuple[str, LostTexts]] = {}  # with the type until then
        self.escaped, self.left_out = Noted(), Noted()
        self._partition_by = partition_by
        self._settling, self._settled = settling, settled
        self._rows = 0
        self._takers: list[Taker] = [
            OpenCollector() if settling.kinds[i] == OPEN else collector(setup.types[i], setup.forced.get(i))
            for i in self._kept
        ]
        self._partitions = [LevelCollector() for _ in partition_by]

    @property
    def nbytes(self) -> int:
        """Bytes collected so far."""
        return sum(taker.nbytes for taker in (*self._takers, *self._partitions))

    def add(self, part: Part, folders: dict[str, str], share: float) -> None:
        """Append the rows of a part.

        Parameters
        ----------
        part : Part
        folders : dict of str to str
            Values of the partition columns.
        share : float
            How much of everything there is has been read with this, 0 to 1 (0: unknown).
        """
        if part.escaped is not None:
            self.escaped.add(*part.escaped)
        if part.left_out is not None:
            self.left_out.add(*part.left_out)
        if not part.rows:
            return
        for place, (taker, piece) in enumerate(zip(self._takers, part.pieces, strict=True)):
            if not taker.takes(piece):
                piece = self._settle(place, piece, part)
                taker = self._takers[place]
            taker.add(piece, share)
        for level_taker, name in zip(self._partitions, self._partition_by, strict=True):
            level_taker.add(_repeated(folders[name], part.rows), share)
        for place, texts in part.lost.items():
            if place not in self.widened:
                self._lose(place, texts)
        self._rows += part.rows

    @property
    def done(self) -> bool:
        """Whether no more rows are needed; never so."""
        return False

    def _lose(self, place: int, texts: LostTexts) -> None:
        before = self.lost.get(place)
        if before is None:
            self.lost[place] = texts
        else:
            before.count += texts.count

    def _settle(self, place: int, piece: Piece | Array, part: Part) -> Piece | Array:
        """Make the taker of a column one that takes a piece; the piece as that takes it."""
        taker, i = self._takers[place], self._kept[place]
        assert isinstance(piece, (LevelPiece, TextPiece))  # the readers refuse numbers where there are texts
        if isinstance(taker, OpenCollector):
            levels = as_kind(piece, "enum")
            assert isinstance(levels, LevelPiece)
            earlier = taker.earlier()
            kind = self._settling.decide(i, first_values(levels))
            self._takers[place] = decided = collector(kind, self.setup.forced.get(i))
            if len(earlier):
                texts = kind in ("enum", "string")
                decided.add(as_kind(earlier, kind) if texts else typed_levels(earlier, kind).piece, 0.0)
            piece = levels
            self._settled(i)
        kind = self.setup.types[i]
        if kind in ("enum", "string"):
            return as_kind(piece, kind)
        levels = as_kind(piece, "enum")
        assert isinstance(levels, LevelPiece)
        if place in part.lost:  # the reader has seen it
            return self._widen(place, levels, part.lost[place])
        typed = typed_levels(levels, kind, self._settling.shapes(i))
        if typed.alien is not None and not self._settling.tolerates(i):
            return self._widen(place, levels, part.lost.get(place) or _placed(typed.alien, part))
        if typed.lost is not None and place not in part.lost:
            self._lose(place, _placed(typed.lost, part))
        return typed.piece

    def _widen(self, place: int, piece: LevelPiece, texts: LostTexts) -> Piece:
        i = self._kept[place]
        self.widened[place] = self.setup.types[i], texts
        self.lost.pop(place, None)
        before = self._takers[place]
        assert not isinstance(before, (OpenCollector, WidenedCollector))
        self._takers[place] = WidenedCollector(self._settling.widen(i), before, self._rows)
        self._settled(i)
        return piece

    def widen_by_majority(self) -> None:
        """Make columns texts that have more texts than numbers, though their first lines had not."""
        for place, texts in list(self.lost.items()):
            taker, i = self._takers[place], self._kept[place]
            if (
                isinstance(taker, NumberCollector)
                and i not in self.setup.stated
                and texts.count > taker.present
            ):
                empty = LevelPiece(np.zeros(0, np.int8), [])
                self._widen(place, empty, texts)

    def to_read_again(self) -> dict[int, int]:
        """Columns of which the first rows are to be read again as texts, and how many rows."""
        return {
            self._kept[place]: taker.again
            for place, taker in enumerate(self._takers)
            if isinstance(taker, WidenedCollector) and taker.again
        }

    def add_again(self, i: int, piece: Piece | Array) -> None:
        """Append rows of a column that were read again."""
        taker = self._takers[bisect_left(self._kept, i)]
        assert isinstance(taker, WidenedCollector)
        taker.add_again(piece)

    def frame(self) -> Frame:
        """The frame; what was collected is given up."""
        names = [self.setup.names[i] for i in self._kept] + self._partition_by
        return Frame(names, [taker.finish() for taker in (*self._takers, *self._partitions)])


def _placed(texts: LostTexts, part: Part) -> LostTexts:
    texts.place = part.place(texts.row)
    return texts


def _repeated(value: str, rows: int) -> LevelPiece:
    missing = value == "__HIVE_DEFAULT_PARTITION__"
    codes: Any = np.full(rows, -1 if missing else 0, np.int8)
    return LevelPiece(codes, [] if missing else [value])
