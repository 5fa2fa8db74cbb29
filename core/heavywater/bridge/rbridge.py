"""The bridge to R: what the R package ``h2o`` asks.

One code path for two hosts. `attach` hands R a single function, which is `_entered` as R's ``.Call()`` takes it:

- R is the host: the R package starts Python through reticulate at its first request and calls `attach`. Nothing
  else is needed; the R that runs is reached through its own C interface (`heavywater.bridge.r_memory`).
- Python is the host: R has been started in this process by rpy2, or `attach` lets rpy2 start it
  (`heavywater.bridge.r_host`), and loads the R package.

R gives the function the name of a request (`heavywater.bridge.r_requests`) and a list of arguments; it gets back the
value, the warnings, and the error if there was one, so that no exception ever crosses the border. Numbers
cross as arrays that are copied once; texts cross as one block of zero-terminated UTF-8, in both directions.
Everything here runs on the thread that R runs on.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import traceback
import warnings
from collections.abc import Mapping
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import HeavywaterError, warn
from ..frame.columns.column import Array, Column, from_codes, numeric, sorted_enum, strings, times
from ..frame.columns.moment import Moment
from ..frame.importing.encodings import decoded
from ..frame.language.expressions import Lambda, Ref, Span
from . import r_memory
from .r_memory import (
    INTEGER,
    LIST,
    LOGICAL,
    NA_INTEGER,
    NA_REAL,
    NA_REAL_BITS,
    NULL,
    RAW,
    REAL,
    TEXT,
    Address,
    ListMaker,
    Protection,
)
from .r_requests import Requests
from .r_words import in_r_words

if TYPE_CHECKING:
    from ..session import LocalSession

_SHOWN_WARNINGS = (RuntimeWarning, UserWarning)

_requests: Requests | None = None
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
        R does not run in this process and cannot be started, or the R package is not installed.
    """
    global _requests
    if threading.current_thread() is not threading.main_thread():
        raise HeavywaterError("R can only be reached from the main thread; call attach() there")
    if not r_memory.running():
        from . import r_host

        r_host.start()
    _requests = Requests(session)
    _note_interrupts()
    with Protection() as keep:
        open_bridge = _package_function("bridge_open")
        r_memory.call(open_bridge, keep(r_memory.pointer_to_function(_callback_address())))


def _package_function(name: str) -> Address:
    """A function of the R package, which is loaded (and attached) if it is not yet; it lives as long as the package."""
    with Protection() as keep:
        package = keep(r_memory.from_texts(["h2o"]))
        try:
            loaded = keep(r_memory.call("isNamespaceLoaded", package))
            if not r_memory.numbers(loaded)[0]:
                loading = keep(r_memory.language("library", r_memory.symbol("h2o")))
                keep(r_memory.call("suppressPackageStartupMessages", loading))
            namespace = keep(r_memory.call("asNamespace", package))
        except HeavywaterError as error:
            raise HeavywaterError(
                f"the R package h2o cannot be loaded ({error}): install it with "
                "R CMD INSTALL rfront, and name its library in R_LIBS if it is not R's own"
            ) from None
        return r_memory.call("get", keep(r_memory.from_texts([name])), namespace)


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
        if frame.f_code.co_name == "_evaluate_in_r" or frame.f_code is _entered.__code__:  # rpy2's, ours
            return True
        frame = frame.f_back
    return False


def interrupted() -> bool:
    """Whether Ctrl-C was pressed since the last call of this function."""
    found = _interrupted.is_set()
    _interrupted.clear()
    return found


# ---- one request

_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def _entered(name: Address, arguments: Address) -> Address:
    """What R calls with ``.Call()``: a list of value, warnings and error."""
    try:
        with Protection() as keep:
            return _answer(name, arguments, keep)
    except BaseException:  # R has no memory left for an answer
        return r_memory.constant("R_NilValue")


_entrance = _FUNCTION(_entered)  # R's pointer to it does not keep it alive


def _callback_address() -> int:
    return ctypes.cast(_entrance, ctypes.c_void_p).value or 0


def _answer(name: Address, arguments: Address, keep: Protection) -> Address:
    request = r_memory.texts(name)[0] or ""
    reply: dict[str, Any] = {}
    value = r_memory.constant("R_NilValue")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = keep(to_r(_ask(request, from_r(arguments))))
        except BaseException as error:
            reply["error"] = _described(error)
    # Waiting for a job looks for itself; whatever else was interrupted has ended, and R is told.
    if request != "job_wait" and interrupted():
        reply["error"] = {"message": "interrupted", "type": "KeyboardInterrupt", "traceback": ""}
    reply["warnings"] = [
        in_r_words(str(w.message)) for w in caught if issubclass(w.category, _SHOWN_WARNINGS)
    ]
    parts = ListMaker(1 + len(reply), keep)
    parts[0] = value
    for i, each in enumerate(reply.values(), start=1):
        parts[i] = to_r(each)
    return r_memory.set_attribute(parts.made, "names", r_memory.from_texts(["value", *reply]))


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
        "message": in_r_words(str(error)) or type(error).__name__,
        "type": type(error).__name__,
        "traceback": text,
    }
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return described


# ---- from R to Python


def from_r(value: Address) -> Any:
    """A Python object for an R object.

    NULL and NA become None, vectors of one element scalars, longer ones lists, named lists dicts. A list of
    the class ``h2o_column`` becomes a `Column`, ``h2o_key`` a `Ref`, ``h2o_span`` a `Span`, ``h2o_moment`` a `Moment`,
    ``h2o_tuple`` a tuple (an expression), ``h2o_lambda`` a `Lambda`,
    ``h2o_numbered`` a dict with whole numbers for keys, ``h2o_list`` a list even when it has one element or none.
    """
    kind = r_memory.kind_of(value)
    if kind == NULL:
        return None
    marked = _class_of(value)
    if marked == "h2o_column":
        return _column(dict(zip(_names(value) or (), r_memory.elements(value), strict=True)))
    if marked == "h2o_span":
        return Span(*(int(each) for each in _cells(value)))
    if kind == RAW:
        return _bytes(value)
    cells = _cells(value)
    if marked == "h2o_key":
        return Ref(cells[0])
    if marked == "h2o_moment":
        return None if cells[0] is None or cells[0] != cells[0] else Moment(round(cells[0]))
    if marked == "h2o_tuple":
        return tuple(cells)
    if marked == "h2o_lambda":
        parameters, body = cells
        return Lambda(tuple(parameters), body)
    names = _names(value) if kind == LIST and marked != "h2o_list" else None
    if names is not None:
        return dict(zip(map(int, names) if marked == "h2o_numbered" else names, cells, strict=True))
    single = len(cells) == 1 and marked != "h2o_list" and kind != LIST
    return cells[0] if single else cells


def _class_of(value: Address) -> str | None:
    found = r_memory.attribute(value, "class")
    return r_memory.texts(found)[0] if r_memory.kind_of(found) == TEXT else None


def _names(value: Address) -> list[str] | None:
    found = r_memory.attribute(value, "names")
    return [each or "" for each in r_memory.texts(found)] if r_memory.kind_of(found) == TEXT else None


def _cells(value: Address) -> list[Any]:
    kind = r_memory.kind_of(value)
    if kind == LIST:
        return [from_r(each) for each in r_memory.elements(value)]
    if kind == TEXT:
        return r_memory.texts(value)
    if kind not in (REAL, INTEGER, LOGICAL):
        raise HeavywaterError(
            "a value given is neither a vector nor a list: give numbers, texts, TRUE or FALSE, or a list of them"
        )
    numbers = r_memory.numbers(value)
    unknown = numbers.view(np.int64) == NA_REAL_BITS if kind == REAL else numbers == NA_INTEGER
    cells: list[Any] = (numbers != 0 if kind == LOGICAL else numbers).tolist()
    return [None if gone else cell for cell, gone in zip(cells, unknown.tolist(), strict=True)]


def _column(parts: dict[str, Address]) -> Column:
    """Column from R vectors; nothing of R's memory stays in it."""
    kind, values = r_memory.texts(parts["kind"])[0], parts["values"]
    if kind == "string":
        cells = np.array(_texts(_bytes(values)), dtype=object)
        cells[r_memory.numbers(parts["missing"]) - 1] = None
        return strings(cells)
    view = r_memory.numbers(values)
    if kind == "numeric":
        missing = None if view.dtype.kind == "f" else view == NA_INTEGER
        column = numeric(view, missing if missing is None or missing.any() else None)
        shared = np.may_share_memory(column.values, view)
        return Column(column.kind, column.values.copy(), column.missing, column.levels) if shared else column
    if kind == "time":
        missing = np.isnan(view)
        scale = float(r_memory.numbers(parts["scale"])[0])
        return times(np.round(np.where(missing, 0, view) * scale).astype(np.int64), missing)
    codes = np.where(view == NA_INTEGER, -1, view - r_memory.numbers(parts["base"])[0])
    levels = _texts(_bytes(parts["levels"]))
    return sorted_enum(codes, levels) if kind == "logical" else from_codes(codes, levels)


def _bytes(vector: Address) -> bytes:
    return r_memory.numbers(vector).tobytes()


def _texts(block: bytes) -> list[str]:
    text, stray, _ = decoded(block)
    if stray:
        warn(
            f"as.h2o: {stray} bytes of texts are not UTF-8 and became text like <0xE4>; say by Encoding(x) <- or iconv() in R "
            "which letters they are"
        )
    return text.split("\0")[:-1]


# ---- from Python to R


def to_r(value: Any) -> Address:
    """An R object for a Python object; the caller keeps it (see `heavywater.bridge.r_memory`).

    None becomes NULL, dicts become named lists, lists of one type become vectors (None in them NA), tables data
    frames of the class ``H2OTable``, columns vectors, factors or POSIXct, references lists of the class
    ``h2o_key``.
    """
    if value is None:
        return r_memory.constant("R_NilValue")
    if isinstance(value, Column):
        return _vector(value)
    if isinstance(value, Ref):
        with Protection() as keep:
            return _with_class(keep(r_memory.from_texts([value.key])), "h2o_key")
    if isinstance(value, Mapping):
        if "columns" in value and "rows" in value and "types" in value:
            return _table(value)
        with Protection() as keep:
            result = keep(_elements(list(value.values())))
            return r_memory.set_attribute(result, "names", r_memory.from_texts([str(name) for name in value]))
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple | set):
        return _list(list(value))
    if isinstance(value, bytes | bytearray):
        return r_memory.from_numbers(RAW, np.frombuffer(value, np.uint8))
    return _list([value])


def _elements(values: list[Any]) -> Address:
    """A list, each element by itself."""
    with Protection() as keep:
        made = ListMaker(len(values), keep)
        for i, value in enumerate(values):
            made[i] = to_r(value)
        return made.made


def _list(values: list[Any]) -> Address:
    """Vector of the narrowest type that holds all values, or a list."""
    kinds = {type(each) for each in values if each is not None}
    if not kinds:
        return _elements(values)
    if all(issubclass(kind, bool | np.bool_) for kind in kinds):
        return r_memory.from_numbers(LOGICAL, [NA_INTEGER if each is None else int(each) for each in values])
    if all(issubclass(kind, int | np.integer) for kind in kinds):
        largest = max(abs(int(each)) for each in values if each is not None)
        if largest < 2**31:
            return _whole_numbers(values)
        if largest > 2**53:  # a seed: as text it keeps all its digits
            return r_memory.from_texts([None if each is None else str(each) for each in values])
    if all(issubclass(kind, int | float | np.number) for kind in kinds):
        return _real_numbers(values)
    if kinds == {str}:
        return r_memory.from_texts(values)
    unknown = [kind.__name__ for kind in kinds if not issubclass(kind, _KNOWN)]
    if unknown:
        raise HeavywaterError(f"a value of the type {unknown[0]} cannot be shown in R")
    return _elements(values)


_KNOWN = (bool, int, float, str, bytes, np.generic, np.ndarray, list, tuple, set, Mapping, Column, Ref)


def _whole_numbers(values: list[Any]) -> Address:
    return r_memory.from_numbers(INTEGER, [NA_INTEGER if each is None else int(each) for each in values])


def _real_numbers(values: list[Any]) -> Address:
    return r_memory.from_numbers(REAL, [NA_REAL if each is None else float(each) for each in values])


def _with_class(vector: Address, *names: str) -> Address:
    return r_memory.set_attribute(vector, "class", r_memory.from_texts(list(names)))


def _table(table: Mapping[str, Any]) -> Address:
    columns = list(zip(*table["rows"], strict=True)) or [()] * len(table["columns"])
    with Protection() as keep:
        result = ListMaker(len(columns), keep)
        for i, (kind, cells) in enumerate(zip(table["types"], columns, strict=True)):
            result[i] = _table_column(kind, list(cells))
        for name, texts in {
            "names": [str(name) for name in table["columns"]],
            "header": [str(table.get("name", ""))],
            "description": [str(table.get("description") or "")],
        }.items():
            r_memory.set_attribute(result.made, name, r_memory.from_texts(texts))
        rows = r_memory.from_numbers(INTEGER, list(range(1, len(table["rows"]) + 1)))
        r_memory.set_attribute(result.made, "row.names", rows)
        return _with_class(result.made, "H2OTable", "data.frame")


def _table_column(kind: str, cells: list[Any]) -> Address:
    """Column of a table by its declared type: cells that are all missing would not show it."""
    if kind == "string":
        return r_memory.from_texts([None if each is None else str(each) for each in cells])
    whole = [each for each in cells if each is not None and each == each]
    if kind in ("int", "long") and all(float(each).is_integer() and abs(each) < 2**31 for each in whole):
        return _whole_numbers([None if each is None or each != each else each for each in cells])
    return _real_numbers(cells)


def _vector(column: Column) -> Address:
    """R vector of a column, written cell by cell only where it is text."""
    if column.is_text:
        return _characters(column.texts().tolist())
    absent = column.is_missing()
    with Protection() as keep:
        if column.kind == "enum":
            vector = keep(_integers(column.values, absent, 1))
            r_memory.set_attribute(vector, "levels", _characters(list(column.levels or ())))
            return _with_class(vector, "factor")
        if column.kind == "int" and _fits(column.values):
            return _integers(column.values, absent, 0)
        vector = keep(r_memory.vector(REAL, len(column)))
        cells = r_memory.numbers(vector)
        cells[:] = column.values
        if column.kind == "time":
            cells /= 1000
        if absent.any():
            cells.view(np.int64)[absent] = NA_REAL_BITS
        if column.kind == "time":
            r_memory.set_attribute(vector, "tzone", r_memory.from_texts(["UTC"]))
            _with_class(vector, "POSIXct", "POSIXt")
        return vector


def _fits(values: Array) -> bool:
    small = values.dtype.itemsize < 4 or not len(values)
    return small or bool(values.min() > NA_INTEGER and values.max() < 2**31)


def _integers(values: Array, absent: Array, offset: int) -> Address:
    vector = r_memory.vector(INTEGER, len(values))
    cells = r_memory.numbers(vector)
    np.add(values, offset, out=cells, casting="unsafe", dtype=np.int32)
    if absent.any():
        cells[absent] = NA_INTEGER
    return vector


def _characters(texts: list[str | None]) -> Address:
    """Character vector: R makes it from one block, which is much faster than text by text."""
    missing = [i for i, text in enumerate(texts, start=1) if text is None]
    block = "\0".join("" if text is None else text for text in texts) + "\0" if texts else ""
    if block.count("\0") != len(texts):
        raise HeavywaterError("a text with a zero character cannot be shown in R; remove the character first")
    with Protection() as keep:
        raw = keep(r_memory.from_numbers(RAW, np.frombuffer(block.encode("utf-8", "replace"), np.uint8)))
        return r_memory.call(
            keep(_package_function("texts_from_block")),
            raw,
            keep(r_memory.from_numbers(INTEGER, [len(texts)])),
            keep(r_memory.from_numbers(INTEGER, missing)),
        )
