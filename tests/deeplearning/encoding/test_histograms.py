"""What a model keeps of the distributions of its inputs, and how far rows are from them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from heavywater.deeplearning.encoding.histograms import (
    BINS,
    LEVELS,
    MOST_INPUTS,
    InputHistogram,
    histograms_of,
)
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.model_file import model_bytes, model_of_bytes
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ...export import model_cases

NUMBERS = arrays(np.float64, st.integers(1, 60), elements=st.floats(width=32) | st.integers(-3, 3))


def normal(n: int, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(n).normal(shift, size=n)


def test_bins_of_numbers_hold_a_tenth_each():
    found = InputHistogram.of(normal(5000))
    assert len(found.cuts) == BINS - 1
    np.testing.assert_allclose(found.shares[:-1], 1 / BINS, atol=1e-3)
    assert found.shares[-1] == 0


@given(NUMBERS)
def test_shares_add_up_and_bins_ascend(values):
    found = InputHistogram.of(values)
    assert found.shares.sum() == pytest.approx(1)
    assert (np.diff(found.cuts) > 0).all()
    assert found.shares[-1] == pytest.approx(np.isnan(values).mean())
    assert found.stability_index(found.counts(values)) == pytest.approx(0, abs=1e-9)


@given(st.lists(st.tuples(st.integers(-2, 2) | st.just(math.nan), st.integers(1, 3)), min_size=1))
def test_a_weight_is_as_good_as_so_many_rows(pairs):
    values, weights = (np.array(each, float) for each in zip(*pairs, strict=True))
    weighted, repeated = (
        InputHistogram.of(values, weights),
        InputHistogram.of(np.repeat(values, weights.astype(int))),
    )
    np.testing.assert_array_equal(weighted.cuts, repeated.cuts)
    np.testing.assert_allclose(weighted.shares, repeated.shares)


@given(
    arrays(
        np.uint8,
        st.tuples(st.integers(1, 5), st.integers(1, 60)),
        elements=st.integers(0, 255) | st.sampled_from([0, 3]),
    )
)
def test_counted_bytes_give_what_sorted_numbers_give(columns):
    for values, found in zip(columns, InputHistogram.of_bytes(columns), strict=True):
        for wanted in (
            InputHistogram.of(values.astype(float)),
            InputHistogram.of(values.astype(float), np.ones(len(values))),
        ):
            np.testing.assert_array_equal(found.cuts, wanted.cuts)
            np.testing.assert_array_equal(found.shares, wanted.shares)


def test_of_many_levels_the_most_frequent_are_counted_singly():
    codes = np.concatenate(
        [np.repeat(np.arange(30), np.arange(30, 0, -1)), [30] * 5]
    )  # 30 stands for missing
    found = InputHistogram.of(codes, levels=30)
    assert found.cuts.tolist() == list(range(LEVELS))
    total = len(codes)
    assert found.shares[LEVELS] == pytest.approx(sum(range(1, 11)) / total)
    assert found.shares[-1] == pytest.approx(5 / total)
    assert found.counts(np.array([0, 25, 30, 31]), 30)[[0, LEVELS, LEVELS + 1]].tolist() == [
        1,
        2,
        1,
    ]  # 31: unseen


def test_the_index_tells_other_rows_from_those_of_training():
    found = InputHistogram.of(normal(5000))
    same, near, far = (found.stability_index(found.counts(normal(4000, shift))) for shift in (0, 0.3, 2))
    assert same < 0.01 < near < 0.2
    assert far > 0.5
    gone = found.stability_index(found.counts(np.full(100, np.nan)))
    assert gone > 1
    assert math.isnan(found.stability_index(np.zeros(len(found.shares))))


def test_the_index_by_hand():
    found = InputHistogram(np.array([0.0]), np.array([0.5, 0.5, 0.0]))
    expected = (0.75 - 0.5) * math.log(1.5) + (0.25 - 0.5) * math.log(0.5)
    assert found.stability_index(np.array([3.0, 1.0, 0.0])) == pytest.approx(expected)


def test_rows_without_weight_and_frames_without_rows():
    frame = Frame(["x", "w"], [numeric(np.arange(4)), numeric(np.array([0, 1, np.nan, 0]))])
    found = histograms_of(frame, {"x": None}, frame.column("w"))
    assert found["x"].counts(np.array([1.0])).tolist() == (found["x"].shares).tolist()
    assert histograms_of(frame.take(np.zeros(0, int)), {"x": None}) == {}
    assert histograms_of(frame, {str(k): None for k in range(MOST_INPUTS + 1)}) == {}


def test_levels_in_another_order_and_a_column_without_values():
    frame = Frame(["c", "d"], [enum(np.array([0, 1, 1, -1]), ["b", "a"]), numeric(np.full(4, np.nan))])
    found = histograms_of(frame, {"c": ("a", "b"), "d": ("x",)})
    assert found["c"].cuts.tolist() == [0, 1]
    assert found["c"].shares.tolist() == [0.5, 0.25, 0, 0.25]
    assert found["d"].shares[-1] == 1


@pytest.mark.parametrize(
    "name", ["two classes", "regression with weights and offset", "EnumLimited", "autoencoder"]
)
def test_a_model_keeps_them_also_in_its_file(name):
    model = model_cases.train(model_cases.new_session(), name)
    again = model_of_bytes(model_bytes(model))
    for each in (model, again):
        assert list(each.spec.histograms) == ["a", "b", "c", "d"]
        assert all(found.shares.sum() == pytest.approx(1) for found in each.spec.histograms.values())
    frame = model_cases.data()
    missing = np.isnan(frame.column("a").numbers())
    weights = frame.column("weight").numbers() if "weights" in name else np.ones(frame.nrow)
    assert model.spec.histograms["a"].shares[-1] == pytest.approx(weights[missing].sum() / weights.sum())


def test_training_that_goes_on_keeps_those_of_its_own_rows():
    session = model_cases.new_session()
    first = model_cases.train(session, "two classes")
    session.store.put_frame(session.store.frame("data").take(np.arange(30)), "data")
    second = model_cases.train(session, "two classes", checkpoint=first.key, epochs=5)
    assert isinstance(second, DeepLearningModel)
    changed = first.spec.histograms["a"].cuts, second.spec.histograms["a"].cuts
    assert not np.array_equal(*changed)


def test_older_files_have_none():
    content = (model_cases.FILES / "model_v1").read_bytes()
    assert model_of_bytes(content).spec.histograms == {}
