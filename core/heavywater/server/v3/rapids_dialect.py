"""Forms of expressions that H2O's R client sends, and the operations take in another form."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...frame.language.expressions import Lambda, Ref

_Arguments = list[Any]


def plain_form(expression: Any) -> Any:
    """An expression as the operations take it.

    Parameters
    ----------
    expression : object
        See `heavywater.frame.language.rapids.parse`.
    """
    if isinstance(expression, Lambda):
        return Lambda(expression.parameters, plain_form(expression.body))
    if type(expression) is not tuple:
        return expression
    head, *arguments = map(plain_form, expression)
    if head == "setDomain":
        return _levels_in_place(arguments)
    change = _CHANGES.get(head) if isinstance(head, str) else None
    return (head, *(change(arguments) if change else arguments))


def _words_at(*places: int) -> Callable[[_Arguments], _Arguments]:
    """Texts that come without quotes."""

    def change(arguments: _Arguments) -> _Arguments:
        return [
            each.key if i in places and isinstance(each, Ref) else each for i, each in enumerate(arguments)
        ]

    return change


def _without_null(arguments: _Arguments) -> _Arguments:
    """R's NULL is an empty list."""
    return [[] if each == Ref("NULL") else each for each in arguments]


def _without_missing(arguments: _Arguments) -> _Arguments:
    """R's NA, where a name could be, is an empty list."""
    return [[] if isinstance(each, float) and math.isnan(each) else each for each in arguments]


def _pair_as_frame(arguments: _Arguments) -> _Arguments:
    """Two columns come as two frames."""
    return [("cbind", *arguments[:2]), arguments[2]] if len(arguments) == 3 else arguments


def _at_most(count: int) -> Callable[[_Arguments], _Arguments]:
    """Behind its arguments come those of the R function of the same name, which mean nothing here."""
    return lambda arguments: arguments[:count]


def _levels_in_place(arguments: _Arguments) -> Any:
    """New names of levels, which the frame has that the column is of, where that is asked for."""
    plain = ("setDomain", *arguments)
    if len(arguments) != 3 or arguments[1] is not True:
        return plain
    column, _, levels = arguments
    if isinstance(column, Ref):
        return ("assign", column, ("setDomain", column, False, levels))
    if not isinstance(column, tuple):
        return plain
    if column[0] == "tmp=" and len(column) == 3:
        named = column[1]
        changed = [_levels_in_place([each, True, levels]) for each in (column[2], named)]
        return (",", column, *(each for each in changed if each[0] != "setDomain"), named)
    if column[0] in ("cols", "cols_py") and len(column) == 3 and isinstance(column[1], Ref):
        frame, position = column[1:]
        return (
            ",",
            ("assign", frame, (":=", frame, ("setDomain", column, False, levels), position, [])),
            column,
        )
    return plain


def _without_empty(arguments: _Arguments) -> _Arguments:
    """R's list of an empty text is an empty list."""
    return [[] if each == [""] else each for each in arguments]


_CHANGES: dict[str, Callable[[_Arguments], _Arguments]] = {
    "cut": _without_null,
    "dropdup": _words_at(2),
    "makeLeaderboard": _without_empty,
    "mean": _at_most(3),
    "rank_within_groupby": _words_at(4),
    "relevel.by.freq": _without_missing,
    "table": _pair_as_frame,
}
