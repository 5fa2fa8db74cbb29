"""What Adam, a cosine rate and smoothed targets need, and what has no effect beside them: in validation and in forms."""

from __future__ import annotations

from typing import Any

import pytest
from heavywater.deeplearning.parameters.relevance import applies, without_effect
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.errors import InvalidArgument

from ..example_frames import context

ADAM: dict[str, Any] = {"optimizer": "Adam", "mini_batch_size": 8}
PLAIN: dict[str, Any] = {"adaptive_rate": False, "rate": 0.01}
COSINE = {"rate_schedule": "Cosine"}


def check(y: str = "positive", **parameters: Any) -> DeepLearningParameters:
    return validate(parameters, context(y))


def idle(y: str = "positive", **parameters: Any) -> list[str]:
    """The parameters that a warning calls without effect."""
    return [each.split("=")[0] for each in check(y, **parameters).warnings if "has no effect" in each]


@pytest.mark.parametrize("size", [{}, {"mini_batch_size": 1}], ids=str)
def test_adam_needs_mini_batches(size: dict[str, Any]) -> None:
    with pytest.raises(
        InvalidArgument, match="optimizer='Adam' needs mini-batches, mini_batch_size is 1: use"
    ):
        check(optimizer="Adam", **size)


@pytest.mark.parametrize("name", ["adam", "ADAM", "Adam"])
def test_adam_takes_the_rate(name: str) -> None:
    found = check(
        **{**ADAM, "optimizer": name}, rate=0.003, rate_annealing=1e-5, rate_decay=0.9, weight_decay=0.02
    )
    assert (found.optimizer, found.adaptive_rate, found.warnings) == ("Adam", False, ())
    assert found.description()["adaptive_rate"] == {"default": True, "input": True, "actual": False}


@pytest.mark.parametrize(("name", "value"), [
    ("rho", 0.95), ("epsilon", 1e-6), ("adaptive_rate", True), ("momentum_start", 0.5), ("momentum_stable", 0.9),
    ("momentum_ramp", 100), ("nesterov_accelerated_gradient", False),
])  # fmt: skip
def test_what_adam_does_not_look_at(name: str, value: Any) -> None:
    for other in ({}, {"adaptive_rate": False}):
        found = check(**{**ADAM, **other, name: value}).warnings
        assert [f"{name}={value}" in each and "optimizer='AUTO'" in each for each in found].count(True) == 1
    assert name in dict(without_effect(ADAM))


def test_limits_of_what_has_no_effect_do_not_matter() -> None:
    check(**ADAM, momentum_stable=7, rho=0.5)
    with pytest.raises(InvalidArgument, match="rate"):
        check(**ADAM, rate=-1)


def test_forms_know_the_same() -> None:
    assert not {"rate", "rate_annealing", "rate_decay", "weight_decay", "rate_schedule"} & set(
        dict(without_effect(ADAM))
    )
    assert {"weight_decay", "rate_schedule", "rate"} <= set(dict(without_effect({})))
    assert applies("rate") == ["with adaptive_rate=False or optimizer=Adam"]


@pytest.mark.parametrize("base", [ADAM, PLAIN], ids=str)
def test_a_cosine_takes_the_place_of_annealing(base: dict[str, Any]) -> None:
    assert idle(**base, **COSINE) == []
    assert idle(**base, **COSINE, rate_annealing=1e-4) == ["rate_annealing"]
    assert idle(**base, rate_annealing=1e-4) == []


def test_adadelta_has_no_schedule_and_no_decay() -> None:
    assert idle(**COSINE) == ["rate_schedule"]
    assert idle(**COSINE, rate_annealing=1e-4) == ["rate_schedule", "rate_annealing"]
    assert idle(weight_decay=0.1) == ["weight_decay"] == idle(**PLAIN, weight_decay=0.1)


def test_smoothing_is_for_classes() -> None:
    assert idle("three", label_smoothing=0.1) == [] == idle("two", label_smoothing=0.1)
    assert idle(label_smoothing=0.1) == ["label_smoothing"]
    assert "label_smoothing" in dict(without_effect({}, "Regression"))
    for value in (-0.1, 1):
        with pytest.raises(InvalidArgument, match="label_smoothing"):
            check("three", label_smoothing=value)
