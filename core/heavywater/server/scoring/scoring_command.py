"""A scoring service in the foreground: what ``h2o serve --model`` does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

from ...cluster.tls import Tls
from ...deeplearning.model.row_scoring import scored_often
from ...errors import InvalidArgument
from ..gate.guard import Guard
from ..running.foreground import announce, ended_by_signals
from ..running.log_aside import logged_aside
from ..running.running_server import RunningServer
from ..running.serve_options import ServeOptions
from .scoring_app import LIVE, MOST_ROWS, READY, REFUSALS, ScoringApp
from .served_models import load_models

MAX_UPLOAD = 64 * 2**20  # bytes of the body of a request, where the user does not say
# What only a session has.
_OF_NODES = (
    "roots",
    "allow_addresses",
    "expiry",
    "name",
    "max_mem_size",
    "nodes",
    "secret_file",
    "save_on_exit",
)


def serve_models(
    files: Sequence[str],
    options: ServeOptions,
    tell: Callable[[str], None] = lambda text: None,
    as_json: bool = False,
    most_rows: int = MOST_ROWS,
) -> None:
    """Score with the models in some files, in the main thread, until SIGTERM or SIGINT comes.

    Parameters
    ----------
    files : sequence of str
        See `heavywater.server.scoring.served_models.load_models`.
    options : ServeOptions
        Those of nodes alone must be as they are by default.
    tell : callable
        Is given what a user should know, line by line.
    as_json : bool
        Print one line of JSON to standard output once clients can connect: ``url``, ``address``, ``port``, ``pid``.
    most_rows : int
        That one request may have.

    Raises
    ------
    InvalidArgument
        The service cannot be started so.
    ParseError
        A file is not there, or holds no model.
    """
    _check(options, most_rows)
    guarded, tls = options.node_options(), Tls.of(cert=options.tls_cert, key=options.tls_key)
    ended = threading.Event()
    app = ScoringApp(load_models(files, max(1, options.nthreads)), most_rows, ended.is_set)
    guard = Guard(app.starlette(), replace(guarded, max_text=guarded.max_upload), (*READY, LIVE), REFUSALS)
    with (
        logged_aside(options.access_log),
        scored_often(),
        ended_by_signals(ended),
        RunningServer(guard, ended, options.address, options.port, tls, options.root_path) as running,
    ):
        for each in app.names:
            tell(f"model {each!r}")
        announce(running, options, tell, as_json)
        ended.wait()
        tell("ending")


def _check(options: ServeOptions, most_rows: int) -> None:
    usual = {each.name: each.default for each in fields(options)}
    for name in _OF_NODES:
        if getattr(options, name) != usual[name]:
            raise InvalidArgument(
                f"--{name.replace('_', '-').replace('-size', '')} is for nodes, which have a session; with --model there is none"
            )
    if most_rows < 1:
        raise InvalidArgument(f"--max-rows {most_rows}: must be 1 at least")
