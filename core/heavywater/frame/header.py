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

_ROWS_BELOW, _FIELDS_BELOW = 20, 10_000  # that are looked at, but at least 4 rows
_UUID = re.compile(UUID_PATTERN)
# Dates in forms that are not read, or that do not exist, are no less a sign that the line above them holds names.
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_LIKE_A_DATE = re.compile(
    rf"(?:\d{{1,4}}([-/. ])\d{{1,2}}\1\d{{1,4}}|\d{{1,4}}[-/. ]?{_MONTH}[-/. ]?\d{{2,4}})([T :].*)?"
    r"|\d{1,2}:\d{2}(:\d{2}.*)?",
    re.ASCII | re.IGNORECASE,
)

_MAY_BE_A_DATE = re.compile(rf"(?=.*\d).*(?:[-/:. ]|{_MONTH})", re.IGNORECASE | re.DOTALL)


def guess_header(rows: Sequence[Sequence[str]], absent: Iterable[str] = ()) -> bool:
    """Whether the first row holds names.

    It does when it has no numbers, no dates above dates, and a text above a column of numbers, dates or UUIDs, or a
    percentage above plain numbers. An empty name above such a column will do where the other names are all different.

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
    majorities = _majorities(
        _columns_below(rows[1 : 1 + max(4, min(_ROWS_BELOW, _FIELDS_BELOW // len(first)))], len(first), gone)
    )
    pairs = list(zip(kinds, majorities, strict=True))
    named = [kind in ("text", "time") and text not in gone for text, kind in zip(first, kinds, strict=True)]
    texts = [text for text, hit in zip(first, named, strict=True) if hit]
    data = [(kind, below) for kind in ("time", "uuid") for below in (kind, "nothing")]
    if "number" in kinds or not {*data, ("share", "nothing")}.isdisjoint(pairs):
        return False
    is_data = [majority not in ("text", "nothing") for majority in majorities]
    if any(hit and data for hit, data in zip(named, is_data, strict=True)) or (
        ("share", "number") in pairs and ("share", "share") not in pairs
    ):
        return True
    unnamed = any(kind == "empty" and data for kind, data in zip(kinds, is_data, strict=True))
    return (unnamed or len(rows) == 1) and len(set(texts)) == len(texts) > 0


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
            result.append("share" if "share" in data else max(sorted(set(data)), key=data.count))
        else:
            result.append("text" if found else "nothing")
    return result


def _kinds(texts: Sequence[str]) -> list[str]:
    """For each text number, share (money and percentages: both also occur as names), time, uuid, text or empty."""
    result = [
        "empty"
        if not text
        else "text"
        if not is_number(text)
        else "share"
        if "%" in text or "$" in text
        else "number"
        for text in texts
    ]
    others = [i for i, kind in enumerate(result) if kind == "text"]
    for i, time in zip(others, is_time([texts[i] for i in others]).tolist(), strict=True):
        result[i] = "uuid" if _UUID.fullmatch(texts[i]) else "time" if time else "text"
    return result


def is_time(texts: Sequence[str]) -> Array:
    """Which texts are a date or a time of day, or look like one."""
    shaped = np.array([_LIKE_A_DATE.fullmatch(text) is not None for text in texts], dtype=bool)
    rest = np.flatnonzero(
        [not hit and bool(_MAY_BE_A_DATE.match(text)) for text, hit in zip(texts, shaped, strict=True)]
    )
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
