"""Frames on disk: an Arrow file that also knows what Arrow does not (kinds of columns).

Any program that reads Arrow (Feather, version 2) can read such a file; loading it again gives the same frame. The
schema holds a SHA-256 over all other bytes, so that what a disk or a transfer has changed is not taken for data; and
since anybody can compute that sum, everything else is checked as well, down to the last offset and code.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import uuid
from typing import Any

from ..errors import ParseError, shortened
from ..files import absolute, existing_file, file_name, new_file
from ..frame.columns.column import KINDS
from ..frame.exchange.arrow_frames import MOST_ROWS, as_they_came, check_type, column_of_kind, origins_of
from ..frame.exchange.arrow_tables import arrow_column, to_arrow
from ..frame.frame import Frame

_ENTRY = b"heavywater.frame"
ENDING = ".arrow"
_VERSION = 2  # 1: without checksum
_SUM = 64  # characters of the checksum


def frame_path(folder: str | os.PathLike[str], key: str) -> str:
    """The file of a frame in a folder."""
    return os.path.join(absolute(folder), file_name(key, ENDING))


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
    with new_file(frame_path(folder, key), force) as (path, beside):
        with open(beside, "wb") as file:  # Arrow itself takes no names that are not UTF-8
            token = _write(frame, file)
        with open(beside, "r+b") as file:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                places = _places(content, token)
                checksum = _checksum(content, places)
            for place in places:
                file.seek(place)
                file.write(checksum)
    return path


def frame_bytes(frame: Frame) -> bytes:
    """The content of the file that `save_frame` would write."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    token = _write(frame, sink)
    content = bytearray(sink.getvalue())
    places = _places(content, token)
    checksum = _checksum(content, places)
    for place in places:
        content[place : place + _SUM] = checksum
    return bytes(content)


def _write(frame: Frame, sink: Any) -> bytes:
    """Write a frame with a word that occurs nowhere else in the place of the checksum; returns that word."""
    import pyarrow as pa

    table = to_arrow(frame)
    token = uuid.uuid4().hex + uuid.uuid4().hex
    about = {
        "version": _VERSION,
        "rows": frame.nrow,
        "kinds": [column.kind for column in frame.columns],
        "sha256": token,
        **origins_of(frame),
    }
    table = table.replace_schema_metadata({_ENTRY: json.dumps(about).encode()})
    with pa.ipc.new_file(sink, table.schema) as writer:
        if table.num_rows or not table.num_columns:
            writer.write_table(table)
        else:  # of no rows it would write no levels either
            arrays = [arrow_column(column) for column in frame.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=table.schema))
    return token.encode()


def _places(content: Any, word: bytes) -> tuple[int, int]:
    """Where the checksum stands: an Arrow file has its schema at the beginning and at the end."""
    return content.find(word), content.rfind(word)


def _checksum(content: Any, places: tuple[int, int]) -> bytes:
    """SHA-256 of all bytes but those of the checksum itself, in hexadecimal digits."""
    first, last = places
    digest = hashlib.sha256()
    with memoryview(content) as view:
        for start, end in ((0, first), (first + _SUM, last), (last + _SUM, len(view))):
            digest.update(view[start:end])
    return digest.hexdigest().encode()


def load_frame(folder: str | os.PathLike[str], key: str) -> Frame:
    """The frame that `save_frame` has written.

    Raises
    ------
    ParseError
        There is no such file, or it is damaged, of a newer version, or of another kind.
    """
    path = frame_path(folder, key)
    if not os.path.lexists(path):
        raise ParseError(f"{path}: there is no such file; a frame is loaded under the name it was saved with")
    existing_file(path)
    try:
        # Not as a memory map: when another program cuts the file off, looking at it would end the process.
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise ParseError(f"{path}: the file cannot be read ({error.strerror})") from error
    return frame_of_bytes(content, path)


def frame_of_bytes(content: bytes, path: str = "the bytes of a frame") -> Frame:
    """The frame that `frame_bytes` was given; its numbers are views of the bytes.

    Parameters
    ----------
    content : bytes
    path : str
        What they are, for errors.

    Raises
    ------
    ParseError
        The bytes are damaged, of a newer version, or no frame.
    """
    import pyarrow as pa

    try:
        with pa.ipc.open_file(pa.BufferReader(content)) as reader:
            about = _about(path, reader.schema, content)
            table = reader.read_all()
        table.validate(full=True)
        columns = [
            column_of_kind(kind, cells) for kind, cells in zip(about["kinds"], table.columns, strict=True)
        ]
        columns = as_they_came(columns, about)
        rows = about["rows"]
        if type(rows) is not int or not (rows == table.num_rows or (not columns and 0 <= rows <= MOST_ROWS)):
            raise ValueError("the number of rows is wrong")
        return Frame(table.column_names, columns, nrow=rows)
    except (
        pa.ArrowException,
        MemoryError,
        RecursionError,
        OSError,
        ValueError,
        TypeError,
        KeyError,
    ) as error:
        if isinstance(error, ParseError):
            raise
        raise ParseError(
            f"{path}: the file is damaged or no frame ({shortened(error)}); copy it or save the frame again"
        ) from error


def _about(path: str, schema: Any, content: bytes) -> dict[str, Any]:
    """What the schema says of the frame, after a look at whether it is the schema of one, and of these bytes."""
    entry = (schema.metadata or {}).get(_ENTRY)
    if entry is None:
        raise ParseError(f"{path}: an Arrow file that is no saved frame; read it with h2o.import_file")
    about: dict[str, Any] = json.loads(entry)
    if not isinstance(about, dict) or type(about["version"]) is not int or about["version"] < 1:
        raise ValueError("the version is missing")
    if about["version"] > _VERSION:
        raise ParseError(
            f"{path}: a frame of version {about['version']}, this release reads up to {_VERSION}; "
            "install a newer heavywater"
        )
    if about["version"] > 1:
        word = str(about["sha256"]).encode()
        places = _places(content, word)
        if len(word) != _SUM or places[0] + _SUM > places[1] or _checksum(content, places) != word:
            raise ParseError(
                f"{path}: the file is damaged (its checksum is wrong); copy it or save the frame again"
            )
    kinds = about["kinds"]
    if not isinstance(kinds, list) or len(kinds) != len(schema) or not set(map(str, kinds)) <= set(KINDS):
        raise ValueError("the kinds of columns do not fit the columns")
    for kind, field in zip(kinds, schema, strict=True):
        check_type(kind, field.type)
    return about
