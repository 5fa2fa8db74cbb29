"""Operations of a session in JSON, and the document that lists them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.server.rpc.rpc_json import LEFT_OUT, operations, parameters_of
from heavywater.session import LocalSession
from heavywater.session.remote import OPERATIONS

from ..session.served import nodes

Ask = Callable[..., tuple[int, Any]]
ROWS = [{"x": 1.5, "name": "a"}, {"x": None, "name": "b"}, {"x": 2, "name": "ä"}]


@pytest.fixture(scope="module")
def url() -> str:
    return nodes().open(OpenNode(LocalSession("json", nthreads=1), NodeOptions()))


@pytest.fixture
def ask(url: str) -> Ask:
    pool = urllib3.PoolManager()

    def ask(operation: str, body: Any = None, headers: Any = None, **arguments: Any) -> tuple[int, Any]:
        content = json.dumps(arguments) if body is None else body
        reply = pool.request(
            "POST",
            f"{url}/rpc/1/{operation}",
            body=content,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        return reply.status, json.loads(reply.data)

    return ask


def test_a_table_goes_and_comes_as_records(ask):
    status, reply = ask("frames.upload", table=ROWS, key="rows")
    assert (status, reply["warnings"]) == (200, [])
    assert reply["value"]["nrow"] == 3 and reply["value"]["names"] == ["x", "name"]
    assert ask("frames.fetch", key="rows")[1]["value"] == ROWS
    assert ask("frames.fetch", key="rows", columns=[1], first=1, count=1)[1]["value"] == [{"name": "b"}]
    assert ask("frames.rapids", text="(sum (cols rows 0))")[1]["value"] is None  # NaN
    assert list(ask("frames.rapids", text="(cols rows 0)")[1]["value"]) == ["frame"]
    assert ask("objects.keys", kind="frame")[0] == 200


def test_bytes_are_base64_and_clients_have_their_own(ask, url):
    pool = urllib3.PoolManager()
    opened = json.loads(pool.request("POST", f"{url}/rpc/1/clients").data)
    mine = {"Heavywater-Client": opened["client"]}
    _, reply = ask("files.fresh", headers=mine, name="rows.csv")
    content = base64.b64encode(b"a,b\n1,2\n").decode()
    assert ask("files.put", headers=mine, file=reply["value"], content=content)[1]["value"] == 8
    _, started = ask("files.import_files", headers=mine, paths=[reply["value"]], key="sent")
    job = started["value"]["job"]
    assert ask("jobs.wait", headers=mine, job=job, seconds=30)[1]["value"]["status"] == "DONE"
    assert ask("jobs.result", headers=mine, job=job)[1]["value"] == "sent"
    assert ask("files.get", headers=mine, file=reply["value"])[1]["value"] == content
    pool.request("DELETE", f"{url}/rpc/1/clients/{opened['client']}")
    assert ask("objects.keys", headers=mine)[0] == 410
    assert "sent" in ask("objects.keys")[1]["value"]


@pytest.mark.parametrize(
    ("operation", "arguments", "status", "message"),
    [
        ("frames.facts", {"key": "nothing"}, 404, "no frame 'nothing'"),
        ("frames.facts", {}, 400, "missing a required argument: 'key'"),
        ("frames.facts", {"key": "rows", "more": 1}, 400, "more"),
        ("frames.facts", {"key": 5}, 400, "key=5 must be string"),
        ("frames.fetch", {"key": "rows", "columns": ["x"]}, 400, "an item of columns"),
        ("frames.fetch", {"key": "rows", "first": True}, 400, "first=true must be integer"),
        ("frames.upload", {"table": [1]}, 400, "an item of table"),
        ("frames.from_bytes", {"content": "?"}, 400, "content must be bytes as base64"),
        ("frames.rapids", {"text": "(nope 1)"}, 404, "no operation 'nope'"),
        ("frames.rapids", {"text": "(+ 1"}, 400, "character"),
        ("jobs.wait", {"job": "job_99", "seconds": 1}, 404, "no job"),
        ("no.such", {}, 404, "no request 'no.such'"),
        ("frames.evaluate", {"expression": []}, 404, "cannot be asked for in JSON"),
        ("training.put_metric", {"function": "x"}, 404, "cannot be asked for in JSON"),
        ("training.check_metric", {"metric": "a" * 3, "model_key": "m"}, 404, ""),
    ],
)
def test_errors_have_a_status(ask, operation, arguments, status, message):
    ask("frames.upload", table=ROWS, key="rows")
    found, reply = ask(operation, **arguments)
    assert (found, list(reply["error"])[:2]) == (status, ["kind", "text"])
    assert message in reply["error"]["text"]


@pytest.mark.parametrize("body", ["[1]", "{", '{"key": NaN}', '"x"', "[" * 100_000, '{"key": "\\ud800"}'])
def test_what_is_no_object_is_refused(ask, body):
    assert ask("frames.facts", body=body)[0] == 400


def test_a_large_table_is_not_for_json(ask):
    ask("frames.rapids", text="(assign large (seq_len 300000))")
    status, reply = ask("frames.fetch", key="large")
    assert status == 400 and "first, count" in reply["error"]["text"]
    assert len(ask("frames.fetch", key="large", count=3)[1]["value"]) == 3


def test_the_document_lists_what_can_be_asked(url):
    found = json.loads(urllib3.request("GET", f"{url}/rpc/1/openapi.json").data)
    assert (
        {path.rpartition("/")[2] for path in found["paths"]}
        == set(operations())
        == set(OPERATIONS) - LEFT_OUT
    )
    upload = found["paths"]["/rpc/1/frames.upload"]["post"]
    assert upload["summary"].startswith("Store an Arrow table as a frame")
    body = upload["requestBody"]["content"]["application/json"]["schema"]
    assert (body["required"], body["additionalProperties"]) == (["table"], False)
    assert upload["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["value"] == {
        "$ref": "#/components/schemas/Facts"
    }
    shape = found["components"]["schemas"]["State"]["properties"]
    assert shape["end_time"] == {"anyOf": [{"type": "number"}, {"type": "null"}]}
    described = found["paths"]["/rpc/1/files.put"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    assert "not behind the end" in described["properties"]["start"]["description"]


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_annotation_has_a_schema(operation):
    """An annotation of the protocol that has none would be a KeyError."""
    assert set(parameters_of(operation)) == set(OPERATIONS[operation].parameters) - {"self"}
