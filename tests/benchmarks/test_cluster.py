"""The simulation of many nodes, and the page that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .cluster import page, picture
from .cluster.curves import looks, rows_to
from .cluster.expected import outcome, parameters
from .cluster.links import Link, links
from .cluster.measuring import WAYS
from .cluster.nets import BY_NAME, MEMBERS
from .cluster.simulation import EPOCH, Machine, Outcome, simulated

SIZE = 16e6
FAST = Link("fast", 1e-5, 1e9)
ONE = Machine(1000.0, 0.2, 0.0, 0.0)


def of(members: int, link: Link = FAST, machine: Machine = ONE, ratio: float = 0.05) -> Outcome:
    return simulated(parameters("record", ratio), members, SIZE, link, machine)


def test_a_ring_sends_two_parts_to_all_others() -> None:
    assert FAST.seconds(1, SIZE) == 0
    assert FAST.seconds(2, SIZE) == pytest.approx(2 * (1e-5 + 0.008))
    assert FAST.seconds(64, SIZE) == pytest.approx(126 * (1e-5 + 0.00025))


def test_one_node_has_its_own_speed() -> None:
    assert of(1).rows_per_second == pytest.approx(1000, rel=0.05)


@pytest.mark.parametrize("ratio", [0.05, 0.25])
def test_rounds_are_as_long_as_the_share_of_meetings_wants(ratio: float) -> None:
    found = of(8, ratio=ratio)
    assert found.communication == pytest.approx(ratio / (1 + ratio), rel=0.15)
    assert found.rows_per_second == pytest.approx(8000 / (1 + ratio), rel=0.06)


def test_rounds_are_no_longer_than_an_epoch() -> None:
    slow = of(63, Link("slow", 0.05, 1e6))
    assert slow.rows == round(EPOCH / 63)
    assert slow.communication > 0.5


def test_uneven_rows_let_members_wait() -> None:
    uneven = Machine(1000.0, 3.0, 0.0, 0.0)
    assert of(16, machine=uneven).rows_per_second < 0.97 * of(16).rows_per_second


def test_the_link_comes_from_the_sizes() -> None:
    """Two members: 2 a + (1 / B + own) S."""
    sizes = {120_000: 1, 800_000: 1, 16_000_000: 1}
    found = {
        "both": {s // 4: 2 * 2e-5 + s * (1e-9 + 3e-10) for s in sizes},
        "alone": {s // 4: s * 3e-10 for s in sizes},
    }
    own, (here, *others) = links(found)
    assert own == pytest.approx(3e-10)
    assert (here.latency, here.rate) == (pytest.approx(2e-5), pytest.approx(1e9))
    assert [each.rate for each in others] == [pytest.approx(0.942e9 / 8), pytest.approx(9.42e9 / 8)]


def test_rows_to_an_error_lie_between_two_looks() -> None:
    points = [(1000, 10.0), (2000, 6.0), (3000, 4.0), (4000, 5.0)]
    assert rows_to(points, 5.0) == 2500
    assert rows_to(points, 3.0) is None
    marks = list(looks(600_000))
    assert marks == sorted(marks) and marks[-1] == 600_000


def _made_up() -> dict[str, Any]:
    """Everything the page shows, in numbers that do not mean anything."""
    speeds = [
        {"net": net, "way": way, "seed": 1, "other_cores_busy": 0.0, "rows_per_second": 1e4 * (1 + (way[0] == "2")),
         "cpu": 1.0, "cpu_nodes": 2.0, "samples": 2e4, "communication": 0.05,
         "phases": {"rounds": [2.0, 1], "  messages": [0.02, 10]}}
        for net in BY_NAME for way in WAYS
    ]  # fmt: skip
    sizes = {"30000": 1.2e5, "200000": 8e5, "4000000": 1.6e7}
    return {
        "speeds": speeds,
        "ring": {"both": {k: 4e-5 + 1.3e-9 * s for k, s in sizes.items()}, "alone": {k: 3e-10 * s for k, s in sizes.items()}},
        "alone": {net: {"rows_per_second": 1e4, "spread": 0.3, "size": 8e5} for net in BY_NAME},
        "curves": {"default 1 2000 1": [[100_000, 5.0], [200_000, 2.9]], "trial 1 2000 1": [[100_000, 12.0]]},
        "times": [{"net": "default", "way": "2 nodes", "seed": 1, "other_cores_busy": 0.0, "communication": 0.05,
                   "points": [[100_000, 5.0, 5.0], [200_000, 2.0, 10.0]]}],
        "floors": {"trial 16 1200000 False 1": {"points": [[1_200_000, 8.0, 60.0]]}},
    }  # fmt: skip


def test_the_page_and_the_picture_show_all(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found, nets = _made_up(), list(BY_NAME.values())
    text = page.text(found, nets)
    assert "**2.00**" in text  # two nodes beside one
    assert "not reached: 12.00 % after 100 000" in text
    assert (
        "| 195 000 |" in text and "| 167 000 | 8.33 |" in text
    )  # rows of one, and of two that were measured
    assert "8.6 %: reached" in text
    assert all(f"\n| {n} |" in text for n in MEMBERS)
    picture.draw(found, nets, tmp_path / "found.svg")
    assert b"booklet" in (tmp_path / "found.svg").read_bytes()


def test_the_simulation_takes_what_was_measured() -> None:
    found, net = _made_up(), BY_NAME["default"]
    _, (here, *_) = links(found["ring"])
    assert outcome(found, net, 2, here).rows_per_second == pytest.approx(2e4, rel=0.1)
