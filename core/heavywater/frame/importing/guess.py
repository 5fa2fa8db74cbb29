"""H2O's rules for separator, header, column names and column types, from the first lines of a file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ...arrays import Array
from ...errors import ParseError, warn
from ..columns.conversions import UUID_PATTERN
from ..columns.missing_words import MISSING_WORDS, NOTHING_WORDS
from ..columns.numerals import is_number
from ..columns.times import looks_like_time
from .header import guess_header, usable_names
from .options import Options
from .raw_text import BLANKS
from .setup import Setup

SEPARATORS = (",", "\t", ";", "|", "\x01", " ")
SAMPLE_LINES, SAMPLE_FIELDS = 1000, 20_000
SHOWN_ROWS = 10  # for who wants to see what is in a file before it is read

_UUID = re.compile(UUID_PATTERN)


def read_rows(
    lines: Iterable[str], separator: str, quote: str = '"', escape: str | None = None
) -> Iterator[list[str]]:
    """Fields of lines, which are asked for one by one; an empty line has none and is left out."""
    if separator == " ":
        lines = (re.sub(" +", " ", line.strip(" ")) for line in lines)
    reader = csv.reader(lines, delimiter=separator, quotechar=quote, escapechar=escape, skipinitialspace=True)
    return (row for row in reader if row)


def split_lines(
    lines: Sequence[str], separator: str, quote: str = '"', escape: str | None = None
) -> list[list[str]]:
    """Fields of some lines."""
    return list(read_rows(lines, separator, quote, escape))


def guess_separator(lines: Sequence[str], quote: str = '"') -> str:
    """The separator that cuts the lines most evenly; a comma when there is only one column."""
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        if not any(separator in line for line in lines[:50]) or (
            separator == " " and _blanks_are_text(lines[:50], quote)
        ):
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


def _blanks_are_text(lines: Sequence[str], quote: str) -> bool:
    """Whether the blanks in lines are part of cells: of dates with a time of day, below a name without a blank, or of it.

    What R writes has a name less than columns, but the names of its rows are in quotes.
    """
    texts = [line.strip(BLANKS) for line in lines]
    names_only = len(texts) > 1 and not any(" " in text for text in texts[1:])
    single = " " not in texts[0] and not any(quote and text.startswith(quote) for text in texts[1:])
    times = looks_like_time(texts)
    return (
        single
        or names_only
        or 2 * int(times.sum()) > len(texts)
        or (len(texts) > 1 and bool(times[1:].all()))
    )


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
    half = (len(values) - sum(counts[word] for word in MISSING_WORDS)) / 2
    if weights[looks_like_time(texts)].sum() > half:
        return "time"
    if weights[_matches(_UUID, texts)].sum() > half:
        return "uuid"
    numbers = len(values) - n_others
    if numbers >= n_others or (numbers and NOTHING_WORDS.issuperset(others)):
        return "numeric"
    return _text_type(len(others), n_others)


def guess_text_type(values: Sequence[str]) -> str:
    """Type of a column that is known to hold texts: ``string`` if nearly all are different, else ``enum``."""
    return _text_type(len(set(values)), len(values))


def _text_type(different: int, total: int) -> str:
    return "string" if different > 0.95 * total and total > 1 else "enum"


def guess_setup(name: str, sample: str, options: Options) -> tuple[Setup, list[list[str]]]:
    """Setup from the first lines of a file, and these lines' fields.

    Parameters
    ----------
    name : str
        File, for messages.
    sample : str
        Whole lines from the beginning of the file.
    options : Options
        What the user says; names, types and skipped columns are not looked at here.
    """
    quote, escape = options.quote, options.escape
    markers = "#" if options.markers is None else options.markers
    comment = tuple(markers)
    text = sample.replace("\r\n", "\n").replace("\r", "\n")
    lines = [
        line + "\n"
        for line in text.split("\n")[:SAMPLE_LINES]
        if line.strip(BLANKS) and not line.startswith(comment)
    ]
    separator = options.separator or guess_separator(lines, quote)
    width = max((len(row) for row in split_lines(lines[:10], separator, quote, escape)), default=1)
    rows = split_lines(lines[: max(20, SAMPLE_FIELDS // width)], separator, quote, escape)
    setup = Setup(separator, False, [], [], quote=quote, escape=escape, markers=markers, fill=options.fill)
    if not rows:
        return setup, []
    absent = {"", *options.flat_na_strings}
    setup.header = options.header > 0 or (options.header == 0 and guess_header(rows, absent))
    first, body = (rows[0], rows[1:]) if setup.header else ([], rows)
    width = _width(first, body, options)
    setup.names = usable_names(_names(first, body, width, name, options))
    setup.types = [
        guess_type([row[i] for row in body if i < len(row) and row[i] not in absent]) for i in range(width)
    ]
    return setup, rows


def _width(first: list[str], body: Sequence[list[str]], options: Options) -> int:
    """Number of columns: as many as most lines have fields, but not less than there are names.

    Where short lines are filled up it is what the longest line has, or what there are names for.
    """
    named = max((i + 1 for i, text in enumerate(first) if text.strip()), default=0)
    if options.fill:
        return max(named, len(options.names or ()), *map(len, body or [first]))
    counts = Counter(map(len, body or [first]))
    return max(named, counts.most_common(1)[0][0])


def _names(first: list[str], body: Sequence[list[str]], width: int, name: str, options: Options) -> list[str]:
    """The names of a first line, which may be shorter than the others."""
    names = [text.rstrip() for text in first[:width]]
    surplus = range(len(names), width)
    nameless = bool(names) and any(row[i].strip() for row in body for i in surplus if i < len(row))
    if not nameless or options.fill or options.names is not None:
        return names + [""] * len(surplus)
    if len(surplus) > 1 or guess_header(body):
        raise ParseError(
            f"{name}: the first line has {len(names)} names ({names[0]!r}, ...) for {width} columns; give col_names= with "
            f"all of them, fill=True to call the others C{len(names) + 1} and so on, or leave the line out by "
            "custom_non_data_line_markers= if it is a title"
        )
    warn(
        f"{name}: the first line has {len(names)} names for {width} columns: the first column, which has none, is taken "
        "for the names of the rows, as R and pandas write them; give col_names= if it is another one"
    )
    return ["", *names]
