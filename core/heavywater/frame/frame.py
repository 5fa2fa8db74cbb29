"""A frame: named columns of equal length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..errors import InvalidArgument, NotFound
from .columns.column import Column
from .columns.parallel import for_each_column


class Frame:
    """Named columns of equal length. A frame is a value: operations return new frames.

    Parameters
    ----------
    names : sequence of str
        Column names, all different.
    columns : sequence of Column
        As many as names, all of one length.
    key : str
        Name in the store, "" while the frame is not stored.
    nrow : int, optional
        Needed only for a frame without columns.
    """

    __slots__ = ("_index", "columns", "key", "names", "nrow")

    def __init__(
        self, names: Sequence[str], columns: Sequence[Column], key: str = "", nrow: int | None = None
    ) -> None:
        if len(names) != len(columns):
            raise InvalidArgument(f"{len(names)} column names for {len(columns)} columns")
        lengths = {len(column) for column in columns}
        if len(lengths) > 1:
            raise InvalidArgument(f"columns of different lengths in one frame: {sorted(lengths)}")
        self.names = list(names)
        self.columns = list(columns)
        self.key = key
        self.nrow = lengths.pop() if lengths else (nrow or 0)
        self._index = {name: i for i, name in enumerate(self.names)}
        if len(self._index) != len(self.names):
            twice = next(name for i, name in enumerate(self.names) if self._index[name] != i)
            raise InvalidArgument(f"column name {twice!r} appears more than once; column names must differ")

    def __repr__(self) -> str:
        return f"Frame({self.key or 'not stored'}, {self.nrow} rows x {self.ncol} columns)"

    def __contains__(self, name: object) -> bool:
        return name in self._index

    @property
    def ncol(self) -> int:
        """Number of columns."""
        return len(self.columns)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.nrow, self.ncol

    @property
    def types(self) -> dict[str, str]:
        """Kind of each column by name (an all-missing column counts as ``"int"``)."""
        return {
            n: "int" if c.kind == "bad" else c.kind for n, c in zip(self.names, self.columns, strict=True)
        }

    @property
    def nbytes(self) -> int:
        """Bytes held by all columns."""
        return sum(column.nbytes for column in self.columns)

    def index(self, name_or_index: str | int) -> int:
        """Position of a column.

        Parameters
        ----------
        name_or_index : str or int
            Name, or position counted from 0 (negative: from the end).

        Raises
        ------
        NotFound
            With the names that exist.
        """
        if isinstance(name_or_index, str):
            if name_or_index not in self._index:
                raise NotFound(f"no column {name_or_index!r} in {self._title()}; {self._choices()}")
            return self._index[name_or_index]
        position = int(name_or_index)
        if not -self.ncol <= position < self.ncol:
            raise NotFound(f"no column number {position} in {self._title()}: it has {self.ncol} columns")
        return position % self.ncol

    def column(self, name_or_index: str | int) -> Column:
        """The column of this name or position."""
        return self.columns[self.index(name_or_index)]

    def select(self, positions: Iterable[int]) -> Frame:
        """Frame of some columns; the columns are shared."""
        chosen = list(positions)
        return Frame([self.names[i] for i in chosen], [self.columns[i] for i in chosen], nrow=self.nrow)

    def renamed(self, names: Iterable[str]) -> Frame:
        """The same columns under other names."""
        return Frame(list(names), self.columns, nrow=self.nrow)

    def take(self, rows: Any) -> Frame:
        """The frame with the given rows (an array of row numbers)."""
        if isinstance(rows, np.ndarray) and rows.dtype.kind in "iu":
            rows = rows.astype(np.intp, copy=False)  # what numpy needs, once for all columns
        columns = for_each_column(lambda column: column.take(rows), self.columns, len(rows))
        return Frame(self.names, columns, nrow=len(rows))

    def stored_as(self, key: str) -> Frame:
        """The same columns under another key."""
        return Frame(self.names, self.columns, key, self.nrow)

    def _title(self) -> str:
        return f"frame {self.key!r}" if self.key else "this frame"

    def _choices(self) -> str:
        shown = ", ".join(self.names[:8])
        return f"its columns are {shown}" + (f", ... ({self.ncol} in all)" if self.ncol > 8 else "")


def unique_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names made different from each other and from `taken` by appending a number."""
    seen = set(taken)
    next_number: dict[str, int] = {}  # smaller ones are taken
    result = []
    for name in wanted:
        candidate, number = name, next_number.get(name, 0)
        while candidate in seen:
            candidate, number = f"{name}{number}", number + 1
        next_number[name] = number
        seen.add(candidate)
        result.append(candidate)
    return result
