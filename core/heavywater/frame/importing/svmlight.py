"""SVMLight files: sparse rows ``label index:value index:value ...`` to sparse columns."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument, ParseError
from ..columns.arrow_buffers import missing_of, values_of
from ..columns.column import Column
from ..columns.makers import numeric
from ..columns.sparse import sparse_columns
from ..frame import Frame
from .collect import Growing
from .options import Options
from .raw_text import Buffer

_LINE = re.compile(
    rb"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:\s+qid:\d+)?(?:\s+\d+:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)*\s*(?:#.*)?"
)
_COMMENT_OR_QUERY = re.compile(rb"#[^\n]*|qid:\d+")
_SURPLUS = re.compile(rb"[ \t\r]+(?=\n|\Z)|(?<=\n)[ \t]+|\A[ \t]+|[ \t\r]{2,}")
_LINES_LOOKED_AT = 20
MOST_COLUMNS = 2_000_000


class SparsePart(NamedTuple):
    """Rows of one block.

    Attributes
    ----------
    labels : ndarray of float64, shape (rows,)
    counts : ndarray of int64, shape (rows,)
        Stored cells of each row.
    indices : ndarray of int64
        Of the stored cells, counted from 1.
    values : ndarray of float64
    """

    labels: Array
    counts: Array
    indices: Array
    values: Array


def is_svmlight(block: bytes) -> bool:
    """Whether the first lines of a text have the form ``label index:value ...``."""
    lines = [line for line in block[:65536].split(b"\n")[:_LINES_LOOKED_AT] if line.strip()]
    if len(block) > 65536 and len(lines) > 1:
        lines = lines[:-1]
    lines = [line for line in lines if not line.startswith(b"#")]
    return any(b":" in line.partition(b"#")[0] for line in lines) and all(
        _LINE.fullmatch(line) for line in lines
    )


def check_options(options: Options, name: str) -> None:
    """Refuse what has no meaning for the format."""
    given = {
        "col_types": options.types,
        "na_strings": options.na_strings,
        "skipped_columns": options.skipped,
        "col_names": options.names,
    }
    for argument, value in given.items():
        if value:
            raise InvalidArgument(f"{argument}: {argument} are not supported for SVMLight files ({name})")
    if options.header > 0:
        raise InvalidArgument(f"header={options.header}: an SVMLight file has no line of names ({name})")


def parse_sparse(block: Buffer, name: str, line: int) -> SparsePart:
    """Labels and stored cells of a block of whole lines.

    Parameters
    ----------
    block : bytes-like
    name : str
        File, for messages.
    line : int
        Number of the first line, for messages.
    """
    text = bytes(block)
    if b"#" in text or b"qid" in text:
        text = _COMMENT_OR_QUERY.sub(b"", text)
    text = text.replace(b"\t", b" ")
    text = _SURPLUS.sub(lambda found: b" " if _is_inner(found, text) else b"", text)
    if not text.endswith(b"\n"):
        text += b"\n"
    marks = np.frombuffer(text, np.uint8)
    places = np.flatnonzero((marks == 10) | (marks == 32) | (marks == 58))
    kinds = marks[places]
    ends = np.flatnonzero(kinds == 10)
    starts = np.concatenate([[0], ends[:-1] + 1])
    _check_form(text, kinds, places, ends, starts, name, line)
    tokens = ends - starts + 1
    filled = places[ends] > np.concatenate([[-1], places[ends[:-1]]]) + 1  # lines that are not empty
    numbers = _numbers(text, name, line)
    tokens, counts = tokens[filled], tokens[filled] // 2
    first = np.concatenate([[0], np.cumsum(tokens)[:-1]]).astype(np.int64)
    is_label = np.zeros(len(numbers), bool)
    is_label[first] = True
    cells = numbers[~is_label]
    indices = cells[0::2].astype(np.int64)
    _check_indices(indices, cells[0::2], counts, np.flatnonzero(filled), name, line)
    return SparsePart(numbers[first], counts, indices, cells[1::2])


def _is_inner(found: re.Match[bytes], text: bytes) -> bool:
    before = found.start() > 0 and text[found.start() - 1] != 10
    return before and found.end() < len(text) and text[found.end()] != 10


def _check_form(
    text: bytes, kinds: Array, places: Array, ends: Array, starts: Array, name: str, line: int
) -> None:
    """In each line blanks and colons must take turns, a blank first."""
    if not len(ends):
        return
    number = np.repeat(np.arange(len(ends)), ends - starts + 1)
    turn = (np.arange(len(kinds)) - starts[number]) % 2
    wanted = np.where(turn == 0, np.uint8(32), np.uint8(58))
    at_end = kinds == 10
    wrong = np.where(at_end, turn != 0, kinds != wanted)
    if wrong.any():
        bad = int(number[wrong.argmax()])
        begin = 0 if bad == 0 else int(places[ends[bad - 1]]) + 1
        shown = text[begin : int(places[ends[bad]])][:60].decode("utf-8", "replace")
        raise ParseError(
            f"{name}, line {line + bad}: {shown!r} has not the form: label index:value index:value ..."
        )


def _numbers(text: bytes, name: str, line: int) -> Array:
    """All numbers of a text in which blanks, colons and line ends separate them."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    column = text.translate(bytes.maketrans(b" :", b"\n\n"))
    if not column.strip():
        return np.zeros(0)
    try:
        cells = arrow_csv.read_csv(
            pa.BufferReader(column),
            read_options=arrow_csv.ReadOptions(
                column_names=["n"], use_threads=False, block_size=len(column) + 1
            ),
            parse_options=arrow_csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types={"n": pa.float64()}, null_values=["nan", "NaN", "NA"]
            ),
        ).column(0)
    except pa.ArrowInvalid as error:
        raise ParseError(
            f"{name}, {_line_of(text, str(error), line)}: {_value_of(str(error))!r} is no number"
        ) from None
    chunk = cells.chunk(0) if cells.num_chunks == 1 else cells.combine_chunks()
    missing = missing_of(chunk)
    return values_of(chunk) if missing is None else np.where(missing, np.nan, values_of(chunk))


def _value_of(message: str) -> str:
    found = re.search(r"invalid value '(.*?)'", message)
    return found.group(1) if found else message


def _line_of(text: bytes, message: str, line: int) -> str:
    place = re.search(rb"(?:\A|[ :\n])" + re.escape(_value_of(message).encode()) + rb"(?=[ :\n])", text)
    return f"line {line + text.count(10, 0, place.start() + 1)}" if place else f"near line {line}"


def _check_indices(indices: Array, given: Array, counts: Array, lines: Array, name: str, line: int) -> None:
    if not len(indices):
        return
    row = np.repeat(np.arange(len(counts)), counts)
    wrong = (indices < 1) | (indices != given) | (indices > np.iinfo(np.int32).max)
    wrong[1:] |= (indices[1:] <= indices[:-1]) & (row[1:] == row[:-1])
    if wrong.any():
        place = int(wrong.argmax())
        raise ParseError(
            f"{name}, line {line + int(lines[row[place]])}: index {given[place]:.15g}; indices must be whole numbers "
            "from 1 on, in ascending order within a line"
        )


class SparseIntake:
    """Collects sparse rows until they are columns: C1 the label, C2 the feature with the index 1, and so on."""

    def __init__(self) -> None:
        self.done = False
        self._labels, self._counts = Growing(np.float64), Growing(np.int32)
        self._indices, self._values = Growing(np.int32), Growing(np.float64)

    @property
    def nbytes(self) -> int:
        """Bytes collected so far."""
        return 12 * (len(self._labels) + len(self._values))

    def add(self, part: SparsePart, folders: dict[str, str], share: float) -> None:
        """Append the rows of a block."""
        for store, values in zip(
            (self._labels, self._counts, self._indices, self._values), part, strict=True
        ):
            store.append(values, share)

    def frame(self) -> Frame:
        """The frame; what was collected is given up."""
        from scipy.sparse import csr_matrix

        labels, counts = self._labels.finish(), self._counts.finish()
        indices, values = self._indices.finish(), self._values.finish()
        start = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        width = int(indices.max()) if len(indices) else 0
        if width > MOST_COLUMNS:
            raise ParseError(
                f"an index of {width} would make as many columns; {MOST_COLUMNS} are the most that SVMLight files may have"
            )
        matrix = csr_matrix((values, indices - np.int32(1), start), shape=(len(labels), width))
        columns: list[Column] = [numeric(labels), *sparse_columns(matrix)]
        return Frame([f"C{i + 1}" for i in range(len(columns))], columns)
