"""Training jobs: what is checked before one begins, and what training starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..arrays import Array
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.parameters.context import TrainingContext
from ..deeplearning.parameters.fold_rules import is_cross_validated
from ..deeplearning.parameters.table import check_value
from ..deeplearning.parameters.validation import DeepLearningParameters, validate
from ..deeplearning.training.checkpoint import check_restart, with_known_levels
from ..deeplearning.training.cross_validation import Elsewhere
from ..deeplearning.training.prepared import Start
from ..deeplearning.training.pretraining import check_pretrained
from ..engine.threads import resolve
from ..errors import HeavywaterError, InvalidArgument, NotFound, collected
from ..files import path_for
from ..frame.columns.parallel import threads_of_session
from ..frame.frame import Frame
from ..frame.sharded_frame import ShardedFrame, whole
from ..grids.segments import SegmentModels
from ..jobs import Job
from .job_registry import JobService
from .metrics import Metrics
from .model_protocol import Training
from .node_training import NodeTraining
from .runs import Request, TrainingRun, members_key
from .segment_runs import SegmentRun
from .settings import Memory, Settings
from .store import Store
from .values import Description, Started

DESCRIPTION = "deeplearning Model Build"


class TrainingService(Training):
    """Trains models of the frames in a store, into it.

    Parameters
    ----------
    store : Store
    settings : Settings
    jobs : JobService
    metrics : Metrics
    nodes : NodeTraining, optional
        Trains models elsewhere.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        jobs: JobService,
        metrics: Metrics,
        nodes: NodeTraining | None = None,
    ) -> None:
        self._nodes = nodes
        self._store, self._settings, self._jobs, self._metrics = store, settings, jobs, metrics

    def train(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        threads: int | None = None,
    ) -> Started:
        if threads is not None and (type(threads) is not int or threads < 1):
            raise InvalidArgument(
                f"threads={threads!r} must be a number from 1 on, or None for all of the session"
            )
        request = Request(algo, dict(parameters), x, y, training_frame_key, validation_frame_key)
        run = self._prepare(request, threads)
        if self._nodes is not None:  # one of several models is trained on one node, or here
            run.shared = self._nodes.together
            run.spread = partial(self._nodes.members, run.key, request)
        return self._jobs.start(DESCRIPTION, run, run.key, run.about)

    def check(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
    ) -> Description:
        request = Request(algo, dict(parameters), x, y, training_frame_key, validation_frame_key)
        with collected() as remarks:
            try:
                p = self._prepare(request).parameters
            except HeavywaterError as error:
                return {"error": str(error)}
        return {
            "error": None,
            "model_category": p.category,
            "response_column": p.response,
            "parameters": p.description(),
            "warnings": [*p.warnings, *(text for text, _ in remarks)],
        }

    def train_fold(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        key: str,
        fold: int,
        at_a_time: int = 1,
    ) -> Started:
        request = Request(algo, dict(parameters), x, y, training_frame_key, validation_frame_key)
        work = self._prepare(request, key=key).fold(fold, at_a_time)
        return self._jobs.start("deeplearning Fold Build", work, f"{key}_cv_{fold + 1}")

    def train_members(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        key: str,
        members: Sequence[int],
    ) -> Started:
        request = Request(algo, dict(parameters), x, y, training_frame_key, validation_frame_key)
        work = self._prepare(request, key=key).members(members)
        return self._jobs.start("deeplearning Members Build", work, members_key(key, members))

    def _prepare(self, request: Request, threads: int | None = None, key: str | None = None) -> TrainingRun:
        """Check everything; what is returned trains the model when it is called with a job.

        Parameters
        ----------
        request : Request
        threads : int, optional
            Threads for this training, of those of the session; by default all.
        key : str, optional
            Of the model; by default the one the parameters give, or a new one.
        """
        if request.algo != "deeplearning":
            raise InvalidArgument(f"algo={request.algo!r}: only deeplearning is offered")
        parameters = request.parameters
        frame = self._store.any_frame(request.training_frame_key)
        validation = self._store.frame_or_none(request.validation_frame_key)
        metric = self._metrics.of_parameters(parameters.get("custom_metric_func"))
        if metric is not None:
            parameters = {**parameters, "custom_metric_func": metric[0]}
        if parameters.get("checkpoint") is not None:
            checkpoint = self._named_model("checkpoint", check_value("checkpoint", parameters["checkpoint"]))
            frame = with_known_levels(whole(frame, f"checkpoint={checkpoint.key!r}"), checkpoint)
        calibration = self._calibration_frame(parameters)
        x = None if request.x is None else list(request.x)
        nodes = 0 if self._nodes is None else self._nodes.crew.size
        context = TrainingContext(frame, x, request.y, validation, calibration, nodes)
        threads = min(threads or self._settings.nthreads, resolve(self._settings.nthreads))
        with threads_of_session(threads):
            p, start = self._start(validate(parameters, context), context)
        rows = frame.head if isinstance(frame, ShardedFrame) else frame
        needed = _training_bytes(rows, p) * _at_a_time(p, self._settings.nthreads)
        Memory(self._store, self._settings).check(needed, "training")
        key = key or p.model_id or self._fresh_key()
        self._store.check_kind(key, DeepLearningModel)
        if p.export_checkpoints_dir is not None:
            path_for(p.export_checkpoints_dir, key)  # warns where the file gets another name
        folds = partial(self._folds_elsewhere, key, request)
        run = TrainingRun(self._store, key, p, frame, validation, start, metric and metric[1], threads, folds)
        run.calibration = calibration
        run.frames = {
            "training_frame": request.training_frame_key,
            "validation_frame": request.validation_frame_key,
        }
        if self._nodes is not None and isinstance(frame, ShardedFrame):
            run.ready = partial(self._nodes.on_shards, key, frame, validation, start, threads)
        return run

    def _calibration_frame(self, parameters: Mapping[str, Any]) -> Frame | None:
        given = parameters.get("calibration_frame")
        return None if given is None else self._store.frame(check_value("calibration_frame", given))

    def _folds_elsewhere(
        self, key: str, request: Request, job: Job, p: DeepLearningParameters
    ) -> Elsewhere | None:
        return None if self._nodes is None else self._nodes.folds(job, key, request, p)

    def _fresh_key(self) -> str:
        """A key for a model without a name, unique also among those still in training."""
        started, number = int(1000 * self._settings.start_time), self._store.number()
        return f"DeepLearning_model_{self._store.client.language}_{started}_{number}"

    # ---- what training starts from

    def _start(
        self, p: DeepLearningParameters, context: TrainingContext
    ) -> tuple[DeepLearningParameters, Start]:
        """Parameters made to fit the model that training starts from, and that start."""
        if p.checkpoint is not None:
            checkpoint = self._named_model("checkpoint", p.checkpoint)
            return check_restart(p, context, checkpoint), Start(checkpoint=checkpoint)
        if p.pretrained_autoencoder is not None:
            pretrained = self._named_model("pretrained_autoencoder", p.pretrained_autoencoder)
            check_pretrained(p, pretrained)
            return p, Start(pretrained=pretrained)
        return p, Start([self._starting_pair(p, i) for i in range(len(p.hidden) + 1)])

    def _named_model(self, parameter: str, key: str) -> DeepLearningModel:
        models = self._store.keys(DeepLearningModel)
        if key not in models:
            raise NotFound(
                f"{parameter}={key!r}: there is no model of this name. Models are: "
                f"{', '.join(models[:8]) or 'none'}. One on disk has to be loaded first (h2o.load_model)"
            )
        return self._store.get(key, DeepLearningModel)

    def _starting_pair(self, p: DeepLearningParameters, layer: int) -> tuple[Array, Array] | None:
        """Starting weights and biases of a layer; used only when both are given."""
        given = (p.initial_weights, p.initial_biases)
        pair = [
            key for values in given if values and layer < len(values) and (key := values[layer]) is not None
        ]
        if len(pair) < 2:
            return None
        weights, biases = (_matrix(self._store.frame(key)) for key in pair)
        return weights, biases.reshape(-1)

    # ---- segments, metrics

    def train_segments(
        self,
        algo: str,
        parameters: Mapping[str, Any],
        segments: str | Sequence[str],
        *,
        x: Sequence[str] | None,
        y: str | None,
        training_frame_key: str,
        validation_frame_key: str | None = None,
        key: str | None = None,
        parallelism: int = 1,
    ) -> Started:
        request = Request(algo, dict(parameters), x, y, training_frame_key, validation_frame_key)
        run = SegmentRun(self._store, self.begin, request, segments, key, parallelism)
        return self._jobs.start("deeplearning Segment Models Build", run, run.key)

    def begin(self, request: Request, threads: int | None = None) -> Job:
        """Begin to train one model of several, whose job is known to who asks for it alone; see `prepare`."""
        run = self._prepare(request, threads)
        return Job(DESCRIPTION, run, run.key, run.about)

    def nodes_for(self, parameters: Mapping[str, Any]) -> int:
        """How many nodes there are that can train models of such parameters."""
        return self._nodes.crew.size if self._nodes is not None and self._nodes.can_take(parameters) else 0

    def begin_anywhere(self, request: Request, threads: int) -> Job:
        """Begin to train one model of several, on a node where there are nodes that can; see `begin`."""
        nodes = self._nodes
        shards = isinstance(self._store.any_frame(request.training_frame_key), ShardedFrame)
        if nodes is None or shards or not self.nodes_for(request.parameters):
            return self.begin(request, threads)

        def here(job: Job) -> str:
            return self._prepare(request, threads)(job)

        def work(job: Job) -> str:
            return nodes.model(job, request, here)

        return Job(DESCRIPTION, work, request.parameters.get("model_id"))

    def segment_models(self, key: str) -> str:
        return self._store.put_frame(self._store.get(key, SegmentModels).described())

    def put_metric(self, function: Any, key: str | None = None) -> str:
        return self._metrics.put(function, key)

    def check_metric(self, metric: Any, model_key: str) -> None:
        self._metrics.find(metric, model_key)


def _matrix(frame: Frame) -> Array:
    return np.stack([column.numbers() for column in frame.columns], axis=1)


def _training_bytes(frame: Frame, p: DeepLearningParameters) -> int:
    """Bytes a training run takes beside the frames: the compact copy, weights and optimiser state, a few snapshots."""
    inputs, total = len(p.predictors), 0
    for n in [*p.hidden, 10]:
        total += inputs * n
        inputs = n
    return sum(frame.column(name).nbytes for name in p.predictors) + 4 * 6 * total * p.ensemble_size


def _at_a_time(p: DeepLearningParameters, threads: int) -> int:
    """How many networks a training call may train at the same time."""
    tried = len(p.epochs_candidates or ()) * p.epochs_folds
    return max(1, min(threads, tried), min(threads, p.nfolds or threads) if is_cross_validated(p) else 1)
