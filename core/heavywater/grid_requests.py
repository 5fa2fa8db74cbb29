"""The grid half of the session: searches, and questions to their results."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from .errors import InvalidArgument, InvalidType
from .files import absolute, file_name, path_for
from .jobs import Job

if TYPE_CHECKING:
    from .export.saving import GridSaves
    from .grids.grid import Grid
    from .session import LocalSession


class GridRequests:
    """Mixed into `LocalSession`, which owns the store."""

    def train_grid(
        self: LocalSession, algo: str, parameters: Mapping[str, Any], hyper_params: Mapping[str, Any], *,
        x: list[str] | None, y: str | None, training_frame_key: str, validation_frame_key: str | None = None,
        grid_id: str | None = None, search_criteria: Mapping[str, Any] | None = None, parallelism: int = 1,
        recovery_dir: str | None = None,
    ) -> Job:  # fmt: skip
        """Train a model for each combination of hyper-parameters.

        Parameters
        ----------
        algo : str
            ``"deeplearning"``.
        parameters : mapping
            Parameters of all models, frames and models by their keys.
        hyper_params : mapping of name to list of values
        x, y, training_frame_key, validation_frame_key
            As in `train`.
        grid_id : str, optional
            Name of the grid. Of one that exists the models are kept, and only new combinations are trained.
        search_criteria : mapping, optional
            See `heavywater.grids.space.Criteria`.
        parallelism : int
            Models to train at the same time; 0: as many as there are threads.
        recovery_dir : str, optional
            Folder where the grid and each finished model are saved; what is saved there already is not trained again.

        Returns
        -------
        Job
            Its result is the key of the grid. Cancelled, it keeps the models trained so far.
        """
        from .engine.threads import resolve
        from .export.saving import GridSaves
        from .grids.grid import Grid
        from .grids.space import Criteria, Space
        from .grids.training import Search

        if isinstance(parallelism, bool) or not isinstance(parallelism, int) or parallelism < 0:
            raise InvalidType(
                f"parallelism={parallelism!r} must be a whole number: 0 (as many as cores), 1, 2, ..."
            )
        criteria, space = Criteria.of(search_criteria), Space.of(hyper_params, parameters)
        key = grid_id or self.fresh_key(f"Grid_DeepLearning_{training_frame_key}_model_{self.client}")
        self.check_kind(key, Grid)
        grid = self._grid_to_fill(key, recovery_dir)
        request = {
            "algo": algo, "parameters": dict(parameters), "hyper_params": space.values,
            "search_criteria": asdict(criteria), "x": x, "y": y, "training_frame_key": training_frame_key,
            "validation_frame_key": validation_frame_key,
        }  # fmt: skip
        columns = list(self.frame(training_frame_key).names)
        _check_same_task(grid, y, columns)
        grid.request, grid.columns = request, columns
        grid.hyper_names = list(dict.fromkeys([*grid.hyper_names, *space.values]))
        threads = resolve(self.nthreads)
        folders = {
            "export_checkpoints_dir": parameters.get("export_checkpoints_dir"),
            "recovery_dir": recovery_dir,
        }
        for folder in folders.values():
            if folder is not None:
                path_for(folder, key)  # warns where files get other names
        saves = GridSaves(self, grid, folders)
        search = Search(grid, space, criteria, dict(parameters), threads=threads, parallelism=parallelism or threads,
                        host=_Host(self, request, saves))  # fmt: skip
        self.put(grid, key)
        return Job("deeplearning Grid Build", search.run)

    def _grid_to_fill(self: LocalSession, key: str, recovery_dir: str | None) -> Grid:
        """The grid of this name: the one here, else the one in the recovery folder, else a new one."""
        from .grids.grid import Grid

        if key in self.keys(Grid):
            return self.get(key, Grid)
        if recovery_dir is not None:
            path = os.path.join(absolute(recovery_dir), file_name(key))
            if os.path.isfile(path):
                return self.get(self.load_grid(path), Grid)
        return Grid(key)

    def resume_grid(self: LocalSession, key: str, recovery_dir: str | None = None) -> Job:
        """Go on with the search a grid was last used for.

        Parameters
        ----------
        key : str
        recovery_dir : str, optional
            As in `train_grid`.
        """
        from .grids.grid import Grid

        request = dict(self.get(key, Grid).request)
        if absent := sorted(
            {"algo", "parameters", "hyper_params", "x", "y", "training_frame_key"} - set(request)
        ):
            raise InvalidArgument(
                f"grid {key!r} does not say how it was made ({', '.join(absent)} missing): train it again."
            )
        return self.train_grid(
            request.pop("algo"), request.pop("parameters"), request.pop("hyper_params"), grid_id=key,
            recovery_dir=recovery_dir, **request,
        )  # fmt: skip

    # ---- questions

    def grids(self: LocalSession) -> list[str]:
        """Keys of all grids."""
        from .grids.grid import Grid

        return self.keys(Grid)

    def grid(
        self: LocalSession, key: str, sort_by: str | None = None, decreasing: bool | None = None
    ) -> dict[str, Any]:
        """A grid with its models sorted, see `heavywater.grids.grid.Grid.described`."""
        from .grids.grid import Grid

        grid, present = self.get(key, Grid), set(self.models())
        models = {name: self.model(name) for name in grid.dependents if name in present}
        return grid.described(models, sort_by, decreasing)

    # ---- on disk

    def save_grid(
        self: LocalSession, key: str, directory: str, *, frames: bool = False, predictions: bool = False
    ) -> str:
        """Save a grid and its models in a folder; returns the path of the grid's file.

        Parameters
        ----------
        key, directory : str
        frames : bool
            Also the training and validation frames.
        predictions : bool
            Also the holdout predictions of cross-validated models, where they were kept.
        """
        from .export.grid_file import write_grid
        from .grids.grid import Grid

        grid, present = self.get(key, Grid), set(self.models())
        for name in grid.dependents:
            if name in present:
                self.save_model(name, path_for(directory, name), force=True, predictions=predictions)
        for name in _frame_keys(grid) if frames else ():
            self.save_frame(name, os.path.expanduser(directory)).wait()
        path_for(directory, key)  # warns where the file gets another name
        return write_grid(grid, directory)

    def load_grid(self: LocalSession, path: str, *, frames: bool = False) -> str:
        """Load a grid and its models; returns the key of the grid: a new one where the name it had names no grid here.

        Parameters
        ----------
        path : str
            The file of the grid; the models lie beside it.
        frames : bool
            Load the frames that were saved with it as well.

        Raises
        ------
        ParseError
            No such file, no grid, damaged; or a model is missing beside it.
        """
        from .export.grid_file import read_grid
        from .grids.grid import Grid

        grid = read_grid(path)
        folder = os.path.dirname(absolute(path))
        names = {name: self.load_model(os.path.join(folder, file_name(name))) for name in grid.dependents}
        grid.members = [replace(member, model_key=names[member.model_key]) for member in grid.members]
        for name in _frame_keys(grid) if frames else ():
            self.load_frame(name, folder).wait()
        with self._lock:
            grid.key = self.key_for(grid.key, Grid)
            return self.put(grid, grid.key)

    def grid_contents(self: LocalSession, key: str) -> dict[str, Any]:
        """A grid with its models, for `restore_grid`: its file as text, and its models' files as bytes by name."""
        from .export.grid_file import grid_text
        from .grids.grid import Grid

        grid, present = self.get(key, Grid), set(self.models())
        models = {name: self.model_bytes(name) for name in grid.dependents if name in present}
        return {"grid": grid_text(grid), "models": models}

    def restore_grid(self: LocalSession, contents: Mapping[str, Any]) -> str:
        """Key of the grid that `grid_contents` gave, in this session or another one.

        What is here already under the same names is not stored again; where something else has a name, a new one is made.

        Raises
        ------
        ParseError
            The contents are damaged.
        """
        from .export.grid_file import grid_of_text
        from .grids.grid import Grid

        grid = grid_of_text(contents["grid"], "the contents of a grid")
        names = {name: self.restore_model(content) for name, content in contents["models"].items()}
        grid.members = [
            replace(member, model_key=names.get(member.model_key, member.model_key))
            for member in grid.members
        ]
        if grid.key in self.grids() and self.get(grid.key, Grid).members == grid.members:
            return grid.key
        grid.key = self.fresh_key(grid.key)
        return self.put(grid, grid.key)


def _check_same_task(grid: Grid, y: str | None, columns: list[str]) -> None:
    """Models for another response, or of other data, could not be compared."""
    if grid.members and (grid.request.get("y") != y or set(grid.columns) != set(columns)):
        raise InvalidArgument(
            f"grid_id={grid.key!r}: this grid has models for {grid.request.get('y')!r} from columns {', '.join(grid.columns[:6])}, "
            "which could not be compared with those of this search. Choose another grid_id."
        )


def _frame_keys(grid: Grid) -> list[str]:
    names = (grid.request.get("training_frame_key"), grid.request.get("validation_frame_key"))
    return [name for name in names if name is not None]


class _Host:
    """What a search asks of the session."""

    def __init__(self, session: LocalSession, request: Mapping[str, Any], saves: GridSaves) -> None:
        self.session, self.request, self.saves = session, request, saves

    def begin(self, job: Job) -> None:
        self.saves.begin(job)

    def added(self, model_key: str, exported: bool) -> None:
        self.saves.added(model_key, exported)

    def finish(self) -> None:
        self.saves.finish()

    def start(self, parameters: dict[str, Any], threads: int) -> Job:
        r = self.request
        return self.session.train(
            r["algo"], parameters, x=r["x"], y=r["y"], training_frame_key=r["training_frame_key"],
            validation_frame_key=r["validation_frame_key"], threads=threads,
        )  # fmt: skip

    def describe(self, model_key: str) -> Mapping[str, Any]:
        return self.session.model(model_key)
