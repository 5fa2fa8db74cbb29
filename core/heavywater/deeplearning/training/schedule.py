"""What the engine is told before each iteration: update rule, learning rates, momentum, penalties.

Sources: booklet, "Momentum Training", "Rate Annealing", "Adaptive Learning"; Zeiler 2012 (ADADELTA); Kingma and Ba 2015 (Adam);
Loshchilov and Hutter 2019 (decoupled weight decay), 2017 (cosine).
"""

from __future__ import annotations

import math
from typing import Any

from ..model.network import hidden_dropout
from ..parameters.several_quantiles import several_quantiles, single_quantile
from ..parameters.table import UNLIMITED_W2
from ..parameters.typed import TypedParameters as Settings


def momentum_at(p: Settings, samples: float) -> float:
    """Momentum after a number of samples: from momentum_start to momentum_stable in momentum_ramp samples."""
    if p.momentum_ramp <= 0 or samples >= p.momentum_ramp:
        return float(p.momentum_stable)
    return float(p.momentum_start + (p.momentum_stable - p.momentum_start) * samples / p.momentum_ramp)


# Adam moves each weight by about the rate. The pieces of a number mostly rise together, so its share of a sum would move many times
# as far as that of a standardised number. With 0.3 the errors after 40 epochs of six tables to develop on were 3 % smaller than with
# 1 (phoneme and cells 7 %, cps and chicago the same); with 0.1 no smaller.
RATE_OF_PIECES = 0.3


def rates_at(
    p: Settings, samples: float, layers: int, momentum: float, *, pieces: bool = False
) -> list[float]:
    """Learning rate of every layer after a number of samples; with momentum m it is multiplied by 1 - m.

    Where it falls along a cosine, which the engine sees to, that is where it begins.

    Parameters
    ----------
    pieces : bool
        Whether numbers are encoded piecewise linearly.
    """
    annealing = 0.0 if p.rate_schedule == "Cosine" else p.rate_annealing
    annealed = p.rate / (1 + annealing * samples) * (1 - momentum)
    rates = [annealed * p.rate_decay**i for i in range(layers)]
    return [RATE_OF_PIECES * rates[0], *rates[1:]] if pieces and p.optimizer == "Adam" else rates


def cosine_at(p: Settings, samples: float, total: float) -> float:
    """Factor on the rates after a number of samples of a run of so many: 1 where they do not fall along a cosine."""
    if p.rate_schedule != "Cosine" or total <= 0:
        return 1.0
    return (1 + math.cos(math.pi * min(1.0, samples / total))) / 2


def update_rule(p: Settings) -> str:
    """Name of the engine's update rule."""
    if p.optimizer == "Adam":
        return "adam"
    if p.adaptive_rate:
        return "adadelta"
    if p.momentum_start == 0 and p.momentum_stable == 0:
        return "sgd"
    return "momentum" if p.nesterov_accelerated_gradient else "classic"


def loss_name(p: Settings, classes: bool) -> str:
    """What the engine calls the loss: that of classes, or the regression distribution."""
    if not classes:
        return p.distribution
    return {"CrossEntropy": "crossentropy", "Quadratic": "quadratic"}.get(p.loss, "")


def engine_settings(
    p: Settings,
    samples: float,
    layers: int,
    *,
    loss: str,
    huber_delta: float = 1.0,
    total: float = 0.0,
    pieces: bool = False,
) -> dict[str, Any]:
    """Keyword arguments of the engine's ``configure`` for an iteration that starts after `samples` samples.

    Parameters
    ----------
    loss : str
        crossentropy, quadratic, or the regression distribution.
    huber_delta : float
        In standard deviations of the response.
    total : float
        Samples of the whole run, along which a cosine falls.
    pieces : bool
        Whether numbers are encoded piecewise linearly.
    """
    rule = update_rule(p)
    momentum = momentum_at(p, samples) if rule in ("momentum", "classic") else 0.0
    return {
        "rule": rule,
        "rates": rates_at(p, samples, layers, momentum, pieces=pieces),
        "momentum": momentum,
        "rho": p.rho,
        "epsilon": p.epsilon,
        "l1": p.l1,
        "l2": p.l2,
        "max_w2": None if p.max_w2 >= UNLIMITED_W2 else p.max_w2,
        "fast": p.fast_mode,
        "dropout": hidden_dropout(p),
        "input_dropout": p.input_dropout_ratio,
        "sparsity_beta": p.sparsity_beta if p.autoencoder else 0.0,
        "average_activation": p.average_activation,
        "loss": loss,
        "autoencoder": p.autoencoder,
        "quantile_alpha": several_quantiles(p) or single_quantile(p),
        "tweedie_power": p.tweedie_power,
        "huber_delta": huber_delta,
        "seed": p.seed,
        "weight_decay": p.weight_decay if rule == "adam" else 0.0,
        "label_smoothing": p.label_smoothing,
        "total": total if p.rate_schedule == "Cosine" and rule != "adadelta" else 0.0,
        "exact": p.reproducible,
    }
