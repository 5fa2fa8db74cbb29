"""Time series in rows: symbolic aggregate approximation."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidArgument
from ..columns.makers import numeric, strings
from ..frame import Frame
from .arguments import need_numeric
from .registry import primitive

_LARGEST = 1_000_000


@primitive("isax")
def isax(frame: Frame, num_words: int, max_cardinality: int, optimize_card: bool = False) -> Frame:
    """Index of time series (iSAX): each row is a series, which becomes a word of few symbols.

    The series is brought to mean 0 and deviation 1 and cut into `num_words` pieces; the mean of each piece is coded by
    which of `max_cardinality` equally likely classes of the normal distribution it falls into, from 0 for the lowest
    (Shieh and Keogh 2008).

    Parameters
    ----------
    frame : Frame
        Columns of numbers: the points in time.
    num_words : int
        Number of pieces.
    max_cardinality : int
        Number of symbols.
    optimize_card : bool
        Whether a piece whose symbols in this frame are fewer says so in the index, instead of `max_cardinality`.

    Returns
    -------
    Frame
        ``iSax_index``, such as ``0^4_3^4``, and the symbols c0, c1 ...
    """
    for name, value in (("num_words", num_words), ("max_cardinality", max_cardinality)):
        if not 1 <= value <= _LARGEST:
            raise InvalidArgument(f"isax: {name} {value} must lie between 1 and {_LARGEST}")
    need_numeric(frame, "isax", allow_time=False)
    if num_words > frame.ncol:
        raise InvalidArgument(f"isax: num_words {num_words} is more than the {frame.ncol} points of a series")
    from scipy.stats import norm

    matrix = np.column_stack([column.numbers() for column in frame.columns])
    with np.errstate(all="ignore"):
        spread = matrix.std(axis=1, ddof=1, keepdims=True) if frame.ncol > 1 else np.ones((frame.nrow, 1))
        series = (matrix - matrix.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    bounds = norm.ppf(np.arange(1, max_cardinality) / max_cardinality)
    edges = np.linspace(0, frame.ncol, num_words + 1).round().astype(int)
    symbols = []
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        mean = series[:, start:end].mean(axis=1) if frame.nrow else np.zeros(0)
        symbols.append(np.searchsorted(bounds, mean))
    cards = [int(s.max()) + 1 if optimize_card and len(s) else max_cardinality for s in symbols]
    index = [
        "_".join(f"{symbol}^{card}" for symbol, card in zip(row, cards, strict=True))
        for row in zip(*(s.tolist() for s in symbols), strict=True)
    ]
    names = ["iSax_index", *(f"c{i}" for i in range(num_words))]
    return Frame(names, [strings(index), *(numeric(s) for s in symbols)])
