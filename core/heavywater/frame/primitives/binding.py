"""Adding, renaming and binding columns; putting frames one below the other."""

from __future__ import annotations

from typing import Any

from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.makers import stack
from ..columns.moment import Moment
from ..frame import Frame, unique_names
from .arguments import Texts, column_positions, is_missing_value, read_number, read_scalar, read_text
from .assignment import fit_height, repeated
from .registry import primitive


@primitive("append")
def append(frame: Frame, *values_and_names: Any) -> Frame:
    """Add columns at the end.

    Parameters
    ----------
    frame : Frame
    *values_and_names : Frame, float or str, then str
        Value, name, value, name ...: a frame of one column (and as many rows, or one), a number or a text. A
        name that exists gets a number appended.

    Returns
    -------
    Frame
    """
    if not values_and_names or len(values_and_names) % 2:
        raise InvalidType("append: values and names are needed in turn: value, name, value, name ...")
    names, columns = list(frame.names), list(frame.columns)
    for value, label in zip(values_and_names[::2], values_and_names[1::2], strict=True):
        name = read_text(label, "append: name")
        columns.append(_new_column(value, name, frame.nrow))
        names += unique_names([name], names)
    return Frame(names, columns)


def _new_column(value: Any, name: str, nrow: int) -> Column:
    if not isinstance(value, Frame):
        return repeated(read_scalar(value, f"column {name!r}: value"), nrow)
    if value.ncol != 1 or value.nrow not in (1, nrow):
        raise InvalidArgument(
            f"column {name!r}: a frame of {value.nrow} rows x {value.ncol} columns cannot become one "
            f"column of {nrow} rows"
        )
    return fit_height(value.columns[0], nrow, nrow, slice(None))


@primitive("colnames=")
def colnames(frame: Frame, columns: Any, names: Texts) -> Frame:
    """Rename columns.

    Parameters
    ----------
    frame : Frame
    columns : int, str, or list of these
        Which ones.
    names : list of str
        As many new names.

    Returns
    -------
    Frame
    """
    positions = column_positions(frame, columns)
    if len(positions) != len(names):
        raise InvalidArgument(f"rename: {len(names)} names for {len(positions)} columns")
    result = list(frame.names)
    for position, name in zip(positions, names, strict=True):
        result[position] = name
    return frame.renamed(result)


@primitive("cbind")
def cbind(*frames: Any) -> Frame:
    """Put frames side by side.

    Parameters
    ----------
    *frames : Frame or float
        Frames of equal height; a number becomes a column. A name that exists gets a number appended.

    Returns
    -------
    Frame
    """
    heights = {f.nrow for f in frames if isinstance(f, Frame)} or {1}
    if len(heights) != 1:
        raise InvalidArgument(f"cbind: the frames have different numbers of rows: {sorted(heights)}")
    nrow = heights.pop()
    names: list[str] = []
    columns: list[Column] = []
    for item in frames:
        if isinstance(item, Frame):
            names += unique_names(item.names, names)
            columns += item.columns
        else:
            names += unique_names([f"C{len(columns) + 1}"], names)
            columns.append(repeated(_number_or_time(item), nrow))
    return Frame(names, columns, nrow=nrow)


def _number_or_time(value: Any) -> float | Moment | None:
    if is_missing_value(value) or isinstance(value, Moment):
        return None if is_missing_value(value) else value
    return read_number(value, "cbind: what is no frame")


@primitive("rbind")
def rbind(*frames: Frame) -> Frame:
    """Put frames one below the other.

    Parameters
    ----------
    *frames : Frame
        Of equal column names and types; levels are united.

    Returns
    -------
    Frame
    """
    if not frames:
        raise InvalidType("rbind: at least one frame is needed")
    first = frames[0]
    for other in frames[1:]:
        if other.ncol != first.ncol:
            raise InvalidArgument(f"rbind: {other.ncol} columns below {first.ncol} columns")
        if other.names != first.names:
            differing = next((a, b) for a, b in zip(first.names, other.names, strict=True) if a != b)
            raise InvalidArgument(
                f"rbind: column {differing[1]!r} below column {differing[0]!r}; names must agree"
            )
    columns = []
    for i, name in enumerate(first.names):
        try:
            columns.append(stack([f.columns[i] for f in frames]))
        except InvalidArgument as error:
            raise InvalidArgument(f"rbind: column {name!r}: {error}") from None
    return Frame(first.names, columns, nrow=sum(f.nrow for f in frames))
