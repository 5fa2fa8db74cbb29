"""What H2O tells about a model beside the MOJO itself: parameters, metrics, tables. Scoring does not need it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..deeplearning.metrics.tables import Table, table
from ..deeplearning.parameters import check_value, defaults
from ..errors import HeavywaterError
from .mojo_ini import Mojo

DETAILS = "experimental/modelDetails.json"
_SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
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
        if not isinstance(name, str) or name not in known or (value := plain(entry.get(which))) is None:
            continue
        try:
            found[name] = check_value(name, value)
        except NotImplementedError:
            found[name] = value  # only shown: scoring does not depend on it
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
        (str(column["name"]), str(column.get("type", "string")), [plain(cell) for cell in cells])
        for column, cells in zip(columns, data, strict=True)
        if isinstance(column, dict) and column.get("name") and isinstance(cells, list)
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
    inner = (
        value.get("table") if "columns" not in value else value
    )  # the confusion matrix is wrapped once more
    return table_of(inner)
