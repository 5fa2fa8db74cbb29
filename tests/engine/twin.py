"""The network once more, in plain NumPy and float64: forward pass, losses, and the update of one mini-batch.

Written from the definitions (H2O's, booklet), not from the engine, and slow on purpose: whole matrices, no lists, no skipping.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray


@dataclass
class Settings:
    """The engine's settings, by the same names."""

    rule: str = "sgd"
    rates: Any = 0.1
    momentum: float = 0.0
    rho: float = 0.99
    epsilon: float = 1e-8
    l1: float = 0.0
    l2: float = 0.0
    max_w2: float | None = None
    fast: bool = True
    elastic: float = 0.0
    sparsity_beta: float = 0.0
    average_activation: float = 0.0
    loss: str = "gaussian"
    autoencoder: bool = False
    quantile_alpha: float = 0.5
    tweedie_power: float = 1.5
    huber_delta: float = 1.0
    dropout: Any = None
    input_dropout: float = 0.0
    seed: int = 7
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    total: float = 0.0
    exact: bool = True


@dataclass
class Batch:
    """Rows of one update: dense inputs, targets, and the dropout masks to use (1 = kept)."""

    x: Array
    label: Array | None = None
    target: Array | None = None
    weight: Array | None = None
    offset: Array | None = None
    keep_inputs: Array | None = None
    keep: list[Array] | None = None

    def shift(self) -> Array:
        return np.zeros(len(self.x)) if self.offset is None else self.offset

    def weights(self) -> Array:
        return np.ones(len(self.x)) if self.weight is None else self.weight


@dataclass
class Layer:
    w: Array
    b: Array
    kind: str
    centre: tuple[Array, Array] | None = None
    state: dict[str, Array] = field(default_factory=dict)
    average: Array | None = None

    def history(self, name: str) -> Array:
        like = self.b if name.startswith("b") else self.w
        return self.state.setdefault(name, np.zeros_like(like))


def activation(kind: str, z: Array) -> Array:
    """Activations (rows, units) of net inputs (rows, channels, units)."""
    if kind == "Maxout":
        return z.max(axis=1)
    z = z[:, 0]
    if kind == "Tanh":
        return np.tanh(z)
    if kind == "Rectifier":
        return np.maximum(z, 0)
    if kind == "ExpRectifier":
        return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)
    if kind == "Softmax":
        p = np.exp(z - z.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)
    return z


def slope(kind: str, a: Array) -> Array:
    """Derivative of the activation, from the activation."""
    if kind == "Tanh":
        return 1 - a**2
    if kind == "Rectifier":
        return (a > 0).astype(float)
    if kind == "ExpRectifier":
        return np.where(a >= 0, 1.0, a + 1)
    return np.ones_like(a)


def deviance(s: Settings, f: Array, t: Array) -> Array:
    """What a regression output f (link scale) costs for the target t, up to a constant in f."""
    p, a, d = s.tweedie_power, s.quantile_alpha, s.huber_delta
    error = np.abs(f - t)
    return {
        "gaussian": lambda: (f - t) ** 2,
        "poisson": lambda: 2 * (np.exp(f) - t * f),
        "gamma": lambda: 2 * (t * np.exp(-f) + f),
        "tweedie": lambda: 2 * (np.exp((2 - p) * f) / (2 - p) - t * np.exp((1 - p) * f) / (1 - p)),
        "laplace": lambda: error,
        "quantile": lambda: np.where(t > f, a * (t - f), (1 - a) * (f - t)),
        "huber": lambda: np.where(error <= d, error**2, (2 * error - d) * d),
    }[s.loss]()


def deviance_slope(s: Settings, f: Array, t: Array) -> Array:
    """Derivative of the deviance by f (H2O keeps the factor 2)."""
    p, a, d = s.tweedie_power, s.quantile_alpha, s.huber_delta
    return {
        "gaussian": lambda: 2 * (f - t),
        "poisson": lambda: 2 * (np.exp(f) - t),
        "gamma": lambda: 2 * (1 - t * np.exp(-f)),
        "tweedie": lambda: 2 * (np.exp((2 - p) * f) - t * np.exp((1 - p) * f)),
        "laplace": lambda: np.where(f > t, 1.0, -1.0),
        "quantile": lambda: np.where(t > f, -a, 1 - a),
        "huber": lambda: 2 * np.clip(f - t, -d, d),
    }[s.loss]()


class Twin:
    """A network that is trained like the engine's, mini-batch by mini-batch."""

    def __init__(self, layers: list[tuple[Array, Array]], kinds: list[str], **settings: Any) -> None:
        self.s = Settings(**settings)
        self.layers = [
            Layer(w.astype(float), b.astype(float), k) for (w, b), k in zip(layers, kinds, strict=True)
        ]
        self.samples = self.updates = 0

    def parameters(self) -> list[tuple[Array, Array]]:
        return [(y.w, y.b) for y in self.layers]

    def forward(self, batch: Batch) -> tuple[list[Array], list[Array]]:
        """Inputs and activations of all layers, and their net inputs (rows, channels, units)."""
        a = batch.x if batch.keep_inputs is None else batch.x * batch.keep_inputs
        acts, nets = [a], []
        for i, y in enumerate(self.layers):
            nets.append((acts[-1] @ y.w.reshape(-1, y.w.shape[2]).T).reshape(-1, *y.b.shape) + y.b)
            a = activation(y.kind, nets[-1])
            if batch.keep is not None and i < len(self.layers) - 1:
                a = a * batch.keep[i]
            acts.append(a)
        return acts, nets

    def output_error(self, batch: Batch, out: Array) -> Array:
        """Error at the net input of the output units, by H2O's definitions."""
        if self.layers[-1].kind == "Softmax":
            hit = self.targets(batch, out.shape[1])
            g = (out - hit) if self.s.loss == "crossentropy" else (out - hit) * (1 - out) * out
        elif self.s.autoencoder:
            g = deviance_slope(self.s, out, batch.x)
        else:
            g = deviance_slope(self.s, out[:, 0] + batch.shift(), batch.target)[:, None]
        return g * batch.weights()[:, None]

    def targets(self, batch: Batch, classes: int) -> Array:
        smoothing = self.s.label_smoothing
        return (1 - smoothing) * np.eye(classes)[batch.label] + smoothing / classes

    def loss(self, batch: Batch) -> float:
        """Sum over the rows of weight times loss: what the gradient is the derivative of."""
        acts, _ = self.forward(batch)
        if self.layers[-1].kind == "Softmax":
            each = -(self.targets(batch, acts[-1].shape[1]) * np.log(acts[-1])).sum(axis=1)
        else:
            each = deviance(self.s, acts[-1][:, 0] + batch.shift(), batch.target)
        return float((batch.weights() * each).sum())

    def update(self, batch: Batch) -> None:
        """One update with the mean gradient of the batch."""
        acts, nets = self.forward(batch)
        error = self.output_error(batch, acts[-1])
        self.note_averages(acts)
        self.updates += 1
        for i in range(len(self.layers) - 1, -1, -1):
            y = self.layers[i]
            winner = nets[i].argmax(axis=1)[:, None, :] == np.arange(len(y.w))[None, :, None]
            g = error[:, None, :] * winner
            if i > 0:
                below = np.einsum("kcu,cui->ki", g, y.w)
                error = below * slope(self.layers[i - 1].kind, acts[i])
                if batch.keep is not None:
                    error = error * batch.keep[i - 1]
            self.step(i, g, winner, acts[i])
        self.samples += len(batch.x)

    def note_averages(self, acts: list[Array]) -> None:
        if self.s.sparsity_beta <= 0:
            return
        for i, y in enumerate(self.layers[:-1]):
            for a in acts[i + 1]:
                y.average = 0.999 * (0 if y.average is None else y.average) + 0.001 * a

    def step(self, i: int, g: Array, winner: Array, a: Array) -> None:
        """New weights and biases of layer i from the errors g (rows, channels, units) and inputs a (rows, units)."""
        s, y = self.s, self.layers[i]
        skip = s.fast or (s.rule == "sgd" and s.l1 == 0 and s.l2 == 0 and y.centre is None)
        skip = skip and s.rule != "adam"
        columns: Any = (g != 0).any(axis=0) if skip else winner.any(axis=0)
        inputs = (a != 0).any(axis=0) if s.fast else np.ones(a.shape[1], bool)
        if s.rule == "adam":
            columns, inputs = np.ones_like(columns), np.ones_like(inputs)
        touched = columns[:, :, None] & inputs
        grad = np.einsum("kcu,ki->cui", g, a) / len(g) + self.penalty(y.w, y.centre and y.centre[0])
        g2 = np.where(touched, grad**2, 0)
        delta, _ = self.stepped(i, y, "", grad, g2, touched)
        y.w = np.where(touched, y.w + delta, y.w)
        if s.max_w2 is not None:
            norm2 = (y.w**2).sum(axis=2)
            factor = np.where(columns & (norm2 > s.max_w2), np.sqrt(s.max_w2 / np.maximum(norm2, 1e-300)), 1)
            y.w = y.w * factor[:, :, None]
        grad = g.mean(axis=0) + self.penalty(y.b, y.centre and y.centre[1])
        # ADADELTA: the mean squared weight gradient stands for the squared gradient of the bias
        if y.average is not None and s.rule == "adam":
            grad = grad + s.sparsity_beta * (y.average - s.average_activation)
        g2 = grad**2 if s.rule == "adam" else g2.sum(axis=2) / a.shape[1]
        delta, rate = self.stepped(i, y, "b", grad, g2, columns)
        if y.average is not None and s.rule != "adam":
            delta = delta - rate * s.sparsity_beta * (y.average - s.average_activation)
        y.b = np.where(columns, y.b + delta, y.b)

    def penalty(self, v: Array, centre: Array | None) -> Array:
        pull = 0 if centre is None else self.s.elastic * (v - centre)
        return self.s.l1 * np.sign(v) + self.s.l2 * v + pull

    def stepped(
        self, i: int, y: Layer, prefix: str, grad: Array, g2: Array, touched: Array
    ) -> tuple[Array, Any]:
        """Change of the values, and the learning rate; the state changes where touched."""
        s = self.s
        rate: Any = s.rates if np.isscalar(s.rates) else s.rates[i]
        if s.total:
            rate = rate * 0.5 * (1 + np.cos(np.pi * min(1, self.samples / s.total)))
        old = y.history(prefix + "s1")

        def keep(name: str, new: Array) -> None:
            y.state[name] = np.where(touched, new, y.history(name))

        if s.rule == "adadelta":
            ex = y.history(prefix + "s2")
            eg = s.rho * old + (1 - s.rho) * g2
            rate = np.sqrt((ex + s.epsilon) / (eg + s.epsilon))
            keep(prefix + "s1", eg)
            keep(prefix + "s2", s.rho * ex + (1 - s.rho) * rate**2 * g2)
            return -rate * grad, rate
        if s.rule == "adam":
            keep(prefix + "s1", 0.9 * old + 0.1 * grad)
            keep(prefix + "s2", 0.95 * y.history(prefix + "s2") + 0.05 * g2)
            mean = y.state[prefix + "s1"] / (1 - 0.9**self.updates)
            square = y.state[prefix + "s2"] / (1 - 0.95**self.updates)
            decay = 0 if prefix else s.weight_decay * y.w
            return -rate * (mean / (np.sqrt(square) + 1e-8) + decay), rate
        if s.rule == "momentum":
            velocity = s.momentum * old - grad
            keep(prefix + "s1", velocity)
            return rate * velocity, rate
        if s.rule == "classic":
            keep(prefix + "s1", -rate * grad)
            return -rate * grad + s.momentum * old, rate
        return -rate * grad, rate
