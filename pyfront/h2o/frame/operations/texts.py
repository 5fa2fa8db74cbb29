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
        """Texts in upper case.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["k"].toupper().as_data_frame()["k"].tolist()
        ['B', 'A', 'B', 'C']
        """
        return self._expr("toupper", self)

    def tolower(self) -> H2OFrame:
        """Texts in lower case.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["text"].tolower().as_data_frame()["text"].tolist()[:3]
        [' ann', 'bob ', 'ann b']
        """
        return self._expr("tolower", self)

    def trim(self) -> H2OFrame:
        """Texts without blanks at both ends.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["text"].trim().as_data_frame()["text"].tolist()[:3]
        ['Ann', 'Bob', 'Ann B']
        """
        return self._expr("trim", self)

    def lstrip(self, set: str = " ") -> H2OFrame:
        """Texts without some characters at their beginning.

        Parameters
        ----------
        set : str
            The characters.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["text"].lstrip(" A").as_data_frame()["text"].tolist()[:3]
        ['nn', 'Bob ', 'nn B']
        """
        return self._expr("lstrip", self, set)

    def rstrip(self, set: str = " ") -> H2OFrame:
        """Texts without some characters at their end.

        Parameters
        ----------
        set : str
            The characters.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["text"].rstrip(" b").as_data_frame()["text"].tolist()[:3]
        [' Ann', 'Bo', 'Ann B']
        """
        return self._expr("rstrip", self, set)

    def nchar(self) -> H2OFrame:
        """Number of characters.

        Returns
        -------
        H2OFrame
            Numbers; missing where the text is.

        Examples
        --------
        >>> frame["text"].nchar().as_data_frame().iloc[:, 0].tolist()
        [4.0, 4.0, 5.0, nan]
        """
        return self._expr("strlen", self)

    def substring(self, start_index: int, end_index: int | None = None) -> H2OFrame:
        """Characters from a first number (from 0 on) up to, but without, a last one.

        Parameters
        ----------
        start_index : int
            Position of the first character, from 0 on.
        end_index : int, optional
            Position after the last one; by default the end of the text.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["text"].substring(0, 2).as_data_frame()["text"].tolist()[:3]
        [' A', 'Bo', 'An']
        """
        return self._expr("substring", self, start_index, *([] if end_index is None else [end_index]))

    def sub(self, pattern: str, replacement: str, ignore_case: bool = False) -> H2OFrame:
        """Replace the first match of a regular expression; ``$1`` stands for its first group.

        Parameters
        ----------
        pattern : str
            Regular expression.
        replacement : str
            What stands in the place of the match.
        ignore_case : bool
            Whether upper and lower case are the same.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["text"].sub("n", "N").as_data_frame()["text"].tolist()[:3]
        [' ANn', 'Bob ', 'ANn B']
        """
        return self._expr("replacefirst", self, pattern, replacement, ignore_case)

    def gsub(self, pattern: str, replacement: str, ignore_case: bool = False) -> H2OFrame:
        """Replace every match of a regular expression; ``$1`` stands for its first group.

        Parameters
        ----------
        pattern : str
            Regular expression.
        replacement : str
            What stands in the place of each match.
        ignore_case : bool
            Whether upper and lower case are the same.

        Returns
        -------
        H2OFrame
            As many rows and columns.

        Examples
        --------
        >>> frame["text"].gsub("(n)", "<$1>").as_data_frame()["text"].tolist()[:3]
        [' A<n><n>', 'Bob ', 'A<n><n> B']
        """
        return self._expr("replaceall", self, pattern, replacement, ignore_case)

    def countmatches(self, pattern: str | Sequence[str]) -> H2OFrame:
        """How often a text, or several, occur in each cell.

        Parameters
        ----------
        pattern : str or list of str
            One text or several, no regular expressions.

        Returns
        -------
        H2OFrame
            Numbers.

        Examples
        --------
        >>> frame["text"].countmatches("n").as_data_frame().iloc[:, 0].tolist()
        [2.0, 0.0, 2.0, nan]
        """
        return self._expr("countmatches", self, pattern)

    def strsplit(self, pattern: str) -> H2OFrame:
        """Cut texts at the matches of a regular expression, into columns.

        Parameters
        ----------
        pattern : str
            Regular expression of what stands between the parts.

        Returns
        -------
        H2OFrame
            As many rows, a column for each part.

        Examples
        --------
        >>> h2o.H2OFrame({"a": ["x-y", "z-u"]}, column_types={"a": "string"}).strsplit("-").shape
        (2, 2)
        """
        return self._expr("strsplit", self, pattern)

    def tokenize(self, split: str) -> H2OFrame:
        """Cut texts at the matches of a regular expression, into rows; a missing cell ends each row.

        Parameters
        ----------
        split : str
            Regular expression of what stands between the words.

        Returns
        -------
        H2OFrame
            One column of texts.

        Examples
        --------
        >>> frame["text"].trim().tokenize(" ").as_data_frame().iloc[:, 0].tolist()[:2]
        ['Ann', nan]
        """
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

        Returns
        -------
        H2OFrame
            Row numbers counted from 0, or 1 and 0 for each row.

        Examples
        --------
        >>> frame["text"].grep("nn").as_data_frame().iloc[:, 0].tolist()
        [0, 2]
        """
        return self._expr("grep", self, pattern, ignore_case, invert, output_logical)

    def entropy(self) -> H2OFrame:
        """Shannon entropy of the characters of each text, in bits.

        Returns
        -------
        H2OFrame
            Numbers, in bits for each character.

        Examples
        --------
        >>> h2o.H2OFrame({"a": ["aaaa", "abab"]}, column_types={"a": "string"}).entropy().as_data_frame().iloc[:, 0].tolist()
        [0, 1]
        """
        return self._expr("entropy", self)

    def num_valid_substrings(self, path_to_words: str) -> H2OFrame:
        r"""How many parts of each text are words of a file (one in each line).

        Parameters
        ----------
        path_to_words : str
            The file.

        Returns
        -------
        H2OFrame
            Numbers.

        Examples
        --------
        >>> _ = open("words.txt", "w").write("ann\nnot\n")
        >>> texts = h2o.H2OFrame({"a": ["annot", "xyz"]}, column_types={"a": "string"})
        >>> texts.num_valid_substrings("words.txt").as_data_frame().iloc[:, 0].tolist()
        [2, 0]
        """
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

        Returns
        -------
        H2OFrame
            Numbers between 0 and 1, but for what `lcs` and `qgram` count.

        Examples
        --------
        >>> one, other = (h2o.H2OFrame({"a": [text]}, column_types={"a": "string"}) for text in ("night", "nacht"))
        >>> one.strdistance(other, "lv").flatten()
        0.6
        """
        return self._expr("strDistance", self, y, measure, compare_empty)
