"""A request of a genuine client as handlers see it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ...errors import InvalidArgument, shortened
from ..node.guarded_session import GuardedSession
from ..node.open_node import OpenNode
from .replies import Refused

_TRUE, _FALSE = {"true", "1", "t", "yes"}, {"false", "0", "f", "no", ""}


@dataclass(frozen=True)
class Upload:
    """What came as a body that is neither a form nor JSON, or as a file in a form.

    Parameters
    ----------
    path : Path
        Where it lies, on the node's disk, until the request is answered; who wants to keep it moves it.
    name : str, optional
        What the client calls it.
    size : int
        Bytes.
    """

    path: Path
    name: str | None
    size: int


@dataclass(frozen=True)
class Call:
    """A request.

    Parameters
    ----------
    node : OpenNode
    session : GuardedSession
        As the client who asks sees it.
    parts : mapping
        What stands in the path, decoded once, by the names in the route.
    values : mapping
        Of the query and of the form or JSON object in the body, as texts; JSON's other values as they are.
    upload : Upload, optional
    headers : mapping
        In small letters.
    """

    node: OpenNode
    session: GuardedSession
    parts: Mapping[str, str]
    values: Mapping[str, Any]
    upload: Upload | None = None
    headers: Mapping[str, str] | None = None

    def text(self, name: str, default: str | None = None) -> str | None:
        """A text; the default where there is none, or an empty one."""
        value = self.values.get(name)
        return default if value in (None, "") else unquoted(str(value))

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        value = self.text(name)
        if value is None:
            raise Refused(412, f"Required field {name} not specified")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A logical value, in any of the spellings of clients."""
        value = self.text(name)
        if value is None:
            return default
        if value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        raise Refused(412, f"{name}={shortened(value)!r} must be true or false")

    def whole(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.number(name, default)
        if value != int(value):
            raise Refused(412, f"{name}={value!r} must be a whole number")
        return int(value)

    def number(self, name: str, default: float) -> float:
        """A finite number."""
        value = self.text(name)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise Refused(412, f"{name}={shortened(value)!r} must be a number")
        return number

    def items(self, name: str) -> list[Any]:
        """A list in H2O's spelling, see `listed`; empty where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, list) else listed(str(value), name) if value else []

    def numbers(self, name: str) -> list[float]:
        """A list of finite numbers; empty where there is none."""
        try:
            found = [float(each) for each in self.items(name)]
        except (TypeError, ValueError, OverflowError):
            found = [math.nan]
        if not all(map(math.isfinite, found)):
            raise InvalidArgument(
                f"{name}={shortened(str(self.values.get(name)))!r} must be a list of numbers"
            )
        return found

    def wholes(self, name: str) -> list[int]:
        """A list of whole numbers; empty where there is none."""
        found = self.numbers(name)
        if any(each != int(each) for each in found):
            raise InvalidArgument(
                f"{name}={shortened(str(self.values.get(name)))!r} must be a list of whole numbers"
            )
        return [int(each) for each in found]

    def texts(self, name: str) -> list[str]:
        """A list of texts, see `listed_texts`; empty where there is none."""
        value = self.values.get(name)
        return listed_texts(value) if isinstance(value, list) else listed_texts(str(value)) if value else []

    def mapping(self, name: str) -> dict[str, Any]:
        """A map in H2O's spelling, see `mapped`; empty where there is none."""
        value = self.values.get(name)
        return dict(value) if isinstance(value, Mapping) else mapped(str(value), name) if value else {}


H = TypeVar("H", bound=Callable[..., Any])
_ALWAYS = {"_exclude_fields"}  # members that are left out of the answer; `routing` sees to it


def takes(names: str) -> Callable[[H], H]:
    """Say which values a handler knows, by their names with spaces between; others are refused, see `check_names_of_values`."""

    def mark(handler: H) -> H:
        handler.__dict__["takes"] = frozenset(names.split()) | _ALWAYS
        return handler

    return mark


def check_names_of_values(handler: Callable[..., Any], values: Mapping[str, Any]) -> None:
    """Refuse values that a handler does not know, if it says which it does; `Refused`."""
    known = getattr(handler, "takes", None)
    for name in values:
        if known is not None and name not in known:
            raise Refused(412, f"Unknown parameter: {name}")


_TOKEN = re.compile(
    r"""\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([\[\]{}:=,])|([^\[\]{}:=,"']+))""", re.DOTALL
)


_ENTRY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,]*?)\s*,""", re.DOTALL)


def unquoted(text: str) -> str:
    """A text without the quotes around it; a backslash that is not before a quote or another one stands for itself."""
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return re.sub(r"\\([\"'\\])", r"\1", text[1:-1]) if quoted else text


def listed(text: str, about: str = "the list") -> list[Any]:
    """A list as clients write it: JSON, in which texts may be without quotes."""
    found = _read(text, about)
    found = found if isinstance(found, list) else [found]
    return [] if found in ([""], [None]) else found


def listed_texts(value: str | list[Any]) -> list[str]:
    """A list of texts as clients write it: as JSON, or without quotes and then as they are, but for commas.

    Without quotes are names of columns, levels, files ...: what looks like a number or has a bracket, a colon or an apostrophe is
    a text, too.
    """
    if isinstance(value, str):
        with suppress(ValueError, RecursionError):
            found = json.loads(value)
            if isinstance(found, list) and all(isinstance(each, str) for each in found):
                return [] if found == [""] else found
        inner = value.strip()
        inner = inner[1:-1] if inner[:1] == "[" and inner[-1:] == "]" else inner
        value = [unquoted(each[1]) for each in _ENTRY.finditer(f"{inner},")] if inner.strip() else []
    return [] if value in ([""], [None]) else [str(each) for each in value]


def mapped(text: str, about: str = "the map") -> dict[str, Any]:
    """A map as clients write it: JSON, in which texts may be without quotes and ``=`` stands for ``:``."""
    found = _read(text, about)
    if not isinstance(found, dict):
        raise InvalidArgument(f"{about}={text!r} must be a map, such as {{'l1': [0, 0.1]}}")
    return found


def _read(text: str, about: str) -> Any:
    with suppress(ValueError, RecursionError):  # whoever quotes all texts writes JSON
        return json.loads(text)
    tokens = [next(part for part in match.groups() if part is not None) for match in _TOKEN.finditer(text)]
    try:
        value, rest = _value([token.strip() for token in tokens if token.strip()])
    except (IndexError, RecursionError):
        value, rest = None, [text]
    if rest:
        raise InvalidArgument(f"{about}={text!r} is not well formed near {rest[0]!r}")
    return value


def _value(tokens: list[str]) -> tuple[Any, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first == "[":
        return _list(rest)
    if first == "{":
        return _map(rest)
    return _atom(first), rest


def _list(rest: list[str]) -> tuple[list[Any], list[str]]:
    found: list[Any] = []
    while rest[0] != "]":
        value, rest = _value(rest)
        found.append(value)
        if rest[0] == ",":
            rest = rest[1:]
    return found, rest[1:]


def _map(rest: list[str]) -> tuple[dict[str, Any], list[str]]:
    found: dict[str, Any] = {}
    while rest[0] != "}":
        name, colon = unquoted(rest[0]), rest[1]
        if colon not in (":", "="):
            raise IndexError
        found[name], rest = _value(rest[2:])
        if rest[0] == ",":
            rest = rest[1:]
    return found, rest[1:]


def _atom(token: str) -> Any:
    if token in tuple("]}:=,"):
        raise IndexError
    if token[0] in "\"'":
        return unquoted(token)
    if token.lower() in ("true", "false"):
        return token.lower() == "true"
    if token in ("null", "None"):
        return None
    for kind in (int, float):
        try:
            return kind(token)
        except ValueError:
            continue
    return token
