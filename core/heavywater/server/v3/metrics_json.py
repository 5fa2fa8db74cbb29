"""Metrics of models as H2O's JSON."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from .replies import Json, key, meta, plain
from .tables_json import table_object

_NAN = float("nan")
# fields beside those of all categories; what is not known of metrics is told so
_FIELDS: dict[str, dict[str, Any]] = {
    "Binomial": {
        "r2": _NAN, "logloss": _NAN, "loglikelihood": _NAN, "AIC": _NAN, "AUC": _NAN, "pr_auc": _NAN, "Gini": _NAN,
        "mean_per_class_error": _NAN, "domain": None, "cm": None, "thresholds_and_metric_scores": None,
        "max_criteria_and_metric_scores": None, "gains_lift_table": None,
    },
    "Multinomial": {
        "r2": _NAN, "hit_ratio_table": None, "cm": None, "logloss": _NAN, "loglikelihood": _NAN, "AIC": _NAN,
        "mean_per_class_error": _NAN, "AUC": _NAN, "pr_auc": _NAN, "multinomial_auc_table": None,
        "multinomial_aucpr_table": None,
    },
    "Regression": {
        "r2": _NAN, "mean_residual_deviance": _NAN, "mae": _NAN, "rmsle": _NAN, "loglikelihood": _NAN, "AIC": _NAN,
    },
    "AutoEncoder": {},
}  # fmt: skip


def metrics_object(
    metrics: Mapping[str, Any] | None,
    model: str | None = None,
    frame: str | None = None,
    description: str | None = None,
    predictions: Json | None = None,
    scored: float | None = None,
) -> Json | None:
    """Metrics of the session as H2O's object; None for None.

    Parameters
    ----------
    metrics : mapping, optional
    model, frame : str, optional
        Keys of what they are about.
    description : str, optional
        On which rows, where the metrics do not say so.
    predictions : dict, optional
        The frame of predictions as an object.
    scored : float, optional
        When, in milliseconds since 1970; by default now.
    """
    if metrics is None:
        return None
    category = metrics["model_category"]
    found: Json = {
        "__meta": meta(f"ModelMetrics{category}V3", f"ModelMetrics{category}"),
        "model": key(model, "Model"),
        "model_checksum": 0,
        "frame": key(frame, "Frame"),
        "frame_checksum": 0,
        "description": metrics.get("description") or description,
        "model_category": category,
        "scoring_time": int(1000 * time.time() if scored is None else scored),
        "predictions": predictions,
        "MSE": plain(metrics.get("MSE", _NAN)),
        "RMSE": plain(metrics.get("RMSE", _NAN)),
        "nobs": metrics.get("nobs", 0),
        "custom_metric_name": metrics.get("custom_metric_name"),
        "custom_metric_value": plain(
            metrics.get("custom_metric_value", _NAN if category == "AutoEncoder" else 0.0)
        ),
    }
    for name, otherwise in _FIELDS[category].items():
        found[name] = _field(metrics.get(name, otherwise))
    return found


def _field(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return plain(value)
    if "table" in value:
        return {"__meta": meta("ConfusionMatrixV3", "ConfusionMatrix"), "table": table_object(value["table"])}
    return table_object(value)
