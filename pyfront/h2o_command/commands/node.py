"""``h2o node``: train for the session of another process."""

from __future__ import annotations

from typing import Any

from ..options import GENERAL, MEMORY, THREADS, Command, number, option
from ..output import Answer
from ..parsing import told


def _run(options: Any) -> Answer:
    from heavywater.session import (
        memory_size,
        serve_as_node,
        thread_count,
    )  # start-up: the help needs none of it

    limit = memory_size(options.max_mem)
    serve_as_node(
        options.join,
        options.secret_file,
        thread_count(options.nthreads),
        limit,
        lambda text: told(text, "node"),
        options.wait,
        ca=options.tls_ca,
        cert=options.tls_cert,
        key=options.tls_key,
    )
    return {"node": "the session has ended"}


NODE = Command(
    "node",
    "train models for a session on another machine",
    _run,
    (
        option("--join", "where the session listens", metavar="HOST:PORT", required=True),
        option("--secret-file", "the secret of the session, in a file that only you can read", metavar="FILE", required=True),
        THREADS,
        MEMORY,
        option("--wait", "how long to wait for a session that does not listen yet; 10 by default",
               number(0.0, "a number of seconds"), "SECONDS", default=10.0),
        option("--tls-ca", "join with TLS; who vouches for the certificate of the session, in PEM", metavar="FILE"),
        option("--tls-cert", "certificate that this node shows to other nodes, in PEM", metavar="FILE"),
        option("--tls-key", "its key, where that is in another file", metavar="FILE"),
        *GENERAL,
    ),
    "Join a session that was started with h2o.init(nodes='listen:HOST:PORT', secret_file=FILE), and end with it.",
    (
        ("All cores, for the session on another machine", "h2o node --join leader:54330 --secret-file secret"),
        ("8 threads, 16 GB, and patience", "h2o node --join leader:54330 --secret-file secret --nthreads 8 --max-mem 16g "
         "--wait 600"),
    ),
)  # fmt: skip
