"""The compact, row-major copy of encoded data that the engine reads: built once, in narrow types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from ..arrays import Array


@dataclass
class Rows:
    """Encoded rows: per row the units of its categories, then its numbers, dense or sparse.

    Attributes
    ----------
    n, inputs : int
        Rows; input units.
    category : int32 (n, categorical columns)
        Input unit of each categorical cell, -1 for none. One-hot vectors are never built.
    may_collide : bool
        Hashed categories may share a unit; their hits add up.
    first_number, numbers : int
        Position and count of the numeric units.
    dense : (n, numbers) uint8 or int16 (raw, standardised as (x - sub) * mul when read) or float (standardised), or None
    start, index, value : compressed sparse rows, or None
        value is uint8 (raw, times mul when read) or float (scaled).
    sub, mul : float (numbers,), padded to 16
    label : int32 (n,) or None
        Class of each row.
    target, weight, offset : float (n,) or None
        Response and offset in the scale the output unit works in; observation weight.
    """

    n: int
    inputs: int
    category: Array
    first_number: int
    numbers: int
    sub: Array
    mul: Array
    may_collide: bool = False
    dense: Array | None = None
    start: Array | None = None
    index: Array | None = None
    value: Array | None = None
    label: Array | None = None
    target: Array | None = None
    weight: Array | None = None
    offset: Array | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = (getattr(self, f.name) for f in fields(self))
        return sum(a.nbytes for a in arrays if isinstance(a, np.ndarray))

    @property
    def density(self) -> float:
        """Mean share of input units that are active in a row."""
        active: float
        if self.index is not None:
            active = self.category.shape[1] + len(self.index) / max(1, self.n)
        else:
            active = self.category.shape[1] + self.numbers
        return active / max(1, self.inputs)

    def numbers_block(self, lo: int, hi: int, dtype: Any = np.float32) -> Array:
        """Dense standardised numbers of rows lo..hi-1, shape (hi - lo, numbers)."""
        sub, mul = self.sub[: self.numbers], self.mul[: self.numbers]
        if self.start is not None:
            return np.asarray(self.sparse_block(lo, hi).todense(), dtype)
        if self.dense is None:
            return np.zeros((hi - lo, 0), dtype)
        block = self.dense[lo:hi]
        if block.dtype in (np.uint8, np.int16):
            out = block.astype(dtype)
            out -= sub
            out *= mul
            return out
        return block.astype(dtype, copy=False)

    def sparse_block(self, lo: int, hi: int) -> Any:
        """Rows lo..hi-1 of a sparse copy as a scipy CSR matrix (hi - lo, numbers)."""
        from scipy.sparse import csr_matrix

        assert self.start is not None and self.index is not None and self.value is not None
        a, b = int(self.start[lo]), int(self.start[hi])
        index = self.index[a:b].astype(np.int32)
        value = self.value[a:b]
        if value.dtype == np.uint8:
            value = value * self.mul[index]
        return csr_matrix((value, index, self.start[lo : hi + 1] - a), shape=(hi - lo, self.numbers))

    def blocks(self, size: int) -> Iterator[tuple[int, int]]:
        """Bounds of consecutive blocks of rows."""
        for lo in range(0, self.n, size):
            yield lo, min(lo + size, self.n)

    def take(self, which: Array) -> Rows:
        """The rows of these numbers, as a copy."""
        per_row = ("category", "dense", "label", "target", "weight", "offset")
        parts = {name: getattr(self, name) for name in per_row}
        chosen: dict[str, Any] = {k: None if v is None else v[which] for k, v in parts.items()}
        taken = replace(self, n=len(which), **chosen)
        if self.start is not None and self.index is not None and self.value is not None:
            lengths = np.diff(self.start)[which]
            taken.start = np.concatenate([[0], np.cumsum(lengths)])
            # position of every kept entry: the start of its row plus its place in the row
            places = np.arange(taken.start[-1]) - np.repeat(taken.start[:-1] - self.start[which], lengths)
            taken.index, taken.value = self.index[places], self.value[places]
        return taken


def padded(values: Array, dtype: Any) -> Array:
    """A contiguous copy with room for whole vectors behind the end."""
    out = np.zeros(len(values) + 16, dtype)
    out[: len(values)] = values
    return out
