"""One network trained on hosts that are far from each other; all of them with `python -m tests.networks`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from heavywater.session import LocalSession

from .lab import Lab, switch_program
from .trained import ROWS, begin, outcome, session_with_nodes

TARGET = 0.05
ATTEMPTS = 3  # to have the share of time that is aimed at: the cores have other work, too


def unable() -> str:
    try:
        switch_program()
    except RuntimeError as error:
        return f"no network namespaces here (Linux, root, gcc, /dev/net/tun): {error}"
    return ""


pytestmark = pytest.mark.skipif(bool(unable()), reason=unable())


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    found = Lab(3)
    yield found
    found.close()


@pytest.fixture(scope="module")
def session(lab: Lab) -> Iterator[LocalSession]:
    """A node on the machine of the leader, and two on others."""
    with session_with_nodes(lab, {1: "127.0.0.1", 2: "10.77.0.1", 3: "10.77.0.1"}) as found:
        yield found


@pytest.fixture(autouse=True)
def good_network(lab: Lab) -> Iterator[None]:
    lab.set()
    yield
    lab.set()
    lab.mend(3)


def test_the_times_of_links_are_those_of_the_network(lab: Lab, session: LocalSession) -> None:
    lab.set(milliseconds=5)
    times = session.cluster.link_times()
    table = pd.DataFrame(times["rows"], columns=times["columns"])
    short = table[table["bytes"] == 1]
    own = short["node"].str.startswith("127.")
    assert own.sum() == 1
    assert (short[~own]["microseconds"] >= 10_000).all()
    assert (short[own]["microseconds"] < 10_000).all()


@pytest.mark.parametrize(
    "network",
    [
        {},
        {"milliseconds": 20, "loss": 0.001, "megabits": 100},
        {"milliseconds": 1, "loss": 0.01, "megabits": 1000},
    ],
    ids=["good", "far and slow", "lossy"],
)
@pytest.mark.long
def test_nodes_meet_as_often_as_the_network_allows(
    lab: Lab, session: LocalSession, network: dict[str, float]
) -> None:
    lab.set(**network)
    ratios = list[float]()
    while len(ratios) < ATTEMPTS:
        found = outcome(session, begin(session, 6))
        assert found.warnings == []
        assert (found.events["nodes"] == 3).all()
        assert found.error < 0.3
        ratios.append(found.ratio)
        if TARGET / 2 <= found.ratio <= 2 * TARGET or (found.ratio > TARGET and found.rows_per_round >= ROWS):
            return  # no round is longer than an epoch
    raise AssertionError(ratios)


def rows_of(session: LocalSession, job: Any) -> float:
    table = session.jobs.history(job["job"])
    shown = pd.DataFrame(table["rows"], columns=table["columns"]) if table else pd.DataFrame()
    return float(shown["samples"].max()) if len(shown) else 0.0


def wait_for_rows(session: LocalSession, job: Any, rows: float, seconds: float) -> None:
    until = time.monotonic() + seconds
    while rows_of(session, job) <= rows:
        assert time.monotonic() < until, "no rows are trained any more"
        time.sleep(0.05)


@pytest.mark.long
def test_a_cable_that_is_out_for_moments(lab: Lab, session: LocalSession) -> None:
    """No node is given up; a cable that is out for longer loses its node, and the others go on."""
    job = begin(session, 60, score_interval=0.1)
    wait_for_rows(session, job, 10_000, 20)
    lab.cut(3)
    time.sleep(2)
    lab.mend(3)
    wait_for_rows(session, job, rows_of(session, job) + 1, 10)
    assert len(alive(session)) == 3
    lab.cut(3)
    wait_for_rows(session, job, rows_of(session, job) + 50_000, 20)
    assert sorted(alive(session)) == ["10.77.0.2", "127.0.0.1"]
    session.jobs.cancel(job["job"])
    found = outcome(session, job)
    assert [text for text in found.warnings if "is lost" in text]
    assert found.events["nodes"].iloc[-1] == 2
    assert found.error < 0.3


def alive(session: LocalSession) -> list[str]:
    return [node.link.facts["peer"] for node in session._crew.nodes if node.link.alive]


def test_nodes_with_addresses_of_both_kinds(lab: Lab) -> None:
    with session_with_nodes(lab, {1: "[::1]", 2: "[fd77::1]", 3: "[fd77::1]"}, "::") as session:
        found = outcome(session, begin(session, 1.5))
        assert found.warnings == []
        assert (found.events["nodes"] == 3).all()
