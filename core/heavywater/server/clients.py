"""The clients of a node: each a view of the one session, with temporaries of its own."""

from __future__ import annotations

import threading
import time

from ..session import LocalSession


class Clients:
    """Who asks a node.

    Parameters
    ----------
    session : LocalSession
    expiry : float
        Seconds after which a client who does not ask any more is taken to be gone.
    """

    def __init__(self, session: LocalSession, expiry: float) -> None:
        self._session, self._expiry = session, expiry
        self._known: dict[str, tuple[LocalSession, float]] = {}
        self._lock = threading.Lock()

    def open(self, language: str = "python", prefix: str | None = None) -> LocalSession:
        """The session as a new client sees it; its id is ``client`` of the answer.

        Parameters
        ----------
        language : str
        prefix : str, optional
            See `heavywater.session.store.Client`.
        """
        opened = self._session.for_client(language, prefix)
        with self._lock:
            self._known[opened.client] = opened, time.monotonic()
        return opened

    def named(self, client: str, language: str = "python", prefix: str | None = None) -> LocalSession:
        """The session of a client; one who is not known, or was taken to be gone, is opened under this id."""
        with self._lock:
            found = self._known.get(client)
            session = found[0] if found else self._session.for_client(language, prefix)
            self._known[client] = session, time.monotonic()
        return session

    def of(self, client: str | None) -> LocalSession | None:
        """The session of a client who was opened here and did not end; None where there is none."""
        with self._lock:
            found = self._known.get(client or "")
            if found is not None:
                self._known[client or ""] = found[0], time.monotonic()
        return found[0] if found else None

    def end(self, client: str) -> None:
        """What belongs to a client goes; others are not disturbed."""
        with self._lock:
            found = self._known.pop(client, None)
        if found:
            found[0].cluster.close()

    def expire(self) -> None:
        """End the clients who did not ask for too long."""
        late = time.monotonic() - self._expiry
        for client in [name for name, (_, asked) in list(self._known.items()) if asked < late]:
            self.end(client)

    def close(self) -> None:
        """End all of them."""
        for client in list(self._known):
            self.end(client)
