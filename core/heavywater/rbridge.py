"""The bridge to R: what the R package ``h2o`` asks, and the only file that imports rpy2.

One code path for two hosts. `attach` hands R a single function, which is `_answer` wrapped by rpy2:

- R is the host: the R package starts Python through reticulate at its first request and calls `attach`;
  rpy2 then finds that R runs in this process and uses it.
- Python is the host: `attach` lets rpy2 start R and loads the R package.

R gives the function the name of a request (`heavywater.r_requests`) and a list of arguments; it gets back the
value, the warnings, and the error if there was one, so that no exception ever crosses the border. Numbers
cross as arrays that are copied once; texts cross as one block of zero-terminated UTF-8, in both directions.
Everything here runs on the thread that R runs on.
"""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import traceback
import warnings
from collections.abc import Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import HeavywaterError
from .frame.columns import Array, Column, numeric, sorted_enum, strings, times
from .frame.expressions import Lambda, Ref, Span
from .frame.interchange import from_codes
from .r_requests import Requests

if TYPE_CHECKING:
    from .session import LocalSession

_NA_INTEGER = np.iinfo(np.int32).min
# The NaN that R calls NA: its lower word is 1954.
_NA_REAL_BITS = np.int64(0x7FF00000000007A2)
_SHOWN_WARNINGS = (RuntimeWarning, UserWarning)

_requests: Requests | None = None
_callback: Any = None  # R's function points to it, which does not keep it alive
_interrupted = threading.Event()


def attach(session: LocalSession | None = None) -> None:
    """Connect the R package ``h2o`` with a session of this process.

    Parameters
    ----------
    session : LocalSession, optional
        The session R is to share, such as ``h2o.connection().session``. By default R gets one of its own, at
        its first request.

    Raises
    ------
    HeavywaterError
        rpy2 is missing or does not fit the version of R, or the R package is not installed.
    """
    global _requests, _callback
    if threading.current_thread() is not threading.main_thread():
        raise HeavywaterError("R can only be reached from the main thread; call attach() there")
    ri = _start_rpy2()
    _requests = Requests(session)
    _note_interrupts()
    try:
        if not _r_is_host():
            ri.evalr("suppressPackageStartupMessages(library(h2o))")
        namespace = ri.baseenv["asNamespace"](ri.StrSexpVector(["h2o"]))
    except Exception as error:
        raise HeavywaterError(
            f"the R package h2o cannot be loaded ({' '.join(str(error).split())}): install it with "
            "R CMD INSTALL rfront, and name its library in R_LIBS if it is not R's own"
        ) from None
    _callback = ri.rternalize(_answer)
    namespace["bridge_open"](_callback)


def _start_rpy2() -> Any:
    """rpy2's low-level interface with R running, started here unless this process is R."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on environment variables that nobody here can act on
            import rpy2.rinterface as ri

            if _r_is_host() and hasattr(ri, "_setrenvvars"):
                # It would start another R to learn what R sets for itself. The variables are set already.
                ri._setrenvvars = lambda action: None
            ri.initr()
    except ImportError as error:
        raise HeavywaterError(f"rpy2 is missing ({error}): {_REMEDY}") from None
    except Exception as error:  # an R without a symbol that rpy2 needs, or no R at all
        raise HeavywaterError(f"rpy2 does not work with this R ({error}): {_REMEDY}") from None
    return ri


_REMEDY = "pip install 'rpy2>=3.5.17,<3.6' for R before 4.5, 'rpy2>=3.6' for R 4.5 and newer"


def _r_is_host() -> bool:
    """Whether this process is R; reticulate and rpy2 agreed on this variable."""
    return f"PID={os.getpid()}:" in os.environ.get("R_SESSION_INITIALIZED", "")


def _note_interrupts() -> None:
    """Let Ctrl-C during a call from R be noted instead of raised.

    A KeyboardInterrupt in the few lines of rpy2 between R and `_answer` would return garbage to R. Signals at
    other times are handled as before, and so is the signal itself: R keeps its own handler.
    """
    handler = ctypes.pythonapi.PyOS_getsig
    handler.restype = ctypes.c_void_p
    ctypes.pythonapi.PyOS_setsig.argtypes = [ctypes.c_int, ctypes.c_void_p]
    of_process, of_python = handler(signal.SIGINT), signal.getsignal(signal.SIGINT)
    if getattr(of_python, "__name__", "") == "_on_interrupt":
        return

    def _on_interrupt(number: int, frame: FrameType | None) -> None:
        if _called_from_r(frame):
            _interrupted.set()
        elif callable(of_python):
            of_python(number, frame)

    signal.signal(signal.SIGINT, _on_interrupt)
    ctypes.pythonapi.PyOS_setsig(signal.SIGINT, of_process)


def _called_from_r(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name == "_evaluate_in_r" or frame.f_code is _answer.__code__:
            return True
        frame = frame.f_back
    return False


def interrupted() -> bool:
    """Whether Ctrl-C was pressed since the last call of this function."""
    found = _interrupted.is_set()
    _interrupted.clear()
    return found


# ---- one request


def _answer(name: Any, arguments: Any) -> Any:
    """What R calls: a list of value, warnings and error."""
    reply: dict[str, Any] = {}
    value = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = to_r(_ask(name[0], from_r(arguments)))
        except BaseException as error:
            reply["error"] = _described(error)
    # Waiting for a job looks for itself; whatever else was interrupted has ended, and R is told.
    if name[0] != "job_wait" and interrupted():
        reply["error"] = {"message": "interrupted", "type": "KeyboardInterrupt", "traceback": ""}
    reply["warnings"] = [str(w.message) for w in caught if issubclass(w.category, _SHOWN_WARNINGS)]
    return _named(["value", *reply], [to_r(each) for each in (value, *reply.values())])


def _ask(name: str, arguments: Any) -> Any:
    assert _requests is not None
    arguments = arguments or {}
    if not isinstance(arguments, dict):
        return _requests.answer(name, *arguments)
    return _requests.answer(name, **arguments)


def _described(error: BaseException) -> dict[str, str]:
    """The error as texts; it lets go of its frames.

    They hold R objects, which only this thread may release, and an error that a job keeps would leave that to
    whichever thread collects garbage.
    """
    text = "".join(traceback.format_exception(error))
    described = {
        "message": str(error) or type(error).__name__,
        "type": type(error).__name__,
        "traceback": text,
    }
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return described


# ---- from R to Python


def from_r(value: Any) -> Any:
    """A Python object for an R object.

    NULL and NA become None, vectors of one element scalars, longer ones lists, named lists dicts. A list of
    the class ``h2o_column`` becomes a `Column`, ``h2o_key`` a `Ref`, ``h2o_span`` a `Span`,
    ``h2o_tuple`` a tuple (an expression), ``h2o_lambda`` a `Lambda`,
    ``h2o_numbered`` a dict with whole numbers for keys, ``h2o_list`` a list even when it has one element or none.
    """
    import rpy2.rinterface as ri

    if isinstance(value, type(ri.NULL)):
        return None
    kind = _class_of(value)
    if kind == "h2o_column":
        return _column(dict(zip(value.names, value, strict=True)))
    if kind == "h2o_key":
        return Ref(value[0])
    if kind == "h2o_span":
        return Span(*(int(each) for each in value))
    if kind == "h2o_tuple":
        return tuple(_cells(value))
    if kind == "h2o_lambda":
        parameters, body = _cells(value)
        return Lambda(tuple(parameters), body)
    if isinstance(value, ri.ByteSexpVector):
        return _bytes(value)
    cells = _cells(value)
    names = value.names if isinstance(value, ri.ListSexpVector) else ri.NULL
    if not isinstance(names, type(ri.NULL)) and kind != "h2o_list":
        return dict(zip(map(int, names) if kind == "h2o_numbered" else names, cells, strict=True))
    single = len(cells) == 1 and kind != "h2o_list" and not isinstance(value, ri.ListSexpVector)
    return cells[0] if single else cells


def _class_of(value: Any) -> str:
    return str(value.rclass[0])


def _cells(value: Any) -> list[Any]:
    import rpy2.rinterface as ri

    if isinstance(value, ri.ListSexpVector):
        return [from_r(each) for each in value]
    if isinstance(value, ri.StrSexpVector):
        return [None if each is ri.NA_Character else each for each in value]
    if isinstance(value, ri.FloatSexpVector):
        numbers = np.asarray(value)
        unknown = numbers.view(np.int64) == _NA_REAL_BITS
    else:
        numbers = np.asarray(value)
        unknown = numbers == _NA_INTEGER
        if isinstance(value, ri.BoolSexpVector):
            numbers = numbers != 0
    cells: list[Any] = numbers.tolist()
    return [None if gone else cell for cell, gone in zip(cells, unknown.tolist(), strict=True)]


def _column(parts: dict[str, Any]) -> Column:
    """Column from R vectors; nothing of R's memory stays in it."""
    kind, values = parts["kind"][0], parts["values"]
    if kind == "string":
        cells = np.array(_texts(_bytes(values)), dtype=object)
        cells[np.asarray(parts["missing"]) - 1] = None
        return strings(cells)
    view = np.asarray(values)
    if kind == "numeric":
        missing = None if view.dtype.kind == "f" else view == _NA_INTEGER
        column = numeric(view, missing if missing is None or missing.any() else None)
        shared = np.may_share_memory(column.values, view)
        return Column(column.kind, column.values.copy(), column.missing, column.levels) if shared else column
    if kind == "time":
        missing = np.isnan(view)
        scale = float(parts["scale"][0])
        return times(np.round(np.where(missing, 0, view) * scale).astype(np.int64), missing)
    codes = np.where(view == _NA_INTEGER, -1, view - parts["base"][0])
    levels = _texts(_bytes(parts["levels"]))
    return sorted_enum(codes, levels) if kind == "logical" else from_codes(codes, levels)


def _bytes(vector: Any) -> bytes:
    return np.asarray(vector).tobytes()


def _texts(block: bytes) -> list[str]:
    return block.decode("utf-8", "replace").split("\0")[:-1]


# ---- from Python to R


def to_r(value: Any) -> Any:
    """An R object for a Python object.

    None becomes NULL, dicts become named lists, lists of one type become vectors (None in them NA), tables data
    frames of the class ``H2OTable``, columns vectors, factors or POSIXct, references lists of the class
    ``h2o_key``.
    """
    import rpy2.rinterface as ri

    if value is None:
        return ri.NULL
    if isinstance(value, ri.Sexp):
        return value
    if isinstance(value, Column):
        return _vector(value)
    if isinstance(value, Ref):
        return _with_class(ri.StrSexpVector([value.key]), "h2o_key")
    if isinstance(value, Mapping):
        if "columns" in value and "rows" in value and "types" in value:
            return _table(value)
        return _named([str(name) for name in value], [to_r(each) for each in value.values()])
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple | set):
        return _list(list(value))
    if isinstance(value, bytes | bytearray):
        return ri.ByteSexpVector(value)
    return _list([value])


def _list(values: list[Any]) -> Any:
    """Vector of the narrowest type that holds all values, or a list."""
    import rpy2.rinterface as ri

    kinds = {type(each) for each in values if each is not None}
    if not kinds:
        return ri.ListSexpVector([ri.NULL] * len(values))
    if all(issubclass(kind, bool | np.bool_) for kind in kinds):
        return ri.BoolSexpVector([ri.NA_Logical if each is None else bool(each) for each in values])
    if all(issubclass(kind, int | np.integer) for kind in kinds):
        largest = max(abs(int(each)) for each in values if each is not None)
        if largest < 2**31:
            return ri.IntSexpVector([ri.NA_Integer if each is None else int(each) for each in values])
        if largest > 2**53:  # a seed: as text it keeps all its digits
            return ri.StrSexpVector([ri.NA_Character if each is None else str(each) for each in values])
    if all(issubclass(kind, int | float | np.number) for kind in kinds):
        return ri.FloatSexpVector([ri.NA_Real if each is None else float(each) for each in values])
    if kinds == {str}:
        return ri.StrSexpVector([ri.NA_Character if each is None else each for each in values])
    unknown = [kind.__name__ for kind in kinds if not issubclass(kind, _KNOWN)]
    if unknown:
        raise HeavywaterError(f"a value of the type {unknown[0]} cannot be shown in R")
    return ri.ListSexpVector([to_r(each) for each in values])


_KNOWN = (bool, int, float, str, bytes, np.generic, np.ndarray, list, tuple, set, Mapping, Column, Ref)


def _named(names: list[str], values: list[Any]) -> Any:
    import rpy2.rinterface as ri

    result = ri.ListSexpVector(values)
    result.do_slot_assign("names", ri.StrSexpVector(names))
    return result


def _with_class(vector: Any, *names: str) -> Any:
    import rpy2.rinterface as ri

    vector.rclass = ri.StrSexpVector(list(names))
    return vector


def _table(table: Mapping[str, Any]) -> Any:
    import rpy2.rinterface as ri

    columns = list(zip(*table["rows"], strict=True)) or [()] * len(table["columns"])
    result = _named(
        [str(name) for name in table["columns"]],
        [_table_column(kind, list(cells)) for kind, cells in zip(table["types"], columns, strict=True)],
    )
    result.do_slot_assign("header", ri.StrSexpVector([str(table.get("name", ""))]))
    result.do_slot_assign("description", ri.StrSexpVector([str(table.get("description") or "")]))
    result.do_slot_assign("row.names", ri.IntSexpVector(range(1, len(table["rows"]) + 1)))
    return _with_class(result, "H2OTable", "data.frame")


def _table_column(kind: str, cells: list[Any]) -> Any:
    """Column of a table by its declared type: cells that are all missing would not show it."""
    import rpy2.rinterface as ri

    if kind == "string":
        return ri.StrSexpVector([ri.NA_Character if each is None else str(each) for each in cells])
    whole = [each for each in cells if each is not None and each == each]
    if kind in ("int", "long") and all(float(each).is_integer() and abs(each) < 2**31 for each in whole):
        return ri.IntSexpVector(
            [ri.NA_Integer if each is None or each != each else int(each) for each in cells]
        )
    return ri.FloatSexpVector([ri.NA_Real if each is None else float(each) for each in cells])


def _vector(column: Column) -> Any:
    """R vector of a column, written cell by cell only where it is text."""
    import rpy2.rinterface as ri

    if column.is_text:
        return _characters(column.texts().tolist())
    absent = column.is_missing()
    if column.kind == "enum":
        vector = _integers(column.values, absent, 1)
        vector.do_slot_assign("levels", _characters(list(column.levels or ())))
        return _with_class(vector, "factor")
    if column.kind == "int" and _fits(column.values):
        return _integers(column.values, absent, 0)
    vector = ri.baseenv["numeric"](ri.IntSexpVector([len(column)]))
    cells = np.asarray(vector)
    cells[:] = column.values
    if column.kind == "time":
        cells /= 1000
    if absent.any():
        cells.view(np.int64)[absent] = _NA_REAL_BITS
    if column.kind == "time":
        vector.do_slot_assign("tzone", ri.StrSexpVector(["UTC"]))
        _with_class(vector, "POSIXct", "POSIXt")
    return vector


def _fits(values: Array) -> bool:
    small = values.dtype.itemsize < 4 or not len(values)
    return small or bool(values.min() > _NA_INTEGER and values.max() < 2**31)


def _integers(values: Array, absent: Array, offset: int) -> Any:
    import rpy2.rinterface as ri

    vector = ri.baseenv["integer"](ri.IntSexpVector([len(values)]))
    cells = np.asarray(vector)
    np.add(values, offset, out=cells, casting="unsafe", dtype=np.int32)
    if absent.any():
        cells[absent] = _NA_INTEGER
    return vector


def _characters(texts: list[str | None]) -> Any:
    """Character vector: R makes it from one block, which is much faster than text by text."""
    import rpy2.rinterface as ri

    missing = [i for i, text in enumerate(texts, start=1) if text is None]
    block = "\0".join("" if text is None else text for text in texts) + "\0" if texts else ""
    if block.count("\0") != len(texts):
        raise HeavywaterError("a text with a zero character cannot be shown in R; remove the character first")
    make = ri.baseenv["asNamespace"](ri.StrSexpVector(["h2o"]))["texts_from_block"]
    return make(
        ri.ByteSexpVector(block.encode("utf-8", "replace")),
        ri.IntSexpVector([len(texts)]),
        ri.IntSexpVector(missing),
    )
