"""Ctrl-C during a call from R."""

from __future__ import annotations

import ctypes
import signal
import threading
from types import CodeType, FrameType

_interrupted = threading.Event()


def note_interrupts(entered: CodeType) -> None:
    """Let Ctrl-C during a call from R be noted instead of raised.

    A KeyboardInterrupt in the few lines of rpy2 between R and the answer would return garbage to R. Signals at
    other times are handled as before, and so is the signal itself: R keeps its own handler.

    Parameters
    ----------
    entered : CodeType
        Code of the function that R calls.
    """
    handler = ctypes.pythonapi.PyOS_getsig
    handler.restype = ctypes.c_void_p
    ctypes.pythonapi.PyOS_setsig.argtypes = [ctypes.c_int, ctypes.c_void_p]
    of_process, of_python = handler(signal.SIGINT), signal.getsignal(signal.SIGINT)
    if getattr(of_python, "__name__", "") == "_on_interrupt":
        return

    def _on_interrupt(number: int, frame: FrameType | None) -> None:
        if _called_from_r(frame, entered):
            _interrupted.set()
        elif callable(of_python):
            of_python(number, frame)

    signal.signal(signal.SIGINT, _on_interrupt)
    ctypes.pythonapi.PyOS_setsig(signal.SIGINT, of_process)


def _called_from_r(frame: FrameType | None, entered: CodeType) -> bool:
    while frame is not None:
        if frame.f_code.co_name == "_evaluate_in_r" or frame.f_code is entered:  # rpy2's, ours
            return True
        frame = frame.f_back
    return False


def interrupted() -> bool:
    """Whether Ctrl-C was pressed since the last call of this function."""
    found = _interrupted.is_set()
    _interrupted.clear()
    return found
