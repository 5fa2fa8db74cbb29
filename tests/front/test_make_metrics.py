"""h2o.make_metrics against what the real H2O computes (tests/data/metrics)."""

from __future__ import annotations

from typing import Any

import h2o
import numpy as np
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.model.metrics import H2OBinomialModelMetrics, H2OMultinomialModelMetrics, H2ORegressionModelMetrics

from ..cases import metrics


@pytest.fixture(autouse=True)
def session():
    h2o.init(verbose=False)


def load(case: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
    found = metrics.load(case)
    return found.info, found.cells


def numbers(cells: list[str]) -> h2o.H2OFrame:
    return h2o.H2OFrame(
        np.array([float(cell) if cell not in ("", "NA") else np.nan for cell in cells])[:, None]
    )


def factor(cells: list[str]) -> h2o.H2OFrame:
    return h2o.H2OFrame({"actual": [cell or None for cell in cells]}, column_types={"actual": "enum"})


def agree(found: Any, expected: dict[str, Any], fields: dict[str, str]) -> None:
    for method, field in fields.items():
        assert getattr(found, method)() == pytest.approx(float(expected[field]), rel=1e-6, nan_ok=True), (
            method
        )


BINOMIAL = {"mse": "MSE", "rmse": "RMSE", "auc": "AUC", "aucpr": "pr_auc", "logloss": "logloss", "r2": "r2",
            "gini": "Gini", "nobs": "nobs"}  # fmt: skip
MULTINOMIAL = {"mse": "MSE", "rmse": "RMSE", "logloss": "logloss", "mean_per_class_error": "mean_per_class_error",
               "auc": "AUC", "aucpr": "pr_auc", "r2": "r2", "nobs": "nobs"}  # fmt: skip
REGRESSION = {"mse": "MSE", "rmse": "RMSE", "mae": "mae", "rmsle": "rmsle", "r2": "r2", "nobs": "nobs",
              "mean_residual_deviance": "mean_residual_deviance"}  # fmt: skip


@pytest.mark.parametrize(
    "case", ["b01_distinct_300", "b05_real_weights", "b09_missing_response", "b13_text_levels"]
)
def test_two_classes(case):
    info, cells = load(case)
    weights = numbers(cells["weight"]) if "weight" in cells else None
    found = h2o.make_metrics(numbers(cells["p1"]), factor(cells["actual"]), weights=weights)
    assert isinstance(found, H2OBinomialModelMetrics)
    agree(found, info["expected"], BINOMIAL)
    assert found.confusion_matrix().to_list()


def test_classes_can_be_named_for_a_numeric_response():
    info, cells = load("b01_distinct_300")
    found = h2o.make_metrics(
        numbers(cells["p1"]), numbers(cells["actual"]), domain=["0", "1"], distribution="bernoulli"
    )
    agree(found, info["expected"], BINOMIAL)
    swapped = h2o.make_metrics(numbers(cells["p1"]), numbers(cells["actual"]), domain=["1", "0"])
    assert swapped.auc() == pytest.approx(1 - found.auc())


@pytest.mark.parametrize(
    "case", ["m01_3class", "m02_3class_auc_macro_ovo", "m02_3class_auc_weighted_ovr", "m03_7class_weights"]
)
def test_several_classes(case):
    info, cells = load(case)
    domain = info["domain"]
    predicted = h2o.H2OFrame(np.column_stack([[float(c) for c in cells[f"p_{level}"]] for level in domain]))
    weights = numbers(cells["weight"]) if "weight" in cells else None
    auc = {"auc_type": info["auc_type"]} if info["auc_type"] else {}
    found = h2o.make_metrics(predicted, factor(cells["actual"]), domain=domain, weights=weights, **auc)
    assert isinstance(found, H2OMultinomialModelMetrics)
    agree(found, info["expected"], MULTINOMIAL)
    assert len(found.confusion_matrix()) == len(domain) + 1
    assert len(found.hit_ratio_table()) == min(10, len(domain))


@pytest.mark.parametrize(
    "case",
    ["r01_gaussian", "r05_poisson_weights", "r06_gamma", "r08_laplace", "r14_missing_response", "r17_none"],
)
def test_numbers(case):
    info, cells = load(case)
    weights = numbers(cells["weight"]) if "weight" in cells else None
    found = h2o.make_metrics(numbers(cells["predict"]), numbers(cells["actual"]), distribution=info["distribution"],
                             weights=weights)  # fmt: skip
    assert isinstance(found, H2ORegressionModelMetrics)
    agree(found, info["expected"], REGRESSION)
    assert "Reported on" in repr(found)


WITH_PARAMETER = [
    ("r10_tweedie", "tweedie_power"),
    ("r11_quantile", "quantile_alpha"),
    ("r12_huber", "huber_alpha"),
]


@pytest.mark.parametrize(("case", "parameter"), WITH_PARAMETER)
def test_distributions_with_a_parameter_are_refused(case, parameter):
    """H2O refuses them, too: the parameter cannot be given."""
    info, cells = load(case)
    assert info["refused"]
    with pytest.raises(H2OValueError, match=parameter):
        h2o.make_metrics(
            numbers(cells["predict"]), numbers(cells["actual"]), distribution=info["distribution"]
        )


def test_rows_without_an_answer_do_not_count_for_several_classes():
    """H2O refuses this."""
    info, cells = load("m07_missing_response")
    known = [k for k, cell in enumerate(cells["actual"]) if cell]
    assert 0 < len(known) < len(cells["actual"])
    names = [name for name in cells if name != "actual"]
    predicted = np.column_stack([[float(c) for c in cells[name]] for name in names])
    actual = factor(cells["actual"])
    found = h2o.make_metrics(h2o.H2OFrame(predicted), actual, domain=info["domain"])
    same = h2o.make_metrics(
        h2o.H2OFrame(predicted[known]), factor([cells["actual"][k] for k in known]), domain=info["domain"]
    )
    assert found.nobs() == len(known)
    assert found.logloss() == pytest.approx(same.logloss())


def test_what_does_not_fit_is_refused():
    p, one = numbers(["0.1", "0.9", "0.5"]), numbers(["0", "1", "1"])
    classes = factor(["a", "b", "c"])
    two = p.cbind(one)
    cases: list[tuple[Any, dict[str, Any], str]] = [
        ((two, one), {}, "predicted has 2 columns"),
        ((p, two), {}, "actual has 2 columns"),
        ((p, numbers(["0", "1"])), {}, "predicted has 3 rows, actual has 2"),
        ((p, one), {"weights": numbers(["1", "2"])}, "weights has 2 rows"),
        ((p, one), {"domain": ["0", "2"]}, "the class '1'"),
        ((p, one), {"domain": ["0"]}, "at least two classes"),
        ((p, one), {"domain": ["0", "0"]}, "all different"),
        ((p, one), {"distribution": "bernoulli"}, "needs classes"),
        ((p, one), {"distribution": "cauchy"}, "one of gaussian, poisson, gamma, laplace"),
        ((p, classes), {"distribution": "gamma"}, "actual holds classes"),
        ((p, classes), {}, "predicted has 1 columns, domain 3 classes"),
        ((two.cbind(p), classes), {"auc_type": "MAKRO"}, "auc_type"),
    ]
    for positional, keywords, message in cases:
        with pytest.raises(H2OValueError, match=message):
            h2o.make_metrics(*positional, **keywords)
    cases = [
        ((p, 5), {}, "actual: int cannot become a frame"),
        ((p, one), {"domain": "01"}, "list of texts"),
        ((factor(["a", "b", "c"]), one), {}, "predicted has a column of type enum"),
    ]
    for positional, keywords, message in cases:
        with pytest.raises(H2OTypeError, match=message):
            h2o.make_metrics(*positional, **keywords)


@pytest.mark.parametrize(
    "given", [{"treatment": 1}, {"auuc_type": "gini"}, {"auuc_nbins": 5}, {"custom_auuc_thresholds": [0.5]}]
)
def test_uplift_is_not_accepted_silently(given):
    with pytest.raises(NotImplementedError, match=next(iter(given))):
        h2o.make_metrics(numbers(["0.5"]), numbers(["1"]), **given)
