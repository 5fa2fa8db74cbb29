"""Models that nodes train for a session: what is sent, how it is watched, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from ..cluster.framing import LinkLost
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.parameters.hold_out_rules import SETTING, SETTLED
from ..deeplearning.parameters.validation import DeepLearningParameters
from ..deeplearning.training.prepared import Prepared, Start
from ..deeplearning.training.shared_worker import SharedWorker
from ..deeplearning.training.worker import Worker
from ..engine.threads import resolve
from ..errors import HeavywaterError, UnstableModel
from ..export.frame_file import frame_of_bytes
from ..export.model_file import model_of_bytes
from ..frame.frame import Frame
from ..frame.sharded_frame import ShardedFrame
from ..jobs import RUNNING, Job
from .nodes import Crew, Node
from .peers import CrewPeers
from .protocol import Jobs
from .runs import Request, belonging_to, belongs_to, members_key, store_named
from .settings import Settings
from .shard_training import together_on_shards
from .store import Store
from .values import Started

T = TypeVar("T")
Report = Callable[[float, str], None]
Cancelled = Callable[[], bool]

WAIT_SECONDS = 0.1  # between two looks at a job of a node
MOST_LOST = (
    3  # nodes, while they trained one model: then it is taken to be the reason; 2, where no node is left
)
# What only this process can meet: a function of the user's, and a folder that a node may not see.
_AT_HOME = ("custom_metric_func", "export_checkpoints_dir")
# What concerns the model as a whole, and none of its members.
_OF_THE_WHOLE = (
    "model_id",
    "nfolds",
    "fold_column",
    "fold_assignment",
    "keep_cross_validation_models",
    "keep_cross_validation_predictions",
    "keep_cross_validation_fold_assignment",
    "calibrate_model",
    "calibration_frame",
    "calibration_method",
    "fit_temperature",
    "epochs_candidates",
    *SETTING,
    "epochs_folds",
    "max_runtime_secs",
    "export_checkpoints_dir",
)
_FRAMES = ("initial_weights", "initial_biases")
_MODELS = ("checkpoint", "pretrained_autoencoder")


class NodeTraining:
    """Trains models of a store on nodes, into it.

    Parameters
    ----------
    crew : Crew
    store : Store
    settings : Settings
    """

    def __init__(self, crew: Crew, store: Store, settings: Settings) -> None:
        self.crew, self._store, self._settings = crew, store, settings

    @staticmethod
    def can_take(parameters: Mapping[str, Any]) -> bool:
        """Whether a whole model of these parameters can be trained on a node."""
        return all(parameters.get(name) is None for name in _AT_HOME)

    def model(self, job: Job, request: Request, here: Callable[[Job], str]) -> str:
        """Train a model with a name on a node, or with `here` where none is left; its key."""
        key = str(request.parameters["model_id"])

        def on_node(node: Node) -> str:
            self.bring(node, request)
            far = node.session
            started = far.training.train(
                request.algo,
                request.parameters,
                x=request.x,
                y=request.y,
                training_frame_key=request.training_frame_key,
                validation_frame_key=request.validation_frame_key,
            )
            try:
                _watched(node, started, job, job.update, lambda: job.cancel_requested, of_model=True)
            except UnstableModel:
                self._fetch(node, key, job)
                raise
            return self._fetch(node, key, job)

        found = self.somewhere(key, job, lambda: job.cancel_requested, on_node)
        if found is None:
            job.stop_if_cancelled()
            return here(job)
        return found

    def somewhere(self, key: str, job: Job, stop: Cancelled, work: Callable[[Node], T]) -> T | None:
        """What work on a node gives; of a node that is lost it is done anew elsewhere. None: no node is left, or none needed.

        Raises
        ------
        HeavywaterError
            Several nodes were lost with it, so that others, or the process of the session, had better not try it.
        """
        lost = 0
        while lost < MOST_LOST:
            node = self.crew.take(key, stop)
            self._tell_news(job)
            if node is None:
                if lost < 2 or stop():
                    return None
                break
            try:
                return work(node)
            except LinkLost:
                lost += 1
            finally:
                node.clear(key)
                self.crew.give_back(node)
        self._tell_news(job)
        raise HeavywaterError(
            f"{key}: {lost} nodes were lost while they trained this model, so it is not tried again. Does it need more memory than "
            "they have?"
        )

    def _tell_news(self, job: Job) -> None:
        for text in self.crew.news():
            job.remark(text, text)

    @contextmanager
    def together(
        self, key: str, prepared: Prepared, threads: int, stop: Cancelled
    ) -> Iterator[Worker | None]:
        """What trains one network on all nodes; None where it is to be trained here."""
        p = prepared.parameters
        if not self.crew.size or p.single_node_mode or p.ensemble_size > 1:
            yield None
            return
        peers = CrewPeers(self.crew, key, prepared, stop)
        try:
            yield SharedWorker(prepared, peers, threads)
        finally:
            peers.close()

    def on_shards(
        self,
        key: str,
        frame: ShardedFrame,
        validation: Frame | None,
        start: Start,
        threads: int,
        p: DeepLearningParameters,
        stop: Cancelled,
    ) -> AbstractContextManager[tuple[Prepared, Worker | None], bool | None]:
        """What trains a network on the nodes that have the rows of a frame, see `together_on_shards`."""
        return together_on_shards(self.crew, key, p, frame, validation, start, threads, stop)

    def bring(self, node: Node, request: Request) -> None:
        """See that a node has what training takes."""
        parameters = request.parameters
        frames = [request.training_frame_key, request.validation_frame_key]
        for name in _FRAMES:
            frames += parameters.get(name) or ()
        frames.append(parameters.get("calibration_frame"))
        models = [parameters.get(name) for name in _MODELS]
        known = set(self._store.keys())  # what is not there, training refuses by name
        node.bring(
            self._store, [key for key in frames if key in known], [key for key in models if key in known]
        )

    def model_of(self, node: Node, key: str) -> DeepLearningModel:
        """A model of a node."""
        return model_of_bytes(node.session.model_files.to_bytes(key), resolve(self._settings.nthreads))

    def _fetch(self, node: Node, key: str, job: Job) -> str:
        """Store a model that a node has trained, with what belongs to it; its key."""
        far, store, model = node.session, self._store, self.model_of(node, key)
        folds = {
            name: self.model_of(node, name)
            for name in far.objects.keys("model")
            if belongs_to(name, key, DeepLearningModel)
        }
        frames = {
            name: frame_of_bytes(far.frames.to_bytes(name))
            for name in far.objects.keys("frame")
            if belongs_to(name, key, Frame)
        }
        with store.lock:
            model.key = store.key_for(key, DeepLearningModel, lambda text: job.remark("model_id", text))
            store_named(store, {**folds, **frames}, job)
            model.forget_all_but(belonging_to(model.key, store))
            return store.put(model, model.key)

    def members(self, key: str, request: Request, job: Job, p: DeepLearningParameters) -> NodeMembers | None:
        """What trains the members of an ensemble on nodes; None where they are to be trained here."""
        if not self.crew.size or p.single_node_mode:
            return None
        return NodeMembers(self, job, key, _of_members(request, p), self.crew.size)

    def folds(self, job: Job, key: str, request: Request, p: DeepLearningParameters) -> NodeFolds | None:
        """What trains the folds of a model on nodes; None where they are to be trained here."""
        workers = self.crew.size
        if not workers or request.parameters.get("custom_metric_func") is not None:
            return None
        # All folds are to be drawn with the same seed, and one that was found is not what the user gave.
        parameters = {**request.parameters, "seed": p.seed, "export_checkpoints_dir": None}
        if p.epochs_candidates:  # which have become a number of epochs
            chosen = {name: p.actual[name] for name in (*SETTLED, *SETTING.values())}
            parameters |= {"epochs_candidates": None, **dict.fromkeys(SETTING), **chosen}
        return NodeFolds(self, job, key, replace(request, parameters=parameters), workers)


def _of_members(request: Request, p: DeepLearningParameters) -> Request:
    """What members are asked for with, who have nothing to do with what becomes of them all."""
    given = {name: value for name, value in request.parameters.items() if name not in _OF_THE_WHOLE}
    # what was settled here, as a number of epochs, must not be settled anew
    settled = {name: p.actual[name] for name in ("seed", *SETTLED, *SETTING.values())}
    held_out = 0.0 if p.epochs_candidates else p.validation_fraction
    parameters = {**given, **settled, "validation_fraction": held_out}
    return replace(request, parameters=parameters, x=list(p.predictors))


class NodeMembers:
    """Trains members of an ensemble on nodes.

    Parameters
    ----------
    training : NodeTraining
    job : Job
    key : str
        Of the ensemble.
    request : Request
        For all members, with all that was settled.
    workers : int
        Nodes.
    """

    def __init__(self, training: NodeTraining, job: Job, key: str, request: Request, workers: int) -> None:
        self._training, self._job, self._key, self._request = training, job, key, request
        self.workers = workers

    def train(
        self, numbers: Sequence[int], progress: Report, cancelled: Cancelled
    ) -> tuple[DeepLearningModel, UnstableModel | None] | None:
        """A model of these members, and why they were trained no further; None where no node is left."""
        training, request, key = self._training, self._request, members_key(self._key, numbers)

        def on_node(node: Node) -> tuple[DeepLearningModel, UnstableModel | None]:
            training.bring(node, request)
            started = node.session.training.train_members(
                request.algo,
                request.parameters,
                x=request.x,
                y=request.y,
                training_frame_key=request.training_frame_key,
                validation_frame_key=request.validation_frame_key,
                key=self._key,
                members=list(numbers),
            )
            try:
                _watched(node, started, self._job, progress, cancelled)
            except UnstableModel as error:
                return training.model_of(node, key), error
            return training.model_of(node, key), None

        return training.somewhere(key, self._job, cancelled, on_node)


class NodeFolds:
    """Trains the models of folds on nodes.

    Parameters
    ----------
    training : NodeTraining
    job : Job
    key : str
        Of the main model.
    request : Request
        For the main model, with its seed.
    workers : int
        Folds that are trained at the same time.
    """

    def __init__(self, training: NodeTraining, job: Job, key: str, request: Request, workers: int) -> None:
        self._training, self._job, self._key, self._request = training, job, key, request
        self.workers = workers

    def train(
        self, k: int, at_a_time: int, progress: Report, cancelled: Cancelled
    ) -> tuple[DeepLearningModel, float] | None:
        """Model and epochs of fold k; None where no node is left."""
        training, request, key = self._training, self._request, f"{self._key}_cv_{k + 1}"

        def on_node(node: Node) -> tuple[DeepLearningModel, float]:
            training.bring(node, request)
            started = node.session.training.train_fold(
                request.algo,
                request.parameters,
                x=request.x,
                y=request.y,
                training_frame_key=request.training_frame_key,
                validation_frame_key=request.validation_frame_key,
                key=self._key,
                fold=k,
                at_a_time=at_a_time,
            )
            epochs = _watched(node, started, self._job, progress, cancelled)
            return training.model_of(node, key), float(epochs)

        return training.somewhere(key, self._job, cancelled, on_node)


def _watched(
    node: Node, started: Started, job: Job, progress: Report, cancelled: Cancelled, *, of_model: bool = False
) -> Any:
    """The result of a job of a node, whose progress, warnings and errors are those of a job here; of a model its history, too."""
    far, asked = node.session.jobs, False
    while True:
        state = far.wait(started["job"], WAIT_SECONDS)
        for text in state["warnings"]:
            job.remark(text, text)
        if of_model:
            job.about, job.measures = state["about"], state["measures"]
        if state["status"] != RUNNING:
            if of_model:
                _record(job, far, started["job"])
            return far.result(started["job"])
        progress(state["fraction"], state["message"])
        if not asked and cancelled():
            far.cancel(started["job"], job.cancel_reason or None)
            asked = True


def _record(job: Job, far: Jobs, key: str) -> None:
    """Give a job the scoring history of one at a node that has ended."""
    table, numbers = far.history(key), far.curves(key)
    if table is not None and numbers is not None:
        job.record(
            lambda: table,
            lambda first: {**numbers, "columns": [column[first:] for column in numbers["columns"]]},
        )
