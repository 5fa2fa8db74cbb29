"""Answers that browsers save as files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from ....session import Session

_ODD = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST = 150  # characters of a name
_PIECE = 2**22  # bytes


def attachment(name: str) -> dict[str, str]:
    """The header that makes a file of an answer.

    Parameters
    ----------
    name : str
        Of the file, made of what users have named: whatever is odd in it is replaced, or quoted for browsers that know how.
    """
    stem, dot, ending = name.rpartition(".")
    short = f"{stem[:_LONGEST]}{dot}{ending[:_LONGEST]}"
    plain = _ODD.sub("_", short)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(short, safe='')}"
    }


def comma_separated(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as text that spreadsheets read."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def table_answer(rows: Iterable[Iterable[Any]], name: str) -> Response:
    """A small table as an answer, of which browsers make a file of this name."""
    content = comma_separated(rows).encode("utf-8", "replace")
    return Response(content, media_type="text/csv; charset=utf-8", headers=attachment(name))


def file_answer(session: Session, file: str, name: str, media_type: str) -> Response:
    """A file on its way as an answer, after which it is forgotten.

    Parameters
    ----------
    session : Session
    file : str
        Which `heavywater.session.protocol.Files.fresh` gave.
    name : str
        Under which browsers save it.
    media_type : str
    """
    return StreamingResponse(_pieces(session, file), media_type=media_type, headers=attachment(name))


def _pieces(session: Session, file: str) -> Iterator[bytes]:
    start = 0
    try:
        while piece := session.files.get(file, start, _PIECE):
            yield piece
            start += len(piece)
    finally:
        session.files.discard(file)
