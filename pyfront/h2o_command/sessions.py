"""The session that a command works in: of this process, or of a node."""

from __future__ import annotations

import contextlib
import re
import sys
from typing import Any

from heavywater.errors import HeavywaterError, shortened, warn

from .parsing import Parser


def check(options: Any, parser: Parser) -> None:
    """Refuse options that contradict each other; what a configuration file has for another case gives way."""
    if options.url is None:
        for name in ("token_file", "tls_ca"):
            if name in options.given:
                parser.error(f"--{name.replace('_', '-')} belongs to --url")
        return
    if not re.fullmatch(r"https?://[^/\s@]+(/[^\s@]*)?", options.url):
        parser.error(
            f"--url {shortened(options.url)} must have the form http://HOST:PORT or https://HOST:PORT"
        )
    for name in ("nthreads", "max_mem"):
        if name in options.configured:
            warn(f"{name} of {options.config} has no effect: the node at {options.url} has its own")
        if name in options.given:
            parser.error(
                f"--{name.replace('_', '-')} belongs to a session in this process; with --url the node has its own"
            )
    if options.tls_ca is not None and "tls_ca" in options.given and options.url.startswith("http:"):
        parser.error("--tls-ca belongs to --url https://...")


def opened(options: Any) -> Any:
    """The package `h2o` with a session, for the time of a command: of this process, or of a node."""
    import h2o  # start-up: the help needs none of it

    if options.url is None:
        h2o.init(
            nthreads=options.nthreads, max_mem_size=options.max_mem, strict_version_check=False, verbose=False
        )
    else:
        options.later.callback(setattr, h2o.backend.running, "connection", h2o.backend.running.connection)
        h2o.backend.running.connection = None  # a session that this process has is the one again afterwards
        h2o.connect(url=options.url, token_file=options.token_file, cacert=options.tls_ca, verbose=False)
        options.later.callback(h2o.connection().close)
    if sys.stderr is None or not sys.stderr.isatty():
        h2o.no_progress()
    return h2o


def forget(h2o: Any, key: str, options: Any) -> None:
    """Let an object go with the command, where it is on a node that others use; this process ends anyway."""
    if options.url is not None:
        options.later.callback(_removed, h2o, key)


def _removed(h2o: Any, key: str) -> None:
    with contextlib.suppress(HeavywaterError):  # somebody else has removed it, or the node has ended
        h2o.remove(key)
