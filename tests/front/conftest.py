"""A fresh session for each test of models."""

from collections.abc import Iterator

import h2o
import pytest
from h2o.backend import connection

from .fake_session import FakeSession


@pytest.fixture
def fake() -> Iterator[FakeSession]:
    """Put a `FakeSession` in place of the real one."""
    session = FakeSession()
    before = connection._connection
    connection._connection = h2o.H2OConnection(session, h2o.H2OCluster(session))
    yield session
    connection._connection = before
