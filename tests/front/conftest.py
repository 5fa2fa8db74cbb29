"""A fresh session for each test of models."""

from collections.abc import Iterator

import h2o
import pytest
from h2o.backend import running

from .fake_session import FakeSession


@pytest.fixture
def fake() -> Iterator[FakeSession]:
    """Put a `FakeSession` in place of the real one."""
    session = FakeSession()
    before = running.connection
    running.connection = h2o.H2OConnection(session, h2o.H2OCluster(session))
    yield session
    running.connection = before
