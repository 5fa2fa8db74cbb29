"""What trains a network in several processes, as the one who leads them sees it, and what of their work is open."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ...arrays import Array
from .averaging_rule import AveragingRule
from .ring_member import Report
from .shares import Piece, Run

Reports = dict[int, Report | None]  # by the number of the member; None: it is lost


class Peers(Protocol):
    """The processes that train a network together, as the one who leads them sees them; each has a number for good.

    Whatever is asked of those that are lost is not done, and what they are asked for is None.
    """

    @property
    def ring(self) -> list[int]:
        """Members of the present ring, in its order; empty where nobody is left."""

    @property
    def threads(self) -> int:
        """Of all of them."""

    def changed(self) -> bool:
        """Whether one of the ring is lost, or another could take part."""

    def renew(self, start: Mapping[str, Any], *, anew: bool) -> bool:
        """Make a ring of all that there are; whoever is new gets what the others have.

        Parameters
        ----------
        start : mapping
            Weights, rounds and the state of the optimiser, with which they begin where nobody is left who has trained.
        anew : bool
            Whether all are to begin with it in any case.

        Returns
        -------
        bool
            Whether they have begun with it.
        """

    def begin(self, settings: Mapping[str, Any]) -> None:
        """Tell all what stays the same throughout an iteration."""

    def train(self, run: Run, rule: AveragingRule, timeout: float, *, exchange: bool) -> Reports:
        """Let all train; see `RingMember.train`."""

    def exchange(self, rule: AveragingRule, timeout: float) -> Reports:
        """Let all meet with what they have."""

    def weights(self, member: int) -> Array | None:
        """What all had in common when this one met the others last."""

    def put(self, members: Sequence[int], weights: Array, rounds: int) -> None:
        """Let some go on with weights that all others have after so many rounds."""

    def optimiser(self, member: int) -> list[dict[str, Array]] | None:
        """State of the optimiser of each layer."""

    def news(self) -> list[str]:
        """What has happened to them since it was asked last."""


class OpenWork:
    """Pieces of the order of rows that are in nobody's common weights yet.

    Parameters
    ----------
    replicated : bool
        Whether others can train what one member had to: all have all rows.

    Attributes
    ----------
    parts : dict of int and list of Piece
        What each member has trained since all have met.
    again : deque of Piece
        What nobody has, since members were lost: to be trained anew.
    """

    def __init__(self, replicated: bool) -> None:
        self._replicated = replicated
        self.parts: dict[int, list[Piece]] = {}
        self.again: deque[Piece] = deque()

    def __bool__(self) -> bool:
        return bool(self.parts or self.again)

    def add(self, ring: Sequence[int], piece: Piece, trained: set[int]) -> None:
        """A ring was to train a piece, and these members have done their part."""
        for rank, member in enumerate(ring):
            part = piece.share_of(rank, len(ring))
            if member in trained:
                self.parts.setdefault(member, []).append(part)
            else:
                self._lose(part)

    def lose_all_but(self, ring: Sequence[int]) -> None:
        """Members that are not of this ring are gone, with what they have trained."""
        for member in set(self.parts) - set(ring):
            self._lose(*self.parts.pop(member))

    def _lose(self, *parts: Piece) -> None:
        if self._replicated:
            self.again.extend(parts)

    def clear(self) -> None:
        """Nothing is open."""
        self.parts.clear()
        self.again.clear()
