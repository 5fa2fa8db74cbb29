"""What tests need of sessions beside the protocol."""

from __future__ import annotations

from typing import Any

import h2o
import pytest
from heavywater.session import JobHandle, LocalSession, Session
from heavywater.session.values import Started


def finished(session: Session, started: Started) -> Any:
    """Wait for a job that was started; its result."""
    return JobHandle(session, started).wait()


def behind() -> LocalSession:
    """The session of the Python front end, seen from inside, also where it is reached through a wire."""
    session = h2o.connection().session
    if session.url is not None and not hasattr(session, "behind"):
        pytest.skip("looks into the session, which is in another process")
    found = getattr(session, "behind", session)
    assert isinstance(found, LocalSession)
    return found
