"""Python functions as functions of the expression language.

A function for ``apply`` is called once, with a stand-in for the column or row. The stand-in has the operators
and methods of a frame, which compute nothing but note down what is asked; the notes are the function's body.
"""

# Stand-ins answer where frames would.
# mypy: disable-error-code="override"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from heavywater.errors import HeavywaterError, InvalidType
from heavywater.session import Lambda, Ref, Span, with_moments

from .operations import FrameOperations

_PARAMETER = "x"


def expression_of(function: Any) -> Lambda:
    """The expression of a function of one column or row.

    Raises
    ------
    InvalidType
        It does something that cannot be noted down, such as ``if`` on the value of a cell.
    """
    if not callable(function):
        raise InvalidType(f"apply: fun must be a function such as lambda x: x.mean(), got {function!r}")
    stand_in = _Traced(Ref(_PARAMETER))
    try:
        body = function(stand_in)
    except HeavywaterError:
        raise
    except (TypeError, AttributeError) as error:
        raise InvalidType(
            f"apply: fun may use the operators and methods of frames on its argument only ({error})"
        ) from error
    return Lambda((_PARAMETER,), _noted(body))


def _noted(value: Any) -> Any:
    if isinstance(value, _Traced):
        return value._note
    key = getattr(value, "frame_id", None)
    return Ref(key) if isinstance(key, str) else plain(value, _noted)


def plain(value: Any, of_part: Callable[[Any], Any]) -> Any:
    """A Python value that is no frame as part of an expression.

    Parameters
    ----------
    value : object
    of_part : callable
        Makes such a part of each element of a list.
    """
    value = with_moments(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple, range, np.ndarray)) and not isinstance(value, (Span, Ref, Lambda)):
        return [of_part(item) for item in value]
    return value


class _Traced(FrameOperations):
    """A stand-in for a frame, which notes down what is done with it."""

    def __init__(self, note: Any) -> None:
        self._note = note

    def _expr(self, operation: str, *arguments: Any) -> _Traced:
        return _Traced((operation, *(_noted(argument) for argument in arguments)))

    def __getitem__(self, item: Any) -> _Traced:
        return self._expr("cols", self, item)

    def __bool__(self) -> bool:
        raise InvalidType(
            "apply: fun cannot decide on the value of a cell; use ifelse(yes, no) instead of if"
        )

    def __iter__(self) -> Any:
        raise InvalidType("apply: fun cannot loop over the cells of a column or row")

    def getrow(self) -> _Traced:
        """The same: within a function the cells of a row are the row."""
        return self

    flatten = getrow

    def all(self) -> _Traced:
        """Whether no cell is 0."""
        return self._expr("all", self)

    def any(self) -> _Traced:
        """Whether a cell is not 0."""
        return self._expr("any", self)

    def any_na_rm(self) -> _Traced:
        """Whether a cell is neither 0 nor missing."""
        return self._expr("any.na", self)
