"""Frames that no node sends: refused in time, and nothing else is disturbed. `make fuzz-nodes` tries 100 000."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import threading
from collections.abc import Iterator

import pytest
from heavywater.cluster import secret
from heavywater.cluster.framing import _HEADER, _MAGIC, VERSION, Kind, LinkLost, receive, send
from heavywater.cluster.serving import join, serve
from heavywater.errors import InvalidArgument
from heavywater.session import LocalSession
from heavywater.session.nodes import Crew
from heavywater.session.remote import answer

from .fuzzing import disturb, frame
from .leaders import SECRET, Leader, connect, is_closed, serving_node, wait_until

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture
def leader() -> Iterator[Leader]:
    found = Leader()
    yield found
    found.close()


def test_strangers_are_sent_away_while_a_node_works(leader, monkeypatch):
    monkeypatch.setattr(secret, "SECONDS", 0.1)  # who is silent stays so long
    disturb(leader, 600, 7)


def test_frames_are_of_many_kinds_and_the_same_each_time():
    r = random.Random(3)
    frames = [frame(r) for _ in range(500)]
    assert frames[:5] == [frame(r) for r in [random.Random(3)] for _ in range(5)]
    assert len(set(frames)) > 480
    assert 20 < sum(each[:4] != _MAGIC for each in frames) < 200


def recorded(leader: Leader) -> dict[str, bytes]:
    """What both sides have said while a node joined."""
    near, far = bytearray(), bytearray()
    target = connect(leader)

    def copy(source: socket.socket, to: socket.socket, into: bytearray) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(4096):
                into.extend(piece)
                to.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as between, target:

        def relay() -> None:
            node = between.accept()[0]
            threading.Thread(target=copy, args=(target, node, far), daemon=True).start()
            copy(node, target, near)

        threading.Thread(target=relay, daemon=True).start()
        join(f"127.0.0.1:{between.getsockname()[1]}", SECRET, {"pid": 1}).close()
        leader.wait_for(1)
    return {"node": bytes(near), "leader": bytes(far)}


def test_a_recorded_conversation_is_of_no_use_against_the_leader(leader):
    said = recorded(leader)["node"]
    assert said.count(_MAGIC) >= 2  # its proof, and who it is
    for _ in range(3):
        with connect(leader) as connection:
            connection.sendall(said)
            assert is_closed(connection)
    assert len(leader.links) == 1


def test_a_recorded_conversation_is_of_no_use_against_a_node(leader):
    said = recorded(leader)["leader"]
    with socket.create_server(("127.0.0.1", 0)) as server:

        def play() -> None:
            connection = server.accept()[0]
            connection.sendall(said)
            is_closed(connection)

        threading.Thread(target=play, daemon=True).start()
        with pytest.raises(InvalidArgument, match="the leader does not know the secret"):
            join(f"127.0.0.1:{server.getsockname()[1]}", SECRET, {})


def test_a_proof_cannot_be_passed_on_to_another_leader(leader):
    """A node that joins an impostor proves nothing that another run of the same secret would take."""
    other, said = Leader(), recorded(leader)["node"]
    with connect(other) as connection:
        receive(connection)
        connection.sendall(said)
        assert is_closed(connection)
    assert other.links == []
    other.close()


def test_more_bytes_than_allowed_are_not_read(leader):
    with connect(leader) as connection:
        connection.sendall(_HEADER.pack(_MAGIC, VERSION, Kind.PROOF, 1 << 30) + bytes(64))
        assert is_closed(connection)


# ---- those who know the secret, and speak nonsense


@pytest.mark.parametrize(
    "hello",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 60_000,
        b'{"version": [1]}',
        b'{"version": "\\ud800"}',
        b"\xff" * 100,
        json.dumps({"version": "0"}).encode(),
    ],
)
def test_who_does_not_say_who_it_is_is_sent_away(leader, hello):
    with connect(leader) as connection:
        secret.present(connection, SECRET)
        send(connection, Kind.HELLO, hello)
        assert is_closed(connection)
    serving_node(leader)
    assert leader.wait_for(1).ask(b"x") == b"xx"


@pytest.mark.parametrize(
    "facts", [{}, {"pid": "1"}, {"pid": 1, "host": None}, {"pid": 1, "host": "h", "cores": 1.5}]
)
def test_a_node_that_does_not_say_what_it_has_is_not_taken(facts):
    crew = Crew(lambda link: LocalSession())
    address = crew.listen("127.0.0.1", 0, SECRET)
    with join(address, SECRET, facts) as connection:
        kind, _ = receive(connection)
        while kind == Kind.PING:
            kind, _ = receive(connection)
        assert kind == Kind.END
    assert crew.described() == []
    crew.close()


@pytest.mark.parametrize("seed", range(10))
def test_a_leader_that_speaks_nonsense_ends_its_node(leader, seed):
    r = random.Random(seed)
    reasons = serving_node(leader)
    connection = leader.wait_for(1)._connection
    with contextlib.suppress(OSError):
        connection.sendall(b"".join(frame(r) for _ in range(20)))
        connection.shutdown(socket.SHUT_WR)
    wait_until(lambda: reasons)
    assert len(reasons) == 1


@pytest.mark.parametrize("seed", range(20))
def test_a_request_of_any_bytes_is_answered_with_an_error(leader, seed):
    r = random.Random(seed)
    session = LocalSession()
    connection = join(leader.address, SECRET, {})
    threading.Thread(
        target=serve, args=(connection, lambda request: answer(session, request)), daemon=True
    ).start()
    link = leader.wait_for(1)
    for _ in range(20):
        content = r.randbytes(r.randrange(200))
        request = b"HWM1" + content if r.random() < 0.5 else content
        assert b'"error"' in link.ask(request)
    assert link.alive


def test_a_lost_link_is_told_to_who_waits(leader):
    connection = join(leader.address, SECRET, {})
    link, told = leader.wait_for(1), list[str]()

    def ask() -> None:
        try:
            link.ask(b"x")
        except LinkLost as error:
            told.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    connection.sendall(b"\0" * 64)
    for thread in threads:
        thread.join(10)
    assert len(told) == 5
    connection.close()
