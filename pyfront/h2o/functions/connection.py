"""Start, status and end of the session that holds frames and models."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from heavywater.errors import InvalidArgument, InvalidType, warn
from heavywater.session import (
    NodeArguments,
    Session,
    memory_size,
    session_at,
    session_meant,
    thread_count,
    warn_of_late_nodes,
)

from ..backend import running
from ..backend.cluster import H2OCluster
from ..backend.connection import H2OConnection, connection, start, take_over
from ..exceptions import H2OConnectionError
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
    token: str | None = None,
    token_file: str | None = None,
    **kwargs: Any,
) -> None:
    """Start the session in this process, or connect to one at a node; or keep the one that there is.

    Without arguments the session runs in this process. A node is a process, here or on another machine, which ``h2o serve`` has
    started; what it holds belongs to all who connect. With `url`, an `ip` of another machine, or an argument that only a node has a
    use for (`token`, `https` ...), there must be one. With a `port` of this machine, one that is there is taken, and without one the
    session runs in this process; so do scripts of H2O's that say ``h2o.init(ip="localhost", port=54321)``.

    Parameters
    ----------
    url : str, optional
        Address of a node, ``http://host:54321`` or with a path behind which it is. It has no user, password or token, since it is
        shown and logged.
    ip, port : str, int, optional
        The same in two parts; 54321 by default.
    https : bool, optional
        Connect to `ip` and `port` with TLS.
    cacert : str, optional
        PEM file of the certificates that vouch for the node; by default those of the system.
    insecure : bool, optional
        Believe any certificate: whoever sits between here and the node can read and change everything.
    username, password : str, optional
        Of a gateway in front of the node that asks for them.
    cookies : str, list of str or dict, optional
        ``name=value``: what a gateway in front of the node wants to be shown.
    proxy : str, optional
        Address of a proxy on the way.
    token, token_file : str, optional
        What the node was started with (``h2o serve --token-file``), or a file that holds it; by default the environment variable
        ``HEAVYWATER_TOKEN``.
    start_h2o : bool
        With False an already running session is needed: in this process, or at a node at `ip` and `port`.
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
        A node of another version is refused where both could not understand each other, else it gives a warning; with True, an error.
    ignore_config : bool
        No configuration file is read, so there is none to ignore.
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
    ice_root, max_log_file_size, enable_assertions, min_mem_size, extra_classpath, jvm_custom_args, bind_to_localhost : object
        Without effect: no JVM and no server is started. A value gives a warning by name; at a node also one for `nthreads`, `name`
        and all others that belong to how a session is started.
    **kwargs : object
        Refused by name.

    Raises
    ------
    H2OConnectionError
        A node is needed, and none is there, or it does not let in.

    Examples
    --------
    >>> h2o.init(nthreads=2, verbose=False)
    >>> h2o.cluster().cloud_size
    1
    """
    if kwargs:
        raise InvalidArgument(f"h2o.init: unknown argument {min(kwargs)!r}")
    asked = NodeArguments(
        url, ip, port, https, cacert, insecure, username, password, cookies, proxy, token, token_file
    )
    started = {
        "name": name, "nthreads": None if nthreads == -1 else nthreads, "max_mem_size": max_mem_size, "nodes": nodes,
        "secret_file": secret_file, "tls_cert": tls_cert, "tls_key": tls_key,
    }  # fmt: skip
    _warn_without_effect(
        ice_root=ice_root,
        max_log_file_size=max_log_file_size,
        enable_assertions=enable_assertions,
        min_mem_size=min_mem_size,
        extra_classpath=extra_classpath,
        jvm_custom_args=jvm_custom_args,
        bind_to_localhost=bind_to_localhost,
    )
    threads, limit = thread_count(nthreads), memory_size(max_mem_size)
    _configure_log(log_dir, log_level)
    message = _at_node(asked, start_h2o, strict_version_check)
    if message is not None:
        _warn_at_node(started)
    elif running.connection is None:
        if not start_h2o:
            raise H2OConnectionError(
                f"h2o.init: start_h2o=False, but no session runs in this process, and no node answers at {asked.address}"
            )
        start(name, threads if nodes is None else nthreads, limit, nodes, secret_file, tls_cert, tls_key)
        message = "The session runs in this process."
        _warn_without_effect(ip=ip, port=port)
    else:
        _reconfigure(running.connection.session, name, threads if nthreads != -1 else None, limit)
        warn_of_late_nodes(nodes=nodes, secret_file=secret_file, tls_cert=tls_cert, tls_key=tls_key)
        message = "The session in this process was running already."
        _warn_without_effect(ip=ip, port=port)
    if verbose:
        print(message)
        cluster().show_status()


def _reconfigure(session: Session, name: str | None, threads: int | None, limit: int | None) -> None:
    session.cluster.configure(name, threads, limit)


def _at_node(asked: NodeArguments, start_here: bool, strict: bool | None) -> str | None:
    """Connect to the node that is meant, if one is; what to tell, None where the session is to be in this process."""
    now = None if running.connection is None else running.connection.session
    found = session_meant(asked, now, start_here, strict)
    if found is None:
        return None
    if found is now:
        return f"Connected to the node at {found.url} already."
    take_over(found, asked.proxy)
    return f"Connected to the node at {found.url}."


def _warn_at_node(started: dict[str, Any]) -> None:
    given = [argument for argument, value in started.items() if value is not None]
    if given:
        warn(
            f"h2o.init: no effect of {', '.join(given)}: the node has the settings with which it was started"
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


def connect(
    server: Any = None,
    url: str | None = None,
    ip: str | None = None,
    port: int | None = None,
    https: bool | None = None,
    verify_ssl_certificates: bool | None = None,
    cacert: str | None = None,
    auth: Any = None,
    proxy: str | None = None,
    cookies: Any = None,
    verbose: bool = True,
    config: Any = None,
    strict_version_check: bool = False,
    token: str | None = None,
    token_file: str | None = None,
    context_path: str | None = None,
) -> H2OConnection:
    """Connect to a node that runs, or give the connection that there is.

    Parameters
    ----------
    server : None
        Belongs to H2O's way to start a server.
    url, ip, port, https, cacert, proxy, cookies, token, token_file
        As for `h2o.init`.
    verify_ssl_certificates : bool, optional
        With False any certificate is believed.
    auth : tuple of str, optional
        User and password, of a gateway in front of the node that asks for them.
    verbose : bool
        Whether to print the status of the node.
    config : dict, optional
        The same arguments in one object, or within it under ``connect_params``.
    strict_version_check : bool
        Whether a node of another version is refused, also where both understand each other.
    context_path : str, optional
        With `ip` and `port`: the path behind which the node is.

    Returns
    -------
    H2OConnection
        Without arguments the one that there is; a session in this process is started where there is none.

    Raises
    ------
    H2OConnectionError
        No node is there, or it does not let in.

    Examples
    --------
    >>> h2o.connect(verbose=False).connected
    True

    To a node that ``h2o serve`` has started on another machine::

        h2o.connect(url="http://training:54321", token="...")
    """
    given: dict[str, Any] = {
        "server": server, "url": url, "ip": ip, "port": port, "https": https, "verify_ssl_certificates": verify_ssl_certificates,
        "cacert": cacert, "auth": auth, "proxy": proxy, "cookies": cookies, "token": token, "token_file": token_file,
        "context_path": context_path,
    }  # fmt: skip
    given = {
        **_arguments_of(config or {}),
        **{key: value for key, value in given.items() if value is not None},
    }
    if given.pop("server", None) is not None:
        raise NotImplementedError(
            "h2o.connect: server belongs to H2O's way to start one; give the url of a node (h2o serve)"
        )
    if given.pop("verify_ssl_certificates", True) is False:
        given["insecure"] = True
    pair = given.pop("auth", None)
    if pair is not None:
        given["username"], given["password"] = _pair(pair)
    if not given:
        return connection()
    asked = NodeArguments(**given)
    now = running.connection
    if now is None or asked.address != now.base_url:
        found = session_at(asked, None if now is None else now.session, strict_version_check)
        take_over(found, asked.proxy)
    if verbose:
        cluster().show_status()
    return connection()


def _arguments_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a configuration of `h2o.connect` says, under the names of arguments."""
    known = {each.name for each in fields(NodeArguments)} | {"verify_ssl_certificates", "auth", "server"}
    found = dict(config.get("connect_params", config))
    for name in found:
        if name not in known:
            raise InvalidArgument(
                f"h2o.connect: config: {name!r} is unknown; known are {', '.join(sorted(known))}"
            )
    return found


def _pair(auth: Any) -> tuple[str, str]:
    if isinstance(auth, tuple | list) and len(auth) == 2 and all(isinstance(each, str) for each in auth):
        return auth[0], auth[1]
    raise InvalidType("h2o.connect: auth must be a tuple of user and password; a token is given as token=")


def cluster() -> H2OCluster:
    """The running session as a cluster: of the nodes it has, else of this process alone.

    Returns
    -------
    H2OCluster
        Its properties tell version, nodes, time zone ...

    Examples
    --------
    >>> h2o.cluster().cloud_healthy
    True
    """
    return connection().cluster


def cluster_info() -> None:
    """Print the status (H2O's old name for ``cluster().show_status()``).

    Examples
    --------
    >>> h2o.cluster_info()
    H2O_cluster_uptime: ...
    """
    cluster().show_status()


def cluster_status() -> None:
    """Print the status with the objects held.

    Examples
    --------
    >>> h2o.cluster_status()
    H2O_cluster_uptime: ...
    """
    cluster().show_status(True)


def network_test() -> H2OTwoDimTable:
    """Print and give how long messages take to each node and back; see `H2OCluster.network_test`.

    Returns
    -------
    H2OTwoDimTable
        A row for each node and size of a message; none without nodes.

    Examples
    --------
    >>> h2o.network_test().cell_values
    network_test: ...
    []
    """
    return cluster().network_test()


def shutdown(prompt: bool = False) -> None:
    """End the session; all frames and models are gone. Of one at a node only the connection ends, and the node goes on.

    Parameters
    ----------
    prompt : bool
        Whether to ask first.

    Examples
    --------
    >>> h2o.init(verbose=False)
    >>> cluster = h2o.cluster()
    >>> h2o.shutdown()
    >>> cluster.is_running()
    False
    """
    running.end(prompt)


def log_and_echo(message: str = "") -> None:
    """Write a message into the log (and to wherever `H2OConnection.start_logging` sends it).

    Parameters
    ----------
    message : str
        The message, without a line break at its end.

    Examples
    --------
    >>> h2o.log_and_echo("epochs are next")
    """
    logger.info("%s", message)
