"""The training protocol: iterations, scoring, stopping, the best model.

Sources: booklet, "Specifying the Number of Training Samples", "Convergence-based Early Stopping", "Time-based Early
Stopping".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...engine.scoring import Snapshot
from ..model.custom_metric import CustomMetric
from ..model.scorer import Scorer
from ..model.state import Checkpoint, Iteration, TrainingState
from ..uncertainty.temperature import FittedTemperature
from .averaging import Averaging, NetworkWeights, NoAveraging, averaging_of
from .ensemble_worker import worker_here
from .iterations import IterationSizes
from .prepared import Prepared
from .scorings import Scorings
from .stopping import reason_to_stop
from .stopwatch import Stopwatch
from .worker import Worker

Progress = Callable[[float, str], None]


class Trainer:
    """Trains one network.

    Parameters
    ----------
    prepared : Prepared
    threads : int
        Threads the engine may use.
    progress : callable (fraction, message)
    cancelled : callable
        True when the run should stop.
    why : callable, optional
        Why it was cancelled, as text; may be empty.
    custom_metric : CustomMetric, optional
    averaging : Averaging, optional
        What brings the weights together with others after each iteration; by default what the parameters ask for.
    worker : Worker, optional
        What trains the network; by default this process.
    after_scoring : callable (trainer), optional
        Called after each scoring within the run.
    """

    def __init__(
        self,
        prepared: Prepared,
        *,
        threads: int,
        progress: Progress,
        cancelled: Callable[[], bool],
        custom_metric: CustomMetric | None = None,
        averaging: Averaging | None = None,
        worker: Worker | None = None,
        after_scoring: Callable[[Trainer], None] | None = None,
        why: Callable[[], str] = lambda: "",
    ) -> None:
        p = self.p = prepared.parameters
        self.prepared = prepared
        self.progress, self.cancelled, self.after_scoring = progress, cancelled, after_scoring
        self._why = why
        self.worker = worker or worker_here(prepared, threads)
        self._warnings = list(prepared.warnings)
        self.stopwatch = Stopwatch(p.max_runtime_secs)
        scorer = Scorer(prepared.spec, prepared.topology, p, threads, custom_metric=custom_metric)
        self.scorings = Scorings(prepared, scorer, self.stopwatch)
        self.sizes = IterationSizes(
            p,
            prepared.order,
            prepared.epoch_rows,
            lambda: self.worker.members,
            lambda: self.worker.shortest,
        )
        # who trains with others sees to it
        self.averaging = averaging or (averaging_of(p) if worker is None else NoAveraging())
        self.state = TrainingState()
        self.checkpoint: Checkpoint | None = None
        self.final: Snapshot | None = None  # the network of the result, once it is known
        self.duration = 0.0  # seconds that this run took until it was looked at last
        self._weights = NetworkWeights(self.worker.net, prepared.topology, self.worker.nets[1:])
        self._trained = False  # whether this run has trained an iteration
        self.temperature: FittedTemperature | None = None  # learned elsewhere
        self.choosing = False  # whether its network is one of a choice that was interrupted
        if prepared.saved is not None:
            self._resume(prepared.saved)
        saved = [] if prepared.saved is None else prepared.saved.centre
        self.averaging.begin(self._weights, saved, self.state.iteration is not None)

    @property
    def warnings(self) -> list[str]:
        """What the user should know."""
        return self._warnings + self.worker.warnings

    # ---- stopping and going on

    def capture(self) -> Checkpoint:
        """What a restart needs to go on from here."""
        s = self.state
        network, best = self.worker.snapshot(), s.best
        if best is not None and _equal(best[1], network):
            best = best[0], network  # held once
        visited, samples = self.worker.holds(s)
        state = replace(
            s,
            visited=visited,
            samples=samples,
            events=list(s.events),
            best=best,
            seconds_before=self.seconds,
            stopped_because="",
            interrupted=False,
        )
        return Checkpoint(
            network,
            self.worker.optimiser(),
            self.averaging.saved(s.iteration is not None),
            state,
            self.prepared.order.places,
            self.prepared.epoch_rows,
            self.sizes.epochs(state),
        )

    def _resume(self, saved: Checkpoint) -> None:
        """Go into the state in which an earlier run stopped."""
        self.worker.resume(saved.network, saved.optimiser)
        state = self.state = replace(saved.state, events=list(saved.state.events))
        rows = self.prepared.order.places
        if saved.rows != rows:  # other data: begin with a whole pass over it
            state.visited = -(-state.visited // max(1, rows)) * rows
            state.iteration = None
        if saved.frame_rows != self.prepared.epoch_rows:
            state.epochs_before, state.samples_before = saved.epochs, state.samples

    @property
    def epochs(self) -> float:
        """Trained samples per row of the frame."""
        return self.sizes.epochs(self.state)

    def measures(self) -> dict[str, float]:
        """How far training is: ``epochs``, ``samples``, ``iterations``, ``rows_per_second`` (0 before the first row)."""
        s = self.state
        speed = s.samples / s.seconds if s.seconds > 0 else 0.0
        return {
            "epochs": self.epochs,
            "samples": s.samples,
            "iterations": s.iterations,
            "rows_per_second": speed,
        }

    @property
    def seconds(self) -> float:
        """How long training has taken, with the runs that this one goes on from."""
        return self.state.seconds_before + self.stopwatch.elapsed

    # ---- the run

    def run(self) -> None:
        """Train until the epochs are done or a stopping rule holds.

        Raises
        ------
        UnstableModel
            The weights exploded; the network is left with the last good ones.
        """
        self.stopwatch.restart()
        trainable = self.prepared.order.trainable
        if self.prepared.saved is not None:
            self.scorings.look_again_at_best(self.state)
        elif self.p.autoencoder or self.p.epochs <= 0 or not trainable:
            self._score()
        if not trainable:
            self.state.stopped_because = "no row can be trained: all lack a response, a weight or a predictor"
            self._warnings.append("The network is untrained: " + self.state.stopped_because + ".")
        while not self._finished():
            self._iteration()
        if self.checkpoint is None:
            self.checkpoint = self.capture()
        self._keep_best()

    def took_before(self, seconds: float) -> None:
        """The run began so many seconds earlier, elsewhere."""
        self.stopwatch.started -= seconds
        self.duration += seconds

    def finish_unstable(self, reason: str) -> None:
        """Make the last good weights, or the best ones, the result of a run that became unstable."""
        self.state.stopped_because = reason
        self._keep_best()

    def _finished(self) -> bool:
        s, p = self.state, self.p
        if s.stopped_because:
            return True
        if self.sizes.complete(s):
            s.stopped_because = f"all {p.epochs:g} epochs are done"
        elif self.cancelled():
            s.stopped_because, s.interrupted = self._why() or "interrupted", True
        elif self.stopwatch.over:
            s.stopped_because = f"max_runtime_secs={p.max_runtime_secs:g} is over"
        elif self._trained or self.prepared.saved is None:
            # else: who goes on from a checkpoint wants more than what had converged there
            s.stopped_because = reason_to_stop(p, s, self.prepared.classes, self.scorings.extra(s))
        return bool(s.stopped_because)

    def _iteration(self) -> None:
        s = self.state
        if s.iteration is None:  # else a run before has left it unfinished
            s.iterations += 1
            s.iteration = Iteration(s.visited, s.samples, s.huber_delta)
        began, self._trained = s.iteration, True
        self.worker.begin(replace(began, total=self.sizes.wanted(s)))
        whole = began.visited + self.sizes.whole(s)
        last = began.visited + self.sizes.cut(s, began, whole - began.visited)
        if (
            last < whole
            and self.p.mini_batch_size > 1
            and self._train_until(self.sizes.whole_batches(began, last))
        ):
            self.checkpoint = self.capture()  # a restart fills up the batch that ends early here
        self._train_until(last)
        if s.visited < whole and self.checkpoint is None:
            # Cut short: a restart goes on within it, and must not know what the end of this run looks at.
            self.checkpoint = self.capture()
        s.iteration = None
        self.worker.end(s)
        self.averaging.end_iteration(self._weights, s.samples - began.samples)
        self.worker.keep()
        if self.scorings.due(s, self.sizes.complete(s) or self.cancelled()):
            self._score()
            if self.after_scoring is not None:
                self.duration = self.stopwatch.elapsed
                self.after_scoring(self)

    def _train_until(self, end: int) -> bool:
        """Train up to a visit; False where the run is to stop before."""
        s = self.state
        while s.visited < end:
            self.worker.slice(s, end)
            fraction = min(1.0, s.samples / max(1, self.sizes.wanted(s)))
            self.progress(fraction, self.scorings.message(s, self.epochs))
            if self.cancelled() or self.stopwatch.over:
                return False
        return True

    def _score(self) -> None:
        self.scorings.add(self.state, self.worker.snapshot(), self.epochs, self.worker.facts())

    def _keep_best(self) -> None:
        """Put the best model back where it is strictly better than the last, and score it once more."""
        s = self.state
        if not self.scorings.stand_for(s):
            self._score()
        if s.best is not None and s.best[0] < self.scorings.last_loss(s):
            self.final = s.best[1]
            self.worker.restore(self.final)
            self._score()
        self.duration = self.stopwatch.elapsed


def _equal(one: Snapshot, other: Snapshot) -> bool:
    pairs = [
        (a, b)
        for mine, theirs in zip(one.members, other.members, strict=True)
        for a, b in zip([*mine.weights, *mine.biases], [*theirs.weights, *theirs.biases], strict=True)
    ]
    return all(np.array_equal(a, b) for a, b in pairs)
