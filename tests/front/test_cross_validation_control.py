"""How the folds are worked on: side by side, one progress, Ctrl-C, time limits, failures."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OJobCancelled, H2OValueError, UnstableModel
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.parameters.validation import DeepLearningParameters
from heavywater.deeplearning.training.cross_validation import CrossValidation
from heavywater.deeplearning.training.trainer import Trainer
from heavywater.errors import InvalidArgument
from heavywater.session import JobHandle
from heavywater.session.settings import Memory

from ..sessions import behind
from .training_helpers import SMALL, boston, fit, iris, output, parameters_of, prostate

ENDLESS = {"epochs": 1e6, "stopping_rounds": 0, "reproducible": False, "regression_stop": -1}


@pytest.fixture
def threads() -> Iterator[Any]:
    """A way to set the number of threads; put back at the end."""
    settings = behind().settings
    before = settings.nthreads
    yield lambda n: setattr(settings, "nthreads", n)
    settings.nthreads = before


class Spy:
    """Records the trainers of all models, how many threads they got and how many were at work at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.threads: list[int] = []
        self.most = self._now = 0
        self._lock = threading.Lock()
        run = Trainer.run

        def watched(trainer: Trainer) -> None:
            with self._lock:
                self.threads.append(trainer.scorings.scorer.threads)
                self._now += 1
                self.most = max(self.most, self._now)
            run(trainer)
            with self._lock:
                self._now -= 1

        monkeypatch.setattr(Trainer, "run", watched)


@pytest.mark.parametrize(
    "options", [{}, {"hidden": [150, 60], "epochs": 1}, {"mini_batch_size": 64, "epochs": 1}]
)
def test_the_same_models_however_many_at_a_time(options: dict[str, Any], threads: Any) -> None:
    found = []
    for n in (1, 2, 3):
        threads(n)
        model = fit(boston(), "medv", nfolds=3, **options)
        numbers = [model.mse(xval=True), model.mse(), *(each.mse(valid=True) for each in model.xvals)]
        found.append(np.concatenate([*map(parameters_of, [*model.xvals, model]), numbers]))
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])


@pytest.mark.parametrize(
    ("cores", "nfolds", "of_folds", "most"),
    [
        (1, 3, [1, 1, 1], 1),
        (2, 3, [1, 1, 2], 2),
        (4, 2, [2, 2], 2),
        (4, 6, [1, 1, 1, 1, 2, 2], 4),
        (3, 2, [1, 2], 2),
    ],
)
def test_folds_share_the_threads(
    cores: int, nfolds: int, of_folds: list[int], most: int, threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads(cores)
    spy = Spy(monkeypatch)
    model = fit(boston(), "medv", nfolds=nfolds, epochs=1)
    assert sorted(spy.threads[:-1]) == of_folds and spy.threads[-1] == cores
    assert 1 <= spy.most <= most
    session = behind()
    assert all(session.store.get(each.model_id, DeepLearningModel).threads == cores for each in model.xvals)


def test_folds_run_side_by_side(threads: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of three folds waits until all three have begun."""
    threads(3)
    meeting, run = threading.Barrier(3, timeout=20), Trainer.run

    def together(trainer: Trainer) -> None:
        if trainer.p.nfolds == 0:
            meeting.wait()
        run(trainer)

    monkeypatch.setattr(Trainer, "run", together)
    assert fit(boston(), "medv", nfolds=3, epochs=1).is_cross_validated()


def test_one_progress_for_all() -> None:
    session, frame = h2o.connection().session, boston()
    parameters = {**SMALL, "epochs": 40, "nfolds": 3, "stopping_rounds": 0}
    job = JobHandle(session, session.training.train(
        "deeplearning", parameters, x=None, y="medv", training_frame_key=frame.frame_id))  # fmt: skip
    seen: list[tuple[float, str]] = []
    job.wait(lambda job: seen.append((job.fraction, job.message)), interval=0.005)
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    parts = list(dict.fromkeys(text.split(":")[0] for _, text in seen if text))
    assert parts == [
        part for part in ["fold 1 of 3", "fold 2 of 3", "fold 3 of 3", "main model"] if part in parts
    ]
    assert "main model" in parts and "rows/s" in seen[-1][1]
    of_main = [fraction for fraction, text in seen if text.startswith("main model")]
    assert min(of_main) >= 2 / 3 - 1e-9  # three folds of two thirds of the rows, then all rows


# --- the end of the time


def test_a_time_limit_is_shared() -> None:
    began = time.perf_counter()
    model = fit(boston(), "medv", nfolds=3, max_runtime_secs=0.8, **ENDLESS)
    assert model.params["max_runtime_secs"]["input"] == 0.8 and np.isfinite(model.rmse(xval=True))
    epochs = [output(each)["epochs"] for each in model.xvals]
    assert all(0 < n < 1e6 for n in epochs) and model.actual_params["epochs"] == pytest.approx(
        np.mean(epochs)
    )
    assert all("is over" in output(each)["stopped_because"] for each in model.xvals)
    share = model.xvals[0].actual_params["max_runtime_secs"]
    assert share == pytest.approx(0.8 / 3 if behind().settings.nthreads == 2 else share)
    assert output(model)["run_time"] / 1000 < time.perf_counter() - began


# --- Ctrl-C


def cancel_when(job: Any, reached: str) -> None:
    deadline = time.monotonic() + 30
    while reached not in job.message and not job.finished and time.monotonic() < deadline:
        time.sleep(0.01)
    job.cancel()


def started(**parameters: Any) -> tuple[Any, h2o.H2OFrame, set[str]]:
    session, frame = h2o.connection().session, boston()
    before = set(session.objects.keys())
    job = JobHandle(session, session.training.train(
        "deeplearning", {**SMALL, **parameters}, x=None, y="medv", training_frame_key=frame.frame_id))  # fmt: skip
    return job, frame, before


def test_cancelled_in_the_folds_nothing_is_kept() -> None:
    job, _frame, before = started(nfolds=3, **ENDLESS)
    cancel_when(job, "fold 1 of 3")
    with pytest.raises(H2OJobCancelled, match="was cancelled"):
        job.wait()
    assert job.status == "CANCELLED" and set(behind().store.keys()) == before


@pytest.mark.same_process
def test_cancelled_in_the_main_model_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = CrossValidation._fold_parameters

    def short(folds: CrossValidation) -> DeepLearningParameters:
        p = endless(folds)
        return replace(p, actual={**p.actual, "epochs": 1.0})

    monkeypatch.setattr(CrossValidation, "_fold_parameters", short)
    job, frame, _before = started(nfolds=3, **ENDLESS)
    cancel_when(job, "main model")
    model = h2o.get_model(job.wait())
    assert job.status == "CANCELLED" and output(model)["interrupted"]
    assert model.rmse(xval=True) > 0 and len(model.xvals) == 3 and model.predict(frame).nrow == 506


SCRIPT = """
import h2o, numpy as np
from h2o.estimators import H2ODeepLearningEstimator
h2o.init(verbose=False)
frame = h2o.H2OFrame(np.random.default_rng(0).normal(size=(2000, 5)))
model = H2ODeepLearningEstimator(hidden=[20, 20], epochs=1e6, stopping_rounds=0, seed=1, nfolds=4)
H2ODeepLearningEstimator(hidden=[2], epochs=1).train(y="C5", training_frame=frame)
print("training", flush=True)
try:
    model.train(y="C5", training_frame=frame)
except h2o.exceptions.H2OJobCancelled as error:
    print("cancelled:", error)
model.start(y="C5", training_frame=frame)
print("leaving", flush=True)
"""


def test_ctrl_c_and_the_end_of_the_interpreter() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "training":
            assert process.poll() is None
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)  # folds in training do not keep the interpreter alive
    finally:
        process.kill()
    assert "cancelled: deeplearning Model Build was cancelled\nleaving\n" in out
    assert "Traceback" not in err and process.returncode == 0


# --- failures


def test_an_unstable_fold_is_named() -> None:
    keys = set(behind().store.keys())
    frame = boston()
    with pytest.raises(UnstableModel, match=r"^fold [123] of 3: .*layer"):
        fit(frame, "medv", nfolds=3, adaptive_rate=False, rate=1e6, activation="Maxout", epochs=50)
    assert set(behind().store.keys()) - {frame.frame_id} <= keys


def test_a_fold_that_cannot_be_trained_is_named() -> None:
    table = prostate().as_data_frame()
    table.loc[table.index % 2 == 0, "AGE"] = np.nan
    frame = h2o.H2OFrame(table)
    with pytest.raises(
        H2OValueError, match=r"^fold 2 of 2: none of the rows outside of the fold can be trained"
    ):
        fit(frame, "GLEASON", nfolds=2, fold_assignment="Modulo", missing_values_handling="Skip")


def test_the_others_stop_when_one_fails(monkeypatch: pytest.MonkeyPatch, threads: Any) -> None:
    threads(2)
    build, number = Trainer.__init__, iter(range(100))

    def failing(trainer: Trainer, *arguments: Any, **options: Any) -> None:
        if next(number) == 1:
            raise InvalidArgument("made up")
        build(trainer, *arguments, **options)

    monkeypatch.setattr(Trainer, "__init__", failing)
    with pytest.raises(
        InvalidArgument, match=r"^fold \d of 5: made up$"
    ):  # at once: the other fold would never end
        fit(boston(), "medv", nfolds=5, **ENDLESS)
    assert next(number) <= 3


@pytest.mark.same_process
def test_an_error_of_another_kind_carries_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(trainer: Trainer) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(Trainer, "run", broken)
    with pytest.raises(MemoryError) as failure:
        fit(iris(), "class", nfolds=2)
    assert "of 2 was trained" in "".join(failure.value.__notes__)


@pytest.mark.same_process
def test_an_unstable_main_model_keeps_its_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Trainer.run

    def unstable(trainer: Trainer) -> None:
        run(trainer)
        if trainer.p.nfolds:
            raise UnstableModel("made up.")

    monkeypatch.setattr(Trainer, "run", unstable)
    with pytest.raises(UnstableModel, match=r"made up\..*kept in model 'shaky'"):
        fit(iris(), "class", nfolds=2, model_id="shaky")
    assert len(h2o.get_model("shaky").xvals) == 2 and h2o.get_model("shaky").rmse(xval=True) > 0


def test_memory_counts_the_folds_at_work(threads: Any) -> None:
    threads(2)
    settings = behind().settings
    frame, model = boston(), H2ODeepLearningEstimator(hidden=[600, 600], epochs=0.01, nfolds=2)
    before = settings.max_mem_size
    settings.max_mem_size = Memory(behind().store, settings).used() + 14 * 2**20
    try:
        H2ODeepLearningEstimator(hidden=[600, 600], epochs=0.01).train(y="medv", training_frame=frame)
        with pytest.raises(H2OValueError, match="training needs"):
            model.train(y="medv", training_frame=frame)
    finally:
        settings.max_mem_size = before
