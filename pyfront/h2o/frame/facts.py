"""What a frame is called, how large it is, and what its columns are."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from heavywater.errors import InvalidArgument
from heavywater.session import Facts, Session, column_position

from .operations.base import Operations


class FrameFacts(Operations):
    """Names, types and size."""

    _session: Session
    _key: str

    @property
    def _facts(self) -> Facts:
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        """Column names; setting them renames all columns.

        Examples
        --------
        >>> frame.names
        ['x', 'n', 'k', 'text', 'day']
        """
        return list(self._facts["names"])

    @names.setter
    def names(self, names: Sequence[str]) -> None:
        self.set_names(names)

    columns = names
    col_names = names

    @property
    def types(self) -> dict[str, str]:
        """Type of each column: int, real, enum, string, time or uuid.

        Examples
        --------
        >>> frame.types
        {'x': 'real', 'n': 'int', 'k': 'enum', 'text': 'string', 'day': 'time'}
        """
        facts = self._facts
        return dict(zip(facts["names"], facts["types"], strict=True))

    def type(self, col: int | str) -> str:
        """Type of one column.

        Parameters
        ----------
        col : int or str
            Name or position.

        Returns
        -------
        str

        Examples
        --------
        >>> frame.type("k")
        'enum'
        """
        facts = self._facts
        return facts["types"][column_position(facts["names"], col, self._key)]

    @property
    def dtype(self) -> str:
        """Type of the only column.

        Examples
        --------
        >>> frame["k"].dtype
        'enum'
        """
        if self.ncol != 1:
            raise InvalidArgument(f"dtype: a frame of one column is needed, this one has {self.ncol}")
        return self.type(0)

    @property
    def nrows(self) -> int:
        """Number of rows.

        Examples
        --------
        >>> frame.nrows
        4
        """
        return self._facts["nrow"]

    @property
    def ncols(self) -> int:
        """Number of columns.

        Examples
        --------
        >>> frame.ncols
        5
        """
        return len(self._facts["names"])

    nrow = nrows
    ncol = ncols

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns.

        Examples
        --------
        >>> frame.shape
        (4, 5)
        """
        facts = self._facts
        return facts["nrow"], len(facts["names"])

    @property
    def dim(self) -> list[int]:
        """Rows and columns, as a list.

        Examples
        --------
        >>> frame.dim
        [4, 5]
        """
        return list(self.shape)

    def set_names(self, names: Sequence[str]) -> Self:
        """Rename all columns of this frame.

        Parameters
        ----------
        names : list of str
            A name for each column.

        Returns
        -------
        H2OFrame
            This frame.

        Examples
        --------
        >>> frame[["x", "n"]].set_names(["a", "b"]).names
        ['a', 'b']
        """
        if isinstance(names, str) or len(names) != self.ncol:
            raise InvalidArgument(f"set_names: names={names!r} must be a list of {self.ncol} names")
        self._become("colnames=", self, list(range(self.ncol)), list(names))
        return self

    def set_name(self, col: int | str | None = None, name: str | None = None) -> None:
        """Rename one column of this frame.

        Parameters
        ----------
        col : int or str, optional
            Name or position; of a frame of one column nothing.
        name : str, optional
            The new name.

        Examples
        --------
        >>> frame.set_name("x", "width")
        >>> frame.names[0]
        'width'
        """
        if name is None:
            raise InvalidArgument("set_name: name is needed")
        if col is None and self.ncol != 1:
            raise InvalidArgument(f"set_name: col is needed, as the frame has {self.ncol} columns")
        self._become("colnames=", self, self._position(0 if col is None else col), name)

    def rename(self, columns: Mapping[Any, str]) -> Self:
        """Rename some columns of this frame, from old names to new ones.

        Parameters
        ----------
        columns : dict
            New names by old names or positions.

        Returns
        -------
        H2OFrame
            This frame.

        Examples
        --------
        >>> frame.rename({"x": "width"}).names[:2]
        ['width', 'n']
        """
        names = self.names
        for old, new in columns.items():
            names[self._position(old)] = new
        return self.set_names(names)
