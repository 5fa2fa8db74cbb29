"""Many rows in the order of their codes."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...arrays import Array
from . import _counting
from .arrow_buffers import fresh

_MANY = 1 << 19  # rows: fewer lie in the caches anyway
_SPREAD = 1 << 14  # codes: the same
_PARTS = 512  # as many places can be written to in turn without leaving the first caches


class CodeOrder:
    """Rows in the order of their codes, equal ones in their own order, as a way to move cells there.

    Cells of rows in another order lie anywhere, so that each comes from memory alone. Here they move in two steps that
    read and write a few hundred places in turn: to the other rows of a part of the codes, then within this part,
    which fits a cache.

    Parameters
    ----------
    codes : ndarray of int32 or int64, shape (n,)
    size : int
        Codes are below it.

    Attributes
    ----------
    starts : ndarray of int64, shape (size + 1,)
        Where each code begins.
    """

    def __init__(self, codes: Array, size: int) -> None:
        codes.flags.writeable = False  # they are needed for every column
        self._codes = codes
        self._shift = 0
        while (size - 1) >> self._shift >= _PARTS:
            self._shift += 1
        self._within = fresh(len(codes), np.int32 if len(codes) < 2**31 else np.int64)
        self.starts, self._parts = _counting.parted(codes, size, self._shift, self._within)

    def __len__(self) -> int:
        return len(self._codes)

    @staticmethod
    def pays(rows: int, size: int) -> bool:
        """Whether there are too many rows and codes for a plain order."""
        return rows >= _MANY and size >= _SPREAD

    @cached_property
    def rows(self) -> Array:
        """The numbers of the rows in this order."""
        return self.cells(np.arange(len(self), dtype=self._within.dtype))

    def cells(self, values: Array) -> Array:
        """Cells, one for each row, in this order."""
        if values.dtype.kind not in "iuf":
            return values.take(self.rows)
        found = fresh(len(values), values.dtype)
        width = f"u{values.dtype.itemsize}"
        _counting.reordered(
            self._codes,
            self._shift,
            self._parts,
            self._within,
            np.ascontiguousarray(values).view(width),
            found.view(width),
        )
        return found
