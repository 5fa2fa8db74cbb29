"""Saving what is trained while it is trained: what cannot be saved now is told once, and tried again later."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.training.result import model_of
from ..deeplearning.training.trainer import Trainer
from ..errors import NotSaved
from ..files import absolute, file_name
from ..grids.grid import Grid
from ..jobs import Job
from .grid_file import write_grid
from .model_file import write_model

EXPORT_SHARE = 0.1  # of the training time may go into saving what export_checkpoints_dir asks for


class _Folder:
    """A folder for what is trained.

    Parameters
    ----------
    parameter : str
        The argument that names it, for messages.
    folder : str
    job : Job
        Is told, once, that nothing can be written.
    """

    def __init__(self, parameter: str, folder: str, job: Job) -> None:
        self.path = absolute(folder)
        self.parameter, self.job = parameter, job
        self.reason = ""
        self.save(lambda: None)

    def file(self, key: str) -> str:
        return os.path.join(self.path, file_name(key))

    def save(self, write: Callable[[], object]) -> bool:
        """Whether writing has succeeded. Whatever is wrong with a folder, training does not end for it."""
        try:
            self._make()
            write()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and hours of training are worth more
            self.reason = str(error) or type(error).__name__
            self.job.remark(
                f"{self.parameter}={self.path}",
                f"{self.parameter}={self.path!r}: nothing can be saved there now ({self.reason}). The work goes on, and saving is "
                "tried again",
            )
            return False
        return True

    def _make(self) -> None:
        try:
            os.makedirs(self.path, exist_ok=True)
        except (OSError, ValueError) as error:  # ValueError: characters that no name can have
            reason = getattr(error, "strerror", None) or error
            raise OSError(f"{self.path!r}: the folder cannot be made ({reason})") from error


class ModelExports:
    """What export_checkpoints_dir asks for: the model at scorings and at the end, and the models of the folds.

    Parameters
    ----------
    folder : str or None
        None: nothing is saved.
    job : Job
    """

    def __init__(self, folder: str | None, job: Job) -> None:
        self._folder = None if folder is None else _Folder("export_checkpoints_dir", folder, job)
        self._unsaved: dict[str, DeepLearningModel] = {}
        self._lock = threading.Lock()
        self._next_time = 0.0

    def add(self, model: DeepLearningModel) -> None:
        """Save a finished model."""
        with self._lock:
            self._unsaved[model.key] = model
        self._save(model)

    def _save(self, model: DeepLearningModel) -> bool:
        folder = self._folder
        saved = folder is None or folder.save(lambda: write_model(model, folder.file(model.key), force=True))
        if saved:
            with self._lock:
                self._unsaved.pop(model.key, None)
        return saved

    def while_training(self, key: str) -> Callable[[Trainer], None] | None:
        """Called after each scoring: saves the model as it is then. None where that is not wanted."""
        return None if self._folder is None else lambda trainer: self._scored(key, trainer)

    def _scored(self, key: str, trainer: Trainer) -> None:
        began = time.perf_counter()
        if began < self._next_time:
            return
        model = model_of(key, trainer)
        model.checkpoint = trainer.checkpoint or trainer.capture()
        if self._save(model):
            now = time.perf_counter()
            self._next_time = now + (now - began) / EXPORT_SHARE

    def finish(self, key: str) -> None:
        """Try once more what could not be saved.

        Raises
        ------
        NotSaved
            It still cannot be.
        """
        left = [model.key for model in list(self._unsaved.values()) if not self._save(model)]
        if left and self._folder is not None:
            raise NotSaved(
                f"model {key!r} is trained and stored in the session, but export_checkpoints_dir={self._folder.path!r} "
                f"lacks the file of {', '.join(left)}: {self._folder.reason}. Save it elsewhere with h2o.save_model, "
                f"the model is h2o.get_model({key!r})",
                key,
            )


class GridSaves:
    """The grid and its models in recovery_dir and export_checkpoints_dir.

    Parameters
    ----------
    models : callable
        Keys of the models that are there.
    save : callable (key, path, force)
        Saves one of them.
    grid : Grid
    folders : dict of str to str or None
        By the parameter that names them.
    """

    def __init__(
        self,
        models: Callable[[], list[str]],
        save: Callable[..., object],
        grid: Grid,
        folders: dict[str, str | None],
    ) -> None:
        self._models, self._save_model, self._grid = models, save, grid
        self._given = {parameter: folder for parameter, folder in folders.items() if folder is not None}
        self._folders: list[_Folder] = []
        self._unsaved: dict[str, set[str]] = {parameter: set() for parameter in self._given}
        self._incomplete: set[str] = set()
        self._lock = threading.Lock()

    def begin(self, job: Job) -> None:
        """Make the folders; `job` is told where that fails."""
        self._folders = [_Folder(parameter, folder, job) for parameter, folder in self._given.items()]

    def added(self, model_key: str, exported: bool) -> None:
        """Save a model and the grid, and models that could not be saved before, up to the first that still cannot.

        Parameters
        ----------
        model_key : str
        exported : bool
            Whether its own training has saved the model in export_checkpoints_dir.
        """
        with self._lock:
            for folder in self._folders:
                if folder.parameter != "export_checkpoints_dir" or not exported:
                    self._unsaved[folder.parameter].add(model_key)
                self._save(folder, first=model_key)

    def _save(self, folder: _Folder, first: str = "", every: bool = False) -> None:
        """The models first: a grid file that names one must find it. `every`: go on after one that cannot be saved."""
        left = self._unsaved[folder.parameter]
        for key in sorted(left & set(self._models()), key=lambda key: key != first):
            if folder.save(lambda key=key: self._save_model(key, folder.file(key), force=True)):  # type: ignore[misc]
                left.discard(key)
            elif key != first and not every:
                break
        left &= set(self._models())
        saved = replace(
            self._grid, members=[each for each in list(self._grid.members) if each.model_key not in left]
        )
        complete = folder.save(lambda: write_grid(saved, folder.path)) and not left
        (self._incomplete.discard if complete else self._incomplete.add)(folder.parameter)

    def finish(self) -> None:
        """Try once more what could not be saved.

        Raises
        ------
        NotSaved
            It still cannot be.
        """
        with self._lock:
            for folder in self._folders:
                if folder.parameter in self._incomplete:
                    self._save(folder, every=True)
                if folder.parameter in self._incomplete:
                    raise NotSaved(
                        f"grid {self._grid.key!r} is complete and stored in the session, but {folder.parameter}="
                        f"{folder.path!r} lacks files of it: {folder.reason}. Save it elsewhere with h2o.save_grid, the "
                        f"grid is h2o.get_grid({self._grid.key!r})",
                        self._grid.key,
                    )
