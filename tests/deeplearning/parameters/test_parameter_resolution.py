"""What validation makes of values that were left open, of columns, and of values without effect."""

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.parameters.context import TrainingContext, column_facts, listed
from heavywater.deeplearning.parameters.table import LARGEST_FLOAT, table
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.errors import InvalidArgument, InvalidType, NotFound
from heavywater.frame.columns.column_statistics import ColumnStatistics
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.frame.sharded_frame import statistics_of

from ..example_frames import context, every_kind


def check(
    y: str | None = "positive", x: list[str] | None = None, **parameters: Any
) -> DeepLearningParameters:
    return validate(parameters, context(y, x))


@pytest.mark.parametrize(
    ("y", "parameters", "category", "distribution", "loss", "metric"),
    [
        ("positive", {}, "Regression", "gaussian", "Quadratic", "deviance"),
        ("time", {}, "Regression", "gaussian", "Quadratic", "deviance"),
        ("two", {}, "Binomial", "bernoulli", "CrossEntropy", "logloss"),
        ("three", {}, "Multinomial", "multinomial", "CrossEntropy", "logloss"),
        ("three", {"distribution": "bernoulli"}, "Multinomial", "multinomial", "CrossEntropy", "logloss"),
        ("two", {"distribution": "multinomial"}, "Binomial", "multinomial", "CrossEntropy", "logloss"),
        ("two", {"loss": "Quadratic"}, "Binomial", "bernoulli", "Quadratic", "logloss"),
        ("positive", {"loss": "Absolute"}, "Regression", "laplace", "Absolute", "deviance"),
        ("positive", {"loss": "Huber"}, "Regression", "huber", "Huber", "deviance"),
        ("positive", {"loss": "Quantile"}, "Regression", "quantile", "Quantile", "deviance"),
        ("positive", {"distribution": "quantile"}, "Regression", "quantile", "Quantile", "deviance"),
        ("positive", {"distribution": "tweedie"}, "Regression", "tweedie", "Automatic", "deviance"),
        (
            "positive",
            {"distribution": "gaussian", "loss": "Huber"},
            "Regression",
            "gaussian",
            "Quadratic",
            "deviance",
        ),
        (None, {"autoencoder": True}, "AutoEncoder", "gaussian", "Quadratic", "MSE"),
        (None, {"autoencoder": True, "loss": "Absolute"}, "AutoEncoder", "laplace", "Absolute", "MSE"),
    ],
)
def test_distribution_loss_and_metric(
    y: str | None, parameters: dict[str, Any], category: str, distribution: str, loss: str, metric: str
) -> None:
    found = check(y, **parameters)
    assert found.category == category
    assert (found.distribution, found.loss, found.stopping_metric) == (distribution, loss, metric)


def test_open_values_are_settled() -> None:
    found = check(activation="TanhWithDropout", hidden=[5, 6, 7], max_w2=float("inf"))
    assert found.hidden_dropout_ratios == [0.5, 0.5, 0.5]
    assert found.max_w2 == LARGEST_FLOAT
    assert (found.categorical_encoding, found.auc_type, found.shuffle_training_data) == (
        "OneHotInternal",
        "NONE",
        True,
    )
    assert check().hidden_dropout_ratios is None
    assert check(shuffle_training_data=False).shuffle_training_data is False


def test_a_seed_is_drawn_and_reported() -> None:
    seeds = {check().seed for _ in range(5)}
    assert len(seeds) == 5
    assert all(0 <= seed < 2**53 for seed in seeds)
    assert check(seed=0).seed == 0


def test_a_reproducible_run_does_not_look_at_the_clock() -> None:
    found = check(reproducible=True, max_runtime_secs=60)
    assert (found.train_samples_per_iteration, found.score_each_iteration) == (-1, True)
    assert any("max_runtime_secs" in warning for warning in found.warnings)
    assert check(reproducible=True, train_samples_per_iteration=50).train_samples_per_iteration == 50


def test_the_description_shows_default_input_and_actual_value() -> None:
    shown = check(activation="tanh_with_dropout", hidden=(5,)).description()
    assert list(shown) == list(table())
    assert shown["activation"] == {
        "default": "Rectifier",
        "input": "TanhWithDropout",
        "actual": "TanhWithDropout",
    }
    assert shown["hidden_dropout_ratios"] == {"default": None, "input": None, "actual": [0.5]}
    assert shown["distribution"] == {"default": "AUTO", "input": "AUTO", "actual": "gaussian"}


def test_unknown_attributes_are_errors() -> None:
    with pytest.raises(AttributeError):
        _ = check().hiden  # type: ignore[attr-defined]


@pytest.mark.parametrize("entry", [e for e in table().values() if e.no_effect], ids=lambda entry: entry.name)
def test_parameters_without_effect_are_warned_about_when_given(entry: Any) -> None:
    value: Any = not entry.default if isinstance(entry.default, bool) else entry.default + 1
    assert any(warning.startswith(f"{entry.name}=") for warning in check(**{entry.name: value}).warnings)
    assert not check(**{entry.name: entry.default}).warnings


@pytest.mark.parametrize("entry", [e for e in table().values() if e.only_with], ids=lambda entry: entry.name)
def test_parameters_that_need_another_one_are_warned_about(entry: Any) -> None:
    (other, wanted), *_ = entry.only_with.items()
    setting: dict[str, Any] = {other: not wanted[0]} if isinstance(wanted[0], bool) else {}
    if other == "categorical_encoding":
        setting = {other: "Binary"}
    if other == "optimizer":
        setting = {other: {"AUTO": "Adam", "Adam": "AUTO"}[wanted[0]], "mini_batch_size": 8}
    warnings = check(**{entry.name: entry.default, **setting}).warnings
    assert any(entry.name in warning and other in warning for warning in warnings)


def test_sane_settings_give_no_warning() -> None:
    settings = {"hidden": [32, 32], "epochs": 3, "l1": 1e-5, "rho": 0.95, "stopping_metric": "MSE", "seed": 3}
    assert check("positive", ["a", "b", "factor"], **settings).warnings == ()


# --- columns


def test_all_columns_without_another_role_are_predictors() -> None:
    found = validate(
        {"weights_column": "weight", "offset_column": "b", "ignored_columns": ["three"]},
        TrainingContext(every_kind(), None, "positive"),
    )
    unused = {"weight", "b", "three", "positive", "text", "missing", "constant", "weight_none"}
    assert found.predictors == tuple(name for name in every_kind().names if name not in unused)
    assert len(found.warnings) == 3


def test_predictors_come_in_the_order_of_the_frame_and_without_the_response() -> None:
    assert check("positive", ["b", "positive", "a", "b"]).predictors == ("a", "b")


def test_constant_columns_stay_when_asked_for() -> None:
    assert check("positive", ["constant"], ignore_const_cols=False).predictors == ("constant",)


def test_an_autoencoder_leaves_the_response_alone() -> None:
    found = validate({"autoencoder": True}, TrainingContext(every_kind(), None, "positive"))
    assert found.response is None
    assert found.response_column is None
    assert "positive" not in found.predictors
    assert any("positive" in warning for warning in found.warnings)


def test_the_response_can_be_a_parameter() -> None:
    assert validate({"response_column": "two"}, context(None)).response == "two"


@pytest.mark.parametrize("role", ["y", "weights_column", "offset_column", "ignored_columns"])
def test_a_missing_column_is_named_with_similar_ones(role: str) -> None:
    parameters: dict[str, Any] = (
        {} if role == "y" else {role: ["positiv"] if role.startswith("ign") else "positiv"}
    )
    with pytest.raises(NotFound, match=rf"{role}='positiv'.*Did you mean 'positive'"):
        validate(parameters, context("positiv" if role == "y" else "two"))


@pytest.mark.parametrize("role", ["weights_column", "offset_column"])
def test_a_column_has_one_role(role: str) -> None:
    with pytest.raises(InvalidArgument, match=f"{role}='b'.*ignored_columns"):
        validate({role: "b", "ignored_columns": ["b"]}, context("positive"))


def test_offsets_must_be_complete_numbers() -> None:
    with pytest.raises(InvalidArgument, match=r"offset_column='weight_missing'.*1 values.*missing"):
        check(offset_column="weight_missing")
    with pytest.raises(InvalidArgument, match=r"offset_column='factor'.*numeric.*enum"):
        check(offset_column="factor")


def test_x_must_be_a_list() -> None:
    with pytest.raises(InvalidType, match=r"x='a' must be a list.*\['a'\]"):
        validate({}, TrainingContext(every_kind(), "a", "positive"))


def test_facts_of_columns() -> None:
    facts = column_facts(ColumnStatistics.of(numeric(np.array([3.0, np.nan, -1.5]))))
    assert (facts.low, facts.high, facts.missing, facts.is_constant, facts.is_empty) == (
        -1.5,
        3.0,
        1,
        False,
        False,
    )
    assert column_facts(statistics_of(every_kind(), "missing")).is_empty
    assert column_facts(statistics_of(every_kind(), "constant")).is_constant
    assert not column_facts(statistics_of(every_kind(), "text")).is_empty
    assert column_facts(ColumnStatistics.of(enum(np.array([0, 1, -1]), ["u", "v"]))).levels == 2


def test_many_columns_are_listed_shortly() -> None:
    names = [f"c{i}" for i in range(1000)]
    frame = Frame([*names, "a", "y"], [numeric(np.zeros(3))] * 1000 + [numeric(np.arange(3))] * 2)
    (warning,) = validate({}, TrainingContext(frame, None, "y")).warnings
    assert "'c0', 'c1', 'c2' and 997 more" in warning
    assert listed(["one"]) == "'one'"
