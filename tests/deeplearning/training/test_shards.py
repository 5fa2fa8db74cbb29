"""A training frame in parts, each encoded where it lies, is to a trainer what the whole frame is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.network import layout
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import DeepLearningParameters, validate
from heavywater.deeplearning.training.order import CountedOrder, RowOrder
from heavywater.deeplearning.training.prepared import Prepared, Start
from heavywater.deeplearning.training.result import unused_units
from heavywater.deeplearning.training.shard import (
    Shard,
    ShardedRows,
    parameters_of,
    plain_parameters,
    with_rows,
)
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.column_statistics import ColumnStatistics
from heavywater.frame.columns.makers import enum, reals
from heavywater.frame.frame import Frame
from heavywater.frame.primitives.binding import rbind
from heavywater.frame.sharded_frame import FramePart, ShardedFrame, statistics_of, whole
from heavywater.session.wire import decode, encode
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ..encoding.test_merged_statistics import as_imported, bits, cases, cut


def of_parts(parts: list[Frame], p: DeepLearningParameters) -> tuple[Prepared, list[Shard]]:
    """What a trainer gets, by way of all that would be sent."""
    shards = [Shard(part, parameters_of(decode(encode(plain_parameters(p))))) for part in parts]
    rows = ShardedRows(p, [shard.statistics() for shard in shards])
    used = np.logical_or.reduce([shard.encode(rows.statistics) for shard in shards])
    chosen = [shard.chosen(numbers) for shard, numbers in zip(shards, rows.chosen, strict=True)]
    scored = rbind(*([each for each in chosen if each.nrow] or chosen[:1]))
    return rows.prepared(scored, used, None, Start()), shards


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(0, 7), st.sampled_from([0, 5, 10_000]))
def test_parts_are_to_a_trainer_what_the_whole_is(case: Any, empty: int, scored: int) -> None:
    frame, p, parts, _ = case
    p.actual["score_training_samples"] = scored
    parts.insert(min(empty, len(parts)), parts[0].take(np.arange(0)))
    found, shards = of_parts(parts, p)
    wanted = Prepared.of(p, frame)
    for name in ("encoder", "response", "recoding"):
        assert bits(getattr(found.spec, name)) == bits(getattr(wanted.spec, name))
    assert list(found.spec.histograms) in (
        list(wanted.spec.histograms),
        [],
    )  # of the rows that are scored; there may be none
    assert found.topology == wanted.topology
    assert (found.order.places, found.epoch_rows) == (wanted.order.places, wanted.epoch_rows)
    assert found.order.trainable == wanted.order.trainable
    assert unused_units(found) == unused_units(wanted)
    if wanted.spec.recoding is None:
        assert {shard.rows.start is None for shard in shards} == {wanted.rows.start is None}
        assert layout(found.topology, found.rows, p) == layout(wanted.topology, wanted.rows, p)
    for name in ("actual", "offset", "weights"):
        one, other = (getattr(each.training_sample, name) for each in (found, wanted))
        assert (one is None) == (other is None)
        assert one is None or np.array_equal(one, other, equal_nan=True)
    one, other = found.training_sample.rows, wanted.training_sample.rows
    assert np.array_equal(one.category, other.category)
    numbers, same = (each.numbers_block(0, each.n, np.float64) for each in (one, other))
    assert np.allclose(numbers, same, rtol=1e-6, atol=1e-6)
    load = with_rows({"rows": None, "order": {"usable": None, "seed": 1}}, shards[0])
    assert load["rows"]["n"] == len(load["order"]["usable"]) == parts[0].nrow


@pytest.mark.parametrize("density", [0.02, 0.3, 0.39, 0.41, 0.9])
@pytest.mark.parametrize("missing", [False, True])
def test_all_parts_are_as_sparse_as_the_whole(density: float, missing: bool) -> None:
    """Also where rows without zeros lie in one part, and all others in another."""
    random = np.random.default_rng(3)
    x = np.where(random.random((400, 3)) < density, random.normal(size=(400, 3)).round(2), 0)
    if missing:
        x[random.random((400, 3)) < 0.1] = np.nan
    x = x[np.argsort((x == 0).sum(1), kind="stable")]
    frame = as_imported(Frame(["a", "b", "c", "y"], [*map(reals, x.T), reals(random.normal(size=400))]))
    p = validate(
        {"standardize": False, "sparse": True, "activation": "Rectifier"}, TrainingContext(frame, y="y")
    )
    found, shards = of_parts([as_imported(part) for part in cut(frame, 3, 1)], p)
    wanted = Prepared.of(p, frame)
    assert {shard.rows.start is None for shard in shards} == {wanted.rows.start is None}
    assert layout(found.topology, found.rows, p) == layout(wanted.topology, wanted.rows, p)


@example(n=19, share=0.25, first=4, samples=1)
@given(st.integers(1, 200), st.floats(0.05, 1), st.integers(0, 500), st.integers(1, 300))
def test_an_order_that_is_only_counted_has_as_many_rows(
    n: int, share: float, first: int, samples: int
) -> None:
    usable = np.zeros(n, bool)
    usable[: max(1, round(share * n))] = True
    order, counted = RowOrder(usable, 1, True), CountedOrder(n, int(usable.sum()), 1, True)
    assert (order.places, order.trainable) == (counted.places, counted.trainable)
    assert order.samples(0, 3 * n) == counted.samples(0, 3 * n)
    visits = counted.visits_until(first, samples)
    assert visits >= 1 and counted.samples(first, first + visits) >= samples
    counted.lose(counted.samples(0, n) // 2)
    more = counted.visits_until(first, samples)
    assert counted.samples(first, first + more) >= samples
    counted.lose(n)
    assert not counted.trainable and counted.visits_until(first, 1) >= 1
    counted = CountedOrder(n, int(usable.sum()), 1, True)
    assert visits == 1 or counted.samples(first, first + visits - 1) < samples


def sharded(frame: Frame, parts: int = 2) -> ShardedFrame:
    statistics = {name: ColumnStatistics.of(frame.column(name)) for name in frame.names}
    return ShardedFrame(statistics, [FramePart(None, "p", frame.nrow)] * parts, frame, "rows")


def plain_frame() -> Frame:
    random = np.random.default_rng(1)
    return Frame(
        ["x", "f", "y"],
        [reals(random.normal(size=50)), enum(random.integers(0, 3, 50), ["a", "b", "c"]), enum(random.integers(0, 2, 50), ["n", "p"])],
    )  # fmt: skip


def test_validation_needs_no_rows() -> None:
    frame = plain_frame()
    there = sharded(frame)
    p, q = (validate({"seed": 1}, TrainingContext(each, y="y")) for each in (there, frame))
    assert (p.predictors, p.category, p.warnings) == (q.predictors, q.category, q.warnings)
    assert not p.replicate_training_data and q.replicate_training_data
    assert there.nrow == 100 and there.kinds == frame.kinds and "x" in there and there.ncol == 3
    assert statistics_of(there, "x") == statistics_of(frame, "x")
    with pytest.raises(InvalidArgument, match=r"rows of frame 'rows' lie on 2 nodes .*without sharded=True"):
        whole(there)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"nfolds": 3}, r"nfolds=3: the rows of frame 'rows' lie on 2 nodes"),
        ({"fold_column": "f"}, "fold_column='f': the rows"),
        ({"balance_classes": True}, "balance_classes=True: the rows"),
        ({"checkpoint": "m"}, "checkpoint='m': the rows"),
        ({"single_node_mode": True}, "single_node_mode=True: the rows"),
        ({"score_training_samples": 0}, "score_training_samples=0 means all rows"),
        ({"replicate_training_data": True}, "replicate_training_data=True: the rows"),
    ],
)
def test_what_needs_all_rows_is_refused_by_name(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        validate(given, TrainingContext(sharded(plain_frame()), y="y"))


def test_what_has_no_effect_on_parts_is_told() -> None:
    p = validate({"force_load_balance": False}, TrainingContext(sharded(plain_frame()), y="y", nodes=2))
    assert any("force_load_balance=False has no effect" in text for text in p.warnings)
