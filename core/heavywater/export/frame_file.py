"""Frames on disk: an Arrow file that also knows what Arrow does not (kinds of columns).

Any program that reads Arrow (Feather, version 2) can read such a file; loading it again gives the same frame, and
columns of numbers are views of the file, read when they are needed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import InvalidArgument, ParseError
from ..files import file_name, new_file
from ..frame import Column, Frame
from ..frame.arrow import missing_of, texts_of, values_of
from ..frame.arrow_tables import to_arrow
from ..frame.columns import KINDS, enum
from ..frame.storage import TextCells

_ENTRY = b"heavywater.frame"
_VERSION = 1
ENDING = ".arrow"


def frame_path(folder: str | os.PathLike[str], key: str) -> str:
    """The file of a frame in a folder."""
    return os.path.join(os.path.abspath(os.path.expanduser(os.fspath(folder))), file_name(key, ENDING))


def save_frame(frame: Frame, folder: str | os.PathLike[str], key: str, force: bool) -> str:
    """Write a frame; at any moment the old file or the new one stands there.

    Parameters
    ----------
    frame : Frame
    folder : str or path
        Made where it does not exist.
    key : str
        The name of the frame, and of the file.
    force : bool
        Replace a file that is there.

    Returns
    -------
    str
        The file.
    """
    import pyarrow as pa

    with new_file(frame_path(folder, key), force) as (path, beside), pa.OSFile(beside, "wb") as file:
        _write(frame, file)
    return path


def frame_bytes(frame: Frame) -> bytes:
    """The content of the file that `save_frame` would write."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    _write(frame, sink)
    return sink.getvalue().to_pybytes()


def _write(frame: Frame, sink: Any) -> None:
    import pyarrow as pa

    table = to_arrow(frame)
    about = {"version": _VERSION, "rows": frame.nrow, "kinds": [column.kind for column in frame.columns]}
    table = table.replace_schema_metadata({_ENTRY: json.dumps(about).encode()})
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def load_frame(folder: str | os.PathLike[str], key: str) -> Frame:
    """Read a frame that `save_frame` has written.

    Raises
    ------
    ParseError
        There is no such file, or it is damaged, of a newer version, or of another kind.
    """
    import pyarrow as pa

    path = frame_path(folder, key)
    if not os.path.isfile(path):
        raise ParseError(f"{path}: there is no such file; a frame is loaded under the name it was saved with")
    return _read(path, lambda: pa.memory_map(path))


def frame_of_bytes(content: bytes) -> Frame:
    """The frame that `frame_bytes` was given; ParseError where the bytes are no frame."""
    import pyarrow as pa

    return _read("the bytes of a frame", lambda: pa.BufferReader(content))


def _read(path: str, opened: Callable[[], Any]) -> Frame:
    """The frame in a file or in bytes; `path` names it in errors."""
    import pyarrow as pa

    try:
        with opened() as file:
            table = pa.ipc.open_file(file).read_all()
        about = _about(path, table)
        columns = [_column_of(kind, cells) for kind, cells in zip(about["kinds"], table.columns, strict=True)]
        return Frame(table.column_names, columns, nrow=about["rows"])
    except (pa.ArrowException, OSError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, ParseError):
            raise
        raise ParseError(f"{path}: the file is damaged or no frame ({error})") from error


def _about(path: str, table: Any) -> dict[str, Any]:
    entry = (table.schema.metadata or {}).get(_ENTRY)
    if entry is None:
        raise ParseError(f"{path}: an Arrow file that is no saved frame; read it with h2o.import_file")
    about: dict[str, Any] = json.loads(entry)
    if about["version"] > _VERSION:
        raise ParseError(
            f"{path}: a frame of version {about['version']}, this release reads up to {_VERSION}; "
            "install a newer heavywater"
        )
    if len(about["kinds"]) != table.num_columns or not set(about["kinds"]) <= set(KINDS):
        raise InvalidArgument("kinds of columns do not fit the columns")
    return about


def _column_of(kind: str, cells: Any) -> Column:
    """Column of a known kind from its Arrow array; numbers are views of it."""
    import pyarrow as pa

    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    if kind in ("string", "uuid"):
        return Column(kind, TextCells(cells))
    if kind == "enum":
        codes = values_of(cells.indices)
        missing = missing_of(cells.indices)
        return enum(codes if missing is None else np.where(missing, -1, codes), texts_of(cells.dictionary))
    if kind == "time":
        cells = cells.cast(pa.int64())
    values, missing = values_of(cells), missing_of(cells)
    if kind in ("real", "bad"):
        return Column(
            kind, values if missing is None else np.where(missing, np.nan, values).astype(values.dtype)
        )
    if missing is not None:
        values = np.where(missing, values.dtype.type(0), values)
    return Column(kind, values, missing)
