"""Partial dependence: H2O's numbers, the definition, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.explaining import partial_dependence
from heavywater.deeplearning.explaining.partial_dependence import DependenceOptions, PartialDependence
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame

from ...cases.archive import archive
from ...cases.scoring import Case
from ...export import model_cases

TABLES = archive("answers", "dependence").json("tables.json")
RECORDED = [(case, each) for case, found in TABLES.items() for each in found]
CASE = Case("s01_binomial_rectifier")


def options_of(asked: dict[str, Any], frame: Frame) -> DependenceOptions:
    splits, values = list(asked.get("user_splits", ())), {}
    for name, count in zip(asked.get("user_cols", ()), asked.get("num_user_splits", ()), strict=True):
        values[name], splits = splits[:count], splits[count:]
    weights = asked.get("weight_column_index", -1)
    return DependenceOptions(
        asked["nbins"],
        asked.get("add_missing_na", False),
        values,
        asked.get("targets", ()),
        asked.get("row_index"),
        frame.names[weights] if weights >= 0 else None,
    )


@pytest.mark.parametrize(("case", "recorded"), RECORDED)
def test_the_tables_are_those_of_h2o(case, recorded):
    model, frame = Case(case).model(), Case(case).input()
    asked, rows_that_count = recorded["asked"], 1.0
    if "weight_column_index" in asked:  # H2O divides by all rows, those without weight among them
        weights = frame.column(asked["weight_column_index"])
        rows_that_count = np.sqrt(frame.nrow / (frame.nrow - weights.missing_count))
    found = list(
        PartialDependence(model, frame, options_of(asked, frame)).tables(
            asked["cols"], asked.get("col_pairs_2dpdp", ())
        )
    )
    assert [each["name"] for each in found] == [each["name"] for each in recorded["tables"]]
    for ours, theirs in zip(found, recorded["tables"], strict=True):
        assert [name.lower() for name in ours["columns"]] == theirs["columns"]
        for name, kind, one, other in zip(
            theirs["columns"], theirs["types"], zip(*ours["rows"], strict=True), theirs["data"], strict=True
        ):
            if kind == "string":
                assert list(one) == other
            else:
                wanted = np.array([np.nan if each == "NaN" else each for each in other])
                if name == "std_error_mean_response":
                    wanted *= rows_that_count
                np.testing.assert_allclose(one, wanted, rtol=1e-5, atol=1e-6)


def test_it_is_the_mean_of_predictions_with_one_value_in_all_rows():
    model, frame = CASE.model(), CASE.input()
    (table,) = PartialDependence(model, frame, DependenceOptions(2)).tables(["AGE"])
    for age, mean, deviation, error in table["rows"]:
        columns = [
            numeric(np.full(frame.nrow, age)) if name == "AGE" else frame.column(name) for name in frame.names
        ]
        chances = model.predict(Frame(frame.names, columns))[0].column(2).numbers()
        assert mean == pytest.approx(chances.mean())
        assert deviation == pytest.approx(chances.std(ddof=1))
        assert error == pytest.approx(deviation / np.sqrt(frame.nrow))


@pytest.mark.parametrize(
    ("columns", "pairs", "options", "said"),
    [
        (["AGE"], [], {"bins": 1}, "nbins"),
        (["AGE"], [], {"bins": 10**9}, "nbins"),
        ([], [["PSA", "VOL"]], {"bins": 1000}, "1000000 combinations"),
        (["DPROS"], [], {"bins": 3}, "levels"),
        (["nosuch"], [], {}, "nosuch"),
        (["AGE"], [], {"row": 60}, "row_index"),
        (["AGE"], [], {"weights": "RACE"}, "RACE"),
        (["AGE"], [], {"targets": ["1"]}, "targets"),
        (["RACE"], [], {"values": {"RACE": [7]}}, "levels"),
        ([], [["AGE", "AGE"]], {}, "different"),
        ([], [["AGE"]], {}, "pair"),
    ],
)
def test_what_does_not_fit_is_refused(columns, pairs, options, said):
    with pytest.raises(InvalidArgument, match=said):
        list(
            PartialDependence(CASE.model(), CASE.input(), DependenceOptions(**options)).tables(columns, pairs)
        )


def test_classes_are_named_where_there_are_several():
    case = Case("s02_multinomial_tanh")
    with pytest.raises(InvalidArgument, match="targets is missing"):
        PartialDependence(case.model(), case.input(), DependenceOptions())
    with pytest.raises(InvalidArgument, match="'rose' is no class"):
        PartialDependence(case.model(), case.input(), DependenceOptions(targets=["rose"]))


def test_an_autoencoder_predicts_no_response():
    case = Case("s08_autoencoder_tanh")
    with pytest.raises(InvalidArgument, match="autoencoder"):
        PartialDependence(case.model(), case.input(), DependenceOptions())


def test_a_column_without_values_or_rows_has_no_bins():
    model, frame = CASE.model(), CASE.input()
    empty = numeric(np.full(frame.nrow, np.nan))
    without = Frame(frame.names, [empty if n == "AGE" else frame.column(n) for n in frame.names])
    with pytest.raises(InvalidArgument, match="of type bad"):
        list(PartialDependence(model, without, DependenceOptions()).tables(["AGE"]))
    with pytest.raises(InvalidArgument, match="no rows"):
        PartialDependence(model, frame.take(np.arange(0)), DependenceOptions())
    texts = Frame([*frame.names, "t"], [*frame.columns, enum(np.full(frame.nrow, -1), [])])
    (table,) = PartialDependence(model, texts, DependenceOptions()).tables(["t"])
    assert table["rows"] == []


@pytest.mark.parametrize("name", ["two classes", "hashed", "Binary", "Eigen", "SortByResponse", "sparse", "poisson",
                                  "regression with weights and offset", "balanced classes", "piecewise-linear",
                                  "piecewise-linear Maxout of digits"])  # fmt: skip
def test_rows_that_are_encoded_once_are_predicted_like_frames(monkeypatch, name):
    model, frame = model_cases.train(model_cases.new_session(), name), model_cases.data().take(np.arange(30))
    whole = Frame([*frame.names, "n"], [*frame.columns, numeric(np.arange(30))])
    levels = ("low", "high") if model_cases.CASES[name][0] == "three" else ()
    options = DependenceOptions(bins=5, missing=True, targets=levels, values={"b": [-0.35, 7.25]})
    asked = (["a", "b", "c", "d", "n"], [["c", "b"]])
    found = list(PartialDependence(model, whole, options).tables(*asked))
    monkeypatch.setattr(partial_dependence, "can_vary", lambda *_: False)
    expected = list(PartialDependence(model, whole, options).tables(*asked))
    assert [each["columns"] for each in found] == [each["columns"] for each in expected]
    for table, other in zip(found, expected, strict=True):
        for row, like in zip(table["rows"], other["rows"], strict=True):
            assert row[-3:] == pytest.approx(like[-3:], rel=1e-5, abs=1e-6)
            assert str(row[:-3]) == str(like[:-3])
