"""Values of parameters as people write them into a form, and back."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from ....deeplearning.parameters.constraints import OneOrSeveral
from ....deeplearning.parameters.table import Parameter
from ....errors import InvalidArgument, shortened

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INFINITE = re.compile(r"([+-]?)(inf|infinity|∞)", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 400  # characters
_TRUE, _FALSE = ("true", "yes", "t", "1"), ("false", "no", "f", "0")
_ITEM = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,\n]*?)[^\S\n]*([,\n]|\Z)', re.DOTALL)
_BRACKETED = re.compile(r"\s*\[([^\[\]]*)\]\s*(?:,|;|\Z)")
_HOLE = "null"  # in a list, where nothing is to stand
_NUMERIC = ("int", "long", "float", "double")


def value_of(entry: Parameter, text: str) -> Any:
    """The value that a text means; None where there is none.

    Parameters
    ----------
    entry : Parameter
    text : str

    Raises
    ------
    InvalidArgument
        It cannot be read; whether the value is allowed is another question.

    Examples
    --------
    >>> from heavywater.deeplearning.parameters.table import lookup
    >>> value_of(lookup("hidden"), "200, 200"), value_of(lookup("epochs"), "1e3"), value_of(lookup("max_w2"), "inf")
    ([200, 200], 1000.0, inf)
    """
    text = text.strip()
    if not text:
        return None
    if entry.type.endswith("[]"):
        return _list(entry, text)
    if isinstance(entry.constraint, OneOrSeveral) and (
        "[" in text or ("," in text and not _COMMA.fullmatch(text))
    ):
        return _list(entry, text)
    return _single(entry, text)


def values_of(entry: Parameter, texts: Sequence[str]) -> list[Any]:
    """The values of a hyper-parameter, without those that stand there twice.

    Parameters
    ----------
    entry : Parameter
    texts : sequence of str
        Of the boxes that are ticked; or one, with the values between commas, and each of several lists in brackets.

    Examples
    --------
    >>> from heavywater.deeplearning.parameters.table import lookup
    >>> values_of(lookup("l1"), ["0, 1e-4"]), values_of(lookup("hidden"), ["[10], [20, 20]"])
    ([0, 0.0001], [[10], [20, 20]])
    >>> values_of(lookup("quantile_alpha"), ["[0.1, 0.9], [0.5]"])
    [[0.1, 0.9], 0.5]
    """
    found: list[Any] = []
    for text in texts:
        if entry.type.endswith("[]"):
            values = _lists(entry, text.strip())
        elif isinstance(entry.constraint, OneOrSeveral) and "[" in _unwrapped(text):
            values = [each[0] if len(each) == 1 else each for each in _lists(entry, text.strip())]
        elif entry.type in _NUMERIC:
            values = [number_of(entry.name, each) for each in _items(entry, _unwrapped(text))]
        elif entry.type in ("boolean", "enum"):
            values = [_single(entry, text.strip())] if text.strip() else []
        else:
            values = [each for each in _texts(text) if each is not None]
        for each in values:
            if each not in found:
                found.append(each)
    return found


def text_of(value: Any) -> str:
    """What has to be written for a value; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return text_of_list(value)
    return _written(value)


def text_of_list(values: Iterable[Any]) -> str:
    """What has to be written for a list."""
    items = [_HOLE if each is None else _written(each, listed=True) for each in values]
    return ", ".join(items) or "[]"


def number_of(name: str, text: str) -> float:
    """The number that a text means, of a field of this name; `InvalidArgument` where it is none."""
    # as pages show numbers: in groups, and with a minus of its own
    text = text.strip().replace("\u202f", "").replace("\u2212", "-")
    if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    infinite = _INFINITE.fullmatch(text)
    if infinite:
        return -math.inf if infinite[1] == "-" else math.inf
    if _COMMA.fullmatch(text):
        raise InvalidArgument(
            f"{name}={text!r}: decimals have a point and no comma, {text.replace(',', '.')}"
        )
    raise InvalidArgument(f"{name}={shortened(text)!r} is no number")


def name_of(text: str) -> str:
    """The name that a text means: itself, or what it says in quotes, as JSON."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        with suppress(ValueError):
            found = json.loads(text)
            if isinstance(found, str):
                return found
    return text


def text_of_name(name: str, listed: bool = False) -> str:
    """What has to be written for a name: itself, where nobody would take it for something else.

    Parameters
    ----------
    name : str
    listed : bool
        In a list, where commas and brackets mean something.
    """
    plain = name.isprintable() and name == name.strip() != "" and name[0] not in '"['
    if plain and listed:
        plain = not set(name) & {",", "[", "]"} and name != _HOLE
    return name if plain else json.dumps(name, ensure_ascii=False)


def _written(value: Any, listed: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return text_of_name(value, listed) if isinstance(value, str) else str(value)


def _single(entry: Parameter, text: str) -> Any:
    if entry.type in _NUMERIC:
        return number_of(entry.name, text)
    if entry.type == "boolean":
        if text.lower() in _TRUE + _FALSE:
            return text.lower() in _TRUE
        raise InvalidArgument(f"{entry.name}={shortened(text)!r} must be true or false")
    return text if entry.type == "enum" else name_of(text)


def _list(entry: Parameter, text: str) -> list[Any]:
    if entry.type.removesuffix("[]") in _NUMERIC:
        return [number_of(entry.name, each) for each in _items(entry, _unwrapped(text))]
    found = _texts(text)
    if None in found and not getattr(entry.constraint, "holes", False):
        raise InvalidArgument(f'{entry.name}: {_HOLE} is no name; one that is called so is written "{_HOLE}"')
    return found


def _lists(entry: Parameter, text: str) -> list[Any]:
    """Several lists: each in brackets, or all of one element."""
    if entry.type.removesuffix("[]") not in _NUMERIC:
        return _lists_of_texts(entry, text)
    inner = text[1:-1].strip() if text.startswith("[") and text.endswith("]") else ""
    outer = inner if inner.startswith("[") else text
    position, found = 0, []
    while outer.strip() and position < len(outer):
        match = _BRACKETED.match(outer, position)
        if match is None:
            if position:
                raise InvalidArgument(
                    f"{entry.name}={shortened(text)!r}: write each list in brackets, as in [10], [20, 20]"
                )
            return [[number_of(entry.name, each)] for each in _items(entry, outer)]
        found.append([number_of(entry.name, each) for each in _items(entry, match[1])])
        position = match.end()
    return found


def _lists_of_texts(entry: Parameter, text: str) -> list[Any]:
    for each in (text, f"[{text}]"):
        with suppress(ValueError, RecursionError):
            found = json.loads(each)
            if isinstance(found, list) and found and all(isinstance(item, list) for item in found):
                return found
    raise InvalidArgument(
        f'{entry.name}={shortened(text)!r}: write each list in brackets and each name in quotes, as in ["a"], ["b", null]'
    )


def _unwrapped(text: str) -> str:
    text = text.strip()
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def _items(entry: Parameter, text: str) -> list[str]:
    if not text.strip():
        return []
    items = [each.strip() for each in text.split(",")]
    if "" in items:
        raise InvalidArgument(
            f"{entry.name}={shortened(text)!r}: there is nothing between two commas, or behind the last"
        )
    return items


def _texts(text: str) -> list[str | None]:
    """Names between commas or on lines of their own, or a list in JSON; None for a hole."""
    with suppress(ValueError, RecursionError):
        found = json.loads(text)
        if isinstance(found, list) and all(each is None or isinstance(each, str) for each in found):
            return found
    items = [match[1].strip() for match in _ITEM.finditer(_unwrapped(text))]
    return [None if each == _HOLE else name_of(each) for each in items if each]
