"""The expression language as text: what a client sends over the wire and ``h2o.rapids`` takes.

::

    expression := number | text | null | moment | list | name | "(" operation expression* ")" | "{" name* "." expression "}"
    list       := "[" (number | number ":" count | number ":" count ":" stride | text | null | moment)* "]"
    moment     := "(" "moment-ms" milliseconds since 1970 UTC ")"
    name       := word | "(" "named" text ")"    (for names that would be read as numbers or constants)

Between the texts of a list there may be commas. `parse` turns a text into the nested tuples that `expressions.evaluate` takes,
`write` does the reverse.
"""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from ...errors import InvalidArgument, InvalidExpression, InvalidType, UnknownName
from ..columns.moment import Moment
from ..primitives.arguments import Span

# Nesting beyond this is refused, so that no text can exhaust the stack of the interpreter.
DEEPEST = 150

_MOMENT, _NAMED = "moment-ms", "named"
_HALF = "the text has half of a character (a lone surrogate)"
_MOST_BITS = 1023  # of whole numbers that stay whole; what has more is a number like any other of its size
_LONGEST_WHOLE = 320  # characters, which such numbers do not reach
_BLANK = re.compile(r"\s*")
_WORD = re.compile(r"[^\s(){}\[\]\"'\\]+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_CONSTANTS = {
    "NaN": math.nan,
    "NA": math.nan,
    "nan": math.nan,
    "True": True,
    "TRUE": True,
    "False": False,
    "FALSE": False,
    "Infinity": math.inf,
    "-Infinity": -math.inf,
    "null": None,
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\\": "\\", "'": "'", '"': '"'}
_CODES = {"x": 2, "u": 4, "U": 8}


class Ref(NamedTuple):
    """A name inside an expression: of a stored frame, a function's parameter or an operation."""

    key: str


class Lambda(NamedTuple):
    """A function inside an expression: its parameters and what it computes."""

    parameters: tuple[str, ...]
    body: Any


def parse(text: str) -> Any:
    """The expression that a text stands for.

    Parameters
    ----------
    text : str
        One expression.

    Returns
    -------
    object
        Numbers (whole ones as int), texts, `Moment`, lists (with `Span` for ranges), `Ref`, `Lambda`, and tuples
        ``(operation, argument, ...)``.

    Raises
    ------
    InvalidExpression
        The text is malformed; the message shows where.
    """
    if not isinstance(text, str):
        raise InvalidType(f"an expression is a text, got {text!r}")
    reader = _Reader(text)
    result = reader.expression(0)
    reader.skip_blanks()
    if reader.position < len(text):
        raise reader.error("the expression has ended before this")
    return result


class _Reader:
    """Recursive descent over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def error(self, problem: str, position: int | None = None) -> InvalidExpression:
        return InvalidExpression(problem, self.text, self.position if position is None else position)

    def skip_blanks(self) -> None:
        found = _BLANK.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def peek(self) -> str:
        """The next character that is no blank, "" at the end."""
        self.skip_blanks()
        return self.text[self.position : self.position + 1]

    def expression(self, depth: int) -> Any:
        following = self.peek()
        if depth > DEEPEST:
            raise self.error(f"the expression is nested more than {DEEPEST} deep")
        if not following:
            raise self.error("an expression is missing")
        if following == "(":
            return self.call(depth)
        if following == "{":
            return self.function(depth)
        if following == "[":
            return self.list()
        if following in "\"'":
            return self.quoted()
        return self.atom(self.word("an expression"))

    def call(self, depth: int) -> Any:
        opening = self.position
        self.position += 1
        following = self.peek()
        if following == ")":
            raise self.error("an operation is missing between the brackets")
        head: Any = (
            self.expression(depth + 1) if following in ("(", "{") else self.word("an operation's name")
        )
        parts = [head]
        while self.peek() != ")":
            if not self.peek():
                raise self.error("the bracket ( is not closed", opening)
            parts.append(self.expression(depth + 1))
        self.position += 1
        if head == _NAMED:
            return self.named(parts[1:], opening)
        return self.moment(parts[1:], opening) if head == _MOMENT else tuple(parts)

    def named(self, arguments: Any, opening: int) -> Ref:
        if len(arguments) != 1 or not isinstance(arguments[0], str):
            raise self.error(f"{_NAMED} takes one text, the name", opening)
        return Ref(arguments[0])

    def moment(self, arguments: Any, opening: int) -> Moment:
        if len(arguments) != 1 or type(arguments[0]) is not int:
            raise self.error(f"{_MOMENT} takes one whole number, of milliseconds since 1970", opening)
        try:
            return Moment(arguments[0])
        except InvalidArgument as error:
            raise self.error(str(error), opening) from None

    def function(self, depth: int) -> Lambda:
        opening = self.position
        self.position += 1
        parameters: list[str] = []
        while self.peek() not in ("", "}"):
            place = self.position
            name = self.word("a parameter's name or the dot before the body")
            if name == ".":
                body = self.expression(depth + 1)
                if self.peek() != "}":
                    raise self.error("} is missing after the body of the function")
                self.position += 1
                return Lambda(tuple(parameters), body)
            if name in parameters:
                raise self.error(f"the parameter {name} appears twice", place)
            parameters.append(name)
        raise self.error("the function has no body: { parameter . body }", opening)

    def word(self, wanted: str) -> str:
        self.skip_blanks()
        found = _WORD.match(self.text, self.position)
        if not found:
            raise self.error(f"{wanted} is missing")
        self.position = found.end()
        return found.group()

    def atom(self, word: str) -> Any:
        """A number or a name."""
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        number = number_of_word(word)
        return Ref(word) if number is None else number

    def list(self) -> list[Any]:
        opening = self.position
        self.position += 1
        items: list[Any] = []
        while (following := self.peek()) != "]":
            if not following:
                raise self.error("the bracket [ is not closed", opening)
            if following == "," and items and isinstance(items[-1], str):  # as R sends some lists of texts
                self.position += 1
                continue
            items.append(self.quoted() if following in "\"'" else self.list_item(following))
        self.position += 1
        return items

    def list_item(self, following: str) -> Any:
        place = self.position
        if following == "(":
            item = self.call(0)
            if not isinstance(item, Moment):
                raise self.error(f"a list has numbers, ranges, texts and ({_MOMENT} number)", place)
            return item
        word = self.word("a number, a range, a text or ]")
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        numbers = [number_of_word(part) for part in word.split(":")]
        if None in numbers or len(numbers) > 3:
            raise self.error(f"{word} is no number, range (first:count) or text", place)
        if len(numbers) == 1:
            return numbers[0]
        base, count, stride = (*numbers, 1)[:3]
        if not isinstance(count, int) or count < 0:
            raise self.error("the count of a range first:count must be a whole number from 0 on", place)
        if not stride or stride < 0:
            raise self.error("the stride of a range first:count:stride must be above 0", place)
        return Span(base, count, stride)  # type: ignore[arg-type]

    def quoted(self) -> str:
        opening = self.position
        mark = self.text[opening]
        self.position += 1
        parts: list[str] = []
        while True:
            character = self.text[self.position : self.position + 1]
            if not character:
                raise self.error(f"the text that begins with {mark} is not closed", opening)
            self.position += 1
            if character == mark:
                break
            parts.append(self.escape() if character == "\\" else character)
        try:
            return _whole("".join(parts))
        except UnicodeDecodeError:
            raise self.error(_HALF, opening) from None

    def escape(self) -> str:
        place = self.position - 1
        character = self.text[self.position : self.position + 1]
        self.position += 1
        if character in _ESCAPES:
            return _ESCAPES[character]
        length = _CODES.get(character, 0)
        digits = self.text[self.position : self.position + length]
        if not length or not re.fullmatch(f"[0-9a-fA-F]{{{length}}}", digits) or int(digits, 16) > 0x10FFFF:
            raise self.error(
                r"a backslash is followed by one of n t r b f \ ' or by a quote, or a code: \x41, \u0041, \U00000041",
                place,
            )
        self.position += length
        return chr(int(digits, 16))


def number_of_word(word: str) -> int | float | None:
    """The number a word stands for, whole ones as int; None when it is none."""
    if not _NUMBER.fullmatch(word):
        return None
    if word.lstrip("+-").isdigit() and len(word) < _LONGEST_WHOLE:
        return as_read(int(word))  # type: ignore[no-any-return]
    return float(word)


def as_read(value: Any) -> Any:
    """A text or a number as its own text is read, so that an expression means the same in every session.

    Raises
    ------
    InvalidType
        The text has half of a character.
    """
    if isinstance(value, str):
        try:
            return _whole(value)
        except UnicodeDecodeError:
            raise InvalidType(f"{value!r}: {_HALF}") from None
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    return value


def _whole(text: str) -> str:
    """A text in which two halves of a character above U+FFFF, as codes of four digits write it, have become that character."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")


def write(expression: Any) -> str:
    """The text of an expression.

    Raises
    ------
    InvalidType
        Something in it has no text, such as a frame that is not stored.
    UnknownName
        No operation could have a name like one in it.
    """
    if isinstance(expression, Ref):
        key = expression.key
        plain = _WORD.fullmatch(key) and key not in _CONSTANTS and number_of_word(key) is None
        return key if plain else f"({_NAMED} {_literal(key)})"
    if isinstance(expression, Lambda):
        return f"{{ {' '.join((*expression.parameters, '.'))} {write(expression.body)} }}"
    if isinstance(expression, Span):
        return write([expression])
    if isinstance(expression, tuple) and expression:
        return f"({' '.join([_head(expression[0]), *(write(part) for part in expression[1:])])})"
    if isinstance(expression, list):
        items = [_range(item) if isinstance(item, Span) else write(item) for item in expression]
        return f"[{' '.join(item for item in items if item)}]"
    return _literal(expression)


def _head(head: Any) -> str:
    if not isinstance(head, str):
        return write(head)
    if not _WORD.fullmatch(head):  # it would be read as something else
        raise UnknownName(f"no operation {head!r} on frames", head)
    return head


def _range(span: Span) -> str:
    base, count, stride = span
    if not count:  # no range of the language is empty
        return ""
    return f"{write(base)}:{count}" + (f":{write(stride)}" if stride != 1 else "")


def _literal(value: Any) -> str:
    value = as_read(value)
    if value is None:
        return "null"
    if isinstance(value, str):
        return '"' + "".join(_escaped(character) for character in value) + '"'
    if isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, Moment):
        return f"({_MOMENT} {value.milliseconds})"
    if isinstance(value, float):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, repr(value))
    raise InvalidType(f"{value!r} cannot stand in an expression's text")


def _escaped(character: str) -> str:
    for letter, meant in _ESCAPES.items():
        if character == meant and character != "'":
            return "\\" + letter
    return character
