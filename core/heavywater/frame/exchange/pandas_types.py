"""Columns as the types of pandas that they were in a data frame, or that pandas has for those of Arrow."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ..columns.column import Column
from ..columns.sparse import stored_cells
from .arrow_tables import arrow_column
from .origins import arrow_as_it_was, category_codes, category_values, durations


def as_it_was_in_pandas(column: Column) -> Any:
    """The cells in the type that they had in a data frame; None where that is no other than for any column.

    Parameters
    ----------
    column : Column
        With an origin.

    Returns
    -------
    pandas array, ndarray or None
    """
    import pandas as pd

    origin = column.origin
    assert origin is not None
    if origin.order is not None:
        categories = pd.Index(category_values(column))
        return pd.Categorical.from_codes(category_codes(column), categories, ordered=origin.ordered)
    if not origin.pandas:
        return _of_arrow_type(column)
    if origin.pandas == "object":
        return _objects(column)
    if origin.pandas.startswith("Sparse"):
        return _sparse(column, origin.pandas)
    dtype: Any = None if origin.pandas == "arrow" else pd.api.types.pandas_dtype(origin.pandas)
    if isinstance(dtype, np.dtype):
        return _of_numpy_type(column, dtype)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _zoned(column, dtype.unit, dtype.tz)
    cells = arrow_as_it_was(column, arrow_column(column))
    return pd.arrays.ArrowExtensionArray(cells) if dtype is None else dtype.__from_arrow__(cells)


def _of_arrow_type(column: Column) -> Any:
    """What pandas has for a type of Arrow; None: what it has for any column."""
    assert column.origin is not None
    name = column.origin.arrow
    if name.startswith("timestamp"):
        unit, _, zone = name.removeprefix("timestamp[").removesuffix("]").partition(", tz=")
        return _zoned(column, unit, zone) if zone else _of_numpy_type(column, np.dtype(f"M8[{unit}]"))
    if name.startswith("duration"):
        return _of_numpy_type(column, np.dtype(f"m8[{name[9:-1]}]"))
    known = {"halffloat": "f2", "float": "f4", "double": "f8"}
    if name in known or "int" in name:
        return _of_numpy_type(column, np.dtype(known.get(name, name)))
    return None


def _of_numpy_type(column: Column, dtype: Any) -> Array | None:
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return column.numbers().astype(dtype)
    missing = column.is_missing() if column.missing_count else None
    if dtype.kind == "M":
        stamps = column.values.astype(np.int64).astype("M8[ms]").astype(dtype)
        return stamps if missing is None else np.where(missing, np.array("NaT", dtype), stamps)
    if dtype.kind == "m":
        spans = durations(column, np.datetime_data(dtype)[0]).astype(dtype)
        return spans if missing is None else np.where(missing, np.array("NaT", dtype), spans)
    if dtype.kind == "b" and missing is None and column.kind == "enum":
        return np.array([*(level == "True" for level in column.levels or ()), False])[column.values]
    if dtype.kind in "iu" and missing is None:
        return column.values.astype(dtype)
    return None


def _zoned(column: Column, unit: str, zone: Any) -> Any:
    import pandas as pd

    moments = pd.DatetimeIndex(_of_numpy_type(column, np.dtype(f"M8[{unit}]")))
    return moments.tz_localize("UTC").tz_convert(zone).array


def _objects(column: Column) -> Any:
    """Texts, flags, dates, durations and decimals as Python has them, None where missing."""
    import pandas as pd

    cells = arrow_as_it_was(column, arrow_column(column))
    found = np.empty(len(column), object)
    found[:] = column.texts() if column.is_text or cells.type == "large_string" else cells.to_pylist()
    return pd.Series(found, dtype=object)  # of a mere array pandas would guess a type


def _sparse(column: Column, name: str) -> Any:
    """Cells of a sparse type: where 0 is not stored it stays so."""
    import pandas as pd
    from scipy.sparse import csc_matrix

    kind, _, fill = name.removeprefix("Sparse[").removesuffix("]").partition(", ")
    subtype = np.dtype(kind)
    dtype = pd.SparseDtype(subtype, fill == "True" if kind == "bool" else subtype.type(float(fill)).item())
    if column.sparse is None or column.missing_count:
        dense = _of_numpy_type(column, subtype)
        return None if dense is None else pd.arrays.SparseArray(dense, dtype=dtype)
    rows, values = stored_cells(column)
    matrix = csc_matrix((values.astype(dtype.subtype), rows, [0, len(rows)]), (len(column), 1))
    return pd.DataFrame.sparse.from_spmatrix(matrix).iloc[:, 0].array
