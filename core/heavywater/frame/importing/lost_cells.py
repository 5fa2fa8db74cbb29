"""What an import says about cells that are not as they stand in the file."""

from __future__ import annotations

from ...errors import warn
from .encodings import Noted
from .intake import ColumnIntake
from .pieces import LostTexts
from .setup import Setup

SINGLE_WARNINGS = 10  # of each sort; what is beyond is one warning more
LONGEST_EXAMPLE = 60
_WORDS = {"numeric": "numbers", "time": "times", "uuid": "UUIDs"}


def warn_of_changes(
    location: str,
    setup: Setup,
    intake: ColumnIntake,
    escaped: Noted,
    unread: str | None,
    comments_guessed: bool,
) -> None:
    """One warning for each column, one for bytes that are no text, and one for lines that may be no comments.

    Parameters
    ----------
    location : str
        The first file.
    setup : Setup
    intake : ColumnIntake
    escaped : Noted
    unread : str or None
        Why columns could not be read a second time.
    comments_guessed : bool
        Whether the user has not said which lines are comments.
    """
    names = {place: setup.names[i] for place, i in enumerate(setup.kept)}
    _warn_of_lost(location, setup, names, intake)
    _warn_of_widened(location, setup, names, intake)
    if unread is not None:
        again = ", ".join(repr(setup.names[i]) for i in intake.to_read_again())
        _warn(
            f"{location}: a second pass over the files was not possible ({unread}); in columns {again} numbers and times "
            "above the first text are written in their usual form, not as they stand in the file. Give col_types= to "
            "read them as texts from the start"
        )
    if intake.left_out.count and comments_guessed:
        _warn(_left_out(location, setup.markers, intake.left_out))
    if escaped.count:
        bytes_mean = "1 byte means" if escaped.count == 1 else f"{escaped.count} bytes mean"
        _warn(
            f"{location}: {bytes_mean} nothing in the encoding of the file and became text like <0xE4>, the first in "
            f"{_in(escaped.place, location)}. Give encoding= ('latin-1', 'cp1252', ...) to read them as letters"
        )


def _warn_of_lost(location: str, setup: Setup, names: dict[int, str], intake: ColumnIntake) -> None:
    lost = sorted(intake.lost.items())
    for place, texts in lost[:SINGLE_WARNINGS]:
        _warn(_loss(location, names[place], setup.types[setup.kept[place]], texts))
    if more := lost[SINGLE_WARNINGS:]:
        each = ", ".join(f"{names[i]!r} ({t.count}, first in {_in(t.place, location)})" for i, t in more)
        _warn(
            f"{location}: texts became missing in {len(more)} more columns: {each}. Give col_types= to keep them"
        )


def _warn_of_widened(location: str, setup: Setup, names: dict[int, str], intake: ColumnIntake) -> None:
    widened = sorted(intake.widened.items())
    for place, (kind, texts) in widened[:SINGLE_WARNINGS]:
        _warn(_widening(location, names[place], kind, setup.types[setup.kept[place]], texts))
    if more := widened[SINGLE_WARNINGS:]:
        each = ", ".join(f"{names[i]!r} (first in {_in(t.place, location)})" for i, (_, t) in more)
        _warn(
            f"{location}: {len(more)} more columns were read as texts: {each}. Give col_types= to read them otherwise"
        )


def _left_out(location: str, markers: str, lines: Noted) -> str:
    one = lines.count == 1
    return (
        f"{location}: {lines.count} {'line that begins' if one else 'lines that begin'} with {markers[0]} and "
        f"otherwise {'looks' if one else 'look'} like data {'was' if one else 'were'} left out as "
        f"comments, the first being {_in(lines.place, location)}. Give custom_non_data_line_markers='' to "
        f"have such lines as data, or {markers!r} if they are none"
    )


def _loss(location: str, name: str, kind: str, texts: LostTexts) -> str:
    count = "1 text" if texts.count == 1 else f"{texts.count} texts"
    return (
        f"{location}: column {name!r} was read as {kind}; {count} in it became missing (the first: "
        f"{_cut(texts.example)}), from {_in(texts.place, location)} on. Give col_types={{{name!r}: 'string'}} (or 'enum') "
        "to keep such cells, or na_strings= if they mean missing"
    )


def _widening(location: str, name: str, before: str, now: str, texts: LostTexts) -> str:
    return (
        f"{location}: column {name!r} was read as {now}: it holds {_WORDS[before]}, but also texts, the first being "
        f"{_cut(texts.example)} in {_in(texts.place, location)}. Give col_types={{{name!r}: {before!r}}} to make such "
        "cells missing, or na_strings= if they mean missing"
    )


def _in(place: str, location: str) -> str:
    """A place without the file that the message has named."""
    return place.removeprefix(f"{location}, ")


def _cut(text: str) -> str:
    return repr(text if len(text) <= LONGEST_EXAMPLE else text[:LONGEST_EXAMPLE] + "...")


def _warn(message: str) -> None:
    warn(message)
