"""How many epochs: networks are trained with each number on a part of the rows, and the others say which was best.

A short schedule of rates that runs to its end is better than a long one that is cut off, so each number is tried by a training of
its own. They run side by side, smallest first, and no further than to the first that is no better than the one before: the same
ones, with the same results, for any number of threads. Other settings of parameters (l1_candidates, numeric_bins_candidates) are
tried after them in the same way, from the best number so far on.

Sources: booklet, "Specifying the Number of Training Samples"; Holzmueller, Grinsztajn and Steinwart, "Better by Default: Strong
Pre-Tuned MLPs and Boosted Trees on Tabular Data" (2024), on training all rows for as long as was best on rows held out.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.blas import single_threaded_blas
from ...errors import UnstableModel
from ...frame.frame import Frame
from ...jobs import Report, SharedProgress, side_by_side, stretch
from ..model.epochs_choice import EpochsChoice
from ..model.model import DeepLearningModel
from ..model.sample import Sample
from ..parameters.fold_rules import is_cross_validated, usable_rows
from ..parameters.hold_out_rules import SETTING, settings_of
from ..parameters.resolution import CLASSES
from ..parameters.validation import DeepLearningParameters
from ..uncertainty.temperature import FittedTemperature, tempered
from .averaging import averaging_of
from .folds import assign, deal
from .held_out import FOLDS, HOLD_OUT, VALIDATION, intervals_of
from .hold_out import HoldOut, used_rows
from .prepared import Prepared, Start
from .trainer import Trainer
from .worker import LocalWorker

logger = logging.getLogger("h2o.training")
SHARE_OF_TIME = 0.5  # of a limit, for the choice
MOST_KEPT = 2**28  # bytes of encoded rows of folds: what is beyond is encoded anew for each candidate

# A training that only is to be scored, once, at its end.
_BARE = {
    "epochs_candidates": None,
    **dict.fromkeys(SETTING),
    "epochs_folds": 1,
    "validation_fraction": 0.0,
    "ensemble_size": 1,
    "nfolds": 0,
    "fold_column": None,
    "fold_assignment": None,
    "calibrate_model": False,
    "fit_temperature": False,
    "export_checkpoints_dir": None,
    "score_validation_samples": 0,
    "score_interval": 1e9,
    "max_runtime_secs": 0.0,
}


_Try = tuple[int, int, int]  # number of the setting, of the candidate and of the part


@dataclass
class OutcomeOfEpochs:
    """What one training gave.

    Attributes
    ----------
    loss, weight : float
        On the rows held out, with the best temperature where one is fitted, and the sum of their weights.
    rows : int
        How many rows these are.
    seconds : float
    trainer : Trainer or None
        Who has the network, where there is only one for each number of epochs.
    told : float array (rows,), or (rows, classes or quantiles)
        What the network says of the rows held out.
    sample : Sample
        What these rows should give, without the rows.
    """

    loss: float
    weight: float
    rows: int
    seconds: float
    trainer: Trainer | None
    told: Array
    sample: Sample


@dataclass(frozen=True)
class _Part:
    """Rows to train on, and rows to score; made when they are asked for."""

    label: str
    rows: int
    make: Callable[[], tuple[Frame, Frame]]


class ChoosingEpochs:
    """The choice for one model.

    Parameters
    ----------
    p : DeepLearningParameters
        Checked parameters, with `epochs_candidates`.
    frame : Frame
        Training frame.
    validation : Frame or None
    start : Start
        What the networks start from.
    threads : int
        Threads that all of them share.
    stop : callable
        True when the choice should end.

    Attributes
    ----------
    choice : EpochsChoice or None
        What `choose` has chosen; None where no row can be held out, or not one number was tried.
    """

    def __init__(
        self,
        p: DeepLearningParameters,
        frame: Frame,
        validation: Frame | None,
        start: Start,
        threads: int,
        stop: Callable[[], bool],
    ) -> None:
        self._p, self._frame, self._start, self._threads = p, frame, start, threads
        self.candidates = list(p.epochs_candidates or ())
        self._settings = settings_of(p.actual)
        self.source, self._parts = self._held_out(validation)
        self._stop = stop
        self._metric = "logloss" if p.category in CLASSES else "deviance"
        self._found: dict[_Try, OutcomeOfEpochs] = {}
        self._last = [len(self.candidates) - 1] * len(self._settings)  # after which there is no need to go on
        self._lock, self._waiting, self._in_use = threading.Lock(), 0, 0
        self._base: dict[tuple[int, int], Prepared] = {}  # by the number of bins and the part
        self._encoding: dict[tuple[int, int], threading.Lock] = {}
        self._kept = 0  # bytes of these
        self._deadline, self._seconds = math.inf, 0.0
        self.choice: EpochsChoice | None = None

    def _held_out(self, validation: Frame | None) -> tuple[str, list[_Part]]:
        """Where rows are held out, and the parts to train on; none where no row can be."""
        p, frame = self._p, self._frame
        if is_cross_validated(p):
            folds = assign(frame, p)
            return FOLDS, [self._fold(folds.number, k, label) for k, label in enumerate(folds.labels)]
        if validation is not None:
            return VALIDATION, [_Part("", frame.nrow, lambda: (frame, validation))]
        if p.epochs_folds > 1:
            usable = usable_rows(frame, p.response, p.weights_column)
            number = deal(p.epochs_folds, "Stratified", p.seed, usable, frame.column(str(p.response)))
            names = [f"fold {k + 1} of {p.epochs_folds}" for k in range(p.epochs_folds)]
            return f"{p.epochs_folds} folds", [self._fold(number, k, name) for k, name in enumerate(names)]
        parts = HoldOut.of(frame, p, p.validation_fraction)
        if parts is None:
            return HOLD_OUT, []
        return HOLD_OUT, [_Part("", parts.training.nrow, lambda: (parts.training, parts.held_out))]

    def _fold(self, number: Array, k: int, label: str) -> _Part:
        held_out = number == k

        def make() -> tuple[Frame, Frame]:
            return used_rows(self._frame, self._p, ~held_out), used_rows(self._frame, self._p, held_out)

        return _Part(label, int((~held_out).sum()), make)

    @property
    def work(self) -> float:
        """Rows that are trained at most."""
        return sum(self._works) * sum(part.rows for part in self._parts)

    @property
    def _works(self) -> list[float]:
        """Epochs that are trained for each setting, at most; those after the first rarely need the small numbers."""
        return [sum(self.candidates), *[sum(self.candidates[-2:])] * (len(self._settings) - 1)]

    # ---- the run

    def parameters(self) -> DeepLearningParameters:
        """Those of the model that is trained on all rows, after `choose`."""
        p, choice, remarks = self._p, self.choice, list[str]()
        actual = dict(p.actual)
        if choice is not None:
            actual |= {"epochs": choice.epochs, **choice.setting}
        elif self._parts:
            actual["epochs"] = self.candidates[0]
            remarks.append(
                f"epochs_candidates={_listed(self.candidates)}: half of max_runtime_secs={p.max_runtime_secs:g} was over before one of "
                "them was tried, so the smallest is taken"
            )
        else:
            actual["epochs"] = self.candidates[-1]  # an epoch of so few rows is little work
            remarks.append(
                f"epochs_candidates={_listed(self.candidates)}: the greatest is taken without a choice, since none of the "
                f"{self._frame.nrow} rows of training_frame can be held out; each class keeps one. Give more rows, or a "
                "validation_frame"
            )
        if p.max_runtime_secs > 0:
            left = actual["max_runtime_secs"] = max(p.max_runtime_secs - self._seconds, 1e-3)
            if choice is not None and (fits := self._fitting(choice, left)) < choice.epochs:
                actual["epochs"] = fits
                remarks.append(
                    f"epochs_candidates={_listed(self.candidates)}: {choice.epochs:g} would be best and take longer than the "
                    f"{left:.3g} s that are left of max_runtime_secs={p.max_runtime_secs:g}, so {fits:g} are taken"
                )
        return replace(p, actual=actual, warnings=(*p.warnings, *remarks))

    def _fitting(self, choice: EpochsChoice, left: float) -> float:
        """The most epochs of those that were tried, up to the best, for which there is time; a rate falls to its end then.

        A training that is cut off has learned at the high rate of its beginning only.
        """
        p, folds = self._p, len(self._parts) if is_cross_validated(self._p) else 0
        networks = p.ensemble_size * (1 + folds)
        at_a_time = min(self._threads, networks)
        of_best = [each.seconds for each in self._of_choice(choice)]
        rows = choice.epochs * sum(part.rows for part in self._parts)
        per_row = sum(of_best) / max(1.0, rows) * networks / at_a_time
        tried = sorted({epochs for epochs, _, _ in choice.tried if epochs <= choice.epochs})
        fitting = [epochs for epochs in tried if epochs * self._frame.nrow * per_row <= left]
        return max(fitting, default=tried[0])

    def choose(self, report: Report) -> Report:
        """Make the choice; where the training on all rows reports to, whose progress is the rest of the same."""
        p, rows = self._p, self._frame.nrow
        rest = (
            self.candidates[-1]
            * p.ensemble_size
            * rows
            * max(1, len(self._parts) if is_cross_validated(p) else 1)
        )
        end = self.work / max(1.0, self.work + rest)
        began = time.perf_counter()
        self.choice = self.run(stretch(report, 0.0, end))
        self._seconds = time.perf_counter() - began
        if self.choice is not None:
            logger.info("%s", self.choice.sentence())
        return stretch(report, end, 1.0)

    def interrupted(self, reason: str) -> Trainer | None:
        """Who has the best network of a choice that was interrupted, made ready to be the model; None where there is none."""
        trainer = self.best
        if trainer is None:
            return None
        trainer.state.stopped_because, trainer.state.interrupted = reason or "interrupted", True
        trainer.checkpoint = None
        trainer.choosing = True
        remark = (
            f"epochs_candidates={_listed(self.candidates)}: interrupted before the choice was made. This network is the best so far: "
            f"one that has trained {trainer.p.epochs:g} epochs of the rows that were not held out. Training cannot go on from it"
        )
        trainer.p = replace(trainer.p, given=self._p.given, warnings=(*self._p.warnings, remark))
        return trainer

    def run(self, report: Report) -> EpochsChoice | None:
        """Choose; None where no row can be held out, or it was stopped before one number was tried.

        Parameters
        ----------
        report : callable (fraction, message)
        """
        if not self._parts:
            return None
        if self._p.max_runtime_secs > 0:
            self._deadline = time.perf_counter() + SHARE_OF_TIME * self._p.max_runtime_secs
        ends = np.cumsum([0.0, *self._works]) / sum(self._works)
        tried = list[tuple[int, int]]()
        with single_threaded_blas():  # for all at once: each of them would look for the libraries again
            for s in range(len(self._settings)):
                start = min(tried, key=self._order)[1] if tried else 0
                tried += self._climb(s, start, stretch(report, float(ends[s]), float(ends[s + 1])))
                if not tried:  # stopped
                    break
        self._base.clear()
        if not tried:
            return None
        chosen, at = min(tried, key=self._order)
        settings = [self._settings[s] for s, _ in tried] if self._settings[0] else []
        losses = [self._told_of(s, i) for s, i in tried]
        rows = sum(self._found[chosen, at, k].rows for k in range(len(self._parts)))
        return EpochsChoice(
            self.candidates[at], self._metric, self.source, rows, losses, settings, self._settings[chosen]
        )

    def _climb(self, s: int, first: int, report: Report) -> list[tuple[int, int]]:
        """Try a setting with the numbers of epochs from the one at `first` on, as long as more are better; which were tried."""
        tasks = [(s, i, k) for i in range(first, len(self.candidates)) for k in range(len(self._parts))]
        names = [self._name(*each) for each in tasks]
        work = [self.candidates[i] * self._parts[k].rows for _, i, k in tasks]
        progress = SharedProgress(work, names, report)
        self._waiting = len(tasks)
        side_by_side(
            [partial(self._try, each, progress.part(number)) for number, each in enumerate(tasks)],
            max(1, min(self._threads, len(tasks))),
        )
        return [(s, i) for i in range(first, self._last[s] + 1) if self._tried(s, i) is not None]

    def _order(self, each: tuple[int, int]) -> tuple[float, float, int]:
        epochs, loss, _ = self._told_of(*each)
        return loss, epochs, each[0]

    def _told_of(self, s: int, i: int) -> tuple[float, float, float]:
        tried = self._tried(s, i)
        assert tried is not None
        return tried

    def _of_choice(self, choice: EpochsChoice) -> list[OutcomeOfEpochs]:
        """What the trainings of the chosen number and setting gave, one for each part."""
        s, i = self._settings.index(dict(choice.setting)), self.candidates.index(choice.epochs)
        return [self._found[s, i, k] for k in range(len(self._parts))]

    def _told(self, choice: EpochsChoice) -> tuple[Array, Sample]:
        """What the networks with the chosen number say of the rows held out, and what these rows should give."""
        found = self._of_choice(choice)
        samples = [each.sample for each in found]
        weights = [each.weights for each in samples if each.weights is not None]
        actual = np.concatenate([each.actual for each in samples if each.actual is not None])
        load = np.concatenate(weights) if weights else None
        return np.concatenate([each.told for each in found]), Sample(samples[0].rows, actual, None, load)

    def temperature(self) -> FittedTemperature | None:
        """What the outputs of the model are to be divided by; None where that is not asked for."""
        if self.choice is None or not self._p.fit_temperature:
            return None
        return self._temperature_of(*self._told(self.choice))

    def _temperature_of(self, told: Array, rows: Sample) -> FittedTemperature | None:
        """The best temperature for rows of which a network says something; None where none is asked for.

        Networks are compared by what they are with it: a long training makes probabilities too extreme well before it makes
        their order worse.
        """
        if not self._p.fit_temperature or rows.actual is None:
            return None
        return FittedTemperature.learned(told, rows.actual, rows.weights, self.source)

    def tell(self, model: DeepLearningModel) -> None:
        """Let the model know the choice; and how far off its networks were, where it has no rows of its own that were held out."""
        model.epochs_choice = self.choice
        if self.choice is None or model.intervals is not None:
            return
        found, rows = self._told(self.choice)
        if model.temperature is not None:
            found = tempered(found, model.temperature.value)
        model.intervals = intervals_of(self._p, self.source, found, rows)

    @property
    def best(self) -> Trainer | None:
        """Who trained the best network so far; None where none is complete, or there are several for each number, on folds."""
        found = [each for each in self._found.values() if each.trainer is not None]
        return min(found, key=lambda each: each.loss).trainer if found else None

    def _name(self, s: int, i: int, k: int) -> str:
        setting = "".join(f", {name}={value:g}" for name, value in self._settings[s].items()) if s else ""
        label = self._parts[k].label
        return f"trying {self.candidates[i]:g} epochs{setting}" + (f", {label}" if label else "")

    def _tried(self, s: int, i: int) -> tuple[float, float, float] | None:
        """Epochs, loss and seconds of a candidate; None where not all of its trainings are complete."""
        found = [self._found.get((s, i, k)) for k in range(len(self._parts))]
        outcomes = [each for each in found if each is not None]
        if len(outcomes) < len(found):
            return None
        loss = float(np.average([each.loss for each in outcomes], weights=[each.weight for each in outcomes]))
        return (
            self.candidates[i],
            math.inf if math.isnan(loss) else loss,
            sum(each.seconds for each in outcomes),
        )

    def _ended(self, s: int, i: int) -> bool:
        """Whether a candidate need not be tried any more."""
        return i > self._last[s] or self._stop() or time.perf_counter() > self._deadline

    def _try(self, which: _Try, progress: Callable[[float, str], None]) -> None:
        threads, (s, i, _) = self._take_threads(), which
        try:
            found = None if self._ended(s, i) else self._train(which, threads, progress)
        except BaseException:
            self._deadline = -math.inf  # the others may end, too
            raise
        finally:
            with self._lock:
                self._in_use -= threads
        progress(1.0, "done")
        if found is None:
            return
        with self._lock:
            self._found[which] = found
            losses = [self._tried(s, j) for j in range(len(self.candidates))]
            for j, (before, after) in enumerate(zip(losses, losses[1:], strict=False), 1):
                if before is not None and after is not None and not after[1] < before[1]:
                    self._last[s] = min(self._last[s], j)

    def _take_threads(self) -> int:
        """How many threads a training gets that begins: its share of those that are free. Results do not depend on it."""
        with self._lock:
            beside = min(self._waiting, max(1, self._threads - self._in_use))
            threads = max(1, (self._threads - self._in_use) // beside)
            self._waiting -= 1
            self._in_use += threads
            return threads

    def _train(
        self, which: _Try, threads: int, progress: Callable[[float, str], None]
    ) -> OutcomeOfEpochs | None:
        prepared, began = self._prepared(*which), time.perf_counter()
        trainer = Trainer(
            prepared,
            threads=threads,
            progress=progress,
            cancelled=lambda: self._ended(*which[:2]),
            averaging=averaging_of(prepared.parameters),
            worker=LocalWorker(prepared, threads, reproducible=True),
        )
        unstable = False
        try:
            trainer.run()
        except UnstableModel as error:
            trainer.finish_unstable(str(error))
            unstable = True
        if trainer.state.interrupted:
            return None
        sample = prepared.validation_sample
        assert sample is not None
        rows, weight = _countable(sample)
        loss = (trainer.state.events[-1].validation or {}).get(self._metric, math.nan)
        told = trainer.scorings.scorer.outcomes(trainer.worker.snapshot(), sample)
        if (temperature := self._temperature_of(told, sample)) is not None:
            loss = temperature.logloss_after
        return OutcomeOfEpochs(
            math.inf if unstable or math.isnan(loss) else loss,
            weight,
            rows,
            time.perf_counter() - began,
            trainer if len(self._parts) == 1 else None,
            told,
            replace(sample, rows=sample.rows.take(np.empty(0, np.int64))),
        )

    def _prepared(self, s: int, i: int, k: int) -> Prepared:
        """What the trainer of a candidate takes; rows of a part are encoded once for each number of bins."""
        p = self._of_candidate(self._settings[s], self.candidates[i])
        with self._encoding_of(p.numeric_bins, k):
            base = self._base.get((p.numeric_bins, k))
            if base is None:
                base = Prepared.of(p, *self._parts[k].make(), self._start)
                size = _bytes(base)
                with self._lock:
                    if len(self._parts) == 1 or self._kept + size <= MOST_KEPT:
                        self._base[p.numeric_bins, k] = base
                        self._kept += size
        return replace(base, parameters=p, order=base.order.with_seed(p.seed), warnings=list(base.warnings))

    def _encoding_of(self, bins: int, k: int) -> threading.Lock:
        """Held by who encodes the rows of a part: others wait for what comes of it."""
        with self._lock:
            return self._encoding.setdefault((bins, k), threading.Lock())

    def _of_candidate(self, setting: Mapping[str, Any], epochs: float) -> DeepLearningParameters:
        p, huber = self._p, self._p.distribution == "huber"  # whose delta follows from scorings
        own = {
            **setting,
            "epochs": epochs,
            "stopping_metric": self._metric,
            "score_each_iteration": huber,
            "score_training_samples": p.score_training_samples if huber else 1000,
        }
        given = {**p.given, "score_interval": _BARE["score_interval"]}  # which is then no matter of the clock
        return replace(p, given=given, actual={**p.actual, **_BARE, **own}, warnings=())


def _bytes(prepared: Prepared) -> int:
    """Of the encoded rows of a part: those that are trained, and those that are scored."""
    samples = (prepared.training_sample, prepared.validation_sample)
    return prepared.rows.nbytes + sum(each.rows.nbytes for each in samples if each is not None)


def _listed(numbers: Sequence[float]) -> str:
    return f"[{', '.join(f'{each:g}' for each in numbers)}]"


def _countable(sample: Sample) -> tuple[int, float]:
    """How many rows of a sample count in the metrics, and the sum of their weights."""
    actual = sample.actual
    assert actual is not None
    known = actual >= 0 if actual.dtype.kind in "iu" else ~np.isnan(actual)
    weights = np.ones(len(known)) if sample.weights is None else sample.weights
    counts = known & (weights > 0)
    return int(counts.sum()), float(weights[counts].sum())
