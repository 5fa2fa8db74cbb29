"""What nodes that train one network together are asked for: a part of `heavywater.session.protocol`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .values import Description


class Members(Protocol):
    """What a node does as one of several that train the same network, for the session that leads them.

    The members of a run know each other as a ring, which is made anew whenever one is lost or another joins. Arrays are
    mappings as `heavywater.session.arrays_message` makes them.
    """

    def open(self, run: str, host: str) -> int:
        """Take part in a run; the port on which the left neighbour in the next ring is waited for.

        Parameters
        ----------
        run : str
            Of another one all is forgotten.
        host : str
            What to listen on.
        """

    def statistics(self, run: str, key: str, parameters: Mapping[str, Any]) -> Description:
        """What is known of the rows of a frame that is here, to be merged: see `deeplearning.training.shard.Shard`.

        Parameters
        ----------
        run : str
            Of another one all is forgotten.
        key : str
            Of the frame.
        parameters : mapping
            See `plain_parameters`.
        """

    def encode(self, run: str, statistics: Mapping[str, Any], chosen: Mapping[str, Any]) -> Description:
        """Encode these rows by what is known of all.

        Parameters
        ----------
        run : str
        statistics : mapping
            Those of all parts, merged.
        chosen : mapping
            Numbers of rows to be scored, among those that can be.

        Returns
        -------
        mapping
            ``rows``, those that were chosen, as bytes of a frame; ``used``, which categorical units others switch on.
        """

    def load(self, run: str, load: Mapping[str, Any]) -> None:
        """Take over rows, their order and the form of the network; see `deeplearning.training.ring_member.load_of`."""

    def start(self, run: str, state: Mapping[str, Any]) -> None:
        """Take over weights, number of rounds and optimiser, with which a ring begins."""

    def meet(
        self, run: str, generation: int, rank: int, ranks: int, right: Sequence[Any], seconds: float
    ) -> str:
        """Connect with both neighbours; why that has failed, empty where it has not.

        Parameters
        ----------
        run : str
        generation : int
            Number of the ring.
        rank, ranks : int
            Place in it, and how many there are.
        right : sequence
            Host and port of the next member.
        seconds : float
            In which all has to be done.
        """

    def share(self, run: str, seconds: float, take: bool) -> str:
        """Give all along the ring what its first member has; why that has failed, empty where it has not.

        Parameters
        ----------
        run : str
        seconds : float
            In which a neighbour has to send something.
        take : bool
            Whether this member is to take it over, too.
        """

    def begin(self, run: str, settings: Mapping[str, Any]) -> None:
        """What the engine is told for an iteration."""

    def train(
        self, run: str, pieces: Mapping[str, Any], rule: Mapping[str, Any], timeout: float, exchange: bool
    ) -> Description:
        """Train, and meet the others; see `deeplearning.training.ring_member.RingMember.train`."""

    def exchange(self, run: str, rule: Mapping[str, Any], timeout: float) -> Description:
        """Meet the others with what is there."""

    def weights(self, run: str) -> Description:
        """What all have in common."""

    def put(self, run: str, weights: Mapping[str, Any], rounds: int) -> None:
        """Go on with weights that all others have after so many rounds."""

    def optimiser(self, run: str) -> list[Description]:
        """State of the optimiser of each layer."""

    def end(self, run: str) -> None:
        """The run is over."""
