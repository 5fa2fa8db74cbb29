"""Keys of values that are too far apart to count over, by a table or by sorting."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.frame.columns.keys import Keys, dense, grouped, ranks, sorted_by
from heavywater.frame.columns.makers import numeric, times

ROWS = 50_000  # more than are looked at, so that values that repeat go through the table
VALUES: dict[str, list[float]] = {
    "int64": [2**53, 2**53 + 1, 2**63 - 1, -(2**63), 0, -1],
    "float64": [-0.0, 0.0, np.inf, -np.inf, 5e-324, -1.5, 2.0**53],
    "float32": [0.1, -0.0, 0.0, 3e38],
    "int32": [-(2**31), 2**31 - 1, 7],
}


def picked(kind: str, different: int) -> np.ndarray:
    rng = np.random.default_rng(different)
    more = rng.normal(size=different) * 1e6
    return np.concatenate([np.array(VALUES[kind], kind), more.astype(kind)])[
        rng.integers(0, len(VALUES[kind]) + different, ROWS)
    ]


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("different", [0, 700, 5 * ROWS])
def test_ranks_are_those_of_sorted_values(kind, different):
    values = picked(kind, different)
    kept = values.copy()
    codes, count = ranks(values)
    unique, wanted = np.unique(values, return_inverse=True)
    assert count == len(unique)
    np.testing.assert_array_equal(codes, wanted)
    np.testing.assert_array_equal(values, kept)


@pytest.mark.parametrize("make", [numeric, times])
def test_groups_of_values_far_apart_and_missing_ones(make):
    rng = np.random.default_rng(3)
    values = rng.integers(-5, 5, ROWS) * 86_400_000_000
    missing = rng.random(ROWS) < 0.1
    groups = grouped([make(values, missing)])
    known = np.where(missing, -(2**62), values)
    _, first, wanted = np.unique(known, return_index=True, return_inverse=True)
    np.testing.assert_array_equal(groups.codes, wanted)
    np.testing.assert_array_equal(groups.first, first)


def test_codes_of_others_stay_as_they_are():
    codes = np.array([5, 3, 5, 0], np.int32)
    codes.flags.writeable = False
    found = dense(Keys(codes, 9))
    assert found.codes.tolist() == [2, 1, 2, 0]
    assert codes.tolist() == [5, 3, 5, 0]
    order, starts = sorted_by(Keys(codes, 9))
    assert order.tolist() == [3, 1, 0, 2]
    assert starts.tolist() == [0, 1, 1, 1, 2, 2, 4, 4, 4, 4]
