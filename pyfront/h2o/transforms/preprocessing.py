"""Preparation of frames: scaling and choosing columns."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Self

from heavywater.errors import warn

from ..exceptions import H2OValueError
from ..frame.accepting import frame_of
from ..frame.h2oframe import H2OFrame

__all__ = [
    "H2OBinaryOp",
    "H2OCol",
    "H2OColOp",
    "H2OColSelect",
    "H2OScaler",
    "H2OTransformer",
    "TransformAttributeError",
]


class TransformAttributeError(AttributeError):
    """A step that cannot do what it was asked for.

    Parameters
    ----------
    obj : object
        The step.
    method : str
        What it was asked for.
    """

    def __init__(self, obj: Any, method: str) -> None:
        super().__init__(f"{type(obj).__name__} has no method {method}")


class H2OTransformer:
    """What all steps have: `fit` learns from a frame, `transform` applies it to one.

    Examples
    --------
    >>> isinstance(H2OScaler(), H2OTransformer)
    True
    """

    def fit(self, X: Any, y: Any = None, **params: Any) -> Self:
        """The step itself; there is nothing to learn.

        Parameters
        ----------
        X : H2OFrame
            Rows to learn from.
        y : object
            Not used: scikit-learn's pipelines pass it.
        **params : object
            Not used.

        Returns
        -------
        Self
            This object.

        Examples
        --------
        >>> step = H2OColSelect(["x"]).fit(frame)
        """
        return self

    def transform(self, X: Any, y: Any = None, **params: Any) -> H2OFrame:
        """The transformed frame.

        Parameters
        ----------
        X : H2OFrame
            The rows.
        y : object
            Not used.
        **params : object
            Not used.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> H2OColSelect(["x"]).transform(frame).names
        ['x']
        """
        raise TransformAttributeError(self, "transform")

    def inverse_transform(self, X: Any, y: Any = None, **params: Any) -> H2OFrame:
        """The frame as it was before `transform`, where the step can tell.

        Parameters
        ----------
        X : H2OFrame
            What `transform` gave.
        y : object
            Not used.
        **params : object
            Not used.

        Returns
        -------
        H2OFrame

        Raises
        ------
        TransformAttributeError
            The step cannot tell.

        Examples
        --------
        >>> step = H2OScaler().fit(frame[["n"]])
        >>> step.inverse_transform(step.transform(frame[["n"]])).names
        ['n']
        """
        raise TransformAttributeError(self, "inverse_transform")

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The arguments of the constructor by name, as scikit-learn asks for them.

        Parameters
        ----------
        deep : bool
            Not used: there are no steps within a step.

        Returns
        -------
        dict
            Names and values.

        Examples
        --------
        >>> H2OColSelect(["x"]).get_params()
        {'cols': ['x']}
        """
        names = [name for name in inspect.signature(type(self)).parameters if name != "params"]
        return {name: self._argument(name) for name in names}

    def _argument(self, name: str) -> Any:
        return getattr(self, name)

    def set_params(self, **params: Any) -> H2OTransformer:
        """Set arguments of the constructor by name and return the step, which has learnt nothing then.

        Parameters
        ----------
        **params : object
            New values.

        Returns
        -------
        H2OTransformer
            This object.

        Examples
        --------
        >>> H2OColSelect(["x"]).set_params(cols=["n"]).get_params()
        {'cols': ['n']}
        """
        unknown = sorted(set(params) - set(self.get_params()))
        if unknown:
            raise H2OValueError(
                f"{unknown[0]!r} is no argument of {type(self).__name__}: it has {', '.join(self.get_params())}"
            )
        self.__init__(**{**self.get_params(), **params})  # type: ignore[misc]
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> H2OFrame:
        """Learn from a frame and return it transformed.

        Parameters
        ----------
        X : H2OFrame
            The rows.
        y : object
            Not used.
        **params : object
            Not used.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> H2OColSelect(["x"]).fit_transform(frame).names
        ['x']
        """
        transformed: H2OFrame = self.fit(X, y, **params).transform(X, y, **params)
        return transformed


class H2OScaler(H2OTransformer):
    """Centre numeric columns and divide them by their standard deviation; others are left as they are.

    Parameters
    ----------
    center : bool or list of float
        Subtract the mean of each column, or these numbers.
    scale : bool or list of float
        Divide by the standard deviation of each column, or by these numbers.

    Examples
    --------
    >>> H2OScaler().fit_transform(frame[["n"]]).mean()
    [0.0]
    """

    def __init__(self, center: bool | Sequence[float] = True, scale: bool | Sequence[float] = True) -> None:
        if center is None or scale is None:
            raise H2OValueError(
                f"center={center!r}, scale={scale!r}: each must be True, False or a list of numbers"
            )
        self.parms = {"center": center, "scale": scale}
        self._means: list[float] | None = None
        self._stds: list[float] | None = None

    @property
    def means(self) -> list[float] | None:
        """What is subtracted from each column; None before `fit`, or without centring.

        Examples
        --------
        >>> H2OScaler().fit(frame[["n"]]).means
        [2.0]
        """
        return self._means

    @property
    def stds(self) -> list[float] | None:
        """What each column is divided by; None before `fit`, or without scaling.

        Examples
        --------
        >>> len(H2OScaler().fit(frame[["n"]]).stds)
        1
        """
        return self._stds

    def fit(self, X: Any, y: Any = None, **params: Any) -> H2OScaler:
        """Learn means and standard deviations.

        Parameters
        ----------
        X : H2OFrame
            Rows to learn from.
        y, **params
            Without meaning: scikit-learn's pipelines pass them.
        """
        rows = frame_of("X", X)
        center, scale = self.parms["center"], self.parms["scale"]
        self._means = _given(center, lambda: rows.mean(return_frame=False))
        self._stds = _given(scale, lambda: rows.sd(na_rm=True))
        return self

    def transform(self, X: Any, y: Any = None, **params: Any) -> H2OFrame:
        """The scaled frame, see `fit`."""
        self._check_fitted()
        scaled: H2OFrame = frame_of("X", X).scale(self._means or False, self._stds or False)
        return scaled

    def inverse_transform(self, X: Any, y: Any = None, **params: Any) -> H2OFrame:
        """The frame as it was before `transform`."""
        self._check_fitted()
        rows = frame_of("X", X)
        back: H2OFrame = rows[:]
        for column, kind in enumerate(rows.types.values()):
            if kind in ("int", "real"):
                factor = self._stds[column] if self._stds else 1.0
                back[column] = rows[column] * factor + (self._means[column] if self._means else 0.0)
        return back

    def _argument(self, name: str) -> Any:
        return self.parms[name]

    def _check_fitted(self) -> None:
        missing = (self.parms["center"] is not False and self._means is None) or (
            self.parms["scale"] is not False and self._stds is None
        )
        if missing:
            raise H2OValueError("this H2OScaler has learnt nothing yet: call fit() first")


class H2OColSelect(H2OTransformer):
    """Choose columns.

    Parameters
    ----------
    cols : list of str or int, str or int
        Names or positions.

    Examples
    --------
    >>> H2OColSelect(["x", "n"]).transform(frame).names
    ['x', 'n']
    """

    def __init__(self, cols: Any) -> None:
        self.cols = cols

    def transform(self, X: Any, y: Any = None, **params: Any) -> H2OFrame:
        """The chosen columns."""
        chosen: H2OFrame = frame_of("X", X)[self.cols]
        return chosen


class H2OColOp(H2OTransformer):
    """Apply an operation to a column.

    Parameters
    ----------
    op : callable
        Takes the column as a frame and returns one, such as ``H2OFrame.cos``.
    col : str or int, optional
        The column; None: the whole frame.
    inplace : bool
        Put the result in the place of the column; False: behind the other columns.
    new_col_name : str, optional
        Name of the new column, with ``inplace=False``.
    **params
        Further arguments of `op`.

    Examples
    --------
    >>> H2OColOp(h2o.H2OFrame.abs, col="x", inplace=False, new_col_name="size").transform(frame).names[-1]
    'size'
    """

    def __init__(
        self,
        op: Callable[..., H2OFrame],
        col: str | int | None = None,
        inplace: bool = True,
        new_col_name: str | None = None,
        **params: Any,
    ) -> None:
        if isinstance(col, list | tuple):
            raise H2OValueError(f"col={col!r} must be a single column, or None for the whole frame")
        if inplace and new_col_name is not None:
            warn(f"new_col_name={new_col_name!r} has no effect: with inplace=True the column keeps its name")
        self.op, self.col, self.inplace, self.new_col_name, self.params = (
            op,
            col,
            inplace,
            new_col_name,
            params,
        )

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The arguments of the constructor by name."""
        return {**super().get_params(deep), **self.params}

    def transform(self, X: Any, y: Any = None, **params: Any) -> H2OFrame:
        """The frame with the result; the frame itself stays as it is."""
        rows = frame_of("X", X)
        result = self._applied(rows)
        if self.inplace and self.col is None:
            return result
        if self.inplace:
            changed: H2OFrame = rows[:]
            changed[self.col] = result
            return changed
        if self.new_col_name is not None:
            result = result[:]
            result.names = [self.new_col_name]
        bound: H2OFrame = rows.cbind(result)
        return bound

    def _applied(self, X: H2OFrame) -> H2OFrame:
        return self.op(X if self.col is None else X[self.col], **self.params)


class H2OCol:
    """Marks an argument of `H2OBinaryOp` as a column of the frame.

    Parameters
    ----------
    column : str or int

    Examples
    --------
    >>> add = H2OBinaryOp(h2o.H2OFrame.__add__, col="x", right=H2OCol("n"))
    """

    def __init__(self, column: str | int) -> None:
        self.col = column


class H2OBinaryOp(H2OColOp):
    """Apply an operation to a column and something else.

    Parameters
    ----------
    op : callable
        Takes both, such as ``H2OFrame.__add__``.
    col : str or int
        The column.
    inplace, new_col_name
        As in `H2OColOp`.
    left, right : number, str or H2OCol
        What stands on one side of the column; give one of the two.
    **params
        Further arguments of `op`.

    Examples
    --------
    >>> H2OBinaryOp(h2o.H2OFrame.__add__, col="x", right=H2OCol("n"), inplace=False, new_col_name="sum").transform(frame).names[-1]
    'sum'
    """

    def __init__(
        self,
        op: Callable[..., H2OFrame],
        col: str | int,
        inplace: bool = True,
        new_col_name: str | None = None,
        left: Any = None,
        right: Any = None,
        **params: Any,
    ) -> None:
        super().__init__(op, col, inplace, new_col_name, **params)
        if (left is None) == (right is None):
            raise H2OValueError(f"left={left!r}, right={right!r}: give one of the two")
        self.left, self.right = left, right

    def _applied(self, X: H2OFrame) -> H2OFrame:
        other = self.right if self.left is None else self.left
        other = X[other.col] if isinstance(other, H2OCol) else other
        if self.left is not None and not isinstance(other, H2OFrame):
            other = X._expr("rep_len", other, X.nrow)  # methods of H2OFrame need one on their left
        column: Any = self.col
        both = (X[column], other) if self.left is None else (other, X[column])
        return self.op(*both, **self.params)


def _given(choice: Any, learn: Any) -> list[float] | None:
    """The numbers that were given, learnt ones, or None."""
    if isinstance(choice, list | tuple):
        return list(choice)
    return list(learn()) if choice else None
