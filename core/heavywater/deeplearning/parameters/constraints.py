"""What a single value may be: objects that check a value, describe themselves, and know values they refuse.

A constraint never sees the name of a parameter nor another parameter; `parameters.check_value` adds the name
and `validation` looks at combinations.
"""

import math
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class NotAllowed(Exception):
    """A value that a constraint refuses; `wrong_type` tells the two kinds of refusal apart.

    Parameters
    ----------
    reason : str
        Why, as the end of a sentence; empty when the description of the constraint says enough.
    wrong_type : bool
        Whether the value is of the wrong type (else the type is right and the value is not allowed).
    """

    def __init__(self, reason: str = "", *, wrong_type: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wrong_type = wrong_type


class Constraint(Protocol):
    """What the checks of all types have in common."""

    def convert(self, value: Any) -> Any:
        """The value in its canonical form; raise `NotAllowed`."""

    def describe(self) -> str:
        """Say what is allowed, to follow "must be"."""

    def invalid_values(self) -> list[Any]:
        """Give some values that `convert` refuses, for tests."""


@dataclass(frozen=True)
class Boolean:
    """True or False; numbers are refused, numpy's booleans are not."""

    def convert(self, value: Any) -> bool:
        if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
            return bool(value)
        raise NotAllowed(wrong_type=True)

    def describe(self) -> str:
        return "True or False"

    def invalid_values(self) -> list[Any]:
        return ["yes", 2, [True]]


@dataclass(frozen=True)
class Number:
    """A number within limits.

    Parameters
    ----------
    integer : bool
        Only whole numbers. 3.0 is one (R has no other way to write it), 3.5 is not.
    low, high : float
        Limits, infinite where there is none.
    low_open, high_open : bool
        Whether the limit itself is excluded.
    infinite : bool
        Whether infinity is allowed.
    """

    integer: bool = False
    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    infinite: bool = False

    def convert(self, value: Any) -> int | float:
        number = self.typed(value)
        if not self.contains(number):
            raise NotAllowed
        return number

    def typed(self, value: Any) -> int | float:
        """Check the type only, and that the number is finite; the limits may not matter, see `only_with`."""
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise NotAllowed(wrong_type=True)
        number = float(value)
        if math.isnan(number) or (math.isinf(number) and not self.infinite):
            raise NotAllowed("it must be finite")
        if not self.integer:
            return number
        if not number.is_integer():
            raise NotAllowed(wrong_type=True)
        whole = int(value.__index__() if isinstance(value, numbers.Integral) else number)
        if abs(whole) >= 2**63:
            raise NotAllowed("it must fit into 64 bits")
        return whole

    def contains(self, number: float) -> bool:
        """Whether a number is within the limits."""
        above = number > self.low if self.low_open else number >= self.low
        below = number < self.high if self.high_open else number <= self.high
        return above and below

    def describe(self) -> str:
        return ("an integer" if self.integer else "a number") + self.limits()

    def limits(self) -> str:
        """Say the limits, with a blank in front; empty when there are none."""
        low, high = _plain(self.low), _plain(self.high)
        if math.isfinite(self.low) and math.isfinite(self.high):
            return f" in {'(' if self.low_open else '['}{low}, {high}{')' if self.high_open else ']'}"
        if math.isfinite(self.low):
            return f" {'>' if self.low_open else '>='} {low}"
        if math.isfinite(self.high):
            return f" {'<' if self.high_open else '<='} {high}"
        return ""

    def invalid_values(self) -> list[Any]:
        values: list[Any] = ["ten", [1], True, math.nan]
        if self.integer:
            values.append(5.5)
        if math.isfinite(self.low):
            values.append(self.low if self.low_open else self.low - 1)
        if math.isfinite(self.high):
            values.append(self.high if self.high_open else self.high + 1)
        return values


@dataclass(frozen=True)
class OneOrSeveral:
    """A number, or a list of different ones, which comes back in ascending order; of one number alone that number itself."""

    item: Number

    def convert(self, value: Any) -> float | list[float]:
        return self._each(self.item.convert, value)

    def typed(self, value: Any) -> float | list[float]:
        """Check types only, as `Number.typed` does."""
        return self._each(self.item.typed, value)

    def _each(self, check: Callable[[Any], float], value: Any) -> float | list[float]:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            return check(value)
        found = sorted(check(each) for each in value)
        if not found:
            raise NotAllowed("the list is empty")
        if len(set(found)) < len(found):
            raise NotAllowed("two of them are the same")
        return found if len(found) > 1 else found[0]

    def describe(self) -> str:
        return f"{self.item.describe()}, or a list of different ones"

    def invalid_values(self) -> list[Any]:
        single = [value for value in self.item.invalid_values() if value != [1]]
        return [*single, [], [0.5, 0.5], *([0.5, value] for value in single)]


@dataclass(frozen=True)
class Choice:
    """One of several names; case, blanks, "_" and "-" do not matter ("one_hot_internal" is OneHotInternal).

    Parameters
    ----------
    values : sequence of str
        The names in their canonical spelling.
    refused : mapping
        Names that are known but not allowed, with the reason.
    """

    values: Sequence[str]
    refused: Mapping[str, str] = field(default_factory=dict)

    def convert(self, value: Any) -> str:
        if not isinstance(value, str):
            raise NotAllowed(wrong_type=True)
        wanted = _squeeze(value)
        for name in self.values:
            if _squeeze(name) == wanted:
                return name
        for name, reason in self.refused.items():
            if _squeeze(name) == wanted:
                raise NotAllowed(reason)
        raise NotAllowed

    def describe(self) -> str:
        return "one of " + ", ".join(f'"{name}"' for name in self.values)

    def invalid_values(self) -> list[Any]:
        return ["foo", 1, *self.refused]


@dataclass(frozen=True)
class Text:
    """A string that is not empty.

    Parameters
    ----------
    what : str
        What the string stands for, with its article.
    """

    what: str = "a text"

    def convert(self, value: Any) -> str:
        if not isinstance(value, str):
            raise NotAllowed(wrong_type=True)
        if not value:
            raise NotAllowed("it is empty")
        return value

    def describe(self) -> str:
        return self.what

    def invalid_values(self) -> list[Any]:
        return [3, True, ["a", "b"], ""]


@dataclass(frozen=True)
class Function:
    """A function or a class, or the name under which one was uploaded."""

    def convert(self, value: Any) -> Any:
        if isinstance(value, str):
            return Text().convert(value)
        if not callable(value):
            raise NotAllowed(wrong_type=True)
        return value

    def describe(self) -> str:
        return "a function, a class, or what h2o.upload_custom_metric returned"

    def invalid_values(self) -> list[Any]:
        return [3, True, ["a", "b"], ""]


@dataclass(frozen=True)
class ListOf:
    """A list whose elements fulfil a constraint; tuples, ranges and arrays become lists.

    Parameters
    ----------
    item : Constraint
        What every element must be.
    holes : bool
        Whether an element may be None.
    """

    item: Constraint
    holes: bool = False

    def convert(self, value: Any) -> list[Any]:
        return self._each(self.item.convert, value)

    def typed(self, value: Any) -> list[Any]:
        """Check types only, as `Number.typed` does."""
        return self._each(self.item.typed if isinstance(self.item, Number) else self.item.convert, value)

    def _each(self, check: Callable[[Any], Any], value: Any) -> list[Any]:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            raise NotAllowed(wrong_type=True)
        return [None if self.holes and each is None else check(each) for each in value]

    def describe(self) -> str:
        each = self.item.describe()
        return f"a list in which every element is {each}" + (" or None" if self.holes else "")

    def invalid_values(self) -> list[Any]:
        return ["50", 50, *([value] for value in self.item.invalid_values())]


def _squeeze(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def _plain(number: float) -> str:
    return str(int(number)) if math.isfinite(number) and number == int(number) else repr(number)
