"""How long rounds are, for meetings and a speed that are known."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.rounds import (
    FEWEST_ROWS,
    FIXED_ROWS,
    OUTAGE_SECONDS,
    REMEMBERED,
    Rounds,
)
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame
from hypothesis import given
from hypothesis import strategies as st

SPEED = 50_000.0  # rows per second of all members
MEMBERS = 4
EPOCH = 10**9


def rounds(epoch: int = EPOCH, **given: Any) -> Rounds:
    values = np.arange(10.0)
    frame = Frame(["x", "y"], [numeric(values), numeric(values**2)])
    return Rounds(validate(given, TrainingContext(frame, None, "y", nodes=2)), epoch)


def run(found: Rounds, meeting: Callable[[], float], seconds: float, slice_seconds: float = 0.3) -> list[int]:
    """Let members train for so many seconds; the rows of each round."""
    sizes, spent = list[int](), 0.0
    while spent < seconds:
        size = found.rows(MEMBERS, EPOCH)
        count = max(1, int(slice_seconds * found.rows_per_second / size))
        meetings = [meeting() for _ in range(count)]
        trained = count * size / SPEED
        found.note(count * size, trained, meetings)
        spent += trained + sum(meetings)
        sizes += [size] * count
    return sizes


def ratio(found: Rounds) -> float:
    return found.communication / (1 - found.communication)


@pytest.mark.parametrize("meeting", [0.0003, 0.005, 0.08, 2.5])
@pytest.mark.parametrize("target", [0.02, 0.05, 0.5])
def test_meetings_take_what_they_are_allowed(meeting: float, target: float) -> None:
    found = rounds(target_ratio_comm_to_comp=target)
    sizes = run(found, lambda: meeting, 60 + 20 * meeting / target)
    assert sizes[-1] == pytest.approx(max(SPEED * meeting / target, 64), rel=0.01)
    assert ratio(found) == pytest.approx(meeting / (sizes[-1] / SPEED), rel=0.02)


@pytest.mark.parametrize(("usual", "lost"), [(0.0005, 0.01), (0.0005, 0.001), (0.08, 0.2), (0.003, 0.1)])
def test_packets_that_are_sent_again_count(usual: float, lost: float) -> None:
    """Some meetings take 0.2 s longer: it is the mean that has to be paid."""
    r = np.random.default_rng(5)
    found, found_ratios = rounds(), list[float]()
    for _ in range(30):
        run(found, lambda: usual + 0.2 * (r.random() < lost), 20)
        found_ratios.append(ratio(found))
    assert 0.025 < np.mean(found_ratios[3:]) < 0.1


def test_first_meetings_that_are_slow_and_an_outage_are_forgotten() -> None:
    first = iter([0.3, 0.1, 0.05])
    found = rounds()
    sizes = run(found, lambda: next(first, 0.004), 20)
    assert {*sizes[4:]} <= {4000, 4001}  # rows: 0.004 s are a twentieth of their time
    outage = iter([4.0])
    after = run(found, lambda: next(outage, 0.004), 30)
    assert max(after) < 1.2 * SPEED * (0.004 + OUTAGE_SECONDS / REMEMBERED) / 0.05
    assert after[-1] == pytest.approx(SPEED * 0.004 / 0.05, rel=0.01)


def test_a_connection_that_becomes_slower_and_faster() -> None:
    found = rounds()
    for meeting in (0.002, 0.1, 0.002):
        sizes = run(found, itertools.repeat(meeting).__next__, 120)
        assert sizes[-1] == pytest.approx(SPEED * meeting / 0.05, rel=0.05)


def test_bounds() -> None:
    assert run(rounds(5000), lambda: 1.0, 10)[-1] == 5000
    assert run(rounds(), lambda: 1e-9, 1)[-1] == FEWEST_ROWS * MEMBERS


def test_a_round_of_several_slices_counts_as_one() -> None:
    """Where the user gives the rows between two meetings."""
    found = rounds(train_samples_per_iteration=10_000)
    for _ in range(4):
        found.note(2500, 0.05, [])
    assert found.communication == 0
    found.note(0, 0.0, [0.1])
    assert found.communication == pytest.approx(1 / 3)


@given(
    members=st.integers(1, 63),
    speed=st.floats(1e3, 1e7),
    meeting=st.floats(1e-5, 0.1),
    share=st.sampled_from([0.01, 0.05, 0.25, 0.5]),
)
def test_as_short_as_the_share_of_meetings_allows(
    members: int, speed: float, meeting: float, share: float
) -> None:
    found = rounds(50_000, target_ratio_comm_to_comp=share)
    found.note(int(speed), int(speed) / speed, [meeting])
    rows = found.rows(members, EPOCH)
    assert FEWEST_ROWS * members <= rows <= 50_000
    if rows < 50_000:
        assert meeting / (rows / speed) <= 1.01 * share
        assert rows == FEWEST_ROWS * members or meeting / ((rows - 2) / speed) >= 0.98 * share


@pytest.mark.parametrize("number", [0, -1, 777])
def test_the_user_says_when(number: int) -> None:
    found = rounds(train_samples_per_iteration=number)
    found.note(1000, 1.0, [0.1])
    assert found.rows(3, 1234) == 1234


def test_nothing_of_a_reproducible_run_depends_on_the_clock() -> None:
    found = rounds(reproducible=True)
    before = found.rows(3, EPOCH)
    found.note(1000, 1.0, [0.1])
    assert found.rows(3, EPOCH) == before == 3 * FIXED_ROWS


@pytest.mark.parametrize("share", [0, -1])
def test_no_share_is_an_epoch(share: float) -> None:
    found = rounds(50_000, target_ratio_comm_to_comp=share)
    found.note(1000, 0.1, [0.001] * 20)
    assert found.rows(3, 1234) == 50_000
