"""Whether a training run has ended in a network that says the same for (nearly) every row.

A rate or a momentum that is too large can drive units so far that they are off, or at their limit, for all rows: the weights are
finite, `max_w2` sees to that, and nothing moves any more. Such a network is no better than the commonest class or the mean. On rows
that have nothing to say of the response a sound network is no better, either: what tells them apart is that its units still differ
from row to row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.scoring import Snapshot, score
from ..metrics import regression_metrics
from ..model.network import remedies
from ..model.sample import Sample
from ..model.scorer import dense_inputs
from ..parameters.several_quantiles import several_quantiles, single_quantile
from ..parameters.validation import DeepLearningParameters

ROWS = 1000  # that are looked at
SAME_ROWS = 0.9  # share of rows with the same activations from which a layer counts as stuck
NO_BETTER = 0.95  # loss over that of the best constant, from which nothing was learned
MOVES = (
    0.05  # standard deviation of the net inputs above which it is not small weights that keep a unit still
)
LIMIT = 0.999  # of Tanh: beyond, a unit has hardly a gradient
FAR_WORSE = 10.0  # loss over that of the best constant that no sound network has, even after few rows


def collapse_warning(
    network: Snapshot, sample: Sample, metrics: dict[str, Any], p: DeepLearningParameters
) -> str | None:
    """What to say where training diverged although all weights are finite; None where it did not.

    Parameters
    ----------
    network : Snapshot
        The network that training gives.
    sample : Sample
        Training rows.
    metrics : dict
        Its metrics on them.
    """
    if p.autoencoder or sample.actual is None or sample.rows.n < 2:
        return None
    ratio = _over_constant(sample, metrics, p)
    if not ratio >= NO_BETTER:
        return None
    stuck = [_stuck_layer(member, sample) for member in network.members]
    if all(each is not None for each in stuck):
        layer, how = stuck[0] or (0, "")
        what = f"the units of hidden layer {layer + 1} are {how}"
    elif ratio > FAR_WORSE:
        what = f"its loss on training rows is {ratio:.3g} times as large"
    else:
        return None
    constant = "the commonest class" if p.category != "Regression" else "a constant"
    steps = remedies(p)
    if not p.adaptive_rate and p.optimizer != "Adam" and p.momentum_stable > 0:
        steps.append(f"momentum_stable below {p.momentum_stable:g}")
    if not any("activation" in step for step in steps):
        steps.append(f"another activation than {p.activation!r}")
    return (
        f"training diverged: the network is no better than {constant} for every row, and {what}. Remedies: "
        + "; ".join(f"({k}) {text}" for k, text in enumerate(steps, 1))
        + ". scoring_history() tells since when"
    )


def _over_constant(sample: Sample, metrics: dict[str, Any], p: DeepLearningParameters) -> float:
    """Loss on training rows over that of the best constant; NaN where there is none."""
    assert sample.actual is not None
    actual, weights = sample.actual, np.ones(sample.rows.n) if sample.weights is None else sample.weights
    regression = p.category == "Regression"
    known = (~np.isnan(actual) if regression else actual >= 0) & (weights > 0)
    if not known.any():
        return np.nan
    actual, weights = actual[known], weights[known]
    if regression:
        loss, least = _regression_losses(actual, weights, metrics, p)
    else:
        shares = np.bincount(actual.astype(np.int64), weights) / weights.sum()
        shares = shares[shares > 0]
        loss, least = metrics["logloss"], -float((shares * np.log(shares)).sum())
    return float(loss / least) if least > 0 else np.nan


def _regression_losses(
    actual: Array, weights: Array, metrics: dict[str, Any], p: DeepLearningParameters
) -> tuple[float, float]:
    """A loss that is never negative, of the model and of the best constant: the mean, the median, or quantiles."""
    several = several_quantiles(p)
    if p.distribution in ("quantile", "laplace", "huber"):
        name = "mean_residual_deviance" if p.distribution == "quantile" else "mae"
        levels = several or [single_quantile(p) if p.distribution == "quantile" else 0.5]
        order = np.argsort(actual)
        below = np.cumsum(weights[order]) / weights.sum()
        constants = actual[order][np.minimum(np.searchsorted(below, levels), len(order) - 1)]
    else:
        name, constants = "MSE", np.array([np.average(actual, weights=weights)])
    found = np.tile(constants, (len(actual), 1)) if several else np.full(len(actual), constants[0])
    told = regression_metrics(
        actual, found, weights, p.distribution, quantile_alpha=several or single_quantile(p)
    )
    return metrics[name], told[name]


def _stuck_layer(network: Snapshot, sample: Sample) -> tuple[int, str] | None:
    """The first hidden layer of a network that is the same for nearly all rows, or at its limit, and how; or None."""
    n = sample.rows.n
    rows = sample.rows if n <= ROWS else sample.rows.take(np.arange(ROWS) * n // ROWS)
    below = dense_inputs(rows, 0, rows.n)
    if _share_of_commonest(below) > SAME_ROWS / 2:
        return None
    for i, kind in enumerate(network.kinds[:-1]):
        net_inputs = _net_inputs(network, i, below)
        here = score(rows, replace(network, keep=[1.0] * len(network.keep)), depth=i + 1)
        moved = net_inputs.std(axis=0).max() > MOVES
        if moved and (share := _share_of_commonest(here)) >= SAME_ROWS:
            return i, f"{'off or ' if kind == 'Rectifier' else ''}the same for {share:.0%} of the rows"
        if moved and kind == "Tanh" and (share := float((np.abs(here) > LIMIT).mean())) >= SAME_ROWS:
            return i, f"at the limits of {kind} for {share:.0%} of the rows"
        below = here
    return None


def _net_inputs(network: Snapshot, layer: int, below: Array) -> Array:
    weights = network.weights[layer]
    return below @ weights.reshape(-1, weights.shape[2]).T


def _share_of_commonest(values: Array) -> float:
    """Share of the rows (rows, units) that are the same as the commonest one."""
    rows = np.ascontiguousarray(values).view(np.dtype((np.void, values.dtype.itemsize * values.shape[1])))
    return float(np.unique(rows, return_counts=True)[1].max() / len(values))
