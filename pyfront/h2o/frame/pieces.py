"""Some rows or columns of a frame, and functions of them."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heavywater.errors import InvalidArgument
from heavywater.session import Span

from .operations.base import Operations
from .tracing import expression_of

if TYPE_CHECKING:
    from .h2oframe import H2OFrame


class FramePieces(Operations):
    """Parts of a frame."""

    def head(self, rows: int = 10, cols: int = 200) -> H2OFrame:
        """The first rows.

        Parameters
        ----------
        rows : int
            How many rows; all where there are fewer.
        cols : int
            How many columns.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame.head(2).nrow
        2
        """
        return self._window(0, rows, cols, "head")

    def tail(self, rows: int = 10, cols: int = 200) -> H2OFrame:
        """The last rows.

        Parameters
        ----------
        rows : int
            How many rows; all where there are fewer.
        cols : int
            How many columns.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame.tail(1)["n"].flatten()
        2.0
        """
        return self._window(max(0, self.nrow - rows), rows, cols, "tail")

    def _window(self, first: int, rows: int, cols: int, method: str) -> H2OFrame:
        for label, value in (("rows", rows), ("cols", cols)):
            if not isinstance(value, int) or value < 0:
                raise InvalidArgument(f"{method}: {label}={value!r} must be a whole number from 0 on")
        picked = self._expr("rows", self, [Span(first, min(rows, self.nrow - first))])
        return self._expr("cols_py", picked, [Span(0, min(cols, self.ncol))])

    def drop(self, index: Any, axis: int = 1) -> H2OFrame:
        """Without some columns (axis 1: names or numbers) or rows (axis 0: numbers).

        Parameters
        ----------
        index : str, int, or list of these
            Which ones.
        axis : int
            1 columns, 0 rows.

        Returns
        -------
        H2OFrame
            This frame stays as it is.

        Examples
        --------
        >>> frame.drop(["text", "day"]).names
        ['x', 'n', 'k']
        >>> frame.drop([0], axis=0).nrow
        3
        """
        wanted = list(index) if isinstance(index, (list, tuple, set, range)) else [index]
        if isinstance(index, Operations):
            wanted = index.names
        if axis == 1:
            return self._expr("cols", self, [-1 - self._position(c) for c in wanted] or [Span(0, self.ncol)])
        if axis != 0:
            raise InvalidArgument(f"drop: axis={axis!r} must be 0 (rows) or 1 (columns)")
        return self._expr(
            "rows", self, [-1 - (r % self.nrow if r < 0 else r) for r in wanted] or [Span(0, self.nrow)]
        )

    def pop(self, i: int | str) -> H2OFrame:
        """Take a column out of this frame and return it.

        Parameters
        ----------
        i : int or str
            Name or position.

        Returns
        -------
        H2OFrame
            The column; this frame has it no more.

        Examples
        --------
        >>> frame.pop("text").names, frame.ncol
        (['text'], 4)
        """
        position = self._position(i)
        taken: H2OFrame = self._expr("cols", self, position)
        self._become("cols", self, -1 - position)
        return taken

    def getrow(self) -> list[Any]:
        """The cells of a one-row frame.

        Returns
        -------
        list of object
            Numbers and texts.

        Examples
        --------
        >>> frame[0, ["n", "k"]].getrow()
        [3.0, 'b']
        """
        return self._expr("getrow", self)

    def apply(self, fun: Any = None, axis: int = 0) -> H2OFrame:
        """Apply a function to each column (axis 0) or row (axis 1).

        Parameters
        ----------
        fun : callable
            Such as ``lambda x: x.mean()``. It is called once with a stand-in for a column or row, and may use the
            methods and operators of frames; of a row ``row["name"]`` picks a cell.
        axis : int
            0 for columns, 1 for rows.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame[["x", "n"]].apply(lambda column: column.max(), axis=0).as_data_frame().iloc[0].tolist()
        [nan, 3.0]
        """
        if axis not in (0, 1):
            raise InvalidArgument(f"apply: axis={axis!r} must be 0 (columns) or 1 (rows)")
        return self._expr("apply", self, 2 - axis, expression_of(fun))
