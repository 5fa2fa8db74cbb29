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
import threading
import traceback
import warnings
from typing import Any

from ..errors import HeavywaterError
from ..session import Session
from . import r_host, r_memory
from .from_r import from_r
from .interrupts import interrupted, note_interrupts
from .r_memory import Address, ListMaker, Protection
from .r_package import package_function
from .r_requests import Requests
from .r_words import in_r_words
from .to_r import to_r

_SHOWN_WARNINGS = (RuntimeWarning, UserWarning)

_requests: Requests | None = None


def attach(session: Session | None = None) -> None:
    """Connect the R package ``h2o`` with a session of this process.

    Parameters
    ----------
    session : Session, optional
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
        r_host.start()
    _requests = Requests(session)
    note_interrupts(_entered.__code__)
    with Protection() as keep:
        open_bridge = package_function("bridge_open")
        r_memory.call(open_bridge, keep(r_memory.pointer_to_function(_callback_address())))


_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def _entered(name: Address, arguments: Address) -> Address:
    """What R calls with ``.Call()``: a list of value, warnings and error."""
    try:
        with Protection() as keep:
            return _answer(name, arguments, keep)
    except BaseException:  # noqa: BLE001 - R has no memory left for an answer
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
        except BaseException as error:  # noqa: BLE001 - R is told of it
            reply["error"] = _described(error)
    # Waiting for a job looks for itself; whatever else was interrupted has ended, and R is told.
    if request != "bridge.wait" and interrupted():
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
