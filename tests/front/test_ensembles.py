"""Models of several members: all that can be asked of a model can be asked of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.backend.connection import session
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError
from h2o.grid import H2OGridSearch

X = ["a", "b", "c"]
FAST: dict[str, Any] = {
    "hidden": [6, 5],
    "epochs": 4,
    "seed": 1,
    "ensemble_size": 3,
    "export_weights_and_biases": True,
}


def rows(n: int, seed: int) -> h2o.H2OFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    c = np.array(["u", "v", "w"])[rng.integers(0, 3, n)]
    number = x[:, 0] + x[:, 1] ** 2 + (c == "u") + 0.3 * rng.normal(size=n)
    found = pd.DataFrame(x, columns=["a", "b"]).assign(
        c=c, number=number, two=np.where(number > 1, "yes", "no")
    )
    found.loc[3, "a"] = np.nan
    return h2o.H2OFrame(found, column_types={"c": "enum", "two": "enum"})


@pytest.fixture(scope="module")
def train() -> h2o.H2OFrame:
    return rows(300, 0)


@pytest.fixture(scope="module")
def test() -> h2o.H2OFrame:
    return rows(60, 1)


@pytest.fixture(scope="module")
def classes(train: h2o.H2OFrame) -> Any:
    more: dict[str, Any] = {
        "nfolds": 3,
        "keep_cross_validation_models": True,
        "calibrate_model": True,
    }
    model = H2ODeepLearningEstimator(
        **{**FAST, "epochs": 10}, **more, activation="RectifierWithDropout", hidden_dropout_ratios=[0.1, 0.1]
    )
    return model.train(x=X, y="two", training_frame=train)


@pytest.fixture(scope="module")
def numbers(train: h2o.H2OFrame) -> Any:
    return H2ODeepLearningEstimator(**FAST, activation="Maxout").train(x=X, y="number", training_frame=train)


def frame_of(found: h2o.H2OFrame) -> pd.DataFrame:
    return found.as_data_frame()


def test_folds_are_ensembles_too(classes: Any, test: h2o.H2OFrame) -> None:
    folds = classes.cross_validation_models()
    assert [each.actual_params["ensemble_size"] for each in folds] == [3, 3, 3]
    assert 0.6 < classes.auc(xval=True) <= 1
    together = classes.fold_ensemble()
    mean = np.mean([frame_of(each.predict(test))["yes"] for each in folds], axis=0)
    np.testing.assert_allclose(frame_of(together.predict(test))["yes"], mean, rtol=1e-6)
    found = frame_of(classes.predict(test, interval=0.9))
    assert list(found) == ["predict", "no", "yes", "cal_no", "cal_yes", "in_no", "in_yes"]


def test_weights_and_hidden_features_are_those_of_blocks(
    classes: Any, numbers: Any, test: h2o.H2OFrame
) -> None:
    assert [classes.weights(i).shape for i in range(3)] == [(18, 6), (15, 18), (2, 15)]
    assert [classes.biases(i).shape[0] for i in range(3)] == [18, 15, 2]
    second = frame_of(classes.weights(1)).to_numpy().copy()
    for k in range(3):
        block = second[5 * k : 5 * k + 5, 6 * k : 6 * k + 6]
        assert (block != 0).all()
        second[5 * k : 5 * k + 5, 6 * k : 6 * k + 6] = 0
    assert not second.any()
    hidden = frame_of(numbers.deepfeatures(test, 1)).to_numpy()
    w, b = frame_of(numbers.weights(2)).to_numpy(), frame_of(numbers.biases(2)).to_numpy()
    out = hidden @ w.T + b.T
    predicted = frame_of(numbers.predict(test)).to_numpy()
    slope, shift = np.polyfit(out[:, 0], predicted[:, 0], 1)
    np.testing.assert_allclose(predicted, slope * out + shift, rtol=1e-4, atol=1e-5)
    activity = session().models.unit_activity(numbers.model_id, test.frame_id)
    assert [len(layer["dead"]) for layer in activity["layers"]] == [18, 15]


def test_explanations_add_up(classes: Any, numbers: Any, train: h2o.H2OFrame, test: h2o.H2OFrame) -> None:
    some, background = test[:4, :], train[:20, :]
    for model, column in ((numbers, "predict"), (classes, "yes")):
        found = frame_of(model.predict_contributions(some, background_frame=background, output_space=True))
        expected = frame_of(model.predict(some))[column]
        np.testing.assert_allclose(found.sum(axis=1), expected, rtol=1e-4, atol=1e-5)
    importances = classes.varimp(use_pandas=True)
    assert len(importances) == 6 and importances["percentage"].sum() == pytest.approx(1)
    assert "3 members of" in str(classes.summary()) and "3 members of 6 -> 6 -> 5 -> 2" in str(classes)
    assert classes.permutation_importance(test).as_data_frame().shape[0] == 3
    assert numbers.partial_plot(test, cols=["a"], plot=False)


def test_single_rows_and_files_give_the_same(numbers: Any, test: h2o.H2OFrame, tmp_path: Path) -> None:
    expected = frame_of(numbers.predict(test))["predict"]
    cells = test[X].as_data_frame().replace({np.nan: None}).to_dict("records")
    single = [numbers.predict(row)["predict"] for row in cells]
    np.testing.assert_allclose(single, expected, rtol=1e-5, atol=1e-6)
    loaded = h2o.load_model(h2o.save_model(numbers, str(tmp_path)))
    np.testing.assert_array_equal(frame_of(loaded.predict(test))["predict"], expected)


def test_going_on_from_a_checkpoint(numbers: Any, train: h2o.H2OFrame, test: h2o.H2OFrame) -> None:
    def more(**given: Any) -> Any:
        model = H2ODeepLearningEstimator(
            **{**FAST, "activation": "Maxout", "overwrite_with_best_model": False, **given}
        )
        return model.train(x=X, y="number", training_frame=train)

    first = more()
    on = more(epochs=6, checkpoint=first.model_id)
    whole = more(epochs=6)
    np.testing.assert_array_equal(frame_of(on.predict(test)), frame_of(whole.predict(test)))
    with pytest.raises(H2OValueError, match="ensemble_size=2: with checkpoint"):
        more(epochs=6, checkpoint=first.model_id, ensemble_size=2)


def test_early_stopping_looks_at_the_mean(train: h2o.H2OFrame, test: h2o.H2OFrame) -> None:
    model = H2ODeepLearningEstimator(**{**FAST, "epochs": 200}, stopping_rounds=2, stopping_tolerance=0.05)
    model.train(x=X, y="number", training_frame=train, validation_frame=test)
    history = model.scoring_history()
    assert len(history) < 100 and history["epochs"].iloc[-1] < 150
    best = history["validation_deviance"].min()
    assert model.model_performance(test).mse() == pytest.approx(best, rel=1e-5)


def test_an_autoencoder_reconstructs_by_the_mean_and_is_a_start(
    train: h2o.H2OFrame, test: h2o.H2OFrame
) -> None:
    encoder = H2OAutoEncoderEstimator(**{**FAST, "hidden": [4], "activation": "Tanh", "epochs": 2})
    encoder.train(x=X, training_frame=train)
    assert encoder.anomaly(test).shape == (60, 1) and encoder.predict(test).shape[0] == 60
    for size in (1, 3, 4):
        model = H2ODeepLearningEstimator(
            hidden=[4],
            export_weights_and_biases=True,
            activation="Tanh",
            epochs=0,
            seed=5,
            ensemble_size=size,
            pretrained_autoencoder=encoder.model_id,
        )
        if size == 1:
            with pytest.warns(RuntimeWarning, match="has 3 members, ensemble_size is 1"):
                model.train(x=X, y="number", training_frame=train)
        else:
            model.train(x=X, y="number", training_frame=train)
        starts, given = frame_of(model.weights(0)).to_numpy(), frame_of(encoder.weights(0)).to_numpy()
        np.testing.assert_array_equal(starts, np.concatenate([given, given])[: 4 * size])
        last = frame_of(model.weights(1)).to_numpy().reshape(size, 4)
        assert len(np.unique(last[:, 0])) == size


def test_members_that_would_be_the_same_are_refused(train: h2o.H2OFrame) -> None:
    start = H2ODeepLearningEstimator(hidden=[4], epochs=0, seed=1, export_weights_and_biases=True).train(
        x=X, y="number", training_frame=train
    )
    given: dict[str, Any] = {
        "initial_weights": [start.weights(i) for i in range(2)],
        "initial_biases": [start.biases(i) for i in range(2)],
    }
    model = H2ODeepLearningEstimator(
        hidden=[4], ensemble_size=2, export_weights_and_biases=True, shuffle_training_data=False, **given
    )
    with pytest.raises(H2OValueError, match="ensemble_size=2: all members would be the same network"):
        model.train(x=X, y="number", training_frame=train)
    chances: list[dict[str, Any]] = [{"input_dropout_ratio": 0.1}, {"shuffle_training_data": True}]
    for chance in chances:
        different = {"shuffle_training_data": False, "ensemble_size": 2, **chance}
        model = H2ODeepLearningEstimator(hidden=[4], export_weights_and_biases=True, **different, **given)
        model.train(x=X, y="number", training_frame=train)
        first = frame_of(model.weights(0)).to_numpy()
        assert not np.array_equal(first[:4], first[4:])


def test_sizes_of_ensembles_in_a_grid(train: h2o.H2OFrame) -> None:
    grid = H2OGridSearch(H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1), {"ensemble_size": [1, 2]})
    grid.train(x=X, y="number", training_frame=train)
    assert sorted(each.actual_params["ensemble_size"] for each in grid.models) == [1, 2]


def test_a_run_that_is_cancelled_keeps_what_its_members_have(train: h2o.H2OFrame, test: h2o.H2OFrame) -> None:
    here, given = session(), {**FAST, "epochs": 1e6, "model_id": "cancelled_ensemble"}
    job = here.training.train("deeplearning", given, x=X, y="number", training_frame_key=train.frame_id)[
        "job"
    ]
    while not here.jobs.wait(job, 0.05)["measures"].get("samples"):
        pass
    here.jobs.cancel(job)
    assert here.jobs.wait(job, 20)["status"] != "RUNNING"
    model = h2o.get_model("cancelled_ensemble")
    assert model.predict(test).shape == (60, 1)
    on = H2ODeepLearningEstimator(**{**FAST, "epochs": 2e6}, checkpoint=model.model_id, max_runtime_secs=0.1)
    on.train(x=X, y="number", training_frame=train)
    assert on.scoring_history()["samples"].iloc[-1] > model.scoring_history()["samples"].iloc[-1]


def test_a_time_limit_ends_all_members(train: h2o.H2OFrame) -> None:
    model = H2ODeepLearningEstimator(**{**FAST, "epochs": 1e6}, max_runtime_secs=0.3)
    model.train(x=X, y="number", training_frame=train)
    assert model.scoring_history()["epochs"].iloc[-1] < 1e6 and model.actual_params["ensemble_size"] == 3
