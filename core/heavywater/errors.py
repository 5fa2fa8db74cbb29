"""Exceptions of the core, and what may stand in their messages. Front ends map their own names on these classes."""

from __future__ import annotations

import builtins
import linecache
import re
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

LONGEST_VALUE = 160  # characters of a value in a message
LONGEST_MESSAGE = 2000

WITHIN = {"heavywater"}  # packages whose lines a warning does not point to; front ends add theirs

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_QUOTED = re.compile(rf"(?<!\w)(['\"])((?:(?!\1).){{{LONGEST_VALUE + 40},}})\1(?!\w)", re.DOTALL)
_USER = re.compile(
    r"\b([a-zA-Z][a-zA-Z0-9+.-]{0,30})://([^\s/?#'\"<>:]*(?::(?!\d{1,5}[/?#])[^\s'\"<>]*)?)@(?=[^\s@])"
)
_SETTING = re.compile(
    r"([?&;#][^=&;#\s'\"]{0,40}(?:sig|token|secret|pass|pwd|key|cred|auth|session|code)[^=&;#\s'\"]{0,40})=[^&;#\s'\"<>]+?(?=:?(?:[&;#\s'\"<>]|$))",
    re.IGNORECASE,
)
# In other schemes the part before @ names a container or a project, where there is no password behind it.
_USER_IS_SECRET = ("http", "https", "ftp", "ftps", "sftp")


def shortened(value: object, limit: int = LONGEST_VALUE) -> str:
    """A value as text for a message: beginning and end of one that is long, on one line."""
    text = " ".join(value[: 8 * limit].split()) if isinstance(value, str) else " ".join(str(value).split())
    total = len(value) if isinstance(value, str) else len(text)
    if total <= limit:
        return _CONTROL.sub(_visible, text)
    end = "" if isinstance(value, str) and total > 8 * limit else text[-limit // 4 :]
    return _CONTROL.sub(_visible, f"{text[: limit - limit // 4]}...{end} ({total} characters)")


def without_secrets(text: str) -> str:
    """A text with addresses as everybody may see them: ``***`` for users, passwords, keys, tokens and signatures."""
    if "://" not in text:
        return text

    def hidden(found: re.Match[str]) -> str:
        scheme, user = found.groups()
        return f"{scheme}://***@" if ":" in user or scheme.lower() in _USER_IS_SECRET else found[0]

    return _SETTING.sub(r"\1=***", _USER.sub(hidden, text))


def bounded(message: str) -> str:
    """A message that can be shown to anybody.

    No value in it is long, no address has a password, no character moves the cursor; what errors and warnings are made of
    passes through here.
    """
    if len(message) > LONGEST_VALUE:
        message = _QUOTED.sub(lambda found: f"{found[1]}{shortened(found[2])}{found[1]}", message)
    message = _CONTROL.sub(_visible, without_secrets(message))
    if len(message) > LONGEST_MESSAGE:
        half = LONGEST_MESSAGE // 2
        message = f"{message[:half]} ... {message[-half:]}"
    return message


_collector: ContextVar[Callable[[str, type[Warning]], None] | None] = ContextVar("collector", default=None)


@contextmanager
def collected() -> Iterator[list[tuple[str, type[Warning]]]]:
    """Collect the warnings of this thread, as text and category, instead of giving them."""
    found: list[tuple[str, type[Warning]]] = []
    with handed_to(lambda text, category: found.append((text, category))):
        yield found


@contextmanager
def handed_to(take: Callable[[str, type[Warning]], None]) -> Iterator[None]:
    """Hand the warnings of this thread to a function, as text and category, instead of giving them."""
    token = _collector.set(take)
    try:
        yield
    finally:
        _collector.reset(token)


def category_of(name: str) -> type[Warning]:
    """The category of warnings of this name; `UserWarning` where it is none of Python's own."""
    kind = getattr(builtins, name, UserWarning)
    return kind if isinstance(kind, type) and issubclass(kind, Warning) else UserWarning


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """`warnings.warn` for every warning of these packages: made fit to be shown, see `bounded`.

    It points to the line outside of `WITHIN` that has led to it, however deep inside it is found.
    """
    collector = _collector.get()
    if collector is not None:
        collector(bounded(message), category)
        return
    depth, frame = 1, sys._getframe(1)
    while frame.f_back is not None and _is_within(frame):
        depth, frame = depth + 1, frame.f_back
    warnings.warn(bounded(message), category, stacklevel=depth + 1)


def _is_within(frame: types.FrameType, *further: str) -> bool:
    return frame.f_globals.get("__name__", "").partition(".")[0] in {*WITHIN, *further}


def _visible(found: re.Match[str]) -> str:
    return repr(found[0])[1:-1]


class HeavywaterError(Exception):
    """Base class of every error raised on purpose by this package.

    Parameters
    ----------
    *args
        A text is made fit to be shown, see `bounded`.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*(bounded(each) if isinstance(each, str) else each for each in args))

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the message, then the lines of the user, without the way through these packages."""
        lines = [
            (frame.f_code.co_filename, number)
            for frame, number in traceback.walk_tb(self.__traceback__)
            if not _is_within(frame, "IPython")
        ]
        shown = [f"{type(self).__name__}: {self}", ""]
        for file, number in lines[-3:]:
            place = "cell" if "ipykernel_" in file or file.startswith("<ipython") else file
            shown += [f"  {place}, line {number}:", f"    {linecache.getline(file, number).strip()}"]
        return [*shown, "", "All calls: import traceback; traceback.print_last()"]


class RefusedRequest(HeavywaterError, OSError):
    """A request cannot be met.

    An OSError as well: H2O's client raises an EnvironmentError (another name of OSError) whenever its server refuses
    something, and scripts catch that. So where files are read or written, ``except HeavywaterError: raise`` stands
    before ``except OSError``.
    """


class InvalidArgument(RefusedRequest, ValueError):
    """An argument has a value that is not allowed."""


class InvalidType(RefusedRequest, TypeError):
    """An argument or a column has a type that the operation does not take."""


class NoSession(InvalidArgument):
    """The session that a node wants to join is not there, or is there no longer; it may come (again)."""


class Unreachable(RefusedRequest, ConnectionError):
    """A node does not answer, does not let in, or is none.

    Parameters
    ----------
    message : str
    refused : bool
        Whether it is one, that does not let in or does not understand.
    """

    refused: bool = False

    def __init__(self, message: str, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class ConnectionLost(Unreachable):
    """The connection to a node ended before it answered: whether it has done what was asked is not known."""


class NotSaved(InvalidArgument):
    """Work is done and its result stored in the session, but a file that was asked for could not be written.

    Parameters
    ----------
    message : str
    key : str
        The result: a model or a grid.
    """

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


class ParseError(RefusedRequest, ValueError):
    """A file cannot be read as data."""


class UnstableModel(RefusedRequest, ArithmeticError):
    """Training diverged: weights are not finite or explode."""


class JobCancelled(HeavywaterError):
    """A job was cancelled before it had a result to give."""


class NotFound(InvalidArgument, KeyError):
    """No object, column or operation of this name exists."""

    def __str__(self) -> str:
        # KeyError would show the repr of the message, quotes included.
        return str(self.args[0]) if self.args else ""


class UnknownName(NotFound):
    """A name in an expression stands for nothing.

    Parameters
    ----------
    message : str
    key : str
        The name.
    """

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


class NameTaken(InvalidArgument):
    """A name is to be given to something new, and stands for something already.

    Parameters
    ----------
    message : str
    key : str
        The name.
    """

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


class InvalidExpression(InvalidArgument):
    """A text is no expression of the expression language.

    Parameters
    ----------
    problem : str
        What is wrong.
    text : str
        The whole text.
    position : int
        Where, counted from 0.
    """

    def __init__(self, problem: str, text: str, position: int) -> None:
        start, end = max(0, position - 40), position + 30
        shown = re.sub(r"\s", " ", text[start:end])
        before = "..." if start else ""
        mark = " " * (len(before) + position - start) + "^"
        super().__init__(f"{problem}, at character {position + 1}:\n  {before}{shown}\n  {mark}")
        self.position = position
