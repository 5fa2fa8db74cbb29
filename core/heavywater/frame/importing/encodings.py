"""Bytes of texts that are not UTF-8: other encodings, and what to do with bytes that no encoding explains."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ...errors import InvalidArgument, ParseError
from .raw_text import Buffer

_STRAY = re.compile("[\udc00-\udcff]+")
_HANDLER = "heavywater.stray"
# What a text begins with that is in one of these: there is no need to be told.
_MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Each byte that means nothing as a lone surrogate, which no text holds."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_HANDLER, _stray)


def check_encoding(name: Any) -> str:
    """Python's name of an encoding of texts.

    Raises
    ------
    InvalidArgument
        There is no such encoding.
    """
    try:
        found = codecs.lookup(name)
        if (
            found.name in ("idna", "punycode")
            or found.incrementaldecoder is None
            or not getattr(found, "_is_text_encoding", True)
        ):
            raise LookupError
        found.incrementaldecoder().decode(b"", True)
    except (LookupError, TypeError, ValueError, UnicodeError):
        raise InvalidArgument(
            f"encoding={name!r} is no encoding of texts; give one that Python knows, such as 'utf-8' (the default), "
            "'latin-1', 'cp1252' or 'utf-16'"
        ) from None
    return found.name


def is_utf8(encoding: str | None) -> bool:
    """Whether texts need no other decoding than the usual one."""
    return encoding is None or check_encoding(encoding) in ("utf-8", "utf-8-sig")


def marked_encoding(head: bytes) -> str | None:
    """Encoding that a byte-order mark tells, None if there is none but that of UTF-8."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


class Noted:
    """What a warning is to tell of: how often it was met, and where first.

    Attributes
    ----------
    count : int
    place : str
        File and line of the first.
    """

    def __init__(self) -> None:
        self.count, self.place = 0, ""

    def add(self, count: int, place: str) -> None:
        """Note some more, the first of which is there."""
        if count and not self.count:
            self.place = place
        self.count += count


def decoded(data: bytes, encoding: str = "utf-8") -> tuple[str, int, int]:
    """A text, runs of bytes that mean nothing written as ``<0xE4F6>``.

    Parameters
    ----------
    data : bytes
    encoding : str

    Returns
    -------
    text : str
    count : int
        Of these bytes.
    line : int
        Line ends before the first of them.
    """
    try:
        text = data.decode(encoding)
        if encoding != "utf-8":
            text.encode()
        return text, 0, 0
    except UnicodeDecodeError:
        return _hexed(data.decode(encoding, _HANDLER))
    except UnicodeEncodeError:
        return _hexed(text)


def _hexed(text: str) -> tuple[str, int, int]:
    """The text with its stray bytes in hexadecimal; other surrogates, which some encodings can name, as escapes."""
    first = _STRAY.search(text)
    count = 0

    def swap(found: re.Match[str]) -> str:
        nonlocal count
        count += len(found[0])
        return "<0x" + "".join(f"{ord(character) - 0xDC00:02X}" for character in found[0]) + ">"

    line = 0 if first is None else text.count("\n", 0, first.start())
    return _STRAY.sub(swap, text).encode("utf-8", "backslashreplace").decode(), count, line


def escaped(data: Buffer) -> tuple[bytes, int, int]:
    """UTF-8 of which the bytes that are not are escaped; their number, and the line ends before the first."""
    raw = bytes(data)
    text, count, line = decoded(raw)
    return (text.encode(), count, line) if count else (raw, 0, 0)


def as_utf8(
    name: str, pieces: Iterator[Buffer], encoding: str, note: Callable[[int, int], None]
) -> Iterator[Buffer]:
    """Pieces of a text in some encoding as UTF-8.

    Parameters
    ----------
    name : str
        File, for messages.
    pieces : iterator of bytes-like
    encoding : str
    note : callable
        Told the number of bytes that mean nothing in the encoding, and the line ends before the first of them.

    Raises
    ------
    ParseError
        The text cannot be in the encoding: UTF-16 and UTF-32 have to begin with a byte-order mark, unless their
        names say the order.
    """
    decoder = codecs.getincrementaldecoder(encoding)(_HANDLER)
    lines = 0
    for number, piece in enumerate(_and_end(pieces)):
        try:
            text = decoder.decode(piece, not piece)
        except UnicodeError as error:
            raise ParseError(
                f"{name}, line {lines + 1}: the text is not in encoding={encoding!r} ({error}); give another one, such as "
                "'utf-16-le', 'utf-16-be' or 'latin-1', or none"
            ) from None
        if number == 0:
            text = text.removeprefix("\ufeff")
        try:
            part = text.encode()
        except UnicodeEncodeError:
            text, count, line = _hexed(text)
            note(count, lines + line)
            part = text.encode()
        lines += part.count(b"\n")
        if part:
            yield part


def _and_end(pieces: Iterator[Buffer]) -> Iterator[bytes]:
    for piece in pieces:
        if len(piece):
            yield bytes(piece)
    yield b""


def clean_texts(cells: Any, encoding: str | None) -> tuple[Any, int, int]:
    """An Arrow array of strings or bytes as strings that are UTF-8.

    Parameters
    ----------
    cells : pyarrow.Array
        Of strings or bytes; strings may hold bytes that are not UTF-8.
    encoding : str, optional
        Of bytes, and of strings that are not UTF-8.

    Returns
    -------
    cells : pyarrow.Array of string or large_string
    count : int
        Of the bytes that had to be escaped.
    row : int
        The first row with one.
    """
    import pyarrow as pa
    import pyarrow.types as pt

    binary = pt.is_binary(cells.type) or pt.is_large_binary(cells.type) or pt.is_fixed_size_binary(cells.type)
    wide = pt.is_large_binary(cells.type) or pt.is_large_string(cells.type)
    kind = pa.large_string() if wide else pa.string()
    if not (binary and not is_utf8(encoding)):
        try:
            if binary:
                return cells.cast(kind), 0, 0
            if not pt.is_string_view(cells.type):
                cells.validate(full=True)
            return (cells if cells.type in (pa.string(), pa.large_string()) else cells.cast(kind)), 0, 0
        except pa.ArrowInvalid:
            pass
    raw = cells.cast(pa.large_binary() if wide else pa.binary()).dictionary_encode()
    texts, stray = [], []
    other = None if is_utf8(encoding) else encoding
    for cell in raw.dictionary.to_pylist():
        # Strings are said to be UTF-8, bytes are what the user says.
        text, count, _ = decoded(cell)
        if other is not None and (binary or count):
            text, count, _ = decoded(cell, other)
        texts.append(text)
        stray.append(count)
    counts = np.array([*stray, 0])[raw.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    clean = pa.DictionaryArray.from_arrays(raw.indices, pa.array(texts, kind)).cast(kind)
    return clean, int(counts.sum()), int(np.argmax(counts > 0)) if counts.any() else 0
