"""Files that are read as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..errors import ParseError
from .names import absolute, working_folder

_rule: ContextVar[Callable[[str], str]] = ContextVar("files that may be named", default=lambda path: path)


@contextmanager
def naming(rule: Callable[[str], str]) -> Iterator[None]:
    """Within the block expressions may name only files that a rule lets pass.

    Parameters
    ----------
    rule : callable (path)
        Gives the path that is read, or raises.
    """
    before = _rule.set(rule)
    try:
        yield
    finally:
        _rule.reset(before)


def named_file(path: str) -> str:
    """The file that an expression names, as whoever evaluates it lets it be read; see `naming`."""
    return _rule.get()(path)


def existing_file(path: str | os.PathLike[Any]) -> str:
    """Absolute path of a file; of a device or pipe, which may never end or keep one waiting, nothing is read.

    Raises
    ------
    ParseError
        There is none.

    Examples
    --------
    >>> existing_file("/dev/zero")
    Traceback (most recent call last):
    heavywater.errors.ParseError: /dev/zero: this is a device or a pipe, not a file (working folder: ...
    """
    name = absolute(path)
    if os.path.isfile(name):
        return name
    if os.path.isdir(name):
        what = "this is a folder, give the file in it"
    elif _exists(name):
        what = "this is a device or a pipe, not a file"
    else:
        what = "there is no such file"
    hint = "; download it first" if "://" in os.fsdecode(path) else f" (working folder: {working_folder()})"
    raise ParseError(f"{os.fsdecode(path)}: {what}{hint}")


def _exists(name: str) -> bool:
    try:
        return os.path.exists(name)
    except ValueError:  # a name that no file can have
        return False
