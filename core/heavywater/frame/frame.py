"""A frame: named columns of equal length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..errors import InvalidArgument, NotFound
from .columns.column import Column
from .columns.parallel import for_each


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

    __slots__ = ("__weakref__", "_index", "_kinds", "columns", "key", "names", "nrow")

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
        self._kinds: list[str] | None = None
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
    def kinds(self) -> list[str]:
        """Kind of each column, not to be changed (an all-missing column counts as ``"int"``)."""
        if self._kinds is None:
            self._kinds = ["int" if column.kind == "bad" else column.kind for column in self.columns]
        return self._kinds

    @property
    def types(self) -> dict[str, str]:
        """Kind of each column by name, see `kinds`."""
        return dict(zip(self.names, self.kinds, strict=True))

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
            found = self._index.get(name_or_index)
            return column_position(self.names, name_or_index, self.key) if found is None else found
        return column_position(self.names, name_or_index, self.key)

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
        columns = for_each(lambda column: column.take(rows), self.columns, len(rows))
        return Frame(self.names, columns, nrow=len(rows))

    def stored_as(self, key: str) -> Frame:
        """The same columns under another key."""
        return Frame(self.names, self.columns, key, self.nrow)


def column_position(names: Sequence[str], column: str | int, frame: str = "") -> int:
    """Position of a column that is given by name or position.

    Parameters
    ----------
    names : sequence of str
        Of all columns.
    column : str or int
        Name, or position counted from 0 (negative: from the end).
    frame : str
        Key of the frame, for messages.

    Raises
    ------
    NotFound
        With the names that exist.
    """
    title = f"frame {frame!r}" if frame else "this frame"
    if isinstance(column, str):
        if column in names:
            return names.index(column)
        more = f", ... ({len(names)} in all)" if len(names) > 8 else ""
        raise NotFound(f"no column {column!r} in {title}; its columns are {', '.join(names[:8])}{more}")
    position = int(column)
    if not -len(names) <= position < len(names):
        raise NotFound(f"no column number {position} in {title}: it has {len(names)} columns")
    return position % len(names)


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
