"""A server in the foreground: signals that end it, and where it says that it is there."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ...files import new_file
from .running_server import RunningServer
from .serve_options import ServeOptions

_FILES = 65536


@contextmanager
def ended_by_signals(ended: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set an event; a second one ends the process, as usual. It may have many connections."""
    _allow_many_connections()
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: Any) -> None:
        if ended.is_set():
            sys.exit(128 + number)
        ended.set()

    before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def announce(
    running: RunningServer, options: ServeOptions, tell: Callable[[str], None], as_json: bool
) -> None:
    """Tell where clients can connect, now that they can: on standard error, in a file, as JSON on standard output."""
    if options.port_file is not None:
        with (
            new_file(options.port_file, force=True) as (_, beside),
            open(beside, "w", encoding="ascii") as file,
        ):
            file.write(f"{running.port}\n")
    if as_json:
        facts = {"url": running.url, "address": running.host, "port": running.port, "pid": os.getpid()}
        print(json.dumps(facts), file=sys.__stdout__, flush=True)
    if options.port and running.port != options.port:
        tell(f"port {options.port} is taken")
    tell(
        f"open at {running.url}"
        + (f", and from elsewhere at port {running.port}" if running.is_at_all_addresses else "")
    )
    if options.token_file is None:
        tell("every user of this machine can connect; --token-file FILE lets in only who knows a token")
    if options.token_file is not None and sys.stderr.isatty():  # not for files of logs
        tell(f"in a browser, once and within ten minutes: {running.new_link()}")


def _allow_many_connections() -> None:
    """Let this process have as many connections as the system allows, not only the thousand of a usual shell."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(least, wanted), most))
