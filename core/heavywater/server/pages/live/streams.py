"""The streams that are open at a node, and what looks at the jobs for all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ....session.job_registry import JobService
from ...node.ending import Ending
from .sampler import Position, Sampler

LOOK_SECONDS = 0.1  # between two looks at jobs that run
BEAT_SECONDS = 15.0  # of silence, after which something is sent: proxies end connections that are silent
MOST_STREAMS = 500
MOST_CURVES = 20  # that a stream may ask for
_RETRY_MILLISECONDS = 2000
_BEAT = b"event: beat\ndata: 1\n\n"
_END = b"event: end\ndata: 1\n\n"


class Streams:
    """The streams of one node; one task looks for all of them, and only while there is one."""

    def __init__(self) -> None:
        self._open: set[EventStream] = set()
        self._sampler: Sampler | None = None
        self._task: asyncio.Task[None] | None = None
        self._starts: list[str] = []
        self._looking = asyncio.Lock()

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    @property
    def watched(self) -> set[str]:
        """The jobs whose curves are asked for."""
        return set().union(*(each.curves for each in self._open))

    def sampler(self, jobs: JobService) -> Sampler:
        """What looks at the jobs."""
        if self._sampler is None:
            self._sampler = Sampler(jobs)
        return self._sampler

    @contextmanager
    def joined(self, stream: EventStream, jobs: JobService, ended: Ending) -> Iterator[Sampler]:
        """Look for a stream, too, within this context."""
        sampler = self.sampler(jobs)
        self._open.add(stream)
        if self._task is None:
            sampler.catch_up()
            self._task = asyncio.create_task(self._run(sampler, jobs, ended))
        try:
            yield sampler
        finally:
            self._open.discard(stream)
            if not self._open and self._task is not None:
                self._task.cancel()
                self._task = None

    async def look(self, sampler: Sampler) -> bool:
        """See what is new, and let all streams tell it; whether something is."""
        async with self._looking:
            watched = self.watched
            if sampler.has_news(watched):
                found = await run_in_threadpool(sampler.look, watched)
            else:
                found = sampler.look()
        if found:
            self._wake(b"")
        return found

    async def _run(self, sampler: Sampler, jobs: JobService, ended: Ending) -> None:
        awake = asyncio.Event()
        tell = _telling(awake)

        def started(key: str) -> None:
            self._starts.append(key)
            tell()

        with jobs.telling_starts(started), ended.telling(tell):
            sampler.catch_up()  # again: what was started before it would have been told
            sent = time.monotonic()
            while not ended.is_set():
                awake.clear()
                starts, self._starts = self._starts, []
                sampler.started(starts)
                if await self.look(sampler):
                    sent = time.monotonic()
                elif time.monotonic() - sent >= BEAT_SECONDS:
                    self._wake(_BEAT)
                    sent = time.monotonic()
                if sampler.running:
                    await asyncio.sleep(LOOK_SECONDS)
                else:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(awake.wait(), sent + BEAT_SECONDS - time.monotonic())
            self._wake(b"")

    def _wake(self, further: bytes) -> None:
        for each in self._open:
            each.further = further
            each.awake.set()


def _telling(event: asyncio.Event) -> Callable[[], None]:
    """Sets an event from other threads."""
    loop = asyncio.get_running_loop()

    def tell() -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(event.set)

    return tell


class EventStream(Response):
    """What runs at a node, as server-sent events, until the client goes or the node ends.

    Parameters
    ----------
    streams : Streams
    jobs : JobService
    ended : Ending
        Of the node.
    position : Position
        What the client has been told before.
    curves : frozenset of str
        Jobs whose curves it wants.

    Attributes
    ----------
    awake : asyncio.Event
        Set when something may be new.
    further : bytes
        What is to be sent besides.
    """

    media_type = "text/event-stream"

    def __init__(
        self, streams: Streams, jobs: JobService, ended: Ending, position: Position, curves: frozenset[str]
    ) -> None:
        super().__init__(
            headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"}, media_type=self.media_type
        )
        del self.headers["content-length"]
        self._streams, self._jobs, self._ended = streams, jobs, ended
        self._position, self.curves = position, curves
        self.awake, self.further = asyncio.Event(), b""
        self._gone = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is new, whenever something is."""
        scope.get("state", {})["endless"] = True
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        listening = asyncio.create_task(self._listen(receive))
        try:
            with self._streams.joined(self, self._jobs, self._ended) as sampler:
                await self._streams.look(sampler)
                await self._send_all(sampler, send)
        finally:
            listening.cancel()

    async def _send_all(self, sampler: Sampler, send: Send) -> None:
        first = b"retry: %d\n\n" % _RETRY_MILLISECONDS
        while not self._gone:
            self.awake.clear()
            ending = self._ended.is_set()
            further = _BEAT if first else self.further  # who comes back is told at least that nothing is new
            content = first + (self._event(sampler) or further) + (_END if ending else b"")
            first, self.further = b"", b""
            if content:
                await send({"type": "http.response.body", "body": content, "more_body": not ending})
            if ending:
                return
            await self.awake.wait()

    def _event(self, sampler: Sampler) -> bytes:
        content, self._position = sampler.since(self._position, self.curves)
        return b"id: %s\ndata: %s\n\n" % (event_id(sampler, self._position), content) if content else b""

    async def _listen(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        self.awake.set()


def event_id(sampler: Sampler, position: Position) -> bytes:
    """The text that stands for a position."""
    return ".".join([sampler.word, str(position.version), *sorted(position.curves)]).encode()


def position_of(sampler: Sampler, text: str) -> Position:
    """The position that a text stands for; the beginning where it is none of this node."""
    word, *rest = text.split(".")
    if word != sampler.word or not rest or not rest[0].isdecimal() or int(rest[0]) > sampler.version:
        return Position()
    return Position(int(rest[0]), frozenset(rest[1:]))
