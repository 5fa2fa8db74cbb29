"""The encoder of a frame that lies in parts, made of their statistics, is that of the whole frame, to the last bit."""

from __future__ import annotations

import dataclasses
import json
import math
from functools import reduce
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.encoding.answers import AnswersOfLevels
from heavywater.deeplearning.encoding.data import DataSpec, training_rows
from heavywater.deeplearning.encoding.data_statistics import DataStatistics, RowStatistics
from heavywater.deeplearning.encoding.encoder import Encoder
from heavywater.deeplearning.encoding.schemes import SCHEMES, Recoding
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.deeplearning.training.balance import Balance, sampling_factors
from heavywater.errors import HeavywaterError, InvalidArgument
from heavywater.frame import summary
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import (
    enum,
    factor,
    integers,
    numeric,
    reals,
    sorted_enum,
    strings,
    times,
)
from heavywater.frame.columns.sparse import sparse_columns
from heavywater.frame.frame import Frame
from heavywater.frame.primitives import operation
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

ENCODINGS = ("AUTO", "OneHotInternal", *SCHEMES)
COMMON = settings(max_examples=60, deadline=None)


def bits(value: Any) -> Any:
    """A value in a form that is equal only where every bit is."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return value.hex()
    if dataclasses.is_dataclass(value):
        return type(value).__name__, {f.name: bits(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return [(key, bits(each)) for key, each in value.items()]
    return [bits(each) for each in value] if isinstance(value, (list, tuple)) else value


def cut(frame: Frame, parts: int, seed: int) -> list[Frame]:
    """A frame in so many parts, of which some may be empty."""
    places = np.sort(np.random.default_rng(seed).integers(0, frame.nrow + 1, parts - 1))
    return [frame.take(rows) for rows in np.split(np.arange(frame.nrow), places)]


def as_imported(frame: Frame) -> Frame:
    """A frame whose columns are as narrow as its cells allow, with the levels that occur, in the order of an import."""
    return Frame(frame.names, [_as_imported(column) for column in frame.columns], nrow=frame.nrow)


def _as_imported(column: Column) -> Column:
    if column.missing_count == len(column):
        return numeric(np.full(len(column), np.nan))
    if column.kind == "enum":
        return sorted_enum(column.values, column.levels or ())
    return numeric(column.numbers()) if column.kind == "real" else column


def through_bytes(statistics: DataStatistics) -> DataStatistics:
    return DataStatistics.of_plain(json.loads(json.dumps(statistics.plain(), allow_nan=False)))


def merged(parts: list[Frame], p: DeepLearningParameters, order: int = 0) -> DataStatistics:
    """The statistics of parts, told to somebody who merges them in one order or another."""
    told = [through_bytes(DataStatistics.of(part, p)) for part in parts]
    np.random.default_rng(order).shuffle(told)
    return reduce(DataStatistics.merge, told)


@st.composite
def frames(draw: Any) -> Frame:
    """Columns of all kinds: predictors of all storage types, roles, and both responses."""
    n = draw(st.integers(6, 40))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    few, many = random.integers(-1, 3, n), random.integers(-1, 14, n)
    holes = random.random(n) < 0.2
    values = random.normal(size=n) * 10.0 ** random.integers(-12, 12, n)
    shift = draw(st.sampled_from([0.0, 1e6, 1e12, -3e20]))
    names = random.permutation([f"{k}" if k % 2 else f"level {k}" for k in range(14)]).tolist()
    columns = {
        "real": reals(np.where(holes, np.nan, values + shift)),
        "single": reals(random.normal(size=n).astype(np.float32)),
        "byte": integers(random.integers(0, 256, n), holes),
        "short": integers(random.integers(-30000, 30000, n)),
        "int": integers(random.integers(-(2**30), 2**30, n)),
        "long": integers(random.integers(-(2**62), 2**62, n), holes),
        "time": times(random.integers(10**12, 2 * 10**12, n), holes),
        "sparse": sparse_columns(
            sparse.csc_matrix(np.where(random.random((n, 1)) < 0.2, values[:, None], 0))
        )[0],
        "constant": numeric(np.full(n, 0.1)),
        "late": reals(np.where(np.arange(n) < n // 2, np.nan, values)),  # parts of it are missing all the way
        "few": enum(few, ["b", "c", "a"]),
        "many": enum(many, names),
        "numbers": factor(integers(random.integers(8, 12, n))),
        "text": strings([f"text {k}" for k in range(n)]),
        "y": reals(np.where(random.random(n) < 0.2, np.nan, np.abs(values) + 0.5)),
        "class": enum(
            np.where(random.random(n) < 0.2, -1, np.sort(random.integers(0, 3, n))), ["v", "u", "w"]
        ),
        "w": reals(
            random.random(n) * random.integers(0, 2, n)
            if draw(st.booleans())
            else random.integers(0, 3, n) * 1.0
        ),
        "ones": integers(random.integers(0, 2, n)),
        "off": reals(np.round(random.normal(size=n), 3)),
        "fold": integers(random.integers(0, 3, n)),
    }
    return Frame(list(columns), list(columns.values()))


ROLES = ("y", "class", "w", "ones", "off", "fold", "text")


@st.composite
def cases(draw: Any) -> tuple[Frame, DeepLearningParameters, list[Frame], int]:
    frame = draw(frames())
    imported = draw(st.booleans())
    if imported:
        frame = as_imported(frame)
    y = draw(st.sampled_from(["y", "class", None]))
    values: dict[str, Any] = {
        "categorical_encoding": draw(st.sampled_from(ENCODINGS)),
        "standardize": draw(st.booleans()),
        "sparse": draw(st.booleans()),
        "use_all_factor_levels": draw(st.booleans()),
        "missing_values_handling": draw(st.sampled_from(["MeanImputation", "Skip"])),
        "max_categorical_features": draw(st.sampled_from([None, 5])),
        "weights_column": draw(st.sampled_from([None, "w", "ones"])),
        "ignore_const_cols": False,
        "autoencoder": y is None,
        "numeric_encoding": draw(
            st.sampled_from(["Standardized", "PiecewiseLinear"] if y else ["Standardized"])
        ),
    }
    if y is not None:
        values["offset_column"] = draw(st.sampled_from([None, "off"])) if y == "y" else None
        values["fold_column"] = draw(st.sampled_from([None, "fold"]))
        values["distribution"] = draw(st.sampled_from(["AUTO", "gamma"])) if y == "y" else "AUTO"
    predictors = draw(
        st.lists(st.sampled_from([n for n in frame.names if n not in ROLES]), min_size=1, unique=True)
    )
    try:
        p = validate(values, TrainingContext(frame, predictors, y))
    except HeavywaterError:
        assume(False)
    seed = draw(st.integers(0, 99))
    parts = cut(frame, draw(st.sampled_from([1, 2, 7])), seed)
    if imported:  # each by itself
        parts = [as_imported(part) for part in parts]
    return frame, p, parts, seed


@COMMON
@given(cases())
def test_parts_give_what_the_whole_gives(case: Any) -> None:
    frame, p, parts, seed = case
    statistics = merged(parts, p, seed)
    spec = DataSpec.of(statistics, p)
    whole = DataSpec.fit(frame, p)
    assert bits(spec.encoder) == bits(whole.encoder)
    assert bits(spec.response) == bits(whole.response)
    assert bits(spec.recoding) == bits(whole.recoding)
    assert list(spec.kinds) == list(whole.kinds)
    assert {name for name, kind in spec.kinds.items() if kind == "enum"} == {
        name for name, kind in whole.kinds.items() if kind == "enum"
    }
    _, scorable, trained = training_rows(whole, frame, p)
    rows = statistics.rows
    assert (rows.rows, rows.scorable, rows.trained) == (frame.nrow, scorable.sum(), trained.sum())
    assert rows.of_an_epoch == RowStatistics.of(frame, p).of_an_epoch
    if whole.response is not None and whole.response.domain is not None and rows.classes is not None:
        codes = frame.column("class").values[trained]
        assert rows.classes.among(whole.response.domain).counts == tuple(
            np.bincount(codes, minlength=len(whole.response.domain))
        )


@settings(max_examples=30, deadline=None)
@given(cases())
def test_each_part_is_encoded_with_the_encoder_of_the_whole(case: Any) -> None:
    frame, p, parts, _ = case
    spec = DataSpec.of(merged(parts, p), p)
    whole = training_rows(DataSpec.fit(frame, p), frame, p)
    found = [training_rows(spec, part, p) for part in parts]
    assert np.concatenate([scorable for _, scorable, _ in found]).tolist() == whole[1].tolist()
    assert np.concatenate([trained for _, _, trained in found]).tolist() == whole[2].tolist()
    assert np.array_equal(np.concatenate([each[0].category for each in found]), whole[0].category)
    numbers = [each[0].numbers_block(0, each[0].n, np.float64) for each in found]
    wanted = whole[0].numbers_block(0, whole[0].n, np.float64)
    # The same numbers; but a part of small whole numbers is kept as bytes, and has no rounding of 32 bits.
    assert np.allclose(np.concatenate(numbers), wanted, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("scheme", ENCODINGS)
@pytest.mark.parametrize("weights", [None, "w"])
def test_every_encoding(scheme: str, weights: str | None) -> None:
    random = np.random.default_rng(5)
    n = 500
    frame = Frame(
        ["f", "g", "x", "y", "w"],
        [enum(random.integers(-1, 30, n), [f"l{k:02}" for k in range(30)]), enum(random.integers(0, 2, n), ["q", "p"]),
         reals(random.normal(size=n)), reals(random.normal(size=n)), reals(random.random(n))],
    )  # fmt: skip
    p = validate(
        {"categorical_encoding": scheme, "weights_column": weights},
        TrainingContext(frame, ["f", "g", "x"], "y"),
    )
    spec = DataSpec.of(merged([as_imported(part) for part in cut(frame, 7, 1)], p), p)
    imported = as_imported(frame)
    assert bits(spec) == bits(DataSpec.fit(imported, p))


def test_statistics_of_recoded_columns_are_those_of_their_cells() -> None:
    """What follows from the counts of levels is what one would find by looking at the new columns."""
    random = np.random.default_rng(8)
    frame = Frame(
        ["f", "x"],
        [enum(random.integers(-1, 12, 300), [str(k) for k in range(12)]), reals(random.normal(size=300))],
    )
    weights = random.random(300) * random.integers(0, 2, 300)
    for scheme in SCHEMES:
        recoding = Recoding.fit(scheme, frame, frame.names, frame.column("x"), weights)
        cells = recoding.apply(frame)
        wanted = Encoder.fit(cells, cells.names, weights=weights)
        p = validate({"categorical_encoding": scheme, "weights_column": "w"}, TrainingContext(
            Frame([*frame.names, "w", "y"], [*frame.columns, reals(weights), frame.column("x")]), frame.names, "y"))  # fmt: skip
        whole = Frame([*frame.names, "w", "y"], [*frame.columns, reals(weights), frame.column("x")])
        assert bits(DataSpec.fit(whole, p).encoder) == bits(wanted)


def test_classes_are_balanced_from_merged_counts() -> None:
    random = np.random.default_rng(3)
    frame = Frame(
        ["x", "y"],
        [reals(random.normal(size=300)), enum(np.sort(random.integers(-1, 3, 300)), ["a", "b", "c"])],
    )
    p = validate({"balance_classes": True}, TrainingContext(frame, ["x"], "y"))
    found = merged([as_imported(part) for part in cut(frame, 7, 2)], p).rows
    assert found.classes is not None
    counts = np.array(found.classes.counts)
    wanted = np.rint(sampling_factors(counts, None, 5.0) * counts)
    label = frame.column("y").values
    assert len(Balance.sample(label, 3, None, 5.0, 1).rows) == wanted.sum()


def test_parts_that_do_not_fit_are_refused() -> None:
    frame = Frame(
        ["x", "f", "y"],
        [reals(np.arange(4) / 2), enum(np.arange(4) % 2, ["a", "b"]), reals(np.arange(4) * 1.0)],
    )
    both = validate({}, TrainingContext(frame, ["x", "f"], "y"))
    one = validate({}, TrainingContext(frame, ["x"], "y"))
    other = Frame(frame.names, [frame.columns[1], *frame.columns[1:]])
    statistics = DataStatistics.of(frame, both)
    with pytest.raises(InvalidArgument, match="different predictors"):
        statistics.merge(DataStatistics.of(frame, one))
    with pytest.raises(InvalidArgument, match=r"x: .*real and enum"):
        statistics.merge(DataStatistics.of(other, both))
    answers = [AnswersOfLevels.of(frame.columns[1], y) for y in (frame.columns[2], frame.columns[1])]
    with pytest.raises(InvalidArgument, match="factor in some parts"):
        answers[0].merge(answers[1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.floats(-1e6, 1e6), st.integers(-5, 5).map(float)), min_size=2, max_size=30
    )
)
def test_one_place_works_out_each_figure(cells: list[float | None]) -> None:
    """Summary, operations and the encoder of Deep Learning give the same mean and deviation, to the last bit."""
    column = numeric(np.array([np.nan if cell is None else cell for cell in cells]))
    frame = Frame(["x"], [column])
    facts = summary.summarize(column)
    scaling = Encoder.fit(frame, ["x"]).scaling["x"]
    mean = operation("mean")(frame, True).columns[0].numbers()[0]
    if column.kind == "bad":
        assert np.isnan(mean) and scaling.sub == 0
        return
    (deviation,) = operation("sd")(frame, True)
    assert facts["mean"] == mean == scaling.sub == scaling.fill
    present = column.numbers()[~column.is_missing()]
    assert operation("sumNA")(frame) == math.fsum(present)
    assert (operation("minNA")(frame), operation("maxNA")(frame)) == (facts["min"], facts["max"])
    assert (facts["min"], facts["max"]) == (present.min(), present.max())
    if column.missing_count:
        filled, values = operation("h2o.impute")(frame, 0, "mean", "interpolate", [])
        assert (
            values == [mean]
            and filled.columns[0].numbers()[column.is_missing()].tolist() == [mean] * column.missing_count
        )
    if len(column) - column.missing_count > 1:
        assert facts["sigma"] == deviation and scaling.mul == (1 / deviation if deviation else 1)
        scaled = operation("scale")(frame).columns[0].numbers()
        assert np.array_equal(scaled, (column.numbers() - mean) / (deviation or 1), equal_nan=True)
