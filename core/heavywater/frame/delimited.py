"""One block of delimited text to pieces of columns, through Arrow's reader."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ParseError
from .columns import NONE, TEXT, Array, Column, numeric, strings, times
from .guess import MISSING_WORDS, Setup, is_number
from .times import parse_times


@dataclass
class LevelPiece:
    """Codes of an enum column within one block, and the block's own levels."""

    codes: Array
    levels: list[str]


@dataclass
class LostTexts:
    """Texts of a numeric or time column that became missing."""

    count: int
    example: str


Piece = Column | LevelPiece


def parse_delimited(
    block: bytes, setup: Setup, name: str, line: int
) -> tuple[list[Piece], dict[int, LostTexts]]:
    """Pieces of all columns that are not skipped, in order.

    Parameters
    ----------
    block : bytes
        Whole records.
    setup : Setup
    name : str
        File, for messages.
    line : int
        Line number of the block's first line, for messages.

    Returns
    -------
    pieces : list of Column or LevelPiece
    lost : dict of int to LostTexts
        Columns in which texts became missing because they do not fit the column's type.
    """
    kept = [i for i in range(len(setup.names)) if i not in setup.skipped]
    table = _read(block, setup, kept, name, line)
    pieces: list[Piece] = []
    lost: dict[int, LostTexts] = {}
    for place, i in enumerate(kept):
        chunk = table.column(place).combine_chunks()
        piece, misfits = _convert(chunk, setup.types[i], set(setup.column_na_strings.get(i, ())))
        pieces.append(piece)
        if misfits is not None:
            lost[i] = misfits
    return pieces, lost


def _read(block: bytes, setup: Setup, kept: list[int], name: str, line: int) -> Any:
    """Arrow table of the kept columns; numeric ones as numbers wherever every field is one."""
    import pyarrow as pa

    labels = [str(i) for i in range(len(setup.names))]
    text = pa.dictionary(pa.int32(), pa.string())
    types: dict[str, Any] = {}
    for i in kept:
        plain = setup.types[i] == "numeric" and i not in setup.column_na_strings
        types[labels[i]] = (
            pa.int64() if plain else pa.string() if setup.types[i] in ("string", "uuid") else text
        )
    # Whole numbers first, then real ones, then texts: each is tried only when the one before failed.
    for attempt in range(3):
        try:
            return _arrow_read(block, setup, labels, [labels[i] for i in kept], types)
        except pa.ArrowInvalid as error:
            _raise_if_unreadable(str(error), block, setup, name, line)
            numeric_labels = [k for k in types if types[k] in (pa.int64(), pa.float64())]
            if attempt == 0:
                types.update(_inferred(block, setup, labels, numeric_labels))
            else:
                types.update(dict.fromkeys(numeric_labels, text))
    raise AssertionError("unreachable: texts always fit")


def _inferred(block: bytes, setup: Setup, labels: list[str], wanted: list[str]) -> dict[str, Any]:
    """What Arrow makes of the numeric columns by itself: int64, float64, or a text."""
    import pyarrow as pa

    table = _arrow_read(block, setup, labels, wanted, {})
    text = pa.dictionary(pa.int32(), pa.string())
    found = {}
    for label in wanted:
        kind = table.schema.field(label).type
        found[label] = (
            kind if kind in (pa.int64(), pa.float64()) else pa.int64() if pa.types.is_null(kind) else text
        )
    return found


def _arrow_read(block: bytes, setup: Setup, labels: list[str], kept: list[str], types: dict[str, Any]) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    quote = setup.quote or '"'
    return arrow_csv.read_csv(
        pa.BufferReader(block),
        read_options=arrow_csv.ReadOptions(column_names=labels, use_threads=False, block_size=len(block) + 1),
        parse_options=arrow_csv.ParseOptions(
            delimiter=setup.separator,
            quote_char=quote,
            escape_char=setup.escape or False,
            newlines_in_values=quote.encode() in block,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={k: v for k, v in types.items() if k in kept},
            include_columns=kept,
            null_values=["", *setup.na_strings],
            true_values=[],
            false_values=[],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _raise_if_unreadable(message: str, block: bytes, setup: Setup, name: str, line: int) -> None:
    if "Expected" in message and "columns" in message:
        number, found = _ragged_line(block, setup)
        raise ParseError(
            f"{name}, line {line + number}: {found} fields, but the file has {len(setup.names)} columns "
            f"(separator {setup.separator!r}); correct the line, or give sep= if the separator is another one"
        ) from None
    if "UTF8" in message or "UTF-8" in message:
        raise ParseError(
            f"{name}, line {line + _bad_utf8_line(block)}: bytes that are not UTF-8; convert the file "
            "to UTF-8 (for example: iconv -f latin1 -t utf-8)"
        ) from None
    if "conversion error" not in message:
        raise ParseError(f"{name}, near line {line}: cannot be read as delimited text ({message})") from None


def _ragged_line(block: bytes, setup: Setup) -> tuple[int, int]:
    """Offset of the first line with a wrong number of fields, and its number of fields."""
    lines = block.decode("utf-8", "replace").splitlines(keepends=True)
    reader = csv.reader(
        lines, delimiter=setup.separator, quotechar=setup.quote or '"', escapechar=setup.escape
    )
    start = 0
    for row in reader:
        if row and len(row) != len(setup.names):
            return start, len(row)
        start = reader.line_num
    return 0, 0


def _bad_utf8_line(block: bytes) -> int:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        return block.count(b"\n", 0, error.start)
    return 0


def _convert(chunk: Any, kind: str, absent_texts: set[str]) -> tuple[Piece, LostTexts | None]:
    import pyarrow as pa

    if kind == "numeric" and not pa.types.is_dictionary(chunk.type):
        return _from_numbers(chunk), None
    if kind in ("string", "uuid"):
        cells = chunk.to_numpy(zero_copy_only=False)
        if absent_texts:
            cells = np.where(np.isin(cells, list(absent_texts)), NONE, cells)
        missing = np.equal(cells, NONE)
        return strings(np.where(missing, "", cells).astype(TEXT), kind, missing), None
    codes = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    levels = chunk.dictionary.to_pylist()
    if absent_texts:
        gone = np.array([*(level in absent_texts for level in levels), False])
        codes = np.where(gone[codes], -1, codes)
    if kind == "enum":
        return LevelPiece(codes.astype(np.int32), levels), None
    return _from_texts(codes, levels, kind)


def _from_numbers(chunk: Any) -> Column:
    missing = chunk.is_null().to_numpy(zero_copy_only=False) if chunk.null_count else None
    if chunk.null_count:
        chunk = chunk.fill_null(0)
    return numeric(chunk.to_numpy(zero_copy_only=False), missing)


def _from_texts(codes: Array, levels: list[str], kind: str) -> tuple[Column, LostTexts | None]:
    """Numbers or times from the distinct texts of a block."""
    if kind == "time":
        values, misfit = parse_times(levels)
    else:
        values, misfit = _numbers(levels)
    table, gone = np.append(values, 0), np.append(misfit, True)
    missing = gone[codes]
    # The usual words for missing are no loss, nor is an empty field in quotes.
    is_text = np.array([*(level not in MISSING_WORDS for level in levels), False])
    lost = missing & is_text[codes]
    misfits = LostTexts(int(lost.sum()), levels[codes[np.flatnonzero(lost)[0]]]) if lost.any() else None
    if kind == "time":
        return times(table[codes], missing), misfits
    return numeric(np.where(missing, np.nan, table[codes])), misfits


def _numbers(texts: list[str]) -> tuple[Array, Array]:
    misfit = np.array([not is_number(text) for text in texts], dtype=bool)
    plain = ["0" if bad else text.strip().replace("$", "") for text, bad in zip(texts, misfit, strict=True)]
    percent = np.array([text.endswith("%") for text in plain], dtype=bool)
    values = np.array([text.rstrip("%") for text in plain], dtype="U").astype(np.float64)
    return np.where(percent, values / 100, values), misfit
