"""The network in training, a slice of rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ...arrays import Array
from ...engine.plan import Plan
from ...engine.scoring import Snapshot
from ...errors import UnstableModel
from ..model.network import check_stable, create, restore, snapshot
from ..model.state import Iteration, TrainingState
from ..parameters.validation import DeepLearningParameters
from .prepared import Prepared
from .runner import Runner
from .schedule import engine_settings, loss_name

if TYPE_CHECKING:
    from ...engine._net import Network


class Worker(Protocol):
    """What trains the network of a `Trainer`.

    Attributes
    ----------
    net : Network
        As of the last `keep`, `snapshot` or `optimiser`; of several members the first.
    nets : sequence of Network
        Those of all members of an ensemble, or that one.
    warnings : list of str
        What the user should know, in the order in which it came up.
    """

    net: Network
    warnings: list[str]

    @property
    def nets(self) -> Sequence[Network]:
        """See above."""

    @property
    def plan(self) -> Plan:
        """What the threads do."""

    @property
    def members(self) -> int:
        """Processes that train."""

    @property
    def shortest(self) -> int:
        """Rows that an iteration has at least, or a multiple of, where its length is not given; 0: any."""

    def begin(self, iteration: Iteration) -> None:
        """Set rates, momentum and all else that stays as it is throughout an iteration."""

    def slice(self, s: TrainingState, last: int) -> None:
        """Train part of an iteration, which ends with visit `last`; its size only says how often we look up.

        Raises
        ------
        UnstableModel
            The weights exploded; they are again those of the last `keep`, or later ones.
        """

    def end(self, s: TrainingState) -> None:
        """Make one network of what several processes have learnt in an iteration."""

    def keep(self) -> None:
        """Remember the weights, to which an unstable network goes back."""

    def snapshot(self) -> Snapshot:
        """Copies of all weights."""

    def holds(self, s: TrainingState) -> tuple[int, int]:
        """Visits and samples that these weights have seen; `s` counts what is trained and not brought together, too."""

    def optimiser(self) -> list[dict[str, Array]]:
        """State of each layer's optimiser."""

    def restore(self, saved: Snapshot) -> None:
        """Put weights back."""

    def resume(self, saved: Snapshot, optimiser: Sequence[dict[str, Array]]) -> None:
        """Go on with the weights and the optimiser of an earlier run."""

    def facts(self) -> dict[str, float]:
        """What the scoring history says of the processes, by the names of its columns."""


class LocalWorker:
    """Trains the compiled network in this process; a `Worker`.

    Parameters
    ----------
    prepared : Prepared
    threads : int
        Threads the engine may use.
    reproducible : bool, optional
        Whether all must come out the same for any number of threads; by default as the parameters say.
    """

    members, shortest = 1, 0

    def __init__(self, prepared: Prepared, threads: int, reproducible: bool | None = None) -> None:
        p = self.p = prepared.parameters
        self.topology, self.order = prepared.topology, prepared.order
        self.warnings: list[str] = []
        self._loss, self._pieces = loss_name(p, prepared.classes), prepared.pieces
        self.net = create(self.topology, prepared.rows, p, prepared.given)
        self._runner = Runner(
            self.net,
            prepared.rows,
            self.topology.units,
            self.topology.channels,
            threads,
            reproducible=p.reproducible if reproducible is None else reproducible,
            batch=p.mini_batch_size,
        )
        self.plan = self._runner.plan
        self.keep()

    @property
    def nets(self) -> Sequence[Network]:
        """See `Worker`."""
        return [self.net]

    def begin(self, iteration: Iteration) -> None:
        """See `Worker`."""
        settings = iteration_settings(
            self.p, self.topology.layers, self._loss, iteration, pieces=self._pieces
        )
        self.net.configure(**settings)

    def slice(self, s: TrainingState, last: int) -> None:
        """See `Worker`."""
        size = self._runner.slice_rows(s.samples)
        # visits of rows that are trained count where rows belong together
        end = (
            min(last, s.visited + size)
            if self._runner.unit == 1
            else self.order.end_of(s.visited, last, size)
        )
        order = self.order.visits(s.visited, end)
        s.seconds += self.train(order, s.samples)
        s.visited = end
        s.samples += len(order)
        try:
            check_stable(self.net, self.topology, self.p, s.iterations, s.samples)
        except UnstableModel:
            self.go_back()
            raise

    def train(self, order: Array, first_sample: int) -> float:
        """Train on rows in an order, see `Runner.train`; nobody looks whether the weights explode."""
        self._still = False
        return self._runner.train(order, first_sample)

    def end(self, s: TrainingState) -> None:
        """See `Worker`: there is one."""

    def keep(self) -> None:
        """See `Worker`."""
        self._good, self._still = snapshot(self.net, self.topology, self.p), True

    def go_back(self) -> None:
        """Put back the weights of the last `keep`."""
        self.restore(self._good)

    def snapshot(self) -> Snapshot:
        """See `Worker`."""
        return self._good if self._still else snapshot(self.net, self.topology, self.p)

    def holds(self, s: TrainingState) -> tuple[int, int]:
        """See `Worker`."""
        return s.visited, s.samples

    def optimiser(self) -> list[dict[str, Array]]:
        """See `Worker`."""
        return [self.net.state(i) for i in range(self.topology.layers)]

    def restore(self, saved: Snapshot) -> None:
        """See `Worker`."""
        self._still = False
        restore(self.net, saved)

    def resume(self, saved: Snapshot, optimiser: Sequence[dict[str, Array]]) -> None:
        """See `Worker`."""
        self.restore(saved)
        for i, values in enumerate(optimiser):
            self.net.set_state(i, values)
        self.keep()

    def facts(self) -> dict[str, float]:
        """See `Worker`: nothing, there is one."""
        return {}


def iteration_settings(
    p: DeepLearningParameters, layers: int, loss: str, iteration: Iteration, *, pieces: bool = False
) -> dict[str, Any]:
    """What the engine's ``configure`` is told for an iteration; pieces: whether numbers are encoded piecewise linearly."""
    settings = engine_settings(
        p,
        iteration.samples,
        layers,
        loss=loss,
        huber_delta=iteration.huber_delta,
        total=iteration.total,
        pieces=pieces,
    )
    return {**settings, "elastic": p.elastic_averaging_regularization if p.elastic_averaging else 0.0}
