"""Evaluation of nested expressions of primitives.

An expression is a tuple ``(operation, argument, ...)``. An argument is a number, a text, None, a list
(with `Span` for ranges), a nested tuple, a `Ref` to a stored frame, a `Lambda`, or a `Frame` itself.
`rapids` turns texts into such expressions.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from ...errors import HeavywaterError, InvalidArgument, InvalidType, NameTaken, NotFound, UnknownName
from ..columns.makers import numeric, strings
from ..columns.zones import check_zone, zone_of_session
from ..frame import Frame
from ..primitives import is_operation, operation, row_operation
from ..primitives.applying import ExpressionFunction, RowValues, RowwiseUnknown
from ..primitives.arguments import Span
from .rapids import Lambda, Ref, as_read, write

__all__ = ["FrameStore", "FunctionText", "Lambda", "Ref", "Span", "evaluate"]


class FunctionText(NamedTuple):
    """A function as the value of an expression, told by its text."""

    text: str


class FrameStore(Protocol):
    """What an expression needs of the place where frames are kept."""

    time_zone: str

    def frame(self, key: str) -> Frame:
        """The stored frame."""

    def put_frame(self, frame: Frame, key: str | None = None, *, temporary: bool = False) -> str:
        """Store a frame and return its key; a temporary one goes when its client does."""

    def remove(self, key: str) -> int:
        """Remove an object; how many were removed."""

    def keys(self) -> list[str]:
        """Keys of everything stored."""

    def reset_threshold(self, model_key: str, threshold: float) -> float:
        """Set the threshold of a model of two classes; the one until now."""

    def ask_models(self, operation: str, arguments: list[Any]) -> Any:
        """Value of an operation on models, in which `Ref` stands for a model: a frame, or frames by name."""

    def set_property(self, name: str, value: str) -> str | None:
        """Set a property of the session; its value until now."""


def evaluate(expression: Any, store: FrameStore) -> Any:
    """Value of an expression.

    Parameters
    ----------
    expression : object
        See the module's text.
    store : FrameStore
        Where `Ref` is looked up, and what ``tmp=``, ``assign``, ``rm``, ``rename`` and ``h2o.impute`` change.

    Returns
    -------
    Frame, float, str, list or ExpressionFunction
    """
    with zone_of_session(store.time_zone):
        try:
            return _Scope(store, {}).value(expression)
        except RecursionError:
            raise InvalidArgument("the expression is nested too deep; compute parts of it first") from None


class _Scope(NamedTuple):
    """The store, and the parameters of the functions that are being called."""

    store: FrameStore
    variables: Mapping[str, Any]

    def value(self, expression: Any) -> Any:
        """Value of an expression."""
        if isinstance(expression, Ref):
            return self.lookup(expression.key)
        if isinstance(expression, Lambda):
            return _Closure(expression, self)
        if isinstance(expression, Span):
            return self.value([expression])
        if isinstance(expression, list):
            return [as_read(item) for item in expression if not isinstance(item, Span) or item.length]
        if not isinstance(expression, tuple):
            return as_read(expression)
        if not expression:
            raise InvalidType("an expression starts with the name of an operation; this one is empty")
        head, *arguments = expression
        if not isinstance(head, str):
            return self.call_function(head, arguments)
        if head in _STORE_FORMS:
            return _store_form(head, self, arguments)
        if head in self.variables:
            return self.call_function(Ref(head), arguments)
        function = operation(head)
        return _guarded(head, function, [self.value(argument) for argument in arguments])

    def frame_or_name(self, expression: Any) -> Any:
        """The value; of a name that is none of a frame the name itself."""
        if isinstance(expression, Ref) and expression.key not in self.variables:
            try:
                return self.store.frame(expression.key)
            except NotFound:
                return expression
        return self.value(expression)

    def lookup(self, name: str) -> Any:
        """What a name stands for: a parameter, a stored frame, or an operation."""
        if name in self.variables:
            return self.variables[name]
        if name == "_":  # the placeholder for an argument that is not given
            return name
        try:
            return self.store.frame(name)
        except NotFound as error:
            if is_operation(name):
                return _Named(name)
            raise UnknownName(str(error), name) from None

    def call_function(self, head: Any, arguments: list[Any]) -> Any:
        """Call what the head of an expression evaluates to."""
        function = self.value(head)
        if not isinstance(function, ExpressionFunction):
            raise InvalidType(
                f"an expression starts with the name of an operation or a function, got {head!r}"
            )
        return function(*(self.value(argument) for argument in arguments))

    def row_value(self, expression: Any) -> Any:
        """Value for all rows at once, where the variables are frames whose rows are the vectors.

        Raises
        ------
        RowwiseUnknown
            An operation has no form for rows.
        """
        if not isinstance(expression, tuple) or isinstance(expression, (Ref, Span, Lambda)):
            return self.value(expression)
        head, *arguments = expression
        if not isinstance(head, str) or head in _STORE_FORMS or head in self.variables:
            raise RowwiseUnknown
        values = [self.row_value(argument) for argument in arguments]
        frames = [value for value in values if isinstance(value, Frame)]
        if not any(isinstance(value, RowValues) for value in frames):
            return _guarded(head, operation(head), values)
        form = row_operation(head)
        if form is None or not all(isinstance(value, RowValues) for value in frames):
            raise RowwiseUnknown
        result = _guarded(head, form, values)
        return RowValues(result.names, result.columns, nrow=result.nrow)


class _Closure(ExpressionFunction):
    """A `Lambda` with the scope it was met in."""

    def __init__(self, function: Lambda, scope: _Scope) -> None:
        self.function = function
        self.scope = scope

    def __repr__(self) -> str:
        return write(self.function)

    def _bound(self, values: tuple[Any, ...]) -> _Scope:
        names = self.function.parameters
        if len(names) != len(values):
            raise InvalidType(f"{self!r} takes {len(names)} arguments, got {len(values)}")
        return _Scope(self.scope.store, {**self.scope.variables, **dict(zip(names, values, strict=True))})

    def __call__(self, *values: Any) -> Any:
        return self._bound(values).value(self.function.body)

    def by_row(self, frame: RowValues) -> Any:
        return self._bound((frame,)).row_value(self.function.body)


class _Named(ExpressionFunction):
    """An operation as the value of its name, such as ``sum`` in ``(apply frame 1 sum)``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __call__(self, *values: Any) -> Any:
        return _guarded(self.name, operation(self.name), list(values))

    def by_row(self, frame: RowValues) -> Any:
        form = row_operation(self.name)
        if form is None:
            raise RowwiseUnknown
        return _guarded(self.name, form, [frame])


def _guarded(name: str, function: Any, values: list[Any]) -> Any:
    try:
        return function(*values)
    except (HeavywaterError, RowwiseUnknown):
        raise
    except (TypeError, AttributeError) as error:
        # A wrong kind of argument where the operation takes anything; all else is a fault of its own.
        raise InvalidType(f"{name}: the arguments do not fit the operation ({error})") from error
    except (MemoryError, OverflowError) as error:
        raise InvalidArgument(
            f"{name}: there is no room for the result ({error or 'out of memory'})"
        ) from error


def _key(name: Any, what: str) -> str:
    if isinstance(name, (Ref, str)):
        return name.key if isinstance(name, Ref) else name
    raise InvalidType(f"{what}: a key is needed, got {name!r}")


def _temporary(scope: _Scope, name: Any, expression: Any) -> Frame:
    key = _key(name, "tmp=")
    existing = scope.store.keys()
    if key in existing:
        raise NameTaken(f"temporary {key!r} exists already", key)
    return _assign(scope, name, expression, temporary=True)


def _assign(scope: _Scope, name: Any, expression: Any, *, temporary: bool = False) -> Frame:
    key = _key(name, "assign")
    frame = _as_frame(scope.value(expression), key)
    return scope.store.frame(scope.store.put_frame(frame, key, temporary=temporary))


def _as_frame(value: Any, key: str) -> Frame:
    """What can be stored: a frame, or a number or a text as the only cell of one."""
    if isinstance(value, Frame):
        return value
    if isinstance(value, str):
        return Frame(["C1"], [strings([value])])
    if isinstance(value, (bool, int, float)):
        return Frame(["C1"], [numeric([value])])
    raise InvalidType(f"assign: {key!r} needs a frame, a number or a text, got {value!r}")


def _remove(scope: _Scope, name: Any) -> float:
    return float(scope.store.remove(_key(name, "rm")))


def _rename(scope: _Scope, old: Any, new: Any) -> float:
    before, after = _key(old, "rename"), _key(new, "rename")
    if before != after:
        scope.store.put_frame(scope.store.frame(before), after)
        scope.store.remove(before)
    return float("nan")


def _list_keys(scope: _Scope) -> Frame:
    return Frame(["key"], [strings(sorted(scope.store.keys()))])


def _sequence(scope: _Scope, *parts: Any) -> Any:
    result = None
    for part in parts:
        result = scope.value(part)
    return result


def _group(scope: _Scope, frame: Any, *arguments: Any) -> Any:
    # Clients send the aggregates as texts or as bare words, which also name operations.
    words = [a.key if isinstance(a, Ref) else scope.value(a) for a in arguments]
    return _guarded("GB", operation("GB"), [scope.value(frame), *words])


def _impute(scope: _Scope, frame: Any, *arguments: Any) -> Any:
    # A stored frame is filled in its place; what was filled in is the value.
    values = [scope.value(argument) for argument in (frame, *arguments)]
    imputed = _guarded("h2o.impute", operation("h2o.impute"), values)
    if isinstance(frame, Ref) and frame.key not in scope.variables:
        scope.store.put_frame(imputed.frame, frame.key)
    return imputed.values


def _set_time_zone(scope: _Scope, zone: Any) -> str:
    scope.store.time_zone = check_zone(scope.value(zone))
    return scope.store.time_zone


def _reset_threshold(scope: _Scope, model: Any, threshold: Any) -> Frame:
    before = scope.store.reset_threshold(_key(model, "model.reset.threshold"), scope.value(threshold))
    return Frame(["C1"], [numeric([before])])


def _set_property(scope: _Scope, name: Any, value: Any) -> str:
    texts = [scope.value(name), scope.value(value)]
    if not all(isinstance(text, str) for text in texts):
        raise InvalidType(f"setproperty: name and value must be texts, got {texts[0]!r} and {texts[1]!r}")
    before = scope.store.set_property(*texts)
    return f"Old values of {texts[0]}: {before}"


def _of_models(operation: str) -> Any:
    """The form of an operation on models, whose arguments may be names of models."""

    def ask(scope: _Scope, *arguments: Any) -> Any:
        return scope.store.ask_models(operation, [scope.frame_or_name(each) for each in arguments])

    return ask


_STORE_FORMS: dict[str, tuple[Any, str]] = {
    "tmp=": (_temporary, "key, expression"),
    "assign": (_assign, "key, expression"),
    "rm": (_remove, "key"),
    "rename": (_rename, "old key, new key"),
    "ls": (_list_keys, "no argument"),
    ",": (_sequence, "expressions"),
    "GB": (_group, "frame, group columns, then aggregate, column, missing for each result"),
    "h2o.impute": (_impute, "frame, column, method, combine method, by columns, groups, values"),
    "model.reset.threshold": (_reset_threshold, "model, threshold"),
    "PermutationVarImp": (
        _of_models("PermutationVarImp"),
        "model, frame, metric, samples, repeats, columns, seed",
    ),
    "fairnessMetrics": (
        _of_models("fairnessMetrics"),
        "model, frame, columns, levels of reference, favorable class",
    ),
    "makeLeaderboard": (
        _of_models("makeLeaderboard"),
        "models, frame, metric, further columns, scoring data",
    ),
    "predicted.vs.actual.by.var": (
        _of_models("predicted.vs.actual.by.var"),
        "model, frame, column, predictions",
    ),
    "segment_models_as_frame": (_of_models("segment_models_as_frame"), "segment models"),
    "setproperty": (_set_property, "name, value"),
    "setTimeZone": (_set_time_zone, "name of a time zone"),
}


def _store_form(head: str, scope: _Scope, arguments: list[Any]) -> Any:
    function, wanted = _STORE_FORMS[head]
    try:
        inspect.signature(function).bind(scope, *arguments)
    except TypeError:
        raise InvalidType(f"{head}: wrong number of arguments; it takes {wanted}") from None
    return function(scope, *arguments)
