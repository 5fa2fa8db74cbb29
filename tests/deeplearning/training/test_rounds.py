"""How long rounds are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.rounds import FEWEST_ROWS, FIXED_ROWS, Rounds
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame
from hypothesis import given
from hypothesis import strategies as st

EPOCH = 50_000


def rounds(**given: Any) -> Rounds:
    values = np.arange(10.0)
    frame = Frame(["x", "y"], [numeric(values), numeric(values**2)])
    return Rounds(validate(given, TrainingContext(frame, None, "y", nodes=2)), EPOCH)


@given(
    members=st.integers(1, 63),
    speed=st.floats(1e3, 1e7),
    meeting=st.floats(1e-5, 0.1),
    share=st.sampled_from([0.01, 0.05, 0.25, 0.5]),
)
def test_as_short_as_the_share_of_meetings_allows(
    members: int, speed: float, meeting: float, share: float
) -> None:
    found = rounds(target_ratio_comm_to_comp=share)
    found.note(int(speed), int(speed) / speed, 10 * meeting, meeting)
    rows = found.rows(members, EPOCH)
    assert FEWEST_ROWS * members <= rows <= EPOCH
    if rows < EPOCH:
        assert meeting / (rows / speed) <= 1.01 * share
        assert rows == FEWEST_ROWS * members or meeting / ((rows - 2) / speed) >= 0.98 * share


@pytest.mark.parametrize("number", [0, -1, 777])
def test_the_user_says_when(number: int) -> None:
    found = rounds(train_samples_per_iteration=number)
    found.note(1000, 1.0, 0.1, 0.1)
    assert found.rows(3, 1234) == 1234


def test_nothing_of_a_reproducible_run_depends_on_the_clock() -> None:
    found = rounds(reproducible=True)
    before = found.rows(3, EPOCH)
    found.note(1000, 1.0, 0.1, 0.1)
    assert found.rows(3, EPOCH) == before == 3 * FIXED_ROWS
