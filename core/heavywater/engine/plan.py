"""How a network is laid out and how many threads work on it: rules from measurements (see benchmarks/results.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .rows import Rows

# Weights touched per row below which a barrier costs more than half of the work saves
SPLIT_FROM = 12_000
# Rows from which threads of their own pay for a small net
HOGWILD_FROM = 5_000
# Share of active inputs from which storing the first layer by unit pays
UNIT_MAJOR_FROM = 0.5


@dataclass(frozen=True)
class Plan:
    """Threads for one training run.

    Attributes
    ----------
    threads : int
    hogwild : bool
        Threads train rows of their own on shared weights instead of sharing out the units of each layer.
    """

    threads: int
    hogwild: bool


def weights_per_row(rows: Rows, units: Sequence[int], channels: Sequence[int]) -> float:
    """Weights that a row touches, about: all of the active inputs, half of the inputs of later layers."""
    total, before = 0.0, rows.density * rows.inputs
    for n, k in zip(units, channels, strict=True):
        total += before * n * k
        before = n / 2
    return total


def plan(
    rows: Rows,
    units: Sequence[int],
    channels: Sequence[int],
    threads: int,
    *,
    reproducible: bool,
    batches: bool,
) -> Plan:
    """Threads for a network.

    Parameters
    ----------
    threads : int
        Threads that may be used.
    reproducible : bool
        Only ways that give the same bits for any number of threads: the units of each layer are shared out where the
        layers are large enough to gain, else one thread works alone.
    batches : bool
        Mini-batches always share out units.
    """
    if threads == 1 or batches:
        return Plan(threads, False)
    if weights_per_row(rows, units, channels) >= SPLIT_FROM:
        return Plan(threads, False)
    return Plan(1, False) if reproducible or rows.n < HOGWILD_FROM else Plan(threads, True)


def store_by_unit(rows: Rows, kind: str, dropout: float) -> bool:
    """Whether the first layer is stored by unit: dense inputs, and units that can be without a gradient."""
    can_be_off = kind in ("Rectifier", "Maxout") or dropout > 0
    return can_be_off and rows.start is None and rows.density >= UNIT_MAJOR_FROM
