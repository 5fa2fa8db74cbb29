"""What the R package asks: operations of a session by their names, and a few things that only the bridge does."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import HeavywaterError, InvalidArgument, Unreachable, warn
from ..session import (
    NodeAddress,
    NodeArguments,
    Ref,
    Session,
    memory_size,
    session_at,
    session_meant,
    thread_count,
    warn_of_late_nodes,
)
from ..session import start as start_session
from ..session.parameters import check_value, list_parameters
from ..session.remote import arguments_of, perform
from ..session.starting import TOKEN_VARIABLE
from .interrupts import interrupted
from .r_files import CarriedFiles
from .r_turns import give_turns

if TYPE_CHECKING:
    from ..server.node_server import RunningNode

Answer = Any
# Pause and length of turns, in seconds.
_FOR_PULSE = 0.25, 0.001  # that a node hears of us
_FOR_OTHERS = 0.02, 0.01  # who ask the session, while R waits and works
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
        self._opened: RunningNode | None = None
        self._token: str | None = None
        self._warned: dict[str, int] = {}  # by the key of a job, how many of its warnings R knows
        self._files = CarriedFiles(lambda: self.session)
        self._own: dict[str, Callable[..., Answer]] = {
            "bridge.init": self._init,
            "bridge.connect": self._connect,
            "bridge.running": lambda: self._session is not None,
            "bridge.up": self._up,
            "bridge.shutdown": self._shutdown,
            "bridge.leave": self._leave,
            "bridge.let_go": self._let_go,
            "bridge.token": self._told_token,
            "bridge.url": lambda: self.session.url,
            "bridge.address": self._address,
            "bridge.flow": self._flow,
            "bridge.close_flow": self._close_flow,
            "bridge.wait": self._wait,
            "bridge.list_parameters": list_parameters,
            "bridge.check_choices": _check_choices,
            **self._files.requests(),
        }

    @property
    def session(self) -> Session:
        """The session, started now if need be."""
        if self._session is None:
            self._session = start_session(language="R")
            self._keep_alive()
        return self._session

    def answer(self, name: str, /, *positional: Any, **named: Any) -> Answer:
        """Answer a request: ``bridge.*`` here, all others are operations of `heavywater.session.protocol`.

        References to frames in the value are answered by the facts of the frames.
        """
        try:
            return self._answer(name, positional, named)
        except HeavywaterError as error:
            self._files.rename_in(error)
            raise

    def _answer(self, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Answer:
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
        node: Mapping[str, Any] | None = None,
        start: bool = True,
        strict: bool = False,
        name: str | None = None,
        nthreads: int = -1,
        max_mem_size: str | float | None = None,
        nodes: float | str | None = None,
        secret_file: str | None = None,
        tls_cert: str | None = None,
        tls_key: str | None = None,
        known_token: str = "",
    ) -> str:
        """Start the session, connect to a node, or change the settings of the session that there is; what to tell."""
        threads, limit = thread_count(nthreads), memory_size(max_mem_size)
        # 2 is a real number in R; what is no whole one is refused with the others
        asked: Any = int(nodes) if isinstance(nodes, float) and nodes.is_integer() else nodes
        crew = {"nodes": asked, "secret_file": secret_file, "tls_cert": tls_cert, "tls_key": tls_key}
        meant = NodeArguments(**dict(node or {}))
        os.environ[TOKEN_VARIABLE] = known_token
        found = session_meant(meant, self._session, start, strict, "R")
        if found is not None:
            settings = {"name": name, "nthreads": None if nthreads == -1 else nthreads, "max_mem_size": limit}
            _warn_at_node({**settings, **crew})
            return self._at_node(found)
        if self._session is not None:
            warn_of_late_nodes(**crew)
            self._session.cluster.configure(name, threads if nthreads != -1 else None, limit)
            return "The session in this process was running already."
        if not start:
            raise InvalidArgument(
                f"startH2O = FALSE, but no session runs in this process, and no node answers at {meant.address}"
            )
        shared_out = asked is not None and nthreads == -1  # the cores, among the nodes
        self._session = start_session(name, -1 if shared_out else threads, limit, "R", **crew)
        self._keep_alive()
        return "The session runs in this process."

    def _connect(
        self, node: Mapping[str, Any] | None = None, strict: bool = False, known_token: str = ""
    ) -> str:
        """Connect to a node that must be there; without arguments the session that there is."""
        if not node:
            return self._at_node(self.session)
        meant = NodeArguments(**node)
        os.environ[TOKEN_VARIABLE] = known_token
        if self._session is not None and self._session.url == meant.address:
            return self._at_node(self._session)
        return self._at_node(session_at(meant, self._session, strict, "R"))

    def _at_node(self, session: Session) -> str:
        """Go on with this session; what to tell."""
        already = " already" if session is self._session else ""
        if not already:
            self._shutdown()
            self._session = session
        if session.url is None:
            return "The session runs in this process."
        self._keep_alive()
        return f"Connected to the node at {session.url}{already}."

    def _shutdown(self) -> None:
        """End the session: frames and models are gone; of one at a node only the connection."""
        self._close_flow()
        if self._session is not None:
            self._session.end()
        self._session = self._token = None
        self._warned.clear()

    def _leave(self) -> None:
        """R ends: so does its connection to a node, where the process would forget that."""
        if self._session is not None and self._session.url is not None:
            self._session.end()

    def _let_go(self, keys: Sequence[str]) -> None:
        """Release frames to which nothing in R refers any more."""
        self.session.let_go(keys)

    def _keep_alive(self) -> None:
        """Let a node hear of us while nothing is asked."""
        if self._session is not None and self._session.url is not None:
            give_turns(*_FOR_PULSE)

    def _up(self) -> bool:
        """Whether there is a session, and answers."""
        if self._session is None:
            return False
        try:
            return bool(self._session.cluster.status())
        except Unreachable:
            return False

    def _address(self) -> dict[str, Any]:
        """Where the session is."""
        if self.session.url is None:
            return {"scheme": "http", "host": "localhost", "port": None, "path": ""}
        return vars(NodeAddress.of(self.session.url))

    # ---- others

    def _flow(self, port: int = 0) -> dict[str, str | None]:
        """Open the session to other clients: the address, what they show, and an address for a browser."""
        if self.session.url is not None:
            return {"url": self.session.url, "token": None, "link": None}
        if self._opened is None:
            from ..server.opening import opened  # start-up: only for who opens the session

            self._opened = opened(self.session, int(port))
            give_turns(*_FOR_OTHERS)
        node = self._opened
        return {"url": node.url, "token": node.node.options.token, "link": node.new_link()}

    def _close_flow(self) -> None:
        """Let nobody in any more; the session itself goes on."""
        if self._opened is not None:
            self._opened.stop()
            self._opened = None
            give_turns(*_FOR_PULSE)

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
            warn(self._files.renamed(text), RuntimeWarning)
        return {
            "finished": state["status"] != "RUNNING",
            "fraction": state["fraction"],
            "message": state["message"],
            "interrupted": interrupted(),
        }


def _warn_at_node(settings: Mapping[str, Any]) -> None:
    given = [name for name, value in settings.items() if value is not None]
    if given:
        warn(
            f"h2o.init: no effect of {', '.join(given)}: the node has the settings with which it was started"
        )


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
