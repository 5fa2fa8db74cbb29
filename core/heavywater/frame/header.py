"""Whether the first line of a delimited text holds names, and the names that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

import numpy as np

from .numerals import is_number
from .pieces import MISSING_WORDS, UUID_PATTERN
from .storage import Array
from .times import parse_times

_ROWS_BELOW = 20  # that are looked at
_UUID = re.compile(UUID_PATTERN)
# Dates in forms that are not read, or that do not exist, are no less a sign that the line above them holds names.
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_LIKE_A_DATE = re.compile(
    rf"(?:\d{{1,4}}([-/. ])\d{{1,2}}\1\d{{1,4}}|\d{{1,4}}[-/. ]?{_MONTH}[-/. ]?\d{{2,4}})([T :].*)?"
    r"|\d{1,2}:\d{2}(:\d{2}.*)?",
    re.ASCII | re.IGNORECASE,
)


def guess_header(rows: Sequence[Sequence[str]], absent: Iterable[str] = ()) -> bool:
    """Whether the first row holds names.

    It does when it has texts, nothing that is data like the cells below it, and a text above a column of numbers,
    dates or UUIDs. An empty name above such a column will do where the other names are all different.

    Parameters
    ----------
    rows : sequence of sequences of str
        The fields of some lines.
    absent : iterable of str
        Texts that mean missing, beside the usual words: they are neither names nor data.
    """
    gone = MISSING_WORDS.union(absent)
    first = [text.strip() for text in rows[0]]
    kinds = _kinds(first)
    named = [kind in ("text", "time") and text not in gone for text, kind in zip(first, kinds, strict=True)]
    texts = [text for text, hit in zip(first, named, strict=True) if hit]
    if not texts or "number" in kinds:
        return False
    below = _columns_below(rows[1 : 1 + _ROWS_BELOW], len(first), gone)
    majorities = _majorities(below)
    for kind, majority in zip(kinds, majorities, strict=True):
        if kind not in ("text", "empty") and majority in (kind, "nothing"):
            return False
    is_data = [majority not in ("text", "nothing") for majority in majorities]
    if any(hit and data for hit, data in zip(named, is_data, strict=True)):
        return True
    unnamed = any(kind == "empty" and data for kind, data in zip(kinds, is_data, strict=True))
    return (unnamed or len(rows) == 1) and len(set(texts)) == len(texts)


def _columns_below(rows: Sequence[Sequence[str]], width: int, gone: frozenset[str]) -> list[list[str]]:
    columns = zip_longest(*rows, fillvalue="") if rows else ()
    found = [[text.strip() for text in column if text.strip() not in gone] for column in columns]
    return [*found, *([] for _ in range(width - len(found)))][:width]


def _majorities(columns: Sequence[Sequence[str]]) -> list[str]:
    """What more than half of the cells of each column are: data of some kind, text, or nothing if there are none."""
    kinds = iter(_kinds([text for column in columns for text in column]))
    result = []
    for column in columns:
        found = [next(kinds) for _ in column]
        data = [kind for kind in found if kind != "text"]
        if 2 * len(data) > len(found):
            result.append(max(sorted(set(data)), key=data.count))
        else:
            result.append("text" if found else "nothing")
    return result


def _kinds(texts: Sequence[str]) -> list[str]:
    """For each text number, share (money and percentages: both also occur as names), time, uuid, text or empty."""
    result = []
    dates = dict(zip(texts, is_time(texts).tolist(), strict=True)) if texts else {}
    for text in texts:
        if not text:
            kind = "empty"
        elif is_number(text):
            kind = "share" if "%" in text or "$" in text else "number"
        else:
            kind = "uuid" if _UUID.fullmatch(text) else "time" if dates[text] else "text"
        result.append(kind)
    return result


def is_time(texts: Sequence[str]) -> Array:
    """Which texts are a date or a time of day, or look like one."""
    shaped = np.array([_LIKE_A_DATE.fullmatch(text) is not None for text in texts], dtype=bool)
    rest = np.flatnonzero(~shaped)
    if len(rest):
        shaped[rest] = ~parse_times([texts[i] for i in rest.tolist()])[1]
    return shaped


def usable_names(names: Iterable[str]) -> list[str]:
    """The names, with one by its position (C1, C2, ...) for each that is empty.

    Like in H2O such a name becomes C2C2 where C2 is taken.
    """
    given = list(names)
    taken = set(given)
    result = []
    for i, name in enumerate(given):
        fresh = made = f"C{i + 1}"
        while not name and fresh in taken:
            fresh += made
        result.append(name or fresh)
        taken.add(result[-1])
    return result
