"""Event files of TensorBoard."""

from __future__ import annotations

import os
from typing import Any

from ..callbacks.callback import Callback
from ..callbacks.run import Run, Scores
from .needed import needed

__all__ = ["TensorBoard"]


class TensorBoard(Callback):
    """Writes the scoring history of each model for TensorBoard, which shows it while training goes on.

    Each model has a folder of its own, named by it, with the scores ``training/rmse``, ``validation/rmse`` ..., the epochs, the
    speed, and as text what is trained and why training ended. The step is the number of rows trained.

    Parameters
    ----------
    log_dir : str or path
        Folder below which they are; ``tensorboard --logdir runs`` looks there.

    Raises
    ------
    ImportError
        tensorboardX is not installed (``pip install 'heavywater[tensorboard]'``); when the object is made.

    Examples
    --------
    >>> from h2o.trackers import TensorBoard
    >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
    >>> _ = net.train(y="class", training_frame=iris, callbacks=[TensorBoard("runs")])
    """

    def __init__(self, log_dir: str | os.PathLike[str] = "runs") -> None:
        self.log_dir = os.fspath(log_dir)
        needed("tensorboardX", "tensorboard", "TensorBoard")
        self._writers: dict[Run, Any] = {}

    def on_start(self, run: Run) -> None:
        """Begin a folder for a model."""
        if run.kind != "model":
            return
        folder = os.path.join(self.log_dir, _folder(run.model_id))
        writer = self._writers[run] = needed("tensorboardX", "tensorboard", "TensorBoard").SummaryWriter(
            folder, flush_secs=5
        )
        told = {**run.about, **run.parameters}
        writer.add_text("model", _table({name: value for name, value in told.items() if value is not None}))

    def on_scoring(self, run: Run, scores: Scores) -> None:
        """Write one line of the history."""
        writer = self._writers.get(run)
        if writer is None:
            return
        for part, values in (("training", scores.training), ("validation", scores.validation)):
            for name, value in values.items():
                writer.add_scalar(f"{part}/{name}", value, scores.samples, scores.time)
        writer.add_scalar("progress/epochs", scores.epochs, scores.samples, scores.time)
        writer.add_scalar("progress/rows_per_second", scores.rows_per_second, scores.samples, scores.time)

    def on_end(self, run: Run) -> None:
        """Close the files of a model."""
        writer = self._writers.pop(run, None)
        if writer is not None:
            writer.add_text(
                "end", f"{run.status.lower()} after {run.seconds:.3g} s: {run.reason}", run.samples
            )
            writer.close()


def _folder(model_id: str) -> str:
    """Name of a folder for a model, in one piece."""
    name = "".join(each if each.isalnum() or each in "-_." else "_" for each in model_id)
    return name if name.strip(".") else f"model{name}"


def _table(told: dict[str, Any]) -> str:
    """Names and values as a table in Markdown."""
    rows = [f"| {name} | {str(value).replace('|', chr(92) + '|')} |" for name, value in told.items()]
    return "\n".join(["| | |", "|---|---|", *rows])
