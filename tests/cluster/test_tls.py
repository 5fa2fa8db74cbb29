"""Encrypted connections: the same as plain ones to whoever uses them, and closed to others."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from heavywater.cluster import secret
from heavywater.cluster.framing import LinkLost
from heavywater.cluster.serving import join
from heavywater.cluster.tls import Tls
from heavywater.engine._ring import Ring
from heavywater.errors import InvalidArgument, NoSession

from . import certificates
from .leaders import SECRET, Leader, connect, is_closed, serving_node


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def tls(folder: Path) -> Tls:
    certificates.write(folder, "authority")
    return certificates.write(folder, "leader", vouched_by="authority")


@pytest.fixture
def leader(tls: Tls) -> Iterator[Leader]:
    found = Leader(Tls(cert=tls.cert, key=tls.key))
    yield found
    found.close()


def test_requests_are_answered(leader, tls):
    reasons = serving_node(leader, Tls(ca=tls.ca))
    link = leader.wait_for(1)
    content = np.random.default_rng(1).bytes(10**7)
    assert [link.ask(b"a"), link.ask(b""), link.ask(content)] == [b"aa", b"", 2 * content]
    link.close()
    while not reasons:
        threading.Event().wait(0.01)
    assert reasons == [""]  # the last word has come through


def test_what_travels_cannot_be_read(leader, tls):
    """Whoever copies the bytes on their way sees neither what is said nor that it is this protocol."""
    seen, target = bytearray(), connect(leader)

    def pass_on(one: socket.socket, other: socket.socket) -> None:
        while piece := one.recv(1 << 16):
            seen.extend(piece)
            other.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as between, target:

        def relay() -> None:
            near = between.accept()[0]
            for ends in ((near, target), (target, near)):
                threading.Thread(target=pass_on, args=ends, daemon=True).start()

        threading.Thread(target=relay, daemon=True).start()
        join(
            f"127.0.0.1:{between.getsockname()[1]}", SECRET, {"pid": 1, "host": "a host"}, tls=Tls(ca=tls.ca)
        )
        assert leader.wait_for(1).facts["host"] == "a host"
    assert len(seen) > 1000
    assert b"a host" not in seen and b"HWcl" not in seen


def test_a_plain_node_is_not_let_in(leader, monkeypatch):
    monkeypatch.setattr(secret, "SECONDS", 0.2)
    with pytest.raises(NoSession, match="want TLS"):
        join(leader.address, SECRET, {}, patience=0.0)
    assert leader.links == []


def test_a_plain_leader_is_not_joined(tls):
    leader = Leader()
    with pytest.raises(InvalidArgument, match="no TLS with the other side"):
        join(leader.address, SECRET, {}, tls=Tls(ca=tls.ca))
    leader.close()


def test_the_secret_is_needed_all_the_same(leader, tls):
    with pytest.raises(InvalidArgument, match="same secret"):
        join(leader.address, bytes(32), {}, tls=Tls(ca=tls.ca))
    assert leader.links == []


@pytest.mark.parametrize(
    ("name", "host", "vouched_by"),
    [("stranger", "127.0.0.1", None), ("elsewhere", "127.0.0.9", "authority")],
    ids=["nobody vouches for it", "it is for another host"],
)
def test_a_certificate_that_is_not_good_is_refused_by_the_node(folder, tls, name, host, vouched_by):
    wrong = certificates.write(folder, name, host, vouched_by)
    leader = Leader(Tls(cert=wrong.cert, key=wrong.key))
    with pytest.raises(InvalidArgument, match="CERTIFICATE_VERIFY_FAILED"):
        join(leader.address, SECRET, {}, tls=Tls(ca=tls.ca))
    leader.close()


def test_who_is_silent_before_or_after_the_beginning_is_sent_away(leader, tls, monkeypatch):
    monkeypatch.setattr(secret, "SECONDS", 0.3)
    with connect(leader) as silent:
        assert is_closed(silent)
    with connect(leader) as mute:
        assert is_closed(Tls(ca=tls.ca).connected(mute, "127.0.0.1", 5))


@pytest.mark.parametrize("seed", range(20))
def test_noise_disturbs_nobody(leader, tls, seed):
    r = np.random.default_rng(seed)
    serving_node(leader, Tls(ca=tls.ca))
    link = leader.wait_for(1)
    for content in (r.bytes(300), b"\x16\x03\x01" + r.bytes(200), b"HWcl" + r.bytes(100)):
        with connect(leader) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(content)
                connection.shutdown(socket.SHUT_WR)
            assert is_closed(connection)
    assert link.ask(b"x") == b"xx"
    assert leader.links == [link]


def test_old_protocols_are_refused(leader, tls):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(tls.ca)
    old.check_hostname = False
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLS"):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with connect(leader) as connection, pytest.raises(OSError, match=r"alert|SSL|reset"):
        old.wrap_socket(connection)


# ---- what compiled code uses


def pair(tls: Tls) -> tuple[socket.socket, socket.socket]:
    """Two ends of a connection over TLS, as plain sockets."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        other = server.accept()[0]
    found: list[socket.socket] = []
    thread = threading.Thread(target=lambda: found.append(tls.accepted(other, 10)))
    thread.start()
    mine = tls.connected(one, None, 10)
    thread.join()
    return mine, found[0]


def test_both_directions_at_once_and_the_end(tls):
    one, other = pair(tls)
    content, found = np.random.default_rng(2).bytes(20_000_000), dict[str, bytes]()

    def read(name: str, end: socket.socket) -> None:
        with end.makefile("rb") as file:
            found[name] = file.read(len(content))

    threads = [threading.Thread(target=read, args=each) for each in (("one", one), ("other", other))]
    threads += [threading.Thread(target=end.sendall, args=(content,)) for end in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"one": content, "other": content}
    one.sendall(b"last word")
    one.close()
    assert other.recv(100, socket.MSG_WAITALL) == b"last word"
    assert other.recv(1) == b""
    other.close()


def test_what_is_not_read_waits_and_does_not_grow(tls):
    """The sender is held up as by a plain connection."""
    one, other = pair(tls)
    one.settimeout(0.5)
    with pytest.raises(TimeoutError):
        one.sendall(bytes(1 << 26))
    one.close()
    other.close()


def test_a_ring_of_compiled_code(tls):
    """Its non-blocking reads and writes of descriptors."""
    size, ranks = 100_000, 3
    links = [pair(tls) for _ in range(ranks)]
    values = [np.full(size, rank + 1, dtype=np.float32) for rank in range(ranks)]
    results = [np.zeros(size, dtype=np.float32) for _ in range(ranks)]

    def member(rank: int) -> None:
        ring = Ring(rank, ranks, links[rank - 1][1].fileno(), links[rank][0].fileno())
        ring.exchange(values[rank], None, results[rank], timeout=20)

    threads = [threading.Thread(target=member, args=(rank,)) for rank in range(ranks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        assert result.tolist() == [2.0] * size
    for ends in links:
        for end in ends:
            end.close()


# ---- files


def test_no_files_no_encryption():
    assert Tls.of() is None


@pytest.mark.parametrize("name", ["nowhere", "text", "half"])
def test_what_is_no_certificate(tls, tmp_path, name):
    path = str(tmp_path / name)
    if name != "nowhere":
        Path(path).write_text("no certificate" if name == "text" else Path(tls.cert).read_text()[:200])
    with pytest.raises(InvalidArgument, match=f"tls_ca='.*{name}'"):
        Tls.of(ca=path)
    with pytest.raises(InvalidArgument, match=f"tls_cert='.*{name}'"):
        Tls.of(cert=path, key=tls.key)
    with pytest.raises(InvalidArgument, match=f"tls_key='.*{name}'"):
        Tls.of(cert=tls.cert, key=path)


def test_a_key_alone_is_of_no_use(tls):
    with pytest.raises(InvalidArgument, match="without tls_cert"):
        Tls.of(key=tls.key)


def test_a_connection_cannot_be_broken_off_half_way(tls):
    one, other = socket.socketpair()
    one.close()
    with pytest.raises(LinkLost, match="no TLS"):
        tls.accepted(other, 1)
