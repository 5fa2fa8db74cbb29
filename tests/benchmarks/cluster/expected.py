"""From what was measured to what more nodes would reach."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame

from .curves import rows_to
from .links import Link, links
from .measuring import QUIET
from .nets import BY_NAME, Net
from .simulation import Machine, Outcome, simulated

FAR = 1.35  # times as many rows in a round, for which a curve does not stand any more
FREE_ROWS = 2000  # of one member, who meets nobody: it only says how often the error can be looked at
Found = Mapping[str, Any]


@cache
def parameters(net: str, ratio: float) -> DeepLearningParameters:
    """Of a training whose rounds are found by speed."""
    numbers = numeric(np.arange(10.0))
    frame = Frame(["x", "y"], [numbers, numbers])  # rounds do not ask what the rows are
    given = {**BY_NAME[net].parameters, "target_ratio_comm_to_comp": ratio}
    return validate(given, TrainingContext(frame, None, "y"))


def turns(found: Found, net: Net, way: str) -> list[Mapping[str, Any]]:
    """Measurements of a way: the quiet ones, or all where there is none."""
    there = [each for each in found.get("speeds", []) if (each["net"], each["way"]) == (net.name, way)]
    return [each for each in there if each["other_cores_busy"] <= QUIET] or there


def speed(found: Found, net: Net, way: str) -> float:
    """Median rows per second."""
    return statistics.median(each["rows_per_second"] for each in turns(found, net, way))


def per_cpu(found: Found, net: Net, way: str) -> float:
    """Median rows per second of the processor's time that all nodes took."""
    return statistics.median(each["samples"] / each["cpu_nodes"] for each in turns(found, net, way))


def control(found: Found, net: Net) -> float:
    """Seconds of the messages of a slice."""
    messages = [each["phases"]["  messages"] for each in turns(found, net, "2 nodes")]
    return statistics.median(seconds / calls for seconds, calls in messages) if messages else 0.002


def machine(found: Found, net: Net, rows_per_second: float | None = None) -> Machine:
    """What the simulation has to know of a member; its speed is that of one thread by the processor's clock by default."""
    alone = found["alone"][net.name]
    own, _ = links(found["ring"])
    return Machine(rows_per_second or alone["rows_per_second"], alone["spread"], own, control(found, net))


def outcome(
    found: Found,
    net: Net,
    members: int,
    link: Link,
    ratio: float = 0.05,
    rows_per_second: float | None = None,
) -> Outcome:
    """What so many nodes would do."""
    size = float(found["alone"][net.name]["size"])
    return _simulated(net.name, ratio, members, size, link, machine(found, net, rows_per_second))


@cache
def _simulated(net: str, ratio: float, members: int, size: float, link: Link, each: Machine) -> Outcome:
    return simulated(parameters(net, ratio), members, size, link, each)


def rounds_of(found: Found, net: Net, members: int, ratio: float = 0.05) -> dict[str, int]:
    """Rows of each member in a round, by link, rounded to two digits so that links that differ little share a curve."""
    wires = links(found["ring"])[1][1:]
    return {link.name: _rounded(outcome(found, net, members, link, ratio).rows, members) for link in wires}


def _rounded(rows: int, members: int) -> int:
    if members == 1:
        return FREE_ROWS
    unit = 10 ** max(0, len(str(rows)) - 2)
    return max(1, round(rows / unit)) * unit


def curves_of(found: Found, net: Net, members: int, rows: int) -> list[Sequence[tuple[int, float]]]:
    """Of all seeds, with the rounds that are nearest to these and not far from them."""
    there: dict[int, list[Sequence[tuple[int, float]]]] = {}
    for key, points in found.get("curves", {}).items():
        name, *numbers = key.split()
        if (name, int(numbers[0])) == (net.name, members):
            there.setdefault(int(numbers[1]), []).append(points)
    near = [each for each in there if max(each, rows) <= FAR * min(each, rows)]
    return there[min(near, key=lambda each: abs(each - rows))] if near else []


def rows_needed(found: Found, net: Net, members: int, rows: int, error: float) -> float | None:
    """Rows of all until an error is reached: the median of the seeds; None where most do not reach it."""
    needed = [rows_to(points, error) for points in curves_of(found, net, members, rows)]
    reached = [each for each in needed if each is not None]
    return statistics.median(reached) if reached and 2 * len(reached) > len(needed) else None
