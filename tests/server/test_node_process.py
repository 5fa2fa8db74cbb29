"""Nodes as processes: how they start and end, what they show of themselves, and what becomes of clients who are gone."""

from __future__ import annotations

import http.client
import signal
import socket
import ssl
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from heavywater.cluster.tls import Tls
from heavywater.errors import InvalidArgument, Unreachable
from heavywater.exchange import table_of
from heavywater.export.model_file import read_model
from heavywater.server.gate.tokens import read_token
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.server.node_command import serve
from heavywater.server.node_server import RunningNode
from heavywater.server.running.running_server import listening
from heavywater.server.running.serve_options import ServeOptions, is_loopback
from heavywater.session import LocalSession, connect

from .processes import client_process, node_process, token_file

TOKEN = "a-token-of-more-than-16-characters"
ENDLESS = {
    "hidden": [4],
    "epochs": 1e9,
    "stopping_rounds": 0,
    "classification_stop": -1.0,
    "model_id": "long",
    "score_interval": 0.1,
}
ROWS = {"x": [float(i % 17) for i in range(200)], "y": ["no", "yes"] * 100}


def until(condition: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def begin_training(session: Any, **more: Any) -> str:
    session.frames.upload(table_of(ROWS), "rows")
    started = session.training.train(
        "deeplearning", {**ENDLESS, **more}, x=["x"], y="y", training_frame_key="rows"
    )
    until(lambda: session.jobs.history(started["job"]))
    return str(started["job"])


def test_a_node_from_its_start_to_its_end(tmp_path: Path):
    """In the midst of a training: what is trained until then is kept."""
    file, models, port_file = token_file(tmp_path, TOKEN), tmp_path / "models", tmp_path / "port"
    options = (
        "--port",
        "0",
        "--token-file",
        file,
        "--save-on-exit",
        str(models),
        "--port-file",
        str(port_file),
        "--access-log",
    )
    with node_process(*options) as node:
        assert port_file.read_text() == f"{node.said['port']}\n"
        assert node.url == f"http://127.0.0.1:{node.said['port']}"
        with pytest.raises(Unreachable):
            connect(node.url, token="another-token-of-that-length")
        begin_training(connect(node.url, token_file=file))
        shown = b"".join(
            Path(f"/proc/{node.said['pid']}/{name}").read_bytes() for name in ("cmdline", "comm", "environ")
        )
        assert TOKEN.encode() not in shown
        code, errors = node.end(signal.SIGTERM)
    assert code == 0
    assert TOKEN not in errors
    assert "Traceback" not in errors
    assert "jobs that run are asked to stop" in errors
    assert "POST /rpc/1/training.train 200" in errors
    assert read_model(models / "long", 1)[0].key == "long"


def test_two_nodes_on_one_machine(tmp_path: Path):
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        node_process("--port", str(taken.getsockname()[1])) as one,
    ):
        with node_process("--port", str(one.said["port"])) as other:
            assert taken.getsockname()[1] < one.said["port"] < other.said["port"]
            sessions = [connect(one.url), connect(other.url)]
            for number, session in enumerate(sessions):
                session.frames.upload(table_of({"a": [number]}), "same")
            assert [session.frames.fetch("same")["a"].to_pylist() for session in sessions] == [[0], [1]]
            urllib.request.urlopen(
                urllib.request.Request(f"{other.url}/3/Shutdown", b"", method="POST")
            ).read()
            code, errors = other.ended()
            assert (code, "Traceback" in errors) == (0, False)
            assert sessions[0].frames.facts("same")["nrow"] == 1
        code, errors = one.end(signal.SIGINT)
        assert (code, "Traceback" in errors) == (0, False)
        assert f"port {taken.getsockname()[1]} is taken" in errors


CLIENT = """
import sys, time
from heavywater.session import connect
from heavywater.exchange import table_of
session = connect(sys.argv[1])
rows = session.frames.upload(table_of({"x": [float(i % 17) for i in range(200)], "y": ["no", "yes"] * 100}))["frame"]
sent = session.files.fresh("rows.csv")
session.files.put(sent, b"a\\n1\\n")
started = session.training.train("deeplearning", PARAMETERS, x=["x"], y="y", training_frame_key=rows)
while not session.jobs.history(started["job"]):
    time.sleep(0.02)
print(rows, started["job"], sent, flush=True)
time.sleep(100)
"""


def test_a_client_that_is_killed():
    """Its training goes on, and what it alone could use goes when it has not asked for long enough."""
    with RunningNode(OpenNode(LocalSession("killed", nthreads=1), NodeOptions(expiry=0.4))) as running:
        here = running.node.behind
        with client_process(CLIENT.replace("PARAMETERS", repr(ENDLESS)), running.url) as client:
            rows, job, sent = client.stdout.readline().split()
            client.send_signal(signal.SIGKILL)
            client.wait()
        before = len(here.jobs.history(job)["rows"])
        time.sleep(0.8)
        until(lambda: len(here.jobs.history(job)["rows"]) > before)
        assert here.jobs.state(job)["status"] == "RUNNING"
        assert rows in here.objects.keys("frame")  # the training may need it
        here.jobs.cancel(job)
        until(lambda: here.jobs.state(job)["status"] == "CANCELLED")
        until(lambda: rows not in here.objects.keys("frame"))
        until(lambda: not Path(sent).exists())
        assert "long" in here.objects.keys("model")


def test_a_client_who_ends_stops_nothing_of_others_and_makes_room():
    node = OpenNode(LocalSession("many", nthreads=1), NodeOptions(max_clients=3, expiry=0.01))
    first = node.clients.open()
    kept = first.frames.upload(table_of({"a": [1]}))["frame"]
    for _ in range(2):
        node.clients.open()
    time.sleep(0.02)
    assert node.clients.of(first.client) is first  # has just asked, so another one makes room
    node.clients.open()
    assert node.clients.of(first.client) is first
    assert kept in node.behind.objects.keys("frame")
    node.clients.end(first.client)
    assert kept not in node.behind.objects.keys("frame")
    node.close()


def test_so_many_clients_at_a_time():
    node = OpenNode(LocalSession("many", nthreads=1), NodeOptions(max_clients=3))
    for _ in range(3):
        node.clients.open()
    with pytest.raises(InvalidArgument, match="3 clients are connected"):
        node.clients.open()
    node.close()


def test_tls(tmp_path: Path):
    from ..cluster.certificates import write  # skips where there is nothing to make them with

    mine, other = write(tmp_path, "node"), write(tmp_path, "other")
    with RunningNode(
        OpenNode(LocalSession("tls", nthreads=1)), tls=Tls(cert=mine.cert, key=mine.key)
    ) as running:
        assert running.url.startswith("https://")
        assert connect(running.url, cafile=mine.ca).cluster.status()["cloud_name"] == "tls"
        with pytest.raises(Unreachable):
            connect(running.url, cafile=other.ca)
        with pytest.raises(Unreachable):
            connect(running.url.replace("https", "http"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(mine.ca)
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection((running.host, running.port)) as plain, pytest.raises(ssl.SSLError):
            context.wrap_socket(plain, server_hostname="127.0.0.1")


def test_who_sends_headers_slowly_is_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("heavywater.server.running.timed_connection.HEAD_SECONDS", 0.3)
    with RunningNode(OpenNode(LocalSession("slow", nthreads=1))) as running:
        slow = socket.create_connection((running.host, running.port))
        silent = socket.create_connection((running.host, running.port))
        quick = http.client.HTTPConnection(running.host, running.port)
        for _ in range(2):  # one that is kept open is not concerned
            quick.request("GET", "/")
            assert quick.getresponse().read()
            time.sleep(0.2)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        silent.settimeout(5)
        with suppress(OSError):
            while slow.send(b"a"):
                time.sleep(0.05)
        assert silent.recv(1) == b""
        quick.request("GET", "/")
        assert quick.getresponse().status == 200


def test_nobody_has_to_read_the_log():
    """A pipe that is full keeps who writes into it waiting; the node answers all the same, and ends."""
    with node_process("--port", "0", "--access-log") as node:
        connection = http.client.HTTPConnection("127.0.0.1", node.said["port"], timeout=20)
        for _ in range(300):
            connection.request("GET", "/" + "x" * 400)
            assert connection.getresponse().read()
        node.process.send_signal(signal.SIGTERM)
        errors = node.process.stderr.read()
        assert node.process.wait(20) == 0
        assert errors.count("GET /xxx") > 100


# ---- what is refused at the start


def test_where_models_are_to_be_kept_is_looked_at_first(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidArgument, match=r"--save-on-exit .*/file/models: no folder"):
        serve(ServeOptions(port=0, save_on_exit=str(tmp_path / "file/models")))


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7"])
def test_other_addresses_need_a_token_and_tls(address: str, tmp_path: Path):
    with pytest.raises(InvalidArgument, match="--token-file FILE, and --tls-cert FILE"):
        ServeOptions(address=address)
    with pytest.raises(InvalidArgument, match="--token-file"):
        ServeOptions(address=address, insecure_http=True)
    with pytest.raises(InvalidArgument, match=r"travel in the clear.*--insecure-http"):
        ServeOptions(address=address, token_file="token")
    assert ServeOptions(address=address, token_file="token", insecure_http=True)
    assert ServeOptions(address=address, token_file="token", tls_cert="x.pem")


def test_what_is_loopback():
    assert (
        is_loopback("127.0.0.1")
        and is_loopback("127.9.9.9")
        and is_loopback("::1")
        and is_loopback("localhost")
    )
    assert not is_loopback("0.0.0.0") and not is_loopback("10.0.0.1")
    for wrong in ("no.such.host.invalid", "a b", "x" * 300):
        with pytest.raises(InvalidArgument, match="--address"):
            is_loopback(wrong)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"port": -1}, "--port -1"), ({"port": 65536}, "--port 65536"), ({"expiry": 0}, "--expiry 0"), ({"expiry": -1}, "--expiry -1"),

        ({"max_upload": 0}, "--max-upload 0"), ({"tls_key": "x"}, "--tls-key x"), ({"root_path": "h2o"}, "--root-path h2o"),
        ({"root_path": "/h2o/"}, "--root-path /h2o/"), ({"root_path": "/a b"}, "--root-path"), ({"root_path": "/a/../b"}, "--root-path"),
    ],
)  # fmt: skip
def test_options_that_are_wrong_are_named(options: dict[str, Any], text: str):
    with pytest.raises(InvalidArgument, match=text):
        ServeOptions(**options)


@pytest.mark.parametrize(
    "content", ["", "shortly", "two words of some length", "x" * 2000, "\x00" * 32, "tökentökentöken!"]
)
def test_what_is_no_token(tmp_path: Path, content: str):
    with pytest.raises(InvalidArgument, match=r"token_file=.*16 to 1024 printable") as raised:
        read_token(token_file(tmp_path, content))
    assert content == "" or content not in str(raised.value).replace(str(tmp_path), "")


def test_a_token_is_for_its_owner_alone(tmp_path: Path):
    file = token_file(tmp_path, TOKEN)
    assert read_token(file) == TOKEN
    for mode in (0o640, 0o604, 0o620, 0o666):
        Path(file).chmod(mode)
        with pytest.raises(InvalidArgument, match=f"open to others .mode {mode:o}"):
            read_token(file)
    with pytest.raises(InvalidArgument, match="cannot be read"):
        read_token(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("address", "url"),
    [("0.0.0.0", "http://127.0.0.1:"), ("localhost", "http://localhost:"), ("::1", "http://[::1]:")],
)
def test_the_address_that_is_told_can_be_used(address: str, url: str):
    if address == "::1" and not socket.has_dualstack_ipv6():
        pytest.skip("there is no IPv6")
    with RunningNode(OpenNode(LocalSession("told", nthreads=1)), address) as running:
        assert running.url.startswith(url)
        assert urllib.request.urlopen(running.url).status == 200


def test_a_port_that_cannot_be_had_is_named():
    with pytest.raises(InvalidArgument, match=r"--address 192.0.2.7, --port 0: cannot listen there"):
        listening("192.0.2.7", 0)
