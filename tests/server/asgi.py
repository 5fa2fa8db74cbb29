"""Requests to an application without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple


class Answered(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


async def asked(
    app: Any,
    method: str = "GET",
    path: str = "/",
    headers: Iterable[tuple[str, str]] = (),
    body: Iterable[bytes] = (b"",),
    *,
    server: tuple[str, int] = ("127.0.0.1", 54321),
    client: str = "127.0.0.1",
    scheme: str = "http",
) -> Answered:
    """The answer to a request, whose body comes in pieces."""
    raw, _, query = path.partition("?")
    pieces, sent = list(body), []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": scheme, "path": raw,
        "raw_path": raw.encode(), "query_string": query.encode(), "root_path": "", "client": (client, 50000), "server": server,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers], "state": {},
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        if not pieces:
            return {"type": "http.disconnect"}
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:]))


def ask(*given: Any, **named: Any) -> Answered:
    """As `asked`, in a loop of its own."""
    return asyncio.run(asked(*given, **named))
