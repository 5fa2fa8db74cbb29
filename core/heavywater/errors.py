"""Exceptions of the core. Front ends map their own names on these classes."""

from __future__ import annotations

import re


class HeavywaterError(Exception):
    """Base class of every error raised on purpose by this package."""


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
