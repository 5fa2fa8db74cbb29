"""How long messages take to nodes and back."""

from __future__ import annotations

import statistics
import time

from ..cluster.framing import LinkLost
from .nodes import Crew, Node
from .values import Description

_SIZES = {1: 20, 1 << 10: 20, 1 << 20: 5, 8 << 20: 3}  # bytes of a message: how often it is sent ...
_SECONDS = 1.0  # ... but not again after so long


def link_times(crew: Crew | None) -> Description:
    """A table with a row for each node and size of a message: the median time there and back, and the rate both ways.

    While a node is measured it is asked nothing else; one that trains has its cores busy, which is measured, too.
    """
    nodes = [] if crew is None else crew.nodes
    return {
        "columns": ["node", "host", "bytes", "microseconds", "MB_per_s"],
        "rows": [row for node in nodes for row in _measured(node)],
    }


def _measured(node: Node) -> list[list[object]]:
    facts, rows = node.link.facts, list[list[object]]()
    with node.link.alone():
        for size, count in _SIZES.items():
            found = _seconds(node, size, count)
            both = [None, None] if found is None else [1e6 * found, 2e-6 * size / found]
            rows.append([facts["address"], facts["host"], size, *both])
    return rows


def _seconds(node: Node, size: int, count: int) -> float | None:
    """None where the node is lost."""
    content, found = bytes(size), list[float]()
    try:
        while len(found) <= count and (len(found) < 2 or sum(found) < _SECONDS):
            began = time.perf_counter()
            node.session.cluster.echo(content)
            found.append(time.perf_counter() - began)
    except LinkLost:
        return None
    return statistics.median(found[1:])  # what the first one takes is not told
