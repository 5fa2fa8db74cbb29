"""H2O's rules for separator, header, column names and column types, from the first lines of a file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import InvalidArgument
from .times import looks_like_time

SEPARATORS = (",", "\t", ";", "|", "\x01", " ")
# In a numeric column these are expected to become missing; in a text column they stay texts, as in H2O.
MISSING_WORDS = frozenset(
    ("", "NA", "N/A", "na", "n/a", "nan", "NaN", "NAN", "null", "NULL", "None", "?", "-", ".")
)
SAMPLE_LINES, SAMPLE_FIELDS = 1000, 20_000

_NUMBER = re.compile(r"\s*\$?[+-]?\$?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?\s*")
_UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

# What a user may write as a column type -> how the column is read.
TYPE_NAMES = {
    "numeric": "numeric",
    "int": "numeric",
    "real": "numeric",
    "float": "numeric",
    "double": "numeric",
    "bad": "numeric",
    "enum": "enum",
    "factor": "enum",
    "categorical": "enum",
    "string": "string",
    "character": "string",
    "time": "time",
    "uuid": "uuid",
}


@dataclass
class Setup:
    """How a delimited text is to be read.

    Attributes
    ----------
    separator : str
        One character.
    header : bool
        Whether the first line holds names.
    names : list of str
    types : list of str
        For each column ``numeric``, ``enum``, ``string``, ``time`` or ``uuid``.
    na_strings : list of str
        Texts that mean missing in every column (an empty field always does).
    column_na_strings : dict of int to list of str
        Further ones for single columns.
    skipped : set of int
        Columns that are not read.
    """

    separator: str
    header: bool
    names: list[str]
    types: list[str]
    na_strings: list[str] = field(default_factory=list)
    column_na_strings: dict[int, list[str]] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    quote: str = '"'
    escape: str | None = None
    header_line: bytes = b""


def is_number(text: str) -> bool:
    """Whether a field counts as a number (money and percent signs allowed, no decimal comma)."""
    return text.isdecimal() or _NUMBER.fullmatch(text) is not None


def split_lines(
    lines: Sequence[str], separator: str, quote: str = '"', escape: str | None = None
) -> list[list[str]]:
    """Fields of some lines."""
    if separator == " ":
        lines = [re.sub(" +", " ", line.strip(" ")) for line in lines]
    reader = csv.reader(lines, delimiter=separator, quotechar=quote, escapechar=escape, skipinitialspace=True)
    return [row for row in reader if row]


def guess_separator(lines: Sequence[str], quote: str = '"') -> str:
    """The separator that cuts the lines most evenly; a comma when there is only one column."""
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        if not any(separator in line for line in lines[:50]):
            continue
        counts = Counter(len(row) for row in split_lines(lines[:50], separator, quote))
        width, times_seen = max(counts.items(), key=lambda item: (item[1], item[0]))
        score = (times_seen / sum(counts.values()), width)
        # Spaces and the like inside one separator's fields must not win against an even cut.
        if (
            width > 1
            and score[0] >= 0.5
            and (
                score[0] > best_score[0] + 1e-9
                or (score[0] >= best_score[0] - 1e-9 and separator != " " and score[1] > best_score[1])
            )
        ):
            best, best_score = separator, score
    return best


def guess_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names: texts, all different, above a row with at least one non-text."""
    first = [text.strip() for text in rows[0]]
    if any(not text or is_number(text) or looks_like_time(text) for text in first) or len(set(first)) < len(
        first
    ):
        return False
    return len(rows) == 1 or any(
        is_number(text) or looks_like_time(text) or _UUID.fullmatch(text.strip()) is not None
        for row in rows[1:5]
        for text in row
    )


def guess_type(values: Sequence[str]) -> str:
    """Type of a column from some of its fields (without missing ones).

    Text with nearly all values different is ``string``, else ``enum``; a column in which a good part is
    numbers is ``numeric`` (its texts become missing), unless the texts are many and all different.
    """
    if not values:
        return "numeric"
    counts = Counter(values)
    numbers = times = uuids = 0
    texts: Counter[str] = Counter()
    for text, count in counts.items():
        if is_number(text):
            numbers += count
        elif looks_like_time(text):
            times += count
        elif _UUID.fullmatch(text):
            uuids += count
        else:
            texts[text] = count
    if numbers == len(values) or (not numbers and set(counts) <= {"NA"}):
        return "numeric"  # a column of nothing but NA says that everything is missing
    if times > len(values) / 2:
        return "time"
    if uuids > len(values) / 2:
        return "uuid"
    n_texts = sum(texts.values()) + times + uuids
    if numbers >= n_texts:
        return "numeric"
    different = len(texts) + sum(1 for t in counts if t not in texts and not is_number(t))
    return "string" if different > 0.95 * n_texts and n_texts > 1 else "enum"


def guess_setup(
    sample: str, separator: str | None, header: int, quote: str, escape: str | None, na_strings: Sequence[str]
) -> tuple[Setup, list[list[str]]]:
    """Setup from the first lines of a file, and these lines' fields.

    Parameters
    ----------
    sample : str
        Whole lines from the beginning of the file.
    separator : str or None
        None to guess it.
    header : int
        1 the first line holds names, -1 it does not, 0 guess.
    quote, escape : str
    na_strings : sequence of str
        Texts that mean missing.
    """
    lines = [
        line for line in sample.split("\n")[:SAMPLE_LINES] if line.strip("\r ") and not line.startswith("#")
    ]
    lines = [line.rstrip("\r") + "\n" for line in lines]
    separator = separator or guess_separator(lines, quote)
    width = max((len(row) for row in split_lines(lines[:10], separator, quote, escape)), default=1)
    rows = split_lines(lines[: max(20, SAMPLE_FIELDS // width)], separator, quote, escape)
    if not rows:
        return Setup(separator, False, [], [], quote=quote, escape=escape), []
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    has_header = header > 0 or (header == 0 and guess_header(rows))
    body = rows[1:] if has_header else rows
    absent = {"", *na_strings}
    types = [
        guess_type([row[i] for row in body if i < len(row) and row[i] not in absent]) for i in range(width)
    ]
    names = [text.rstrip() for text in rows[0]] if has_header else []
    names = (names + [""] * width)[:width]
    names = [name or f"C{i + 1}" for i, name in enumerate(names)]
    return Setup(separator, has_header, names, types, quote=quote, escape=escape), rows


def read_type(name: Any, column: str) -> str:
    """How a column is read, from what the user wrote as its type."""
    key = str(name).lower()
    if key not in TYPE_NAMES:
        raise InvalidArgument(
            f"col_types: {name!r} for column {column!r} must be one of {', '.join(TYPE_NAMES)}"
        )
    return TYPE_NAMES[key]
