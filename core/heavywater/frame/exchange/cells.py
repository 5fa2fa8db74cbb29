"""A column from a sequence of Python, numpy, pandas or Arrow cells.

What is missing in the source is missing in the column: None, NaN, NaT, ``pandas.NA``, masked and null cells; no text is.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping, Sequence, Sized
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..columns.column import Column
from ..columns.makers import from_codes, level_text, numeric, strings, times
from ..columns.moment import is_absent, milliseconds
from ..columns.sparse import sparse_columns
from .arrow_tables import column_from_arrow, flags, of_durations
from .origins import with_categories, with_origin

_REMEDY = "columns hold numbers, times, texts or booleans"


def column_of(cells: Any, name: Any) -> Column:
    """Column of any sequence of cells.

    Parameters
    ----------
    cells : sequence, numpy array, pandas Series or Index, polars or Arrow array, or a single cell
    name : object
        Label of the column, for messages.

    Raises
    ------
    InvalidType
        Cells that cannot be in a column, such as lists, durations or complex numbers.
    """
    module = type(cells).__module__.split(".")[0]
    if module == "pandas" and hasattr(cells, "dtype"):
        return column_of_series(cells, name)
    if module == "polars":
        cells = polars_cells(cells)
    if hasattr(cells, "__arrow_c_stream__") or hasattr(cells, "__arrow_c_array__"):
        return column_from_arrow(_chunked(cells), str(name))
    if not isinstance(cells, np.ndarray):
        if hasattr(cells, "__array__") and not isinstance(cells, np.generic):
            return column_of_array(np.asarray(cells), name)
        if isinstance(cells, (str, bytes, Mapping)) or not hasattr(cells, "__iter__"):
            cells = [cells]
        return _of_list(list(cells), name)
    return column_of_array(cells, name)


def _chunked(cells: Any) -> Any:
    import pyarrow as pa

    if isinstance(cells, pa.ChunkedArray):
        return cells
    if hasattr(cells, "__arrow_c_stream__"):
        return pa.chunked_array(cells)
    return pa.chunked_array([pa.array(cells)])


def polars_cells(cells: Any) -> Any:
    """A polars series in types that Arrow knows: whole numbers of 128 bits, which it does not, in 64 or as reals."""
    import polars as pl

    if str(cells.dtype) not in ("Int128", "UInt128"):
        return cells
    try:
        return cells.cast(pl.Int64)
    except pl.exceptions.InvalidOperationError:
        return cells.cast(pl.Float64)


def _no_column(name: Any, what: str, remedy: str = _REMEDY) -> InvalidType:
    return InvalidType(f"python_obj: column {str(name)!r} holds {what}; {remedy}")


# ---- numpy


def column_of_array(cells: Array, name: Any) -> Column:
    """Column of a numpy array of one dimension, masked or not; nothing of its memory stays in it."""
    if cells.ndim != 1:
        raise InvalidArgument(
            f"python_obj: column {str(name)!r} has cells of {cells.ndim - 1} dimensions; one number or text is needed"
        )
    missing = None
    if isinstance(cells, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(cells)
        cells, missing = cells.data, mask if mask.any() else None
    kind = cells.dtype.kind
    if kind in "fiu":
        return numeric(cells.copy(), missing)
    if kind == "b":
        return flags(cells, missing)
    if kind == "M":
        absent = np.isnat(cells) if missing is None else np.isnat(cells) | missing
        return times(np.where(absent, 0, cells.astype("M8[ms]").astype(np.int64)), absent)
    if kind == "m":
        return _durations(cells, missing, name)
    if kind == "c":
        raise _no_column(name, "complex numbers")
    if kind == "V":
        raise _no_column(name, f"cells of the type {cells.dtype}")
    objects = cells.astype(object)
    if missing is not None:
        objects[missing] = None
    return _of_objects(objects, name)


def _durations(cells: Array, missing: Array | None, name: Any) -> Column:
    """Column of milliseconds."""
    unit, step = np.datetime_data(cells.dtype)
    if unit not in ("s", "ms", "us", "ns") or step != 1:
        if unit in ("Y", "M", "generic") and not np.isnat(cells).all():
            raise _no_column(
                name, f"durations of the type {cells.dtype}", "give them in days or a smaller unit"
            )
        cells, unit = (
            cells.astype("m8[ms]" if unit in ("W", "D", "h", "m") else "m8[ns]"),
            "ms" if unit in ("W", "D", "h", "m") else "ns",
        )
    absent = np.isnat(cells) if missing is None else np.isnat(cells) | missing
    return of_durations(cells.astype(np.int64), unit, absent)


# ---- Python


def _of_list(cells: list[Any], name: Any) -> Column:
    """Column of Python cells; numbers do not become objects in between."""
    kinds = set(map(type, cells))
    if kinds <= {int, float, type(None)} or (kinds and all(issubclass(k, np.number) for k in kinds)):
        if type(None) in kinds or float in kinds:
            if int not in kinds or _exact_as_real(cells):
                return numeric(np.array([np.nan if cell is None else cell for cell in cells], np.float64))
        elif cells:
            with contextlib.suppress(OverflowError):
                array = np.array(cells)
                if array.dtype.kind in "iufcm":
                    return column_of_array(array, name)
        else:
            return numeric(np.zeros(0))
    return _of_objects(_object_array(cells), name)


def _exact_as_real(cells: list[Any]) -> bool:
    return all(-(2**53) <= cell <= 2**53 for cell in cells if type(cell) is int)


def _object_array(cells: Sequence[Any]) -> Array:
    result = np.empty(len(cells), dtype=object)
    for i, cell in enumerate(cells):  # at once, numpy would look into cells that are sequences
        result[i] = cell
    return result


def _of_objects(cells: Array, name: Any) -> Column:
    listed = cells.tolist()
    absent = np.fromiter(map(is_absent, listed), bool, len(listed))
    present = [cell for cell, gone in zip(listed, absent.tolist(), strict=True) if not gone]
    kinds = set(map(type, present))
    if not kinds:
        return numeric(np.full(len(cells), np.nan))
    if all(issubclass(kind, (bool, np.bool_)) for kind in kinds):
        return flags(np.where(absent, False, cells).astype(bool), absent)
    if any(issubclass(kind, (complex, np.complexfloating)) for kind in kinds):
        raise _no_column(name, "complex numbers")
    if all(issubclass(kind, (Real, Decimal)) and kind is not bool for kind in kinds):
        return _of_numbers(absent, present, name)
    if all(issubclass(kind, (datetime.date, datetime.time, np.datetime64)) for kind in kinds):
        moments = np.zeros(len(cells), np.int64)
        moments[~absent] = [milliseconds(cell) for cell in present]
        return times(moments, absent)
    if all(issubclass(kind, (datetime.timedelta, np.timedelta64)) for kind in kinds):
        spans = np.zeros(
            len(cells), "m8[ns]" if any("nanoseconds" in dir(kind) for kind in kinds) else "m8[us]"
        )
        spans[~absent] = [np.timedelta64(cell) for cell in present]
        return _durations(spans, absent, name)
    _refuse_nested(kinds, name)
    texts = [None if gone else _text(cell, name) for cell, gone in zip(listed, absent.tolist(), strict=True)]
    return strings(texts)


def _refuse_nested(kinds: set[type], name: Any) -> None:
    nested = [
        kind
        for kind in kinds
        if issubclass(kind, (list, dict, tuple, set, frozenset, np.ndarray, np.void, Mapping))
        or (
            issubclass(kind, Sized)
            and any("__getitem__" in vars(base) for base in kind.__mro__)
            and not issubclass(kind, (str, bytes, bytearray))
        )
    ]
    if nested:
        raise _no_column(name, f"a cell of type {nested[0].__name__}")


def _of_numbers(absent: Array, present: list[Any], name: Any) -> Column:
    """Numbers of several types; whole ones within 64 bits stay what they are."""
    if all(isinstance(cell, (int, np.integer)) for cell in present) and all(
        -(2**63) <= cell < 2**63 for cell in present
    ):
        whole = np.zeros(len(absent), np.int64)
        whole[~absent] = present
        return numeric(whole, absent if absent.any() else None)
    reals = np.full(len(absent), np.nan)
    try:
        reals[~absent] = [float(cell) for cell in present]
    except OverflowError:
        raise _no_column(name, "a number beyond 1.8e308", "numbers are held with 64 bits") from None
    return numeric(reals)


def _text(cell: Any, name: Any) -> str:
    if not isinstance(cell, (bytes, bytearray)):
        return str(cell)
    try:
        return cell.decode()
    except UnicodeDecodeError as error:
        raise _no_column(name, f"bytes that are no UTF-8 ({error})", "decode them first") from None


# ---- pandas


def has_no_fill(dtype: Any) -> bool:
    """Whether a pandas type is sparse with 0 or False where nothing is stored, as sparse columns are.

    Those stay sparse, and True and False in them are 1 and 0, as in a sparse matrix.
    """
    if not hasattr(dtype, "fill_value") or not hasattr(dtype, "subtype"):
        return False
    return dtype.subtype.kind in "biuf" and not is_absent(dtype.fill_value) and dtype.fill_value == 0


def column_of_series(series: Any, name: Any) -> Column:
    """Column of a pandas Series, Index or array, which notes of what type it was."""
    import pandas as pd

    if not isinstance(series, pd.Series):
        series = pd.Series(series)
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        categories = series.cat.categories.tolist()
        column = from_codes(series.cat.codes.to_numpy(), [level_text(value) for value in categories])
        return with_categories(column, categories, bool(dtype.ordered), "category")
    if isinstance(dtype, np.dtype) and dtype.kind == "O":
        return _of_object_series(series, name)
    if isinstance(dtype, np.dtype):
        cells = series.to_numpy()
        return with_origin(column_of_array(cells, name), arrow_type_of(dtype), str(dtype.newbyteorder("=")))
    if isinstance(dtype, pd.DatetimeTZDtype):
        moments = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return with_origin(column_of_array(moments, name), _zoned(dtype), str(dtype))
    if isinstance(dtype, pd.SparseDtype):
        column = (
            sparse_columns(series.to_frame().sparse.to_coo())[0]
            if has_no_fill(dtype)
            else column_of_array(np.asarray(series.array), name)
        )
        return as_sparse_type(column, dtype)
    return _of_extension_series(series, name)


def as_sparse_type(column: Column, dtype: Any) -> Column:
    """The column, which notes that it was of a sparse type of pandas."""
    return with_origin(column, arrow_type_of(dtype.subtype), str(dtype))


def _zoned(dtype: Any) -> Any:
    import pyarrow as pa

    return pa.timestamp(dtype.unit, str(dtype.tz))


def arrow_type_of(dtype: Any) -> Any:
    """The type of Arrow for one of NumPy; null where there is none."""
    import pyarrow as pa

    try:
        return pa.from_numpy_dtype(dtype)
    except pa.ArrowException:
        return pa.null()


def _of_object_series(series: Any, name: Any) -> Column:
    """Column of Python objects; what pandas has no other type for comes back as such objects."""
    import pyarrow as pa

    cells = series.to_numpy()
    if not len(cells):
        return with_origin(strings([]), pa.large_string(), "object")
    column = _of_objects(cells, name)
    if column.is_text or column.kind == "bad":
        return with_origin(column, pa.large_string(), "object")
    kinds = {type(cell) for cell in cells.tolist() if not is_absent(cell)}
    if column.kind == "int" and not any(issubclass(kind, (Decimal, datetime.timedelta)) for kind in kinds):
        return column
    with contextlib.suppress(pa.ArrowException, OverflowError):
        return with_origin(column, pa.array(cells, from_pandas=True).type, "object")
    return column


def _of_extension_series(series: Any, name: Any) -> Column:
    import pandas as pd
    import pyarrow as pa

    dtype = series.dtype

    cells = None
    if isinstance(dtype, (pd.ArrowDtype, pd.StringDtype)) or pd.api.types.is_numeric_dtype(dtype):
        with contextlib.suppress(pa.ArrowException, TypeError):
            cells = pa.array(series.array, from_pandas=True)
    if cells is None:  # a type that Arrow does not know, such as periods and intervals
        absent = series.isna().to_numpy()
        return _of_objects(series.astype(object).where(~absent, None).to_numpy(), name)
    chunked = cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])
    return column_from_arrow(chunked, str(name), _name_of(dtype))


def _name_of(dtype: Any) -> str:
    """Name by which pandas finds the type again."""
    import pandas as pd

    if isinstance(dtype, pd.ArrowDtype):
        return "arrow"
    return f"string[{dtype.storage}]" if str(dtype) == "string" else str(dtype)
