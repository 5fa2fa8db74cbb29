"""Trainings in the log: the logger "h2o" of the standard library."""

from __future__ import annotations

import logging

from .callback import Callback
from .run import FAILED, Run, Scores

logger = logging.getLogger("h2o")
logger.addHandler(logging.NullHandler())  # whoever configures no logging sees nothing


class TrainingLog(Callback):
    """Logs what is trained, warnings, why training ended and how long it took; scorings at level DEBUG.

    Each training has one, as long as somebody listens to the logger "h2o"; there is no need to give it as a callback.

    Examples
    --------
    >>> import logging
    >>> log = logging.getLogger("h2o")
    >>> handler = logging.FileHandler("h2o.log")
    >>> log.addHandler(handler)
    >>> log.setLevel(logging.INFO)
    >>> model = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1, model_id="flowers")
    >>> model = model.train(y="class", training_frame=h2o.import_file("iris.csv"))
    >>> log.removeHandler(handler)
    >>> log.setLevel(logging.NOTSET)
    >>> "flowers: ended after" in open("h2o.log").read()
    True
    """

    def __init__(self) -> None:
        self._told: dict[Run, set[str]] = {}

    def on_start(self, run: Run) -> None:
        """Log what is trained."""
        self._told[run] = set()
        logger.info("%s: %s", _name(run), _what(run))

    def on_scoring(self, run: Run, scores: Scores) -> None:
        """Log the scores."""
        if logger.isEnabledFor(logging.DEBUG):
            text = ", ".join(f"{name} {value:.6g}" for name, value in scores.flat().items())
            logger.debug("%s: epoch %.4g, %s", _name(run), scores.epochs, text)

    def on_poll(self, run: Run) -> None:
        """Log the warnings that are new."""
        self._warn(run, run.warnings)

    def on_end(self, run: Run) -> None:
        """Log why training ended."""
        if run.model is not None:
            self._warn(run, [str(text) for text in run.model._description.get("warnings", ())])
        del self._told[run]
        if run.error is not None or run.status == FAILED:
            logger.error("%s: failed after %s: %s", _name(run), _time(run.seconds), run.reason)
            return
        logger.info("%s: ended after %s: %s%s", _name(run), _time(run.seconds), run.reason, _reached(run))

    def _warn(self, run: Run, warnings: list[str]) -> None:
        for text in warnings:
            if text not in self._told[run]:
                self._told[run].add(text)
                logger.warning("%s: %s", _name(run), text)


def _name(run: Run) -> str:
    return run.model_id or run.description


def _what(run: Run) -> str:
    """What is trained, in one line."""
    about, data = run.about, run.data
    if run.kind != "model" or not about:
        frame = data.get("training_frame_key")
        return run.description + (f" on {frame}" if frame else "")
    folds = f", {about['nfolds']} folds" if about.get("nfolds") else ""
    target = f" of {about['response_column']!r}" if about.get("response_column") else ""
    return (
        f"training of a {about['model_category']} model{target} on {about.get('training_frame') or 'rows'}: {about['nrow']:,} rows x "
        f"{about['predictors']:,} predictors, hidden {about['hidden']} {about['activation']}, distribution {about['distribution']}, "
        f"{about['epochs']:g} epochs{folds}"
    )


def _reached(run: Run) -> str:
    last = run.last
    if last is None:
        return ""
    part = "validation" if last.validation else "training"
    return f"; epoch {last.epochs:.4g}, {last.samples:,} rows, {part} {last.metric} {last.value:.6g}"


def _time(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds < 120 else f"{seconds / 60:.1f} min"
