"""Binding, joining, sorting, grouping, reshaping, sampling."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from heavywater.errors import InvalidArgument

from .base import Operations, listed

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame


def _directions(ascending: Any, count: int, method: str) -> list[int]:
    given = listed(ascending)
    if given and len(given) != count:
        raise InvalidArgument(f"{method}: ascending has {len(given)} entries for {count} columns")
    return [1 if up else -1 for up in given] or [1] * count


class RowOperations(Operations):
    """Binding, joining, sorting, grouping, reshaping, sampling."""

    def cbind(self, data: Any) -> H2OFrame:
        """The frame with further frames (or numbers) to its right.

        Parameters
        ----------
        data : H2OFrame, number, or list of these
            What stands on the right, with as many rows.

        Returns
        -------
        H2OFrame
            This frame stays as it is. Names that are there already get a number.

        Examples
        --------
        >>> frame[["x"]].cbind(frame["n"]).names
        ['x', 'n']
        """
        return self._expr("cbind", self, *(data if isinstance(data, (list, tuple)) else [data]))

    def rbind(self, data: Any) -> H2OFrame:
        """The frame with further frames of the same columns below it.

        Parameters
        ----------
        data : H2OFrame or list of these
            What stands below: the same names, in the same order.

        Returns
        -------
        H2OFrame
            This frame stays as it is; levels of factors are brought together.

        Examples
        --------
        >>> frame.rbind(frame).nrow
        8
        """
        return self._expr("rbind", self, *(data if isinstance(data, (list, tuple)) else [data]))

    def concat(self, frames: Sequence[Any], axis: int = 1) -> H2OFrame:
        """Frames side by side (axis 1) or one below the other (axis 0).

        Parameters
        ----------
        frames : list of H2OFrame
            Further frames.
        axis : int
            1 side by side, 0 one below the other.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame.concat([frame], axis=0).nrow
        8
        """
        if not frames:
            raise InvalidArgument("concat: frames is empty")
        return self.cbind(list(frames)) if axis == 1 else self.rbind(list(frames))

    def merge(
        self,
        other: Any,
        all_x: bool = False,
        all_y: bool = False,
        by_x: Any = None,
        by_y: Any = None,
        method: str = "auto",
    ) -> H2OFrame:
        """Join with another frame by the values of some columns.

        Parameters
        ----------
        other : H2OFrame
        all_x, all_y : bool
            Whether rows of this frame, or of the other, are kept without a partner.
        by_x, by_y : list of str or int, optional
            The key columns of each; those of equal names by default.
        method : str
            ``auto``, ``radix`` or ``hash``; the result is the same.

        Returns
        -------
        H2OFrame
            In the order of keys; a missing key has no partner.

        Examples
        --------
        >>> left = h2o.H2OFrame({"id": [1, 2], "a": [10, 20]})
        >>> left.merge(h2o.H2OFrame({"id": [2, 3], "b": [5, 6]})).as_data_frame().values.tolist()
        [[2, 20, 5]]
        """
        keys_x, keys_y = ([] if by is None else listed(by) for by in (by_x, by_y))
        if bool(keys_x) != bool(keys_y):
            keys_x = keys_y = keys_x or keys_y
        return self._expr("merge", self, other, all_x, all_y, keys_x, keys_y, method)

    def sort(self, by: Any, ascending: Any = ()) -> H2OFrame:
        """Rows in the order of some columns.

        Parameters
        ----------
        by : str, int, or list of these
            The first one counts most.
        ascending : bool or list of bool
            Direction for each column; all ascending by default. Missing comes first in any case.

        Returns
        -------
        H2OFrame
            This frame stays as it is.

        Examples
        --------
        >>> frame.sort("n", ascending=[False])["n"].as_data_frame()["n"].tolist()
        [3, 2, 2, 1]
        """
        columns = listed(by)
        return self._expr("sort", self, columns, _directions(ascending, len(columns), "sort"))

    def rank_within_group_by(
        self,
        group_by_cols: Any,
        sort_cols: Any,
        ascending: Any = (),
        new_col_name: str = "New_Rank_column",
        sort_cols_sorted: bool = False,
    ) -> H2OFrame:
        """The frame sorted, with the rank of each row within its group as a new column.

        Parameters
        ----------
        group_by_cols : str, int, or list of these
            Columns that make the groups.
        sort_cols : str, int, or list of these
            Columns to rank by; rows in which one is missing have no rank.
        ascending : bool or list of bool
            Direction for each of them.
        new_col_name : str
            Name of the new column.
        sort_cols_sorted : bool
            Whether rows come in the order of `sort_cols` alone, or by groups first.

        Returns
        -------
        H2OFrame
            All columns, and the new one; ranks begin with 1.

        Examples
        --------
        >>> ranked = frame.rank_within_group_by("k", "x", new_col_name="rank")
        >>> ranked["rank"].as_data_frame()["rank"].tolist()
        [1.0, 1.0, 2.0, nan]
        """
        ranked = listed(sort_cols)
        directions = _directions(ascending, len(ranked), "rank_within_group_by")
        return self._expr(
            "rank_within_groupby",
            self,
            listed(group_by_cols),
            ranked,
            directions,
            new_col_name,
            int(sort_cols_sorted),
        )

    def topN(self, column: int | str = 0, nPercent: float = 10) -> H2OFrame:
        """The largest numbers of a column, with the numbers of their rows.

        Parameters
        ----------
        column : int or str
            Name or position.
        nPercent : float
            How many of the rows, in percent.

        Returns
        -------
        H2OFrame
            Row numbers, counted from 0, and the values.

        Examples
        --------
        >>> frame.topN("n", 25).as_data_frame().values.tolist()
        [[0, 3]]
        """
        return self.topNBottomN(column, nPercent, 1)

    def bottomN(self, column: int | str = 0, nPercent: float = 10) -> H2OFrame:
        """The smallest numbers of a column, with the numbers of their rows.

        Parameters
        ----------
        column : int or str
            Name or position.
        nPercent : float
            How many of the rows, in percent.

        Returns
        -------
        H2OFrame
            Row numbers, counted from 0, and the values.

        Examples
        --------
        >>> frame.bottomN("n", 25).as_data_frame().values.tolist()
        [[1, 1]]
        """
        return self.topNBottomN(column, nPercent, -1)

    def topNBottomN(self, column: int | str = 0, nPercent: float = 10, grabTopN: int = -1) -> H2OFrame:
        """The largest (1) or smallest (-1) numbers of a column, in percent of the rows.

        Parameters
        ----------
        column : int or str
            Name or position.
        nPercent : float
            How many of the rows, in percent.
        grabTopN : int
            1 the largest, -1 the smallest.

        Returns
        -------
        H2OFrame
            Row numbers, counted from 0, and the values.

        Examples
        --------
        >>> frame.topNBottomN("n", 25, grabTopN=1).as_data_frame().values.tolist()
        [[0, 3]]
        """
        return self._expr("topn", self, self._position(column), nPercent, grabTopN)

    def drop_duplicates(self, columns: Any, keep: str = "first") -> H2OFrame:
        """One row (the ``first`` or ``last``) of each set of rows that are equal in some columns.

        Parameters
        ----------
        columns : str, int, or list of these
            What makes rows equal.
        keep : str
            ``first`` or ``last``.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame.drop_duplicates("k").nrow
        3
        """
        return self._expr("dropdup", self, listed(columns), keep)

    def pivot(self, index: str, column: str, value: str) -> H2OFrame:
        """From a long table to a wide one.

        Parameters
        ----------
        index : str
            Column whose values make the rows.
        column : str
            Column whose values make the columns.
        value : str
            Column with the cells.

        Returns
        -------
        H2OFrame
            A row for each value of `index`, a column for each of `column`.

        Examples
        --------
        >>> long = h2o.H2OFrame({"id": [1, 1, 2], "what": ["a", "b", "a"], "value": [5, 6, 7]}, column_types={"what": "enum"})
        >>> long.pivot("id", "what", "value").names
        ['id', 'a', 'b']
        """
        return self._expr("pivot", self, index, column, value)

    def melt(
        self,
        id_vars: Sequence[str],
        value_vars: Sequence[str] | None = None,
        var_name: str = "variable",
        value_name: str = "value",
        skipna: bool = False,
    ) -> H2OFrame:
        """From a wide table to a long one.

        Parameters
        ----------
        id_vars : sequence of str
            Columns that are repeated.
        value_vars : sequence of str, optional
            Columns of numbers whose cells become rows; all others by default.
        var_name, value_name : str
            Names of the new columns.
        skipna : bool
            Whether missing cells are left out.

        Returns
        -------
        H2OFrame
            The columns of `id_vars`, then name and value of one cell in each row.

        Examples
        --------
        >>> frame[["k", "x", "n"]].melt(["k"]).shape
        (8, 3)
        """
        return self._expr("melt", self, list(id_vars), list(value_vars or []), var_name, value_name, skipna)

    def which(self) -> H2OFrame:
        """Numbers of the rows that hold neither 0 nor a missing cell.

        Returns
        -------
        H2OFrame
            Counted from 0.

        Examples
        --------
        >>> frame["n"].which().nrow
        4
        """
        return self._expr("which", self)

    def rep_len(self, length_out: int) -> H2OFrame:
        """Cells of one column repeated up to a number of rows, or columns up to a number of columns.

        Parameters
        ----------
        length_out : int
            Number of rows of one column, or of columns.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame["n"].rep_len(6).as_data_frame().iloc[:, 0].tolist()
        [3, 1, 2, 2, 3, 1]
        """
        return self._expr("rep_len", self, length_out)

    def columns_by_type(self, coltype: str = "numeric") -> list[float]:
        """Numbers of the columns of a type: numeric, categorical, string, time, uuid or bad.

        Parameters
        ----------
        coltype : str
            The type.

        Returns
        -------
        list of float
            Positions, counted from 0.

        Examples
        --------
        >>> frame.columns_by_type("categorical")
        [2.0]
        """
        return self._expr("columnsByType", self, coltype)

    # -- random numbers, folds ------------------------------------------------------------------

    def runif(self, seed: int | None = None) -> H2OFrame:
        """Uniform random numbers in [0, 1), one for each row; a function of seed and number of rows only.

        Parameters
        ----------
        seed : int, optional
            The same seed gives the same numbers, on any machine.

        Returns
        -------
        H2OFrame
            One column.

        Examples
        --------
        >>> frame.runif(seed=1).shape
        (4, 1)
        """
        return self._expr("h2o.runif", self, -1 if seed is None else seed)

    def kfold_column(self, n_folds: int = 3, seed: int = -1) -> H2OFrame:
        """A random fold number for each row.

        Parameters
        ----------
        n_folds : int
            Number of folds.
        seed : int
            The same seed deals the same folds; -1 draws one.

        Returns
        -------
        H2OFrame
            One column of numbers from 0 on.

        Examples
        --------
        >>> frame.kfold_column(2, seed=1).shape
        (4, 1)
        """
        return self._expr("kfold_column", self, n_folds, seed)

    def modulo_kfold_column(self, n_folds: int = 3) -> H2OFrame:
        """Fold numbers 0, 1, 2 ... again and again.

        Parameters
        ----------
        n_folds : int
            Number of folds.

        Returns
        -------
        H2OFrame
            One column of numbers from 0 on.

        Examples
        --------
        >>> frame.modulo_kfold_column(3).as_data_frame().iloc[:, 0].tolist()
        [0, 1, 2, 0]
        """
        return self._expr("modulo_kfold_column", self, n_folds)

    def stratified_kfold_column(self, n_folds: int = 3, seed: int = -1) -> H2OFrame:
        """A random fold number for each row, so that every fold has the same share of each level.

        Parameters
        ----------
        n_folds : int
            Number of folds.
        seed : int
            The same seed deals the same folds; -1 draws one.

        Returns
        -------
        H2OFrame
            One column of numbers from 0 on.

        Examples
        --------
        >>> iris["class"].stratified_kfold_column(5, seed=1).shape
        (150, 1)
        """
        return self._expr("stratified_kfold_column", self, n_folds, seed)

    def stratified_split(self, test_frac: float = 0.2, seed: int = -1) -> H2OFrame:
        """``train`` or ``test`` for each row, with the same share of each level in both.

        Parameters
        ----------
        test_frac : float
            Share of the rows of ``test``, from 0 to 1.
        seed : int
            The same seed chooses the same rows; -1 draws one.

        Returns
        -------
        H2OFrame
            One column with the levels ``train`` and ``test``.

        Examples
        --------
        >>> iris["class"].stratified_split(0.2, seed=1).table().as_data_frame()["Count"].tolist()
        [120, 30]
        """
        return self._expr("h2o.random_stratified_split", self, test_frac, seed)
