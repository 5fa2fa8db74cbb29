"""The estimator against recorded runs of the real H2O: frames in, weights, predictions, counts and metrics out."""

from __future__ import annotations

from functools import cache
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator

from ..cases.trajectories import NAMES, data_file, expected, h2o_predictions, load

# Cases in natural order that the estimator trains differently on purpose.
DIFFERENT = {
    "huber_05": "our delta follows huber_alpha, in H2O it stays at one standard deviation of the response",
    "huber_09": "as huber_05",
    "loss_huber": "as huber_05",
    "minibatch_4": "our update is the mean gradient of 4 rows, H2O silently trains row by row",
    "sparse_na": "H2O clears input unit 0 of rows with few non-zero values and there is no sane result stored",
}


def reason_to_skip(name: str) -> str | None:
    """Why the estimator, which cannot be fed an order or dropout masks, has nothing to replay here."""
    case, _, feed = load(name)
    order, parameters = feed["row_order"], case["parameters"]
    rows = np.unique(order)
    if not np.array_equal(order, np.resize(rows, len(order))):
        return "the rows are in an order that H2O drew"
    if "hidden_masks" in feed or parameters.get("input_dropout_ratio"):
        return "the dropout masks are those that H2O drew"
    return None


NATURAL = [name for name in NAMES if reason_to_skip(name) is None]
COMPARED = [name for name in NATURAL if name not in DIFFERENT]


@cache
def trained(name: str) -> tuple[dict[str, Any], H2ODeepLearningEstimator, h2o.H2OFrame]:
    case, start, _ = load(name)
    frame = h2o.import_file(str(data_file(case)), col_types=case["column_types"])
    layers = range(len(case["units"]) - 1)
    start_from: dict[str, Any] = {
        "initial_weights": [h2o.H2OFrame(start[f"W{i}"].astype(float)) for i in layers],
        "initial_biases": [h2o.H2OFrame(start[f"b{i}"].reshape(-1, 1).astype(float)) for i in layers],
    }
    for stage in case.get("stages", [{}]):
        model = H2ODeepLearningEstimator(**case["parameters"] | stage, **start_from)
        model.train(x=case["predictors"], y=case.get("response"), training_frame=frame)
        start_from = {"checkpoint": model}
    return case, model, frame


def values(frame: h2o.H2OFrame) -> np.ndarray:
    return frame.as_data_frame().to_numpy(dtype=float)


def predictions(model: H2ODeepLearningEstimator, frame: h2o.H2OFrame) -> np.ndarray:
    """Predictions with the columns of the reference's predictions.csv."""
    found = model.predict(frame)
    if model._category == "AutoEncoder":
        error, squares = model.anomaly(frame), model.anomaly(frame, per_feature=True)
        return np.hstack([values(found), values(error), values(squares)])
    return values(found if model._category == "Regression" else found[1:])


pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def test_there_is_something_to_compare() -> None:
    assert len(COMPARED) >= 65
    assert set(DIFFERENT) < set(NATURAL)


@pytest.mark.parametrize("name", COMPARED)
def test_weights_and_biases(name: str) -> None:
    case, model, _ = trained(name)
    _, want, _ = expected(name)
    tolerance = case["tolerance"]["other_precision"]["weights"]
    for i in range(len(case["units"]) - 1):
        weights, biases = values(model.weights(i)), values(model.biases(i))
        np.testing.assert_allclose(weights, want[f"W{i}"], rtol=0, atol=tolerance)
        np.testing.assert_allclose(biases.ravel(), want[f"b{i}"].ravel(), rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", COMPARED)
def test_predictions(name: str) -> None:
    case, model, frame = trained(name)
    _, _, want = expected(name)
    found = predictions(model, frame)
    tolerance = case["tolerance"]["other_precision"]["predictions"]
    np.testing.assert_allclose(found, want.reshape(found.shape), rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", NATURAL)
def test_samples_and_iterations(name: str) -> None:
    case, model, _ = trained(name)
    history = model.scoring_history()
    last = history.iloc[-1]
    assert (last["samples"], last["iterations"]) == (case["processed_samples"], case["iterations"])
    assert last["epochs"] == pytest.approx(case["h2o_epochs"], rel=1e-6)


@pytest.mark.parametrize("name", NATURAL)
def test_input_units_and_standardisation(name: str) -> None:
    case, model, _ = trained(name)
    assert model.weights(0).names == case["input_names"]
    for field, want in case["h2o_standardisation"].items():
        found = model._model_json["output"][field]
        if want is None:
            assert found is None or not len(found)
        else:
            np.testing.assert_allclose(found, want, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("name", [name for name in COMPARED if expected(name)[0] == "final"])
def test_training_metrics_and_importances(name: str) -> None:
    """Only where the weights are H2O's own: without a quirk and without its approximate square root."""
    case, model, _ = trained(name)
    metrics = model.training_model_metrics()
    fields = {
        "mse": "MSE",
        "mean_residual_deviance": "mean_residual_deviance",
        "logloss": "logloss",
        "mae": "mae",
    }
    for field, ours in fields.items():
        if case["training_metrics"].get(field) is not None:
            assert metrics[ours] == pytest.approx(case["training_metrics"][field], rel=1e-4, abs=1e-6)
    found = {row[0]: row[1] for row in model.varimp()}
    assert found == pytest.approx(case["variable_importances"], abs=2e-4)


@pytest.mark.parametrize("name", ["huber_05", "huber_09"])
def test_the_huber_delta_follows_huber_alpha(name: str) -> None:
    """A robust fit all the same: the median of the errors does not grow beyond that of H2O's run."""
    case, model, frame = trained(name)
    actual = values(frame[case["response"]])
    of_h2o = h2o_predictions(name)
    assert np.median(np.abs(values(model.predict(frame)) - actual)) < 1.25 * np.median(
        np.abs(of_h2o - actual)
    )
    other = trained("huber_09" if name == "huber_05" else "huber_05")[1]
    assert np.abs(values(model.weights(0)) - values(other.weights(0))).max() > 1e-3
