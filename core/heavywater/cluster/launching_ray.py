"""Nodes on the machines of a Ray cluster, one on each.

Ray does nothing but start them: a task on each machine, which takes no processor of Ray's account, runs a node as a process of
its own. The nodes end with the session, and with the task.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

from .launching import Launcher, NodeProcess, environment

_END_SECONDS = 5.0


class RayNodes(Launcher):
    """See `Launcher`; of the cluster to which this process is connected, or that `ray.init` finds or starts."""

    name = "nodes='ray'"

    def __init__(self) -> None:
        import ray

        self._began = not ray.is_initialized()
        if self._began:
            with _environment_of_nodes():  # for the processes of a cluster that is started now
                ray.init(log_to_driver=False)
        self._tasks: dict[str, Any] = {}
        self._ids: dict[str, str] = {}
        self.hosts = {}
        for machine in ray.nodes():
            if machine["Alive"]:
                host = machine["NodeManagerAddress"]
                self._ids.setdefault(host, machine["NodeID"])
                self.hosts[host] = self.hosts.get(host, 0) + int(machine["Resources"].get("CPU", 0))
        self.secret_is_visible = os.environ.get("RAY_USE_TLS") != "1"

    def start(self, process_on: Callable[[str], NodeProcess]) -> None:
        """See `Launcher`."""
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        run = ray.remote(num_cpus=0, max_retries=0)(_run)
        for host, machine in self._ids.items():
            there = NodeAffinitySchedulingStrategy(machine, soft=False)
            self._tasks[host] = run.options(scheduling_strategy=there, name="h2o node").remote(
                process_on(host)
            )

    def failed(self) -> list[str]:
        """See `Launcher`."""
        import ray

        found = []
        for host, task in self._tasks.items():
            if ray.wait([task], timeout=0)[0]:
                try:
                    ray.get(task)
                    found.append(f"{host}: it has ended")
                except ray.exceptions.RayError as error:
                    found.append(f"{host}: {getattr(error, 'cause', None) or error}")
        return found

    def close(self) -> None:
        """See `Launched`."""
        import ray

        if ray.is_initialized():
            tasks = list(self._tasks.values())
            for task in ray.wait(tasks, num_returns=len(tasks), timeout=_END_SECONDS)[1] if tasks else []:
                ray.cancel(task, force=True)
            if self._began:
                ray.shutdown()
        self._tasks.clear()


@contextlib.contextmanager
def _environment_of_nodes() -> Iterator[None]:
    changed = {name: value for name, value in environment().items() if os.environ.get(name) != value}
    before = {name: os.environ.pop(name) for name in changed if name in os.environ}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name in changed:
            del os.environ[name]
        os.environ.update(before)


def _run(process: NodeProcess) -> None:
    process()
