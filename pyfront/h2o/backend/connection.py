"""The connection to the session, in this process or at a node, and answers in the form in which H2O's server gives them."""

from __future__ import annotations

import logging
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from heavywater.errors import without_secrets
from heavywater.session import Session
from heavywater.session import start as start_session

from ..elsewhere.stand_ins import AbsentMembers, names_of
from . import running
from .cluster import H2OCluster

__all__ = ["H2OConnection", "H2OResponse"]

logger = logging.getLogger("h2o")


class H2OResponse(dict[str, Any]):
    """An answer as a dictionary, the form in which H2O's server gives it."""


class H2OConnection(AbsentMembers):
    """What scripts ask of the connection: to this process, or to a node.

    Examples
    --------
    >>> h2o.connection().connected
    True
    """

    def __init__(self, session: Session, cluster: H2OCluster, proxy: str | None = None) -> None:
        self.session = session
        self.cluster = cluster
        self._proxy = proxy
        self._log: Any = None
        self.start_time = time.time()

    @property
    def name(self) -> str:
        """Name of the session.

        Examples
        --------
        >>> name = h2o.connection().name
        """
        return str(self.session.cluster.status()["cloud_name"])

    @property
    def base_url(self) -> str:
        """Where requests go: the address of a node, or "in-process".

        Examples
        --------
        >>> address = h2o.connection().base_url
        """
        return self.session.url or "in-process"

    @property
    def at_node(self) -> bool:
        """Whether the session is at a node, which others may be connected to as well.

        Examples
        --------
        >>> shared = h2o.connection().at_node
        """
        return self.session.url is not None

    @property
    def requests_count(self) -> int:
        """Expressions evaluated so far.

        Examples
        --------
        >>> h2o.connection().requests_count > 0
        True
        """
        return int(self.session.cluster.status()["requests"])

    @property
    def session_id(self) -> str:
        """Id of the session, part of the names of temporaries.

        Examples
        --------
        >>> identity = h2o.connection().session_id
        """
        return f"_sid_{self.session.client}"

    @property
    def timeout_interval(self) -> None:
        """There is no time limit on requests.

        Examples
        --------
        >>> h2o.connection().timeout_interval is None
        True
        """
        return None

    @property
    def proxy(self) -> str | None:
        """Address of the proxy on the way to the node, without user and password; None without one.

        Examples
        --------
        >>> h2o.connection().proxy is None
        True
        """
        return None if self._proxy is None else without_secrets(self._proxy)

    @property
    def connected(self) -> bool:
        """Whether the session runs.

        Examples
        --------
        >>> h2o.connection().connected
        True
        """
        return self.cluster.is_running()

    def start_logging(self, dest: Any = None) -> None:
        """Log to a file or stream from now on (standard output by default).

        Parameters
        ----------
        dest : str, path or stream, optional
            A file, or a stream such as ``sys.stderr``.

        Examples
        --------
        >>> h2o.connection().start_logging("h2o.log")
        >>> h2o.connection().stop_logging()
        """
        self.stop_logging()
        if dest is None or hasattr(dest, "write"):
            self._log = logging.StreamHandler(dest or sys.stdout)
        else:
            self._log = logging.FileHandler(dest, encoding="utf-8")
        logger.addHandler(self._log)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.INFO)

    def stop_logging(self) -> None:
        """End what `start_logging` began.

        Examples
        --------
        >>> h2o.connection().stop_logging()
        """
        if self._log is not None:
            logger.removeHandler(self._log)
            self._log.close()
            self._log = None

    def close(self) -> None:
        """End the session, of one at a node the connection; the same as ``h2o.shutdown()``.

        Examples
        --------
        >>> h2o.init(verbose=False)
        >>> connection = h2o.connection()
        >>> connection.close()
        >>> connection.connected
        False
        """
        running.end()

    def __repr__(self) -> str:
        where = f"the node at {self.base_url}" if self.at_node else "this process"
        return f"<H2OConnection to {where}, {'open' if self.connected else 'closed'}>"


def start(
    name: str | None,
    threads: int,
    limit: int | None,
    nodes: Any = None,
    secret_file: str | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
) -> H2OConnection:
    """Start the session of this process."""
    session = start_session(
        name or f"heavywater_{os.getpid()}",
        threads,
        limit,
        nodes=nodes,
        secret_file=secret_file,
        tls_cert=tls_cert,
        tls_key=tls_key,
    )
    running.connection = H2OConnection(session, H2OCluster(session))
    logger.info("session %s started, %d threads", running.connection.name, threads)
    return running.connection


def take_over(session: Session, proxy: str | None) -> H2OConnection:
    """Go on with a session at a node, in place of the one that there is."""
    running.end()
    running.connection = H2OConnection(session, H2OCluster(session), proxy)
    logger.info("connected to the node at %s", session.url)
    return running.connection


def session() -> Session:
    """The running session; one is started quietly when there is none."""
    return connection().session


def connection() -> H2OConnection:
    """The connection that there is; where there is none, a session is started quietly in this process.

    Returns
    -------
    H2OConnection

    Examples
    --------
    >>> h2o.connection().connected
    True
    """
    return running.connection or start(None, -1, None)


if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
