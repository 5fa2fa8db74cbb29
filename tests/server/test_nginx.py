"""A node behind nginx, under a path, with TLS there or without."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from heavywater.exchange import table_of
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import JobHandle, LocalSession, connect

from ..house.tree import ROOT
from .programs import program

NGINX = program("nginx", "nginx-light", "BEHIND NGINX")

CONFIGURATION = """
pid %(folder)s/pid; error_log %(folder)s/errors; daemon off; master_process off; events {}
http {
  access_log off; client_max_body_size 0; proxy_request_buffering off; proxy_buffering off; proxy_read_timeout 1h; proxy_http_version 1.1;
  client_body_temp_path %(folder)s/1; proxy_temp_path %(folder)s/2; fastcgi_temp_path %(folder)s/3; uwsgi_temp_path %(folder)s/4;
  scgi_temp_path %(folder)s/5;
  server {
    listen 127.0.0.1:%(port)d %(tls)s
    location /apps/kept/ { proxy_pass http://127.0.0.1:%(node)d; }
    location /apps/taken/ { proxy_pass http://127.0.0.1:%(node)d/; }
    location /apps/named/ { proxy_pass http://127.0.0.1:%(node)d/; proxy_set_header Host $http_host; }
  }
}
"""


@contextmanager
def proxied(folder: Path, node: int, tls: str = ";") -> Iterator[int]:
    """The port of nginx before a node."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = {"folder": folder, "port": port, "node": node, "tls": tls}
    (folder / "nginx.conf").write_text(CONFIGURATION % said)
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", "nginx.conf"], stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def node(**options: Any) -> Iterator[RunningNode]:
    with RunningNode(OpenNode(LocalSession("proxied", nthreads=1), NodeOptions(**options))) as running:
        yield running


def test_a_client_works_through_it(tmp_path: Path):
    """Whether nginx takes the path away or leaves it."""
    with node(root_path="/apps/kept") as running, proxied(tmp_path, running.port) as port:
        for place in ("kept", "taken"):
            session = connect(f"http://127.0.0.1:{port}/apps/{place}")
            rows = session.frames.upload(
                table_of({"x": [1.0, 2.0, 3.0] * 20_000, "y": ["a", "b", "c"] * 20_000})
            )["frame"]
            parameters = {"hidden": [3], "epochs": 0.1, "seed": 1, "score_training_samples": 100}
            job = session.training.train("deeplearning", parameters, x=["x"], y="y", training_frame_key=rows)
            model = JobHandle(session, job).wait()
            assert session.frames.fetch(session.models.predict(model, rows)).num_rows == 60_000
            sent = session.files.fresh("sent.csv")
            session.files.put(sent, b"a\n" + b"1\n" * 100_000)
            assert JobHandle(session, session.files.import_files(sent, "sent.hex")).wait() == "sent.hex"
            session.cluster.close()
            cloud = urllib.request.urlopen(f"http://127.0.0.1:{port}/apps/{place}/3/Cloud").read()
            assert b"CloudV3" in cloud
        assert (tmp_path / "errors").read_text() == ""


def test_what_runs_is_told_through_it(tmp_path: Path):
    with node(root_path="/apps/kept") as running, proxied(tmp_path, running.port) as port:
        session = running.node.session
        ending = threading.Event()
        for number, place in enumerate(("kept", "taken")):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/apps/{place}/live", timeout=20) as told:
                while b'"fresh":true' not in told.readline():
                    pass
                session.jobs.start("Parse", lambda job: ending.wait(20), f"rows_{number}")
                while f'"rows_{number}"'.encode() not in told.readline():  # at once: nothing is held back
                    pass
        ending.set()


def status(url: str, **headers: str) -> int:
    try:
        return int(
            urllib.request.urlopen(
                urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
            ).status
        )
    except urllib.error.HTTPError as error:
        return error.code


def test_a_name_of_the_proxy_is_allowed_by_name(tmp_path: Path):
    with (
        node(allow_hosts=("nodes.example.org",), token="x" * 20) as running,
        proxied(tmp_path, running.port) as port,
    ):
        url = f"http://127.0.0.1:{port}/apps/named/3/Cloud"
        allowed = {"Authorization": "Bearer " + "x" * 20}
        assert status(url, Host="nodes.example.org", **allowed) == 200
        assert status(url, Host="nodes.example.org", Origin="https://nodes.example.org", **allowed) == 200
        assert status(url, Host="evil.example.org", **allowed) == 403
        assert status(url, Host="nodes.example.org", Origin="https://evil.example.org", **allowed) == 403
        assert status(url, Host="nodes.example.org") == 401
        # where nginx names the node by its address, pages have the allowed name all the same
        plain = url.replace("named", "taken")
        assert status(plain, Origin="https://nodes.example.org", **allowed) == 200
        assert status(plain, Origin="https://evil.example.org", **allowed) == 403


def test_what_the_page_tells_for_nginx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = (ROOT / "docs" / "nodes.md").read_text(encoding="utf-8")
    place = page.partition("```nginx\n")[2].partition("```")[0]
    with node(root_path="/h2o", allow_hosts=("127.0.0.1",)) as running:
        told = place.replace("%", "%%").replace("54321", "%(node)d")
        start, _, rest = CONFIGURATION.partition("    location")
        monkeypatch.setattr(f"{__name__}.CONFIGURATION", start + told + rest[rest.index("  }\n}") :])
        with proxied(tmp_path, running.port) as port:
            session = connect(f"http://127.0.0.1:{port}/h2o")
            assert session.cluster.status()["cloud_name"] == "proxied"
            session.cluster.close()


def test_tls_of_the_proxy(tmp_path: Path):
    from ..cluster.certificates import write  # skips where there is nothing to make them with

    mine = write(tmp_path, "proxy")
    tls = f"ssl; ssl_certificate {mine.cert}; ssl_certificate_key {mine.key};"
    with node(token="x" * 20) as running, proxied(tmp_path, running.port, tls) as port:
        session = connect(f"https://127.0.0.1:{port}/apps/taken", cafile=mine.ca, token="x" * 20)
        assert session.cluster.status()["cloud_name"] == "proxied"
