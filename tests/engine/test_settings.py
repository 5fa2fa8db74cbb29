"""Settings that the recorded H2O runs do not reach: limits, pulls, averages, restarts, the engine's own dropout."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from heavywater.engine.plan import Strategy
from hypothesis import given
from hypothesis import strategies as st

from .cases import BATCH_RULES, RULES, Case, cases, few, steady
from .nets import ENGINES, assert_close, assert_same_bits, configure, make_net, make_rows, parameters, train

ENGINE = ENGINES["float64"]


def regression(n: int = 40, inputs: int = 6, engine: Any = ENGINE) -> Any:
    rng = np.random.default_rng(0)
    return make_rows(engine, rng.normal(0, 1, (n, inputs)), target=rng.normal(0, 2, n))


@pytest.mark.parametrize(("rule", "layout"), [
    *itertools.product(RULES, [{}, {"unit_major": True}, {"batches": True}]), ("adam", {"batches": True}),
], ids=str)  # fmt: skip
def test_max_w2_is_kept(rule: str, layout: dict) -> None:
    for precision, engine in ENGINES.items():
        net = make_net(engine, 6, [30, 20, 1], ["Tanh", "Maxout", "Linear"], **layout)
        configure(net, max_w2=0.2, rule=rule, **BATCH_RULES[rule])
        train(net, regression(engine=engine), batch_size=4 if "batches" in layout else 1)
        largest = max((w**2).sum(axis=2).max() for w, _ in parameters(net)[::2])
        assert 0.15 < largest <= 0.2 * (1 + (1e-4 if precision == "float32" else 1e-9))


def test_max_w2_can_be_changed_and_lifted() -> None:
    """As a restarted training does: a limit may move or go, the weights stay what they are."""
    rows, net = regression(), make_net(ENGINE, 6, [30, 1], ["Tanh", "Linear"])
    train(configure(net, max_w2=0.2), rows)
    before = parameters(net)
    configure(net, rates=0.01)
    assert_close(net, before, rtol=1e-14)
    fresh = configure(make_net(ENGINE, 6, [30, 1], ["Tanh", "Linear"]), rates=0.01)
    for i, (w, b) in enumerate(before):
        fresh.set_weights(i, w, b)
    assert_close(train(net, rows), train(fresh, rows), rtol=1e-9)
    train(configure(net, max_w2=0.1), rows)
    assert max((w**2).sum(axis=2).max() for w, _ in parameters(net)) < 0.101


def test_weights_can_be_set_under_a_limit() -> None:
    rows = regression()
    net = configure(make_net(ENGINE, 6, [30, 1], ["Tanh", "Linear"]), max_w2=0.2)
    start = parameters(net)
    train(net, rows)
    for i, (w, b) in enumerate(start):
        net.set_weights(i, w, b)
    assert_close(net, start, rtol=1e-15)
    other = configure(make_net(ENGINE, 6, [30, 1], ["Tanh", "Linear"]), max_w2=0.2)
    assert_close(train(net, rows), train(other, rows), rtol=1e-12)


def test_elastic_averaging_pulls_to_the_centre() -> None:
    """Gradient of elastic / 2 * (w - centre)^2, on weights and biases; here it is the only gradient."""
    for layout in ({}, {"unit_major": True}, {"batches": True}):
        net = make_net(ENGINE, 3, [4, 1], ["Tanh", "Linear"], **layout)
        net.set_weights(1, np.zeros((1, 1, 4)), np.zeros((1, 1)))
        (w, b), _ = parameters(net)
        centre = (w + 1.0, b - 2.0)
        net.set_centre(0, *centre)
        configure(net, elastic=0.25, rates=0.5, fast=False)
        train(net, make_rows(ENGINE, [[1.0, 0.0, -2.0]], target=[0.0]))
        got = parameters(net)[0]
        np.testing.assert_allclose(got[0], w - 0.5 * 0.25 * (w - centre[0]), rtol=1e-12)
        np.testing.assert_allclose(got[1], b - 0.5 * 0.25 * (b - centre[1]), rtol=1e-12)
        configure(net, elastic=0.0, rates=0.5, fast=False)
        before = parameters(net)[0]
        train(net, make_rows(ENGINE, [[1.0, 0.0, -2.0]], target=[0.0]))
        assert_same_bits([parameters(net)[0]], [before])


@pytest.mark.parametrize("batch_size", [1, 5])
def test_sparsity_drives_the_mean_activation(batch_size: int) -> None:
    """The bias is pulled until the running mean activation is at its target."""
    rng = np.random.default_rng(0)
    rows = make_rows(ENGINE, rng.normal(0, 1, (200, 5)))
    order = np.tile(np.arange(200), 100)
    means = []
    for target in (-0.3, 0.4):
        net = make_net(ENGINE, 5, [6, 5], ["Tanh", "Tanh"], batches=batch_size > 1)
        configure(net, rates=0.001, autoencoder=True, sparsity_beta=10.0, average_activation=target)
        train(net, rows, order=order, batch_size=batch_size)
        means.append(net.state(0)["average"].mean())
    assert means[0] == pytest.approx(-0.3, abs=0.05)
    assert means[1] == pytest.approx(0.4, abs=0.05)


@few
@given(cases(rules=tuple(BATCH_RULES)), st.booleans(), st.booleans())
def test_restart(case: Case, unit_major: bool, batches: bool) -> None:
    """Weights, biases and state are all there is: a new network that gets them goes on as the old one does."""
    batches = batches or case.settings["rule"] == "adam"
    options = {"batch_size": 4 if batches else 1, **case.masks}
    rows, layout = case.rows(ENGINE), {"unit_major": unit_major, "batches": batches}
    old, new = case.net(ENGINE, **layout), case.net(ENGINE, **layout)
    train(old, rows, **options)
    for i in range(len(case.units)):
        new.set_weights(i, old.weights(i), old.biases(i))
        new.set_state(i, old.state(i))
    train(old, rows, first=case.samples, **options)
    train(new, rows, first=case.samples, **options)
    assert_close(new, steady(old), rtol=1e-7, atol=1e-9)


def kept_units(net: Any, rows: Any, samples: int) -> np.ndarray:
    """Which hidden units were kept for each sample: those whose bias moves in one step."""
    kept = []
    for sample in range(samples):
        before = net.biases(0)
        train(net, rows, first=sample)
        kept.append((net.biases(0) != before)[0])
    return np.array(kept)


@pytest.mark.parametrize("ratio", [0.2, 0.5])
def test_hidden_dropout_keeps_its_share(ratio: float) -> None:
    """Masks follow the ratio, differ from sample to sample and from seed to seed, and come again with seed and sample."""

    def masks(seed: int) -> np.ndarray:
        net = make_net(ENGINE, 2, [100, 1], ["Tanh", "Linear"])
        configure(net, dropout=[ratio], rates=1e-4, seed=seed)
        return kept_units(net, make_rows(ENGINE, [[1.0, 2.0]], target=[50.0]), 100)

    first = masks(1)
    assert abs(first.mean() - (1 - ratio)) < 0.02
    assert first.mean(axis=0).std() < 0.08 and first.mean(axis=1).std() < 0.08
    np.testing.assert_array_equal(first, masks(1))
    assert abs((first == masks(2)).mean() - (ratio**2 + (1 - ratio) ** 2)) < 0.03
    assert abs(np.corrcoef(first[:-1].ravel(), first[1:].ravel())[0, 1]) < 0.05


def test_layers_and_inputs_have_masks_of_their_own() -> None:
    net = make_net(ENGINE, 200, [200, 200, 1], ["Tanh", "Tanh", "Linear"])
    configure(net, dropout=[0.5, 0.5], input_dropout=0.5, rates=1e-6)
    before = parameters(net)
    train(net, make_rows(ENGINE, np.ones((1, 200)), target=[50.0]))
    masks = np.array([(net.weights(0) != before[0][0]).any(axis=(0, 1)), (net.biases(0) != before[0][1])[0],
                      (net.biases(1) != before[1][1])[0]])  # fmt: skip
    assert (np.abs(masks.mean(axis=1) - 0.5) < 0.12).all()
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert 0.35 < (masks[a] == masks[b]).mean() < 0.65


def test_dropped_maxout_units_in_both_layouts() -> None:
    """With fast mode off a dropped unit is still penalised, through the channel that would have won, in any layout and cut."""
    fixed = {"rule": "sgd", "rates": 0.1, "fast": False, "l2": 0.1, "dropout": [0.5], "loss": "gaussian"}
    case = Case(8, [20, 1], ["Maxout", "Linear"], fixed)
    rows, want = case.rows(ENGINE), None
    for layout in ({}, {"unit_major": True}, {"batches": True}):
        net = case.net(ENGINE, **layout)
        for first in (0, 9):
            train(net, rows, order=np.arange(first, 9 if first == 0 else 23), first=first)
        want = want or parameters(net)
        assert_close(net, want, rtol=1e-9, atol=1e-12)


def test_deep_network() -> None:
    """More layers than 64: the random streams of the layers must not run into the next sample's."""
    depth = 70
    net = make_net(ENGINE, 4, [4] * depth + [1], ["Tanh"] * depth + ["Linear"])
    configure(net, rates=0.01, dropout=[0.1] * depth)
    train(net, make_rows(ENGINE, np.ones((5, 4)), target=np.ones(5)), threads=2)
    assert all(np.isfinite(v).all() for pair in parameters(net) for v in pair)
    with pytest.raises(ValueError, match="hidden"):
        ENGINE.Network(2, [2] * 200, ["Tanh"] * 200)


@pytest.mark.parametrize(("options", "message"), [
    ({"threads": 0}, "threads=0"),
    ({"threads": 2, "strategy": Strategy.ONE}, "threads=2: Strategy.ONE"),
    ({"threads": 2, "strategy": Strategy.COPIES}, "exchange=0"),
    ({"threads": 2, "strategy": Strategy.HOGWILD, "exchange": 3}, "exchange=3"),
    ({"batch_size": 2}, "batch_size=2"),
], ids=str)  # fmt: skip
def test_threads_that_cannot_be(options: dict, message: str) -> None:
    net = configure(make_net(ENGINE, 6, [3, 1], ["Tanh", "Linear"]))
    with pytest.raises(ValueError, match=message):
        train(net, regression(), **options)
    with pytest.raises(TypeError, match=r"strategy='split': one of Strategy\.ONE"):
        train(net, regression(), strategy="split")


def test_training_answers_nothing() -> None:
    net = configure(make_net(ENGINE, 6, [3, 1], ["Tanh", "Linear"]))
    assert net.train(regression(), np.arange(3)) is None
