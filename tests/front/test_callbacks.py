"""What is called while models are trained: in this process, through bytes and at a node."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import h2o
import pytest
from h2o.backend import running
from h2o.callbacks import Callback, Run, Scores
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OJobCancelled, H2OTypeError
from heavywater.errors import ConnectionLost, UnstableModel
from heavywater.session import LocalSession
from heavywater.session.remote import LoopbackSession

from ..session.served import over_http

GRID: dict[str, Any] = {"seed": 1, "score_each_iteration": True, "train_samples_per_iteration": 60}
OFTEN: dict[str, Any] = {"hidden": [3], **GRID}
LONG: dict[str, Any] = {"epochs": 1e9, "stopping_rounds": 0, "classification_stop": -1.0}
ENDLESS: dict[str, Any] = {**OFTEN, **LONG}


class Seen(Callback):
    """Notes all calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Run]] = []
        self.scores: dict[Run, list[Scores]] = {}

    def on_start(self, run: Run) -> None:
        self.calls.append(("start", run))
        self.scores[run] = []

    def on_iteration(self, run: Run) -> None:
        self.calls.append(("iteration", run))

    def on_scoring(self, run: Run, scores: Scores) -> None:
        self.calls.append(("scoring", run))
        self.scores[run].append(scores)

    def on_end(self, run: Run) -> None:
        self.calls.append(("end", run))

    @property
    def run(self) -> Run:
        return self.calls[0][1]

    def names(self, run: Run | None = None) -> list[str]:
        """The calls of a run without repetitions of one that follow each other."""
        names = [name for name, each in self.calls if run is None or each is run]
        return [name for name, before in zip(names, [None, *names[:-1]], strict=True) if name != before]


class StopAt(Seen):
    """Stops at a scoring."""

    def __init__(self, number: int, reason: str = "it is good enough") -> None:
        super().__init__()
        self.number, self.reason = number, reason

    def on_scoring(self, run: Run, scores: Scores) -> None:
        super().on_scoring(run, scores)
        if scores.number == self.number:
            run.stop(self.reason)


class Failing(Seen):
    """Raises in one of its methods."""

    def __init__(self, method: str, error: BaseException) -> None:
        super().__init__()
        self.method, self.error = method, error
        setattr(self, method, self._raise)

    def _raise(self, run: Run, *more: Any) -> None:
        self.calls.append((self.method, run))
        raise self.error


@pytest.fixture(scope="module", params=["here", "loopback", "node"])
def way(request: Any) -> Iterator[str]:
    """A session of its own that is reached in each of the ways."""
    before, local = running.connection, LocalSession("callbacks", 1)
    session: Any = local
    if request.param == "loopback":
        session = LoopbackSession(local)
    if request.param == "node":
        session = over_http(local)
    running.connection = h2o.H2OConnection(session, h2o.H2OCluster(session))
    yield request.param
    session.end()
    running.connection = before


@pytest.fixture(scope="module")
def rows(way: str) -> h2o.H2OFrame:
    n = list(range(60))
    values = {"a": n, "b": [i % 7 for i in n], "y": [i % 5 * 1.0 for i in n], "s": ["p", "q", "r"] * 20}
    return h2o.H2OFrame(values, column_types={"s": "enum"})


def trained(
    rows: h2o.H2OFrame, *callbacks: Callback, validation: h2o.H2OFrame | None = None, **parameters: Any
) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(**{**OFTEN, "epochs": 20, **parameters})
    return model.train(["a", "b"], "y", rows, validation_frame=validation, callbacks=list(callbacks))


def test_each_scoring_comes_once_and_in_order(rows: Any) -> None:
    seen, other = Seen(), Seen()
    model = H2ODeepLearningEstimator(**{**OFTEN, "epochs": 40, "stopping_rounds": 0})
    model.train(["a", "b"], "y", rows, validation_frame=rows, callbacks=[seen, other])
    scores, history = seen.scores[seen.run], model.scoring_history()
    assert [each.number for each in scores] == list(range(len(history))) and len(scores) >= 40
    assert [each.epochs for each in scores] == history["epochs"].tolist()
    assert [each.samples for each in scores] == history["samples"].tolist()
    for part in ("training", "validation"):
        for name in ("rmse", "mae", "deviance"):
            told = [getattr(each, part)[name] for each in scores]
            assert told == history[f"{part}_{name}"].tolist()
    assert scores[3].value == scores[3].validation["deviance"] and scores[3].metric == "deviance"
    assert scores[3].flat()["training_rmse"] == scores[3].training["rmse"]
    assert other.scores[other.run] == scores == seen.run.scores and seen.run.last == scores[-1]
    names = seen.names()
    assert names[0] == "start" and names[-1] == "end" and names.count("start") == names.count("end") == 1
    assert seen.calls.count(("iteration", seen.run)) >= 1


def test_a_run_tells_what_is_known(rows: Any) -> None:
    class Asking(Seen):
        def on_start(self, run: Run) -> None:
            super().on_start(run)
            self.about, self.model = run.about, run.model

        def on_iteration(self, run: Run) -> None:
            self.told = run.fraction, run.epochs, run.samples, run.iterations, run.rows_per_second
            self.message, self.seconds, self.reason = run.message, run.seconds, run.reason

    asking = Asking()
    model = trained(rows, asking, model_id="asked", distribution="laplace", hidden=[3, 2])
    run, about = asking.run, asking.about
    assert (about["model_category"], about["distribution"], about["hidden"]) == (
        "Regression",
        "laplace",
        [3, 2],
    )
    assert (about["nrow"], about["predictors"], about["response_column"]) == (60, 2, "y")
    assert (run.kind, run.parent, run.model_id, run.model) == ("model", None, "asked", model)
    assert run.parameters["distribution"] == "laplace" and run.data["y"] == "y" and asking.model is None
    fraction, epochs, samples, iterations, speed = asking.told
    assert 0 < fraction <= 1 and samples == 60 * epochs > 0 and iterations >= 1 and speed > 0
    assert "rows/s" in asking.message and asking.seconds > 0
    assert (run.status, run.error) == ("DONE", None) and run.reason == "all 20 epochs are done"
    assert run.seconds > 0 and "asked" in repr(run)


def test_who_stops_keeps_the_model_and_says_why(rows: Any) -> None:
    stop = StopAt(3)
    model = trained(rows, stop, **ENDLESS)
    assert (stop.run.status, stop.run.reason, stop.run.error) == ("CANCELLED", "it is good enough", None)
    assert stop.run.model is model and "it is good enough" in str(model)
    assert model.predict(rows).nrow == 60 and len(stop.scores[stop.run]) == len(model.scoring_history())


@pytest.mark.parametrize("method", ["on_start", "on_iteration", "on_scoring", "on_poll"])
def test_an_error_of_a_callback_ends_training_and_is_raised(rows: Any, method: str) -> None:
    seen, failing = Seen(), Failing(method, ZeroDivisionError("by me"))
    model = H2ODeepLearningEstimator(**ENDLESS)
    with pytest.raises(ZeroDivisionError, match="by me") as raised:
        model.train(["a", "b"], "y", rows, callbacks=[failing, seen])
    assert f"Failing.{method}" in raised.value.__notes__[0]
    assert any(entry.name == "_raise" for entry in raised.traceback)
    assert model.predict(rows).nrow == 60 and "ZeroDivisionError: by me" in seen.run.reason
    assert seen.names()[-1] == failing.names()[-1] == "end"
    assert [name for name, _ in failing.calls].count(method) == 1


def test_an_error_at_the_end_is_raised_when_all_were_told(rows: Any) -> None:
    seen, failing = Seen(), Failing("on_end", ValueError("too late"))
    model = H2ODeepLearningEstimator(**{**OFTEN, "epochs": 2})
    with pytest.raises(ValueError, match="too late"):
        model.train(["a", "b"], "y", rows, callbacks=[failing, Failing("on_end", KeyError("x")), seen])
    assert seen.names()[-1] == "end" and model.predict(rows).nrow == 60


def test_ctrl_c_in_a_callback_keeps_the_model(rows: Any) -> None:
    class Once(Seen):
        def on_scoring(self, run: Run, scores: Scores) -> None:
            super().on_scoring(run, scores)
            if len(self.scores[run]) == 2:
                raise KeyboardInterrupt

    once, seen = Once(), Seen()
    model = trained(rows, once, seen, **ENDLESS)
    assert once.scores[once.run] == seen.scores[seen.run]
    assert seen.run.status == "CANCELLED" and seen.run.reason == "interrupted"
    assert len(seen.scores[seen.run]) == len(model.scoring_history()) and seen.names()[-1] == "end"


def test_a_second_ctrl_c_is_raised_and_told(rows: Any) -> None:
    class Always(Seen):
        def on_poll(self, run: Run) -> None:
            raise KeyboardInterrupt

    always, seen = Always(), Seen()
    with pytest.raises(KeyboardInterrupt):
        trained(rows, seen, always, **ENDLESS)
    assert isinstance(seen.run.error, KeyboardInterrupt) and seen.run.reason == "KeyboardInterrupt"
    assert seen.names()[-1] == always.names()[-1] == "end"
    while running.connection.session.jobs.state(seen.run.key)["status"] == "RUNNING":
        time.sleep(0.01)


def test_errors_of_the_training_are_told(rows: Any) -> None:
    seen = Seen()
    with pytest.raises(UnstableModel):
        trained(rows, seen, adaptive_rate=False, rate=1e30, activation="Rectifier", epochs=50)
    assert seen.run.status == "FAILED" and isinstance(seen.run.error, UnstableModel)
    assert seen.run.reason == str(seen.run.error) and seen.run.model is None
    assert [name for name, _ in seen.calls][-1] == "end"


def test_a_connection_that_is_lost_is_told(rows: Any, monkeypatch: Any) -> None:
    class Losing(Seen):
        def on_scoring(self, run: Run, scores: Scores) -> None:
            def lost(*_: Any) -> Any:
                raise ConnectionLost("the node is gone")

            monkeypatch.setattr(run._job, "wait_for", lost)

    losing = Losing()
    with pytest.raises(ConnectionLost):
        trained(rows, losing, **ENDLESS)
    assert isinstance(losing.run.error, ConnectionLost) and losing.names()[-1] == "end"
    monkeypatch.undo()
    losing.run._job.cancel()
    assert losing.run._job.wait() == losing.run.model_id


def test_a_restart_tells_its_own_scorings_alone(rows: Any) -> None:
    first, second = Seen(), Seen()
    shared: dict[str, Any] = {"stopping_rounds": 0, "overwrite_with_best_model": False}
    model = trained(rows, first, epochs=5, **shared)
    more = trained(rows, second, epochs=9, checkpoint=model, **shared)
    before, after = first.scores[first.run], second.scores[second.run]
    history = more.scoring_history()["epochs"].tolist()
    assert [each.epochs for each in [*before, *after]] == history and len(after) == 4
    assert [each.number for each in after] == [0, 1, 2, 3]


def test_a_model_that_is_not_trained_is_scored_once(rows: Any) -> None:
    seen = Seen()
    model = trained(rows, seen, epochs=0)
    assert len(seen.scores[seen.run]) == len(model.scoring_history()) == 1
    coder = H2OAutoEncoderEstimator(**{**OFTEN, "epochs": 3})
    other = Seen()
    coder.train(x=["a", "b"], training_frame=rows, callbacks=other)
    assert [each.epochs for each in other.scores[other.run]] == coder.scoring_history()["epochs"].tolist()
    assert math.isfinite(other.run.last.value) and other.run.last.metric == "mse"


def test_folds_and_the_main_model(rows: Any) -> None:
    seen, stop = Seen(), StopAt(1)
    model = trained(rows, seen, nfolds=2, epochs=5)
    assert [each.epochs for each in seen.scores[seen.run]] == model.scoring_history()["epochs"].tolist()
    assert seen.run.model is model and model.cross_validation_metrics_summary() is not None
    # Folds have no rows for validation: with many of them only the main model is slow enough to be stopped.
    many = h2o.H2OFrame({name: [float(i % 7) for i in range(60_000)] for name in ("a", "b", "y")})
    main = trained(rows, stop, validation=many, nfolds=2, epochs=500, stopping_rounds=0)
    assert main._description["stopped_because"] == "it is good enough"

    class AtOnce(Seen):
        def on_start(self, run: Run) -> None:
            super().on_start(run)
            run.stop("no folds today")

    at_once = AtOnce()
    with pytest.raises(H2OJobCancelled, match="no folds today"):
        trained(rows, at_once, **{**ENDLESS, "nfolds": 2})
    assert "no folds today" in at_once.run.reason and at_once.names()[-1] == "end"


def test_each_model_of_a_grid_is_a_run(rows: Any) -> None:
    class StopSecond(Seen):
        def on_scoring(self, run: Run, scores: Scores) -> None:
            super().on_scoring(run, scores)
            if run.number == 1:
                run.stop("the second alone")

    seen = StopSecond()
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(**{**GRID, "stopping_rounds": 0}),
                             {"hidden": [[2], [3], [-1]], "epochs": [300.0]}, parallelism=2)  # fmt: skip
    with pytest.warns(RuntimeWarning, match="there is no model"):
        grid.train(["a", "b"], "y", rows, callbacks=[seen])
    whole, *runs = list(seen.scores)
    assert (whole.kind, whole.model_id, whole.parent) == ("grid", grid.grid_id, None)
    assert sorted(run.model_id for run in runs) == sorted(grid.model_ids) and len(runs) == 2
    for run in runs:
        assert run.parent is whole and run.about["hidden"] in ([2], [3])
        lines = [each.epochs for each in seen.scores[run]]
        assert lines == h2o.get_model(run.model_id).scoring_history()["epochs"].tolist()
        names = seen.names(run)
        assert names[0] == "start" and names[-1] == "end" and run.model.model_id == run.model_id
    assert seen.calls[0] == ("start", whole) and seen.calls[-1] == ("end", whole)
    reasons = {run.number: run.reason for run in runs}
    assert reasons[0] == "all 300 epochs are done" and reasons[1] in (reasons[0], "the second alone")


def test_a_search_that_is_stopped_keeps_what_there_is(rows: Any) -> None:
    class StopAll(Seen):
        def on_scoring(self, run: Run, scores: Scores) -> None:
            run.parent.stop("we have seen enough")

    stop = StopAll()
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(**GRID, **LONG), {"hidden": [[2], [3], [4]]})
    grid.train(["a", "b"], "y", rows, callbacks=[stop])
    whole, run = list(stop.scores)
    assert len(grid.models) == 1 and run.model_id == grid.model_ids[0]
    assert whole.reason == run.reason == "we have seen enough" and whole.status == "CANCELLED"


def test_a_search_goes_on_with_callbacks(rows: Any) -> None:
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(hidden=[2], epochs=1), {"seed": [1, 2]})
    grid.train(["a", "b"], "y", rows)
    seen = Seen()
    grid.resume(callbacks=seen)
    assert [run.kind for run in seen.scores] == ["grid"] and seen.names()[-1] == "end"


def test_each_segment_is_a_run(rows: Any) -> None:
    seen = Seen()
    estimator = H2ODeepLearningEstimator(**{**OFTEN, "epochs": 3})
    found = estimator.train_segments(x=["a", "b"], y="y", training_frame=rows, segments="s", callbacks=[seen])
    whole, *runs = list(seen.scores)
    models = found.as_frame().as_data_frame()["model"].tolist()
    assert whole.kind == "segments" and [run.model_id for run in runs] == models and len(runs) == 3
    for run in runs:
        assert [each.epochs for each in seen.scores[run]] == run.model.scoring_history()["epochs"].tolist()


def test_what_starts_now_and_is_waited_for_later(rows: Any) -> None:
    seen, model = Seen(), H2ODeepLearningEstimator(**{**OFTEN, "epochs": 3})
    model.start(["a", "b"], "y", rows, callbacks=[seen])
    h2o.job.H2OJob(model).poll()
    assert seen.calls == []
    model.join()
    assert len(seen.scores[seen.run]) == len(model.scoring_history()) and seen.run.model is model


@pytest.mark.parametrize("wrong", [3, "x", [Seen], [None], object()])
def test_what_is_no_callback_is_refused_before_training(rows: Any, wrong: Any) -> None:
    with pytest.raises(H2OTypeError, match="callbacks"):
        H2ODeepLearningEstimator(epochs=1).train(y="y", training_frame=rows, callbacks=wrong)
    with pytest.raises(TypeError, match="reason"):
        trained(rows, StopAt(0, 3), epochs=1)  # type: ignore[arg-type]


def test_an_error_within_a_search_ends_it_and_keeps_its_models(rows: Any) -> None:
    seen, failing = Seen(), Failing("on_scoring", ZeroDivisionError("by me"))
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(**GRID, **LONG), {"hidden": [[2], [3], [4]]})
    with pytest.raises(ZeroDivisionError, match="by me"):
        grid.train(["a", "b"], "y", rows, callbacks=iter([failing, seen]))
    assert len(grid.models) == 1 and grid.models[0].predict(rows).nrow == 60
    told = [name for name, _ in failing.calls if name != "iteration"]
    assert told == ["start", "start", "on_scoring", "end", "end"]
    whole, run = list(seen.scores)
    assert run.parent is whole and seen.names(run)[-1] == seen.names(whole)[-1] == "end"
    assert "ZeroDivisionError: by me" in run.reason


def test_ctrl_c_at_the_start_keeps_the_model(rows: Any) -> None:
    @dataclass  # with an equality of its own, and so without a hash
    class AtStart(Callback):
        ended: int = 0

        def on_start(self, run: Run) -> None:
            raise KeyboardInterrupt

        def on_end(self, run: Run) -> None:
            self.ended += 1

    at_start, seen = AtStart(), Seen()
    model = trained(rows, at_start, seen, **ENDLESS)
    assert at_start.ended == 1 and seen.run.reason == "interrupted" and seen.run.model is model
