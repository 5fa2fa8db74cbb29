"""From frame columns to input units: fitted on the training frame, reused to score.

Sources: booklet, "Data Standardization/Normalization"; the order and scaling of units follow H2O so that weights carry over.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows, padded
from ...frame.columns._row_major import (
    SLACK,
    compress,
    compress_scaled,
    count_nonzero,
    interleave_bytes,
    put_all_scaled,
    put_narrow,
    put_scaled,
)
from ...frame.columns.arrow_buffers import fresh
from ...frame.columns.column import Column
from ...frame.columns.column_statistics import ColumnStatistics
from ...frame.columns.number_statistics import NumberStatistics, Sums, Weights
from ...frame.columns.parallel import for_each
from ...frame.columns.sparse import stored_cells
from ...frame.frame import Frame
from .piecewise import PiecewiseNumbers, unit_names

Made = TypeVar("Made")
_ROWS = 4096  # that are written together: column by column, as long as their cells stay in the cache
_FEWEST = 16  # rows that are written together where there are very many columns
_DETOUR = 1 << 28  # bytes of numbers on their way at most, of all threads
SPARSE_BELOW = 0.4  # share of non-zero cells up to which sparse rows are smaller and quicker to read


def categorical_order(levels: Sequence[int]) -> list[int]:
    """Positions of categorical columns by decreasing number of levels.

    H2O exchanges the column at each place with every later one that has more levels, which is not stable; the order of
    the input units depends on it. The result here is that of the exchanges, found from the first place of each number of
    levels: its work grows with columns x different numbers, not with the square of the columns.
    """
    order = list(range(len(levels)))
    places: dict[
        int, list[int]
    ] = {}  # of each number of levels, among the columns that are still to be placed: heaps
    for place, number in enumerate(levels):
        places.setdefault(number, []).append(place)
    numbers = sorted(places, reverse=True)
    for i in range(len(order)):
        own = levels[order[i]]
        heapq.heappop(places[own])  # place i, the first of all
        nearest, chain = len(order), []
        for number in numbers:  # who changes places with i: those with more levels than all before them
            if number <= own:
                break
            if places[number] and places[number][0] < nearest:
                nearest = places[number][0]
                chain.append(number)
        held = order[i]
        for number in reversed(chain):
            place = heapq.heappop(places[number])
            heapq.heappush(places[levels[held]], place)
            order[place], held = held, order[place]
        order[i] = held
    return order


def level_codes(column: Column, levels: Sequence[str], unseen: int = -1) -> Array:
    """Position in `levels` of each level of a factor, then -1 for missing cells (whose code is -1, too); int64.

    Parameters
    ----------
    unseen : int
        Stands for levels that are not among `levels`.
    """
    if column.levels == tuple(levels):
        return np.append(np.arange(len(levels)), -1)
    own = {level: k for k, level in enumerate(levels)}
    return np.array([*(own.get(level, unseen) for level in column.levels or ()), -1])


@dataclass
class Scaling:
    """x -> (x - sub) * mul, with missing values replaced by `fill` first."""

    sub: float = 0.0
    mul: float = 1.0
    fill: float = 0.0


def numeric_scaling(
    figures: NumberStatistics, *, standardize: bool, sparse: bool, autoencoder: bool
) -> Scaling:
    """How a column of numbers becomes an input unit, from its statistics."""
    sums = figures.sums if figures.weighted is None else figures.weighted
    mean = _mean(sums)
    if not standardize:
        return Scaling(0.0, 1.0, mean)
    if autoencoder:  # range and mean count every row alike
        mean = _mean(figures.sums)
        low, high = figures.range()
        return Scaling(mean, multiplier(high - low), mean)
    return Scaling(0.0 if sparse else mean, multiplier(sums.deviation()), mean)


def _mean(sums: Sums) -> float:
    return sums.mean() if sums.count or sums.above or sums.below else 0.0


def multiplier(width: float) -> float:
    """What makes a width 1; 1 where there is none, or none that float64 can hold."""
    return 1 / width if width > 0 and math.isfinite(1 / width) else 1.0


@dataclass
class Encoder:
    """How the predictors of a training frame become input units.

    Attributes
    ----------
    categories, numbers : list of str
        Predictors in the order of their units: categorical ones first, by decreasing number of levels.
    levels : dict of str to tuple of str
    offsets : list of int
        First unit of each categorical column, and the number of categorical units at the end. Each column has one unit
        more than levels (all levels) for missing and unseen ones.
    scaling : dict of str to Scaling
    all_levels : bool
        False: the first level of each column has no unit.
    hashed : int or None
        Number of units that categorical units are hashed into.
    edges : dict of str to float array
        Of all numbers where they are encoded piecewise linearly, see `PiecewiseNumbers`; then they are not scaled. Else empty.
    """

    categories: list[str]
    numbers: list[str]
    levels: dict[str, tuple[str, ...]]
    offsets: list[int]
    scaling: dict[str, Scaling]
    all_levels: bool = True
    hashed: int | None = None
    autoencoder: bool = False
    sparse: bool = False
    unit_names: list[str] = field(default_factory=list)
    edges: dict[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.unit_names = self.unit_names or self._unit_names()

    @classmethod
    def fit(
        cls,
        frame: Frame,
        predictors: Sequence[str],
        *,
        standardize: bool = True,
        sparse: bool = False,
        autoencoder: bool = False,
        use_all_factor_levels: bool = True,
        max_categorical_features: int | None = None,
        weights: Array | None = None,
    ) -> Encoder:
        """Learn levels and scaling from the predictors, given in frame order.

        Parameters
        ----------
        weights : float array (rows,), optional
            Observation weights for means and deviations.
        """
        loads = None if weights is None else Weights.of(weights)
        columns = {name: ColumnStatistics.of(frame.column(name), loads) for name in predictors}
        return cls.of(
            columns,
            standardize=standardize,
            sparse=sparse,
            autoencoder=autoencoder,
            use_all_factor_levels=use_all_factor_levels,
            max_categorical_features=max_categorical_features,
        )

    @classmethod
    def of(
        cls,
        columns: Mapping[str, ColumnStatistics],
        *,
        standardize: bool = True,
        sparse: bool = False,
        autoencoder: bool = False,
        use_all_factor_levels: bool = True,
        max_categorical_features: int | None = None,
    ) -> Encoder:
        """Make the encoder of columns of which nothing but their statistics is known.

        Statistics of the parts of a frame, merged, give the encoder of the whole.

        Parameters
        ----------
        columns : mapping of str to ColumnStatistics
            Predictors in frame order.
        """
        enums = [name for name, column in columns.items() if column.kind == "enum"]
        enums = [enums[i] for i in categorical_order([len(columns[name].level_names()) for name in enums])]
        numbers = [name for name, column in columns.items() if column.kind != "enum"]
        all_levels = use_all_factor_levels or autoencoder
        levels = {name: columns[name].level_names() for name in enums}
        offsets = [0]
        for name in enums:
            offsets.append(offsets[-1] + len(levels[name]) + (1 if all_levels else 0))
        scaling = {
            name: numeric_scaling(
                columns[name].figures(), standardize=standardize, sparse=sparse, autoencoder=autoencoder
            )
            for name in numbers
        }
        limit = max_categorical_features
        hashed = limit if limit is not None and offsets[-1] > limit else None
        return cls(enums, numbers, levels, offsets, scaling, all_levels, hashed, autoencoder, sparse)

    def with_edges(self, edges: Mapping[str, Array]) -> Encoder:
        """The same with numbers that are encoded piecewise linearly, given the edges of each."""
        scaling = {name: Scaling(fill=self.scaling[name].fill) for name in self.numbers}
        found = {name: np.asarray(edges[name], np.float64) for name in self.numbers}
        return replace(self, scaling=scaling, edges=found, unit_names=[])

    @cached_property
    def ramps(self) -> PiecewiseNumbers | None:
        """Where numbers lie among their edges; None where they are not encoded piecewise linearly."""
        return PiecewiseNumbers([self.edges[name] for name in self.numbers]) if self.edges else None

    @property
    def number_spans(self) -> Array:
        """First unit of each number, counted from the first numeric unit, and how many there are of all."""
        return np.arange(len(self.numbers) + 1, dtype=np.int32) if self.ramps is None else self.ramps.spans

    @property
    def variables(self) -> list[str]:
        """What is told apart of the inputs: the units of categories, and numbers, each of which may have several units."""
        return [*self.unit_names[: self.category_units], *self.numbers]

    @property
    def variable_starts(self) -> Array:
        """First unit of each of the `variables`, and how many there are of all."""
        first = self.category_units
        return np.concatenate([np.arange(first), first + self.number_spans])

    @property
    def category_units(self) -> int:
        """Units of all categorical columns together."""
        return self.hashed if self.hashed is not None else self.offsets[-1]

    @property
    def inputs(self) -> int:
        """Number of input units."""
        return self.category_units + (len(self.numbers) if self.ramps is None else int(self.ramps.spans[-1]))

    def _unit_names(self) -> list[str]:
        names = []
        for p in self.categories:
            names += [f"{p}.{level}" for level in self.levels[p][0 if self.all_levels else 1 :]]
            names.append(f"{p}.missing(NA)")
        if self.hashed is not None:
            names = [f"hash.{k}" for k in range(self.hashed)]
        if self.edges:
            return names + [unit for each in self.numbers for unit in unit_names(each, self.edges[each])]
        return names + list(self.numbers)

    # ---- categorical cells

    def units_of(self, position: int, column: Column) -> Array:
        """Input unit of each cell of a categorical column, -1 for none (a dropped first level); int32."""
        name = self.categories[position]
        levels, first = self.levels[name], self.offsets[position]
        missing = self.offsets[position + 1] - 1
        table = level_codes(column, levels)
        shift = 0 if self.all_levels else 1
        units = np.where(table < 0, missing, np.where(table < shift, -1, first + table - shift)).astype(
            np.int32
        )
        return self._hash(units)[column.values]

    def _hash(self, units: Array) -> Array:
        if self.hashed is None:
            return units
        h = units.astype(np.uint32)
        for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
            h = (h ^ (h >> np.uint32(shift))) * np.uint32(factor)
        h ^= h >> np.uint32(16)
        return np.where(units < 0, -1, (h % np.uint32(self.hashed)).astype(np.int64)).astype(np.int32)

    # ---- rows

    def encode(
        self, frame: Frame, dtype: Any = np.float32, sparse: bool | None = None, pending: bool = False
    ) -> Rows:
        """The compact copy of the predictors of a frame whose columns have the types of training.

        Parameters
        ----------
        frame : Frame
        dtype : dtype
        sparse : bool, optional
            Whether the numbers are stored sparse; by default where that is smaller, see `prefers_sparse`.
        pending : bool
            Whether small whole numbers may be left to who works on the rows, see `Rows.pending`.
        """
        n = frame.nrow
        category = np.empty((n, len(self.categories)), np.int32)
        for k, name in enumerate(self.categories):
            category[:, k] = self.units_of(k, frame.column(name))
        scales = [self.scaling[p] for p in self.numbers]
        rows = Rows(
            n,
            self.inputs,
            category,
            self.category_units,
            len(self.numbers),
            padded(np.array([s.sub for s in scales]), dtype),
            padded(np.array([s.mul for s in scales]), dtype),
            may_collide=self.hashed is not None,
        )
        columns = [frame.column(p) for p in self.numbers]
        if self.ramps is not None:
            rows.spans = self.ramps.spans
            rows.dense, rows.positions, rows.position_at = self._positions(self.ramps, columns, dtype)
        elif not columns:
            rows.dense = np.zeros((n, 0), dtype)
        elif pending and (narrow := self._pending_type(columns, sparse)) is not None:
            values = [c.values for c in columns]
            rows.pending = lambda lo, hi: _narrow_rows([each[lo:hi] for each in values], narrow)
        elif self._is_smaller_sparse(columns) if sparse is None else sparse:
            rows.start, rows.index, rows.value = self._sparse(columns, scales, dtype)
        else:
            rows.dense = self._dense(columns, scales, dtype)
        return rows

    def _pending_type(self, columns: list[Column], sparse: bool | None) -> Any:
        """Type of numbers that can be put side by side when they are worked on, None where they are to be encoded.

        Bytes give the engine the same, bit for bit, whether those that are 0 are stored or not.
        """
        narrow = None if _any_sparse(columns) else _narrow_type(columns)
        if narrow in (None, np.uint8):
            return narrow
        return None if (self._is_smaller_sparse(columns) if sparse is None else sparse) else narrow

    def _is_smaller_sparse(self, columns: list[Column]) -> bool:
        if any(self.scaling[p].sub != 0 for p in self.numbers):
            return False
        nonzero = sum(_nonzero(c) for c in columns)
        return bool(nonzero < SPARSE_BELOW * sum(len(c) for c in columns))

    def prefers_sparse(self, columns: Mapping[str, ColumnStatistics]) -> bool:
        """Whether rows of columns of which nothing but statistics is known are to be stored sparse."""
        found = [columns[name] for name in self.numbers]
        if not found or self.edges or any(self.scaling[name].sub != 0 for name in self.numbers):
            return False
        nonzero = sum(map(_nonzero_by_statistics, found))
        return nonzero < SPARSE_BELOW * sum(column.rows for column in found)

    def _dense(self, columns: list[Column], scales: list[Scaling], dtype: Any) -> Array:
        if (narrow := _narrow_type(columns)) is not None:
            return _narrow_rows([c.values for c in columns], narrow)
        n, stored = len(columns[0]), [c for c in columns if c.sparse is None]
        out: Array = np.empty((n, len(columns)), dtype)
        if len(stored) < len(columns):
            for j, (c, s) in enumerate(zip(columns, scales, strict=True)):
                put_scaled(out, j, c.numbers(), s.sub, s.mul, s.fill)
            return out
        sub, mul, fill = _as_arrays(scales)

        def block(lo: int, hi: int) -> None:
            put_all_scaled(out[lo:hi], [_numbers(c, lo, hi) for c in columns], sub, mul, fill)

        _for_blocks(block, columns)
        return out

    def _positions(
        self, ramps: PiecewiseNumbers, columns: list[Column], dtype: Any
    ) -> tuple[Array, Array | None, Array | None]:
        """`dense`, `positions` and `position_at` of rows whose numbers are encoded piecewise linearly."""
        if (narrow := _narrow_type(columns)) is not None:
            table = ramps.of_whole_numbers([c.values for c in columns], dtype)
            if table is not None:
                return _narrow_rows([c.values for c in columns], narrow), *table
        out: Array = np.empty((len(columns[0]), len(columns)), dtype)
        for j, (c, name) in enumerate(zip(columns, self.numbers, strict=True)):
            x = c.numbers()
            x[np.isnan(x)] = self.scaling[name].fill
            out[:, j] = ramps.of_column(j, x)
        return out, None, None

    def _sparse(self, columns: list[Column], scales: list[Scaling], dtype: Any) -> tuple[Array, Array, Array]:
        """Compressed sparse rows; a missing number becomes the mean, like everywhere."""
        raw = all(c.kind == "int" and c.missing is None and c.stored.dtype == np.uint8 for c in columns)
        if _any_sparse(columns):
            return _stored_rows(columns, scales, np.uint8 if raw else dtype)
        _, mul, fill = _as_arrays(scales)

        def block(lo: int, hi: int) -> CompressedBlock:
            if raw:
                return compressed_block(_narrow_rows([c.values[lo:hi] for c in columns], np.uint8), np.uint8)
            return compressed_columns([_numbers(c, lo, hi) for c in columns], hi - lo, mul, fill, dtype)

        return joined(_for_blocks(block, columns))


def _for_blocks(work: Callable[[int, int], Made], columns: list[Column]) -> list[Made]:
    """What `work` makes of rows lo to hi - 1: blocks so small, and so few at a time, that what is copied for them stays small."""
    n, copied = len(columns[0]), sum(not _is_kept(c) for c in columns)
    rows = max(_FEWEST, min(_ROWS, _DETOUR // (8 * copied + 1)))
    most = max(1, _DETOUR // (8 * rows * copied + 1))
    starts = range(0, max(1, n), rows)
    return for_each(lambda lo: work(lo, min(n, lo + rows)), starts, min(n, rows) * len(columns), most)


def _nonzero(column: Column) -> int:
    """How many cells are stored as something else than 0; looked up where the column was looked at before."""
    if column.remembers("statistics"):
        return _nonzero_by_statistics(ColumnStatistics.of(column))
    return int(np.count_nonzero(column.stored))


def _nonzero_by_statistics(column: ColumnStatistics) -> int:
    beneath = column.missing if column.kind in ("int", "time") else 0  # 0 lies beneath what is missing there
    return column.rows - column.figures().zeros - beneath


CompressedBlock = tuple[Array, Array, Array]  # numbers of values in the rows, columns, values


def compressed_block(dense: Array, dtype: Any) -> CompressedBlock:
    """What is not 0 in some dense rows."""
    block = np.ascontiguousarray(dense)
    counts, index, value = _room(int(np.count_nonzero(block)), len(block), block.shape[1], dtype)
    used = compress(block, index, value, counts)
    return counts, index[:used], value[:used]


def compressed_columns(
    columns: list[Array], rows: int, mul: Array, fill: Array, dtype: Any
) -> CompressedBlock:
    """What is not 0 in the rows of some columns, float64, that are scaled."""
    counts, index, value = _room(count_nonzero(columns, rows), rows, len(columns), dtype)
    used = compress_scaled(columns, mul, fill, index, value, counts)
    return counts, index[:used], value[:used]


def _room(size: int, rows: int, columns: int, dtype: Any) -> CompressedBlock:
    index_type = np.uint16 if columns <= 0xFFFF else np.int32
    return np.empty(rows, np.int64), np.empty(size + SLACK, index_type), np.empty(size + SLACK, dtype)


def joined(blocks: Iterable[CompressedBlock]) -> tuple[Array, Array, Array]:
    """Compressed sparse rows of blocks that follow each other: starts of the rows, columns, values."""
    counts, index, value = zip(*blocks, strict=True)
    start = np.cumsum(np.concatenate([[0], *counts]))
    size = int(start[-1])
    return (
        start,
        np.concatenate(index, out=fresh(size, index[0].dtype)),
        np.concatenate(value, out=fresh(size, value[0].dtype)),
    )


def _stored_rows(columns: list[Column], scales: list[Scaling], dtype: Any) -> tuple[Array, Array, Array]:
    """Compressed sparse rows of sparse columns, without a dense detour."""
    from scipy.sparse import csc_matrix

    index, value, start = [], [], np.zeros(len(columns) + 1, np.int64)
    for j, (column, scale) in enumerate(zip(columns, scales, strict=True)):
        rows, x = stored_cells(column)
        if dtype != np.uint8:
            x = np.where(np.isnan(x), scale.fill, x) * scale.mul
        index.append(rows)
        value.append(x.astype(dtype))
        start[j + 1] = start[j] + len(rows)
    shape = (len(columns[0]), len(columns))
    by_row = csc_matrix((np.concatenate(value), np.concatenate(index), start), shape).tocsr()
    number_type = np.uint16 if len(columns) <= 0xFFFF else np.int32
    return by_row.indptr.astype(np.int64), by_row.indices.astype(number_type), by_row.data


def _numbers(column: Column, lo: int, hi: int) -> Array:
    """Some cells as float64, NaN for missing; they are read only, and not copied where they are stored so."""
    values = column.values[lo:hi] if _is_kept(column) else column.numbers(slice(lo, hi))
    return np.ascontiguousarray(values)


def _is_kept(column: Column) -> bool:
    """Whether the cells are stored as float64, NaN for missing."""
    return column.kind == "real" and column.sparse is None and column.values.dtype == np.float64


def _as_arrays(scales: list[Scaling]) -> tuple[Array, Array, Array]:
    """`sub`, `mul` and `fill` of all columns."""
    sub, mul, fill = np.array([(s.sub, s.mul, s.fill) for s in scales]).reshape(-1, 3).T.copy()
    return sub, mul, fill


def _any_sparse(columns: list[Column]) -> bool:
    return any(c.sparse is not None for c in columns)


def _narrow_type(columns: list[Column]) -> Any:
    """The type that all columns have room in as they are, being narrow whole numbers without missing ones; else None."""
    if not all(c.kind == "int" and c.missing is None for c in columns):
        return None
    types = {c.values.dtype for c in columns}
    if types <= {np.dtype(np.uint8)}:
        return np.uint8
    return np.int16 if types <= {np.dtype(t) for t in (np.uint8, np.int8, np.int16)} else None


def _narrow_rows(columns: list[Array], dtype: Any) -> Array:
    out: Array = np.empty((len(columns[0]), len(columns)), dtype)
    if dtype == np.uint8:
        interleave_bytes(out, columns)
        return out
    for lo in range(0, len(out), _ROWS):
        for j, values in enumerate(columns):
            put_narrow(out[lo : lo + _ROWS], j, np.ascontiguousarray(values[lo : lo + _ROWS]))
    return out
