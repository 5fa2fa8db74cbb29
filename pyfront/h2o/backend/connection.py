"""Start, status and end of the session that holds frames and models."""

from __future__ import annotations

import logging
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from heavywater import __version__
from heavywater.errors import InvalidArgument, warn
from heavywater.session import LocalSession, available_cores, memory_size, thread_count

from ..display.tables import format_table, html_table
from ..elsewhere.stand_ins import AbsentMembers, names_of
from ..exceptions import H2OConnectionError, RemoteNodeRefused

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..two_dim_table import H2OTwoDimTable

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


class H2OResponse(dict[str, Any]):
    """An answer as a dictionary, the form in which H2O's server gives it."""


class H2OCluster(AbsentMembers):
    """The running session, as `h2o.cluster` gives it."""

    def __init__(self, session: LocalSession) -> None:
        self._session = session
        self._running = True

    @property
    def version(self) -> str:
        """Version of heavywater."""
        return __version__

    @property
    def cloud_name(self) -> str:
        """The name given to `h2o.init`."""
        return self._session.name

    @property
    def cloud_size(self) -> int:
        """Number of nodes; 1, this process."""
        return 1

    @property
    def cloud_healthy(self) -> bool:
        """Whether the session can be used."""
        return self._running

    @property
    def nodes(self) -> list[dict[str, Any]]:
        """One entry for each node: name, cores, memory."""
        status = self._session.cluster_status()
        return [
            {
                "h2o": f"process {status['pid']}",
                "healthy": self._running,
                "num_cpus": status["total_cores"],
                "cpus_allowed": status["allowed_cores"],
                "nthreads": status["allowed_cores"],
                "pid": status["pid"],
                "mem_value_size": status["memory_used"],
                "max_mem": status["max_mem_size"],
            }
        ]

    @property
    def timezone(self) -> str:
        """Time zone in which the time operations read the clock; setting it changes it."""
        zone: str = self._session.evaluate(("getTimeZone",))
        return zone

    @timezone.setter
    def timezone(self, name: str) -> None:
        self._session.evaluate(("setTimeZone", name))

    def list_timezones(self) -> H2OFrame:
        """Names of all known time zones, as a frame of one column."""
        from ..frame.h2oframe import H2OFrame

        return H2OFrame._wrap(self._session.evaluate(("listTimeZones",)).key, self._session, own=True)

    def is_running(self) -> bool:
        """Whether the session has not been shut down."""
        return self._running

    def status_rows(self) -> list[list[str]]:
        """Status as rows of name and value."""
        status = self._session.cluster_status()
        limit = status["max_mem_size"]
        return [
            ["H2O_cluster_uptime:", _duration(status["uptime_ms"])],
            ["H2O_cluster_timezone:", self.timezone],
            ["H2O_cluster_version:", f"{self.version} (heavywater)"],
            ["H2O_cluster_name:", self.cloud_name],
            ["H2O_cluster_total_nodes:", "1 (this process)"],
            ["H2O_cluster_memory_limit:", "none" if limit is None else f"{limit / 2**30:.4g} GB"],
            ["H2O_cluster_memory_used:", f"{status['memory_used'] / 2**20:.4g} MB in frames"],
            ["H2O_cluster_total_cores:", str(status["total_cores"])],
            ["H2O_cluster_allowed_cores:", str(status["allowed_cores"])],
            ["H2O_cluster_status:", "healthy" if self._running else "shut down"],
            ["Python_version:", sys.version.split()[0]],
        ]

    def get_status(self) -> H2OTwoDimTable:
        """The status as a table of one row."""
        from ..two_dim_table import H2OTwoDimTable

        rows = self.status_rows()
        return H2OTwoDimTable(
            col_header=[name.rstrip(":") for name, _ in rows], cell_values=[[value for _, value in rows]]
        )

    def get_status_details(self) -> H2OTwoDimTable:
        """The status of each node as a table."""
        from ..two_dim_table import H2OTwoDimTable

        nodes = self.nodes
        rows = [[f"Node {i + 1}", *node.values()] for i, node in enumerate(nodes)]
        return H2OTwoDimTable(col_header=["node", *nodes[0]], cell_values=rows)

    def node(self, node_id: int) -> dict[str, Any]:
        """Facts about a node, counted from 0."""
        nodes = self.nodes
        if isinstance(node_id, bool) or not isinstance(node_id, int) or not 0 <= node_id < len(nodes):
            raise InvalidArgument(f"node: node_id={node_id!r} must be in 0 .. {len(nodes) - 1}")
        return nodes[node_id]

    def check_version(self, strict: bool = False) -> None:
        """Nothing to do: client and core are one package of one version."""

    def show_status(self, detailed: bool = False) -> None:
        """Print the status; detailed adds the objects held."""
        print(self)
        if detailed:
            keys = self._session.keys()
            print(format_table(["key"], [[key] for key in keys], title="Objects"))

    def shutdown(self, prompt: bool = False) -> None:
        """End the session; see `h2o.shutdown`."""
        shutdown(prompt)

    def list_all_extensions(self) -> list[str]:
        """Algorithms that can be trained."""
        return ["DeepLearning"]

    def network_test(self) -> None:
        """There is no network between nodes in one process."""
        raise NotImplementedError(
            "network_test: the session runs in this process; there is no network to test"
        )

    def __str__(self) -> str:
        rows = self.status_rows()
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:{width}}  {value}" for name, value in rows)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_table(["", ""], self.status_rows())


def _duration(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    if seconds < 60:
        return f"{seconds} secs" if seconds >= 1 else f"{milliseconds} ms"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} hours {minutes} mins" if hours else f"{minutes} mins {seconds} secs"


class H2OConnection(AbsentMembers):
    """What scripts ask of the connection; here it leads to this process."""

    def __init__(self, session: LocalSession, cluster: H2OCluster) -> None:
        self.session = session
        self.cluster = cluster
        self._log: Any = None
        self.start_time = time.time()

    @property
    def name(self) -> str:
        """Name of the session."""
        return self.session.name

    @property
    def base_url(self) -> str:
        """Where requests go."""
        return "in-process"

    @property
    def requests_count(self) -> int:
        """Expressions evaluated so far."""
        return self.session.requests_count

    @property
    def session_id(self) -> str:
        """Id of the session, part of the names of temporaries."""
        return f"_sid_{id(self.session) & 0xFFFF:04x}"

    @property
    def timeout_interval(self) -> None:
        """There is no time limit on requests."""
        return None

    @property
    def proxy(self) -> None:
        """There is no proxy."""
        return None

    @property
    def connected(self) -> bool:
        """Whether the session runs."""
        return self.cluster.is_running()

    def start_logging(self, dest: Any = None) -> None:
        """Log to a file or stream from now on (standard output by default)."""
        self.stop_logging()
        if dest is None or hasattr(dest, "write"):
            self._log = logging.StreamHandler(dest or sys.stdout)
        else:
            self._log = logging.FileHandler(dest, encoding="utf-8")
        logger.addHandler(self._log)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.INFO)

    def stop_logging(self) -> None:
        """End what `start_logging` began."""
        if self._log is not None:
            logger.removeHandler(self._log)
            self._log.close()
            self._log = None

    def close(self) -> None:
        """End the session; the same as ``h2o.shutdown()``."""
        shutdown()

    def __repr__(self) -> str:
        return f"<H2OConnection to this process, {'open' if self.connected else 'closed'}>"


_connection: H2OConnection | None = None


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
        Belong to a remote node, which comes later; a value raises NotImplementedError (``ip`` of this
        machine and any ``port`` beside it are accepted with a warning, as no server is started).
    ice_root, max_log_file_size, enable_assertions, min_mem_size, extra_classpath, jvm_custom_args,
    bind_to_localhost
        Without effect: no JVM and no server is started. A value gives a warning by name.
    """
    if kwargs:
        raise InvalidArgument(f"h2o.init: unknown argument {sorted(kwargs)[0]!r}")
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
    if _connection is None:
        if not start_h2o:
            raise H2OConnectionError("h2o.init: start_h2o=False, but no session runs in this process")
        _start(name, threads, limit)
        message = "The session runs in this process."
    else:
        _reconfigure(_connection.session, name, threads if nthreads != -1 else None, limit)
        message = "The session in this process was running already."
    if verbose:
        print(message)
        cluster().show_status()


def _start(name: str | None, threads: int, limit: int | None) -> H2OConnection:
    global _connection
    session = LocalSession(name or f"heavywater_{os.getpid()}", threads, limit)
    _connection = H2OConnection(session, H2OCluster(session))
    logger.info("session %s started, %d threads", session.name, threads)
    return _connection


def _reconfigure(session: LocalSession, name: str | None, threads: int | None, limit: int | None) -> None:
    session.name = name or session.name
    session.nthreads = threads or session.nthreads
    session.max_mem_size = limit if limit is not None else session.max_mem_size


_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


def _refuse_remote(ip: str | None, **arguments: Any) -> None:
    if ip is not None and ip not in _HERE:
        raise RemoteNodeRefused(
            f"Could not establish link: ip={ip!r}: connecting to a remote node comes later; leave ip out to "
            "work in this process"
        )
    for argument, value in arguments.items():
        if value not in (None, False):
            shown = "" if argument in ("password", "cookies") else f"={value!r}"
            raise RemoteNodeRefused(
                f"Could not establish link: {argument}{shown} belongs to a remote node, which comes later; "
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


def session() -> LocalSession:
    """The running session; one is started quietly when there is none."""
    if _connection is None:
        return _start(None, available_cores(), None).session
    return _connection.session


def connect(**arguments: Any) -> H2OConnection:
    """The connection to this process; arguments that name a remote node are refused."""
    arguments.pop("verbose", None)
    config = arguments.pop("config", None) or {}
    _refuse_remote(**{"ip": None, **arguments, **config, "port": None})
    session()
    return connection()


def connection() -> H2OConnection:
    """The connection to this process (started quietly when there is none)."""
    session()
    assert _connection is not None
    return _connection


def cluster() -> H2OCluster:
    """The running session as a cluster of one node."""
    return connection().cluster


def cluster_info() -> None:
    """Print the status (H2O's old name for ``cluster().show_status()``)."""
    cluster().show_status()


def cluster_status() -> None:
    """Print the status with the objects held."""
    cluster().show_status(True)


def shutdown(prompt: bool = False) -> None:
    """End the session; all frames and models are gone.

    Parameters
    ----------
    prompt : bool
        Whether to ask first.
    """
    global _connection
    if _connection is None:
        return
    if prompt and input(
        "End the session? All frames and models will be lost. (y/N) "
    ).strip().lower() not in ("y", "yes"):
        return
    _connection.stop_logging()
    _connection.cluster._running = False
    _connection.session.remove_all()
    logger.info("session %s ended", _connection.session.name)
    _connection = None


def log_and_echo(message: str = "") -> None:
    """Write a message into the log (and to wherever `H2OConnection.start_logging` sends it)."""
    logger.info("%s", message)


__getattr__ = names_of(__name__)
