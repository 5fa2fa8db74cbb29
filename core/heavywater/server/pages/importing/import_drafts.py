"""Imports that have begun and were not started yet: their files, and what the user has said of them so far."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ....errors import HeavywaterError, InvalidArgument, NotFound, collected
from ....session.values import Description
from ...node.guarded_session import GuardedSession

_MOST = 50
_SEEN = 3  # that of the layout is always among them


@dataclass
class ImportFile:
    """One file of an import.

    Parameters
    ----------
    number : int
        By which forms name it.
    path : str
        Where the session finds it.
    shown : str
        How the user calls it.
    sent : bool
        Whether it came through a browser, and goes with the import.
    problem : str
        Why it cannot be read, or not together with the first one.
    differs : bool
        Whether that is only beside the first one.
    columns : list of str
        Their names, as far as this was looked at.
    """

    number: int
    path: str
    shown: str
    sent: bool = False
    problem: str = ""
    differs: bool = False
    columns: list[str] = field(default_factory=list)


@dataclass
class ImportDraft:
    """One import.

    Parameters
    ----------
    word : str
        Its part of the address.
    files : list of ImportFile
    layout : dict
        What the user has said of the files, but for single columns: fields of `Options`.
    names, types : dict of int
        What the user has said of columns, by position.
    skipped : set of int
        Columns that are not read.
    width : int
        How many columns there were when that was said.
    destination : str
        Key of the frame; empty for the one that is proposed.
    apart : bool
        Whether each file becomes a frame of its own.
    jobs : dict of str to list of int
        Imports that were started, and the numbers of their files.
    trouble : str
        Why it could not be done.
    lock : Lock
        Of who changes it: what is typed is sent while a button is pressed.
    """

    word: str
    files: list[ImportFile] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    types: dict[int, str] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    width: int = 0
    destination: str = ""
    apart: bool = False
    jobs: dict[str, list[int]] = field(default_factory=dict)
    trouble: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _number: int = 0
    _seen: dict[str, tuple[Description, list[str]]] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        """Where its files are."""
        return [each.path for each in self.files]

    def add(self, path: str, shown: str, sent: bool = False) -> ImportFile:
        """Take in a further file."""
        self._number += 1
        made = ImportFile(self._number, path, shown, sent)
        self.files.append(made)
        self.look_again()
        return made

    def leave_out(self, number: int) -> ImportFile | None:
        """Take out a file; None where there is none of this number."""
        found = next((each for each in self.files if each.number == number), None)
        if found is not None:
            self.files.remove(found)
            self.look_again()
        return found

    def said(self) -> str:
        """What the user has said so far, to be compared."""
        return repr((self.layout, self.names, self.types, sorted(self.skipped), self.destination, self.apart))

    def fit(self, width: int) -> None:
        """Forget what was said of columns where there are others than then."""
        if self.width != width:
            self.names, self.types, self.skipped, self.width = {}, {}, set(), width

    def wording(self, text: str) -> str:
        """A message about its files, with the names that the user knows."""
        for each in self.files:
            if each.sent:
                text = text.replace(each.path, each.shown)
        return text

    def setup(self, session: GuardedSession, options: dict[str, Any]) -> tuple[Description, list[str]]:
        """What an import with some options would do, and the warnings of who has looked; remembered for the next look."""
        seen = repr(options)
        found = self._seen.pop(seen, None)
        if found is None:
            with collected() as remarks:
                description = session.files.parse_setup(self.paths, options=options)
            found = description, [self.wording(text) for text, _ in remarks]
        self._seen[seen] = found  # as the last one
        while len(self._seen) > _SEEN:
            self._seen.pop(next(iter(self._seen)), None)
        return found

    def look_again(self) -> None:
        """Forget what was seen in the files."""
        self._seen.clear()

    def check(self, session: GuardedSession, file: ImportFile) -> None:
        """Note what stands against a file: of itself, or beside the first one that can be read."""
        try:
            with collected():
                found = session.files.parse_setup([file.path])
        except HeavywaterError as error:
            file.problem = self.wording(str(error))
            return
        file.columns = found["column_names"]
        first = next((each for each in self.files if each.columns), file)
        if first.columns != file.columns:
            file.differs = True
            file.problem = (
                f"{file.shown}: its columns ({_shown(file.columns)}) are not those of {first.shown} "
                f"({_shown(first.columns)}), which they have to be to become one frame"
            )


def _shown(names: Sequence[str]) -> str:
    return f"{len(names)}: {', '.join(name[:40] for name in names[:4])}{', ...' if len(names) > 4 else ''}"


class ImportDrafts:
    """All imports that have begun; the oldest makes room where there are too many."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, ImportDraft] = OrderedDict()
        self._lock = threading.Lock()

    def new(self, session: GuardedSession) -> ImportDraft:
        """An import without files."""
        made = ImportDraft(secrets.token_urlsafe(9))
        with self._lock:
            self._kept[made.word] = made
            old = next(iter(self._kept)) if len(self._kept) > _MOST else None
        if old is not None:
            self.discard(session, old)
        return made

    def of(self, word: str) -> ImportDraft:
        """The import of a word; `NotFound` where it is done, or was given up."""
        found = self._kept.get(word)
        if found is None:
            raise NotFound("this import is done or was given up: begin it anew")
        return found

    def all(self) -> list[ImportDraft]:
        """Those that have files, the newest first."""
        with self._lock:
            return [each for each in reversed(self._kept.values()) if each.files]

    def discard(self, session: GuardedSession, word: str) -> None:
        """Forget an import, and the files that were sent for it."""
        with self._lock:
            found = self._kept.pop(word, None)
        for each in found.files if found else ():
            if each.sent:
                session.files.discard(each.path)


def read(session: GuardedSession, name: str, pieces: Any) -> str:
    """Path of a file on its way, made of pieces of bytes.

    Raises
    ------
    InvalidArgument
        It is too large, or cannot be kept.
    """
    path, size = session.files.fresh(name), 0
    try:
        for piece in pieces:
            size = put(session, path, piece, size)
        if not size:
            session.files.put(path, b"")
    except BaseException:
        session.files.discard(path)
        raise
    return path


def put(session: GuardedSession, path: str, piece: bytes, size: int) -> int:
    """Append to a file on its way; its size then."""
    try:
        return session.files.put(path, piece, size)
    except HeavywaterError:
        raise
    except OSError as error:
        raise InvalidArgument(f"the file cannot be kept at the node ({error.strerror or error})") from None
