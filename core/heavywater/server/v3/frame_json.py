"""Frames as H2O's JSON: sizes, and columns with facts and cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...session.values import Description
from .replies import Json, meta

_EXTREMES = 5
_NAN = "NaN"


def frames_object(
    frames: list[Json] | None, row_count: int = -1, row_offset: int = 0, job: Json | None = None
) -> Json:
    """What stands around frames in an answer."""
    return {
        "__meta": meta("FramesV3", "Frames"),
        "_exclude_fields": "",
        "row_offset": row_offset,
        "row_count": row_count,
        "column_offset": 0,
        "full_column_count": -1,
        "column_count": -1,
        "compression": None,
        "write_checksum": True,
        "tz_adjust_from_local": False,
        "separator": 44,
        "header": True,
        "quote_header": True,
        "job": job,
        "frames": frames,
        "compatible_models": None,
        "domain": None,
    }


def column_object(facts: Description, cells: Sequence[Any] | None, summary: bool) -> Json:
    """A column.

    Parameters
    ----------
    facts : mapping
        See `heavywater.frame.summary.facts_of_columns`.
    cells : sequence, optional
        Numbers (of factors their levels' numbers) or texts, None where they are missing.
    summary : bool
        Whether there are a histogram and quantiles.
    """
    text = facts["type"] in ("string", "uuid")
    data = None if cells is None or text else [_NAN if each is None else _number(each) for each in cells]
    return {
        "__meta": meta("ColV3", "Vec"),
        "label": facts["label"],
        "missing_count": facts["missing_count"],
        "zero_count": facts["zero_count"],
        "positive_infinity_count": facts["positive_infinity_count"],
        "negative_infinity_count": facts["negative_infinity_count"],
        "mins": _padded(facts["mins"]),
        "maxs": _padded(facts["maxs"]),
        "mean": _number(facts["mean"]),
        "sigma": _number(facts["sigma"]),
        "type": facts["type"],
        "domain": facts["domain"],
        "domain_cardinality": facts["domain_cardinality"],
        "data": data,
        "string_data": list(cells) if cells is not None and text else None,
        "precision": -1 if facts["type"] in ("int", "enum") else 0,
        **_distribution(facts if summary else {}),
    }


def _distribution(facts: Description) -> Json:
    histogram = facts.get("histogram") or {}
    return {
        "histogram_bins": histogram.get("bins"),
        "histogram_base": _number(histogram.get("base", 0.0)),
        "histogram_stride": _number(histogram.get("stride", 0.0)),
        "percentiles": [_number(each) for each in facts["percentiles"]] if facts else None,
    }


def _number(value: Any) -> Any:
    """A number as H2O writes it: in double precision, with texts for what JSON lacks."""
    value = float(value)
    if math.isfinite(value):
        return value
    return _NAN if value != value else "Infinity" if value > 0 else "-Infinity"


def _padded(values: Sequence[float]) -> list[Any]:
    found = [_number(each) for each in values]
    return found + [_NAN] * (_EXTREMES - len(found))
