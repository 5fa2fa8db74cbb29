"""Frames: what is read is what was sent, and nothing else is read."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from heavywater.cluster.framing import _HEADER, _MAGIC, VERSION, Kind, LinkLost, address_of, receive, send
from heavywater.errors import InvalidArgument
from hypothesis import given, settings
from hypothesis import strategies as st

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        for end in (one, other):
            end.settimeout(10)
        yield one, other


@pytest.mark.parametrize("content", [b"", b"a", bytes(range(256)) * 40_000])
def test_a_frame_arrives_as_it_was_sent(pair, content):
    thread = threading.Thread(target=send, args=(pair[0], Kind.REQUEST, content))
    thread.start()
    assert receive(pair[1]) == (Kind.REQUEST, content)
    thread.join()


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ((b"HTTP", VERSION, Kind.PING, 0), "does not speak"),
        ((_MAGIC, VERSION + 1, Kind.PING, 0), f"version {VERSION + 1}"),
        ((_MAGIC, 0, Kind.PING, 0), "version 0"),
        ((_MAGIC, VERSION, 99, 0), "unknown kind 99"),
        ((_MAGIC, VERSION, Kind.PING, 129), "129 bytes, where 128"),
        ((_MAGIC, VERSION, Kind.PING, 2**64 - 1), "are allowed"),
    ],
)
def test_other_headers_are_refused_before_anything_follows(pair, header, text):
    pair[0].sendall(_HEADER.pack(*header))
    with pytest.raises(LinkLost, match=text):
        receive(pair[1], 128)


def test_a_frame_that_is_cut_off_is_none(pair):
    pair[0].sendall(_HEADER.pack(_MAGIC, VERSION, Kind.PING, 100) + b"half")
    pair[0].close()
    with pytest.raises(LinkLost, match="closed"):
        receive(pair[1])


def test_bytes_that_drip_do_not_move_the_deadline(pair):
    over = threading.Event()

    def drip() -> None:
        frame = _HEADER.pack(_MAGIC, VERSION, Kind.PING, 1000) + bytes(1000)
        for byte in frame:
            if over.wait(0.01):
                return
            pair[0].sendall(bytes([byte]))

    thread = threading.Thread(target=drip)
    thread.start()
    with pytest.raises(LinkLost, match="timed out"):
        receive(pair[1], deadline=time.monotonic() + 0.2)
    over.set()
    thread.join()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_refused(content):
    one, other = socket.socketpair()
    with one, other:
        one.sendall(content)
        one.shutdown(socket.SHUT_WR)
        try:
            kind, found = receive(other, 64)
        except LinkLost:
            return
        assert content.startswith(_HEADER.pack(_MAGIC, VERSION, kind, len(found)) + found)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("[::1]:54330", ("::1", 54330)),
        ("node.example:0", ("node.example", 0)),
    ],
)
def test_addresses(text, address):
    assert address_of(text) == address


@pytest.mark.parametrize(
    "text", ["", "host", ":1", "host:", "host:x", "host:65536", "host:-1", "host:\u0661"]
)
def test_what_is_no_address(text):
    with pytest.raises(InvalidArgument, match="HOST:PORT"):
        address_of(text)
