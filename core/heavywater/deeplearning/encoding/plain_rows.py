"""Rows of plain values - as JSON has them - as the engine takes them, without a frame in between.

What comes out is what `DataSpec.adapt` and `DataSpec.rows` make of a frame with the same cells, to the last bit: a row of
its own is scored in a tenth of the time that its frame would take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows, padded
from ...errors import InvalidArgument, shortened
from ...frame.columns.column import Column
from ...frame.columns.makers import enum, numeric
from ...frame.frame import Frame, unique_names
from ..parameters.context import LARGEST_INPUT
from .adaptation import of_absent_columns, of_numbers_beyond, of_unseen_levels
from .data import DataSpec
from .encoder import SPARSE_BELOW, Encoder, compressed_block, joined, level_codes
from .levels import in_levels, numbers_of_levels
from .plain_cells import level_cells, moments_of, no_level, numbers_of

Columns = Mapping[str, Sequence[Any]]  # cells by the names of their columns


def columns_of(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Rows, each a mapping of names to cells, as columns; where a row does not have a name its cell is None.

    Raises
    ------
    InvalidArgument
        A row is no mapping.
    """
    wrong = next((place for place, row in enumerate(rows) if not isinstance(row, Mapping)), None)
    if wrong is not None:
        raise InvalidArgument(
            f"row {wrong + 1}: {shortened(repr(rows[wrong]))} must be an object with a value for each column"
        )
    if len(rows) == 1:
        return {name: [cell] for name, cell in rows[0].items()}
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


@dataclass(frozen=True)
class ReadRows:
    """What was read of some rows.

    Attributes
    ----------
    rows : Rows
        As the engine takes them.
    offset : float array (rows,) or None
        As it was given.
    numbers : float array (rows, numbers)
        Numeric inputs in the order of `RowReader.numbers`, as they were given; NaN is missing.
    codes : int array (rows, factors)
        Levels of the factors in the order of `RowReader.factors`: behind their last one stand missing and, at last, unseen.
    remarks : list of str
        Warnings.
    """

    rows: Rows
    offset: Array | None
    numbers: Array
    codes: Array
    remarks: list[str]


class RowReader:
    """Reads plain values as rows of a model.

    Parameters
    ----------
    spec : DataSpec
    dtype : numpy type
        Precision of the forward passes.

    Attributes
    ----------
    numbers, factors : list of str
        The inputs, in the order of `ReadRows`.
    sizes : list of int
        How many levels the factors have.
    """

    def __init__(self, spec: DataSpec, dtype: Any) -> None:
        self.spec, self._dtype = spec, dtype
        encoder = self._encoder = spec.encoder
        enums = [name for name, kind in spec.kinds.items() if kind == "enum"]
        recoded = spec.recoding is not None
        self.factors = enums if recoded else list(encoder.categories)
        self.numbers = [name for name in spec.kinds if name not in enums] if recoded else encoder.numbers
        levels = [spec.levels(name) for name in self.factors]
        self.sizes = list(map(len, levels))
        self._places = [_places(each) for each in levels]
        self._times = {name for name in self.numbers if spec.kinds[name] == "time"}
        scales = [encoder.scaling[name] for name in self.numbers]
        self._sub, self._mul, self._fill = (
            np.array([getattr(scale, part) for scale in scales], np.float64)
            for part in ("sub", "mul", "fill")
        )
        self._padded = padded(self._sub, dtype), padded(self._mul, dtype)
        self._never_sparse = bool((self._sub != 0).any())
        if not recoded:
            self._units, self._starts = _unit_table(encoder)

    def read(self, columns: Columns, n: int) -> ReadRows:
        """The rows that stand in some columns.

        Parameters
        ----------
        columns : mapping of str to sequence
            Cells by names: numbers, texts, truth values, or None where they are missing. Others than the inputs are not
            looked at.
        n : int
            How many rows there are.

        Raises
        ------
        InvalidArgument
            A cell cannot be a value of its column, no input is there, or the offset is not.
        """
        absent = [name for name in self.spec.kinds if name not in columns]
        remarks = (
            of_absent_columns(self.spec.kinds, absent, list(columns)) if absent and (n or columns) else []
        )
        codes = np.empty((n, len(self.factors)), np.int64)
        for place, name in enumerate(self.factors):
            codes[:, place] = self._codes(place, name, columns.get(name), n, remarks)
        numbers = self._numbers(columns, n)
        kept = self._in_range(numbers, remarks)
        if self.spec.recoding is None:
            rows = self._rows(kept, codes, numbers)
        else:
            rows = self._recoded(kept, codes)
        return ReadRows(rows, self._offset(columns), numbers, codes, remarks)

    # ---- factors

    def _codes(
        self, place: int, name: str, cells: Sequence[Any] | None, n: int, remarks: list[str]
    ) -> list[int] | Array:
        size = self.sizes[place]
        if cells is None:
            return np.full(n, size)
        try:
            return list(map(self._places[place].__getitem__, cells))
        except (KeyError, TypeError):  # a level that is not known, or no value that could be one
            pass
        levels = self.spec.levels(name)
        given = level_cells(name, cells)
        column = in_levels(given, levels)
        if column is None:
            raise no_level(name, cells, levels)
        table = level_codes(column, levels, size + 1)
        table[-1] = size
        found: Array = table[column.values]
        if (found > size).any():
            unseen = [each for k, each in enumerate(column.levels or ()) if table[k] > size]
            recoding = self.spec.recoding
            remarks.append(
                of_unseen_levels(name, unseen, recoding is not None and name in recoding.with_other)
            )
        return found

    # ---- numbers

    def _numbers(self, columns: Columns, n: int) -> Array:
        cells = [columns.get(name) for name in self.numbers]
        if n == 1 and not self._times:  # most rows come alone, and hold nothing but numbers
            flat = [None if each is None else each[0] for each in cells]
            if set(map(type, flat)) <= {int, float, type(None)}:
                try:
                    return np.array([flat], np.float64)
                except OverflowError:
                    pass
        found = np.empty((n, len(cells)))
        for place, (name, each) in enumerate(zip(self.numbers, cells, strict=True)):
            if each is None:
                found[:, place] = np.nan
            else:
                found[:, place] = (moments_of if name in self._times else numbers_of)(name, each)
        return found

    def _in_range(self, numbers: Array, remarks: list[str]) -> Array:
        """The numbers, those missing that sums in the network have no room for."""
        if self._encoder.edges:  # any number lies somewhere among them
            return numbers
        with np.errstate(over="ignore", invalid="ignore"):
            beyond = np.abs((numbers - self._sub) * self._mul) > LARGEST_INPUT
        if not beyond.any():
            return numbers
        counts = dict(zip(self.numbers, beyond.sum(axis=0).tolist(), strict=True))
        remarks.append(
            of_numbers_beyond([f"{name!r} ({counts[name]})" for name in self.spec.kinds if counts.get(name)])
        )
        return np.where(beyond, np.nan, numbers)

    def _offset(self, columns: Columns) -> Array | None:
        name = self.spec.offset_column
        if name is None:
            return None
        if name not in columns:
            raise InvalidArgument(
                f"offset_column={name!r}: the model needs it, the rows do not have it. Add it; 0 means no offset"
            )
        return numbers_of(name, columns[name])

    # ---- units

    def _rows(self, numbers: Array, codes: Array, given: Array) -> Rows:
        encoder, n = self._encoder, len(codes)
        sub, mul = self._padded
        rows = Rows(
            n,
            encoder.inputs,
            self._units[codes + self._starts],
            encoder.category_units,
            len(self.numbers),
            sub,
            mul,
            may_collide=encoder.hashed is not None,
        )
        missing = np.isnan(numbers)
        if encoder.ramps is not None:
            rows.spans = encoder.ramps.spans
            known = np.where(missing, self._fill, numbers) if missing.any() else numbers
            rows.dense = encoder.ramps.of_rows(known).astype(self._dtype)
        elif not self.numbers:
            rows.dense = np.zeros((n, 0), self._dtype)
        elif not self._never_sparse and self._is_smaller_sparse(numbers, given):
            raw = not (missing.any() or self._times) and _narrow_type(numbers) is np.uint8
            block = numbers.astype(np.uint8) if raw else np.where(missing, self._fill, numbers) * self._mul
            rows.start, rows.index, rows.value = joined(
                [compressed_block(block, np.uint8 if raw else self._dtype)]
            )
        else:
            rows.dense = self._dense(numbers, missing)
        return rows

    def _dense(self, numbers: Array, missing: Array) -> Array:
        if missing.any():
            numbers = np.where(missing, self._fill, numbers)
        elif not self._times and (kept_type := _narrow_type(numbers)) is not None:
            return numbers.astype(kept_type)  # standardised when they are read
        return ((numbers - self._sub) * self._mul).astype(self._dtype)

    def _is_smaller_sparse(self, numbers: Array, given: Array) -> bool:
        absent = np.isnan(given)
        whole = (absent | ((np.trunc(given) == given) & (np.abs(given) < 2.0**63))).all(axis=0) & ~absent.all(
            axis=0
        )
        nonzero = np.count_nonzero(numbers) - np.count_nonzero(absent[:, whole])  # 0 lies beneath those
        return bool(nonzero < SPARSE_BELOW * numbers.size)

    def _recoded(self, numbers: Array, codes: Array) -> Rows:
        """The rows where factors are replaced, whose columns follow from tables: by way of a frame."""
        columns: dict[str, Column] = {}
        for place, name in enumerate(self.factors):
            levels, size = self.spec.levels(name), self.sizes[place]
            given = np.where(codes[:, place] == size, -1, np.minimum(codes[:, place], size))
            columns[name] = enum(given, [*levels, unique_names(["unseen"], levels)[0]])
        for place, name in enumerate(self.numbers):
            columns[name] = numeric(numbers[:, place])
        return self.spec.rows(Frame(list(columns), list(columns.values())), self._dtype)


def _places(levels: Sequence[str]) -> dict[Any, int]:
    """Position of each value that is plainly one of some levels; of None the one behind them."""
    found: dict[Any, int] = {level: place for place, level in enumerate(levels)}
    numbers = numbers_of_levels(levels)
    if len(numbers) == len(
        levels
    ):  # all are numbers, each another one: then it does not matter how they are written
        found |= {number: found[level] for number, level in numbers.items()}
    return found | {None: len(levels)}


def _unit_table(encoder: Encoder) -> tuple[Array, Array]:
    """Input units of the levels of all factors, those of missing and of unseen ones behind each; and where each begins."""
    tables = []
    for place, name in enumerate(encoder.categories):
        levels = encoder.levels[name]
        cells = enum(np.append(np.arange(len(levels)), [-1, -1]), levels)
        tables.append(encoder.units_of(place, cells))
    lengths = [len(table) for table in tables]
    starts = np.cumsum([0, *lengths])[:-1]
    return np.concatenate(tables) if tables else np.zeros(0, np.int32), starts


def _narrow_type(numbers: Array) -> Any:
    """The type in which `Encoder` keeps numbers, none missing, that are whole and small in all columns; else None."""
    low, high = numbers.min(axis=0, initial=0), numbers.max(axis=0, initial=0)
    if low.min() < -32768 or high.max() > 32767 or (np.trunc(numbers) != numbers).any():
        return None
    if low.min() >= 0 and high.max() <= 255:
        return np.uint8
    fits = (low < 0) | (high <= 255)  # from 256 on, columns without negative numbers are of the type uint16
    return np.int16 if fits.all() else None
