"""C source: names, constants, and tables that compilers take quickly, however large they are.

Compilers need a microsecond and 300 to 600 bytes for each number of a list, but almost nothing for a text. So weights are texts of
their bytes, of at most 4 095 bytes, which is what C99 promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from ...arrays import Array

PIECE_FLOATS = 1_023  # in one text, of 4 bytes each
LONGEST_TEXT = 4_095
_LINE = 32  # bytes in a line
_NUMBERS = 6  # in a line
_PLAIN = [
    chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}" for byte in range(256)
]  # a question mark may begin a trigraph


def identifier(text: str, otherwise: str) -> str:
    """A text as part of a name: with underscores for what C does not allow, none at its ends.

    Parameters
    ----------
    otherwise : str
        In front of it where nothing is left, or a digit comes first.
    """
    found = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")
    return f"{otherwise}_{found}".rstrip("_") if not found or found[0].isdigit() else found


def identifiers(texts: Iterable[str], otherwise: str) -> list[str]:
    """The same for some texts, each another one."""
    found: dict[str, None] = {}
    for text in texts:
        stem = name = identifier(text, otherwise)
        number = 2
        while name in found:
            name, number = f"{stem}_{number}", number + 1
        found[name] = None
    return list(found)


def literal(content: bytes) -> str:
    """Bytes as a text constant, in ASCII, on lines of their own."""
    lines = [content[i : i + _LINE] for i in range(0, len(content), _LINE)] or [b""]
    return "\n".join('  "' + "".join(map(_PLAIN.__getitem__, line)) + '"' for line in lines)


def weights(tables: Sequence[Array]) -> str:
    """Texts of the bytes of tables of numbers, one behind the other, in 32 bits."""
    content = b"".join(np.ascontiguousarray(table, "<f4").tobytes() for table in tables) or bytes(4)
    size = 4 * PIECE_FLOATS
    return ",\n".join(literal(content[i : i + size]) for i in range(0, len(content), size))


def doubles(values: Iterable[float]) -> str:
    """Numbers in 64 bits, all of whose digits are written."""
    return _rows([repr(float(value)) for value in values] or ["0.0"])


def whole(values: Iterable[int]) -> str:
    """Whole numbers."""
    return _rows([str(int(value)) for value in values] or ["0"])


def _rows(cells: list[str]) -> str:
    lines = [", ".join(cells[i : i + _NUMBERS]) for i in range(0, len(cells), _NUMBERS)]
    return ",\n".join(f"  {line}" for line in lines)


class Texts:
    """Lists of texts; those that are too long for a constant are arrays of their bytes.

    Attributes
    ----------
    arrays : list of str
        Definitions of these.
    """

    def __init__(self) -> None:
        self.arrays: list[str] = []

    def listed(self, values: Iterable[str]) -> str:
        """The elements of a list, and a null pointer at its end."""
        return ",\n".join([*map(self._constant, values), "  0"])

    def _constant(self, value: str) -> str:
        content = value.encode()
        if len(content) <= LONGEST_TEXT:
            return literal(content)
        name = f"long_text_{len(self.arrays)}"
        letters = _rows([f"'\\{byte:03o}'" for byte in content + b"\0"])
        self.arrays.append(f"static const char {name}[] = {{\n{letters}\n}};\n")
        return f"  {name}"
