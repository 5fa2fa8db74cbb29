"""One of several processes that train the same network: its own rows between two rounds, then what all have learnt."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine._net32 import Network
from ...engine._ring import Ring
from ...engine.rows import Rows
from ...errors import InvalidArgument
from ..model.network import exploded, layout
from .averaging_rule import AveragingRule, CommonWeights
from .prepared import Prepared
from .runner import Runner
from .shares import Piece, Run, SharedOrder


@dataclass
class Report:
    """What a member has done when it was asked to train.

    Attributes
    ----------
    rounds : int
        How often it has met the others, in all.
    pending : int
        Pieces that it has trained since.
    samples : int
        Rows that it has trained now.
    seconds : float
        In the engine.
    meetings : list of float
        Seconds of each meeting, waiting for others included.
    failure : str
        Why its ring failed; empty where it did not.
    exploded : list
        Layer, size of its weights, largest bias, where they are beyond all bounds; else empty.
    """

    rounds: int
    pending: int
    samples: int = 0
    seconds: float = 0.0
    meetings: list[float] = field(default_factory=list)
    failure: str = ""
    exploded: list[float] = field(default_factory=list)

    @property
    def ring_seconds(self) -> float:
        """In all meetings."""
        return sum(self.meetings)


class RingMember:
    """The network of one process, its rows and its place in a ring.

    Parameters
    ----------
    net : dict
        Arguments of `Network`, which are the same for all members.
    channels : sequence of int
        Of each layer.
    rows : Rows
    order : SharedOrder
    threads : int
    reproducible : bool
    batch : int
        Rows of an update.
    elastic : float, optional
        All keep their own weights, which are pulled to a centre, and the centre moves to their mean; the share of that.
    """

    def __init__(
        self,
        net: Mapping[str, Any],
        channels: Sequence[int],
        rows: Rows,
        order: SharedOrder,
        threads: int,
        *,
        reproducible: bool,
        batch: int,
        elastic: float | None = None,
    ) -> None:
        self._arguments, self._channels, self._threads = dict(net), channels, threads
        self._manner: dict[str, Any] = {"reproducible": reproducible, "batch": batch}
        self.net = Network(**net)
        self._set_rows(rows, order)
        self._ring: Ring | None = None
        self._generation = 0
        self._pending = 0
        self._weight = 0.0  # rows trained since all have met
        self._common = CommonWeights(len(self.net.buffer()))
        self._elastic = elastic
        self._centre: Network | None = None

    def _set_rows(self, rows: Rows, order: SharedOrder) -> None:
        self._order = order
        units = self._arguments["units"]
        self._runner = Runner(self.net, rows, units, self._channels, self._threads, **self._manner)

    @classmethod
    def of(cls, load: Mapping[str, Any], threads: int) -> RingMember:
        """Of what `load_of` gives."""
        return cls(
            load["net"],
            load["channels"],
            Rows(**load["rows"]),
            SharedOrder.of(load["order"]),
            threads,
            reproducible=load["reproducible"],
            batch=load["batch"],
            elastic=load["elastic"],
        )

    def take_rows(self, load: Mapping[str, Any]) -> None:
        """Train other rows from now on; the network stays what it is."""
        self._set_rows(Rows(**load["rows"]), SharedOrder.of(load["order"]))

    # ---- state, from the one who leads and for it

    def begin(self, settings: Mapping[str, Any]) -> None:
        """What stays the same throughout an iteration."""
        self.net.configure(**settings)

    def put(self, values: Array, rounds: int) -> None:
        """Go on with these weights, which all members have after so many rounds."""
        np.copyto(self.net.buffer(), values)
        self.net.take_buffer()
        self._common.put(values, rounds)
        self._pending, self._weight = 0, 0.0

    @property
    def common(self) -> Array:
        """What all have had in common when they met last."""
        return self._common.weights

    @property
    def rounds(self) -> int:
        """How often they have met."""
        return self._common.rounds

    def optimiser(self) -> list[dict[str, Array]]:
        """State of each layer's optimiser, which stays with each member."""
        return [self.net.state(i) for i in range(len(self._arguments["units"]))]

    def set_optimiser(self, states: Sequence[Mapping[str, Array]]) -> None:
        """Go on with another's."""
        for i, state in enumerate(states):
            self.net.set_state(i, dict(state))

    # ---- training

    def meet(self, ring: Ring, generation: int) -> None:
        """Take a place in a ring."""
        self._ring, self._generation = ring, generation

    def train(
        self, run: Run, rule: AveragingRule, timeout: float, *, exchange: bool, cancelled: Callable[[], bool]
    ) -> Report:
        """Train this member's part of each piece, and after each, or not at all, meet the others.

        Parameters
        ----------
        run : Run
        rule : AveragingRule
        timeout : float
            Seconds after which a round has failed.
        exchange : bool
            Whether to meet after each piece.
        cancelled : callable
            Whether to leave off before the next piece.
        """
        report, samples = Report(self.rounds, self._pending), run.samples
        for number in range(run.count):
            if cancelled():
                report.failure = "it was told to leave off"
                break
            samples += self._train_part(run.piece(number, samples), report)
            if report.exploded or (exchange and not self._exchange(rule, timeout, report)):
                break
        return self._completed(report)

    def exchange(self, rule: AveragingRule, timeout: float) -> Report:
        """Meet the others with what is there."""
        report = Report(self.rounds, self._pending)
        self._exchange(rule, timeout, report)
        return self._completed(report)

    def _completed(self, report: Report) -> Report:
        report.rounds, report.pending = self.rounds, self._pending
        return report

    def _train_part(self, piece: Piece, report: Report) -> int:
        """Train the rows of this member; samples of the whole piece."""
        rows, sample, whole = self._order.rows(piece.share_of(self._place.rank, self._place.ranks))
        done = 0
        while done < len(rows) and not report.exploded:
            part = rows[done : done + self._runner.slice_rows(sample + done)]
            report.seconds += self._runner.train(part, sample + done)
            done += len(part)
            report.exploded = [float(value) for value in exploded(self.net, len(self._channels)) or ()]
        report.samples += done
        self._weight += done
        self._pending += 1
        return whole

    @property
    def _place(self) -> Ring:
        if self._ring is None:
            raise InvalidArgument("members.train: this process has no place in a ring yet (members.meet)")
        return self._ring

    def _exchange(self, rule: AveragingRule, timeout: float, report: Report) -> bool:
        began = time.perf_counter()
        try:
            self._meet(rule, timeout)
        except (OSError, InterruptedError) as error:
            report.failure = str(error)
        report.meetings.append(round(time.perf_counter() - began, 6))
        return not report.failure

    def _meet(self, rule: AveragingRule, timeout: float) -> None:
        values = self.net.buffer()
        which: dict[str, Any] = {"generation": self._generation, "timeout": timeout}
        if self._elastic is None:
            self._common.merge(self._place, values, rule, rows=self._weight, **which)
            self.net.take_buffer()
        else:
            mean: Array = np.empty_like(values)
            self._place.exchange(values, None, mean, round=self.rounds, **which)
            mean *= np.float32(self._elastic)
            mean += np.float32(1 - self._elastic) * self.common
            self._common.put(mean, self.rounds + 1)
            self._pull_to(mean)
        self._pending, self._weight = 0, 0.0

    def _pull_to(self, centre: Array) -> None:
        """Let training pull the weights to a centre, as strongly as the engine's setting `elastic` says."""
        if self._centre is None:
            self._centre = Network(**self._arguments)
        np.copyto(self._centre.buffer(), centre)
        self._centre.take_buffer()
        for i in range(len(self._channels)):
            self.net.set_centre(i, self._centre.weights(i), self._centre.biases(i))


def load_of(prepared: Prepared, own: tuple[int, int] | None = None) -> dict[str, Any]:
    """What a member needs for all of a training, as plain values and arrays; without the rows where they lie elsewhere.

    Parameters
    ----------
    prepared : Prepared
    own : tuple of int, optional
        First row, and the one behind the last, of a member that gets, or has, some rows only.
    """
    p, order, topology, rows = prepared.parameters, prepared.order, prepared.topology, prepared.rows
    usable, there = order.usable, prepared.used_elsewhere is None
    if own is not None and there:
        rows, usable = rows.take(np.arange(*own)), usable[slice(*own)]
    return {
        "net": {
            **layout(topology, prepared.rows, p),
            "units": list(topology.units),
            "kinds": list(topology.kinds),
        },
        "channels": list(topology.channels),
        "rows": {each.name: getattr(rows, each.name) for each in fields(rows)} if there else None,
        "order": {
            "usable": usable,
            "seed": order.seed,
            "shuffle": order.shuffle,
            "rows": order.rows,
            "own": None if own is None else [*own, order.places],
        },
        "reproducible": p.reproducible,
        "batch": p.mini_batch_size,
        "elastic": p.elastic_averaging_moving_rate if p.elastic_averaging else None,
    }
