"""Where a session keeps its objects: by key, each of one kind, temporaries with the client that owns them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..errors import InvalidArgument, NotFound, warn
from ..files import check_key
from ..frame.frame import Frame
from ..frame.sharded_frame import AnyFrame, ShardedFrame, whole

T = TypeVar("T")

_CALLED = {
    "DeepLearningModel": "model",
    "FoldEnsemble": "model",
    "CustomMetric": "metric",
    "ShardedFrame": "frame",
}
KINDS = ("frame", "model", "grid", "segmentmodels", "metric")
_PREFIXES = {"R": "RTMP"}  # of temporary names, by the language of the client


def called(kind: type[Any]) -> str:
    """What messages, and the protocol, call the objects of a class."""
    return _CALLED.get(kind.__name__, kind.__name__.lower())


@dataclass(frozen=True)
class Client:
    """Who asks a session.

    Parameters
    ----------
    id : str
        Different for each client; part of the names of its temporaries.
    language : str
        ``"python"`` or ``"R"``: part of the names that are made up.
    prefix : str, optional
        With what the names begin that are made up for temporaries; None: by the language. Who makes up names, too, needs
        another one.
    """

    id: str
    language: str = "python"
    prefix: str | None = None


@dataclass
class _Shelves:
    """What the stores of all clients share."""

    objects: dict[str, Any] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)  # clients by the temporaries that they own
    lock: threading.RLock = field(default_factory=threading.RLock)
    counter: int = 0


class Store:
    """The objects of a session, as one client sees them.

    Parameters
    ----------
    client : Client
        Owner of the temporaries that are made here.
    other : Store, optional
        The store of another client of the same session, whose objects are the objects here.
    """

    def __init__(self, client: Client, other: Store | None = None) -> None:
        self.client = client
        self._shelves: _Shelves = _Shelves() if other is None else other._shelves
        self.lock = self._shelves.lock

    # ---- objects

    def put(self, value: Any, key: str) -> str:
        """Store an object under a key, replacing one of the same kind, whose views end.

        Raises
        ------
        InvalidArgument
            The key cannot be one, or names an object of another kind.
        """
        with self.lock:
            self.check_kind(key, type(value))
            for view in getattr(self._shelves.objects.get(key), "views", ()):
                self._forget(view)
            self._shelves.objects[key] = value
        return key

    def check_kind(self, key: str, kind: type[Any]) -> None:
        """Refuse a key under which no object of this kind could be stored."""
        check_key(key)
        found = self._shelves.objects.get(key)
        if found is not None and called(type(found)) != called(kind):
            what, new = called(type(found)), called(kind)
            raise InvalidArgument(
                f"{key!r} names a {what}, which a {new} does not replace: choose another name, or remove the {what} first "
                f"(h2o.remove({key!r}))"
            )

    def get(self, key: str, kind: type[T]) -> T:
        """The object of this key.

        Raises
        ------
        NotFound
            No object of this kind has the key.
        """
        found = self._shelves.objects.get(key)
        if not isinstance(found, kind):
            what = called(kind)
            held = f"; it names a {called(type(found))}" if found is not None else ""
            near = self.keys(kind)[:8]
            raise NotFound(f"no {what} {key!r}{held}; {what}s are: {', '.join(near) or 'none'}")
        return found

    def remove(self, key: str, cascade: bool = True) -> int:
        """Remove an object, with what belongs to it; see `heavywater.session.protocol.Objects.remove`."""
        with self.lock:
            found = self._forget(key)
            for dependent in getattr(found, "dependents", ()) if cascade else ():
                self._forget(dependent)
            return int(found is not None)

    def _forget(self, key: str) -> Any:
        self._shelves.owners.pop(key, None)
        return self._shelves.objects.pop(key, None)

    def remove_all(self, retained: Iterable[str] = ()) -> None:
        """Remove every object but the retained keys."""
        kept = set(retained)
        with self.lock:
            for key in [key for key in self._shelves.objects if key not in kept]:
                self._forget(key)

    def keys(self, kind: type[Any] = object) -> list[str]:
        """Keys of all objects of a class, in the order of storing."""
        with self.lock:
            return [key for key, value in self._shelves.objects.items() if isinstance(value, kind)]

    def values(self, kind: type[T]) -> list[T]:
        """All objects of a class, in the order of storing."""
        with self.lock:
            return [value for value in self._shelves.objects.values() if isinstance(value, kind)]

    def keys_called(self, kind: str | None) -> list[str]:
        """Keys of all objects of a kind by what it is called; None: of every kind."""
        if kind is not None and kind not in KINDS:
            raise InvalidArgument(f"kind={kind!r} must be one of {', '.join(KINDS)}, or None for all")
        with self.lock:
            return [
                key for key, value in self._shelves.objects.items() if kind in (None, called(type(value)))
            ]

    def has(self, value: Any) -> bool:
        """Whether an object is what its key names here."""
        return self._shelves.objects.get(value.key) is value

    # ---- names

    def key_for(self, key: str, kind: type[Any], tell: Callable[[str], object] | None = None) -> str:
        """The key for an object that exists already: a new one where this one names something else, with a warning.

        Parameters
        ----------
        key : str
        kind : type
        tell : callable, optional
            Takes the text of the warning.
        """
        with self.lock:
            found = self._shelves.objects.get(key)
            if found is None or isinstance(found, kind):
                return key
            new = self.fresh_key(key)
        text = f"{key!r} names a {called(type(found))} here: the {called(kind)} is called {new!r}."
        if tell is None:
            warn(text, RuntimeWarning)
        else:
            tell(text)
        return new

    def number(self) -> int:
        """A number that no other call gives."""
        with self.lock:
            self._shelves.counter += 1
            return self._shelves.counter

    def fresh_key(self, stem: str) -> str:
        """A key that nothing has: the stem itself, or with a number."""
        with self.lock:
            self._shelves.counter += 1
            key, number = stem, 1
            while key in self._shelves.objects:
                key, number = f"{stem}_{number}", number + 1
            return key

    # ---- frames

    def frame(self, key: str) -> Frame:
        """The frame of this key, with its rows; `NotFound` when there is none, `InvalidArgument` where they lie on nodes."""
        return whole(self.any_frame(key))

    def any_frame(self, key: str) -> AnyFrame:
        """The frame of this key, wherever its rows are; `NotFound` when there is none."""
        found = self._shelves.objects.get(key)
        return found if isinstance(found, ShardedFrame) else self.get(key, Frame)

    def frames(self) -> list[Frame]:
        """All frames."""
        return self.values(Frame)

    def frame_or_none(self, key: str | None) -> Frame | None:
        """The frame of this key, None for None."""
        return None if key is None else self.frame(key)

    def put_frame(self, frame: Frame, key: str | None = None, *, temporary: bool = False) -> str:
        """Store a frame and return its key; without one, or where that is said, it is a temporary of this client."""
        with self.lock:
            owned = temporary or not key
            key = key or self.fresh_temporary_key()
            self.put(frame.stored_as(key), key)
            if owned:
                self.own(key)
        return key

    def fresh_temporary_key(self) -> str:
        """A key for a temporary frame of this client."""
        prefix = self.client.prefix or _PREFIXES.get(self.client.language, "py")
        return f"{prefix}_{self.number()}_sid_{self.client.id}"

    def own(self, key: str) -> None:
        """Make what has a key a temporary of this client."""
        with self.lock:
            if key not in self._shelves.objects:
                raise NotFound(f"there is no object {key!r}")
            self._shelves.owners[key] = self.client.id

    def release(self, keys: Iterable[str]) -> None:
        """Remove those of the keys that are temporaries of this client."""
        with self.lock:
            for key in keys:
                if self._shelves.owners.get(key) == self.client.id:
                    self._forget(key)

    def end_client(self) -> None:
        """Remove all temporaries of this client."""
        with self.lock:
            self.release([key for key, owner in self._shelves.owners.items() if owner == self.client.id])
