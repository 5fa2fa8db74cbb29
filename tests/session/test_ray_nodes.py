"""Nodes that the real Ray starts: `make test-launchers`, which installs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from .test_launched_nodes import NOT_ENCRYPTED, healthy, trained, with_rows
from .test_nodes import is_running, wait_until

ray = pytest.importorskip("ray", reason="pip install heavywater[ray]")

KILLED = (
    "import os, sys; from heavywater.session import start; "
    "s = start('t', nodes='ray'); "
    "print(*[n['pid'] for n in s.cluster.status()['nodes']], flush=True); os.kill(os.getpid(), 9)"
)


@pytest.fixture(scope="module", autouse=True)
def without_traces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ray writes a token into the home folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two nodes of Ray's on one machine."""
    utils = pytest.importorskip("ray.cluster_utils")
    found = utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        found.add_node(num_cpus=1)
        yield found
    finally:
        ray.shutdown()
        found.shutdown()


def test_ray_starts_a_node_on_each_machine_and_is_left_as_it_was(cluster):
    ray.init(address=cluster.address)
    with pytest.warns(UserWarning, match=NOT_ENCRYPTED):
        session = with_rows("ray")
    (node,) = healthy(session)  # both of Ray's are on this machine
    assert node["nthreads"] == min(2, session.cluster.status()["allowed_cores"])
    assert ray.get(ray.remote(lambda: 3).remote()) == 3  # Ray's own work goes on
    assert trained(session) == 3
    session.cluster.close()
    assert not is_running(node["pid"])
    assert ray.is_initialized()


def test_a_local_ray_is_started_and_ended():
    with pytest.warns(UserWarning, match=NOT_ENCRYPTED):
        session = with_rows("ray", nthreads=1, max_mem_size=2**30)
    (node,) = healthy(session)
    assert (node["nthreads"], node["max_mem"]) == (1, 2**30)
    session.cluster.close()
    assert not ray.is_initialized()
    assert not is_running(node["pid"])


def test_nodes_end_when_the_session_is_killed(cluster):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED],
        env={**os.environ, "RAY_ADDRESS": cluster.address},
        capture_output=True,
        text=True,
        check=False,
    )
    (pid,) = map(int, done.stdout.split())
    wait_until(lambda: not is_running(pid))


def test_a_node_that_fails_is_told(cluster, monkeypatch):
    ray.init(address=cluster.address)
    monkeypatch.setattr("heavywater.session.launched_nodes._NODE", "raise SystemExit('no room')")
    with (
        pytest.warns(UserWarning, match=NOT_ENCRYPTED),
        pytest.raises(ValueError, match=r"0 of 1 nodes have joined\. .*ended with code 1: no room\."),
    ):
        with_rows("ray")
