"""Exceptions of the core. Front ends map their own names on these classes."""


class HeavywaterError(Exception):
    """Base class of every error raised on purpose by this package."""


class InvalidArgument(HeavywaterError, ValueError):
    """An argument has a value that is not allowed."""


class InvalidType(HeavywaterError, TypeError):
    """An argument or a column has a type that the operation does not take."""


class ParseError(HeavywaterError, ValueError):
    """A file cannot be read as data."""


class UnstableModel(HeavywaterError, ArithmeticError):
    """Training diverged: weights are not finite or explode."""


class JobCancelled(HeavywaterError):
    """A job was cancelled before it had a result to give."""


class NotFound(HeavywaterError, KeyError):
    """No object, column or operation of this name exists."""

    def __str__(self) -> str:
        # KeyError would show the repr of the message, quotes included.
        return str(self.args[0]) if self.args else ""
