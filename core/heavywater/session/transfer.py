"""Files of this machine for a session that may be elsewhere: sent to it, and fetched from it.

Where the session finds files under the same names, nothing is sent: it is given the path.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import HeavywaterError, collected, warn
from ..files import existing_file, new_file
from .protocol import Session
from .values import Path

PIECE = 2**23  # bytes that travel at once


@contextmanager
def sent(session: Session, paths: Path | Sequence[Path], whole: bool = False) -> Iterator[Any]:
    """Names under which a session finds files of this machine until the end of the block.

    Parameters
    ----------
    session : Session
    paths : str, path or list of these
        Files, folders, patterns; addresses stay as they are.
    whole : bool
        It is one file, which need not be data: no folder or pattern.

    Yields
    ------
    str, path or list of these
        What the session is to be given instead. Errors and warnings of the block name the files of this machine all the same.
    """
    if session.shares_disk:
        yield paths
        return
    names: dict[str, str] = {}
    remarks: list[tuple[str, type[Warning]]] = []
    try:
        with collected() as remarks:
            names = send(session, paths, whole)
            yield list(names) if len(names) != 1 else next(iter(names))
    except HeavywaterError as error:
        error.args = tuple(with_names_here(each, names) for each in error.args)
        raise
    finally:
        for text, category in remarks:
            warn(with_names_here(text, names), category)
        forget(session, names)


def send(session: Session, paths: Path | Sequence[Path], whole: bool = False) -> dict[str, str]:
    """Send files of this machine to a session that does not share its disk; `forget` ends that.

    Parameters
    ----------
    session, paths, whole
        As for `sent`.

    Returns
    -------
    dict
        Their names there, and what they are called here.
    """
    names: dict[str, str] = {}
    try:
        for path in _files(paths, whole):
            names[path if session.shares_disk or "://" in path else _send(session, path)] = path
    except BaseException:
        forget(session, names)
        raise
    return names


def forget(session: Session, names: Mapping[str, str]) -> None:
    """Forget, where the session is, what `send` has sent."""
    for there, path in names.items():
        if there != path:
            session.files.discard(there)


def _files(paths: Path | Sequence[Path], whole: bool) -> list[str]:
    from ..frame.importing.sources import expand  # start-up: only for who sends files

    items = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if whole:
        return [existing_file(each) for each in items]
    found: list[str] = []
    for each in items:
        text = os.fspath(each)
        local = "://" not in text or text.startswith("file://")
        found += [source.location for source in expand(each)] if local else [text]
    return found


def _send(session: Session, path: str) -> str:
    there = session.files.fresh(os.path.basename(path))
    with open(path, "rb") as source:
        start = 0
        while (piece := source.read(PIECE)) or not start:
            start = session.files.put(there, piece, start)
            if not piece:
                break
    return there


def with_names_here(text: Any, names: Mapping[str, str]) -> Any:
    """A text that calls files that were sent by what they are called here."""
    if isinstance(text, str):
        for there, here in names.items():
            text = text.replace(there, here)
    return text


def fetched(session: Session, path: Path, write: Callable[[str], str | None], force: bool = True) -> str:
    """Let a session write a file that is to be on this machine; its absolute path.

    Parameters
    ----------
    session : Session
    path : str or path
        The file of this machine.
    write : callable
        Lets the session write a file of the path that it is given, and may return that.
    force : bool
        Replace a file that is there.
    """
    name = os.fspath(path)
    if session.shares_disk:
        return write(name) or os.path.abspath(os.path.expanduser(name))
    there = session.files.fresh(os.path.basename(name))
    try:
        with new_file(path, force) as (place, beside):
            _fetch(session, write(there) or there, beside)
        return place
    finally:
        session.files.discard(there)


def fetched_into(session: Session, folder: Path, write: Callable[[str], str]) -> str:
    """Let a session write a file into a folder of this machine, under a name that the session knows; its absolute path.

    Parameters
    ----------
    session : Session
    folder : str or path
    write : callable
        Lets the session write a file into the folder that it is given, and returns its path.
    """
    if session.shares_disk:
        return write(os.fspath(folder))
    there = session.files.fresh("files")
    try:
        made = write(there)
        with new_file(os.path.join(folder, os.path.basename(made)), True) as (place, beside):
            _fetch(session, made, beside)
        return place
    finally:
        session.files.discard(there)


def _fetch(session: Session, there: str, here: str) -> None:
    with open(here, "wb") as out:
        while piece := session.files.get(there, out.tell(), PIECE):
            out.write(piece)
            if len(piece) < PIECE:
                return
