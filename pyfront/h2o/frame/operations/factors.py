"""Types of columns, and levels."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from heavywater.errors import InvalidArgument, InvalidType

from .base import Operations

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame


class FactorOperations(Operations):
    """Types of columns, and levels."""

    def asfactor(self) -> H2OFrame:
        """Columns as enum: texts with levels in byte order, whole numbers with levels in the order of value.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["n"].asfactor().levels()
        [['1', '2', '3']]
        """
        for name, kind in getattr(self, "types", {}).items():
            if kind not in ("int", "string", "enum", "bad"):
                raise InvalidArgument(
                    f"asfactor: column {name!r} is of type {kind}; whole numbers and texts can become levels. "
                    "Round it, group it with cut(), or make texts of it with ascharacter()"
                )
        return self._expr("as.factor", self)

    def asnumeric(self) -> H2OFrame:
        """Columns as numbers: levels that are numbers give these, other levels their position.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> h2o.H2OFrame({"a": ["10", "20"]}, column_types={"a": "enum"}).asnumeric().as_data_frame()["a"].tolist()
        [10, 20]
        """
        return self._expr("as.numeric", self)

    def ascharacter(self) -> H2OFrame:
        """Columns as texts.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["k"].ascharacter().types
        {'k': 'string'}
        """
        return self._expr("as.character", self)

    def isfactor(self) -> list[bool]:
        """For each column whether it is an enum.

        Returns
        -------
        list of bool

        Examples
        --------
        >>> frame.isfactor()
        [False, False, True, False, False]
        """
        return self._flags("is.factor")

    def isnumeric(self) -> list[bool]:
        """For each column whether it holds numbers.

        Returns
        -------
        list of bool

        Examples
        --------
        >>> frame.isnumeric()
        [True, True, False, False, False]
        """
        return self._flags("is.numeric")

    def isstring(self) -> list[bool]:
        """For each column whether it holds strings.

        Returns
        -------
        list of bool

        Examples
        --------
        >>> frame.isstring()
        [False, False, False, True, False]
        """
        return self._flags("is.character")

    ischaracter = isstring

    def anyfactor(self) -> bool:
        """Whether a column is an enum.

        Returns
        -------
        bool

        Examples
        --------
        >>> frame.anyfactor()
        True
        """
        return bool(self._expr("any.factor", self))

    def levels(self) -> list[list[str]]:
        """Levels of each column (none for columns that are no enum); an empty list where no column is an enum.

        Returns
        -------
        list[list of str]

        Examples
        --------
        >>> frame[["k", "n"]].levels()
        [['a', 'b', 'c'], []]
        """
        levels = self._column_levels()
        return [] if all(found is None for found in levels) else [found or [] for found in levels]

    def nlevels(self) -> list[int] | int:
        """Number of levels of each column; 0 alone where no column is an enum.

        Returns
        -------
        list of int or int

        Examples
        --------
        >>> frame[["k", "n"]].nlevels()
        [3, 0]
        """
        return [len(levels) for levels in self.levels()] or 0

    def categories(self) -> list[str]:
        """Levels of the only column, an enum.

        Returns
        -------
        list of str
            In their order.

        Examples
        --------
        >>> frame["k"].categories()
        ['a', 'b', 'c']
        """
        if self.ncol != 1:
            raise InvalidArgument(f"categories: a frame of one column is needed, this one has {self.ncol}")
        if not self.isfactor()[0]:
            raise InvalidArgument(f"categories: column {self.names[0]!r} is no factor; use asfactor() first")
        return self.levels()[0]

    def set_levels(self, levels: Sequence[str]) -> H2OFrame:
        """New names for the levels, in order.

        Parameters
        ----------
        levels : list of str
            As many names as there are levels.

        Returns
        -------
        H2OFrame
            The column with its new names; the frame that it comes from stays as it is.

        Examples
        --------
        >>> frame["k"].set_levels(["low", "mid", "high"]).levels()
        [['low', 'mid', 'high']]
        """
        return self._expr("setDomain", self, False, list(levels))

    def set_level(self, level: str) -> H2OFrame:
        """Every cell set to one existing level.

        Parameters
        ----------
        level : str
            One of the levels.

        Returns
        -------
        H2OFrame
            As many rows; all levels are kept.

        Examples
        --------
        >>> frame["k"].set_level("a").as_data_frame()["k"].tolist()
        ['a', 'a', 'a', 'a']
        """
        return self._expr("setLevel", self, level)

    def append_levels(self, levels: Sequence[str]) -> H2OFrame:
        """Further levels that do not occur yet.

        Parameters
        ----------
        levels : list of str
            Names that the column does not have.

        Returns
        -------
        H2OFrame
            The same cells.

        Examples
        --------
        >>> frame["k"].append_levels(["d"]).levels()
        [['a', 'b', 'c', 'd']]
        """
        return self._expr("appendLevels", self, False, list(levels))

    def relevel(self, y: str) -> H2OFrame:
        """The level `y` first.

        Parameters
        ----------
        y : str
            One of the levels.

        Returns
        -------
        H2OFrame
            The same cells, with the levels in another order: the first one is the base of one-hot codes
            without all levels.

        Examples
        --------
        >>> frame["k"].relevel("c").levels()
        [['c', 'a', 'b']]
        """
        return self._expr("relevel", self, y)

    def relevel_by_frequency(self, weights_column: str | None = None, top_n: int = -1) -> H2OFrame:
        """Levels by falling frequency.

        Parameters
        ----------
        weights_column : str, optional
            Name of a column of this frame whose sums take the place of frequencies.
        top_n : int
            How many levels move to the front; -1 all.

        Returns
        -------
        H2OFrame
            The same cells, with the levels in another order.

        Examples
        --------
        >>> frame["k"].relevel_by_frequency().levels()
        [['b', 'a', 'c']]
        """
        return self._expr("relevel.by.freq", self, [weights_column] if weights_column else [], top_n)

    def droplevels(self) -> H2OFrame:
        """Enums without the levels that do not occur.

        Returns
        -------
        H2OFrame
            The same cells.

        Examples
        --------
        >>> frame["k"].append_levels(["d"]).droplevels().levels()
        [['a', 'b', 'c']]
        """
        return self._expr("droplevels", self)

    def interaction(
        self,
        factors: Sequence[str | int],
        pairwise: bool,
        max_factors: int,
        min_occurrence: int,
        destination_frame: str | None = None,
    ) -> H2OFrame:
        """Factors of the combinations of levels.

        Parameters
        ----------
        factors : sequence of str or int
            Enum columns.
        pairwise : bool
            Whether there is a column for each pair of factors, or one for all of them together.
        max_factors : int
            Number of levels; the rarer ones become ``other``.
        min_occurrence : int
            Combinations in fewer rows become ``other``.
        destination_frame : str, optional
            Key of the result.

        Returns
        -------
        H2OFrame
            An enum column for each combination of factors.

        Examples
        --------
        >>> pairs = iris[["class"]].cbind(iris["class"]).set_names(["a", "b"])
        >>> pairs.interaction(["a", "b"], pairwise=True, max_factors=10, min_occurrence=1).levels()[0][:1]
        ['Iris-setosa_Iris-setosa']
        """
        result = self._expr("interaction", self, list(factors), pairwise, max_factors, min_occurrence)
        if destination_frame is not None:
            result.frame_id = destination_frame
        return result

    def cut(
        self,
        breaks: Any,
        labels: Sequence[str] | None = None,
        include_lowest: bool = False,
        right: bool = True,
        dig_lab: int = 3,
    ) -> H2OFrame:
        """Put numbers into classes between breaks; missing outside of them.

        Parameters
        ----------
        breaks : sequence of float, or int
            Bounds, or the number of classes of equal width.
        labels : sequence of str, optional
            One for each class.
        include_lowest : bool
            Whether the outermost bound belongs to its class.
        right : bool
            Whether classes hold their upper bound or their lower one.
        dig_lab : int
            Decimals of the bounds in labels.

        Returns
        -------
        H2OFrame
            An enum column, whose levels are the classes.

        Examples
        --------
        >>> frame["n"].cut([0, 1, 2, 3]).as_data_frame().iloc[:, 0].tolist()
        ['(2.0,3.0]', '(0.0,1.0]', '(1.0,2.0]', '(1.0,2.0]']
        """
        bounds = list(breaks) if hasattr(breaks, "__iter__") else breaks
        return self._expr("cut", self, bounds, list(labels or []), include_lowest, right, dig_lab)

    def match(self, table: Any, nomatch: Any = float("nan"), start_index: int = 1) -> H2OFrame:
        """Position of each cell in `table` (a list, an array or a single cell), `nomatch` where it is not in it.

        Parameters
        ----------
        table : list, array, or a single number or text
            What is looked for.
        nomatch : float
            What stands where a cell is not in it.
        start_index : int
            Number of the first position.

        Returns
        -------
        H2OFrame
            One column of positions.

        Examples
        --------
        >>> frame["k"].match(["c", "b"]).as_data_frame().iloc[:, 0].tolist()
        [2.0, nan, 2.0, 1.0]
        """
        return self._expr("match", self, _listed(table), nomatch, start_index)

    def isin(self, item: Any) -> H2OFrame:
        """1 where a cell is one of the items (a list, set, array or series, or a single number, text or time).

        Parameters
        ----------
        item : list, set, array, series, or a single number, text or time
            What is looked for.

        Returns
        -------
        H2OFrame
            One column of 0 and 1.

        Examples
        --------
        >>> frame["k"].isin(["a", "b"]).as_data_frame().iloc[:, 0].tolist()
        [1, 1, 1, 0]
        """
        return self._expr(">", self._expr("match", self, _listed(item), 0, 1), 0)


def _listed(items: Any) -> list[Any]:
    """The items of a list, set, array, series or other iterable; a single one as a list."""
    if isinstance(items, Operations):
        raise InvalidType(
            "match: table is a frame; give its values as a list, or join the frames with merge()"
        )
    if hasattr(items, "to_numpy"):
        items = items.to_numpy()
    if isinstance(items, np.ndarray) and items.dtype.kind not in "Mm":
        items = items.ravel().tolist()
    if isinstance(items, str) or not isinstance(items, Iterable):
        return [items]
    return [item.item() if isinstance(item, np.bool_) else item for item in items]
