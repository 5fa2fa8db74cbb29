"""A session as clients of a node see it: every path goes through the guard, and no code comes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import Parameter
from typing import Any, cast

from ...errors import InvalidArgument
from ...files import naming
from ...session import LocalSession
from ...session.job_registry import JobService
from ...session.remote import OPERATIONS
from ...session.session_in_parts import SessionInParts
from ...session.settings import Settings
from ...session.store import Store
from .paths import PathGuard

CHECKPOINTS = "export_checkpoints_dir"  # the one parameter of models that is a path
# Operations that clients may not ask for, and why.
REFUSED = {
    "training.put_metric": "a node takes no code: metrics of your own work in a session of your own process",
    **{
        name: "only the session that leads a node may ask for it"
        for name in OPERATIONS
        if name.startswith("members.")
    },
}
_PARAMETERS = ("parameters", "hyper_params")
_SOURCES = ("paths", "like")
_FOLDERS = ("folder", "directory", "recovery_dir")


def path_parameters(operation: str) -> tuple[str, ...]:
    """Names of the parameters of an operation that are paths, or that may hold one, by their annotations in the protocol."""
    return tuple(
        name
        for name, parameter in OPERATIONS[operation].parameters.items()
        if "Path" in str(parameter.annotation) or name in _PARAMETERS
    )


class GuardedSession(SessionInParts):
    """What clients of a node ask in place of its session.

    Parameters
    ----------
    behind : LocalSession
        The session of one client.
    guard : PathGuard
    most_text : int
        Characters of an expression.
    most_jobs : int
        That run at the same time.
    ending : callable
        Whether the node ends, and no job may begin any more.
    """

    def __init__(
        self,
        behind: LocalSession,
        guard: PathGuard,
        most_text: int = 2**24,
        most_jobs: int = 200,
        ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._behind, self._guard, self._most_text, self._most_jobs = behind, guard, most_text, most_jobs
        self._ending = ending
        self._most_memory = behind.settings.max_mem_size
        self._parts: dict[str, Any] = {}
        behind.jobs.before_start = self._check_start

    def _part(self, name: str) -> Any:
        found = self._parts.get(name)
        if found is None:
            found = self._parts[name] = _Part(self, name, getattr(self._behind, name))
        return found

    @property
    def client(self) -> str:
        """The id of who asks."""
        return self._behind.client

    @property
    def jobs(self) -> JobService:
        """See `heavywater.session.protocol`."""
        return self._behind.jobs

    def end(self, stop_jobs: bool = True) -> None:
        """What belongs to the client goes; its jobs go on if they are not to stop."""
        if stop_jobs:
            self._behind.cluster.close()
        else:
            self._behind.leave()

    def let_go(self, keys: Sequence[str]) -> None:
        """See `heavywater.session.protocol`."""
        self._behind.let_go(keys)

    @property
    def url(self) -> None:
        """It is in this process."""
        return None

    @property
    def shares_disk(self) -> bool:
        """It is in this process."""
        return True

    # ---- for the doors of the node, which name no files with them

    @property
    def store(self) -> Store:
        """The objects."""
        return self._behind.store

    @property
    def settings(self) -> Settings:
        """What all clients share."""
        return self._behind.settings

    # ---- what is checked

    def _check_start(self) -> None:
        """Refuse a further job where too many run."""
        if self._ending():
            raise InvalidArgument("this node is ending: nothing new begins")
        running = self._behind.jobs.at_work()
        if running >= self._most_jobs:
            raise InvalidArgument(
                f"{running} jobs run at this node, and not more may: wait for some of them to end"
            )

    def checked(self, operation: str, given: dict[str, Any]) -> dict[str, Any]:
        """The arguments of an operation as they may be handed on."""
        for name in path_parameters(operation):
            if (
                given.get(name) is None
                and OPERATIONS[operation].parameters[name].default is not Parameter.empty
            ):
                continue
            if name in _PARAMETERS:
                given[name] = self._with_checkpoints(given[name])
            elif name in _SOURCES and given.get("hosts") is None:
                given[name] = self._guard.sources(
                    given[name], given.get("pattern") if name == "paths" else None, name
                )
            elif name in _SOURCES:
                given[name] = [self._guard.file(path, name) for path in given[name]]
            elif operation == "files.complete":
                given[name] = self._guard.beginning(given[name], name)
            elif name in _FOLDERS:
                given[name] = self._guard.folder(given[name], name)
            else:
                given[name] = self._guard.file(given[name], name)
        return given

    def _with_checkpoints(self, parameters: Any) -> Any:
        folder = parameters.get(CHECKPOINTS) if isinstance(parameters, Mapping) else None
        if folder is None:
            return parameters
        if isinstance(folder, list | tuple):  # of a grid
            return {**parameters, CHECKPOINTS: [self._guard.folder(each, CHECKPOINTS) for each in folder]}
        return {**parameters, CHECKPOINTS: self._guard.folder(folder, CHECKPOINTS)}

    def check_more(self, operation: str, given: Mapping[str, Any]) -> None:
        """Refuse what has nothing to do with a path of its own."""
        if operation == "frames.rapids" and len(given["text"]) > self._most_text:
            raise InvalidArgument(
                f"an expression of {len(given['text'])} characters is too long: {self._most_text} at most"
            )
        if operation == "model_files.from_bytes" and given.get("custom_metric") is not None:
            raise InvalidArgument(REFUSED["training.put_metric"])
        if operation == "grids.resume":  # what it writes may have been said in a file
            request = getattr(self._behind.store.get(given["key"], object), "request", {})
            self._with_checkpoints(request.get("parameters"))
            self._with_checkpoints(request.get("hyper_params"))
        if operation == "files.set_s3_credentials" and not self._guard.addresses:
            raise InvalidArgument(
                "this node fetches nothing from addresses (--allow-addresses), and takes no keys for them"
            )
        limit, asked = self._most_memory, given.get("max_mem_size")
        if (
            operation == "cluster.configure"
            and None not in (limit, asked)
            and cast(int, asked) > cast(int, limit)
        ):
            raise InvalidArgument(
                f"max_mem_size={asked}: this node was started with a limit of {limit} bytes (--max-mem)"
            )

    def named_file(self, path: str) -> str:
        """A file that is named in the midst of an expression."""
        return self._guard.file(path)


_CHECKED = {
    "frames.rapids",
    "model_files.from_bytes",
    "grids.resume",
    "files.set_s3_credentials",
    "cluster.configure",
}


class _Part:
    """A part of the session, whose operations are checked where there is something to check."""

    def __init__(self, session: GuardedSession, part: str, behind: Any) -> None:
        self._session, self._part, self._behind = session, part, behind

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = f"{self._part}.{name}"
        if operation not in OPERATIONS:
            raise AttributeError(f"the session has no request {operation!r}")
        if operation in REFUSED:
            raise InvalidArgument(f"{operation}: {REFUSED[operation]}")
        function = _guarded(self._session, operation, getattr(self._behind, name))
        setattr(self, name, function)
        return function


def _guarded(session: GuardedSession, operation: str, function: Callable[..., Any]) -> Callable[..., Any]:
    signature = OPERATIONS[operation]
    evaluates = operation in ("frames.rapids", "frames.evaluate")
    if not (path_parameters(operation) or evaluates or operation in _CHECKED):
        return function

    @wraps(function)
    def asked(*positional: Any, **named: Any) -> Any:
        given = dict(signature.bind(None, *positional, **named).arguments)
        del given["self"]
        session.check_more(operation, given)
        given = session.checked(operation, given)
        if not evaluates:
            return function(**given)
        with naming(session.named_file):
            return function(**given)

    return asked
