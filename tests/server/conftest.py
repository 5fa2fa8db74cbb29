"""A node for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from .asking import GenuineAsker


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    with RunningNode(OpenNode(LocalSession("tried", nthreads=2))) as running:
        yield running


@pytest.fixture
def asker(node: RunningNode) -> Iterator[GenuineAsker]:
    asking = GenuineAsker(node)
    yield asking
    asking.delete("/3/DKV")
    asking.connection.close()
