"""Confusion matrices as pages show them: shaded, with errors, precision and recall, and usable with hundreds of classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

WHOLE = 26  # classes of a matrix that is shown whole
MISTAKES = 20  # pairs of classes that are listed
_SHADES = 8


@dataclass(frozen=True)
class Cell:
    """A number of rows, and how dark it is: ``right`` or ``wrong`` and a shade from 0."""

    rows: float
    shade: str


@dataclass(frozen=True)
class ClassLine:
    """What a model does with one class."""

    name: str
    cells: list[Cell]
    rows: float
    error: float | None
    precision: float | None
    recall: float | None


class Confusion:
    """A confusion matrix.

    Parameters
    ----------
    names : list of str
        Of the classes.
    counts : array (actual, predicted)
        Rows, or sums of their weights.
    """

    def __init__(self, names: Sequence[str], counts: Any) -> None:
        self.names = list(names)
        self.counts = np.asarray(counts, float)

    @classmethod
    def of(cls, metrics: Mapping[str, Any] | None) -> Confusion | None:
        """That of some metrics, None where they have none."""
        table = ((metrics or {}).get("cm") or {}).get("table")
        if table is None or len(table["rows"]) < 2:
            return None
        classes = len(table["rows"]) - 1  # the last line has the sums
        return cls(
            table["columns"][:classes], [[cell or 0 for cell in row[:classes]] for row in table["rows"][:-1]]
        )

    @property
    def is_whole(self) -> bool:
        """Whether all of it can be shown."""
        return len(self.names) <= WHOLE

    @property
    def rows(self) -> float:
        """All rows."""
        return float(self.counts.sum())

    @property
    def wrong(self) -> float:
        """Those that were predicted as another class."""
        return float(self.counts.sum() - np.trace(self.counts))

    @property
    def error(self) -> float | None:
        """Their share."""
        return _share(self.wrong, self.rows)

    def lines(self, shown: Sequence[int] | None = None) -> list[ClassLine]:
        """A line for each class, or for some, with cells for the same classes."""
        meant = list(range(len(self.names))) if shown is None else list(shown)
        return [self._line(i, meant) for i in meant]

    def classes(self) -> list[ClassLine]:
        """A line for each class, without cells; those with the greatest error first."""
        found = [self._line(i, ()) for i in range(len(self.names))]
        return sorted(found, key=lambda line: -1 if line.error is None else line.error, reverse=True)

    def _line(self, i: int, shown: Sequence[int]) -> ClassLine:
        actual, predicted = float(self.counts[i].sum()), float(self.counts[:, i].sum())
        cells = [(float(self.counts[i, j]), i == j) for j in shown]
        right = float(self.counts[i, i])
        return ClassLine(
            self.names[i],
            [Cell(rows, _shade(rows, actual, right=diagonal)) for rows, diagonal in cells],
            actual,
            _share(actual - right, actual),
            _share(right, predicted),
            _share(right, actual),
        )

    def worst(self) -> list[int]:
        """The classes that take part in most mistakes, as many as a matrix can show, in the order of the classes."""
        off = self.counts - np.diag(np.diag(self.counts))
        most = np.argsort(-(off.sum(axis=0) + off.sum(axis=1)), kind="stable")[:WHOLE]
        return sorted(int(each) for each in most)

    def mistakes(self, most: int = MISTAKES) -> list[tuple[str, str, float, float]]:
        """The most frequent mistakes: actual and predicted class, rows, and their share of the rows of the actual class."""
        off = self.counts - np.diag(np.diag(self.counts))
        order = np.argsort(-off, axis=None, kind="stable")[:most]
        actual = self.counts.sum(axis=1)
        return [
            (self.names[i], self.names[j], float(off[i, j]), float(off[i, j] / actual[i]))
            for i, j in (divmod(int(each), len(self.names)) for each in order)
            if off[i, j] > 0
        ]

    def table(self) -> list[list[str]]:
        """All of it as a table: a line of names, and one for each actual class."""
        found = [["actual / predicted", *self.names]]
        found += [
            [name, *(f"{value:.10g}" for value in row)]
            for name, row in zip(self.names, self.counts, strict=True)
        ]
        return found


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _shade(rows: float, of: float, *, right: bool) -> str:
    if not rows or not of:
        return "zero"
    return f"{'right' if right else 'wrong'} shade-{min(_SHADES, 1 + int(_SHADES * rows / of))}"
