"""The training protocol: iterations, scoring, stopping, the best model.

Sources: booklet, "Specifying the Number of Training Samples", "Convergence-based Early Stopping", "Time-based Early
Stopping".
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.blas import single_threaded_blas
from ...engine.plan import plan
from ...engine.scoring import Snapshot
from ...errors import InvalidArgument, UnstableModel
from ...frame.frame import Frame
from ..encoding.data import DataSpec, training_rows
from ..model.custom_metric import CustomMetric
from ..model.network import Topology, check_stable, create, restore, snapshot
from ..model.scorer import Scorer
from ..model.state import Checkpoint, Iteration, ScoringEvent, TrainingState
from ..parameters.validation import DeepLearningParameters
from .balance import Balance
from .checkpoint import capture, resume, resumed_spec
from .order import RowOrder, sample
from .pretraining import pretrained_start
from .schedule import engine_settings
from .stopping import METRICS, converged, loss_of
from .team import Team

if TYPE_CHECKING:
    from ..model.model import DeepLearningModel

Array = np.ndarray[Any, np.dtype[Any]]
SLICE_SECONDS = 0.2  # the engine is left this often, to report progress and to notice Ctrl-C
ITERATION_SECONDS = 2.0  # aim of train_samples_per_iteration=-2: scoring and stopping react within seconds
AUTO_ITERATIONS = 10  # ... but a run has at least about this many iterations

Progress = Callable[[float, str], None]


class Trainer:
    """Trains one network.

    Parameters
    ----------
    p : DeepLearningParameters
        Checked parameters.
    frame : Frame
        Training frame.
    validation : Frame or None
    threads : int
        Threads the engine may use.
    given : list of (weights, biases) or None
        Starting weights per layer, see `network.create`.
    progress : callable (fraction, message)
    cancelled : callable
        True when the run should stop.
    checkpoint : DeepLearningModel, optional
        Model whose training goes on; the parameters must have been checked against it (`check_restart`).
    pretrained : DeepLearningModel, optional
        Autoencoder whose hidden layers are the start.
    custom_metric : CustomMetric, optional
    after_scoring : callable (trainer), optional
        Called after each scoring within the run.
    """

    def __init__(self, p: DeepLearningParameters, frame: Frame, validation: Frame | None, *, threads: int,
                 given: list[tuple[Array, Array] | None], progress: Progress, cancelled: Callable[[], bool],
                 checkpoint: DeepLearningModel | None = None, pretrained: DeepLearningModel | None = None,
                 custom_metric: CustomMetric | None = None,
                 after_scoring: Callable[[Trainer], None] | None = None) -> None:  # fmt: skip
        self.p = p
        self.progress = progress
        self.cancelled = cancelled
        self.after_scoring = after_scoring
        self.warnings: list[str] = []
        if checkpoint is None:
            self.spec = DataSpec.fit(frame, p)
        else:
            self.spec, frame, self.warnings = resumed_spec(checkpoint, frame)
        self.rows, scorable, trained = training_rows(self.spec, frame, p)
        domain = self.spec.response.domain if self.spec.response else None
        self.topology = Topology.of(p, self.spec.encoder.inputs, None if domain is None else len(domain))
        self.order, self.frame_rows = self._row_order(frame, trained)
        if pretrained is not None:
            given = pretrained_start(pretrained, self.spec, self.topology)
        self.net = create(self.topology, self.rows, p, given)
        self.plan = plan(self.rows, self.topology.units, self.topology.channels, threads, reproducible=p.reproducible,
                         batches=p.mini_batch_size > 1)  # fmt: skip
        self.team = Team(self.plan.threads)
        scored = sample(scorable, p.score_training_samples, p.seed)
        self.scorer = Scorer(self.spec, self.topology, p, threads, custom_metric=custom_metric)
        self.training_sample = self.scorer.prepare(frame, scored, self.rows)
        self.validation_sample = None
        if validation is not None:
            adapted, remarks = self.spec.adapt(validation)
            self.warnings += remarks + self.spec.metrics_warnings(validation)
            chosen = self._validation_rows(validation)
            self.validation_sample = self.scorer.prepare_new(validation, adapted, chosen)
            if not self.scorer.countable(self.validation_sample):
                raise InvalidArgument(
                    "validation_frame: no row can be scored, all lack a response or a weight. Leave it out."
                )
        self.state = TrainingState()
        self.centre: dict[int, tuple[Array, Array]] = {}
        self.checkpoint: Checkpoint | None = None
        self.final: Snapshot | None = None  # the network of the result, once it is known
        self.resumed = checkpoint is not None and checkpoint.checkpoint is not None
        if checkpoint is not None and checkpoint.checkpoint is not None:
            resume(self, checkpoint.checkpoint)
        self._good = snapshot(self.net, self.topology, p)
        self._last_scoring: tuple[float, float] | None = None  # when it began, how long it took
        self._trained = False  # whether this run has trained an iteration

    def _row_order(self, frame: Frame, trained: Array) -> tuple[RowOrder, int]:
        """The order of rows, and how many make an epoch. Where classes are balanced these are sampled rows."""
        p, response = self.p, self.spec.response
        if not p.balance_classes or response is None or self.rows.label is None:
            return RowOrder(trained, p.seed, p.shuffle_training_data), rows_of_an_epoch(frame, p)
        label = np.where(trained, self.rows.label, -1)
        balance = Balance.sample(label, len(response.domain or ()), p.class_sampling_factors,
                                 p.max_after_balance_size, p.seed)  # fmt: skip
        if len(balance.rows):
            response.model_distribution = balance.shares
        order = RowOrder(trained, p.seed, p.shuffle_training_data, balance.rows)
        return order, len(balance.rows)

    def _validation_rows(self, validation: Frame) -> Array:
        """Numbers of the validation rows to score."""
        classes = None
        if self.p.score_validation_sampling == "Stratified" and self._classes():
            classes = self.spec.actual(validation)
        return sample(np.ones(validation.nrow, bool), self.p.score_validation_samples, self.p.seed, classes)

    # ---- the run

    @property
    def epochs(self) -> float:
        """Trained samples per row of the frame."""
        s = self.state
        return s.epochs_before + (s.samples - s.samples_before) / max(1, self.frame_rows)

    @property
    def seconds(self) -> float:
        """How long training has taken, with the runs that this one goes on from."""
        return self.state.seconds_before + time.perf_counter() - self._clock

    def run(self) -> None:
        """Train until the epochs are done or a stopping rule holds.

        Raises
        ------
        UnstableModel
            The weights exploded; the network is left with the last good ones.
        """
        self.started = time.time()
        self._clock = time.perf_counter()
        if self.resumed:
            self._look_again_at_best()
        elif self.p.autoencoder or self.p.epochs <= 0 or not self.order.usable.any():
            self._score()
        if not self.order.usable.any():
            self.state.stopped_because = "no row can be trained: all lack a response, a weight or a predictor"
            self.warnings.append("The network is untrained: " + self.state.stopped_because + ".")
        while not self._finished():
            self._iteration()
        if self.checkpoint is None:
            self.checkpoint = capture(self)
        self._keep_best()
        self.duration = time.perf_counter() - self._clock

    def finish_unstable(self, reason: str) -> None:
        """Make the last good weights, or the best ones, the result of a run that became unstable."""
        self.state.stopped_because = reason
        self._keep_best()
        self.duration = time.perf_counter() - self._clock

    def _finished(self) -> bool:
        s, p = self.state, self.p
        if s.stopped_because:
            return True
        if self._complete():
            s.stopped_because = f"all {p.epochs:g} epochs are done"
        elif self.cancelled():
            s.stopped_because, s.interrupted = "interrupted", True
        elif p.max_runtime_secs > 0 and time.perf_counter() - self._clock >= p.max_runtime_secs:
            s.stopped_because = f"max_runtime_secs={p.max_runtime_secs:g} is over"
        else:
            # who goes on from a checkpoint wants more than what had converged there
            s.stopped_because = self._converged() if self._trained or not self.resumed else ""
        return bool(s.stopped_because)

    def _complete(self) -> bool:
        """Whether the samples of all epochs are trained."""
        return self.state.samples >= self._samples_wanted()

    def _samples_wanted(self) -> float:
        """Samples of all epochs; whole where the last iteration is cut to meet them: the user did not fix its size."""
        s = self.state
        wanted = s.samples_before + (self.p.epochs - s.epochs_before) * self.frame_rows
        return wanted if self.p.train_samples_per_iteration > 0 else max(round(wanted), int(wanted > 0))

    def _whole_iteration(self) -> int:
        """Rows to visit in the current iteration, were there no end of all epochs."""
        fixed = self.p.train_samples_per_iteration
        if fixed > 0:
            return fixed
        return self._tuned_size(self._samples_wanted()) if fixed == -2 else self.frame_rows

    def _iteration_size(self, began: Iteration, whole: int) -> int:
        """Rows to visit in the current iteration; the last one may be cut."""
        fixed, total = self.p.train_samples_per_iteration, self._samples_wanted()
        if fixed > 0:
            return max(1, min(whole, math.ceil(total)))
        missing = int(total) - began.samples
        return whole if missing >= whole else min(whole, self.order.visits_until(began.visited, missing))

    def _tuned_size(self, total: float) -> int:
        """About two seconds of work, at most a tenth of the run; the first iteration finds out the speed."""
        s = self.state
        if s.seconds == 0:
            return max(1, min(math.ceil(total / AUTO_ITERATIONS), 1000))
        return max(1, min(math.ceil(total / AUTO_ITERATIONS), int(ITERATION_SECONDS * s.samples / s.seconds)))

    def _iteration(self) -> None:
        s, p = self.state, self.p
        if s.iteration is None:  # else a run before has left it unfinished
            s.iterations += 1
            s.iteration = Iteration(s.visited, s.samples, s.huber_delta)
            self._elastic()
        began, self._trained = s.iteration, True
        loss = (
            {"CrossEntropy": "crossentropy", "Quadratic": "quadratic"}.get(p.loss, "")
            if self._classes()
            else p.distribution
        )
        settings = engine_settings(
            p, began.samples, self.topology.layers, loss=loss, huber_delta=began.huber_delta
        )
        self.net.configure(
            **settings, elastic=p.elastic_averaging_regularization if p.elastic_averaging else 0.0
        )
        whole = self._whole_iteration()
        last = began.visited + self._iteration_size(began, whole)
        cut = last < began.visited + whole
        if cut and p.mini_batch_size > 1 and self._train_until(self._whole_batches(began, last)):
            self.checkpoint = capture(self)  # a restart fills up the batch that ends early here
        self._train_until(last)
        self._good = snapshot(self.net, self.topology, p)
        if s.visited < began.visited + whole and self.checkpoint is None:
            # Cut short: a restart goes on within it, and must not know what the end of this run looks at.
            self.checkpoint = capture(self)
        s.iteration = None
        if self._should_score():
            self._score()
            if self.after_scoring is not None:
                self.duration = time.perf_counter() - self._clock
                self.after_scoring(self)

    def _train_until(self, end: int) -> bool:
        """Train up to a visit; False where the run is to stop before."""
        p = self.p
        while self.state.visited < end:
            self._slice(end)
            if self.cancelled() or (
                p.max_runtime_secs > 0 and time.perf_counter() - self._clock >= p.max_runtime_secs
            ):
                return False
        return True

    def _whole_batches(self, began: Iteration, last: int) -> int:
        """Up to where the mini-batches of an iteration that ends with a visit are whole."""
        batch, samples = self.p.mini_batch_size, len(self.order.visits(began.visited, last))
        whole = samples // batch * batch
        return began.visited + (self.order.visits_until(began.visited, whole) if whole else 0)

    def _classes(self) -> bool:
        return self.spec.response is not None and self.spec.response.domain is not None

    def _elastic(self) -> None:
        """Elastic averaging on one node: the centre moves towards the weights at every iteration (Zhang et al. 2015)."""
        if not self.p.elastic_averaging:
            return
        rate = self.p.elastic_averaging_moving_rate
        for i in range(self.topology.layers):
            w, b = self.net.weights(i), self.net.biases(i)
            old = self.centre.get(i, (w, b))
            self.centre[i] = (rate * w + (1 - rate) * old[0], rate * b + (1 - rate) * old[1])
            self.net.set_centre(i, *self.centre[i])

    def _slice(self, last: int) -> None:
        """Train part of an iteration; its size never changes the result, only how often we look up."""
        s, p, batch = self.state, self.p, self.p.mini_batch_size
        size = max(batch, self.team.rows(SLICE_SECONDS) // batch * batch)
        # whole batches: where a slice ends depends on the clock, and must not decide which rows share an update
        visits = size if batch == 1 else self.order.visits_until(s.visited, size)
        end = min(last, s.visited + visits)
        order = self.order.visits(s.visited, end)
        threads = self.team.size
        began = time.perf_counter()
        with single_threaded_blas() if batch > 1 else contextlib.nullcontext():
            self.net.train(
                self.rows,
                order,
                s.samples,
                threads,
                self.plan.strategy,
                exchange=self.plan.exchange,
                batch_size=batch,
            )
        seconds = time.perf_counter() - began
        self.team.note(len(order), seconds)
        s.seconds += seconds
        s.visited = end
        s.samples += len(order)
        try:
            check_stable(self.net, self.topology, p, s.iterations, s.samples)
        except UnstableModel:
            restore(self.net, self._good)
            raise
        self.progress(min(1.0, s.samples / max(1, self._samples_wanted())), self._message())

    def _message(self) -> str:
        s = self.state
        text = f"{s.samples / max(s.seconds, 1e-9):,.0f} rows/s, epoch {self.epochs:.2f}"
        if s.events:
            event = s.events[-1]
            name = METRICS[self.p.stopping_metric][0]
            scores, where = (event.validation, "valid") if event.validation else (event.training, "train")
            text += f", {where} {name.replace('_', ' ')} {scores.get(name, math.nan):.4g}"
        return text

    # ---- scoring

    def _should_score(self) -> bool:
        p, now = self.p, time.perf_counter()
        if self._last_scoring is None or p.score_each_iteration or self._complete() or self.cancelled():
            return True
        if self._early() and self._cheap_to_score():
            return True
        began, took = self._last_scoring
        return now - began > p.score_interval and took < p.score_duty_cycle * (now - began)

    def _early(self) -> bool:
        """Whether the default pace of scoring is still too slow.

        Small data is trained long before the default score_interval is over: the best model would be a choice of two.
        """
        p = self.p
        return (
            not {"score_interval", "score_duty_cycle"} & p.given.keys()
            and self.state.seconds < p.score_interval
        )

    def _cheap_to_score(self) -> bool:
        """Whether few rows are to be scored beside those trained since the last time; a matter of counts, not of time."""
        rows = sum(
            sample.rows.n for sample in (self.training_sample, self.validation_sample) if sample is not None
        )
        return rows <= 2 * (self.state.samples - self.state.events[-1].samples)

    def _score(self) -> None:
        s, p, began = self.state, self.p, time.perf_counter()
        current = snapshot(self.net, self.topology, p)
        training = self.scorer.numbers(current, self.training_sample)
        validation = (
            None if self.validation_sample is None else self.scorer.numbers(current, self.validation_sample)
        )
        speed = s.samples / s.seconds if s.seconds > 0 else 0.0
        duration = s.seconds_before + began - self._clock
        s.events.append(ScoringEvent(time.time(), duration, speed, self.epochs, s.iterations, s.samples,
                                     training, validation))  # fmt: skip
        if (
            p.distribution == "huber" and not p.autoencoder
        ):  # whose inputs have width 1, and the delta that width
            s.huber_delta = self.scorer.huber_delta(current, self.training_sample)
        loss = loss_of(validation or training, p.stopping_metric)
        if p.overwrite_with_best_model and s.samples > 0 and (s.best is None or loss < s.best[0]):
            s.best = (loss, current)
        self._last_scoring = (began, time.perf_counter() - began)

    def _converged(self) -> str:
        """Why training should stop now, or an empty text."""
        s, p = self.state, self.p
        events = [e for e in s.events if e.samples > 0]
        if not events or events[-1].samples != s.samples:
            return ""
        last = events[-1].training
        error = last["classification_error"] if self._classes() else math.inf
        if error <= p.classification_stop and self._obeys("classification_stop"):
            return f"the training error {error:g} reached classification_stop={p.classification_stop:g}"
        mse = math.inf if self._classes() or p.autoencoder else last["mse"]
        if mse <= p.regression_stop and self._obeys("regression_stop"):
            return f"the training MSE {mse:g} reached regression_stop={p.regression_stop:g}"
        name, more = METRICS[p.stopping_metric]
        values = [(e.validation or e.training).get(name, math.nan) for e in events]
        if converged(values, p.stopping_rounds, p.stopping_tolerance, more):
            return f"{p.stopping_metric} did not improve by {p.stopping_tolerance:g} over {p.stopping_rounds} scorings"
        return ""

    def _obeys(self, stop: str) -> bool:
        """Whether a limit may end the run now.

        Scorings beyond the pace of score_interval are there for the best model: they end a run only by a limit that the user
        has set.
        """
        extra = self._early() and not self.p.score_each_iteration and len(self.state.events) > 1
        return stop in self.p.given or not extra

    def _keep_best(self) -> None:
        """Put the best model back where it is strictly better than the last, and score it once more."""
        s, p = self.state, self.p
        name = METRICS[p.stopping_metric][0]
        if not s.events or s.events[-1].samples != s.samples or name not in s.events[-1].training:
            self._score()
        if s.best is None:
            return
        last = loss_of(s.events[-1].validation or s.events[-1].training, p.stopping_metric)
        if s.best[0] < last:
            self.final = s.best[1]
            restore(self.net, self.final)
            self._score()

    def _look_again_at_best(self) -> None:
        """Score the best model of the runs before on the data and by the metric of this one."""
        s, p = self.state, self.p
        if s.best is None or not p.overwrite_with_best_model:
            s.best = None
            return
        sample = self.validation_sample or self.training_sample
        s.best = loss_of(self.scorer.numbers(s.best[1], sample), p.stopping_metric), s.best[1]


def rows_of_an_epoch(frame: Frame, p: DeepLearningParameters) -> int:
    """Number of rows that make an epoch; weights of 0 and 1 only are a row filter."""
    if p.weights_column:
        weights = frame.column(p.weights_column).numbers()
        if set(np.unique(weights)) == {0.0, 1.0}:
            return int((weights == 1).sum())
    return frame.nrow
