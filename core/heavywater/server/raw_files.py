"""Raw files by their keys: what clients have sent, and where imported ones lie."""

from __future__ import annotations

import os
import secrets
import threading
from pathlib import Path

from ..errors import InvalidArgument

NFS = "nfs:/"  # before the path of a file of the node's disk, which makes a key of it


class RawFiles:
    """The raw files of a node that are waiting to be parsed or read.

    Those on the disk of the node are named by their path, those that were sent by a key of their own.
    """

    def __init__(self) -> None:
        self._sent: dict[str, Path] = {}
        self._lock = threading.Lock()

    def put(self, path: Path, key: str | None) -> str:
        """Keep a file that was sent, under a key of the client's or one that is made up; the key."""
        kept = path.with_name(f"upload_{secrets.token_hex(16)}")
        name = key or kept.name
        path.rename(kept)
        with self._lock:
            before, self._sent[name] = self._sent.get(name), kept
        if before is not None:
            before.unlink(missing_ok=True)
        return name

    def location(self, key: str) -> str:
        """Path or address of a raw file.

        Raises
        ------
        InvalidArgument
            No raw file can be meant by the key.
        """
        sent = self._sent.get(key)
        if sent is not None:
            return str(sent)
        if key.startswith(NFS):
            return key.removeprefix(NFS)
        if "://" in key:
            return key
        raise InvalidArgument(
            f"no raw file {key!r}: it was never sent, or has been removed; what is imported has a key that begins with nfs://"
        )

    def sent(self) -> dict[str, int]:
        """Bytes of each file that was sent, by key."""
        with self._lock:
            known = dict(self._sent)
        return {key: path.stat().st_size for key, path in known.items() if path.exists()}

    def is_sent(self, key: str) -> bool:
        """Whether a file was sent under this key, and is still there."""
        return key in self._sent

    def remove(self, key: str) -> bool:
        """Forget a file that was sent; whether there was one."""
        with self._lock:
            found = self._sent.pop(key, None)
        if found is not None:
            found.unlink(missing_ok=True)
        return found is not None

    def remove_all(self) -> None:
        """Forget all of them."""
        for key in list(self._sent):
            self.remove(key)


def key_of(location: str) -> str:
    """Key of a file or an address that can be read from here."""
    return location if "://" in location else NFS + os.path.abspath(location)
