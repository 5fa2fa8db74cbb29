"""The scoring history as a table."""

from __future__ import annotations

import time
from typing import Any

from ..metrics.tables import Table, table
from .state import ScoringEvent

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
    facts = list(dict.fromkeys(name for e in events for name in e.cluster))
    columns += facts
    types += ["double"] * len(facts)
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
        row += [e.cluster.get(name, float("nan")) for name in facts]
        for part in parts:
            scores = (e.training if part == "training" else e.validation) or {}
            row += [scores.get(name, float("nan")) for name in names]
        rows.append(row)
    return table("Scoring History", "", columns, types, rows)


def score_curves(events: list[ScoringEvent], category: str, metric: str, before: int = 0) -> dict[str, Any]:
    """The numbers of the scoring history as columns.

    Parameters
    ----------
    events : list of ScoringEvent
    category : str
        Of the model.
    metric : str
        By which training may stop early.
    before : int
        How many of all lines are of the runs that this one goes on from.

    Returns
    -------
    dict
        ``metric``; ``before``; ``names``: ``time`` (seconds since 1970), ``duration`` (seconds), ``speed`` (rows per second), ``epochs``,
        ``iterations``, ``samples``, and of each score ``training_`` and, with validation, ``validation_``; ``columns``.
    """
    names = [name for name in SCORES[category] if any(name in e.training for e in events)]
    columns: dict[str, list[Any]] = {
        name: [getattr(e, name) for e in events]
        for name in ("time", "duration", "speed", "epochs", "iterations", "samples")
    }
    columns |= {f"training_{name}": [e.training.get(name) for e in events] for name in names}
    if any(e.validation for e in events):
        columns |= {f"validation_{name}": [(e.validation or {}).get(name) for e in events] for name in names}
    return {"metric": metric, "before": before, "names": list(columns), "columns": list(columns.values())}
