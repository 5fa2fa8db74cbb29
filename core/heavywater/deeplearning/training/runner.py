"""A compiled network with its rows, and the threads that train it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...arrays import Array
from ...engine.plan import plan
from ...engine.rows import Rows
from .team import Team

if TYPE_CHECKING:
    from ...engine._net import Network

SLICE_SECONDS = 0.2  # the engine is left this often, to report progress and to notice Ctrl-C


class Runner:
    """Trains a network row by row, with as many threads as pay.

    Parameters
    ----------
    net : Network
    rows : Rows
    units, channels : sequence of int
        Of every layer.
    threads : int
        Threads the engine may use.
    reproducible : bool
        Whether all must come out the same for any number of threads.
    batch : int
        Rows of an update.

    Attributes
    ----------
    plan : Plan
    """

    def __init__(
        self,
        net: Network,
        rows: Rows,
        units: Sequence[int],
        channels: Sequence[int],
        threads: int,
        *,
        reproducible: bool,
        batch: int,
    ) -> None:
        self.net, self.rows, self.batch = net, rows, batch
        self.plan = plan(rows, units, channels, threads, reproducible=reproducible, batch=batch)
        self._team = Team(self.plan.threads)

    def slice_rows(self) -> int:
        """Rows, whole batches, that take about `SLICE_SECONDS`."""
        return max(self.batch, self._team.rows(SLICE_SECONDS) // self.batch * self.batch)

    def train(self, order: Array, first_sample: int) -> float:
        """Train on rows in an order; seconds that it took.

        Parameters
        ----------
        order : int64 array
            Numbers of rows.
        first_sample : int
            Samples trained before, which key the dropout masks.
        """
        began = time.perf_counter()
        self.net.train(
            self.rows,
            order,
            first_sample,
            self._team.size,
            self.plan.strategy,
            exchange=self.plan.exchange,
            batch_size=self.batch,
        )
        seconds = time.perf_counter() - began
        self._team.note(len(order), seconds)
        return seconds
