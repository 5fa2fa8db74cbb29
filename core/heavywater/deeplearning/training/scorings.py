"""When a network is scored while it is trained, what that gives, and which was the best.

Source: booklet, "Convergence-based Early Stopping".
"""

from __future__ import annotations

import math
import time

from ...engine.scoring import Snapshot
from ..model.scorer import Scorer
from ..model.state import ScoringEvent, TrainingState
from .prepared import Prepared
from .stopping import METRICS, loss_of
from .stopwatch import Stopwatch


class Scorings:
    """The scorings of a training run; lines of the history and the best network go into its state.

    Parameters
    ----------
    prepared : Prepared
    scorer : Scorer
    stopwatch : Stopwatch
        Of the run.
    """

    def __init__(self, prepared: Prepared, scorer: Scorer, stopwatch: Stopwatch) -> None:
        self.p, self.scorer, self.stopwatch = prepared.parameters, scorer, stopwatch
        self.training, self.validation = prepared.training_sample, prepared.validation_sample
        self._last: tuple[float, float] | None = None  # when it began, how long it took

    # ---- when

    def due(self, s: TrainingState, ending: bool) -> bool:
        """Whether to score after an iteration; `ending`: it is the last one."""
        p, now = self.p, time.perf_counter()
        if self._last is None or p.score_each_iteration or ending:
            return True
        if self._early(s) and self._cheap(s):
            return True
        began, took = self._last
        return now - began > p.score_interval and took < p.score_duty_cycle * (now - began)

    def _early(self, s: TrainingState) -> bool:
        """Whether the default pace of scoring is still too slow.

        Small data is trained long before the default score_interval is over: the best model would be a choice of two.
        """
        given = {"score_interval", "score_duty_cycle"} & self.p.given.keys()
        return not given and s.seconds < self.p.score_interval

    def _cheap(self, s: TrainingState) -> bool:
        """Whether few rows are to be scored beside those trained since the last time; a matter of counts, not of time."""
        rows = sum(sample.rows.n for sample in (self.training, self.validation) if sample is not None)
        return rows <= 2 * (s.samples - s.events[-1].samples)

    def extra(self, s: TrainingState) -> bool:
        """Whether the last scoring came beyond the pace of score_interval: it is there for the best model."""
        return self._early(s) and not self.p.score_each_iteration and len(s.events) > 1

    # ---- what

    def add(
        self, s: TrainingState, network: Snapshot, epochs: float, facts: dict[str, float] | None = None
    ) -> None:
        """Score a network; keep it if it is the best so far."""
        p, began, duration = self.p, time.perf_counter(), s.seconds_before + self.stopwatch.elapsed
        training = self.scorer.numbers(network, self.training)
        validation = None if self.validation is None else self.scorer.numbers(network, self.validation)
        speed = s.samples / s.seconds if s.seconds > 0 else 0.0
        s.events.append(
            ScoringEvent(
                time.time(),
                duration,
                speed,
                epochs,
                s.iterations,
                s.samples,
                training,
                validation,
                facts or {},
            )
        )
        if (
            p.distribution == "huber" and not p.autoencoder
        ):  # whose inputs have width 1, and the delta that width
            s.huber_delta = self.scorer.huber_delta(network, self.training)
        loss = self.last_loss(s)
        if p.overwrite_with_best_model and s.samples > 0 and (s.best is None or loss < s.best[0]):
            s.best = (loss, network)
        self._last = (began, time.perf_counter() - began)

    def last_loss(self, s: TrainingState) -> float:
        """The stopping metric of the last scoring as a loss."""
        return loss_of(s.events[-1].validation or s.events[-1].training, self.p.stopping_metric)

    def stand_for(self, s: TrainingState) -> bool:
        """Whether the last scoring is one of the network as it is, by the metric of this run."""
        name = METRICS[self.p.stopping_metric][0]
        return bool(s.events) and s.events[-1].samples == s.samples and name in s.events[-1].training

    def look_again_at_best(self, s: TrainingState) -> None:
        """Score the best model of the runs before on the data and by the metric of this one."""
        if s.best is None or not self.p.overwrite_with_best_model:
            s.best = None
            return
        network = s.best[1]
        scores = self.scorer.numbers(network, self.validation or self.training)
        s.best = loss_of(scores, self.p.stopping_metric), network

    def message(self, s: TrainingState, epochs: float) -> str:
        """Speed, epochs and the last score, for who waits."""
        speed = f"{s.samples / max(s.seconds, 1e-9):,.0f}".replace(",", " ")
        text = f"{speed} rows/s, epoch {epochs:.2f}"
        if s.events:
            event = s.events[-1]
            name = METRICS[self.p.stopping_metric][0]
            scores, where = (event.validation, "valid") if event.validation else (event.training, "train")
            text += f", {where} {name.replace('_', ' ')} {scores.get(name, math.nan):.4g}"
        return text
