"""What scripts written for H2O's client rely on besides signatures: kinds of errors, helpers they import, `in`."""

from __future__ import annotations

import zipfile
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OResponseError, H2OTypeError, H2OValueError, NotFound
from h2o.grid import H2OGridSearch
from h2o.utils.typechecks import assert_is_type, is_type, numeric
from heavywater.files import new_file

from .training_helpers import DATA, iris

TINY: dict[str, Any] = {"hidden": [3], "epochs": 1, "seed": 1, "reproducible": True}


def train(frame, **parameters):
    return H2ODeepLearningEstimator(**{**TINY, **parameters}).train(y=-1, training_frame=frame)


def refusals():
    frame, path = iris(), str(DATA / "iris_wheader.csv")
    return {
        "negative folds": (lambda: train(frame, nfolds=-1), H2OValueError),
        "one fold": (lambda: train(frame, nfolds=1), H2OValueError),
        "more folds than rows": (lambda: train(frame, nfolds=151), H2OValueError),
        "unknown parameter": (lambda: train(frame, hiden=[3]), TypeError),
        "unknown column": (lambda: train(frame, offset_column="no"), H2OValueError),
        "column of a frame": (lambda: frame["no"], H2OValueError),
        "column as key": (lambda: frame["no"], KeyError),
        "cbind": (lambda: frame.cbind(frame[0:3, :]).nrow, H2OValueError),
        "rbind": (lambda: frame.rbind(frame[0]).nrow, H2OValueError),
        "no such model": (lambda: h2o.get_model("no"), NotFound),
        "no such file": (lambda: h2o.import_file(path + ".no"), ValueError),
        "file exists": (lambda: h2o.export_file(frame, path), ValueError),
        "grid of an unknown parameter": (
            lambda: H2OGridSearch(H2ODeepLearningEstimator, {"hiden": [[3]]}).train(
                y=4, training_frame=frame
            ),
            H2OTypeError,
        ),
        "expression": (lambda: h2o.rapids("(+ 1"), ValueError),
    }


@pytest.mark.parametrize("case", list(refusals()))
def test_refusals_are_environment_errors_and_errors_of_their_own_kind(case):
    call, kind = refusals()[case]
    for caught in (EnvironmentError, H2OResponseError, kind):
        with pytest.raises(caught) as error:
            call()
    assert str(error.value)
    assert error.value.errno is None  # the text is the message, and no number of the operating system


def test_a_message_is_not_told_twice_where_files_are_read_or_written(tmp_path):
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("folder/", "")
    with pytest.raises(H2OResponseError, match=r"holds no files$") as error:
        h2o.import_file(str(empty))
    assert "cannot be read" not in str(error.value)
    with pytest.raises(H2OValueError, match=r"^of a caller$"), new_file(tmp_path / "new", force=False):
        raise H2OValueError("of a caller")


def test_in_finds_column_names_and_values():
    frame = iris()
    assert "class" in frame
    assert "Iris-setosa" in frame[4]
    assert "Iris-tulip" not in frame[4]
    assert 5.1 in frame[0]
    assert 99 not in frame
    assert 99 not in h2o.H2OFrame([[1.5], [None]])  # a missing cell is no cell of this value
    with pytest.raises(H2OTypeError, match="column name or a value"):
        assert [1] in frame


def test_numpy_arrays_choose_rows_where_lists_choose_columns():
    frame = h2o.H2OFrame({"a": [10, 11, 12], "b": [20, 21, 22], "c": [30, 31, 32]})
    assert frame[np.array([0, 2])].as_data_frame().to_numpy().tolist() == [[10, 20, 30], [12, 22, 32]]
    assert frame[np.array([False, True, False])].as_data_frame().to_numpy().tolist() == [[11, 21, 31]]
    assert frame[[0, 2]].names == ["a", "c"]
    assert frame[np.array([1, 2]), np.array([0, 2])].as_data_frame().to_numpy().tolist() == [
        [11, 31],
        [12, 32],
    ]
    assert frame[np.array([0, 1]), ...].dim == [2, 3]
    with pytest.raises(ValueError, match="1-D"):
        frame[np.array([[0, 1]])]
    with pytest.raises(TypeError, match="integer or boolean"):
        frame[np.array([0.0, 2.0])]
    with pytest.raises(ValueError, match="2 booleans for 3 rows"):
        frame[np.array([True, False])]


@pytest.mark.parametrize(
    ("value", "types"),
    [
        (1, (int,)),
        (np.int64(1), (int,)),
        (1, (float,)),
        (None, (str, None)),
        ([1, 2], ([int],)),
        ({1, 2}, ({int},)),
        ([1, "a"], ([int, str],)),
        ((1, "a"), ((int, str),)),
        ({"a": 1}, ({str: int},)),
        ("auto", ("auto",)),
        (2.5, (numeric,)),
        (True, (bool,)),
    ],
)
def test_values_of_a_type_pass(value, types):
    assert_is_type(value, *types)


@pytest.mark.parametrize(
    ("value", "types"),
    [
        (True, (int, float, numeric)),
        (1.5, (int,)),
        ([1, "a"], ([int],)),
        ((1,), ((int, str),)),
        ({"a": "b"}, ({str: int},)),
        ("x", ("auto", None)),
    ],
)
def test_values_of_another_type_are_refused(value, types):
    assert not is_type(value, *types)
    with pytest.raises(H2OTypeError, match="it must be of type"):
        assert_is_type(value, *types)


def test_a_grid_that_was_fetched_by_name_takes_more_values():
    frame = iris()
    grid = H2OGridSearch(H2ODeepLearningEstimator(**TINY), {"activation": ["Tanh", "Rectifier"], "l1": [0.1]})
    grid.train(y=4, training_frame=frame)
    fetched = h2o.get_grid(grid.grid_id)
    fetched.hyper_params["l1"] = [0.1, 1]
    fetched.train(y=4, training_frame=frame)
    assert len(fetched) == 4
    assert set(grid.model_ids) < set(fetched.model_ids)
    assert {model.parms["seed"]["actual_value"] for model in fetched.models} == {1}


def test_a_grid_can_be_loaded_from_the_folder_of_its_checkpoints(tmp_path):
    grid = H2OGridSearch(
        H2ODeepLearningEstimator(**TINY), {"l1": [0.0, 0.1]}, export_checkpoints_dir=str(tmp_path)
    )
    grid.train(y=4, training_frame=iris())
    ids, losses = grid.model_ids, grid.logloss()
    h2o.remove_all()
    loaded = h2o.load_grid(str(tmp_path / str(grid.grid_id)))
    assert loaded.model_ids == ids
    assert loaded.logloss() == losses
    assert loaded.is_cross_validated() == dict.fromkeys(ids, False)


def test_the_metrics_of_two_classes_are_found_beside_the_others():
    from h2o.model import metrics_base
    from h2o.model.metrics import H2OBinomialModelMetrics

    assert metrics_base.H2OBinomialModelMetrics is H2OBinomialModelMetrics
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        metrics_base.Nothing  # type: ignore[attr-defined]  # noqa: B018
