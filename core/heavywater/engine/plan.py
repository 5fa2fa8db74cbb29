"""How a network is laid out and how many threads work on it: rules from measurements (see tests/benchmarks/results/speed.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from .rows import Rows

# Weights touched per row below which a barrier costs more than half of the work saves
SPLIT_FROM = 12_000
# The same of the rows of a mini-batch together: two barriers take a few microseconds
SPLIT_BATCHES_FROM = 150_000
# Rows from which threads that train rows of their own pay for a small net
HOGWILD_FROM = 5_000
# Weights touched per row up to which copies that are exchanged are quicker than units shared out
COPIES_UP_TO = 80_000
# Rows that copies train together between two exchanges, at most. With six times as many, 16 threads learnt a regression
# worse. Early in training even these are too rare, and the engine lets the copies meet sooner (replicas.pxi).
EXCHANGED_TOGETHER = 256
# Weights per touched weight up to which exchanging all of them takes less than a quarter of the time
EXCHANGED_PER_TOUCHED = 12
# Share of active inputs from which storing the first layer by unit pays
UNIT_MAJOR_FROM = 0.5
# The same where numbers are piecewise linear: the active ones of their units are others in each row, which no processor foresees
UNIT_MAJOR_FROM_OF_RAMPS = 0.3


class Strategy(Enum):
    """What the threads of a training run do; with one thread all are the same.

    The threads of mini-batches share out the rows, then the units, of each of them.
    """

    ONE = "one"
    """A single thread."""
    SPLIT = "split"
    """They share out the units of every layer; the result does not depend on their number."""
    COPIES = "copies"
    """Each trains rows of its own on a copy of the network; the copies exchange their changes (see replicas.pxi)."""
    HOGWILD = "hogwild"
    """Each trains rows of its own on the shared weights, without locks (Niu et al. 2011)."""

    @property
    def own_rows(self) -> bool:
        """Whether each thread trains rows of its own."""
        return self in (Strategy.COPIES, Strategy.HOGWILD)


@dataclass(frozen=True)
class Plan:
    """Threads for one training run.

    Attributes
    ----------
    threads : int
    strategy : Strategy
    exchange : int
        For COPIES: rows each thread trains, at most, between two exchanges; else 0.
    """

    threads: int
    strategy: Strategy
    exchange: int = 0


def weights_per_row(rows: Rows, units: Sequence[int], channels: Sequence[int]) -> float:
    """Weights that a row touches, about: all of the active inputs, half of the inputs of later layers."""
    total, before = 0.0, rows.density * rows.inputs
    for n, k in zip(units, channels, strict=True):
        total += before * n * k
        before = n / 2
    return total


def all_weights(rows: Rows, units: Sequence[int], channels: Sequence[int]) -> int:
    """Weights of a network."""
    return sum(n * k * before for before, n, k in zip([rows.inputs, *units], units, channels, strict=False))


def plan(
    rows: Rows,
    units: Sequence[int],
    channels: Sequence[int],
    threads: int,
    *,
    reproducible: bool,
    batch: int = 1,
) -> Plan:
    """Threads for a network.

    Parameters
    ----------
    threads : int
        Threads that may be used.
    reproducible : bool
        Only ways that give the same bits for any number of threads: the units of each layer are shared out where the
        layers are large enough to gain, else one thread works alone.
    batch : int
        Rows per update. The threads of mini-batches share the work, if there is enough of it: the result is the same.
    """
    touched = weights_per_row(rows, units, channels)
    one, split = Plan(1, Strategy.ONE), Plan(threads, Strategy.SPLIT)
    if threads == 1:
        return one
    if batch > 1:
        return split if touched * batch >= SPLIT_BATCHES_FROM else one
    shared_out = split if touched >= SPLIT_FROM else one
    if reproducible or rows.n < HOGWILD_FROM or touched > COPIES_UP_TO:
        return shared_out
    if all_weights(rows, units, channels) <= EXCHANGED_PER_TOUCHED * touched:
        return Plan(threads, Strategy.COPIES, max(1, EXCHANGED_TOGETHER // threads))
    return split if touched >= SPLIT_FROM else Plan(threads, Strategy.HOGWILD)


def store_by_unit(rows: Rows, kind: str, dropout: float) -> bool:
    """Whether the first layer is stored by unit: dense inputs, and units that can be without a gradient."""
    can_be_off = kind in ("Rectifier", "Maxout") or dropout > 0
    enough = UNIT_MAJOR_FROM if rows.spans is None else UNIT_MAJOR_FROM_OF_RAMPS
    return can_be_off and rows.start is None and rows.density >= enough
