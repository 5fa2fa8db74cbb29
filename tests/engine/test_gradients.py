"""The engine's gradient against central finite differences of an independent forward pass, in float64.

One step of plain SGD with rate 1 changes every weight by minus its gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from .nets import ENGINES, HIDDEN, configure, make_net, make_rows, parameters, train
from .twin import Batch, Twin

INPUTS, CLASSES, HIDDEN_SIZES = 4, 3, [5, 4, 3]
REGRESSION = ["gaussian", "poisson", "gamma", "tweedie", "laplace", "quantile", "huber"]
LOSSES = ["crossentropy", "quadratic", *REGRESSION]
SHAPES = {"tweedie_power": 1.3, "quantile_alpha": 0.2, "huber_delta": 0.7}
STEP = 1e-5


def differences(layers: list, value: Callable[[], float]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Central differences of value() by every weight and bias; the arrays are changed in place and put back."""
    return [(difference(w, value), difference(b, value)) for w, b in layers]


def difference(a: np.ndarray, value: Callable[[], float]) -> np.ndarray:
    out = np.empty_like(a)
    for at in np.ndindex(a.shape):
        start = a[at]
        a[at] = start + STEP
        up = value()
        a[at] = start - STEP
        down = value()
        a[at] = start
        out[at] = (up - down) / (2 * STEP)
    return out


def engine_gradient(net, rows, masks: dict, **settings) -> list[tuple[np.ndarray, np.ndarray]]:
    before = parameters(net)
    configure(net, rates=1.0, **settings)
    train(net, rows, **masks)
    return [(w - v, b - c) for (w, b), (v, c) in zip(before, parameters(net), strict=True)]


def assert_gradients(got: list, want: list) -> None:
    for i, (mine, other) in enumerate(zip(got, want, strict=True)):
        for name, a, b in zip(("weights", "biases"), mine, other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8, err_msg=f"{name} of layer {i}")
    assert sum(np.abs(w).sum() for w, _ in want) > 1e-3  # a gradient that vanishes would prove nothing


def draw_masks(rng: np.random.Generator, hidden: list[int], dropout: bool) -> tuple[dict, dict]:
    """Random dropout masks of one row: as the engine takes them, and as the twin does."""
    if not dropout:
        return {}, {}
    masks = [(rng.random((1, n)) < 0.6).astype(np.uint8) for n in hidden]
    inputs = (rng.random((1, INPUTS)) < 0.7).astype(np.uint8)
    inputs[0, 0] = 1
    for m in masks:
        m[0, :2] = 1
    joined = np.ascontiguousarray(np.concatenate(masks, axis=1)) if masks else np.zeros((1, 0), np.uint8)
    return {"hidden_masks": joined, "input_masks": inputs}, {"keep": masks, "keep_inputs": inputs}


def check(kind: str, loss: str, depth: int, dropout: bool, *, seed: int = 0, weight: float | None = None,
          offset: float | None = None, l1: float = 0.0, l2: float = 0.0, fast: bool = True, unit_major: bool = False) -> None:  # fmt: skip
    rng = np.random.default_rng([seed, depth, dropout])
    hidden = HIDDEN_SIZES[:depth]
    classes = loss in ("crossentropy", "quadratic")
    units, kinds = [*hidden, CLASSES if classes else 1], [kind] * depth + ["Softmax" if classes else "Linear"]
    x = rng.normal(0, 1.5, (1, INPUTS))
    targets: dict[str, Any] = {"label": [1]} if classes else {"target": rng.uniform(0.2, 2.5, 1)}
    targets |= {} if weight is None else {"weight": np.array([weight])}
    targets |= {} if offset is None else {"offset": np.array([offset])}
    net = make_net(ENGINES["float64"], INPUTS, units, kinds, seed=seed, unit_major=unit_major)
    settings = SHAPES | {"loss": loss, "l1": l1, "l2": l2, "fast": fast}
    if dropout:
        settings |= {"dropout": [0.5] * depth, "input_dropout": 0.5}
    masks, keep = draw_masks(rng, hidden, dropout)
    twin, batch = Twin(parameters(net), kinds, **settings), Batch(x, **targets, **keep)
    want = differences(twin.parameters(), objective(twin, batch, l1, l2))
    got = engine_gradient(net, make_rows(ENGINES["float64"], x, **targets), masks, **settings)
    if l1 or l2:
        want = [leave_losers(w, twin, batch, i) for i, w in enumerate(want)]
    assert_gradients(got, want)


def objective(twin: Twin, batch: Batch, l1: float = 0.0, l2: float = 0.0) -> Callable[[], float]:
    """The function whose derivative the engine must take.

    Quadratic on classes, and autoencoders, are defined by their error at the net input of the output units (the softmax
    derivative has only its diagonal; the derivative of an autoencoder's output activation is left out): there the error
    is held fixed and the function is its product with the net inputs.
    """

    def penalty() -> float:
        return sum(l1 * np.abs(v).sum() + l2 / 2 * (v**2).sum() for pair in twin.parameters() for v in pair)

    if twin.s.loss != "quadratic" and not twin.s.autoencoder:
        return lambda: twin.loss(batch) + penalty()
    error = twin.output_error(batch, twin.forward(batch)[0][-1])
    return lambda: float((error * twin.forward(batch)[1][-1][:, 0]).sum()) + penalty()


def leave_losers(gradient: tuple, twin: Twin, batch: Batch, layer: int) -> tuple:
    """Maxout: only the winning channel is updated, so only it is penalised."""
    z = twin.forward(batch)[1][layer][0]
    won = z.argmax(axis=0) == np.arange(len(z))[:, None]
    return gradient[0] * won[:, :, None], gradient[1] * won


@pytest.mark.parametrize("dropout", [False, True], ids=["plain", "dropout"])
@pytest.mark.parametrize("kind", HIDDEN)
@pytest.mark.parametrize("loss", LOSSES)
def test_activation_and_loss(loss: str, kind: str, dropout: bool) -> None:
    for depth in (1, 2, 3):
        check(kind, loss, depth, dropout, seed=3)


@pytest.mark.parametrize("loss", LOSSES)
def test_without_hidden_layers(loss: str) -> None:
    for dropout in (False, True):
        check("Linear", loss, 0, dropout, weight=1.7)


@pytest.mark.parametrize("loss", LOSSES)
def test_weights_and_offsets(loss: str) -> None:
    """Observation weights scale the gradient; offsets of both signs are added to the output unit."""
    classes = loss in ("crossentropy", "quadratic")
    for weight, offset in product((0.25, 3.0), (None,) if classes else (-0.8, 0.0, 0.9)):
        check("Tanh", loss, 2, False, weight=weight, offset=offset)
        check("Maxout", loss, 1, True, weight=weight, offset=offset)


@pytest.mark.parametrize("kind", HIDDEN)
@pytest.mark.parametrize("dropout", [False, True], ids=["plain", "dropout"])
@pytest.mark.parametrize("unit_major", [False, True], ids=["input_major", "unit_major"])
def test_penalties_and_storage(kind: str, dropout: bool, unit_major: bool) -> None:
    """l1 and l2 enter the gradient of every weight and bias when fast mode is off."""
    for loss in ("crossentropy", "gaussian"):
        check(kind, loss, 2, dropout, seed=5, unit_major=unit_major)
        check(kind, loss, 2, dropout, seed=5, unit_major=unit_major, fast=False)
        check(kind, loss, 2, dropout, seed=5, unit_major=unit_major, fast=False, l1=0.03, l2=0.2)


@pytest.mark.parametrize("kind", ["Tanh", "Rectifier", "ExpRectifier"])
@pytest.mark.parametrize("loss", REGRESSION)
def test_autoencoder(kind: str, loss: str) -> None:
    """Target: the input without dropout. The derivative of the output activation is left out, as H2O does."""
    for depth, dropout in product((0, 1, 2), (False, True)):
        rng = np.random.default_rng([depth, dropout])
        hidden = HIDDEN_SIZES[:depth]
        x = rng.uniform(0.1, 1.0, (1, INPUTS))
        kinds = [kind] * (depth + 1)
        net = make_net(ENGINES["float64"], INPUTS, [*hidden, INPUTS], kinds, seed=depth)
        settings = SHAPES | {"loss": loss, "autoencoder": True}
        if dropout:
            settings |= {"dropout": [0.5] * depth, "input_dropout": 0.5}
        masks, keep = draw_masks(rng, hidden, dropout)
        twin, batch = Twin(parameters(net), kinds, **settings), Batch(x, **keep)
        want = differences(twin.parameters(), objective(twin, batch))
        assert_gradients(engine_gradient(net, make_rows(ENGINES["float64"], x), masks, **settings), want)


def test_ties() -> None:
    """Where a loss has a kink, H2O's side is taken: laplace -1, quantile 1 - alpha at output = target."""
    for loss, want in (("laplace", -1.0), ("quantile", 0.8), ("huber", 0.0)):
        net = configure(make_net(ENGINES["float64"], 1, [1], ["Linear"]), rates=1.0, loss=loss, **SHAPES)
        net.set_weights(0, np.zeros((1, 1, 1)), np.full((1, 1), 0.5))
        train(net, make_rows(ENGINES["float64"], [[0.0]], target=[0.5]))
        assert net.biases(0)[0, 0] == pytest.approx(0.5 - want, abs=1e-15)


def test_capped_exponential() -> None:
    """Exp is capped at 1e19: a far-off output gives a large but finite step."""
    net = configure(make_net(ENGINES["float64"], 1, [1], ["Linear"]), rates=1.0, loss="poisson")
    net.set_weights(0, np.zeros((1, 1, 1)), np.full((1, 1), 1000.0))
    train(net, make_rows(ENGINES["float64"], [[1.0]], target=[2.0]))
    assert net.biases(0)[0, 0] == pytest.approx(-2e19)
