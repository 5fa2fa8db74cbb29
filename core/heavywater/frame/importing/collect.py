"""Putting the pieces of a column, block by block, together.

Pieces are copied into arrays that grow, and given up at once: an import needs little more memory than the
columns that it makes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from ..columns.arrow_buffers import fresh, missing_of
from ..columns.column import Column
from ..columns.makers import code_type, narrow, numeric, sorted_enum, strings
from ..columns.storage import TextCells
from .pieces import LevelPiece, NumberPiece, Piece, TextPiece

LARGEST_GROWTH = (
    1000  # times; what is not written to takes no memory, but the system may refuse to promise it
)


class Growing:
    """An array that is appended to.

    Parameters
    ----------
    dtype : dtype
    """

    def __init__(self, dtype: Any) -> None:
        self._array = np.empty(0, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the array."""
        dtype: np.dtype[Any] = self._array.dtype
        return dtype

    @property
    def used(self) -> Array:
        """What has been written, as a view."""
        return self._array[: self._count]

    def append(self, values: Array, share: float) -> None:
        """Write behind the end.

        Parameters
        ----------
        values : ndarray
            Of a type that the array's holds.
        share : float
            How much of everything there will have been appended with this, 0 to 1 (0: unknown).
        """
        end = self._count + len(values)
        if end > len(self._array):
            expected = end / share * 1.02 if share else end * 1.5
            capacity = int(max(end * 1.1, min(expected, end * LARGEST_GROWTH))) + 64
            grown = fresh(capacity, self.dtype)
            grown[: self._count] = self.used
            self._array = grown
        self._array[self._count : end] = values
        self._count = end

    def become(self, dtype: Any) -> None:
        """Change the type; room for more is kept."""
        changed = fresh(len(self._array), dtype)
        changed[: self._count] = self.used
        self._array = changed

    def finish(self) -> Array:
        """The array, cut to its length; nothing can be appended any more."""
        result, self._array = self._array, np.empty(0, self.dtype)
        if result.base is None and len(result) - self._count > 64 + self._count // 16:
            result.resize(self._count, refcheck=False)
        return result[: self._count]


class NumberCollector:
    """Numbers, or points in time.

    Parameters
    ----------
    kind : str
        ``"numeric"`` or ``"time"``.
    forced : str, optional
        ``"int"`` (real numbers are rounded) or ``"real"``; else the narrowest type that loses nothing.
    """

    def __init__(self, kind: str = "numeric", forced: str | None = None) -> None:
        self._kind, self._forced = kind, forced
        self._values = Growing(np.int64 if kind == "time" else np.uint8)
        self._missing: Growing | None = None

    @property
    def nbytes(self) -> int:
        """Bytes collected so far."""
        width = self._values.dtype.itemsize + (self._missing is not None)
        return width * len(self._values)

    def takes(self, piece: Piece | Array) -> bool:
        """Whether a piece is of this kind."""
        return isinstance(piece, (NumberPiece, np.ndarray))

    def add(self, piece: Piece | Array, share: float) -> None:
        """Append the rows of one block (a plain array holds whole numbers, none missing)."""
        if isinstance(piece, np.ndarray):
            values, missing = piece, None
        else:
            assert isinstance(piece, NumberPiece)
            values, missing = piece.values, piece.missing
        if values.dtype != self._values.dtype:
            self._widen(np.promote_types(values.dtype, self._values.dtype))
        if missing is not None:
            if self._values.dtype.kind == "f":
                values = np.where(missing, self._values.dtype.type(np.nan), values)
            elif self._missing is None:
                self._missing = Growing(bool)
                self._missing.append(np.zeros(len(self._values), bool), share)
        if self._missing is not None:
            self._missing.append(missing if missing is not None else np.zeros(len(values), bool), share)
        self._values.append(values, share)

    @property
    def present(self) -> int:
        """Number of cells that are not missing."""
        if self._values.dtype.kind == "f":
            return len(self._values) - int(np.isnan(self._values.used).sum())
        return len(self._values) - (0 if self._missing is None else int(self._missing.used.sum()))

    def adopt(self, piece: Piece) -> Column | None:
        """Column of a single piece whose array it can keep, None if it must be copied."""
        assert isinstance(piece, NumberPiece)
        if self._kind == "time":
            return Column("time", piece.values, piece.missing)
        if piece.values.dtype.kind != "f":
            return (
                None
                if piece.missing is not None and piece.missing.all()
                else Column("int", piece.values, piece.missing)
            )
        return Column("real", piece.values)

    def _widen(self, dtype: np.dtype[Any]) -> None:
        if dtype == self._values.dtype:
            return
        self._values.become(dtype)
        if dtype.kind == "f" and self._missing is not None:
            self._values.used[self._missing.used] = np.nan
            self._missing = None

    def finish(self) -> Column:
        """The whole column."""
        values = self._values.finish()
        missing = None if self._missing is None else self._missing.finish()
        if self._kind == "time":
            return Column("time", values, missing)
        if missing is not None and missing.all():
            return numeric(np.full(len(values), np.nan, np.float32))
        if values.dtype.kind == "f":
            return numeric(np.rint(values)) if self._forced == "int" else Column("real", values)
        if self._forced == "real":
            wide = values.astype(np.promote_types(values.dtype, np.float32))
            return Column(
                "real", wide if missing is None else np.where(missing, wide.dtype.type(np.nan), wide)
            )
        return Column("int", narrow(values), missing)


class LevelCollector:
    """Categories."""

    def __init__(self) -> None:
        self._codes = Growing(np.int8)
        self._numbers: dict[str, int] = {}

    @property
    def nbytes(self) -> int:
        """Bytes of the codes collected so far."""
        return self._codes.dtype.itemsize * len(self._codes)

    def takes(self, piece: Piece | Array) -> bool:
        """Whether a piece is of this kind."""
        return isinstance(piece, LevelPiece)

    def add(self, piece: Piece | Array, share: float) -> None:
        """Append the rows of one block."""
        assert isinstance(piece, LevelPiece)
        number = self._numbers
        codes = list(map(number.get, piece.levels))
        if None in codes:
            codes = [number.setdefault(level, len(number)) for level in piece.levels]
        remap = np.array([*codes, -1], code_type(len(number)))
        if remap.dtype.itemsize > self._codes.dtype.itemsize:
            self._codes.become(remap.dtype)
        self._codes.append(remap.take(piece.codes), share)

    def finish(self) -> Column:
        """The whole column, its levels in byte order."""
        return sorted_enum(self._codes.finish(), list(self._numbers))


class TextCollector:
    """Texts, in Arrow's layout."""

    def __init__(self, kind: str = "string") -> None:
        self._kind = kind
        self._ends = Growing(np.int32)
        self._bytes = Growing(np.uint8)
        self._missing: Growing | None = None

    @property
    def nbytes(self) -> int:
        """Bytes collected so far."""
        return self._ends.dtype.itemsize * len(self._ends) + len(self._bytes)

    def takes(self, piece: Piece | Array) -> bool:
        """Whether a piece is of this kind."""
        return isinstance(piece, TextPiece) and piece.ids == (self._kind == "uuid")

    def add(self, piece: Piece | Array, share: float) -> None:
        """Append the rows of one block."""
        assert isinstance(piece, TextPiece)
        cells = piece.cells
        wide = np.int64 if str(cells.type).startswith("large") else np.int32
        _, offsets, data = cells.buffers()
        ends = np.frombuffer(offsets, wide)[cells.offset : cells.offset + len(cells) + 1]
        start = len(self._bytes)
        if data is not None:
            self._bytes.append(np.frombuffer(data, np.uint8)[ends[0] : ends[-1]], share)
        if len(self._bytes) > np.iinfo(np.int32).max and self._ends.dtype == np.int32:
            self._ends.become(np.int64)
        missing = missing_of(cells)
        if missing is not None and self._missing is None:
            self._missing = Growing(bool)
            self._missing.append(np.zeros(len(self._ends), bool), share)
        if self._missing is not None:
            self._missing.append(np.zeros(len(cells), bool) if missing is None else missing, share)
        moved = np.add(ends[1:], start - int(ends[0]), dtype=self._ends.dtype, casting="unsafe")
        self._ends.append(moved, share)

    def adopt(self, piece: Piece) -> Column | None:
        """Column of a single piece, whose texts it keeps."""
        assert isinstance(piece, TextPiece)
        return strings(TextCells(piece.cells), self._kind)

    def finish(self) -> Column:
        """The whole column."""
        import pyarrow as pa

        ends = self._ends.finish()
        offsets = np.empty(len(ends) + 1, ends.dtype)
        offsets[0] = 0
        offsets[1:] = ends
        valid = None
        if self._missing is not None:
            valid = pa.py_buffer(np.packbits(~self._missing.finish(), bitorder="little"))
        kind = pa.string() if ends.dtype == np.int32 else pa.large_string()
        buffers = [valid, pa.py_buffer(offsets), pa.py_buffer(self._bytes.finish())]
        return strings(TextCells(pa.Array.from_buffers(kind, len(ends), buffers)), self._kind)


class NothingCollector:
    """A column that the user wants to be missing altogether."""

    nbytes = 0

    def __init__(self) -> None:
        self._rows = 0

    def takes(self, piece: Piece | Array) -> bool:
        """Any piece will do."""
        return True

    def add(self, piece: Piece | Array, share: float) -> None:
        """Count the rows of one block."""
        self._rows += len(piece)

    def finish(self) -> Column:
        """The whole column."""
        return Column("bad", np.full(self._rows, np.nan, np.float32))


Collector = NumberCollector | LevelCollector | TextCollector | NothingCollector


def collector(kind: str, forced: str | None = None) -> Collector:
    """Collector of a column that is read as numeric, time, enum, string, uuid or unknown."""
    if kind == "enum":
        return LevelCollector()
    if kind in ("string", "uuid"):
        return TextCollector(kind)
    return NothingCollector() if kind == "unknown" else NumberCollector(kind, forced)
