"""H2O's rules for separator, header, column names and column types, from the first lines of a file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import InvalidArgument
from .numerals import is_number
from .pieces import UUID_PATTERN
from .storage import Array
from .times import looks_like_time

SEPARATORS = (",", "\t", ";", "|", "\x01", " ")
SAMPLE_LINES, SAMPLE_FIELDS = 1000, 20_000

_UUID = re.compile(UUID_PATTERN)

# What a user may write as a column type -> how the column is read.
TYPE_NAMES = {
    "numeric": "numeric",
    "int": "numeric",
    "long": "numeric",
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
    "unknown": "unknown",
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
    quote, escape : str
        Quoting character; character that takes the next one literally, or None.
    markers : str
        A line that begins with one of these characters holds no data.
    header_line : bytes
        The line of names, by which it is known in further files.
    forced : dict of int to str
        Numeric columns that are to be ``int`` or ``real`` whatever their values.
    parse_type : str
        Format: CSV, ARFF, SVMLight, PARQUET, ORC, ARROW or XLSX.
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
    markers: str = "#"
    header_line: bytes = b""
    forced: dict[int, str] = field(default_factory=dict)
    parse_type: str = "CSV"

    @property
    def kept(self) -> list[int]:
        """Positions of the columns that are read."""
        return [i for i in range(len(self.names)) if i not in self.skipped]


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
    if any(not text for text in first) or len(set(first)) < len(first) or _is_data(first).any():
        return False
    below = [text.strip() for row in rows[1:5] for text in row]
    return len(rows) == 1 or bool((_is_data(below) | _matches(_UUID, below)).any())


def _is_data(texts: Sequence[str]) -> Array:
    """Which texts are numbers or times."""
    return np.array([is_number(text) for text in texts], dtype=bool) | looks_like_time(texts)


def _matches(pattern: re.Pattern[str], texts: Sequence[str]) -> Array:
    return np.array([pattern.fullmatch(text) is not None for text in texts], dtype=bool)


def guess_type(values: Sequence[str]) -> str:
    """Type of a column from some of its fields (without missing ones).

    Text with nearly all values different is ``string``, else ``enum``; a column in which a good part is
    numbers is ``numeric`` (its texts become missing), unless the texts are many and all different.
    """
    if not values:
        return "numeric"
    counts = Counter(values)
    others = {text: count for text, count in counts.items() if not is_number(text)}
    n_others = sum(others.values())
    if not others or set(counts) <= {"NA"}:
        return "numeric"  # a column of nothing but NA says that everything is missing
    texts, weights = list(others), np.array(list(others.values()))
    if weights[looks_like_time(texts)].sum() > len(values) / 2:
        return "time"
    if weights[_matches(_UUID, texts)].sum() > len(values) / 2:
        return "uuid"
    if len(values) - n_others >= n_others:
        return "numeric"
    return _text_type(len(others), n_others)


def guess_text_type(values: Sequence[str]) -> str:
    """Type of a column that is known to hold texts: ``string`` if nearly all are different, else ``enum``."""
    return _text_type(len(set(values)), len(values))


def _text_type(different: int, total: int) -> str:
    return "string" if different > 0.95 * total and total > 1 else "enum"


def guess_setup(
    sample: str,
    separator: str | None,
    header: int,
    quote: str,
    escape: str | None,
    na_strings: Sequence[str],
    markers: str = "#",
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
    markers : str
        A line that begins with one of these characters holds no data.
    """
    comment = tuple(markers)
    text = sample.replace("\r\n", "\n").replace("\r", "\n")
    lines = [
        line + "\n"
        for line in text.split("\n")[:SAMPLE_LINES]
        if line.strip(" ") and not line.startswith(comment)
    ]
    separator = separator or guess_separator(lines, quote)
    width = max((len(row) for row in split_lines(lines[:10], separator, quote, escape)), default=1)
    rows = split_lines(lines[: max(20, SAMPLE_FIELDS // width)], separator, quote, escape)
    if not rows:
        return Setup(separator, False, [], [], quote=quote, escape=escape, markers=markers), []
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
    return Setup(separator, has_header, names, types, quote=quote, escape=escape, markers=markers), rows


def read_type(name: Any, column: str) -> str:
    """How a column is read, from what the user wrote as its type."""
    key = str(name).lower()
    if key not in TYPE_NAMES:
        raise InvalidArgument(
            f"col_types: {name!r} for column {column!r} must be one of {', '.join(TYPE_NAMES)}"
        )
    return TYPE_NAMES[key]
