"""Data frames of other packages wherever a frame is asked for."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.frame.accepting import frame_of

from ..house.tree import ROOT

pl = pytest.importorskip("polars")

ROWS = 60
RNG = np.random.default_rng(5)
DATA = pd.DataFrame(
    {
        "number": RNG.normal(size=ROWS),
        "level": pd.Categorical(RNG.choice(["u", "v", "w"], ROWS)),
        "y": pd.Categorical(RNG.choice(["no", "yes"], ROWS)),
    }
)
SETTINGS: dict[str, Any] = {"hidden": [3], "epochs": 1, "seed": 1, "reproducible": True}
KINDS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "H2OFrame": h2o.H2OFrame,
    "pandas": lambda data: data,
    "polars": pl.DataFrame,
    "Arrow table": lambda data: pa.Table.from_pandas(data, preserve_index=False),
    "Arrow reader": lambda data: pa.Table.from_pandas(data, preserve_index=False).to_reader(max_chunksize=7),
    "record batch": lambda data: pa.RecordBatch.from_pandas(data, preserve_index=False),
    "dict of lists": lambda data: data.to_dict("list"),
    "records": lambda data: data.to_dict("records"),
    "structured": lambda data: data.astype({"level": str, "y": str}).to_records(index=False),
}


@pytest.fixture(scope="module")
def model() -> H2ODeepLearningEstimator:
    h2o.init(verbose=False)
    return H2ODeepLearningEstimator(**SETTINGS).train(y="y", training_frame=h2o.H2OFrame(DATA))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_trains_and_is_scored_alike(model: H2ODeepLearningEstimator, kind: str) -> None:
    make = KINDS[kind]
    again = H2ODeepLearningEstimator(**SETTINGS)
    again.train(y="y", training_frame=make(DATA), validation_frame=make(DATA))
    assert again.logloss() == again.logloss(valid=True) == model.logloss()
    assert model.model_performance(make(DATA)).auc() == model.auc()
    assert model.confusion_matrix(data=make(DATA)).to_list() == model.confusion_matrix().to_list()


def test_texts_that_look_like_numbers_stay_levels_wherever_a_model_is_asked(tmp_path: Path) -> None:
    data = pd.DataFrame(
        {"level": ["07", "7", "x"] * 20, "number": range(60), "y": ["yes", "no", "no", "yes"] * 15}
    )
    models = [
        H2ODeepLearningEstimator(hidden=[n], epochs=20, seed=1).train(y="y", training_frame=data)
        for n in (3, 4)
    ]
    rows = data[data["level"] != "x"].reset_index(drop=True)
    frame = h2o.H2OFrame(rows, column_types={"level": "enum"})
    path = models[0].download_mojo(str(tmp_path / "model.zip"))
    means = models[0].predicted_vs_actual_by_variable
    for use in (
        lambda given: h2o.make_leaderboard(models, given).as_data_frame()[["model_id", "logloss"]],
        lambda given: h2o.make_leaderboard(models[0], given).as_data_frame()[["model_id", "logloss"]],
        lambda given: h2o.explanation.model_correlation(models, given),
        lambda given: (
            models[0].partial_plot(given, cols=["level"], plot=False)[0].as_data_frame().iloc[:, :2]
        ),
        lambda given: means(given, models[0].predict(frame), "level", use_pandas=True),
        lambda given: (
            h2o.mojo_predict_pandas(rows, path) if given is rows else models[0].predict(frame).as_data_frame()
        ),
    ):
        pd.testing.assert_frame_equal(use(rows), use(frame), rtol=1e-5)


def test_temporary_frames_do_not_stay(model: H2ODeepLearningEstimator) -> None:
    def frames() -> set[str]:
        return set(h2o.ls()["key"]) if len(h2o.ls()) else set()

    before = frames()
    predictions = model.predict(DATA)
    model.model_performance(DATA)
    H2OAutoEncoderEstimator(**SETTINGS).train(x=["number"], training_frame=DATA).anomaly(DATA)
    del predictions
    assert {key for key in frames() - before if "model" not in key} == set()


def test_an_estimator_keeps_what_explanations_compare_with() -> None:
    estimator = H2ODeepLearningEstimator(**SETTINGS).train(y="y", training_frame=DATA)
    rows = DATA.iloc[:3]
    found = estimator.predict_contributions(rows)
    pd.testing.assert_index_equal(found.index, rows.index)
    assert pickle.loads(pickle.dumps(estimator))._trained_on == []
    estimator.detach()
    assert estimator._trained_on == []


def test_parameters_of_the_constructor_may_be_data() -> None:
    data = pl.DataFrame(DATA)
    estimator = H2ODeepLearningEstimator(**SETTINGS, training_frame=DATA, validation_frame=data).train(y="y")
    assert estimator.logloss(valid=True) == estimator.logloss()
    assert estimator.validation_frame is data


def test_fit_takes_predictors_and_response_apart(model: H2ODeepLearningEstimator) -> None:
    fitted = H2ODeepLearningEstimator(**SETTINGS).fit(DATA[["number", "level"]], DATA["y"])
    assert fitted.logloss() == model.logloss()


@pytest.mark.parametrize(
    "wrong", [5, None, pl.LazyFrame({"a": [1]}), pd.DataFrame([[1, 2]], columns=["a", "a"])]
)
def test_what_is_no_frame_is_refused_by_the_name_of_the_argument(
    model: H2ODeepLearningEstimator, wrong: Any
) -> None:
    estimator = H2ODeepLearningEstimator(**SETTINGS)
    uses: dict[str, Callable[[Any], Any]] = {
        "test_data": model.predict,
        "training_frame": lambda data: estimator.train(y="y", training_frame=data),
        "actual": lambda data: h2o.make_metrics([0.5], data),
    }
    for argument, use in uses.items():
        with pytest.raises((H2OTypeError, H2OValueError), match=rf"^{argument}\b"):
            use(wrong)


def test_a_lazy_frame_is_refused_with_the_word_that_collects() -> None:
    with pytest.raises(H2OTypeError, match=r"training_frame=frame\.collect\(\)"):
        frame_of("training_frame", pl.LazyFrame({"a": [1]}))
    assert h2o.H2OFrame(pl.LazyFrame({"a": [1, 2]})).nrow == 2


def test_the_example_of_the_manual_runs() -> None:
    page = (ROOT / "docs" / "data-frames.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, "data-frames.md", "exec"), names)  # the page is ours
    assert list(names["found"].index) == list(names["df"].index)
    assert type(names["other"]).__module__.startswith("polars")


def test_periods_and_intervals_of_arrow_are_those_of_pandas() -> None:
    data = pd.DataFrame(
        {
            "month": pd.period_range("2020-01", periods=ROWS, freq="M"),
            "day": pd.period_range("2020-01-01", periods=ROWS, freq="D").where(np.arange(ROWS) != 1),
            "part": pd.cut(DATA["number"], 3),
            "span": pd.arrays.IntervalArray.from_breaks(range(ROWS + 1)),
        }
    )
    frame, other = h2o.H2OFrame(data), h2o.H2OFrame(pa.Table.from_pandas(data, preserve_index=False))
    assert frame.types == other.types and frame.types["day"] == "time"
    pd.testing.assert_frame_equal(
        frame.as_data_frame().astype(str), other.as_data_frame().astype(str), check_dtype=False
    )
