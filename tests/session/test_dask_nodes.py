"""Nodes that the real Dask starts."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from heavywater.errors import InvalidArgument
from heavywater.session import start

from .test_launched_nodes import NOT_ENCRYPTED, healthy, trained, with_rows
from .test_nodes import is_running, wait_until

distributed = pytest.importorskip("distributed", reason="pip install heavywater[dask]")


class Dask:
    """A scheduler and workers of the command line: two on one address of this machine, one on another."""

    def __init__(self, folder: Path) -> None:
        self.file = str(folder / "scheduler.json")
        self._run("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        wait_until(lambda: os.path.exists(self.file))
        self.workers = [self._worker("127.0.0.2", "--nworkers", "2"), self._worker("127.0.0.3", "--no-nanny")]

    def _worker(self, host: str, *more: str) -> subprocess.Popen[bytes]:
        return self._run("worker", "--host", host, "--nthreads", "1", "--no-dashboard", *more)

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--scheduler-file", self.file],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=os.path.dirname(self.file),
        )

    def client(self) -> Any:
        client = distributed.Client(scheduler_file=self.file)
        client.wait_for_workers(3, 60)
        return client


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    before = set(_children())
    cluster = Dask(tmp_path_factory.mktemp("dask"))
    try:
        yield cluster
    finally:
        with distributed.Client(scheduler_file=cluster.file) as client:
            client.shutdown()
        wait_until(lambda: not set(_children()) - before)


def _children() -> list[int]:
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return [pid for pid in map(int, text.split()) if is_running(pid)]


@pytest.fixture
def client(dask: Dask) -> Iterator[Any]:
    with dask.client() as client:
        yield client


def test_dask_starts_a_node_on_each_host(client):
    with pytest.warns(UserWarning, match=NOT_ENCRYPTED) as told:
        session = with_rows(client)
    assert len(told) == 1
    nodes = healthy(session)
    cores = session.cluster.status()["allowed_cores"]
    assert sorted(node["nthreads"] for node in nodes) == sorted([1, min(2, cores)])
    assert client.submit(sum, [1, 2]).result(30) == 3  # Dask's own work goes on, in its only thread there
    assert client.submit(sum, [1, 2], pure=False, workers=["127.0.0.3"]).result(30) == 3
    assert trained(session) == 3
    session.cluster.close()
    assert not any(is_running(node["pid"]) for node in nodes)
    wait_until(lambda: not any(client.processing().values()))


def test_what_dask_shows_of_its_tasks_has_no_secret(client, monkeypatch):
    secret = bytes(range(65, 97))
    monkeypatch.setattr("heavywater.session.launched_nodes.new_secret", lambda: secret)
    with pytest.warns(UserWarning, match=NOT_ENCRYPTED):
        session = with_rows(client)
    shown = client.run_on_scheduler(
        lambda dask_scheduler: [f"{task} {task.run_spec!r}" for task in dask_scheduler.tasks.values()]
    )
    assert sum("h2o-node-127.0.0." in each for each in shown) == 2
    assert not any(secret.decode() in each or secret.hex() in each for each in shown)
    session.cluster.close()


@pytest.mark.long
def test_nodes_end_when_the_session_is_killed(dask):
    script = (
        "import os, sys; from heavywater.session import start; "
        "s = start('t', nodes='dask:' + sys.argv[1]); "
        "print(*[n['pid'] for n in s.cluster.status()['nodes']], flush=True); os.kill(os.getpid(), 9)"
    )
    with dask.client() as client:
        address = client.scheduler.address
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script, address],
            capture_output=True,
            text=True,
            check=False,
        )
        pids = [int(pid) for pid in done.stdout.split()]
        assert len(pids) == 2, done.stderr
        wait_until(lambda: not any(map(is_running, pids)))
        wait_until(lambda: not any(client.processing().values()))


def test_an_asynchronous_client_is_refused(dask):

    async def ask() -> None:
        async with distributed.Client(scheduler_file=dask.file, asynchronous=True) as client:
            with pytest.raises(InvalidArgument, match="asynchronous"):
                start("test", 1, nodes=client)

    asyncio.run(ask())


def test_a_cluster_without_workers():
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
        pytest.raises(InvalidArgument, match="no workers yet"),
    ):
        start("test", 1, nodes=client)


@pytest.mark.long
def test_a_node_is_lost_with_its_worker(dask):
    """Comes last: the worker is gone."""
    with dask.client() as client:
        with pytest.warns(UserWarning, match=NOT_ENCRYPTED):
            session = with_rows(client)
        dask.workers[1].send_signal(signal.SIGKILL)
        dask.workers[1].wait()
        wait_until(lambda: len(healthy(session)) == 1)
        with pytest.warns(RuntimeWarning, match="is lost"):
            assert trained(session) == 3
        session.cluster.close()
