"""Answers about rows in the kind in which the rows were given: a pandas.DataFrame for one, with its index."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
from heavywater.exchange import to_arrow_values, to_pandas

from ..exceptions import H2OValueError
from .h2oframe import H2OFrame

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

#: rows in one of the kinds in which they can be given
Answered: TypeAlias = "H2OFrame | pandas.DataFrame | polars.DataFrame | pyarrow.Table | np.ndarray[Any, Any] | dict[str, Any] | list[Any]"
Output = Literal["same", "h2o", "pandas", "polars", "arrow", "numpy"]


def check_output(output: str) -> None:
    """Refuse a kind of answer that there is not.

    Raises
    ------
    H2OValueError
    """
    if output not in get_args(Output):
        raise H2OValueError(f"output={output!r} must be one of {', '.join(map(repr, get_args(Output)))}")


def answer(frame: H2OFrame, rows: Any, output: str = "same") -> Answered:
    """A frame with a row for each of those that were given, in their kind or in another.

    Parameters
    ----------
    frame : H2OFrame
        The answer.
    rows : H2OFrame, or data as for `frame_of`
        What was asked about.
    output : str
        ``same``: the kind of `rows`; or the kind that is named: ``h2o``, ``pandas``, ``polars``, ``arrow``, ``numpy``.

    Returns
    -------
    H2OFrame, pandas.DataFrame, polars.DataFrame, pyarrow.Table, ndarray, dict of lists, list of dicts, or data frame of narwhals
        pandas keeps the index of the rows. NumPy: an array of float64 of shape (rows, columns) if `rows` was an array without
        names and the answer has numbers only, else a structured array. What no answer is made in (lists of rows, data frames of
        Dask) is answered by an H2OFrame, other data frames in their own kind where narwhals knows it, else by an Arrow table.
        Classes are numbers or flags where their names are such.

    Raises
    ------
    H2OValueError
        `output` is something else.
    """
    check_output(output)
    kind = kind_of(rows) if output == "same" else output
    if kind == "h2o":
        return frame
    if kind == "pandas":
        return _with_index_of(to_pandas(frame._table()), rows)
    if kind == "modin":
        return sys.modules["modin.pandas"].DataFrame(to_pandas(frame._table()).set_index(rows.index))
    if kind == "numpy":
        return _array(frame, named=output == "numpy" or _has_names(rows))
    table = to_arrow_values(frame._table())
    if kind == "polars":
        import polars

        return polars.DataFrame(table)
    if kind == "row":
        return {name: cells[0] for name, cells in table.to_pydict().items()}
    made: dict[str, Any] = {"dict": table.to_pydict, "records": table.to_pylist}
    if kind in made:
        return made[kind]()
    return _of_other_library(table, rows) if kind == "other" else table


def kind_of(rows: Any) -> str:
    """In which kind rows are: one of `Output`, ``row`` (a dict of single cells), ``dict``, ``records``, ``modin`` or ``other``."""
    module = type(rows).__module__.partition(".")[0]
    if isinstance(rows, H2OFrame | str):
        return "h2o"
    if isinstance(rows, Mapping):
        return "row" if rows and not any(map(_lists_cells, rows.values())) else "dict"
    if isinstance(rows, Sequence):
        return "records" if rows and all(isinstance(row, Mapping) for row in rows) else "h2o"
    if module in ("pandas", "polars", "modin"):
        return module
    if isinstance(rows, np.ndarray) or module == "scipy":
        return "numpy"
    if module == "pyarrow":
        return "arrow"
    return "other" if hasattr(rows, "__arrow_c_stream__") or module in _WITH_NARWHALS else "h2o"


_WITH_NARWHALS = ("narwhals", "cudf")


def _lists_cells(value: Any) -> bool:
    return not isinstance(value, str | bytes) and (hasattr(value, "__len__") or hasattr(value, "__iter__"))


def _has_names(rows: Any) -> bool:
    return isinstance(rows, np.ndarray) and rows.dtype.names is not None


def _with_index_of(data: Any, rows: Any) -> Any:
    """The data frame with the index of the rows, which are of pandas or of something without one."""
    pandas = sys.modules["pandas"]
    if isinstance(rows, pandas.DataFrame | pandas.Series) and len(rows) == len(data):
        data.index = rows.index
    return data


def _array(frame: H2OFrame, named: bool) -> Any:
    """The cells as an array of numbers, or as a structured one with the names."""
    if not named and set(frame.types.values()) <= {"int", "real"}:
        return np.asarray(frame)
    data = to_pandas(frame._table())
    cells = {name: data[name].to_numpy() for name in data}
    texts = {name for name, each in cells.items() if each.dtype == object and not data[name].isna().any()}
    cells = {name: each.astype(str) if name in texts else each for name, each in cells.items()}
    found = np.empty(len(data), [(name, each.dtype) for name, each in cells.items()])
    for name, each in cells.items():
        found[name] = each
    return found


def _of_other_library(table: Any, rows: Any) -> Any:
    """The table as narwhals makes it for the library of the rows; as it is where that knows none."""
    try:
        import narwhals
    except ImportError:
        return table
    given = rows if isinstance(rows, narwhals.DataFrame) else None
    if given is None:
        given = narwhals.from_native(rows, eager_only=True, pass_through=True)
        if not isinstance(given, narwhals.DataFrame):
            return table
    found = narwhals.from_arrow(table, backend=given.implementation)
    return found if given is rows else found.to_native()
