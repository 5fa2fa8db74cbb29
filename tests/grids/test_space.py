"""Which combinations a grid search tries, and in which order."""

from __future__ import annotations

from collections import Counter

import pytest
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.grids.space import Criteria, Space
from hypothesis import given
from hypothesis import strategies as st

SPACES = st.dictionaries(
    st.sampled_from(["l1", "l2", "epochs", "rate", "hidden"]),
    st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
    min_size=1,
    max_size=4,
)


def key(values: dict) -> tuple:
    return tuple(sorted(values.items()))


@given(SPACES, st.sampled_from(["Cartesian", "RandomDiscrete"]), st.integers(0, 99))
def test_every_combination_comes_once(values, strategy, seed):
    space = Space.of(values, {})
    found = Counter(key(each) for each in space.walk(Criteria(strategy, seed=seed)))
    assert set(found.values()) == {1}
    assert len(found) == space.size


@given(SPACES, st.integers(0, 99))
def test_random_order_depends_on_the_seed_alone(values, seed):
    criteria = Criteria("RandomDiscrete", seed=seed)
    assert [*Space.of(values, {}).walk(criteria)] == [*Space.of(values, {}).walk(criteria)]


def test_a_space_larger_than_memory():
    space = Space.of({name: list(range(10_000)) for name in ("l1", "l2", "epochs", "rate")}, {})
    walk = space.walk(Criteria("RandomDiscrete", seed=1))
    assert next(walk) != next(walk)
    assert space.size == 10_000**4


def test_the_first_parameter_changes_fastest():
    space = Space.of({"l1": [1, 2], "l2": [3, 4]}, {})
    assert [tuple(each.values()) for each in space.walk(Criteria())] == [(1, 3), (2, 3), (1, 4), (2, 4)]


def test_sequential_goes_through_the_lists_side_by_side():
    space = Space.of({"l1": [1, 2], "l2": [3, 4], "epochs": [9]}, {})
    found = [tuple(each.values()) for each in space.walk(Criteria("Sequential"))]
    assert found == [(1, 3, 9), (2, 4, 9)]
    with pytest.raises(InvalidArgument, match="one length"):
        [*Space.of({"l1": [1, 2], "l2": [3, 4, 5]}, {}).walk(Criteria("Sequential"))]


@pytest.mark.parametrize(
    ("given", "fixed", "error", "match"),
    [
        ({}, {}, InvalidArgument, "empty"),
        ({"l1": {1e-3}}, {}, InvalidType, r"l1=\{0.001\} must be a list"),
        ({"l1": []}, {}, InvalidType, "at least one"),
        ({"model_id": ["a"]}, {}, InvalidArgument, "model_id cannot be searched"),
        ({"l1": [1]}, {"l1": 2}, InvalidArgument, "l1 is set for all models as well"),
        ({"lone": [1]}, {}, InvalidType, "lone is not a parameter"),
        ([("l1", 1)], {}, InvalidType, "must be a dict"),
    ],
)
def test_wrong_spaces_are_refused(given, fixed, error, match):
    with pytest.raises(error, match=match):
        Space.of(given, fixed)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"strategy": "Random"}, "strategy='Random' must be one of"),
        ({"max_models": 3}, "strategy is missing"),
        ({"strategy": "Cartesian", "max_modls": 3}, "'max_modls' is none of"),
        ({"strategy": "Cartesian", "max_models": -1}, "at least 0"),
        ({"strategy": "Cartesian", "max_models": 1.5}, "whole number"),
        ({"strategy": "Cartesian", "max_runtime_secs": "1"}, "must be a number"),
        ({"strategy": "RandomDiscrete", "stopping_metric": "auk"}, "stopping_metric='auk'"),
    ],
)
def test_wrong_criteria_are_refused(given, match):
    with pytest.raises((InvalidArgument, InvalidType), match=match):
        Criteria.of(given)
