"""Who is let in, and that nobody else disturbs those who are."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from heavywater.cluster import link as link_module
from heavywater.cluster import listening, secret, serving
from heavywater.cluster.framing import _HEADER, _MAGIC, VERSION, Kind, LinkLost, address_of, receive, send
from heavywater.cluster.listening import Listener
from heavywater.cluster.secret import new_secret_file, read_secret
from heavywater.cluster.serving import join, serve
from heavywater.errors import InvalidArgument

from .leaders import SECRET, Leader, connect, is_closed, serving_node, wait_until


@pytest.fixture
def leader() -> Iterator[Leader]:
    found = Leader()
    yield found
    found.close()


def test_a_node_with_the_secret_is_let_in_and_answers(leader):
    serving_node(leader)
    link = leader.wait_for(1)
    assert link.facts["pid"] == 1
    assert link.alive
    assert [link.ask(b"a"), link.ask(b""), link.ask(bytes(10**7))] == [b"aa", b"", bytes(2 * 10**7)]


def test_requests_of_several_threads_get_their_own_answers(leader):
    serving_node(leader)
    link, found = leader.wait_for(1), dict[int, bytes]()
    threads = [
        threading.Thread(target=lambda i=i: found.update({i: bytes(link.ask(b"%d" % i))})) for i in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {i: b"%d" % i * 2 for i in range(20)}


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Also where the tests were started as a job in the background, to which a shell gives no Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("when", ["before it is sent", "while it waits"])
def test_whoever_is_interrupted_leaves_no_answer_for_the_next(leader, monkeypatch, when):
    """Ctrl-C while a request is worked on; its answer comes before the next request is sent, or while that one waits."""
    waits, goes_on = threading.Event(), threading.Event()

    def answer(request: bytes | bytearray) -> bytes:
        if request == b"long":
            waits.wait(10)
            signal.pthread_kill(main, signal.SIGINT)
            with link._news:
                link._news.notify_all()  # a signal just before it falls asleep does not wake it
            goes_on.wait(10)
        return bytes(request) * 2

    main = threading.get_ident()
    connection = join(leader.address, SECRET, {})
    threading.Thread(target=serve, args=(connection, answer), daemon=True).start()
    link = leader.wait_for(1)
    wait_for = link._news.wait_for

    def waiting(true: Callable[[], bool]) -> bool:
        waits.set()
        return wait_for(true)

    monkeypatch.setattr(link._news, "wait_for", waiting)
    for request in (b"a", b"b", b"c"):
        waits.clear()
        goes_on.clear()
        with pytest.raises(KeyboardInterrupt):
            link.ask(b"long")
        if when == "while it waits":
            threading.Timer(0.05, goes_on.set).start()
        else:
            goes_on.set()
            wait_until(lambda: link._answered == link._asked)
        assert link.ask(request) == request * 2
    assert link.alive


def test_a_request_that_is_interrupted_while_it_is_sent_costs_the_node(leader, monkeypatch):
    """Half of it may have arrived: what follows would be taken for its end."""
    reasons = serving_node(leader)
    link, real = leader.wait_for(1), link_module.send

    def half(connection, kind, content=b""):
        if kind == Kind.REQUEST:
            connection.sendall(_HEADER.pack(_MAGIC, VERSION, kind, len(content)) + content[:1])
            raise KeyboardInterrupt
        real(connection, kind, content)

    with monkeypatch.context() as patch:
        patch.setattr(link_module, "send", half)
        with pytest.raises(KeyboardInterrupt):
            link.ask(b"half")
    with pytest.raises(LinkLost, match="broken off"):
        link.ask(b"x")
    wait_until(lambda: reasons)  # the node has noticed


def test_who_does_not_want_to_wait_is_told_whether_another_one_is_asking(leader):
    asked, go = threading.Event(), threading.Event()

    def answer(request: bytes | bytearray) -> bytes:
        asked.set()
        go.wait(10)
        return bytes(request)

    connection = join(leader.address, SECRET, {})
    threading.Thread(target=serve, args=(connection, answer), daemon=True).start()
    link = leader.wait_for(1)
    other = threading.Thread(target=link.ask, args=(b"long",))
    other.start()
    assert asked.wait(10)
    with link.at_once() as free:
        assert not free
    go.set()
    other.join()
    with link.at_once() as free:
        assert free
        assert link.ask(b"x") == b"x"
    assert link.ask(b"y") == b"y"


def test_another_secret_is_not_let_in(leader):
    with pytest.raises(InvalidArgument, match="same secret"):
        join(leader.address, bytes(32), {})
    assert leader.links == []


def test_a_node_finds_out_a_leader_without_the_secret(monkeypatch):
    """It lets everybody in, but cannot prove anything."""
    server = socket.create_server(("127.0.0.1", 0))

    def pretend() -> None:
        connection = server.accept()[0]
        send(connection, Kind.CHALLENGE, bytes(48))
        _, proof = receive(connection)
        send(connection, Kind.ANSWERED_PROOF, proof[32:])  # the node's own
        is_closed(connection)

    threading.Thread(target=pretend, daemon=True).start()
    with server, pytest.raises(InvalidArgument, match="the leader does not know the secret"):
        join(f"127.0.0.1:{server.getsockname()[1]}", SECRET, {})


def test_a_recorded_proof_is_of_no_use_again(leader):
    real, recorded = secret.send, list[bytes]()

    def record(connection, kind, content=b""):
        if kind == Kind.PROOF:
            recorded.append(bytes(content))
        real(connection, kind, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "send", record)
        join(leader.address, SECRET, {}).close()
    with connect(leader) as connection:
        receive(connection)
        send(connection, Kind.PROOF, recorded[0])
        assert is_closed(connection)


def test_a_silent_peer_is_sent_away(leader, monkeypatch):
    monkeypatch.setattr(secret, "SECONDS", 0.2)
    with connect(leader) as connection:
        assert is_closed(connection)


def test_another_version_of_the_protocol_is_sent_away(leader):
    with connect(leader) as connection:
        connection.sendall(_HEADER.pack(_MAGIC, VERSION + 1, Kind.PROOF, 64) + bytes(64))
        assert is_closed(connection)


def test_a_node_of_another_version_is_told_so(leader, monkeypatch):
    monkeypatch.setattr(serving, "__version__", "0.0.1")
    with pytest.raises(InvalidArgument, match=r"heavywater 0\.0\.1, .*install the same"):
        join(leader.address, SECRET, {})


@pytest.mark.parametrize("seed", range(30))
def test_strangers_disturb_nobody(leader, seed):
    serving_node(leader)
    link = leader.wait_for(1)
    for _ in range(10):
        with connect(leader) as connection:
            with contextlib.suppress(OSError):
                head = _HEADER.pack(_MAGIC, VERSION, secrets.randbelow(14), secrets.randbelow(200))
                connection.sendall((head if seed % 2 else b"") + secrets.token_bytes(secrets.randbelow(300)))
                connection.shutdown(socket.SHUT_WR)
            assert is_closed(connection)
    assert link.ask(b"x") == b"xx"
    assert leader.links == [link]


def test_many_who_wait_do_not_keep_others_out(leader, monkeypatch):
    monkeypatch.setattr(secret, "SECONDS", 0.5)
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connect(leader)) for _ in range(listening._WAITING + 20)]
        assert all(is_closed(connection) for connection in silent)
    serving_node(leader)
    assert leader.wait_for(1).ask(b"x") == b"xx"


@pytest.mark.parametrize(
    "frame",
    [
        _HEADER.pack(_MAGIC, VERSION, Kind.ANSWER, 1) + b"x",  # of no question
        _HEADER.pack(_MAGIC, VERSION, Kind.WELCOME, 0),
        _HEADER.pack(_MAGIC, VERSION, Kind.PONG, 2**63),
        b"\0" * 64,
    ],
)
def test_a_node_that_does_not_keep_to_the_protocol_is_given_up(leader, frame):
    with join(leader.address, SECRET, {}) as connection:
        link = leader.wait_for(1)
        connection.sendall(frame)
        assert is_closed(connection)
        with pytest.raises(LinkLost):
            link.ask(b"x")


def test_a_node_that_is_silent_is_given_up(leader, monkeypatch):
    monkeypatch.setattr(link_module, "PING_SECONDS", 0.02)
    with join(leader.address, SECRET, {}):
        link = leader.wait_for(1)
        with pytest.raises(LinkLost, match="pings"):
            link.ask(b"x")
        assert not link.alive


def test_pings_are_answered_while_a_request_is_worked_on(leader, monkeypatch):
    monkeypatch.setattr(link_module, "PING_SECONDS", 0.1)
    go = threading.Event()

    def slow(request: bytes | bytearray) -> bytes:
        go.wait(2.0)  # much longer than the patience with a silent node
        return bytes(request)

    connection = join(leader.address, SECRET, {})
    threading.Thread(target=serve, args=(connection, slow), daemon=True).start()
    assert leader.wait_for(1).ask(b"x") == b"x"


def test_a_node_that_is_gone_is_noticed(leader):
    connection = join(leader.address, SECRET, {})
    link = leader.wait_for(1)
    connection.close()
    with pytest.raises(LinkLost, match=r"closed|lost"):
        link.ask(b"x")


def test_a_node_ends_when_it_is_told_and_when_its_leader_is_gone(leader):
    told, gone = serving_node(leader), serving_node(leader)
    first, second = leader.wait_for(1), leader.wait_for(2)
    first.close()
    second._connection.shutdown(socket.SHUT_RDWR)
    wait_until(lambda: told and gone)
    assert "" in told + gone
    assert "closed" in max(told + gone)


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(InvalidArgument, match="no session listens"):
        join(f"127.0.0.1:{port}", SECRET, {}, patience=0.0)


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_nothing_is_listened_on_without_a_secret(wrong):
    with pytest.raises(InvalidArgument, match="32 bytes"):
        Listener("127.0.0.1", 0, wrong, lambda link: None)


def test_an_address_that_is_taken(leader):
    host, port = address_of(leader.address)
    with pytest.raises(InvalidArgument, match="cannot be listened on"):
        Listener(host, port, SECRET, lambda link: None)


# ---- the file of the secret


def test_a_new_secret_is_read_back_and_different_each_time(tmp_path):
    made = [new_secret_file(str(tmp_path / name)) for name in "ab"]
    assert [read_secret(tmp_path / name) for name in "ab"] == made
    assert made[0] != made[1]
    assert os.stat(tmp_path / "a").st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        new_secret_file(str(tmp_path / "a"))


@pytest.mark.parametrize("content", [SECRET, SECRET.hex().encode(), SECRET.hex().upper().encode() + b"\n"])
def test_a_secret_may_be_written_in_hexadecimal_digits(tmp_path, content):
    (tmp_path / "s").write_bytes(content)
    (tmp_path / "s").chmod(0o600)
    assert read_secret(tmp_path / "s") == SECRET


@pytest.mark.parametrize(
    "content", [b"", b"password", bytes(31), bytes(33), b"g" * 64, b"a" * 63, b"\xff" * 64]
)
def test_what_is_no_secret(tmp_path, content):
    (tmp_path / "s").write_bytes(content)
    (tmp_path / "s").chmod(0o600)
    with pytest.raises(InvalidArgument, match="32 bytes, or 64 hexadecimal digits"):
        read_secret(tmp_path / "s")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o666])
def test_a_secret_that_others_may_read_or_change_is_refused(tmp_path, mode):
    (tmp_path / "s").write_bytes(SECRET)
    (tmp_path / "s").chmod(mode)
    with pytest.raises(InvalidArgument, match="open to others"):
        read_secret(tmp_path / "s")


def test_a_secret_that_is_not_there(tmp_path):
    with pytest.raises(InvalidArgument, match="cannot be read"):
        read_secret(tmp_path / "s")
