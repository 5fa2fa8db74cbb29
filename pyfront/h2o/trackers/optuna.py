"""Trials of Optuna that end early."""

from __future__ import annotations

import math
from typing import Any, Literal

from heavywater.session.parameters import more_is_better

from ..callbacks.callback import Callback
from ..callbacks.run import Run, Scores
from ..exceptions import H2OValueError
from .needed import needed

__all__ = ["OptunaPruning"]


class OptunaPruning(Callback):
    """Reports the scores of a training to a trial of Optuna, and ends it when the trial's pruner finds it without promise.

    A training that is pruned ends at once, and ``train`` raises ``optuna.TrialPruned``, with which the study goes on.

    Parameters
    ----------
    trial : optuna.trial.Trial
        Which the objective was called with.
    metric : str, optional
        Name of a score, as "logloss" or "auc"; by default the one by which training may stop early. Of the validation frame where
        there is one, else of the training frame.
    step : str
        By what trials are compared: "iterations" (the default), "number" (of the scoring), "samples" or whole "epochs". Pruners
        compare trials at the same step, so that scorings of all trials have to come at the same ones: give
        ``score_each_iteration=True`` and a `train_samples_per_iteration` from 0 on or of -1.

    Raises
    ------
    ImportError
        Optuna is not installed (``pip install 'heavywater[optuna]'``); when the object is made.

    Examples
    --------
    >>> import optuna
    >>> from h2o.trackers import OptunaPruning
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> train, valid = h2o.load_dataset("iris").split_frame(ratios=[0.8], seed=1)
    >>> def objective(trial):
    ...     model = h2o.H2ODeepLearningEstimator(
    ...         hidden=[trial.suggest_int("units", 4, 16)], epochs=3, train_samples_per_iteration=0, score_each_iteration=True
    ...     )
    ...     pruning = OptunaPruning(trial, "logloss")
    ...     model.train(y="class", training_frame=train, validation_frame=valid, callbacks=[pruning])
    ...     return model.logloss(valid=True)
    >>> study = optuna.create_study(direction="minimize")
    >>> study.optimize(objective, n_trials=2)
    >>> len(study.trials)
    2
    """

    def __init__(
        self,
        trial: Any,
        metric: str | None = None,
        step: Literal["iterations", "number", "samples", "epochs"] = "iterations",
    ) -> None:
        needed("optuna", "optuna", "OptunaPruning")
        if step not in ("iterations", "number", "samples", "epochs"):
            raise H2OValueError(f"step={step!r} must be 'iterations', 'number', 'samples' or 'epochs'")
        self.trial, self.metric, self.step = trial, metric, step
        self._last = -1
        if metric is not None:
            self._check_direction(metric)

    @property
    def _optuna(self) -> Any:
        return needed("optuna", "optuna", "OptunaPruning")

    def _check_direction(self, metric: str) -> None:
        """Refuse a metric of which the study wants the worst values."""
        directions = self._optuna.study.StudyDirection
        wanted = directions.MAXIMIZE if more_is_better(metric) else directions.MINIMIZE
        found = self.trial.study.direction
        if metric != "custom" and found != wanted:
            raise H2OValueError(
                f"metric={metric!r}: the study is to {found.name.lower()}, and of {metric} "
                f"{'more' if wanted == directions.MAXIMIZE else 'less'} is better; make it with direction={wanted.name.lower()!r}"
            )

    def on_scoring(self, run: Run, scores: Scores) -> None:
        """Report one scoring, and ask whether to go on."""
        if run.parent is not None:
            raise H2OValueError("callbacks: OptunaPruning follows one training, neither a grid nor segments")
        name = self.metric or scores.metric
        if self._last < 0 and self.metric is None:
            self._check_direction(name)
        values = scores.validation or scores.training
        if name not in values:
            raise H2OValueError(f"metric={name!r}: the scores of this model are {', '.join(values)}")
        step = int(getattr(scores, self.step))
        if step <= self._last or math.isnan(values[name]):
            return  # the best model, put back at the end, is scored once more
        self._last = step
        self.trial.report(values[name], step)
        if self.trial.should_prune():
            raise self._optuna.TrialPruned(f"{name} {values[name]:.6g} at {self.step} {step}: no promise")
