"""Objects that live in the session, through pickle, copy and joblib: they carry what they are, not a name."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError
from hypothesis import given, settings
from hypothesis import strategies as st

KINDS: dict[str, Any] = {
    "int": st.integers(-(2**62), 2**62),
    "real": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "enum": st.sampled_from(["a", "NA", "", "7", "ä b"]),
    "string": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5),
    "time": st.integers(-(2**40), 2**40),
}


def frame(rows: int = 60) -> h2o.H2OFrame:
    x = np.arange(rows) / rows
    values = {"a": x.tolist(), "b": (x * 7 % 1).tolist(), "y": np.where(x > 0.4, "yes", "no").tolist()}
    return h2o.H2OFrame(values, column_types={"y": "enum"})


def trained(**parameters: Any) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(hidden=[4], epochs=1, seed=1, **parameters)
    model.train(x=["a", "b"], y="y", training_frame=frame())
    return model


def in_new_process(stored: Path, code: str) -> str:
    program = f"import pickle, h2o\nfound = pickle.loads(open({str(stored)!r}, 'rb').read())\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_frame_is_the_same_after_pickle_and_copy(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 6))
    kinds = data.draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4))
    values = {
        f"c{i}": data.draw(st.lists(st.one_of(st.none(), KINDS[kind]), min_size=rows, max_size=rows))
        for i, kind in enumerate(kinds)
    }
    original = h2o.H2OFrame(values, column_types={f"c{i}": kind for i, kind in enumerate(kinds)})
    for other in (pickle.loads(pickle.dumps(original)), copy.copy(original), copy.deepcopy(original)):
        assert other.frame_id != original.frame_id
        assert other.names == original.names and other.types == original.types
        assert other.as_data_frame().equals(original.as_data_frame())


def test_a_copy_is_a_frame_of_its_own() -> None:
    original = frame()
    other = copy.deepcopy(original)
    other["a"] = 5
    assert original["a"].max() < 1


def test_a_removed_frame_says_so() -> None:
    gone = frame()
    h2o.remove(gone)
    with pytest.raises(AttributeError, match="was removed"):
        pickle.dumps(gone)


@pytest.mark.parametrize("category", ["classes", "numbers", "autoencoder", "folds", "MOJO"])
def test_a_model_predicts_the_same_in_a_new_process(category: str, tmp_path: Path) -> None:
    rows = frame()
    if category == "autoencoder":
        model: Any = H2OAutoEncoderEstimator(hidden=[2], epochs=1, seed=1)
        model.train(x=["a", "b"], training_frame=rows)
    elif category == "numbers":
        model = H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
        model.train(x=["b", "y"], y="a", training_frame=rows)
    else:
        model = trained(nfolds=2 if category == "folds" else 0)
    if category == "MOJO":
        model = h2o.import_mojo(model.download_mojo(str(tmp_path / "model.zip")))
    stored = tmp_path / "both"
    stored.write_bytes(pickle.dumps((model, rows)))
    expected = model.predict(rows).as_data_frame().iloc[:, -1].sum()
    shown = in_new_process(
        stored,
        "print(repr(float(found[0].predict(found[1]).as_data_frame().iloc[:, -1].sum())), type(found[0]).__name__)",
    )
    assert shown == f"{float(expected)!r} {type(model).__name__}"


def test_a_model_that_is_here_already_is_that_model() -> None:
    model = trained()
    before = sorted(h2o.models())
    for other in (pickle.loads(pickle.dumps(model)), copy.copy(model), copy.deepcopy(model)):
        assert other.model_id == model.model_id and other.auc() == model.auc()
    assert sorted(h2o.models()) == before


def test_a_model_never_takes_the_place_of_another() -> None:
    stored = pickle.dumps(trained(model_id="the_same_name"))
    another = trained(model_id="the_same_name", l1=0.5)
    loaded = pickle.loads(stored)
    assert loaded.model_id != another.model_id == "the_same_name"
    assert loaded.actual_params["l1"] == 0 and another.actual_params["l1"] == 0.5


@pytest.mark.in_process
def test_a_model_carries_its_own_metric() -> None:
    model = trained(custom_metric_func=share_of_second)
    stored = pickle.dumps(model)
    h2o.remove_all()
    loaded, rows = pickle.loads(stored), frame()
    found = loaded.model_performance(rows)._metric_json
    assert found["custom_metric_value"] == pytest.approx(loaded.predict(rows)["yes"].mean()[0])


def share_of_second(actual: Any, predicted: Any) -> float:
    return float(np.mean(predicted[:, 1]))


def test_an_untrained_estimator_keeps_its_parameters() -> None:
    from sklearn.base import clone

    rows = frame()
    original = H2ODeepLearningEstimator(hidden=[7, 3], activation="Tanh", training_frame=rows)
    for other in (pickle.loads(pickle.dumps(original)), copy.deepcopy(original), clone(original)):
        assert (other.hidden, other.activation) == ([7, 3], "Tanh")
        assert other.training_frame.as_data_frame().equals(rows.as_data_frame())
        other.train(x=["a"], y="y")
        assert other.model_id is not None and original.model_id is None


def test_what_still_runs_is_not_stored() -> None:
    model = H2ODeepLearningEstimator(hidden=[4], epochs=1)
    model.start(x=["a", "b"], y="y", training_frame=frame())
    with pytest.raises(H2OValueError, match="join"):
        pickle.dumps(model)
    model.join()


def test_a_grid_carries_its_models(tmp_path: Path) -> None:
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[2], [3], [4]]})
    grid.train(x=["a", "b"], y="y", training_frame=frame())
    by_auc = grid.get_grid("auc")
    again = pickle.loads(pickle.dumps(by_auc))
    assert (again.grid_id, again.model_ids) == (grid.grid_id, by_auc.model_ids)
    stored = tmp_path / "grid"
    stored.write_bytes(pickle.dumps(by_auc))
    shown = in_new_process(stored, "print([model.auc() for model in found])")
    assert shown == str([model.auc() for model in by_auc])


def test_worker_processes_of_joblib_get_models_and_frames() -> None:
    from joblib import Parallel, delayed

    model, rows = trained(), frame()
    expected = model.predict(rows).as_data_frame()
    for found in Parallel(2, backend="loky")(delayed(_predictions)(model, rows) for _ in range(3)):
        assert found.equals(expected)


OLD = Path(__file__).parents[1] / "data" / "pickles"


def test_pickles_of_before_the_modules_were_put_into_rooms_can_be_read() -> None:
    found = {file.stem: pickle.loads(file.read_bytes()) for file in sorted(OLD.glob("*.pickle"))}
    assert sorted(found) == ["frame", "grid", "metrics", "model", "table"]
    assert found["frame"].types == {"a": "int", "b": "enum"} and found["frame"].shape == (4, 2)
    rows = h2o.H2OFrame({"a": list(range(20))})
    assert found["model"].predict(rows).names == ["predict", "u", "v"]
    assert found["metrics"].auc() == found["model"].auc()
    assert found["table"].col_header == found["model"].summary().col_header
    assert len(found["grid"].model_ids) == len(found["grid"].models) == 2


def _predictions(model: Any, rows: Any) -> Any:
    return model.predict(rows).as_data_frame()
