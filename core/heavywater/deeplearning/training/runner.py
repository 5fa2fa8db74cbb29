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

    @property
    def unit(self) -> int:
        """Rows that make one update, or are trained as a group: where slices end depends on the clock, and must not part them."""
        return self.batch if self.batch > 1 else self.net.together * self.threads_of_own_rows

    @property
    def threads_of_own_rows(self) -> int:
        """Streams of rows, each with groups of its own."""
        return self.plan.threads if self.plan.strategy.own_rows else 1

    def slice_rows(self, first_sample: int) -> int:
        """Rows that take about `SLICE_SECONDS`: whole batches, or up to the end of a group; first_sample: trained before."""
        rows, unit = self._team.rows(SLICE_SECONDS), self.unit
        if self.batch > 1:
            return max(unit, rows // unit * unit)
        end = max(unit, rows) + first_sample % unit
        return end // unit * unit - first_sample % unit

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
