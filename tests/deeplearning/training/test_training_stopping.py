"""When training stops, and the schedule of rates and momentum."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest
from heavywater.deeplearning.training.schedule import cosine_at, momentum_at, rates_at, update_rule
from heavywater.deeplearning.training.stopping import converged, loss_of


def test_not_before_twice_the_rounds() -> None:
    assert not converged([1.0] * 5, 3, 0.0, False)
    assert converged([1.0] * 6, 3, 0.0, False)
    assert not converged([1.0] * 100, 0, 0.0, False)


def test_moving_averages() -> None:
    # averages of two: 4.5, 3.5, 2.5 against the first
    assert not converged([5, 4, 3, 2], 2, 0.0, False)
    assert converged([5, 4, 5, 4], 2, 0.0, False)
    assert not converged([5, 4, 5, 3.99], 2, 0.0, False)
    assert converged([5, 4, 5, 3.99], 2, 0.01, False)  # better by less than 1 %
    assert not converged([9, 9, 5, 4, 3, 2], 2, 0.0, False)  # only the last four count


def test_more_is_better() -> None:
    assert not converged([0.5, 0.6, 0.7, 0.8], 2, 0.0, True)
    assert converged([0.8, 0.7, 0.6, 0.5], 2, 0.0, True)
    assert converged([0.5, 0.5, 0.502, 0.502], 2, 0.01, True)


def test_special_values() -> None:
    assert converged([0, 0, 0, 0], 2, 0.0, False)  # cannot become better
    assert not converged([0, 0, 0, 0], 2, 0.0, True)
    assert not converged([1, math.nan, 1, 1], 2, 0.0, False)
    assert not converged([1, 1, -1, -1], 2, 0.0, False)


def test_loss() -> None:
    assert loss_of({"auc": 0.8}, "AUC") == pytest.approx(0.2)
    assert loss_of({"logloss": 0.8}, "logloss") == 0.8


def rates(**values: Any) -> Any:
    start = {"rate": 0.1, "rate_annealing": 0.0, "rate_decay": 1.0, "momentum_start": 0.0, "momentum_stable": 0.0,
             "momentum_ramp": 100, "adaptive_rate": False, "nesterov_accelerated_gradient": True, "optimizer": "AUTO",
             "rate_schedule": "H2O"}  # fmt: skip
    return SimpleNamespace(**start | values)


def test_momentum_ramp() -> None:
    p = rates(momentum_start=0.5, momentum_stable=0.9)
    assert [momentum_at(p, n) for n in (0, 50, 100, 10**6)] == pytest.approx([0.5, 0.7, 0.9, 0.9])
    assert momentum_at(rates(momentum_start=0.5, momentum_stable=0.9, momentum_ramp=0), 0) == 0.9


def test_rates() -> None:
    assert rates_at(rates(rate_annealing=0.01), 100, 2, 0.0) == pytest.approx([0.05, 0.05])
    assert rates_at(rates(rate_decay=0.5), 0, 3, 0.5) == pytest.approx([0.05, 0.025, 0.0125])


def test_a_cosine_takes_the_place_of_annealing() -> None:
    p = rates(rate_annealing=0.01, rate_schedule="Cosine", rate_decay=0.5)
    assert rates_at(p, 100, 2, 0.0) == pytest.approx([0.1, 0.05])
    assert [cosine_at(p, n, 100) for n in (0, 25, 50, 100, 130)] == pytest.approx(
        [1, (1 + 0.5**0.5) / 2, 0.5, 0, 0]
    )
    assert cosine_at(rates(), 50, 100) == 1 == cosine_at(p, 0, 0)


def test_update_rule() -> None:
    assert update_rule(rates(optimizer="Adam", momentum_stable=0.9)) == "adam"
    assert update_rule(rates(adaptive_rate=True)) == "adadelta"
    assert update_rule(rates()) == "sgd"
    assert update_rule(rates(momentum_stable=0.9)) == "momentum"
    assert update_rule(rates(momentum_stable=0.9, nesterov_accelerated_gradient=False)) == "classic"
