"""How the inputs of a model were distributed where it was trained, and how far others are from that.

A model keeps a coarse histogram of each input: who scores with it later sees whether the rows that come are still those that
it was trained for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap

import numpy as np

from ...arrays import Array
from ...frame.columns.column import Column
from ...frame.columns.sparse import stored_cells
from ...frame.frame import Frame
from .encoder import level_codes

BINS = 10  # of numbers: deciles, as is usual for this index
LEVELS = 20  # of a factor that are counted singly: the most frequent ones
MOST_INPUTS = 1000  # of a model with more inputs no histograms are kept: nobody would look at so many
_ROWS, _FEWEST, _CELLS = 20_000, 1000, 2_000_000  # that are looked at, of long and of wide frames
_COLUMNS = 64  # that are counted together
_LEAST = 1e-4  # share that stands for that of a bin without rows: the logarithm of 0 is infinite


@dataclass(frozen=True)
class InputHistogram:
    """Shares of the rows by the values of an input.

    Attributes
    ----------
    cuts : array (k,)
        Of numbers: the upper bounds, float, of all bins but the last, which has none. Of a factor: the positions, int, of
        the levels that are counted singly.
    shares : float array (k + 2,)
        Of the bins; or of those levels and of all others; and at last of missing cells. They add up to 1.
    """

    cuts: Array
    shares: Array

    @classmethod
    def of(cls, values: Array, weights: Array | None = None, levels: int | None = None) -> InputHistogram:
        """That of some cells.

        Parameters
        ----------
        values : array (rows,)
            Numbers, NaN for missing; or of a factor the positions of its levels, `levels` itself for missing.
        weights : array (rows,), optional
        levels : int, optional
            How many levels there are; None for numbers.
        """
        if levels is None:
            known = np.isfinite(values)
            cuts = _quantiles(values[known], None if weights is None else weights[known])
        else:
            sizes = np.bincount(values, weights, minlength=levels)[:levels]
            cuts = np.argsort(-sizes, kind="stable")[:LEVELS]
        found = cls(cuts, np.zeros(len(cuts) + 2))
        counts = found.counts(values, levels, weights)
        return cls(cuts, counts / (counts.sum() or 1.0))

    def counts(self, values: Array, levels: int | None = None, weights: Array | None = None) -> Array:
        """How many cells fall into each part, as `shares` has them; float (k + 2,).

        Parameters
        ----------
        values : array (rows,)
            As for `of`; positions behind `levels` are of levels that training did not know.
        """
        k = len(self.cuts)
        if levels is None:
            places = np.searchsorted(self.cuts, values)
            places[np.isnan(values)] = k + 1
        else:
            table = np.full(levels + 2, k)
            table[self.cuts] = np.arange(k)
            table[levels] = k + 1
            places = table[values]
        return np.bincount(places, weights, minlength=k + 2).astype(np.float64)

    def stability_index(self, counts: Array) -> float:
        """Population stability index of some cells against those of training.

        The sum over the parts of (a - e) ln(a / e), with the shares a of these cells and e of training. By a rule of thumb
        below 0.1 nothing has changed, and above 0.25 much has.

        Parameters
        ----------
        counts : array (k + 2,)
            See `counts`; with none, the index is NaN.
        """
        total = float(counts.sum())
        if not total:
            return math.nan
        expected, actual = (np.maximum(each, _LEAST) for each in (self.shares, counts / total))
        return float(((actual - expected) * np.log(actual / expected)).sum())

    @classmethod
    def of_bytes(cls, values: Array) -> list[InputHistogram]:
        """Those of several columns of small whole numbers, none missing: the same as `of` gives for each, by counting.

        Parameters
        ----------
        values : uint8 array (columns, rows)
        """
        columns, rows = values.shape
        places = values + (np.arange(columns, dtype=np.intp) * 256)[:, None]
        upto = np.bincount(places.ravel(), minlength=256 * columns).reshape(columns, 256).cumsum(axis=1)
        wanted = rows * np.arange(1, BINS) / BINS
        found = []
        for sums in upto:
            cuts = np.unique(sums.searchsorted(wanted))
            bounds = np.concatenate([[0], sums[cuts], [rows, rows]])
            found.append(cls(cuts.astype(np.float64), (bounds[1:] - bounds[:-1]) / rows))
        return found


def _quantiles(values: Array, weights: Array | None) -> Array:
    """Values up to which a tenth, two tenths ... of the weights lie; equal ones once."""
    if not len(values):
        return np.zeros(0)
    if weights is None:
        ordered, sums = np.sort(values), np.arange(1, len(values) + 1)
    else:
        order = np.argsort(values, kind="stable")
        ordered, sums = values[order], np.cumsum(weights[order])
    places = np.searchsorted(sums, sums[-1] * np.arange(1, BINS) / BINS)
    return np.unique(ordered[np.minimum(places, len(ordered) - 1)].astype(np.float64))


def histograms_of(
    frame: Frame, levels: Mapping[str, Sequence[str] | None], weights: Column | None = None
) -> dict[str, InputHistogram]:
    """The histograms of some inputs, from up to 20 000 rows (of wide frames less, but 1000).

    Parameters
    ----------
    frame : Frame
    levels : mapping of str to (sequence of str, or None)
        Levels of each input in training; None for numbers.
    weights : Column, optional
        Observation weights; rows without weight do not count.

    Returns
    -------
    dict of str to InputHistogram
        Empty where there are no rows, or more inputs than `MOST_INPUTS`.
    """
    if len(levels) > MOST_INPUTS:
        return {}
    size = min(_ROWS, max(_FEWEST, _CELLS // max(1, len(levels))))
    rows: Array = np.arange(frame.nrow)
    loads = None if weights is None else np.nan_to_num(weights.numbers(), posinf=0.0)
    if loads is not None:
        rows = rows[loads > 0]
    if len(rows) > size:
        rows = np.sort(np.random.default_rng(0).choice(rows, size, replace=False))
    if not len(rows):
        return {}
    chosen = None if loads is None else loads[rows]

    narrow = [
        name
        for name, known in levels.items()
        if known is None and chosen is None and _bytes(frame.column(name))
    ]
    counted = dict(zip(narrow, _of_bytes([frame.column(name).values for name in narrow], rows), strict=True))

    def histogram(name: str, known: Sequence[str] | None) -> tuple[str, InputHistogram]:
        if name in counted:
            return name, counted[name]
        column = frame.column(name).take(rows)
        if known is None:
            return name, InputHistogram.of(_numbers(column), chosen)
        if column.kind != "enum":  # nothing is known of it
            return name, InputHistogram.of(np.full(len(rows), len(known)), chosen, len(known))
        codes = level_codes(column, known, len(known) + 1)[column.values]
        return name, InputHistogram.of(np.where(codes < 0, len(known), codes), chosen, len(known))

    return dict(starmap(histogram, levels.items()))


def _bytes(column: Column) -> bool:
    """Whether a column is one of small whole numbers, none missing."""
    return (
        column.kind == "int"
        and column.sparse is None
        and column.missing is None
        and column.values.dtype == np.uint8
    )


def _of_bytes(columns: list[Array], rows: Array) -> list[InputHistogram]:
    """The histograms of columns of small whole numbers, some at a time: the counts of all would be large."""
    parts = range(0, len(columns), _COLUMNS)
    return [
        each
        for lo in parts
        for each in InputHistogram.of_bytes(np.array([c.take(rows) for c in columns[lo : lo + _COLUMNS]]))
    ]


def _numbers(column: Column) -> Array:
    """The cells of a few rows as float64; sparse ones stay as they are in the column itself."""
    if column.sparse is None:
        return column.numbers()
    rows, values = stored_cells(column)
    found: Array = np.zeros(len(column))
    found[rows] = values
    return found
