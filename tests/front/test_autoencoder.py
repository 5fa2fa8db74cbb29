"""Autoencoders: the booklet's anomaly detection and its stacked autoencoder, and what the methods give."""

from __future__ import annotations

from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError

from vignettes.stacked_autoencoder import encode, train_stack

from .training_helpers import array, autoencoder, boston, fit, iris, parameters_of, prostate, read


@pytest.mark.parametrize("seed", range(1, 11))
@pytest.mark.parametrize("hidden", [[50, 50, 50], [50, 20, 50]], ids=["Python", "R"])
def test_the_bad_heartbeats_have_the_largest_errors(seed: int, hidden: list[int]) -> None:
    """The booklet's use case, as it stands in Python and in R; H2O gives the same order for every seed."""
    train, test = read("ecg_discord_train.csv"), read("ecg_discord_test.csv")
    model = H2OAutoEncoderEstimator(
        activation="Tanh", hidden=hidden, sparse=True, l1=1e-4, epochs=100, seed=seed
    )
    model.train(x=train.names, training_frame=train)
    errors = array(model.anomaly(test))[:, 0]
    assert np.argsort(-errors)[:3].tolist() == [21, 22, 20]
    assert errors[20:].min() > 100 * errors[:20].max()


def test_errors_are_those_of_the_reconstruction() -> None:
    """On the scale on which every column of the training data has range 1."""
    train, test = read("ecg_discord_train.csv"), read("ecg_discord_test.csv")
    model = autoencoder(train, activation="Tanh", hidden=[20], epochs=20)
    found = model.predict(test)
    assert found.names == [f"reconstr_{name}" for name in train.names]
    width = np.ptp(array(train), axis=0)
    squares = ((array(found) - array(test)) / width) ** 2
    np.testing.assert_allclose(array(model.anomaly(test, per_feature=True)), squares, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(array(model.anomaly(test))[:, 0], squares.mean(axis=1), rtol=1e-4)
    assert model.anomaly(test).names == ["Reconstruction.MSE"]
    assert model.model_performance(test).mse() == pytest.approx(squares.mean(), rel=1e-4)


def test_a_frame_without_rows() -> None:
    model = autoencoder(boston(), activation="Tanh", epochs=1)
    nothing = boston()[boston()["medv"] > 1000, :]
    assert model.anomaly(nothing).shape == (0, 1) and model.predict(nothing).nrow == 0


def test_both_estimators_train_the_same() -> None:
    frame, x = prostate(), ["AGE", "RACE", "PSA"]
    options: dict[str, Any] = {
        "hidden": [5],
        "epochs": 3,
        "seed": 2,
        "reproducible": True,
        "export_weights_and_biases": True,
    }
    one = H2OAutoEncoderEstimator(activation="Tanh", **options)
    other = H2ODeepLearningEstimator(activation="Tanh", autoencoder=True, **options)
    for model in (one, other):
        model.train(x=x, training_frame=frame, validation_frame=frame)
        assert model.type == "unsupervised" and model.mse(valid=True) == pytest.approx(model.mse())
    np.testing.assert_array_equal(parameters_of(one), parameters_of(other))
    assert h2o.get_model(other.model_id).anomaly(frame).nrow == frame.nrow


def test_only_autoencoders_have_anomalies() -> None:
    with pytest.raises(H2OValueError, match="anomaly needs an autoencoder"):
        fit(iris(), "class", epochs=0).anomaly(iris())


@pytest.fixture(scope="module")
def classifier() -> Any:
    return fit(iris(), "class", hidden=[4, 3], activation="Tanh", epochs=2)


@pytest.mark.parametrize("layer", [1, "1", "L2", "DF.L2", np.int64(1)])
def test_hidden_layers_by_number_and_name(classifier: Any, layer: Any) -> None:
    features = classifier.deepfeatures(iris(), layer)
    assert features.names == ["DF.L2.C1", "DF.L2.C2", "DF.L2.C3"]
    expected = array(classifier.deepfeatures(iris(), 0))
    expected = np.tanh(expected @ array(classifier.weights(1)).T + array(classifier.biases(1))[:, 0])
    np.testing.assert_allclose(array(features), expected, atol=1e-6)


@pytest.mark.parametrize("layer", [2, -1, "L3", "L0", "Tanh", "", True, None, 0.5])
def test_layers_that_do_not_exist(classifier: Any, layer: Any) -> None:
    with pytest.raises(H2OValueError, match=r"layer=.*counted from 0, and there are 2: L1, L2"):
        classifier.deepfeatures(iris(), layer)


def test_stacked_autoencoder() -> None:
    """Two numbers for a flower, found without its name, tell the classes apart nearly as well as all four."""
    frame = iris()
    measures = frame.names[:4]
    models = train_stack(
        frame[measures], [6, 2], activation="Tanh", epochs=200, seed=1, reproducible=True, stopping_rounds=0
    )
    assert [model.actual_params["hidden"] for model in models] == [[6], [2]]
    codes = encode(models, frame[measures])
    assert codes.names == ["L2.C1", "L2.C2"] and codes.nrow == 150
    inner = encode(models[:1], frame[measures])
    assert inner.names == [f"L1.C{k}" for k in range(1, 7)]
    np.testing.assert_allclose(array(encode(models[1:], inner, 2)), array(codes), atol=1e-6)
    codes["class"] = frame["class"]
    assert fit(codes, "class", epochs=100).model_performance().mean_per_class_error() < 0.1  # type: ignore[operator]
