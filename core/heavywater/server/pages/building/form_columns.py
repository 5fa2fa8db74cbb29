"""The columns of a frame to choose from: all of them where they are few, else those that are looked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ...node.guarded_session import GuardedSession
from ..frames.frame_page import MOST_CELLS
from .form_texts import text_of_name

MOST_CHOICES = 200  # in a list to choose from; of more, the name is written
SHOWN = 50


@dataclass(frozen=True)
class ListedColumns:
    """Some of the columns of a frame.

    Parameters
    ----------
    rows : list of dict
        ``name``, its ``text`` in the form, ``type``, share of ``missing`` values, None where nobody has looked yet, and whether it
        is ``marked``.
    first, found, total : int
        Number of the first one, of all that fit, and of all columns.
    """

    rows: list[dict[str, Any]]
    first: int
    found: int
    total: int


def fitting(names: Collection[str], find: str) -> list[int]:
    """The positions of the names that have a text in them, in whatever case."""
    wanted = find.casefold()
    return [position for position, name in enumerate(names) if wanted in name.casefold()]


def listed_columns(
    session: GuardedSession, frame: str, find: str = "", first: int = 0, marked: Collection[str] = ()
) -> ListedColumns:
    """The columns of a frame whose names fit, from one on.

    Parameters
    ----------
    session : GuardedSession
    frame : str
    find : str
        What stands in their names.
    first : int
        How many of them are passed over.
    marked : collection of str
        Names that are marked already.
    """
    facts, chosen = session.frames.facts(frame), set(marked)
    found = fitting(facts["names"], find)
    first = min(first, max(0, (len(found) - 1) // SHOWN * SHOWN))
    positions = found[first : first + SHOWN]
    told = session.frames.profile(frame, positions, MOST_CELLS)
    rows = [
        {
            "name": facts["names"][position],
            "text": text_of_name(facts["names"][position], listed=True),
            "type": facts["types"][position],
            "missing": column and column["missing"] / max(facts["nrow"], 1),
            "marked": facts["names"][position] in chosen,
        }
        for position, column in zip(positions, told, strict=True)
    ]
    return ListedColumns(rows, first, len(found), len(facts["names"]))
