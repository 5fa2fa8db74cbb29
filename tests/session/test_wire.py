"""Requests and answers as bytes."""

from __future__ import annotations

import contextlib
import random
import warnings
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from heavywater.errors import HeavywaterError, InvalidArgument, NotFound, ParseError
from heavywater.session import FunctionText, Lambda, LocalSession, Moment, Ref, Span
from heavywater.session.remote import LoopbackSession, RemoteSession, answer
from heavywater.session.wire import decode, encode
from hypothesis import given
from hypothesis import strategies as st

from .contract import put_rows

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(max_size=50)
)
PARTS = (
    SCALARS
    | st.builds(Ref, st.text(min_size=1))
    | st.builds(FunctionText, st.text())
    | st.builds(Moment, st.integers(-(2**50), 2**50))
    | st.builds(Span, st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 100))
    | st.just(Span(0, 0))  # an empty range has neither beginning nor stride
)
VALUES = st.recursive(
    PARTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.just("$"), inner, max_size=4)
        | st.dictionaries(st.integers(), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    found = decode(encode(value))
    assert found == value and repr(found) == repr(value)  # 1, 1.0 and True are equal to each other


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ((1, 2), [1, 2]),
        (np.float32(0.5), 0.5),
        (np.arange(3), [0, 1, 2]),
        (range(3), [0, 1, 2]),
        (float("inf"), float("inf")),
        (Lambda(("x",), ("+", Ref("x"), 1)), Lambda(("x",), ("+", Ref("x"), 1))),
    ],
)
def test_what_is_like_a_plain_value_becomes_one(value: Any, found: Any) -> None:
    assert decode(encode(value)) == found


def test_tables_travel_whole() -> None:
    levels = pa.DictionaryArray.from_arrays(pa.array([], pa.int8()), ["x", "y"])
    for table in (pa.table({"a": [1, None], "b": ["x", "\u2603"]}), pa.table({"l": levels}), pa.table({})):
        found = decode(encode({"deep": [table]}))["deep"][0]
        assert found.equals(table) and found.schema == table.schema
    assert found.num_columns == 0
    assert decode(encode(pa.table({"l": levels})))["l"].combine_chunks().dictionary.to_pylist() == ["x", "y"]


@pytest.mark.parametrize("value", [object(), len, lambda: 0, {"a": [object()]}, complex(1, 2)])
def test_what_is_no_plain_value_is_refused_by_its_name(value: Any) -> None:
    with pytest.raises(
        InvalidArgument, match=r"(given|a): (the function|a value of the type) .*cannot be sent"
    ):
        encode(value, "given")


@given(st.binary(max_size=200))
def test_bytes_that_are_no_message(content: bytes) -> None:
    with pytest.raises(ParseError, match="no message"):
        decode(content)


def test_damaged_messages_are_refused_or_say_something_else() -> None:
    """No byte that is changed ends the process, makes anything run, or is anything but a value or a refusal."""
    table = pa.table({"a": np.arange(20), "b": pa.array(["x", "y"] * 10).dictionary_encode()})
    message = encode(
        {"operation": "frames.upload", "arguments": {"table": table, "key": "k", "more": b"bytes"}}
    )
    rng = random.Random(5)
    for _ in range(3000):
        damaged = bytearray(message)
        for _ in range(rng.randint(1, 4)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        with contextlib.suppress(ParseError):
            decode(bytes(damaged[: rng.choice([len(damaged), rng.randrange(len(damaged))])]))


@pytest.mark.parametrize(
    ("operation", "arguments", "kind"),
    [
        ("frames.nothing", {}, NotFound),
        ("frames._store", {}, NotFound),
        ("store.get", {"key": "rows"}, NotFound),
        ("settings", {}, NotFound),
        ("frames.place", {}, NotFound),
        ("frames.__init__", {}, NotFound),
        ("training.begin", {"request": 1}, NotFound),
        ("frames.facts", {}, TypeError),
        ("frames.facts", {"key": "rows", "more": 1}, TypeError),
        ("frames.facts", {"key": ["rows"]}, Exception),
    ],
)
def test_only_what_the_protocol_has_can_be_asked_for(
    operation: str, arguments: dict[str, Any], kind: type
) -> None:
    session = LocalSession(nthreads=1)
    put_rows(session)
    reply = decode(answer(session, encode({"operation": operation, "arguments": arguments})))
    assert set(reply) == {"error", "warnings"}
    client = RemoteSession(
        lambda request: answer(session, encode({"operation": operation, "arguments": arguments})), "c"
    )
    with pytest.raises(kind):
        client.frames.facts("rows")


@pytest.mark.parametrize(
    "request_", [b"", b"HWM1", encode(None), encode([1]), encode({"operation": "frames.facts"})]
)
def test_requests_that_are_none_are_answered_by_an_error(request_: bytes) -> None:
    assert "error" in decode(answer(LocalSession(nthreads=1), request_))


@pytest.mark.parametrize("kind", ["SomethingNew", "SystemExit", "warn", "UnicodeDecodeError"])
def test_an_error_that_is_not_known_here_is_an_error_of_ours(kind: str) -> None:
    told = {"error": {"kind": kind, "text": "of a later version", "more": {}}, "warnings": []}
    with pytest.raises(HeavywaterError, match="of a later version"):
        RemoteSession(lambda request: encode(told), "c").cluster.status()


def test_warnings_of_a_kind_that_is_not_known_are_given_all_the_same() -> None:
    told = {"value": 1, "warnings": [{"kind": "SomethingNew", "text": "look"}]}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert RemoteSession(lambda request: encode(told), "c").objects.remove("x") == 1
    assert [(str(each.message), each.category) for each in caught] == [("look", UserWarning)]


def test_a_loopback_session_is_that_of_its_client() -> None:
    one = LocalSession(nthreads=1)
    two = LoopbackSession(one.for_client("R"))
    assert two.client != one.client and put_rows(two, None).startswith("RTMP")
