"""The network in training, and the threads that work on it, a slice of rows at a time."""

from __future__ import annotations

import contextlib
import time

from ...engine.blas import single_threaded_blas
from ...engine.plan import plan
from ...engine.scoring import Snapshot
from ...errors import UnstableModel
from ..model.network import check_stable, create, restore, snapshot
from ..model.state import Iteration, TrainingState
from .prepared import Prepared
from .schedule import engine_settings, loss_name
from .team import Team

SLICE_SECONDS = 0.2  # the engine is left this often, to report progress and to notice Ctrl-C


class Worker:
    """Trains the compiled network.

    Parameters
    ----------
    prepared : Prepared
    threads : int
        Threads the engine may use.
    """

    def __init__(self, prepared: Prepared, threads: int) -> None:
        p = self.p = prepared.parameters
        self.topology, self.rows, self.order = prepared.topology, prepared.rows, prepared.order
        self._loss = loss_name(p, prepared.classes)
        self.net = create(self.topology, self.rows, p, prepared.given)
        self.plan = plan(
            self.rows,
            self.topology.units,
            self.topology.channels,
            threads,
            reproducible=p.reproducible,
            batches=p.mini_batch_size > 1,
        )
        self._team = Team(self.plan.threads)
        self._good = self.snapshot()

    def snapshot(self) -> Snapshot:
        """Copies of all weights."""
        return snapshot(self.net, self.topology, self.p)

    def restore(self, saved: Snapshot) -> None:
        """Put weights back."""
        restore(self.net, saved)

    def keep(self) -> Snapshot:
        """Copies of all weights, to which an unstable network goes back."""
        self._good = self.snapshot()
        return self._good

    def begin(self, iteration: Iteration) -> None:
        """Set rates, momentum and all else that stays as it is throughout an iteration."""
        p = self.p
        settings = engine_settings(
            p, iteration.samples, self.topology.layers, loss=self._loss, huber_delta=iteration.huber_delta
        )
        elastic = p.elastic_averaging_regularization if p.elastic_averaging else 0.0
        self.net.configure(**settings, elastic=elastic)

    def slice(self, s: TrainingState, last: int) -> None:
        """Train part of an iteration, which ends with visit `last`; its size only says how often we look up.

        Raises
        ------
        UnstableModel
            The weights exploded; they are again those of the last `keep`.
        """
        batch = self.p.mini_batch_size
        size = max(batch, self._team.rows(SLICE_SECONDS) // batch * batch)
        # whole batches: where a slice ends depends on the clock, and must not decide which rows share an update
        end = min(last, s.visited + (size if batch == 1 else self.order.visits_until(s.visited, size)))
        order = self.order.visits(s.visited, end)
        began = time.perf_counter()
        with single_threaded_blas() if batch > 1 else contextlib.nullcontext():
            self.net.train(
                self.rows,
                order,
                s.samples,
                self._team.size,
                self.plan.strategy,
                exchange=self.plan.exchange,
                batch_size=batch,
            )
        seconds = time.perf_counter() - began
        self._team.note(len(order), seconds)
        s.seconds += seconds
        s.visited = end
        s.samples += len(order)
        try:
            check_stable(self.net, self.topology, self.p, s.iterations, s.samples)
        except UnstableModel:
            self.restore(self._good)
            raise
