"""A frame as comma-separated text, piece by piece: the whole of it is never in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...session import Ref, Session

_CELLS = 2_000_000  # in one piece


def text_in_pieces(
    session: Session, key: str, times: str = "datetime", layout: Mapping[str, Any] | None = None
) -> Iterator[str]:
    """The text of a frame as it is now, whatever happens to it meanwhile.

    Parameters
    ----------
    session : Session
    key : str
        Of the frame; that it cannot be read is said at once, not with the first piece.
    times, layout
        See `heavywater.session.protocol.Frames.text`.
    """
    own = session.frames.evaluate(Ref(key)).key  # a temporary frame, which shares the columns
    facts = session.frames.facts(own)
    return _pieces(session, own, facts["nrow"], max(1, _CELLS // max(1, len(facts["names"]))), times, layout)


def _pieces(
    session: Session, own: str, rows: int, step: int, times: str, layout: Mapping[str, Any] | None
) -> Iterator[str]:
    try:
        for first in range(0, max(1, rows), step):
            yield session.frames.text(own, not first, times, first, step, layout)
    finally:
        session.objects.release([own])
