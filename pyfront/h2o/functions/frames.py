"""Functions about whole frames: making, naming, combining, files, expressions as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from heavywater.errors import InvalidArgument, InvalidType, warn
from heavywater.files import check_key
from heavywater.session import FunctionText, JobHandle, Ref, fetched

from ..backend.connection import H2OResponse
from ..backend.connection import session as current_session
from ..backend.progress import wait_with_progress
from ..exceptions import H2ODeprecationWarning
from ..frame.accepting import frame_of
from ..frame.h2oframe import H2OFrame
from .connection import cluster

if TYPE_CHECKING:
    import pandas

# Shares of column types that are not given explicitly: real, categorical, integer, binary, time, string.
_SHARES = (0.5, 0.2, 0.2, 0.1, 0.0, 0.0)


def need_frame(data: Any, function: str) -> H2OFrame:
    """The value, which must be an H2OFrame."""
    if not isinstance(data, H2OFrame):
        raise InvalidType(f"h2o.{function}: an H2OFrame is needed, got {type(data).__name__}")
    return data


def frames() -> H2OResponse:
    """Key and size of every frame: ``h2o.frames()["frames"]``.

    Returns
    -------
    H2OResponse
        Under ``frames`` a list of dicts with ``frame_id``, ``rows``, ``columns`` ...

    See Also
    --------
    h2o.H2OCluster.show_status, h2o.ls

    Examples
    --------
    >>> sorted(h2o.frames()["frames"][0])[:2]
    ['byte_size', 'columns']
    """
    return H2OResponse(frames=current_session().frames.described())


def frame(frame_id: str) -> H2OResponse:
    """Facts about the frame of a key: ``h2o.frame("key")["frames"][0]["rows"]``.

    Parameters
    ----------
    frame_id : str
        The key.

    Returns
    -------
    H2OResponse
        As `frames`, of one frame.

    Examples
    --------
    >>> h2o.frame(frame.frame_id)["frames"][0]["rows"]
    4
    """
    return H2OResponse(frames=[current_session().frames.describe(frame_id)])


def rapids(expr: str) -> H2OResponse:
    """Evaluate a text of the expression language, such as ``"(+ 1 (sum (cols frame 0)))"``.

    Parameters
    ----------
    expr : str
        One expression. `heavywater.frame.primitives` lists the operations.

    Returns
    -------
    dict
        ``scalar`` with a number or a list of numbers, ``string`` with a text or a list of texts, ``key`` with the name of a
        frame (and ``num_rows``, ``num_cols``), or ``funstr`` with a function.

    Raises
    ------
    InvalidExpression
        The text is malformed; the message shows where.

    Examples
    --------
    >>> frame = h2o.H2OFrame({"a": [1, 2, 3]}, destination_frame="numbers")
    >>> h2o.rapids("(+ 1 (sum (cols numbers 0)))")["scalar"]
    7.0
    """
    session = current_session()
    value = session.frames.rapids(expr)
    answer: dict[str, Any] = {"ast": expr}
    if isinstance(value, Ref):
        facts = session.frames.facts(value.key)
        answer |= {"key": {"name": value.key}, "num_rows": facts["nrow"], "num_cols": len(facts["names"])}
    elif isinstance(value, str) or (isinstance(value, list) and value and isinstance(value[0], str)):
        answer["string"] = value
    elif isinstance(value, FunctionText):
        answer["funstr"] = value.text
    else:
        answer["scalar"] = value
    return H2OResponse(answer)


def assign(data: H2OFrame, xid: str) -> H2OFrame:
    """Store a frame under a key; `data` then refers to it.

    Parameters
    ----------
    data : H2OFrame
        Of any key, or of none of its own.
    xid : str
        The key; a frame that has it is replaced.

    Returns
    -------
    H2OFrame
        `data` itself.

    Examples
    --------
    >>> h2o.assign(frame, "renamed").frame_id
    'renamed'
    """
    need_frame(data, "assign")
    if data.frame_id == xid:
        raise InvalidArgument(f"h2o.assign: the frame has the key {xid!r} already")
    data._bind(data._session.frames.evaluate(("assign", check_key(xid), Ref(data.frame_id))).key, own=False)
    return data


def deep_copy(data: H2OFrame, xid: str) -> H2OFrame:
    """A second frame of the same content under another key.

    Columns never change, so both share them until one is assigned to.

    Parameters
    ----------
    data : H2OFrame
        The frame.
    xid : str
        The key of the copy.

    Returns
    -------
    H2OFrame

    Examples
    --------
    >>> h2o.deep_copy(frame, "second").nrow
    4
    """
    need_frame(data, "deep_copy")
    if data.frame_id == xid:
        raise InvalidArgument(f"h2o.deep_copy: xid={xid!r} is the key of the frame itself")
    return H2OFrame._wrap(
        data._session.frames.evaluate(("assign", check_key(xid), Ref(data.frame_id))).key, data._session
    )


def shallow_copy(data: H2OFrame, xid: str) -> H2OFrame:
    """A second frame of the same columns under another key; the same as `deep_copy`, which shares them, too.

    Parameters
    ----------
    data : H2OFrame
        The frame.
    xid : str
        The key of the copy.

    Returns
    -------
    H2OFrame

    Examples
    --------
    >>> h2o.shallow_copy(frame, "third").nrow
    4
    """
    return deep_copy(need_frame(data, "shallow_copy"), xid)


@overload
def as_list(
    data: Any, use_pandas: Literal[True] = True, header: bool = True, times: str = "datetime"
) -> pandas.DataFrame: ...


@overload
def as_list(
    data: Any, use_pandas: bool, header: bool = True, times: str = "datetime"
) -> pandas.DataFrame | list[list[str]]: ...


def as_list(
    data: Any, use_pandas: bool = True, header: bool = True, times: str = "datetime"
) -> pandas.DataFrame | list[list[str]]:
    """The frame as pandas.DataFrame, or as a list of rows of texts; see `H2OFrame.as_data_frame`.

    Parameters
    ----------
    data : H2OFrame
        The frame.
    use_pandas : bool
        False: a list of rows, all cells as texts.
    header : bool
        Whether the list of rows begins with the names.
    times : str
        As of `H2OFrame.as_data_frame`.

    Returns
    -------
    pandas.DataFrame or list[list of str]

    Examples
    --------
    >>> h2o.as_list(frame[["n", "k"]], use_pandas=False)[:2]
    [['n', 'k'], ['3', 'b']]
    """
    return frame_of("data", data).as_data_frame(use_pandas=use_pandas, header=header, times=times)


def interaction(
    data: Any,
    factors: Sequence[str | int],
    pairwise: bool,
    max_factors: int,
    min_occurrence: int,
    destination_frame: str | None = None,
) -> H2OFrame:
    """Factors of the combinations of levels of some columns.

    Parameters
    ----------
    data : H2OFrame
    factors : list of str or int
        The columns.
    pairwise : bool
        Whether there is a column for each pair of factors, or one for all of them together.
    max_factors : int
        Number of levels; the rarer ones become ``other``.
    min_occurrence : int
        Combinations in fewer rows become ``other``.
    destination_frame : str, optional
        Key of the result.

    Returns
    -------
    H2OFrame
        One column for each combination of columns.

    Examples
    --------
    >>> frame = h2o.H2OFrame({"a": ["x", "y", "x"], "b": ["u", "u", "v"]}, column_types={"a": "enum", "b": "enum"})
    >>> h2o.interaction(frame, ["a", "b"], pairwise=False, max_factors=10, min_occurrence=1).names
    ['a_b']
    """
    return frame_of("data", data).interaction(
        factors, pairwise, max_factors, min_occurrence, destination_frame
    )


def create_frame(
    frame_id: str | None = None,
    rows: int = 10000,
    cols: int = 10,
    randomize: bool = True,
    real_fraction: float | None = None,
    categorical_fraction: float | None = None,
    integer_fraction: float | None = None,
    binary_fraction: float | None = None,
    time_fraction: float | None = None,
    string_fraction: float | None = None,
    value: float = 0,
    real_range: float = 100,
    factors: int = 100,
    integer_range: int = 100,
    binary_ones_fraction: float = 0.02,
    missing_fraction: float = 0.01,
    has_response: bool = False,
    response_factors: int = 2,
    positive_response: bool = False,
    seed: int | None = None,
    seed_for_column_types: int | None = None,
) -> H2OFrame:
    """Make a frame of random data.

    Parameters
    ----------
    frame_id : str, optional
        Its key.
    rows, cols : int
        Its size, without the response.
    randomize : bool
        Whether cells are random; otherwise all are `value`.
    real_fraction, categorical_fraction, integer_fraction, binary_fraction, time_fraction, string_fraction : float, optional
        Shares of the columns of these types. What is not given shares the rest as 5 : 2 : 2 : 1 : 0 : 0.
    value : float
        What all cells are without `randomize`.
    real_range : float
        Real numbers lie between -real_range and real_range.
    factors : int
        Number of levels of categorical columns.
    integer_range : int
        Whole numbers lie between -integer_range and integer_range.
    binary_ones_fraction : float
        Share of ones in binary columns.
    missing_fraction : float
        Share of missing cells.
    has_response : bool
        Whether a column ``response`` comes first.
    response_factors : int
        Number of levels of the response; 1: it holds real numbers.
    positive_response : bool
        Whether a real response is positive.
    seed, seed_for_column_types : int, optional
        The same seeds give the same frame.

    Returns
    -------
    H2OFrame

    Examples
    --------
    >>> frame = h2o.create_frame(rows=10, cols=3, categorical_fraction=1, integer_fraction=0, binary_fraction=0, seed=1)
    >>> frame.dim, set(frame.types.values())
    ([10, 3], {'enum'})
    """
    if randomize and value:
        raise InvalidArgument("create_frame: value is for frames without randomize; leave one of them out")
    given = (
        real_fraction,
        categorical_fraction,
        integer_fraction,
        binary_fraction,
        time_fraction,
        string_fraction,
    )
    if not randomize and all(fraction is None for fraction in given):
        given = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    _, *fractions = _column_shares(given)
    session = current_session()
    expression = (
        "h2o.createFrame", rows, cols, randomize, *fractions, value, real_range, factors, integer_range,
        binary_ones_fraction, missing_fraction, has_response, response_factors, positive_response,
        -1 if seed is None else seed, -1 if seed_for_column_types is None else seed_for_column_types,
    )  # fmt: skip
    if frame_id is not None:
        return H2OFrame._wrap(
            session.frames.evaluate(("assign", check_key(frame_id), expression)).key, session
        )
    return H2OFrame._wrap(session.frames.evaluate(expression).key, session, own=True)


def _column_shares(given: Sequence[float | None]) -> list[float]:
    """Shares of all types of columns; those not given divide what is left."""
    left = 1 - sum(fraction for fraction in given if fraction is not None)
    if left < -1e-9:
        raise InvalidArgument(f"create_frame: the fractions of column types add up to {1 - left:g}, above 1")
    open_shares = sum(share for share, fraction in zip(_SHARES, given, strict=True) if fraction is None)
    return [
        fraction if fraction is not None else max(0.0, left) * share / open_shares if open_shares else 0.0
        for share, fraction in zip(_SHARES, given, strict=True)
    ]


def export_file(
    frame: Any,
    path: str,
    force: bool = False,
    sep: str = ",",
    compression: str | None = None,
    parts: int = 1,
    header: bool = True,
    quote_header: bool = True,
    parallel: bool = False,
    format: str = "csv",
    write_checksum: bool = True,
    tz_adjust_from_local: bool = False,
    times: str = "datetime",
) -> None:
    """Write a frame as delimited text or as Parquet on the disk of the session: that of this machine, or of the node.

    Parameters
    ----------
    frame : H2OFrame
    path : str
        The file; with several parts, and for Parquet, a folder that is empty or does not exist.
    force : bool
        Replace a file that is there, or a folder that holds nothing but an earlier export.
    sep : str
        Separator.
    compression : str, optional
        csv: ``gzip``, ``bzip2`` or ``zstd``; parquet: ``snappy`` (the default), ``gzip``, ``brotli``, ``lz4``, ``zstd`` or ``none``.
    parts : int
        Number of files; -1: as many as there are millions of rows.
    header, quote_header : bool
        Whether the names come first, and whether in quotes.
    parallel : bool
        Both values give the same: a file is written by one thread.
    format : str
        ``csv`` or ``parquet``.
    write_checksum : bool
        Whether Parquet files get hidden files with checksums, as Hadoop writes them.
    tz_adjust_from_local : bool
        Whether the times are what a clock in the session's time zone shows, as `import_file` with
        ``tz_adjust_to_local`` reads them; they are written as the points in time that are meant, in UTC.
    times : str
        ``datetime``: ``2020-01-31 12:00:00.000``, in Parquet timestamps; ``milliseconds``: whole numbers since 1970,
        which is what H2O writes.

    Examples
    --------
    >>> h2o.export_file(h2o.H2OFrame({"a": [1, 2]}), "a.csv", force=True)
    >>> h2o.import_file("a.csv").dim
    [2, 1]
    """
    frame = frame_of("frame", frame)
    layout = {
        "format": format, "separator": sep, "header": header, "quote_header": quote_header, "compression": compression,
        "parts": parts, "checksum": write_checksum,
    }  # fmt: skip
    session = frame._session
    wait_with_progress(
        JobHandle(
            session,
            session.files.export_frame(
                frame.frame_id, path, force, times, layout, adjust_from_zone=bool(tz_adjust_from_local)
            ),
        )
    )


def download_csv(data: Any, filename: str, times: str = "datetime") -> str:
    """Write a frame into a CSV file of this machine, replacing what is there; the absolute path is returned.

    For `times` see `export_file`.

    Parameters
    ----------
    data : H2OFrame
        The frame.
    filename : str
        The file.
    times : str
        As of `export_file`.

    Returns
    -------
    str
        The absolute path.

    Examples
    --------
    >>> path = h2o.download_csv(frame, "frame.csv")
    >>> h2o.import_file(path).nrow
    4
    """
    data = frame_of("data", data)
    session = data._session

    def write(there: str) -> None:
        export_file(data, there, force=True, times=times)

    return fetched(session, filename, write)


def load_frame(frame_id: str, path: str, force: bool = True) -> H2OFrame:
    """Load a frame that ``frame.save(path)`` has written.

    Parameters
    ----------
    frame_id : str
        The key it was saved under.
    path : str
        The folder.
    force : bool
        Replace a frame of this key in the session.

    Returns
    -------
    H2OFrame

    Examples
    --------
    >>> h2o.H2OFrame({"a": [1, 2]}, destination_frame="saved").save("frames")
    >>> h2o.load_frame("saved", "frames").nrow
    2
    """
    session = current_session()
    job = JobHandle(session, session.files.load_frame(frame_id, path, force))
    return H2OFrame._wrap(wait_with_progress(job), session)


def get_timezone() -> str:
    """Time zone of the session (H2O's old name for ``h2o.cluster().timezone``).

    Returns
    -------
    str
        A name such as ``Europe/Vienna``.

    Examples
    --------
    >>> zone = h2o.get_timezone()
    """
    _old_name("get_timezone", "timezone")
    return cluster().timezone


def set_timezone(value: str) -> None:
    """Set the time zone of the session (H2O's old name for ``h2o.cluster().timezone = ...``).

    Parameters
    ----------
    value : str
        A name such as ``Europe/Vienna``; see `list_timezones`.

    Examples
    --------
    >>> zone = h2o.get_timezone()
    >>> h2o.set_timezone("Europe/Vienna")
    >>> h2o.get_timezone()
    'Europe/Vienna'
    >>> h2o.set_timezone(zone)
    """
    _old_name("set_timezone", "timezone")
    cluster().timezone = value


def list_timezones() -> H2OFrame:
    """All time zones (H2O's old name for ``h2o.cluster().list_timezones()``).

    Returns
    -------
    H2OFrame
        One column of names.

    Examples
    --------
    >>> h2o.list_timezones().ncol
    1
    """
    _old_name("list_timezones", "list_timezones()")
    return cluster().list_timezones()


def _old_name(function: str, successor: str) -> None:
    warn(f"h2o.{function} is the old name of h2o.cluster().{successor}", H2ODeprecationWarning)
