"""The values of categorical_encoding: against input vectors recorded from the real H2O, and their properties."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from heavywater.deeplearning.encoding.data import DataSpec
from heavywater.deeplearning.encoding.schemes import (
    SCHEMES,
    Recoding,
    binary_digits,
    labels,
    leading_projection,
)
from heavywater.deeplearning.model.scorer import dense_inputs
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import given
from hypothesis import strategies as st

FOLDER = Path(__file__).parents[2] / "data" / "encodings"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
PREDICTORS = ["x", "many", "few", "num", "eq"]
# Rows of test.csv without a level that training did not know: H2O gives such levels codes that mean something else.
KNOWN = [2, 4, 5, 6, 7, 11]


def factor(texts: list[str]) -> Column:
    levels = sorted(set(texts) - {""})
    return enum(np.array([levels.index(text) if text else -1 for text in texts]), levels)


def frame(name: str) -> Frame:
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = {key: [row[key] for row in rows] for key in rows[0]}
    columns = {key: numeric([float(cell or "nan") for cell in cells]) if key in "xy" else factor(cells)
               for key, cells in texts.items()}  # fmt: skip
    return Frame(list(columns), list(columns.values()))


TRAIN, TEST = frame("train.csv"), frame("test.csv")


def fit(scheme: str, y: str | None = "y", train: Frame = TRAIN, **parameters) -> DataSpec:
    values = {"categorical_encoding": scheme, **parameters}
    return DataSpec.fit(train, validate(values, TrainingContext(train, PREDICTORS, y)))


def inputs(spec: DataSpec, data: Frame) -> np.ndarray:
    adapted, _ = spec.adapt(data)
    return dense_inputs(spec.rows(adapted), 0, data.nrow)


@pytest.mark.parametrize("case", EXPECTED)
def test_columns_and_scaling_are_those_of_h2o(case: str) -> None:
    scheme, _, by_class = case.partition("_")
    encoder = fit(scheme, "c" if by_class else "y").encoder
    want = EXPECTED[case]
    assert [*encoder.categories, *encoder.numbers] == want["names"]
    assert [list(encoder.levels[name]) for name in encoder.categories] == [d for d in want["domains"] if d]
    if scheme != "Eigen":
        scaling = [encoder.scaling[name] for name in encoder.numbers]
        np.testing.assert_allclose([s.mul for s in scaling], want["normmul"], rtol=1e-6)
        np.testing.assert_allclose([s.sub for s in scaling], want["normsub"], rtol=1e-6)


@pytest.mark.parametrize("case", [case for case in EXPECTED if case != "Eigen"])
def test_inputs_of_the_training_rows_are_those_of_h2o(case: str) -> None:
    scheme, _, by_class = case.partition("_")
    spec = fit(scheme, "c" if by_class else "y")
    np.testing.assert_allclose(inputs(spec, TRAIN), EXPECTED[case]["train"], atol=1e-4)


@pytest.mark.parametrize("case", [case for case in EXPECTED if case not in ("Eigen", "EnumLimited")])
def test_inputs_of_new_rows_are_those_of_h2o(case: str) -> None:
    scheme, _, by_class = case.partition("_")
    spec = fit(scheme, "c" if by_class else "y")
    rows = KNOWN if scheme in ("Binary", "LabelEncoder") else slice(None)
    np.testing.assert_allclose(inputs(spec, TEST)[rows], np.array(EXPECTED[case]["test"])[rows], atol=1e-4)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_new_rows_are_encoded_by_what_training_taught(scheme: str) -> None:
    """Whatever else is in the frame: one row at a time gives the same, and unseen levels are like missing ones."""
    spec = fit(scheme)
    together = inputs(spec, TEST)
    for i in range(TEST.nrow):
        row = Frame(TEST.names, [column.take(slice(i, i + 1)) for column in TEST.columns])
        np.testing.assert_array_equal(inputs(spec, row)[0], together[i])
    assert np.isfinite(together).all()
    x = TEST.names.index("few")
    missing = Frame(TEST.names, [enum(np.where(np.isin(c.texts(), ["zz", "yy"]), -1, c.values), c.levels or ())
                                 if k == x else c for k, c in enumerate(TEST.columns)])  # fmt: skip
    np.testing.assert_array_equal(inputs(spec, missing), together)


def test_unseen_levels_are_others_where_levels_are_limited() -> None:
    spec = fit("EnumLimited")
    units = [spec.encoder.unit_names[k] for k in inputs(spec, TEST)[:, :12].argmax(axis=1)]
    assert [unit.rsplit(".", 1)[1] for unit in units] == [
        "other", "a", "b", "missing(NA)", "other", "c", "d", "e", "f", "other", "other", "a",
    ]  # fmt: skip


@pytest.mark.parametrize(("scheme", "like"), [("EnumLimited", "rare levels"), ("Binary", "missing values")])
def test_the_warning_says_what_unseen_levels_are_like(scheme: str, like: str) -> None:
    _, warnings = fit(scheme).adapt(TEST)
    (many,) = [text for text in warnings if "'many'" in text]
    (few,) = [text for text in warnings if "'few'" in text]
    assert many.endswith(f"they are scored like {like}")
    assert few.endswith("they are scored like missing values")


def test_the_other_level_has_a_name_of_its_own() -> None:
    texts = [f"l{k:02}" for k in range(12)] * 2 + ["other"] * 3
    data = Frame(["f", "f.top_10_levels"], [factor(texts), factor(["a", "b", "c"] * 9)])
    found = Recoding.fit("EnumLimited", data, data.names)
    assert found.factors["f"].new_levels[0] == "other" and found.factors["f"].new_levels[-1] == "other0"
    assert len(set(found.apply(data).names)) == 2


def test_new_columns_do_not_collide_with_old_ones() -> None:
    data = Frame(["f:0", "f", "f:1"], [numeric([1, 2, 3]), factor(["a", "b", "c"]), numeric([1, 2, 3])])
    found = Recoding.fit("Binary", data, data.names).apply(data)
    assert found.names[:2] == ["f:0", "f:1"] and len(set(found.names)) == 4
    assert found.column(0) is data.column("f:0") and found.column(1) is data.column("f:1")


@given(st.integers(1, 300))
def test_every_level_has_binary_digits_of_its_own(levels: int) -> None:
    digits = binary_digits(levels)
    assert digits.shape == (levels + 2, int(np.floor(np.log2(levels))) + 1)
    assert len(np.unique(digits[:-1], axis=0)) == levels + 1
    assert not digits[-2:].any()


def test_labels() -> None:
    assert labels(["10", "-3", "+7"]).tolist() == [10, -3, 7]
    assert labels(["10", "b", "7"]).tolist() == [0, 1, 2]
    assert labels(["1.5", "2"]).tolist() == [0, 1]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_the_projection_is_a_leading_eigenvector(counts: list[int]) -> None:
    axis = leading_projection(np.array(counts))
    if np.count_nonzero(counts) < 2:
        assert not axis.any()
        return
    p = np.array(counts) / sum(counts)
    covariance = np.diag(p) - np.outer(p, p)
    largest = np.linalg.eigvalsh(covariance)[-1]
    assert np.linalg.norm(axis) == pytest.approx(1)
    np.testing.assert_allclose(covariance @ axis, largest * axis, atol=1e-9)


@given(st.integers(2, 30))
def test_equally_frequent_levels_stay_apart(levels: int) -> None:
    axis = leading_projection(np.full(levels, 7))
    assert (np.diff(axis) > 0).all()


def test_a_million_levels_are_projected() -> None:
    counts = np.random.default_rng(1).zipf(1.5, 10**6)
    axis = leading_projection(counts)
    assert np.isfinite(axis).all() and np.linalg.norm(axis) == pytest.approx(1)


def test_levels_without_response_come_last() -> None:
    data = Frame(["f", "y"], [factor(["a", "b", "c", "c"]), numeric([np.nan, 5, 1, 2])])
    found = Recoding.fit("SortByResponse", data, ["f"], data.column("y")).factors["f"]
    assert found.new_levels == ("c", "b", "a")
    weighted = Recoding.fit("SortByResponse", data, ["f"], data.column("y"), np.array([1.0, 0, 1, 1]))
    assert weighted.factors["f"].new_levels == ("c", "a", "b")


def test_an_autoencoder_has_no_response_to_sort_by() -> None:
    with pytest.raises(InvalidArgument, match=r"categorical_encoding='SortByResponse' needs a response"):
        fit("SortByResponse", None, autoencoder=True)


def test_settings_of_one_hot_units_have_no_effect_on_numbers() -> None:
    p = validate({"categorical_encoding": "Binary", "use_all_factor_levels": False, "max_categorical_features": 3},
                 TrainingContext(TRAIN, PREDICTORS, "y"))  # fmt: skip
    assert sum("has no effect: it needs categorical_encoding" in warning for warning in p.warnings) == 2
