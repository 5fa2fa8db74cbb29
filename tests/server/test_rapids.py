"""Expressions as genuine clients send them: kinds of answers, sessions, temporaries, errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

_COMMON = {"__meta", "_exclude_fields", "ast", "session_id", "id"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Asking:
    """A client of a node."""

    def __init__(self, node: RunningNode) -> None:
        self.connection = HTTPConnection(node.host, node.port)
        self.session = self.ask("POST", "/4/sessions")[1]["session_key"]

    def ask(self, method: str, path: str, values: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Status and JSON of an answer."""
        self.connection.request(method, path, urlencode(values or {}), _FORM if values else {})
        reply = self.connection.getresponse()
        return reply.status, json.loads(reply.read())

    def rapids(self, text: str, session: str | None = None) -> tuple[int, dict[str, Any]]:
        """Status and JSON of the answer to an expression."""
        return self.ask("POST", "/99/Rapids", {"ast": text, "session_id": session or self.session})

    def value(self, text: str) -> dict[str, Any]:
        """The members of the answer that tell the value."""
        status, reply = self.rapids(text)
        assert status == 200, reply["msg"]
        return {name: each for name, each in reply.items() if name not in _COMMON}


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    with RunningNode(OpenNode(LocalSession())) as running:
        yield running


@pytest.fixture
def client(node: RunningNode) -> Iterator[Asking]:
    asking = Asking(node)
    yield asking
    asking.ask("DELETE", f"/4/sessions/{asking.session}")


@pytest.mark.parametrize(
    ("text", "schema", "members"),
    [
        ("(+ 1 2)", "RapidsNumberV3", {"scalar": 3.0}),
        ("(/ 1 0)", "RapidsNumberV3", {"scalar": "Infinity"}),
        ("(log -1)", "RapidsNumberV3", {"scalar": "NaN"}),
        ("null", "RapidsNumberV3", {"scalar": "NaN"}),
        ("(rm nothing)", "RapidsNumberV3", {"scalar": 0.0}),
        ("[1 2.5 nan]", "RapidsNumbersV3", {"scalar": [1.0, 2.5, "NaN"]}),
        ("[]", "RapidsNumbersV3", {"scalar": []}),
        ("[1:3 7:2:2]", "RapidsNumbersV3", {"scalar": [1.0, 2.0, 3.0, 7.0, 9.0]}),
        ("(is.factor (seq_len 2))", "RapidsNumbersV3", {"scalar": [0.0]}),
        ("(getTimeZone)", "RapidsStringV3", {"string": "UTC"}),
        ("['a' \"b\"]", "RapidsStringsV3", {"string": ["a", "b"]}),
        ("{ x . (+ x 1) }", "RapidsFunctionV3", {"funstr": "{ x . (+ x 1) }"}),
        ("sum", "RapidsFunctionV3", {"funstr": "sum"}),
        ("(sumNA (seq_len 3) True 1)", "RapidsNumberV3", {"scalar": 6.0}),
    ],
)
def test_kinds_of_answers(client, text, schema, members):
    status, reply = client.rapids(text)
    assert status == 200
    assert reply["__meta"] == {"schema_version": 3, "schema_name": schema, "schema_type": "Iced"}
    # what is absent is absent, not null: clients look for the names
    assert reply == {
        "__meta": reply["__meta"], "_exclude_fields": "", "ast": None, "session_id": None, "id": None, **members
    }  # fmt: skip


def test_frames_are_told_by_their_key_and_size(client):
    frame = client.value("(tmp= pair (cbind (seq_len 4) (seq_len 4)))")
    assert frame == {
        "key": {
            "__meta": {"schema_version": 3, "schema_name": "FrameKeyV3", "schema_type": "Key<Frame>"},
            "name": "pair", "type": "Key<Frame>", "URL": "/3/Frames/pair",
        },
        "num_rows": 4,
        "num_cols": 2,
    }  # fmt: skip
    # a frame without a name gets one that is none of those that clients make up
    unnamed = client.value("(cols pair 0)")["key"]["name"]
    assert unnamed.startswith("node_")
    assert unnamed.endswith(client.session.removeprefix("_"))


def test_numbers_and_texts_are_stored_as_frames_of_one_cell(client):
    assert client.value("(tmp= moment (mktime 2020 0 0 0 0 0 0))")["num_rows"] == 1
    assert client.value("(flatten moment)") == {"scalar": 1577836800000.0}
    assert client.value("(tmp= text 'a')")["num_cols"] == 1
    assert client.value("(flatten text)") == {"string": "a"}
    status, reply = client.rapids("(tmp= list [1 2])")
    assert status == 400
    assert "needs a frame" in reply["msg"]


def test_cells_that_are_no_numbers_are_missing_among_numbers(client):
    client.value("(tmp= mixed (cbind (seq_len 1) (as.character (seq_len 1)) (as.factor (seq_len 1))))")
    assert client.value("(getrow mixed)") == {"scalar": [1.0, "NaN", "NaN"]}


def test_temporaries_at_any_depth_and_in_turn(client):
    assert client.value("(tmp= outer (cbind (tmp= inner (seq_len 3)) (+ inner 1)))")["num_cols"] == 2
    assert client.value("(sum inner)") == {"scalar": 6.0}
    assert client.value("(, (tmp= third (seq_len 2)) (nrow third))") == {"scalar": 2.0}
    assert client.value("(rm inner)") == {"scalar": 1.0}
    assert client.value("(rm inner)") == {"scalar": 0.0}
    assert client.value("(sum outer)") == {"scalar": 15.0}  # columns that were shared are still there


def test_a_temporary_is_not_replaced_and_what_is_assigned_is(client):
    client.value("(tmp= once (seq_len 3))")
    status, reply = client.rapids("(tmp= once (seq_len 4))")
    assert (status, reply["exception_type"]) == (400, "java.lang.IllegalArgumentException")
    assert reply["msg"] == "\n\nERROR MESSAGE:\n\nTemp ID once already exists\n\n"
    assert client.value("(nrow once)") == {"scalar": 3.0}
    client.value("(assign 'twice' once)")
    assert client.value("(assign twice (seq_len 5))")["num_rows"] == 5


def test_temporaries_end_with_their_session_and_nothing_else_does(node):
    first, second = Asking(node), Asking(node)
    first.value("(tmp= passing (seq_len 3))")
    first.value("(assign staying (seq_len 3))")
    second.value("(tmp= other (cols passing 0))")
    assert first.session != second.session
    first.ask("DELETE", f"/4/sessions/{first.session}")
    assert second.rapids("(nrow passing)")[0] == 400
    assert second.value("(sum (cbind staying other))") == {"scalar": 12.0}
    second.ask("DELETE", f"/4/sessions/{second.session}")


def test_who_names_no_session_shares_that_of_the_node(node, client):
    assert client.ask("POST", "/99/Rapids", {"ast": "(tmp= common (seq_len 3))"})[0] == 200
    client.ask("DELETE", f"/4/sessions/{client.session}")
    assert client.ask("POST", "/99/Rapids", {"ast": "(nrow common)"})[1]["scalar"] == 3.0
    assert client.ask("POST", "/99/Rapids", {"ast": "(rm common)"})[1]["scalar"] == 1.0


def test_a_session_that_is_not_known_begins_and_ends(client):
    assert client.rapids("(tmp= late (seq_len 3))", "_sid_late")[0] == 200
    assert client.rapids("(nrow late)", "_sid_late")[1]["scalar"] == 3.0
    client.ask("DELETE", "/4/sessions/_sid_late")
    assert client.rapids("(nrow late)")[0] == 400


@pytest.mark.parametrize(
    ("text", "status", "kind", "message"),
    [
        ("(+ nope 1)", 400, "java.lang.IllegalArgumentException", "Name lookup of 'nope' failed"),
        ("(nope 1)", 400, "java.lang.IllegalArgumentException", "Name lookup of 'nope' failed"),
        ("(apply (seq_len 2) 1 { x . (nope x) })", 400, "java.lang.IllegalArgumentException", "Name lookup of 'nope' failed"),
        ("(sum 'a')", 400, "java.lang.IllegalArgumentException", "sum: frame must be a frame, got 'a'"),
        ("(sum)", 400, "java.lang.IllegalArgumentException", "sum: takes 1 to 3 arguments"),
        ("(sum (seq_len 3) True 2)", 400, "java.lang.IllegalArgumentException", "sum: axis 2 must be 0 or 1"),
        ("(cols (seq_len 3) 7)", 400, "java.lang.IllegalArgumentException", "no column number 7"),
        ("(+ 1", 400, "water.rapids.Rapids.IllegalASTException", "is not closed"),
        ("", 400, "water.rapids.Rapids.IllegalASTException", "an expression is missing"),
    ],
)  # fmt: skip
def test_errors_and_that_the_session_goes_on(client, text, status, kind, message):
    found, reply = client.rapids(text)
    assert (found, reply["http_status"], reply["exception_type"]) == (status, status, kind)
    assert message in reply["msg"]
    assert reply["__meta"]["schema_name"] == "H2OErrorV3"
    assert reply["error_url"] == "/99/Rapids"
    assert client.value("(+ 1 2)") == {"scalar": 3.0}


def test_parameters_that_do_not_exist_are_refused(client):
    for more, named in (({"nosuch": 1}, "nosuch"), ({"id": "name"}, "id")):
        status, reply = client.ask("POST", "/99/Rapids", {"ast": "(+ 1 2)", **more})
        assert status == 412
        assert named in reply["msg"]


def test_an_object_of_json_is_a_request_as_well(client):
    client.connection.request(
        "POST", "/99/Rapids", json.dumps({"ast": "(+ 1 2)"}), {"Content-Type": "application/json"}
    )
    assert json.loads(client.connection.getresponse().read())["scalar"] == 3.0


def test_random_numbers_are_a_function_of_rows_and_seed(client):
    client.value("(tmp= frame (seq_len 1000))")
    client.value("(tmp= one (h2o.runif frame 42))")
    client.value("(tmp= two (h2o.runif frame 42))")
    client.value("(tmp= three (h2o.runif frame 43))")
    assert client.value("(all (== one two))") == {"scalar": 1.0}
    assert client.value("(all (== one three))") == {"scalar": 0.0}
