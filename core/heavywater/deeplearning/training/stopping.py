"""When training has converged, and whether one score is better than another.

Source: booklet, "Convergence-based Early Stopping".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..model.state import TrainingState
from ..parameters.validation import DeepLearningParameters

# name of the stopping metric -> name of the score, whether more is better
METRICS = {
    "deviance": ("deviance", False),
    "logloss": ("logloss", False),
    "MSE": ("mse", False),
    "RMSE": ("rmse", False),
    "MAE": ("mae", False),
    "RMSLE": ("rmsle", False),
    "AUC": ("auc", True),
    "AUCPR": ("pr_auc", True),
    "lift_top_group": ("lift", True),
    "misclassification": ("classification_error", False),
    "mean_per_class_error": ("mean_per_class_error", False),
    "custom": ("custom", False),
    "custom_increasing": ("custom", True),
}


def converged(values: Sequence[float], rounds: int, tolerance: float, more_is_better: bool) -> bool:
    """Whether the moving average of the metric no longer improves.

    Of the last 2 k values (k = rounds) the k + 1 moving averages of length k are taken; training has converged when the
    best of the later ones is not better than the first by more than the tolerance (relative).

    Parameters
    ----------
    values : sequence of float
        The metric at each scoring, oldest first.
    """
    if rounds == 0 or len(values) < 2 * rounds:
        return False
    last = np.asarray(values[-2 * rounds :], float)
    if np.isnan(last).any():
        return False
    averages = np.convolve(last, np.full(rounds, 1 / rounds), "valid")
    reference, others = averages[0], averages[1:]
    best = others.max() if more_is_better else others.min()
    if reference == 0:
        return bool(best >= 0) and not more_is_better
    if np.sign(best) != np.sign(reference):
        return False
    ratio = best / reference
    larger_ratio_is_better = more_is_better == (reference > 0)  # custom metrics may be negative
    return bool(ratio <= 1 + tolerance) if larger_ratio_is_better else bool(ratio >= 1 - tolerance)


def loss_of(scores: dict[str, float], metric: str) -> float:
    """The stopping metric as a loss: smaller is better, and none is worst."""
    name, more_is_better = METRICS[metric]
    value = scores[name]
    if math.isnan(value):
        return math.inf
    return 1 - value if more_is_better else value


def reason_to_stop(p: DeepLearningParameters, s: TrainingState, classes: bool, extra: bool) -> str:
    """Why training should stop now, by what it was scored last; else an empty text.

    Parameters
    ----------
    classes : bool
        Whether the response is a factor.
    extra : bool
        Whether the last scoring was only there for the best model: it ends a run only by a limit that the user has set.
    """
    events = [e for e in s.events if e.samples > 0]
    if not events or events[-1].samples != s.samples:
        return ""
    last = events[-1].training
    error = last["classification_error"] if classes else math.inf
    if error <= p.classification_stop and ("classification_stop" in p.given or not extra):
        return f"the training error {error:g} reached classification_stop={p.classification_stop:g}"
    mse = math.inf if classes or p.autoencoder else last["mse"]
    if mse <= p.regression_stop and ("regression_stop" in p.given or not extra):
        return f"the training MSE {mse:g} reached regression_stop={p.regression_stop:g}"
    name, more = METRICS[p.stopping_metric]
    values = [(e.validation or e.training).get(name, math.nan) for e in events]
    if converged(values, p.stopping_rounds, p.stopping_tolerance, more):
        return f"{p.stopping_metric} did not improve by {p.stopping_tolerance:g} over {p.stopping_rounds} scorings"
    return ""
