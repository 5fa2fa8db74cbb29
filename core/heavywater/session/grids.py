"""Grid search: searches, and questions to their results."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ..deeplearning.model.model import DeepLearningModel
from ..engine.threads import resolve
from ..errors import InvalidArgument, InvalidType, NotFound, ParseError
from ..export.frame_file import load_frame, save_frame
from ..export.grid_file import grid_of_text, grid_text, read_grid, write_grid
from ..export.saving import GridSaves
from ..files import absolute, file_name, path_for
from ..frame.frame import Frame
from ..grids.grid import Grid
from ..grids.search import Search
from ..grids.space import Criteria, Space
from ..jobs import Job
from .job_registry import JobService
from .model_files import ModelFileService
from .model_protocol import Grids
from .runs import MOST_AT_A_TIME, Request
from .settings import Memory, Settings
from .store import Store
from .values import Description, Path, Started

Nodes = Callable[[Mapping[str, Any]], int]
Begin = Callable[[Request, int], Job]
_REQUEST = ("algo", "parameters", "hyper_params", "x", "y", "training_frame_key")


class GridService(Grids):
    """Searches over the frames of a store, into it.

    Parameters
    ----------
    store : Store
    settings : Settings
    jobs : JobService
    begin : callable
        Begins to train a model with a number of threads.
    files : ModelFileService
        Keeps the models of a grid on disk.
    nodes : callable
        How many nodes there are for models of some parameters; each trains one at a time.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        jobs: JobService,
        begin: Begin,
        files: ModelFileService,
        nodes: Nodes,
    ) -> None:
        self._nodes = nodes
        self._store, self._settings, self._jobs, self._begin = store, settings, jobs, begin
        self._files = files

    def train(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        hyper_params: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        grid_id: str | None = None,
        search_criteria: Mapping[str, Any] | None = None,
        parallelism: int = 1,
        recovery_dir: Path | None = None,
    ) -> Started:
        if isinstance(parallelism, bool) or not isinstance(parallelism, int) or parallelism < 0:
            raise InvalidType(
                f"parallelism={parallelism!r} must be a whole number: 0 (as many as cores), 1, 2, ..."
            )
        if parallelism > MOST_AT_A_TIME:
            raise InvalidArgument(
                f"parallelism={parallelism} must be at most {MOST_AT_A_TIME}: each model takes a thread"
            )
        criteria, space = Criteria.of(search_criteria), Space.of(hyper_params, parameters)
        stem = f"Grid_DeepLearning_{training_frame_key}_model_{self._store.client.language}"
        key = grid_id or self._store.fresh_key(stem)
        self._store.check_kind(key, Grid)
        grid = self._grid_to_fill(key, recovery_dir)
        columns = list(self._store.any_frame(training_frame_key).names)
        _check_same_task(grid, y, columns, _used(x, y, parameters, columns))
        grid.request = {
            "algo": algo, "parameters": dict(parameters), "hyper_params": space.values,
            "search_criteria": asdict(criteria), "x": None if x is None else list(x), "y": y, "training_frame_key": training_frame_key,
            "validation_frame_key": validation_frame_key,
        }  # fmt: skip
        grid.columns = columns
        grid.hyper_names = list(dict.fromkeys([*grid.hyper_names, *space.values]))
        folders = {
            "export_checkpoints_dir": parameters.get("export_checkpoints_dir"),
            "recovery_dir": None if recovery_dir is None else os.fspath(recovery_dir),
        }
        for folder in folders.values():
            if folder is not None:
                path_for(folder, key)  # warns where files get other names
        request = Request(algo, dict(parameters), x, y, training_frame_key, validation_frame_key)
        host = _Host(
            self._store, self._begin, request, GridSaves(self._kept, self._files.save, grid, folders)
        )
        threads = resolve(self._settings.nthreads)
        search = Search(
            grid,
            space,
            criteria,
            dict(parameters),
            threads=threads,
            parallelism=self._nodes({**parameters, **space.values}) or parallelism or threads,
            host=host,
        )
        self._store.put(grid, key)
        return self._jobs.start("deeplearning Grid Build", search.run, key)

    def _grid_to_fill(self, key: str, recovery_dir: Path | None) -> Grid:
        """The grid of this name: the one here, else the one in the recovery folder, else a new one."""
        if key in self._store.keys(Grid):
            return self._grid(key)
        if recovery_dir is not None:
            path = os.path.join(absolute(recovery_dir), file_name(key))
            if os.path.isfile(path):
                return self._grid(self.load(path))
        return Grid(key)

    def resume(self, key: str, recovery_dir: Path | None = None) -> Started:
        request = dict(self._grid(key).request)
        if absent := sorted(set(_REQUEST) - set(request)):
            raise InvalidArgument(
                f"grid {key!r} does not say how it was made ({', '.join(absent)} missing): train it again"
            )
        return self.train(
            request.pop("algo"),
            request.pop("parameters"),
            request.pop("hyper_params"),
            grid_id=key,
            recovery_dir=recovery_dir,
            **request,
        )

    # ---- questions

    def _grid(self, key: str) -> Grid:
        return self._store.get(key, Grid)

    def _kept(self) -> list[str]:
        return self._store.keys(DeepLearningModel)

    def _models(self, grid: Grid) -> list[str]:
        """Keys of the models of a grid that are here."""
        present = set(self._kept())
        return [key for key in grid.dependents if key in present]

    def describe(self, key: str, sort_by: str | None = None, decreasing: bool | None = None) -> Description:
        grid = self._grid(key)
        models = {name: self._store.get(name, DeepLearningModel) for name in self._models(grid)}
        outcomes = {name: model.outcome() for name, model in models.items()}
        return grid.described(outcomes, sort_by, decreasing)

    # ---- on disk

    def save(self, key: str, directory: Path, *, frames: bool = False, predictions: bool = False) -> str:
        grid, present = self._grid(key), set(self._kept())
        grid = replace(grid, members=[each for each in grid.members if each.model_key in present])
        for name in grid.dependents:
            self._files.save(name, path_for(directory, name), force=True, predictions=predictions)
        for name in _frame_keys(grid) if frames else ():
            save_frame(self._store.frame(name), os.path.expanduser(directory), name, force=True)
        path_for(directory, key)  # warns where the file gets another name
        return write_grid(grid, directory)

    def load(self, path: Path, *, frames: bool = False) -> str:
        grid = read_grid(path)
        folder = os.path.dirname(absolute(path))
        names = {name: self._files.load(os.path.join(folder, file_name(name))) for name in grid.dependents}
        grid.members = [replace(member, model_key=names[member.model_key]) for member in grid.members]
        for name in _frame_keys(grid) if frames else ():
            self._store.check_kind(name, Frame)
            Memory(self._store, self._settings).admit(load_frame(folder, name), name)
        with self._store.lock:
            grid.key = self._store.key_for(grid.key, Grid)
            return self._store.put(grid, grid.key)

    def contents(self, key: str) -> Description:
        grid = self._grid(key)
        models = {name: self._files.to_bytes(name) for name in self._models(grid)}
        return {"grid": grid_text(grid), "models": models}

    def restore(self, contents: Mapping[str, Any]) -> str:
        if not isinstance(contents.get("models"), Mapping) or not isinstance(contents.get("grid"), str):
            raise ParseError(
                "the contents of a grid are damaged: they must have 'grid', a text, and 'models', files by name"
            )
        grid = grid_of_text(contents["grid"], "the contents of a grid")
        names = {name: self._files.from_bytes(content) for name, content in contents["models"].items()}
        grid.members = [
            replace(member, model_key=names.get(member.model_key, member.model_key))
            for member in grid.members
        ]
        if grid.key in self._store.keys(Grid) and self._grid(grid.key).members == grid.members:
            return grid.key
        grid.key = self._store.fresh_key(grid.key)
        return self._store.put(grid, grid.key)


_SINGLE_COLUMNS = ("weights_column", "offset_column", "fold_column")


def _used(
    x: Sequence[str] | None, y: str | None, parameters: Mapping[str, Any], columns: Sequence[str]
) -> set[str]:
    """The columns that models are made of, of a frame with these."""
    left_out = set(parameters.get("ignored_columns") or ())
    single = {y, *(parameters.get(name) for name in _SINGLE_COLUMNS)} - {None}
    return (set(columns if x is None else x) - left_out) | {str(name) for name in single}


def _check_same_task(grid: Grid, y: str | None, columns: list[str], used: set[str]) -> None:
    """Models for another response, or of other data, could not be compared; columns that none uses may come and go."""
    if not grid.members:
        return
    before = grid.request
    needed = used | _used(before.get("x"), before.get("y"), before.get("parameters") or {}, grid.columns)
    changed = needed & (set(grid.columns) ^ set(columns))
    if before.get("y") != y or changed:
        raise InvalidArgument(
            f"grid_id={grid.key!r}: this grid has models for {before.get('y')!r} from columns {', '.join(grid.columns[:6])}, "
            "which could not be compared with those of this search. Choose another grid_id"
        )


def _frame_keys(grid: Grid) -> list[str]:
    parameters = grid.request.get("parameters") or {}
    names = (
        grid.request.get("training_frame_key"),
        grid.request.get("validation_frame_key"),
        parameters.get("calibration_frame"),
    )
    return list(dict.fromkeys(name for name in names if name is not None))


class _Host:
    """What a search asks of the session."""

    def __init__(self, store: Store, begin: Begin, request: Request, saves: GridSaves) -> None:
        self._store, self._begin, self._request, self._saves = store, begin, request, saves

    def begin(self, job: Job) -> None:
        self._saves.begin(job)

    def added(self, model_key: str, exported: bool) -> None:
        self._saves.added(model_key, exported)

    def finish(self) -> None:
        self._saves.finish()

    def start(self, parameters: dict[str, Any], threads: int) -> Job:
        return self._begin(replace(self._request, parameters=parameters), threads)

    def describe(self, model_key: str) -> Mapping[str, Any] | None:
        try:
            return self._store.get(model_key, DeepLearningModel).outcome()
        except NotFound:
            return None
