"""A trained model: metrics, tables, frames and display. The numbers are H2O's own (tests/data/metrics)."""

import math
import re
import warnings
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.model import ConfusionMatrix, H2OBinomialModelMetrics
from h2o.two_dim_table import H2OTwoDimTable

from .fake_session import CASES, FakeSession, expected_metrics

RESPONSES = {"Binomial": "two", "Multinomial": "three", "Regression": "y"}


def frame() -> h2o.H2OFrame:
    n = np.arange(9)
    values = {
        "a": n.tolist(),
        "b": (n / 3).tolist(),
        "y": (n * 2.0).tolist(),
        "two": ["no", "yes", "yes"] * 3,
        "three": ["p", "q", "r"] * 3,
    }
    return h2o.H2OFrame(values, column_types={"two": "enum", "three": "enum"})


def trained(category: str, **parameters: Any) -> H2ODeepLearningEstimator:
    validation = parameters.pop("validation_frame", None)
    if category == "AutoEncoder":
        model: H2ODeepLearningEstimator = H2OAutoEncoderEstimator(**parameters)
        model.train(x=["a", "b"], training_frame=frame())
        return model
    model = H2ODeepLearningEstimator(**parameters)
    y = RESPONSES[category]
    model.train(x=["a", "b"], y=y, training_frame=frame(), validation_frame=validation)
    return model


# --- metrics


@pytest.mark.parametrize(
    ("category", "method", "field"),
    [
        ("Regression", "mse", "MSE"),
        ("Regression", "rmse", "RMSE"),
        ("Regression", "mae", "mae"),
        ("Regression", "rmsle", "rmsle"),
        ("Regression", "r2", "r2"),
        ("Regression", "mean_residual_deviance", "mean_residual_deviance"),
        ("Binomial", "logloss", "logloss"),
        ("Binomial", "auc", "AUC"),
        ("Binomial", "aucpr", "pr_auc"),
        ("Binomial", "pr_auc", "pr_auc"),
        ("Binomial", "gini", "Gini"),
        ("Multinomial", "logloss", "logloss"),
        ("Multinomial", "mean_per_class_error", "mean_per_class_error"),
        ("AutoEncoder", "mse", "MSE"),
    ],
)
def test_plain_metrics(fake: FakeSession, category: str, method: str, field: str) -> None:
    model = trained(category)
    expected = expected_metrics(CASES[category])[field]
    assert getattr(model, method)() == expected
    assert getattr(model.model_performance(), method)() == expected
    assert getattr(model, method)(valid=True) is None
    assert getattr(model, method)(train=True, valid=True) == {"train": expected, "valid": None}
    assert getattr(model.model_performance(frame()), method)() == expected


def test_undefined_auc_of_several_classes_is_nan(fake: FakeSession) -> None:
    assert math.isnan(trained("Multinomial").auc())


@pytest.mark.parametrize(
    ("category", "method"),
    [
        ("Regression", "auc"),
        ("Regression", "F1"),
        ("Regression", "confusion_matrix"),
        ("Regression", "logloss"),
        ("Binomial", "hit_ratio_table"),
        ("Multinomial", "roc"),
    ],
)
def test_metrics_that_do_not_exist_are_clear_errors(fake: FakeSession, category: str, method: str) -> None:
    with pytest.raises(H2OValueError, match="does not exist"):
        getattr(trained(category), method)()


def test_validation_metrics(fake: FakeSession) -> None:
    model = trained("Regression", validation_frame=frame())
    assert model.mse(valid=True) == model.mse(train=True)
    assert "Reported on validation data" in repr(model.model_performance(valid=True))
    assert model.model_performance(xval=True) is None


def test_performance_without_the_response_is_a_warning(fake: FakeSession) -> None:
    model = trained("Regression")
    with pytest.warns(UserWarning, match="no column 'y'"):
        assert model.model_performance(frame()[["a", "b"]]) is None


# --- two classes


def test_scores_at_thresholds(fake: FakeSession) -> None:
    model = trained("Binomial")
    metrics = expected_metrics("p_binomial")
    table = metrics["thresholds_and_metric_scores"]
    columns = {name: [row[i] for row in table["rows"]] for i, name in enumerate(table["columns"])}
    best = {row[0]: row for row in metrics["max_criteria_and_metric_scores"]["rows"]}
    assert model.F1() == [[best["max f1"][1], best["max f1"][2]]]
    assert model.F1().value == best["max f1"][2]
    assert model.accuracy(thresholds=columns["threshold"][7]).value == columns["accuracy"][7]
    several = model.metric("recall", [columns["threshold"][i] for i in (3, 20)])
    assert several.value == [columns["tpr"][3], columns["tpr"][20]]
    assert model.metric("f2", "all").value == columns["f2"]
    assert model.error().value == pytest.approx(1 - best["max accuracy"][2])
    assert model.mean_per_class_error().value == pytest.approx(1 - best["max mean_per_class_accuracy"][2])
    assert model.find_threshold_by_max_metric("f1") == best["max f1"][1]
    assert model.find_idx_by_threshold(columns["threshold"][7]) == 7
    assert model.roc() == (columns["fpr"], columns["tpr"])


def test_the_nearest_threshold_is_taken_with_a_warning(fake: FakeSession) -> None:
    metrics = trained("Binomial").model_performance()
    thresholds = metrics["thresholds_and_metric_scores"]["threshold"]  # type: ignore[call-overload, index]
    middle = 0.25 * thresholds[3] + 0.75 * thresholds[4]  # type: ignore[operator]
    with pytest.warns(UserWarning, match="no threshold"):
        assert metrics.find_idx_by_threshold(middle) == 4
    with pytest.raises(H2OValueError, match="threshold=2 must be between 0 and 1"):
        metrics.find_idx_by_threshold(2)


def test_unknown_metrics_and_thresholds(fake: FakeSession) -> None:
    metrics = trained("Binomial").model_performance()
    with pytest.raises(H2OValueError, match="metric='nonsense' must be one of absolute_mcc"):
        metrics.metric("nonsense")
    with pytest.raises(H2OValueError, match="thresholds='some'"):
        metrics.metric("f1", "some")


# Which its client takes, in any case, where it looks for the greatest.
NAMES_OF_H2O = [
    "f1", "f2", "f0point5", "accuracy", "precision", "recall", "specificity", "absolute_mcc", "min_per_class_accuracy",
    "mean_per_class_accuracy", "tns", "fns", "fps", "tps", "tnr", "fnr", "fpr", "tpr", "fallout", "missrate", "sensitivity",
]  # fmt: skip


@pytest.mark.parametrize("name", [*NAMES_OF_H2O, "mcc"])
def test_every_name_of_a_metric_is_known_wherever_one_is_asked_for(fake: FakeSession, name: str) -> None:
    model = trained("Binomial")
    metrics = model.model_performance()
    place = metrics.find_threshold_by_max_metric(name)
    assert metrics.metric(name)[0][0] == place
    for asked in (name.upper(), name.capitalize()):
        assert (
            model.find_threshold_by_max_metric(asked) == metrics.find_threshold_by_max_metric(asked) == place
        )
        assert model.metric(asked, "all") == metrics.metric(name, "all")
        assert model.confusion_matrix(metrics=asked).to_list() == metrics.confusion_matrix(name).to_list()


@pytest.mark.parametrize("name", ["error", "max_per_class_error", "mean_per_class_error", "mcc"])
def test_the_names_of_methods_are_metrics_too(fake: FakeSession, name: str) -> None:
    model = trained("Binomial")
    metrics = model.model_performance()
    for thresholds in (None, 0.3, [0.2, 0.4], "all"):
        with warnings.catch_warnings(action="ignore"):  # no such threshold in the table
            expected = getattr(metrics, name)(thresholds)
            found = metrics.metric(name, thresholds), model.metric(name.upper(), thresholds)
        assert found == (expected, expected)


def test_a_name_that_is_wrong_gets_similar_ones(fake: FakeSession) -> None:
    model: Any = trained("Binomial")
    for ask in (
        model.find_threshold_by_max_metric,
        model.metric,
        lambda name: model.confusion_matrix(metrics=[name]),
    ):
        with pytest.raises(H2OValueError, match=r"metric='acuracy' must be .* Did you mean 'accuracy'"):
            ask("acuracy")
        with pytest.raises(H2OTypeError, match="metric=7 must be a text"):
            ask(7)
    with pytest.raises(H2OTypeError, match="threshold='x' must be a number"):
        model.find_idx_by_threshold("x")


def test_confusion_matrices_of_two_classes(fake: FakeSession) -> None:
    model = trained("Binomial")
    one = model.confusion_matrix()
    assert isinstance(one, ConfusionMatrix)
    assert one.to_list() == [[93, 57], [23, 77]]
    assert one.table.col_header == ["", "0", "1", "Error", "Rate"]
    assert one.table.cell_values[0] == ["0", 93, 57, 0.38, " (57/150)"]
    assert one.table.cell_values[2][0] == "Total"
    assert "for max f1 @ threshold = 0.3166" in repr(one)
    both = model.confusion_matrix(metrics=["f1", "f2"], thresholds=0.5)
    assert [len(each.to_list()) for each in both] == [2, 2, 2]
    assert both[1].to_list() == one.to_list()  # type: ignore[index]
    assert model.confusion_matrix(frame()).to_list() == one.to_list()


def test_gains_and_ks(fake: FakeSession) -> None:
    model = trained("Binomial")
    expected = expected_metrics("p_binomial")["gains_lift_table"]
    assert model.gains_lift().cell_values == expected["rows"]
    column = expected["columns"].index("kolmogorov_smirnov")
    assert model.kolmogorov_smirnov() == max(row[column] for row in expected["rows"])
    assert model.default_threshold() == 0.3


def test_metrics_without_rows_say_so() -> None:
    metrics = H2OBinomialModelMetrics({"MSE": math.nan, "thresholds_and_metric_scores": None})
    with pytest.raises(H2OValueError, match="no row"):
        metrics.thresholds_and_metric_scores()
    assert "MSE" not in repr(metrics)


# --- several classes


def test_tables_of_several_classes(fake: FakeSession) -> None:
    model = trained("Multinomial")
    hits = model.hit_ratio_table()
    assert hits["hit_ratio"] == [0.53, 0.86, 1.0]
    matrix = model.confusion_matrix()
    assert matrix.as_data_frame().shape == (4, 5)
    assert model.confusion_matrix(frame()).cell_values == matrix.cell_values
    shown = repr(model.model_performance())
    assert "Top-3 Hit Ratios" in shown
    assert "Total" in shown


# --- frames


def test_frames_of_a_model(fake: FakeSession) -> None:
    model = trained("Regression", model_id="m", hidden=[4], export_weights_and_biases=True)
    data = frame()
    assert model.predict(data).names == ["predict m"]
    assert model.predict(data).nrow == data.nrow
    assert model.deepfeatures(data, 0).names == ["features m 0"]
    assert (model.weights(1).names, model.biases(0).names) == (["weights m 1"], ["biases m 0"])
    with pytest.raises(H2OValueError, match=r"matrix_id=2 must be in 0 .. 1: there are 2 weight layers"):
        model.weights(2)
    with pytest.raises(H2OTypeError, match=r"test_data: int cannot become a frame"):
        model.predict(5)


def test_weights_must_have_been_asked_for(fake: FakeSession) -> None:
    with pytest.raises(H2OValueError, match="export_weights_and_biases=True"):
        trained("Regression").weights(0)


def test_anomaly_is_for_autoencoders(fake: FakeSession) -> None:
    assert trained("AutoEncoder", model_id="m").anomaly(frame(), per_feature=True).names == ["anomaly m True"]
    with pytest.raises(H2OValueError, match=r"anomaly needs an autoencoder.*Regression"):
        trained("Regression").anomaly(frame())


# --- what a model says of itself


def test_facts(fake: FakeSession) -> None:
    model = trained("Binomial", hidden=[4], l1=1)
    assert (model.algo, model.type, model.have_mojo, model.have_pojo) == (
        "deeplearning",
        "classifier",
        False,
        False,
    )
    assert (model.start_time, model.end_time, model.run_time) == (1000, 1012, 12)
    assert model.params["hidden"] == {"default": [200, 200], "input": [4], "actual": [4]}
    assert model.actual_params["distribution"] == "bernoulli"
    assert model.default_params["l1"] == 0.0
    assert model.full_parameters["l1"]["actual_value"] == 1.0
    assert trained("AutoEncoder").type == "unsupervised"
    assert model.normmul() == [2.0]
    with pytest.raises(H2OValueError, match="normsub does not exist"):
        model.normsub()
    assert not model.is_cross_validated()
    assert model.cross_validation_models() is None
    with pytest.raises(NotImplementedError, match="cannot be renamed"):
        model.model_id = "other"


def test_model_json_is_laid_out_as_scripts_expect(fake: FakeSession) -> None:
    model = trained("Multinomial")
    output = model._model_json["output"]
    assert output["model_category"] == "Multinomial"
    assert output["names"] == ["a", "b", "three"]
    assert output["training_metrics"].logloss() == model.logloss()
    assert output["validation_metrics"] is None
    assert isinstance(output["model_summary"], H2OTwoDimTable)
    assert output["scoring_history"]["epochs"] == list(range(1, 40))
    assert output["variable_importances"].cell_values[0] == ["a", 0.6]
    assert {each["name"] for each in model._model_json["parameters"]} == set(model.params)


def test_history_and_importances(fake: FakeSession) -> None:
    model = trained("Regression")
    assert model.scoring_history()["training_rmse"].iloc[1] == 0.5
    assert isinstance(model.scoring_history(as_data_frame=False), H2OTwoDimTable)
    assert model.varimp() == [("a", 0.6), ("b", 0.4)]
    assert list(model.varimp(use_pandas=True)["variable"]) == ["a", "b"]


@pytest.mark.parametrize("category", list(CASES))
def test_display(fake: FakeSession, category: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = trained(category)
    model.show("full")
    text = capsys.readouterr().out
    for part in ("Deep Learning", str(model.model_id), "Status of Neuron Layers", "RMSE:", "Scoring History",
                 "more rows", "Variable Importances", "all epochs are done"):  # fmt: skip
        assert part in text
    assert "nan" not in text.lower().split()
    assert model.summary().cell_values == [["", 1, 5], ["", 2, 1]]
    assert ("Confusion Matrix" in text) == (category in ("Binomial", "Multinomial"))


@pytest.mark.parametrize("category", list(CASES))
def test_a_model_fits_a_screen(fake: FakeSession, category: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = trained(category)
    model.show()
    text = capsys.readouterr().out
    assert text == f"{model}\n"
    assert text.count("\n") < 40
    assert max(map(len, text.splitlines())) <= 120
    for part in (str(model.model_id), "Network", "RMSE", "all epochs are done", "5 -> 1", 'show("full")'):
        assert part in text
    html = model._repr_html_()
    assert html.count("<table") == html.count("</table>") >= 3
    unfolded = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    assert str(model.model_id) in unfolded
    assert "Scoring history" in html and "Scoring history" not in unfolded


# --- tables


def table() -> H2OTwoDimTable:
    return H2OTwoDimTable(
        "Title", "more", ["k", "<v>"], ["int", "double"], cell_values=[[i, i / 2] for i in range(30)]
    )


def test_table_selection() -> None:
    assert table()["k"][:3] == [0, 1, 2]
    assert table()[-1][2] == 1.0
    assert [len(column) for column in table()[["k", 1]]] == [30, 30]
    assert table()[3:5].cell_values == [[3, 1.5], [4, 2.0]]
    assert len(table()) == 30
    assert table().col_types == ["int", "double"]
    assert table().as_data_frame().shape == (30, 2)
    with pytest.raises(H2OValueError, match="no column 'x': it has k, <v>"):
        table()["x"]
    with pytest.raises(H2OValueError, match="no column number 2"):
        table()[2]
    with pytest.raises(H2OTypeError, match=r"1\.5 must be"):
        table()[1.5]  # type: ignore[call-overload]


def test_table_display(capsys: pytest.CaptureFixture[str]) -> None:
    table().show(header=False, rows=4)
    text = capsys.readouterr().out
    assert "Title" not in text
    assert "26 more rows" in text
    assert repr(table()).startswith("Title: more\n")
    assert "&lt;v&gt;" in table()._repr_html_()


def test_confusion_matrix_of_weights() -> None:
    matrix = ConfusionMatrix([[1.25, 0.5], [0, 0]])
    assert matrix.table.cell_values[0] == ["0", 1.25, 0.5, round(0.5 / 1.75, 4), " (0.5/1.75)"]
    assert math.isnan(matrix.table.cell_values[1][3])


def test_metrics_of_rows_of_one_class_are_shown() -> None:
    values = {"a": list(range(40)), "y": ["u", "v"] * 20}
    rows = h2o.H2OFrame(values, column_types={"y": "enum"})
    alone = rows[rows["y"] == "u", :]
    model = H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
    model.train(y="y", training_frame=rows, validation_frame=alone)
    for shown in (model, model.model_performance(alone)):
        assert "logloss" in repr(shown).lower() and "<table" in shown._repr_html_()
    with pytest.raises(H2OValueError, match="only one class occurs"):
        model.model_performance(alone).confusion_matrix()
    assert model.model_performance(alone).confusion_matrix(thresholds=0.5).to_list()[1] == [0, 0]
