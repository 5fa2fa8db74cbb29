"""Aggregates of groups of rows: ``frame.group_by("a").mean("b").get_frame()``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heavywater.errors import InvalidArgument, warn

from .operations.base import listed

if TYPE_CHECKING:
    from .h2oframe import H2OFrame

_MISSING = ("all", "ignore", "rm")


class GroupBy:
    """Groups of the rows of a frame, and the aggregates that are wanted.

    Each method notes one aggregate and returns this object; `get_frame` computes them all.

    Parameters
    ----------
    fr : H2OFrame
    by : str, int, or list of these
        Columns whose values make the groups.

    Notes
    -----
    The argument `na` of the methods says what to do with missing cells: ``"all"`` they make the aggregate
    missing, ``"rm"`` they are left out, ``"ignore"`` they are left out of sums but counted as rows.
    """

    def __init__(self, fr: H2OFrame, by: Any) -> None:
        self._fr = fr
        self._by = [fr._position(column) for column in listed(by)]
        self._aggregates: dict[tuple[str, int, str], None] = {}  # in the order of the calls
        self._result: H2OFrame | None = None
        self._left_out: set[int] = set()

    def min(self, col: Any = None, na: str = "all") -> GroupBy:
        """Smallest number of columns (all by default)."""
        return self._add("min", col, na)

    def max(self, col: Any = None, na: str = "all") -> GroupBy:
        """Largest number of columns (all by default)."""
        return self._add("max", col, na)

    def mean(self, col: Any = None, na: str = "all") -> GroupBy:
        """Mean of columns (all by default)."""
        return self._add("mean", col, na)

    def count(self, na: str = "all") -> GroupBy:
        """Number of rows."""
        return self._add("nrow", 0, na)

    def sum(self, col: Any = None, na: str = "all") -> GroupBy:
        """Sum of columns (all by default)."""
        return self._add("sum", col, na)

    def sd(self, col: Any = None, na: str = "all") -> GroupBy:
        """Standard deviation (n - 1) of columns (all by default)."""
        return self._add("sdev", col, na)

    def var(self, col: Any = None, na: str = "all") -> GroupBy:
        """Variance (n - 1) of columns (all by default)."""
        return self._add("var", col, na)

    def ss(self, col: Any = None, na: str = "all") -> GroupBy:
        """Sum of the squares of columns (all by default)."""
        return self._add("sumSquares", col, na)

    def mode(self, col: Any = None, na: str = "all") -> GroupBy:
        """Number of the most frequent level of enum columns (all columns by default)."""
        return self._add("mode", col, na)

    def median(self, col: Any = None, na: str = "all") -> GroupBy:
        """Median of columns (all by default)."""
        return self._add("median", col, na)

    def _add(self, aggregate: str, columns: Any, na: str) -> GroupBy:
        if na not in _MISSING:
            raise InvalidArgument(f"group_by: na={na!r} must be one of {', '.join(_MISSING)}")
        if columns is None:
            keys = set(self._by)
            columns = [i for i in range(self._fr.ncol) if i not in keys]
        kinds = list(self._fr.types.values())
        for column in listed(columns):
            position = self._fr._position(column)
            if aggregate != "nrow" and kinds[position] in ("string", "uuid"):
                self._leave_out(position)
                continue
            entry = (aggregate, position, na)
            self._aggregates[entry] = None
        self._result = None
        return self

    def _leave_out(self, position: int) -> None:
        if position not in self._left_out:
            self._left_out.add(position)
            name = self._fr.names[position]
            warn(f"group_by: column {name!r} holds texts and is left out", UserWarning)

    @property
    def frame(self) -> H2OFrame:
        """The aggregates; see `get_frame`."""
        return self.get_frame()

    def get_frame(self) -> H2OFrame:
        """One row for each group: the group columns, then the aggregates."""
        if self._result is None:
            parts = [part for entry in self._aggregates for part in entry]
            if not parts and not self._left_out:
                raise InvalidArgument(
                    "group_by: no aggregate is asked for, such as count() or mean('column')"
                )
            self._result = self._fr._expr("GB", self._fr, self._by, *parts)
        return self._result

    def __repr__(self) -> str:
        names = self._fr.names
        wanted = ", ".join(f"{what}({'' if what == 'nrow' else names[i]})" for what, i, _ in self._aggregates)
        return (
            f"GroupBy of frame {self._fr.frame_id} by {', '.join(names[i] for i in self._by)}: "
            f"{wanted or 'no aggregate yet'}. get_frame() gives the result."
        )
