"""Values that no client sends, in every parameter of every route of H2O's door: each is answered, and none is a failure of the node."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from heavywater.exchange import table_of
from heavywater.server import v3
from heavywater.server.app import application
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.session import JobHandle, LocalSession

from .asgi import asked
from .node_openapi import LEFT_OUT, names_of

FORM = ("content-type", "application/x-www-form-urlencoded")
ODD = [
    "%",
    "-1",
    "1e400",
    "NaN",
    "9" * 400,
    "[",
    "[[]]",
    "{",
    '{"a": {}}',
    "\0",
    "\ud7ff",
    "rows",
    "model",
    "(",
    "true",
    "[1e400]",
    "'",
]


def requests() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Method, path and values: each parameter once with each odd value, and in turn other odd ones beside it."""
    turn = itertools.cycle(ODD)
    for module in v3.MODULES:
        for route, handler in module.ROUTES.items():
            if route in LEFT_OUT:
                continue
            method, _, path = route.partition(" ")
            names = names_of(handler)
            for name, value in itertools.product(names or ["x"], ODD[:: 2 if len(names) > 12 else 1]):
                known = {each: "rows" if "rame" in each else "model" for each in names if next(turn) < "a"}
                inside = re.findall(r"{\w+}", path)
                filled = path
                for part in inside:
                    filled = filled.replace(part, quote(next(turn) if value < "R" else "rows", safe=""), 1)
                yield method, filled, {**known, name: value}


async def answered(app: Any, every: int) -> list[tuple[int, str, bytes]]:
    wrong = []
    for number, (method, path, values) in enumerate(requests()):
        if number % every:
            continue
        text = urlencode(values)
        if method == "GET":
            answer = await asked(app, method, f"{path}?{text}", [("host", "localhost")])
        else:
            answer = await asked(app, method, path, [("host", "localhost"), FORM], [text.encode()])
        if answer.status >= 500:
            wrong.append((answer.status, f"{method} {path} {values}", answer.body[:300]))
    return wrong


def test_odd_values_are_answered(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """One request in seventeen; `python -m tests.server.test_odd_values` tries all."""
    assert tried(tmp_path, 17) == []
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


JSON, MESSAGE, PARTS = "application/json", "application/octet-stream", "multipart/form-data"
DEEP = b"[" * 200_000
BODIES = [
    ("/rpc/1/grids.restore", JSON, b'{"contents": {}}'), ("/rpc/1/grids.restore", JSON, b'{"contents": {"grid": 1, "models": {}}}'),
    ("/rpc/1/grids.restore", JSON, b'{"contents": {"grid": "", "models": {"a": 1}}}'),
    ("/rpc/1/model_files.from_bytes", JSON, b'{"content": 1}'),
    ("/3/Parse", JSON, DEEP), ("/3/Parse", JSON, b'{"source_frames":' + DEEP), ("/3/Parse", JSON, b"[]"), ("/3/Parse", JSON, b"\xff"),
    ("/rpc/1/clients", JSON, DEEP), ("/rpc/1/clients", JSON, b'{"language": {"a": 1}}'), ("/rpc/1/frames.facts", JSON, b'{"key":' + DEEP),
    ("/rpc/1/frames.facts", JSON, b'{"key":"\\ud800"}'), ("/rpc/1/frames.rapids", JSON, b'{"text":"' + b"(" * 100_000 + b'"}'),
    ("/99/Rapids", FORM[1], b"ast=" + b"(" * 100_000), ("/3/Parse", FORM[1], b"source_frames=" + b"[" * 100_000),
    ("/99/Grid/deeplearning", FORM[1], b"hyper_parameters=" + b'{"a":' * 100_000),
    ("/rpc/1/frames.facts", MESSAGE, b"HWM1" + b"\xff" * 100),
    ("/rpc/1/frames.facts", MESSAGE, b"HWM1\1\0\0\0" + len(DEEP).to_bytes(8, "little") + DEEP), ("/3/PostFile", PARTS, b"x"),
    ("/3/PostFile", f"{PARTS}; boundary=", b"x"), ("/3/PostFile", f"{PARTS}; boundary=b", b"--b\r\n" * 10),
    ("/3/PostFile", f"{PARTS}; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 2000),
    ("/3/Parse", FORM[1], b"&".join(b"a%d=1" % i for i in range(20_000))), ("/3/PostFile", "", b""), ("/3/Cloud?%ff=%fe&a=%00", JSON, b""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "kind", "body"), BODIES, ids=[f"{path} {kind} {body[:20]!r}" for path, kind, body in BODIES]
)
def test_bodies_that_are_none(path: str, kind: str, body: bytes, caplog: pytest.LogCaptureFixture):
    with closing(OpenNode(LocalSession("odd", nthreads=1))) as node:
        client = ("heavywater-client", node.clients.open().client)
        answer = asyncio.run(
            asked(
                application(node),
                "POST",
                path,
                [("host", "localhost"), ("content-type", kind), client],
                [body],
            )
        )
    assert answer.status < 500, answer.body[:500]
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def tried(folder: Path, every: int) -> list[tuple[int, str, bytes]]:
    """What went wrong."""
    local = LocalSession("odd", nthreads=1)
    local.frames.upload(table_of({"x": [1.0, 2.0] * 30, "y": ["a", "b"] * 30}), "rows")
    given: dict[str, Any] = {"x": ["x"], "y": "y", "training_frame_key": "rows"}
    small = {"hidden": [2], "epochs": 1, "model_id": "model"}
    JobHandle(local, local.training.train("deeplearning", small, **given)).wait()
    with closing(OpenNode(local, NodeOptions(roots=(str(folder),)))) as node:
        return asyncio.run(answered(application(node), every))


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        for each in tried(Path(place), 1):
            print(*each)
