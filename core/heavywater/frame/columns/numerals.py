"""Which texts are numbers, and their values."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ...arrays import Array
from .arrow_buffers import arrow_flags, flags_of, values_of
from .missing_words import MISSING_WORDS

# Money and percent signs are allowed, a decimal comma is not; without the blanks around it.
_PATTERN = r"\$?[+-]?\$?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?"
_INFINITE = r"[+-]?(?i:inf(?:inity)?)"
_NUMBER = re.compile(rf"\s*{_PATTERN}\s*", re.ASCII)
_VALUE = re.compile(rf"\s*(?:{_PATTERN}|{_INFINITE})\s*", re.ASCII)


def is_number(text: str) -> bool:
    """Whether a field counts as a number with digits; `Inf` may also be a word."""
    return _NUMBER.fullmatch(text) is not None


def is_value(text: str) -> bool:
    """Whether a field is a value of a column of numbers, infinite ones among them."""
    return _VALUE.fullmatch(text) is not None


def parse_numbers(texts: Any) -> tuple[Array, Array]:
    """Values of some texts.

    Parameters
    ----------
    texts : pyarrow.Array of strings, none missing

    Returns
    -------
    values : ndarray of float64
        A percentage is a share; 0 where the text is no number.
    misfit : ndarray of bool
        Where the text is no number.
    """
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(texts)
    fits = flags_of(pc.match_substring_regex(trimmed, rf"\A(?:{_PATTERN}|{_INFINITE})\z"))
    plain = pc.replace_substring(trimmed.filter(arrow_flags(fits)), "$", "")
    # A plus sign and a percent sign are all that Arrow's reading of numbers does not know.
    numbers = values_of(pc.utf8_ltrim(pc.utf8_rtrim(plain, "%"), "+").cast("float64"))
    percent = flags_of(pc.ends_with(plain, "%"))
    values = np.zeros(len(fits))
    values[fits] = np.where(percent, numbers / 100, numbers) if percent.any() else numbers
    return values, ~fits


def number_of_text(text: str) -> float:
    """The value of a single text as `parse_numbers` reads it; NaN for a word that means missing.

    Raises
    ------
    ValueError
        It is neither.
    """
    if not _VALUE.fullmatch(text):
        if text.strip() in MISSING_WORDS:
            return float("nan")
        raise ValueError(text)
    plain = text.strip().replace("$", "")
    return float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)


_NUMBER_OF_LEVEL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def number_of_level(level: str) -> int | float | None:
    """The number that a level is the text of, exactly; None where it is none."""
    if not _NUMBER_OF_LEVEL.fullmatch(level):
        return None
    try:
        return int(level)
    except ValueError:
        return float(level)
