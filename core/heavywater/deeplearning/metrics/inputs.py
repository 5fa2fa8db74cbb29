"""Checks of what callers pass in, and the choice of the rows that count."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...arrays import Bools, Floats
from ...errors import InvalidArgument


def vector(name: str, values: Any) -> Floats:
    """`values` as a one-dimensional float64 array, or say what is wrong with parameter `name`."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise InvalidArgument(f"{name} has shape {array.shape}; pass a one-dimensional array")
    return array


def same_length(name: str, values: NDArray[Any], other_name: str, other: NDArray[Any]) -> None:
    """Raise unless the first axes of both arrays have the same length."""
    if values.shape[0] != other.shape[0]:
        raise InvalidArgument(
            f"{name} has {values.shape[0]} rows but {other_name} has {other.shape[0]}; "
            "pass one value for each row in both"
        )


def observation_weights(weights: Any, rows: int) -> Floats | None:
    """Checked observation weights, None when there are none."""
    if weights is None:
        return None
    array = vector("weights", weights)
    if array.shape[0] != rows:
        raise InvalidArgument(
            f"weights has {array.shape[0]} rows but actual has {rows}; pass one for each row"
        )
    if np.any(array < 0) or np.any(np.isinf(array)):
        bad = array[(array < 0) | np.isinf(array)][0]
        raise InvalidArgument(f"weights contains {bad}; observation weights must be finite and at least 0")
    return array


def class_codes(name: str, codes: Any, classes: int) -> tuple[NDArray[np.int64], Bools | None]:
    """Turn class codes (missing: NaN or -1) into integers and a mask of the known ones (None: all known)."""
    array = np.asarray(codes)
    if array.ndim != 1:
        raise InvalidArgument(f"{name} has shape {array.shape}; pass a one-dimensional array")
    known: Bools | None = None
    if not np.issubdtype(array.dtype, np.integer):
        array = np.asarray(array, dtype=np.float64)
        missing = np.isnan(array)
        if missing.any():
            known = ~missing
            array = np.where(missing, -1.0, array)
    integers = array.astype(np.int64, copy=False)
    if array.dtype.kind == "f" and not np.array_equal(integers, array):
        bad = array[integers != array][0]
        raise InvalidArgument(f"{name} contains {bad}; class codes are whole numbers 0 to {classes - 1}")
    if integers.size and (integers.min() < -1 or integers.max() >= classes):
        bad = integers.min() if integers.min() < -1 else integers.max()
        raise InvalidArgument(
            f"{name} contains code {bad}, but the domain has {classes} levels: "
            f"allowed are 0 to {classes - 1}, and -1 or NaN for missing"
        )
    if integers.size and integers.min() < 0:
        known = integers >= 0
    return integers, known


def intersect(*masks: Bools | None) -> Bools | None:
    """Rows where every mask is true; None where no mask excludes anything."""
    result: Bools | None = None
    for mask in masks:
        if mask is not None and not mask.all():
            result = mask if result is None else result & mask
    return result


def positive(weights: Floats | None) -> Bools | None:
    """Rows that have a positive weight (a missing weight counts as 0)."""
    return None if weights is None else np.asarray(weights > 0)
