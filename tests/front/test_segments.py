"""A model for each segment of the rows."""

from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OResponseError, H2OTypeError, H2OValueError
from h2o.model import H2OSegmentModels


@pytest.fixture(scope="module")
def rows() -> Any:
    n = np.arange(60)
    values = {
        "a": n.tolist(),
        "s": ["p", "q", None] * 20,
        "t": ["u", "v"] * 30,
        "y": (n % 7 * 1.0).tolist(),
    }
    return h2o.H2OFrame(values, column_types={"s": "enum", "t": "enum"})


def small(**parameters: Any) -> H2ODeepLearningEstimator:
    return H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1, reproducible=True, **parameters)


@pytest.mark.parametrize("parallelism", [1, 3])
def test_each_segment_gets_the_model_of_its_rows(rows: Any, parallelism: int) -> None:
    found = small().train_segments(
        y="y",
        training_frame=rows,
        segments=["s", "t"],
        segment_models_id=f"seg{parallelism}",
        parallelism=parallelism,
    )
    assert isinstance(found, H2OSegmentModels)
    table = found.as_frame()
    assert table.names == ["s", "t", "model", "status", "errors", "warnings"]
    data = table.as_data_frame()
    assert data["model"].tolist() == [f"seg{parallelism}_{i}" for i in range(6)]
    assert set(data["status"]) == {"SUCCEEDED"} and data["s"].isna().sum() == 2
    row = data[(data["s"] == "q") & (data["t"] == "v")].iloc[0]
    alone = small()
    alone.train(x=["a"], y="y", training_frame=rows[(rows["s"] == "q") & (rows["t"] == "v"), :])
    model = h2o.get_model(row["model"])
    assert model.mse() == alone.mse() and model._model_json["output"]["names"] == ["a", "y"]
    h2o.remove(found.segment_models_id)
    assert row["model"] not in h2o.models()


def test_segments_can_be_listed(rows: Any) -> None:
    listed = h2o.H2OFrame({"s": ["q", "p"]}, column_types={"s": "enum"})
    data = (
        small()
        .train_segments(x=["a", "s"], y="y", training_frame=rows, segments=listed)
        .as_frame()
        .as_data_frame()
    )
    assert data["s"].tolist() == ["q", "p"] and set(data["status"]) == {"SUCCEEDED"}
    unknown = h2o.H2OFrame({"s": ["none", "p"]}, column_types={"s": "enum"})
    data = small().train_segments(y="y", training_frame=rows, segments=unknown).as_frame().as_data_frame()
    assert data["status"].tolist() == ["FAILED", "SUCCEEDED"] and "no rows" in data["errors"][0]


def test_a_segment_that_cannot_be_learned_leaves_the_others(rows: Any) -> None:
    changed = rows[:]
    changed[changed["t"] == "u", "y"] = 1.0
    data = small().train_segments(y="y", training_frame=changed, segments="t").as_frame().as_data_frame()
    assert data["status"].tolist() == ["FAILED", "SUCCEEDED"]
    assert "only one value" in data["errors"][0] and data["model"].isna().tolist() == [True, False]


def test_validation_rows_go_with_their_segment(rows: Any) -> None:
    found = small().train_segments(
        y="y", training_frame=rows, validation_frame=rows[rows["t"] == "u", :], segments=["t"]
    )
    models = [h2o.get_model(key) for key in found.as_frame().as_data_frame()["model"]]
    assert models[0].mse(valid=True) == pytest.approx(models[0].mse())
    assert models[1].model_performance(valid=True) is None
    assert not [key for key in h2o.ls()["key"] if key.startswith("py_") and h2o.get_frame(key).nrow == 30]


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"segments": ["none"]}, H2OResponseError, "no column 'none'"),
        ({"segments": []}, H2OValueError, "at least one column"),
        ({"segments": ["t"], "parallelism": 0}, H2OTypeError, "parallelism=0"),
    ],
)
def test_wrong_arguments_are_named(rows: Any, wrong: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        small().train_segments(y="y", training_frame=rows, **wrong)
