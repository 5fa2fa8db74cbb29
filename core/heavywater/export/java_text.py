"""Java source: names, constants, and large tables in pieces that Java can take.

A class file holds constant texts of at most 65 535 bytes and methods of at most 64 KB of code, so a table becomes a
number of texts, which methods of nested classes hand over one by one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator

import numpy as np

from ..arrays import Array

PIECE_BYTES = 45_000  # 60 000 letters in base 64; whole numbers of 4 and of 8 bytes
PIECE_LETTERS = 10_000  # each takes up to 6 bytes in a class file
PIECES = 4_000  # in one method, 7 bytes of code each
_KEYWORDS = re.compile(
    "abstract|assert|boolean|break|byte|case|catch|char|class|const|continue|default|do|double|else|"
    "enum|extends|false|final|finally|float|for|goto|if|implements|import|instanceof|int|interface|long|"
    "native|new|null|package|private|protected|public|return|short|static|strictfp|super|switch|"
    "synchronized|this|throw|throws|transient|true|try|void|volatile|while|_|record|sealed|permits|var|"
    "yield"
)
_NOT_PLAIN = re.compile(r"[^ !#-\[\]-~]")
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


_LONGEST = 150  # the files of nested classes have longer names, and those are limited


def class_name(key: str, taken: Iterable[str]) -> str:
    """Name of the class of a model: its key, with underscores for what Java does not allow.

    Parameters
    ----------
    taken : iterable of str
        Names that have a meaning within the class.
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", key)
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}_{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    return f"Model_{name}" if name[:1].isdigit() or _KEYWORDS.fullmatch(name) or name in set(taken) else name


def literal(text: str) -> str:
    """A Java text constant, in ASCII."""
    return f'"{_NOT_PLAIN.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[letter]
    if letter < " ":
        return f"\\{ord(letter):03o}"  # unlike the four-digit form, not replaced before the text is read
    units = np.frombuffer(letter.encode("utf-16-le", "surrogatepass"), "<u2")
    return "".join(f"\\u{unit:04x}" for unit in units)


class Pieces:
    """Large tables of a class: calls of its methods, and the nested classes that hold the texts."""

    def __init__(self) -> None:
        self._classes: dict[str, str] = {}

    def numbers(self, values: Array) -> str:
        """Arguments of `floats` or `doubles`, by the type of the array."""
        data = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()
        starts = range(0, len(data), PIECE_BYTES)
        return self._call(values.size, (base64.b64encode(data[i : i + PIECE_BYTES]).decode() for i in starts))

    def texts(self, values: Iterable[str]) -> str:
        """Arguments of `texts` or `domains`."""
        found = list(values)
        joined = "".join(f"{len(text.encode('utf-16-le', 'surrogatepass')) // 2}:{text}" for text in found)
        starts = range(0, len(joined), PIECE_LETTERS)
        return self._call(len(found), (joined[i : i + PIECE_LETTERS] for i in starts))

    def _call(self, count: int, pieces: Iterator[str]) -> str:
        lines = [f"    to.accept({literal(piece)});" for piece in pieces]
        names = []
        for start in range(0, len(lines), PIECES):
            names.append(f"Piece{len(self._classes)}")
            body = "\n".join(lines[start : start + PIECES])
            self._classes[names[-1]] = f"static void give(Consumer<String> to) {{\n{body}\n  }}"
        return f"{count}, to -> {{ {' '.join(f'{name}.give(to);' for name in names)} }}"

    @property
    def class_names(self) -> list[str]:
        """Names of the nested classes."""
        return list(self._classes)

    @property
    def source(self) -> str:
        """The nested classes."""
        return "\n".join(f"  static class {name} {{ {body} }}" for name, body in self._classes.items())
