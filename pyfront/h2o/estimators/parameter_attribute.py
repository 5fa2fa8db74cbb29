"""Parameters as attributes of estimators."""

from __future__ import annotations

from typing import Any, Generic, Self, TypeVar, cast, overload

T = TypeVar("T")


class ParameterAttribute(Generic[T]):
    """A parameter as an attribute: assigning checks the value, reading gives what was assigned.

    Parameters
    ----------
    default : object
        Value until another one is assigned.
    """

    def __init__(self, default: T) -> None:
        self.default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: Any, owner: type) -> Self | T:
        return self if instance is None else cast("T", instance._parms[self.name])

    def __set__(self, instance: Any, value: T) -> None:
        instance._check(self.name, value)
        instance._parms[self.name] = value
        instance._named.add(self.name)
