"""Turns for the threads of Python while R works or waits.

Where R is the host, reticulate keeps Python's lock, so that no thread of Python gets on but while R asks for something. A
session at a node would be taken for one whose client is gone, and one that is open to others would not answer them. R calls
a function of its own whenever it waits at the prompt or in ``Sys.sleep()``, and every now and then while it works: here
threads get a turn in it. What neither waits nor works for R, as a program that ``system()`` waits for, gives none.
"""

from __future__ import annotations

import ctypes
import time
from typing import Any

from . import r_memory

_HOOK = ctypes.CFUNCTYPE(None)
_POLL_MICROSECONDS = 10_000  # between R's calls while it waits

_pause, _length = 0.0, 0.0  # seconds between two turns, and of each
_last = 0.0
_hook: Any = None  # R's pointer to it does not keep it alive
_before: Any = None  # what R called until then


def give_turns(pause: float, length: float) -> None:
    """Give the threads of Python a turn from now on.

    Parameters
    ----------
    pause : float
        Seconds between two of them.
    length : float
        Seconds of each, in which R does nothing.
    """
    global _pause, _length, _hook, _before
    _pause, _length = pause, length
    if _hook is not None:
        return
    try:
        pointer = ctypes.c_void_p.in_dll(r_memory.library(), "R_PolledEvents")
        wait = ctypes.c_int.in_dll(r_memory.library(), "R_wait_usec")
    except ValueError:  # R on Windows
        return
    _before = _HOOK(pointer.value) if pointer.value else None
    _hook = _HOOK(_turn)
    pointer.value = ctypes.cast(_hook, ctypes.c_void_p).value
    if not 0 < wait.value <= _POLL_MICROSECONDS:
        wait.value = _POLL_MICROSECONDS


def _turn() -> None:
    global _last
    if time.monotonic() - _last > _pause:
        time.sleep(_length)
        _last = time.monotonic()
    if _before is not None:
        _before()
