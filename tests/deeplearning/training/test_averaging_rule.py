"""How members of a ring make one network of what each has learnt."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.arrays import Array
from heavywater.deeplearning.model.sample import Sample
from heavywater.deeplearning.parameters.context import TrainingContext
from heavywater.deeplearning.parameters.validation import validate
from heavywater.deeplearning.training.averaging_rule import AveragingRule, CommonWeights, averaging_rule
from heavywater.deeplearning.training.prepared import Prepared
from heavywater.engine._ring import Ring
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame

from ...benchmarks.averaging import Plan, Together
from ...engine.rings import Cable, Members

SIZE = 3000


def problem(seed: int) -> tuple[Prepared, Sample]:
    """Six classes that another network tells apart, and rows that are not trained."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(6000, 30))
    kinds = (np.tanh(x @ random.normal(size=(30, 20)) / 3) @ random.normal(size=(20, 6))).argmax(axis=1)
    frames = [
        Frame(
            [f"x{i}" for i in range(30)] + ["y"],
            [*(numeric(v[cut]) for v in x.T), enum(kinds[cut], list("abcdef"))],
        )
        for cut in (slice(4000), slice(4000, None))
    ]
    given = {"hidden": [24, 24], "seed": seed, "reproducible": True, "shuffle_training_data": True}
    prepared = Prepared.of(validate(given, TrainingContext(frames[0], None, "y")), frames[0])
    spec = prepared.spec
    return prepared, Sample.of(spec, frames[1], spec.rows(spec.adapt(frames[1])[0]))


def mean_error(members: int, rows: int, total: int, rule: AveragingRule) -> float:
    """Of test rows, after so many trained rows in all, over three seeds."""
    found = []
    for seed in (1, 2, 3):
        prepared, sample = problem(seed)
        with Together(prepared, Plan(members, rows, total, rule)) as together:
            for _ in together.run():
                pass
            buffers = [net.buffer() for net in together.nets]
            assert all(buffer.tobytes() == buffers[0].tobytes() for buffer in buffers)
            found.append(together.score(sample))
    return float(np.mean(found))


@pytest.mark.parametrize(("members", "rows", "gain"), [(8, 64, 0.06), (4, 500, 0.02), (8, 2500, -0.01)])
def test_the_rule_that_is_chosen_is_better_than_the_mean(members: int, rows: int, gain: float) -> None:
    """By much after short rounds; after a few long ones it must not be worse."""
    total = max(20_000, 3 * members * rows)
    mean = mean_error(members, rows, total, AveragingRule("average"))
    assert mean_error(members, rows, total, averaging_rule(members, rows)) < mean - gain


def changed(common: list[CommonWeights], round: int) -> list[Array]:
    """Values of each member after it has trained: what they have in common, and something that all add but for noise."""
    random = np.random.default_rng(round)
    return [(each.weights + 0.1 + random.normal(0, 0.1, SIZE)).astype(np.float32) for each in common]


def meet(
    common: list[CommonWeights], round: int, cables: dict[int, Cable] | None = None, timeout: float = 20
) -> list[Exception | Array]:
    """What all have after a round in a new ring, or their errors."""
    values, rule = changed(common, round), averaging_rule(len(common), 128)

    def one(ring: Ring) -> Array:
        common[ring.rank].merge(ring, values[ring.rank], rule, generation=round, timeout=timeout)
        return values[ring.rank]

    with Members(len(common), cables) as members:
        return members.all(one)


def assert_equal(common: list[CommonWeights], found: list[Exception | Array]) -> None:
    for each, values in zip(common, found, strict=True):
        assert isinstance(values, np.ndarray), values
        np.testing.assert_array_equal(values, common[0].weights)
        np.testing.assert_array_equal(each.weights, common[0].weights)


def members_of(n: int) -> list[CommonWeights]:
    common = [CommonWeights(SIZE) for _ in range(n)]
    for each in common:
        each.put(np.linspace(-1, 1, SIZE, dtype=np.float32))
    return common


def test_members_that_come_and_go_have_the_same_bytes() -> None:
    common = members_of(4)
    for number in range(3):
        assert_equal(common, meet(common, number))
    del common[1]
    assert_equal(common, meet(common, 3))
    late = CommonWeights(SIZE)
    late.put(common[0].weights, common[0].rounds)
    common.insert(0, late)
    for number in range(4, 8):
        assert_equal(common, meet(common, number))
    assert {each.rounds for each in common} == {8}


def test_what_is_remembered_outlives_a_round_that_fails() -> None:
    """The same rounds with and without a failure between them."""
    undisturbed, common = members_of(3), members_of(3)
    for number in range(3):
        meet(undisturbed, number)
        meet(common, number)
        before = [each.weights.copy() for each in common]
        failed = meet(common, 99, {r: Cable(100, "stop") for r in range(3)}, timeout=0.2)
        assert all(isinstance(each, TimeoutError) for each in failed)
        for each, kept in zip(common, before, strict=True):
            np.testing.assert_array_equal(each.weights, kept)
    np.testing.assert_array_equal(common[0].weights, undisturbed[0].weights)


def test_common_weights_begin_with_the_mean() -> None:
    common = [CommonWeights(SIZE) for _ in range(2)]
    values = [np.full(SIZE, k, np.float32) for k in (1, 2)]
    with Members(2) as members:
        members.all(lambda ring: common[ring.rank].begin(ring, values[ring.rank]))
    for each, own in zip(common, values, strict=True):
        assert (own == 1.5).all() and (each.weights == 1.5).all() and each.rounds == 1
    assert_equal(common, meet(common, 1))


@pytest.mark.parametrize("members", [1, 2, 16, 63])
def test_short_rounds_begin_with_all_changes_and_long_ones_with_the_mean(members: int) -> None:
    starts = [averaging_rule(members, rows).start for rows in (0, 1, 32, 128, 1000, 10_000, 1e9)]
    assert starts == sorted(starts, reverse=True)
    assert starts[0] == members and starts[-2:] == [1, 1]
    assert averaging_rule(members, 128, weights=10**6).start == 1
