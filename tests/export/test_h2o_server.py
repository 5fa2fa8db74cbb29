"""A server of the real H2O is started again when others have its ports, and its log is shown when it never starts."""

from __future__ import annotations

import socket
import sys

import pytest

from . import h2o_server
from .h2o_server import NotStarted, free_pair, is_free, started

LISTENS = """
import socket, sys, time
with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
    print("listening", flush=True)
    time.sleep(60)
"""


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def listening(port: int) -> list[str]:
    return [sys.executable, "-c", LISTENS, str(port)]


def test_a_taken_port_is_not_the_end(tmp_path, monkeypatch):
    """Somebody takes the first port between the look and the start."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken, pairs = other.getsockname()[1], list[int]()

        def pair() -> int:
            pairs.append(free_pair() if pairs else taken)
            return pairs[-1]

        monkeypatch.setattr(h2o_server, "free_pair", pair)
        # what answers at the port of somebody else is not the server that was started
        with started(listening, lambda port: port != taken and answers(port), tmp_path) as port:
            assert pairs == [taken, port]
            assert not is_free(port)
    assert is_free(port)
    assert "in use" in (tmp_path / "server.log").read_text()
    assert (tmp_path / "server_2.log").read_text() == "listening\n"


def test_a_server_that_never_starts_tells_why(tmp_path):
    program = "import sys; print(*range(100), sep='\\n'); sys.exit(f'no room at {sys.argv[1]}')"
    with (
        pytest.raises(NotStarted) as told,
        started(lambda port: [sys.executable, "-uc", program, str(port)], answers, tmp_path),
    ):
        raise AssertionError("never reached")
    text = str(told.value)
    assert text.count("ended with code 1") == text.count("no room at 2") + text.count("no room at 3") == 3
    assert "server_3.log" in text
    assert "\n99\n" in text
    assert "\n50\n" not in text


def test_one_that_does_not_answer_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(h2o_server, "PATIENCE", 0.4)
    monkeypatch.setattr(h2o_server, "TRIES", 1)
    ports = list[int]()

    def never(port: int) -> bool:
        ports.append(port)
        return False

    with pytest.raises(NotStarted, match="did not answer"), started(listening, never, tmp_path):
        raise AssertionError("never reached")
    assert is_free(ports[-1])


def test_both_ports_of_a_pair_are_free(monkeypatch):
    first = free_pair()
    monkeypatch.setattr(h2o_server, "PORTS", [first, first + 2])
    with socket.create_server(("127.0.0.1", first + 1)):
        assert {free_pair() for _ in range(20)} == {first + 2}
