"""A node in the foreground: what ``h2o serve`` does."""

from __future__ import annotations

import os
from collections.abc import Callable

from ..cluster.tls import Tls
from ..errors import HeavywaterError, InvalidArgument
from ..files import absolute, path_for
from ..session import LocalSession, start_here
from .node.open_node import OpenNode
from .node_server import RunningNode
from .running.foreground import announce, ended_by_signals
from .running.log_aside import logged_aside
from .running.serve_options import ServeOptions

JOBS_SECONDS = 30.0  # in which jobs that are asked to stop may do so


def serve(
    options: ServeOptions, tell: Callable[[str], None] = lambda text: None, as_json: bool = False
) -> None:
    """Be a node, in the main thread, until SIGTERM or SIGINT comes or a client asks for the end.

    Parameters
    ----------
    options : ServeOptions
    tell : callable
        Is given what a user should know, line by line.
    as_json : bool
        Print one line of JSON to standard output once clients can connect: ``url``, ``address``, ``port``, ``pid``.

    Raises
    ------
    InvalidArgument
        The node cannot be started so.
    """
    node_options, tls = options.node_options(), Tls.of(cert=options.tls_cert, key=options.tls_key)
    if options.save_on_exit is not None:
        _check_folder(options.save_on_exit)
    session = start_here(
        options.name,
        options.nthreads,
        options.max_mem_size,
        nodes=options.nodes,
        secret_file=options.secret_file,
    )
    node = OpenNode(session, node_options)

    def end_jobs() -> None:
        tell("ending: jobs that run are asked to stop")
        _stop_jobs(session)

    with (
        logged_aside(options.access_log),
        ended_by_signals(node.ended),
        RunningNode(node, options.address, options.port, tls, end_jobs) as running,
    ):
        announce(running, options, tell, as_json)
        tell(f"{running.url} in a browser is its web interface")
        node.ended.wait()
    if options.save_on_exit is not None:
        _save(session, options.save_on_exit, tell)
    session.cluster.close()


def _check_folder(folder: str) -> None:
    """Before the work, not after it."""
    path = absolute(folder)
    try:
        os.makedirs(path, exist_ok=True)
        usable = os.access(path, os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        raise InvalidArgument(f"--save-on-exit {folder}: no folder that can be written into")


def _stop_jobs(session: LocalSession) -> None:
    running = [each["job"] for each in session.jobs.known() if each["status"] == "RUNNING"]
    for job in running:
        session.jobs.cancel(job)
    for job in running:
        session.jobs.wait(job, JOBS_SECONDS)


def _save(session: LocalSession, folder: str, tell: Callable[[str], None]) -> None:
    """Keep all models; one that cannot be saved does not keep others from it."""
    for key in session.objects.keys("model"):
        try:
            tell(f"saved {session.model_files.save(key, path_for(folder, key), force=True)}")
        except HeavywaterError as error:
            tell(f"model {key!r} is lost: {error}")
