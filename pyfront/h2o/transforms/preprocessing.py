"""Preparation of frames: scaling and choosing columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.frame import H2OFrame

__all__ = ["H2OColSelect", "H2OScaler", "H2OTransformer"]


class H2OTransformer:
    """What all steps have: `fit` learns from a frame, `transform` applies it to one."""

    def fit(self, X: H2OFrame, y: Any = None, **params: Any) -> Any:
        """Return the step itself; there is nothing to learn."""
        return self

    def transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """Return the transformed frame."""
        raise NotImplementedError

    def fit_transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """Learn from a frame and return it transformed."""
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
    """

    def __init__(self, center: bool | Sequence[float] = True, scale: bool | Sequence[float] = True) -> None:
        if center is None or scale is None:
            raise H2OValueError(
                f"center={center!r}, scale={scale!r}: each must be True, False or a list of numbers."
            )
        self.parms = {"center": center, "scale": scale}
        self._means: list[float] | None = None
        self._stds: list[float] | None = None

    @property
    def means(self) -> list[float] | None:
        """What is subtracted from each column; None before `fit`, or without centring."""
        return self._means

    @property
    def stds(self) -> list[float] | None:
        """What each column is divided by; None before `fit`, or without scaling."""
        return self._stds

    def fit(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OScaler:
        """Learn means and standard deviations.

        Parameters
        ----------
        X : H2OFrame
            Rows to learn from.
        y, **params
            Without meaning: scikit-learn's pipelines pass them.
        """
        if not isinstance(X, H2OFrame):
            raise H2OTypeError(f"X must be an H2OFrame, it is of type {type(X).__name__}.")
        center, scale = self.parms["center"], self.parms["scale"]
        self._means = _given(center, lambda: X.mean(return_frame=False))
        self._stds = _given(scale, lambda: X.sd(na_rm=True))
        return self

    def transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """Return the scaled frame, see `fit`."""
        self._check_fitted()
        scaled: H2OFrame = X.scale(self._means or False, self._stds or False)
        return scaled

    def inverse_transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """Return the frame as it was before `transform`."""
        self._check_fitted()
        back = X[:]
        for column, kind in enumerate(X.types.values()):
            if kind in ("int", "real"):
                factor = self._stds[column] if self._stds else 1.0
                back[column] = X[column] * factor + (self._means[column] if self._means else 0.0)
        return back

    def _check_fitted(self) -> None:
        missing = (self.parms["center"] is not False and self._means is None) or (
            self.parms["scale"] is not False and self._stds is None
        )
        if missing:
            raise H2OValueError("This H2OScaler has learnt nothing yet: call fit() first.")


class H2OColSelect(H2OTransformer):
    """Choose columns.

    Parameters
    ----------
    cols : list of str or int, str or int
        Names or positions.
    """

    def __init__(self, cols: Any) -> None:
        self.cols = cols

    def transform(self, X: H2OFrame, y: Any = None, **params: Any) -> H2OFrame:
        """Return the chosen columns."""
        chosen: H2OFrame = X[self.cols]
        return chosen


def _given(choice: Any, learn: Any) -> list[float] | None:
    """The numbers that were given, learnt ones, or None."""
    if isinstance(choice, list | tuple):
        return list(choice)
    return list(learn()) if choice else None
