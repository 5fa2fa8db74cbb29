"""The command ``h2o``: import, train, predict and demo without writing a script; and nodes of a session.

Results go to standard output, progress and remarks to standard error. Exit codes: 0 done, 1 wrong data or parameters,
2 wrong use of the command, 75 the session of a node is not there, or not any more, 130 interrupted,
143 a node was asked to end (SIGTERM).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import math
import os
import signal
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from heavywater import __version__
from heavywater.errors import HeavywaterError, InvalidArgument, NoSession, NotSaved, UnstableModel
from heavywater.session import memory_size, serve_as_node, thread_count

import h2o

Answer = dict[str, Any]
_AGAIN = 75  # what mail programs began: it may go better another time


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : list of str, optional
        By default those of the process.

    Returns
    -------
    int
        The exit code.
    """
    options = _parser().parse_args(arguments)
    warnings.showwarning = _remark
    try:
        with contextlib.redirect_stdout(sys.stderr):
            answer = options.run(options)
        if answer:
            print(json.dumps(_plain(answer), indent=1, allow_nan=False) if options.json else _text(answer))
        sys.stdout.flush()
        return 0
    except KeyboardInterrupt:
        print("h2o: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not _explained(error):
            raise
        print(f"h2o: {error}", file=sys.stderr)
        return _AGAIN if isinstance(error, NoSession) else 1


def _explained(error: Exception) -> bool:
    """Whether the message is all that a user needs."""
    return isinstance(error, HeavywaterError | NotImplementedError | OSError)


def _remark(message: Any, *_: Any, **__: Any) -> None:
    print(f"h2o: {message}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "h2o", description="Deep Learning on tables, as H2O does it, without Java."
    )
    parser.add_argument("--version", action="version", version=f"heavywater {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = _reading(commands, "import", _import, "read a data file and describe its columns")
    one.add_argument("data", help="file, folder, pattern or address")
    one.add_argument(
        "--output", metavar="FILE", help="write the data there: CSV, or a folder of Parquet files (*.parquet)"
    )
    one.add_argument("--force", action="store_true", help="replace that file")

    one = _reading(commands, "train", _train, "train a model and save it")
    one.add_argument("data", help="training data: file, folder, pattern or address")
    one.add_argument("--response", metavar="COLUMN", help="what to predict; none for an autoencoder")
    one.add_argument("--predictors", metavar="COLUMN", nargs="+", help="by default all other columns")
    one.add_argument(
        "--factors", metavar="COLUMN", nargs="+", default=[], help="number columns that are classes"
    )
    one.add_argument("--validation", metavar="DATA", help="data to score during training")
    one.add_argument("--set", metavar="NAME=VALUE", action="append", default=[],
                     help="a parameter, such as --set hidden=[20,20] --set epochs=5; may be repeated")  # fmt: skip
    one.add_argument("--parameters", metavar="FILE", help="JSON file with parameters")
    one.add_argument("--model", metavar="FILE", required=True, help="where the model is saved")
    one.add_argument("--force", action="store_true", help="replace that file")

    one = _reading(commands, "predict", _predict, "predict with a saved model")
    one.add_argument("model", help="file of a model, or a MOJO")
    one.add_argument("data", help="file, folder, pattern or address")
    one.add_argument(
        "--output",
        metavar="FILE",
        required=True,
        help="where the predictions are written: CSV, or a folder of Parquet files (*.parquet)",
    )
    one.add_argument("--force", action="store_true", help="replace that file")

    _command(commands, "demo", _demo, "show a network at work")

    one = commands.add_parser(
        "node",
        help="train models for a session on another machine",
        description="Join a session that was started with h2o.init(nodes='listen:HOST:PORT', secret_file=FILE), and end with it.",
    )
    one.set_defaults(run=_node, json=False)
    one.add_argument("--join", metavar="HOST:PORT", required=True, help="where the session listens")
    one.add_argument("--secret-file", metavar="FILE", required=True,
                     help="the secret of the session, in a file that only you can read")  # fmt: skip
    one.add_argument("--nthreads", type=int, default=-1, metavar="N", help="by default all cores")
    one.add_argument("--max-mem", metavar="SIZE", help="limit for frames and models, such as 512m or 4g")
    one.add_argument("--wait", type=float, default=10.0, metavar="SECONDS",
                     help="how long to wait for a session that does not listen yet; 10 by default")  # fmt: skip
    one.add_argument(
        "--tls-ca",
        metavar="FILE",
        help="join with TLS; who vouches for the certificate of the session, in PEM",
    )
    one.add_argument(
        "--tls-cert", metavar="FILE", help="certificate that this node shows to other nodes, in PEM"
    )
    one.add_argument("--tls-key", metavar="FILE", help="its key, where that is in another file")
    _serving(commands)
    return parser


def _serving(commands: Any) -> None:
    one = commands.add_parser(
        "serve",
        help="open a node that clients connect to",
        description="Open a node: h2o.init(ip=, port=) in Python and R, and H2O's own clients, connect to it. SIGTERM and Ctrl-C "
        "end it, with exit code 0.",
    )
    one.set_defaults(run=_serve)
    one.add_argument(
        "--json", action="store_true", help="print url, address, port and pid as one line of JSON"
    )
    one.add_argument("--port", type=int, default=54321, metavar="N",
                     help="54321 by default; the next free one if it is taken, any for 0")  # fmt: skip
    one.add_argument("--address", default="127.0.0.1", metavar="HOST",
                     help="where to listen; others than those of loopback need a token, and TLS")  # fmt: skip
    one.add_argument("--name", metavar="NAME", help="of the cluster in status tables")
    one.add_argument("--token-file", metavar="FILE",
                     help="what clients have to show, in a file that only you can read")  # fmt: skip
    one.add_argument("--tls-cert", metavar="FILE", help="certificate of the node, in PEM")
    one.add_argument("--tls-key", metavar="FILE", help="its key, where that is in another file")
    one.add_argument("--insecure-http", action="store_true", help="let other machines connect without TLS")
    one.add_argument("--roots", metavar="FOLDER", nargs="+", default=[],
                     help="clients may name files below these folders only")  # fmt: skip
    one.add_argument("--allow-host", metavar="NAME", nargs="+", default=[],
                     help="further names under which clients may ask, as behind a proxy")  # fmt: skip
    one.add_argument(
        "--allow-addresses",
        action="store_true",
        help="clients may name addresses (http, s3) that the node fetches",
    )
    one.add_argument("--max-upload", metavar="SIZE", default="16g", help="of one request; 16g by default")
    one.add_argument("--expiry", type=float, default=3600.0, metavar="SECONDS",
                     help="after which silent clients are taken to be gone; 3600 by default")  # fmt: skip
    one.add_argument("--root-path", default="", metavar="PATH", help="what stands before all paths, as /h2o")
    one.add_argument("--nthreads", type=int, default=-1, metavar="N", help="by default all cores")
    one.add_argument("--max-mem", metavar="SIZE", help="limit for frames and models, such as 512m or 4g")
    one.add_argument("--nodes", metavar="N", help="so many processes that train, or listen:HOST:PORT")
    one.add_argument("--secret-file", metavar="FILE", help="the secret of nodes that join from elsewhere")
    one.add_argument("--save-on-exit", metavar="FOLDER", help="where all models are saved at the end")
    one.add_argument("--port-file", metavar="FILE", help="gets the port once clients can connect")
    one.add_argument("--access-log", action="store_true", help="log each request to standard error")


def _command(commands: Any, name: str, run: Callable[[Any], Answer], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text.capitalize() + "."
    )
    parser.set_defaults(run=run)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--threads", type=int, default=-1, metavar="N", help="by default all cores")
    return parser


def _reading(commands: Any, name: str, run: Callable[[Any], Answer], text: str) -> argparse.ArgumentParser:
    """A command that reads data files."""
    parser = _command(commands, name, run, text)
    how = parser.add_argument_group("how data files are read")
    how.add_argument("--separator", metavar="TEXT", help="between fields; found out by default")
    how.add_argument(
        "--fill", action="store_true", help="take missing fields at the end of a line for missing cells"
    )
    how.add_argument(
        "--skip-footer", type=int, default=0, metavar="N", help="lines at the end that hold no data"
    )
    how.add_argument(
        "--encoding", metavar="NAME", help="of texts, such as latin-1, cp1252 or utf-16; UTF-8 by default"
    )
    how.add_argument(
        "--comments", metavar="TEXT", help="characters at the beginning of lines without data; # by default"
    )
    return parser


# ---- the commands


def _start(options: Any) -> Any:
    h2o.init(nthreads=options.threads, strict_version_check=False, verbose=False)
    if not sys.stderr.isatty():
        h2o.no_progress()
    return h2o


def _import(options: Any) -> Answer:
    _check_free("--output", options.output, options.force)
    h2o = _start(options)
    frame = _read(h2o, options.data, options)
    if options.output is not None:
        _write(h2o, frame, options.output, options.force)
    return {"rows": frame.nrow, "columns": frame.ncol, "types": dict(frame.types)}


def _train(options: Any) -> Answer:
    _check_free("--model", options.model, options.force)
    h2o = _start(options)
    frame = _data(h2o, options.data, options)
    validation = None if options.validation is None else _data(h2o, options.validation, options)
    model = h2o.H2ODeepLearningEstimator(**_parameters(options))
    unsaved = ""
    try:
        model.train(
            x=options.predictors, y=options.response, training_frame=frame, validation_frame=validation
        )
    except NotSaved as error:
        unsaved = str(error)
    except UnstableModel as error:  # the last good weights would end with this process
        kept = _saved(h2o, h2o.get_model(h2o.models()[-1]), options)
        raise UnstableModel(f"{str(error).rstrip('.')}; it is saved as {kept}") from None
    path = _saved(h2o, model, options)
    if unsaved:
        raise NotSaved(f"{str(unsaved).rstrip('.')}; it is saved as {path}", model.model_id)
    output = model._model_json["output"]
    kinds = ("training_metrics", "validation_metrics", "cross_validation_metrics")
    metrics = {kind: _numbers(output[kind]) for kind in kinds if output.get(kind) is not None}
    return {"model": path, "model_id": model.model_id, **metrics}


def _saved(h2o: Any, model: Any, options: Any) -> str:
    """The file of a model; where it cannot be written, the training is not lost: the model is kept elsewhere."""
    folder, name = os.path.split(os.path.abspath(options.model))
    try:
        return str(h2o.save_model(model, folder, force=options.force, filename=name))
    except InvalidArgument as error:
        kept = h2o.save_model(model, tempfile.mkdtemp(prefix="h2o_"), filename=name)
        raise NotSaved(f"{str(error).rstrip('.')}; the model is kept as {kept}", model.model_id) from error


def _predict(options: Any) -> Answer:
    _check_free("--output", options.output, options.force)
    h2o = _start(options)
    load = h2o.import_mojo if zipfile.is_zipfile(options.model) else h2o.load_model
    model = load(options.model)
    predictions = model.predict(_read(h2o, options.data, options))
    _write(h2o, predictions, options.output, options.force)
    return {"predictions": os.path.abspath(options.output), "rows": predictions.nrow}


def _node(options: Any) -> Answer:
    limit = memory_size(options.max_mem)
    signal.signal(signal.SIGTERM, _end)  # which the first process of a container would not see
    serve_as_node(
        options.join,
        options.secret_file,
        thread_count(options.nthreads),
        limit,
        _tell,
        options.wait,
        ca=options.tls_ca,
        cert=options.tls_cert,
        key=options.tls_key,
    )
    return {"node": "the session has ended"}


def _serve(options: Any) -> Answer:
    from heavywater.server.node_command import ServeOptions, serve  # start-up: only nodes need a server

    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if options.access_log else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    chosen = ServeOptions(
        port=options.port,
        address=options.address,
        name=options.name,
        token_file=options.token_file,
        tls_cert=options.tls_cert,
        tls_key=options.tls_key,
        insecure_http=options.insecure_http,
        roots=tuple(options.roots),
        allow_hosts=tuple(options.allow_host),
        allow_addresses=options.allow_addresses,
        max_upload=memory_size(options.max_upload) or 0,
        expiry=options.expiry,
        root_path=options.root_path,
        access_log=options.access_log,
        nthreads=thread_count(options.nthreads),
        max_mem_size=memory_size(options.max_mem),
        nodes=int(options.nodes) if (options.nodes or "").isdigit() else options.nodes,
        secret_file=options.secret_file,
        save_on_exit=options.save_on_exit,
        port_file=options.port_file,
    )
    serve(chosen, _tell, options.json)
    return {}  # all was said before


def _end(number: int, _: Any) -> None:
    sys.exit(128 + number)


def _tell(text: str) -> None:
    print(f"node: {text}", file=sys.stderr, flush=True)


def _demo(options: Any) -> Answer:
    _start(options).demo("deeplearning")
    return {"demo": "done"}


def _check_free(option: str, path: str | None, force: bool) -> None:
    """Before the work, not after it."""
    if path is None or not os.path.exists(path):
        return
    if os.path.isdir(path):
        raise InvalidArgument(f"{option} {path}: there is such a folder; give another name, or remove it")
    if not force:
        raise InvalidArgument(
            f"{option} {path}: there is such a file; give another name, or --force to replace it"
        )


def _read(h2o: Any, source: str, options: Any) -> Any:
    return h2o.import_file(
        source,
        sep=options.separator,
        fill=options.fill,
        skip_footer=options.skip_footer,
        encoding=options.encoding,
        custom_non_data_line_markers=options.comments,
    )


def _data(h2o: Any, source: str, options: Any) -> Any:
    frame = _read(h2o, source, options)
    for column in options.factors:
        frame[column] = frame[column].asfactor()
    return frame


def _write(h2o: Any, frame: Any, path: str, force: bool) -> None:
    h2o.export_file(frame, path, force=force, format="parquet" if path.endswith(".parquet") else "csv")


def _parameters(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options.parameters is not None:
        with open(options.parameters, encoding="utf-8") as file:
            try:
                found = json.load(file)
            except ValueError as error:
                raise InvalidArgument(f"{options.parameters}: no valid JSON ({error})") from None
        if not isinstance(found, dict):
            raise InvalidArgument(f"{options.parameters}: must be an object with a value for each parameter")
    for text in options.set:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidArgument(f"--set {text}: must have the form NAME=VALUE")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = {"True": True, "False": False}.get(value, value)  # words need no quotes
    return found


# ---- results


def _numbers(metrics: Any) -> dict[str, float]:
    return {
        name: value
        for name, value in metrics._metric_json.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _plain(value: Any) -> Any:
    """JSON knows no NaN."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _text(answer: Answer, indent: str = "") -> str:
    lines = []
    for name, value in answer.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", _text(value, indent + "  ")]
        else:
            lines.append(
                f"{indent}{name}: {value:.6g}" if isinstance(value, float) else f"{indent}{name}: {value}"
            )
    return "\n".join(lines)
