"""The order of rows: passes, visits, and how many visits a number of samples takes."""

from __future__ import annotations

import numpy as np
from heavywater.deeplearning.training.order import RowOrder, sample
from hypothesis import given
from hypothesis import strategies as st

masks = st.lists(st.booleans(), min_size=1, max_size=30).filter(any).map(np.array)
orders = st.builds(RowOrder, masks, st.integers(-(2**60), 2**60), st.booleans())


@given(orders, st.integers(0, 5))
def test_a_pass_visits_every_usable_row_once(order: RowOrder, number: int) -> None:
    n = len(order.usable)
    rows = order.visits(number * n, (number + 1) * n)
    assert sorted(rows) == np.flatnonzero(order.usable).tolist()


@given(orders, st.lists(st.integers(0, 40), max_size=6))
def test_visits_do_not_depend_on_how_they_are_asked_for(order: RowOrder, sizes: list[int]) -> None:
    ends = np.cumsum([0, *sizes]).tolist()
    parts = [order.visits(a, b) for a, b in zip(ends[:-1], ends[1:], strict=True)]
    whole = RowOrder(order.usable, order.seed, order.shuffle).visits(0, ends[-1])
    assert np.array_equal(np.concatenate([*parts, np.empty(0, np.int64)]), whole)


@given(orders, st.integers(0, 100), st.integers(1, 100))
def test_visits_until(order: RowOrder, first: int, samples: int) -> None:
    visits = order.visits_until(first, samples)
    assert len(order.visits(first, first + visits)) == samples
    assert len(order.visits(first, first + visits - 1)) == samples - 1


def test_natural_and_shuffled() -> None:
    usable = np.ones(50, bool)
    natural = RowOrder(usable, 1, shuffle=False)
    assert natural.visits(0, 100).tolist() == [*range(50), *range(50)]
    shuffled = RowOrder(usable, 1, shuffle=True)
    first, second = shuffled.visits(0, 50), shuffled.visits(50, 100)
    assert not np.array_equal(first, second) and not np.array_equal(first, np.arange(50))
    assert not np.array_equal(first, RowOrder(usable, 2, shuffle=True).visits(0, 50))


@given(masks, st.integers(-3, 40), st.integers(0, 2**40))
def test_sample(usable: np.ndarray, size: int, seed: int) -> None:
    rows = sample(usable, size, seed)
    assert usable[rows].all() and (np.diff(rows) > 0).all()
    assert len(rows) == (usable.sum() if size <= 0 else min(size, usable.sum()))
    assert np.array_equal(rows, sample(usable, size, seed))
