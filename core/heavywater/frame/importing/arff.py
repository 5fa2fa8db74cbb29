"""The header of ARFF files; their data is delimited text."""

from __future__ import annotations

import re

from ...errors import ParseError
from .encodings import decoded
from .header import usable_names
from .setup import Setup

_RELATION = re.compile(rb"\A(?:\s*%[^\n]*\n|\s*\n)*\s*@relation\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""@attribute\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))\s+(.*)""", re.IGNORECASE
)
_TYPES = {"numeric": "numeric", "real": "numeric", "integer": "numeric", "string": "string", "date": "time"}


def is_arff(block: bytes) -> bool:
    """Whether a text begins like an ARFF file."""
    return _RELATION.match(block) is not None


def arff_setup(name: str, block: bytes) -> tuple[Setup, int, int]:
    """Setup from the header.

    Parameters
    ----------
    name : str
        File, for messages.
    block : bytes
        Beginning of the file.

    Returns
    -------
    setup : Setup
    size, lines : int
        Bytes and lines down to the first line of data.
    """
    setup = Setup(",", False, [], [], na_strings=["?"], escape="\\", markers="%", parse_type="ARFF")
    start = lines = 0
    while start < len(block):
        end = block.find(b"\n", start) + 1 or len(block)
        line = decoded(block[start:end])[0].strip()
        start, lines = end, lines + 1
        if line.lower() == "@data":
            if not setup.names:
                raise ParseError(f"{name}, line {lines}: no @attribute above @data")
            setup.names = usable_names(setup.names)
            setup.stated = set(range(len(setup.names)))
            _look_at_data(setup, block[start:], name, lines)
            return setup, start, lines
        if line.lower().startswith("@attribute"):
            column, kind = _attribute(name, lines, line)
            setup.names.append(column)
            setup.types.append(kind)
        elif line and not line.startswith("%") and not line.lower().startswith("@relation"):
            raise ParseError(f"{name}, line {lines}: {line[:40]!r} is no line of an ARFF header")
    raise ParseError(f"{name}, line {lines}: the ARFF header has no end; a line @data is missing")


def _attribute(name: str, number: int, line: str) -> tuple[str, str]:
    found = _ATTRIBUTE.match(line)
    if not found:
        raise ParseError(f"{name}, line {number}: {line[:60]!r}; wanted is @attribute name type")
    quoted = found.group(1) if found.group(1) is not None else found.group(2)
    column = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found.group(3)
    text = found.group(4).strip()
    kind = "enum" if text.startswith("{") else _TYPES.get(text.split()[0].lower())
    if kind is None:
        raise ParseError(
            f"{name}, line {number}: attribute {column!r} is of the type {text.split()[0]!r}; "
            f"{', '.join(_TYPES)} and {{a, b, ...}} can be read"
        )
    return column, kind


def _look_at_data(setup: Setup, data: bytes, name: str, lines: int) -> None:
    """Separator and quote character from the first lines of data."""
    sample = [line for line in data[:65536].split(b"\n") if line.strip() and not line.startswith(b"%")]
    if not sample:
        return
    if sample[0].lstrip().startswith(b"{"):
        raise ParseError(f"{name}, line {lines + 1}: sparse ARFF data cannot be read; write it as SVMLight")
    if len(setup.names) > 1 and b"," not in sample[0]:
        setup.separator = "\t" if b"\t" in sample[0] else " "
    if any(re.search(rb"(?:\A|[,\t ])'", line) for line in sample):
        setup.quote = "'"
