"""A sample of the rows of a frame that merges: that of the whole is made of those of its parts, whatever these are.

Rows are drawn by a hash of their cells, those with the smallest ones: a bottom-k sketch (Cohen, Kaplan 2007, "Summarizing data
using bottom-k sketches"). Equal rows have equal hashes, are drawn together, and are counted.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...frame.columns.column import Column
from ...frame.frame import Frame

MOST_ROWS, FEWEST_ROWS, MOST_CELLS = 20_000, 1000, 1_000_000  # of a sample; fewer rows of wide frames
_BLOCK = 1 << 15  # rows that are hashed together: they stay in the cache
_STEP = 0x9E3779B97F4A7C15  # of the SplitMix64 generator (Steele, Lea, Flood 2014), whose output function mixes the bits
_WEIGHT = -1  # place of the weights, among the predictors


def sample_size(columns: int) -> int:
    """Different rows of a sample, at most, of a frame with so many predictors."""
    return min(MOST_ROWS, max(FEWEST_ROWS, MOST_CELLS // max(1, columns)))


@dataclass(frozen=True)
class RowSample:
    """Different rows of numbers, drawn at random; of a frame that has few, all of them.

    Attributes
    ----------
    size : int
        Rows, at most.
    hashes : uint64 array (rows,)
        Of the cells of each row; they increase.
    counts : int64 array (rows,)
        How often each row is there.
    weights : float array (rows,)
        Observation weight of each of them.
    cells : dict of str to float array (rows,)
        Of the predictors that hold numbers or times; NaN is missing. A predictor that is not there has none.
    """

    size: int
    hashes: Array
    counts: Array
    weights: Array
    cells: dict[str, Array]

    @classmethod
    def of(
        cls, frame: Frame, predictors: Sequence[str], trained: Array, weights: Array | None = None
    ) -> RowSample:
        """That of a frame, or of a part of one.

        Parameters
        ----------
        frame : Frame
        predictors : sequence of str
            All of them, in an order that is the same for all parts; factors do not count.
        trained : bool array (rows,)
            Rows to draw from.
        weights : float array (rows,), optional
            Observation weights.
        """
        columns = [(place, frame.column(name)) for place, name in enumerate(predictors)]
        columns = [(place, column) for place, column in columns if _holds_numbers(column)]
        hashes: Array = np.zeros(frame.nrow, np.uint64)
        for place, column in columns:
            _add_hashes(hashes, column, place)
        if weights is not None:
            hashes += _mixed(weights.astype(np.float64), _WEIGHT)
        size = sample_size(len(predictors))
        rows = np.flatnonzero(trained)
        chosen, first, counts = _smallest(hashes[rows], size)
        rows = rows[first]
        loads = np.ones(len(rows)) if weights is None else weights[rows].astype(np.float64)
        cells = {predictors[place]: column.take(rows).numbers() + 0.0 for place, column in columns}
        return cls(size, chosen, counts, loads, cells)

    def merge(self, other: RowSample) -> RowSample:
        """That of both parts of a frame, in either order."""
        hashes, first, place = np.unique(
            np.concatenate([self.hashes, other.hashes]), return_index=True, return_inverse=True
        )
        counts: Array = np.zeros(len(hashes), np.int64)
        np.add.at(counts, place, np.concatenate([self.counts, other.counts]))
        size = max(self.size, other.size)
        first = first[:size]
        gone = np.full(len(self.hashes), np.nan), np.full(len(other.hashes), np.nan)
        cells = {
            name: np.concatenate([self.cells.get(name, gone[0]), other.cells.get(name, gone[1])])[first]
            for name in self.cells | other.cells
        }
        weights = np.concatenate([self.weights, other.weights])[first]
        return RowSample(size, hashes[:size], counts[:size], weights, cells)

    @property
    def loads(self) -> Array:
        """What each row stands for: its weight as often as it is there; float (rows,)."""
        found: Array = self.weights * self.counts
        return found

    def plain(self) -> dict[str, Any]:
        """The sample as numbers, texts and mappings; arrays as base64."""
        cells = {name: _text(values) for name, values in self.cells.items() if not np.isnan(values).all()}
        return {
            "size": self.size,
            "hashes": _text(self.hashes),
            "counts": _text(self.counts),
            "weights": _text(self.weights),
            "cells": cells,
        }

    @classmethod
    def of_plain(cls, values: Mapping[str, Any]) -> RowSample:
        """The sample that `plain` has told."""
        return cls(
            values["size"],
            _array(values["hashes"], "<u8"),
            _array(values["counts"], "<i8"),
            _array(values["weights"], "<f8"),
            {name: _array(text, "<f8") for name, text in values["cells"].items()},
        )


def _holds_numbers(column: Column) -> bool:
    return column.kind != "enum" and not column.is_text and column.missing_count < len(column)


def _add_hashes(hashes: Array, column: Column, place: int) -> None:
    """IN OUT hashes: what the cells of a column add to those of the rows; missing ones nothing."""
    whole = (
        column.numbers() if column.sparse is not None else None
    )  # which would be made dense for each block
    for lo in range(0, len(hashes), _BLOCK):
        rows = slice(lo, lo + _BLOCK)
        hashes[rows] += _mixed(column.numbers(rows) if whole is None else whole[rows], place)


def _mixed(numbers: Array, place: int) -> Array:
    """A hash of each number (float64) of a column; 0 of missing ones."""
    step = (place + 2) * _STEP & 0xFFFFFFFFFFFFFFFF
    found = (numbers + 0.0).view(np.uint64) + np.uint64(step)  # no negative zero
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        found ^= found >> np.uint64(shift)
        found *= np.uint64(factor)
    found ^= found >> np.uint64(31)
    found[np.isnan(numbers)] = 0
    return found


def _smallest(hashes: Array, size: int) -> tuple[Array, Array, Array]:
    """The smallest different ones, so many at most; where each is first, and how often it is there."""
    candidates: Array = np.arange(len(hashes))
    looked_at = 2 * size
    while looked_at < len(hashes):  # sorting all would take long
        bound = np.partition(hashes, looked_at)[looked_at]
        candidates = np.flatnonzero(hashes <= bound)
        if len(np.unique(hashes[candidates])) >= size:
            break
        looked_at *= 8
    else:
        candidates = np.arange(len(hashes))
    found, first, counts = np.unique(hashes[candidates], return_index=True, return_counts=True)
    return found[:size], candidates[first[:size]], counts[:size].astype(np.int64)


def _text(values: Array) -> str:
    return b64encode(np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()).decode()


def _array(text: str, dtype: str) -> Array:
    return np.frombuffer(b64decode(text, validate=True), dtype).astype(np.dtype(dtype).newbyteorder("="))
