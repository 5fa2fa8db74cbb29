"""The compact, row-major copy of encoded data that the engine reads: built once, in narrow types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
        First numeric unit; count of numeric columns, each of which is one unit unless there are `spans`.
    dense : (n, numbers) uint8 or int16 (raw, standardised as (x - sub) * mul when read) or float (standardised), or None
    start, index, value : compressed sparse rows, or None
        value is uint8 (raw, times mul when read) or float (scaled).
    sub, mul : float (numbers,), padded to 16
        Not used with `spans`.
    spans : int32 (numbers + 1,), or None
        Numbers that are encoded piecewise linearly: number j has the units spans[j] to spans[j + 1] - 1, counted from
        first_number on and at least one. `dense` then holds its position t in 0 .. spans[j + 1] - spans[j], and its unit i is
        t - i, but no less than 0 and no more than 1 (Gorishniy et al. 2022, "On embeddings for numerical features in tabular
        deep learning"). Never together with sparse rows.
    positions, position_at : float, int32 (numbers,), or None
        Where `dense` is narrow: t = positions[position_at[j] + v] for the raw value v.
    pending : callable or None
        Gives `dense` of rows lo..hi-1, where it is made only of those that are worked on; see `part`.
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
    spans: Array | None = None
    positions: Array | None = None
    position_at: Array | None = None
    pending: Callable[[int, int], Array] | None = None

    @property
    def number_units(self) -> int:
        """Count of the numeric units."""
        return self.numbers if self.spans is None else int(self.spans[-1])

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = (getattr(self, f.name) for f in fields(self))
        return sum(a.nbytes for a in arrays if isinstance(a, np.ndarray))

    @property
    def density(self) -> float:
        """Mean share of input units that are active in a row; of piecewise-linear units half are taken to be."""
        active: float
        if self.index is not None:
            active = self.category.shape[1] + len(self.index) / max(1, self.n)
        else:
            active = self.category.shape[1] + (self.numbers if self.spans is None else self.number_units / 2)
        return active / max(1, self.inputs)

    def numbers_block(self, lo: int, hi: int, dtype: Any = np.float32) -> Array:
        """Numeric units of rows lo..hi-1, dense, shape (hi - lo, number_units): standardised numbers, or ramps."""
        if self.spans is not None:
            return ramps(self.position_block(lo, hi, dtype), self.spans)
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

    def position_block(self, lo: int, hi: int, dtype: Any = np.float32) -> Array:
        """Positions of the piecewise-linear numbers of rows lo..hi-1, shape (hi - lo, numbers)."""
        assert self.dense is not None
        block = self.dense[lo:hi]
        if self.positions is not None and self.position_at is not None:
            block = self.positions[block + self.position_at]
        return block.astype(dtype, copy=False)

    def columns_block(self, lo: int, hi: int, dtype: Any = np.float32) -> Array:
        """A number for each numeric column of rows lo..hi-1, (hi - lo, numbers): standardised, or its position."""
        return (self.numbers_block if self.spans is None else self.position_block)(lo, hi, dtype)

    def with_columns(self, numbers: Array) -> Rows:
        """The rows with other numbers, such as `columns_block` gives of all rows."""
        return replace(
            self, dense=numbers, start=None, index=None, value=None, positions=None, position_at=None
        )

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

    def part(self, lo: int, hi: int) -> Rows:
        """Rows lo..hi-1 of ones whose numbers are pending, with their numbers; without what they should give."""
        assert self.pending is not None
        return replace(
            self, n=hi - lo, category=self.category[lo:hi], dense=self.pending(lo, hi), pending=None
        )

    def complete(self) -> Rows:
        """The same rows, none of their numbers pending."""
        return self if self.pending is None else self.part(0, self.n)

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


def ramps(positions: Array, spans: Array) -> Array:
    """Piecewise-linear units (rows, spans[-1]) of positions (rows, numbers): unit i of a number is t - i within 0 and 1."""
    widths = np.diff(spans)
    column = np.repeat(np.arange(len(widths)), widths)
    step = (np.arange(len(column)) - spans[column]).astype(positions.dtype)
    units = positions[:, column]
    units -= step
    return np.clip(units, 0, 1, out=units)


def padded(values: Array, dtype: Any) -> Array:
    """A contiguous copy with room for whole vectors behind the end."""
    out = np.zeros(len(values) + 16, dtype)
    out[: len(values)] = values
    return out
