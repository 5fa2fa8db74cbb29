"""R's C interface, as far as the bridge needs it: vectors as NumPy arrays, texts, lists, calls.

Only functions that "Writing R Extensions" names as R's interface are used, through ctypes, so there is nothing to
compile and nothing that depends on the version of R. The library is the one that runs in this process already,
whoever started it. It is opened as `ctypes.PyDLL`: Python's lock is held while R works, since R may
collect garbage in any of these functions, and with it Python objects that reticulate handed out.

An R object is an address (`Address`). R may collect it at the next allocation, unless it is reachable in R or protected:
what a function here returns is unprotected, and the caller stores it in a list at once or keeps it with `Protection`.
"""

from __future__ import annotations

import ctypes
import functools
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from ..arrays import Array
from ..errors import HeavywaterError

Address = int

NULL, LOGICAL, INTEGER, REAL, TEXT, LIST, RAW = 0, 10, 13, 14, 16, 19, 24
NA_INTEGER = np.iinfo(np.int32).min
# The NaN that R calls NA: its lower word is 1954.
NA_REAL_BITS = np.int64(0x7FF00000000007A2)
NA_REAL = float(np.array([NA_REAL_BITS]).view(np.float64)[0])
_UTF8 = 1  # cetype_t CE_UTF8

_DTYPES = {LOGICAL: "=i4", INTEGER: "=i4", REAL: "=f8", RAW: "=u1"}
_READERS = {LOGICAL: "LOGICAL", INTEGER: "INTEGER", REAL: "REAL", RAW: "RAW"}

_object, _index = ctypes.c_void_p, ctypes.c_ssize_t
_SIGNATURES = {
    "TYPEOF": (ctypes.c_int, [_object]),
    "Rf_xlength": (_index, [_object]),
    "LOGICAL": (_object, [_object]),
    "INTEGER": (_object, [_object]),
    "REAL": (_object, [_object]),
    "RAW": (_object, [_object]),
    "STRING_ELT": (_object, [_object, _index]),
    "SET_STRING_ELT": (None, [_object, _index, _object]),
    "VECTOR_ELT": (_object, [_object, _index]),
    "SET_VECTOR_ELT": (_object, [_object, _index, _object]),
    "Rf_translateCharUTF8": (ctypes.c_char_p, [_object]),
    "Rf_mkCharLenCE": (_object, [ctypes.c_char_p, ctypes.c_int, ctypes.c_int]),
    "Rf_allocVector": (_object, [ctypes.c_uint, _index]),
    "Rf_getAttrib": (_object, [_object, _object]),
    "Rf_setAttrib": (_object, [_object, _object, _object]),
    "Rf_install": (_object, [ctypes.c_char_p]),
    "Rf_cons": (_object, [_object, _object]),
    "Rf_lcons": (_object, [_object, _object]),
    "R_tryEvalSilent": (_object, [_object, _object, ctypes.POINTER(ctypes.c_int)]),
    "R_MakeExternalPtr": (_object, [_object, _object, _object]),
    "Rf_protect": (_object, [_object]),
    "Rf_unprotect": (None, [ctypes.c_int]),
}


# ---- the library


@functools.cache
def library() -> ctypes.PyDLL:
    """R's functions, with their signatures.

    Raises
    ------
    HeavywaterError
        This process has no R in it, and none is found.
    """
    found = ctypes.PyDLL(None)
    if not hasattr(
        found, "Rf_allocVector"
    ):  # not in the process for everyone to see: opened, or opened again, by its name
        found = ctypes.PyDLL(str(_library_file()))
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    return found


def _library_file() -> Path:
    home = os.environ.get("R_HOME")
    if not home:
        try:
            done = subprocess.run(["R", "RHOME"], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise HeavywaterError(
                f"no R is found ({error}): install R, and put its folder into PATH"
            ) from None
        home = done.stdout.strip()
    path = Path(home, "lib", "libR.so")
    if not path.exists():
        raise HeavywaterError(
            f"this R has no shared library ({path}), so it cannot run inside Python: start from R, which can "
            "run Python, or install an R that was built with --enable-R-shlib"
        )
    return path


def running() -> bool:
    """Whether R runs in this process."""
    return bool(ctypes.c_void_p.in_dll(library(), "R_NilValue").value)


@functools.cache
def constant(name: str) -> Address:
    """One of R's objects that stay, such as ``R_NilValue`` or ``R_NamesSymbol``."""
    return ctypes.c_void_p.in_dll(library(), name).value or 0


@functools.cache
def symbol(name: str) -> Address:
    """R's symbol of a name."""
    return int(library().Rf_install(name.encode()))


class Protection:
    """Keeps R objects from being collected until the end of a ``with`` block: ``keep(object)`` gives the object."""

    def __init__(self) -> None:
        self._kept = 0

    def __enter__(self) -> Self:
        return self

    def __call__(self, value: Address) -> Address:
        """The object, kept."""
        library().Rf_protect(value)
        self._kept += 1
        return value

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        library().Rf_unprotect(self._kept)


# ---- reading


def kind_of(value: Address) -> int:
    """Type of an object: `NULL`, `LOGICAL`, `INTEGER`, `REAL`, `TEXT`, `LIST`, `RAW` or another number."""
    return int(library().TYPEOF(value))


def length(value: Address) -> int:
    """Number of elements."""
    return int(library().Rf_xlength(value))


def attribute(value: Address, name: str) -> Address:
    """An attribute of an object, R's NULL when it has none."""
    return int(library().Rf_getAttrib(value, symbol(name)))


class _Memory:
    """Memory of R as NumPy wants to be told about it."""

    def __init__(self, address: int, n: int, dtype: str) -> None:
        self.__array_interface__ = {
            "data": (address, False), "shape": (n,), "typestr": np.dtype(dtype).str, "version": 3,
        }  # fmt: skip


def numbers(value: Address) -> Array:
    """The elements of a logical, whole, real or raw vector where they lie: valid as long as the vector is."""
    kind, n = kind_of(value), length(value)
    if n == 0:
        return np.empty(0, _DTYPES[kind])
    return np.asarray(_Memory(getattr(library(), _READERS[kind])(value), n, _DTYPES[kind]))


def elements(value: Address) -> list[Address]:
    """The elements of a list."""
    get = library().VECTOR_ELT
    return [get(value, i) for i in range(length(value))]


def texts(value: Address) -> list[str | None]:
    """The texts of a character vector, None for NA."""
    library_, missing = library(), constant("R_NaString")
    cells = [library_.STRING_ELT(value, i) for i in range(length(value))]
    return [
        None if cell == missing else library_.Rf_translateCharUTF8(cell).decode("utf-8", "replace")
        for cell in cells
    ]


def names(value: Address) -> list[str] | None:
    """The names of the elements, "" for one without; None when there are no names."""
    found = attribute(value, "names")
    return [each or "" for each in texts(found)] if kind_of(found) == TEXT else None


def named_elements(value: Address) -> dict[str, Address]:
    """The elements of a list by their names."""
    return dict(zip(names(value) or (), elements(value), strict=True))


# ---- making


def vector(kind: int, n: int) -> Address:
    """A new vector; its numbers are not set."""
    with Protection() as keep:
        mode = keep(from_texts([{REAL: "numeric", INTEGER: "integer", LOGICAL: "logical", RAW: "raw"}[kind]]))
        count = keep(_new(REAL, 1))
        numbers(count)[0] = n
        return call("vector", mode, count)  # in R, so that a lack of memory is an error that can be caught


def _new(kind: int, n: int) -> Address:
    return int(library().Rf_allocVector(kind, n))


def from_numbers(kind: int, values: Array | list[int] | list[float]) -> Address:
    """A vector of numbers."""
    cells = np.asarray(values, _DTYPES[kind])
    made = _new(kind, len(cells)) if len(cells) < 1000 else vector(kind, len(cells))
    numbers(made)[:] = cells
    return made


def from_texts(values: list[str | None] | list[str]) -> Address:
    """A character vector, NA for None."""
    library_, missing = library(), constant("R_NaString")
    with Protection() as keep:
        made = keep(_new(TEXT, len(values)))
        for i, text in enumerate(values):
            block = None if text is None else text.encode("utf-8", "replace")
            cell = missing if block is None else library_.Rf_mkCharLenCE(block, len(block), _UTF8)
            library_.SET_STRING_ELT(made, i, cell)
        return made


class ListMaker:
    """A list being filled: an element is safe from collection as soon as it is in it."""

    def __init__(self, n: int, keep: Protection) -> None:
        self.made = keep(_new(LIST, n))

    def __setitem__(self, i: int, value: Address) -> None:
        library().SET_VECTOR_ELT(self.made, i, value)


def set_attribute(value: Address, name: str, content: Address) -> Address:
    """Give an object, which the caller keeps, an attribute; the object."""
    with Protection() as keep:
        library().Rf_setAttrib(value, symbol(name), keep(content))
    return value


def pointer_to_function(address: int) -> Address:
    """What R's ``.Call()`` takes for a function in memory."""
    nil = constant("R_NilValue")
    return int(library().R_MakeExternalPtr(address, symbol("native symbol"), nil))


def with_class(value: Address, *classes: str) -> Address:
    """Give an object, which the caller keeps, a class; the object."""
    return set_attribute(value, "class", from_texts(list(classes)))


# ---- calling


def call(function: str | Address, *arguments: Address) -> Address:
    """Value of a call in R's base environment; the arguments may be unprotected only if there is a single one.

    Raises
    ------
    HeavywaterError
        The call failed, with R's message.
    """
    library_ = library()
    with Protection() as keep:
        rest = constant("R_NilValue")
        for argument in reversed(arguments):
            rest = keep(library_.Rf_cons(argument, rest))
        name = symbol(function) if isinstance(function, str) else function
        expression = keep(library_.Rf_lcons(name, rest))
        return evaluate(expression)


def evaluate(expression: Address) -> Address:
    """Value of an expression in R's base environment, see `call`."""
    failed = ctypes.c_int(0)
    value = library().R_tryEvalSilent(expression, constant("R_BaseEnv"), ctypes.byref(failed))
    if failed.value:
        raise HeavywaterError(_last_error())
    return int(value)


def language(function: str, argument: Address) -> Address:
    """The expression ``function(argument)``, not evaluated."""
    library_ = library()
    with Protection() as keep:
        rest = keep(library_.Rf_cons(argument, constant("R_NilValue")))
        return int(library_.Rf_lcons(symbol(function), rest))


def _last_error() -> str:
    failed = ctypes.c_int(0)
    with Protection() as keep:
        expression = keep(library().Rf_lcons(symbol("geterrmessage"), constant("R_NilValue")))
        value = library().R_tryEvalSilent(expression, constant("R_BaseEnv"), ctypes.byref(failed))
        message = "" if failed.value else texts(keep(value))[0] or ""
    return " ".join(message.split()) or "R gave no reason"
