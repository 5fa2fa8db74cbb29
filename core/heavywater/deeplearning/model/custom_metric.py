"""Metrics of the user's own: a function of arrays, or a class in H2O's form that goes through the rows.

Source: the parameter `custom_metric_func` of H2O-3. Only objects are called: text is never evaluated.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import math
import sys
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, InvalidType
from ..parameters.validation import DeepLearningParameters

METHODS = ("map", "reduce", "metric")
_BY_NAME = ("weights", "offset")  # what a function may ask for, besides actual and predicted


class CustomMetric:
    """A metric of the user's own.

    Parameters
    ----------
    function : callable or class
        A function ``f(actual, predicted)`` of arrays that returns a number: actual values (rows,), predictions (rows,)
        or, for classes, codes (rows,) and probabilities (rows, classes). A parameter called ``weights`` or ``offset``
        gets these (rows,), too. Or a class with H2O's methods ``map(predicted, actual, weight, offset, model)`` for
        one row, ``reduce(left, right)`` of two results, and ``metric(result)``: predicted is [number], or [class,
        probability of each class]; actual is [number or class]; model the parameters of the model.
    name : str
        Shown with the value.

    Raises
    ------
    InvalidType
        It is none of both.
    """

    def __init__(self, function: Any, name: str) -> None:
        self.name = name
        self.function = function
        self._compute = self._by_rows if inspect.isclass(function) else self._by_arrays
        if isinstance(function, str):
            raise InvalidType(
                "custom_metric_func: text is not evaluated as code. Give the class or the function itself"
            )
        if inspect.isclass(function):
            missing = [each for each in METHODS if not callable(getattr(function, each, None))]
            if missing:
                raise InvalidType(
                    f"custom_metric_func: the class {function.__name__} has no method {' and no '.join(missing)}; it "
                    f"needs {', '.join(METHODS)}"
                )
        elif not callable(function):
            raise InvalidType(
                f"custom_metric_func={function!r} must be a function or a class, it is of type {type(function).__name__}"
            )

    def value(
        self,
        p: DeepLearningParameters,
        predicted: Array,
        actual: Array,
        weights: Array | None,
        offset: Array | None,
    ) -> float:
        """The metric of some predictions; NaN without a row that counts.

        Parameters
        ----------
        p : DeepLearningParameters
        predicted : array (rows,) or (rows, classes)
        actual : array (rows,)
            Numbers or codes; rows without one (NaN, -1) do not count.
        weights, offset : array (rows,) or None

        Raises
        ------
        InvalidArgument
            The function fails, or returns something else than a number.
        """
        counts = ~np.isnan(actual) if predicted.ndim == 1 else actual >= 0
        if weights is not None:
            counts = counts & (weights > 0)
        if not counts.any():
            return math.nan
        w = np.ones(counts.sum()) if weights is None else weights[counts]
        o = np.zeros(counts.sum()) if offset is None else offset[counts]
        try:
            found = self._compute(p, predicted[counts].astype(np.float64), actual[counts], w, o)
        except Exception as error:
            raise InvalidArgument(
                f"custom_metric_func: the metric {self.name!r} failed with {type(error).__name__}: {error}"
            ) from error
        try:
            return float(found)
        except (TypeError, ValueError):
            raise InvalidArgument(
                f"custom_metric_func: the metric {self.name!r} returned {found!r}, it must return a number"
            ) from None

    def _by_arrays(
        self, p: DeepLearningParameters, predicted: Array, actual: Array, weights: Array, offset: Array
    ) -> Any:
        values = dict(zip(_BY_NAME, (weights, offset), strict=True))
        try:
            asked = set(inspect.signature(self.function).parameters)
        except (TypeError, ValueError):  # some functions of C libraries do not tell
            asked = set()
        return self.function(actual, predicted, **{name: values[name] for name in _BY_NAME if name in asked})

    def _by_rows(
        self, p: DeepLearningParameters, predicted: Array, actual: Array, weights: Array, offset: Array
    ) -> Any:
        """The Python loop is what the form asks for; a function of arrays is quicker."""
        metric = self.function()
        if predicted.ndim == 1:
            predicted = predicted[:, None]
        else:
            label = predicted[:, 1] >= 0.5 if predicted.shape[1] == 2 else predicted.argmax(axis=1)
            predicted = np.column_stack([label, predicted])
        with java_names():
            rows = (
                metric.map(row, [y], w, o, p)
                for row, y, w, o in zip(
                    predicted.tolist(),
                    actual.astype(float).tolist(),
                    weights.tolist(),
                    offset.tolist(),
                    strict=True,
                )
            )
            return metric.metric(functools.reduce(metric.reduce, rows))


_java_lock = threading.RLock()
_MATH: dict[str, Callable[..., Any]] = {
    name: getattr(math, name)
    for name in (
        "sqrt",
        "exp",
        "log",
        "log10",
        "log1p",
        "expm1",
        "floor",
        "ceil",
        "pow",
        "cbrt",
        "hypot",
        "sin",
        "cos",
        "tan",
        "tanh",
        "sinh",
        "cosh",
        "asin",
        "acos",
        "atan",
        "atan2",
        "fabs",
    )
} | {"abs": abs, "max": max, "min": min, "signum": np.sign, "rint": np.rint}


@contextlib.contextmanager
def java_names() -> Iterator[None]:
    """Let the block import what metrics written for H2O import, whose Python runs inside Java.

    ``java.lang.Math`` and ``water.util.MathUtils.logloss`` are there as long as the block runs, unless modules of
    these names exist anyway.
    """
    offered: dict[str, dict[str, Any]] = {
        "java.lang.Math": {**_MATH, "PI": math.pi, "E": math.e},
        "water.util.MathUtils": {"logloss": lambda error: -math.log(min(1.0, max(1e-15, 1 - error)))},
    }
    with _java_lock:
        added = [name for path, members in offered.items() for name in _offer(path, members)]
        try:
            yield
        finally:
            for name in added:
                sys.modules.pop(name, None)


def _offer(path: str, members: dict[str, Any]) -> list[str]:
    """Register a module and the packages above it; the names that were new."""
    parts = path.split(".")
    if parts[0] in sys.modules:
        return []
    names = [".".join(parts[: k + 1]) for k in range(len(parts))]
    for name in names:
        sys.modules[name] = ModuleType(name)
        above, _, last = name.rpartition(".")
        if above:
            setattr(sys.modules[above], last, sys.modules[name])
    vars(sys.modules[path]).update(members)
    return names
