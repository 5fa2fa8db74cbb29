"""What the R package asks of a session: the session's own methods by name, and a few things only R needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..deeplearning.parameters.table import check_value, table
from ..errors import NotFound, warn
from ..files import check_key, path_for
from ..frame.columns.column import Column
from ..frame.frame import Frame, unique_names
from ..frame.importing.header import usable_names
from ..frame.importing.options import Options
from ..frame.language.expressions import Ref
from ..frame.primitives import is_operation
from ..frame.summary import summarize
from ..jobs import Job
from ..session import LocalSession, memory_size, thread_count
from .interrupts import interrupted

Answer = Any


class Requests:
    """Answers the requests of one R session.

    Parameters
    ----------
    session : LocalSession, optional
        The session to ask; one is started at the first request when there is none.
    """

    def __init__(self, session: LocalSession | None = None) -> None:
        self._session = session
        self._jobs: dict[int, Job] = {}
        self._own: dict[str, Callable[..., Answer]] = {
            name.removeprefix("r_"): getattr(self, name) for name in dir(self) if name.startswith("r_")
        }

    @property
    def session(self) -> LocalSession:
        """The session, started now if need be."""
        if self._session is None:
            self._session = LocalSession(f"heavywater_{os.getpid()}", client="R")
        return self._session

    def answer(self, name: str, /, *arguments: Any, **named: Any) -> Answer:
        """Answer a request: one of the methods ``r_*`` below, else the session's method of this name.

        Jobs are kept here and known to R by a number; frames are described.
        """
        function = self._own.get(name)
        if function is None:
            function = None if name.startswith("_") else getattr(self.session, name, None)
        if not callable(function):
            raise NotFound(f"the session of this version has no request {name!r}")
        return self._told(function(*arguments, **named))

    def _told(self, value: Any) -> Answer:
        if isinstance(value, Job):
            number = max(self._jobs, default=0) + 1
            self._jobs[number] = value
            return {"job": number, "description": value.description}
        if isinstance(value, Ref):
            return self.r_frame(value.key)
        if isinstance(value, tuple | list) and any(isinstance(each, Ref) for each in value):
            return [self._told(each) for each in value]
        return value

    # ---- the session

    def r_init(
        self, name: str | None = None, nthreads: int = -1, max_mem_size: str | float | None = None
    ) -> bool:
        """Start the session or change its settings; whether it ran already."""
        threads, limit = thread_count(nthreads), memory_size(max_mem_size)
        ran = self._session is not None
        session = self.session
        session.name = name or session.name
        if nthreads != -1 or not ran:
            session.nthreads = threads
        session.max_mem_size = session.max_mem_size if limit is None else limit
        return ran

    def r_running(self) -> bool:
        """Whether a session has been started."""
        return self._session is not None

    def r_shutdown(self) -> None:
        """End the session: frames and models are gone."""
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()
        if self._session is not None:
            self._session.remove_all()
        self._session = None

    # ---- jobs

    def r_job_wait(self, job: int, seconds: float) -> dict[str, Any]:
        """Wait a moment for a job; how far it is, and whether Ctrl-C was pressed meanwhile."""
        running = self._jobs[int(job)]
        running.wait_for(seconds)
        running.warn()
        return {
            "finished": running.finished,
            "fraction": running.fraction,
            "message": running.message,
            "interrupted": interrupted(),
        }

    def r_job_cancel(self, job: int) -> None:
        """Ask a job to stop."""
        self._jobs[int(job)].cancel()

    def r_job_result(self, job: int) -> Answer:
        """What a finished job gave, or the error it ended with."""
        return self._told(self._jobs.pop(int(job)).wait())

    # ---- frames

    def r_frame(self, key: str) -> dict[str, Any]:
        """Name, size, column names and types of a frame."""
        frame = self.session.frame(key)
        return {
            "frame": frame.key,
            "nrow": frame.nrow,
            "names": list(frame.names),
            "types": list(frame.types.values()),
        }

    def r_columns(self, key: str) -> list[Column]:
        """The columns of a frame, to become R vectors."""
        return self.session.frame(key).columns

    def r_put(
        self, names: Sequence[str], columns: Sequence[Column], key: str | None = None, nrow: int | None = None
    ) -> dict[str, Any]:
        """Store columns from R as a frame."""
        usable = usable_names(names)
        different = unique_names(usable)
        if different != usable:
            changed = [f"{new} for {old}" for old, new in zip(usable, different, strict=True) if old != new]
            warn(f"as.h2o: column names must differ: {', '.join(changed[:5])}")
        frame = Frame(different, list(columns), nrow=nrow)
        return self.r_frame(self.session.put_frame(frame, None if key is None else check_key(key)))

    def r_fresh_key(self, stem: str) -> str:
        """A key that nothing has."""
        return self.session.fresh_key(stem)

    def r_assign(self, key: str, name: str) -> str:
        """Store a frame under a name of its own too."""
        return self.session.put_frame(self.session.frame(key), check_key(name))

    def r_remove_temporary(self, keys: Sequence[str]) -> None:
        """Remove frames that no R object refers to any more."""
        for key in keys:
            self.session.remove(key)

    def r_remove_all(self, retained: Sequence[str] | None = None) -> None:
        """Remove everything but the objects of some keys."""
        self.session.remove_all(set(retained or ()))

    def r_describe(self, key: str) -> list[dict[str, Any]]:
        """Facts about every column."""
        frame = self.session.frame(key)
        return [{"label": n, **summarize(c)} for n, c in zip(frame.names, frame.columns, strict=True)]

    def r_import_files(
        self, paths: Any, key: str | None, pattern: str | None, options: Mapping[str, Any]
    ) -> Answer:
        """Start importing files."""
        return self._told(self.session.import_files(paths, key, pattern, _options(options)))

    def r_parse_setup(self, paths: Any, pattern: str | None, options: Mapping[str, Any]) -> dict[str, Any]:
        """How files would be read."""
        return self.session.parse_setup(paths, pattern, _options(options))

    # ---- the frame language

    def r_is_operation(self, name: str) -> bool:
        """Whether the registry has an operation of this name."""
        return is_operation(name)

    # ---- models

    def r_path_for(self, folder: str, key: str, ending: str = "") -> str:
        """The file for an object in a folder, see `heavywater.files.path_for`."""
        return path_for(folder, key, ending)

    def r_token(self) -> str:
        """What tells this session from others: model objects remember where their model is."""
        return f"{os.getpid()}-{self.session.start_time!r}"

    # ---- training

    def r_list_parameters(self) -> list[str]:
        """Names of the parameters that are lists."""
        return sorted(_lists())

    def r_check_choices(self, hyper_params: Mapping[str, Sequence[Any]]) -> None:
        """Refuse a grid's values of parameters that no model can have."""
        for name, values in hyper_params.items():
            for value in values:
                check_value(name, _as_lists({name: value})[name])

    def r_train(self, algo: str, parameters: Mapping[str, Any], **frames_and_columns: Any) -> Answer:
        """Start training; a single value stands for a list of one where the parameter is a list."""
        return self._told(self.session.train(algo, _as_lists(parameters), **frames_and_columns))

    def r_train_grid(self, algo: str, parameters: Mapping[str, Any], **others: Any) -> Answer:
        """Start training a grid, see `r_train`."""
        return self._told(self.session.train_grid(algo, _as_lists(parameters), **others))

    def r_train_segments(self, algo: str, parameters: Mapping[str, Any], **others: Any) -> Answer:
        """Start training a model for each segment, see `r_train`."""
        return self._told(self.session.train_segments(algo, _as_lists(parameters), **others))


def _options(given: Mapping[str, Any]) -> Options:
    return Options(**{name: value for name, value in given.items() if value is not None})


def _lists() -> set[str]:
    return {name for name, entry in table().items() if entry.type.endswith("[]")}


def _as_lists(parameters: Mapping[str, Any]) -> dict[str, Any]:
    lists = _lists()
    return {
        name: [value] if name in lists and not isinstance(value, list) and value is not None else value
        for name, value in parameters.items()
    }
