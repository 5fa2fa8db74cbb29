"""Who may ask: what every request has to pass before anything looks at it, and what every answer says."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .arriving import Arriving
from .denials import Denied
from .hosts import HostList, Strange
from .node_options import NodeOptions
from .tokens import TokenCheck

logger = logging.getLogger("h2o.node")
LOGIN = "/login/"
_LONGEST_PATH, _LONGEST_QUERY, _MOST_HEADERS = 8192, 32768, 100
_SEND_SECONDS = 300.0  # in which who asks has to take something of the answer
_DOORS = ("/rpc/", "/3/", "/4/", "/99/", "/score/")
_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
]

Refusal = Callable[[Denied, str], Response]


class Guard:
    """An ASGI application that refuses strangers, and hands all others on.

    Parameters
    ----------
    app : ASGI application
    options : NodeOptions
    without_token : collection of str
        Paths that tell nothing, and that who watches over the process may GET without the token.
    refusals : mapping, optional
        What makes an answer of a `Denied` and a path, by the first part of the path; elsewhere it is a text.
    """

    def __init__(
        self,
        app: ASGIApp,
        options: NodeOptions,
        without_token: Collection[str] = (),
        refusals: Mapping[str, Refusal] | None = None,
    ) -> None:
        self._app, self._options, self._without_token = app, options, without_token
        self._refusals = refusals or {}
        self._hosts, self._tokens = HostList(options.allow_hosts), TokenCheck(options.token)
        self._busy = 0

    def new_link(self) -> str:
        """What stands behind the address of the node where a browser is let in, once."""
        return LOGIN.strip("/") + "/" + self._tokens.new_link()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks so
            return
        scope = _without_prefix(scope, self._options.root_path)
        arriving = Arriving(receive, scope["headers"], self._options.max_upload, self._options.max_text)
        answering = _Answering(scope, arriving, send, self._refusal)
        start = time.perf_counter()
        self._busy += 1
        try:
            await self._answer(scope, arriving, answering)
        finally:
            self._busy -= 1
            if self._options.access_log:
                _log(scope, answering.status, time.perf_counter() - start)

    async def _answer(self, scope: Scope, arriving: Arriving, answering: _Answering) -> None:
        try:
            response = await self._own_answer(scope, arriving)
            if response is None:
                await self._app(scope, arriving.receive, answering.send)
                return
        except Denied as error:
            if answering.replaced:
                return
            if answering.status:  # too late for another answer: the connection ends
                raise
            await arriving.drain()
            response = self._refusal(error, scope["path"])
        await response(scope, arriving.receive, answering.send)

    async def _own_answer(self, scope: Scope, arriving: Arriving) -> Response | None:
        """The answer of the guard itself; None where the application is to answer."""
        self._check_size(scope)
        headers, address = scope["headers"], (scope.get("client") or ("",))[0]
        server = scope.get("server") or (None, 0)
        path = scope["path"]
        try:
            self._hosts.check(headers, scope["scheme"], server[0])
        except Strange:
            if scope["method"] not in ("GET", "HEAD") or path.startswith(_DOORS):
                raise
        arriving.check()
        cookie = f"heavywater_{server[1]}"
        if path.startswith(LOGIN) and scope["method"] == "GET":
            return self._login(scope, path.removeprefix(LOGIN), cookie)
        if not (path in self._without_token and scope["method"] in ("GET", "HEAD")):
            await self._tokens.check(headers, address, cookie)
        return None

    def _refusal(self, error: Denied, path: str) -> Response:
        """The answer to who is denied: in the form of the door at which was asked, else as text."""
        made = self._refusals.get(path.split("/", 2)[1] if path.startswith("/") else "", _plain)
        response = made(error, path)
        response.headers["Connection"] = "close"
        return response

    def _check_size(self, scope: Scope) -> None:
        if self._busy > self._options.max_requests:
            raise Denied(
                503, "this node answers too many requests at the moment: try again", {"Retry-After": "1"}
            )
        if len(scope["raw_path"]) > _LONGEST_PATH or len(scope["query_string"]) > _LONGEST_QUERY:
            raise Denied(414, "the address is too long")
        if len(scope["headers"]) > _MOST_HEADERS:
            raise Denied(431, "there are too many headers")

    def _login(self, scope: Scope, word: str, cookie: str) -> Response:
        value = self._tokens.redeemed(word)
        if value is None:
            raise Denied(
                403, "this link is not good, or not any more: each can be opened once, within ten minutes"
            )
        response = RedirectResponse("../", 303)
        secure = scope["scheme"] == "https" or _said(scope, b"x-forwarded-proto") == "https"
        response.set_cookie(
            cookie, value, path=f"{self._options.root_path}/", httponly=True, samesite="strict", secure=secure
        )
        return response


class _Answering:
    """The answer while it goes out, with the headers of all answers."""

    def __init__(self, scope: Scope, arriving: Arriving, send: Send, refusal: Refusal) -> None:
        self._scope, self._arriving, self._send, self._refusal = scope, arriving, send, refusal
        self.status, self.replaced = 0, False

    async def send(self, message: Message) -> None:
        denied = self._arriving.denied
        if denied is not None and not self.status:  # whatever the application has made of it
            self.replaced = True
            await self._arriving.drain()
            response = self._refusal(denied, self._scope["path"])
            await response(self._scope, self._arriving.receive, self._out)
        if not self.replaced:
            await self._out(message)

    async def _out(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = list(message.get("headers", ()))
            named = {name.lower() for name, _ in own}
            message = {**message, "headers": own + [each for each in _HEADERS if each[0] not in named]}
        async with asyncio.timeout(_SEND_SECONDS):
            await self._send(message)


def _plain(error: Denied, path: str) -> Response:
    return PlainTextResponse(f"{error}\n", status_code=error.status, headers=error.headers)


def _without_prefix(scope: Scope, prefix: str) -> Scope:
    """A request as if it were made at the top; a proxy may have taken the prefix away already."""
    path, raw = scope["path"], scope.get("raw_path") or scope["path"].encode()
    for above in (scope.get("root_path", ""), prefix):
        if above and (path == above or path.startswith(f"{above}/")):
            path, raw = path.removeprefix(above) or "/", raw.removeprefix(above.encode()) or b"/"
    return {**scope, "path": path, "raw_path": raw, "root_path": ""}


def _said(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _log(scope: dict[str, Any] | Scope, status: int, seconds: float) -> None:
    """A line without queries, which may hold secrets, and without words that stand for the token."""
    path = scope["raw_path"].decode("latin-1")
    path = LOGIN + "..." if path.startswith(LOGIN) else path
    address = (scope.get("client") or ("",))[0]
    logger.info(
        "%s %s %s %d %.1f ms",
        address,
        scope["method"],
        path[:500].encode("unicode_escape").decode(),
        status,
        1000 * seconds,
    )
