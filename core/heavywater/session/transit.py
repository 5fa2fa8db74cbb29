"""Files on their way between a client and the session: what it has sent, and what is made to be fetched."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
from pathlib import Path

from ..errors import InvalidArgument, NotFound


class Transit:
    """A folder of the session's disk with one folder for each file on its way, which ends with the client whose it is.

    The path of such a file is a path like any other: it can be imported, loaded, written to.

    Attributes
    ----------
    most : int or None
        Bytes that a file may have; None means no limit.
    """

    def __init__(self) -> None:
        self.most: int | None = None
        self._lock = threading.Lock()
        self._made: tempfile.TemporaryDirectory[str] | None = None
        self._owners: dict[str, str] = {}  # clients by the names of folders

    @property
    def folder(self) -> Path:
        """Where they lie; nobody but the user of this process may look into it."""
        with self._lock:
            if self._made is None:
                self._made = tempfile.TemporaryDirectory(prefix="h2o_transit_")
            return Path(os.path.realpath(self._made.name))

    def fresh(self, client: str, name: str) -> Path:
        """Path of a file of a client that is to be written, here or by a request; what stands before its last ``/`` is dropped."""
        plain = os.path.basename(name.replace("\\", "/").rstrip("/")).replace("\0", "")
        place = self.folder / secrets.token_hex(8)
        place.mkdir(mode=0o700)
        with self._lock:
            self._owners[place.name] = client
        return place / (plain[-200:] if plain not in ("", ".", "..") else "file")

    def inside(self, file: str | os.PathLike[str]) -> Path:
        """A path that names a file on its way; `NotFound` where it does not, or does no longer."""
        found = Path(os.path.realpath(file))
        if self._place(found) is None:
            raise NotFound(
                f"file={os.fspath(file)!r} is no file on its way (or was, and its client has ended)"
            )
        return found

    def _place(self, file: Path) -> Path | None:
        """The folder of a file on its way."""
        folder = self.folder
        if not file.is_relative_to(folder) or file == folder:
            return None
        name = file.relative_to(folder).parts[0]
        return folder / name if name in self._owners else None

    def write(self, file: str | os.PathLike[str], content: bytes | memoryview, start: int) -> int:
        """Put a piece of a file in its place, which is not behind its end; the size then."""
        path = self.inside(file)
        size = path.stat().st_size if path.exists() else 0
        if not 0 <= start <= size:
            raise InvalidArgument(f"start={start} must be in 0 .. {size}, the size of the file until now")
        if self.most is not None and start + len(content) > self.most:
            raise InvalidArgument(
                f"the file {path.name!r} has more than {self.most} bytes, which is all this session takes; it can be raised where "
                "the node is started (--max-upload)"
            )
        with open(path, "r+b" if path.exists() else "xb") as out:
            out.seek(start)
            out.write(content)
        return max(size, start + len(content))

    def read(self, file: str | os.PathLike[str], start: int, count: int) -> bytes:
        """So many bytes of a file, fewer at its end."""
        path = self.inside(file)
        if start < 0 or count < 0:
            raise InvalidArgument(f"start={start} and count={count} must not be negative")
        if not path.is_file():
            raise NotFound(f"there is no file {os.fspath(file)!r}")
        with open(path, "rb") as source:
            source.seek(start)
            return source.read(count)

    def discard(self, file: str | os.PathLike[str]) -> None:
        """Forget a file; nothing happens where there is none."""
        place = self._place(Path(os.path.realpath(file)))
        if place is None:
            return
        with self._lock:
            self._owners.pop(place.name, None)
        shutil.rmtree(place, ignore_errors=True)

    def end_client(self, client: str) -> None:
        """Forget what a client has on its way."""
        for name in [name for name, owner in list(self._owners.items()) if owner == client]:
            self.discard(self.folder / name / "file")

    def close(self) -> None:
        """Forget all."""
        with self._lock:
            made, self._made = self._made, None
            self._owners.clear()
        if made is not None:
            made.cleanup()
