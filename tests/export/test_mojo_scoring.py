"""Every model of the real H2O scores as it does there: missing values and unseen levels in every input."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.explaining.varimp import importances
from heavywater.export.mojo_reader import read_mojo
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame

from ..cases.scoring import NAMES, Case, entries, packed, values

TOLERANCE = 1e-6  # asked for; what is reached is about 1e-14
AUTOENCODERS = [name for name in NAMES if "autoencoder" in name]


def close(ours: np.ndarray, theirs: np.ndarray, tolerance: float = TOLERANCE) -> None:
    """Compare to a tolerance relative to the scale of each column."""
    scale = np.maximum(1.0, np.abs(theirs).max(axis=0))
    np.testing.assert_allclose(ours / scale, theirs / scale, rtol=0, atol=tolerance)


def test_all_kinds_of_models_are_here():
    kinds = {Case(name).summary["model_category"] for name in NAMES}
    assert kinds == {"Binomial", "Multinomial", "Regression", "AutoEncoder"}
    assert len(NAMES) == 14


@pytest.mark.parametrize("name", NAMES)
def test_predictions(name):
    case = Case(name)
    found, _ = case.model().predict(case.input())
    header, rows = case.cells("predictions")
    assert found.names == header
    for position, column in enumerate(found.columns):
        expected = [row[position] for row in rows]
        if column.kind == "enum":
            assert column.texts().tolist() == expected
        else:
            close(column.numbers(), np.array(expected, dtype=np.float64), 1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_hidden_layers(name):
    case = Case(name)
    model, frame = case.model(), case.input()
    layers = [layer for layer in range(model.topology.layers - 1) if case.has(f"deepfeatures_{layer}")]
    assert layers or name.startswith("s10")
    for layer in layers:
        found, _ = model.deep_features(frame, layer)
        assert found.names == case.cells(f"deepfeatures_{layer}")[0]
        close(values(found), case.numbers(f"deepfeatures_{layer}"))


@pytest.mark.parametrize("name", AUTOENCODERS)
def test_anomaly_scores(name):
    case = Case(name)
    model, frame = case.model(), case.input()
    for stem, per_feature in (("anomaly", False), ("anomaly_per_feature", True)):
        found, _ = model.anomaly(frame, per_feature)
        assert found.names == case.cells(stem)[0]
        close(values(found), case.numbers(stem))


@pytest.mark.parametrize("name", NAMES)
def test_weights_and_biases(name):
    case, compared = Case(name), 0
    model = case.model()
    for layer in range(model.topology.layers):
        if case.has(f"weights_{layer}"):  # left out for the largest model
            assert model.weights_frame(layer).names == case.cells(f"weights_{layer}")[0]
            np.testing.assert_allclose(
                values(model.weights_frame(layer)), case.numbers(f"weights_{layer}"), rtol=1e-7
            )
            np.testing.assert_allclose(
                values(model.biases_frame(layer)), case.numbers(f"biases_{layer}"), rtol=1e-12
            )
            compared += 1
    assert compared == model.topology.layers or name.startswith("s13")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_depends_on_the_description(name, tmp_path):
    """H2O's description is optional: without it the same predictions, and metrics of new data."""
    case = Case(name)
    texts = {entry: text for entry, text in entries(name).items() if not entry.startswith("experimental/")}
    path = tmp_path / "bare.zip"
    path.write_bytes(packed(texts))
    bare, full, frame = read_mojo(path, "bare"), case.model(), case.input()
    np.testing.assert_array_equal(values(bare.predict(frame)[0]), values(full.predict(frame)[0]))
    described = bare.description()
    assert described["training_metrics"] is None and described["scoring_history"] is None
    assert len(described["model_summary"]["rows"]) == bare.topology.layers + 1
    assert full.description()["training_metrics"]["nobs"] > 0


@pytest.mark.parametrize("name", NAMES)
def test_description_knows_the_parameters(name):
    case = Case(name)
    actual = case.model().description()["parameters"]
    requested = case.summary["requested_parameters"]
    roles = ("training_frame", "validation_frame", "x", "y", "model_id", "export_weights_and_biases")
    compared = [key for key in requested if key in actual and key not in roles]
    assert len(compared) >= 3
    for key in compared:
        value = actual[key]["actual"]
        assert value == (
            pytest.approx(requested[key]) if not isinstance(value, str | None) else requested[key]
        ), key


@pytest.mark.parametrize("name", NAMES)
def test_description_knows_the_columns(name):
    case = Case(name)
    found, expected = case.model().description(), case.summary
    response, roles = expected["y"], (expected["y"], expected["offset_column"], expected["weights_column"])
    assert found["names"] == [column for column in expected["column_names"] if column not in roles]
    assert [None if d is None else list(d) for d in found["domains"]] == [
        expected["domains"].get(n) for n in found["names"]
    ]
    assert (found["response_column"], found["response_domain"]) == (
        response,
        expected["domains"].get(response),
    )
    for field in ("normmul", "normsub", "normrespmul", "normrespsub", "catoffsets"):
        assert (found[field] or None) == (expected[field] or None), field
    if expected["model_category"] == "Binomial":
        assert found["default_threshold"] == expected["default_threshold"]


def test_training_metrics_are_those_of_the_file():
    """H2O's metrics of a model are there, its tables in our layout."""
    metrics = Case("s01_binomial_rectifier").model().training_metrics
    assert metrics["AUC"] == 0.8631481961360168
    assert metrics["cm"]["table"]["columns"] == ["0", "1", "Error", "Rate"]
    assert [row[:2] for row in metrics["cm"]["table"]["rows"]] == [[166, 61], [21, 132], [187, 193]]
    assert metrics["max_criteria_and_metric_scores"]["rows"][0][:2] == ["max f1", 0.32914417118779854]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in AUTOENCODERS])
def test_importances_of_the_file_follow_from_its_weights(name):
    model = Case(name).model()
    table = {row[0]: row[1:] for row in model.varimp["rows"]}
    unit_names = model.spec.encoder.unit_names
    unused = [k for k, unit in enumerate(unit_names) if table[unit][0] == 0]
    found = importances(unit_names, model.network.weights, unused)
    assert found["columns"] == model.varimp["columns"]
    for unit, *numbers in found["rows"]:
        np.testing.assert_allclose(numbers, table[unit], rtol=1e-5, err_msg=unit)


def with_offsets(frame: Frame, name: str, offsets: list[float]) -> Frame:
    """The first row once for every offset."""
    rows = np.zeros(len(offsets), int)
    columns = [
        numeric(np.array(offsets)) if n == name else c.take(rows)
        for n, c in zip(frame.names, frame.columns, strict=True)
    ]
    return Frame(frame.names, columns)


def test_offsets_count_only_where_they_are_positive():
    """H2O's rule, which models trained here do not share."""
    case = Case("s04_poisson_offset")
    frame = with_offsets(case.input(), "log_days", [2.0, 0.5, 0.0, -3.0, np.nan])
    found = values(case.model().predict(frame)[0])[:, 0]
    np.testing.assert_allclose(found / found[2], np.exp([2.0, 0.5, 0.0, 0.0, 0.0]), rtol=1e-12)


def test_results_do_not_depend_on_the_number_of_threads():
    case = Case("s13_autoencoder_numeric_deep")
    frame = case.input()
    rows = np.arange(2000) % frame.nrow
    many = Frame(frame.names, [column.take(rows) for column in frame.columns])
    one, two = (read_mojo(case.path, "model", threads) for threads in (1, 2))
    np.testing.assert_array_equal(values(one.predict(many)[0]), values(two.predict(many)[0]))
    np.testing.assert_array_equal(values(one.anomaly(many)[0]), values(two.anomaly(many)[0]))


def test_levels_with_line_breaks_and_backslashes(tmp_path):
    """In the files of levels they stand as two characters each."""
    texts = entries("s03_gaussian_maxout")
    domain = next(entry for entry in texts if entry.startswith("domains/"))
    levels = texts[domain].decode().removesuffix("\n").split("\n")
    texts[domain] = "\n".join(["a\\nb", "c\\\\n", "", *levels[3:]]).encode() + b"\n"
    path = tmp_path / "model.zip"
    path.write_bytes(packed({entry: text for entry, text in texts.items() if not entry.startswith("exp")}))
    model = read_mojo(path, "model")
    assert next(iter(model.spec.encoder.levels.values()))[:3] == ("a\nb", "c\\n", "")
