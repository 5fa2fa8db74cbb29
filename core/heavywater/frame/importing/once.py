"""Streams that can be read only once, such as pipes: a copy is kept for what has to be read again."""

from __future__ import annotations

import io
import tempfile
from typing import IO, Any


class Copy:
    """The bytes of a stream, on the disk when they are many, while it is read for the first time.

    Attributes
    ----------
    complete : bool
        Whether the stream has been read to its end, and all of it is there.
    broken : str
        Why it is not.
    """

    def __init__(self) -> None:
        self.complete = False
        self.broken = ""
        self._file: Any = None

    def following(self, raw: IO[bytes], in_memory: int) -> _Followed:
        """The stream, of which all that is read is kept."""
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 (it outlives the call)
        return _Followed(raw, self)

    def note(self, data: Any) -> None:
        """Keep the next bytes; none means the end."""
        if self.broken:
            return
        try:
            self._file.write(data)
            self.complete = not len(data)
        except (
            OSError
        ) as error:  # a full disk: then nothing can be read again, which is told where it is wanted
            self.broken = error.strerror or str(error)
            self._file.close()

    def close(self) -> None:
        """Give up the copy."""
        if self._file is not None:
            self._file.close()
        self.complete, self._file = False, None

    def open(self) -> Any:
        """All bytes, from the beginning."""
        self._file.seek(0)
        return self._file


class _Followed(io.RawIOBase):
    def __init__(self, raw: Any, copy: Copy) -> None:
        self._raw, self._copy = raw, copy

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = int(self._raw.readinto(buffer))
        self._copy.note(memoryview(buffer)[:count])
        return count

    def read(self, size: int = -1) -> bytes:
        """As many bytes as asked for, however few a pipe gives at once."""
        parts, left = [], size
        while left:
            part = super().read(min(left, 1 << 18) if size >= 0 else 1 << 18)
            if not part:
                break
            parts.append(part)
            left -= len(part) if size >= 0 else 0
        return b"".join(parts)
