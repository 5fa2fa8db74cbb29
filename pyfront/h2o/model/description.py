"""A model description of the session in the layout that scripts look for in `_model_json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..two_dim_table import H2OTwoDimTable
from .metrics import metrics_of

_FULL_NAMES = {"deeplearning": "Deep Learning"}
_METRICS = {
    "training_metrics": "train",
    "validation_metrics": "validation",
    "cross_validation_metrics": "cross-validation",
}
_TABLES = (
    "model_summary",
    "scoring_history",
    "variable_importances",
    "column_importances",
    "cross_validation_metrics_summary",
    "epochs_tried",
)
_KEYS = (
    "cross_validation_models",
    "cross_validation_predictions",
    "cross_validation_holdout_predictions_frame_id",
    "cross_validation_fold_assignment_frame_id",
)


def model_json(description: Mapping[str, Any]) -> dict[str, Any]:
    """Lay out a model description.

    Parameters
    ----------
    description : mapping
        What ``session.models.describe(key)`` gives.

    Returns
    -------
    dict
        ``model_id``, ``algo``, ``parameters`` (a list), ``response_column_name`` and ``output``, whose tables
        and metrics are objects of the front end.
    """
    category = description["model_category"]
    output: dict[str, Any] = {
        name: value for name, value in description.items() if name not in ("parameters", "model_id", "algo")
    }
    output |= _columns(description)
    output |= {name: _named(description.get(name)) for name in _KEYS}
    for name, on in _METRICS.items():
        metrics = description.get(name)
        output[name] = None if metrics is None else metrics_of(category, metrics, on)
    for name in _TABLES:
        table = description.get(name)
        output[name] = None if table is None else _table(name, table)
    histories = description.get("cv_scoring_history")
    output["cv_scoring_history"] = (
        None if histories is None else [_table("scoring_history", each) for each in histories]
    )
    output.setdefault("default_threshold", None)
    algo = description["algo"]
    return {
        "model_id": {"name": description["model_id"]},
        "algo": algo,
        "algo_full_name": _FULL_NAMES.get(algo, algo),
        "timestamp": description.get("end_time") or 0,
        "response_column_name": description.get("response_column"),
        "have_mojo": bool(description.get("have_mojo", False)),
        "have_pojo": bool(description.get("have_pojo", False)),
        "parameters": [
            {
                "name": name,
                "default_value": values["default"],
                "input_value": values["input"],
                "actual_value": values["actual"],
            }
            for name, values in description["parameters"].items()
        ],
        "output": output,
    }


def _columns(description: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the model, the response last: names, levels and types."""
    names, domains = list(description.get("names") or ()), list(description.get("domains") or ())
    response = description.get("response_column")
    if response is not None and response not in names:
        names, domains = [*names, response], [*domains, description.get("response_domain")]
    types = ["Numeric" if levels is None else "Enum" for levels in domains]
    return {"names": names, "domains": domains, "column_types": types}


def _table(name: str, table: Mapping[str, Any]) -> H2OTwoDimTable:
    """Make a table; scripts count on the empty column of row names with which these two begin in H2O."""
    made = H2OTwoDimTable.make(table)
    if name not in ("model_summary", "scoring_history"):
        return made
    columns, types = ["", *made.col_header], None if made.col_types is None else ["string", *made.col_types]
    rows = [["", *row] for row in made.cell_values]
    return H2OTwoDimTable(made.table_header, made._table_description, columns, types, cell_values=rows)


def _named(keys: Any) -> Any:
    """Put a key, or each of several, into a dict with the entry "name"."""
    if isinstance(keys, list):
        return [_named(key) for key in keys]
    return None if keys is None else {"name": keys}
