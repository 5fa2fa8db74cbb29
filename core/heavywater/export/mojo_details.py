"""What is told about a model beside the MOJO itself: parameters, metrics, tables; read and written.

Scoring does not need it. The layout is that of the answers of H2O's server.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from ..deeplearning.metrics.tables import Table, table
from ..deeplearning.parameters.table import check_value, defaults
from ..deeplearning.parameters.table import table as table_of_parameters
from ..errors import HeavywaterError
from .mojo_ini import Mojo

DETAILS = "experimental/modelDetails.json"
_SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
TABLES = ("model_summary", "scoring_history", "variable_importances", "cross_validation_metrics_summary")
METRICS = ("training_metrics", "validation_metrics", "cross_validation_metrics")
_NUMBERS = (
    "start_time", "end_time", "run_time", "default_threshold", "normmul", "normsub", "normrespmul", "normrespsub",
    "catoffsets",
)  # fmt: skip
_FORMATS = {"string": "%s", "int": "%d", "long": "%d", "float": "%f", "double": "%f"}
_HANDLES = ("__meta", "model", "model_checksum", "frame", "frame_checksum", "predictions", "scoring_time")


def read_details(mojo: Mojo, texts: Mapping[str, str]) -> dict[str, Any]:
    """The description, empty where the file has none.

    Raises
    ------
    ParseError
        It is no JSON object.
    """
    if DETAILS not in texts:
        return {}
    try:
        found = json.loads(texts[DETAILS])
    except (ValueError, RecursionError) as error:
        raise mojo.error(f"{DETAILS} is damaged ({error})") from None
    if not isinstance(found, dict):
        raise mojo.error(f"{DETAILS} is damaged (it holds no JSON object)")
    return found


def output_of(details: Mapping[str, Any]) -> dict[str, Any]:
    """What the description says of the trained model."""
    output = details.get("output")
    return output if isinstance(output, dict) else {}


def key_name(value: Any) -> str | None:
    """Name in H2O's form of a key, column or plain text."""
    if isinstance(value, dict):
        value = value.get("name", value.get("column_name"))
    return value if isinstance(value, str) else None


def parameters_in(details: Mapping[str, Any], which: str) -> dict[str, Any]:
    """Values of the Deep Learning parameters that we know.

    Parameters
    ----------
    which : str
        ``"input_value"``: given by the user; ``"actual_value"``: used.
    """
    known = defaults()
    found: dict[str, Any] = {}
    entries = details.get("parameters")
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or name not in known or which not in entry:
            continue
        value = plain(entry[which])
        try:
            found[name] = None if value is None else check_value(name, value)
        except HeavywaterError:
            continue
    return found


def plain(value: Any) -> Any:
    """A value without H2O's wrapping: keys by their names, special numbers as numbers."""
    if isinstance(value, dict):
        return key_name(value)
    if isinstance(value, list):
        return [plain(each) for each in value if not isinstance(each, list)]
    return _SPECIAL.get(value, value) if isinstance(value, str) else value


def table_of(value: Any) -> Table | None:
    """A table from H2O's layout, which lists columns instead of rows; None where the value is none."""
    if not isinstance(value, dict):
        return None
    columns, data = value.get("columns"), value.get("data")
    if not isinstance(columns, list) or not isinstance(data, list) or len(columns) != len(data):
        return None
    kept = [
        (str(column.get("name") or ""), str(column.get("type", "string")), [plain(cell) for cell in cells])
        for column, cells in zip(columns, data, strict=True)
        # a column without name is empty, or has the names of the rows
        if isinstance(column, dict) and isinstance(cells, list) and (column.get("name") or any(cells))
    ]
    if not kept or len({len(cells) for _, _, cells in kept}) != 1:
        return None
    name, description = (str(value.get(key) or "") for key in ("name", "description"))
    rows = list(zip(*(cells for _, _, cells in kept), strict=True))
    return table(name, description, [n for n, _, _ in kept], [t for _, t, _ in kept], rows)


def metrics_of(value: Any, category: str) -> dict[str, Any] | None:
    """Metrics by H2O's field names, with our tables; None where the value is none of this category."""
    if not isinstance(value, dict) or value.get("model_category") != category:
        return None
    return {name: _field(field) for name, field in value.items() if name not in _HANDLES}


def _field(value: Any) -> Any:
    if not isinstance(value, dict):
        return plain(value)
    if "columns" in value:
        return table_of(value)
    return {"table": table_of(value.get("table"))}  # the confusion matrix is wrapped once more


# ---- writing


def details_text(description: Mapping[str, Any], mojo: Mojo) -> str:
    """The description of a model (`DeepLearningModel.description`) as H2O lays it out."""
    output = {name: description.get(name) for name in ("model_category", *_NUMBERS)}
    domains = [mojo.levels.get(position) for position in range(len(mojo.columns))]
    output |= {"names": mojo.columns, "domains": domains}
    output["column_types"] = ["Numeric" if levels is None else "Enum" for levels in domains]
    output |= {name: table_json(description.get(name)) for name in TABLES}
    output |= {name: metrics_json(description.get(name), description["model_category"]) for name in METRICS}
    details = {
        **_meta("DeepLearningModelV3"),
        "model_id": {"name": description["model_id"], "type": "Key<Model>"},
        "algo": description["algo"],
        "algo_full_name": "Deep Learning",
        "response_column_name": description["response_column"],
        "timestamp": description.get("end_time"),
        "have_mojo": True,
        "have_pojo": True,
        "parameters": [_parameter_json(*each) for each in description["parameters"].items()],
        "output": output,
    }
    return json.dumps(_finite(details), allow_nan=False)


def _meta(schema: str) -> dict[str, Any]:
    return {"__meta": {"schema_version": 3, "schema_name": schema, "schema_type": schema.removesuffix("V3")}}


def _parameter_json(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    entry = table_of_parameters()[name]
    return {
        **_meta("ModelParameterSchemaV3"),
        "name": name,
        "label": name,
        "help": entry.help,
        "required": False,
        "type": entry.type,
        **{f"{which}_value": _wrapped(values[which], entry.type) for which in ("default", "actual", "input")},
        "level": entry.level,
        "values": list(entry.values),
        "gridable": entry.gridable,
    }


def _wrapped(value: Any, kind: str) -> Any:
    """Inverse of `plain`: names of objects and columns as H2O's server has them."""
    if value is None or not kind.startswith(("Key", "Vec")):
        return value
    if kind.endswith("[]"):
        return [_wrapped(each, kind.removesuffix("[]")) for each in value]
    column = kind == "VecSpecifier"
    schema = "ColSpecifierV3" if column else f"{kind.removeprefix('Key<').removesuffix('>')}KeyV3"
    meta = {"__meta": {"schema_version": 3, "schema_name": schema, "schema_type": kind}}
    # H2O's reader needs all of these
    if column:
        return {**meta, "column_name": value, "is_member_of_frames": None}
    return {**meta, "name": value, "type": kind, "URL": None}


def table_json(shown: Table | None) -> dict[str, Any] | None:
    """Inverse of `table_of`."""
    if shown is None:
        return None
    return {
        **_meta("TwoDimTableV3"),
        "name": shown["name"],
        "description": shown["description"],
        "columns": [
            {
                "name": name,
                "type": kind,
                "format": _FORMATS[kind],
                "description": name.replace("_", " ").title(),  # by which H2O finds some columns
            }
            for name, kind in zip(shown["columns"], shown["types"], strict=True)
        ],
        "rowcount": len(shown["rows"]),
        "data": [list(cells) for cells in zip(*shown["rows"], strict=True)] or [[] for _ in shown["columns"]],
    }


def metrics_json(metrics: Mapping[str, Any] | None, category: str) -> dict[str, Any] | None:
    """Inverse of `metrics_of`."""
    if metrics is None:
        return None
    found = _meta(f"ModelMetrics{category}V3")
    for name, value in metrics.items():
        if isinstance(value, dict) and "table" in value:
            found[name] = {**_meta("ConfusionMatrixV3"), "table": table_json(value["table"])}
        else:
            found[name] = table_json(value) if isinstance(value, dict) else value
    return found | {"model_category": category}


def _finite(value: Any) -> Any:
    """A value with words in the place of numbers that JSON does not have."""
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
