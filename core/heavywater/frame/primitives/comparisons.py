"""Comparisons, and looking cells up in a list."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns.column import Column
from ..columns.makers import factor, numeric, stack, strings
from ..columns.moment import Moment
from ..frame import Frame
from .arguments import Items, is_missing_value, map_columns, read_scalar
from .arithmetic import Binary, elementwise, refused, shape_of, side_of
from .comparable import can_be_equal, described, group_of, level_numbers, refusal
from .registry import primitive

_WORDS = {
    "<": "Whether the first is less than the second",
    "<=": "Whether the first is less than or equal to the second",
    ">": "Whether the first is greater than the second",
    ">=": "Whether the first is greater than or equal to the second",
}
_COMPARED = """{0}, cell by cell (``{1}``): 1 or 0; 0 where an operand is missing.

    Parameters
    ----------
    left, right : Frame, float, Moment or str
        Frames of equal shape, or a frame and a number; times go with times and milliseconds. Texts are compared by the
        code points of their characters. Beside one of its levels, given as text, an enum is compared by the order of
        its levels.

    Returns
    -------
    Frame or float

    Raises
    ------
    InvalidType
        Columns of text beside anything else, enums beside anything but a level, times beside texts and levels: they
        have no order.
    """


_ORDER: dict[str, Binary] = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


def _register_order(name: str, function: Binary) -> None:
    def operator(left: Any, right: Any) -> Any:
        if all(map(_of_texts, (left, right))) and (isinstance(left, Frame) or isinstance(right, Frame)):
            return _texts_in_order(name, function, left, right)
        return elementwise(name, function, *_levels_by_number(name, left, right))

    operator.__doc__ = _COMPARED.format(_WORDS[name], name)
    primitive(name, elementwise=True)(operator)


for _name, _function in _ORDER.items():
    _register_order(_name, _function)


def _of_texts(value: Any) -> bool:
    if isinstance(value, Frame):
        return bool(value.ncol) and all(group_of(column) == "text" for column in value.columns)
    return isinstance(value, str)


def _texts_in_order(name: str, function: Binary, left: Any, right: Any) -> Frame:
    ncol, names, nrow = shape_of(name, left, right)
    columns = []
    for i in range(ncol):
        sides = side_of(left, i), side_of(right, i)
        result = function(*(_cells_in_order(side, sides) for side in sides))
        for side in sides:
            result = result & ~side.is_missing() if isinstance(side, Column) else result
        columns.append(numeric(np.broadcast_to(result, nrow)))
    return Frame(names, columns, nrow=nrow)


def _cells_in_order(side: Any, both: tuple[Any, Any]) -> Array:
    """Texts as an array; beside a column of identifiers, which has capital letters, in these."""
    if isinstance(side, Column):
        return side.values
    identifiers = any(isinstance(other, Column) and other.kind == "uuid" for other in both)
    return np.array([side.upper() if identifiers else side], np.dtypes.StringDType())


def _levels_by_number(name: str, left: Any, right: Any) -> tuple[Any, Any]:
    """Operands of which a level beside enums is a number, as these are; other texts have no order."""
    if isinstance(left, str) and isinstance(right, Frame):
        return _levels_by_number(name, right, left)[::-1]
    if not isinstance(right, str):
        return left, right
    column = left.columns[0] if isinstance(left, Frame) and left.ncol == 1 else None
    if column is None or column.kind != "enum":
        i = _first_not(left, ("enum",))
        raise refused(name, left, right, i)
    levels = column.levels or ()
    if right not in levels:
        raise InvalidArgument(
            f"operator {name}: {described(right)} is no level of column {left.names[0]!r}, whose levels are "
            f"{', '.join(map(repr, levels[:8]))}"
            + (f" ... ({len(levels)} in all)" if len(levels) > 8 else "")
        )
    codes = numeric(np.where(column.values < 0, np.nan, column.values))
    return Frame(left.names, [codes], nrow=left.nrow), float(levels.index(right))


def _first_not(value: Any, groups: tuple[str, ...]) -> int:
    columns = value.columns if isinstance(value, Frame) else ()
    return next((i for i, column in enumerate(columns) if group_of(column) not in groups), 0)


def _equality(name: str, left: Any, right: Any, wanted: bool) -> Any:
    left, right = (
        each if isinstance(each, Frame) else read_scalar(each, f"operator {name}: an operand")
        for each in (left, right)
    )
    if not isinstance(left, Frame) and not isinstance(right, Frame):
        if not can_be_equal(left, right):
            raise refused(name, left, right, 0)
        alike = left == right or (is_missing_value(left) and is_missing_value(right))
        return float(bool(alike) is wanted)
    ncol, names, nrow = shape_of(name, left, right)
    pairs = [(side_of(left, i), side_of(right, i)) for i in range(ncol)]
    possible = [can_be_equal(*pair) for pair in pairs]
    one_by_one = all(isinstance(side, Frame) and side.ncol == ncol for side in (left, right))
    if not (all(possible) if one_by_one else any(possible) or not ncol):
        raise refused(name, left, right, possible.index(False))
    columns = []
    for sides, comparable in zip(pairs, possible, strict=True):
        # In a frame of several types a number is looked for among the numbers, a text among the texts.
        result = _same(*sides) == wanted if comparable else np.full(1, not wanted)
        if not wanted and "" in [side for side in sides if isinstance(side, str)]:
            for side in sides:  # no text is not another text than the empty one: H2O knows both as the same
                result = result & ~side.is_missing() if isinstance(side, Column) else result
        columns.append(numeric(np.broadcast_to(result, nrow)))
    return Frame(names, columns, nrow=nrow)


def _same(left: Any, right: Any) -> Array:
    """Where two columns, or a column and a scalar, are equal; missing equals missing and nothing else."""
    if not isinstance(left, Column):
        left, right = right, left
    absent: Array = left.is_missing()
    if not isinstance(right, Column):
        return absent if is_missing_value(right) else _same_as_scalar(left, right) & ~absent
    both = absent & right.is_missing()
    either = absent | right.is_missing()
    return np.where(either, both, _same_cells(left, right))


def _same_cells(left: Column, right: Column) -> Array:
    textual = [side.kind == "enum" or side.is_text for side in (left, right)]
    if all(textual):
        codes = factor(stack([_as_texts(left), _as_texts(right)])).values
        return np.asarray(codes[: len(left)] == codes[len(left) :])
    if left.kind == right.kind == "time":
        return np.asarray(left.values == right.values)
    numbers = [
        level_numbers(side)[side.values] if side.kind == "enum" else side.numbers() for side in (left, right)
    ]
    return np.asarray(numbers[0] == numbers[1])


def _as_texts(column: Column) -> Column:
    return column if column.kind == "enum" else strings(column.values, "string", column.is_missing())


def _same_as_scalar(column: Column, value: Any) -> Array:
    """Where a column equals a scalar that it can be compared with; missing cells of it do not count."""
    if column.kind == "bad":
        return np.zeros(len(column), bool)
    if column.kind == "enum":
        if not isinstance(value, str):  # a level such as "7" equals the number 7
            return np.asarray((level_numbers(column) == value)[column.values])
        levels = column.levels or ()
        return np.asarray(column.values == (levels.index(value) if value in levels else -2))
    if isinstance(value, Moment):
        value = value.milliseconds
    return np.asarray(column.values == (value.upper() if column.kind == "uuid" else value))


@primitive("==", elementwise=True)
def equal(left: Any, right: Any) -> Any:
    """Whether cells are equal: 1 or 0. Missing equals missing and nothing else.

    Parameters
    ----------
    left, right : Frame, float, str or Moment
        Frames of equal shape, or a frame and a number, text, level, moment, or NaN for missing. A number beside a time
        is milliseconds since 1970, a level that is a number equals this number.

    Returns
    -------
    Frame or float

    Raises
    ------
    InvalidType
        What can never be equal: times and texts, text and numbers ... Among columns of several types those that a
        scalar or single column can be compared with decide; the others differ from it.
    """
    return _equality("==", left, right, True)


@primitive("!=", elementwise=True)
def not_equal(left: Any, right: Any) -> Any:
    """Whether cells differ: the opposite of ``==``, but a missing cell does not differ from the empty text.

    Parameters
    ----------
    left, right : Frame, float, str or Moment
        Frames of equal shape, or a frame and a number, text, level, moment, or NaN for missing. A number beside a time
        is milliseconds since 1970, a level that is a number equals this number.

    Returns
    -------
    Frame or float

    Raises
    ------
    InvalidType
        What can never be equal: times and texts, text and numbers ... Among columns of several types those that a
        scalar or single column can be compared with decide; the others differ from it.
    """
    return _equality("!=", left, right, False)


@primitive("match", elementwise=True)
def match(frame: Frame, table: Items, nomatch: float = float("nan"), start_index: float = 1) -> Frame:
    """Position of each cell in a list of texts, numbers or moments.

    Parameters
    ----------
    frame : Frame
        Each column is looked up by itself.
    table : list of str, float or Moment
        Where to look; of equal entries the first counts. NaN or None stands for missing cells. A moment needs
        a column of times, and columns of times take no texts.
    nomatch : float
        The result where a cell is not in the table.
    start_index : float
        Position of the first entry.

    Returns
    -------
    Frame
    """
    entries = [read_scalar(entry, "match: table") for entry in table]
    for (
        entry
    ) in entries:  # a number is not among texts, which is an answer; of a time beside texts it would be none
        possible = [can_be_equal(column, entry) for column in frame.columns]
        kinds = {group_of(column) for column in frame.columns} | {group_of(entry)}
        if possible and not any(possible) and (isinstance(entry, Moment) or kinds == {"time", "text"}):
            raise refusal("match", (frame.columns[0], frame.names[0]), (entry, None))
    return map_columns(frame, lambda column: _matched(column, entries, nomatch, start_index))


def _matched(column: Column, table: list[Any], nomatch: float, start_index: float) -> Column:
    absent = column.is_missing()
    result = np.full(len(column), nomatch)
    for offset in reversed(range(len(table))):
        entry = table[offset]
        if not can_be_equal(column, entry):
            continue
        found = absent if is_missing_value(entry) else _same_as_scalar(column, entry) & ~absent
        result[found] = start_index + offset
    return numeric(result)
