"""Keys of objects, and the names of files made from them.

A key may come from a file that somebody else has made, so it never decides about the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import Any

from ..errors import InvalidArgument, InvalidType, shortened, warn

LONGEST = 255  # bytes of a file's name that all usual file systems take
_KEY = re.compile(r"[^\s(){}\[\]\"'\\\x00-\x1f\x7f\ud800-\udfff]+")
# Folders end here, on some system; control characters; halves of characters, which have no bytes.
_NOT_IN_NAMES = re.compile(r"[/\\\x00-\x1f\x7f\ud800-\udfff]")
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]|[. ]$|^(?=(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))', re.IGNORECASE)


def check_key(key: Any) -> str:
    """The key, if it can be one.

    Raises
    ------
    InvalidArgument
        It is no text, empty, or has blanks, brackets, quotes, backslashes or control characters.
    """
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        shown = repr(key) if len(repr(key)) <= 100 else repr(key)[:100] + "..."
        raise InvalidArgument(
            f"{shown} cannot name an object: a name is a text without blanks, brackets, quotes, backslashes and control "
            "characters, and not empty"
        )
    return key


def absolute(path: str | bytes | os.PathLike[Any]) -> str:
    """Absolute path of a file or folder; ``~`` is the home folder.

    Raises
    ------
    InvalidType
        It is neither a text nor a path.
    InvalidArgument
        It is relative, and the working folder exists no more.

    Examples
    --------
    >>> absolute("/data/b/../a.csv")
    '/data/a.csv'
    """
    try:
        name = os.path.expanduser(os.fsdecode(path))
    except TypeError:
        raise InvalidType(
            f"{shortened(repr(path))} must be the name of a file or folder, it is of type {type(path).__name__}"
        ) from None
    try:
        return os.path.abspath(name)
    except FileNotFoundError:
        raise InvalidArgument(
            f"{name!r}: the working folder does not exist any more; give an absolute path, or go to another folder (os.chdir, in "
            "R setwd)"
        ) from None


def working_folder() -> str:
    """The working folder, for messages."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return "removed"


def file_name(key: str, ending: str = "") -> str:
    """Name of the file for an object: its key, with ``_`` for what would lead elsewhere or cannot be in a name.

    Parameters
    ----------
    key : str
    ending : str
        Comes after the key, such as ``".zip"``.

    Returns
    -------
    str
        A single name of at most 255 bytes, neither ``.`` nor ``..``. Of a longer one the beginning is left, with some
        digits that tell it from others.

    Examples
    --------
    >>> file_name("a/b", ".zip"), file_name("../x"), file_name("..")
    ('a_b.zip', '.._x', '__')
    """
    name = _NOT_IN_NAMES.sub("_", key)
    if os.name == "nt":
        name = _NOT_ON_WINDOWS.sub("_", name)
    if not ending and not name.strip("."):
        name = "_" * max(1, len(name))
    return _shortened(name, key, ending)


def _shortened(name: str, key: str, ending: str) -> str:
    if len((name + ending).encode()) <= LONGEST:
        return name + ending
    mark = "_" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    kept = name.encode()[: LONGEST - len((mark + ending).encode())].decode(errors="ignore")
    return kept + mark + ending


def path_for(folder: str | os.PathLike[str], key: str, ending: str = "") -> str:
    """Absolute path of the file for an object, see `file_name`; warns where its name differs from the key.

    Parameters
    ----------
    folder : str or path
        ``~`` is the home folder.
    key : str
    ending : str
    """
    return os.path.join(absolute(folder), file_for(key, ending))


def file_for(key: str, ending: str = "") -> str:
    """Name of the file for an object, see `file_name`; warns where it differs from the key."""
    name = file_name(key, ending)
    if name != key + ending:
        warn(
            f"the file of {key[:100]!r} is called {name!r}: keys may have characters, or a length, that names of files have not",
            RuntimeWarning,
        )
    return name
