"""One training run: the job that trains a model and stores it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from ..deeplearning.model.custom_metric import CustomMetric
from ..deeplearning.model.history import score_curves, scoring_history
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.parameters.fold_rules import is_cross_validated
from ..deeplearning.parameters.validation import DeepLearningParameters
from ..deeplearning.training.choosing_epochs import ChoosingEpochs
from ..deeplearning.training.cross_validation import CrossValidation, Elsewhere
from ..deeplearning.training.prepared import Prepared, Start
from ..deeplearning.training.result import model_of
from ..deeplearning.training.spread_members import (
    MembersElsewhere,
    SpreadMembers,
    members_trained,
    needs_together,
)
from ..deeplearning.training.stopping import METRICS
from ..deeplearning.training.trainer import Progress, Trainer
from ..deeplearning.training.worker import Worker
from ..errors import InvalidArgument, JobCancelled, NotSaved, UnstableModel
from ..export.saving import ModelExports
from ..frame.columns.parallel import threads_of_session
from ..frame.frame import Frame
from ..frame.sharded_frame import AnyFrame, whole
from ..jobs import Job, Report
from .store import Store

MOST_AT_A_TIME = 1000  # models that a client may have trained at the same time


@dataclass(frozen=True)
class Request:
    """What a model is asked for with; see `heavywater.session.model_protocol.Training.train`."""

    algo: str
    parameters: dict[str, Any]
    x: Sequence[str] | None
    y: str | None
    training_frame_key: str
    validation_frame_key: str | None = None


# What trains the folds of a model elsewhere, if anything does.
FoldsElsewhere = Callable[[Job, DeepLearningParameters], Elsewhere | None]
# What trains the members of an ensemble elsewhere, if anything does.
SpreadElsewhere = Callable[[Job, DeepLearningParameters], MembersElsewhere | None]
# What trains a network together with other processes, while it is needed.
Shared = Callable[
    [str, Prepared, int, Callable[[], bool]], AbstractContextManager[Worker | None, bool | None]
]
# What a trainer takes, and what trains the network, while it is needed.
Ready = Callable[
    [DeepLearningParameters, Callable[[], bool]],
    AbstractContextManager[tuple[Prepared, Worker | None], bool | None],
]


class TrainingRun:
    """Trains a model when it is called with a job; the key of the model.

    Parameters
    ----------
    store : Store
        Gets the model, and what is kept of its cross-validation.
    key : str
        Of the model.
    p : DeepLearningParameters
    frame, validation : Frame
        The rows of the first may lie on nodes.
    start : Start
        What training starts from.
    metric : CustomMetric, optional
        Of the user's own.
    threads : int
    elsewhere : callable, optional
        Where the folds are trained.

    Attributes
    ----------
    parameters : DeepLearningParameters
    shared : callable
        Gives a context of what trains the network together with nodes; of None where that is done here.
    spread : callable
        Where the members of an ensemble are trained.
    ready : callable
        Gives a context of what a trainer takes, and of what trains the network.
    calibration : Frame or None
        Rows to calibrate with.
    frames : dict
        Keys of the frames, which the model tells.
    """

    def __init__(
        self,
        store: Store,
        key: str,
        p: DeepLearningParameters,
        frame: AnyFrame,
        validation: Frame | None,
        start: Start,
        metric: CustomMetric | None,
        threads: int,
        elsewhere: FoldsElsewhere = lambda job, p: None,
    ) -> None:
        self.key, self._elsewhere = key, elsewhere
        self.shared: Shared = lambda key, prepared, threads, stop: nullcontext()
        self.spread: SpreadElsewhere = lambda job, p: None
        self.ready: Ready = self._ready
        self.calibration: Frame | None = None
        self.frames: dict[str, str | None] = {}
        self._store, self.parameters, self._frame, self._validation = store, p, frame, validation
        self._start, self._metric, self._threads = start, metric, threads

    @property
    def about(self) -> dict[str, Any]:
        """What is trained, as the job tells it before there is a model."""
        p = self.parameters
        told: tuple[str, ...] = (
            "distribution",
            "activation",
            "epochs",
            "nfolds",
            "stopping_metric",
            "checkpoint",
        )
        return {
            "model_category": p.category,
            "response_column": p.response,
            "nrow": self._frame.nrow,
            "predictors": len(p.predictors),
            "hidden": list(p.hidden),
            **{name: getattr(p, name) for name in told},
            **self.frames,
        }

    def __call__(self, job: Job) -> str:
        exports = ModelExports(self.parameters.export_checkpoints_dir, job)
        p, folds, temperature = self.parameters, None, None
        choosing: ChoosingEpochs | None = None
        report: Report = job.update
        if p.epochs_candidates:
            choosing = self._choosing(lambda: job.cancel_requested)
            report = choosing.choose(job.update)
            if job.cancel_requested:
                return self._keep_interrupted(job, choosing, exports)
            p, temperature = choosing.parameters(), choosing.temperature()
            job.about["epochs"] = p.epochs
        progress: Progress = report
        if is_cross_validated(p):
            folds = CrossValidation(
                self.key,
                p,
                whole(self._frame),
                self._start,
                self._metric,
                self._threads,
                exports.add,
                self._elsewhere(job, p),
            )
            p, progress = folds.run(job, report)
        export = exports.while_training(self.key)

        def scored(trainer: Trainer) -> None:
            _record(job, trainer)
            if export is not None:
                export(trainer)

        def measured(fraction: float, message: str) -> None:
            job.measures = trainer.measures()
            progress(fraction, message)

        with self.ready(p, lambda: job.cancel_requested) as (prepared, worker):
            prepared.take_calibration(self.calibration)
            began, apart = time.perf_counter(), self._spread(job, prepared, progress)
            elsewhere = time.perf_counter() - began
            trainer = Trainer(
                prepared,
                threads=self._threads,
                progress=measured,
                cancelled=lambda: job.cancel_requested,
                custom_metric=self._metric,
                worker=worker,
                after_scoring=scored,
                why=lambda: job.cancel_reason,
            )
            before = self._start.checkpoint
            trainer.temperature = folds.temperature(prepared) if folds is not None else temperature
            if before is not None:
                trainer.temperature = before.temperature
            try:
                _run(job, trainer, apart)
                trainer.took_before(elsewhere)
                _record(job, trainer)
            except UnstableModel as error:
                trainer.finish_unstable(str(error))
                _record(job, trainer)
                key = self._keep(job, trainer, folds, exports, choosing)
                raise UnstableModel(_kept(error, key, exports)) from None
            key = self._keep(job, trainer, folds, exports, choosing)
            exports.finish(key)
            return key

    def _spread(self, job: Job, prepared: Prepared, report: Progress) -> SpreadMembers | None:
        """Members trained elsewhere that did not come to their end; None where the training can go on from them, or is here."""
        p = prepared.parameters
        elsewhere = self.spread(job, p) if p.ensemble_size > 1 else None
        if elsewhere is None:
            return None
        if reason := needs_together(p):
            prepared.warnings.append(
                f"ensemble_size={p.ensemble_size}: its members are trained in the process of the session and not on the nodes, since "
                f"they are looked at together while they train ({reason})"
            )
            return None
        apart = SpreadMembers(prepared, elsewhere, self._threads, lambda: job.cancel_requested)
        return None if apart.run(report) else apart

    def members(self, numbers: Sequence[int]) -> Callable[[Job], int]:
        """The job of some members of an ensemble, whose model it stores; the rows that each has trained.

        Parameters
        ----------
        numbers : sequence of int
            Of the members, from 0.
        """
        p = self.parameters
        wrong = [number for number in numbers if not 0 <= number < p.ensemble_size]
        if wrong or not numbers or len(set(numbers)) < len(numbers):
            raise InvalidArgument(
                f"train_members: members={list(numbers)} must be different numbers in 0 .. {p.ensemble_size - 1}"
            )
        key = members_key(self.key, numbers)

        def work(job: Job) -> int:
            prepared = Prepared.holding_out(p, whole(self._frame), self._validation, self._start)
            model, error = members_trained(
                prepared, numbers, key, self._threads, job.update, lambda: job.cancel_requested
            )
            self._store.put(model, key)
            if error is not None:
                raise error
            return int(model.facts["samples"])

        return work

    def _choosing(self, stop: Callable[[], bool]) -> ChoosingEpochs:
        return ChoosingEpochs(
            self.parameters, whole(self._frame), self._validation, self._start, self._threads, stop
        )

    def _keep_interrupted(self, job: Job, choosing: ChoosingEpochs, exports: ModelExports) -> str:
        """Store the best network of a choice that was interrupted; its key.

        Raises
        ------
        JobCancelled
            There is none.
        """
        trainer = choosing.interrupted(job.cancel_reason)
        if trainer is None:
            raise JobCancelled(
                f"{job.description} was cancelled while the number of epochs was chosen, so there is no model"
                + (f": {job.cancel_reason}" if job.cancel_reason else "")
            )
        key = self._keep(job, trainer, None, exports)
        exports.finish(key)
        return key

    @contextmanager
    def _ready(
        self, p: DeepLearningParameters, stop: Callable[[], bool]
    ) -> Iterator[tuple[Prepared, Worker | None]]:
        with threads_of_session(self._threads):
            prepared = Prepared.holding_out(p, whole(self._frame), self._validation, self._start)
        with self.shared(self.key, prepared, self._threads, stop) as worker:
            yield prepared, worker

    def fold(self, k: int, at_a_time: int) -> Callable[[Job], float]:
        """The job of one fold alone, whose model it stores; the epochs of that.

        Parameters
        ----------
        k : int
            Number of the fold, from 0.
        at_a_time : int
            Folds that are trained at the same time, wherever.
        """
        if not is_cross_validated(self.parameters):
            raise InvalidArgument(
                "train_fold: the parameters ask for no cross-validation (nfolds, fold_column)"
            )
        folds = CrossValidation(
            self.key,
            self.parameters,
            whole(self._frame),
            self._start,
            self._metric,
            self._threads,
            lambda model: None,
        )
        if not 0 <= k < len(folds.folds):
            raise InvalidArgument(f"train_fold: fold={k} must be in 0 .. {len(folds.folds) - 1}")

        def work(job: Job) -> float:
            found = folds.alone(k, at_a_time, job)
            self._store.put(found.model, found.model.key)
            return found.epochs

        return work

    def _keep(
        self,
        job: Job,
        trainer: Trainer,
        folds: CrossValidation | None,
        exports: ModelExports,
        choosing: ChoosingEpochs | None = None,
    ) -> str:
        """Store the model, and what is to be kept of its folds; its key. Then save it."""
        store = self._store
        with store.lock:
            key = store.key_for(self.key, DeepLearningModel, lambda text: job.remark("model_id", text))
            model = model_of(key, trainer)
            found = folds.finish(model, trainer) if folds is not None else {}
            if choosing is not None:
                choosing.tell(model)
            for each in (model, *found.values()):
                if isinstance(each, DeepLearningModel):
                    each.facts |= self.frames
            store_named(store, found, job)
            model.forget_all_but(belonging_to(key, store))
            store.put(model, key)
        exports.add(model)
        return key


def _record(job: Job, trainer: Trainer) -> None:
    """Tell the job of the scorings so far, and of all that follow."""
    p, events, saved = trainer.p, trainer.state.events, trainer.prepared.saved
    metric, before = METRICS[p.stopping_metric][0], 0 if saved is None else len(saved.state.events)
    job.measures = trainer.measures()
    job.record(
        lambda: scoring_history(list(events), p.category),
        lambda first: score_curves(events[first:], p.category, metric, before),
    )


def _run(job: Job, trainer: Trainer, apart: SpreadMembers | None) -> None:
    """Train, or make what members have learnt apart, until they were stopped, the result.

    Raises
    ------
    UnstableModel
        The weights exploded, here or there.
    """
    if apart is None:
        trainer.run()
        return
    trainer.worker.restore(apart.network())
    trainer.worker.keep()
    trainer.state.samples = apart.samples
    if apart.error is not None:
        raise apart.error
    trainer.finish_unstable(job.cancel_reason or "interrupted")
    trainer.state.interrupted = True


def members_key(key: str, numbers: Sequence[int]) -> str:
    """Key of the model of some members of an ensemble, while they are trained apart."""
    return f"{key}_member_{numbers[0] + 1}"


def _kept(error: UnstableModel, key: str, exports: ModelExports) -> str:
    kept = f"{error} The weights before that are kept in model {key!r}."
    try:
        exports.finish(key)
    except NotSaved as unsaved:
        kept += f" {unsaved}"
    return kept


def store_named(store: Store, objects: Mapping[str, Any], job: Job) -> None:
    """Store what belongs to a model, by key; where something else has a name, the job remarks it."""
    for name, value in objects.items():
        try:
            if isinstance(value, Frame):
                store.put_frame(value, name)
            else:
                store.put(value, name)
        except InvalidArgument as error:
            job.remark(name, str(error))


def belongs_to(name: str, key: str, kind: type[Any]) -> bool:
    """Whether a model or frame of this name belongs to the cross-validation of the model with this key."""
    frames = (f"prediction_{key}_cv_", f"cv_holdout_prediction_{key}", f"cv_fold_assignment_{key}")
    return name.startswith(frames if kind is Frame else f"{key}_cv_")


def belonging_to(key: str, store: Store) -> set[str]:
    """Keys of what belongs to the cross-validation of a model; a file could name anything."""
    kinds = (DeepLearningModel, Frame)
    return {name for kind in kinds for name in store.keys(kind) if belongs_to(name, key, kind)}
