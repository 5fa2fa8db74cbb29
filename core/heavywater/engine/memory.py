"""Aligned arrays for weights, on huge pages where the system offers them.

A large net walks over tens of megabytes per row; with 4 KB pages the address translation misses cost more than the data.
"""

from __future__ import annotations

import math
import mmap
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

HUGE_PAGE = 2 << 20


def aligned_zeros(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray:
    """Zeros whose first byte is aligned to 64 bytes, or to a huge page when the array fills one.

    Parameters
    ----------
    shape : tuple of int
    dtype : numpy dtype

    Returns
    -------
    ndarray, C-contiguous
    """
    nbytes = math.prod(shape) * np.dtype(dtype).itemsize
    if nbytes < HUGE_PAGE:
        raw = np.zeros(nbytes + 64, np.uint8)
        start = -raw.ctypes.data % 64
    else:
        # private: the default is shared, which a forked child would write through to, and which gets no huge pages
        private: dict[str, Any] = (
            {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
        )
        pages = mmap.mmap(-1, nbytes + HUGE_PAGE, **private)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            pages.madvise(mmap.MADV_HUGEPAGE)
        raw = np.frombuffer(pages, np.uint8)
        start = -raw.ctypes.data % HUGE_PAGE
    return raw[start : start + nbytes].view(dtype).reshape(shape)
