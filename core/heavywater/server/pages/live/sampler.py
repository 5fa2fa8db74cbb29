"""What runs at a node, and since when each thing is known: so who was away is told what it has missed, and nothing twice."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ....errors import NotFound
from ....jobs import RUNNING
from ....session.job_registry import JobService
from ....session.values import State
from .growing_curve import GrowingCurve, encoded

_RECENT_SECONDS = 60.0  # jobs that have ended not longer ago are told to who is new
_MOST_CURVES = 20  # of jobs, that are kept though nobody may look at them
_SURE_FRACTION, _SURE_SECONDS = (
    0.02,
    10.0,
)  # of the work, from one of which on the time that is left can be told


@dataclass(frozen=True)
class Position:
    """Up to where a stream has been told.

    Parameters
    ----------
    version : int
        0: nothing.
    curves : frozenset of str
        Jobs whose curves it has, up to that version.
    """

    version: int = 0
    curves: frozenset[str] = frozenset()


@dataclass
class _Told:
    version: int  # at which the state was seen first
    state: State | None  # of a job that runs, as it was seen
    encoded: bytes = b""


class Sampler:
    """Looks at the jobs of a session.

    Parameters
    ----------
    jobs : JobService

    Attributes
    ----------
    word : str
        Stands for this sampler in the ids of events; another node, or this one when it was started anew, has another one.
    version : int
        Grows with each look that has found something new.
    """

    def __init__(self, jobs: JobService) -> None:
        self._jobs = jobs
        self.word, self.version = secrets.token_hex(4), 1
        self._told: dict[str, _Told] = {}
        self._running: dict[str, None] = {}  # keys, in their order
        self._curves: OrderedDict[str, tuple[GrowingCurve, int]] = (
            OrderedDict()
        )  # and how often it was recorded
        self._encoded: dict[tuple[int, frozenset[str], frozenset[str]], bytes] = {}
        self._lock = threading.Lock()

    @property
    def running(self) -> bool:
        """Whether a job ran when it was looked at last."""
        return bool(self._running)

    def catch_up(self) -> None:
        """Take notice of jobs that were started while nobody looked."""
        with self._lock:
            keys = self._jobs.keys()
            for key in set(self._told).difference(keys):  # forgotten by the session
                del self._told[key]
                self._running.pop(key, None)
            self._running |= dict.fromkeys(key for key in keys if key not in self._told)

    def started(self, keys: Iterable[str]) -> None:
        """Take notice of jobs that have been started."""
        with self._lock:
            self._running |= dict.fromkeys(keys)

    def look(self, watched: Collection[str] = ()) -> bool:
        """See how far jobs are, and the curves of those that are watched; whether something is new."""
        with self._lock:
            version = self.version + 1
            changed = self._look_at_states(version)
            for key in watched:
                changed |= self._look_at_curve(key, version)
            if changed:
                self.version, self._encoded = version, {}
            return changed

    def has_news(self, watched: Collection[str]) -> bool:
        """Whether curves of watched jobs have grown: to take them is work for another thread."""
        return any(self._recorded(key) not in (None, self._seen(key)) for key in watched)

    def _seen(self, key: str) -> int:
        found = self._curves.get(key)
        return found[1] if found else 0

    def _look_at_states(self, version: int) -> bool:
        changed = False
        for key in list(self._running):
            state, before = self._state(key), self._told.get(key)
            if state is None or state["status"] != RUNNING:
                del self._running[key]
            if state is None:
                continue
            if before is None or before.state != state:
                now = state if state["status"] == RUNNING else None
                self._told[key] = _Told(version, now, encoded(as_told(state)) if now else b"")
                changed = True
        return changed

    def _look_at_curve(self, key: str, version: int) -> bool:
        recorded = self._recorded(key)
        if recorded in (None, self._seen(key)):
            return False
        curve = self._curves[key][0] if key in self._curves else GrowingCurve(key)
        self._curves[key] = curve, recorded or 0
        self._curves.move_to_end(key)
        if len(self._curves) > _MOST_CURVES:
            self._curves.popitem(last=False)
        found = self._jobs.curves(key, curve.known)
        if found is None:
            return False
        if curve.takes(found):
            return curve.grow(found, version)
        found = found if not curve.known else self._jobs.curves(key, 0)
        if found is not None:
            curve.renew(found, version)
        return found is not None

    def _recorded(self, key: str) -> int | None:
        try:
            return self._jobs.recorded(key)
        except NotFound:
            return None

    def _state(self, key: str) -> State | None:
        try:
            return self._jobs.state(key)
        except NotFound:
            return None

    # ---- what is told

    def since(self, position: Position, watched: frozenset[str]) -> tuple[bytes, Position]:
        """What is new to a stream, as JSON, and its position then; nothing where nothing is.

        Parameters
        ----------
        position : Position
        watched : frozenset of str
            Jobs whose curves it wants.
        """
        with self._lock:
            now = Position(self.version, watched)
            if now == position and position.version:
                return b"", position
            question = position.version, position.curves & watched, watched
            if question not in self._encoded:
                self._encoded[question] = self._message(*question)
            return self._encoded[question], now

    def _message(self, version: int, has: frozenset[str], watched: frozenset[str]) -> bytes:
        jobs = self._states_since(version)
        curves = [
            self._curves[key][0].since(version if key in has else 0)
            for key in sorted(watched)
            if key in self._curves
        ]
        gone = [key for key in sorted(watched) if self._recorded(key) is None]
        parts = [
            b'"fresh":true' if not version else b'"fresh":false',
            b'"running":%d' % len(self._running),
            b'"jobs":[' + b",".join(jobs) + b"]",
            b'"curves":[' + b",".join(each for each in curves if each) + b"]",
            b'"gone":' + encoded(gone),
        ]
        return b"{" + b",".join(parts) + b"}"

    def _states_since(self, version: int) -> list[bytes]:
        recent, found = time.time() - _RECENT_SECONDS, []
        for key, told in self._told.items():
            if told.version <= version:
                continue
            if told.state is not None:
                found.append(told.encoded)
                continue
            state = self._state(key)
            if state is not None and (version or (state["end_time"] or 0) >= recent):
                found.append(encoded(as_told(state)))
        return found


def as_told(state: State) -> dict[str, Any]:
    """The state of a job, and how many seconds are left."""
    told: dict[str, Any] = {name: state[name] for name in _FIELDS}  # type: ignore[literal-required]
    told["fraction"] = round(state["fraction"], 4)
    told["seconds_left"] = seconds_left(state)
    return told


_FIELDS = (
    "job",
    "description",
    "destination",
    "status",
    "fraction",
    "message",
    "start_time",
    "end_time",
    "warnings",
)


def seconds_left(state: State) -> float | None:
    """How long a job is likely to take yet, as long as it goes on as before; None where nobody can know."""
    fraction, seconds = state["fraction"], time.time() - state["start_time"]
    sure = fraction >= _SURE_FRACTION or (fraction > 0 and seconds >= _SURE_SECONDS)
    return round(seconds * (1 - fraction) / fraction, 1) if state["status"] == RUNNING and sure else None
