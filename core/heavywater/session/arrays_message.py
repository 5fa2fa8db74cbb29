"""Arrays of numbers among plain values, for messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

_ARRAY = "array of"


def with_arrays(value: Any) -> Any:
    """Plain values in which arrays are bytes with type and shape."""
    if isinstance(value, np.ndarray):
        flat = np.ascontiguousarray(value)
        little = flat.astype(flat.dtype.newbyteorder("<"), copy=False)
        content = little.tobytes()
        return {_ARRAY: little.dtype.str, "shape": list(value.shape), "bytes": content}
    if isinstance(value, Mapping):
        return {name: with_arrays(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [with_arrays(each) for each in value]
    return value


def arrays_of(value: Any) -> Any:
    """What `with_arrays` was given; the arrays can be written to."""
    if isinstance(value, Mapping):
        if _ARRAY in value:
            found = np.frombuffer(bytearray(value["bytes"]), np.dtype(value[_ARRAY]))
            return found.reshape(value["shape"])
        return {name: arrays_of(each) for name, each in value.items()}
    if isinstance(value, list):
        return [arrays_of(each) for each in value]
    return value
