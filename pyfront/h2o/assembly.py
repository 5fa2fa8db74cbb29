"""Several steps of preparation as one object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from .exceptions import H2OTypeError
from .frame.accepting import frame_of
from .frame.h2oframe import H2OFrame
from .transforms.preprocessing import H2OTransformer

__all__ = ["H2OAssembly"]


def _operator(
    name: str, sign: str, method: Callable[[H2OFrame, Any], H2OFrame], shown: float
) -> Callable[[H2OFrame, Any], H2OFrame]:
    def apply(left: H2OFrame, right: Any) -> H2OFrame:
        return method(left, right)

    apply.__name__, apply.__qualname__ = name, f"H2OAssembly.{name}"
    apply.__doc__ = f"""The operator ``{sign}`` of two frames, cell by cell.

        Parameters
        ----------
        left : H2OFrame
            What stands before the sign.
        right : H2OFrame, number or str
            What stands behind it: of the same shape, or one value for all cells.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> left, right = h2o.H2OFrame({{"a": [1, 4]}}), h2o.H2OFrame({{"a": [2, 4]}})
        >>> float(H2OAssembly.{name}(left, right)[1, 0])
        {shown}
        """
    return apply


class H2OAssembly:
    """Steps of preparation that are applied one after the other.

    Parameters
    ----------
    steps : list of (str, H2OTransformer)
        A name for each step, and the step.

    Notes
    -----
    The static methods ``divide``, ``plus``, ``multiply``, ``minus``, ``less_than``, ``less_than_equal``, ``equal_equal``,
    ``not_equal``, ``greater_than`` and ``greater_than_equal`` are the operators of two frames of the same shape.

    Examples
    --------
    >>> from h2o.transforms.preprocessing import H2OColOp, H2OColSelect
    >>> frame = h2o.H2OFrame({"a": [0.0, 1.0], "b": [1, 2], "c": [3, 4]})
    >>> steps = [("columns", H2OColSelect(["a", "b"])), ("cosine", H2OColOp(H2OFrame.cos, col="a"))]
    >>> H2OAssembly(steps).fit(frame).dim
    [2, 2]
    """

    divide = staticmethod(_operator("divide", "/", H2OFrame.__truediv__, 1.0))
    plus = staticmethod(_operator("plus", "+", H2OFrame.__add__, 8.0))
    multiply = staticmethod(_operator("multiply", "*", H2OFrame.__mul__, 16.0))
    minus = staticmethod(_operator("minus", "-", H2OFrame.__sub__, 0.0))
    less_than = staticmethod(_operator("less_than", "<", H2OFrame.__lt__, 0.0))
    less_than_equal = staticmethod(_operator("less_than_equal", "<=", H2OFrame.__le__, 1.0))
    equal_equal = staticmethod(_operator("equal_equal", "==", H2OFrame.__eq__, 1.0))
    not_equal = staticmethod(_operator("not_equal", "!=", H2OFrame.__ne__, 0.0))
    greater_than = staticmethod(_operator("greater_than", ">", H2OFrame.__gt__, 0.0))
    greater_than_equal = staticmethod(_operator("greater_than_equal", ">=", H2OFrame.__ge__, 1.0))

    def __init__(self, steps: Sequence[tuple[str, H2OTransformer]]) -> None:
        for step in steps:
            if len(step) != 2 or not isinstance(step[1], H2OTransformer):
                raise H2OTypeError(
                    f"steps: {step!r} must be a pair of a name and an H2OTransformer, such as H2OColSelect"
                )
        self.steps = list(steps)
        self._names: list[str] = []

    @property
    def names(self) -> list[str]:
        """Names of the columns that the last `fit` gave; empty before.

        Examples
        --------
        >>> from h2o.transforms.preprocessing import H2OColSelect
        >>> steps = h2o.assembly.H2OAssembly([("some", H2OColSelect(["x", "n"]))])
        >>> _ = steps.fit(frame)
        >>> steps.names
        ['x', 'n']
        """
        return list(self._names)

    def fit(self, fr: Any) -> H2OFrame:
        """Apply all steps to a frame, which stays as it is.

        Parameters
        ----------
        fr : H2OFrame

        Returns
        -------
        H2OFrame
            What the last step gave.

        Examples
        --------
        >>> from h2o.transforms.preprocessing import H2OColSelect
        >>> steps = h2o.assembly.H2OAssembly([("some", H2OColSelect(["x", "n"]))])
        >>> steps.fit(frame).shape
        (4, 2)
        """
        frame = frame_of("fr", fr)
        for _, step in self.steps:
            frame = step.fit_transform(frame)
        self._names = frame.names
        return frame

    def to_pojo(self, pojo_name: str = "", path: str = "", get_jar: bool = True) -> NoReturn:
        """Refuse: steps of preparation are not exported as Java.

        Parameters
        ----------
        pojo_name : str
            Name of the file.
        path : str
            Folder of the file.
        get_jar : bool
            Whether the library is fetched, too.

        Raises
        ------
        NotImplementedError
            Always.

        Examples
        --------
        >>> from h2o.transforms.preprocessing import H2OColSelect
        >>> H2OAssembly([("some", H2OColSelect(["x", "n"]))]).to_pojo()
        Traceback (most recent call last):
        NotImplementedError: to_pojo: steps of preparation are not exported; ...
        """
        raise NotImplementedError(
            "to_pojo: steps of preparation are not exported; model.download_pojo exports a network, and fit() prepares its rows"
        )

    def download_mojo(self, file_name: str = "", path: str = ".") -> NoReturn:
        """Refuse: steps of preparation are not exported as MOJO.

        Parameters
        ----------
        file_name : str
            Name of the file.
        path : str
            Folder of the file.

        Raises
        ------
        NotImplementedError
            Always.

        Examples
        --------
        >>> from h2o.transforms.preprocessing import H2OColSelect
        >>> H2OAssembly([("some", H2OColSelect(["x", "n"]))]).download_mojo()
        Traceback (most recent call last):
        NotImplementedError: download_mojo: steps of preparation are not exported; ...
        """
        raise NotImplementedError(
            "download_mojo: steps of preparation are not exported; model.download_mojo exports a network, and fit() prepares its rows"
        )
