"""A session in this process."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from .. import __version__
from .job_registry import JobRegistry, JobService
from .protocol import Cluster, Objects
from .settings import Memory, Settings, thread_count
from .store import Client, Store
from .transit import Transit
from .values import Description

# Start-up: what a session is asked for first decides what is loaded; most of it rests on heavy packages.
if TYPE_CHECKING:
    from ..cluster.neighbours import Neighbours
    from .files import FileService
    from .frames import FrameService
    from .grids import GridService
    from .members import MemberService
    from .metrics import Metrics
    from .model_files import ModelFileService
    from .models import ModelService
    from .nodes import Crew
    from .training import TrainingService

_numbers = itertools.count(os.getpid())


class LocalSession:
    """Store of keyed objects, and the work on them, in this process.

    Parameters
    ----------
    name : str
        Name of the "cluster" in status tables.
    nthreads : int
        Threads for import and training; -1 means all cores this process may use.
    max_mem_size : int, optional
        Bytes that frames and models may take together; None means no limit.
    language : str
        The language of the front end, ``"python"`` or ``"R"``: part of the names that are made up.
    crew : Crew, optional
        Nodes, which train models for this session and end with it.
    neighbours : callable (host), optional
        Of a node: how it meets other nodes.
    """

    def __init__(
        self,
        name: str = "heavywater",
        nthreads: int = -1,
        max_mem_size: int | None = None,
        language: str = "python",
        crew: Crew | None = None,
        neighbours: Callable[[str], Neighbours] | None = None,
    ) -> None:
        self._crew, self._owns_crew, self._neighbours = crew, True, neighbours
        self.settings = Settings(name, thread_count(nthreads), max_mem_size)
        self._registry = JobRegistry()
        self.store = Store(_new_client(language))
        self.jobs = JobService(self._registry, self.client)
        self.transit = Transit()

    def for_client(self, language: str = "python", prefix: str | None = None) -> LocalSession:
        """The same session for another client, who has temporaries of his own; see `heavywater.session.store.Client`."""
        other = LocalSession.__new__(LocalSession)
        other._crew, other._owns_crew, other._neighbours = self._crew, False, self._neighbours
        other.settings, other._registry = self.settings, self._registry
        other.store = Store(_new_client(language, prefix), self.store)
        other.jobs = JobService(self._registry, other.client)
        other.transit = self.transit
        return other

    @property
    def client(self) -> str:
        """The id of who asks."""
        return self.store.client.id

    @property
    def url(self) -> None:
        """It is in this process."""
        return None

    def let_go(self, keys: Sequence[str]) -> None:
        """Release them at once."""
        self.objects.release(keys)

    def end(self) -> None:
        """End it with all that it holds."""
        self.objects.remove_all()
        self.cluster.close()

    def leave(self) -> None:
        """End what belongs to this client, who is gone, but not its jobs: while they run, what they may need stays."""
        if self.jobs.running():
            threading.Thread(target=self._left, name="heavywater: a client that left", daemon=True).start()
        else:
            self.cluster.close()

    def _left(self) -> None:
        for job in self.jobs.running():
            job.wait_for(threading.TIMEOUT_MAX)
        self.cluster.close()

    @property
    def shares_disk(self) -> bool:
        """A session in this process does."""
        return True

    @cached_property
    def objects(self) -> Objects:
        """See `heavywater.session.protocol`."""
        return _ObjectService(self.store, self._crew)

    @cached_property
    def cluster(self) -> Cluster:
        """See `heavywater.session.protocol`."""
        crew = self._crew if self._owns_crew else None
        return _ClusterService(self.store, self.settings, self.jobs, self.transit, self._crew, crew)

    @cached_property
    def members(self) -> MemberService:
        """See `heavywater.session.protocol`."""
        from .members import MemberService  # start-up: see above

        return MemberService(self.store, self.settings, *filter(None, [self._neighbours]))

    @cached_property
    def frames(self) -> FrameService:
        """See `heavywater.session.protocol`."""
        from .frames import FrameService  # start-up: see above

        return FrameService(self.store, self.settings, self.jobs, lambda: self.models)

    @cached_property
    def files(self) -> FileService:
        """See `heavywater.session.protocol`."""
        from .files import FileService  # start-up: see above

        return FileService(self.store, self.settings, self.jobs, self._crew, self.transit)

    @cached_property
    def _metrics(self) -> Metrics:
        from .metrics import Metrics  # start-up: see above

        return Metrics(self.store)

    @cached_property
    def training(self) -> TrainingService:
        """See `heavywater.session.protocol`."""
        from .node_training import NodeTraining  # start-up: see above
        from .training import TrainingService  # start-up: see above

        nodes = None if self._crew is None else NodeTraining(self._crew, self.store, self.settings)
        return TrainingService(self.store, self.settings, self.jobs, self._metrics, nodes)

    @cached_property
    def models(self) -> ModelService:
        """See `heavywater.session.protocol`."""
        from .models import ModelService  # start-up: see above

        return ModelService(self.store, self._metrics)

    @cached_property
    def model_files(self) -> ModelFileService:
        """See `heavywater.session.protocol`."""
        from .model_files import ModelFileService  # start-up: see above

        return ModelFileService(self.store, self.settings, self._metrics)

    @cached_property
    def grids(self) -> GridService:
        """See `heavywater.session.protocol`."""
        from .grids import GridService  # start-up: see above

        return GridService(
            self.store,
            self.settings,
            self.jobs,
            self.training.begin_anywhere,
            self.model_files,
            self.training.nodes_for,
        )


def _new_client(language: str, prefix: str | None = None) -> Client:
    return Client(f"{next(_numbers) & 0xFFFF:04x}", language, prefix)


class _ObjectService(Objects):
    def __init__(self, store: Store, crew: Crew | None) -> None:
        self._store, self._crew = store, crew

    def keys(self, kind: str | None = None) -> list[str]:
        return self._store.keys_called(kind)

    def fresh_key(self, stem: str) -> str:
        return self._store.fresh_key(stem)

    def remove(self, key: str, cascade: bool = True) -> int:
        removed = self._store.remove(key, cascade)
        self._sweep()
        return removed

    def remove_all(self, retained: Sequence[str] = ()) -> None:
        self._store.remove_all(retained)
        self._sweep()

    def own(self, key: str) -> None:
        self._store.own(key)

    def release(self, keys: Sequence[str]) -> None:
        self._store.release(keys)
        self._sweep()

    def _sweep(self) -> None:
        if self._crew is not None:
            self._crew.sweep()


class _ClusterService(Cluster):
    def __init__(
        self,
        store: Store,
        settings: Settings,
        jobs: JobService,
        transit: Transit,
        crew: Crew | None,
        own_crew: Crew | None,
    ) -> None:
        self._store, self._settings, self._jobs, self._transit = store, settings, jobs, transit
        self._crew, self._own_crew = crew, own_crew

    def status(self) -> Description:
        settings, nodes = self._settings, [] if self._crew is None else self._crew.described()
        return {
            "cloud_name": settings.name,
            "version": __version__,
            "cloud_size": len(nodes) or 1,
            "cloud_healthy": all(node["healthy"] for node in nodes),
            "uptime_ms": int(1000 * (time.time() - settings.start_time)),
            "start_time": settings.start_time,
            "time_zone": settings.time_zone,
            "total_cores": os.cpu_count() or 1,
            "allowed_cores": settings.nthreads,
            "max_mem_size": settings.max_mem_size,
            "memory_used": Memory(self._store, settings).used(),
            "pid": os.getpid(),
            "objects": len(self._store.keys()),
            "requests": settings.requests,
            "nodes": nodes,
            "join_at": None if self._crew is None else self._crew.join_at,
        }

    def configure(
        self, name: str | None = None, nthreads: int | None = None, max_mem_size: int | None = None
    ) -> None:
        settings = self._settings
        settings.name = name or settings.name
        settings.nthreads = settings.nthreads if nthreads is None else thread_count(nthreads)
        settings.max_mem_size = settings.max_mem_size if max_mem_size is None else max_mem_size

    def echo(self, content: bytes) -> bytes:
        return content

    def link_times(self) -> Description:
        from .link_times import link_times  # start-up: only for who asks

        return link_times(self._crew)

    def time_zone(self) -> str:
        return self._settings.time_zone

    def close(self, stop_jobs: bool = True) -> None:
        if stop_jobs:
            self._jobs.end_client()
        self._store.end_client()
        self._transit.end_client(self._store.client.id)
        if self._own_crew is not None:
            self._own_crew.close()
