"""The clients of a node: each a view of the one session, with temporaries of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import InvalidArgument
from .guarded_session import GuardedSession

logger = logging.getLogger("h2o.node")
_SETTLED_SECONDS = 60.0  # of silence, after which a client may have to make room for another one


@dataclass
class _Known:
    session: GuardedSession
    asked: float


class Clients:
    """Who asks a node.

    Parameters
    ----------
    opened : callable (language, prefix)
        Gives the session as a new client sees it.
    expiry : float
        Seconds after which a client who does not ask any more is taken to be gone; not while a job of its runs.
    most : int
        Clients at the same time; who has been silent for longest makes room for a new one.
    """

    def __init__(
        self, opened: Callable[[str, str | None], GuardedSession], expiry: float, most: int = 1000
    ) -> None:
        self._opened, self._expiry, self._most = opened, expiry, most
        self._known: dict[str, _Known] = {}  # who has asked last stands last
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def open(self, language: str = "python", prefix: str | None = None) -> GuardedSession:
        """The session as a new client sees it; its id is ``client`` of the answer.

        Parameters
        ----------
        language : str
        prefix : str, optional
            See `heavywater.session.store.Client`.

        Raises
        ------
        InvalidArgument
            There are too many clients, all of which have asked a moment ago.
        """
        session = self._opened(language, prefix)
        while session.client in self._known:
            session = self._opened(language, prefix)
        self._keep(session.client, session)
        return session

    def named(self, client: str, language: str = "python", prefix: str | None = None) -> GuardedSession:
        """The session of a client; one who is not known, or was taken to be gone, is opened under this id."""
        found = self.of(client)
        if found is not None:
            return found
        session = self._opened(language, prefix)
        self._keep(client, session)
        return session

    def of(self, client: str | None) -> GuardedSession | None:
        """The session of a client who was opened here and did not end; None where there is none."""
        with self._lock:
            found = self._known.pop(client or "", None)
            if found is None:
                return None
            found.asked = time.monotonic()
            self._known[client or ""] = found
        return found.session

    def _keep(self, client: str, session: GuardedSession) -> None:
        late = time.monotonic() - min(_SETTLED_SECONDS, self._expiry)
        while len(self._known) >= self._most:
            with self._lock:
                silent = next(
                    (name for name, each in self._known.items() if each.asked <= late and not _works(each)),
                    None,
                )
            if silent is None:
                raise InvalidArgument(
                    f"{len(self._known)} clients are connected, and not more may: try again in a minute"
                )
            logger.warning("client %s has to make room for another one", silent)
            self.end(silent)
        with self._lock:
            self._known[client] = _Known(session, time.monotonic())

    def end(self, client: str, stop_jobs: bool = True) -> None:
        """What belongs to a client goes; others are not disturbed.

        Parameters
        ----------
        client : str
        stop_jobs : bool
            Whether its jobs are asked to stop; else they go on.
        """
        with self._lock:
            found = self._known.pop(client, None)
        if found:
            found.session.end(stop_jobs)

    def expire(self) -> None:
        """End the clients who did not ask for too long, and none of whose jobs runs; the jobs that did have had their time."""
        late = time.monotonic() - self._expiry
        with self._lock:
            for each in self._known.values():
                if _works(each):  # from its end on it is waited for who asks what has become of it
                    each.asked = max(each.asked, time.monotonic())
            silent = [name for name, each in self._known.items() if each.asked < late]
        for client in silent:
            logger.info("client %s did not ask any more: its temporaries go", client)
            self.end(client, stop_jobs=False)

    def close(self) -> None:
        """End all of them."""
        for client in list(self._known):
            self.end(client)


def _works(known: _Known) -> bool:
    return known.session.jobs.busy()
