"""The client that loads a server counts what it gets, and keeps its pace."""

from __future__ import annotations

import threading

import pytest
from heavywater.server.gate.guard import Guard
from heavywater.server.gate.node_options import NodeOptions
from heavywater.server.running.running_server import RunningServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from .node.__main__ import of_rows, of_stories, of_training
from .node.booklet import Stories
from .node.load import Load, http_request, load
from .node.training import Polling
from .pages.streams import Streaming, of_streams


async def answer(request: Request) -> Response:
    body = await request.body()
    return PlainTextResponse(body, 200 if body == b"good" else 400)


@pytest.fixture
def server():
    app = Starlette(routes=[Route("/", answer, methods=["POST"])])
    with RunningServer(Guard(app, NodeOptions()), threading.Event()) as running:
        yield running


def test_answers_are_counted_and_paced(server):
    found = load(server.host, server.port, [http_request("/", b"good")], 10, rate=50, warm=0.0, seconds=0.5)
    assert found.errors == []
    assert 1 <= len(found.latencies) <= 40  # as fast as it goes there would be hundreds
    assert found.latencies == sorted(found.latencies)
    assert 0 < found.median <= found.quantile(0.99) == found.latencies[-1]


def test_errors_are_told(server):
    requests = [http_request("/", b"good"), http_request("/", b"bad")]
    found = load(server.host, server.port, requests, 2, warm=0.0, seconds=0.2)
    assert found.latencies
    assert set(found.errors) == {"HTTP/1.1 400 Bad Request"}


def test_the_page_says_what_was_measured():
    found = Load(1000, 10.0, [0.001 * k for k in range(1, 12_001)], [])
    text = of_rows([("/score/m", found, 0.0004, 0.25)], 57_000)
    assert "| `/score/m` | 1200/s, paced | 1200 | 6000.5 ms | 11881.0 ms | 0 | 400 µs | 0.25 cores |" in text
    assert "57 MB" in text
    text = of_training(Polling([2.0, 2.0, 2.0, 2.0], [2.02, 2.02, 2.02, 2.02], 0.001, 0.0))
    assert "| median change within pairs | +1.00 % |" in text
    assert "| share of one core, 5 looks a second | 0.50 % |" in text
    text = of_stories(Stories([10.0, 11.0, 10.5], [12.0, 11.5, 12.6], 0.0))
    assert "the ratio of the medians is 1.14" in text
    text = of_streams(Streaming([2.0, 2.0], [2.02, 2.04], [0.004, 0.006], 9.5, 0.1))
    assert "| median change within pairs | +1.50 % |" in text
    assert "| processor time of all streams, of all cores | 0.50 % |" in text
