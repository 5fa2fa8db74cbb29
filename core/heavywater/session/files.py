"""Files of frames: import, export, saving and loading."""

from __future__ import annotations

import os
import re
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import InvalidArgument
from ..export.frame_export import Layout, check_free, export_frame
from ..export.frame_file import ENDING, load_frame, save_frame
from ..files import path_for
from ..frame.exchange.outgoing import from_clock, with_times
from ..frame.frame import Frame
from ..frame.importing.filesystems import S3Credentials, set_s3_credentials
from ..frame.importing.importer import import_sources, read_setup
from ..frame.importing.options import Options
from ..frame.importing.sources import address, completions, expand
from ..jobs import Job
from .job_registry import JobService
from .nodes import Crew
from .protocol import Files
from .settings import Memory, Settings
from .store import Store
from .transit import Transit
from .values import Description, Path, Started, known_fields

_FILE_TYPES = re.compile(
    r"(\.(csv|tsv|txt|dat|data|gz|zip|bz2|xz|zst|parquet|orc|feather|arrow|arff|svm|svmlight|xlsx?))+$",
    re.IGNORECASE,
)


def key_for_path(location: str) -> str:
    """Frame key from a file's name: ``data/train.csv.gz`` gives ``train.hex``."""
    path = urllib.parse.unquote(urllib.parse.urlsplit(location).path) if "://" in location else location
    stem = _FILE_TYPES.sub("", os.path.basename(path.rstrip("/")))
    stem = re.sub(r"[^A-Za-z0-9_.]", "_", stem) or "frame"
    return (f"X{stem}" if stem[0].isdigit() else stem) + ".hex"


def _options(given: Mapping[str, Any] | None) -> Options:
    return Options(
        **known_fields("options", Options, {k: v for k, v in (given or {}).items() if v is not None})
    )


def _progress(job: Job) -> Callable[[float], None]:
    def progress(fraction: float) -> None:
        job.stop_if_cancelled()
        job.update(fraction)

    return progress


class FileService(Files):
    """Reads into a store, and writes from it.

    Parameters
    ----------
    store : Store
    settings : Settings
    jobs : JobService
    crew : Crew, optional
        Nodes, which read parts of files.
    transit : Transit, optional
        Files on their way.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        jobs: JobService,
        crew: Crew | None = None,
        transit: Transit | None = None,
    ) -> None:
        self._store, self._settings, self._jobs, self._crew = store, settings, jobs, crew
        self._transit = transit or Transit()

    def find(self, paths: Path | Sequence[Path], pattern: str | None = None) -> list[str]:
        return [source.location for source in expand(paths, pattern)]

    def complete(self, path: Path, limit: int = 100) -> list[str]:
        return completions(os.fspath(path), limit)

    def parse_setup(
        self,
        paths: Path | Sequence[Path],
        pattern: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Description:
        sources, said = expand(paths, pattern), _options(options)
        setup = read_setup(sources, said)
        types = [kind.upper() if kind == "uuid" else kind.capitalize() for kind in setup.types]
        return {
            "source_frames": [s.location for s in sources],
            "parse_type": setup.parse_type,
            "separator": ord(setup.separator),
            "single_quotes": setup.quote == "'",
            "check_header": 1 if setup.header else -1,
            "column_names": setup.names,
            "column_types": types,
            "guessed_types": [None if i in setup.stated else kind for i, kind in enumerate(types)],
            "number_columns": len(setup.names),
            "na_strings": said.na_strings,
            "skipped_columns": sorted(setup.skipped) or None,
            "escapechar": setup.escape,
            "custom_non_data_line_markers": said.markers,
            "force_col_types": said.force_types,
            "partition_by": list(said.partition_by) or None,
            "tz_adjust_to_local": said.adjust_to_zone,
            "fill": said.fill,
            "skip_footer": said.skip_footer,
            "encoding": said.encoding,
            "destination_frame": key_for_path(sources[0].location),
            "first_rows": setup.first_rows,
        }

    def import_files(
        self,
        paths: Path | Sequence[Path],
        key: str | None = None,
        pattern: str | None = None,
        options: Mapping[str, Any] | None = None,
        like: Path | None = None,
    ) -> Started:
        sources = expand(paths, pattern)
        name = key or self._store.fresh_key(key_for_path(sources[0].location))
        self._store.check_kind(name, Frame)
        said = _options({"time_zone": self._settings.time_zone, **(options or {})})
        first = None if like is None else expand(like)[0]
        limit = Memory(self._store, self._settings).import_limit

        def work(job: Job) -> str:
            frame = import_sources(sources, said, self._settings.nthreads, _progress(job), limit(), first)
            return self._store.put_frame(frame, name)

        return self._jobs.start("Parse", work, name)

    def import_shards(
        self,
        paths: Path | Sequence[Path],
        key: str | None = None,
        pattern: str | None = None,
        options: Mapping[str, Any] | None = None,
        hosts: Sequence[str] | None = None,
    ) -> Started:
        if self._crew is None or not self._crew.size:
            raise InvalidArgument(
                "sharded=True: this session has no nodes that could read the files; start it with h2o.init(nodes=...), or leave "
                "sharded out"
            )
        from .shard_import import ShardImport, cut, cut_by_host  # start-up: only for who has nodes

        said = {**(options or {}), "time_zone": self._settings.time_zone}
        _options(said).check()
        nodes = [node for node in self._crew.nodes if node.link.alive]
        if hosts is None:
            sources = expand(paths, pattern)
            name = key or self._store.fresh_key(key_for_path(sources[0].location))
            tasks, like = cut(sources, nodes), address(sources[0])
        else:
            files = [paths] if isinstance(paths, str | os.PathLike) else paths
            name = key or self._store.fresh_temporary_key()
            tasks, like = cut_by_host([os.fspath(file) for file in files], hosts, nodes), None
        self._store.check_kind(name, Frame)
        work = ShardImport(self._crew, self._store, name, said, tasks, like)
        work.temporary = key is None and hosts is not None
        return self._jobs.start("Parse", work, name)

    def export_frame(
        self,
        key: str,
        path: Path,
        force: bool = False,
        times: str = "datetime",
        layout: Mapping[str, Any] | None = None,
        adjust_from_zone: bool = False,
    ) -> Started:
        frame, wanted = self._store.frame(key), Layout(**known_fields("layout", Layout, layout or {}))
        if adjust_from_zone:
            frame = from_clock(frame, self._settings.time_zone)
        frame = with_times(frame, times)
        wanted.check()
        check_free(os.fspath(path), wanted, force)
        return self._jobs.start(
            "Export File",
            lambda job: export_frame(frame, os.fspath(path), wanted, force, _progress(job)),
            key,
        )

    def save_frame(self, key: str, folder: Path, force: bool = True) -> Started:
        frame = self._store.frame(key)
        path_for(folder, key, ENDING)  # warns where the file gets another name
        return self._jobs.start("Save frame data", lambda job: save_frame(frame, folder, key, force), key)

    def load_frame(self, key: str, folder: Path, force: bool = True) -> Started:
        self._store.check_kind(key, Frame)
        if not force and key in self._store.keys(Frame):
            raise InvalidArgument(f"load_frame: {key!r} exists already; use force=True to replace it")

        def work(job: Job) -> str:
            return Memory(self._store, self._settings).admit(load_frame(folder, key), key)

        return self._jobs.start("Load frame data", work, key)

    def fresh(self, name: str) -> str:
        return str(self._transit.fresh(self._store.client.id, name))

    def put(self, file: Path, content: bytes, start: int = 0) -> int:
        return self._transit.write(file, content, start)

    def get(self, file: Path, start: int = 0, count: int = 2**24) -> bytes:
        return self._transit.read(file, start, count)

    def discard(self, file: Path) -> None:
        self._transit.discard(file)

    def set_s3_credentials(
        self, key_id: str | None, secret: str | None = None, token: str | None = None
    ) -> None:
        set_s3_credentials(None if key_id is None else S3Credentials(key_id, secret or "", token))
