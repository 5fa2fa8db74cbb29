"""Data files and models in, results out."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import zipfile
from typing import Any

from heavywater.errors import InvalidArgument, ParseError
from heavywater.files import absolute

from .parsing import told
from .sessions import forget

STANDARD = "-"  # standard input, or standard output
_OUTPUTS = (STANDARD, "/dev/stdout", "/dev/fd/1")  # which all are standard output
_PACKED = {".gz": "gzip", ".bz2": "bzip2", ".zst": "zstd"}  # CSV files by their endings


def check_free(name: str, path: str | None, options: Any) -> None:
    """Refuse to replace a file, and two results on standard output: before the work, not after it.

    Raises
    ------
    InvalidArgument
        There is such a folder, or such a file and no ``--force``; or ``--json`` beside data on standard output, or that is closed.
    """
    if path in _OUTPUTS and options.json:
        raise InvalidArgument(f"--json: standard output has the data of {name} -; give a file there")
    if path in _OUTPUTS and options.out is None:
        raise InvalidArgument(f"{name} -: standard output is closed")
    if path is None or path in _OUTPUTS or not os.path.exists(path := absolute(path)):
        return
    if os.path.isdir(path):
        raise InvalidArgument(f"{name} {path}: there is such a folder; give another name, or remove it")
    if not options.force and os.path.isfile(path):  # a device such as /dev/stdout keeps nothing
        raise InvalidArgument(
            f"{name} {path}: there is such a file; give another name, or --force to replace it"
        )


def frame_of(h2o: Any, source: str, options: Any) -> Any:
    """A data file, or standard input, as a frame; for a node it is sent there."""
    from heavywater.session import sent  # start-up: the help needs none of it

    path = _spooled(options) if source == STANDARD else source
    with sent(h2o.connection().session, path) as there:
        frame = h2o.import_file(
            there,
            header={"auto": 0, "yes": 1, "no": -1}[options.header],
            sep=options.separator,
            col_types={name: str(kind) for name, kind in options.types.items()} or None,
            na_strings=options.missing,
            skipped_columns=options.skip,
            quotechar=options.quote,
            escapechar=options.escape,
            fill=options.fill,
            skip_footer=options.skip_footer,
            encoding=options.encoding,
            custom_non_data_line_markers=options.comments,
        )
    forget(h2o, frame.frame_id, options)
    for column in options.factors or ():
        if column not in frame.names:
            raise InvalidArgument(
                f"--factors {column}: {source} has no such column; it has {', '.join(frame.names)}"
            )
        frame[column] = frame[column].asfactor()
    return frame


def _spooled(options: Any) -> str:
    """A file with all of standard input: its format is found out from the content, and its lines are read more than once."""
    if options.names:
        raise InvalidArgument("DATA -: standard input is read once; give a file for one of the two")
    if sys.stdin is None or sys.stdin.closed:
        raise InvalidArgument("DATA -: there is no standard input")
    if sys.stdin.isatty():
        told("data is read from standard input, until Ctrl-D")
    folder = options.later.enter_context(tempfile.TemporaryDirectory(prefix="h2o_stdin_"))
    path = os.path.join(folder, "stdin")
    with open(path, "wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        if not file.tell():
            raise InvalidArgument("DATA -: there is nothing on standard input")
    options.names[path] = "standard input"
    return path


def model_of(h2o: Any, path: str, options: Any) -> Any:
    """The model in a file, of our own format or MOJO; with ``--url`` it is sent to the node, or the node has it under this name."""
    if path == STANDARD:
        raise InvalidArgument("MODEL -: a model is read from a file, not from standard input")
    if options.url is None:
        return (h2o.import_mojo if zipfile.is_zipfile(absolute(path)) else h2o.load_model)(path)
    if os.path.isfile(absolute(path)):
        return _sent_model(h2o, absolute(path), options)
    if path not in h2o.models():
        raise InvalidArgument(f"{path}: there is no such file here, and no such model at {options.url}")
    return h2o.get_model(path)


def _sent_model(h2o: Any, path: str, options: Any) -> Any:
    """A model of a file on a node, where models of others stay what they are."""
    from heavywater.session import sent  # start-up: the help needs none of it

    session, before = h2o.connection().session, h2o.models()
    if zipfile.is_zipfile(path):
        with sent(session, path, whole=True) as there:
            model = h2o.import_mojo(there)
    else:
        with open(path, "rb") as file:
            content = file.read()
        try:
            model = h2o.get_model(session.model_files.from_bytes(content))
        except ParseError as error:
            raise ParseError(f"{path}: {error}") from None
    if model.model_id not in before:
        forget(h2o, model.model_id, options)
    return model


def written(h2o: Any, frame: Any, path: str, options: Any) -> str:
    """Write a frame: as CSV, into a folder of Parquet files, or as CSV to standard output; where it is."""
    if path not in _OUTPUTS:
        return _exported(h2o, frame, path, options.force)
    with tempfile.TemporaryDirectory(prefix="h2o_stdout_") as folder:
        path = _exported(h2o, frame, os.path.join(folder, "data.csv"), False)
        with open(path, "rb") as source:
            shutil.copyfileobj(source, options.out.buffer, 1 << 20)
    options.out.flush()
    return STANDARD


def _exported(h2o: Any, frame: Any, path: str, force: bool) -> str:
    from heavywater.session import JobHandle, fetched, start  # start-up: the help needs none of it

    session, path = h2o.connection().session, absolute(path)
    force = force or not os.path.isfile(
        path
    )  # into a device, which keeps nothing, it is written without being asked
    if not path.endswith(".parquet"):
        packed = _PACKED.get(os.path.splitext(path)[1])
        return fetched(
            session, path, lambda there: h2o.export_file(frame, there, force=force, compression=packed), force
        )
    if session.shares_disk:
        h2o.export_file(frame, path, force=force, format="parquet")
    else:  # a folder is not fetched, but its content
        here = start(nthreads=1)
        key = here.frames.from_bytes(session.frames.to_bytes(frame.frame_id))
        JobHandle(here, here.files.export_frame(key, path, force, layout={"format": "parquet"})).wait()
    return path


def holds_model(h2o: Any, path: str, options: Any) -> bool:
    """Whether a file is a model (of our own format, MOJO, or of H2O-3, which the import of models refuses), and no data."""
    if path == STANDARD:
        return False
    if not os.path.isfile(absolute(path)):
        return options.url is not None and path in h2o.models()
    path = absolute(path)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return any(name.rpartition("/")[2] == "model.ini" for name in archive.namelist())
    with open(path, "rb") as file:
        head = file.read(9)
    # A header of so many bytes in JSON comes first; no text begins with bytes that are zero.
    ours = len(head) == 9 and head[8:] == b"{" and int.from_bytes(head[:8], "little") <= os.path.getsize(path)
    return ours or head.startswith(b"\x1c\xed")
