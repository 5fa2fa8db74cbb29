"""Many rows in the order of their codes."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...arrays import Array
from . import _counting
from .arrow_buffers import fresh
from .parallel import for_each

_MANY = 1 << 19  # rows: fewer lie in the caches anyway
_SPREAD = 1 << 14  # codes: the same
_PARTS = 512  # as many places can be written to in turn without leaving the first caches
_BLOCK = 1 << 20  # rows that one thread puts apart
_SHARES = 32  # of the parts: what one thread puts in order


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
        self.starts = np.zeros(size + 1, np.int64)
        apart = self._put_apart(size)
        parts = len(self._parts) - 1
        some = -(-parts // _SHARES)

        def put_in_order(first: int) -> None:
            last = min(first + some, parts)
            _counting.sorted_parts(apart, self._shift, self._parts, first, last, self.starts, self._within)

        for_each(put_in_order, range(0, parts, some), _BLOCK)

    def _put_apart(self, size: int) -> Array:
        """The codes by their parts, whose begins are told apart."""
        blocks = [self._codes[at : at + _BLOCK] for at in range(0, len(self), _BLOCK)]
        sizes = for_each(lambda block: _counting.part_sizes(block, size, self._shift), blocks, _BLOCK)
        upto = np.cumsum(sizes, axis=0)
        self._parts = np.append(0, np.cumsum(upto[-1]))
        places = self._parts[:-1] + upto - sizes  # of each block: behind those of the blocks before
        apart = fresh(len(self), self._codes.dtype)

        def put_apart(k: int) -> None:
            _counting.part_codes(blocks[k], self._shift, places[k], apart)

        for_each(put_apart, range(len(blocks)), _BLOCK)
        return apart

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
        found, together = fresh(len(values), values.dtype), fresh(len(values), values.dtype)
        width = f"u{values.dtype.itemsize}"
        _counting.reordered(
            self._codes,
            self._shift,
            self._parts,
            self._within,
            np.ascontiguousarray(values).view(width),
            together.view(width),
            found.view(width),
        )
        return found
