"""Which row belongs to which fold, and what is refused before any fold is trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.fold_rules import usable_rows
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.deeplearning.training.folds import assign, deal
from heavywater.errors import InvalidArgument, InvalidType, NotFound
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import given, settings
from hypothesis import strategies as st

from ..example_frames import context, every_kind


def frame_of(**columns: Column) -> Frame:
    n = len(next(iter(columns.values())))
    rest = {"x": numeric(np.arange(n)), "y": numeric(np.arange(n) / 8)}
    return Frame([*rest, *columns], [*rest.values(), *columns.values()])


def checked(frame: Frame, y: str = "y", **parameters: Any) -> DeepLearningParameters:
    return validate({"seed": 1, **parameters}, TrainingContext(frame, ["x"], y))


def counts(number: np.ndarray, group: np.ndarray, folds: int) -> np.ndarray:
    """Rows of each group (down) in each fold (across)."""
    found = [np.bincount(number[group == g], minlength=folds) for g in np.unique(group)]
    return np.array(found).reshape(-1, folds)


# --- dealing


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_every_scheme_deals_evenly(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 60))
    classes = np.array(data.draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n)))
    response = enum(classes, list("abcd")) if data.draw(st.booleans()) else numeric(classes + 1.5)
    usable = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    nfolds = data.draw(st.integers(2, n))
    for scheme in ("Random", "Modulo", "Stratified"):
        number = deal(nfolds, scheme, 7, usable, response)
        sizes = np.bincount(number, minlength=nfolds)
        assert number.shape == (n,) and sizes.sum() == n and np.ptp(sizes) <= 1
        if scheme != "Modulo":
            assert np.ptp(np.bincount(number[usable], minlength=nfolds)) <= 1
    assert (
        np.ptp(counts(number[usable], classes[usable], nfolds), axis=1) <= 1
    ).all()  # the last was stratified


def test_modulo_goes_round() -> None:
    number = deal(3, "Modulo", 1, np.ones(7, bool), numeric(np.arange(7)))
    assert number.tolist() == [0, 1, 2, 0, 1, 2, 0]


def test_random_depends_on_the_seed_only() -> None:
    usable, y = np.ones(1000, bool), numeric(np.arange(1000))
    one, again, other = (deal(5, "Random", seed, usable, y) for seed in (1, 1, 2))
    assert (one == again).all() and 0.1 < (one == other).mean() < 0.3
    assert abs(np.corrcoef(one, np.arange(1000))[0, 1]) < 0.1
    assert (one[:-1] == one[1:]).mean() == pytest.approx(0.2, abs=0.05)


def test_stratified_numbers_are_dealt_by_size() -> None:
    y = np.random.default_rng(3).permutation(1000) ** 2.0
    stratified, random = (deal(4, s, 1, np.ones(1000, bool), numeric(y)) for s in ("Stratified", "Random"))
    means, plain = ([y[number == k].mean() for k in range(4)] for number in (stratified, random))
    assert np.ptp(means) / np.mean(means) < 0.01 < np.ptp(plain) / np.mean(plain)


def test_rows_without_response_or_weight_do_not_empty_a_fold() -> None:
    y = np.where(np.arange(12) < 8, np.nan, np.arange(12))
    frame = frame_of(target=numeric(y), w=numeric(np.where(np.arange(12) == 11, 0, 2)))
    assert usable_rows(frame, "target", "w").tolist() == [False] * 8 + [True] * 3 + [False]
    for scheme in ("Random", "Stratified"):
        folds = assign(frame, checked(frame, "target", nfolds=3, weights_column="w", fold_assignment=scheme))
        assert sorted(folds.number[8:11]) == [0, 1, 2]
    with pytest.raises(InvalidArgument, match=r"nfolds=13: training_frame has only 12 rows"):
        checked(frame, "target", nfolds=13, weights_column="w")


@pytest.mark.parametrize("scheme", ["Random", "Stratified", "Modulo"])
@pytest.mark.parametrize("absent", [[], [0], [2, 5, 11], [*range(10)]])
def test_folds_that_have_nothing_to_score_are_left_out(scheme: str, absent: list[int]) -> None:
    """Leave one out with missing responses: as many folds as rows with a response."""
    y = np.arange(12.0)
    y[absent] = np.nan
    frame = frame_of(target=numeric(y))
    folds = assign(frame, checked(frame, "target", nfolds=12, fold_assignment=scheme))
    present = np.setdiff1d(np.arange(12), absent)
    assert len(folds) == len(present) and len(folds.left_out) == len(absent)
    assert sorted(folds.number[present]) == list(range(len(present)))
    assert (folds.number[absent] == -1).all() and len(folds.column) == 12
    assert len(folds.warnings) == (len(absent) > 0)
    if scheme == "Modulo":
        assert folds.left_out == tuple(f"fold {k + 1} of 12" for k in absent)


def test_two_folds_are_needed() -> None:
    frame = frame_of(target=numeric(np.where(np.arange(12) % 3 == 2, np.arange(12), np.nan)))
    with pytest.raises(
        InvalidArgument, match=r"only 1 of 3 folds has rows with a response .* another nfolds"
    ):
        assign(frame, checked(frame, "target", nfolds=3, fold_assignment="Modulo"))


# --- a column with the folds


@pytest.mark.parametrize(
    ("column", "number", "labels"),
    [
        (numeric(np.array([1, 2, 3, 1, 2, 3])), [0, 1, 2, 0, 1, 2], ["1", "2", "3"]),
        (numeric(np.array([7, -4, 7, 100, -4, 7])), [1, 0, 1, 2, 0, 1], ["-4", "7", "100"]),
        (enum(np.array([2, 0, 0, 2, 2, 0]), ["p", "never", "r"]), [1, 0, 0, 1, 1, 0], ["'p'", "'r'"]),
    ],
)
def test_each_value_of_the_column_is_a_fold(column: Column, number: list[int], labels: list[str]) -> None:
    frame = frame_of(f=column)
    folds = assign(frame, checked(frame, fold_column="f"))
    assert folds.number.tolist() == number and folds.column is column
    n = len(labels)
    assert folds.labels == tuple(f"fold {k + 1} of {n} (f = {label})" for k, label in enumerate(labels))


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("weight_missing", InvalidArgument, "1 values of the column are missing"),
        ("missing", InvalidArgument, "12 values of the column are missing"),
        ("constant", InvalidArgument, "only one value"),
        ("b", InvalidType, "it is of type real. Round it"),
        ("text", InvalidType, "it is of type string. Convert it with asfactor"),
        ("time", InvalidType, "it is of type time"),
        ("nowhere", NotFound, "no such column"),
    ],
)
def test_other_columns_are_refused(name: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=f"fold_column='{name}'.*{words}"):
        validate({"fold_column": name}, context(x=["a"]))


def test_the_column_is_no_predictor() -> None:
    frame = every_kind()
    p = validate({"fold_column": "factor"}, TrainingContext(frame, None, "positive"))
    assert "factor" not in p.predictors and "a" in p.predictors


def test_a_fold_of_the_column_without_any_response() -> None:
    column = enum(np.array([0, 0, 1, 1, 2, 2]), ["left", "middle", "right"])
    frame = frame_of(f=column, target=numeric(np.array([1, 2, np.nan, np.nan, 3, 4])))
    folds = assign(frame, checked(frame, "target", fold_column="f"))
    assert folds.number.tolist() == [0, 0, -1, -1, 1, 1]
    assert folds.warnings[0].startswith("Cross-validation leaves out \"fold 2 of 3 (f = 'middle')\"")
    thin = frame_of(f=column, target=numeric(np.array([1, 2, np.nan, np.nan, np.nan, np.nan])))
    with pytest.raises(InvalidArgument, match=r"only 1 of 3 folds has rows .*Change fold_column 'f'"):
        assign(thin, checked(frame, "target", fold_column="f"))


# --- rules


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"nfolds": 1}, "nfolds=1 is not allowed: it must be 0 .* or at least 2"),
        ({"nfolds": 13}, "nfolds=13: training_frame has only 12 rows"),
        ({"nfolds": 3, "fold_column": "factor"}, "nfolds=3 and fold_column='factor' exclude each other"),
        ({"fold_assignment": "Modulo"}, "fold_assignment='Modulo' needs nfolds"),
        ({"fold_assignment": "Random", "fold_column": "factor"}, "fold_assignment='Random' needs nfolds"),
        ({"fold_column": "a", "weights_column": "a"}, "fold_column='a' is the same column as weights_column"),
        ({"fold_column": "positive"}, "fold_column='positive' is the same column as y"),
    ],
)
def test_combinations_that_are_refused(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgument, match=words):
        validate(parameters, context())


@pytest.mark.parametrize("parameters", [{"nfolds": 3}, {"fold_column": "factor"}])
def test_no_cross_validation_of_an_autoencoder(parameters: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument, match="no cross-validation of an autoencoder"):
        validate({"autoencoder": True, **parameters}, context(None))


def test_what_is_settled() -> None:
    def scheme(**parameters: Any) -> Any:
        return validate(parameters, context()).actual["fold_assignment"]

    assert scheme(nfolds=3) == "Random" and scheme(nfolds=3, fold_assignment="Modulo") == "Modulo"
    assert scheme() is None and scheme(fold_column="factor") is None
    assert validate({"nfolds": 3}, context()).description()["fold_assignment"]["input"] == "AUTO"


def test_nothing_to_keep() -> None:
    for name, value in (("keep_cross_validation_models", False), ("keep_cross_validation_predictions", True)):
        warnings = validate({name: value}, context()).warnings
        assert any(f"{name}={value} has no effect" in text for text in warnings)
        assert not validate({name: value, "nfolds": 2}, context()).warnings
    assert not validate({"keep_cross_validation_models": True}, context()).warnings
