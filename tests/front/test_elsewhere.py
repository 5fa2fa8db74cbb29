"""What scripts written for H2O's client import, where it has other places and more algorithms."""

from __future__ import annotations

import importlib
from typing import Any

import h2o
import pytest
from h2o.elsewhere.names import ABSENT, MEMBERS
from h2o.elsewhere.stand_ins import _Absent
from h2o.exceptions import H2OResponseError, H2OTypeError, H2OValueError

from .training_helpers import DATA


@pytest.fixture(scope="module")
def iris():
    return h2o.import_file(str(DATA / "iris_wheader.csv"))


def small(**parameters):
    return h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1, **parameters)


def test_other_algorithms_are_refused_where_they_are_used():
    from h2o.estimators import H2OGradientBoostingEstimator, gbm  # type: ignore[attr-defined]
    from h2o.transforms.decomposition import H2OPCA

    assert gbm.H2OGradientBoostingEstimator is H2OGradientBoostingEstimator
    for absent in (H2OGradientBoostingEstimator, H2OPCA):
        with pytest.raises(NotImplementedError, match=f"{absent.__name__}.*Deep Learning"):
            absent(ntrees=3)


def test_kinds_of_models(iris):
    from h2o.model import H2OBinomialModel, H2OMultinomialModel, H2ORegressionModel, binomial  # type: ignore[attr-defined]
    from h2o.model.models import binomial as place_of_old

    assert binomial.H2OBinomialModel is place_of_old.H2OBinomialModel is H2OBinomialModel
    classes, numbers = small(), small()
    assert not isinstance(classes, H2OMultinomialModel)
    classes.train(y="class", training_frame=iris)
    numbers.train(y="sepal_len", training_frame=iris)
    assert isinstance(classes, H2OMultinomialModel) and not isinstance(classes, H2ORegressionModel)
    assert isinstance(numbers, H2ORegressionModel) and not isinstance(numbers, H2OBinomialModel)
    assert isinstance(h2o.get_model(classes.model_id), H2OMultinomialModel)
    assert not isinstance("a text", H2OMultinomialModel)
    assert h2o.models()[-2:] == [classes.model_id, numbers.model_id]


def test_threshold_of_the_labels(tmp_path):
    from h2o.utils.model_utils import reset_model_threshold

    frame = h2o.load_dataset("prostate")
    frame["CAPSULE"] = frame["CAPSULE"].asfactor()
    model = small().train(x=["AGE", "PSA", "GLEASON"], y="CAPSULE", training_frame=frame)
    before = model.default_threshold()
    assert reset_model_threshold(model, 0.25) == before and model.default_threshold() == 0.25
    for answering in (model, h2o.load_model(h2o.save_model(model, str(tmp_path), force=True))):
        found = answering.predict(frame).as_data_frame()
        assert ((found["predict"] == 1) == (found["p1"] >= 0.25)).all()
    assert model.reset_threshold(before) == 0.25
    with pytest.raises(H2OValueError, match="threshold=2 must be"):
        model.reset_threshold(2)
    numbers = small().train(y="AGE", training_frame=frame)
    with pytest.raises(H2OValueError, match="of the kind Regression"):
        numbers.reset_threshold(0.5)


def test_description_of_columns(iris):
    model = small().train(y="class", training_frame=iris)
    output = model._model_json["output"]
    assert output["names"] == [*iris.names[:4], "class"]
    assert output["column_types"] == ["Numeric"] * 4 + ["Enum"]
    assert output["domains"][-1] == iris["class"].levels()[0]
    assert model.timestamp == model._model_json["timestamp"] == h2o.get_model(model.model_id).timestamp
    assert model.start_time <= model.timestamp


def test_scores_of_regression(iris):
    from h2o.model.models import regression

    actual = h2o.H2OFrame([1.0, 2.0, 4.0, None])
    predicted = h2o.H2OFrame([1.5, 2.0, 3.0, 9.0])
    weights = h2o.H2OFrame([1, 2, 1, 5])
    assert regression.h2o_mean_absolute_error(actual, predicted) == pytest.approx(0.5)
    assert regression.h2o_mean_squared_error(actual, predicted) == pytest.approx(1.25 / 3)
    assert regression.h2o_mean_squared_error(actual, predicted, weights) == pytest.approx(1.25 / 4)
    assert regression.h2o_median_absolute_error(actual, predicted) == pytest.approx(0.5)
    assert regression.h2o_r2_score(actual, predicted) == pytest.approx(1 - 1.25 / (14 / 3))
    assert regression.h2o_explained_variance_score(actual, predicted) == pytest.approx(
        1 - (1.25 - 1 / 12) / (14 / 3)
    )
    constant = h2o.H2OFrame([2.0, 2.0])
    assert regression.h2o_r2_score(constant, constant) == 1
    assert regression.h2o_r2_score(constant, constant + 1) == 0
    with pytest.raises(H2OTypeError, match="y_actual"):
        regression.h2o_r2_score(object(), predicted)
    with pytest.raises(H2OValueError, match="one column"):
        regression.h2o_r2_score(iris, predicted)
    with pytest.raises(H2OValueError, match="equally many"):
        regression.h2o_r2_score(constant, predicted)


def test_scaler(iris):
    from h2o.transforms.preprocessing import H2OColSelect, H2OScaler

    numbers = iris.names[:4]
    scaler = H2OScaler()
    with pytest.raises(H2OValueError, match="fit"):
        scaler.transform(iris)
    scaled = scaler.fit(iris).transform(iris)
    assert scaled["class"].levels() == iris["class"].levels()
    assert scaled[numbers].mean() == pytest.approx([0] * 4, abs=1e-12)
    assert scaled[numbers].sd() == pytest.approx([1] * 4)
    back = scaler.inverse_transform(scaled)
    assert (back[numbers] - iris[numbers]).abs().max() < 1e-12
    assert scaled[numbers].mean() == pytest.approx([0] * 4, abs=1e-12)  # left as it was
    given = H2OScaler(center=[1.0, 2.0], scale=False).fit_transform(iris[:2])
    assert given[0, 0] == pytest.approx(iris[0, 0] - 1) and given[0, 1] == pytest.approx(iris[0, 1] - 2)
    assert H2OColSelect(["class"]).fit_transform(iris).names == ["class"]
    with pytest.raises(H2OValueError, match="center=None"):
        H2OScaler(center=None)


def test_fit_takes_predictors_and_response(iris):
    model = small().fit(iris[:4], iris[4])
    assert model._model_json["response_column_name"] == "class"
    assert model.predict(iris).nrow == iris.nrow


def test_helpers():
    from h2o.utils import shared_utils

    assert shared_utils.temp_ctr() < shared_utils.temp_ctr()
    assert shared_utils.can_use_pandas() and shared_utils.can_use_numpy()
    assert not shared_utils.is_module_available("no_such_module")
    assert shared_utils.quoted("a") == shared_utils.quoted('"a"') == '"a"'
    names = shared_utils.LookupSeq(f"C{n}" for n in range(100))
    assert "C7" in names and "D" not in names and names[7] == "C7" and len(names.set()) == 100


def test_data_sets():
    assert h2o.load_dataset("iris").dim == [150, 5]
    assert h2o.load_dataset("prostate").dim == [380, 9]
    with pytest.raises(H2OValueError, match=r"relative_path='nowhere'.*iris"):
        h2o.load_dataset("nowhere")


def test_answers_of_the_server(iris):
    from h2o.backend import H2OLocalServer  # type: ignore[attr-defined]
    from h2o.backend.cluster import H2OCluster
    from h2o.backend.connection import H2OConnection, H2OResponse

    assert isinstance(h2o.cluster(), H2OCluster) and isinstance(h2o.connection(), H2OConnection)
    setup = h2o.parse_setup(h2o.import_file(str(DATA / "iris.csv"), parse=False))
    assert isinstance(setup, H2OResponse) and setup["number_columns"] == 5
    with pytest.raises(NotImplementedError):
        H2OLocalServer()


def test_frame_that_was_removed_is_an_empty_shell():
    frame = h2o.H2OFrame([1, 2])
    h2o.remove(frame)
    with pytest.raises(AttributeError, match="object has no attribute"):
        _ = frame.nrow
    named = h2o.H2OFrame([1, 2], destination_frame="to_be_removed")
    h2o.remove("to_be_removed")
    with pytest.raises(H2OResponseError, match="to_be_removed"):
        _ = named.nrow


def test_forms_of_frames(iris):
    forms: list[Any] = [None, [], (), [[]], {}]
    for nothing in forms:
        empty = h2o.H2OFrame(nothing)
        assert empty.dim == [0, 1]
        empty.describe()
    jagged = h2o.H2OFrame([[6, 7, 8], [1, 2], [3]])
    assert jagged.dim == [3, 3] and jagged.nacnt() == [0, 1, 2]
    assert h2o.H2OFrame({"a": [1, 2, 3], "b": (1, 2), "c": 5}).nacnt() == [0, 1, 0]
    assert iris[:].names == iris.names and iris[:].nrow == iris.nrow
    with pytest.raises(H2OValueError, match="`skipped_columns` must be valid column names"):
        h2o.H2OFrame([[1, 2]], skipped_columns=["nowhere"])
    with pytest.raises(H2OValueError, match="'sepal_len' is of type real"):
        iris.asfactor()
    gone = h2o.H2OFrame([["False"], ["NA"]], column_types=["enum"], na_strings=["NA"])
    assert gone.any() and not gone.any_na_rm() and not gone.all()


def test_texts_that_are_missing_in_a_data_frame():
    frame = h2o.H2OFrame({"t": ["a", "b", "c"], "n": [1, 2, 3]}, column_types={"t": "enum"})
    assert frame.as_data_frame().isna().sum().sum() == 0
    found = frame.as_data_frame(na_values=["b", "c"])
    assert found["t"].isna().tolist() == [False, True, True]
    assert found["n"].tolist() == [1, 2, 3]


def test_files_that_were_only_looked_for(tmp_path, iris):
    model = small().train(y="class", training_frame=iris)
    (key,) = h2o.lazy_import(model.download_mojo(str(tmp_path)))
    generic = h2o.H2OGenericEstimator(model_key=h2o.get_frame(key)).train()
    assert (
        generic.predict(iris)["predict"]
        .as_data_frame()
        .equals(model.predict(iris)["predict"].as_data_frame())
    )
    with pytest.raises(H2OResponseError, match="no frame 'nowhere'"):
        h2o.get_frame("nowhere")


def test_names_of_parts(tmp_path, iris):
    h2o.export_file(iris, str(tmp_path / "texts"), parts=2)
    assert sorted(file.name for file in (tmp_path / "texts").iterdir()) == ["part-m-00000", "part-m-00001"]
    assert h2o.import_file(str(tmp_path / "texts"), header=1).dim == iris.dim
    h2o.export_file(iris, str(tmp_path / "typed"), format="parquet", write_checksum=False)
    assert [file.name for file in (tmp_path / "typed").iterdir()] == ["part-m-00000"]
    assert h2o.import_file(str(tmp_path / "typed")).dim == iris.dim


def test_equally_frequent_pairs_of_levels(iris):
    for level in ("Iris-setosa", "Iris-virginica"):
        iris = iris.cbind((iris["class"] == level).asfactor())
    iris.names = [*iris.names[:5], "s", "v"]
    pairs = h2o.interaction(iris, factors=["s", "v"], pairwise=True, max_factors=100, min_occurrence=1)
    assert pairs.levels() == [["0_0", "1_0", "0_1"]]


def test_texts_of_python_objects_stay_texts() -> None:
    """Empty texts and "NA" are levels like others; among numbers they mean missing."""
    empty = h2o.H2OFrame({"e": ["", ""], "f": ["", ""]})
    assert empty.nacnt() == [0, 0]
    assert (empty == "").sum() == 4
    frame = h2o.H2OFrame(
        {"level": ["NA", "None", "x", None], "number": ["1", "NA", "", "2"]}, column_types={"level": "enum"}
    )
    assert frame["level"].levels() == [["NA", "None", "x"]]
    assert frame.nacnt() == [1, 2]


def test_nothing_that_is_here_is_called_absent() -> None:
    told = [
        (module, name) for _, modules in ABSENT for module, names in modules.items() for name in names.split()
    ]
    found = {f"{module}.{name}": getattr(importlib.import_module(module), name) for module, name in told}
    here = [
        name for name, each in found.items() if not (isinstance(each, type) and issubclass(each, _Absent))
    ]
    assert [
        name for name in here if found[name].__name__ != name
    ] == []  # but modules of H2O's, made for their names


def test_no_member_that_is_here_is_called_absent() -> None:
    kinds = (
        h2o.H2OFrame, h2o.model.ModelBase, h2o.H2OGridSearch, h2o.H2OCluster, h2o.H2OConnection,
        h2o.model.MetricsBase, h2o.model.ConfusionMatrix,
    )  # fmt: skip
    assert {kind.__name__ for kind in kinds} == MEMBERS.keys()
    for kind in kinds:
        names = [name for _, told in MEMBERS[kind.__name__] for name in told.split()]
        assert [name for name in names if hasattr(kind, name)] == []
