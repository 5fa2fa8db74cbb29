"""The types and the missing texts that a user names for the columns of a frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, warn
from ..columns.column import NONE, Column
from ..columns.conversions import UUID_PATTERN, as_levels, as_numbers, as_texts, distinct, times_of_texts
from ..columns.makers import numeric, sorted_enum, strings, times
from ..columns.missing_words import MISSING_WORDS
from ..columns.times import from_wall_clock, parse_times
from ..columns.zones import current_zone
from ..frame import Frame
from .header import is_time
from .options import FORCED
from .setup import read_type


def retyped(
    frame: Frame,
    column_types: Sequence[Any] | Mapping[Any, Any] | None = None,
    na_strings: Any = None,
    force_types: bool = False,
    guess: Callable[[Column, str], Column] | None = None,
) -> Frame:
    """Frame with the missing cells and the column types that a user names.

    Parameters
    ----------
    frame : Frame
    column_types : sequence or mapping, optional
        A type for each column, or for some by name or number; None leaves a column as it is.
    na_strings : str, sequence or mapping, optional
        Texts that mean missing: for all columns, a list for each column, or by name or number.
    force_types : bool
        Whether ``int`` and ``real`` are kept apart: real numbers are rounded, whole ones become real.
    guess : callable, optional
        What makes another column of a column of texts (and its name) that no type is named for.

    Returns
    -------
    Frame
    """
    columns = list(frame.columns)
    for i, texts in _per_column(frame, na_strings):
        columns[i] = _blanked(columns[i], texts)
    kinds = _kinds(frame, column_types)
    if guess is not None:
        columns = [
            guess(column, name) if column.kind == "string" and kinds.get(i) is None else column
            for i, (name, column) in enumerate(zip(frame.names, columns, strict=True))
        ]
    result = retype(Frame(frame.names, columns, nrow=frame.nrow), kinds)
    return _forced(result, kinds) if force_types else result


def _per_column(frame: Frame, na_strings: Any) -> list[tuple[int, list[str]]]:
    if not na_strings:
        return []
    if isinstance(na_strings, Mapping):
        given = {frame.index(column): texts for column, texts in na_strings.items()}
    elif isinstance(na_strings, str) or all(isinstance(text, str) for text in na_strings):
        given = dict.fromkeys(range(frame.ncol), na_strings)
    elif len(na_strings) == frame.ncol:
        given = dict(enumerate(na_strings))
    else:
        raise InvalidArgument(f"na_strings: {len(na_strings)} lists for {frame.ncol} columns")
    return [(i, [texts] if isinstance(texts, str) else list(texts)) for i, texts in given.items() if texts]


def _blanked(column: Column, texts: list[str]) -> Column:
    """The column in which cells of these texts are missing."""
    if column.kind == "enum":
        levels = list(column.levels or ())
        gone = np.isin(column.values, [code for code, level in enumerate(levels) if level in texts])
        return sorted_enum(np.where(gone, -1, column.values), levels) if gone.any() else column
    if column.is_text:
        cells = column.texts()
        gone = np.isin(cells.astype(str), texts)
        return strings(np.where(gone, NONE, cells), column.kind) if gone.any() else column
    numbers = [number for number in map(_number, texts) if number is not None]
    if column.kind == "time" or not numbers:
        return column
    gone = np.isin(column.numbers(), numbers)
    return numeric(np.where(gone, np.nan, column.numbers())) if gone.any() else column


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _kinds(frame: Frame, column_types: Any) -> dict[int, Any]:
    if not column_types:
        return {}
    if isinstance(column_types, Mapping):
        return {frame.index(column): kind for column, kind in column_types.items()}
    if len(column_types) == frame.ncol:
        return dict(enumerate(column_types))
    raise InvalidArgument(f"column_types: {len(column_types)} types for {frame.ncol} columns")


def _forced(frame: Frame, kinds: Mapping[int, Any]) -> Frame:
    columns = list(frame.columns)
    for i, name in kinds.items():
        kind = FORCED.get(str(name).lower())
        if kind == "int" and columns[i].kind == "real":
            columns[i] = numeric(np.rint(columns[i].numbers()))
        elif kind == "real":
            columns[i] = Column("real", columns[i].numbers())
    return Frame(frame.names, columns, nrow=frame.nrow)


def retype(frame: Frame, kinds: Mapping[int, Any]) -> Frame:
    """Frame with some columns (by position) turned into the types a user names."""
    columns = list(frame.columns)
    for i, name in kinds.items():
        if name is None:
            continue
        kind = read_type(name, frame.names[i])
        if kind == "numeric":
            columns[i] = as_numbers(columns[i])
        elif kind == "enum":
            columns[i] = as_levels(columns[i], f"column_types: column {frame.names[i]!r}")
        elif kind == "string":
            columns[i] = as_texts(columns[i])
        elif kind == "unknown":
            columns[i] = Column("bad", np.full(frame.nrow, np.nan, np.float32))
        elif kind == "uuid":
            columns[i] = _as_uuids(columns[i], frame.names[i])
        elif columns[i].kind != "time":
            columns[i] = _as_times(columns[i], frame.names[i])
    return Frame(frame.names, columns, nrow=frame.nrow)


def _as_uuids(column: Column, name: str) -> Column:
    texts = column.texts()
    misfits = [text for text in texts if text is not None and not re.fullmatch(UUID_PATTERN, text)]
    if misfits:
        count = f"{len(misfits)} text{'s are' if len(misfits) > 1 else ' is'}"
        warn(
            f"column_types: in column {name!r} {count} no UUID and became missing (the first: {misfits[0]!r})"
        )
    return strings(
        [text if text is None or re.fullmatch(UUID_PATTERN, text) else None for text in texts], "uuid"
    )


def _as_times(column: Column, name: str) -> Column:
    absent = column.is_missing()
    if column.is_numeric:
        return times(np.nan_to_num(column.numbers()), absent)
    texts, codes = distinct(column)
    return times_of_texts(texts, codes, *_local_times(texts), f"column_types: in column {name!r}")


def _local_times(texts: Sequence[str]) -> tuple[Array, Array]:
    """As `parse_times`, on the clock of the session's time zone."""
    values, misfit = parse_times(texts)
    zone = current_zone()
    return values if zone == "UTC" else from_wall_clock(values, zone), misfit


def guessed_times(column: Column, name: str) -> Column | None:
    """Column of times from texts most of which are times, None if some are words and no impossible dates."""
    texts, codes = distinct(column)
    values, misfit = _local_times(texts)
    odd = [text for text, hit in zip(texts, misfit, strict=True) if hit and text not in MISSING_WORDS]
    if not is_time(odd).all():
        return None
    return times_of_texts(texts, codes, values, misfit, f"python_obj: in column {name!r}")
