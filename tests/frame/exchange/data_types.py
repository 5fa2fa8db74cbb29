"""A column of each type of the table in ``docs/data-frames.md``, by the name that it has there."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

PAGE = Path(__file__).parents[3] / "docs" / "data-frames.md"
DAY, OLD = datetime.datetime(2020, 2, 29, 13, 14, 15, 16000), datetime.datetime(1931, 5, 6, 7, 8, 9)
STAMPS = pd.Series([DAY, None, OLD])
ZONED = STAMPS.astype("M8[ns]").dt.tz_localize("UTC").dt.tz_convert("Europe/Prague")
DATES = [DAY.date(), None, OLD.date()]
TIMES = [datetime.time(1, 2, 3, 4000), None, datetime.time(23, 59)]
SPANS = [datetime.timedelta(days=3, microseconds=5), None, datetime.timedelta(seconds=-1)]
DECIMALS = [Decimal("1.10"), None, Decimal("-2.00")]
FLAGS = [True, None, False]
WHOLE = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
WORDS = ["b", None, "a word"]


def objects(cells: list[Any]) -> pd.Series:
    return pd.Series(cells, dtype=object)


def backed(cells: Any, kind: pa.DataType) -> pd.Series:
    return pd.Series(pd.array(pa.array(cells, kind).to_pylist(), dtype=pd.ArrowDtype(kind)))


PANDAS: dict[str, Callable[[], pd.Series]] = {
    "bool": lambda: pd.Series([True, False, True]),
    "boolean": lambda: pd.Series(FLAGS, dtype="boolean"),
    "object of bool": lambda: objects(FLAGS),
    **{name: partial(pd.Series, [1, 0, 100], dtype=name) for name in WHOLE},
    "uint64 beyond 2**63": lambda: pd.Series([2**63, 1, 2**63 + 2048], dtype="uint64"),
    "Int8, UInt64 ...": lambda: pd.Series([1, None, 100], dtype="UInt64"),
    "Int64": lambda: pd.Series(pd.array([2**62 + 1, None, -3], dtype="Int64")),
    "float32": lambda: pd.Series([0.1, np.nan, 3], dtype="float32"),
    "float64": lambda: pd.Series([0.1, np.nan, 3]),
    "float64 of whole numbers": lambda: pd.Series([1.0, np.nan, 3.0]),
    "Float64": lambda: pd.Series([0.1, None, 3], dtype="Float64"),
    "str, object of texts": lambda: pd.Series(WORDS),
    "string": lambda: pd.Series(WORDS, dtype="string"),
    "str of numbers": lambda: pd.Series(["1", None, "3"]),
    "category": lambda: pd.Series(pd.Categorical(["b", None, "a"], ["z", "b", "a"])),
    "category, ordered": lambda: pd.Series(pd.Categorical(["low", None, "high"], ["low", "mid", "high"], ordered=True)),
    "category of numbers": lambda: pd.Series(pd.Categorical([10, None, 9], [10, 9, 7])),
    "category of bool": lambda: pd.Series(pd.Categorical([True, None, False])),
    "datetime64[s], [ms], [us], [ns]": lambda: STAMPS.astype("M8[ns]"),
    "datetime64[..., zone]": lambda: ZONED,
    "timedelta64[s], [ms], [us], [ns]": lambda: pd.Series(SPANS).astype("m8[ns]"),
    "object of date": lambda: objects(DATES),
    "object of time": lambda: objects(TIMES),
    "object of timedelta": lambda: objects(SPANS),
    "object of Decimal": lambda: objects(DECIMALS),
    "period": lambda: pd.Series(pd.period_range("2020-01", periods=3, freq="M")),
    "interval": lambda: pd.Series(pd.interval_range(0, 3)),
    "Sparse[float64, 0]": lambda: pd.Series(pd.arrays.SparseArray([0, 0, 1.5], fill_value=0.0)),
    "ArrowDtype of any type of the table of Arrow": lambda: backed(DATES, pa.date32()),
}  # fmt: skip

ARROW: dict[str, Callable[[], Any]] = {
    "bool": lambda: pa.array(FLAGS),
    "int8 ... uint64": lambda: pa.array([1, None, 200], pa.uint16()),
    "halffloat": lambda: pa.array(np.array([0.5, 2, 3], np.float16)),
    "float": lambda: pa.array([0.5, None, 3], pa.float32()),
    "double": lambda: pa.array([0.5, None, 1e300]),
    "decimal128, decimal256": lambda: pa.array(DECIMALS, pa.decimal128(38, 2)),
    "decimal128 of more than 15 digits": lambda: pa.array([Decimal("123456789012345.67")] * 3),
    "string": lambda: pa.array(WORDS),
    "large_string": lambda: pa.array(WORDS, pa.large_string()),
    "string_view": lambda: pa.array(WORDS, pa.string_view()),
    "string of numbers": lambda: pa.array(["1", None, "3"]),
    "binary": lambda: pa.array([b"b", None, b"a word"]),
    "dictionary of texts": lambda: pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.int32()), ["b", "a", "z"]),
    "dictionary, ordered": lambda: pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.int32()), ["b", "a"], ordered=True),
    "dictionary of numbers": lambda: pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.int32()), pa.array([10, 9])),
    "dictionary of dates": lambda: pa.array(DATES, pa.date32()).dictionary_encode(),
    "timestamp[s], [ms], [us], [ns]": lambda: pa.array([DAY, None, OLD], pa.timestamp("us")),
    "timestamp[..., tz]": lambda: pa.array(ZONED, pa.timestamp("us", "Europe/Prague")),
    "date32, date64": lambda: pa.array(DATES, pa.date32()),
    "time32, time64": lambda: pa.array(TIMES, pa.time64("us")),
    "duration[s], [ms], [us], [ns]": lambda: pa.array(SPANS, pa.duration("us")),
    "null": lambda: pa.nulls(3),
}  # fmt: skip

POLARS: dict[str, Callable[[Any], Any]] = {
    "Boolean": lambda pl: pl.Series(FLAGS),
    "Int8 ... UInt64": lambda pl: pl.Series([1, None, 200], dtype=pl.UInt16),
    "Float32": lambda pl: pl.Series([0.5, None, 3], dtype=pl.Float32),
    "Float64": lambda pl: pl.Series([0.5, None, 1e300]),
    "Decimal": lambda pl: pl.Series(DECIMALS, dtype=pl.Decimal(20, 2)),
    "String": lambda pl: pl.Series(WORDS),
    "String of numbers": lambda pl: pl.Series(["1", None, "3"]),
    "Categorical": lambda pl: pl.Series(["b", None, "a"], dtype=pl.Categorical),
    "Enum": lambda pl: pl.Series(["b", None, "a"], dtype=pl.Enum(["b", "z", "a"])),
    "Datetime": lambda pl: pl.Series([DAY, None, OLD]),
    "Datetime with a zone": lambda pl: pl.Series([DAY, None, OLD]).dt.replace_time_zone("Europe/Prague"),
    "Date": lambda pl: pl.Series(DATES),
    "Time": lambda pl: pl.Series(TIMES),
    "Duration": lambda pl: pl.Series(SPANS),
    "Null": lambda pl: pl.Series([None] * 3),
}

REFUSED: dict[str, Any] = {
    "lists": pa.array([[1], None]),
    "structs": pa.array([{"a": 1}, None]),
    "maps": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    "complex numbers": pd.Series([1j, 2]),
    "objects": objects([{"a": 1}, None]),
    "durations in months": np.array([1], "m8[M]"),
}


def rows_of_page(heading: str) -> dict[str, tuple[str, str]]:
    """Rows of the table below a heading of the page: name of a type, the kind of its column, and what it goes back as."""
    section = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return {name.replace("`", ""): (kind, back.replace("`", "")) for name, kind, back in cells}
