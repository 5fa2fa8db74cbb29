"""Python objects to frames; `outgoing` has the way back, `cells` the single columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence, ValuesView
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.makers import factor
from ..columns.moment import is_absent
from ..columns.sparse import sparse_columns
from ..frame import Frame
from ..importing.header import usable_names
from ..importing.retyping import retyped
from .arrow_tables import column_from_arrow, guessed
from .cells import as_sparse_type, column_of, column_of_array, column_of_series, has_no_fill, polars_cells

Found = tuple[list[str] | None, list[Column]]
_SINGLE = (str, bytes, bytearray, memoryview)  # sequences that are no lists of cells


def frame_from(
    data: Any,
    names: Sequence[str] | None = None,
    header: int = 0,
    column_types: Sequence[Any] | Mapping[Any, Any] | None = None,
    na_strings: Any = None,
    force_types: bool = False,
    as_texts: Collection[str] = (),
) -> Frame:
    """Frame from a Python object.

    Parameters
    ----------
    data : pandas.DataFrame, Series or Index, polars or pyarrow table or series, numpy array, dict of columns, list of \
rows, list of dicts, list of cells, or scipy sparse matrix
        A flat list is one column; a list of lists holds rows; one of named tuples or dataclass objects has names,
        too. In a dict a single cell is repeated, a shorter list ends with missing cells. What is missing in the
        object is missing in the frame, and nothing else: texts such as "NA" and "" are texts. (Where texts are read
        as numbers or times, since all others are such, they are missing as in a file.) Labels that are no texts are
        written out. The index of pandas is left out.
    names : sequence of str, optional
        Column names; else those of the object, else C1, C2, ...
    header : int
        1 when the first row of a list of lists holds the names.
    column_types, na_strings, force_types
        See `retyped`. Texts that no type is named for are typed by the same rules as in a file.
    as_texts : collection of str, optional
        Columns whose texts are levels, whatever they look like: those of a model that has seen levels there, such as 007.

    Raises
    ------
    InvalidType
        The object, or a column of it, cannot be in a frame.
    InvalidArgument
        Columns of different heights, names that are not as many, or not different.
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
    # pandas has rows without columns
    rows = len(data.index) if not columns and hasattr(data, "index") and hasattr(data, "columns") else None
    frame = Frame(labels, columns, nrow=rows)

    def guess(column: Column, name: str) -> Column:
        return factor(column).with_origin(column.origin) if name in as_texts else _guessed(column, name)

    return retyped(frame, column_types, na_strings, force_types, guess)


def _guessed(column: Column, name: str) -> Column:
    """As `guessed`; levels and texts were the texts that they are."""
    found = guessed(column, name)
    return found.with_origin(column.origin) if found.kind in ("enum", "string", "bad") else found


def _columns(data: Any, header: int) -> Found:
    module = type(data).__module__.split(".")[0]
    if module == "pandas" and hasattr(data, "dtypes" if hasattr(data, "columns") else "dtype"):
        return _from_pandas(data)
    if module == "scipy" and hasattr(data, "tocsc"):
        return None, sparse_columns(data)
    table = _arrow_of(data, module)
    if table is not None:
        return _from_arrow(table)
    if isinstance(data, np.ndarray):
        return _from_numpy(data)
    if isinstance(data, Mapping) and data:
        return labels_of(data), _equal_lengths(
            [
                column_of(cells, name)
                for name, cells in zip(data, _filled_up(list(data.values())), strict=True)
            ],
            list(data),
        )
    if isinstance(data, Mapping):
        return None, [column_of([], "C1")]
    if isinstance(data, (Sequence, Iterator, ValuesView)) and not isinstance(data, _SINGLE):
        return _from_rows(list(data), header)
    if hasattr(data, "__array__") and module != "builtins":
        return _from_numpy(np.asarray(data))
    raise InvalidType(
        f"python_obj: {type(data).__name__} cannot become a frame; give a pandas, polars or pyarrow "
        "table, a numpy array, a dict of lists, a list of lists or a list"
    )


def labels_of(labels: Any) -> list[str]:
    """Texts of the labels of columns; the parts of one that has several are joined by ``_``."""
    return [_label(label, i) for i, label in enumerate(labels)]


def _label(label: Any, position: int) -> str:
    if is_absent(label):
        return f"C{position + 1}"
    if isinstance(label, tuple):
        return "_".join(str(part) for part in label if part != "")
    return label.decode() if isinstance(label, bytes) else str(label)


# ---- tables


def _from_pandas(data: Any) -> Found:
    import pandas as pd

    if isinstance(data, pd.MultiIndex):
        data = data.to_frame(index=False, allow_duplicates=True)
    if not hasattr(data, "columns"):
        return labels_of([getattr(data, "name", None)]), [column_of_series(data, getattr(data, "name", "C1"))]
    names = labels_of(data.columns)
    sparse = [i for i, dtype in enumerate(data.dtypes) if has_no_fill(dtype)]
    columns = (
        dict(zip(sparse, sparse_columns(data.iloc[:, sparse].sparse.to_coo()), strict=True)) if sparse else {}
    )
    columns = {i: as_sparse_type(column, data.dtypes.iloc[i]) for i, column in columns.items()}
    return names, [
        columns[i] if i in columns else column_of_series(data.iloc[:, i], name)
        for i, name in enumerate(names)
    ]


def _polars_table(data: Any) -> Any:
    """A polars frame, lazy frame or series as a frame of types that Arrow knows."""
    if hasattr(data, "collect"):
        data = data.collect()
    if hasattr(data, "to_frame"):
        data = data.to_frame(data.name or "C1")
    if not hasattr(data, "get_columns"):
        raise InvalidType(
            f"python_obj: a {type(data).__name__} of polars holds no cells; give a DataFrame or Series"
        )
    for name, kind in data.schema.items():
        if str(kind).startswith("Object"):
            raise InvalidType(
                f"python_obj: column {name!r} of polars' type Object; cast it to a type of numbers, times or texts"
            )
    return data.with_columns([polars_cells(column) for column in data.get_columns()])


def _arrow_of(data: Any, module: str) -> Any:
    """What has Arrow's PyCapsule interface, or an Arrow table, of a data frame; None of anything else."""
    if module == "narwhals":
        data = data.to_native()
        module = type(data).__module__.split(".")[0]
    if module == "polars":
        data = _polars_table(data)
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        return data
    return None if module in ("builtins", "numpy") else _arrow_of_other(data, module)


def _arrow_of_other(data: Any, module: str) -> Any:
    """Arrow table of what has a method for it, or is known to narwhals or the interchange protocol; else None."""
    if module == "pyarrow" and hasattr(data, "to_table"):  # a dataset, or a part of one
        return data.to_table()
    for method in ("to_arrow", "toArrow", "to_arrow_table", "fetch_arrow_table"):
        if callable(getattr(data, method, None)):
            return getattr(data, method)()
    if module in ("modin", "cudf"):
        import narwhals

        return narwhals.from_native(data, eager_only=True).to_arrow()
    if hasattr(data, "__dataframe__"):
        from pyarrow.interchange import from_dataframe

        return from_dataframe(data)
    return None


def _from_arrow(data: Any) -> Found:
    import pyarrow as pa

    if isinstance(data, (pa.Array, pa.ChunkedArray)) and not pa.types.is_struct(data.type):
        return None, [column_of(data, "C1")]
    try:
        table = pa.table(pa.chunked_array([data]) if isinstance(data, pa.Array) else data)
    except (pa.ArrowInvalid, TypeError):  # cells of one column
        return None, [column_of(data, "C1")]
    names = list(table.column_names)
    return names, [
        column_from_arrow(cells, field.name, marks=field.metadata)
        for cells, field in zip(table.columns, table.schema, strict=True)
    ]


def _from_numpy(data: Array) -> Found:
    if data.ndim == 0 or data.ndim > 2:
        raise InvalidArgument(f"python_obj: an array of {data.ndim} dimensions; 1 or 2 are needed")
    if isinstance(data, np.matrix):  # its columns would be matrices again
        data = np.asarray(data)
    if data.dtype.names:
        flat = data.reshape(-1)
        return list(data.dtype.names), [column_of_array(flat[name], name) for name in data.dtype.names]
    if data.ndim == 1:
        return None, [column_of_array(data, "C1")]
    return None, [column_of_array(data[:, j], f"C{j + 1}") for j in range(data.shape[1])]


# ---- lists


def _filled_up(columns: list[Any]) -> list[Any]:
    """Lists of cells, of which shorter ones end with missing cells; a single cell is repeated later."""
    height = max((len(c) for c in columns if isinstance(c, (list, tuple))), default=0)
    return [[*c, *[None] * (height - len(c))] if isinstance(c, (list, tuple)) else c for c in columns]


def _equal_lengths(columns: list[Column], names: Sequence[Any]) -> list[Column]:
    height = max((len(c) for c in columns), default=0)
    for i, column in enumerate(columns):
        if len(column) not in (1, height):
            raise InvalidArgument(
                f"python_obj: column {names[i]!r} has {len(column)} cells, another has {height}"
            )
    return [c if len(c) == height else c.take(np.zeros(height, np.int64)) for c in columns]


def _is_row(row: Any) -> bool:
    return isinstance(row, (list, tuple, np.void)) or (isinstance(row, np.ndarray) and row.ndim > 0)


def _fields_of(rows: Sequence[Any]) -> list[str] | None:
    """Names of named tuples that are all of one type."""
    kind = type(rows[0])
    return list(kind._fields) if hasattr(kind, "_fields") and all(type(row) is kind for row in rows) else None


def _from_rows(rows: Sequence[Any], header: int) -> Found:
    if rows and all(dataclasses.is_dataclass(row) and not isinstance(row, type) for row in rows):
        rows = [{field.name: getattr(row, field.name) for field in dataclasses.fields(row)} for row in rows]
    if rows and all(isinstance(row, Mapping) for row in rows):
        keys = list(dict.fromkeys(key for row in rows for key in row))
        return labels_of(keys), [column_of([row.get(key) for row in rows], key) for key in keys]
    if not any(map(_is_row, rows)):
        return None, [column_of(list(rows), "C1")]
    table = [
        list(row.tolist() if isinstance(row, np.void) else row) if _is_row(row) else [row] for row in rows
    ]
    width = max(len(row) for row in table)
    if width == 0:
        return None, [column_of([], "C1")]
    names = labels_of(table.pop(0)) if header > 0 else _fields_of(rows)
    if names is not None:
        names = [*names, *(f"C{i + 1}" for i in range(len(names), width))]
    table = [row + [None] * (width - len(row)) for row in table]
    return names, [
        column_of([row[j] for row in table], names[j] if names else f"C{j + 1}") for j in range(width)
    ]
