"""``h2o export``: a saved model in another format."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from heavywater.errors import InvalidArgument, warn
from heavywater.files import absolute, new_file

from ..data import check_free, model_of
from ..options import FORCE, GENERAL, MODEL, SESSION, Command, choice, option
from ..output import Answer
from ..sessions import opened

_LARGE = 20_000_000  # bytes that are worth a word
_ENDINGS = {".zip": "mojo", ".java": "pojo", ".json": "details", ".onnx": "onnx", ".c": "c", ".h": "c"}


def _run(options: Any) -> Answer:
    form = options.format or _ENDINGS.get(os.path.splitext(options.output)[1].lower())
    if form is None:
        raise InvalidArgument(
            f"--output {options.output}: the ending does not tell the format; give --format mojo, pojo, onnx, c, details or model"
        )
    if form == "pojo" and not options.output.endswith(".java"):
        raise InvalidArgument(f"--output {options.output}: the file of a Java class has the ending .java")
    check_free("--output", options.output, options)
    h2o = opened(options)
    key = model_of(h2o, options.model, options).model_id
    write = _FILES[form]
    session = h2o.connection().session
    path = absolute(options.output)
    _tell_size(session, key, form, options.output)
    file = write(session, key, path, options.force)
    return {"model": options.model, "format": form, "file": file, "bytes": os.path.getsize(file)}


def _tell_size(session: Any, key: str, form: str, output: str) -> None:
    """Say of a large file, before it is written, how large it will be."""
    about = session.model_files.limits(key).get(form.upper())
    if about is not None and (about["size"] or 0) >= _LARGE:
        warn(f"--output {output}: it will have about {about['size'] / 1e6:,.0f} MB")


def _written(operation: str) -> Callable[[Any, str, str, bool], str]:
    """A function that lets a session write a file; where the session is elsewhere, it comes here."""

    def write(session: Any, key: str, path: str, force: bool) -> str:
        from heavywater.session import fetched  # start-up: the help needs none of it

        return fetched(
            session, path, lambda there: getattr(session.model_files, operation)(key, there, force), force
        )

    return write


def _c(session: Any, key: str, path: str, force: bool) -> str:
    """Write source or header; names in both begin with that of the file."""
    from heavywater.session import fetched  # start-up: the help needs none of it

    stem = os.path.splitext(os.path.basename(path))[0]
    name = re.sub(r"[^A-Za-z0-9]+", "_", stem).strip("_")
    name = name if name[:1].isalpha() else f"model_{name}"
    return fetched(session, path, lambda there: session.model_files.save_c(key, there, force, name), force)


def _pojo(session: Any, key: str, path: str, force: bool) -> str:
    """Write the class; it has the name of its file, or javac would not take it."""
    source = session.model_files.pojo(key, os.path.basename(path).removesuffix(".java"))
    with new_file(path, force) as (place, beside), open(beside, "w", encoding="ascii", newline="\n") as file:
        file.write(source)
    return str(place)


_FILES = {
    "mojo": _written("save_mojo"),
    "onnx": _written("save_onnx"),
    "c": _c,
    "pojo": _pojo,
    "details": _written("save_details"),
    "model": _written("save"),
}


EXPORT = Command(
    "export",
    "write a saved model as MOJO, as ONNX, as Java class, as C, or its description",
    _run,
    (
        MODEL,
        option("--output", "the file to write; its ending tells the format: .zip a MOJO, .java a Java class (POJO), .onnx an ONNX "
               "graph, .c C source (.h the header to it), .json parameters, metrics and tables in H2O's layout",
               metavar="FILE", required=True),
        option("--format", "the format, where the ending does not tell it; model is the format of `h2o train`",
               choice("mojo", "pojo", "onnx", "c", "details", "model"), "NAME"),
        FORCE, *SESSION, *GENERAL,
    ),
    "Write a model for other programs. What a format cannot carry is told before it is written.",
    (
        ("A MOJO, which H2O and its scorers read", "h2o export iris.model --output iris.zip"),
        ("A Java class without any jar", "h2o export iris.model --output Iris.java && javac Iris.java"),
        ("An ONNX graph, which onnxruntime runs", "h2o export iris.model --output iris.onnx"),
        ("C without any library", "h2o export iris.model --output iris.c && cc -std=c99 -O2 -c iris.c"),
        ("A model that a node has, into a file", "h2o export iris --url http://127.0.0.1:54321 --format model --output iris.model"),
    ),
)  # fmt: skip
