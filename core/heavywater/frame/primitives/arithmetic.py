"""Operators: arithmetic, logic, if-else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.makers import constant, enum, factor, numeric, stack, times
from ..columns.moment import Moment
from ..frame import Frame
from .arguments import is_missing_value
from .comparable import group_of, refusal
from .registry import primitive

Binary = Callable[[Any, Any], Any]


def elementwise(name: str, function: Binary, left: Any, right: Any) -> Any:
    """Apply a function of two numeric arrays to frames and scalars, matching columns and rows."""
    if not isinstance(left, Frame) and not isinstance(right, Frame):
        _check_sides(name, left, right, 0)
        with np.errstate(all="ignore"):
            return float(function(_scalar(name, left), _scalar(name, right)))
    ncol, names, nrow = shape_of(name, left, right)
    columns = []
    with np.errstate(all="ignore"):
        for i in range(ncol):
            _check_sides(name, left, right, i)
            a, b = _operand(name, left, i, nrow), _operand(name, right, i, nrow)
            columns.append(numeric(np.broadcast_to(function(a, b), nrow)))
    return Frame(names, columns, nrow=nrow)


_ORDERS = ("<", "<=", ">", ">=")


def _check_sides(name: str, left: Any, right: Any, i: int) -> None:
    """Points in time go with times, in comparisons and differences; what has no order is not compared."""
    sides = side_of(left, i), side_of(right, i)
    groups = {group_of(side) for side in sides}
    if "moment" in groups and (name not in (*_ORDERS, "-") or not groups <= {"time", "moment", "missing"}):
        raise refused(name, left, right, i)
    if name in _ORDERS and groups & {"enum", "text"}:
        for each, side in zip((left, right), sides, strict=True):
            if isinstance(side, str) or (isinstance(side, Column) and not _has_numbers(each, side)):
                raise refused(name, left, right, i)


def _has_numbers(frame: Frame, column: Column) -> bool:
    """Whether a column can be an operand: levels in a frame of numbers are taken as missing cells."""
    return (
        column.is_numeric
        or column.kind == "time"
        or (column.kind == "enum" and any(c.is_numeric for c in frame.columns))
    )


def refused(name: str, left: Any, right: Any, i: int) -> InvalidType:
    """The error about the operands of column `i`, which do not go together."""
    return refusal(f"operator {name}", *((side_of(each, i), label_of(each, i)) for each in (left, right)))


def label_of(value: Any, i: int) -> str | None:
    """Name of the column that is the operand for column `i` of the result; None for a scalar."""
    return value.names[i % value.ncol] if isinstance(value, Frame) else None


def shape_of(name: str, left: Any, right: Any) -> tuple[int, list[str], int]:
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
    if isinstance(value, Moment):
        return float(value.milliseconds)
    raise InvalidType(f"operator {name}: {value!r} is no number")


def side_of(value: Any, i: int) -> Any:
    """The operand for column `i` of the result: a column, or the scalar."""
    return value.columns[i % value.ncol] if isinstance(value, Frame) else value


def _operand(name: str, value: Any, i: int, nrow: int) -> Any:
    side = side_of(value, i)
    if not isinstance(side, Column):
        return _scalar(name, side)
    if not _has_numbers(value, side):
        raise InvalidType(
            f"operator {name}: column {label_of(value, i)!r} is of type {side.kind}; "
            "convert it with asnumeric() or select numeric columns"
        )
    if side.kind == "enum":
        return float("nan")
    numbers = side.numbers()
    return numbers[0] if len(numbers) == 1 and nrow != 1 else numbers


def _int_divide(a: Any, b: Any) -> Any:
    quotient = np.trunc(a) / np.trunc(b)
    return np.where(np.isfinite(quotient), np.trunc(quotient), np.nan)


# Zero has no sign: columns of whole numbers cannot keep it, and whether one is such depends on its other cells.
def _quotient(a: Any, b: Any) -> Any:
    return np.divide(a, np.add(b, 0.0))


def _power(a: Any, b: Any) -> Any:
    return np.power(np.add(a, 0.0), b)


_ARITHMETIC: dict[str, Binary] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": _quotient,
    "^": _power,
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


def _register_arithmetic(name: str, function: Binary) -> None:
    def operator(left: Any, right: Any) -> Any:
        return elementwise(name, function, left, right)

    operator.__doc__ = _OPERANDS.format(f"{_WORDS[name]} of two numbers, cell by cell (``{name}``)")
    primitive(name, elementwise=True)(operator)


for _name, _function in _ARITHMETIC.items():
    _register_arithmetic(_name, _function)


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
    return elementwise("&", _and, left, right)


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
    return elementwise("|", _or, left, right)


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
    result = elementwise("!", lambda a, _: np.where(np.isnan(a), np.nan, a == 0), frame, 0.0)
    return result.renamed(f"not({name})" for name in frame.names) if isinstance(frame, Frame) else result


@primitive("ifelse", elementwise=True)
def ifelse(test: Any, yes: Any, no: Any) -> Any:
    """Choose cell by cell between two values; missing where the test is.

    Parameters
    ----------
    test : Frame or float
        Columns of 0 and 1 (every number but 0 counts as 1).
    yes, no : Frame, float, str or None
        Numbers, texts, moments, or frames of as many rows. If one is a text or level, the result is an enum; of
        times alone it is a time.

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
        branches = side_of(yes, i), side_of(no, i)
        _check_branches(branches, label_of(yes, i), label_of(no, i))
        result.append(_choose(column.numbers(), *branches))
    return Frame(test.names, result, nrow=test.nrow)


def _check_branches(branches: tuple[Any, Any], *labels: str | None) -> None:
    """Times go with times and missing cells, columns of times also with milliseconds."""
    groups = {group_of(branch) for branch in branches}
    allowed = {"time", "moment", "missing"} if "moment" in groups else {"time", "number", "missing"}
    if groups & {"time", "moment"} and not groups <= allowed:
        raise refusal("ifelse", *zip(branches, labels, strict=True))


def _choose(test: Array, yes: Any, no: Any) -> Column:
    true, absent = (test != 0) & ~np.isnan(test), np.isnan(test)
    groups = {group_of(side) for side in (yes, no)}
    if groups & {"text", "enum"}:
        return _choose_levels(true, absent, yes, no)
    if groups & {"time", "moment"} and "number" not in groups:
        return _choose_times(true, absent, yes, no)
    sides = [side.numbers() if isinstance(side, Column) else _scalar("ifelse", side) for side in (yes, no)]
    return numeric(np.where(absent, np.nan, np.where(true, sides[0], sides[1])))


def _choose_times(true: Array, absent: Array, yes: Any, no: Any) -> Column:
    moments, missing = [], []
    for side in (yes, no):
        cells = constant(side, 1) if not isinstance(side, Column) else side
        gone = cells.is_missing()
        moments.append(cells.values if cells.kind == "time" else np.zeros(1, np.int64))
        missing.append(gone)
    return times(np.where(true, *moments), absent | np.where(true, *missing))


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
