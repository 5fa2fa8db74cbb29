"""The address of the stream."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from ..basics.asking import PageCall
from .streams import MOST_CURVES, MOST_STREAMS, EventStream, Streams, position_of


async def live(call: PageCall) -> Response:
    """What runs, and the curves of the jobs that ``history`` names; after what ``Last-Event-ID`` or ``after`` stands for."""
    streams = call.node.kept(Streams)
    if len(streams) >= MOST_STREAMS:
        return PlainTextResponse(
            f"{MOST_STREAMS} streams are open, and not more may be\n", 503, {"Retry-After": "10"}
        )
    jobs = call.session.jobs
    known = call.request.headers.get("last-event-id") or call.text("after")
    curves = frozenset(call.texts("history")[:MOST_CURVES])
    return EventStream(streams, jobs, call.node.ended, position_of(streams.sampler(jobs), known), curves)


ROUTES = {"GET /live": live}
