"""How much the record batches of an Arrow file would take, from what they declare; nothing is unpacked for it.

Layout: Arrow columnar format, "Encapsulated message format" and its FlatBuffers schema (Message.fbs).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

_CONTINUES = b"\xff\xff\xff\xff"
_DICTIONARY, _BATCH = 2, 3  # Message.header_type
_MOST_METADATA = 1 << 28


def batch_sizes(file: Any) -> Iterator[int]:
    """Bytes of each record batch once it is read, dictionaries until then among them.

    Parameters
    ----------
    file : file
        At its beginning; a file or a stream of Arrow. Where it is no such thing, the sizes end: the reader says why.
    """
    try:
        yield from _sizes(file)
    except (struct.error, IndexError, ValueError, OverflowError):
        return


def _sizes(file: Any) -> Iterator[int]:
    file.seek(8 if file.read(6) == b"ARROW1" else 0)
    dictionaries = 0
    while (head := file.read(4)) and len(head) == 4:
        if head == _CONTINUES:
            head = file.read(4)
        (length,) = struct.unpack("<i", head)
        if not 0 < length <= _MOST_METADATA:
            return
        message = _Table.root(file.read(length))
        body, start = message.number(3, "<q"), file.tell()
        if body < 0:
            return
        if message.number(1, "<B") == _DICTIONARY:
            dictionaries += _size(file, start, message.table(2).table(1))
        elif message.number(1, "<B") == _BATCH:
            yield dictionaries + _size(file, start, message.table(2))
        file.seek(start + body)


def _size(file: Any, start: int, batch: _Table) -> int:
    packed = batch.place(3) is not None
    total = 0
    for offset, length in batch.pairs(2):
        if packed and length >= 8:
            file.seek(start + offset)
            (unpacked,) = struct.unpack("<q", file.read(8))
            length = max(length, unpacked)  # -1: as it is
        total += max(0, length)
    cells: int = batch.number(0, "<q") * len(batch.pairs(1))
    return max(total, cells)


class _Table:
    """A table of FlatBuffers: fields by number."""

    def __init__(self, data: bytes, position: int) -> None:
        self._data, self._position = data, position
        self._names = position - self._read("<i", position)

    @classmethod
    def root(cls, data: bytes) -> _Table:
        """The outermost table."""
        return cls(data, struct.unpack_from("<I", data)[0])

    def _read(self, form: str, place: int) -> int:
        if place < 0:
            raise ValueError(place)
        number: int = struct.unpack_from(form, self._data, place)[0]
        return number

    def place(self, field: int) -> int | None:
        """Where a field is, None where it is left out."""
        entry = 4 + 2 * field
        if entry >= self._read("<H", self._names):
            return None
        offset = self._read("<H", self._names + entry)
        return self._position + offset if offset else None

    def number(self, field: int, form: str) -> int:
        """A number, 0 where it is left out."""
        place = self.place(field)
        return 0 if place is None else self._read(form, place)

    def _target(self, field: int) -> int:
        place = self.place(field)
        if place is None:
            raise ValueError(field)
        return place + self._read("<I", place)

    def table(self, field: int) -> _Table:
        """A table within this one."""
        return _Table(self._data, self._target(field))

    def pairs(self, field: int) -> list[tuple[int, int]]:
        """A vector of structs of two 64-bit numbers."""
        place = self._target(field)
        count = self._read("<I", place)
        if 16 * count > len(self._data):
            raise ValueError(count)
        return [struct.unpack_from("<qq", self._data, place + 4 + 16 * i) for i in range(count)]
