"""Lines with another number of fields than there are columns."""

from __future__ import annotations

import contextlib
import csv
import io
import re

import numpy as np

from ...errors import ParseError
from .raw_text import quoted_field
from .setup import Setup


def filled_up(block: bytes, setup: Setup) -> bytes:
    """The block with as many fields in each line as there are columns, where only empty ones have to be added or left out.

    Parameters
    ----------
    block : bytes
        Whole records.
    setup : Setup

    Returns
    -------
    bytes
        As many lines as before. A line with too many fields that are not empty stays as it is.
    """
    separator = setup.separator.encode()
    wanted = len(setup.names) - 1
    text = np.frombuffer(block, np.uint8)
    cuts, ends, counts = _cuts(block, setup)
    for line in np.flatnonzero(counts > wanted)[::-1].tolist():
        last = int(counts[: line + 1].sum())
        start, end = int(cuts[last - counts[line] + wanted]), int(ends[line])
        if not block[start:end].strip(separator + b" \r"):
            block = block[:start] + block[end:]
    if len(block) != len(text):
        text = np.frombuffer(block, np.uint8)
        cuts, ends, counts = _cuts(block, setup)
    starts = np.concatenate([[0], ends[:-1] + 1])
    ends = ends - ((ends > starts) & (text[np.maximum(ends, 1) - 1] == 13))
    lacking = np.where(ends > starts, wanted - counts, 0).clip(0)
    if not lacking.any():
        return block
    return np.insert(text, np.repeat(ends, lacking), ord(separator)).tobytes()


def _cuts(block: bytes, setup: Setup) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of the separators and of the line ends outside of quotes, and how many of the former each line has."""
    separator, quote, escape = (text.encode() for text in (setup.separator, setup.quote, setup.escape or ""))
    if (quote and quote in block) or (escape and escape in block):
        opening = rb"(?:(?<=[\n%s])|\A)" % re.escape(separator)
        cells = opening + quoted_field(quote, escape) + (rb"|%s." % re.escape(escape) if escape else b"")
        hidden = bytes.maketrans(separator + b"\n", b"xx")
        block = re.sub(cells, lambda found: found[0].translate(hidden), block, flags=re.DOTALL)
    text = np.frombuffer(block, np.uint8)
    cuts, ends = np.flatnonzero(text == ord(separator)), np.flatnonzero(text == 10)
    if len(text) and text[-1] != 10:
        ends = np.append(ends, len(text))
    return cuts, ends, np.diff(np.searchsorted(cuts, ends), prepend=0)


def refuse_ragged(block: bytes, setup: Setup, name: str, line: int, commented: bool = False) -> None:
    """Raise the error about the first line with another number of fields than there are columns.

    Parameters
    ----------
    block : bytes
    setup : Setup
    name : str
        File.
    line : int
        Number of the block's first line.
    commented : bool
        Whether lines that count as comments have been emptied.
    """
    number, found = _ragged_line(block, setup)
    columns = len(setup.names)
    if found > columns:
        remedy = "correct the line (a field that holds the separator needs quotes)" + (
            f", or give col_names= with {found} names" if setup.fill else ""
        )
    elif commented and number and not block.split(b"\n", number)[number - 1].strip():
        remedy = (
            "if the line before it is no comment but the beginning of this one, give custom_non_data_line_markers='', else "
            "correct the line, or give fill=True if its last fields are missing"
        )
    else:
        remedy = (
            "correct the line; or give fill=True if its last fields are missing, skip_footer= if it stands at the end of "
            "the file and is no data, custom_non_data_line_markers= if remarks begin with a character of their own"
        )
    raise ParseError(
        f"{name}, line {line + number}: {found} fields, but the file has {columns} columns "
        f"(separator {setup.separator!r}); {remedy}; or give sep= if the separator is another one"
    ) from None


def _ragged_line(block: bytes, setup: Setup) -> tuple[int, int]:
    """Offset of the first line with a wrong number of fields, and its number of fields."""
    lines = io.StringIO(block.decode("utf-8", "replace"), newline="")
    reader = csv.reader(
        lines, delimiter=setup.separator, quotechar=setup.quote or None, escapechar=setup.escape
    )
    start = 0
    with contextlib.suppress(csv.Error):  # a field of more than 128 kB
        for row in reader:
            if row and len(row) != len(setup.names):
                return start, len(row)
            start = reader.line_num
    return start, 0
