"""The session that a command works in: of this process, or of a node."""

from __future__ import annotations

import re
import sys
from typing import Any

from .parsing import Parser


def check(options: Any, parser: Parser) -> None:
    """Refuse options that contradict each other; what a configuration file has for another case gives way."""
    if options.url is None:
        for name in ("token_file", "tls_ca"):
            if name in options.given:
                parser.error(f"--{name.replace('_', '-')} belongs to --url")
        return
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", options.url):
        parser.error(f"--url {options.url} must have the form http://HOST:PORT or https://HOST:PORT")
    for name in ("nthreads", "max_mem"):
        if name in options.given:
            parser.error(
                f"--{name.replace('_', '-')} belongs to a session in this process; with --url the node has its own"
            )
    if options.tls_ca is not None and "tls_ca" in options.given and options.url.startswith("http:"):
        parser.error("--tls-ca belongs to --url https://...")


def opened(options: Any) -> Any:
    """The package `h2o` with a session, for the time of a command."""
    import h2o  # start-up: the help needs none of it

    h2o.init(
        nthreads=options.nthreads, max_mem_size=options.max_mem, strict_version_check=False, verbose=False
    )
    if sys.stderr is None or not sys.stderr.isatty():
        h2o.no_progress()
    return h2o
