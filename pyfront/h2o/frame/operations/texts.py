"""Texts: string columns, and the levels of enums."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .base import Operations

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame


class TextOperations(Operations):
    """Texts: string columns, and the levels of enums."""

    def toupper(self) -> H2OFrame:
        """Texts in upper case."""
        return self._expr("toupper", self)

    def tolower(self) -> H2OFrame:
        """Texts in lower case."""
        return self._expr("tolower", self)

    def trim(self) -> H2OFrame:
        """Texts without blanks at both ends."""
        return self._expr("trim", self)

    def lstrip(self, set: str = " ") -> H2OFrame:
        """Texts without some characters at their beginning."""
        return self._expr("lstrip", self, set)

    def rstrip(self, set: str = " ") -> H2OFrame:
        """Texts without some characters at their end."""
        return self._expr("rstrip", self, set)

    def nchar(self) -> H2OFrame:
        """Number of characters."""
        return self._expr("strlen", self)

    def substring(self, start_index: int, end_index: int | None = None) -> H2OFrame:
        """Characters from a first number (from 0 on) up to, but without, a last one."""
        return self._expr("substring", self, start_index, *([] if end_index is None else [end_index]))

    def sub(self, pattern: str, replacement: str, ignore_case: bool = False) -> H2OFrame:
        """Replace the first match of a regular expression; ``$1`` stands for its first group."""
        return self._expr("replacefirst", self, pattern, replacement, ignore_case)

    def gsub(self, pattern: str, replacement: str, ignore_case: bool = False) -> H2OFrame:
        """Replace every match of a regular expression; ``$1`` stands for its first group."""
        return self._expr("replaceall", self, pattern, replacement, ignore_case)

    def countmatches(self, pattern: str | Sequence[str]) -> H2OFrame:
        """How often a text, or several, occur in each cell."""
        return self._expr("countmatches", self, pattern)

    def strsplit(self, pattern: str) -> H2OFrame:
        """Cut texts at the matches of a regular expression, into columns."""
        return self._expr("strsplit", self, pattern)

    def tokenize(self, split: str) -> H2OFrame:
        """Cut texts at the matches of a regular expression, into rows; a missing cell ends each row."""
        return self._expr("tokenize", self, split)

    def grep(
        self, pattern: str, ignore_case: bool = False, invert: bool = False, output_logical: bool = False
    ) -> H2OFrame:
        """Numbers of the rows with a match of a regular expression, or 1 and 0 for each row.

        Parameters
        ----------
        pattern : str
        ignore_case : bool
        invert : bool
            Whether the rows without a match are wanted.
        output_logical : bool
            1 and 0 for each row.
        """
        return self._expr("grep", self, pattern, ignore_case, invert, output_logical)

    def entropy(self) -> H2OFrame:
        """Shannon entropy of the characters of each text, in bits."""
        return self._expr("entropy", self)

    def num_valid_substrings(self, path_to_words: str) -> H2OFrame:
        """How many parts of each text are words of a file (one in each line)."""
        return self._expr("num_valid_substrings", self, path_to_words)

    def strdistance(self, y: Any, measure: str | None = None, compare_empty: bool = True) -> H2OFrame:
        """How alike texts are, row by row: 1 the same, 0 nothing in common.

        Parameters
        ----------
        y : H2OFrame
            As many rows.
        measure : str
            ``lv``, ``lcs``, ``qgram``, ``jaccard``, ``jw`` or ``soundex``.
        compare_empty : bool
            Whether an empty text is compared; if not, the result is missing.
        """
        return self._expr("strDistance", self, y, measure, compare_empty)
