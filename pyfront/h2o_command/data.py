"""Data files and models in, results out."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import zipfile
from typing import Any

from heavywater.errors import InvalidArgument

from .parsing import told

STANDARD = "-"  # standard input, or standard output


def check_free(name: str, path: str | None, options: Any) -> None:
    """Refuse to replace a file, and two results on standard output: before the work, not after it.

    Raises
    ------
    InvalidArgument
        There is such a folder, or such a file and no ``--force``; or ``--json`` beside data on standard output, or that is closed.
    """
    if path == STANDARD and options.json:
        raise InvalidArgument(f"--json: standard output has the data of {name} -; give a file there")
    if path == STANDARD and options.out is None:
        raise InvalidArgument(f"{name} -: standard output is closed")
    if path is None or path == STANDARD or not os.path.exists(path):
        return
    if os.path.isdir(path):
        raise InvalidArgument(f"{name} {path}: there is such a folder; give another name, or remove it")
    if not options.force and os.path.isfile(path):  # a device such as /dev/stdout keeps nothing
        raise InvalidArgument(
            f"{name} {path}: there is such a file; give another name, or --force to replace it"
        )


def frame_of(h2o: Any, source: str, options: Any) -> Any:
    """A data file, or standard input, as a frame."""
    frame = h2o.import_file(
        _spooled(options) if source == STANDARD else source,
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
    for column in options.factors or ():
        if column not in frame.names:
            raise InvalidArgument(
                f"--factors {column}: {source} has no such column; it has {', '.join(frame.names)}"
            )
        frame[column] = frame[column].asfactor()
    return frame


def _spooled(options: Any) -> str:
    """A file with all of standard input: its format is found out from the content, and its lines are read more than once."""
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


def model_of(h2o: Any, path: str) -> Any:
    """The model in a file: of our own format, or MOJO."""
    if path == STANDARD:
        raise InvalidArgument("MODEL -: a model is read from a file, not from standard input")
    return (h2o.import_mojo if zipfile.is_zipfile(path) else h2o.load_model)(path)


def written(h2o: Any, frame: Any, path: str, options: Any) -> str:
    """Write a frame: as CSV, into a folder of Parquet files, or as CSV to standard output; where it is."""
    if path != STANDARD:
        h2o.export_file(
            frame, path, force=options.force, format="parquet" if path.endswith(".parquet") else "csv"
        )
        return os.path.abspath(path)
    with tempfile.TemporaryDirectory(prefix="h2o_stdout_") as folder:
        file = os.path.join(folder, "predictions.csv")
        h2o.export_file(frame, file)
        with open(file, "rb") as source:
            shutil.copyfileobj(source, options.out.buffer, 1 << 20)
    options.out.flush()
    return STANDARD


def holds_model(h2o: Any, path: str, options: Any) -> bool:
    """Whether a file is a model (of our own format, MOJO, or of H2O-3, which the import of models refuses), and no data."""
    if path == STANDARD or not os.path.isfile(path):
        return False
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return any(name.rpartition("/")[2] == "model.ini" for name in archive.namelist())
    with open(path, "rb") as file:
        head = file.read(9)
    # A header of so many bytes in JSON comes first; no text begins with bytes that are zero.
    ours = len(head) == 9 and head[8:] == b"{" and int.from_bytes(head[:8], "little") <= os.path.getsize(path)
    return ours or head.startswith(b"\x1c\xed")
