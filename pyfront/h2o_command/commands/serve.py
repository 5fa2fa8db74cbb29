"""``h2o serve``: open a node that clients connect to."""

from __future__ import annotations

from typing import Any

from heavywater.errors import InvalidArgument

from ..options import GENERAL, MEMORY, SIZE, THREADS, Command, Kind, flag, number, option, whole
from ..parsing import told

_MODELS, _ACCESS, _SAFETY, _PROCESS = "scoring service", "who may ask", "what they may do", "process"
_MOST_ROWS = 100_000


def _nodes(text: str) -> Any:
    return int(text) if text.isdigit() else text


def _run(options: Any) -> None:
    from heavywater.server.running.serve_options import ServeOptions  # start-up: the help needs none of it
    from heavywater.session import memory_size, thread_count  # start-up: the help needs none of it

    same = (
        "port", "address", "name", "token_file", "tls_cert", "tls_key", "insecure_http", "allow_addresses", "expiry", "root_path",
        "access_log", "nodes", "secret_file", "save_on_exit", "port_file",
    )  # fmt: skip
    chosen = ServeOptions(
        **{name: getattr(options, name) for name in same},
        roots=tuple(options.roots or ()),
        allow_hosts=tuple(options.allow_host or ()),
        max_upload=memory_size(options.max_upload or ("64m" if options.model else "16g")) or 0,
        nthreads=thread_count(options.nthreads),
        max_mem_size=memory_size(options.max_mem),
    )
    if options.model:
        from heavywater.server.scoring.scoring_command import serve_models  # start-up: nodes need none of it

        serve_models(
            options.model, chosen, lambda text: told(text, "scoring"), options.json, options.max_rows
        )
        return
    if options.max_rows != _MOST_ROWS:
        raise InvalidArgument("--max-rows is for a scoring service: give --model FILE, too")
    from heavywater.server.node_command import serve  # start-up: a scoring service needs none of it

    serve(chosen, lambda text: told(text, "node"), options.json)


SERVE = Command(
    "serve",
    "open a node that clients connect to, or a service that scores with models from files",
    _run,
    (
        option("--model", "score with models from files, and open no session: FILE (a model, or a MOJO) or NAME=FILE",
               metavar="FILE", many=True, group=_MODELS),
        option("--max-rows", f"rows that are scored at once, with --model; {_MOST_ROWS} by default", whole(1), "N",
               default=_MOST_ROWS, group=_MODELS),
        option("--port", "54321 by default; the next free one if it is taken, any for 0",
               whole(0, 65535, "a port, 0 to 65535"), "N", default=54321, group=_ACCESS),
        option("--address", "where to listen; others than those of loopback need a token, and TLS", metavar="HOST",
               default="127.0.0.1", group=_ACCESS),
        option("--token-file", "what clients have to show, in a file that only you can read", metavar="FILE", group=_ACCESS),
        option("--tls-cert", "certificate of the node, in PEM", metavar="FILE", group=_ACCESS),
        option("--tls-key", "its key, where that is in another file", metavar="FILE", group=_ACCESS),
        flag("--insecure-http", "let other machines connect without TLS", group=_ACCESS),
        option("--allow-host", "further names under which clients may ask, as behind a proxy", metavar="NAME", many=True,
               group=_ACCESS),
        option("--root-path", "what stands before all paths, as /h2o", Kind("a text"), "PATH", default="", group=_ACCESS),
        option("--roots", "clients may name files below these folders only", metavar="FOLDER", many=True, group=_SAFETY),
        flag("--allow-addresses", "clients may name addresses (http, s3) that the node fetches", group=_SAFETY),
        option("--max-upload", "of one request; 16g by default, 64m with --model", SIZE, "SIZE", group=_SAFETY),
        option("--expiry", "after which silent clients are taken to be gone; 3600 by default",
               number(0.001, "a number of seconds above 0"), "SECONDS", default=3600.0, group=_SAFETY),
        option("--name", "of the cluster in status tables", metavar="NAME", group=_PROCESS),
        THREADS,
        MEMORY,
        option("--nodes", "so many further processes that train, or listen:HOST:PORT, where `h2o node` joins",
               Kind("a number of processes or listen:HOST:PORT", (int, str), _nodes), "N", group=_PROCESS),
        option("--secret-file", "the secret of nodes that join from elsewhere", metavar="FILE", group=_PROCESS),
        option("--save-on-exit", "where all models are saved at the end", metavar="FOLDER", group=_PROCESS),
        option("--port-file", "gets the port once clients can connect", metavar="FILE", group=_PROCESS),
        flag("--access-log", "log each request to standard error", group=_PROCESS),
        *GENERAL,
    ),
    "Open a node: h2o.init(ip=, port=) in Python and R, `h2o COMMAND --url`, and H2O's own clients connect to it. SIGTERM and "
    "Ctrl-C end it, with exit code 0. With --json, one line of JSON tells url, address, port and pid once clients can connect. "
    "With --model it is a scoring service: POST /score/NAME takes rows as JSON, CSV or Arrow; /docs and /openapi.json tell how, "
    "/health and /metrics (Prometheus) are for who runs it.",
    (
        ("For this machine", "h2o serve"),
        ("For others, with TLS", "h2o serve --address 0.0.0.0 --token-file token --tls-cert node.pem --tls-key node.key "
         "--allow-host node.example --roots /srv/data"),
        ("To score with models from files", "h2o serve --model churn.model risk=risk_mojo.zip"),
        ("For a script", "h2o serve --port 0 --port-file port --save-on-exit models"),
    ),
)  # fmt: skip
