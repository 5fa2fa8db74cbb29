"""Cross-validation: the models of the folds, what they say together, and what the main model learns from them.

Sources: booklet, "N-fold Cross-Validation", "Convergence-based Early Stopping".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np

from ...arrays import Array
from ...engine.blas import single_threaded_blas
from ...errors import HeavywaterError, InvalidArgument, JobCancelled
from ...frame.columns.column import Column
from ...frame.columns.makers import enum, reals
from ...frame.frame import Frame
from ...jobs import Job, Report, SharedProgress, side_by_side
from ..metrics.fold_summary import summary_of_folds
from ..model.custom_metric import CustomMetric
from ..model.model import DeepLearningModel
from ..model.sample import Sample
from ..parameters.fold_rules import KEPT
from ..parameters.hold_out_rules import SETTING
from ..parameters.validation import DeepLearningParameters
from ..uncertainty.temperature import FittedTemperature, tempered
from .folds import assign
from .held_out import FOLDS, calibrate, intervals_of
from .hold_out import used_rows
from .prepared import Prepared, Start
from .result import model_of
from .trainer import Progress, Trainer


@dataclass
class FoldModel:
    """What the training of one fold gives.

    Attributes
    ----------
    model : DeepLearningModel
    rows : int array
        Numbers of the holdout rows.
    predictions : Frame
        Predictions for them.
    epochs : float
        How long it trained.
    """

    model: DeepLearningModel
    rows: Array
    predictions: Frame
    epochs: float


class Elsewhere(Protocol):
    """Other processes that train the models of folds."""

    workers: int  # folds at the same time

    def train(
        self, k: int, at_a_time: int, progress: Progress, cancelled: Callable[[], bool]
    ) -> tuple[DeepLearningModel, float] | None:
        """Model and epochs of fold k; None where it is to be trained here."""


class CrossValidation:
    """The cross-validation of one model.

    Parameters
    ----------
    key : str
        Key of the main model.
    p : DeepLearningParameters
        Checked parameters of the main model.
    frame : Frame
        Training frame.
    start : Start
        What the models of the folds start from.
    custom_metric : CustomMetric or None
    threads : int
        Threads that all folds share.
    done : callable (model)
        Called with the model of each fold when it is trained.
    elsewhere : Elsewhere, optional
        What trains the folds in other processes.
    """

    def __init__(
        self,
        key: str,
        p: DeepLearningParameters,
        frame: Frame,
        start: Start,
        custom_metric: CustomMetric | None,
        threads: int,
        done: Callable[[DeepLearningModel], object],
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self.key, self.p, self.frame, self.threads = key, p, frame, threads
        self.start, self.custom_metric, self.done, self.elsewhere = start, custom_metric, done, elsewhere
        self.folds = assign(frame, p)
        self.parallel = min(len(self.folds), threads if elsewhere is None else elsewhere.workers)
        self.fold_models: list[FoldModel] = []
        self._failed = threading.Event()

    # ---- the models of the folds

    def run(self, job: Job, report: Report) -> tuple[DeepLearningParameters, Progress]:
        """Train the models of all folds, as many at a time as there are threads.

        Parameters
        ----------
        job : Job
        report : callable (fraction, message)
            Shows one progress for all folds and the main model.

        Returns
        -------
        parameters : DeepLearningParameters
            Those of the main model.
        progress : callable
            For its training.

        Raises
        ------
        HeavywaterError
            A fold failed; the message names it.
        JobCancelled
            There is no main model yet that could be kept.
        """
        began, n = time.perf_counter(), self.frame.nrow
        sizes = [n - size for size in np.bincount(self.folds.number[self.folds.number >= 0]).tolist()]
        progress = SharedProgress([*sizes, n], [*self.folds.labels, "main model"], report)
        tasks = [partial(self._fold_model, k, progress.part(k), job) for k in range(len(self.folds))]
        with single_threaded_blas():  # for all folds at once: each of them would look for the libraries again
            found = side_by_side(tasks, self.parallel)
        job.stop_if_cancelled()
        self.fold_models = [each for each in found if each is not None]
        return self._main_parameters(time.perf_counter() - began), progress.part(len(tasks))

    def alone(self, k: int, at_a_time: int, job: Job) -> FoldModel:
        """Train the model of fold k with all threads, one of so many that are trained at the same time."""
        self.parallel = at_a_time
        with single_threaded_blas():
            found = self._trained(k, job.update, lambda: job.cancel_requested, self.threads)
        job.stop_if_cancelled()
        return found

    def _fold_model(self, k: int, progress: Progress, job: Job) -> FoldModel | None:
        def cancelled() -> bool:
            return job.cancel_requested or self._failed.is_set()

        if cancelled():
            return None
        try:
            found = self._from_elsewhere(k, progress, cancelled)
            if found is None and not cancelled():
                found = self._trained(k, progress, cancelled, self._threads_of(k))
            return found
        except JobCancelled:
            if cancelled():  # with the others: nothing is wrong with this fold
                return None
            raise
        except HeavywaterError as error:
            self._failed.set()
            raise type(error)(f"{self.folds.labels[k]}: {error}") from error
        except BaseException as error:
            self._failed.set()
            error.add_note(f"while {self.folds.labels[k]} was trained")
            raise

    def _from_elsewhere(self, k: int, progress: Progress, cancelled: Callable[[], bool]) -> FoldModel | None:
        if self.elsewhere is None:
            return None
        found = self.elsewhere.train(k, self.parallel, progress, cancelled)
        if found is None:
            return None
        progress(1.0, "done")
        model, epochs = found
        given = self._fold_parameters().given  # what was settled here is there as if the user had given it
        model.parameters = replace(model.parameters, given=given)
        model.threads = self.threads
        self.done(model)
        rows = np.flatnonzero(self.folds.number == k)
        return FoldModel(model, rows, model.predict(self._parts(k)[1])[0], epochs)

    def _parts(self, k: int) -> tuple[Frame, Frame]:
        """Training and holdout frame of a fold."""
        held_out = self.folds.number == k
        return used_rows(self.frame, self.p, ~held_out), used_rows(self.frame, self.p, held_out)

    def _trained(self, k: int, progress: Progress, cancelled: Callable[[], bool], threads: int) -> FoldModel:
        p, (training, holdout) = self.p, self._parts(k)
        prepared = Prepared.of(self._fold_parameters(), training, holdout, self.start)
        if not prepared.order.trainable:
            raise InvalidArgument(
                "none of the rows outside of the fold can be trained: all lack a response, a weight or a predictor. "
                "Use fewer folds, or missing_values_handling='MeanImputation'"
            )
        trainer = Trainer(
            prepared,
            threads=threads,
            progress=progress,
            cancelled=cancelled,
            custom_metric=self.custom_metric,
        )
        trainer.run()
        progress(1.0, "done")
        model = model_of(f"{self.key}_cv_{k + 1}", trainer)
        model.threads = self.threads  # the others are at rest when it is asked
        self.done(model)
        complete = trainer.state.samples >= int(p.epochs * prepared.epoch_rows)
        epochs = float(p.epochs) if complete else trainer.epochs
        return FoldModel(model, np.flatnonzero(self.folds.number == k), model.predict(holdout)[0], epochs)

    def _threads_of(self, k: int) -> int:
        """Threads of a fold: its share of all; those of the last round share what the others have left."""
        last = len(self.folds) % self.parallel
        sharing = last if last and k >= len(self.folds) - last else self.parallel
        return max(1, self.threads // sharing + (k % sharing < self.threads % sharing))

    def _seconds_per_model(self) -> float:
        """An equal part of the time limit for each round of folds and for the main model; 0 without limit."""
        rounds = -(-len(self.folds) // self.parallel)
        return float(self.p.max_runtime_secs) / (rounds + 1)

    def _fold_parameters(self) -> DeepLearningParameters:
        """Those of the main model; its holdout rows are the validation frame of a fold."""
        own = {
            "nfolds": 0,
            "fold_column": None,
            "fold_assignment": None,
            "epochs_candidates": None,
            **dict.fromkeys(SETTING),
            "fit_temperature": False,
            "max_runtime_secs": self._seconds_per_model(),
            "calibrate_model": False,
            "calibration_frame": None,
        }
        given = {name: value for name, value in self.p.given.items() if name not in (*own, *KEPT, "model_id")}
        if self.p.max_runtime_secs > 0:
            given["max_runtime_secs"] = own["max_runtime_secs"]
        kept = {name: name == "keep_cross_validation_models" for name in KEPT}
        return replace(self.p, given=given, actual={**self.p.actual, **own, **kept}, warnings=())

    # ---- the main model

    def _main_parameters(self, seconds: float) -> DeepLearningParameters:
        """Parameters of the main model, after the folds took some seconds.

        Where folds may stop early, the main model trains for the mean of their epochs. The best model is not picked:
        the folds say how good a model is that has trained that long, and training scores would choose another one.
        """
        p = self.p
        actual = {**p.actual, "overwrite_with_best_model": False}
        if p.stopping_rounds > 0 or p.max_runtime_secs > 0:
            actual["epochs"] = float(np.mean([fold.epochs for fold in self.fold_models]))
            actual["stopping_rounds"] = 0
        if p.max_runtime_secs > 0:
            actual["max_runtime_secs"] = max(self._seconds_per_model(), p.max_runtime_secs - seconds)
        return replace(p, actual=actual, warnings=(*p.warnings, *self.folds.warnings))

    def temperature(self, prepared: Prepared) -> FittedTemperature | None:
        """What the outputs of the main model are to be divided by; None where that is not asked for."""
        if not self.p.fit_temperature:
            return None
        found, sample = self._held_out(spread(self.fold_models, self.frame.nrow, np.nan), prepared)
        assert sample.actual is not None
        return FittedTemperature.learned(found, sample.actual, sample.weights, FOLDS)

    def finish(self, model: DeepLearningModel, trainer: Trainer) -> dict[str, Any]:
        """Give the trained main model the results of the folds.

        Returns
        -------
        dict
            By key, the models of the folds and the frames to store, as far as they are to be kept.
        """
        combined = spread(self.fold_models, self.frame.nrow, np.nan)
        found, sample = self._held_out(combined, trainer.prepared)
        if trainer.prepared.calibration_sample is None:
            likewise = found if model.temperature is None else tempered(found, model.temperature.value)
            model.intervals = intervals_of(self.p, FOLDS, likewise, sample)
            calibrate(model, FOLDS, likewise, sample)
        models = [fold.model for fold in self.fold_models]
        kept = self._kept(combined)
        names = {f"cross_validation_{what}": [key for key in keys if key in kept] or None
                 for what, keys in (("models", [m.key for m in models]), ("predictions", self._prediction_keys()))}  # fmt: skip
        frames = {f"cross_validation_{what}_frame_id": key if key in kept else None
                  for what, key in (("holdout_predictions", self._holdout), ("fold_assignment", self._assignment))}  # fmt: skip
        model.cross_validation = {
            "cross_validation_metrics": self._metrics(found, sample, trainer),
            "cross_validation_metrics_summary": summary_of_folds(
                [m.validation_metrics or {} for m in models]
            ),
            "cv_scoring_history": [m.history for m in models],
            **names,
            **frames,
        }
        return kept

    def _kept(self, combined: Frame) -> dict[str, Any]:
        """What the user wants to keep, by key."""
        p, kept = self.p, dict[str, Any]()
        if p.keep_cross_validation_models:
            kept |= {fold.model.key: fold.model for fold in self.fold_models}
        if p.keep_cross_validation_predictions:
            frames = (spread([fold], self.frame.nrow) for fold in self.fold_models)
            kept |= dict(zip(self._prediction_keys(), frames, strict=True))
            kept[self._holdout] = combined
        if p.keep_cross_validation_fold_assignment:
            kept[self._assignment] = Frame(["fold_assignment"], [self.folds.column])
        return kept

    def _prediction_keys(self) -> list[str]:
        return [f"prediction_{fold.model.key}" for fold in self.fold_models]

    @property
    def _holdout(self) -> str:
        return f"cv_holdout_prediction_{self.key}"

    @property
    def _assignment(self) -> str:
        return f"cv_fold_assignment_{self.key}"

    def _held_out(self, combined: Frame, prepared: Prepared) -> tuple[Array, Sample]:
        """All holdout predictions together, as a scorer gives them, and their rows."""
        numbers = [column.numbers() for column in combined.columns]
        found = (
            numbers[0] if len(numbers) == 1 else np.stack(numbers[1:], axis=1)
        )  # classes, or several quantiles
        return found, Sample.of(prepared.spec, self.frame, prepared.rows)

    def _metrics(self, found: Array, sample: Sample, trainer: Trainer) -> dict[str, Any]:
        """Metrics of all holdout predictions together."""
        metrics = trainer.scorings.scorer.metrics_of(found, sample)
        metrics["description"] = (
            f"{len(self.folds)}-fold cross-validation on training data: all holdout predictions together"
        )
        return metrics


def spread(folds: list[FoldModel], n: int, elsewhere: float = 0.0) -> Frame:
    """The predictions of folds in a frame of all n rows; labels are missing elsewhere, numbers as given."""
    parts = folds[0].predictions
    columns: list[Column] = []
    for name, column in zip(parts.names, parts.columns, strict=True):
        values = np.full(n, -1) if column.kind == "enum" else np.full(n, elsewhere)
        for fold in folds:
            values[fold.rows] = fold.predictions.column(name).values
        columns.append(enum(values, column.levels or ()) if column.kind == "enum" else reals(values))
    return Frame(parts.names, columns, nrow=n)
