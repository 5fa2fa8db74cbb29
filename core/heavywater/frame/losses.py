"""What an import says about cells that are not as they stand in the file."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from .encodings import Escaped
from .guess import Setup
from .pieces import LostTexts

if TYPE_CHECKING:
    from .intake import ColumnIntake

SINGLE_WARNINGS = 10  # of each sort; what is beyond is one warning more
_WORDS = {"numeric": "numbers", "time": "times", "uuid": "UUIDs"}


def warn_of_changes(
    location: str, setup: Setup, intake: ColumnIntake, escaped: Escaped, unread: str | None
) -> None:
    """One warning for each column, and one for bytes that are no text.

    Parameters
    ----------
    location : str
        The first file.
    setup : Setup
    intake : ColumnIntake
    escaped : Escaped
    unread : str or None
        Why columns could not be read a second time.
    """
    names = {place: setup.names[i] for place, i in enumerate(setup.kept)}
    lost = sorted(intake.lost.items())
    for place, texts in lost[:SINGLE_WARNINGS]:
        kind, name = setup.types[setup.kept[place]], names[place]
        _warn(
            f"{location}: column {name!r} was read as {kind}; {texts.count} texts in it became missing, the first, "
            f"{_cut(texts.example)}, in {texts.place}. Give col_types={{{name!r}: 'string'}} (or 'enum') to keep them, or "
            "na_strings= if they mean missing"
        )
    if lost[SINGLE_WARNINGS:]:
        each = ", ".join(f"{names[i]!r} ({t.count}, first {t.place})" for i, t in lost[SINGLE_WARNINGS:])
        _warn(f"{location}: texts became missing in {len(lost) - SINGLE_WARNINGS} more columns: {each}. "
              "Give col_types= to keep them")  # fmt: skip
    widened = sorted(intake.widened.items())
    for place, (kind, texts) in widened[:SINGLE_WARNINGS]:
        _warn(_widening(location, names[place], kind, setup.types[setup.kept[place]], texts))
    if widened[SINGLE_WARNINGS:]:
        each = ", ".join(f"{names[i]!r} (first {t.place})" for i, (_, t) in widened[SINGLE_WARNINGS:])
        _warn(f"{location}: {len(widened) - SINGLE_WARNINGS} more columns were read as texts: {each}. "
              "Give col_types= to read them otherwise")  # fmt: skip
    if unread is not None:
        again = ", ".join(repr(setup.names[i]) for i in intake.to_read_again())
        _warn(
            f"{location}: a second pass over the files was not possible ({unread}); in columns {again} numbers and times "
            "above the first text are written in their usual form, not as they stand in the file. Give col_types= to "
            "read them as texts from the start"
        )
    if escaped.count:
        _warn(
            f"{location}: {escaped.count} bytes mean nothing in the encoding of the file and were written like <0xE4>, the "
            f"first in {escaped.place}. Give encoding= ('latin-1', 'cp1252', ...) to read them as letters"
        )


def _widening(location: str, name: str, before: str, now: str, texts: LostTexts) -> str:
    return (
        f"{location}: column {name!r} was read as {now}: its first lines hold {_WORDS[before]}, but {texts.place} holds "
        f"{_cut(texts.example)}. Give col_types={{{name!r}: {before!r}}} to make such cells missing, or na_strings= if "
        "they mean missing"
    )


def _cut(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "...")


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=2)
