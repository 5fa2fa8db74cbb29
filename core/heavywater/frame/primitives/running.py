"""Running totals, and differences of neighbours."""

from __future__ import annotations

import numpy as np

from ..columns.column import Column
from ..columns.makers import numeric, times
from ..frame import Frame
from .arguments import map_columns, need_numeric
from .reducers import Total, side_by_side
from .registry import primitive

_RUNNING: tuple[tuple[str, Total, str], ...] = (
    ("cumsum", np.cumsum, "sum"),
    ("cumprod", np.cumprod, "product"),
    ("cummin", np.minimum.accumulate, "minimum"),
    ("cummax", np.maximum.accumulate, "maximum"),
)
_RUNNING_DOCUMENTATION = """Running {0}; missing from the first missing cell on.

    Parameters
    ----------
    frame : Frame
        Columns of numbers.
    axis : int
        0 down the rows, 1 along the columns.

    Returns
    -------
    Frame
    """


def _run(name: str, function: Total, column: Column) -> Column:
    values = function(column.numbers())
    if column.kind != "time" or name not in ("cummin", "cummax"):
        return numeric(values)
    absent = np.isnan(values)
    return times(np.where(absent, 0, values), absent)  # the earliest and the latest are times


def _register_running(name: str, function: Total, meaning: str) -> None:
    def running(frame: Frame, axis: int = 0) -> Frame:
        need_numeric(frame, name)
        with np.errstate(all="ignore"):
            if not axis:
                return map_columns(frame, lambda column: _run(name, function, column))
            matrix = side_by_side(frame)
            totals = function(matrix, axis=1) if frame.ncol else matrix
        return Frame(frame.names, [numeric(totals[:, j]) for j in range(frame.ncol)], nrow=frame.nrow)

    running.__doc__ = _RUNNING_DOCUMENTATION.format(meaning)
    primitive(name)(running)


for _name, _function, _text in _RUNNING:
    _register_running(_name, _function, _text)


@primitive("difflag1")
def difflag1(frame: Frame) -> Frame:
    """Each number minus the one in the row before; missing in the first row.

    Parameters
    ----------
    frame : Frame
        Columns of numbers.

    Returns
    -------
    Frame
    """
    need_numeric(frame, "difflag1")

    def differences(column: Column) -> Column:
        numbers = column.numbers()
        with np.errstate(all="ignore"):
            return numeric(np.concatenate([np.full(min(1, len(numbers)), np.nan), np.diff(numbers)]))

    return map_columns(frame, differences)
