"""Drawings: the data in the figures, and that they need no display."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.exceptions import H2OValueError
from h2o.plot import decorate_plot_result, is_decorated_plot_result
from h2o.two_dim_table import H2OTwoDimTable

from ..drawing import without_windows
from .training_helpers import array, autoencoder, boston, fit, iris, prostate, read

pyplot = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def headless() -> Iterator[None]:
    with without_windows():
        yield


@pytest.fixture(scope="module")
def classifier() -> Any:
    frame = prostate()
    train, valid = frame[0:280, :], frame[280:379, :]
    return fit(train, "CAPSULE", x=["AGE", "RACE", "PSA", "GLEASON"], valid=valid, epochs=8)


@pytest.fixture(scope="module")
def regressor() -> Any:
    return fit(boston(), "medv", epochs=4)


def lines(result: Any, axes: int = 0) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Data of the lines of a figure by their labels."""
    found = result.figure().axes[axes].get_lines()
    return {line.get_label(): (np.asarray(line.get_xdata()), np.asarray(line.get_ydata())) for line in found}


# --- scoring history


def test_scoring_history(classifier: Any) -> None:
    history = classifier.scoring_history()
    history = history[~history["samples"].duplicated()]
    drawn = lines(classifier.plot(server=True))
    assert set(drawn) == {"Training", "Validation"}
    for label, part in (("Training", "training"), ("Validation", "validation")):
        np.testing.assert_array_equal(drawn[label][0], history["epochs"])
        np.testing.assert_array_equal(drawn[label][1], history[f"{part}_logloss"])
    drawn = lines(classifier.plot(timestep="samples", metric="auc", server=True))
    np.testing.assert_array_equal(drawn["Training"][0], history["samples"])
    np.testing.assert_array_equal(drawn["Validation"][1], history["validation_auc"])
    seconds = lines(classifier.plot(timestep="duration", server=True))["Training"][0]
    assert (np.diff(seconds) >= 0).all() and 0 <= seconds[0] < seconds[
        -1
    ] <= classifier.run_time / 1000 + 0.01


def test_minutes_and_hours_of_a_duration() -> None:
    from h2o.plot.history import _seconds

    assert _seconds(" 1 min  2.500 sec") == 62.5
    assert _seconds(" 2 hours  1 min  1.000 sec") == 7261


@pytest.mark.parametrize("kind", ["multinomial", "regression", "autoencoder"])
def test_scoring_history_of_other_models(kind: str, regressor: Any) -> None:
    if kind == "regression":
        model, column = regressor, "training_rmse"
    elif kind == "multinomial":
        model, column = fit(iris(), "class", epochs=2), "training_classification_error"
    else:
        model, column = autoencoder(boston(), activation="Tanh", epochs=2), "training_rmse"
    history = model.scoring_history()
    history = history[(history["samples"] > 0) & ~history["samples"].duplicated()]
    np.testing.assert_array_equal(lines(model.plot(server=True))["Training"][1], history[column])


def test_what_cannot_be_drawn_is_refused(classifier: Any) -> None:
    with pytest.raises(H2OValueError, match="metric='mae' must be one of AUTO, rmse, logloss"):
        classifier.plot(metric="mae")
    with pytest.raises(H2OValueError, match="timestep='trees' must be one of AUTO, epochs"):
        classifier.plot(timestep="trees")
    with pytest.raises(H2OValueError, match="type='x' must be one of roc, pr"):
        classifier.model_performance().plot(type="x")
    with pytest.raises(H2OValueError, match="type='x' must be one of both"):
        classifier.gains_lift_plot("x")
    with pytest.raises(H2OValueError, match="residuals need a regression model"):
        classifier.residual_analysis_plot(prostate())


def test_learning_curve(classifier: Any) -> None:
    history = classifier.scoring_history()
    drawn = lines(classifier.learning_curve_plot(figsize=(4, 3)))
    assert set(drawn) == {"Training", "Validation", "Selected\nepochs"}
    kept = history["validation_logloss"].idxmin()
    assert drawn["Selected\nepochs"][0][0] == history["epochs"][kept]
    drawn = lines(classifier.learning_curve_plot("misclassification"))
    first = history["training_classification_error"][0]
    assert drawn["Training"][1][0] == first


def test_learning_curve_with_folds() -> None:
    model = fit(boston(), "medv", epochs=3, nfolds=3, seed=1)
    histories = model._model_json["output"]["cv_scoring_history"]
    assert len(histories) == 3
    result = model.learning_curve_plot()
    mean = np.mean([each["validation_rmse"] for each in histories], axis=0)
    np.testing.assert_allclose(lines(result)["Cross-validation"][1], mean)
    assert len(result.figure().axes[0].collections) == 2  # the ribbons of training and validation
    single = model.learning_curve_plot(cv_ribbon=False, cv_lines=True, colormap="viridis").figure().axes[0]
    assert sum(line.get_linestyle() == ":" for line in single.get_lines()) == 6
    assert not single.collections


# --- classes


def test_roc(classifier: Any) -> None:
    performance = classifier.model_performance(valid=True)
    result = performance.plot(server=True)
    assert result == (performance.fprs, performance.tprs) == performance.plot(plot=False)
    (x, y) = next(data for label, data in lines(result).items() if label.startswith("AUC"))
    np.testing.assert_array_equal(x, [0, *performance.fprs])
    assert np.trapezoid(y, x) == pytest.approx(performance.auc())
    assert performance.plot(plot=False).figure() is None


def test_precision_and_recall(classifier: Any) -> None:
    performance = classifier.model_performance()
    recalls, precisions = result = performance.plot("pr", server=True)
    assert recalls == performance.tprs
    table = performance.thresholds_and_metric_scores()
    assert precisions == table["precision"]
    x, y = lines(result)[f"AUCPR = {performance.aucpr():.4f}"]
    assert (list(x), list(y)) == (recalls, precisions)


def test_gains_and_lift(classifier: Any) -> None:
    result = classifier.gains_lift_plot(server=True)
    assert isinstance(result, H2OTwoDimTable)
    table = classifier.gains_lift()
    for axes, column in enumerate(("cumulative_capture_rate", "cumulative_lift")):
        ((x, y),) = lines(result, axes).values()
        assert (list(x), list(y)) == (table["cumulative_data_fraction"], table[column])
    only = classifier.model_performance().gains_lift_plot("lift", server=True)
    assert len(only.figure().axes) == 1
    assert classifier.model_performance().plot("gains_lift", plot=False)["lift"] == table["lift"]


def test_confusion_matrix(classifier: Any) -> None:
    matrix = classifier.confusion_matrix(valid=True).to_list()
    figure = classifier.confusion_matrix_plot(valid=True, server=True).figure()
    assert [float(text.get_text()) for text in figure.axes[0].texts] == [
        float(n) for row in matrix for n in row
    ]
    place = classifier.model_performance().thresholds_and_metric_scores()["threshold"][7]
    other = classifier.model_performance().confusion_matrix_plot(thresholds=place, server=True).figure()
    assert other.axes[0].get_title().endswith(f"threshold = {place:.6g}")
    model = fit(iris(), "class", epochs=3)
    axes = model.confusion_matrix_plot(server=True).figure().axes[0]
    shares = np.asarray(axes.get_images()[0].get_array())
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    errors = model.confusion_matrix(iris())["Error"][:-1]  # type: ignore[call-overload, index]
    np.testing.assert_allclose(1 - np.diag(shares), errors, atol=1e-12)  # type: ignore[arg-type]
    assert [label.get_text() for label in axes.get_yticklabels()] == iris()["class"].levels()[0]


@pytest.mark.parametrize("classes", [2, 12, 40, 90])
def test_names_of_classes_do_not_run_into_each_other(classes: int) -> None:
    from h2o.plot.curves import confusion_matrix_plot

    domain = [f"class {number}" for number in range(classes)]
    drawn = confusion_matrix_plot(
        np.eye(classes).tolist(), domain, "", server=True, save_plot_path=None
    ).figure()
    drawn.draw_without_rendering()
    axes = drawn.axes[0]
    up = [label.get_window_extent() for label in axes.get_yticklabels()]
    assert all(upper.y1 <= lower.y0 + 0.5 or lower.y1 <= upper.y0 + 0.5 for upper, lower in pairwise(up))
    if classes > 30:  # upright; slanted ones have boxes that overlap
        across = [label.get_window_extent() for label in axes.get_xticklabels()]
        assert all(left.x1 <= right.x0 + 0.5 for left, right in pairwise(across))


def test_legends_cover_no_curve(classifier: Any) -> None:
    for drawn in (classifier.gains_lift_plot(server=True), classifier.learning_curve_plot(figsize=(8, 5))):
        figure = drawn.figure()
        figure.draw_without_rendering()
        (legend,) = figure.legends
        assert not legend.get_window_extent().overlaps(figure.axes[0].get_window_extent())


# --- numbers


def test_residuals(regressor: Any) -> None:
    frame = boston()
    axes = regressor.residual_analysis_plot(frame, figsize=(5, 4)).figure().axes[0]
    points = np.asarray(axes.collections[0].get_offsets())
    fitted = array(regressor.predict(frame))[:, 0]
    np.testing.assert_allclose(points[:, 0], fitted)
    np.testing.assert_allclose(points[:, 1], array(frame["medv"])[:, 0] - fitted)
    (line,) = [each for each in axes.get_lines() if each.get_label() == "least squares line"]
    slope, intercept = np.polyfit(fitted, points[:, 1], 1)
    np.testing.assert_allclose(line.get_ydata(), slope * np.asarray(line.get_xdata()) + intercept)


def test_rows_without_a_response_have_no_residual(regressor: Any) -> None:
    frame = boston()
    frame[0, "medv"] = float("nan")
    axes = regressor.residual_analysis_plot(frame).figure().axes[0]
    assert len(axes.collections[0].get_offsets()) == frame.nrow - 1


def test_reconstruction_error() -> None:
    train, test = read("ecg_discord_train.csv"), read("ecg_discord_test.csv")
    model = autoencoder(train, hidden=[10], activation="Tanh", epochs=20)
    result = model.reconstruction_error_plot(test, server=True)
    assert isinstance(result, h2o.H2OFrame)
    drawn = lines(result)
    x, y = next(data for label, data in drawn.items() if label.startswith("_"))
    np.testing.assert_array_equal(x, np.arange(1, 24))
    np.testing.assert_allclose(y, array(model.anomaly(test))[:, 0])
    assert drawn["mean of the training data"][1][0] == model.mse()


# --- importances of variables


def test_importances(classifier: Any) -> None:
    table = classifier.varimp(use_pandas=True)
    axes = classifier.varimp_plot(server=True).figure().axes[0]
    np.testing.assert_allclose([bar.get_width() for bar in axes.patches], table["scaled_importance"][:10])
    assert [label.get_text() for label in axes.get_yticklabels()] == table["variable"][:10].tolist()
    heights = [bar.get_y() for bar in axes.patches]
    assert heights == sorted(heights, reverse=True)  # the largest on top
    assert len(classifier.varimp_plot(2, server=True).figure().axes[0].patches) == 2
    with pytest.raises(H2OValueError, match="num_of_features=0"):
        classifier.varimp_plot(0)


def test_importances_as_an_image() -> None:
    random = np.random.default_rng(1)
    pixels = random.random((300, 12))
    pixels[:, 3] = 0  # constant: left out by the model
    frame = h2o.H2OFrame(np.column_stack([pixels, pixels[:, 5]]))
    with pytest.warns(RuntimeWarning, match="'C4'"):
        model = fit(frame, "C13", epochs=10)
    columns = frame.names[:12]
    image = model.varimp_image_plot(columns, (3, 4), server=True).figure().axes[0].get_images()[0]
    drawn = np.asarray(image.get_array())
    assert drawn.shape == (3, 4) and drawn[0, 3] == 0 and drawn.argmax() == 5
    scaled = {name: value for name, _, value, _ in model.varimp()}
    np.testing.assert_allclose(drawn.ravel()[:3], [scaled[name] for name in columns[:3]])
    with pytest.raises(H2OValueError, match="12 columns do not fill 3 rows of 3 pixels"):
        model.varimp_image_plot(columns)
    with pytest.raises(H2OValueError, match="no input named like"):
        model.varimp_image_plot(["a", "b", "c", "d"])


def test_a_model_without_importances_says_so() -> None:
    model = fit(iris(), "class", epochs=1, variable_importances=False)
    with pytest.warns(UserWarning, match="variable_importances=True"):
        assert model.varimp() is None
    with pytest.raises(H2OValueError, match="variable_importances=True"):
        model.varimp_plot()


# --- results and files


def test_files(classifier: Any, tmp_path: Path) -> None:
    for name, start in (("roc.png", b"\x89PNG"), ("roc.svg", b"<?xml"), ("roc.pdf", b"%PDF")):
        classifier.model_performance().plot(server=True, save_plot_path=tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)


def test_pyplot_knows_what_is_not_drawn_for_a_server(classifier: Any) -> None:
    assert pyplot.get_fignums() == []
    classifier.varimp_plot(server=True)
    assert pyplot.get_fignums() == []
    assert classifier.varimp_plot().figure() is pyplot.gcf()


def test_results() -> None:
    figure: Any = object()
    for value in ((1, 2), H2OTwoDimTable(col_header=["a"], cell_values=[[1]]), None):
        result = decorate_plot_result(value, figure)
        assert result.figure() is figure and is_decorated_plot_result(result)
        assert value is None or result == value
    assert not is_decorated_plot_result((1, 2))


def test_without_matplotlib() -> None:
    """Importing the package does not import matplotlib, and drawing without it says what to install."""
    code = """if True:
        import sys
        sys.modules["matplotlib"] = None
        import h2o, h2o.plot
        from h2o.plot.canvas import new_figure
        try:
            new_figure(False)
        except ImportError as error:
            print(error)
    """
    script = f"import sys; sys.path[:0] = {sys.path!r}\n{code}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pip install 'heavywater[plot]'" in done.stdout
