"""A session behind a wire, and what answers there."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from .. import errors
from ..errors import HeavywaterError, InvalidArgument, NotFound, category_of, collected, warn
from ..frame.language.rapids import write
from .local import LocalSession
from .protocol import PARTS, Session
from .session_in_parts import SessionInParts
from .wire import decode, encode, encode_parts

Send = Callable[[bytes], bytes | bytearray]


def _operations() -> dict[str, inspect.Signature]:
    return {
        f"{part}.{name}": inspect.signature(function)
        for part, protocol in PARTS.items()
        for name, function in vars(protocol).items()
        if not name.startswith("_") and inspect.isfunction(function)
    }


# What can be asked for: name of the part and of its method -> its parameters (the first is the part itself).
OPERATIONS = _operations()


def arguments_of(operation: str, positional: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """Arguments of an operation by their names; `NotFound` where there is no such operation.

    Raises
    ------
    TypeError
        They are not those that the operation takes.
    """
    signature = OPERATIONS.get(operation)
    if signature is None:
        raise NotFound(f"the session of this version has no request {operation!r}")
    bound = dict(signature.bind(None, *positional, **named).arguments)
    return {name: value for name, value in bound.items() if name != "self"}


def perform(session: Session, operation: str, arguments: dict[str, Any]) -> Any:
    """Ask a session for an operation by its name."""
    known = arguments_of(operation, (), arguments)
    part, _, name = operation.partition(".")
    return getattr(getattr(session, part), name)(**known)


# ---- the far end


def answer(session: Session, request: bytes | bytearray) -> bytes:
    """Answer a request that came as bytes: the value or the error, and the warnings; nothing is raised.

    Parameters
    ----------
    session : Session
        Of the client who asks.
    request : bytes
        See `RemoteSession`.
    """
    asked: dict[str, Any] = {}

    def ask() -> Any:
        asked.update(decode(request))
        return perform(session, asked["operation"], asked["arguments"])

    reply = reply_of(ask)
    return b"".join(reply_parts(reply, asked.get("operation", "")))


def reply_of(ask: Callable[[], Any]) -> dict[str, Any]:
    """The value or the error of a request, and its warnings; nothing is raised."""
    with collected() as remarks:
        try:
            reply = {"value": ask()}
        except Exception as error:  # noqa: BLE001  # told to who asked
            reply = {"error": told(error)}
    reply["warnings"] = [{"kind": category.__name__, "text": text} for text, category in remarks]
    return reply


def reply_parts(reply: dict[str, Any], operation: str) -> list[Any]:
    """The bytes of a reply in parts, see `encode_parts`; where its value is no plain one, those of the error that says so."""
    try:
        return encode_parts(reply, f"the answer to {operation}")
    except InvalidArgument as error:
        return encode_parts({"error": told(error), "warnings": reply["warnings"]})


_KEPT = ("key", "position", "__notes__")  # attributes of errors that mean something to who catches them


def told(error: Exception) -> dict[str, Any]:
    """An error as plain values."""
    more = {name: getattr(error, name) for name in _KEPT if hasattr(error, name)}
    return {"kind": type(error).__name__, "text": str(error), "more": more}


# ---- the near end


def _error_of(told: dict[str, Any]) -> Exception:
    """The error that the far end has raised, of the same class where it is known here."""
    kind = getattr(errors, told["kind"], None) or getattr(builtins, told["kind"], None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = HeavywaterError
    error = kind.__new__(kind)
    error.args = (told["text"],)
    if told["text"] and not str(error):  # of a class that keeps its text elsewhere
        error = HeavywaterError(told["text"])
    for name, value in told["more"].items():
        setattr(error, name, value)
    return error


class RemoteSession(SessionInParts):
    """A session whose every request and answer passes through bytes.

    Parameters
    ----------
    send : callable
        Takes a request, gives the answer: both messages of `heavywater.session.wire`. A request is a mapping of
        ``operation`` (such as ``"frames.fetch"``) and ``arguments``; an answer of ``value`` or ``error`` (``kind``,
        ``text``, ``more``) and ``warnings``.
    client : str
        The id of this client at the far end.
    """

    def __init__(self, send: Send, client: str) -> None:
        self._send = send
        self._client = client
        self._parts = {name: _PROXIES[name](self._ask) for name in PARTS}

    def _exchanged(self, operation: str, arguments: dict[str, Any]) -> Any:
        """The reply to a request."""
        return decode(self._send(encode({"operation": operation, "arguments": arguments}, operation)))

    def _ask(self, operation: str, arguments: dict[str, Any]) -> Any:
        reply = self._exchanged(operation, arguments)
        for each in reply["warnings"]:
            warn(each["text"], category_of(each["kind"]))
        if "error" in reply:
            raise _error_of(reply["error"])
        return reply["value"]

    @property
    def client(self) -> str:
        """The id of who asks."""
        return self._client

    @property
    def url(self) -> str | None:
        """None where it has no address."""
        return None

    def let_go(self, keys: Sequence[str]) -> None:
        """Release them at once."""
        self.objects.release(keys)

    def end(self) -> None:
        """End it with all that it holds."""
        self.objects.remove_all()
        self.cluster.close()

    @property
    def shares_disk(self) -> bool:
        """It is elsewhere; or the tests find out what would happen then."""
        return False

    def _part(self, name: str) -> Any:
        return self._parts[name]


class _Proxy:
    """A part of a remote session."""

    def __init__(self, ask: Callable[[str, dict[str, Any]], Any]) -> None:
        self._ask = ask


def _method(operation: str) -> Callable[..., Any]:
    def method(self: _Proxy, *positional: Any, **named: Any) -> Any:
        return self._ask(operation, arguments_of(operation, positional, named))

    method.__name__ = operation.rpartition(".")[2]
    return method


def _evaluate(self: _Proxy, expression: Any) -> Any:
    return self._ask("frames.rapids", {"text": write(expression)})


_PROXIES = {
    part: type(
        protocol.__name__,
        (_Proxy,),
        {
            name: _method(f"{part}.{name}")
            for p, _, name in (o.partition(".") for o in OPERATIONS)
            if p == part
        },
    )
    for part, protocol in PARTS.items()
}
_PROXIES["frames"].evaluate = _evaluate  # type: ignore[attr-defined]  # expressions travel as text


class LoopbackSession(RemoteSession):
    """A session that is reached through bytes without leaving the process: for tests of all that must cross.

    Parameters
    ----------
    behind : LocalSession
        The session that answers.
    """

    def __init__(self, behind: LocalSession) -> None:
        super().__init__(lambda request: answer(behind, request), behind.client)
        self.behind = behind
