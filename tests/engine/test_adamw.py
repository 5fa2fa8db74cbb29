"""Adam against PyTorch's own: equal starting weights, rows and order; in float64 to rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ..cases import adamw
from .nets import ENGINES, assert_close, configure, make_rows, parameters, train

TOLERANCE = {"float64": 1e-13, "float32": 2e-4}


def trained(run: adamw.Run, engine: Any, **other: Any) -> Any:
    case, classes = run.case, run.case["kinds"][-1] == "Softmax"
    net = engine.Network(run.x.shape[1], case["units"][1:], case["kinds"], batches=True)
    for i, (w, b) in enumerate(run.start):
        net.set_weights(i, w[None], b[None])
    settings = {"rates": case["rate"], "weight_decay": case["weight_decay"], "l2": case["l2"]}
    settings |= {"label_smoothing": case["smoothing"], "total": run.epochs.size if case["cosine"] else 0}
    configure(net, rule="adam", loss="crossentropy" if classes else "gaussian", **settings | other)
    targets: dict[str, Any] = {"label" if classes else "target": run.target}
    rows = make_rows(engine, run.x, **targets)
    for epoch, order in enumerate(run.epochs):
        train(net, rows, order, first=epoch * rows.n, batch_size=case["batch"])
    return net


def test_runs_are_there() -> None:
    assert len(adamw.NAMES) >= 4


@pytest.mark.parametrize("precision", TOLERANCE)
@pytest.mark.parametrize("name", adamw.NAMES)
def test_what_pytorch_ends_with(name: str, precision: str) -> None:
    run = adamw.load(name)
    want = [(w[None], b[None]) for w, b in run.end]
    assert_close(trained(run, ENGINES[precision]), want, atol=TOLERANCE[precision])
    moved = max(np.abs(w - v).max() for (w, _), (v, _) in zip(run.start, run.end, strict=True))
    assert moved > 0.05  # what stays near its start proves nothing


@pytest.mark.parametrize("other", [{"weight_decay": 0.0}, {"label_smoothing": 0.0}, {"total": 0}], ids=str)
def test_each_setting_matters(other: dict[str, float]) -> None:
    run = adamw.load("classes")
    got = parameters(trained(run, ENGINES["float64"], **other))
    assert max(np.abs(w[0] - v).max() for (w, _), (v, _) in zip(got, run.end, strict=True)) > 1e-3
