"""Start, status and end of the session that holds frames and models."""

from __future__ import annotations

import logging
import os
from typing import Any

from heavywater.errors import InvalidArgument, warn
from heavywater.session import Session, memory_size, thread_count, warn_of_late_nodes

from ..backend import running
from ..backend.cluster import H2OCluster
from ..backend.connection import H2OConnection, connection, start
from ..exceptions import H2OConnectionError, RemoteNodeRefused
from ..two_dim_table import H2OTwoDimTable

__all__ = [
    "cluster",
    "cluster_info",
    "cluster_status",
    "connect",
    "connection",
    "init",
    "log_and_echo",
    "network_test",
    "shutdown",
]

logger = logging.getLogger("h2o")

_LEVELS = {
    "TRACE": logging.DEBUG,
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "ERRR": logging.ERROR,
    "ERROR": logging.ERROR,
    "FATAL": logging.CRITICAL,
    "FATA": logging.CRITICAL,
}


def init(
    url: str | None = None,
    ip: str | None = None,
    port: int | None = None,
    name: str | None = None,
    https: bool | None = None,
    cacert: str | None = None,
    insecure: bool | None = None,
    username: str | None = None,
    password: str | None = None,
    cookies: Any = None,
    proxy: str | None = None,
    start_h2o: bool = True,
    nthreads: int = -1,
    ice_root: str | None = None,
    log_dir: str | None = None,
    log_level: str | None = None,
    max_log_file_size: str | None = None,
    enable_assertions: bool | None = None,
    max_mem_size: int | str | None = None,
    min_mem_size: int | str | None = None,
    strict_version_check: bool | None = None,
    ignore_config: bool = False,
    extra_classpath: Any = None,
    jvm_custom_args: Any = None,
    bind_to_localhost: bool | None = None,
    verbose: bool = True,
    nodes: Any = None,
    secret_file: str | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
    **kwargs: Any,
) -> None:
    """Start the session in this process, or keep the one that runs.

    Parameters
    ----------
    name : str, optional
        Name shown in status tables.
    nthreads : int
        Threads for import and training; -1 means all cores.
    max_mem_size : int or str, optional
        Limit for frames and models, in GB or with a unit as in ``"512m"``. Import and training refuse what
        would go beyond it.
    log_dir : str, optional
        Folder for a log file ``h2o.log``.
    log_level : str, optional
        TRACE, DEBUG, INFO, WARN, ERRR or FATA.
    verbose : bool
        Whether to print the status.
    strict_version_check : bool, optional
        Client and core are one package of one version, so the check always holds.
    ignore_config : bool
        No configuration file is read, so there is none to ignore.
    start_h2o : bool
        With False an already running session is needed.
    url, ip, port, https, cacert, insecure, username, password, cookies, proxy
        Belong to a session on another machine, which comes later; a value raises NotImplementedError (``ip`` of this
        machine and any ``port`` beside it are accepted with a warning, as no server is started).
    nodes : int, str or Client of Dask, optional
        Further processes that train the models of grids and the folds of cross-validations, each one at a time and
        with the same result as here: so many on this machine (each with ``nthreads`` threads, or its share of the
        cores); or one on each host of a Dask cluster (a client, or ``"dask:ADDRESS"`` of its scheduler) or a Ray cluster
        (``"ray"``), each with ``nthreads`` threads or as many as Dask or Ray has there; or ``"listen:HOST:PORT"``, where
        ``h2o node --join HOST:PORT --secret-file FILE`` lets any machine join. They end with the session.
    secret_file : str, optional
        For ``"listen:..."``: a file that only you can read, with 32 bytes or 64 hexadecimal digits. Nodes that do not
        know the secret are not let in.
    tls_cert, tls_key : str, optional
        For ``"listen:..."``: PEM files of a certificate and its key (none where it is in the same file). Nodes then join with TLS:
        ``h2o node --tls-ca FILE``, where the certificate names the HOST at which they join.
    ice_root, max_log_file_size, enable_assertions, min_mem_size, extra_classpath, jvm_custom_args,
    bind_to_localhost
        Without effect: no JVM and no server is started. A value gives a warning by name.

    Examples
    --------
    >>> h2o.init(nthreads=2, verbose=False)
    >>> h2o.cluster().cloud_size
    1
    """
    if kwargs:
        raise InvalidArgument(f"h2o.init: unknown argument {min(kwargs)!r}")
    _refuse_remote(
        url=url,
        ip=ip,
        https=https,
        cacert=cacert,
        insecure=insecure,
        username=username,
        password=password,
        cookies=cookies,
        proxy=proxy,
    )
    _warn_without_effect(
        port=port,
        ip=ip,
        ice_root=ice_root,
        max_log_file_size=max_log_file_size,
        enable_assertions=enable_assertions,
        min_mem_size=min_mem_size,
        extra_classpath=extra_classpath,
        jvm_custom_args=jvm_custom_args,
        bind_to_localhost=bind_to_localhost,
    )
    threads = thread_count(nthreads)
    limit = memory_size(max_mem_size)
    _configure_log(log_dir, log_level)
    if running.connection is None:
        if not start_h2o:
            raise H2OConnectionError("h2o.init: start_h2o=False, but no session runs in this process")
        start(name, threads if nodes is None else nthreads, limit, nodes, secret_file, tls_cert, tls_key)
        message = "The session runs in this process."
    else:
        _reconfigure(running.connection.session, name, threads if nthreads != -1 else None, limit)
        warn_of_late_nodes(nodes=nodes, secret_file=secret_file, tls_cert=tls_cert, tls_key=tls_key)
        message = "The session in this process was running already."
    if verbose:
        print(message)
        cluster().show_status()


def _reconfigure(session: Session, name: str | None, threads: int | None, limit: int | None) -> None:
    session.cluster.configure(name, threads, limit)


_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


def _refuse_remote(ip: str | None, **arguments: Any) -> None:
    if ip is not None and ip not in _HERE:
        raise RemoteNodeRefused(
            f"Could not establish link: ip={ip!r}: connecting to a session on another machine comes later; leave ip out "
            'to work in this process. Other machines can help it: nodes="listen:HOST:PORT"'
        )
    for argument, value in arguments.items():
        if value not in (None, False):
            shown = "" if argument in ("password", "cookies") else f"={value!r}"
            raise RemoteNodeRefused(
                f"Could not establish link: {argument}{shown} belongs to a session on another machine, which comes later; "
                "leave it out to work in this process"
            )


def _warn_without_effect(**arguments: Any) -> None:
    given = [argument for argument, value in arguments.items() if value not in (None, False)]
    if given:
        warn(
            f"h2o.init: no effect of {', '.join(given)}: the session runs in this process, without a JVM "
            "and without a server"
        )


def _configure_log(log_dir: str | None, log_level: str | None) -> None:
    if log_level is not None:
        if str(log_level).upper() not in _LEVELS:
            raise InvalidArgument(f"h2o.init: log_level={log_level!r} must be one of {', '.join(_LEVELS)}")
        logger.setLevel(_LEVELS[str(log_level).upper()])
    if log_dir is not None:
        os.makedirs(log_dir, exist_ok=True)
        path = os.path.abspath(os.path.join(log_dir, "h2o.log"))
        if not any(getattr(handler, "baseFilename", None) == path for handler in logger.handlers):
            handler = logging.FileHandler(path, encoding="utf-8")
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
            logger.addHandler(handler)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.INFO)


def connect(**arguments: Any) -> H2OConnection:
    """The connection to this process; arguments that name another machine are refused."""
    arguments.pop("verbose", None)
    config = arguments.pop("config", None) or {}
    _refuse_remote(**{"ip": None, **arguments, **config, "port": None})
    return connection()


def cluster() -> H2OCluster:
    """The running session as a cluster: of the nodes it has, else of this process alone."""
    return connection().cluster


def cluster_info() -> None:
    """Print the status (H2O's old name for ``cluster().show_status()``)."""
    cluster().show_status()


def cluster_status() -> None:
    """Print the status with the objects held."""
    cluster().show_status(True)


def network_test() -> H2OTwoDimTable:
    """Print and give how long messages take to each node and back; see `H2OCluster.network_test`."""
    return cluster().network_test()


def shutdown(prompt: bool = False) -> None:
    """End the session; all frames and models are gone.

    Parameters
    ----------
    prompt : bool
        Whether to ask first.
    """
    running.end(prompt)


def log_and_echo(message: str = "") -> None:
    """Write a message into the log (and to wherever `H2OConnection.start_logging` sends it)."""
    logger.info("%s", message)
