"""Raw files by their keys: those that genuine clients have sent, and those of the node's disk that they want to import."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ..errors import NotFound
from .node import OpenNode

NFS = "nfs:/"  # before the path of a file of the node's disk, which makes a key of it


class RawFiles:
    """The raw files that are waiting to be parsed or read, as a client of a session names them.

    Those on the disk of the node are named by their path, those that were sent by a key of their own.

    Parameters
    ----------
    node : OpenNode
    client : str
        Who asks: what it has sent ends with it.
    """

    def __init__(self, node: OpenNode, client: str) -> None:
        self._transit, self._client = node.behind.transit, client

    def put(self, path: Path, key: str | None) -> str:
        """Keep a file that was sent, under a key of the client's or one that is made up; the key."""
        name = key or f"upload_{secrets.token_hex(16)}"
        self._transit.adopt(self._client, path, name)
        return name

    def location(self, key: str) -> str:
        """Path or address of a raw file; `NotFound` where none can be meant by the key."""
        sent = self._transit.path_of(key)
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
        keys = self._transit.keys()
        known = {key: self._transit.path_of(key) for key in keys}
        return {key: path.stat().st_size for key, path in known.items() if path is not None and path.exists()}

    def is_sent(self, key: str) -> bool:
        """Whether a file was sent under this key, and is still there."""
        return self._transit.path_of(key) is not None

    def remove(self, key: str) -> bool:
        """Forget a file that was sent; whether there was one."""
        found = self._transit.path_of(key)
        if found is not None:
            self._transit.discard(found)
        return found is not None

    def remove_all(self) -> None:
        """Forget all that were sent under a key."""
        keys = self._transit.keys()
        for key in keys:
            self.remove(key)


def key_of(location: str) -> str:
    """Key of a file or an address that can be read from here."""
    return location if "://" in location else NFS + os.path.abspath(location)
