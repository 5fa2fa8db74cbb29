"""Whether the first line of a delimited text holds names, and the names that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

import numpy as np

from ...arrays import Array
from ..columns.conversions import UUID_PATTERN
from ..columns.missing_words import MISSING_WORDS
from ..columns.numerals import is_number
from ..columns.times import parse_times

_ROWS_BELOW, _FIELDS_BELOW = 20, 10_000  # that are looked at, but at least 4 rows
_UUID = re.compile(UUID_PATTERN)
# Dates in forms that are not read, or that do not exist, are no less a sign that the line above them holds names.
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_LIKE_A_DATE = re.compile(
    rf"(?:\d{{1,4}}([-/. ])\d{{1,2}}\1\d{{1,4}}|\d{{1,4}}[-/. ]?{_MONTH}[-/. ]?\d{{2,4}})([T :].*)?"
    r"|\d{1,2}:\d{2}(:\d{2}.*)?",
    re.ASCII | re.IGNORECASE,
)

_TRUTHS = ("true", "false")
_YEAR = re.compile(r"(?:1[89]|20)\d\d", re.ASCII)
_MAY_BE_A_DATE = re.compile(rf"(?=.*\d).*(?:[-/:. ]|{_MONTH})", re.IGNORECASE | re.DOTALL)


def guess_header(rows: Sequence[Sequence[str]], absent: Iterable[str] = ()) -> bool:
    """Whether the first row holds names.

    It does when it has no numbers, no dates above dates, and a text above a column of numbers, dates, UUIDs or truth values, or a
    percentage above plain numbers. An empty name above such a column will do where the other names are all different.
    Numbers are names where they are years beside texts and not above years, or the labels 0, 1, ... that pandas writes.

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
    near = 1 + max(4, min(_ROWS_BELOW, _FIELDS_BELOW // len(first)))
    below = _columns_below(rows[1:near], len(first), gone)
    if not all(below):
        found = _columns_below(rows[1 : 1 + _FIELDS_BELOW // len(first)], len(first), gone)
        below = [close or far[:_ROWS_BELOW] for close, far in zip(below, found, strict=True)]
    majorities = _majorities(below)
    pairs = list(zip(kinds, majorities, strict=True))
    named = [
        kind in ("text", "time", "truth") and text not in gone
        for text, kind in zip(first, kinds, strict=True)
    ]
    texts = [text for text, hit in zip(first, named, strict=True) if hit]
    data = [(kind, below) for kind in ("time", "uuid", "truth") for below in (kind, "nothing")]
    if not {*data, ("share", "nothing")}.isdisjoint(pairs):
        return False
    is_data = [majority not in ("text", "nothing") for majority in majorities]
    if "number" in kinds:
        above = any(hit and data for hit, data in zip(named, is_data, strict=True))
        return len(set(texts)) == len(texts) and (
            _are_years(first, kinds, below, above) or _are_labels(first, below)
        )
    if any(hit and data for hit, data in zip(named, is_data, strict=True)) or (
        ("share", "number") in pairs and ("share", "share") not in pairs
    ):
        return True
    if set(kinds) == {"empty"}:
        return any(is_data)
    if len(texts) == len(first) and all(len(row) == len(first) + 1 for row in rows[1:]) and len(rows) > 1:
        return len(set(texts)) == len(texts)  # the names of the rows have none, as R writes them
    unnamed = 2 * kinds.count("empty") <= len(first) and any(
        kind == "empty" and majority not in ("text", "nothing", "truth")
        for kind, majority in zip(kinds, majorities, strict=True)
    )
    return (unnamed or len(rows) == 1) and len(set(texts)) == len(texts) > 0


def _are_years(
    first: Sequence[str], kinds: Sequence[str], below: Sequence[Sequence[str]], above: bool
) -> bool:
    """Whether the numbers of a first row are years that name columns: ascending or descending, above other numbers.

    A single year could be the first number of its column, unless a text stands above numbers in another one.
    """
    places = [i for i, kind in enumerate(kinds) if kind == "number"]
    unnamed = [i for i, kind in enumerate(kinds) if kind == "empty"]
    beside = {"text", "time"}.intersection(kinds) or (unnamed == [0] and below[0])  # names of rows need none
    if not beside or not (above or len(places) > 1):
        return False
    if not all(_YEAR.fullmatch(first[i]) for i in places):
        return False
    steps = np.diff([int(first[i]) for i in places])
    if not ((steps > 0).all() or (steps < 0).all()):
        return False
    return any(below[i] for i in places) and not any(
        2 * sum(_YEAR.fullmatch(text) is not None for text in below[i]) >= max(1, len(below[i]))
        for i in places
    )


def _are_labels(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a first row holds the labels of a data frame of pandas that has no names: nothing, 0, 1, 2 ...

    Below the first of them are those of the rows: counted likewise, or words.
    """
    rows = below[0]
    if not rows or first[0] or list(first[1:]) != [str(i) for i in range(len(first) - 1)]:
        return False
    counted = rows == [str(i) for i in range(len(rows))]
    words = len(first) > 2 and len(set(rows)) == len(rows) and set(_kinds(rows)) == {"text"}
    return len(first) > 1 and (counted or words)


def _columns_below(rows: Sequence[Sequence[str]], width: int, gone: frozenset[str]) -> list[list[str]]:
    columns = zip_longest(*rows, fillvalue="") if rows else ()
    found = [[text.strip() for text in column if text.strip() not in gone] for column in columns]
    return [*found, *([] for _ in range(width - len(found)))][:width]


def _majorities(columns: Sequence[Sequence[str]]) -> list[str]:
    """What at least half of the cells of each column are: data of some kind, else text, or nothing if there are none."""
    kinds = iter(_kinds([text for column in columns for text in column]))
    result = []
    for column in columns:
        found = [next(kinds) for _ in column]
        data = [kind for kind in found if kind != "text"]
        if found and 2 * len(data) >= len(found):
            result.append("share" if "share" in data else max(sorted(set(data)), key=data.count))
        else:
            result.append("text" if found else "nothing")
    return result


def _kinds(texts: Sequence[str]) -> list[str]:
    """For each text number, share (money and percentages: both also occur as names), time, uuid, truth, text or empty."""
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
        result[i] = (
            "uuid"
            if _UUID.fullmatch(texts[i])
            else "time"
            if time
            else "truth"
            if texts[i].lower() in _TRUTHS
            else "text"
        )
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
