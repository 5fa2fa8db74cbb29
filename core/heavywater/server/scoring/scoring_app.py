"""The requests that a scoring service answers."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...errors import HeavywaterError, InvalidArgument
from ..gate.denials import Denied
from .api_document import STYLE, described_models, document, page
from .prometheus_text import CONTENT_TYPE
from .row_answers import answer_with
from .row_bodies import KINDS, asked_interval, check_rows, kind_of_answer, kind_of_body, read_rows
from .served_models import ServedModel
from .service_metrics import metrics_text

logger = logging.getLogger("h2o.score")
READY, LIVE = ("/health", "/health/ready"), "/health/live"
MOST_ROWS = 100_000  # in one request
# What is scored at once, without a thread for it: a body of so many bytes, by a network whose weights have so many.
_SMALL_BODY, _SMALL_NETWORK = 2**14, 2**22


def denial(error: Denied, path: str) -> Response:
    """What is told where the guard refuses rows."""
    return JSONResponse({"error": str(error)}, error.status, error.headers)


REFUSALS = {"score": denial}


class ScoringApp:
    """An application that scores rows with some models.

    Parameters
    ----------
    models : mapping of str to ServedModel
    most_rows : int
        That one request may have.
    ending : callable
        Whether the service is about to end: it is not ready then.
    """

    def __init__(
        self,
        models: Mapping[str, ServedModel],
        most_rows: int = MOST_ROWS,
        ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._models, self._most_rows, self._ending = models, most_rows, ending
        self._astray: Counter[int] = Counter()
        self._start_time = time.time()

    @property
    def names(self) -> list[str]:
        """Of the models."""
        return list(self._models)

    def starlette(self) -> Starlette:
        """What a server of ASGI is given, behind its guard."""
        routes = [
            Route("/score/{model:path}", self.score, methods=["POST"]),
            Route("/models", self.models),
            *(Route(path, self.ready) for path in READY),
            Route(LIVE, self.live),
            Route("/metrics", self.metrics),
            Route("/openapi.json", self.openapi),
            Route("/docs", self.docs),
            Route("/docs.css", self.style),
            Route("/", self.docs),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _refused})

    # ---- scoring

    async def score(self, request: Request) -> Response:
        """Score the rows in a request."""
        name = request.path_params["model"]
        served = self._models.get(name)
        if served is None:
            self._astray[404] += 1
            known = ", ".join(map(repr, list(self._models)[:8]))
            return refusal(404, f"there is no model {name!r} here; models are: {known}")
        content = await request.body()
        start = time.perf_counter()
        if len(content) <= _SMALL_BODY and served.model.nbytes <= _SMALL_NETWORK:
            response = self._scored(served, request, content)
        else:
            response = await run_in_threadpool(self._scored, served, request, content)
        served.count(response.status_code, time.perf_counter() - start)
        return response

    def _scored(self, served: ServedModel, request: Request, content: bytes) -> Response:
        headers = request.headers
        kind = kind_of_body(headers.get("content-type", ""))
        if kind is None or headers.get("content-encoding", "identity") != "identity":
            return refusal(415, f"Content-Type must be one of {', '.join(KINDS)}, without Content-Encoding")
        wanted = kind_of_answer(headers.get("accept", ""))
        if wanted is None:
            return refusal(406, f"Accept must allow one of {', '.join(KINDS)}")
        try:
            interval = asked_interval(request.query_params.multi_items())
            rows = read_rows(kind, content)
            check_rows(rows, self._most_rows)
            scored, warnings = served.score(rows.columns, rows.n, interval)
            return answer_with(wanted, served.name, scored, warnings)
        except ImportError as error:
            return refusal(
                415,
                f"this takes the package {error.name}, which is not installed here: send JSON or CSV, and times as numbers",
            )
        except InvalidArgument as error:
            return refusal(422, str(error))
        except HeavywaterError as error:
            return refusal(400, str(error))
        except Exception:
            logger.exception("scoring with %r failed", served.name)
            return refusal(500, "the rows could not be scored, by a fault of this service; its log says more")

    # ---- what else there is to know

    async def models(self, request: Request) -> Response:
        """Names, inputs and outputs of all models."""
        return JSONResponse(described_models(self._models))

    async def ready(self, request: Request) -> Response:
        """Whether rows are scored here."""
        if self._ending():
            return JSONResponse({"status": "ending"}, 503)
        return JSONResponse({"status": "ready"})

    async def live(self, request: Request) -> Response:
        """That the service answers."""
        return JSONResponse({"status": "live"})

    async def metrics(self, request: Request) -> Response:
        """Numbers for monitoring."""
        text = await run_in_threadpool(metrics_text, self._models, self._astray, self._start_time)
        return Response(text, headers={"Content-Type": CONTENT_TYPE})

    async def openapi(self, request: Request) -> Response:
        """All of this as an OpenAPI document."""
        return Response(json.dumps(document(self._models, self._most_rows)), media_type="application/json")

    async def docs(self, request: Request) -> Response:
        """A page for people."""
        return Response(page(self._models), media_type="text/html")

    async def style(self, request: Request) -> Response:
        """The style sheet of the page."""
        return Response(STYLE, media_type="text/css")


async def _refused(request: Request, error: Exception) -> Response:
    """The answer to what is no request of this service."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    why = "there is no such request" if status == 404 else f"{request.method} is not for this path"
    return refusal(
        status, f"{request.method} {request.url.path}: {why}; /docs and /openapi.json tell what there is"
    )


def refusal(status: int, text: str) -> Response:
    """An error as clients get it."""
    return JSONResponse({"error": text}, status)
