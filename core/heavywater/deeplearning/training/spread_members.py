"""Members of an ensemble that are trained in several processes, where nothing needs them together before all are trained."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from ...engine.scoring import JointSnapshot, Snapshot
from ...errors import HeavywaterError, JobCancelled, UnstableModel
from ...jobs import SharedProgress, side_by_side
from ..model.model import DeepLearningModel
from ..model.state import Checkpoint
from ..parameters.resolution import CLASSES, REGRESSION
from ..parameters.validation import DeepLearningParameters
from .ensemble_worker import chosen_members, member_name, worker_here
from .prepared import Prepared
from .result import model_of
from .trainer import Progress, Trainer

Found = tuple[DeepLearningModel, UnstableModel | None]


class MembersElsewhere(Protocol):
    """Other processes that train some of the members of an ensemble."""

    workers: int  # how many there are

    def train(
        self, numbers: Sequence[int], progress: Progress, cancelled: Callable[[], bool]
    ) -> Found | None:
        """A model of these members as far as they are trained, and why no further; None where they are to be trained here."""


def needs_together(p: DeepLearningParameters) -> str:
    """What decides by all members, or by the clock, while they train; empty where nothing does."""
    classes, numbers = p.category in CLASSES, p.category == REGRESSION
    reasons = {
        "checkpoint": p.checkpoint is not None,
        "custom_metric_func": p.custom_metric_func is not None,
        "overwrite_with_best_model": p.overwrite_with_best_model,
        "stopping_rounds": p.stopping_rounds > 0,
        "max_runtime_secs": p.max_runtime_secs > 0,
        "classification_stop": classes and p.classification_stop >= 0,
        "regression_stop": numbers and p.regression_stop >= 0,
        "train_samples_per_iteration": p.train_samples_per_iteration > 0,
        "distribution": numbers and p.distribution == "huber",
    }
    return ", ".join(f"{name}={p.actual[name]!r}" for name, applies in reasons.items() if applies)


class SpreadMembers:
    """Lets other processes train the members of an ensemble, each some of them.

    Parameters
    ----------
    prepared : Prepared
        For all members. When all are trained, its training goes on from there.
    elsewhere : MembersElsewhere
    threads : int
        Of this process, for members that nobody else can train.
    cancelled : callable

    Attributes
    ----------
    error : UnstableModel or None
        Of the first member whose weights exploded.
    """

    def __init__(
        self, prepared: Prepared, elsewhere: MembersElsewhere, threads: int, cancelled: Callable[[], bool]
    ) -> None:
        self._prepared, self._elsewhere, self._threads, self._cancelled = (
            prepared,
            elsewhere,
            threads,
            cancelled,
        )
        self._size = prepared.parameters.ensemble_size
        parts = min(self._size, max(1, elsewhere.workers))
        self._groups = [range(self._size)[k::parts] for k in range(parts)]
        self._found: dict[int, DeepLearningModel] = {}  # by the number of a group
        self._failed = threading.Event()
        self.error: UnstableModel | None = None

    def run(self, report: Progress) -> bool:
        """Train all; whether all came to their end. Then a part of a mini-batch at most is left to train.

        Raises
        ------
        HeavywaterError
            Members cannot be trained.
        """
        p, parts = self._prepared.parameters, len(self._groups)
        names = [" and ".join(member_name(number, p) for number in group) for group in self._groups]
        message = ""

        def told(fraction: float, news: str | None) -> None:
            nonlocal message
            message = news or message
            report(fraction, message)

        progress = SharedProgress([len(group) for group in self._groups], names, told)
        side_by_side([partial(self._train, k, progress.part(k)) for k in range(parts)], parts)
        stopped = self._stop() or len(self._found) < parts
        if not stopped:
            self._prepared.saved = self._joined()
        return not stopped

    def network(self) -> Snapshot:
        """All members, as far as they are trained; those of which nothing is known as they begin."""
        found = worker_here(self._prepared, 1).snapshot().members
        for k, model in self._found.items():
            for number, member in zip(self._groups[k], model.network.members, strict=True):
                found[number] = member
        return JointSnapshot(found)

    @property
    def samples(self) -> int:
        """How many rows each member has trained, at least."""
        found = [model.facts["samples"] for model in self._found.values()]
        return min(found) if len(found) == len(self._groups) else 0

    def _stop(self) -> bool:
        return self._cancelled() or self._failed.is_set()

    def _train(self, k: int, progress: Progress) -> None:
        if self._stop():
            return
        try:
            found = self._elsewhere.train(self._groups[k], progress, self._stop)
            if found is None and not self._stop():
                found = self._here(self._groups[k], progress)
            if found is not None:
                self._found[k], error = found
                if error is not None:
                    self._failed.set()
                    self.error = self.error or error
            progress(1.0, "done")
        except JobCancelled:
            if not self._stop():  # else with the others: nothing is wrong with these
                raise
        except HeavywaterError:
            self._failed.set()
            raise

    def _here(self, group: Sequence[int], progress: Progress) -> Found:
        return members_trained(self._prepared, group, "members", self._threads, progress, self._stop)

    def _joined(self) -> Checkpoint:
        """Where all of them stopped."""
        layers, parts = self._prepared.topology.layers, len(self._groups)
        found = [self._found[k].checkpoint for k in range(parts)]
        known = [each for each in found if each is not None]
        order = [(known[number % parts], number // parts) for number in range(self._size)]
        seconds = max(each.state.seconds for each in known)
        return replace(
            known[0],
            network=JointSnapshot([each.network.members[at] for each, at in order]),
            optimiser=[state for each, at in order for state in each.optimiser[at * layers :][:layers]],
            centre=[pair for each, at in order for pair in each.centre[at * layers :][:layers]],
            state=replace(known[0].state, events=[], best=None, seconds=seconds, seconds_before=0.0),
        )


def members_trained(
    prepared: Prepared,
    numbers: Sequence[int],
    key: str,
    threads: int,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Found:
    """A model of some members, as far as they could be trained, and why no further.

    Parameters
    ----------
    prepared : Prepared
        For all members.
    numbers : sequence of int
        From 0.
    key : str
        Of the model.
    """
    chosen, error = chosen_members(prepared, numbers), None
    trainer = Trainer(chosen, threads=threads, progress=progress, cancelled=cancelled)
    try:
        trainer.run()
    except UnstableModel as found:
        error = found
        if len(numbers) == 1:
            error = UnstableModel(f"{member_name(numbers[0], prepared.parameters)}: {found}")
        trainer.finish_unstable(str(error))
    model = model_of(key, trainer)
    model.parameters = replace(
        model.parameters, actual={**model.parameters.actual, "ensemble_size": len(numbers)}
    )
    return model, error
