"""Tables about a training run: the layers and the scoring history."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from ..metrics.tables import Table, table
from ..parameters.validation import DeepLearningParameters
from ..training.schedule import hidden_dropout, momentum_at, rates_at, update_rule
from ..training.trainer import ScoringEvent, TrainingState
from .network import Topology

if TYPE_CHECKING:
    from ...engine._net import Network

# score -> name in the history, in the order of the columns
SCORES = {
    "Binomial": ["rmse", "logloss", "r2", "auc", "pr_auc", "lift", "classification_error", "custom"],
    "Multinomial": ["rmse", "logloss", "r2", "classification_error", "auc", "pr_auc", "custom"],
    "Regression": ["rmse", "deviance", "mae", "r2", "custom"],
    "AutoEncoder": ["rmse", "mse"],
}


def clock(seconds: float) -> str:
    """Duration as text."""
    if seconds < 60:
        return f"{seconds:6.3f} sec"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):2d} min {rest:6.3f} sec"


def scoring_history(events: list[ScoringEvent], category: str) -> Table:
    """Scoring history, one row per scoring."""
    columns = ["timestamp", "duration", "training_speed", "epochs", "iterations", "samples"]
    types = ["string", "string", "string", "double", "int", "double"]
    names = [n for n in SCORES[category] if any(n in e.training for e in events)]
    parts = ["training"] + (["validation"] if any(e.validation for e in events) else [])
    for part in parts:
        columns += [f"{part}_{name}" for name in names]
        types += ["double"] * len(names)
    rows = []
    for e in events:
        speed = f"{e.speed:.0f} obs/sec" if e.samples else None
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(e.time))
        row: list[Any] = [stamp, clock(e.duration), speed, e.epochs, e.iterations, float(e.samples)]
        for part in parts:
            scores = (e.training if part == "training" else e.validation) or {}
            row += [scores.get(name, float("nan")) for name in names]
        rows.append(row)
    return table("Scoring History", "", columns, types, rows)


def layer_table(net: Network, topology: Topology, p: DeepLearningParameters, state: TrainingState) -> Table:
    """Status of the layers: sizes, penalties, rates, and the distribution of weights and biases."""
    dropout = hidden_dropout(p) or [0.0] * len(p.hidden)
    momentum = momentum_at(p, state.samples) if update_rule(p) in ("momentum", "classic") else 0.0
    rates = rates_at(p, state.samples, topology.layers, momentum)
    rows: list[list[Any]] = [[1, topology.inputs, "Input", 100 * p.input_dropout_ratio] + [None] * 9]
    for i, kind in enumerate(topology.kinds):
        last = i == topology.layers - 1
        w, b = net.weights(i).astype(np.float64), net.biases(i)
        name = kind if last else p.activation
        ratio = None if last else 100 * dropout[i] if p.activation.endswith("WithDropout") else 0.0
        mean_rate, rms_rate = _adadelta_rates(net, i, p) if p.adaptive_rate else (rates[i], 0.0)
        rows.append([i + 2, topology.units[i], name, ratio, p.l1, p.l2, mean_rate, rms_rate, momentum,
                     float(w.mean()), float(w.std()), float(b.mean()), float(b.std())])  # fmt: skip
    names = ["layer", "units", "type", "dropout", "l1", "l2", "mean_rate", "rate_rms", "momentum", "mean_weight",
             "weight_rms", "mean_bias", "bias_rms"]  # fmt: skip
    what = f"{p.response or 'reconstruction'}, {p.distribution} distribution, {p.loss} loss, {topology.parameters:,} weights/biases"
    what += f", {state.samples:,} training samples, mini-batch size {p.mini_batch_size}"
    return table("Status of Neuron Layers", what, names, ["int", "int", "string"] + ["double"] * 10, rows)


def _adadelta_rates(net: Network, layer: int, p: DeepLearningParameters) -> tuple[float, float]:
    state = net.state(layer)
    if "s1" not in state or "s2" not in state:
        return 0.0, 0.0
    rate = np.sqrt((state["s2"].astype(np.float64) + p.epsilon) / (state["s1"] + p.epsilon))
    return float(rate.mean()), float(rate.std())
