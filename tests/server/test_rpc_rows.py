"""Rows that are scored through the door of our own clients: where that is done."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from heavywater.server.app import application
from heavywater.server.gate.node_options import NodeOptions
from heavywater.server.node.open_node import OpenNode
from heavywater.server.rpc import door as rpc
from heavywater.session import LocalSession
from heavywater.session.wire import decode, encode

from .asgi_requests import ask


@pytest.fixture
def node() -> Any:
    found = OpenNode(LocalSession("rows", nthreads=1), NodeOptions())
    yield found
    found.close()


def test_rows_are_scored_at_once_unless_that_takes_long_or_they_are_many(node: Any, monkeypatch: Any) -> None:
    where, seconds = [], [0.0]

    def perform(session: Any, operation: str, arguments: dict[str, Any]) -> str:
        where.append(threading.current_thread() is threading.main_thread())
        end = time.thread_time() + seconds[0]
        while time.thread_time() < end:
            pass
        return operation

    monkeypatch.setattr(rpc, "perform", perform)
    app, client = application(node), node.clients.open().client

    def scored(operation: str = "models.score_rows", rows: int = 1) -> bool:
        body = encode({"model_key": "m", "rows": [{"x": 1}] * rows})
        answer = ask(
            app, "POST", f"/rpc/1/{operation}", body, Heavywater_Client=client, content_type=rpc.MESSAGE
        )
        assert decode(answer.body)["value"] == operation
        return where[-1]

    assert scored()
    assert not scored(rows=5000)
    assert not scored("models.predict")
    seconds[0] = 0.05
    assert scored()
    assert scored()  # it may have been by chance
    for _ in range(8):
        scored()
    assert not scored()  # of a large network
    seconds[0] = 0.0
    scored()
    assert scored()
