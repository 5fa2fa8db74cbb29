"""What the members of a ring are told to train: pieces of the order of rows, which they share out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ...arrays import Array
from .order import RowOrder


@dataclass(frozen=True)
class Piece:
    """Visits that all members train together, each a part of its own.

    Attributes
    ----------
    first, last : int
        Of the visits.
    samples : int
        Rows trained before the first one: the number of its sample.
    part : tuple of (int, int)
        All of these visits that are meant: part k of n, and of that part again ... : what a lost member had to train.
    """

    first: int
    last: int
    samples: int
    part: tuple[tuple[int, int], ...] = ()

    def share_of(self, k: int, n: int) -> Piece:
        """The part of the member with rank k among n."""
        return replace(self, part=(*self.part, (k, n)))

    def cut(self, rows: int) -> tuple[int, int]:
        """Which of so many rows, the first and the one behind the last."""
        low, high = 0, rows
        for k, n in self.part:
            low, high = low + (high - low) * k // n, low + (high - low) * (k + 1) // n
        return low, high


@dataclass(frozen=True)
class Run:
    """Pieces that follow each other.

    Attributes
    ----------
    first, last : int
        Of the visits.
    size : int
        Visits of each piece; the last one may be shorter.
    samples, part
        See `Piece`.
    """

    first: int
    last: int
    size: int
    samples: int
    part: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, piece: Piece) -> Run:
        """One piece alone."""
        return cls(piece.first, piece.last, piece.last - piece.first, piece.samples, piece.part)

    @property
    def count(self) -> int:
        """Number of pieces."""
        return -(-(self.last - self.first) // self.size)

    def piece(self, number: int, samples: int) -> Piece:
        """Piece of a number, before which so many rows were trained."""
        first = self.first + number * self.size
        return Piece(first, min(first + self.size, self.last), samples, self.part)

    def plain(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Run:
        """From plain values."""
        part = tuple((int(k), int(n)) for k, n in values["part"])
        return cls(**{**values, "part": part})


class SharedOrder:
    """The rows of a piece, for a member that has all of them, or some only.

    Parameters
    ----------
    order : RowOrder
        Of the rows that this member has.
    own : tuple of int, optional
        Where it has some only: the number of its first row among all, that behind its last one, and how many there are
        everywhere. It trains its own rows alone then, as many for each row that is visited as it has of all rows.
    """

    def __init__(self, order: RowOrder, own: tuple[int, int, int] | None = None) -> None:
        self._order, self._own = order, own

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> SharedOrder:
        """From plain values and arrays, see `member.load_of`."""
        order = RowOrder(values["usable"], values["seed"], values["shuffle"])
        order.rows = values["rows"]
        return cls(order, values["own"])

    def rows(self, piece: Piece) -> tuple[Array, int, int]:
        """Rows of a member's part to train, int64; the number of the first one's sample; samples of the whole piece."""
        if self._own is None:
            visits = self._order.visits(piece.first, piece.last)
            low, high = piece.cut(len(visits))
            return visits[low:high], piece.samples + low, len(visits)
        begin, end, total = self._own
        n, visited = end - begin, piece.last - piece.first
        if n == 0:
            return np.empty(0, np.int64), piece.samples, visited
        visits = self._order.visits(piece.first * n // total, piece.last * n // total)
        return visits, piece.samples + visited * begin // total, visited
