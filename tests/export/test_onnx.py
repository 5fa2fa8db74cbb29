"""Models as ONNX graphs: checked by onnx, run by onnxruntime, they predict the same."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import onnx
import pytest
from heavywater.errors import InvalidArgument
from heavywater.export import limits
from heavywater.export.onnx.onnx_writer import onnx_bytes, write_onnx
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import given, settings

from ..cases import scoring
from .any_rows import ROWS, frame_of
from .export_cases import (
    ALL,
    CALIBRATED,
    CASES,
    COLOURS,
    PIECEWISE,
    QUANTILES,
    Case,
    assert_same_predictions,
    calibrated,
    predicted,
    scoring_frame,
    trained,
)
from .onnx_running import Running
from .piecewise_cases import DRAWN, is_exact, made

OTHER_UNITS: list[tuple[str, str, dict[str, Any]]] = [
    ("hashed", "Tanh", {"max_categorical_features": 4}),
    ("Binary", "Rectifier", {"categorical_encoding": "Binary"}),
    ("EnumLimited", "Tanh", {"categorical_encoding": "EnumLimited"}),
]
AUTOENCODERS = [
    Case(f"autoencoder_{name}", None, given={"autoencoder": True, "activation": activation, **given})
    for name, activation, given in OTHER_UNITS
]
# In 64 bits nothing is left but the order of sums; weights of levels that share units are rounded to 32.
EXACT, ROUNDED = 1e-12, 3e-7


def blank(found):
    labels, numbers = found
    return labels and ["" if each is None else each for each in labels], numbers


@pytest.mark.filterwarnings("ignore:Column")
@pytest.mark.parametrize("case", [*ALL, *QUANTILES, *AUTOENCODERS, *DRAWN], ids=str)
def test_predictions(case, capfd):
    model, rows = made(case), scoring_frame()
    running = Running(model)
    found = running.predicted(rows)
    assert capfd.readouterr().err == ""  # where onnxruntime warns
    assert_same_predictions(found, blank(predicted(model, rows)))
    exact = replace(model, dtype=np.float64)
    assert_same_predictions(
        (None, found[1]), (None, predicted(exact, rows)[1]), EXACT if is_exact(model) else ROUNDED
    )
    if case.y is None:
        errors = exact.anomaly(rows)[0].columns[0].numbers()
        np.testing.assert_allclose(
            running.run(rows)["mse"][:, 0], errors, rtol=EXACT if is_exact(model) else 1e-5
        )


@pytest.mark.filterwarnings("ignore:Column")
@pytest.mark.parametrize(("name", "method"), CALIBRATED)
def test_calibrated_probabilities(name, method, capfd):
    model, rows = calibrated(of(name), method), scoring_frame()
    running = Running(model)
    assert running.remarks == []
    found = running.predicted(rows)
    assert capfd.readouterr().err == ""
    classes = len(model.spec.response.domain)
    expected = blank(predicted(model, rows))
    assert found[1].shape == expected[1].shape == (rows.nrow, 2 * classes)
    assert_same_predictions((found[0], found[1][:, :classes]), (expected[0], expected[1][:, :classes]))
    exact = replace(model, dtype=np.float64)
    assert_same_predictions((None, found[1]), (None, predicted(exact, rows)[1]), 1e-9)


@pytest.mark.parametrize("name", scoring.NAMES)
def test_models_of_h2o(name, capfd):
    case = scoring.Case(name)
    model, rows = case.model(), case.input()
    running = Running(model)
    found, expected = running.predicted(rows), predicted(model, rows)
    assert capfd.readouterr().err == ""
    assert found[0] == expected[0]
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-11, atol=1e-15)
    if model.spec.response is None:
        errors = model.anomaly(rows)[0].columns[0].numbers()
        np.testing.assert_allclose(running.run(rows)["mse"][:, 0], errors, rtol=1e-12)


def of(name: str) -> Case:
    return next(case for case in ALL if case.name == name)


@cache
def running_model(name: str) -> Running:
    return Running(trained(PIECEWISE if name == "piecewise" else of(name)))


@pytest.mark.filterwarnings("ignore:Column")
@pytest.mark.parametrize("name", ["multinomial", "EnumLimited", "hashed", "piecewise"])
@settings(max_examples=40)
@given(rows=ROWS)
def test_any_rows(name, rows):
    """Missing cells, levels that training did not know, numbers that are infinite or far away; no row, one, several."""
    running = running_model(name)
    frame = frame_of(rows)
    if rows:
        with np.errstate(all="ignore"):
            expected = blank(predicted(running.model, frame))
        assert_same_predictions(running.predicted(frame), expected, 2e-6)
    else:
        assert [each.shape[0] for each in running.run(frame).values()] == [0] * len(running.outputs)


def test_what_the_graph_says_of_itself():
    found = Running(trained(of("Tanh")))
    assert {name: (each.type, each.shape) for name, each in found.inputs.items()} == {
        **{name: ("tensor(string)", ["rows", 1]) for name in ("colour", "form")},
        **{name: ("tensor(double)", ["rows", 1]) for name in ("size", "x", "y")},
    }
    told = found.session.get_modelmeta()
    assert told.producer_name == "heavywater"
    model = found.model
    expected = {"model_id": "Tanh", "response": "two", "model_category": "Binomial"}
    assert expected.items() <= told.custom_metadata_map.items()
    assert float(told.custom_metadata_map["threshold"]) == pytest.approx(model.threshold, rel=2e-6)
    assert json.loads(told.custom_metadata_map["classes"]) == ["no", "yes"]
    assert json.loads(told.custom_metadata_map["columns of probabilities"]) == ["no", "yes"]
    assert {each.domain: each.version for each in found.graph.opset_import} == {"": 17, "ai.onnx.ml": 3}
    shapes = onnx.shape_inference.infer_shapes(found.graph, strict_mode=True, data_prop=True)
    inner = {each.name: each.type.tensor_type.shape.dim for each in shapes.graph.value_info}
    assert all(
        len(dims) in (0, 1, 2, 3) and all(d.dim_value or d.dim_param for d in dims) for dims in inner.values()
    )


def test_a_threshold_that_was_reset_is_that_of_the_graph():
    model = replace(trained(of("Tanh")), label_threshold=2.0)
    rows = scoring_frame()
    assert Running(model).predicted(rows)[0] == predicted(model, rows)[0] == ["no"] * rows.nrow


@pytest.mark.parametrize(
    "name", ["predict", "probabilities", "constant_0", "gather_3", "a b", "naïve €", "x/y:0", "'"]
)
def test_names_of_columns_do_not_matter(name):
    case = of("Tanh")
    model = renamed(trained(case), "x", name)
    rows = scoring_frame()
    rows = Frame([name if each == "x" else each for each in rows.names], list(rows.columns))
    running = Running(model)
    assert name in running.inputs and name not in running.outputs
    assert_same_predictions(running.predicted(rows), blank(predicted(model, rows)))


def renamed(model, old, new):
    """The model with another name of a number."""
    encoder, spec = model.spec.encoder, model.spec
    names = {each: new if each == old else each for each in spec.kinds}
    changed = replace(
        encoder,
        numbers=[names[each] for each in encoder.numbers],
        scaling={names[each]: scaling for each, scaling in encoder.scaling.items()},
    )
    return replace(
        model, spec=replace(spec, encoder=changed, kinds={names[k]: v for k, v in spec.kinds.items()})
    )


@pytest.mark.parametrize(
    ("name", "text"), [("", "an empty name"), ("a\0b", "zero byte"), ("\ud800", "half a letter")]
)
def test_names_that_no_graph_can_have_are_refused(name, text, tmp_path):
    with pytest.raises(InvalidArgument, match=f"'Tanh' cannot be written as ONNX: .*{text}"):
        write_onnx(renamed(trained(of("Tanh")), "x", name), tmp_path / "x.onnx")
    assert list(tmp_path.iterdir()) == []


def test_a_level_without_a_letter():
    """It is told that nothing can be missing then."""
    case = of("gaussian")
    model = trained(case)
    encoder = model.spec.encoder
    levels = {"colour": ("", *COLOURS[1:]), "form": encoder.levels["form"]}
    model = replace(model, spec=replace(model.spec, encoder=replace(encoder, levels=levels)))
    running = Running(model)
    assert "an empty text is that level" in running.remarks[0]
    rows = Frame(["colour", "x"], [enum(np.array([0, 1]), ["", "green"]), numeric([1.0, 2.0])])
    assert_same_predictions(running.predicted(rows), predicted(model, rows))


def test_too_large_for_a_file(monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_MESSAGE", 100)
    with pytest.raises(InvalidArgument, match="an ONNX file holds 2"):
        onnx_bytes(trained(of("Tanh")))


def test_without_the_package(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(InvalidArgument, match=r"pip install 'heavywater\[onnx\]'"):
        write_onnx(trained(of("Tanh")), tmp_path / "x.onnx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_only_when_asked(tmp_path):
    path, remarks = write_onnx(trained(of("Tanh")), tmp_path / "new" / "x.onnx")
    assert remarks == []
    with pytest.raises(InvalidArgument, match="exists already"):
        write_onnx(trained(of("Rectifier")), path)
    before = onnx.load(path)
    write_onnx(trained(of("Rectifier")), path, force=True)
    assert onnx.load(path) != before


def test_all_kinds_are_here():
    """Activations, distributions and encodings that a graph has to know."""
    given = [case.given for case in CASES]
    assert {"Tanh", "Rectifier", "Maxout", "ExpRectifier"} <= {each.get("activation") for each in given}
    assert len({each.get("distribution") for each in given}) >= 9
    assert len({each.get("categorical_encoding") for each in given}) == 6
