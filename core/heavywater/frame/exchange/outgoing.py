"""Frames to pandas, to rows of Python values, and the types that levels have there.

Levels that are numbers in canonical form come out as these numbers, see `level_values`; in Arrow tables, files and
R factors a level is its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns.column import Column, real_text
from ..columns.makers import numeric, times
from ..columns.times import from_wall_clock
from ..frame import Frame
from ..importing.retyping import retyped
from .arrow_tables import arrow_column
from .pandas_types import as_it_was_in_pandas

TIME_FORMS = ("datetime", "milliseconds")

_WHOLE = re.compile("0|-?[1-9][0-9]{0,18}", re.ASCII)
_EXACT = 2**53  # up to here float64 holds every whole number


def level_values(levels: Sequence[str]) -> Array | None:
    """The levels as what they are the names of, or None where they are texts.

    Parameters
    ----------
    levels : sequence of str

    Returns
    -------
    ndarray of int64, float64 or bool, or None
        int64 if all are whole numbers in canonical form (``7``, ``-12``, but neither ``007`` nor ``+7``), float64
        if all are finite numbers in the form in which numbers become levels (``0.25``, ``1.5E10``), bool if all are
        ``True`` or ``False``.
    """
    if not levels:
        return None
    if set(levels) <= {"False", "True"}:
        return np.array([level == "True" for level in levels])
    whole = [_WHOLE.fullmatch(level) is not None for level in levels]
    if all(whole):
        numbers = [int(level) for level in levels]
        return np.array(numbers, np.int64) if -(2**63) <= min(numbers) <= max(numbers) < 2**63 else None
    reals = [_real(level, is_whole) for level, is_whole in zip(levels, whole, strict=True)]
    return None if None in reals else np.array(reals, np.float64)


def _real(level: str, is_whole: bool) -> float | None:
    """The number that a level is the canonical name of."""
    if not level.isascii() or level[-1:] not in "0123456789":
        return None
    try:
        number = float(level)
    except ValueError:
        return None
    if is_whole:
        return number if int(level) == number else None
    return number if level in (repr(number), real_text(number)) else None


def to_pandas(frame: Frame, times: str = "datetime", na_values: Sequence[Any] | None = None) -> Any:
    """pandas.DataFrame of a frame.

    Parameters
    ----------
    frame : Frame
    times : str
        ``datetime``: times as ``datetime64[ms]`` (UTC, without a zone); ``milliseconds``: since 1970 UTC, as whole
        numbers.
    na_values : sequence, optional
        Texts, levels and numbers that are missing in the data frame.

    Returns
    -------
    pandas.DataFrame
        Whole numbers as int64 (float64 where cells are missing; Int64 if float64 cannot hold them), real numbers as
        float64, levels as `level_values` says, with the same rule for missing cells (bool becomes object), other
        levels and texts in the text type that pandas itself chooses; missing as pandas marks it. Columns that came from a
        data frame are of the types that they had there.
    """
    import pandas as pd

    frame = with_times(frame, times)
    if na_values is not None:
        frame = retyped(frame, na_strings=[str(value) for value in na_values])
    data = {i: _series_data(column) for i, column in enumerate(frame.columns)}
    result = pd.DataFrame(data, index=pd.RangeIndex(frame.nrow))
    result.columns = pd.Index(frame.names, dtype=object if not frame.names else None)
    return result


def to_arrow_values(frame: Frame) -> Any:
    """The frame as a pyarrow.Table, levels as what they are the names of where they are no texts; see `level_values`."""
    import pyarrow as pa

    arrays = []
    for column in frame.columns:
        table = level_values(column.levels or ()) if column.kind == "enum" else None
        gone = column.values < 0 if table is not None else None
        arrays.append(arrow_column(column) if table is None else pa.array(table[column.values], mask=gone))
    return pa.table(arrays, names=list(frame.names))


def with_times(frame: Frame, form: str) -> Frame:
    """The frame, its times as whole numbers if that is the form that is asked for.

    Parameters
    ----------
    frame : Frame
    form : str
        ``datetime`` (nothing changes) or ``milliseconds``.
    """
    if form not in TIME_FORMS:
        raise InvalidArgument(f"times={form!r} must be one of {', '.join(map(repr, TIME_FORMS))}")
    if form == "datetime" or "time" not in frame.types.values():
        return frame
    columns = [
        numeric(column.values, column.is_missing() if column.missing_count else None)
        if column.kind == "time"
        else column
        for column in frame.columns
    ]
    return Frame(frame.names, columns, nrow=frame.nrow)


def from_clock(frame: Frame, zone: str) -> Frame:
    """The frame, its times as points in time (UTC) where they are what a clock in a time zone shows."""
    columns = [
        times(from_wall_clock(column.values, zone), column.missing) if column.kind == "time" else column
        for column in frame.columns
    ]
    return Frame(frame.names, columns, nrow=frame.nrow)


def _series_data(column: Column) -> Any:
    if column.origin is not None:
        found = as_it_was_in_pandas(column)
        if found is not None:
            return found
    if column.kind == "time":
        stamps = column.values.astype("M8[ms]")
        return np.where(column.is_missing(), np.datetime64("NaT", "ms"), stamps)
    if column.kind == "int":
        return _with_missing(column.values, column.missing)
    if column.is_numeric:
        return column.numbers()
    if column.kind == "enum" and (column.origin is None or column.origin.arrow == "bool"):
        table = level_values(column.levels or ())
        if table is not None:
            absent = column.values < 0
            return _with_missing(table[column.values], absent if absent.any() else None)
    return _text_series(column)


def _with_missing(values: Array, missing: Array | None) -> Any:
    """Numbers or flags in a type of numpy or pandas that has room for the missing cells among them."""
    kind = values.dtype.kind
    if missing is None:
        return values if kind == "b" else values.astype(np.float64 if kind == "f" else np.int64)
    if kind == "b":
        cells = values.astype(object)
        cells[missing] = np.nan
        return cells
    if values.dtype == np.int64 and bool(((values > _EXACT) | (values < -_EXACT))[~missing].any()):
        import pandas as pd

        return pd.arrays.IntegerArray(np.where(missing, 1, values), missing.copy())
    return np.where(missing, np.nan, values.astype(np.float64))


def _text_series(column: Column) -> Any:
    """Texts or levels in pandas' own text type, without a Python object for each where that rests on Arrow."""
    import pandas as pd

    if int(pd.__version__.partition(".")[0]) < 3:
        return column.texts()
    cells = column.text_cells.arrow if column.is_text else arrow_column(column).dictionary_decode()
    return pd.StringDtype(na_value=np.nan).__from_arrow__(cells)


def to_rows(frame: Frame, header: bool = True, times: str = "datetime") -> list[list[Any]]:
    """The frame as a list of rows, the names first; missing is ``""``.

    Parameters
    ----------
    frame : Frame
    header : bool
        Whether the names come first.
    times : str
        ``datetime``: texts such as ``2020-01-31 12:00:00.000``; ``milliseconds``: whole numbers.
    """
    columns = [python_cells(column, "") for column in with_times(frame, times).columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return [list(frame.names), *rows] if header else rows


def python_cells(column: Column, missing: Any = None) -> list[Any]:
    """The cells as Python numbers and texts (levels by name); times as ISO texts."""
    absent = column.is_missing()
    if column.kind == "time":
        stamps = np.datetime_as_string(column.values.astype("M8[ms]")).tolist()
        cells: list[Any] = [stamp.replace("T", " ") for stamp in stamps]
    else:
        cells = column.values.tolist() if column.is_numeric else column.texts().tolist()
    return (
        [missing if gone else cell for cell, gone in zip(cells, absent.tolist(), strict=True)]
        if absent.any()
        else cells
    )


def plain_cells(column: Column, rows: slice | None = None, level_names: bool = False) -> list[Any]:
    """Cells as numbers and texts of Python, None for those that are missing.

    Parameters
    ----------
    column : Column
        Of factors the numbers of the levels are given, of times milliseconds since 1970 UTC.
    rows : slice, optional
        Which; all by default.
    level_names : bool
        Whether of factors the levels themselves are given.
    """
    if level_names and (levels := column.levels) is not None:
        return [None if code < 0 else levels[code] for code in column.values[rows or slice(None)].tolist()]
    if column.is_text or column.sparse is not None:
        part = column if rows is None else column.take(rows)
        if column.is_text:
            texts: list[Any] = part.texts().tolist()
            return texts
        values = part.values
        missing: Array | None = part.is_missing()
    else:  # without a column for each part: there may be many, with a few rows
        rows = slice(None) if rows is None else rows
        values = column.values[rows]
        missing = _missing_among(column, values, rows)
    found: list[Any] = values.tolist()
    if missing is None or not missing.any():
        return found
    return [None if gone else each for each, gone in zip(found, missing.tolist(), strict=True)]


def _missing_among(column: Column, values: Array, rows: slice) -> Array | None:
    """Which of some cells are missing; None where none can be."""
    if column.kind in ("real", "bad"):
        return np.isnan(values)
    if column.kind == "enum":
        return values < 0
    return None if column.missing is None else column.missing[rows]
