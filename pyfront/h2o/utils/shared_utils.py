"""Small helpers under the names that scripts import."""

from __future__ import annotations

import itertools
from importlib import util
from typing import TYPE_CHECKING, Any

from ..elsewhere.stand_ins import names_of

__all__ = [
    "LookupSeq",
    "can_use_numpy",
    "can_use_pandas",
    "can_use_polars",
    "can_use_pyarrow",
    "is_module_available",
    "quoted",
    "temp_ctr",
]

_numbers = itertools.count(1)


def temp_ctr() -> int:
    """A number that was not returned before, for names of temporaries."""
    return next(_numbers)


def is_module_available(mod: str) -> bool:
    """Say whether a module is installed."""
    return util.find_spec(mod) is not None


def can_use_numpy() -> bool:
    """Say whether NumPy is installed."""
    return is_module_available("numpy")


def can_use_pandas() -> bool:
    """Say whether pandas is installed."""
    return is_module_available("pandas")


def can_use_polars() -> bool:
    """Say whether polars is installed."""
    return is_module_available("polars")


def can_use_pyarrow() -> bool:
    """Say whether pyarrow is installed."""
    return is_module_available("pyarrow")


def quoted(key: str) -> str:
    """A text in double quotes, unless it is already."""
    return key if len(key) > 1 and key[0] == key[-1] == '"' else f'"{key}"'


class LookupSeq(tuple[Any, ...]):  # noqa: SLOT001 - its members are kept
    """A tuple that finds out quickly whether it holds something."""

    _members: frozenset[Any] | None = None

    def set(self) -> frozenset[Any]:
        """Its members."""
        if self._members is None:
            self._members = frozenset(self)
        return self._members

    def __contains__(self, member: object) -> bool:
        return member in self.set()


if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
