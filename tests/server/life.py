"""The life of a node: many short sessions, hours without a request, requests at random.

    python -m tests.server.life sessions 10000     clients of both kinds come and go; the memory of the node before and after
    python -m tests.server.life idle 3600          nothing is asked for so many seconds
    python -m tests.server.life fuzz 1800          schemathesis asks both doors for so many seconds; no answer may be 5xx

Each ends with an error where the memory has grown by more than 5 %, or an answer was wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from heavywater.exchange import table_of
from heavywater.session import JobHandle, connect

from .node_openapi import write_documents
from .processes import NodeProcess, node_process

WARM_UP = 1000  # sessions before the memory is looked at for the first time: allocators and caches have their size then
MOST = 1.05  # of the memory at first
TRAINING = {"hidden": [3], "epochs": 1, "seed": 1, "model_id": "small"}


def memory(node: NodeProcess) -> int:
    """Resident bytes of a node."""
    return int(Path(f"/proc/{node.said['pid']}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors(node: NodeProcess) -> int:
    """Open files and connections of a node."""
    return len(os.listdir(f"/proc/{node.said['pid']}/fd"))


def own_session(node: NodeProcess, number: int) -> None:
    """A client of ours: rows, an expression, every tenth time a model; it ends."""
    session = connect(node.url)
    rows = session.frames.upload(table_of({"x": [float(i % 7) for i in range(100)], "y": ["a", "b"] * 50}))[
        "frame"
    ]
    session.frames.rapids(f"(tmp= t{number} (* (cols {rows} 0) 2))")
    if number % 10 == 1:
        started = session.training.train("deeplearning", TRAINING, x=["x"], y="y", training_frame_key=rows)
        JobHandle(session, started).wait()
    session.objects.remove(f"t{number}")
    session.end()


def their_session(node: NodeProcess, number: int) -> None:
    """What a genuine client sends from its start to its end; every third one forgets to end."""
    connection = HTTPConnection("127.0.0.1", node.said["port"], timeout=60)

    def asked(method: str, path: str, body: str = "") -> bytes:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return content

    asked("GET", "/3/Metadata/schemas/CloudV3")
    asked("GET", "/3/Cloud")
    key = asked("POST", "/4/sessions").decode().partition('"session_key":"')[2].partition('"')[0]
    asked("POST", "/99/Rapids", f"ast=(tmp= py_1{key} (seq_len 100))&session_id={key}")
    asked("GET", f"/3/Frames/py_1{key}?row_count=10")
    if number % 3:
        asked("DELETE", f"/4/sessions/{key}")
    connection.close()


def sessions(count: int) -> None:
    """Clients come and go."""
    with node_process("--port", "0", "--expiry", "20") as node:
        before = files = 0
        for number in range(count + WARM_UP):
            (own_session if number % 2 else their_session)(node, number)
            if number == WARM_UP - 1:
                time.sleep(25)
                before, files = memory(node), descriptors(node)
                print(f"after {WARM_UP} sessions: {before / 2**20:.1f} MB, {files} files", flush=True)
            if number % 1000 == 999:
                print(f"{number + 1}: {memory(node) / 2**20:.1f} MB, {descriptors(node)} files", flush=True)
        time.sleep(25)
        after = memory(node)
        print(
            f"after {count} more: {after / 2**20:.1f} MB ({after / before:.3f} times), {descriptors(node)} files"
        )
        assert after <= MOST * before
        assert descriptors(node) <= files + 10
        assert node.end()[0] == 0


def idle(seconds: float) -> None:
    """Nothing is asked, but by one client that is only there."""
    with node_process("--port", "0") as node:
        session = connect(node.url)
        for number in range(20):
            their_session(node, number)
        time.sleep(5)
        before, start = memory(node), time.process_time()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(min(60.0, max(0.0, end - time.monotonic())))
        used = sum(int(each) for each in Path(f"/proc/{node.said['pid']}/stat").read_text().split()[13:15])
        after = memory(node)
        print(
            f"{seconds:.0f} s: {before / 2**20:.1f} MB before, {after / 2**20:.1f} MB after ({after / before:.3f} times), "
            f"{used / os.sysconf('SC_CLK_TCK'):.1f} s of processor time since its start"
        )
        assert session.cluster.status()["cloud_size"] == 1
        assert after <= MOST * before
        assert start >= 0
        assert node.end()[0] == 0


def fuzz(seconds: float) -> None:
    """Requests at random, made from descriptions of both doors; schemathesis has to be installed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile("w+") as said,
        node_process("--port", "0", "--roots", folder, "--max-upload", "16m", errors=said) as node,
    ):
        client, done = connect(node.url), threading.Event()
        _put_something(client)
        threading.Thread(target=_watch, args=(node, done), daemon=True).start()
        wrong = False
        for name, document in write_documents(Path(folder)).items():
            command = [
                "schemathesis", "run", str(document), "--url", node.url, "--checks", "not_a_server_error", "--phases", "fuzzing",
                "--max-examples", "1000000", "--max-time", f"{seconds / 2:.0f}", "--workers", "2", "--request-timeout", "60",
                "--continue-on-failure", "--no-color", "--header", f"Heavywater-Client:{client.client}",
            ]  # fmt: skip
            print(f"{name}: {seconds / 2:.0f} s", flush=True)
            wrong |= subprocess.run(command, check=False).returncode != 0
        done.set()
        assert urllib.request.urlopen(f"{node.url}/3/Cloud").status == 200
        code, errors = node.end()
        failed = errors.count("Traceback")
        print(f"exit code {code}, {failed} unforeseen errors")
        assert not wrong and failed == 0, errors[-5000:]


def _put_something(session: Any) -> None:
    """What some of the requests find under their names."""
    session.frames.upload(table_of({"x": [float(i % 7) for i in range(100)], "y": ["a", "b"] * 50}), "rows")
    given: Any = {"x": ["x"], "y": "y", "training_frame_key": "rows"}
    JobHandle(
        session, session.training.train("deeplearning", {**TRAINING, "model_id": "model"}, **given)
    ).wait()
    small = {"hidden": [3], "epochs": 1}
    JobHandle(
        session, session.grids.train("deeplearning", small, {"l1": [0.0]}, grid_id="grid", **given)
    ).wait()


def _watch(node: NodeProcess, done: threading.Event) -> None:
    while not done.wait(30):
        print(f"{memory(node) / 2**20:.1f} MB, {descriptors(node)} files", flush=True)


def main(arguments: list[str]) -> None:
    """Run one of them."""
    kinds: dict[str, Any] = {"sessions": (sessions, int), "idle": (idle, float), "fuzz": (fuzz, float)}
    work, number = kinds[arguments[0]]
    work(number(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
