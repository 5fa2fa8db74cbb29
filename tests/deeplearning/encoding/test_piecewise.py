"""Piecewise-linear numbers: what edges are, and that units are NumPy's clip between them, whatever holds the numbers."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.encoding import piecewise, row_sample
from heavywater.deeplearning.encoding.data import DataSpec, encoding_remarks, training_rows
from heavywater.deeplearning.encoding.data_statistics import DataStatistics
from heavywater.deeplearning.encoding.piecewise import PiecewiseNumbers, Spread, edges_of, unit_names
from heavywater.deeplearning.encoding.plain_rows import RowReader
from heavywater.deeplearning.encoding.row_sample import RowSample
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, integers, numeric, reals, times
from heavywater.frame.columns.sparse import sparse_columns
from heavywater.frame.frame import Frame
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

ASKED: dict[str, Any] = {"numeric_encoding": "PiecewiseLinear", "ignore_const_cols": False}
COMMON = settings(max_examples=40, deadline=None)


def frame_of(**columns: Any) -> Frame:
    found = [each if isinstance(each, Column) else numeric(np.asarray(each)) for each in columns.values()]
    return Frame(list(columns), found)


def parameters(frame: Frame, **values: Any) -> DeepLearningParameters:
    return validate(ASKED | values, TrainingContext(frame, None, "y"))


def expected_edges(x: np.ndarray, loads: np.ndarray, bins: int, rows: int, mean: float = 0.0) -> np.ndarray:
    """By the definition: frequent values, and values at distinct quantiles of the other rows, each as often as it weighs."""
    known = ~np.isnan(x) & (loads > 0)
    x, loads = x[known], loads[known]
    values = np.unique(x)
    if len(values) < 2:
        low = values[0] if len(values) else mean
        return np.array([low, low + max(1.0, np.spacing(abs(low)))])
    bins = min(bins, len(values) - 1, max(1, rows // 100))
    if bins == len(values) - 1:
        return values
    heaps = np.array([loads[x == value].sum() for value in values])
    left, alone = (
        bins,
        list[int](),
    )  # a number that is as frequent as a bin of the others is an edge by itself
    while left > 1:
        more = [
            k
            for k in range(len(values))
            if k not in alone and heaps[k] > np.delete(heaps, alone).sum() / left
        ]
        if not more:
            break
        alone += more
        left = max(1, bins - len(alone))
    heaps[alone] = 0
    reached = [values[np.argmax(np.cumsum(heaps) >= heaps.sum() * k / left)] for k in range(1, left)]
    return np.unique([values[0], *values[alone], *reached, values[-1]])


def expected_units(x: np.ndarray, edges: np.ndarray) -> np.ndarray:
    lows, highs = edges[:-1], edges[1:]
    with np.errstate(over="ignore"):
        return np.clip((x[:, None] - lows) / (highs - lows), 0, 1)


@st.composite
def numbers(draw: Any, n: int) -> Column:
    """A column of some storage type, of few or many different numbers, dense or sparse."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    holes = random.random(n) < draw(st.sampled_from([0.0, 0.2]))
    kind = draw(st.sampled_from(["real", "single", "few", "byte", "signed", "short", "long", "time", "truth", "sparse",
                                 "constant", "heavy", "gone", "tiny", "large"]))  # fmt: skip
    normal = random.normal(size=n)
    makes = {
        "real": lambda: reals(np.where(holes, np.nan, normal * 10.0 ** random.integers(-8, 8, n))),
        "single": lambda: reals(normal.astype(np.float32)),
        "few": lambda: reals(np.where(holes, np.nan, random.choice([-1.5, 0.1, 2, 1e9], n))),
        "byte": lambda: integers(random.integers(0, 256, n)),
        "signed": lambda: integers(random.integers(-128, 128, n)),
        "short": lambda: integers(random.integers(-30000, 30000, n), holes),
        "long": lambda: integers(random.integers(-(2**62), 2**62, n), holes),
        "time": lambda: times(random.integers(10**12, 2 * 10**12, n), holes),
        "truth": lambda: numeric(random.random(n) < 0.3),
        "sparse": lambda: sparse_columns(sparse.csc_matrix(np.where(random.random((n, 1)) < 0.2, normal[:, None], 0)))[0],
        "constant": lambda: numeric(np.full(n, draw(st.sampled_from([0.0, -3, 1e20, 2.0**60])))),
        "heavy": lambda: numeric(np.where(random.random(n) < 0.7, 0, np.round(normal, 1))),
        "gone": lambda: numeric(np.where(np.arange(n) > 0, np.nan, 5)),
        "tiny": lambda: reals(normal * 1e-290),
        "large": lambda: reals(normal * 1e149),
    }  # fmt: skip
    return makes[kind]()


@st.composite
def cases(draw: Any) -> tuple[Frame, DeepLearningParameters]:
    n = draw(st.sampled_from([1, 2, 30, 250, 900, 2600]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    columns = {f"x{k}": draw(numbers(n)) for k in range(draw(st.integers(1, 4)))}
    columns["f"] = enum(random.integers(-1, 3, n), ["a", "b", "c"])
    columns["y"] = reals(
        np.where((random.random(n) < 0.1) & (np.arange(n) > 1), np.nan, random.normal(size=n))
    )
    columns["w"] = reals(np.where(np.arange(n) < 2, 1, random.integers(0, 3, n) * random.choice([0.5, 1], n)))
    weighted = draw(st.booleans())
    values = {
        "numeric_bins": draw(st.sampled_from([1, 2, 5, 32])),
        "missing_values_handling": draw(st.sampled_from(["MeanImputation", "Skip"])),
        "standardize": draw(st.booleans()) or any(abs(c.numbers()).max(initial=0, where=~c.is_missing()) > 1e30 for c in columns.values()),
        **({"weights_column": "w"} if weighted else {"ignored_columns": ["w"]}),
    }  # fmt: skip
    if n == 1:
        columns = {name: column.take(np.array([0, 0])) for name, column in columns.items()}
        columns["y"] = numeric([0.0, 1.0])
    assume(any(c.missing_count < len(c) for name, c in columns.items() if name not in ("y", "w")))
    frame = Frame(list(columns), list(columns.values()))
    return frame, parameters(frame, **values)


def other_rows(frame: Frame, n: int = 40) -> Frame:
    """Rows to score: numbers of the training rows, others, infinite ones, missing ones; now and then in narrow types."""
    random = np.random.default_rng(n)
    columns = {}
    for name, column in zip(frame.names, frame.columns, strict=True):
        x = column.take(random.integers(0, frame.nrow, n))
        if name.startswith("x"):
            special = random.choice([np.nan, np.inf, -np.inf, 1e300, -1e300, 0, 7], n)
            x = reals(
                np.where(random.random(n) < 0.4, special, x.numbers() * random.choice([1, 1, 1.001], n))
            )
        columns[name] = x
    return Frame(list(columns), list(columns.values()))


@COMMON
@given(cases())
def test_units_are_those_of_numpy_between_quantiles(case: Any) -> None:
    frame, p = case
    spec = DataSpec.fit(frame, p)
    encoder = spec.encoder
    _, _, trained = training_rows(spec, frame, p)
    weights = frame.column("w").numbers() if p.weights_column else np.ones(frame.nrow)
    for name in encoder.numbers:
        x = frame.column(name).numbers()[trained]
        mean = encoder.scaling[name].fill
        wanted = expected_edges(x, weights[trained], p.numeric_bins, int(trained.sum()), mean)
        np.testing.assert_array_equal(encoder.edges[name], wanted)
    assert len(encoder.unit_names) == encoder.inputs == encoder.variable_starts[-1]
    for rows in (frame, other_rows(frame)):
        adapted, warnings = spec.adapt(rows)
        assert not warnings
        for dtype, exact in ((np.float64, 1e-13), (np.float32, 1e-5)):
            found = spec.rows(adapted, dtype)
            units = found.numbers_block(0, found.n, dtype)
            for k, name in enumerate(encoder.numbers):
                x = rows.column(name).numbers()
                x = np.where(np.isnan(x), encoder.scaling[name].fill, x)
                lo, hi = encoder.number_spans[k : k + 2]
                np.testing.assert_allclose(
                    units[:, lo:hi], expected_units(x, encoder.edges[name]), rtol=0, atol=exact * (hi - lo)
                )


@COMMON
@given(cases(), st.integers(1, 5), st.integers(0, 9))
def test_parts_give_the_edges_of_the_whole(case: Any, parts: int, seed: int) -> None:
    frame, p = case
    places = np.sort(np.random.default_rng(seed).integers(0, frame.nrow + 1, parts - 1))
    cut = [frame.take(rows) for rows in np.split(np.arange(frame.nrow), places)]
    told = [json.loads(json.dumps(DataStatistics.of(part, p).plain(), allow_nan=False)) for part in cut]
    np.random.default_rng(seed).shuffle(told)
    merged = DataSpec.of(reduce(DataStatistics.merge, map(DataStatistics.of_plain, told)), p).encoder.edges
    whole = DataSpec.fit(frame, p).encoder.edges
    assert {name: each.tobytes() for name, each in merged.items()} == {
        name: each.tobytes() for name, each in whole.items()
    }


def test_a_sample_of_many_rows_merges_and_is_fair(monkeypatch):
    monkeypatch.setattr(row_sample, "MOST_ROWS", 1500)
    random = np.random.default_rng(3)
    n = 60_000
    x = np.where(random.random(n) < 0.5, 0, np.round(random.normal(size=n), 4))
    frame = frame_of(x=x, z=random.normal(size=n), y=np.arange(n))
    everything = np.ones(n, bool)
    whole = RowSample.of(frame, ["x", "z"], everything)
    assert len(whole.hashes) == 1500 and set(whole.cells) == {"x", "z"}
    for order in ([0, 1, 2], [2, 0, 1]):
        parts = [
            RowSample.of(frame.take(rows), ["x", "z"], everything[rows])
            for rows in np.split(np.arange(n), [100, 40_000])
        ]
        found = reduce(RowSample.merge, [RowSample.of_plain(parts[k].plain()) for k in order])
        assert json.dumps(found.plain()) == json.dumps(whole.plain())
    share = (whole.cells["x"] == 0).mean()
    assert abs(share - 0.5) < 0.05
    assert np.all(np.abs(np.quantile(whole.cells["z"], [0.1, 0.5, 0.9]) - [-1.2816, 0, 1.2816]) < 0.12)


def test_equal_rows_are_counted_and_drawn_together(monkeypatch):
    monkeypatch.setattr(row_sample, "MOST_ROWS", 50)
    x = np.repeat(np.arange(40), 500)
    frame = frame_of(x=x, y=x)
    found = RowSample.of(frame, ["x"], np.ones(len(x), bool))
    assert sorted(found.cells["x"]) == list(range(40)) and (found.counts == 500).all()
    found = RowSample.of(frame, ["x"], np.ones(len(x), bool), np.where(np.arange(len(x)) % 2, 0.5, 2.0))
    assert len(found.hashes) == 50 and (found.counts == 250).all() and set(found.weights) == {0.5, 2.0}


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=40), st.integers(1, 60))
def test_few_rows_and_many_have_the_same_positions(x: list[float], bins: int) -> None:
    random = np.random.default_rng(bins)
    ramps = PiecewiseNumbers([np.unique(random.normal(size=bins + 1)), np.array([-1e150, 1e150])])
    rows = np.column_stack([x, x])
    many = np.tile(rows, (20, 1))
    found = ramps.of_rows(many)
    assert found.tobytes() == np.concatenate([ramps.of_rows(row[None]) for row in many]).tobytes()
    assert found[:, 0].tobytes() == ramps.of_column(0, many[:, 0]).tobytes()


@COMMON
@given(cases())
def test_rows_of_plain_values_have_the_same_units(case: Any) -> None:
    frame, p = case
    spec = DataSpec.fit(frame, p)
    rows = other_rows(frame, 20)
    adapted, _ = spec.adapt(rows)
    for dtype in (np.float32, np.float64):
        wanted = spec.rows(adapted, dtype)
        reader = RowReader(spec, dtype)
        for which in (np.arange(20), np.array([3])):
            part = rows.take(which)
            cells = {name: [None if x is None or x != x else x for x in column.numbers().tolist()] for name, column in
                     zip(part.names, part.columns, strict=True) if name != "f"}  # fmt: skip
            cells["f"] = part.column("f").texts().tolist()
            found = reader.read(cells, len(which))
            assert not found.remarks
            taken = wanted.take(which)
            assert (
                found.rows.numbers_block(0, len(which), dtype).tobytes()
                == taken.numbers_block(0, len(which), dtype).tobytes()
            )


def test_narrow_whole_numbers_stay_narrow():
    random = np.random.default_rng(1)
    n = 3000
    frame = frame_of(a=random.integers(0, 200, n), b=random.integers(-100, 100, n), c=random.integers(-9, 3000, n),
                     y=random.normal(size=n))  # fmt: skip
    spec = DataSpec.fit(frame, parameters(frame))
    rows = spec.rows(frame)
    assert rows.dense is not None and rows.positions is not None and rows.dense.dtype == np.int16
    assert rows.dense.nbytes == 2 * n * 3
    bytes_only = frame_of(a=frame.column("a"), y=frame.column("y"))
    assert DataSpec.fit(bytes_only, parameters(bytes_only)).rows(bytes_only).dense.dtype == np.uint8
    wide = frame.take(np.arange(n))
    wide = frame_of(**{name: reals(wide.column(name).numbers()) for name in wide.names})
    floats = spec.rows(wide)
    assert floats.positions is None and floats.dense is not None and floats.dense.dtype == np.float32
    assert floats.numbers_block(0, n).tobytes() == rows.numbers_block(0, n).tobytes()


def test_large_tables_of_positions_are_not_made(monkeypatch):
    frame = frame_of(a=np.arange(-30000, 30000), y=np.arange(60000))
    spec = DataSpec.fit(frame, parameters(frame))
    assert spec.rows(frame).positions is not None
    monkeypatch.setattr(piecewise, "MOST_TABLE", 100_000)
    assert spec.rows(frame).positions is None


def test_a_column_that_is_mostly_zero_keeps_edges_for_the_rest() -> None:
    x = np.where(np.arange(8000) < 7200, 0.0, np.arange(8000.0))
    found = Spread.of(x, np.ones(len(x))).edges(32, 0.0)
    assert found[0] == 0
    assert len(found) == 32
    np.testing.assert_allclose(np.diff(found[1:]), 800 / 31, atol=1.5)


def test_fewer_bins_where_there_would_be_too_many_units(monkeypatch):
    monkeypatch.setattr(piecewise, "MOST_UNITS", 100)
    spread = Spread(np.arange(1000.0), np.ones(1000))
    truth = Spread(np.array([0.0, 1]), np.ones(2))
    spreads = {f"x{k}": spread for k in range(6)} | {"t": truth}
    found = edges_of(spreads, dict.fromkeys(spreads, 0.0), 32, 10_000)
    assert [len(each) - 1 for each in found.values()] == [16] * 6 + [1]
    spreads |= {f"z{k}": spread for k in range(6)}
    found = edges_of(spreads, dict.fromkeys(spreads, 0.0), 32, 10_000)
    assert [len(each) - 1 for each in found.values()] == [8] * 6 + [1] + [8] * 6
    spreads |= {"last": spread}
    assert edges_of(spreads, dict.fromkeys(spreads, 0.0), 32, 10_000) == {}
    assert len(edges_of(spreads, dict.fromkeys(spreads, 0.0), 3, 10_000)) == 14


def test_where_it_cannot_be_numbers_stay_standardised(monkeypatch):
    random = np.random.default_rng(1)
    few = np.where(random.random((400, 3)) < 0.1, random.normal(size=(400, 3)), 0)
    frame = frame_of(**{f"x{k}": few[:, k] for k in range(3)}, y=random.normal(size=400))
    for values, said in (
        ({"sparse": True}, "numeric_encoding='PiecewiseLinear' is not used"),
        ({"sparse": False}, None),
        ({"sparse": False, "standardize": False}, "standardize=False has no effect on the predictors"),
    ):
        p = parameters(frame, **values)
        spec = DataSpec.fit(frame, p)
        assert bool(spec.encoder.edges) != values["sparse"]
        remarks = encoding_remarks(spec, p)
        assert (remarks == []) if said is None else remarks[0].startswith(said)
    monkeypatch.setattr(piecewise, "MOST_UNITS", 2)
    p = parameters(frame)
    spec = DataSpec.fit(frame, p)
    assert not spec.encoder.edges
    assert (
        spec.encoder.scaling
        == DataSpec.fit(frame, validate({}, TrainingContext(frame, None, "y"))).encoder.scaling
    )
    assert "would have more than" in encoding_remarks(spec, p)[0]
    del p.given["numeric_encoding"]  # a preset has asked for it
    assert encoding_remarks(spec, p) == []
    factors = frame_of(f=enum(np.arange(400) % 3, ["a", "b", "c"]), y=frame.column("y"))
    p = parameters(factors)
    assert "no predictor is a number" in encoding_remarks(DataSpec.fit(factors, p), p)[0]


@pytest.mark.parametrize("scheme", ["Binary", "Eigen", "LabelEncoder", "SortByResponse", "EnumLimited"])
@pytest.mark.parametrize("weights", [None, "w"])
def test_numbers_of_factors_have_edges_from_the_counts_of_levels(scheme, weights):
    random = np.random.default_rng(4)
    n = 2000
    frame = frame_of(f=enum(random.integers(-1, 12, n), [f"{k}" for k in range(12)]), x=random.normal(size=n),
                     w=random.integers(1, 3, n), y=random.normal(size=n))  # fmt: skip
    p = parameters(
        frame,
        categorical_encoding=scheme,
        weights_column=weights,
        **({} if weights else {"ignored_columns": ["w"]}),
    )
    spec = DataSpec.fit(frame, p)
    assert spec.recoding is not None
    recoded = spec.recoding.apply(frame.select([0, 1]))
    loads = frame.column("w").numbers() if weights else np.ones(n)
    for name in spec.encoder.numbers:
        wanted = expected_edges(recoded.column(name).numbers(), loads, 32, n)
        np.testing.assert_array_equal(spec.encoder.edges[name], wanted)
    parts = [DataStatistics.of(frame.take(rows), p) for rows in np.split(np.arange(n), [700])]
    merged = DataSpec.of(parts[1].merge(parts[0]), p).encoder.edges
    assert {k: v.tobytes() for k, v in merged.items()} == {
        k: v.tobytes() for k, v in spec.encoder.edges.items()
    }


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"activation": "Tanh"}, "activation='Tanh'"),
        ({"activation": "ExpRectifierWithDropout"}, "activation='ExpRectifierWithDropout'"),
        ({"autoencoder": True}, "autoencoder=True"),
        ({"col_major": True}, "col_major=True"),
    ],
)
def test_where_the_network_has_no_such_encoding_it_is_refused_by_name(values, reason):
    frame = frame_of(x=np.arange(9), z=np.arange(9) % 4, y=np.arange(9))
    with pytest.raises(
        InvalidArgument, match="numeric_encoding='PiecewiseLinear' is not possible with"
    ) as caught:
        validate(ASKED | values, TrainingContext(frame, None, None if "autoencoder" in values else "y"))
    assert reason in str(caught.value)
    for activation in ("Rectifier", "Maxout", "RectifierWithDropout", "MaxoutWithDropout"):
        assert parameters(frame, activation=activation).numeric_encoding == "PiecewiseLinear"


def test_names_of_units_differ():
    assert unit_names("x", np.array([0.0, 1])) == ["x"]
    assert unit_names("x", np.array([0.0, 0.5, 1])) == ["x.0..0.5", "x.0.5..1"]
    assert unit_names("t", np.array([1e12, 1e12 + 1, 1e12 + 2])) == ["t.1000000000000..1000000000001",
                                                                    "t.1000000000001..1000000000002"]  # fmt: skip
    x = np.array([0.1, np.nextafter(0.1, 1), np.nextafter(np.nextafter(0.1, 1), 1)])
    assert len(set(unit_names("x", x))) == 2
