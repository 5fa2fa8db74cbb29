"""How several models treat groups of rows, one beside the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..exceptions import H2OValueError
from ..frame.accepting import rows_for_all
from ..frame.h2oframe import H2OFrame
from .leaderboards import make_leaderboard
from .models_given import models_of

_OVER_GROUPS = {"min": np.min, "mean": np.mean, "median": np.median, "max": np.max}


def disparate_analysis(
    models: Any,
    frame: Any,
    protected_columns: Sequence[str],
    reference: Sequence[str] | None,
    favorable_class: str,
    air_metric: str = "selectedRatio",
    alpha: float = 0.05,
) -> H2OFrame:
    """Compare how models of two classes treat groups of rows.

    Parameters
    ----------
    models : list of models, grid, leaderboard
    frame : H2OFrame or data frame
        With the response, the columns of the models and the protected ones.
    protected_columns, reference, favorable_class
        As in `h2o.model.fairness.ModelFairness.fairness_metrics`.
    air_metric : str
        The metric whose ratio to that of the reference (adverse impact ratio) is told; see the columns ``AIR_...`` there.
    alpha : float
        Ratios are significant where the p value of Fisher's exact test is below.

    Returns
    -------
    H2OFrame
        The leaderboard with ``num_of_features``; ``var`` of the accuracy over the groups, and ``corrected_var`` (Lum, Zhang
        and Bower 2022, "De-biasing bias measurement"); ``air_...``, ``significant_air_...`` and ``p.value_...`` over the
        groups; ``cair``, the mean ratio weighted by the size of the groups. Nothing is told (missing) where no
        group counts.

    Examples
    --------
    >>> found = h2o.explanation.disparate_analysis([binomial], prostate, ["RACE"], ["1"], "1")
    """
    found = {each._model_key(): each for each in models_of("models", models)}
    data = rows_for_all([each._trained for each in found.values()], "frame", frame)
    board = make_leaderboard(list(found), data)
    further: dict[str, list[float]] = {}
    for (key,) in board["model_id"].as_data_frame(use_pandas=False, header=False):
        metrics = found[key].fairness_metrics(data, protected_columns, reference, favorable_class)
        overview = metrics["overview"].as_data_frame()
        for name, value in _told(overview, f"AIR_{air_metric}", alpha).items():
            further.setdefault(name, []).append(value)
        predictors = [
            each
            for each in found[key]._output["names"]
            if each != found[key]._trained["response_column_name"]
        ]
        further.setdefault("num_of_features", []).append(len(predictors))
    names = ["num_of_features", *(name for name in further if name != "num_of_features")]
    result: H2OFrame = board.cbind(H2OFrame({name: further[name] for name in names}))
    return result


def _told(overview: Any, ratio: str, alpha: float) -> dict[str, float]:
    """What is told of the groups of one model."""
    if ratio not in overview.columns:
        known = [name.removeprefix("AIR_") for name in overview.columns if name.startswith("AIR_")]
        raise H2OValueError(f"air_metric={ratio.removeprefix('AIR_')!r} must be one of {', '.join(known)}")
    accuracy, total, ratios, chance = (
        overview[name].to_numpy(dtype=float) for name in ("accuracy", "total", ratio, "p.value")
    )
    by_chance = np.mean(accuracy * (1 - accuracy) / total)
    found = {"var": np.var(accuracy), "corrected_var": max(0.0, float(np.var(accuracy) - by_chance))}
    found |= {f"air_{name}": _over(function, ratios) for name, function in _OVER_GROUPS.items()}
    weights = overview["relativeSize"].to_numpy(dtype=float)
    known = np.isfinite(ratios)
    found["cair"] = float(weights[known] @ ratios[known] / weights[known].sum()) if known.any() else np.nan
    significant = ratios[chance < alpha]
    found |= {
        f"significant_air_{name}": _over(function, significant) for name, function in _OVER_GROUPS.items()
    }
    found |= {f"p.value_{name}": _over(function, chance) for name, function in _OVER_GROUPS.items()}
    return {name: float(value) for name, value in found.items()}


def _over(function: Any, values: Any) -> float:
    known = values[np.isfinite(values)]
    return float(function(known)) if len(known) else float("nan")
