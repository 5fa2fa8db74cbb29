"""Frames as H2O's JSON: sizes, and columns with facts and cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...session.values import Description
from .replies import Json, meta, table

_EXTREMES = 5
_NAN = "NaN"


def frames_object(frames: list[Json] | None, job: Json | None = None) -> Json:
    """What stands around frames in an answer."""
    return {
        "__meta": meta("FramesV3", "Frames"),
        "_exclude_fields": "",
        "row_offset": 0,
        "row_count": -1,
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
    data = None if cells is None or text else _numbers(cells)
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
        "percentiles": _numbers(facts["percentiles"]) if facts else None,
    }


def _number(value: Any) -> Any:
    """A number as H2O writes it: in double precision, with texts for what JSON lacks."""
    value = float(value)
    if math.isfinite(value):
        return value
    return _NAN if value != value else "Infinity" if value > 0 else "-Infinity"


def _numbers(cells: Sequence[Any]) -> list[Any]:
    """Numbers as H2O writes them, with None for missing ones."""
    if None not in cells:
        found = list(map(float, cells))
        if all(map(math.isfinite, found)):
            return found
    return [_NAN if each is None else _number(each) for each in cells]


def _padded(values: Sequence[float]) -> list[Any]:
    return _numbers(values) + [_NAN] * (_EXTREMES - len(values))


def layout_table(described: Description) -> Json:
    """How the cells of a frame lie in memory, where H2O tells its chunks."""
    layouts = described["layouts"]
    count, size = sum(each[1] for each in layouts) or 1, sum(each[2] for each in layouts) or 1
    return table(
        "Chunk compression summary",
        [
            ("chunk_type", "string", "%8s", "Chunk Type"),
            ("chunk_name", "string", "%s", "Chunk Name"),
            ("count", "int", "%10d", "Count"),
            ("count_percentage", "float", "%10.3f %%", "Count Percentage"),
            ("size", "string", "%10s", "Size"),
            ("size_percentage", "float", "%10.3f %%", "Size Percentage"),
        ],
        [
            [name for name, _, _ in layouts],
            [f"columns of {name}" for name, _, _ in layouts],
            [columns for _, columns, _ in layouts],
            [100.0 * columns / count for _, columns, _ in layouts],
            [_size(held) for _, _, held in layouts],
            [100.0 * held / size for _, _, held in layouts],
        ],
    )


def distribution_table(described: Description, address: str) -> Json:
    """On which nodes a frame lies: on this one."""
    size, rows, columns = described["byte_size"], described["rows"], described["num_columns"]

    def spread(value: float) -> list[float]:
        return [value, float(value), float(value), float(value), 0.0, value]

    return table(
        "Frame distribution summary",
        [
            ("", "string", "%s", ""),
            ("size", "string", "%s", "Size"),
            ("number_of_rows", "float", "%f", "Number of Rows"),
            ("number_of_chunks_per_column", "float", "%f", "Number of Chunks per Column"),
            ("number_of_chunks", "float", "%f", "Number of Chunks"),
        ],
        [
            [address, "mean", "min", "max", "stddev", "total"],
            [_size(each) for each in (size, size, size, size, 0, size)],
            spread(rows),
            spread(1),
            spread(columns),
        ],
    )


def _size(held: float) -> str:
    """Bytes as H2O writes them, ten characters wide."""
    units = ("  B", " KB", " MB", " GB", " TB")
    power = 0
    while held >= 1024 and power < len(units) - 1:
        held, power = held / 1024, power + 1
    return f"{held:7.1f}{units[power]}" if power else f"{held:7.0f}{units[0]}"
