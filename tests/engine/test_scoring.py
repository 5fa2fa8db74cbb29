"""Batch scoring equals scoring row by row, and the forward pass of the twin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from heavywater.engine.scoring import BLOCK, score
from hypothesis import given
from hypothesis import strategies as st

from .cases import Case, cases, few
from .nets import ENGINES, HIDDEN, make_net, make_rows, parameters, snapshot
from .twin import activation


def forward(net: Any, x: np.ndarray, keep: list[float], depth: int) -> np.ndarray:
    a = x
    for (w, b), kind, k in list(zip(parameters(net), net.kinds, keep, strict=True))[:depth]:
        a = activation(kind, np.einsum("ki,cui->kcu", a, w) + b) * k
    return a


@few
@given(cases(), st.booleans(), st.sampled_from(sorted(ENGINES)), st.data())
def test_equals_the_twin(case: Case, sparse: bool, precision: str, data: st.DataObject) -> None:
    engine = ENGINES[precision]
    net, rows = case.net(engine), case.rows(engine, sparse=sparse)
    depth = data.draw(st.integers(1, len(case.units)))
    keep = [0.5] * (len(case.units) - 1) + [1.0]
    got = score(rows, snapshot(net, keep), depth=depth, dtype=engine.REAL)
    want = forward(net, case.data["x"], keep, depth)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-4 if precision == "float32" else 1e-11)


@few
@given(cases(), st.booleans())
def test_rows_alone_equal_rows_together(case: Case, sparse: bool) -> None:
    engine = ENGINES["float32"]
    net, rows = snapshot(case.net(engine)), case.rows(engine, sparse=sparse)
    together = score(rows, net)
    for i in range(rows.n):
        alone = score(rows.take(np.array([i])), net)
        np.testing.assert_allclose(alone[0], together[i], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", HIDDEN)
def test_blocks_and_threads(kind: str) -> None:
    """Several blocks, the last a partial one; threads and the callback change no bit."""
    engine, rng = ENGINES["float32"], np.random.default_rng(0)
    n = 2 * BLOCK + 77
    category = rng.integers(-1, 4, (n, 1))
    rows = make_rows(engine, rng.normal(0, 1, (n, 6)), category=category, category_units=4)
    net = make_net(engine, 10, [20, 3], [kind, "Softmax"])
    want = score(rows, snapshot(net))
    np.testing.assert_array_equal(score(rows, snapshot(net), threads=3), want)
    collected = np.empty_like(want)

    def each(lo: int, hi: int, out: np.ndarray) -> None:
        collected[lo:hi] = out

    assert score(rows, snapshot(net), threads=2, each=each) is None
    np.testing.assert_array_equal(collected, want)
    hot = np.concatenate([(category == np.arange(4)).astype(float), rows.dense], axis=1)
    np.testing.assert_allclose(want, forward(net, hot, [1.0, 1.0], 2), atol=1e-5)
    np.testing.assert_allclose(want.sum(axis=1), 1, rtol=1e-5)


def test_no_rows() -> None:
    engine = ENGINES["float32"]
    rows = make_rows(engine, np.zeros((0, 3)))
    assert score(rows, snapshot(make_net(engine, 3, [2, 2], ["Tanh", "Softmax"])), threads=2).shape == (0, 2)
