"""Objects of Python as Arrow tables, and Arrow tables as objects of Python: what front ends give and get.

A table from here also says what Arrow does not know of a frame (`heavywater.frame.exchange.arrow_frames`), so that nothing is
lost on the way to a session and back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from .errors import InvalidArgument
from .frame.columns.zones import zone_of_session
from .frame.exchange.arrow_frames import frame_of_table, table_of_frame
from .frame.exchange.arrow_tables import to_arrow
from .frame.exchange.dask_parts import is_dask, remove_partitions, write_partitions
from .frame.exchange.incoming import frame_from
from .frame.exchange.outgoing import level_values
from .frame.exchange.outgoing import to_arrow_values as _to_arrow_values
from .frame.exchange.outgoing import to_pandas as _to_pandas
from .frame.exchange.outgoing import to_rows as _to_rows
from .frame.exchange.sparse_matrices import sparse_matrix
from .frame.frame import Frame
from .frame.importing.retyping import retyped

__all__ = [
    "Table",
    "is_dask",
    "remove_partitions",
    "retyped_table",
    "table_of",
    "to_arrow_values",
    "to_numpy",
    "to_pandas",
    "to_plain_arrow",
    "to_rows",
    "to_scipy",
    "values_of_levels",
    "write_partitions",
]

Table = Any  # pyarrow.Table


def table_of(
    data: Any,
    names: Sequence[str] | None = None,
    header: int = 0,
    column_types: Sequence[Any] | Mapping[Any, Any] | None = None,
    na_strings: Any = None,
    force_types: bool = False,
    skipped: Sequence[int | str] | None = None,
    time_zone: str = "UTC",
    as_texts: Collection[str] = (),
) -> Table:
    """An Arrow table of an object of pandas, polars, Arrow, NumPy, SciPy or Python, to be uploaded to a session.

    Parameters
    ----------
    data, names, header, column_types, na_strings, force_types, as_texts
        See `heavywater.frame.exchange.incoming.frame_from`.
    skipped : sequence of int or str, optional
        Columns to leave out.
    time_zone : str
        Whose clock the dates in texts are meant by: that of the session.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    InvalidType, InvalidArgument
        The object cannot be a frame, or an argument does not fit it.
    """
    with zone_of_session(time_zone):
        frame = frame_from(data, names, header, column_types, na_strings, force_types, as_texts)
    return table_of_frame(_without(frame, skipped))


def retyped_table(
    table: Table,
    column_types: Any = None,
    na_strings: Any = None,
    force_types: bool = False,
    skipped: Sequence[int | str] | None = None,
    names: Sequence[str] | None = None,
    time_zone: str = "UTC",
) -> Table:
    """A table from a session with other types, fewer columns or other names.

    Parameters
    ----------
    table : pyarrow.Table
    column_types, na_strings, force_types
        See `heavywater.frame.importing.retyping.retyped`.
    skipped : sequence of int or str, optional
        Columns to leave out.
    names : sequence of str, optional
        Of all columns that are left.
    time_zone : str
        As in `table_of`.
    """
    with zone_of_session(time_zone):
        frame = retyped(frame_of_table(table), column_types, na_strings, force_types)
    frame = _without(frame, skipped)
    return table_of_frame(frame if names is None else frame.renamed(names))


def _without(frame: Frame, skipped: Sequence[int | str] | None) -> Frame:
    try:
        left_out = {frame.index(column) for column in skipped or ()}
    except InvalidArgument as error:
        raise InvalidArgument(f"`skipped_columns` must be valid column names or numbers: {error}") from None
    return frame.select(i for i in range(frame.ncol) if i not in left_out) if left_out else frame


def to_pandas(table: Table, times: str = "datetime", na_values: Sequence[Any] | None = None) -> Any:
    """pandas.DataFrame of a table from a session, see `heavywater.frame.exchange.outgoing.to_pandas`."""
    return _to_pandas(frame_of_table(table), times, na_values)


def to_rows(table: Table, header: bool = True, times: str = "datetime") -> list[list[Any]]:
    """A table from a session as a list of rows, see `heavywater.frame.exchange.outgoing.to_rows`."""
    return _to_rows(frame_of_table(table), header, times)


def to_scipy(table: Table) -> Any:
    """A table of numbers from a session as a sparse matrix, see `heavywater.frame.exchange.sparse_matrices.sparse_matrix`."""
    return sparse_matrix(frame_of_table(table))


def to_plain_arrow(table: Table) -> Table:
    """A table from a session as other programs know it: sparse columns dense, what came from a data frame of the types there."""
    return to_arrow(frame_of_table(table), as_it_was=True)


def to_arrow_values(table: Table) -> Table:
    """A table from a session whose levels are numbers or flags where these are their names, as `to_pandas` has them."""
    return _to_arrow_values(frame_of_table(table))


def values_of_levels(levels: Sequence[str]) -> list[Any]:
    """What levels are the names of: numbers or flags, see `heavywater.frame.exchange.outgoing.level_values`, else themselves."""
    values = level_values(levels)
    return list(levels) if values is None else values.tolist()


def to_numpy(table: Table, dtype: Any = None) -> np.ndarray[Any, Any]:
    """A table from a session as an array: of float64 with NaN for missing where all columns are numbers, else of objects."""
    frame = frame_of_table(table)
    if frame.ncol and all(column.is_numeric for column in frame.columns):
        matrix = np.column_stack([column.numbers() for column in frame.columns])
        return matrix if dtype is None else matrix.astype(dtype)
    found: np.ndarray[Any, Any] = _to_pandas(frame).to_numpy(dtype or object)
    return found
