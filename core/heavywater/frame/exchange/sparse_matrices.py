"""Frames to sparse matrices of SciPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidType
from ..columns.sparse import stored_cells
from ..frame import Frame


def sparse_matrix(frame: Frame) -> Any:
    """The cells that are not 0 as a sparse matrix (missing cells are NaN).

    Parameters
    ----------
    frame : Frame
        Of numbers only.

    Returns
    -------
    scipy.sparse.csc_matrix of float64, shape (rows, columns)
    """
    from scipy.sparse import csc_matrix

    wrong = [name for name, column in zip(frame.names, frame.columns, strict=True) if not column.is_numeric]
    if wrong:
        raise InvalidType(f"column {wrong[0]!r} holds no numbers; a sparse matrix can hold nothing else")
    parts = [stored_cells(column) for column in frame.columns]
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows, _ in parts])]).astype(np.int64)
    return csc_matrix(
        (_joined([v for _, v in parts], np.float64), _joined([r for r, _ in parts], np.int64), starts),
        frame.shape,
    )


def _joined(parts: Sequence[Array], dtype: Any) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0, dtype)
