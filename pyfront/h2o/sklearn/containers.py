"""What is given as X, y and sample_weight, as columns of a frame.

Arrays and sparse matrices are checked by scikit-learn, and hold numbers; an array with texts holds categories, too. Whatever has
names for its columns - a data frame of pandas, polars, Arrow or anything that speaks its protocols, a dictionary of lists, an
H2OFrame - keeps its types: texts and categories are factors, missing cells are missing.
"""

# scikit-learn has no types; each method states what it gives.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from heavywater.exchange import table_of
from sklearn.utils.validation import check_array, column_or_1d, validate_data

from ..backend import handles
from ..backend.connection import session
from ..exceptions import H2OValueError
from ..frame.accepting import refuse_lazy
from ..frame.h2oframe import H2OFrame


@dataclass
class Features:
    """The columns of X.

    Attributes
    ----------
    names : list of str
    rows : int
    cells : dict of name to cells, sparse matrix or H2OFrame
    """

    names: list[str]
    rows: int
    cells: Any

    def frame(self, more: Mapping[str, Any] | None = None) -> H2OFrame:
        """A frame of the columns, and of more that are given by their names."""
        if isinstance(self.cells, dict):
            return _uploaded({**self.cells, **(more or {})})
        frame = self.cells if isinstance(self.cells, H2OFrame) else _uploaded(self.cells, self.names)
        return frame.cbind(_uploaded(more)) if more else frame

    def called(self, names: list[str]) -> Features:
        """The same columns under other names."""
        cells = self.cells
        if isinstance(cells, dict):
            cells = dict(zip(names, cells.values(), strict=True))
        elif isinstance(cells, H2OFrame) and names != self.names:
            cells = cells[list(range(len(names)))]
            cells.set_names(names)
        return Features(names, self.rows, cells)

    def plain_rows(self) -> list[dict[str, Any]] | None:
        """The rows as mappings of names to plain values; None where a column has other ones, such as times."""
        if not isinstance(self.cells, dict):
            return None
        columns = [_plain(cells) for cells in self.cells.values()]
        if any(column is None for column in columns):
            return None
        return [dict(zip(self.names, row, strict=True)) for row in zip(*columns, strict=True)]

    def ending_with_first(self, times: int) -> Features:
        """These rows, and then the first one so many times again."""
        frame = self.frame()
        rows = [*range(self.rows), *[0] * times]
        return Features(self.names, len(rows), frame[rows, :])


def features_of(estimator: Any, X: Any, *, reset: bool, least: int = 1) -> Features:
    """The columns of X, checked against those that the estimator was fitted with.

    Parameters
    ----------
    estimator : BaseEstimator
    X : array, sparse matrix, data frame, dict or H2OFrame
    reset : bool
        Whether these columns are the first ones that the estimator sees.
    least : int
        Rows that there must be.
    """
    named = _named_columns(X)
    if named is None:
        return _of_array(estimator, X, reset, least)
    labels, cells, rows = named
    names = [str(label) for label in labels]
    twice = (
        next((name for name in names if names.count(name) > 1), None)
        if len(set(names)) < len(names)
        else None
    )
    if twice is not None:
        raise H2OValueError(f"X: the column name {twice!r} appears more than once; names must differ")
    if reset or labels != list(getattr(estimator, "feature_names_in_", ())):
        stand_in = pd.DataFrame(np.empty((0, len(names))), columns=labels)
        validate_data(estimator, stand_in, reset=reset, skip_check_array=True)
    if not names:
        raise H2OValueError(f"X: 0 feature(s) (shape=({rows}, 0)) while a minimum of 1 is required")
    if rows < least:
        raise H2OValueError(
            f"X: {rows} sample(s) (shape=({rows}, {len(names)})) while a minimum of {least} is required"
        )
    return Features(names, rows, cells if cells is X else dict(zip(names, cells, strict=True)))


def target_of(y: Any) -> tuple[Any, str | None]:
    """The response as an array of one dimension, and its name, if it has one.

    A column of shape (rows, 1) is one, with scikit-learn's warning.
    """
    name = getattr(y, "name", None)
    if isinstance(y, H2OFrame):
        name = y.names[0]
        y = y.as_data_frame().to_numpy()
        y = y[:, 0] if y.shape[1] == 1 else y
    elif not isinstance(y, np.ndarray | list | tuple) and not hasattr(y, "iloc"):
        y = np.asarray(_columns_as_array(y))
    whole = getattr(
        getattr(y, "dtype", None), "numpy_dtype", None
    )  # of pandas' types with a mark for missing
    if whole is not None and np.dtype(whole).kind in "iub" and not y.isna().any():
        y = y.to_numpy(whole)  # scikit-learn would make real numbers of it
    shape = np.shape(y)
    if len(shape) == 2 and shape[1] > 1:
        raise H2OValueError(
            f"y has {shape[1]} columns, and a network here learns one response: "
            "sklearn.multioutput.MultiOutputRegressor and MultiOutputClassifier train one network for each"
        )
    return column_or_1d(y, warn=True), name if isinstance(name, str) else None


def weights_of(sample_weight: Any, rows: int) -> np.ndarray[Any, np.dtype[Any]] | None:
    """The weights of the rows as an array (rows,), or None where there are none."""
    if sample_weight is None:
        return None
    if isinstance(sample_weight, Real):
        return np.full(rows, float(sample_weight))
    if isinstance(sample_weight, H2OFrame):
        sample_weight = sample_weight.as_data_frame().to_numpy()[:, 0]
    found = check_array(
        sample_weight, ensure_2d=False, dtype=np.float64, ensure_min_samples=0, input_name="sample_weight"
    )
    if found.ndim != 1:
        raise H2OValueError(
            "sample_weight: Sample weights must be 1D array or scalar. Give one number for each row"
        )
    if len(found) != rows:
        raise H2OValueError(
            f"sample_weight.shape == {found.shape}, expected ({rows},): one for each row of X"
        )
    if rows and not found.any():
        raise H2OValueError("sample_weight: all weights are zero, at least one must be positive")
    if (found < 0).any():
        raise H2OValueError(
            f"sample_weight: Negative values in data passed to `sample_weight`; the smallest is {found.min():g}"
        )
    return found


def fresh(name: str, taken: list[str]) -> str:
    """A name that no column has."""
    while name in taken:
        name += "_"
    return name


# ---- X


def _named_columns(X: Any) -> tuple[list[Any], Any, int] | None:
    """Labels, cells and number of rows of what has names for its columns; None of anything else."""
    if hasattr(X, "tocsc"):
        return None
    if isinstance(X, H2OFrame):
        return X.names, X, X.nrow
    if hasattr(X, "iloc") and hasattr(X, "columns"):
        return list(X.columns), [column for _, column in X.items()], len(X)
    if isinstance(X, Mapping):
        return list(X), list(X.values()), _height(X)
    refuse_lazy("X", X)
    if hasattr(X, "get_columns"):  # of polars
        return list(X.columns), X.get_columns(), len(X)
    if isinstance(X, np.ndarray) and X.dtype.names:
        return list(X.dtype.names), [X[name] for name in X.dtype.names], len(X)
    table = _arrow_table(X)
    return None if table is None else (list(table.column_names), table.columns, table.num_rows)


def _height(columns: Mapping[Any, Any]) -> int:
    """How many cells each column of a dictionary has."""
    rows = None
    for name, cells in columns.items():
        if isinstance(cells, str | bytes) or not hasattr(cells, "__len__"):
            raise H2OValueError(
                f"X: column {name!r} of the dictionary must be a list with a cell for each row"
            )
        if len(cells) != (len(cells) if rows is None else rows):
            raise H2OValueError(
                f"X: column {name!r} of the dictionary has {len(cells)} cells, those before it have {rows}"
            )
        rows = len(cells)
    return rows or 0


def _arrow_table(X: Any) -> Any:
    """An Arrow table of what can be one: an object with named columns that speaks one of the protocols for frames."""
    if not hasattr(X, "__arrow_c_stream__") and not hasattr(X, "__dataframe__"):
        return None
    import pyarrow as pa

    if not hasattr(X, "__arrow_c_stream__"):
        from pyarrow.interchange import from_dataframe

        return from_dataframe(X)
    try:
        return X if isinstance(X, pa.Table) else pa.table(X)
    except (pa.ArrowException, TypeError, ValueError):  # a single column, as an array has it
        return None


def _of_array(estimator: Any, X: Any, reset: bool, least: int) -> Features:
    if _holds_texts(X):
        array = np.asarray(X, dtype=object)
        validate_data(estimator, array, reset=reset, skip_check_array=True)
        check_array(array, dtype=None, ensure_all_finite=False, ensure_min_samples=least)
    else:
        array = validate_data(
            estimator,
            X,
            reset=reset,
            accept_sparse=("csc", "csr"),
            ensure_all_finite="allow-nan",
            ensure_min_samples=least,
        )
        if array.dtype.kind not in "iuf" or array.dtype.itemsize > 8 or array.dtype == np.float16:
            array = array.astype(np.float64)
    names = [f"C{j + 1}" for j in range(array.shape[1])]
    columns = array if hasattr(array, "tocsc") else dict(zip(names, array.T, strict=True))
    return Features(names, array.shape[0], columns)


def _holds_texts(X: Any) -> bool:
    """Whether an array, or a list of rows, holds texts, which then are categories."""
    if hasattr(X, "tocsc"):
        return False
    if isinstance(X, list | tuple):
        return any(isinstance(cell, str) for row in X if isinstance(row, list | tuple) for cell in row)
    if not isinstance(X, np.ndarray) or X.ndim != 2:
        return False
    return X.dtype.kind == "U" or (X.dtype.kind == "O" and any(isinstance(cell, str) for cell in X.flat))


# ---- y


def _columns_as_array(y: Any) -> Any:
    """What has columns as an array of two dimensions, anything else as it is."""
    named = None if isinstance(y, Mapping) else _named_columns(y)
    return y if named is None else np.column_stack([np.asarray(column) for column in named[1]])


# ---- into the session


def _uploaded(columns: Any, names: list[str] | None = None) -> H2OFrame:
    types = {name: "enum" for name, cells in columns.items() if _is_text(cells)} if names is None else None
    here = session()
    table = table_of(columns, names, column_types=types or None, time_zone=here.cluster.time_zone())
    return handles.frame(here.frames.upload(table)["frame"], here)


def _is_text(cells: Any) -> bool:
    """Whether cells are texts; they are factors then, whatever the texts look like."""
    kind = getattr(cells, "dtype", None)
    if isinstance(kind, np.dtype):
        return kind.kind in "SU" or (kind.kind == "O" and _objects_are_text(cells))
    if isinstance(kind, pd.CategoricalDtype):
        return False
    if isinstance(cells, pd.Series):
        return bool(pd.api.types.is_string_dtype(kind))
    if isinstance(cells, list | tuple):
        return _objects_are_text(cells)
    arrow = str(getattr(cells, "type", kind))
    return arrow.lower().startswith(("string", "large_string", "object", "binary", "large_binary"))


def _objects_are_text(cells: Any) -> bool:
    found = pd.api.types.infer_dtype(cells, skipna=True)
    return found in ("string", "bytes", "mixed", "mixed-integer")


def _plain(cells: Any) -> list[Any] | None:
    """Numbers, texts and None where a cell is missing; None of a column of other cells."""
    kind = getattr(cells, "dtype", None)
    if isinstance(kind, np.dtype) and kind.kind in "iuf":
        return _without_nan(cells.tolist())
    if isinstance(cells, pd.Series):
        if not isinstance(kind, pd.CategoricalDtype) and not _is_text(cells):
            return None
        cells = cells.astype(object).tolist()
    if not isinstance(cells, list) or not set(map(type, cells)) <= {str, int, float, type(None)}:
        return None
    kinds = set(map(type, cells)) - {type(None)}
    return _without_nan(cells) if str not in kinds or kinds <= {str, float} else None


def _without_nan(cells: list[Any]) -> list[Any]:
    return [None if cell != cell else cell for cell in cells]
