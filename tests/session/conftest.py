"""What the contract of sessions is tried on."""

from __future__ import annotations

from typing import Any

import pytest
from heavywater.session import LocalSession

from .contract import WAYS, Asked, put_rows


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def local() -> LocalSession:
    return LocalSession("contract", nthreads=2)


@pytest.fixture
def session(way: str, local: LocalSession) -> Any:
    return Asked(way, WAYS[way](local))


@pytest.fixture
def rows(session: Any) -> str:
    return put_rows(session)
