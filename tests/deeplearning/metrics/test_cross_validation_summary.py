"""The table of the metrics of all folds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.metrics import binomial_metrics, multinomial_metrics, regression_metrics
from heavywater.deeplearning.metrics.fold_summary import summary_of_folds

RNG = np.random.default_rng(5)
COMMON = ["aic", "loglikelihood", "mse", "r2", "rmse"]
OF_CLASSES = ["accuracy", "auc", "err", "err_count", "logloss", "max_per_class_error", "mean_per_class_accuracy",
              "mean_per_class_error", "pr_auc"]  # fmt: skip
OF_TWO = ["f0point5", "f1", "f2", "lift_top_group", "mcc", "precision", "recall", "specificity"]
OF_NUMBERS = ["mae", "mean_residual_deviance", "residual_deviance", "rmsle"]


def binomial(n: int = 50) -> dict[str, Any]:
    p = RNG.random(n)
    return binomial_metrics((RNG.random(n) < p).astype(int), p)


def multinomial(wrong: int, n: int = 50) -> dict[str, Any]:
    """Three classes, of which so many rows are predicted wrong."""
    actual = np.arange(n) % 3
    predicted = np.where(np.arange(n) < wrong, (actual + 1) % 3, actual)
    return multinomial_metrics(actual, np.eye(3)[predicted] * 0.7 + 0.1, domain=list("abc"))


def rows(metrics: list[dict[str, Any]]) -> dict[str, list[float]]:
    return {name: values for name, *values in summary_of_folds(metrics)["rows"]}


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (binomial, COMMON + OF_CLASSES + OF_TWO),
        (lambda: multinomial(9), COMMON + OF_CLASSES),
        (lambda: regression_metrics(RNG.random(20), RNG.random(20)), COMMON + OF_NUMBERS),
    ],
)
def test_layout(make: Any, names: list[str]) -> None:
    table = summary_of_folds([make() for _ in range(3)])
    assert table["name"] == "Cross-Validation Metrics Summary"
    assert table["columns"] == ["", "mean", "sd", "cv_1_valid", "cv_2_valid", "cv_3_valid"]
    assert table["types"] == ["string"] + ["double"] * 5
    assert [row[0] for row in table["rows"]] == sorted(names)


def test_mean_and_deviation_as_h2o_shows_them() -> None:
    """Numbers of a model of three folds of 50 rows that the real H2O has cross-validated."""
    found = rows([multinomial(wrong) for wrong in (38, 32, 30)])
    assert found["accuracy"] == pytest.approx([0.33333334, 0.08326664, 0.24, 0.36, 0.4], rel=1e-6)
    assert found["err"] == pytest.approx([0.6666667, 0.08326664, 0.76, 0.64, 0.6], rel=1e-6)
    assert found["err_count"][2:] == [38, 32, 30]
    assert np.isnan(found["aic"]).all()


def test_numbers_are_those_of_the_folds() -> None:
    folds = [binomial(), binomial(30)]
    found = rows(folds)
    fields = {"mse": "MSE", "rmse": "RMSE", "auc": "AUC", "pr_auc": "pr_auc", "logloss": "logloss", "r2": "r2",
              "lift_top_group": "lift", "mean_per_class_error": "mean_per_class_error",
              "err": "classification_error"}  # fmt: skip
    for name, field in fields.items():
        assert found[name][2:] == pytest.approx([fold[field] for fold in folds])


def test_two_classes_are_counted_at_the_greatest_f1() -> None:
    fold = binomial(200)
    table = fold["thresholds_and_metric_scores"]
    best = max(table["rows"], key=lambda row: row[table["columns"].index("f1")])
    expected = dict(zip(table["columns"], best, strict=True))
    found = {name: values[2] for name, values in rows([fold, binomial()]).items()}
    for name in ("f1", "f2", "f0point5", "accuracy", "precision", "recall", "specificity"):
        assert found[name] == pytest.approx(expected[name])
    assert abs(found["mcc"]) == pytest.approx(expected["absolute_mcc"])
    assert found["max_per_class_error"] == pytest.approx(1 - expected["min_per_class_accuracy"])
    assert found["mean_per_class_accuracy"] == pytest.approx(expected["mean_per_class_accuracy"])


def test_folds_of_one_row_or_one_class() -> None:
    lone = binomial_metrics(np.array([0]), np.array([0.3]))
    found = rows([lone, binomial()])
    assert found["err_count"][2] in (0, 1) or np.isnan(found["err_count"][2])
    assert found["mse"][2] == pytest.approx(0.09)
    number = regression_metrics(np.array([2.0]), np.array([2.5]))
    found = rows([number, number])
    assert found["rmse"] == [0.5, 0, 0.5, 0.5] and found["r2"][0] == -np.inf


def test_a_custom_metric_has_a_row() -> None:
    folds = [
        {**binomial(), "custom_metric_name": "mine", "custom_metric_value": value} for value in (1.0, 3.0)
    ]
    assert rows(folds)["custom"] == pytest.approx([2, np.sqrt(2), 1, 3])
