"""What is noticed of the inputs of a model while it scores: missing cells, unseen levels, and the last rows."""

from __future__ import annotations

import threading

import numpy as np

from ...arrays import Array
from ...deeplearning.encoding.data import DataSpec
from ...deeplearning.encoding.plain_rows import ReadRows, RowReader

MOST_ROWS = 10_000  # that are compared with training
_BYTES = 8_000_000  # that they may take: of models with more than 100 inputs fewer rows are kept, but 100
FEWEST_ROWS = 500  # from which on they are compared: of fewer the index is mostly chance


class InputWatch:
    """Counts cells of the inputs of a model, and compares the last rows with those of training.

    Parameters
    ----------
    spec : DataSpec
    reader : RowReader
        Who reads the rows.
    """

    def __init__(self, spec: DataSpec, reader: RowReader) -> None:
        self._spec, self._reader = spec, reader
        self._sizes = np.array(reader.sizes, np.int64)
        self._missing = np.zeros(len(reader.numbers) + len(reader.factors), np.int64)
        self._unseen = np.zeros(len(reader.factors), np.int64)
        width = len(self._missing) if spec.histograms else 0
        self._room = min(MOST_ROWS, max(100, _BYTES // 8 // max(1, width))) if width else 0
        self._numbers = np.empty((self._room, len(reader.numbers)))
        self._codes = np.empty((self._room, len(reader.factors)), np.int64)
        self._rows = 0  # all that came
        self._lock = threading.Lock()

    def notice(self, read: ReadRows) -> None:
        """Count what was read."""
        codes, numbers = read.codes, len(self._reader.numbers)
        absent, beyond = np.isnan(read.numbers).sum(axis=0), codes >= self._sizes
        with self._lock:
            self._missing[:numbers] += absent
            if beyond.any():
                unseen = (codes > self._sizes).sum(axis=0)
                self._unseen += unseen
                self._missing[numbers:] += beyond.sum(axis=0) - unseen
            self._keep(read)

    def _keep(self, read: ReadRows) -> None:
        n = len(read.codes)
        kept = min(n, self._room)
        if kept:
            places = (self._rows + np.arange(n - kept, n)) % self._room
            self._numbers[places], self._codes[places] = read.numbers[n - kept :], read.codes[n - kept :]
        self._rows += n

    def missing(self) -> dict[str, int]:
        """Missing cells by input."""
        names = [*self._reader.numbers, *self._reader.factors]
        return dict(zip(names, self._missing.tolist(), strict=True))

    def unseen(self) -> dict[str, int]:
        """Cells with levels that training did not know, by factor."""
        return dict(zip(self._reader.factors, self._unseen.tolist(), strict=True))

    @property
    def watched_rows(self) -> int:
        """How many of the last rows are compared with training; 0 where it is not known how those were."""
        return min(self._rows, self._room)

    def stability_indices(self) -> dict[str, float]:
        """Population stability index of each input over the last rows; none as long as there are less than 500, or all that are kept."""
        with self._lock:
            n = self.watched_rows
            numbers, codes = self._numbers[:n].copy(), self._codes[:n].copy()
        if n < min(FEWEST_ROWS, self._room) or not n:
            return {}
        reader = self._reader
        columns: list[tuple[str, Array, int | None]] = [
            *((name, column, None) for name, column in zip(reader.numbers, numbers.T, strict=True)),
            *(
                (name, column, size)
                for name, column, size in zip(reader.factors, codes.T, reader.sizes, strict=True)
            ),
        ]
        found = {}
        for name, column, size in columns:
            histogram = self._spec.histograms[name]
            found[name] = histogram.stability_index(histogram.counts(column, size))
        return found
