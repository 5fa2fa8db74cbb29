"""Intervals and sets of classes by numbers."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.uncertainty.held_out_scores import HeldOutScores
from heavywater.deeplearning.uncertainty.intervals import Intervals, checked_level
from heavywater.errors import InvalidArgument, InvalidType


@pytest.mark.parametrize(("n", "share", "rank"), [(99, 0.9, 90), (100, 0.9, 91), (9, 0.9, 9), (19, 0.95, 19)])
def test_quantiles_are_those_of_one_more_row(n: int, share: float, rank: int) -> None:
    scores = HeldOutScores.of(np.random.default_rng(0).permutation(n) + 1.0)
    assert scores.at_least(share) == rank
    assert scores.at_most(share) == n + 1 - rank


@pytest.mark.parametrize(("n", "share"), [(8, 0.9), (18, 0.95), (0, 0.5), (1, 0.51)])
def test_too_few_rows_have_no_quantile(n: int, share: float) -> None:
    scores = HeldOutScores.of(np.arange(float(n)))
    assert not scores.reaches(share)
    assert (scores.at_most(share), scores.at_least(share)) == (-np.inf, np.inf)


def test_of_many_rows_a_few_are_kept_and_quantiles_only_grow() -> None:
    figures = np.random.default_rng(1).normal(size=50_000)
    scores, exact = HeldOutScores.of(figures), np.sort(figures)
    assert len(scores.values) <= 2000
    for share in (0.5, 0.9, 0.95, 0.999, 0.9999):
        rank = int(np.ceil(share * 50_001 - 1e-6))
        assert exact[rank - 1] <= scores.at_least(share) <= exact[min(49_999, rank + 50)]
        assert exact[-rank] >= scores.at_most(share) >= exact[max(0, 50_000 - rank - 51)]


def test_weights_count_relative_to_each_other() -> None:
    figures = np.arange(1.0, 101)
    heavy = np.where(figures > 50, 3.0, 1.0)
    one, other = HeldOutScores.of(figures, heavy), HeldOutScores.of(figures, heavy * 1e-3)
    assert one.at_least(0.9) == other.at_least(0.9) > HeldOutScores.of(figures).at_least(0.9)


def test_each_side_of_an_interval_has_its_own_quantile() -> None:
    errors = np.random.default_rng(2).exponential(size=999)
    found = Intervals.of_numbers("rows", errors, np.zeros((999, 1)), None)
    lower, upper = found.bounds(np.array([[0.0], [10.0], [np.nan]]), 0.9)
    assert lower[0] == pytest.approx(np.quantile(errors, 0.05), abs=0.01)
    assert upper[0] == pytest.approx(np.quantile(errors, 0.95), abs=0.1)
    assert (lower[1] - lower[0], upper[1] - upper[0]) == pytest.approx((10, 10))
    assert np.isnan([lower[2], upper[2]]).all()


def test_missing_values_and_weights_of_zero_do_not_count() -> None:
    actual, found = np.array([1.0, np.nan, 2.0, 3.0]), np.array([[0.0], [0.0], [np.nan], [9.0]])
    weights = np.array([1.0, 1.0, 1.0, 0.0])
    assert Intervals.of_numbers("rows", actual, found, weights).rows == 1
    assert Intervals.of_numbers("rows", actual, found, weights * 0) is None
    chances = np.array([[0.5, 0.5], [0.2, 0.8]])
    assert Intervals.of_classes("rows", np.array([0, -1]), chances, None).rows == 1
    assert Intervals.of_classes("rows", np.array([-1, -1]), chances, None) is None


def test_intervals_of_positive_numbers_grow_with_them_and_are_never_negative() -> None:
    rng = np.random.default_rng(3)
    mean = rng.uniform(1, 100, 2000)
    found = Intervals.of_numbers("rows", rng.gamma(2, mean / 2), mean[:, None], None, power=2.0)
    lower, upper = found.bounds(np.array([[1.0], [100.0], [0.0]]), 0.9)
    assert upper[1] - lower[1] == pytest.approx(100 * (upper[0] - lower[0]))
    assert (lower >= 0).all()


def test_quantiles_are_moved_by_their_own_errors() -> None:
    rng = np.random.default_rng(4)
    actual = rng.normal(size=999)
    outputs = np.tile([-1.0, 0.0, 1.0], (999, 1))  # too narrow for 90 %
    found = Intervals.of_numbers("rows", actual, outputs, None, alphas=[0.05, 0.5, 0.95])
    lower, upper = found.bounds(outputs[:1], 0.9)
    assert (lower[0], upper[0]) == pytest.approx((-1.645, 1.645), abs=0.15)
    narrow = found.bounds(outputs[:1], 0.1)  # both ends from the median
    assert narrow[1][0] - narrow[0][0] == pytest.approx(0.25, abs=0.1)


def test_the_most_probable_class_is_always_in_the_set() -> None:
    rng = np.random.default_rng(5)
    chances = rng.dirichlet(np.ones(3), 500)
    actual = np.array([rng.choice(3, p=each) for each in chances])
    found = Intervals.of_classes("rows", actual, chances, None)
    inside = found.sets(np.vstack([chances, [[np.nan] * 3]]), 0.8)
    assert (inside[:-1].sum(axis=1) >= 1).all()
    assert np.isnan(inside[-1]).all()
    assert inside[np.arange(500), actual].mean() == pytest.approx(0.8, abs=0.03)


def test_too_high_a_level_says_what_can_be_had() -> None:
    found = Intervals.of_numbers("validation frame", np.arange(50.0), np.zeros((50, 1)), None)
    with pytest.raises(
        InvalidArgument, match=r"interval=0.99 needs the errors of 199 rows.*knows 50.*at most 0.96"
    ):
        found.bounds(np.zeros((1, 1)), 0.99)
    assert np.isfinite(found.bounds(np.zeros((1, 1)), 0.96)).all()
    classes = Intervals.of_classes("rows", np.zeros(9, int), np.full((9, 2), 0.5), None)
    with pytest.raises(InvalidArgument, match=r"needs the errors of 19 rows.*knows 9.*at most 0.9,"):
        classes.sets(np.full((1, 2), 0.5), 0.95)
    assert classes.sets(np.full((1, 2), 0.5), 0.9).tolist() == [[1, 1]]


@pytest.mark.parametrize("wrong", [0, 1, 1.5, -0.1, float("nan")])
def test_a_level_is_between_0_and_1(wrong: float) -> None:
    with pytest.raises(InvalidArgument, match=r"interval=.* must be between 0 and 1"):
        checked_level(wrong)


@pytest.mark.parametrize("wrong", [True, "0.9", [0.9]])
def test_a_level_is_a_number(wrong: object) -> None:
    with pytest.raises(InvalidType, match=r"interval=.* must be a number"):
        checked_level(wrong)
