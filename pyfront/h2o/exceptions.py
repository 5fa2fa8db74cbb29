"""H2O's exception names, mapped on the errors of the core."""

from heavywater.errors import (
    HeavywaterError,
    InvalidArgument,
    InvalidType,
    JobCancelled,
    NotFound,
    NotSaved,
    ParseError,
    RefusedRequest,
    Unreachable,
    UnstableModel,
)

H2OError = HeavywaterError
H2OTypeError = InvalidType
H2OValueError = InvalidArgument
H2OJobCancelled = JobCancelled
H2OResponseError = RefusedRequest
H2OConnectionError = Unreachable


class H2OStartupError(HeavywaterError):
    """A node cannot be started."""


class H2OServerError(HeavywaterError):
    """A node failed while it answered."""


class H2OSoftError(HeavywaterError):
    """An error that is shown without the lines of code that led to it."""


class H2ODependencyWarning(UserWarning):
    """A package that would help is not installed."""


class H2ODeprecationWarning(DeprecationWarning):
    """A name that will go away."""


__all__ = [
    "H2OConnectionError",
    "H2ODependencyWarning",
    "H2ODeprecationWarning",
    "H2OError",
    "H2OJobCancelled",
    "H2OResponseError",
    "H2OServerError",
    "H2OSoftError",
    "H2OStartupError",
    "H2OTypeError",
    "H2OValueError",
    "NotFound",
    "NotSaved",
    "ParseError",
    "UnstableModel",
]
