"""Grid search through the front end."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import h2o
import pytest
from h2o.backend.connection import session
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError, NotFound, ParseError
from h2o.grid import H2OGridSearch
from heavywater.errors import JobCancelled

from .training_helpers import DATA, iris, prostate

BASE: dict[str, Any] = {"hidden": [5], "epochs": 2, "seed": 7, "reproducible": True}


def grid_of(hyper_params: dict[str, Any], **kwargs: Any) -> H2OGridSearch:
    parameters = {name: value for name, value in BASE.items() if name not in hyper_params}
    return H2OGridSearch(H2ODeepLearningEstimator(**parameters), hyper_params, **kwargs)


def trained(hyper_params: dict[str, Any], **kwargs: Any) -> H2OGridSearch:
    frame = iris()
    return grid_of(hyper_params, **kwargs).train(y=frame.names[-1], training_frame=frame)


def test_cartesian_grid_trains_every_combination_and_sorts_them():
    grid = trained({"hidden": [[3], [6, 4]], "l1": [0.0, 1e-3, 1e-2]})
    assert len(grid) == len(grid.models) == 6
    values = [model.logloss() for model in grid]
    assert values == sorted(values)
    assert grid.logloss() == dict(zip(grid.model_ids, values, strict=True))
    table = grid.sorted_metric_table()
    assert list(table.columns)[-4:] == ["hidden", "l1", "model_ids", "logloss"]
    assert list(table["model_ids"]) == grid.model_ids
    assert all(
        f"{key[-10:]} " in str(grid) for key in grid.model_ids
    )  # cut in the middle: they differ at the end
    assert max(map(len, str(grid).splitlines())) < 100
    best = grid.get_hyperparams_dict(0, display=False)
    assert best == {name: grid[0].actual_params[name] for name in ("hidden", "l1")}


def test_a_model_of_a_grid_is_the_model_trained_alone():
    frame = iris()
    grid = trained({"l2": [1e-3]})
    alone = H2ODeepLearningEstimator(**BASE, l2=1e-3)
    alone.train(y=frame.names[-1], training_frame=frame)
    assert grid[0].logloss() == alone.logloss()


def test_sorting_by_other_metrics():
    frame = prostate()
    grid = grid_of({"epochs": [0.1, 3, 10]}).train(
        y="CAPSULE", x=["AGE", "PSA", "GLEASON"], training_frame=frame
    )
    by_auc = grid.get_grid("auc")
    values = [model.auc() for model in by_auc]
    assert values == sorted(values, reverse=True)
    values = [model.auc() for model in h2o.get_grid(grid.grid_id).get_grid("auc", decreasing=False)]
    assert values == sorted(values)
    assert grid.get_grid("f1").sorted_metric_table()["f1"].is_monotonic_decreasing
    with pytest.raises(H2OValueError, match="sort_by='speed' must be one of"):
        grid.get_grid("speed")
    with pytest.raises(H2OValueError, match="do not have this metric"):
        grid.get_grid("custom")


def test_accuracy_of_several_classes():
    grid = grid_of({"epochs": [1, 30]}).train(y="class", training_frame=iris())
    by_accuracy = grid.get_grid("accuracy")
    shares = by_accuracy.sorted_metric_table()["accuracy"].tolist()
    assert shares == sorted(shares, reverse=True)
    errors = [model.confusion_matrix(iris())["Error"][-1] for model in by_accuracy]  # type: ignore[call-overload, index]
    assert shares == pytest.approx([1 - error for error in errors])  # type: ignore[operator]


def test_sorted_by_validation_and_by_cross_validation():
    frame = iris()
    train, valid = frame.split_frame([0.7], seed=1)
    grid = grid_of({"l1": [0, 0.01]}).train(y=frame.names[-1], training_frame=train, validation_frame=valid)
    assert [*grid.sorted_metric_table()["logloss"]] == [*grid.logloss(valid=True).values()]
    grid = H2OGridSearch(H2ODeepLearningEstimator(**BASE, nfolds=3), {"l1": [0, 0.01]})
    grid.train(y=frame.names[-1], training_frame=frame)
    assert [*grid.sorted_metric_table()["logloss"]] == [*grid.logloss(xval=True).values()]


def test_random_search_takes_a_part_and_gives_models_seeds_of_their_own():
    frame = iris()
    criteria = {"strategy": "RandomDiscrete", "max_models": 3, "seed": 11}

    def search() -> H2OGridSearch:
        grid = H2OGridSearch(
            H2ODeepLearningEstimator(hidden=[4], epochs=1, reproducible=True),
            {"l1": [0, 1e-4, 1e-3, 1e-2], "rho": [0.9, 0.99]},
            search_criteria=criteria,
        )
        return grid.train(y=frame.names[-1], training_frame=frame)

    first, second = search(), search()
    assert len(first) == 3
    assert [*first.logloss().values()] == [*second.logloss().values()]
    assert sorted(model.actual_params["seed"] for model in first) == [11, 12, 13]


def test_a_search_stops_when_models_get_no_better():
    criteria = {"strategy": "RandomDiscrete", "seed": 1, "stopping_rounds": 2, "stopping_tolerance": 0.5}
    grid = trained({"l1": [i * 1e-6 for i in range(50)]}, search_criteria=criteria)
    assert 4 <= len(grid) < 50


def test_a_search_ends_when_its_time_is_over():
    criteria = {"strategy": "Cartesian", "max_runtime_secs": 1.5}
    began = time.monotonic()
    endless = {"epochs": [1e7, 1e7 + 1, 1e7 + 2], "stopping_rounds": [0], "classification_stop": [-1]}
    grid = trained(endless, search_criteria=criteria)
    assert 1 <= len(grid) < 3
    assert time.monotonic() - began < 30


def test_models_side_by_side_are_those_trained_one_by_one():
    values = {"l1": [0, 1e-3, 1e-2, 1e-4]}
    parallel, sequential = trained(values, parallelism=0), trained(values)
    assert [*parallel.logloss().values()] == [*sequential.logloss().values()]


def test_failures_are_listed_and_do_not_end_the_search():
    with pytest.warns(RuntimeWarning, match=r"there is no model for l1=-1"):
        grid = trained({"l1": [-1, 1e-3]})
    assert len(grid) == 1
    assert grid.failed_params == [{"l1": -1}]
    assert "l1" in grid.failure_details[0]
    assert "Traceback" in grid.failure_stack_traces[0]
    assert grid.failed_raw_params == [["-1"]]
    with pytest.raises(H2OValueError, match="no combination"):
        trained({"l1": [-1, -2]})


def test_a_grid_goes_on_with_more_values():
    first = trained({"l1": [0, 1e-3]}, grid_id="growing")
    second = trained({"l1": [1e-3, 1e-2]}, grid_id="growing")
    assert len(second) == 3
    assert set(first.model_ids) < set(second.model_ids)
    frame = prostate()
    with pytest.raises(H2OValueError, match="Choose another grid_id"):
        grid_of({"l1": [0]}, grid_id="growing").train(y="CAPSULE", training_frame=frame)


X = ["sepal_len", "petal_wid"]


@pytest.mark.parametrize("way", ["x", "ignored_columns"])
def test_columns_that_no_model_uses_may_come_and_go(way):
    def searched(frame, values, key):
        grid = grid_of({"l1": values}, grid_id=key)
        given = (
            {"x": X}
            if way == "x"
            else {"ignored_columns": [n for n in frame.names if n not in [*X, "class"]]}
        )
        grid.train(y="class", training_frame=frame, **given)
        return grid

    frame = iris()
    key = f"wider_{way}"
    first = searched(frame, [0], key)
    wider = frame.cbind(h2o.H2OFrame({"more": list(range(frame.nrow))}))
    assert len(searched(wider, [1e-3], key)) == 2
    assert len(searched(wider[[*X, "class"]], [1e-2], key)) == 3
    assert set(first.model_ids) < set(h2o.get_grid(key).model_ids)


@pytest.mark.parametrize("role", ["x", "weights_column", "offset_column", "fold_column", None])
def test_columns_that_models_use_must_have_been_there(role):
    frame, key = iris()[["petal_wid", "sepal_len"]], f"narrow_{role}"

    def searched(frame, **given):
        parameters = {**BASE, "l2": 1e-5, **{n: v for n, v in given.items() if n != "x"}}
        grid = H2OGridSearch(H2ODeepLearningEstimator(**parameters), {"l1": [0]}, grid_id=key)
        x = None if role is None else ["sepal_len", *given.get("x", [])]
        grid.train(x=x, y="petal_wid", training_frame=frame)

    searched(frame)
    wider = frame.cbind(h2o.H2OFrame({"more": [i % 3 for i in range(frame.nrow)]}))
    more = {} if role is None else {role: ["more"] if role == "x" else "more"}
    with pytest.raises(H2OValueError, match="Choose another grid_id"):
        searched(wider, **more)
    if role is not None:
        searched(wider)


def test_saved_and_loaded(tmp_path):
    grid = trained({"l1": [0, 1e-3]}, grid_id="kept")
    path = h2o.save_grid(str(tmp_path / "grids"), "kept")
    before = grid.logloss()
    h2o.remove_all()
    with pytest.raises(NotFound):
        h2o.get_grid("kept")
    assert h2o.load_grid(path).logloss() == before
    Path(path).write_text("{}")
    with pytest.raises(ParseError, match="not the file of a grid"):
        h2o.load_grid(path)
    with pytest.raises(ParseError, match="there is no such file"):
        h2o.load_grid(path + "2")


KILLED = """
import sys, os, threading, time
import h2o
from h2o.grid import H2OGridSearch
h2o.init(); h2o.no_progress()
frame = h2o.import_file(sys.argv[1]); y = frame.names[-1]; frame[y] = frame[y].asfactor()
def killer():
    while not os.path.exists(os.path.join(sys.argv[2], "recovered_model_2")): time.sleep(0.01)
    time.sleep(0.05)
    os.kill(os.getpid(), 9)
threading.Thread(target=killer, daemon=True).start()
H2OGridSearch(h2o.H2ODeepLearningEstimator(hidden=[5], seed=7, reproducible=True),
              {"l1": [0, 1e-4, 1e-3, 1e-2], "epochs": [200]}, grid_id="recovered",
              recovery_dir=sys.argv[2]).train(y=y, training_frame=frame)
"""


def test_a_killed_search_goes_on_where_it_was(tmp_path):
    child = subprocess.run([sys.executable, "-W", "ignore", "-c", textwrap.dedent(KILLED), str(DATA / "iris_wheader.csv"), str(tmp_path)],
                           check=False, capture_output=True, text=True)  # fmt: skip
    assert child.returncode == -9, child.stderr
    done = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("recovered_model_*")}
    assert 2 <= len(done) < 4
    h2o.remove_all()
    frame = h2o.import_file(str(DATA / "iris_wheader.csv"))
    y = frame.names[-1]
    frame[y] = frame[y].asfactor()
    grid = H2OGridSearch(H2ODeepLearningEstimator(hidden=[5], seed=7, reproducible=True),
                         {"l1": [0, 1e-4, 1e-3, 1e-2], "epochs": [200]}, grid_id="recovered",
                         recovery_dir=str(tmp_path)).train(y=y, training_frame=frame)  # fmt: skip
    assert len(grid) == 4
    saved = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("recovered_model_*")}
    assert len(saved) == 4
    listed = {name for name in done if saved[name] == done[name]}
    assert (
        len(listed) >= len(done) - 1
    )  # a model whose file was there, but not yet its line in the grid, is trained again


def test_interrupted_search_keeps_its_models():
    frame = iris()
    grid = grid_of({"epochs": [0.5, 1e6]})
    grid.start(y=frame.names[-1], training_frame=frame)
    while grid._job.fraction < 0.5:
        time.sleep(0.02)
    grid.cancel()
    assert len(grid) == 2


@pytest.mark.long
def test_a_model_that_was_cut_short_is_trained_when_the_search_goes_on(tmp_path):
    frame = iris()
    values = {"epochs": [0.5, 400]}
    grid = grid_of(values, grid_id="cut", recovery_dir=str(tmp_path))
    grid.start(y=frame.names[-1], training_frame=frame)
    while grid._job.fraction < 0.5:
        time.sleep(0.005)
    grid.cancel()
    first = set(grid.model_ids)
    h2o.remove_all([frame.frame_id])
    again = grid_of(values, grid_id="cut", recovery_dir=str(tmp_path)).train(
        y=frame.names[-1], training_frame=frame
    )
    assert len(again) == 2 and len(first & set(again.model_ids)) == 1
    want = grid_of(values).train(y=frame.names[-1], training_frame=frame)
    assert list(again.logloss().values()) == list(want.logloss().values())


def test_a_search_cancelled_in_folds_has_no_failures():
    frame = iris()
    grid = grid_of({"epochs": [1e6, 2e6]}, grid_id="folds_cut")
    grid.model._parms["nfolds"] = 2
    grid.start(y=frame.names[-1], training_frame=frame)
    with pytest.raises(JobCancelled):
        grid.cancel()
    assert session().grids.describe("folds_cut")["failure_details"] == []


def test_questions_before_training():
    grid = grid_of({"l1": [0]})
    assert "not trained" in repr(grid)
    with pytest.raises(H2OValueError, match="not trained yet"):
        grid.sorted_metric_table()
    with pytest.raises(TypeError, match="must be an estimator"):
        H2OGridSearch(3, {"l1": [0]})
