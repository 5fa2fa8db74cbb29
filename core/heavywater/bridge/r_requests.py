"""What the R package asks: operations of a session by their names, and a few things that only the bridge does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import warn
from ..files import path_for
from ..session import Ref, Session, memory_size, start, thread_count, warn_of_late_nodes
from ..session.parameters import check_value, list_parameters
from ..session.remote import arguments_of, perform
from .interrupts import interrupted

Answer = Any
TRAINING = ("training.train", "training.train_segments", "grids.train")


class Requests:
    """Answers the requests of one R session.

    Parameters
    ----------
    session : Session, optional
        The session to ask; one is started at the first request when there is none.
    """

    def __init__(self, session: Session | None = None) -> None:
        self._session = session
        self._token: str | None = None
        self._warned: dict[str, int] = {}  # by the key of a job, how many of its warnings R knows
        self._own: dict[str, Callable[..., Answer]] = {
            "bridge.init": self._init,
            "bridge.running": lambda: self._session is not None,
            "bridge.shutdown": self._shutdown,
            "bridge.token": self._told_token,
            "bridge.wait": self._wait,
            "bridge.path_for": path_for,
            "bridge.list_parameters": list_parameters,
            "bridge.check_choices": _check_choices,
        }

    @property
    def session(self) -> Session:
        """The session, started now if need be."""
        if self._session is None:
            self._session = start(language="R")
        return self._session

    def answer(self, name: str, /, *positional: Any, **named: Any) -> Answer:
        """Answer a request: ``bridge.*`` here, all others are operations of `heavywater.session.protocol`.

        References to frames in the value are answered by the facts of the frames.
        """
        own = self._own.get(name)
        if own is not None:
            return own(*positional, **named)
        arguments = arguments_of(name, positional, named)
        if name in TRAINING:
            arguments["parameters"] = _as_lists(arguments["parameters"])
        return self._told(perform(self.session, name, arguments))

    def _told(self, value: Any) -> Answer:
        if isinstance(value, Ref):
            return self.session.frames.facts(value.key)
        if isinstance(value, tuple | list) and any(isinstance(each, Ref) for each in value):
            return [self._told(each) for each in value]
        return value

    # ---- the session

    def _init(
        self,
        name: str | None = None,
        nthreads: int = -1,
        max_mem_size: str | float | None = None,
        nodes: float | str | None = None,
        secret_file: str | None = None,
        tls_cert: str | None = None,
        tls_key: str | None = None,
    ) -> bool:
        """Start the session or change its settings; whether it ran already."""
        threads, limit = thread_count(nthreads), memory_size(max_mem_size)
        # 2 is a real number in R; what is no whole one is refused with the others
        asked: Any = int(nodes) if isinstance(nodes, float) and nodes.is_integer() else nodes
        if self._session is None:
            shared_out = asked is not None and nthreads == -1  # the cores, among the nodes
            self._session = start(
                name, -1 if shared_out else threads, limit, "R", asked, secret_file, tls_cert, tls_key
            )
            return False
        warn_of_late_nodes(nodes=asked, secret_file=secret_file, tls_cert=tls_cert, tls_key=tls_key)
        self._session.cluster.configure(name, threads if nthreads != -1 else None, limit)
        return True

    def _shutdown(self) -> None:
        """End the session: frames and models are gone."""
        if self._session is not None:
            self._session.cluster.close()
            self._session.objects.remove_all()
        self._session = self._token = None
        self._warned.clear()

    def _told_token(self) -> str:
        """What tells this session from others: model objects remember where their model is."""
        if self._token is None:
            status = self.session.cluster.status()
            self._token = f"{status['pid']}-{status['start_time']!r}"
        return self._token

    # ---- jobs

    def _wait(self, job: str, seconds: float) -> dict[str, Any]:
        """Wait a moment for a job, and give its new warnings; how far it is, and whether Ctrl-C was pressed meanwhile."""
        state = self.session.jobs.wait(job, seconds)
        known, self._warned[job] = self._warned.get(job, 0), len(state["warnings"])
        for text in state["warnings"][known:]:
            warn(text, RuntimeWarning)
        return {
            "finished": state["status"] != "RUNNING",
            "fraction": state["fraction"],
            "message": state["message"],
            "interrupted": interrupted(),
        }


# ---- parameters


def _check_choices(hyper_params: Mapping[str, Sequence[Any]]) -> None:
    """Refuse a grid's values of parameters that no model can have."""
    for name, values in hyper_params.items():
        for value in values:
            check_value(name, _as_lists({name: value})[name])


def _as_lists(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters; a single value stands for a list of one where the parameter is a list."""
    lists = list_parameters()
    return {
        name: [value] if name in lists and not isinstance(value, list) and value is not None else value
        for name, value in parameters.items()
    }
