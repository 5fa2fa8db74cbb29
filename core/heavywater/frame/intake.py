"""What collects the parts of an import until they are a frame."""

from __future__ import annotations

from typing import Any

from .collect import Collector, LevelCollector, collector
from .frame import Frame
from .guess import Setup
from .pieces import LevelPiece, LostTexts, Part


class ColumnIntake:
    """Collects columns.

    Parameters
    ----------
    setup : Setup
    partition_by : list of str
        Further columns, whose value is the same for all rows of a file.
    """

    def __init__(self, setup: Setup, partition_by: list[str]) -> None:
        self.setup = setup
        self.lost: dict[int, LostTexts] = {}
        self._partition_by = partition_by
        self._collectors: list[Collector] = [
            collector(setup.types[i], setup.forced.get(i)) for i in setup.kept
        ]
        self._partitions = [LevelCollector() for _ in partition_by]

    @property
    def nbytes(self) -> int:
        """Bytes collected so far."""
        return sum(taker.nbytes for taker in (*self._collectors, *self._partitions))

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
        if not part.rows:
            return
        for taker, piece in zip(self._collectors, part.pieces, strict=True):
            taker.add(piece, share)
        for level_taker, name in zip(self._partitions, self._partition_by, strict=True):
            level_taker.add(_repeated(folders[name], part.rows), share)
        for i, texts in part.lost.items():
            before = self.lost.get(i)
            self.lost[i] = LostTexts(texts.count + before.count, before.example) if before else texts

    def frame(self) -> Frame:
        """The frame; what was collected is given up."""
        names = [self.setup.names[i] for i in self.setup.kept] + self._partition_by
        return Frame(names, [taker.finish() for taker in (*self._collectors, *self._partitions)])


def _repeated(value: str, rows: int) -> LevelPiece:
    import numpy as np

    missing = value == "__HIVE_DEFAULT_PARTITION__"
    codes: Any = np.full(rows, -1 if missing else 0, np.int8)
    return LevelPiece(codes, [] if missing else [value])
