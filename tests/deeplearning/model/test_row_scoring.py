"""Rows of plain values are scored as frames of the same cells are, to the last bit."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from heavywater.deeplearning.encoding.data import DataSpec
from heavywater.deeplearning.encoding.plain_cells import level_cells, moments_of, numbers_of
from heavywater.deeplearning.encoding.plain_rows import RowReader, columns_of
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.model.row_scoring import RowScorer
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, factor, numeric, strings, times
from heavywater.frame.columns.missing_words import MISSING_WORDS
from heavywater.frame.columns.numerals import number_of_text, parse_numbers
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession
from hypothesis import given, settings
from hypothesis import strategies as st

from ...cases import scoring
from ...export import model_cases
from ...sessions import finished

NUMBERS = (0, 1, 7, 255, -3, 300, 2.5, -0.125, 1e9, 1e40, math.nan, None, True)
ODD_LEVELS = ("unseen", "", "2", "true")


@cache
def session() -> LocalSession:
    return model_cases.new_session()


@cache
def trained(name: str) -> DeepLearningModel:
    return model_cases.train(session(), name)


@cache
def with_number_levels(levels: tuple[str, ...]) -> DeepLearningModel:
    """A model with a factor whose levels are numbers or truth values, and a point in time."""
    n = np.arange(40)
    there = LocalSession(nthreads=1)
    columns = {
        "code": enum(n % len(levels), levels),
        "when": times(n * 1000),
        "y": numeric(n % 7),
    }
    there.store.put_frame(Frame(list(columns), list(columns.values())), "data")
    started = there.training.train(
        "deeplearning", model_cases.SMALL, x=["code", "when"], y="y", training_frame_key="data"
    )
    return there.store.get(finished(there, started), DeepLearningModel)


def column_of(cells: Sequence[Any]) -> Column:
    """The column that a frame of these cells would have."""
    if any(isinstance(cell, str) for cell in cells):
        return factor(strings(cells))
    return numeric(np.array([np.nan if cell is None else cell for cell in cells], np.float64))


def some_rows(spec: DataSpec, random: np.random.Generator, n: int) -> dict[str, list[Any]]:
    """Cells of all inputs: missing, unseen, far away, of every type; now and then a column is not there."""
    columns: dict[str, list[Any]] = {}
    plain = random.random() < 0.3  # nothing but small whole numbers, which stay bytes
    sparse = random.random() < 0.3
    for name, kind in spec.kinds.items():
        if kind == "enum":
            choice: Sequence[Any] = [
                *spec.levels(name),
                *spec.levels(name),
                None,
                *random.choice(ODD_LEVELS, 1),
            ]
        elif plain:
            choice = ((0, 0, 0, 0, 200), (0, 1, 7, 200), (0, -5, 3000))[random.integers(3)]
        else:
            choice = (0, 0, 0, 0, 1.5, None) if sparse else NUMBERS
        columns[name] = [choice[k] for k in random.integers(0, len(choice), n)]
    if len(columns) > 1 and random.random() < 0.2:
        columns.pop(list(columns)[random.integers(len(columns))])
    if spec.offset_column is not None:
        columns[spec.offset_column] = [None if k == 0 else float(k) for k in random.integers(0, 4, n)]
    return columns


def same(model: DeepLearningModel, columns: dict[str, list[Any]], n: int) -> None:
    frame = Frame(list(columns), [column_of(cells) for cells in columns.values()], nrow=n)
    expected, warnings = model.anomaly(frame) if model.spec.response is None else model.predict(frame)
    found = RowScorer(model).score(columns, n)
    assert found.warnings == warnings
    assert found.names == expected.names
    if found.labels is not None:
        assert found.labels == expected.column(0).texts().tolist()
    for numbers, column in zip(found.numbers.T, expected.columns[found.labels is not None :], strict=True):
        np.testing.assert_array_equal(numbers, column.numbers())
    json.dumps(found.rows(), allow_nan=False)
    assert len(found.rows()) == n


@pytest.mark.parametrize("name", model_cases.CASES)
def test_models_trained_here(name):
    random = np.random.default_rng(len(name))
    for n in (1, 1, 1, 1, 1, 1, 2, 3, 9, 30, 0):
        same(trained(name), some_rows(trained(name).spec, random, n), n)


@pytest.mark.parametrize("name", scoring.NAMES)
def test_models_of_h2o(name):
    model, random = scoring.Case(name).model(), np.random.default_rng(len(name))
    for n in (1, 1, 1, 5, 20):
        same(model, some_rows(model.spec, random, n), n)


@pytest.mark.parametrize(
    ("levels", "cells"),
    [
        (["1", "2", "30"], [1, 2, 30.0, True]),
        (["1", "2", "30"], ["1", None, "x"]),
        (["1", "2", "30"], [1, 2.5, 99]),
        (["01", "02"], [1, 2, 3]),
        (["1", "1.0"], [1, 2.5, 1.0]),
        (["1", "word"], [1, 1]),
        (["False", "True"], [True, False, None]),
        (["False", "True"], ["true", "FALSE"]),
        (["0", "1"], ["true", "false"]),
        (["0", "1"], ["true", "2"]),
        (["0.5", "1.5"], [0.5, 1.5, 7]),
    ],
)
def test_levels_that_are_numbers_or_truth_values(levels, cells):
    n = len(cells)
    model = with_number_levels(tuple(levels))
    same(model, {"code": cells, "when": [1000 * k for k in range(n)]}, n)
    for cell in cells:
        same(model, {"code": [cell], "when": [5]}, 1)


def test_no_row_and_many_rows():
    model, random = trained("two classes"), np.random.default_rng(1)
    same(model, some_rows(model.spec, random, 0), 0)
    same(model, some_rows(model.spec, random, 1300), 1300)


def test_a_changed_threshold_counts_at_once():
    model = trained("two classes")
    scorer = RowScorer(model)
    columns: dict[str, list[Any]] = {"a": [0.1], "b": [1], "c": ["alpha"], "d": ["x"]}
    before = model.label_threshold
    try:
        for model.label_threshold, label in ((0.0, "yes"), (1.0, "no")):
            assert scorer.score(columns, 1).labels == [label]
    finally:
        model.label_threshold = before


@pytest.mark.parametrize(
    ("column", "cell", "allowed"),
    [
        ("a", "word", "row 2, column 'a': 'word' must be a number, or null"),
        ("a", [1], "row 2, column 'a': [1] must be a number"),
        ("a", 10**400, "must be a number"),
        ("c", {"x": 1}, "row 2, column 'c': {'x': 1} must be a text"),
        ("c", 5, "row 2, column 'c': 5 must be a text: the levels are 'alpha', 'beta'"),
    ],
)
def test_cells_that_can_be_no_value_are_named(column, cell, allowed):
    columns: dict[str, list[Any]] = {"a": [1, None], "c": [None, "alpha"], "d": ["x", "y"]}
    columns[column] = [None, cell]
    with pytest.raises(InvalidArgument) as caught:
        RowScorer(trained("two classes")).score(columns, 2)
    assert allowed in str(caught.value)


def test_rows_without_any_input_or_without_the_offset_are_refused():
    with pytest.raises(InvalidArgument, match="none of the 4 predictors"):
        RowScorer(trained("two classes")).score({"other": [1]}, 1)
    with pytest.raises(InvalidArgument, match="offset_column='offset'"):
        RowScorer(trained("regression with weights and offset")).score({"a": [1]}, 1)


def test_rows_as_columns():
    assert columns_of([{"a": 1, "b": 2}, {"b": 3, "c": 4}]) == {"a": [1, None], "b": [2, 3], "c": [None, 4]}
    assert columns_of([{"a": 1}]) == {"a": [1]}
    assert columns_of([]) == {}
    with pytest.raises(InvalidArgument, match=r"row 2: \[1\] must be an object"):
        columns_of([{"a": 1}, [1]])


def test_what_was_read_is_told():
    reader = RowReader(trained("two classes").spec, np.float32)
    read = reader.read({"a": [1, None], "b": ["2.5", "NA"], "c": ["alpha", "other"], "d": [None, "z"]}, 2)
    np.testing.assert_array_equal(read.numbers, [[1, 2.5], [np.nan, np.nan]])
    assert dict(zip(reader.factors, read.codes.T.tolist(), strict=True)) == {"c": [0, 6], "d": [3, 2]}
    assert reader.sizes == [5, 3]


def test_texts_that_are_numbers_and_dates():
    assert numbers_of("x", ["1", "$2", "50%", " 7 ", None, True]).tolist()[:4] == [1, 2, 0.5, 7]
    found = moments_of("t", ["1970-01-02", "1970-01-01 00:00:01", 5, None, ""])
    np.testing.assert_array_equal(found, [86_400_000, 1000, 5, np.nan, np.nan])
    with pytest.raises(InvalidArgument, match="row 1, column 't': 'soon' must be a date"):
        moments_of("t", ["soon"])
    assert level_cells("c", [1, "a", True]).texts().tolist() == ["1", "a", "True"]


@given(st.text("0123456789.+-eE$%infty NA", max_size=8))
@settings(max_examples=200)
def test_a_text_alone_is_the_number_that_it_is_in_a_column(text):
    values, misfit = parse_numbers(pa.array([text]))
    if misfit[0]:
        try:
            assert math.isnan(number_of_text(text))
            assert text.strip() in MISSING_WORDS
        except ValueError:
            assert text.strip() not in MISSING_WORDS
    else:
        assert number_of_text(text) == values[0]
