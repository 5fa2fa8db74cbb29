"""Python objects to frames, frames to pandas and CSV text."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import InvalidArgument, InvalidType
from .arrow_tables import arrow_column, column_from_arrow, flags, guessed
from .columns import NONE, Array, Column, enum, numeric, strings, times
from .frame import Frame
from .header import usable_names
from .retyping import retyped
from .sparse import sparse_columns


def frame_from(
    data: Any,
    names: Sequence[str] | None = None,
    header: int = 0,
    column_types: Sequence[Any] | Mapping[Any, Any] | None = None,
    na_strings: Any = None,
    force_types: bool = False,
) -> Frame:
    """Frame from a Python object.

    Parameters
    ----------
    data : pandas.DataFrame or Series, numpy array, dict of lists, list of rows, list of cells, scipy sparse
        matrix, or anything with ``__arrow_c_stream__`` (polars, pyarrow)
        A flat list is one column; a list of lists holds rows.
    names : sequence of str, optional
        Column names; else those of the object, else C1, C2, ...
    header : int
        1 when the first row of a list of lists holds the names.
    column_types, na_strings, force_types
        See `retyped`. Texts that no type is named for are typed by the same rules as in a file.
    """
    found, columns = _columns(data, header)
    labels = list(names) if names is not None else found
    if labels is None:
        labels = [f"C{i + 1}" for i in range(len(columns))]
    if len(labels) != len(columns):
        raise InvalidArgument(f"column_names: {len(labels)} names for {len(columns)} columns")
    labels = usable_names(str(label) for label in labels)
    twice = (
        next((label for label in labels if labels.count(label) > 1), None)
        if len(set(labels)) < len(labels)
        else None
    )
    if twice is not None:
        raise InvalidArgument(
            f"python_obj: the column name {twice!r} appears more than once; give column_names= with {len(labels)} "
            "different names"
        )
    frame = Frame(labels, columns)
    return retyped(frame, column_types, na_strings, force_types, guess=guessed)


def _columns(data: Any, header: int) -> tuple[list[str] | None, list[Column]]:
    module = type(data).__module__.split(".")[0]
    if module == "pandas":
        return _from_pandas(data)
    if module == "scipy" and hasattr(data, "tocsc"):
        return None, sparse_columns(data)
    if hasattr(data, "__arrow_c_stream__"):
        import pyarrow

        table = pyarrow.table(data)
        names = list(table.column_names)
        return names, [column_from_arrow(c, name) for c, name in zip(table.columns, names, strict=True)]
    if isinstance(data, np.ndarray):
        return _from_numpy(data)
    if isinstance(data, Mapping) and data:
        return [str(name) for name in data], _equal_lengths(
            [_from_cells(v) for v in _filled_up(list(data.values()))], list(data)
        )
    if isinstance(data, (list, tuple, Mapping)):
        return _from_rows(list(data), header)
    raise InvalidType(
        f"python_obj: {type(data).__name__} cannot become a frame; give a pandas, polars or pyarrow "
        "table, a numpy array, a dict of lists, a list of lists or a list"
    )


def _filled_up(columns: list[Any]) -> list[Any]:
    """Lists of cells, of which shorter ones end with missing cells; one of a single cell is repeated later."""
    height = max((len(c) for c in columns if isinstance(c, (list, tuple))), default=0)
    return [
        [*c, *[None] * (height - len(c))] if isinstance(c, (list, tuple)) and len(c) > 1 else c
        for c in columns
    ]


def _equal_lengths(columns: list[Column], names: Sequence[Any]) -> list[Column]:
    height = max((len(c) for c in columns), default=0)
    for i, column in enumerate(columns):
        if len(column) not in (1, height):
            raise InvalidArgument(
                f"python_obj: column {names[i]!r} has {len(column)} cells, another has {height}"
            )
    return [c if len(c) == height else c.take(np.zeros(height, np.int64)) for c in columns]


def _from_rows(rows: Sequence[Any], header: int) -> tuple[list[str] | None, list[Column]]:
    if not rows or not any(isinstance(row, (list, tuple, np.ndarray)) for row in rows):
        return None, [_from_cells(rows)]
    table = [list(row) if isinstance(row, (list, tuple, np.ndarray)) else [row] for row in rows]
    width = max(len(row) for row in table)
    if width == 0:
        return None, [_from_cells([])]
    names = [str(cell) for cell in table.pop(0)] if header > 0 else None
    table = [row + [None] * (width - len(row)) for row in table]
    return names, [_from_cells([row[j] for row in table]) for j in range(width)]


def _from_numpy(data: Array) -> tuple[list[str] | None, list[Column]]:
    if data.dtype.names:
        return list(data.dtype.names), [_from_cells(data[name]) for name in data.dtype.names]
    if data.ndim == 0 or data.ndim > 2:
        raise InvalidArgument(f"python_obj: an array of {data.ndim} dimensions; 1 or 2 are needed")
    if data.ndim == 1:
        return None, [_from_cells(data)]
    return None, [_from_cells(data[:, j]) for j in range(data.shape[1])]


def _from_cells(cells: Any) -> Column:
    """Column from a sequence of Python or numpy values."""
    if not isinstance(cells, np.ndarray):
        if isinstance(cells, (str, bytes)) or not hasattr(cells, "__iter__"):
            cells = [cells]
        cells = _array_of(list(cells))
    if cells.dtype.kind == "f":
        return numeric(cells.copy())
    if cells.dtype.kind in "iu":
        return numeric(cells.copy())
    if cells.dtype.kind == "b":
        return flags(cells, None)
    if cells.dtype.kind == "M":
        missing = np.isnat(cells)
        return times(np.where(missing, 0, cells.astype("M8[ms]").astype(np.int64)), missing)
    return _from_objects(cells.astype(object))


def _array_of(cells: list[Any]) -> Array:
    """Cells as a numeric array when all are numbers or None, else as objects (never as numpy texts)."""
    kinds = {type(cell) for cell in cells}
    if kinds <= {int, float, type(None)} or (kinds and all(issubclass(k, np.number) for k in kinds)):
        if type(None) in kinds or float in kinds:
            return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
        try:
            return np.array(cells) if cells else np.zeros(0)
        except OverflowError:
            return np.array(cells, dtype=np.float64)
    result = np.empty(len(cells), dtype=object)
    result[:] = cells
    return result


def _from_objects(cells: Array) -> Column:
    absent = np.array([cell is None or cell != cell for cell in cells.tolist()], dtype=bool)
    kinds = {type(cell) for cell in cells[~absent].tolist()}
    if not kinds:
        return numeric(np.full(len(cells), np.nan))
    if all(issubclass(kind, (int, float, np.number)) and kind is not bool for kind in kinds):
        return numeric(np.where(absent, np.nan, cells).astype(np.float64))
    if all(hasattr(kind, "isoformat") for kind in kinds):
        stamps = np.array(np.where(absent, NONE, cells), dtype="M8[ms]")
        return _from_cells(stamps)
    if any(issubclass(kind, (list, dict, tuple, set)) for kind in kinds):
        raise InvalidType(
            f"python_obj: a cell of type {next(iter(kinds)).__name__}; cells must be numbers or texts"
        )
    texts = [None if gone else str(cell) for cell, gone in zip(cells.tolist(), absent, strict=True)]
    return strings(texts)


def _from_pandas(data: Any) -> tuple[list[str], list[Column]]:
    import pandas as pd

    if not hasattr(data, "columns"):
        data = data.to_frame(name=data.name if data.name is not None else "C1")
    names = [str(name) if not isinstance(name, int) else f"C{i + 1}" for i, name in enumerate(data.columns)]
    if len(names) and all(isinstance(dtype, pd.SparseDtype) for dtype in data.dtypes):
        return names, sparse_columns(data.sparse.to_coo())
    return names, [_from_series(data.iloc[:, i]) for i in range(data.shape[1])]


def _from_series(series: Any) -> Column:
    import pandas as pd

    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return from_codes(series.cat.codes.to_numpy(), [_level_text(v) for v in series.cat.categories])
    if isinstance(dtype, np.dtype):
        return _from_cells(series.to_numpy())
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _from_cells(series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    if isinstance(dtype, (pd.ArrowDtype, pd.StringDtype)) or pd.api.types.is_extension_array_dtype(dtype):
        import pyarrow as pa

        cells = None
        with contextlib.suppress(pa.ArrowException, TypeError):
            cells = pa.array(series.array, from_pandas=True)
        if cells is None or isinstance(cells.type, pa.BaseExtensionType):  # a type that Arrow does not know
            absent = series.isna().to_numpy()
            return _from_objects(series.astype(object).where(~absent, None).to_numpy())
        chunked = cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])
        return column_from_arrow(chunked, str(series.name))
    raise InvalidType(f"python_obj: column {series.name!r} of type {dtype}")


def _level_text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def from_codes(codes: Array, levels: list[str]) -> Column:
    """Categorical: levels put into byte order as in an imported file; unused ones are kept."""
    order = sorted(range(len(levels)), key=lambda i: levels[i].encode())
    if all(level.lstrip("-").isdecimal() for level in levels):
        order = sorted(range(len(levels)), key=lambda i: int(levels[i]))
    remap = np.full(len(levels) + 1, -1, np.int32)
    remap[order] = np.arange(len(order))
    return enum(remap[codes], [levels[i] for i in order])


def to_pandas(frame: Frame) -> Any:
    """pandas.DataFrame: whole numbers int64 (float64 where cells are missing), real numbers float64, enums
    and texts as pandas' own text type, times as ``datetime64[ms]``; missing as pandas marks it."""
    import pandas as pd

    data = {i: _series_data(column) for i, column in enumerate(frame.columns)}
    result = pd.DataFrame(data, index=pd.RangeIndex(frame.nrow))
    result.columns = pd.Index(frame.names, dtype=object if not frame.names else None)
    return result


def _series_data(column: Column) -> Any:
    if column.kind == "time":
        stamps = column.values.astype("M8[ms]")
        return np.where(column.is_missing(), np.datetime64("NaT", "ms"), stamps)
    if column.is_numeric:
        return (
            column.values.astype(np.int64)
            if column.kind == "int" and column.missing is None
            else column.numbers()
        )
    return _text_series(column)


def _text_series(column: Column) -> Any:
    """Texts or levels in pandas' own text type, without a Python object for each where that rests on Arrow."""
    import pandas as pd

    if int(pd.__version__.partition(".")[0]) < 3:
        return column.texts()
    cells = column.text_cells.arrow if column.is_text else arrow_column(column).dictionary_decode()
    return pd.StringDtype(na_value=np.nan).__from_arrow__(cells)


def to_rows(frame: Frame, header: bool = True) -> list[list[Any]]:
    """The frame as a list of rows, the names first; missing is ''."""
    columns = [python_cells(column, "") for column in frame.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return [list(frame.names), *rows] if header else rows


def python_cells(column: Column, missing: Any = None) -> list[Any]:
    """The cells as Python numbers and texts; times as ISO texts."""
    absent = column.is_missing()
    if column.kind == "time":
        cells: list[Any] = np.char.replace(
            np.datetime_as_string(column.values.astype("M8[ms]")), "T", " "
        ).tolist()
    else:
        cells = column.values.tolist() if column.is_numeric else column.texts().tolist()
    return (
        [missing if gone else cell for cell, gone in zip(cells, absent.tolist(), strict=True)]
        if absent.any()
        else cells
    )


def to_csv(frame: Frame, header: bool = True) -> str:
    """The frame as comma-separated text; texts quoted, missing empty."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    if header:
        writer.writerow(frame.names)
    absent = _Bare(0.0)
    writer.writerows(zip(*(python_cells(column, absent) for column in frame.columns), strict=True))
    return out.getvalue()


class _Bare(float):
    """An empty field: csv quotes texts but no numbers, and missing must not look like an empty text."""

    def __repr__(self) -> str:
        return ""

    __str__ = __repr__
