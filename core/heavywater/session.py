"""What a front end may ask for. `LocalSession` answers in this process."""

from __future__ import annotations

import dataclasses
import os
import re
import threading
import time
import urllib.parse
from collections.abc import Callable
from typing import Any, TypeVar

from . import __version__
from .engine.threads import available as available_cores
from .errors import InvalidArgument, NotFound, warn
from .files import check_key
from .frame.columns.parallel import threads_of_session
from .frame.frame import Frame
from .frame.importing.importer import import_sources, read_setup
from .frame.importing.options import Options
from .frame.importing.sources import expand
from .frame.language.expressions import Ref, evaluate
from .frame_requests import FrameRequests
from .grid_requests import GridRequests
from .jobs import Job
from .model_requests import ModelRequests
from .room import memory, need_room
from .segment_requests import SegmentRequests

T = TypeVar("T")


class LocalSession(ModelRequests, GridRequests, SegmentRequests, FrameRequests):
    """Store of keyed objects, and the work on them, in this process.

    Parameters
    ----------
    name : str
        Name of the "cluster" in status tables.
    nthreads : int
        Threads for import and training; -1 means all cores this process may use.
    max_mem_size : int, optional
        Bytes that frames and models may take together; None means no limit.
    client : str
        The language of the front end, ``"python"`` or ``"R"``: part of the names that are made up.
    """

    def __init__(
        self,
        name: str = "heavywater",
        nthreads: int = -1,
        max_mem_size: int | None = None,
        client: str = "python",
    ) -> None:
        self.name = name
        self.client = client
        self.nthreads = available_cores() if nthreads == -1 else nthreads
        self.max_mem_size = max_mem_size
        self.time_zone = "UTC"
        self.start_time = time.time()
        self.requests_count = 0
        self._objects: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._properties: dict[str, str] = {}
        self._counter = 0

    # -- the store ------------------------------------------------------------------------------

    def put(self, value: Any, key: str) -> str:
        """Store an object under a key, replacing one of the same kind.

        Raises
        ------
        InvalidArgument
            The key cannot be one, or names an object of another kind.
        """
        with self._lock:
            self.check_kind(key, type(value))
            self._objects[key] = value
        return key

    def check_kind(self, key: str, kind: type[Any]) -> None:
        """Refuse a key under which no object of this kind could be stored."""
        check_key(key)
        with self._lock:
            found = self._objects.get(key)
        if found is not None and not isinstance(found, kind):
            what, new = _called(type(found)), _called(kind)
            raise InvalidArgument(
                f"{key!r} names a {what}, which a {new} does not replace: choose another name, or remove the {what} first "
                f"(h2o.remove({key!r}))"
            )

    def key_for(self, key: str, kind: type[Any], tell: Callable[[str], object] | None = None) -> str:
        """The key for an object that exists already: a new one where this one names something else, with a warning.

        Parameters
        ----------
        key : str
        kind : type
        tell : callable, optional
            Takes the text of the warning.
        """
        with self._lock:
            found = self._objects.get(key)
            if found is None or isinstance(found, kind):
                return key
            new = self.fresh_key(key)
        text = f"{key!r} names a {_called(type(found))} here: the {_called(kind)} is called {new!r}."
        if tell is None:
            warn(text, RuntimeWarning)
        else:
            tell(text)
        return new

    def get(self, key: str, kind: type[T]) -> T:
        """The object of this key.

        Raises
        ------
        NotFound
            No object of this kind has the key.
        """
        with self._lock:
            found = self._objects.get(key)
        if not isinstance(found, kind):
            what = _called(kind)
            held = f"; it names a {_called(type(found))}" if found is not None else ""
            near = list(self.keys(kind))[:8]
            raise NotFound(f"no {what} {key!r}{held}; {what}s are: {', '.join(near) or 'none'}")
        return found

    def remove(self, key: str, cascade: bool = True) -> int:
        """Remove an object; how many were removed (0 or 1).

        Parameters
        ----------
        key : str
        cascade : bool
            Also remove what belongs to it: the models and frames of a model's cross-validation.
        """
        with self._lock:
            found = self._objects.pop(key, None)
            for dependent in getattr(found, "dependents", ()) if cascade else ():
                self._objects.pop(dependent, None)
            return int(found is not None)

    def remove_all(self, retained: set[str] | None = None) -> None:
        """Remove every object but the retained keys."""
        with self._lock:
            self._objects = {k: v for k, v in self._objects.items() if k in (retained or set())}

    def keys(self, kind: type[Any] = object) -> list[str]:
        """Keys of all objects of a class, in the order of storing."""
        with self._lock:
            return [key for key, value in self._objects.items() if isinstance(value, kind)]

    def fresh_key(self, stem: str) -> str:
        """A key that nothing has: the stem itself, or with a number."""
        with self._lock:
            self._counter += 1
            key, number = stem, 1
            while key in self._objects:
                key, number = f"{stem}_{number}", number + 1
            return key

    def temporary_key(self) -> str:
        """A key for a nameless result."""
        with self._lock:
            self._counter += 1
            stem = "py" if self.client == "python" else "RTMP"
            return f"{stem}_{self._counter}_sid_{id(self) & 0xFFFF:04x}"

    # -- frames ---------------------------------------------------------------------------------

    def frame(self, key: str) -> Frame:
        """The frame of this key; `NotFound` when there is none."""
        return self.get(key, Frame)

    def put_frame(self, frame: Frame, key: str | None = None) -> str:
        """Store a frame and return its key (a temporary one when none is given)."""
        with self._lock:
            key = key or self.temporary_key()
            return self.put(frame.stored_as(key), key)

    def evaluate(self, expression: Any) -> Any:
        """Value of an expression; a frame is stored and its `Ref` returned.

        Parameters
        ----------
        expression : tuple
            See `heavywater.frame.language.expressions`.

        Returns
        -------
        Ref, float, str, list, or tuple of these
        """
        with self._lock:
            self.requests_count += 1
        with threads_of_session(self.nthreads):
            value = evaluate(expression, self)
        if isinstance(expression, tuple) and expression[0] in ("tmp=", "assign", ","):
            return Ref(value.key) if isinstance(value, Frame) and value.key else self._stored(value)
        return self._stored(value)

    def _stored(self, value: Any) -> Any:
        # Even an operation that gives its argument back gets a key of its own: whoever asked may remove it.
        if isinstance(value, Frame):
            return Ref(self.put_frame(value))
        if isinstance(value, tuple):
            return tuple(self._stored(item) for item in value)
        return value

    def import_files(
        self, paths: Any, key: str | None = None, pattern: str | None = None, options: Options | None = None
    ) -> Job:
        """Start importing files of the same columns into one frame.

        Parameters
        ----------
        paths : str, path or list of these
            Files, folders, glob patterns or addresses.
        key : str, optional
            Key of the frame; else made from the first file's name.
        pattern : str, optional
            Regular expression for the names of files in folders.
        options : Options, optional
            Separator, header, names, types ...

        Returns
        -------
        Job
            Its result is the key. When it fails nothing is stored.
        """
        sources = expand(paths, pattern)
        key = key or self.fresh_key(key_for_path(sources[0].location))
        self.check_kind(key, Frame)
        options = dataclasses.replace(options or Options(), time_zone=self.time_zone)

        def work(job: Job) -> str:
            def progress(fraction: float) -> None:
                job.stop_if_cancelled()
                job.update(fraction)

            frame = import_sources(sources, options, self.nthreads, progress, self._import_limit())
            return self.put_frame(frame, key)

        return Job("Parse", work)

    def parse_setup(
        self, paths: Any, pattern: str | None = None, options: Options | None = None
    ) -> dict[str, Any]:
        """What `import_files` would do with the files: separator, header, names and types."""
        sources = expand(paths, pattern)
        options = options or Options()
        setup = read_setup(sources, options)
        types = [kind.upper() if kind == "uuid" else kind.capitalize() for kind in setup.types]
        return {
            "source_frames": [s.location for s in sources],
            "parse_type": setup.parse_type,
            "separator": ord(setup.separator),
            "single_quotes": setup.quote == "'",
            "check_header": 1 if setup.header else -1,
            "column_names": setup.names,
            "column_types": types,
            "guessed_types": [None if i in setup.stated else kind for i, kind in enumerate(types)],
            "number_columns": len(setup.names),
            "na_strings": options.na_strings,
            "skipped_columns": sorted(setup.skipped) or None,
            "escapechar": setup.escape,
            "custom_non_data_line_markers": options.markers,
            "force_col_types": options.force_types,
            "partition_by": list(options.partition_by) or None,
            "tz_adjust_to_local": options.adjust_to_zone,
            "fill": options.fill,
            "skip_footer": options.skip_footer,
            "encoding": options.encoding,
            "destination_frame": key_for_path(sources[0].location),
        }

    def set_property(self, name: str, value: str) -> str | None:
        """Set a property of the session, as H2O's Rapids language does; returns its value until now.

        Properties of H2O steer its server. Here none has an effect, and a warning says so.
        """
        warn(f"setproperty: no property has an effect here; {name!r} is only kept")
        with self._lock:
            before = self._properties.get(name)
            self._properties[name] = value
        return before

    # -- the "cluster" --------------------------------------------------------------------------

    def memory_used(self) -> int:
        """Bytes of all stored frames; a column that several frames share counts once."""
        with self._lock:
            frames = [value for value in self._objects.values() if isinstance(value, Frame)]
        columns = {id(column): column for frame in frames for column in frame.columns}
        return sum(column.nbytes for column in columns.values())

    def check_memory(self, needed: int, purpose: str) -> None:
        """Refuse work that would go beyond ``max_mem_size``.

        Parameters
        ----------
        needed : int
            Bytes the work will take beside the stored frames.
        purpose : str
            For the message, such as ``"training"``.
        """
        if self.max_mem_size is not None:
            self._compare(self.memory_used(), needed, purpose)

    def _compare(self, used: int, needed: int, purpose: str) -> None:
        if self.max_mem_size is not None and used + needed > self.max_mem_size:
            raise InvalidArgument(
                f"{purpose} needs {needed / 2**20:.0f} MB beside the {used / 2**20:.0f} MB of stored frames; "
                f"max_mem_size is {self.max_mem_size / 2**20:.0f} MB. "
                "Remove frames, or call h2o.init with a larger limit"
            )

    def _import_limit(self) -> Callable[[int], None]:
        used = self.memory_used()
        if self.max_mem_size is None:
            there = memory()
            return lambda needed: need_room(
                used + needed, "the import", "Leave out columns (skipped_columns=).", there
            )
        return lambda needed: self._compare(used, needed, "the import")

    def cluster_status(self) -> dict[str, Any]:
        """Facts about this process for status tables."""
        return {
            "cloud_name": self.name,
            "version": __version__,
            "cloud_size": 1,
            "cloud_healthy": True,
            "uptime_ms": int(1000 * (time.time() - self.start_time)),
            "total_cores": os.cpu_count() or 1,
            "allowed_cores": self.nthreads,
            "max_mem_size": self.max_mem_size,
            "memory_used": self.memory_used(),
            "pid": os.getpid(),
            "objects": len(self.keys()),
        }


_CALLED = {"DeepLearningModel": "model", "CustomMetric": "metric"}


def _called(kind: type[Any]) -> str:
    """What messages call the objects of a class."""
    return _CALLED.get(kind.__name__, kind.__name__.lower())


_UNITS = {"": 2**30, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


def thread_count(nthreads: Any) -> int:
    """Threads to use for what a user gives as ``nthreads``: -1 means all cores."""
    number = nthreads if isinstance(nthreads, int | float) and not isinstance(nthreads, bool) else 0
    if number != -1 and not (number >= 1 and number % 1 == 0):
        raise InvalidArgument(f"h2o.init: nthreads={nthreads!r} must be -1 (all cores) or a number from 1 on")
    return available_cores() if number == -1 else int(number)


def memory_size(value: float | str | None) -> int | None:
    """Bytes from a number of GB or a text such as ``"512m"`` or ``"4G"``.

    A number without a unit counts GB, and bytes from 2**20 on, as in H2O's client.
    """
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", str(value).strip().lower())
    if not found or isinstance(value, bool) or float(found[1]) <= 0:
        raise InvalidArgument(
            f"h2o.init: max_mem_size={value!r} must be a number of GB or have a unit, as '512m' or '4g'"
        )
    number = float(found[1])
    return int(number) if not found[2] and number >= 2**20 else int(number * _UNITS[found[2]])


_FILE_TYPES = re.compile(
    r"(\.(csv|tsv|txt|dat|data|gz|zip|bz2|xz|zst|parquet|orc|feather|arrow|arff|svm|svmlight|xlsx?))+$",
    re.IGNORECASE,
)


def key_for_path(location: str) -> str:
    """Frame key from a file's name: ``data/train.csv.gz`` gives ``train.hex``."""
    path = urllib.parse.unquote(urllib.parse.urlsplit(location).path) if "://" in location else location
    stem = _FILE_TYPES.sub("", os.path.basename(path.rstrip("/")))
    stem = re.sub(r"[^A-Za-z0-9_.]", "_", stem) or "frame"
    return (f"X{stem}" if stem[0].isdigit() else stem) + ".hex"
