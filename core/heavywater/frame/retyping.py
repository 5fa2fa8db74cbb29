"""The types and the missing texts that a user names for the columns of a frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import InvalidArgument
from .columns import NONE, Column, numeric, sorted_enum, strings, times
from .frame import Frame
from .guess import read_type
from .options import FORCED
from .times import parse_times


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
    from .primitives import operation

    columns = list(frame.columns)
    for i, name in kinds.items():
        if name is None:
            continue
        kind = read_type(name, frame.names[i])
        single = Frame([frame.names[i]], [columns[i]])
        if kind in ("numeric", "enum", "string"):
            convert = {"numeric": "as.numeric", "enum": "as.factor", "string": "as.character"}[kind]
            columns[i] = operation(convert)(single).columns[0]
        elif kind == "unknown":
            columns[i] = Column("bad", np.full(frame.nrow, np.nan, np.float32))
        elif kind == "uuid":
            columns[i] = strings(columns[i].texts(), "uuid")
        elif columns[i].kind != "time":
            columns[i] = _as_times(columns[i], frame.names[i])
    return Frame(frame.names, columns, nrow=frame.nrow)


def _as_times(column: Column, name: str) -> Column:
    absent = column.is_missing()
    if column.is_numeric:
        return times(np.nan_to_num(column.numbers()), absent)
    uniques, inverse = np.unique(column.texts()[~absent], return_inverse=True)
    values, misfit = parse_times(uniques.tolist())
    if misfit.any():
        raise InvalidArgument(
            f"column_types: {uniques[misfit.argmax()]!r} in column {name!r} is no date or time"
        )
    result = np.zeros(len(column), np.int64)
    result[~absent] = values[inverse]
    return times(result, absent)
