"""Files that are read as a whole."""

from __future__ import annotations

import os
from typing import Any

from ..errors import ParseError
from .names import absolute, working_folder


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
