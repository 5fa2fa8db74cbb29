"""Files and what comes with the package become frames of the session."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Literal, overload

from heavywater.errors import InvalidArgument, InvalidType
from heavywater.files import check_key
from heavywater.session import JobHandle, sent

from ..backend.connection import H2OResponse
from ..backend.connection import session as current_session
from ..backend.progress import wait_with_progress
from ..frame.h2oframe import H2OFrame

_DATASETS = ("iris", "prostate")


def _options(
    header: int,
    sep: str | None,
    col_names: Any,
    col_types: Any,
    na_strings: Any,
    skipped_columns: Any,
    quotechar: str | None,
    escapechar: str | None,
    force_col_types: bool = False,
    custom_non_data_line_markers: str | None = None,
    partition_by: Any = None,
    tz_adjust_to_local: bool = False,
    fill: bool = False,
    skip_footer: int = 0,
    encoding: str | None = None,
) -> dict[str, Any]:
    for label, value in (("col_names", col_names), ("skipped_columns", skipped_columns)):
        if value is not None and (isinstance(value, str) or not hasattr(value, "__iter__")):
            raise InvalidType(f"{label}={value!r} must be a list")
    return {
        "separator": sep or None,
        "header": header,
        "names": None if col_names is None else list(col_names),
        "types": col_types,
        "na_strings": na_strings,
        "skipped": None if skipped_columns is None else list(skipped_columns),
        "quote": quotechar or '"',
        "escape": escapechar,
        "markers": custom_non_data_line_markers,
        "force_types": bool(force_col_types),
        "partition_by": (partition_by,) if isinstance(partition_by, str) else tuple(partition_by or ()),
        "adjust_to_zone": bool(tz_adjust_to_local),
        "fill": fill,
        "skip_footer": skip_footer,
        "encoding": encoding,
    }


def lazy_import(path: Any, pattern: str | None = None) -> list[str]:
    """Look for files without reading them.

    Parameters
    ----------
    path : str, path or list of these
        As for `import_file`.
    pattern : str, optional
        Regular expression for the names of files in a folder.

    Returns
    -------
    list of str
        The files' names, for `parse_setup`.

    Raises
    ------
    ParseError
        There is no such file.

    Examples
    --------
    >>> h2o.lazy_import("iris.csv")[0][-8:]
    'iris.csv'
    """
    return current_session().files.find(path, pattern)


@overload
def import_file(
    path: Any = None,
    destination_frame: str | None = None,
    parse: Literal[True] = True,
    header: int = 0,
    sep: str | None = None,
    col_names: Sequence[str] | None = None,
    col_types: Any = None,
    na_strings: Any = None,
    pattern: str | None = None,
    skipped_columns: Sequence[int | str] | None = None,
    force_col_types: bool = False,
    custom_non_data_line_markers: str | None = None,
    partition_by: Any = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
    tz_adjust_to_local: bool = False,
    fill: bool = False,
    skip_footer: int = 0,
    encoding: str | None = None,
    sharded: bool = False,
) -> H2OFrame: ...


@overload
def import_file(
    path: Any = None,
    destination_frame: str | None = None,
    *,
    parse: bool,
    header: int = 0,
    sep: str | None = None,
    col_names: Sequence[str] | None = None,
    col_types: Any = None,
    na_strings: Any = None,
    pattern: str | None = None,
    skipped_columns: Sequence[int | str] | None = None,
    force_col_types: bool = False,
    custom_non_data_line_markers: str | None = None,
    partition_by: Any = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
    tz_adjust_to_local: bool = False,
    fill: bool = False,
    skip_footer: int = 0,
    encoding: str | None = None,
    sharded: bool = False,
) -> H2OFrame | list[str]: ...


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
    force_col_types: bool = False,
    custom_non_data_line_markers: str | None = None,
    partition_by: Any = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
    tz_adjust_to_local: bool = False,
    fill: bool = False,
    skip_footer: int = 0,
    encoding: str | None = None,
    sharded: bool = False,
) -> H2OFrame | list[str]:
    """Import files into a frame.

    Delimited text, ARFF and SVMLight (plain or packed with gzip, zip, bz2, xz or zstd), Parquet, ORC, Arrow
    and Feather, Excel; the format is found out from the content.

    Parameters
    ----------
    path : str, path or list of these
        Files, folders (with those below them), glob patterns, or addresses: http, https, s3, gs, hdfs, abfs,
        and what fsspec knows. Several files give one frame and must have the same columns.
    destination_frame : str, optional
        Key of the frame; else made from the file's name.
    parse : bool
        False: only check that the files exist, and return their names for `parse_setup`.
    header : int
        1 the first line holds names, -1 it does not, 0 guess.
    sep : str, optional
        Separator; guessed when not given.
    col_names : sequence of str, optional
        Names of all columns, or of those that are not skipped.
    col_types : sequence or dict, optional
        ``numeric``, ``enum``, ``string``, ``time``, ``uuid`` or ``unknown`` (all missing) for each column, or for
        some by name or number; None leaves it to the guess.
    na_strings : sequence or dict, optional
        Texts that mean missing: for all columns, a list for each column, or by column name.
    pattern : str, optional
        Regular expression for the names of files in a folder.
    skipped_columns : sequence of int or str, optional
        Columns that are not read.
    force_col_types : bool
        Numeric columns are ``int`` or ``real`` as `col_types` or a typed file says, whatever their values: whole
        numbers may be real ones, and real numbers are rounded.
    custom_non_data_line_markers : str, optional
        A line that begins with one of these characters is skipped; "" reads all lines. By default "#" ("%"
        in ARFF).
    partition_by : str or sequence of str, optional
        Columns whose values are in the names of folders, as ``year=2024``; they become enums.
    quotechar, escapechar : str, optional
        Quoting character (`"`), and one that takes the next character literally.
    tz_adjust_to_local : bool
        Times of Parquet, ORC and Arrow files are moved from UTC to the clock of the session's time zone.
    fill : bool
        A line of text may have too few fields: those at its end are missing. Otherwise such a line is an error.
    skip_footer : int
        Lines at the end of each file of text that hold no data; blank ones do not count.
    encoding : str, optional
        Encoding of texts, and of cells of Parquet, ORC and Arrow files that are bytes: ``"latin-1"``, ``"cp1252"``,
        ``"utf-16"`` and what Python knows. By default UTF-8, or what a byte-order mark tells; bytes that mean nothing are
        written as ``<0xE4>``, with a warning.
    sharded : bool
        Each node of the session (``h2o.init(nodes=...)``) reads some of the files and keeps their rows; none has all of them, nor
        has this process. All nodes must find the files under the same names. Such a frame can be trained on, and its names,
        types, levels and first rows are known here.

    Returns
    -------
    H2OFrame

    Raises
    ------
    ParseError
        Names file, line where known, reason and remedy; nothing is left in the session.

    Examples
    --------
    >>> iris = h2o.import_file("iris.csv", destination_frame="iris", col_types={"class": "enum"})
    >>> iris.dim, iris["class"].nlevels()
    ([150, 5], [3])
    """
    if path is None or path == "":
        raise InvalidArgument("import_file: path is needed: a file, a folder, a pattern or an address")
    if not parse:
        return lazy_import(path, pattern)
    options = _options(
        header,
        sep,
        col_names,
        col_types,
        na_strings,
        skipped_columns,
        quotechar,
        escapechar,
        force_col_types,
        custom_non_data_line_markers,
        partition_by,
        tz_adjust_to_local,
        fill,
        skip_footer,
        encoding,
    )
    return _imported(path, destination_frame, pattern, options, sharded=sharded)


def _imported(
    path: Any, key: str | None, pattern: str | None, options: dict[str, Any], *, sharded: bool = False
) -> H2OFrame:
    session = current_session()
    start = session.files.import_shards if sharded else session.files.import_files
    job = JobHandle(session, start(path, key or None, pattern, options))
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
    force_col_types: bool = False,
    quotechar: str | None = None,
    escapechar: str | None = None,
    custom_non_data_line_markers: str | None = None,
    fill: bool = False,
    skip_footer: int = 0,
    encoding: str | None = None,
) -> H2OFrame:
    """Import files of this machine, which are sent to the session where that is at a node.

    Parameters
    ----------
    path : str, path or list of these
        As for `import_file`; addresses are not sent, the session reads them.
    destination_frame, header, sep, col_names, col_types, na_strings, skipped_columns, force_col_types, quotechar, escapechar, \
custom_non_data_line_markers, fill, skip_footer, encoding
        As for `import_file`.

    Returns
    -------
    H2OFrame

    Examples
    --------
    >>> h2o.upload_file("iris.csv").dim
    [150, 5]
    """
    if path is None or path == "":
        raise InvalidArgument("upload_file: path is needed: a file, a folder or a pattern")
    options = _options(
        header,
        sep,
        col_names,
        col_types,
        na_strings,
        skipped_columns,
        quotechar,
        escapechar,
        force_col_types,
        custom_non_data_line_markers,
        fill=fill,
        skip_footer=skip_footer,
        encoding=encoding,
    )
    with sent(current_session(), path) as found:
        return _imported(found, destination_frame, None, options)


def parse_setup(
    raw_frames: Any,
    destination_frame: str | None = None,
    header: int = 0,
    separator: str | None = None,
    column_names: Sequence[str] | None = None,
    column_types: Any = None,
    na_strings: Any = None,
    skipped_columns: Sequence[int | str] | None = None,
    force_col_types: bool = False,
    custom_non_data_line_markers: str | None = None,
    partition_by: Any = None,
    quotechar: str | None = None,
    escapechar: str | None = None,
    tz_adjust_to_local: bool = False,
    fill: bool = False,
    skip_footer: int = 0,
    encoding: str | None = None,
) -> H2OResponse:
    """How files would be read, to be changed and given to `parse_raw`.

    Parameters
    ----------
    raw_frames : str or list of str
        What ``import_file(..., parse=False)`` or `lazy_import` gives, or paths and addresses.
    destination_frame : str, optional
        Key of the frame.
    header, separator, column_names, column_types, na_strings, skipped_columns, force_col_types
        As for `import_file`.
    custom_non_data_line_markers, partition_by, quotechar, escapechar, tz_adjust_to_local, fill, skip_footer, encoding
        As for `import_file`.

    Returns
    -------
    H2OResponse
        ``source_frames, parse_type, separator, check_header, column_names, column_types, number_columns,
        na_strings, skipped_columns, destination_frame`` and others.

    Examples
    --------
    >>> setup = h2o.parse_setup("iris.csv")
    >>> setup["column_names"][0], setup["separator"]
    ('sepal_len', 44)
    """
    options = _options(
        header,
        separator,
        column_names,
        column_types,
        na_strings,
        skipped_columns,
        quotechar,
        escapechar,
        force_col_types,
        custom_non_data_line_markers,
        partition_by,
        tz_adjust_to_local,
        fill,
        skip_footer,
        encoding,
    )
    setup = H2OResponse(current_session().files.parse_setup(raw_frames, options=options))
    if destination_frame:
        setup["destination_frame"] = check_key(destination_frame)
    return setup


def parse_raw(setup: dict[str, Any], id: str | None = None, first_line_is_header: int = 0) -> H2OFrame:
    """Import files as a `parse_setup` says.

    Parameters
    ----------
    setup : dict
        Names and types may be in quotes, as H2O has them.
    id : str, optional
        Key of the frame.
    first_line_is_header : int
        1 or -1 to overrule the setup.

    Returns
    -------
    H2OFrame

    Examples
    --------
    >>> setup = h2o.parse_setup("iris.csv")
    >>> h2o.parse_raw(setup, id="parsed").nrow
    150
    """
    typed = setup["parse_type"] not in ("CSV", "XLSX", "ARFF")
    sparse = setup["parse_type"] == "SVMLight"
    options = _options(
        first_line_is_header or setup["check_header"],
        None if typed else chr(setup["separator"]),
        None if sparse else _without_quotes(setup["column_names"]),
        None if sparse else _types(setup),
        setup["na_strings"],
        setup["skipped_columns"],
        "'" if setup["single_quotes"] else None,
        setup["escapechar"],
        setup["force_col_types"],
        setup["custom_non_data_line_markers"],
        setup["partition_by"],
        setup["tz_adjust_to_local"],
        setup.get("fill", False),
        setup.get("skip_footer", 0),
        setup.get("encoding"),
    )
    return _imported(setup["source_frames"], id or setup["destination_frame"], None, options)


def _types(setup: dict[str, Any]) -> list[str | None]:
    """Types of the columns; None for those that still have the guessed one, which the whole file may overrule."""
    types = _without_quotes(setup["column_types"])
    guessed = setup.get("guessed_types") or [None] * len(types)
    if len(guessed) != len(types):
        return types
    return [None if kind == guess else kind for kind, guess in zip(types, guessed, strict=True)]


def _without_quotes(texts: Sequence[str | None]) -> list[str | None]:
    return [text[1:-1] if text and len(text) > 1 and text[0] == text[-1] == '"' else text for text in texts]


def load_dataset(relative_path: str) -> H2OFrame:
    """Import one of the data sets that come with the package.

    Parameters
    ----------
    relative_path : str
        "iris" (150 flowers of three species) or "prostate" (380 patients).

    Returns
    -------
    H2OFrame

    Examples
    --------
    >>> h2o.load_dataset("prostate").shape
    (380, 9)
    """
    name = str(relative_path).removesuffix(".csv")
    file = files("h2o.demos").joinpath(f"{name}.csv")
    if name not in _DATASETS:
        raise InvalidArgument(f"relative_path={relative_path!r} must be one of {', '.join(_DATASETS)}")
    return upload_file(str(file))
