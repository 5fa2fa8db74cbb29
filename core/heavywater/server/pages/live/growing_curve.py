"""The curves of a training as they are drawn: they grow, and never have too many points."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..charts.thinning import MOST_POINTS, peaks, plain

_FEWER = 500  # points that are left when there were too many
_SCORES = ("training_", "validation_")


class GrowingCurve:
    """The scores of one training.

    Parameters
    ----------
    job : str

    Attributes
    ----------
    known : int
        Lines of the history that are in it.
    """

    def __init__(self, job: str) -> None:
        self.job, self.known = job, 0
        self._names: list[str] = []
        self._metric = ""
        self._columns: list[list[Any]] = []
        self._marks: list[tuple[int, int]] = []  # version, and how many points there were then
        self._encoded: dict[int, bytes] = {}  # by the first point

    def __len__(self) -> int:
        """How many points it has."""
        return len(self._columns[0]) if self._columns else 0

    def takes(self, found: Mapping[str, Any]) -> bool:
        """Whether there is room for further lines, and they have the same columns; else it is to be made anew of all lines."""
        fits = not self._names or self._names == found["names"]
        return fits and len(self) + len(found["columns"][0]) <= MOST_POINTS

    def grow(self, found: Mapping[str, Any], version: int) -> bool:
        """Take further lines; whether there are any."""
        count = len(found["columns"][0])
        if not count:
            return False
        if not self._columns:
            self._names, self._columns = list(found["names"]), [[] for _ in found["names"]]
        self._metric = found["metric"]
        for column, more in zip(self._columns, found["columns"], strict=True):
            column += map(_number, more)
        self.known += count
        self._mark(version)
        return True

    def renew(self, found: Mapping[str, Any], version: int) -> None:
        """Take all lines in place of what there is, as many of them as can be drawn."""
        names, columns = list(found["names"]), found["columns"]
        scores = [column for name, column in zip(names, columns, strict=True) if name.startswith(_SCORES)]
        self.known = len(columns[0])
        kept = kept_points(scores or columns[:1], _FEWER)
        self._names, self._metric, self._marks = names, found["metric"], []
        self._columns = [[_number(column[place]) for place in kept] for column in columns]
        self._mark(version)

    def _mark(self, version: int) -> None:
        self._marks.append((version, len(self)))
        self._encoded = {}

    def since(self, version: int) -> bytes | None:
        """The points that have come after a version, as JSON: ``job, names, metric, first, columns``; None where none has.

        ``first`` is the place of the first of them: what was there before stays, what was behind it goes.
        """
        place = bisect_right(self._marks, (version, MOST_POINTS * MOST_POINTS))
        if place == len(self._marks):
            return None
        first = self._marks[place - 1][1] if place else 0
        if first not in self._encoded:
            told = {
                "job": self.job,
                "names": self._names,
                "metric": self._metric,
                "first": first,
                "columns": [column[first:] for column in self._columns],
            }
            self._encoded[first] = encoded(told)
        return self._encoded[first]


def kept_points(columns: Sequence[Sequence[float | None]], count: int) -> list[int]:
    """The places of the points that stay, ascending, at most so many: peaks of all curves, and evenly some in between."""
    total = len(columns[0])
    share = max(4, count // len(columns))
    kept = np.unique(np.concatenate([peaks(plain(column), share) for column in columns]))
    others = np.setdiff1d(np.arange(total), kept)
    room = min(count - len(kept), len(others))
    if room > 0:
        kept = np.union1d(kept, others[np.linspace(0, len(others) - 1, room).astype(int)])
    return [int(place) for place in kept]


def encoded(value: Any) -> bytes:
    """JSON of one line."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _number(value: Any) -> float | None:
    """Six digits are more than can be seen, but of times."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.6g}") if abs(value) < 1e6 else value
