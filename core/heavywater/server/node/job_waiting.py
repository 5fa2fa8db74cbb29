"""Waiting for jobs without a thread that waits: of clients who do so there may be many."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from .guarded_session import GuardedSession


async def end_of_job(session: GuardedSession, job: str, seconds: float) -> None:
    """Wait for the end of a job, so long at most; `NotFound` where there is none of this key."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def tell() -> None:
        with suppress(RuntimeError):  # the node ends
            loop.call_soon_threadsafe(ended.set)

    with session.jobs.telling(job, tell), suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), max(0.0, seconds))
