"""One block of delimited text to pieces of columns, through Arrow's reader."""

from __future__ import annotations

from typing import Any

from ...errors import ParseError
from ..columns.arrow_buffers import arrow_numbers, arrow_texts
from ..columns.missing_words import MISSING_WORDS
from .cleaning import clean
from .comments import Remarks
from .digits import parse_digits
from .encodings import escaped
from .pieces import (
    LostTexts,
    Part,
    Piece,
    TextPiece,
    begins_with,
    dictionary_levels,
    floating_numbers,
    time_numbers,
    whole_numbers,
    without,
)
from .ragged import filled_up, refuse_ragged
from .raw_text import BLANKS, PAGE_ENDS, Buffer, count, has_pair
from .record_lines import places_of
from .settling import OPEN, Settling
from .setup import Setup
from .typed_pieces import typed_levels, uuids


class DelimitedReader:
    """Turns blocks into parts, in several threads at the same time.

    What a block teaches about the types of its columns serves for those after it: whole numbers become real
    ones, then texts that are looked at one by one; never the other way.

    Parameters
    ----------
    setup : Setup
    settling : Settling
        Of the columns' types; what it decides later is to be told to `settle`.
    """

    def __init__(self, setup: Setup, settling: Settling) -> None:
        import pyarrow as pa

        self.setup = setup
        self._settling = settling
        self.kept = setup.kept
        self._labels = [str(i) for i in range(len(setup.names))]
        self._gone = {i: frozenset(setup.column_na_strings.get(i, ())) for i in self.kept}
        text = pa.dictionary(pa.int32(), pa.string())
        self._text = text
        self._types: dict[int, Any] = {i: self._type_of(i) for i in self.kept}
        self._words = False  # whether words such as NA have been met in numeric columns
        self._wide: set[int] = set()  # columns that need float64
        # Whether blocks may hold comments, or blanks after separators, that would not be noticed later.
        self._dirty = setup.separator == " " or (bool(setup.markers) and 0 in setup.skipped)
        plain = not setup.na_strings and all(kind == pa.int64() for kind in self._types.values())
        self._escape = False  # whether bytes that are not UTF-8 have been met
        self._digits = plain  # whether blocks may hold nothing but small whole numbers

    def _type_of(self, i: int) -> Any:
        """What Arrow is first told to read a column as."""
        import pyarrow as pa

        first = {"string": pa.string(), "uuid": pa.string()}
        if not self._gone[i]:  # texts that mean missing in one column only: Arrow does not know that
            first |= {"numeric": pa.int64(), "time": pa.timestamp("ms")}
        return first.get(self._settling.kinds[i], self._text)

    def settle(self, i: int) -> None:
        """Read a column by the type that was decided for it."""
        self._types[i] = self._type_of(i)

    def __call__(self, block: Buffer, name: str, line: int) -> Part:
        """Pieces of the kept columns, in order.

        Parameters
        ----------
        block : bytes-like
            Whole records.
        name : str
            File, for messages.
        line : int
            Number of the block's first line, for messages.
        """
        if self._digits:
            matrix = parse_digits(block, ord(self.setup.separator), len(self.setup.names))
            if matrix is not None:
                kept = matrix[self.kept] if self.setup.skipped else matrix
                return Part(kept, {}, matrix.shape[1])
        kinds = list(self._settling.kinds)  # before the types: those of a column only become wider
        block, stray = self._escaped(block, name, line)
        remarks = Remarks(self.setup)
        try:
            columns = self._read(block, name, line, remarks)
        except NotUtf8:
            self._escape = True
            block, stray = self._escaped(block, name, line)
            remarks = Remarks(self.setup)
            columns = self._read(block, name, line, remarks)
        left_out = remarks.found(block, name, line)
        if not columns:
            return Part([], {}, 0, escaped=stray, left_out=left_out)
        pieces: list[Piece] = []
        lost: dict[int, LostTexts] = {}
        for place, i in enumerate(self.kept):
            piece, misfits = self._piece(i, kinds[i], columns[i])
            pieces.append(piece)
            if misfits is not None:
                lost[place] = misfits
        if lost:
            hit = sorted({texts.row for texts in lost.values()})
            places = dict(zip(hit, places_of(block, hit, len(pieces[0]), self.setup), strict=True))
            for texts in lost.values():
                texts.place = f"{name}, line {line + places[texts.row]}"
        rows = len(pieces[0])
        near = "line"
        if OPEN in kinds and count(block, 10)[0] + (block[-1:] != b"\n") != rows:
            near = "near line"
        return Part(pieces, lost, rows, lambda row: f"{name}, {near} {line + row}", stray, left_out)

    def _escaped(self, block: Buffer, name: str, line: int) -> tuple[Buffer, tuple[int, str] | None]:
        """The block without bytes that are not UTF-8, if there have been any."""
        if not self._escape:
            return block, None
        block, count, before = escaped(block)
        return block, (count, f"{name}, line {line + before}") if count else None

    def _read(self, block: Buffer, name: str, line: int, remarks: Remarks) -> dict[int, Any]:
        """Arrow arrays of the kept columns, none if the block holds no record."""
        import pyarrow as pa

        as_it_is = not self._dirty
        if as_it_is:
            try:
                columns = self._columns(block, dict(self._types), self._words)
                if not self._looks_dirty(columns):
                    return columns
            except pa.ArrowInvalid:
                pass  # another type, or comments and blanks
        setup = self.setup
        characters = (setup.separator, setup.quote, setup.escape or "", setup.markers)
        cleaned = clean(block, *(text.encode() for text in characters), remark=remarks.note)
        self._dirty = self._dirty or len(cleaned) != len(block)
        if not cleaned.strip(BLANKS.encode()):  # tabs may be separators
            return {}
        if setup.fill:
            whole = filled_up(cleaned, setup)
            self._dirty = self._dirty or whole is not cleaned
            cleaned = whole
        return self._read_clean(cleaned, name, line, remarks.any)

    def _looks_dirty(self, columns: dict[int, Any]) -> bool:
        """Whether a text begins with a blank or, in the first column, with the marker of a comment.

        Looking at the texts that were found is much quicker than looking at every byte of a block. Where
        there should be a number or a time, blanks and comments do not get this far.
        """
        import pyarrow as pa

        for i, cells in columns.items():
            first = b" " + (self.setup.markers.encode() + PAGE_ENDS if i == 0 else b"")
            texts = cells.dictionary if pa.types.is_dictionary(cells.type) else cells
            if pa.types.is_string(texts.type) and begins_with(texts, first):
                return True
        return False

    def _read_clean(self, block: bytes, name: str, line: int, commented: bool) -> dict[int, Any]:
        import pyarrow as pa

        remedies = [self._know_words, self._learn_numbers, self._no_timestamps, self._only_texts]
        while remedies:
            types, words = dict(self._types), self._words
            try:
                return self._columns(block, types, words)
            except pa.ArrowInvalid as error:
                _raise_if_unreadable(str(error), block, self.setup, name, line, commented)
                # Which of them helps first only saves time: in the end everything fits a column of texts.
                unknown_word = any(f"'{word}'" in str(error) for word in MISSING_WORDS)
            remedies.pop(0 if unknown_word or len(remedies) != 4 else 1)(block, types)
        return self._columns(block, dict(self._types), self._words)

    def _know_words(self, block: Buffer, types: dict[int, Any]) -> None:
        self._words = True

    def _no_timestamps(self, block: Buffer, types: dict[int, Any]) -> None:
        import pyarrow as pa

        self._types.update({i: self._text for i in types if types[i] == pa.timestamp("ms")})

    def _only_texts(self, block: Buffer, types: dict[int, Any]) -> None:
        import pyarrow as pa

        self._types.update({i: self._text for i in types if types[i] != pa.string()})

    def _learn_numbers(self, block: Buffer, types: dict[int, Any]) -> None:
        """Widen the types of numeric columns to what Arrow finds by itself."""
        import pyarrow as pa

        self._digits = False
        numeric = [i for i in types if types[i] in (pa.int64(), pa.float64())]
        found = self._arrow(block, numeric, {}, self._missing(True), False) if numeric else {}
        for i in numeric:
            kind = found[i].type
            if kind == pa.float64() or (kind == pa.int64() and types[i] == pa.float64()):
                self._types[i] = pa.float64()
            elif kind != pa.int64() and not pa.types.is_null(kind):
                self._types[i] = self._text

    def _missing(self, words: bool) -> list[str]:
        return ["", *self.setup.na_strings, *(MISSING_WORDS if words else ())]

    def _columns(self, block: Buffer, types: dict[int, Any], words: bool) -> dict[int, Any]:
        import pyarrow as pa

        texts = [i for i in types if types[i] in (pa.string(), self._text)]
        if not words or not texts:
            return self._arrow(block, list(types), types, self._missing(words), True)
        # A word such as NA is missing among numbers and a text among texts: Arrow can be told one of them.
        if len(texts) == len(types):
            return self._arrow(block, texts, types, self._missing(False), True)
        if has_pair(block, self.setup.quote.encode() * 2):
            rest = [i for i in types if i not in texts]
            columns = self._arrow(block, rest, types, self._missing(True), True)
            return columns | self._arrow(block, texts, types, self._missing(False), True)
        columns = self._arrow(block, list(types), types, self._missing(True), False)
        gone = frozenset(self._missing(False))
        return columns | {i: _blanked(columns[i], gone) for i in texts}

    def _arrow(
        self, block: Buffer, wanted: list[int], types: dict[int, Any], missing: list[str], null_texts: bool
    ) -> dict[int, Any]:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        setup = self.setup
        table = arrow_csv.read_csv(
            pa.BufferReader(block),
            read_options=arrow_csv.ReadOptions(
                column_names=self._labels, use_threads=False, block_size=len(block) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=setup.separator,
                quote_char=setup.quote or False,
                escape_char=setup.escape or False,
                # A block ends with a record. Only where that has no line end does Arrow have to look for its
                # beginning, quote by quote; in all others the last line end is no part of a text.
                newlines_in_values=block[-1:] != b"\n",
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={self._labels[i]: types[i] for i in wanted if i in types},
                include_columns=[self._labels[i] for i in wanted],
                null_values=missing,
                true_values=[],
                false_values=[],
                strings_can_be_null=null_texts,
                quoted_strings_can_be_null=False,
            ),
        )
        arrays = {}
        for i, column in zip(wanted, table.columns, strict=True):
            arrays[i] = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        return arrays

    def _piece(self, i: int, kind: str, cells: Any) -> tuple[Piece, LostTexts | None]:
        import pyarrow as pa

        gone = self._gone[i]
        if cells.type == pa.string():
            cells = without(cells, gone)
            if kind != "uuid":
                return TextPiece(cells), None
            typed = uuids(cells)
            if typed.alien is None or self._settling.tolerates(i):
                return typed.piece, typed.lost
            self._contradicted(i, cells.type)
            return TextPiece(cells), typed.alien
        if cells.type == pa.int64():
            return whole_numbers(cells), None
        if cells.type == pa.float64():
            piece = floating_numbers(cells, i in self._wide)
            if piece.values.dtype.itemsize == 8 and piece.values.dtype.kind == "f":
                self._wide.add(i)
            return piece, None
        if pa.types.is_timestamp(cells.type):
            return time_numbers(cells), None
        levels = dictionary_levels(cells, gone)
        if kind not in ("numeric", "time"):
            return levels, None
        typed = typed_levels(levels, kind, self._settling.shapes(i))
        if typed.alien is None or self._settling.tolerates(i):
            return typed.piece, typed.lost
        self._contradicted(i, self._text)
        return levels, typed.alien

    def _contradicted(self, i: int, texts: Any) -> None:
        """Read a column as texts from now on; what collects the parts decides about its type."""
        self._settling.kinds[i] = OPEN
        self._types[i] = texts


class NotUtf8(Exception):
    """A block holds bytes that are not UTF-8."""


def _blanked(cells: Any, gone: frozenset[str]) -> Any:
    """Texts, or a dictionary of texts, in which some texts are missing."""
    import pyarrow as pa

    if not pa.types.is_dictionary(cells.type):
        return without(cells, gone)
    piece = dictionary_levels(cells, gone)
    codes = arrow_numbers(piece.codes, piece.codes < 0)
    return pa.DictionaryArray.from_arrays(codes, arrow_texts(piece.levels))


def _raise_if_unreadable(
    message: str, block: bytes, setup: Setup, name: str, line: int, commented: bool
) -> None:
    if "Expected" in message and "columns" in message:
        refuse_ragged(block, setup, name, line, commented)
    if "UTF8" in message or "UTF-8" in message:
        raise NotUtf8 from None
    if "conversion error" not in message:
        raise ParseError(f"{name}, near line {line}: cannot be read as delimited text ({message})") from None
