"""Nodes that something else starts for a session: here it is the test that does."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from heavywater.cluster.launching import Launcher, NodeProcess
from heavywater.errors import InvalidArgument
from heavywater.exchange import table_of
from heavywater.session import LocalSession, start
from heavywater.session import launched_nodes as launched

from ..sessions import finished
from .test_nodes import is_running, wait_until

NOT_ENCRYPTED = "connections of this cluster are not encrypted"


class Here(Launcher):
    """Starts its nodes on this machine, whatever it calls their hosts; a process whose host has no thread fails."""

    name = "nodes=<here>"

    def __init__(self, hosts: dict[str, int], visible: bool = False) -> None:
        self.hosts, self.secret_is_visible = hosts, visible
        self.processes: dict[str, NodeProcess] = {}
        self._pool = ThreadPoolExecutor()
        self._running: dict[str, Future[None]] = {}

    def start(self, process_on):
        for host, threads in self.hosts.items():
            self.processes[host] = process_on(host)
            run = self.processes[host] if threads else NodeProcess("raise SystemExit('no room')", (), b"x")
            self._running[host] = self._pool.submit(run)

    def failed(self):
        return [f"{host}: {run.exception()}" for host, run in self._running.items() if run.done()]

    def close(self):
        self._pool.shutdown()


def session_on(launcher: Any, monkeypatch: pytest.MonkeyPatch, **more: Any) -> LocalSession:
    monkeypatch.setattr(
        "heavywater.session.starting_nodes.launcher_of",
        lambda nodes: launcher if nodes is launcher else None,
    )
    return with_rows(launcher, **more)


def with_rows(nodes: Any, nthreads: int = -1, max_mem_size: int | None = None) -> LocalSession:
    session: Any = start("test", nthreads, max_mem_size, nodes=nodes)
    found: LocalSession = getattr(session, "behind", session)
    found.frames.upload(table_of(pd.DataFrame({"x": range(60), "y": [0.0, 1.0] * 30})), "rows")
    return found


def trained(session: LocalSession) -> int:
    started = session.grids.train(
        "deeplearning",
        {"hidden": [3], "epochs": 1, "seed": 1},
        {"l1": [0.0, 1e-3, 1e-2]},
        x=["x"],
        y="y",
        training_frame_key="rows",
        grid_id="g",
    )
    finished(session, started)
    return len(session.grids.describe("g")["model_ids"])


def healthy(session: LocalSession) -> list[dict[str, Any]]:
    return [node for node in session.cluster.status()["nodes"] if node["healthy"]]


def test_nodes_join_train_and_end(monkeypatch):
    launcher = Here({"127.0.0.1": 1, "127.0.0.2": 999})
    session = session_on(launcher, monkeypatch, max_mem_size=2**30)
    cores = session.cluster.status()["allowed_cores"]
    assert sorted((node["nthreads"], node["max_mem"]) for node in healthy(session)) == sorted(
        [(1, 2**30), (cores, 2**30)]  # no more threads than cores
    )
    assert trained(session) == 3
    pids = [node["pid"] for node in healthy(session)]
    session.cluster.close()
    assert not any(map(is_running, pids))
    assert launcher.failed() == ["127.0.0.1: None", "127.0.0.2: None"]


def test_threads_are_those_that_are_asked_for(monkeypatch):
    session = session_on(Here({"127.0.0.1": 1}), monkeypatch, nthreads=3)
    assert [node["nthreads"] for node in healthy(session)] == [3]
    session.cluster.close()


def test_the_secret_is_in_no_text_and_in_no_list_of_processes(monkeypatch):
    launcher = Here({"127.0.0.1": 1})
    session = session_on(launcher, monkeypatch)
    process, (node,) = launcher.processes["127.0.0.1"], healthy(session)
    shown = (repr(process) + str(process) + f"{process}").encode()
    for file in ("cmdline", "environ"):
        shown += Path(f"/proc/{node['pid']}/{file}").read_bytes()
    for form in (process.secret, process.secret.hex().encode(), repr(process.secret).encode()):
        assert form not in shown
    session.cluster.close()


def test_it_is_told_once_that_the_secret_can_be_seen(monkeypatch):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        session = session_on(Here({"127.0.0.1": 1}, visible=True), monkeypatch)
        trained(session)
    assert [NOT_ENCRYPTED in str(each.message) for each in told] == [True]
    session.cluster.close()


def test_nodes_that_do_not_start_are_told_and_the_others_work(monkeypatch):
    with pytest.warns(UserWarning, match=r"1 of 2 nodes have joined\. 127\.0\.0\.2: .*no room"):
        session = session_on(Here({"127.0.0.1": 1, "127.0.0.2": 0}), monkeypatch)
    assert len(healthy(session)) == 1
    assert trained(session) == 3
    session.cluster.close()


@pytest.mark.parametrize(
    ("hosts", "text"),
    [
        ({}, "no workers yet"),
        (
            {"127.0.0.1": 0, "127.0.0.2": 0},
            r"0 of 2 nodes have joined\. 127\.0\.0\.1: .*no room; 127\.0\.0\.2",
        ),
    ],
)
def test_without_any_node_there_is_no_session(monkeypatch, hosts, text):
    before = set(threading.enumerate())
    with pytest.raises(InvalidArgument, match=text):
        session_on(Here(hosts), monkeypatch)
    left = [each for each in set(threading.enumerate()) - before if each.name.startswith("heavywater")]
    assert left == []


def test_hosts_that_cannot_reach_this_process_are_told_what_to_do(monkeypatch):
    monkeypatch.setattr(launched, "_own_address", lambda hosts: "127.0.0.1")
    with pytest.raises(
        InvalidArgument, match=r"192\.0\.2\.7 have to reach .* HEAVYWATER_LISTEN to HOST:PORT"
    ):
        session_on(Here({"192.0.2.7": 1}), monkeypatch)


@pytest.mark.parametrize(
    ("given", "at"), [("127.0.0.2:0", r"127\.0\.0\.2:\d+"), ("0.0.0.0:0", r"127\.0\.0\.1:\d+")]
)
def test_the_address_can_be_set(monkeypatch, given, at):
    monkeypatch.setenv("HEAVYWATER_LISTEN", given)
    launcher = Here({"127.0.0.1": 1})
    session = session_on(launcher, monkeypatch)
    assert re.fullmatch(at, launcher.processes["127.0.0.1"].arguments[0])
    session.cluster.close()


@pytest.mark.parametrize("given", ["127.0.0.1", "203.0.113.9:0", "x:y"])
def test_an_address_that_cannot_be(monkeypatch, given):
    monkeypatch.setenv("HEAVYWATER_LISTEN", given)
    with pytest.raises(InvalidArgument, match=r"HOST:PORT|cannot be listened on"):
        session_on(Here({"127.0.0.1": 1}), monkeypatch)


@pytest.mark.parametrize(
    ("nodes", "package"), [("ray", "ray"), ("dask:tcp://127.0.0.1:1", "dask")], ids=["ray", "dask"]
)
def test_an_extra_that_is_missing_is_named(monkeypatch, nodes, package):
    for module in ("ray", "distributed"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InvalidArgument, match=rf"heavywater\[{package}\]"):
        start("test", 1, nodes=nodes)


# ---- a process that ends with who has started it


def test_what_a_process_has_to_say_comes_with_its_error():
    NodeProcess("import sys; sys.exit(sys.stdin.buffer.read(3) != b'abc')", (), b"abc")()
    with pytest.raises(RuntimeError, match="ended with code 1: too bad"):
        NodeProcess("raise SystemExit('too bad')", (), b"abc")()


def test_a_process_ends_with_its_parent(tmp_path):
    """Here is a parent that is killed; its node waits for a leader that never listens."""
    script = (
        "from heavywater.cluster.launching import NodeProcess; import sys;"
        "NodeProcess('import os, time; from heavywater.session.launched_nodes import secret_from_parent; secret_from_parent(); "
        'open(__import__("sys").argv[1], "w").write(str(os.getpid()) + "\\\\n"); time.sleep(600)\', (sys.argv[1],), bytes(32))()'
    )
    path = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", script, str(path)]) as parent:
        wait_until(lambda: path.exists() and path.read_text().endswith("\n"))
        pid = int(path.read_text())
        assert is_running(pid)
        parent.kill()
    wait_until(lambda: not is_running(pid))
