"""What the engine is told before each iteration: update rule, learning rates, momentum, penalties.

Sources: booklet, "Momentum Training", "Rate Annealing", "Adaptive Learning"; Zeiler 2012 (ADADELTA).
"""

from __future__ import annotations

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


def rates_at(p: Settings, samples: float, layers: int, momentum: float) -> list[float]:
    """Learning rate of every layer after a number of samples; with momentum m it is multiplied by 1 - m."""
    annealed = p.rate / (1 + p.rate_annealing * samples) * (1 - momentum)
    return [annealed * p.rate_decay**i for i in range(layers)]


def update_rule(p: Settings) -> str:
    """Name of the engine's update rule."""
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
    p: Settings, samples: float, layers: int, *, loss: str, huber_delta: float = 1.0
) -> dict[str, Any]:
    """Keyword arguments of the engine's ``configure`` for an iteration that starts after `samples` samples.

    Parameters
    ----------
    loss : str
        crossentropy, quadratic, or the regression distribution.
    huber_delta : float
        In standard deviations of the response.
    """
    rule = update_rule(p)
    momentum = momentum_at(p, samples) if rule in ("momentum", "classic") else 0.0
    return {
        "rule": rule,
        "rates": rates_at(p, samples, layers, momentum),
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
    }
