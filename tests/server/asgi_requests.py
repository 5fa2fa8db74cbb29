"""Requests to an application of ASGI, without a server."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


def ask(app: ASGIApp, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """The answer to a request; of names of headers the underscores are hyphens."""
    sent: list[Message] = []
    path, _, query = path.partition("?")

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1"),
            *((k.replace("_", "-").lower().encode(), v.encode()) for k, v in headers.items()),
        ],
        "http_version": "1.1",
        "scheme": "http",
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
        "asgi": {"version": "3.0"},
    }

    async def answered() -> None:
        await app(scope, receive, send)

    asyncio.run(answered())
    return Answer(
        sent[0]["status"],
        {name.decode(): value.decode() for name, value in sent[0]["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
