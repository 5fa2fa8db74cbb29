"""What the methods of all topics rest on."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import Any

from heavywater.errors import warn

from ...exceptions import H2ODeprecationWarning


class Operations:
    """Base of the classes of methods."""

    names: Any  # the properties of the frame
    ncol: Any
    nrow: Any

    def _expr(self, operation: str, *arguments: Any) -> Any:
        """Value of an operation; frames come back as objects of this class."""
        raise NotImplementedError

    def _become(self, operation: str, *arguments: Any) -> None:
        """Refer to the result of an operation from now on."""
        raise NotImplementedError

    def _replace(self, operation: str, *arguments: Any) -> None:
        """Put the result of an operation in the place of this frame, under its key."""
        raise NotImplementedError

    def _position(self, column: int | str) -> int:
        """Number of a column, given by name or number."""
        raise NotImplementedError

    def _column_levels(self) -> list[list[str] | None]:
        """Levels of each column, None where it is no enum."""
        raise NotImplementedError

    def _flags(self, operation: str) -> list[bool]:
        return [bool(flag) for flag in self._expr(operation, self)]


def listed(value: Any) -> list[Any]:
    """A list of what may be given alone or as a list."""
    return list(value) if isinstance(value, (list, tuple, set, range)) else [value]


def skipping(skipna: bool, na_rm: bool | None) -> bool:
    """Whether missing cells are left out; `na_rm` is H2O's old name for it."""
    if na_rm is None:
        return skipna
    warn("na_rm is the old name of skipna", H2ODeprecationWarning)
    return na_rm
