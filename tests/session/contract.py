"""What the contract of a session is tried on: sessions of every kind, all that is asked of them, small data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from heavywater.exchange import table_of
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.exchange.arrow_frames import frame_of_table
from heavywater.frame.frame import Frame
from heavywater.server.gate.node_options import NodeOptions
from heavywater.session import FunctionText, JobHandle, LocalSession, Moment, Ref, Session
from heavywater.session.protocol import PARTS
from heavywater.session.remote import LoopbackSession
from scipy import sparse

from .served import over_http

# Ways to reach a session, given the session that answers in the end.
WAYS: dict[str, Callable[[LocalSession], Session]] = {
    "local": lambda s: s,
    "loopback": LoopbackSession,
    "http": lambda s: over_http(s, NodeOptions(addresses=True)),
}

NEAR = [way for way in WAYS if way != "http"]  # ways that lead to a session which takes every request

SMALL = {"hidden": [4], "epochs": 3, "seed": 1, "reproducible": True}


def is_plain(value: Any) -> bool:
    """Whether a value is one that a session may be given and may answer."""
    if value is None or type(value) in (bool, int, float, str, bytes):
        return True
    if isinstance(value, (Ref, FunctionText, Moment)) or type(value).__module__.startswith("pyarrow"):
        return True
    if isinstance(value, Mapping):
        return all(is_plain(key) and is_plain(item) for key, item in value.items())
    if isinstance(value, np.generic):
        return isinstance(value, float)  # numpy's float64 is a float
    return isinstance(value, (list, tuple)) and all(map(is_plain, value))


ENDLESS: dict[str, Any] = {**SMALL, "epochs": 1e9, "stopping_rounds": 0, "classification_stop": -1.0}


class Asked:
    """A session that notes what it is asked for, and looks at every answer.

    Attributes
    ----------
    operations : set of str
        Of all objects of this class, by the way that leads to the session.
    """

    operations: ClassVar[dict[str, set[str]]] = {way: set() for way in WAYS}

    def __init__(self, way: str, session: Session) -> None:
        self._noted, self._session = self.operations[way], session

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._session, name)
        return _Part(self._noted, name, found) if name in PARTS else found


class _Part:
    def __init__(self, noted: set[str], name: str, part: Any) -> None:
        self._noted, self._name, self._part = noted, name, part

    def __getattr__(self, operation: str) -> Any:
        function = getattr(self._part, operation)

        def ask(*positional: Any, **named: Any) -> Any:
            self._noted.add(f"{self._name}.{operation}")
            value = function(*positional, **named)
            assert is_plain(value), f"{self._name}.{operation} answers {value!r}"
            return value

        return ask


def put_rows(session: Any, key: str | None = "rows", count: int = 60) -> str:
    """A frame with two numbers, a factor of two levels and one of three."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, count))
    data = {
        "x": x,
        "y": y,
        "two": np.where(x + y > 0, "yes", "no"),
        "three": np.array(["a", "b", "c"])[np.arange(count) % 3],
    }
    table = table_of(data, column_types={"two": "enum", "three": "enum"})
    return str(session.frames.upload(table, key)["frame"])


def finished(session: Any, started: Any) -> Any:
    return JobHandle(session, started).wait()


def train(session: Any, y: str | None = "two", **parameters: Any) -> Any:
    return session.training.train(
        "deeplearning", {**SMALL, **parameters}, x=["x", "y"], y=y, training_frame_key="rows"
    )


def frames_of_every_kind() -> dict[str, Frame]:
    rng = np.random.default_rng(3)
    missing = np.arange(50) % 7 == 0
    whole = {
        kind: numeric(np.iinfo(kind).max - np.arange(50).astype(kind), missing)
        for kind in ("u1", "i2", "i4", "i8")
    }
    some = sparse.random(50, 3, density=0.05, format="csc", random_state=1)
    some.data[0] = np.nan
    return {
        "numbers": Frame(["r", *whole], [numeric(rng.normal(size=50)), *whole.values()]),
        "infinite": Frame(["a"], [numeric(np.array([np.inf, -np.inf, np.nan, 0.0, 1e-310]))]),
        "levels": Frame(
            ["b", "a"], [enum(np.arange(50) % 4 - 1, ["z", "", "ä"]), enum(-np.ones(50, int), [])]
        ),
        "texts": Frame(["t"], [strings(np.array(["", "NA", None, "snow ☃"], object))]),
        "times": Frame(["d"], [times(np.array([0, -1, 10**14]), np.array([False, False, True]))]),
        "all missing": Frame(["m"], [numeric(np.full(4, np.nan))]),
        "sparse": frame_of_table(table_of(some)),
        "no rows": Frame(["l", "n"], [enum(np.zeros(0, int), ["x", "y"]), numeric(np.zeros(0))]),
        "no columns": Frame([], [], nrow=3),
    }


def assert_same_frame(found: Frame, wanted: Frame) -> None:
    assert (found.names, found.nrow, found.kinds) == (wanted.names, wanted.nrow, wanted.kinds)
    for one, other in zip(found.columns, wanted.columns, strict=True):
        assert (one.kind, one.levels) == (other.kind, other.levels)
        assert (one.sparse is None) == (other.sparse is None)
        assert one.values.dtype == other.values.dtype
        assert one.is_missing().tolist() == other.is_missing().tolist()
        there = ~other.is_missing()
        assert one.values[there].tolist() == other.values[there].tolist()
