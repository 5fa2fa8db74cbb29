"""How many rows an iteration has, and how many a run.

Source: booklet, "Specifying the Number of Training Samples".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..model.state import Iteration, TrainingState
from ..parameters.validation import DeepLearningParameters
from .order import RowOrder
from .rounds import automatic

ITERATION_SECONDS = 2.0  # aim of train_samples_per_iteration=-2: scoring and stopping react within seconds
AUTO_ITERATIONS = 10  # ... but a run has at least about this many iterations


@dataclass(frozen=True)
class IterationSizes:
    """Sizes of iterations.

    Attributes
    ----------
    p : DeepLearningParameters
    order : RowOrder
    epoch_rows : int
        Rows that make an epoch.
    members : callable
        How many processes train; each of them has all rows.
    shortest : callable
        Rows that an iteration of automatic length has at least, or a multiple of.
    """

    p: DeepLearningParameters
    order: RowOrder
    epoch_rows: int
    members: Callable[[], int] = lambda: 1
    shortest: Callable[[], int] = lambda: 0

    def epochs(self, s: TrainingState) -> float:
        """Trained samples per row that counts."""
        return s.epochs_before + (s.samples - s.samples_before) / max(1, self.epoch_rows)

    def wanted(self, s: TrainingState) -> float:
        """Samples of all epochs; whole where the last iteration is cut to meet them: the user did not fix its size."""
        wanted = s.samples_before + (self.p.epochs - s.epochs_before) * self.epoch_rows
        return wanted if self.p.train_samples_per_iteration > 0 else max(round(wanted), int(wanted > 0))

    def complete(self, s: TrainingState) -> bool:
        """Whether the samples of all epochs are trained."""
        return s.samples >= self.wanted(s)

    def whole(self, s: TrainingState) -> int:
        """Rows to visit in the current iteration, were there no end of all epochs."""
        fixed = self.p.train_samples_per_iteration
        if fixed > 0:
            return fixed
        if fixed == -1 and self.p.replicate_training_data and not automatic(self.p):
            return self.epoch_rows * self.members()
        return self._tuned(s) if fixed == -2 else self.epoch_rows

    def cut(self, s: TrainingState, began: Iteration, whole: int) -> int:
        """Rows to visit in the current iteration; the last one may be shorter than a whole one."""
        fixed, total = self.p.train_samples_per_iteration, self.wanted(s)
        if fixed > 0:
            return max(1, min(whole, math.ceil(total)))
        missing = int(total) - began.samples
        return whole if missing >= whole else min(whole, self.order.visits_until(began.visited, missing))

    def whole_batches(self, began: Iteration, last: int) -> int:
        """Up to where the mini-batches of an iteration that ends with a visit are whole."""
        batch, samples = self.p.mini_batch_size, self.order.samples(began.visited, last)
        whole = samples // batch * batch
        return began.visited + (self.order.visits_until(began.visited, whole) if whole else 0)

    def _tuned(self, s: TrainingState) -> int:
        """About two seconds of work, at most a tenth of the run; the first iteration finds out the speed.

        Where processes meet it has whole rounds, and where these are longer it is one of them.
        """
        most = math.ceil(self.wanted(s) / AUTO_ITERATIONS)
        tuned = int(ITERATION_SECONDS * s.samples / s.seconds) if s.seconds else 1000
        shortest = self.shortest()
        if shortest:
            tuned = shortest * max(1, round(tuned / shortest))
        return max(1, min(most, tuned))
