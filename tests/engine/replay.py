"""Replays a recorded training run of the real H2O on our engine."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from heavywater.deeplearning.encoding.encoder import Encoder
from heavywater.deeplearning.encoding.response import Response
from heavywater.deeplearning.model.network import hidden_dropout, layer_kinds
from heavywater.deeplearning.training.schedule import engine_settings
from heavywater.engine import _net32, _net64
from heavywater.engine.scoring import Snapshot, score
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, reals
from heavywater.frame.frame import Frame

from ..cases import trajectories

ENGINES = {"float32": _net32, "float64": _net64}

DEFAULTS = {
    "activation": "Rectifier", "hidden": [200, 200], "adaptive_rate": True, "rho": 0.99, "epsilon": 1e-8, "rate": 0.005,
    "rate_annealing": 1e-6, "rate_decay": 1.0, "momentum_start": 0.0, "momentum_ramp": 1e6, "momentum_stable": 0.0,
    "nesterov_accelerated_gradient": True, "input_dropout_ratio": 0.0, "hidden_dropout_ratios": None, "l1": 0.0, "l2": 0.0,
    "max_w2": 3.4028235e38, "fast_mode": True, "autoencoder": False, "sparsity_beta": 0.0, "average_activation": 0.0,
    "quantile_alpha": 0.5, "tweedie_power": 1.5, "standardize": True, "sparse": False, "use_all_factor_levels": True,
    "missing_values_handling": "MeanImputation", "weights_column": None, "offset_column": None, "epochs": 10,
    "optimizer": "AUTO", "rate_schedule": "H2O", "weight_decay": 0.0, "label_smoothing": 0.0,
}  # fmt: skip


@dataclass
class Replay:
    weights: list[np.ndarray]  # as the reference stores them
    biases: list[np.ndarray]
    predictions: np.ndarray


def read_frame(case: dict) -> Frame:
    with open(trajectories.data_file(case), newline="") as f:
        head, *rows = csv.reader(f)
    columns: list[Column] = []
    for name, kind in case["column_types"].items():
        cells = [r[head.index(name)] for r in rows]
        if kind == "enum":
            levels = sorted({c for c in cells if c})
            columns.append(enum(np.array([levels.index(c) if c else -1 for c in cells]), levels))
        else:
            columns.append(reals(np.array([float(c) if c else np.nan for c in cells])))
    return Frame(list(case["column_types"]), columns)


def statistics_weights(case: dict, frame: Frame, p: SimpleNamespace) -> np.ndarray | None:
    """Weights that enter means and deviations: H2O leaves them out when there is an offset."""
    if not p.weights_column or p.offset_column:
        return None
    return frame.column(p.weights_column).numbers()


def stored(matrix: np.ndarray) -> np.ndarray:
    """(channels, units, inputs) as the reference stores it: Maxout interleaves its channels."""
    return matrix.transpose(1, 2, 0).reshape(-1, matrix.shape[2])


def parse_layers(
    init: dict[str, np.ndarray], units: list[int], kinds: list[str]
) -> list[tuple[np.ndarray, np.ndarray]]:
    layers = []
    for i, kind in enumerate(kinds):
        k = 2 if kind == "Maxout" else 1
        w = init[f"W{i}"].reshape(units[i + 1], units[i], k).transpose(2, 0, 1)
        layers.append((w, init[f"b{i}"].reshape(units[i + 1], k).T))
    return layers


def loss_of(case: dict) -> str:
    if case.get("response_levels") and not case["parameters"].get("autoencoder"):
        return "crossentropy" if case["loss"] == "CrossEntropy" else "quadratic"
    return case["distribution"]


def replay(name: str, precision: str = "float64", threads: int = 1, unit_major: bool = False) -> Replay:
    """Train a case on the engine, with the recorded row order and dropout masks."""
    case, init, feed = trajectories.load(name)
    frame = read_frame(case)
    engine = ENGINES[precision]
    p: Any = SimpleNamespace(**DEFAULTS | case["parameters"])
    p.hidden = case["units"][1:-1]
    classes = bool(case.get("response_levels")) and not p.autoencoder
    output = p.activation.removesuffix("WithDropout") if p.autoencoder else "Softmax" if classes else "Linear"
    kinds = layer_kinds(p.activation, p.hidden, output)
    weights = statistics_weights(case, frame, p)
    encoder = Encoder.fit(
        frame, [c for c in frame.names if c in case["predictors"]], standardize=p.standardize, sparse=p.sparse,
        autoencoder=p.autoencoder, use_all_factor_levels=p.use_all_factor_levels, weights=weights,
    )  # fmt: skip
    assert encoder.unit_names == case["input_names"]
    rows = encoder.encode(frame, engine.REAL)
    response = None
    if not p.autoencoder:
        column = frame.column(case["response"])
        response = Response.fit(
            case["response"], column, case["distribution"], standardize=p.standardize, weights=weights
        )
        if classes:
            rows.label = column.values.astype(np.int32)
        else:
            rows.target = response.targets(column.numbers()).astype(engine.REAL)
    offset = None
    if p.offset_column:
        offset = frame.column(p.offset_column).numbers()
        rows.offset = response.offsets(offset).astype(engine.REAL)
    net = engine.Network(encoder.inputs, case["units"][1:], kinds, unit_major)
    for i, (w, b) in enumerate(parse_layers(init, case["units"], kinds)):
        net.set_weights(i, w, b)
    train(net, rows, case, p, feed, threads, len(kinds))
    keep = [1 - r for r in hidden_dropout(p) or [0.0] * len(p.hidden)] + [1.0]
    snapshot = Snapshot(
        [net.weights(i) for i in range(len(kinds))], [net.biases(i) for i in range(len(kinds))], kinds, keep
    )
    out = score(rows, snapshot, dtype=engine.REAL)
    if p.autoencoder:
        predictions = reconstruction(encoder, rows, out)
    elif classes:
        predictions = out
    else:
        predictions = response.predictions(out[:, 0], offset)[:, None]
    return Replay(
        [stored(w) for w in snapshot.weights], [b.T.reshape(-1) for b in snapshot.biases], predictions
    )


def train(
    net: Any, rows: Any, case: dict[str, Any], p: SimpleNamespace, feed: Any, threads: int, layers: int
) -> None:
    """Train as the reference did: its rows, its dropout masks, stage by stage."""
    from .h2o_masks import input_masks

    order = feed["row_order"].astype(np.int64)
    masks = None
    if "hidden_masks" in feed:
        masks = np.unpackbits(feed["hidden_masks"], axis=1)[:, : sum(p.hidden)].copy()
    stages = case.get("stages", [{}])
    samples = 0
    for stage in stages:
        q: Any = SimpleNamespace(**vars(p) | stage)
        end = round(q.epochs * case["training_rows"]) if len(stages) > 1 else len(order)
        per_iteration = -(-len(order) // case["iterations"])
        while samples < end:
            net.configure(**engine_settings(q, samples, layers, loss=loss_of(case)))
            n = min(per_iteration, end - samples)
            part = slice(samples, samples + n)
            inputs = None
            if q.input_dropout_ratio > 0:
                inputs = input_masks(part, rows.n, rows.inputs, q.seed, q.input_dropout_ratio)
            hidden = None if masks is None else masks[part]
            net.train(rows, order[part], samples, threads, hidden_masks=hidden, input_masks=inputs)
            samples += n


def reconstruction(encoder: Encoder, rows, out: np.ndarray) -> np.ndarray:
    """Reconstruction, its error and the squared error per unit, as in the reference's predictions.csv."""
    x = np.zeros((rows.n, encoder.inputs))
    for units in rows.category.T:
        x[np.arange(rows.n), units] = 1
    x[:, rows.first_number :] = rows.numbers_block(0, rows.n, np.float64)
    error = (out - x) ** 2
    back = out.astype(np.float64)
    for j, name in enumerate(encoder.numbers):
        s = encoder.scaling[name]
        back[:, rows.first_number + j] = back[:, rows.first_number + j] / s.mul + s.sub
    return np.concatenate([back, error.mean(axis=1, keepdims=True), error], axis=1)
