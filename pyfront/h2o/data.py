"""Getting frames into the session, naming and removing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from heavywater.errors import InvalidArgument, InvalidType
from heavywater.frame.expressions import Ref
from heavywater.frame.parse import Options
from heavywater.session import check_key

from .connection import session as current_session
from .frame import H2OFrame
from .progress import wait_with_progress


def _options(
    header: int,
    sep: str | None,
    col_names: Any,
    col_types: Any,
    na_strings: Any,
    skipped_columns: Any,
    quotechar: str | None,
    escapechar: str | None,
) -> Options:
    for label, value in (("col_names", col_names), ("skipped_columns", skipped_columns)):
        if value is not None and (isinstance(value, str) or not hasattr(value, "__iter__")):
            raise InvalidType(f"{label}={value!r} must be a list")
    return Options(
        separator=sep,
        header=header,
        names=col_names,
        types=col_types,
        na_strings=na_strings,
        skipped=skipped_columns,
        quote=quotechar or '"',
        escape=escapechar,
    )


def import_file(
    path: Any = None,
    destination_frame: str | None = None,
    parse: bool = True,
    header: int = 0,
    sep: str | None = None,
    col_names: Sequence[str] | None = None,
    col_types: Any = None,
    na_strings: Any = None,
    pattern: str | None = None,
    skipped_columns: Sequence[int | str] | None = None,
    custom_non_data_line_markers: str | None = None,
    partition_by: Any = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
) -> Any:
    """Import delimited text into a frame.

    Parameters
    ----------
    path : str, path or list of these
        Files, folders, glob patterns, or http(s) addresses; plain or packed with gzip, zip, bz2, xz, zstd.
        Several files give one frame and must have the same columns.
    destination_frame : str, optional
        Key of the frame; else made from the file's name.
    parse : bool
        False: only check that the files exist, and return their names for `parse_setup`.
    header : int
        1 the first line holds names, -1 it does not, 0 guess.
    sep : str, optional
        Separator; guessed when not given.
    col_names : sequence of str, optional
    col_types : sequence or dict, optional
        ``numeric``, ``enum``, ``string``, ``time`` ... for each column, or for some by name or number.
    na_strings : sequence or dict, optional
        Texts that mean missing: for all columns, a list for each column, or by column name.
    pattern : str, optional
        Regular expression for the names of files in a folder.
    skipped_columns : sequence of int or str, optional
        Columns that are not read.
    quotechar, escapechar : str, optional
        Quoting character (`"`), and one that takes the next character literally.

    Returns
    -------
    H2OFrame

    Raises
    ------
    ParseError
        Names file, line where known, reason and remedy; nothing is left in the session.
    """
    if path is None or path == "":
        raise InvalidArgument("import_file: path is needed: a file, a folder, a pattern or an address")
    if custom_non_data_line_markers is not None:
        raise NotImplementedError(
            "import_file: custom_non_data_line_markers comes later (lines that begin with # are skipped)"
        )
    if partition_by is not None:
        raise NotImplementedError("import_file: partition_by comes later")
    if not parse:
        from heavywater.frame.sources import expand

        return [source.location for source in expand(path, pattern)]
    session = current_session()
    options = _options(header, sep, col_names, col_types, na_strings, skipped_columns, quotechar, escapechar)
    job = session.import_files(path, destination_frame or None, pattern, options)
    return H2OFrame._wrap(wait_with_progress(job), session)


def upload_file(
    path: Any,
    destination_frame: str | None = None,
    header: int = 0,
    sep: str | None = None,
    col_names: Sequence[str] | None = None,
    col_types: Any = None,
    na_strings: Any = None,
    skipped_columns: Sequence[int | str] | None = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
) -> H2OFrame:
    """Import a file of this machine; in one process the same as `import_file`."""
    frame: H2OFrame = import_file(
        path,
        destination_frame,
        True,
        header,
        sep,
        col_names,
        col_types,
        na_strings,
        None,
        skipped_columns,
        quotechar=quotechar,
        escapechar=escapechar,
    )
    return frame


def parse_setup(
    raw_frames: Any,
    destination_frame: str | None = None,
    header: int = 0,
    separator: str | None = None,
    column_names: Sequence[str] | None = None,
    column_types: Any = None,
    na_strings: Any = None,
    skipped_columns: Sequence[int | str] | None = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
) -> dict[str, Any]:
    """How files would be read (separator, header, names, types), to be changed and given to `parse_raw`."""
    options = _options(
        header, separator, column_names, column_types, na_strings, skipped_columns, quotechar, escapechar
    )
    setup = current_session().parse_setup(raw_frames, options=options)
    setup["quotechar"], setup["escapechar"] = quotechar, escapechar
    if destination_frame:
        setup["destination_frame"] = check_key(destination_frame)
    return setup


def parse_raw(setup: dict[str, Any], id: str | None = None, first_line_is_header: int = 0) -> H2OFrame:
    """Import files as a `parse_setup` says.

    Parameters
    ----------
    setup : dict
    id : str, optional
        Key of the frame.
    first_line_is_header : int
        1 or -1 to overrule the setup.
    """
    frame: H2OFrame = import_file(
        setup["source_frames"],
        id or setup["destination_frame"],
        True,
        first_line_is_header or setup["check_header"],
        chr(setup["separator"]),
        setup["column_names"],
        setup["column_types"],
        setup["na_strings"],
        None,
        setup["skipped_columns"],
        quotechar=setup.get("quotechar"),
        escapechar=setup.get("escapechar"),
    )
    return frame


def ls() -> H2OFrame:
    """Keys of everything in the session, as a frame."""
    session = current_session()
    return H2OFrame._wrap(session.evaluate(("ls",)).key, session, own=True)


def remove(x: Any, cascade: bool = True) -> None:
    """Remove frames or models, given as objects, keys, or a list of these.

    `cascade` is about objects that belong to another one; frames own nothing.
    """
    for item in x if isinstance(x, (list, tuple, set)) else [x]:
        key = item if isinstance(item, str) else getattr(item, "key", None) or getattr(item, "model_id", None)
        if not isinstance(key, str):
            raise InvalidType(f"h2o.remove: {item!r} is no frame, model or key")
        current_session().remove(key)


def remove_all(retained: Any = None) -> None:
    """Remove everything but the retained frames and models (objects or keys)."""
    keys = {
        item if isinstance(item, str) else getattr(item, "key", None) or item.model_id
        for item in retained or ()
    }
    current_session().remove_all(keys)


def get_frame(frame_id: str) -> H2OFrame:
    """Handle on the frame of this key."""
    return H2OFrame.get_frame(frame_id)


def assign(data: H2OFrame, xid: str) -> H2OFrame:
    """Store a frame under a key; `data` then refers to it."""
    _need_frame(data, "assign")
    if data.frame_id == xid:
        raise InvalidArgument(f"h2o.assign: the frame has the key {xid!r} already")
    data._bind(data._session.evaluate(("assign", check_key(xid), Ref(data.frame_id))).key, own=False)
    return data


def deep_copy(data: H2OFrame, xid: str) -> H2OFrame:
    """A second frame of the same content under another key.

    Columns never change, so both share them until one is assigned to.
    """
    _need_frame(data, "deep_copy")
    if data.frame_id == xid:
        raise InvalidArgument(f"h2o.deep_copy: xid={xid!r} is the key of the frame itself")
    return H2OFrame._wrap(
        data._session.evaluate(("assign", check_key(xid), Ref(data.frame_id))).key, data._session
    )


def _need_frame(data: Any, function: str) -> None:
    if not isinstance(data, H2OFrame):
        raise InvalidType(f"h2o.{function}: an H2OFrame is needed, got {type(data).__name__}")


def rapids(expr: str) -> Any:
    """Evaluate a text of the expression language."""
    raise NotImplementedError(
        "h2o.rapids: reading expressions from text comes later; use the methods of H2OFrame"
    )
