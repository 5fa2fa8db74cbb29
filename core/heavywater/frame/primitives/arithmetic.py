"""Operators: arithmetic, comparison, logic, if-else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns import Array, Column, enum, factor, numeric, stack, strings
from ..frame import Frame
from .arguments import Items, is_missing_value, map_columns, read_scalar
from .registry import primitive

Binary = Callable[[Any, Any], Any]


def _elementwise(name: str, function: Binary, left: Any, right: Any) -> Any:
    """Apply a function of two numeric arrays to frames and scalars, matching columns and rows."""
    if not isinstance(left, Frame) and not isinstance(right, Frame):
        with np.errstate(all="ignore"):
            return float(function(_scalar(name, left), _scalar(name, right)))
    frame, names, nrow = _shape(name, left, right)
    columns = []
    with np.errstate(all="ignore"):
        for i in range(frame):
            a, b = _operand(name, left, i, nrow), _operand(name, right, i, nrow)
            columns.append(numeric(np.broadcast_to(function(a, b), nrow)))
    return Frame(names, columns, nrow=nrow)


def _shape(name: str, left: Any, right: Any) -> tuple[int, list[str], int]:
    """Columns, names and rows of the result."""
    frames = [f for f in (left, right) if isinstance(f, Frame)]
    widest = max(frames, key=lambda f: (f.ncol, f.nrow))
    tallest = max(f.nrow for f in frames)
    for f in frames:
        if f.ncol not in (1, widest.ncol) or (f.nrow not in (1, tallest)):
            sizes = " and ".join(f"{g.nrow} rows x {g.ncol} columns" for g in frames)
            raise InvalidArgument(f"operator {name}: frames of {sizes} do not match")
    return widest.ncol, widest.names, tallest


def _scalar(name: str, value: Any) -> float:
    if is_missing_value(value):
        return float("nan")
    if isinstance(value, (bool, int, float, np.number)):
        return float(value)
    raise InvalidType(f"operator {name}: {value!r} is no number")


def _side(value: Any, i: int) -> Any:
    return value.columns[i % value.ncol] if isinstance(value, Frame) else value


def _operand(name: str, value: Any, i: int, nrow: int) -> Any:
    side = _side(value, i)
    if not isinstance(side, Column):
        return _scalar(name, side)
    if side.kind == "enum" and any(column.is_numeric for column in value.columns):
        return float("nan")  # a frame of numbers with some levels among them: as missing cells
    if not (side.is_numeric or side.kind == "time"):
        label = value.names[i % value.ncol]
        raise InvalidType(
            f"operator {name}: column {label!r} is of type {side.kind}; "
            "convert it with asnumeric() or select numeric columns"
        )
    numbers = side.numbers()
    return numbers[0] if len(numbers) == 1 and nrow != 1 else numbers


def _int_divide(a: Any, b: Any) -> Any:
    quotient = np.trunc(a) / np.trunc(b)
    return np.where(np.isfinite(quotient), np.trunc(quotient), np.nan)


_ARITHMETIC: dict[str, Binary] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "intDiv": _int_divide,
    "%/%": _int_divide,
    "%": np.fmod,
    "%%": np.fmod,
}


_WORDS = {
    "+": "Sum",
    "-": "Difference",
    "*": "Product",
    "/": "Quotient",
    "^": "Power",
    "intDiv": "Quotient without its decimals, after both are cut to whole numbers,",
    "%/%": "Quotient without its decimals, after both are cut to whole numbers,",
    "%": "Remainder, with the sign of the first,",
    "%%": "Remainder, with the sign of the first,",
    "<": "Whether the first is less than the second",
    "<=": "Whether the first is less than or equal to the second",
    ">": "Whether the first is greater than the second",
    ">=": "Whether the first is greater than or equal to the second",
}
_OPERANDS = """{0}; missing where an operand is missing.

    Parameters
    ----------
    left, right : Frame or float
        Frames of equal shape; a frame of one column or of one row goes with each column or row of the other.
        Enum columns beside columns of numbers are taken as missing.

    Returns
    -------
    Frame or float
    """
_COMPARED = """{0}, cell by cell (``{1}``): 1 or 0; 0 where an operand is missing.

    Parameters
    ----------
    left, right : Frame or float
        Frames of equal shape, or a frame and a number.

    Returns
    -------
    Frame or float
    """


def _register_arithmetic(name: str, function: Binary) -> None:
    def operator(left: Any, right: Any) -> Any:
        return _elementwise(name, function, left, right)

    operator.__doc__ = _OPERANDS.format(f"{_WORDS[name]} of two numbers, cell by cell (``{name}``)")
    primitive(name, elementwise=True)(operator)


for _name, _function in _ARITHMETIC.items():
    _register_arithmetic(_name, _function)

_ORDER: dict[str, Binary] = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


def _register_order(name: str, function: Binary) -> None:
    def operator(left: Any, right: Any) -> Any:
        return _elementwise(name, function, left, right)

    operator.__doc__ = _COMPARED.format(_WORDS[name], name)
    primitive(name, elementwise=True)(operator)


for _name, _function in _ORDER.items():
    _register_order(_name, _function)


def _equality(name: str, left: Any, right: Any, wanted: bool) -> Any:
    if not isinstance(left, Frame) and not isinstance(right, Frame):
        alike = left == right or (is_missing_value(left) and is_missing_value(right))
        return float(bool(alike) is wanted)
    ncol, names, nrow = _shape(name, left, right)
    columns = []
    for i in range(ncol):
        sides = _side(left, i), _side(right, i)
        result = _same(*sides) == wanted
        if not wanted and "" in [side for side in sides if isinstance(side, str)]:
            for side in sides:  # no text is not another text than the empty one: H2O knows both as the same
                result = result & ~side.is_missing() if isinstance(side, Column) else result
        columns.append(numeric(np.broadcast_to(result, nrow)))
    return Frame(names, columns, nrow=nrow)


def _same(left: Any, right: Any) -> Array:
    """Where two columns, or a column and a scalar, are equal; missing equals missing and nothing else."""
    if not isinstance(left, Column):
        left, right = right, left
    absent = left.is_missing()
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
    if any(textual):
        return np.zeros(max(len(left), len(right)), bool)
    return np.asarray(left.numbers() == right.numbers())


def _as_texts(column: Column) -> Column:
    return column if column.kind == "enum" else strings(column.values, "string", column.is_missing())


def _same_as_scalar(column: Column, value: Any) -> Array:
    if isinstance(value, str):
        if column.kind == "enum":
            levels = column.levels or ()
            return np.asarray(column.values == (levels.index(value) if value in levels else -2))
        text = value.upper() if column.kind == "uuid" else value
        return np.asarray(column.values == text) if column.is_text else np.zeros(len(column), bool)
    if column.is_text:
        return np.zeros(len(column), bool)
    return (
        np.asarray(column.values == value)
        if column.kind != "enum"
        else _level_equals_number(column, float(value))
    )


def _level_equals_number(column: Column, value: float) -> Array:
    """A level such as "7" equals the number 7: a factor made of numbers compares like the numbers."""
    table = np.zeros(len(column.levels or ()) + 1, bool)
    for code, level in enumerate(column.levels or ()):
        try:
            table[code] = float(level) == value
        except ValueError:
            continue
    return table[column.values]


@primitive("==", elementwise=True)
def equal(left: Any, right: Any) -> Any:
    """Whether cells are equal: 1 or 0. Missing equals missing and nothing else.

    Parameters
    ----------
    left, right : Frame, float or str
        Frames of equal shape, or a frame and a number, text, level, or NaN for missing.

    Returns
    -------
    Frame or float
    """
    return _equality("==", left, right, True)


@primitive("!=", elementwise=True)
def not_equal(left: Any, right: Any) -> Any:
    """Whether cells differ: the opposite of ``==``, but a missing cell does not differ from the empty text.

    Parameters
    ----------
    left, right : Frame, float or str
        Frames of equal shape, or a frame and a number, text, level, or NaN for missing.

    Returns
    -------
    Frame or float
    """
    return _equality("!=", left, right, False)


def _and(a: Any, b: Any) -> Any:
    unknown = np.isnan(a) | np.isnan(b)
    return np.where((a == 0) | (b == 0), 0.0, np.where(unknown, np.nan, 1.0))


def _or(a: Any, b: Any) -> Any:
    unknown = np.isnan(a) | np.isnan(b)
    true = ((a != 0) & ~np.isnan(a)) | ((b != 0) & ~np.isnan(b))
    return np.where(true, 1.0, np.where(unknown, np.nan, 0.0))


@primitive("&", "&&", elementwise=True)
def logical_and(left: Any, right: Any) -> Any:
    """Logical and: 0 where an operand is 0, even if the other is missing.

    Parameters
    ----------
    left, right : Frame or float
        Every number but 0 counts as true.

    Returns
    -------
    Frame or float
        1, 0, or missing where that is not known.
    """
    return _elementwise("&", _and, left, right)


@primitive("|", "||", elementwise=True)
def logical_or(left: Any, right: Any) -> Any:
    """Logical or: 1 where an operand is not 0, even if the other is missing.

    Parameters
    ----------
    left, right : Frame or float
        Every number but 0 counts as true.

    Returns
    -------
    Frame or float
        1, 0, or missing where that is not known.
    """
    return _elementwise("|", _or, left, right)


@primitive("!!", "not", "!", elementwise=True)
def logical_not(frame: Any) -> Any:
    """Logical negation: 1 where the value is 0, 0 elsewhere, missing where it is missing.

    Parameters
    ----------
    frame : Frame or float

    Returns
    -------
    Frame or float
        The columns are called ``not(name)``.
    """
    result = _elementwise("!", lambda a, _: np.where(np.isnan(a), np.nan, a == 0), frame, 0.0)
    return result.renamed(f"not({name})" for name in frame.names) if isinstance(frame, Frame) else result


@primitive("ifelse", elementwise=True)
def ifelse(test: Any, yes: Any, no: Any) -> Any:
    """Choose cell by cell between two values; missing where the test is.

    Parameters
    ----------
    test : Frame or float
        Columns of 0 and 1 (every number but 0 counts as 1).
    yes, no : Frame, float, str or None
        Numbers, texts, or frames of as many rows. If one is a text or level, the result is an enum.

    Returns
    -------
    Frame or float or str
    """
    if not isinstance(test, Frame):
        return float("nan") if is_missing_value(test) else yes if test else no
    for value in (yes, no):
        if isinstance(value, Frame) and (
            value.ncol not in (1, test.ncol) or value.nrow not in (1, test.nrow)
        ):
            raise InvalidArgument(
                f"ifelse: a frame of {value.nrow} rows x {value.ncol} columns for a test of {test.nrow} rows "
                f"x {test.ncol} columns"
            )
    result = []
    for i, column in enumerate(test.columns):
        if not column.is_numeric:
            raise InvalidType(f"ifelse: the test column {test.names[i]!r} is of type {column.kind}, not 0/1")
        result.append(_choose(column.numbers(), _branch(yes, i), _branch(no, i)))
    return Frame(test.names, result, nrow=test.nrow)


def _branch(value: Any, i: int) -> Any:
    return _side(value, i) if isinstance(value, Frame) else value


def _choose(test: Array, yes: Any, no: Any) -> Column:
    true, absent = (test != 0) & ~np.isnan(test), np.isnan(test)
    if any(_textual(v) for v in (yes, no)):
        return _choose_levels(true, absent, yes, no)
    sides = []
    for value in (yes, no):
        sides.append(value.numbers() if isinstance(value, Column) else _scalar("ifelse", value))
    return numeric(np.where(absent, np.nan, np.where(true, sides[0], sides[1])))


def _textual(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, Column) and (value.kind == "enum" or value.is_text))


def _choose_levels(true: Array, absent: Array, yes: Any, no: Any) -> Column:
    sides = [_as_factor(v, len(true)) for v in (yes, no)]
    both = stack(sides)
    codes = both.values.astype(np.int32)
    chosen = np.where(true, codes[: len(true)], codes[len(true) :])
    return enum(np.where(absent, -1, chosen), both.levels or ())


def _as_factor(value: Any, nrow: int) -> Column:
    if isinstance(value, str):
        return enum(np.zeros(nrow, np.int8), [value])
    if is_missing_value(value):
        return enum(np.full(nrow, -1), [])
    if not isinstance(value, Column):
        return enum(np.zeros(nrow, np.int8), [str(value)])
    column = factor(value)
    return column.take(np.zeros(nrow, np.int64)) if len(column) == 1 else column


@primitive("match", elementwise=True)
def match(frame: Frame, table: Items, nomatch: float = float("nan"), start_index: float = 1) -> Frame:
    """Position of each cell in a list of texts or numbers.

    Parameters
    ----------
    frame : Frame
        Each column is looked up by itself.
    table : list of str or float
        Where to look; of equal entries the first counts. NaN or None stands for missing cells.
    nomatch : float
        The result where a cell is not in the table.
    start_index : float
        Position of the first entry.

    Returns
    -------
    Frame
    """
    entries = [read_scalar(entry, "match: table") for entry in table]
    return map_columns(frame, lambda column: _matched(column, entries, nomatch, start_index))


def _matched(column: Column, table: list[Any], nomatch: float, start_index: float) -> Column:
    absent = column.is_missing()
    result = np.full(len(column), nomatch)
    for offset in reversed(range(len(table))):
        entry = table[offset]
        found = absent if is_missing_value(entry) else _same_as_scalar(column, entry) & ~absent
        result[found] = start_index + offset
    return numeric(result)
