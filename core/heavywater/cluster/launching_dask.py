"""Nodes on the hosts of a Dask cluster, one on each, however many workers it has.

Dask does nothing but start them: a task on one worker of each host runs a node as a process of its own, since workers may not
fork, and since neither is to disturb the other. The task has left the worker's pool of threads, so that the worker goes on with
other tasks. The nodes end with the session, and with the worker.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ..errors import InvalidArgument
from .launching import Launcher, NodeProcess

_END_SECONDS = 5.0
_ENCRYPTED = ("tls://", "wss://", "inproc://")


class DaskNodes(Launcher):
    """See `Launcher`.

    Parameters
    ----------
    client : distributed.Client, or str
        A client, or the address of a scheduler.
    """

    def __init__(self, client: Any) -> None:
        from distributed import Client

        self._own: Any = Client(client, set_as_default=False) if isinstance(client, str) else None
        self._client: Any = client if self._own is None else self._own
        found: Any = self._client.scheduler
        scheduler = str(found.address)
        self.name = f"nodes=<Client of Dask {scheduler}>"
        if self._client.asynchronous:
            raise InvalidArgument(f"{self.name}: the client is asynchronous; give one that is not")
        self._futures: dict[str, Any] = {}
        self._workers: defaultdict[str, list[str]] = defaultdict(list)
        self.hosts = defaultdict(int)
        for worker, threads in sorted(self._client.nthreads().items()):
            self._workers[_host(worker)].append(worker)
            self.hosts[_host(worker)] += threads
        self.secret_is_visible = not scheduler.startswith(_ENCRYPTED)

    def start(self, process_on: Callable[[str], NodeProcess]) -> None:
        """See `Launcher`."""
        for host, (worker, *_) in self._workers.items():
            self._futures[host] = self._client.submit(
                _run, process_on(host), workers=[worker], key=f"h2o-node-{host}-{uuid.uuid4()}", pure=False
            )

    def failed(self) -> list[str]:
        """See `Launcher`."""
        return [
            f"{host}: {_reason(future.exception()) if future.status == 'error' else f'the task is {future.status}'}"
            for host, future in self._futures.items()
            if future.done()
        ]

    def close(self) -> None:
        """See `Launched`."""
        until = time.monotonic() + _END_SECONDS
        while self._client.status == "running" and not all(
            future.done() for future in self._futures.values()
        ):
            if (
                time.monotonic() > until
            ):  # a task that has begun is not ended so, but its node: it has lost its leader
                self._client.cancel(list(self._futures.values()))
                break
            time.sleep(0.02)
        self._futures.clear()
        if self._own is not None:
            self._own.close()

    def _running(self) -> bool:
        if self._client.status != "running":
            return False
        known = self._client.nthreads()
        return any(
            not future.done() and self._workers[host][0] in known for host, future in self._futures.items()
        )


def _host(worker: str) -> str:
    from distributed.comm import get_address_host

    return str(get_address_host(worker))


def _reason(error: BaseException) -> str:
    if isinstance(error.__cause__ or error, ImportError):
        return f"{error.__cause__ or error}. The scheduler and all workers of Dask need the same heavywater as this process"
    return str(error)


def _run(process: NodeProcess) -> None:
    from distributed import secede

    secede()
    process()
