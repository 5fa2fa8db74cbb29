"""A frame that nobody holds goes away; one with a name stays."""

import gc
from collections.abc import Callable
from typing import Any

import h2o
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator

pytestmark = pytest.mark.usefixtures("few_objects")

ANSWERS: dict[str, Callable[[Any, Any], Any]] = {
    "predict": lambda model, rows: model.predict(rows),
    "deepfeatures": lambda model, rows: model.deepfeatures(rows, 0),
    "anomaly": lambda model, rows: model.anomaly(rows),
    "anomaly of each column": lambda model, rows: model.anomaly(rows, per_feature=True),
    "weights": lambda model, rows: model.weights(0),
    "biases": lambda model, rows: model.biases(1),
    "performance": lambda model, rows: model.model_performance(rows),
    "operations": lambda model, rows: (rows[0] + 1).cbind(rows * 2)[rows["a"] > 2, :].head(2),
    "pieces": lambda model, rows: rows.split_frame([0.5], seed=1),
    "groups": lambda model, rows: rows.group_by("b").mean().get_frame(),
}


@pytest.fixture(scope="module")
def rows() -> Any:
    return h2o.H2OFrame({"a": list(range(8)), "b": [1.5, 2.5] * 4}, destination_frame="held_rows")


@pytest.fixture(scope="module")
def autoencoder(rows: Any) -> Any:
    model = H2OAutoEncoderEstimator(
        hidden=[2], epochs=1, export_weights_and_biases=True, model_id="held_model"
    )
    model.train(x=["a", "b"], training_frame=rows)
    return model


def keys() -> set[str]:
    gc.collect()
    return set(h2o.ls()["key"])


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_go_away_with_their_objects(name: str, autoencoder: Any, rows: Any) -> None:
    before = keys()
    for _ in range(5):
        answer = ANSWERS[name](autoencoder, rows)
    assert len(keys() - before) <= (len(answer) if isinstance(answer, list) else 1)
    del answer
    assert keys() == before


def test_a_frame_stays_as_long_as_one_object_holds_it(autoencoder: Any, rows: Any) -> None:
    first = autoencoder.predict(rows)
    second = h2o.get_frame(first.frame_id)
    del first
    gc.collect()
    assert second.nrow == 8
    key = second.frame_id
    del second
    assert key not in keys()


@pytest.mark.parametrize(
    "name_it",
    [
        lambda frame: h2o.assign(frame, "kept"),
        lambda frame: setattr(frame, "frame_id", "kept"),
        lambda frame: h2o.deep_copy(frame, "kept"),
    ],
)
def test_a_frame_with_a_name_stays(name_it: Callable[[Any], Any], autoencoder: Any, rows: Any) -> None:
    before = keys()
    frame = autoencoder.predict(rows)
    name_it(frame)
    del frame
    assert keys() - before == {"kept"}
    h2o.remove("kept")


def test_what_a_model_keeps_of_its_folds_stays() -> None:
    rows = h2o.H2OFrame({"a": list(range(20)), "y": [0.0, 1.0] * 10})
    model = H2ODeepLearningEstimator(hidden=[2], epochs=1, nfolds=2, keep_cross_validation_predictions=True)
    model.train(x=["a"], y="y", training_frame=rows)
    before = keys()
    for _ in range(2):
        model.cross_validation_predictions()
        model.cross_validation_holdout_predictions()
    assert keys() == before


def test_messages_name_what_is_missing() -> None:
    for ask, what in ((h2o.get_model, "no model 'nothing'"), (h2o.get_frame, "no frame 'nothing'")):
        with pytest.raises(h2o.exceptions.NotFound, match=what):
            ask("nothing")
