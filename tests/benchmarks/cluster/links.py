"""What a meeting takes: measured with two processes on this machine, and from that on other links.

A ring of n members sends 2 (n - 1) parts of a n-th of the values, one after another: 2 (n - 1) (a + S / (n B)) seconds with a
latency a and B bytes per second in each direction. To that comes what every member does with its own values, which takes as
long on any link.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from heavywater.deeplearning.training.averaging_rule import AveragingRule, CommonWeights
from heavywater.engine._ring import Ring
from heavywater.engine.memory import aligned_zeros

from ..environments import ROOT
from ..ring import Member, connected

VALUES = {30_000: 200, 200_000: 100, 4_000_000: 20}  # how many float32: rounds in a turn
TURNS = 3
PROMPT = 0.1  # quantile of a round that nothing has disturbed
# What lies between two machines, beside what two processes of one need: a switch, two network cards. An assumption
WIRE_SECONDS = 50e-6
NET_OF_HEADERS = 0.942  # share of a link's rate that TCP gets (measured with a token bucket of 1 Gbit)


@dataclass(frozen=True)
class Link:
    """Between any two neighbours.

    Attributes
    ----------
    name : str
    latency : float
        Seconds.
    rate : float
        Bytes per second in each direction at the same time.
    """

    name: str
    latency: float
    rate: float

    def seconds(self, members: int, size: float) -> float:
        """In which so many bytes go around a ring."""
        return 2 * (members - 1) * (self.latency + size / (members * self.rate))


def exchanges(member: Member) -> dict[str, dict[int, float]]:
    """Seconds of a meeting by number of values: of both members, and of one alone."""
    both: dict[int, list[float]] = {}
    alone: dict[int, list[float]] = {}
    for _ in range(TURNS):
        for values, rounds in VALUES.items():
            both.setdefault(values, []).extend(member.exchanges(values, rounds, "guided"))
            alone.setdefault(values, []).extend(_alone(values, rounds))
    return {
        name: {values: float(np.quantile(seconds, PROMPT)) for values, seconds in found.items()}
        for name, found in (("both", both), ("alone", alone))
    }


def _alone(values: int, rounds: int) -> list[float]:
    common, own, seconds = CommonWeights(values), aligned_zeros((values,), np.float32), []
    ends = socket.socketpair()
    with ends[0], ends[1]:
        ring = Ring(0, 1, ends[0].fileno(), ends[1].fileno())
        for _ in range(rounds):
            own += 0.001
            began = time.perf_counter()
            common.merge(ring, own, AveragingRule("guided", 1.0))
            seconds.append(time.perf_counter() - began)
    return seconds


def measured() -> dict[str, dict[int, float]]:
    """What `exchanges` finds with another process."""
    (right, theirs), (their_right, left) = connected(), connected()
    numbers = [theirs.fileno(), their_right.fileno()]
    command = [sys.executable, "-m", "tests.benchmarks.cluster.links", *map(str, numbers)]
    with subprocess.Popen(command, cwd=ROOT, pass_fds=numbers) as other:
        theirs.close()
        their_right.close()
        found = exchanges(Member(0, left, right))
        if other.wait() != 0:
            raise SystemExit("the other member has failed")
    return found


def links(found: Mapping[str, Mapping[int, float]]) -> tuple[float, list[Link]]:
    """Seconds per byte that each member needs for itself; this machine's link, and two others."""
    sizes = np.array([4.0 * int(values) for values in found["both"]])
    alone, both = (np.array(list(found[name].values())) for name in ("alone", "both"))
    own = _line(sizes, alone)[0]
    slope, start = _line(sizes, both)  # two members: 2 (a + S / 2 B) + own S
    latency = max(0.0, start) / 2
    here = Link("loopback", latency, 1 / max(1e-12, slope - own))
    others = [
        Link(f"{gigabits} Gbit", latency + WIRE_SECONDS, NET_OF_HEADERS * gigabits * 1e9 / 8)
        for gigabits in (1, 10)
    ]
    return own, [here, *others]


def _line(sizes: np.ndarray, seconds: np.ndarray) -> tuple[float, float]:
    """Slope and start of a line whose relative errors are least."""
    slope, start = np.polyfit(sizes, seconds, 1, w=1 / seconds)
    return float(slope), float(start)


def main(arguments: Sequence[str]) -> None:
    """Be the other member."""
    left, right = (socket.socket(fileno=int(each)) for each in arguments)
    exchanges(Member(1, left, right))


if __name__ == "__main__":
    main(sys.argv[1:])
