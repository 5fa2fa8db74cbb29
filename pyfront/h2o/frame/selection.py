"""Columns, rows and cells of a frame."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import numpy as np
from heavywater.errors import InvalidArgument
from heavywater.session import Span

from .operations.base import Operations
from .selectors import column_selector, is_single, row_numbers, row_selector

if TYPE_CHECKING:
    from .h2oframe import H2OFrame

#: a number (NaN where it is missing), or a text (None where it is missing)
Cell: TypeAlias = float | str | None


class FrameSelection(Operations):
    """What stands in brackets behind a frame."""

    @overload
    def __getitem__(self, item: tuple[int, int | str]) -> Cell: ...  # type: ignore[overload-overlap]

    @overload
    def __getitem__(
        self,
        item: str
        | int
        | Sequence[str]
        | Sequence[int]
        | slice
        | H2OFrame
        | np.ndarray[Any, Any]
        | tuple[Any, Any],
    ) -> H2OFrame: ...

    def __getitem__(self, item: Any) -> H2OFrame | Cell:
        """Columns ``fr["a"]``, ``fr[0]``, ``fr[["a", "b"]]``, ``fr[1:3]``; rows and columns ``fr[rows, cols]``.

        Rows may be a number, list, slice or a 0/1 frame; a numpy array alone, of numbers or booleans, stands for rows.
        A single cell comes as number or text.
        """
        if isinstance(item, tuple):
            if len(item) != 2:
                raise InvalidArgument(f"frame[...]: give columns, or rows and columns; got {len(item)} parts")
            rows, columns = (slice(None) if part is Ellipsis else part for part in item)
            chosen = rows if hasattr(rows, "frame_id") else row_selector(rows, self.nrow)
            return self._select(chosen, columns, is_single(rows) and is_single(columns))
        if hasattr(item, "frame_id"):
            return self._expr("rows", self, item)
        if isinstance(item, np.ndarray):
            return self._select(row_numbers(item, self.nrow), None, single=False)
        selector = column_selector(item, self.ncol)
        return self._expr("cols_py", self, [Span(0, self.ncol)] if selector is None else selector)

    def _select(self, rows: Any, columns: Any, single: bool) -> H2OFrame | Cell:
        selector = column_selector(columns, self.ncol)
        picked: Any = self if selector is None else self._expr("cols_py", self, selector)
        if rows is None:
            return picked if picked is not self else self._expr("cols_py", self, [Span(0, self.ncol)])
        result = self._expr("rows", picked, rows)
        return result.flatten() if single else result

    def flatten(self) -> Cell:
        """The only cell of a 1x1 frame, as a number or text.

        Returns
        -------
        float, str or None
            A time is milliseconds since 1970.

        Examples
        --------
        >>> frame[0, "x"]
        1.5
        >>> frame[0:1, ["k"]].flatten()
        'b'
        """
        return self._expr("flatten", self)

    def _cell(self) -> Any:
        return self._expr("flatten", self)
