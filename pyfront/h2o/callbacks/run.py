"""What callbacks are told of a training run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heavywater.session import JobHandle, State

if TYPE_CHECKING:
    from ..estimators.estimator_base import H2OEstimator

__all__ = ["Run", "Scores"]

RUNNING, CANCELLED, FAILED = "RUNNING", "CANCELLED", "FAILED"


@dataclass(frozen=True)
class Scores:
    """One line of the scoring history.

    Attributes
    ----------
    number : int
        Its place among the scorings of this run, from 0 on.
    time : float
        When it was, in seconds since 1970.
    duration : float
        Seconds of training until then, with those of the models that this one goes on from.
    epochs : float
        Passes over the training frame until then; `iterations` and `samples` (rows trained) likewise.
    iterations, samples : int
    rows_per_second : float
    training, validation : dict
        Scores by name, as "rmse", "logloss", "auc"; NaN where one has no value. `validation` is empty without validation frame.
    metric : str
        Name of the score by which training may stop early.

    Examples
    --------
    >>> run.last.metric
    'mse'
    """

    number: int
    time: float
    duration: float
    epochs: float
    iterations: int
    samples: int
    rows_per_second: float
    training: Mapping[str, float]
    validation: Mapping[str, float]
    metric: str

    @property
    def value(self) -> float:
        """Value of `metric`: on the validation frame where there is one, else on the training frame.

        Examples
        --------
        >>> run.last.value >= 0
        True
        """
        return (self.validation or self.training).get(self.metric, math.nan)

    def flat(self) -> dict[str, float]:
        """All scores by the names that they have in the scoring history, as "training_rmse", those without a value left out.

        Returns
        -------
        dict
            Names and values.

        Examples
        --------
        >>> sorted(run.last.flat())[0]
        'training_mse'
        """
        parts = {"training": self.training, "validation": self.validation}
        named = {f"{part}_{name}": value for part, scores in parts.items() for name, value in scores.items()}
        return {name: value for name, value in named.items() if not math.isnan(value)}


class Run:
    """A training run, as callbacks see it.

    Attributes
    ----------
    kind : str
        "model", "grid" or "segments"; "job" for other work, which only displays see.
    parent : Run or None
        The search or the segments that the model is trained for.
    number : int
        Of a model within `parent`: its place in the order in which they began, from 0 on.
    parameters : dict
        What was asked for, by the names of the estimator's parameters; those left out have their defaults. Empty for the models of
        a `parent`, whose parameters `model` has at the end.
    data : dict
        ``x``, ``y``, ``training_frame_key``, ``validation_frame_key``.
    about : dict
        What is settled before training begins: ``model_category``, ``distribution``, ``response_column``, ``nrow``, ``predictors`` (how
        many), ``hidden``, ``activation``, ``epochs`` ... Empty where that is not known here, as for models that a node trains for a node.
    scores : list of Scores
        The scoring history so far.
    error : BaseException or None
        What the training has ended with; in `Callback.on_end`.

    Examples
    --------
    >>> run.kind, run.status
    ('model', 'DONE')
    """

    def __init__(
        self,
        job: JobHandle,
        kind: str = "job",
        parameters: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        parent: Run | None = None,
        number: int = 0,
    ) -> None:
        self._job = job
        self.kind, self.parent, self.number = kind, parent, number
        self.parameters, self.data = dict(parameters or {}), dict(data or {})
        self.scores: list[Scores] = []
        self._model: Any = None
        self._load: Callable[[str], Any] | None = None
        self.error: BaseException | None = None
        self._reason = ""
        self._began = time.monotonic()
        self._ended: float | None = None
        self._recorded = 0
        self._history_lines = 0

    def __repr__(self) -> str:
        return f"<Run {self.kind} {self.model_id or self.description!r}: {self.status}, {self.fraction:.0%}>"

    # ---- who it is

    @property
    def key(self) -> str:
        """Key of the job.

        Examples
        --------
        >>> job = h2o.get_job(run.key)
        """
        return self._job.key

    @property
    def description(self) -> str:
        """What the job does.

        Examples
        --------
        >>> text = run.description
        """
        return self._job.description

    @property
    def model_id(self) -> str:
        """Name of what is made: the model, the grid ...

        Examples
        --------
        >>> run.model_id == coder.model_id
        True
        """
        return self._job.destination or ""

    @property
    def about(self) -> dict[str, Any]:
        """See above.

        Examples
        --------
        >>> sorted(run.about)[:1]
        ['activation']
        """
        return self._state["about"]

    # ---- how far it is

    @property
    def _state(self) -> State:
        return self._job.last

    @property
    def status(self) -> str:
        """One of "RUNNING", "DONE", "FAILED" and "CANCELLED" (by Ctrl-C or `stop`; there may be a model).

        Examples
        --------
        >>> run.status
        'DONE'
        """
        return self._state["status"]

    @property
    def fraction(self) -> float:
        """Share of the work done, 0 to 1.

        Examples
        --------
        >>> run.fraction
        1.0
        """
        return self._state["fraction"]

    @property
    def message(self) -> str:
        """Latest remark of the job: speed, epochs and the last score as text; of a cross-validation with the fold that it is of.

        Examples
        --------
        >>> text = run.message
        """
        return self._state["message"]

    @property
    def warnings(self) -> list[str]:
        """The warnings so far.

        Examples
        --------
        >>> run.warnings
        []
        """
        return list(self._state["warnings"])

    @property
    def epochs(self) -> float:
        """Passes over the training frame so far; 0 before the first, and while folds are trained.

        Examples
        --------
        >>> run.epochs
        5.0
        """
        return float(self._state["measures"].get("epochs", 0.0))

    @property
    def samples(self) -> int:
        """Rows trained so far.

        Examples
        --------
        >>> run.samples
        750
        """
        return int(self._state["measures"].get("samples", 0))

    @property
    def iterations(self) -> int:
        """Iterations begun so far.

        Examples
        --------
        >>> run.iterations > 0
        True
        """
        return int(self._state["measures"].get("iterations", 0))

    @property
    def rows_per_second(self) -> float:
        """Rows trained per second of training; 0 before the first.

        Examples
        --------
        >>> speed = run.rows_per_second
        """
        return float(self._state["measures"].get("rows_per_second", 0.0))

    @property
    def seconds(self) -> float:
        """Since the training began, as it is seen from here; after the end how long it took.

        Examples
        --------
        >>> run.seconds >= 0
        True
        """
        if self._state["end_time"] is not None:
            return self._state["end_time"] - self._state["start_time"]
        return (time.monotonic() if self._ended is None else self._ended) - self._began

    @property
    def last(self) -> Scores | None:
        """The last scoring, None before the first.

        Examples
        --------
        >>> run.last.epochs
        5.0
        """
        return self.scores[-1] if self.scores else None

    @property
    def model(self) -> H2OEstimator | None:
        """The trained model, in `Callback.on_end`; None before, and where there is none.

        Examples
        --------
        >>> run.model.model_id == coder.model_id
        True
        """
        if self._model is None and self._load is not None:
            load, self._load = self._load, None
            key = self._job.result
            self._model = None if key is None else load(str(key))
        found: H2OEstimator | None = self._model
        return found

    @property
    def reason(self) -> str:
        """Why training has ended: the words of the model, of the error, or of `stop`; empty before.

        Examples
        --------
        >>> text = run.reason
        """
        if self.status == RUNNING and self.error is None:
            return ""
        if self.error is not None:
            return str(self.error) or type(self.error).__name__
        told = "" if self.model is None else str(self.model._description.get("stopped_because") or "")
        return told or self._reason or ("interrupted" if self.status == CANCELLED else "complete")

    # ---- what may be asked for

    def stop(self, reason: str = "a callback has asked for it") -> None:
        """Ask the training to end at the next opportunity, after which there is a model of what was trained so far.

        Parameters
        ----------
        reason : str
            The model tells it as the reason why training ended.

        Notes
        -----
        Of a grid or of segments it ends the whole: models in training are kept, no further ones begin. While the folds of a
        cross-validation are trained there is no model yet; ``train`` then raises `H2OJobCancelled` with the reason.

        Examples
        --------
        >>> class Once(h2o.Callback):
        ...     def on_scoring(self, run, scores):
        ...         run.stop("once is enough")
        >>> net = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1000, score_each_iteration=True, seed=1)
        >>> _ = net.train(y="class", training_frame=iris, callbacks=Once())
        """
        if not isinstance(reason, str):
            raise TypeError(f"reason={reason!r} must be a text")
        if self.status == RUNNING:
            self._reason = self._reason or reason
            self._job.cancel(reason)

    # ---- for who watches the job

    def _take_scores(self) -> None:
        """Fetch the lines of the history that are new."""
        recorded = self._state["recorded"]
        if recorded == self._recorded:
            return
        found = self._job.curves(self._history_lines)
        if found is not None:
            numbers = dict(zip(found["names"], found["columns"], strict=True))
            count = len(numbers["time"])
            first = max(0, found["before"] - self._history_lines)
            for row in range(first, count):
                self.scores.append(_line(len(self.scores), found["metric"], numbers, row))
            self._history_lines += count
        self._recorded = recorded


def _line(number: int, metric: str, numbers: dict[str, list[Any]], row: int) -> Scores:
    def part(prefix: str) -> dict[str, float]:
        return {
            name.removeprefix(prefix): math.nan if column[row] is None else float(column[row])
            for name, column in numbers.items()
            if name.startswith(prefix)
        }

    return Scores(
        number=number,
        time=numbers["time"][row],
        duration=numbers["duration"][row],
        epochs=numbers["epochs"][row],
        iterations=int(numbers["iterations"][row]),
        samples=int(numbers["samples"][row]),
        rows_per_second=numbers["speed"][row],
        training=part("training_"),
        validation=part("validation_"),
        metric=metric,
    )
