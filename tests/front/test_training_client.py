"""Scripts as users of the genuine client write them, and what trained models print."""

from __future__ import annotations

import warnings
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator

from .training_helpers import DATA, autoencoder, boston, fit, iris, prostate, read

LOCATION = str(DATA / "prostate.csv")


def test_prostate_from_upload_to_performance() -> None:
    data = h2o.upload_file(path=LOCATION)
    data[1] = data[1].asfactor()
    train, test = data.split_frame(ratios=[0.7], seed=42)
    model = H2ODeepLearningEstimator(loss="CrossEntropy", epochs=100, hidden=[10, 10, 10], seed=1)
    model.train(x=list(range(2, 9)), y=1, training_frame=train, validation_frame=test)
    model.show()
    performance = model.model_performance(test_data=test)
    assert performance.mse() == pytest.approx(model.mse(valid=True))
    assert performance.auc() == pytest.approx(model.auc(valid=True)) and performance.auc() > 0.6
    assert model.mse(train=True, valid=True) == {"train": model.mse(), "valid": model.mse(valid=True)}
    assert model.predict(test).shape == (test.nrow, 3)
    again = h2o.get_model(model.model_id)
    assert again.mse(valid=True) == model.mse(valid=True)
    assert again.predict(test).as_data_frame().equals(model.predict(test).as_data_frame())
    assert performance.roc() == (performance.fprs, performance.tprs)  # type: ignore[attr-defined]
    assert isinstance(performance.confusion_matrix().to_list()[0][0], int)


def test_columns_by_name_set_on_the_estimator() -> None:
    frame = iris()
    model = H2ODeepLearningEstimator(model_id="iris_by_name")
    model.hidden = [20]
    model.epochs = 5
    model.training_frame = frame
    model.train(x=frame.names[:-1], y="class")
    assert model.actual_params["hidden"] == [20] and model.model_id == "iris_by_name"
    assert model.params["hidden"] == {"default": [200, 200], "input": [20], "actual": [20]}
    assert model.confusion_matrix(frame).as_data_frame().shape == (4, 5)
    assert model.hit_ratio_table(train=True)["hit_ratio"][-1] == pytest.approx(1)
    assert model._model_json["output"]["model_category"] == "Multinomial"
    assert model._model_json["output"]["training_metrics"].mse() == model.mse()


def test_an_autoencoder_script() -> None:
    train, test = h2o.import_file(str(DATA / "ecg_discord_train.csv")), read("ecg_discord_test.csv")
    model = H2OAutoEncoderEstimator(
        activation="Tanh", hidden=[50], l1=1e-5, score_interval=0, epochs=20, seed=1
    )
    model.train(x=train.names, training_frame=train)
    assert model.anomaly(test).names == ["Reconstruction.MSE"]
    assert model.deepfeatures(test, 0).shape == (23, 50)
    assert model.type == "unsupervised" and model.mse() > 0
    other = H2ODeepLearningEstimator(autoencoder=True, hidden=[5], epochs=1)
    other.train(x=list(range(210)), training_frame=train)
    assert other.anomaly(test, per_feature=True).dim == [23, 210]


def test_weights_and_start_from_weights() -> None:
    frame = iris()
    options: dict[str, Any] = {
        "hidden": [10, 5],
        "epochs": 0,
        "export_weights_and_biases": True,
        "activation": "Tanh",
    }
    first = H2ODeepLearningEstimator(**options, seed=1)
    first.train(x=list(range(4)), y=4, training_frame=frame)
    weights, biases = [first.weights(i) for i in range(3)], [first.biases(i) for i in range(3)]
    assert [part.shape for part in weights] == [(10, 4), (5, 10), (3, 5)]
    assert [part.shape for part in biases] == [(10, 1), (5, 1), (3, 1)]
    second = H2ODeepLearningEstimator(**options, seed=2, initial_weights=weights, initial_biases=biases)
    second.train(x=list(range(4)), y=4, training_frame=frame)
    assert second.logloss() == pytest.approx(first.logloss(), rel=1e-6)
    partly = H2ODeepLearningEstimator(
        **options,
        seed=2,
        initial_weights=[weights[0], None, weights[2]],
        initial_biases=[biases[0], None, None],
    )
    partly.train(x=list(range(4)), y=4, training_frame=frame)
    assert np.allclose(partly.weights(0).as_data_frame(), weights[0].as_data_frame())
    for i in (1, 2):  # used only where both are given
        assert not np.allclose(partly.weights(i).as_data_frame(), weights[i].as_data_frame())


def test_scoring_history_as_a_data_frame() -> None:
    model = fit(boston(), "medv", valid=boston())
    history = model.scoring_history()
    assert {"timestamp", "duration", "training_speed", "epochs", "iterations", "samples", "training_rmse",
            "validation_rmse"} <= set(history.columns)  # fmt: skip
    assert model.varimp(use_pandas=True).columns.tolist()[0] == "variable"
    assert {row[0] for row in model.varimp()} == set(boston().names) - {"medv"}


def test_no_warning_without_a_cause() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = prostate()
        model = H2ODeepLearningEstimator(epochs=1, hidden=[5])
        model.train(y="CAPSULE", training_frame=frame, validation_frame=frame)
        model.predict(frame)
        model.model_performance(frame)
        repr(model)


# --- what is printed

PRINTED = {
    "Binomial": ["ModelMetricsBinomial", "LogLoss", "AUC: 0.", "Confusion Matrix (Act/Pred) for max f1",
                 "Maximum Metrics", "Gains/Lift Table"],
    "Multinomial": ["ModelMetricsMultinomial", "LogLoss", "Row labels: Actual class", "Top-3 Hit Ratios",
                    "Iris-setosa"],
    "Regression": ["ModelMetricsRegression", "MAE", "RMSLE", "Mean Residual Deviance"],
    "AutoEncoder": ["ModelMetricsAutoEncoder", "MSE: 0."],
}  # fmt: skip
EVERYWHERE = ["Model Details", "Model Key: ", "Status of Neuron Layers", "training samples", "Scoring History",
              "obs/sec", "Variable Importances", "Training ended: "]  # fmt: skip


@pytest.mark.parametrize("category", PRINTED)
def test_what_a_model_prints(category: str, capsys: pytest.CaptureFixture[str]) -> None:
    train = {
        "Binomial": lambda: fit(prostate(), "CAPSULE", valid=prostate()),
        "Multinomial": lambda: fit(iris(), "class", valid=iris()),
        "Regression": lambda: fit(boston(), "medv", valid=boston()),
        "AutoEncoder": lambda: autoencoder(boston(), activation="Tanh"),
    }
    model = train[category]()
    capsys.readouterr()
    model.show("full")
    shown = capsys.readouterr().out
    for part in (*EVERYWHERE, *PRINTED[category]):
        assert part in shown
        assert part in model.to_html("full") or "&" in part
    assert ("** Reported on validation data. **" in shown) == (category != "AutoEncoder")
    assert "nan" not in shown.lower() and "None" not in shown
    assert len(shown.splitlines()) < 180 and max(map(len, shown.splitlines())) < 400
    assert shown.strip() == model.to_str("full").strip()
    assert repr(model).strip() == str(model).strip()
    model.summary().show()
    assert "Softmax" in capsys.readouterr().out or category in ("Regression", "AutoEncoder")
