"""Which files clients of a node may name: one guard for every path that comes in, whatever it is for.

A path is taken as it stands, decoded once at most (an address ``file://``), and followed to its end: what lies below the roots
*then* is allowed, and handed on in that form, so that links which are made later lead nowhere else.
"""

from __future__ import annotations

import glob
import os
import re
import urllib.parse
from collections.abc import Sequence
from typing import Any

from ...errors import InvalidArgument, InvalidType, shortened, without_secrets
from ...files import absolute
from ...frame.importing.sources import expand

_ADDRESS = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*)://")
_LONGEST = 4096  # characters
_MOST = 100_000  # paths in a list, and entries of a folder that are looked at


class PathGuard:
    """What clients may name.

    Parameters
    ----------
    roots : sequence of str
        Folders; none: every file of the machine.
    addresses : bool
        Whether addresses (http, s3 ...) may be named.
    always : sequence of str
        Further folders, which count where there are roots.

    Raises
    ------
    InvalidArgument
        A root is no folder.
    """

    def __init__(
        self, roots: Sequence[str] = (), addresses: bool = False, always: Sequence[str] = ()
    ) -> None:
        for root in roots:
            if not os.path.isdir(absolute(root)):
                raise InvalidArgument(f"--roots {root}: there is no such folder")
        named = [*roots, *always] if roots else []
        self._roots = tuple(os.path.realpath(absolute(root)) for root in named)
        self._shown = ", ".join(absolute(root) for root in roots)
        self._addresses = addresses

    @property
    def addresses(self) -> bool:
        """Whether addresses may be named."""
        return self._addresses

    def file(self, path: Any, about: str = "path") -> str:
        """A file or folder that is read or written, as it is to be named from here on.

        Parameters
        ----------
        path : str or path
        about : str
            Name of the parameter, for errors.

        Raises
        ------
        InvalidArgument
            It is not below a root, or an address.
        InvalidType
            It is no text.
        """
        text = self._text(path, about)
        if _scheme(text) not in ("", "file"):
            return text
        if not self._roots:
            return text
        return self._inside(_local(text), text, about)

    def beginning(self, path: Any, about: str = "path") -> str:
        """The beginning of a path, whose folder has to be one that may be named: others beside a root are none of anybody's business."""
        text = self._text(path, about)
        if _scheme(text) not in ("", "file") or not self._roots:
            return text
        folder, name = os.path.split(os.path.expanduser(_local(text)))
        return os.path.join(self._inside(folder, text, about), name)

    def folder(self, path: Any, about: str = "path") -> str:
        """As `file`, of a folder in which files are read or written under names that are made from keys: no link in it leads out."""
        found = self.file(path, about)
        if self._roots and os.path.isdir(found):
            with os.scandir(found) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        self._inside(entry.path, entry.path, about)
        return found

    def sources(self, paths: Any, pattern: str | None = None, about: str = "path") -> Any:
        """Files to be imported, one by one: what folders and patterns stand for is looked at, too.

        Parameters
        ----------
        paths : str, path or list of these
        pattern : str, optional
            Regular expression for the names of files in folders.
        about : str

        Returns
        -------
        str, or list of str
            What stands for the same files without the pattern, if there are roots; else what was given.
        """
        items = [paths] if isinstance(paths, str | os.PathLike) else paths
        if not isinstance(items, Sequence) or isinstance(items, bytes | bytearray):
            raise InvalidType(f"{about}={shortened(repr(paths))} must be a text, or a list of texts")
        if len(items) > _MOST:
            raise InvalidArgument(
                f"{about}: {len(items)} paths are too many; name a folder, or {_MOST} at most"
            )
        texts = [self._text(each, about) for each in items]
        if not self._roots:
            return texts[0] if isinstance(paths, str | os.PathLike) else texts
        return [each for text in texts for each in self._expanded(text, pattern, about)]

    def _expanded(self, text: str, pattern: str | None, about: str) -> list[str]:
        if _scheme(text) not in ("", "file"):
            return [each.location for each in expand(text, pattern)]
        local = absolute(_local(text))
        if glob.has_magic(local) and not os.path.exists(local):
            above = _before_magic(local)
            whole = self._inside(above, text, about) + local[len(above.rstrip(os.sep)) :]
        else:
            whole = self._inside(local, text, about)
        return [self._inside(each.location, each.location, about) for each in expand(whole, pattern)]

    def _text(self, path: Any, about: str) -> str:
        """A path as text that can be one; `InvalidArgument` for an address that is not allowed."""
        text = os.fspath(path) if isinstance(path, str | os.PathLike) else path
        if not isinstance(text, str):
            raise InvalidType(
                f"{about}={shortened(repr(path))} must be a text, it is of type {type(path).__name__}"
            )
        if len(text) > _LONGEST or "\0" in text or not _has_bytes(text):
            raise InvalidArgument(f"{about}={shortened(repr(text))}: no file can have this name")
        if _scheme(text) not in ("", "file") and not self._addresses:
            raise InvalidArgument(
                f"{about}={without_secrets(text)!r}: this node fetches nothing from addresses (--allow-addresses); upload the file, or "
                "name one of the node's disk"
            )
        return text

    def _inside(self, path: str, shown: str, about: str) -> str:
        try:
            found = os.path.realpath(absolute(path))
        except (OSError, ValueError):
            raise self._refused(shown, about) from None
        if any(found == root or found.startswith(root.rstrip(os.sep) + os.sep) for root in self._roots):
            return found
        raise self._refused(shown, about)

    def _refused(self, shown: str, about: str) -> InvalidArgument:
        return InvalidArgument(
            f"{about}={shortened(repr(shown))} is not below a folder whose files clients of this node may name: {self._shown}"
        )


def _scheme(text: str) -> str:
    found = _ADDRESS.match(text)
    return found[1].lower() if found else ""


def _local(text: str) -> str:
    """The path in an address ``file://``, decoded once; another text as it is."""
    return urllib.parse.unquote(urllib.parse.urlsplit(text.strip()).path) if _scheme(text) else text


def _has_bytes(text: str) -> bool:
    try:
        os.fsencode(text)
    except UnicodeError:
        return False
    return True


def _before_magic(path: str) -> str:
    """The folder above the first part of a path that is a pattern; the path itself if none is."""
    parts = path.split(os.sep)
    for number, part in enumerate(parts):
        if glob.has_magic(part):
            return os.sep.join(parts[:number]) or os.sep
    return path
