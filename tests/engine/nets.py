"""Small networks and training rows from plain arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from heavywater.engine import _net32, _net64
from heavywater.engine.plan import Strategy
from heavywater.engine.rows import Rows, padded
from heavywater.engine.scoring import Snapshot

ENGINES = {"float32": _net32, "float64": _net64}
HIDDEN = ["Tanh", "Rectifier", "ExpRectifier", "Maxout"]


def compressed(numbers: np.ndarray, index: Any = np.uint16) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """start, index, value of the non-zero cells of a matrix (compressed sparse rows)."""
    rows, columns = np.nonzero(numbers)
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(numbers)))]).astype(np.int64)
    return start, columns.astype(index), numbers[rows, columns]


def make_rows(engine: Any, numbers: Any = None, *, category: Any = None, category_units: int = 0, sparse: bool = False,
              index: Any = np.uint16, may_collide: bool = False, **targets: Any) -> Rows:  # fmt: skip
    """Rows of categories (unit per cell, -1 for none) and of numbers that are already standardised.

    targets: label, target, weight, offset.
    """
    n = len(numbers if numbers is not None else category)
    numbers = np.zeros((n, 0)) if numbers is None else np.asarray(numbers)
    category = np.zeros((n, 0)) if category is None else np.asarray(category)
    k = numbers.shape[1]
    rows = Rows(n, category_units + k, np.ascontiguousarray(category, np.int32), category_units, k,
                padded(np.zeros(k), engine.REAL), padded(np.ones(k), engine.REAL), may_collide=may_collide)  # fmt: skip
    if sparse:
        rows.start, rows.index, value = compressed(numbers, index)
        rows.value = value.astype(engine.REAL)
    else:
        rows.dense = np.ascontiguousarray(numbers, engine.REAL)
    return replace(rows, **target_arrays(engine, **targets))


def make_raw_rows(
    engine: Any, raw: np.ndarray, sub: np.ndarray, mul: np.ndarray, *, sparse: bool = False, **targets: Any
) -> Rows:
    """Rows of numbers in a narrow type (uint8 or int16), standardised as (raw - sub) * mul when they are read."""
    n, k = raw.shape
    rows = Rows(n, k, np.zeros((n, 0), np.int32), 0, k, padded(sub, engine.REAL), padded(mul, engine.REAL))
    if sparse:
        rows.start, rows.index, rows.value = compressed(raw)
    else:
        rows.dense = raw
    return replace(rows, **target_arrays(engine, **targets))


def make_ramp_rows(
    engine: Any, spans: Any, numbers: np.ndarray, *, positions: Any = None, at: Any = None, category: Any = None,
    category_units: int = 0, may_collide: bool = False, **targets: Any,
) -> Rows:  # fmt: skip
    """Rows of piecewise-linear numbers: positions, or narrow values and their table of positions."""
    n, k = numbers.shape
    spans = np.asarray(spans, np.int32)
    category = np.zeros((n, 0)) if category is None else np.asarray(category)
    narrow = positions is not None
    return Rows(n, category_units + int(spans[-1]), np.ascontiguousarray(category, np.int32), category_units, k,
                padded(np.zeros(k), engine.REAL), padded(np.ones(k), engine.REAL), may_collide=may_collide, spans=spans,
                dense=np.ascontiguousarray(numbers, None if narrow else engine.REAL),
                positions=np.ascontiguousarray(positions, engine.REAL) if narrow else None,
                position_at=np.ascontiguousarray(at, np.int32) if narrow else None,
                **target_arrays(engine, **targets))  # fmt: skip


def target_arrays(engine: Any, **targets: Any) -> dict[str, Any]:
    """Label as int32, everything else in the engine's precision."""
    return {
        name: np.ascontiguousarray(values, np.int32 if name == "label" else engine.REAL)
        for name, values in targets.items()
        if values is not None
    }


def make_net(engine: Any, inputs: int, units: list[int], kinds: list[str], *, seed: int = 0, unit_major: bool = False,
             batches: bool = False) -> Any:  # fmt: skip
    """A network with random weights and biases; they fit float32, so that both precisions start alike."""
    net = engine.Network(inputs, units, kinds, unit_major, batches)
    rng = np.random.default_rng(seed)
    before = inputs
    for i, (n, kind) in enumerate(zip(units, kinds, strict=True)):
        channels = 2 if kind == "Maxout" else 1
        net.set_weights(i, rng.normal(0, 0.9 / np.sqrt(before), (channels, n, before)).astype(np.float32),
                        rng.normal(0.3, 0.3, (channels, n)).astype(np.float32))  # fmt: skip
        before = n
    return net


def configure(net: Any, **settings: Any) -> Any:
    """Plain SGD at rate 0.1 unless told otherwise; one rate stands for all layers."""
    settings = {"rule": "sgd", "rates": 0.1, "seed": 7} | settings
    if np.isscalar(settings["rates"]):
        settings["rates"] = [settings["rates"]] * len(net.units)
    net.configure(**settings)
    return net


def train(net: Any, rows: Rows, order: Any = None, first: int = 0, threads: int = 1, **options: Any) -> Any:
    """Train on the rows in their natural order unless one is given."""
    order = np.arange(rows.n) if order is None else order
    net.train(rows, np.ascontiguousarray(order, np.int64), first, threads, **options)
    return net


def own_rows(exchange: int = 0) -> dict[str, Any]:
    """Options of threads that train rows of their own: on copies that are exchanged, or without locks (0)."""
    return {"strategy": Strategy.COPIES if exchange else Strategy.HOGWILD, "exchange": exchange}


def parameters(net: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights (channels, units, inputs) and biases (channels, units) of every layer."""
    return [(net.weights(i), net.biases(i)) for i in range(len(net.units))]


def snapshot(net: Any, keep: list[float] | None = None) -> Snapshot:
    """What scoring needs."""
    layers = parameters(net)
    return Snapshot(
        [w for w, _ in layers], [b for _, b in layers], list(net.kinds), keep or [1.0] * len(layers)
    )


def assert_same_bits(got: Any, want: Any) -> None:
    """Two networks (or lists of their parameters) are equal to the last bit, and finite."""
    assert_close(got, want, rtol=0, atol=0)


def assert_close(got: Any, want: Any, *, rtol: float = 0, atol: float = 0) -> None:
    """Two networks (or lists of their parameters) agree, and are finite."""
    got = got if isinstance(got, list) else parameters(got)
    want = want if isinstance(want, list) else parameters(want)
    for i, (mine, other) in enumerate(zip(got, want, strict=True)):
        for name, a, b in zip(("weights", "biases"), mine, other, strict=True):
            assert np.isfinite(a).all(), f"{name} of layer {i}"
            np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, err_msg=f"{name} of layer {i}")
