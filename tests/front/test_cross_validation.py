"""Cross-validation through the front end: its models, predictions, metrics and tables."""

from __future__ import annotations

from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError
from h2o.two_dim_table import H2OTwoDimTable

from ..sessions import behind
from .training_helpers import array, autoencoder, boston, fit, iris, output, parameters_of, prostate

KEEP: dict[str, Any] = {
    "keep_cross_validation_predictions": True,
    "keep_cross_validation_fold_assignment": True,
}
DATA = {"Binomial": (prostate, "CAPSULE"), "Multinomial": (iris, "class"), "Regression": (boston, "medv")}


def with_fold(frame: h2o.H2OFrame, model: H2ODeepLearningEstimator) -> h2o.H2OFrame:
    return frame.cbind(model.cross_validation_fold_assignment())


@pytest.mark.parametrize("category", DATA)
def test_folds_are_models_trained_by_hand(category: str) -> None:
    """Each fold is the model of the other rows with the fold as validation frame; the main one that of all rows."""
    load, y = DATA[category]
    frame, x = load(), load().names
    x.remove(y)
    model = fit(frame, y, x=x, nfolds=3, **KEEP)
    rows = with_fold(frame, model)
    models, predictions = model.cross_validation_models(), model.cross_validation_predictions()
    assert len(models) == len(predictions) == 3
    for k in range(3):
        inside = rows["fold_assignment"] == k
        alone = fit(rows[rows["fold_assignment"] != k, :], y, x=x, valid=rows[inside, :])
        assert np.array_equal(parameters_of(models[k]), parameters_of(alone))
        assert models[k].rmse(valid=True) == alone.rmse(valid=True)
        expected = alone.predict(rows[inside, :]).as_data_frame()
        assert predictions[k][inside, :].as_data_frame().equals(expected)
    alone = fit(frame, y, x=x, overwrite_with_best_model=False)
    assert np.array_equal(parameters_of(model), parameters_of(alone))
    assert model.rmse() == alone.rmse()


@pytest.mark.parametrize("category", DATA)
def test_metrics_are_those_of_all_holdout_predictions(category: str) -> None:
    load, y = DATA[category]
    frame = load()
    model = fit(frame, y, nfolds=4, **KEEP)
    holdout = model.cross_validation_holdout_predictions()
    assert holdout.shape == model.predict(frame).shape and holdout.names == model.predict(frame).names
    numbers = holdout.names[1:] or ["predict"]
    together = sum(array(each[numbers]) for each in model.cross_validation_predictions())
    assert np.array_equal(together, array(holdout[numbers]))
    expected = h2o.make_metrics(holdout["p1" if category == "Binomial" else numbers], frame[y])
    found = model.model_performance(xval=True)
    for name in ("MSE", "RMSE", "r2", "logloss", "mae", "AUC", "pr_auc", "mean_per_class_error", "nobs"):
        assert found[name] == pytest.approx(expected[name], nan_ok=True), name
    assert str(found["cm"]) == str(expected["cm"])


def test_accessors_take_xval() -> None:
    model = fit(prostate(), "CAPSULE", nfolds=3)
    metrics = model.model_performance(xval=True)
    assert metrics._on == "cross-validation" and "3-fold cross-validation" in metrics["description"]  # type: ignore[operator]
    for name in ("mse", "rmse", "r2", "logloss", "auc", "aucpr", "pr_auc", "gini"):
        accessor = getattr(model, name)
        assert accessor(xval=True) == getattr(metrics, name)() != accessor()
        assert accessor(train=True, xval=True) == {"train": accessor(), "xval": accessor(xval=True)}
        assert accessor(valid=True) is None
    for name in ("F1", "accuracy", "precision", "recall", "mcc", "error", "fpr", "mean_per_class_error"):
        assert getattr(model, name)(xval=True) == getattr(metrics, name)()
    assert model.roc(xval=True) == metrics.roc()
    assert len(model.gains_lift(xval=True)) == len(metrics.gains_lift())
    assert model.find_threshold_by_max_metric("f1", xval=True) == metrics.find_threshold_by_max_metric("f1")
    assert model.confusion_matrix(xval=True).to_list() == metrics.confusion_matrix().to_list()
    plain = fit(prostate(), "CAPSULE")
    assert plain.auc(xval=True) is None and plain.model_performance(xval=True) is None


def test_the_summary_is_the_table_of_the_models() -> None:
    model = fit(boston(), "medv", nfolds=3)
    table = model.cross_validation_metrics_summary()
    assert isinstance(table, H2OTwoDimTable)
    assert table.col_header == ["", "mean", "sd", "cv_1_valid", "cv_2_valid", "cv_3_valid"]
    values = table.as_data_frame().set_index("")
    for name in ("mse", "rmse", "mae", "r2", "rmsle", "mean_residual_deviance"):
        own = [getattr(each, name)(valid=True) for each in model.cross_validation_models()]
        assert values.loc[name].tolist() == pytest.approx([np.mean(own), np.std(own, ddof=1), *own])
    shown = model.to_str("full")
    assert "Reported on cross-validation data" in shown and "Cross-Validation Metrics Summary" in shown
    assert "cv_3_valid" in model._repr_html_()


def test_names_in_the_model_json() -> None:
    model = fit(iris(), "class", model_id="named", nfolds=2, **KEEP)
    found = output(model)
    assert found["cross_validation_models"] == [{"name": "named_cv_1"}, {"name": "named_cv_2"}]
    assert found["cross_validation_predictions"] == [
        {"name": "prediction_named_cv_1"},
        {"name": "prediction_named_cv_2"},
    ]
    assert found["cross_validation_holdout_predictions_frame_id"] == {"name": "cv_holdout_prediction_named"}
    assert found["cross_validation_fold_assignment_frame_id"] == {"name": "cv_fold_assignment_named"}
    assert [len(table) for table in found["cv_scoring_history"]] == [
        len(each.scoring_history()) for each in model.xvals
    ]
    assert model.xval_keys() == ["named_cv_1", "named_cv_2"] and model.is_cross_validated()
    assert model.get_xval_models("named_cv_2").model_id == "named_cv_2"
    assert [each.model_id for each in model.get_xval_models()] == model.xval_keys()
    again = h2o.get_model("named")
    assert again.rmse(xval=True) == model.rmse(xval=True) and again.nfolds == 2
    assert again.cross_validation_holdout_predictions().frame_id == "cv_holdout_prediction_named"


def test_a_model_without_folds_has_none() -> None:
    model = fit(iris(), "class")
    assert not model.is_cross_validated() and model.xval_keys() is None and model.xvals == []
    for name in ("models", "predictions", "holdout_predictions", "fold_assignment", "metrics_summary"):
        assert getattr(model, f"cross_validation_{name}")() is None
    assert output(model)["cv_scoring_history"] is None


def test_a_fold_is_a_model_like_any_other() -> None:
    frame = iris()
    model = fit(frame, "class", nfolds=3, fold_assignment="Modulo")
    fold = model.cross_validation_models()[1]
    assert fold.predict(frame).nrow == 150 and fold.varimp() and len(fold.scoring_history()) >= 5
    assert not fold.is_cross_validated() and fold.actual_params["nfolds"] == 0 and fold.nfolds == 0  # type: ignore[attr-defined]
    assert fold.model_performance(valid=True).nobs() == 50 and fold.model_performance().nobs() == 100
    assert fold.model_performance(frame[list(range(1, 150, 3)), :]).rmse() == fold.rmse(valid=True)
    again = H2ODeepLearningEstimator(**{name: getattr(fold, name) for name in ("hidden", "epochs", "seed")})
    assert not again.train(y="class", training_frame=frame).is_cross_validated()


# --- the main model


def test_the_main_model_trains_for_the_mean_of_the_folds() -> None:
    frame = prostate()
    options = {"stopping_rounds": 2, "stopping_tolerance": 0.02, "epochs": 200}
    model = fit(frame, "CAPSULE", nfolds=4, **options)
    epochs = [output(each)["epochs"] for each in model.xvals]
    assert max(epochs) < 200 and len(set(epochs)) > 1  # otherwise this tests nothing
    assert model.actual_params["epochs"] == pytest.approx(np.mean(epochs))
    assert output(model)["epochs"] == pytest.approx(np.mean(epochs), abs=1 / 380)
    assert model.actual_params["stopping_rounds"] == 0 and model.params["stopping_rounds"]["input"] == 2
    assert model.actual_params["stopping_metric"] is None
    assert model.actual_params["overwrite_with_best_model"] is False
    assert all(each.actual_params["overwrite_with_best_model"] for each in model.xvals)
    for each in model.xvals:  # judged by the rows held out
        history = each.scoring_history()
        assert each.logloss(valid=True) == pytest.approx(history.validation_logloss.min())
    alone = fit(
        frame, "CAPSULE", epochs=float(np.mean(epochs)), stopping_rounds=0, overwrite_with_best_model=False
    )
    assert np.array_equal(parameters_of(model), parameters_of(alone))


def test_without_early_stopping_all_epochs_are_done() -> None:
    model = fit(prostate(), "CAPSULE", nfolds=2, stopping_rounds=0, epochs=7.3)
    assert model.actual_params["epochs"] == 7.3
    model = fit(prostate(), "CAPSULE", nfolds=3, epochs=2.5)  # too few scorings to stop
    assert model.actual_params["epochs"] == 2.5 and output(model)["samples"] == 950


def test_a_validation_frame_is_for_the_main_model() -> None:
    train, valid = prostate().split_frame([0.7], seed=1)
    model = fit(train, "CAPSULE", valid=valid, nfolds=3)
    assert model.model_performance(valid=True).nobs() == valid.nrow
    assert model.model_performance(xval=True).nobs() == train.nrow
    assert len({model.auc(), model.auc(valid=True), model.auc(xval=True)}) == 3
    assert [each.model_performance(valid=True).nobs() for each in model.xvals] == [
        int(n) for n in np.bincount(np.arange(train.nrow) % 3)
    ]


# --- what is kept


def keys() -> set[str]:
    return set(behind().store.keys())


def test_only_what_is_wanted_is_kept() -> None:
    frame = iris()
    before = keys()
    model = fit(frame, "class", model_id="lean", nfolds=3, keep_cross_validation_models=False)
    assert keys() - before == {"lean"}
    assert model.cross_validation_models() is None and model.cross_validation_predictions() is None
    assert model.is_cross_validated() and model.logloss(xval=True) > 0
    assert len(model.cross_validation_metrics_summary()) == 14
    full = fit(frame, "class", model_id="full", nfolds=3, **KEEP)
    assert full.logloss(xval=True) == model.logloss(xval=True)
    added = keys() - before - {"lean"}
    assert added == {"full", "cv_holdout_prediction_full", "cv_fold_assignment_full",
                     *(f"full_cv_{k}" for k in (1, 2, 3)), *(f"prediction_full_cv_{k}" for k in (1, 2, 3))}  # fmt: skip
    h2o.remove("full", cascade=False)
    assert keys() - before == added - {"full"} | {"lean"}
    fit(frame, "class", model_id="full", nfolds=3, **KEEP)
    h2o.remove("full")
    assert keys() - before == {"lean"}
    h2o.remove("lean")


def test_predictions_of_a_fold_fill_the_other_rows() -> None:
    model = fit(iris(), "class", nfolds=3, fold_assignment="Modulo", **KEEP)
    first = model.cross_validation_predictions()[0].as_data_frame()
    assert len(first) == 150
    outside = np.arange(150) % 3 != 0
    assert first.predict.isna().tolist() == outside.tolist()
    sums = first.iloc[:, 1:].sum(axis=1)
    assert (sums[outside] == 0).all() and sums[~outside].to_numpy() == pytest.approx(1)
    assert model.cross_validation_fold_assignment()["fold_assignment"].as_data_frame().iloc[
        :, 0
    ].tolist() == [k % 3 for k in range(150)]


# --- folds of the user


@pytest.mark.parametrize("through_train", [True, False])
@pytest.mark.parametrize("factor", [True, False])
def test_fold_columns(through_train: bool, factor: bool) -> None:
    frame = iris()
    folds = h2o.H2OFrame((np.arange(150) // 7 % 4 + 1).reshape(-1, 1), column_names=["part"])
    frame = frame.cbind(folds.asfactor() if factor else folds)
    where: dict[str, Any] = {"fold_column": "part"}
    model = H2ODeepLearningEstimator(hidden=[5], epochs=2, seed=1, **KEEP, **({} if through_train else where))
    model.train(y="class", training_frame=frame, **(where if through_train else {}))
    assert len(model.xvals) == 4 and output(model)["names"][:-1] == frame.names[:4]
    kept = model.cross_validation_fold_assignment()
    assert kept.names == ["fold_assignment"] and kept.isfactor() == [factor]
    assert array(kept).ravel().tolist() == (np.arange(150) // 7 % 4 + 1).tolist()
    assert [each.model_performance(valid=True).nobs() for each in model.xvals] == np.bincount(
        np.arange(150) // 7 % 4
    ).tolist()
    assert model.predict(frame.drop("part")).nrow == 150


def test_stratified_folds_have_equal_shares() -> None:
    model = fit(iris(), "class", nfolds=5, fold_assignment="Stratified", **KEEP)
    table = with_fold(iris(), model).as_data_frame()
    assert set(table.groupby(["class", "fold_assignment"]).size()) == {10}


def test_one_row_per_fold() -> None:
    frame = iris()[list(range(0, 150, 5)), :]
    model = fit(frame, "class", nfolds=30, epochs=1)
    assert len(model.xvals) == 30 and model.model_performance(xval=True).nobs() == 30
    with pytest.raises(H2OValueError, match="nfolds=31: training_frame has only 30 rows"):
        fit(frame, "class", nfolds=31)
    assert fit(boston()[:12, :], "medv", nfolds=12, epochs=1).rmse(xval=True) > 0
    assert fit(prostate()[:12, :], "CAPSULE", nfolds=12, epochs=1).logloss(xval=True) > 0


def test_an_autoencoder_has_no_folds() -> None:
    with pytest.raises(H2OValueError, match="nfolds=3: there is no cross-validation of an autoencoder"):
        autoencoder(iris()[:4], nfolds=3)


# --- weights, offsets, gaps


def test_weights_count() -> None:
    table = boston().as_data_frame()
    table["w"] = np.where(np.arange(506) % 5 == 0, 0.0, np.arange(506) % 3 + 0.5)
    model = fit(h2o.H2OFrame(table), "medv", nfolds=3, weights_column="w", **KEEP)
    found, y, w = array(model.cross_validation_holdout_predictions()).ravel(), table.medv, table.w
    assert len(found) == 506 and np.isfinite(found).all()
    assert model.mse(xval=True) == pytest.approx(np.average((found - y) ** 2, weights=w))
    assert model.model_performance(xval=True).nobs() == (w > 0).sum()


def test_offsets_are_added() -> None:
    table = boston().as_data_frame()
    table["off"] = table["lstat"] * 10
    model = fit(h2o.H2OFrame(table), "medv", nfolds=3, offset_column="off", epochs=20, **KEEP)
    found = array(model.cross_validation_holdout_predictions()).ravel()
    assert model.mse(xval=True) == pytest.approx(np.mean((found - table.medv) ** 2))
    assert "off" not in output(model)["names"] and model.rmse(xval=True) < table.off.std() / 2


def test_missing_responses_are_predicted_but_do_not_count() -> None:
    table = prostate().as_data_frame()
    table["CAPSULE"] = table["CAPSULE"].astype(float)
    table.loc[::4, "CAPSULE"] = np.nan
    table.loc[1::7, "AGE"] = np.nan
    frame = h2o.H2OFrame(table)
    frame["CAPSULE"] = frame["CAPSULE"].asfactor()
    for handling in ("MeanImputation", "Skip"):
        model = fit(frame, "CAPSULE", nfolds=3, missing_values_handling=handling, **KEEP)
        assert model.model_performance(xval=True).nobs() == 285
        assert model.cross_validation_holdout_predictions().isna().sum() == 0
        assert 0.5 < model.auc(xval=True) < 1


def test_a_fold_without_one_of_the_classes() -> None:
    """Sorted data in blocks: each fold lacks classes, and so do the rows that it is not trained on."""
    frame = iris()
    frame = frame.cbind(h2o.H2OFrame((np.arange(150) // 50).reshape(-1, 1), column_names=["block"]))
    model = fit(frame, "class", fold_column="block", epochs=20, overwrite_with_best_model=False, **KEEP)
    holdout = model.cross_validation_holdout_predictions()
    assert holdout.names == ["predict", *iris()["class"].levels()[0]]
    assert model.model_performance(xval=True).nobs() == 150
    assert model.confusion_matrix(xval=True).as_data_frame()["Error"].iloc[-1] > 0.9  # of classes never seen
    table = prostate()[["CAPSULE", "AGE", "PSA"]].as_data_frame().sort_values("CAPSULE")
    table["part"] = table["CAPSULE"].astype(int)
    one_class = h2o.H2OFrame(table)
    one_class["CAPSULE"] = one_class["CAPSULE"].asfactor()
    model = fit(one_class, "CAPSULE", fold_column="part", epochs=1)
    assert model.logloss(xval=True) > 1 and len(model.cross_validation_metrics_summary()) == 22


@pytest.mark.parametrize("distribution", ["huber", "poisson", "quantile", "laplace", "tweedie", "gamma"])
def test_distributions(distribution: str) -> None:
    model = fit(boston(), "medv", nfolds=3, distribution=distribution, **KEEP)
    assert np.isfinite(model.mean_residual_deviance(xval=True))
    if distribution == "laplace":
        assert model.mean_residual_deviance(xval=True) == pytest.approx(model.mae(xval=True))
    if distribution == "huber":
        error = np.abs(
            array(model.cross_validation_holdout_predictions()).ravel() - array(boston()["medv"]).ravel()
        )
        delta = np.quantile(error, 0.9)
        expected = np.where(error <= delta, error**2, (2 * error - delta) * delta).mean()
        assert model.mean_residual_deviance(xval=True) == pytest.approx(expected)


def test_parameters_are_reported() -> None:
    model = fit(iris(), "class", nfolds=2)
    names = ("nfolds", "fold_assignment", "fold_column")
    assert [model.actual_params[name] for name in names] == [2, "Random", None]
    assert model.parms["fold_assignment"]["input_value"] == "AUTO"
    assert fit(iris(), "class").actual_params["fold_assignment"] is None


# --- beside other features


class AbsoluteError:
    """The mean absolute error as a metric of the user's own."""

    def map(self, pred: list[float], act: list[float], w: float, o: float, model: Any) -> list[float]:
        return [w * abs(act[0] - pred[0]), w]

    def reduce(self, left: list[float], right: list[float]) -> list[float]:
        return [left[0] + right[0], left[1] + right[1]]

    def metric(self, last: list[float]) -> float:
        return last[0] / last[1]


@pytest.mark.in_process
def test_a_metric_of_the_user() -> None:
    model = fit(boston(), "medv", nfolds=3, custom_metric_func=h2o.upload_custom_metric(AbsoluteError))
    metrics = model.model_performance(xval=True)
    assert metrics.custom_metric_value() == pytest.approx(metrics.mae())
    table = model.cross_validation_metrics_summary().as_data_frame().set_index("")
    assert table.loc["custom"].to_numpy() == pytest.approx(table.loc["mae"].to_numpy())


def test_balanced_classes() -> None:
    frame = iris().cbind(h2o.H2OFrame((np.arange(150) // 50).reshape(-1, 1), column_names=["block"]))
    for folds in ({"nfolds": 3}, {"fold_column": "block"}):  # the blocks lack classes
        model = fit(frame, "class", balance_classes=True, class_sampling_factors=[1, 2, 0.5], **folds, **KEEP)
        assert model.model_performance(xval=True).nobs() == 150 and model.logloss(xval=True) > 0
        sums = array(model.cross_validation_holdout_predictions()[1:]).sum(axis=1)
        assert sums == pytest.approx(1)


@pytest.mark.parametrize("kind", ["regression", "binomial", "multinomial"])
@pytest.mark.parametrize("lacking", ["y", "w"])
def test_leave_one_out_with_rows_that_do_not_count(kind: str, lacking: str) -> None:
    """The models and metrics are those of the rows that count; the others have no holdout prediction."""
    n, gone = 9, [2, 6]
    x = np.linspace(-1, 1, n)
    y = {"regression": x**2, "binomial": np.arange(n) % 2, "multinomial": np.arange(n) % 3}[kind].astype(
        object
    )
    w = np.ones(n)
    if lacking == "y":
        y[gone] = None
    else:
        w[gone] = 0
    types = {"y": "numeric" if kind == "regression" else "enum"}
    frame = h2o.H2OFrame({"x": x, "w": w, "y": y.tolist()}, column_types=types)
    model = H2ODeepLearningEstimator(
        nfolds=n, fold_assignment="Modulo", hidden=[3], epochs=2, seed=1, reproducible=True, weights_column="w",
        keep_cross_validation_predictions=True, keep_cross_validation_fold_assignment=True,
    )  # fmt: skip
    with pytest.warns(
        RuntimeWarning, match=r"leaves out 'fold 3 of 9', 'fold 7 of 9': no row there has a response"
    ):
        model.train(["x"], "y", frame)
    assert len(model.cross_validation_models()) == len(model.cross_validation_predictions()) == n - len(gone)
    held_out = model.cross_validation_holdout_predictions().as_data_frame()
    assert held_out.isna().all(axis=1).to_numpy().nonzero()[0].tolist() == gone
    assert model.cross_validation_fold_assignment().as_data_frame().iloc[:, 0].tolist() == list(range(n))
    score = model.mse(xval=True) if kind == "regression" else model.logloss(xval=True)
    rows = [k for k in range(n) if k not in gone]
    scores = [
        m.mse(valid=True) if kind == "regression" else m.logloss(valid=True)
        for m in model.cross_validation_models()
    ]
    assert score == pytest.approx(np.mean(scores), rel=1e-5) and len(scores) == len(rows)
