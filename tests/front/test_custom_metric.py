"""Metrics of the user's own."""

from __future__ import annotations

import math
import sys
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OTypeError, H2OValueError, NotFound

from .training_helpers import boston, iris, output, prostate

SMALL: dict[str, Any] = {"hidden": [5], "epochs": 4, "seed": 1, "reproducible": True}
pytestmark = [pytest.mark.filterwarnings("ignore:stopping_"), pytest.mark.in_process]


class Mae:
    """H2O's form, for numbers."""

    def map(self, pred, act, w, o, model):
        return [w * abs(act[0] - pred[0]), w]

    def reduce(self, left, right):
        return [left[0] + right[0], left[1] + right[1]]

    def metric(self, last):
        return last[0] / last[1]


class Rmse:
    """H2O's form, for classes; with an import as its Python has it."""

    def map(self, pred, act, w, o, model):
        error = 1 - pred[int(act[0]) + 1]
        return [error * error, 1]

    def reduce(self, left, right):
        return [left[0] + right[0], left[1] + right[1]]

    def metric(self, last):
        from java.lang import Math

        return Math.sqrt(last[0] / last[1])


class Logloss(Mae):
    def map(self, pred, act, w, o, model):
        from water.util import MathUtils

        return [w * MathUtils.logloss(1 - pred[int(act[0]) + 1]), w]


def rmse(actual: np.ndarray, predicted: np.ndarray) -> float:
    if predicted.ndim == 2:
        return float(np.sqrt(np.mean((1 - predicted[np.arange(len(actual)), actual.astype(int)]) ** 2)))
    return float(np.sqrt(np.mean((actual - predicted) ** 2)))


def fit(frame: h2o.H2OFrame, y: str | None, valid: Any = None, **parameters: Any) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(**SMALL | parameters)
    return model.train(y=y, training_frame=frame, validation_frame=valid)


def check(model: H2ODeepLearningEstimator, test: h2o.H2OFrame, same_as: str, name: str) -> None:
    """The value is that of a metric H2O has, everywhere where metrics are shown."""
    for metrics in (
        model.model_performance(train=True),
        model.model_performance(valid=True),
        model.model_performance(test),
    ):
        assert metrics.custom_metric_name() == name
        assert metrics.custom_metric_value() == pytest.approx(metrics._metric_json[same_as], rel=1e-5)
        assert f"{name}: " in repr(metrics)
    history = model.scoring_history()
    for part in ("training", "validation"):
        np.testing.assert_allclose(history[f"{part}_custom"], history[f"{part}_{same_as.lower()}"], rtol=1e-5)
    assert history.columns[-1] == "validation_custom"


@pytest.mark.parametrize("upload", [True, False])
def test_a_class_in_the_form_of_h2o(upload: bool) -> None:
    house, flowers, patients = boston(), iris(), prostate()
    metric: Any = h2o.upload_custom_metric(Mae, func_name="mae", func_file="mm_mae.py") if upload else Mae
    check(
        fit(house[:300, :], "medv", house[300:, :], custom_metric_func=metric),
        house,
        "mae",
        "mae" if upload else "Mae",
    )
    metric = h2o.upload_custom_metric(Rmse, func_name="rmse") if upload else Rmse
    name = "rmse" if upload else "Rmse"
    check(fit(flowers, "class", flowers[:80, :], custom_metric_func=metric), flowers, "RMSE", name)
    check(fit(patients, "CAPSULE", patients[:80, :], custom_metric_func=metric), patients, "RMSE", name)
    check(fit(patients, "CAPSULE", patients, custom_metric_func=Logloss), patients, "logloss", "Logloss")
    assert "java" not in sys.modules and "water.util" not in sys.modules


def test_a_function_of_arrays() -> None:
    house, flowers, patients = boston(), iris(), prostate()
    check(fit(house, "medv", house[:99, :], custom_metric_func=rmse), house, "RMSE", "rmse")
    check(fit(flowers, "class", flowers[:99, :], custom_metric_func=rmse), flowers, "RMSE", "rmse")
    check(fit(patients, "CAPSULE", patients[:99, :], custom_metric_func=rmse), patients, "RMSE", "rmse")
    uploaded = h2o.upload_custom_metric(rmse, func_name="mine")
    assert uploaded.startswith("python:mine=") and uploaded.endswith(".rmse")
    check(fit(house, "medv", house[:99, :], custom_metric_func=uploaded), house, "RMSE", "mine")


def test_weights_and_offsets_are_given_to_who_asks() -> None:
    frame = boston()
    seen: dict[str, np.ndarray] = {}

    def metric(actual: np.ndarray, predicted: np.ndarray, weights: np.ndarray, offset: np.ndarray) -> float:
        seen.update(weights=weights, offset=offset)
        return float(np.average(np.abs(actual - predicted), weights=weights))

    table = frame.as_data_frame()
    table["w"] = np.arange(len(table)) % 3
    weighted = h2o.H2OFrame(table)
    roles = {"weights_column": "w", "offset_column": "lstat"}
    model = fit(weighted, "medv", weighted, custom_metric_func=metric, **roles)
    check(model, weighted, "mae", "metric")
    assert len(seen["weights"]) == (table.w > 0).sum() and set(seen["weights"]) == {
        1,
        2,
    }  # weight 0 does not count
    np.testing.assert_allclose(seen["offset"], table.lstat[table.w > 0])
    by_rows = fit(weighted, "medv", weighted, custom_metric_func=Mae, **roles)
    check(by_rows, weighted, "mae", "Mae")


def test_rows_without_a_response_do_not_count() -> None:
    table = boston().as_data_frame()
    table.loc[::3, "medv"] = np.nan
    frame = h2o.H2OFrame(table)
    check(fit(frame, "medv", frame, custom_metric_func=Mae), frame, "mae", "Mae")


def test_what_map_gets() -> None:
    rows: list[Any] = []

    class Spy(Mae):
        def map(self, pred, act, w, o, model):
            rows.append((pred, act, w, o, model.category))
            return [1, 1]

    fit(iris(), "class", custom_metric_func=Spy)
    pred, act, w, o, category = rows[0]
    assert len(pred) == 4 and pred[0] == np.argmax(pred[1:]) and sum(pred[1:]) == pytest.approx(1, rel=1e-5)
    assert (act, w, o, category) == ([0.0], 1.0, 0.0, "Multinomial")
    rows.clear()
    fit(boston(), "medv", custom_metric_func=Spy)
    pred, act, *_ = rows[0]
    assert len(pred) == 1 and act == [24.0]


# --- on other frames


def test_a_metric_given_with_a_frame() -> None:
    """The model was trained without it; what it was trained with is reported of other frames."""
    house, flowers, patients = boston(), iris(), prostate()
    model = fit(house, "medv", house[:300, :])
    test, other = house[300:, :], house[:50, :]
    assert model.model_performance(test).custom_metric_name() is None
    for metric in (Mae, lambda actual, predicted: float(np.mean(np.abs(actual - predicted)))):
        found = model.model_performance(test, custom_metric=metric)
        assert found.custom_metric_value() == pytest.approx(found.mae(), rel=1e-5)
        assert found.custom_metric_name() == metric.__name__
    predicted = model.predict(test, custom_metric=Mae)
    np.testing.assert_array_equal(predicted.as_data_frame(), model.predict(test).as_data_frame())
    found = model.model_performance(test)
    assert found.custom_metric_value() == pytest.approx(found.mae(), rel=1e-5)
    assert model.model_performance(other).custom_metric_name() is None
    for frame, y in ((flowers, "class"), (patients, "CAPSULE")):
        model = fit(frame, y, custom_metric_func=Logloss)
        reference = h2o.upload_custom_metric(rmse, func_name="of_the_frame")
        model.predict(frame, custom_metric_func=reference)
        found = model.model_performance(frame)
        assert found.custom_metric_name() == "of_the_frame"
        assert found.custom_metric_value() == pytest.approx(found.rmse(), rel=1e-5)
        found = model.model_performance(frame, custom_metric=Logloss)
        assert found.custom_metric_value() == pytest.approx(found.logloss(), rel=1e-5)
        assert model.model_performance(frame[:60, :]).custom_metric_name() == "Logloss"


def test_metrics_that_cannot_be_given_with_a_frame() -> None:
    frame = iris()
    model = fit(frame, "class", epochs=0)
    for use in (model.predict, model.model_performance):
        with pytest.raises(H2OValueError, match="custom_metric and custom_metric_func are two ways"):
            use(frame, custom_metric=Mae, custom_metric_func="python:a=b")
        with pytest.raises(NotFound, match=r"custom_metric_func='python:nowhere=metrics\.F': no metric"):
            use(frame, custom_metric_func="python:nowhere=metrics.F")
        with pytest.raises(H2OTypeError, match="the class Half has no method reduce and no metric"):
            use(frame, custom_metric=type("Half", (), {"map": Mae.map}))
    with pytest.raises(H2OValueError, match="custom_metric needs test_data"):
        model.model_performance(custom_metric=Mae)
    encoder = H2OAutoEncoderEstimator(**SMALL)
    encoder.train(training_frame=frame[:4])
    for use in (encoder.predict, encoder.model_performance):
        with pytest.raises(H2OValueError, match="is an autoencoder, which has none"):
            use(frame, custom_metric=Mae)


# --- stopping


def stops(frame: h2o.H2OFrame, metric: Any, stopping_metric: str, **parameters: Any) -> float:
    model = fit(frame, "medv", frame, epochs=200, custom_metric_func=metric, stopping_metric=stopping_metric,
                stopping_rounds=3, stopping_tolerance=0.05, **parameters)  # fmt: skip
    return float(output(model)["epochs"])


def test_a_custom_metric_stops_training_like_the_built_in_one() -> None:
    frame = boston()
    stopped = fit(
        frame, "medv", frame, epochs=200, stopping_metric="RMSE", stopping_rounds=3, stopping_tolerance=0.05
    )
    wanted = output(stopped)["epochs"]
    assert 6 <= wanted < 200
    assert stops(frame, rmse, "custom") == wanted
    assert stops(frame, lambda actual, predicted: 1 / rmse(actual, predicted), "custom_increasing") < 200
    with_sign = stops(frame, lambda actual, predicted: -rmse(actual, predicted), "custom_increasing")
    assert with_sign == wanted  # the ratio of two negative numbers says the same


def test_the_best_model_is_the_best_by_the_custom_metric() -> None:
    """The larger the better, and the opposite of what training does: the first model scored is the best."""
    frame = boston()
    model = fit(
        frame, "medv", custom_metric_func=rmse, stopping_metric="custom_increasing", stopping_rounds=0
    )
    history = model.scoring_history()
    assert model.model_performance().custom_metric_value() == history.training_custom.max()
    other = fit(frame, "medv", custom_metric_func=rmse, stopping_metric="custom", stopping_rounds=0)
    assert other.model_performance().custom_metric_value() == other.scoring_history().training_custom.min()
    assert other.rmse() < model.rmse()


def test_with_cross_validation() -> None:
    frame = boston()
    model = fit(frame, "medv", custom_metric_func=Mae, nfolds=3, keep_cross_validation_models=True)
    together = model.model_performance(xval=True)
    assert together.custom_metric_value() == pytest.approx(together.mae())
    summary = {row[0]: row[1:] for row in model.cross_validation_metrics_summary().cell_values}
    assert summary["custom"] == pytest.approx(summary["mae"])
    for fold in model.cross_validation_models():
        check_fold = fold.model_performance(valid=True)
        assert check_fold.custom_metric_value() == pytest.approx(check_fold.mae())


def test_from_a_checkpoint(tmp_path: Any) -> None:
    """The function is not in the file; it can be given again, or another one."""
    frame = boston()
    reference = h2o.upload_custom_metric(rmse, func_name="of_mine")
    part = fit(frame, "medv", frame, custom_metric_func=reference, stopping_metric="custom")
    path = h2o.save_model(part, path=str(tmp_path))
    assert h2o.load_model(path).model_performance(frame).custom_metric_value() == pytest.approx(
        part.rmse(valid=True)
    )
    h2o.remove("of_mine")
    loaded = h2o.load_model(path)
    assert loaded.model_performance(valid=True).custom_metric_value() == pytest.approx(part.rmse(valid=True))
    with pytest.warns(
        RuntimeWarning, match="custom_metric_func='python:of_mine=.*files do not hold functions"
    ):
        assert loaded.model_performance(frame).custom_metric_name() is None
    rest = fit(
        frame, "medv", frame, epochs=8, checkpoint=loaded, custom_metric_func=rmse, stopping_metric="custom"
    )
    assert len(rest.scoring_history().validation_custom.dropna()) >= 8
    plain = fit(frame, "medv", frame, epochs=2)
    later = fit(
        frame, "medv", frame, epochs=5, checkpoint=plain, custom_metric_func=rmse, stopping_metric="custom"
    )
    assert later.scoring_history().validation_custom.isna().tolist()[:3] == [True, True, False]


# --- what is refused


def test_refused_parameters() -> None:
    frame = iris()
    with pytest.raises(
        H2OValueError, match=r"stopping_metric='custom' needs a metric: .* custom_metric_func"
    ):
        fit(frame, "class", stopping_metric="custom")
    with pytest.raises(H2OValueError, match=r"custom_metric_func=.*(?i:not supported for (an )?autoencoder)"):
        H2OAutoEncoderEstimator(**SMALL, custom_metric_func=rmse).train(training_frame=frame[:4])
    for reference in ("nowhere", "python:nowhere=metrics.F"):
        with pytest.raises(NotFound, match=f"custom_metric_func='{reference}': no metric"):
            fit(frame, "class", custom_metric_func=reference)
    with pytest.raises(H2OTypeError, match="custom_metric_func=3 has the wrong type"):
        H2ODeepLearningEstimator(custom_metric_func=3)  # type: ignore[arg-type]


def test_refused_uploads() -> None:
    class Half:
        def map(self):
            return 1

    with pytest.raises(H2OTypeError, match="text is not evaluated"):
        h2o.upload_custom_metric("class A: pass", class_name="A")
    with pytest.raises(H2OTypeError, match="Half has no method reduce and no metric"):
        h2o.upload_custom_metric(Half)
    with pytest.raises(H2OTypeError, match="must be a function or a class"):
        h2o.upload_custom_metric(5)
    with pytest.raises(H2OValueError, match=r"func_file='metrics.txt' must end with '.py'"):
        h2o.upload_custom_metric(Mae, func_file="metrics.txt")
    with pytest.raises(H2OValueError, match="cannot name an object"):
        h2o.upload_custom_metric(Mae, func_name="a b")


def test_metrics_that_fail() -> None:
    def fails(actual: Any, predicted: Any) -> float:
        return 1 / 0

    def text(actual: Any, predicted: Any) -> str:
        return "good"

    with pytest.raises(
        H2OValueError, match="the metric 'fails' failed with ZeroDivisionError: division by zero"
    ):
        fit(iris(), "class", custom_metric_func=fails)
    with pytest.raises(H2OValueError, match="the metric 'text' returned 'good', it must return a number"):
        fit(iris(), "class", custom_metric_func=text)
    assert math.isnan(
        fit(iris(), "class", custom_metric_func=lambda a, p: math.nan)
        .model_performance()
        .custom_metric_value()
    )


def test_functions_of_the_same_name_do_not_meet() -> None:
    frame = boston()
    models = [fit(frame, "medv", custom_metric_func=lambda a, p, k=k: k) for k in (1.0, 2.0)]
    assert [m.model_performance(frame).custom_metric_value() for m in models] == [1, 2]
    assert len({m.actual_params["custom_metric_func"] for m in models}) == 2
