"""Functions applied to columns, rows and groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.keys import grouped
from ..columns.makers import constant, numeric
from ..frame import Frame, unique_names
from .arguments import Items
from .grouping import group_columns, group_rows
from .indexing import cell
from .registry import primitive


class RowwiseUnknown(Exception):
    """A function cannot be computed for all rows at once; it has to be called for each."""


class RowValues(Frame):
    """A frame whose rows are the values of a function's parameter, one after the other."""

    __slots__ = ()


class ExpressionFunction:
    """What an expression such as ``{ x . (mean x 1 0) }``, or the bare name of an operation, evaluates to."""

    def __call__(self, *values: Any) -> Any:
        """Value of the function."""
        raise NotImplementedError

    def by_row(self, frame: RowValues) -> Any:
        """Values of the function for all rows of a frame: a `RowValues`, or a scalar that holds for all.

        Raises
        ------
        RowwiseUnknown
            The function has to be called for each row.
        """
        raise NotImplementedError


def _read_function(value: Any, what: str) -> ExpressionFunction:
    if isinstance(value, ExpressionFunction):
        return value
    raise InvalidType(f"{what} must be a function such as {{ x . (mean x 1 0) }}, got {value!r}")


AFunction = Annotated[Any, _read_function]


@primitive("apply")
def apply(frame: Frame, margin: int, function: AFunction) -> Frame:
    """Apply a function to each row or column.

    Parameters
    ----------
    frame : Frame
    margin : int
        1 rows, 2 columns.
    function : function of one parameter
        Over columns it gets frames of one column and gives a number or a column; over rows it gets a row, whose
        cells ``(cols row 'name')`` picks, and gives one number or several.

    Returns
    -------
    Frame
        Over columns: one column for each, under its name. Over rows: as many rows, columns C1, C2 ...
    """
    if margin not in (1, 2):
        raise InvalidArgument(f"apply: margin {margin} must be 1 (rows) or 2 (columns)")
    if margin == 2:
        results = [_one_column(function(frame.select([i])), frame.names[i]) for i in range(frame.ncol)]
        return Frame(frame.names, results)
    try:
        value = function.by_row(RowValues(frame.names, frame.columns, nrow=frame.nrow))
    except RowwiseUnknown:
        columns = _stacked([_cells(function(frame.take(np.array([i])))) for i in range(frame.nrow)], "apply")
    else:
        columns = value.columns if isinstance(value, Frame) else [constant(value, frame.nrow)]
    return Frame([f"C{i + 1}" for i in range(len(columns))], columns, nrow=frame.nrow)


def _one_column(value: Any, name: str) -> Column:
    if isinstance(value, Frame) and value.ncol == 1:
        return value.columns[0]
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, (bool, int, float, str, np.number)):
        return constant(value, 1)
    raise InvalidType(
        f"apply: the function must give a number or one column for column {name!r}, not {value!r}"
    )


def _cells(value: Any) -> list[Any]:
    """Results of one call as a list of scalars."""
    if isinstance(value, Frame):
        if value.nrow != 1:
            raise InvalidArgument(f"apply: the function must give one row for a row, not {value.nrow}")
        return [cell(column, 0) for column in value.columns]
    return list(value) if isinstance(value, list) else [value]


def _stacked(rows: Sequence[list[Any]], operation: str) -> list[Column]:
    """Columns of results that came row by row."""
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise InvalidArgument(
            f"{operation}: the function gave results of different lengths: {sorted(widths)}"
        )
    columns = []
    for cells in zip(*rows, strict=True):
        if any(isinstance(cell, str) for cell in cells):
            raise InvalidType(f"{operation}: the function must give numbers, it gave {cells[0]!r}")
        columns.append(numeric(np.array(cells, np.float64)))
    return columns


@primitive("ddply")
def ddply(frame: Frame, by: Items, function: AFunction) -> Frame:
    """Apply a function to each group of rows.

    Parameters
    ----------
    frame : Frame
    by : list of int or str
        Columns whose values make the groups; missing is a value of its own.
    function : function of one parameter
        It gets the frame of the group's rows and gives one number or several (or a frame of one row).

    Returns
    -------
    Frame
        One row for each group: the group columns, then ddply_C1, ddply_C2 ...
    """
    positions = group_columns(frame, by, "ddply")
    groups = grouped([frame.columns[i] for i in positions])
    results = _stacked([_cells(function(frame.take(rows))) for rows in group_rows(groups)], "ddply")
    names = [frame.names[i] for i in positions]
    keys = [frame.columns[i].take(groups.first) for i in positions]
    labels = unique_names((f"ddply_C{i + 1}" for i in range(len(results))), names)
    return Frame(names + labels, keys + results, nrow=groups.size)
