"""The job of a grid search: trains one combination after the other, or several at a time."""

from __future__ import annotations

import json
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from ..deeplearning.training.stopping import converged
from ..errors import HeavywaterError, JobCancelled, NotSaved
from ..jobs import Job
from .grid import Description, Failure, Grid, Member, stopping_name, value_of
from .space import Criteria, Space

POLL_SECONDS = 0.05


class Host(Protocol):
    """What a search needs of the session."""

    def start(self, parameters: dict[str, Any], threads: int) -> Job:
        """Begin to train a model."""

    def describe(self, model_key: str) -> Description | None:
        """What a trained model reached, see `Grid.described`; None where it has been removed since."""

    def begin(self, job: Job) -> None:
        """The search begins."""

    def added(self, model_key: str, exported: bool) -> None:
        """A model is trained; `exported`: its files are written, as far as its own training does that."""

    def finish(self) -> None:
        """The search is over; may raise `NotSaved`."""


def signature_of(parameters: Mapping[str, Any]) -> str:
    """Text that is the same for parameters that make the same model, by which a grid knows what it has trained.

    A model read back tells ``epochs=1.0`` where 1 was given, and where it was saved makes no difference to it.
    """
    told = {name: _plain(value) for name, value in parameters.items() if name != "export_checkpoints_dir"}
    return json.dumps(told, sort_keys=True, default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Search:
    """One run through a space.

    Parameters
    ----------
    grid : Grid
        Gets the models; combinations whose models it has are left out.
    space : Space
    criteria : Criteria
    parameters : dict
        Of all models.
    threads : int
        Threads of all models together.
    parallelism : int
        Models to train at the same time.
    host : Host
    """

    def __init__(
        self,
        grid: Grid,
        space: Space,
        criteria: Criteria,
        parameters: dict[str, Any],
        *,
        threads: int,
        parallelism: int,
        host: Host,
    ) -> None:
        self.grid, self.space, self.criteria, self.parameters = grid, space, criteria, parameters
        self.threads, self.parallelism = max(1, threads // parallelism), parallelism
        self.host = host
        self._lock = threading.Lock()
        self._active: dict[int, float] = {}  # share done of the models in training
        self._ended = 0
        self._known = {member.signature for member in grid.members}
        self._before = len(grid.members)
        self._tried = len(grid.members) + len(grid.failures)  # failed ones have used up a name, too
        self._walk = space.walk(criteria)

    def run(self, job: Job) -> str:
        """Train until the space is done or a criterion holds; the key of the grid. Raises what no model could survive."""
        self._deadline = (
            time.monotonic() + self.criteria.max_runtime_secs if self.criteria.max_runtime_secs else None
        )
        self.host.begin(job)
        waiting = self._combinations()
        errors: list[BaseException] = []

        def work() -> None:
            while not errors:
                try:
                    with self._lock:
                        found = None if self._over(job) else next(waiting, None)
                        if found is None:
                            return
                        self._active[found[0]] = 0.0
                        self._tried += 1  # here, so that the names follow the walk
                        name = f"{self.grid.key}_model_{self._tried}"
                    self._one(job, name, *found)
                except BaseException as error:  # noqa: BLE001 - whoever waits raises it
                    errors.append(error)

        count = min(self.parallelism, self.space.steps(self.criteria.strategy))
        workers = [threading.Thread(target=work, daemon=True) for _ in range(count)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if errors:
            raise errors[0]
        self.host.finish()
        if not self.grid.members:
            job.stop_if_cancelled()
        return self.grid.key

    def _combinations(self) -> Iterator[tuple[int, dict[str, Any], dict[str, Any], str]]:
        """Number, hyper-parameters, all parameters and signature of what is still to train."""
        for number, values in enumerate(self._walk):
            parameters = {**self.parameters, **values}
            if self.criteria.seed != -1 and "seed" not in parameters:
                parameters["seed"] = min(self.criteria.seed, 2**63 - 1 - number) + number
            signature = signature_of(parameters)
            if signature not in self._known:
                self._known.add(signature)
                yield number, values, parameters, signature

    def _over(self, job: Job) -> bool:
        """Whether no further model should begin. Failed combinations do not count as models."""
        limit = self.criteria.max_models
        if job.cancel_requested or (self._deadline is not None and time.monotonic() >= self._deadline):
            return True
        if limit and len(self.grid.members) - self._before + len(self._active) >= limit:
            return True
        return self._converged()

    def _converged(self) -> bool:
        rounds = self.criteria.stopping_rounds
        if rounds == 0 or len(self.grid.members) < 2 * rounds:
            return False
        described = [self.host.describe(member.model_key) for member in self.grid.members]
        models = [each for each in described if each is not None]
        if len(models) < 2 * rounds:
            return False
        name, more = stopping_name(self.criteria.stopping_metric, models[0])
        # the best so far after each model: a bad combination says nothing about what the next one can reach
        best, history = None, []
        for model in models:
            value = value_of(model, name)
            best = value if best is None else max(best, value) if more else min(best, value)
            history.append(best)
        return converged(history, rounds, self.criteria.stopping_tolerance, more)

    # ---- one model

    def _one(
        self,
        job: Job,
        name: str,
        number: int,
        values: dict[str, Any],
        parameters: dict[str, Any],
        signature: str,
    ) -> None:
        try:
            key, exported = self._train(job, number, {**self._timed(parameters), "model_id": name})
        except JobCancelled:  # with the search: nothing is wrong with the combination
            with self._lock:
                self._tried -= 1
        except (HeavywaterError, MemoryError) as error:
            with self._lock:
                self.grid.failures.append(Failure(values, str(error), traceback.format_exc()))
        else:
            with self._lock:
                self._add(Member(key, values, "" if job.cancel_requested else signature))
            self.host.added(key, exported)
        finally:
            with self._lock:
                del self._active[number]
                self._ended += 1
            self._report(job, "")

    def _add(self, member: Member) -> None:
        """A model, in the place of one of these values that was not trained to its end."""
        kept = [each for each in self.grid.members if each.signature or each.values != member.values]
        self.grid.members[:] = [*kept, member]

    def _timed(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """With a limit of the time that is left for the search."""
        if self._deadline is None:
            return parameters
        left = max(0.001, self._deadline - time.monotonic())
        own = parameters.get("max_runtime_secs") or left
        return {**parameters, "max_runtime_secs": min(own, left)}

    def _train(self, job: Job, number: int, parameters: dict[str, Any]) -> tuple[str, bool]:
        """Key of a new model, and whether its training could save what it was to save."""
        training = self.host.start(parameters, self.threads)
        job.parts.append(training)
        while not training.wait_for(POLL_SECONDS):
            if job.cancel_requested:
                training.cancel(job.cancel_reason)
            self._active[number] = training.fraction
            for about, text in training.remarks().items():
                job.remark(about, text)
            self._report(job, training.message)
        for about, text in training.remarks().items():
            job.remark(about, text)
        if isinstance(training.error, NotSaved):  # no reason to lose the model
            return training.error.key, False
        if training.error is not None:
            raise training.error
        return str(training.result), True

    def _report(self, job: Job, message: str) -> None:
        total = self.space.steps(self.criteria.strategy)
        if self.criteria.max_models:
            total = min(total, self.criteria.max_models)
        done = (self._ended + sum(list(self._active.values()))) / max(1, total)
        if self._deadline is not None:
            gone = 1 - (self._deadline - time.monotonic()) / self.criteria.max_runtime_secs
            done = max(done, gone)
        text = (
            f"model {self._ended + 1} of {total}: {message}"
            if message
            else f"{self._ended} of {total} models"
        )
        job.update(done, text)
