"""Raw files by their keys: those that genuine clients have sent, and those of the node's disk that they want to import."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from pathlib import Path

from ...errors import NotFound
from .open_node import OpenNode

NFS = "nfs:/"  # before the path of a file of the node's disk, which makes a key of it


class _SentFiles:
    """Where files that were sent lie, by key."""

    def __init__(self) -> None:
        self.paths: dict[str, Path] = {}
        self.lock = threading.Lock()


class RawFiles:
    """The raw files that are waiting to be parsed or read.

    Those on the disk of the node are named by their path, those that were sent by a key of their own.

    Parameters
    ----------
    node : OpenNode
    client : str
        Who asks: what it has sent ends with it.
    """

    def __init__(self, node: OpenNode, client: str) -> None:
        self._transit, self._client = node.transit, client
        self._sent = node.kept(_SentFiles)

    def put(self, arrived: Path, key: str | None) -> str:
        """Keep a file that was sent, under a key of the client's or one that is made up; the key.

        What had the key goes.
        """
        name = key or f"upload_{secrets.token_hex(16)}"
        path = self._transit.fresh(self._client, name)
        shutil.move(arrived, path)
        with self._sent.lock:
            before, self._sent.paths[name] = self._sent.paths.get(name), path
        if before is not None:
            self._transit.discard(before)
        return name

    def location(self, key: str) -> str:
        """Path or address of a raw file; `NotFound` where none can be meant by the key."""
        sent = self._path(key)
        if sent is not None:
            return str(sent)
        if key.startswith(NFS):
            return key.removeprefix(NFS)
        if "://" in key:
            return key
        raise NotFound(
            f"no raw file {key!r}: it was never sent, or has been removed; what is imported has a key that begins with nfs://"
        )

    def sent(self) -> dict[str, int]:
        """Bytes of each file that was sent, by key."""
        found = {key: self._path(key) for key in list(self._sent.paths)}
        return {key: path.stat().st_size for key, path in found.items() if path is not None}

    def is_sent(self, key: str) -> bool:
        """Whether a file was sent under this key, and is still there."""
        return self._path(key) is not None

    def _path(self, key: str) -> Path | None:
        path = self._sent.paths.get(key)
        if path is None or path.exists():
            return path
        with self._sent.lock:  # it has gone with the client who sent it
            self._sent.paths.pop(key, None)
        return None

    def remove(self, key: str) -> bool:
        """Forget a file that was sent; whether there was one."""
        with self._sent.lock:
            path = self._sent.paths.pop(key, None)
        if path is not None:
            self._transit.discard(path)
        return path is not None

    def remove_all(self) -> None:
        """Forget all that were sent under a key."""
        for key in list(self._sent.paths):
            self.remove(key)


def key_of(location: str) -> str:
    """Key of a file or an address that can be read from here."""
    return location if "://" in location else NFS + os.path.abspath(location)
