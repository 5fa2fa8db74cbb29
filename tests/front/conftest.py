"""A fresh session for each test of models."""

import sys
from collections.abc import Iterator

import h2o
import pytest

from .fake_session import FakeSession


@pytest.fixture
def fake() -> Iterator[FakeSession]:
    """Put a `FakeSession` in place of the real one."""
    # h2o.connection is the function; its module must be asked for by its full name.
    module = sys.modules["h2o.connection"]
    session = FakeSession()
    before = module._connection
    module._connection = h2o.H2OConnection(session, h2o.H2OCluster(session))
    yield session
    module._connection = before
