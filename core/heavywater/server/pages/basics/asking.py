"""What a page is given, and what it answers."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import ImmutableMultiDict, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from ....errors import HeavywaterError, InvalidArgument, NotFound, collected
from ...gate.denials import Denied
from ...node.forms import read_form
from ...node.guarded_session import GuardedSession
from ...node.open_node import OpenNode
from .addresses import key_at
from .notes import Note, Notes
from .rendering import rendered

logger = logging.getLogger("h2o.node")
_MOST_FILES = 100
MOST_FIELDS = 5000  # of a form: parameters, and the columns of wide frames
_GET = ("GET", "HEAD")
_TITLES = {400: "Not possible", 404: "Not found", 500: "Failed"}


@dataclass(frozen=True)
class PageCall:
    """A request for a page.

    Parameters
    ----------
    node : OpenNode
    request : Request
    parts : mapping of str to str
        What stands in the place of names in the address, unquoted.
    values : multi-mapping
        Of a GET the query, of a POST the form; files of a form are `UploadFile`.
    """

    node: OpenNode
    request: Request
    parts: Mapping[str, str]
    values: ImmutableMultiDict[str, Any]

    @property
    def session(self) -> GuardedSession:
        """The session as pages see it."""
        return self.node.session

    @property
    def root(self) -> str:
        """What leads from this page to the address of the node, wherever a proxy has put that."""
        raw: bytes = self.request.scope.get("raw_path") or self.request.scope["path"].encode()
        return "../" * (raw.partition(b"?")[0].count(b"/") - 1)

    def text(self, name: str, default: str = "") -> str:
        """The value of a field, without blanks around it; the default where it is absent."""
        found = self.values.get(name)
        return found.strip() if isinstance(found, str) else default

    def texts(self, name: str) -> list[str]:
        """All values of a field."""
        return [each for each in self.values.getlist(name) if isinstance(each, str)]

    def count(self, name: str, default: int, least: int = 0, most: int = 2**53) -> int:
        """A whole number of a field, brought within limits; the default where it is none."""
        try:
            return min(max(int(self.text(name)), least), most)
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self.text(name) not in ("", "0", "false")

    def key(self, kind: str) -> str:
        """The key of the object that the address names by ``{key}``.

        Raises
        ------
        NotFound
            There is none of this kind.
        """
        return key_at(self.parts["key"], self.session.objects.keys(kind), kind)

    def chosen(self, name: str, kind: str) -> str:
        """The key of an object that a field names, as it is or as addresses have it.

        Raises
        ------
        NotFound
            There is none of this kind.
        """
        given, keys = self.text(name), self.session.objects.keys(kind)
        return given if given in keys else key_at(given, keys, kind)

    def new_key(self, name: str, stem: str) -> str:
        """The key that a field gives to a new object; where it is empty one that begins with a stem.

        Raises
        ------
        InvalidArgument
            There is something of this name already.
        """
        given, keys = self.text(name), self.session.objects.keys()
        if given in keys:
            raise InvalidArgument(f"{given!r} is there already: choose another name")
        return given or self.session.objects.fresh_key(stem)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page made of a template; see ``templates/layout.html`` for what all of them take."""
        note = self.node.kept(Notes).take(self.request.query_params.get("note", ""))
        path = self.request.scope["path"].strip("/")
        content = rendered(
            template,
            root=self.root,
            here=path,
            note=note,
            query=self.request.query_params,
            running=self.session.jobs.at_work(),
            **values,
        )
        return HTMLResponse(content, status)

    def see(
        self, path: str, text: str = "", warnings: list[str] | None = None, kind: str = "done"
    ) -> Response:
        """Another page, after a form was taken.

        Parameters
        ----------
        path : str
            Below the address of the node; its parts quoted, see `addresses.address`.
        text, warnings, kind
            What is said there, see `Note`.
        """
        if text or warnings:
            word = self.node.kept(Notes).add(Note(text, warnings or [], kind))
            path += f"{'&' if '?' in path else '?'}note={word}"
        return RedirectResponse(self.root + path or "./", 303)


Handler = Callable[[PageCall], Response | Awaitable[Response]]


def endpoint(node: OpenNode, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """What answers the requests of one address: in a thread, but for handlers that only wait."""

    async def answer(request: Request) -> Response:
        call = PageCall(node, request, request.path_params, request.query_params)
        try:
            if request.method not in _GET:
                call = PageCall(
                    node, request, request.path_params, await read_form(request, _MOST_FILES, MOST_FIELDS)
                )
            if inspect.iscoroutinefunction(handler):
                found: Response = await handler(call)
                return found
            return await run_in_threadpool(_handled, handler, call)
        except HeavywaterError as error:
            return refusal(call, str(error), 404 if isinstance(error, NotFound) else 400)
        except Denied:  # the guard has cut the body off, and answers itself
            raise
        except Exception as error:
            logger.exception("%s %s failed", request.method, request.url.path)
            return refusal(call, f"this page could not be made ({type(error).__name__}: {error})", 500)
        finally:
            for _, value in call.values.multi_items():
                if isinstance(value, UploadFile):
                    await value.close()

    return answer


def refusal(call: PageCall, text: str, status: int) -> Response:
    """The page that says what went wrong; scripts, which ask for JSON, get ``{"error": text}``, other programs the text."""
    wanted = call.request.headers.get("accept", "")
    if wanted.startswith("application/json"):
        return JSONResponse({"error": text}, status)
    if "text/html" not in wanted:
        return PlainTextResponse(f"{text}\n", status)
    return call.page("wrong.html", status, title=_TITLES[status], text=text)


def _handled(handler: Handler, call: PageCall) -> Any:
    """What a handler gives; what it does not say of warnings itself, the log has."""
    with collected() as remarks:
        reply = handler(call)
    for text, _ in remarks:
        logger.warning("%s", text)
    return reply
