"""Grids as H2O's JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .model_json import metrics_of_model
from .parameters_json import parameters_object
from .replies import Json, key, meta, table
from .tables_json import table_object

Described = Mapping[str, Any]
_SCORES = ("training_", "validation_")
_METRICS = ("training_metrics", "validation_metrics", "cross_validation_metrics")


def grid_object(described: Described, models: Sequence[Described], decreasing: bool) -> Json:
    """A grid with what its models are like.

    Parameters
    ----------
    described : mapping
        What ``grids.describe`` of a session gives.
    models : sequence of mapping
        The descriptions of its models, in its order.
    decreasing : bool
        Whether the metric falls in that order.
    """
    failed, fixed = described["failed_params"], fixed_parameters(described)
    names = described["hyper_names"]
    exported = {each["parameters"]["export_checkpoints_dir"]["actual"] for each in models}
    return {
        "__meta": meta("GridSchemaV99", "Grid", version=99),
        "grid_id": key(described["grid_id"], "Grid"),
        "sort_by": described["sort_metric"],
        "decreasing": decreasing,
        "model_ids": [key(each, "Model") for each in described["model_ids"]],
        "hyper_names": list(names),
        "failed_params": [parameters_object({**fixed, **each}) for each in failed],
        "warning_details": list(dict.fromkeys(text for each in models for text in each["warnings"])),
        "failure_details": list(described["failure_details"]),
        "failure_stack_traces": list(described["failure_stack_traces"]),
        "failed_raw_params": [[_text(each.get(name)) for name in names] for each in failed],
        **{name: [metrics_of_model(each, name) for each in models] for name in _METRICS},
        "cross_validation_metrics_summary": [
            table_object(each.get("cross_validation_metrics_summary")) for each in models
        ],
        "export_checkpoints_dir": next(iter(exported), None),
        "summary_table": _summary(described),
        "scoring_history": _history(models),
    }


def fixed_parameters(described: Described) -> dict[str, Any]:
    """The parameters that all models of a grid have in common."""
    known = ("training_frame", "validation_frame", "response_column")
    return {**described["parameters"], **{name: described[name] for name in known}}


def _text(value: Any) -> str:
    """A hyper-parameter as H2O shows it: a list of one as its entry."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple) and len(value) == 1:
        return _text(value[0])
    return "" if value is None else str(value)


def _summary(described: Described) -> Json:
    """The models with their hyper-parameters: those that are numbers as such, others as texts."""
    shown, values = described["summary_table"], described["hyper_values"]
    specs = [("", "string", "%s", "")]
    data: list[list[Any]] = [[""] * len(values)]
    for name in described["hyper_names"]:
        cells = [each.get(name) for each in values]
        numbers = all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)
        specs.append((name, "double", "%.5f", name) if numbers else (name, "string", "%s", name))
        data.append([float(cell) for cell in cells] if numbers else [_text(cell) for cell in cells])
    scores = [row[-1] for row in shown["rows"]]
    metric = described["sort_metric"]
    specs += [("model_ids", "string", "%s", "model_ids"), (metric, "double", "%.5f", metric)]
    data += [list(described["model_ids"]), scores]
    return table(shown["name"], specs, data, shown["description"])


def _history(models: Sequence[Described]) -> Json | None:
    """The last scores of each model, in the order in which they were trained."""
    found = []
    for model in sorted(models, key=lambda each: each.get("end_time") or 0):
        history = model.get("scoring_history")
        if history is not None and history["rows"]:
            found.append(dict(zip(history["columns"], history["rows"][-1], strict=True)))
    if not found:
        return None
    scores = [name for name in found[0] if name.startswith(_SCORES) and name != "training_speed"]
    columns, kinds = ["timestamp", "duration", *scores], ["string", "string", *["double"] * len(scores)]
    rows = [[each.get(name) for name in columns] for each in found]
    return table_object(
        {"name": "Scoring History", "description": "", "columns": columns, "types": kinds, "rows": rows}
    )
