"""The number of epochs is chosen on rows held out, then all rows are trained with it."""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.deeplearning.training import choosing_epochs, runner
from heavywater.deeplearning.training.hold_out import HoldOut
from heavywater.errors import InvalidArgument, JobCancelled
from heavywater.export.model_file import model_of_bytes
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession

from ...sessions import finished

SETTINGS = {"hidden": [5], "seed": 11, "mini_batch_size": 8}
TRIED = [1.0, 2.0, 4.0]


def frame(n: int = 160, classes: int = 0, noise: float = 0.3, seed: int = 1) -> Frame:
    random = np.random.default_rng(seed)
    x = random.normal(size=(2, n))
    y = x[0] - x[1] ** 2 + noise * random.normal(size=n)
    response = numeric(y)
    if classes:
        ranks = np.argsort(np.argsort(y)) * classes // n
        response = enum(ranks, [f"c{k}" for k in range(classes)])
    weights = random.choice([0.0, 0.5, 2.0], n, p=[0.1, 0.5, 0.4])
    columns = [*map(numeric, x), response, numeric(weights), numeric(np.arange(n) % 3), numeric(x[0] / 4)]
    return Frame(["a", "b", "y", "w", "f", "o"], columns, "rows")


def session_with(data: Frame, threads: int = 2) -> LocalSession:
    session = LocalSession()
    session.settings.nthreads = threads
    session.store.put_frame(data, "rows")
    return session


def start(session: LocalSession, **given: Any) -> Any:
    validation, x = given.pop("validation", None), given.pop("x", ["a", "b"])
    return session.training.train(
        "deeplearning",
        {**SETTINGS, "epochs_candidates": TRIED, **given},
        x=x,
        y="y",
        training_frame_key="rows",
        validation_frame_key=validation,
    )


def trained(session: LocalSession, **given: Any) -> DeepLearningModel:
    return session.store.get(finished(session, start(session, **given)), DeepLearningModel)


def weights(model: DeepLearningModel) -> list[np.ndarray]:
    return [*model.network.weights, *model.network.biases]


def same(one: DeepLearningModel, other: DeepLearningModel) -> None:
    for a, b in zip(weights(one), weights(other), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"weights_column": "w"},
        {"offset_column": "o"},
        {"epochs_folds": 3},
        {"distribution": "quantile", "quantile_alpha": [0.2, 0.8]},
        {"distribution": "huber"},
        {"epochs_candidates": [4, 1, 2], "validation_fraction": 0.3},
    ],
    ids=str,
)
def test_what_is_told_is_what_such_trainings_give(given: dict[str, Any]) -> None:
    data = frame()
    session = session_with(data)
    model = trained(session, **given)
    choice = model.epochs_choice
    assert choice is not None
    losses = [loss for _, loss, _ in choice.tried]
    assert [epochs for epochs, _, _ in choice.tried] == TRIED[: len(losses)]
    assert choice.epochs == TRIED[int(np.argmin(losses))] == model.parameters.epochs == model.facts["epochs"]
    assert all(after < before for before, after in zip(losses, losses[1:-1], strict=False))
    own = {
        name: value
        for name, value in given.items()
        if name not in ("epochs_candidates", "epochs_folds", "validation_fraction")
    }
    alike = {"stopping_rounds": 0, "overwrite_with_best_model": False, "classification_stop": -1, "regression_stop": -1,
             "train_samples_per_iteration": -1, "epochs_candidates": None}  # fmt: skip
    alone = trained(
        session, **own, **alike, epochs=choice.epochs, score_each_iteration="distribution" in given
    )
    same(model, alone)
    assert model.validation_metrics is None
    if "epochs_folds" not in given:
        parts = HoldOut.of(data, model.parameters, given.get("validation_fraction", 0.15))
        assert parts is not None
        session.store.put_frame(parts.training, "rows")
        session.store.put_frame(parts.held_out, "rest")
        again = trained(
            session,
            **own,
            **alike,
            epochs=TRIED[0],
            validation="rest",
            score_each_iteration="distribution" in given,
        )
        assert again.validation_metrics is not None
        assert losses[0] == pytest.approx(again.validation_metrics["mean_residual_deviance"], rel=1e-6)


@pytest.mark.parametrize("given", [{}, {"mini_batch_size": 1}, {"epochs_folds": 2}], ids=str)
def test_the_same_for_any_number_of_threads(given: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "SLICE_SECONDS", 1e-6)
    found = []
    for threads in (1, 2, 8):
        model = trained(
            session_with(frame(classes=3), threads), **{**given, "reproducible": "mini_batch_size" in given}
        )
        assert model.epochs_choice is not None
        found.append((model, [each[:2] for each in model.epochs_choice.tried]))
    assert found[0][1] == found[1][1] == found[2][1]
    same(found[0][0], found[1][0])
    same(found[0][0], found[2][0])


@pytest.mark.parametrize("folds", [1, 3])
@pytest.mark.parametrize("threads", [1, 2])
def test_rows_are_encoded_once_for_each_part_and_number_of_bins(
    folds: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Candidates that differ in epochs or l1 share the encoded rows, whose copies are limited where there are several."""
    real, made = choosing_epochs.Prepared.of.__func__, list[int]()  # type: ignore[attr-defined]

    def counted(cls: Any, p: Any, rows: Frame, *more: Any) -> Any:
        if more[0] is not None:  # rows to score: not the training on all rows
            made.append(p.numeric_bins)
        return real(cls, p, rows, *more)

    monkeypatch.setattr(choosing_epochs.Prepared, "of", classmethod(counted))
    given: dict[str, Any] = {
        "numeric_encoding": "PiecewiseLinear", "numeric_bins_candidates": [4, 9], "l1_candidates": [1e-4, 1e-2],
        "epochs_folds": folds, "fit_temperature": True,
    }  # fmt: skip
    session = session_with(frame(60, classes=2), threads)
    model = trained(session, **given)
    assert sorted(made) == [4] * folds + [9] * folds
    choice = model.epochs_choice
    assert choice is not None
    monkeypatch.setattr(choosing_epochs, "MOST_KEPT", 0)
    again = trained(session, **given)
    assert (len(made) > 4 * folds) == (folds > 1)
    same(model, again)
    assert again.epochs_choice is not None
    assert [each[:2] for each in again.epochs_choice.tried] == [each[:2] for each in choice.tried]


def test_climbing_ends_where_more_is_no_better() -> None:
    session = session_with(frame(60, classes=2, noise=3.0))
    model = trained(session, epochs_candidates=[2, 200, 400], hidden=[30], adaptive_rate=False, rate=0.05)
    assert model.epochs_choice is not None
    assert [epochs for epochs, _, _ in model.epochs_choice.tried] == [2, 200]
    assert model.parameters.epochs == 2


@pytest.mark.parametrize("where", ["nfolds", "fold_column", "validation"])
def test_rows_held_out_elsewhere_decide(where: str) -> None:
    session = session_with(frame(classes=2))
    session.store.put_frame(frame(seed=2, classes=2), "rest")
    ways: dict[str, dict[str, Any]] = {
        "nfolds": {"nfolds": 3},
        "fold_column": {"fold_column": "f"},
        "validation": {"validation": "rest"},
    }
    model = trained(session, **ways[where], epochs_folds=5)
    choice = model.epochs_choice
    assert choice is not None
    assert choice.source == ("validation frame" if where == "validation" else "cross-validation")
    assert choice.rows == 160
    assert any(text.startswith("epochs_folds=5 has no effect") for text in model.warnings)
    if where == "validation":
        assert model.validation_metrics is not None
        return
    folds = [
        session.store.get(key, DeepLearningModel) for key in model.cross_validation["cross_validation_models"]
    ]
    assert {fold.parameters.epochs for fold in folds} == {choice.epochs}
    loss = model.cross_validation["cross_validation_metrics"]["logloss"]
    assert loss == pytest.approx(choice.loss, rel=1e-5)  # the same folds, and one network in each


def test_the_description_tells_it_and_a_file_keeps_it(caplog: pytest.LogCaptureFixture) -> None:
    session = session_with(frame(classes=3))
    with caplog.at_level(logging.INFO, "h2o.training"):
        model = trained(session, model_id="told")
    told = session.models.describe("told")
    assert told["epochs_choice"]["epochs"] == told["parameters"]["epochs"]["actual"]
    assert told["epochs_choice"]["sentence"] in caplog.text
    assert told["epochs_tried"]["columns"] == ["epochs", "logloss", "seconds", "chosen"]
    assert [row[3] for row in told["epochs_tried"]["rows"]].count("yes") == 1
    assert told["parameters"]["epochs_candidates"] == {"default": None, "input": TRIED, "actual": TRIED}
    again = model_of_bytes(session.model_files.to_bytes("told"), 1)
    assert again.epochs_choice == model.epochs_choice


def test_a_restart_keeps_its_number() -> None:
    session = session_with(frame())
    first = trained(session, model_id="first")
    with pytest.raises(InvalidArgument, match=f"epochs={first.parameters.epochs:g} must be larger"):
        start(session, checkpoint="first")
    more = trained(session, checkpoint="first", epochs_candidates=None, epochs=first.parameters.epochs + 1)
    assert more.epochs_choice is None
    assert more.facts["epochs"] == first.parameters.epochs + 1


def cancelled(session: LocalSession, started: Any, message: str) -> None:
    """Cancel a job as soon as it says something."""
    seen = threading.Event()
    while message not in session.jobs.wait(started["job"], 0.005)["message"]:
        assert session.jobs.wait(started["job"], 0)["status"] == "RUNNING"
    seen.set()
    session.jobs.cancel(started["job"], "enough")


def test_who_is_interrupted_keeps_the_best_network_so_far() -> None:
    session = session_with(frame(), threads=1)
    started = start(session, epochs_candidates=[1, 1e6], ensemble_size=3, model_id="kept")
    cancelled(session, started, "trying 1e+06 epochs")
    session.jobs.wait(started["job"], 20)
    model = session.store.get("kept", DeepLearningModel)
    assert (model.facts["stopped_because"], model.facts["interrupted"], model.facts["epochs"]) == (
        "enough",
        True,
        1,
    )
    assert any("interrupted before the choice was made" in text for text in model.warnings)
    assert model.parameters.given["epochs_candidates"] == [1, 1e6]
    assert "score_interval" not in model.parameters.given
    with pytest.raises(InvalidArgument, match="it was interrupted when epochs were chosen"):
        start(session, checkpoint="kept", epochs_candidates=None, epochs=7)


def test_of_folds_nothing_is_kept() -> None:
    session = session_with(frame(), threads=1)
    started = start(session, epochs_candidates=[1, 1e6], epochs_folds=2, model_id="gone")
    cancelled(session, started, "trying 1e+06 epochs, fold 1 of 2")
    with pytest.raises(JobCancelled, match="while the number of epochs was chosen"):
        finished(session, started)
    assert "gone" not in session.store.keys(DeepLearningModel)


def test_a_limit_of_time_is_for_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_with(frame(), threads=1)
    model = trained(session, epochs_candidates=[1, 1e7], max_runtime_secs=0.6, stopping_rounds=0)
    assert model.epochs_choice is not None
    assert [epochs for epochs, _, _ in model.epochs_choice.tried] == [1]
    assert model.facts["epochs"] == 1
    monkeypatch.setattr(choosing_epochs, "SHARE_OF_TIME", 0.0)
    model = trained(session, max_runtime_secs=5)
    assert model.epochs_choice is None
    assert model.parameters.epochs == 1
    assert any("half of max_runtime_secs=5 was over" in text for text in model.warnings)


def test_where_nothing_can_be_held_out_the_greatest_is_taken() -> None:
    classes = enum(np.arange(4), list("pqrs"))
    session = session_with(
        Frame(["a", "b", "y"], [numeric(np.arange(4.0)), numeric(np.arange(4.0) ** 2), classes])
    )
    model = trained(session)
    assert (model.epochs_choice, model.facts["epochs"]) == (None, 4)
    assert any("the greatest is taken without a choice" in text for text in model.warnings)


@pytest.mark.parametrize("n", [5, 20])
def test_few_rows(n: int) -> None:
    for given in ({}, {"epochs_folds": 40}):
        model = trained(session_with(frame(n, classes=2)), **given)
        assert model.epochs_choice is not None
        assert model.epochs_choice.rows == (n if given else round(0.15 * n))
        assert all(math.isfinite(loss) for _, loss, _ in model.epochs_choice.tried)


def test_a_network_that_explodes_is_no_choice() -> None:
    session = session_with(frame(classes=2))
    model = trained(session, adaptive_rate=False, rate=1e-3, l2=0.0, epochs_candidates=[1, 2])
    assert model.epochs_choice is not None
    real = choosing_epochs.Trainer.run

    def explode(self: Any) -> None:
        real(self)
        if (
            self.p.epochs == 2
            and self.p.stopping_metric == "logloss"
            and self.prepared.validation_sample is not None
        ):
            raise choosing_epochs.UnstableModel("too large")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing_epochs.Trainer, "run", explode)
        model = trained(session, adaptive_rate=False, rate=1e-3, epochs_candidates=[1, 2])
    assert model.epochs_choice is not None
    assert (model.epochs_choice.epochs, model.epochs_choice.tried[1][1]) == (1, math.inf)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"epochs": 3}, "epochs_candidates=[1, 2, 4] and epochs=3 exclude each other"),
        ({"epochs_candidates": [2, 2]}, "has a number twice"),
        ({"epochs_candidates": [0, 2]}, "epochs_candidates"),
        ({"autoencoder": True}, "there is no choice of epochs for an autoencoder"),
    ],
    ids=str,
)
def test_what_cannot_be_chosen(given: dict[str, Any], says: str) -> None:
    session = session_with(frame())
    with pytest.raises(InvalidArgument) as error:
        start(session, **given)
    assert says in str(error.value)


def test_what_a_choice_makes_of_no_use_is_said() -> None:
    session = session_with(frame(classes=2))
    checked = session.training.check(
        "deeplearning",
        {**SETTINGS, "epochs_candidates": [3], "stopping_rounds": 2, "epochs_folds": 2},
        x=["a"], y="y", training_frame_key="rows",
    )  # fmt: skip
    assert any(text.startswith("stopping_rounds=2 has no effect") for text in checked["warnings"])
    assert checked["parameters"]["epochs"]["actual"] == 3
    checked = session.training.check(
        "deeplearning", {"epochs_folds": 2}, x=["a"], y="y", training_frame_key="rows"
    )
    assert any(text.startswith("epochs_folds=2 has no effect") for text in checked["warnings"])


def test_the_bar_only_goes_forward() -> None:
    session = session_with(frame(400))
    started, seen = start(session, nfolds=2, epochs_candidates=[1, 2, 30], ensemble_size=2), [0.0]
    while (state := session.jobs.wait(started["job"], 0.002))["status"] == "RUNNING":
        seen.append(state["fraction"])
    assert seen == sorted(seen)
    assert state["fraction"] == 1


def test_a_limit_of_time_leaves_time_for_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    real = choosing_epochs.ChoosingEpochs._train

    def slow(self: Any, which: Any, *more: Any) -> Any:
        found = real(self, which, *more)
        return found and replace(found, seconds=0.02 * self.candidates[which[1]])

    monkeypatch.setattr(choosing_epochs.ChoosingEpochs, "_train", slow)
    session = session_with(frame(), threads=1)
    model = trained(session, epochs_candidates=[1, 60], ensemble_size=40, max_runtime_secs=20)
    choice = model.epochs_choice
    assert choice is not None
    assert choice.epochs == 60
    assert model.parameters.epochs == 1
    assert model.facts["epochs"] <= 1
    assert any("60 would be best and take longer than the" in text for text in model.warnings)


@pytest.mark.parametrize(
    "given", [{}, {"epochs_folds": 2, "weights_column": "w"}, {"fit_temperature": True}], ids=str
)
@pytest.mark.parametrize("classes", [0, 3])
def test_the_model_knows_how_far_off_it_may_be(classes: int, given: dict[str, Any]) -> None:
    if not classes and "fit_temperature" in given:
        return
    model = trained(session_with(frame(classes=classes)), **given)
    assert model.intervals is not None
    assert model.epochs_choice is not None
    assert model.intervals.rows == model.epochs_choice.rows
    assert model.intervals.source == model.epochs_choice.source
    names = model.predict(frame(classes=classes, seed=3), interval=0.8)[0].names
    assert names[-1] == ("in_c2" if classes else "upper")
