"""The training protocol: iterations, scoring, stopping, the best model.

Sources: booklet, "Specifying the Number of Training Samples", "Convergence-based Early Stopping", "Time-based Early
Stopping".
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..engine.blas import single_threaded_blas
from ..engine.plan import plan
from ..engine.scoring import Snapshot
from ..errors import InvalidArgument, UnstableModel
from ..frame.frame import Frame
from .data import DataSpec, training_rows
from .network import Topology, check_stable, create, restore, snapshot
from .order import RowOrder, sample
from .schedule import engine_settings
from .scorer import Scorer
from .stopping import METRICS, converged, loss_of
from .validation import DeepLearningParameters

Array = np.ndarray[Any, np.dtype[Any]]
SLICE_SECONDS = 0.2  # the engine is left this often, to report progress and to notice Ctrl-C
ITERATION_SECONDS = 2.0  # aim of train_samples_per_iteration=-2: scoring and stopping react within seconds
AUTO_ITERATIONS = 10  # ... but a run has at least about this many iterations

Progress = Callable[[float, str], None]


@dataclass
class ScoringEvent:
    """One line of the scoring history."""

    time: float  # seconds since the epoch
    duration: float  # seconds since training began
    speed: float  # training samples per second, without scoring
    epochs: float
    iterations: int
    samples: int
    training: dict[str, float]
    validation: dict[str, float] | None


@dataclass
class TrainingState:
    """Where a training run stands."""

    visited: int = 0  # rows of the endless sequence, trained or skipped
    samples: int = 0  # rows trained
    iterations: int = 0
    seconds: float = 0.0  # spent in the engine
    huber_delta: float = 1.0
    events: list[ScoringEvent] = field(default_factory=list)
    best: tuple[float, Snapshot] | None = None
    stopped_because: str = ""
    interrupted: bool = False


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
    """

    def __init__(self, p: DeepLearningParameters, frame: Frame, validation: Frame | None, *, threads: int,
                 given: list[tuple[Array, Array] | None], progress: Progress, cancelled: Callable[[], bool]) -> None:  # fmt: skip
        self.p = p
        self.progress = progress
        self.cancelled = cancelled
        self.spec = DataSpec.fit(frame, p)
        self.rows, scorable, trained = training_rows(self.spec, frame, p)
        domain = self.spec.response.domain if self.spec.response else None
        self.topology = Topology.of(p, self.spec.encoder.inputs, None if domain is None else len(domain))
        self.frame_rows = rows_of_an_epoch(frame, p)
        self.order = RowOrder(trained, p.seed, p.shuffle_training_data)
        self.net = create(self.topology, self.rows, p, given)
        self.plan = plan(self.rows, self.topology.units, self.topology.channels, threads, reproducible=p.reproducible,
                         batches=p.mini_batch_size > 1)  # fmt: skip
        scored = sample(scorable, p.score_training_samples, p.seed)
        self.scorer = Scorer(self.spec, self.topology, p, threads)
        self.training_sample = self.scorer.prepare(frame, scored, self.rows)
        self.validation_sample = None
        if validation is not None:
            adapted, self.warnings = self.spec.adapt(validation)
            self.warnings += self.spec.unknown_classes(validation)
            chosen = sample(np.ones(validation.nrow, bool), p.score_validation_samples, p.seed)
            self.validation_sample = self.scorer.prepare_new(validation, adapted, chosen)
            if not self.scorer.countable(self.validation_sample):
                raise InvalidArgument(
                    "validation_frame: no row can be scored, all lack a response or a weight. Leave it out."
                )
        else:
            self.warnings = []
        self.state = TrainingState()
        self._centre: dict[int, tuple[Array, Array]] = {}
        self._good = snapshot(self.net, self.topology, p)
        self._last_scoring: tuple[float, float] | None = None  # when it began, how long it took

    # ---- the run

    @property
    def epochs(self) -> float:
        """Trained samples per row of the frame."""
        return self.state.samples / max(1, self.frame_rows)

    def run(self) -> None:
        """Train until the epochs are done or a stopping rule holds.

        Raises
        ------
        UnstableModel
            The weights exploded; the network is left with the last good ones.
        """
        self.started = time.time()
        self._clock = time.perf_counter()
        if self.p.autoencoder or self.p.epochs <= 0 or not self.order.usable.any():
            self._score()
        if not self.order.usable.any():
            self.state.stopped_because = "no row can be trained: all lack a response, a weight or a predictor"
            self.warnings.append("The network is untrained: " + self.state.stopped_because + ".")
        while not self._finished():
            self._iteration()
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
            s.stopped_because = self._converged()
        return bool(s.stopped_because)

    def _complete(self) -> bool:
        """Whether the samples of all epochs are trained."""
        return self.state.samples >= self._samples_wanted()

    def _samples_wanted(self) -> float:
        """Samples of all epochs; whole where the last iteration is cut to meet them: the user did not fix its size."""
        wanted = self.p.epochs * self.frame_rows
        return wanted if self.p.train_samples_per_iteration > 0 else max(round(wanted), int(wanted > 0))

    def _iteration_size(self) -> int:
        """Rows to visit in the next iteration."""
        s, fixed, total = self.state, self.p.train_samples_per_iteration, self._samples_wanted()
        if fixed > 0:
            return max(1, min(fixed, math.ceil(total)))
        size = self._tuned_size(total) if fixed == -2 else self.frame_rows
        missing = int(total) - s.samples
        return size if missing >= size else min(size, self.order.visits_until(s.visited, missing))

    def _tuned_size(self, total: float) -> int:
        """About two seconds of work, at most a tenth of the run; the first iteration finds out the speed."""
        s = self.state
        if s.seconds == 0:
            return max(1, min(math.ceil(total / AUTO_ITERATIONS), 1000))
        return max(1, min(math.ceil(total / AUTO_ITERATIONS), int(ITERATION_SECONDS * s.samples / s.seconds)))

    def _iteration(self) -> None:
        s, p = self.state, self.p
        s.iterations += 1
        loss = (
            {"CrossEntropy": "crossentropy", "Quadratic": "quadratic"}.get(p.loss, "")
            if self._classes()
            else p.distribution
        )
        settings = engine_settings(p, s.samples, self.topology.layers, loss=loss, huber_delta=s.huber_delta)
        self.net.configure(
            **settings, elastic=p.elastic_averaging_regularization if p.elastic_averaging else 0.0
        )
        self._elastic()
        last = s.visited + self._iteration_size()
        while s.visited < last:
            self._slice(last)
            if self.cancelled() or (
                p.max_runtime_secs > 0 and time.perf_counter() - self._clock >= p.max_runtime_secs
            ):
                break
        self._good = snapshot(self.net, self.topology, p)
        if self._should_score():
            self._score()

    def _classes(self) -> bool:
        return self.spec.response is not None and self.spec.response.domain is not None

    def _elastic(self) -> None:
        """Elastic averaging on one node: the centre moves towards the weights at every iteration (Zhang et al. 2015)."""
        if not self.p.elastic_averaging:
            return
        rate = self.p.elastic_averaging_moving_rate
        for i in range(self.topology.layers):
            w, b = self.net.weights(i), self.net.biases(i)
            old = self._centre.get(i, (w, b))
            self._centre[i] = (rate * w + (1 - rate) * old[0], rate * b + (1 - rate) * old[1])
            self.net.set_centre(i, *self._centre[i])

    def _slice(self, last: int) -> None:
        """Train part of an iteration; its size never changes the result, only how often we look up."""
        s, p, batch = self.state, self.p, self.p.mini_batch_size
        rate = s.samples / s.seconds if s.seconds > 0.01 else 500
        size = max(batch, int(rate * SLICE_SECONDS) // batch * batch)
        # whole batches: where a slice ends depends on the clock, and must not decide which rows share an update
        visits = size if batch == 1 else self.order.visits_until(s.visited, size)
        end = min(last, s.visited + visits)
        order = self.order.visits(s.visited, end)
        began = time.perf_counter()
        with single_threaded_blas() if batch > 1 else contextlib.nullcontext():
            self.net.train(
                self.rows, order, s.samples, self.plan.threads, self.plan.hogwild, batch_size=batch
            )
        s.seconds += time.perf_counter() - began
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
            text += f", {where} {name.replace('_', ' ')} {scores[name]:.4g}"
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
        s.events.append(ScoringEvent(time.time(), began - self._clock, speed, self.epochs, s.iterations, s.samples,
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
        if self._classes() and last["classification_error"] <= p.classification_stop:
            return f"the training error {last['classification_error']:g} reached classification_stop={p.classification_stop:g}"
        if not self._classes() and not p.autoencoder and last["mse"] <= p.regression_stop:
            return f"the training MSE {last['mse']:g} reached regression_stop={p.regression_stop:g}"
        name, more = METRICS[p.stopping_metric]
        values = [(e.validation or e.training)[name] for e in events]
        if converged(values, p.stopping_rounds, p.stopping_tolerance, more):
            return f"{p.stopping_metric} did not improve by {p.stopping_tolerance:g} over {p.stopping_rounds} scorings"
        return ""

    def _keep_best(self) -> None:
        """Put the best model back where it is strictly better than the last, and score it once more."""
        s, p = self.state, self.p
        if not s.events or s.events[-1].samples != s.samples:
            self._score()
        if s.best is None:
            return
        last = loss_of(s.events[-1].validation or s.events[-1].training, p.stopping_metric)
        if s.best[0] < last:
            restore(self.net, s.best[1])
            self._score()


def rows_of_an_epoch(frame: Frame, p: DeepLearningParameters) -> int:
    """Number of rows that make an epoch; weights of 0 and 1 only are a row filter."""
    if p.weights_column:
        weights = frame.column(p.weights_column).numbers()
        if set(np.unique(weights)) == {0.0, 1.0}:
            return int((weights == 1).sum())
    return frame.nrow
