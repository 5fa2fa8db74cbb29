"""What a model says of rows comes in the kind in which the rows were given."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError

pl = pytest.importorskip("polars")

ROWS = 12
RNG = np.random.default_rng(7)
INDEX = pd.MultiIndex.from_arrays([list("abcdefghijkl"), range(ROWS)], names=["letter", "number"])
DATA = pd.DataFrame(
    {"x": RNG.normal(size=ROWS), "code": ["007", "7", "a b"] * 4, "y": ["no", "yes"] * 6}, index=INDEX
)
SETTINGS: dict[str, Any] = {"hidden": [3], "epochs": 2, "seed": 1, "reproducible": True}
PLAIN = DATA.reset_index(drop=True)
KINDS: dict[str, tuple[Callable[[], Any], type]] = {
    "frame": (lambda: h2o.H2OFrame(DATA), h2o.H2OFrame),
    "pandas": (lambda: DATA, pd.DataFrame),
    "polars": (lambda: pl.DataFrame(PLAIN), pl.DataFrame),
    "table": (lambda: pa.table(PLAIN), pa.Table),
    "batch": (lambda: pa.table(PLAIN).to_batches()[0], pa.Table),
    "reader": (lambda: pa.table(PLAIN).to_reader(), pa.Table),
    "structured": (lambda: PLAIN.astype({"code": "S", "y": "S"}).to_records(index=False), np.ndarray),
    "dict": (lambda: PLAIN.to_dict("list"), dict),
    "records": (lambda: PLAIN.to_dict("records"), list),
}


@pytest.fixture(scope="module")
def model() -> H2ODeepLearningEstimator:
    h2o.init(verbose=False)
    return H2ODeepLearningEstimator(**SETTINGS).train(x=["x", "code"], y="y", training_frame=DATA)


@pytest.fixture(scope="module")
def numbers() -> H2OAutoEncoderEstimator:
    return H2OAutoEncoderEstimator(**SETTINGS).train(
        x=["x", "z"], training_frame=DATA.assign(z=1.5 * DATA.x**2)
    )


def cells(answer: Any) -> dict[str, list[Any]]:
    if isinstance(answer, h2o.H2OFrame):
        answer = answer.as_data_frame()
    if isinstance(answer, list | np.ndarray):
        answer = pd.DataFrame(answer)
    if isinstance(answer, pd.DataFrame):
        return answer.to_dict("list")
    return (
        answer
        if isinstance(answer, dict)
        else answer.to_pydict()
        if isinstance(answer, pa.Table)
        else answer.to_dict(as_series=False)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_predictions_come_in_the_kind_of_the_rows(model: H2ODeepLearningEstimator, kind: str) -> None:
    make, expected = KINDS[kind]
    wanted = model.predict(DATA, output="h2o").as_data_frame().to_dict("list")
    answer = model.predict(make())
    assert isinstance(answer, expected)
    assert cells(answer) == wanted
    assert list(cells(answer)) == ["predict", "no", "yes"]


def test_pandas_keeps_its_index_and_a_row_its_shape(model: H2ODeepLearningEstimator) -> None:
    answer = model.predict(DATA.iloc[::-2])
    pd.testing.assert_index_equal(answer.index, DATA.index[::-2])
    row = model.predict(DATA.iloc[3].to_dict())
    assert row == model.predict(DATA.iloc[[3]]).iloc[0].to_dict()
    assert model.predict({"x": pd.Timedelta(0), "code": None}).keys() == row.keys()


def test_texts_of_a_factor_are_its_levels_whatever_they_look_like(model: H2ODeepLearningEstimator) -> None:
    whole = model.predict(DATA)
    for part in (DATA.iloc[[0, 3]], DATA.iloc[[1]], DATA.iloc[[0]].drop(columns="y")):
        pd.testing.assert_frame_equal(model.predict(part), whole.loc[part.index])
    assert whole["no"].iloc[0] != whole["no"].iloc[1]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("h2o", h2o.H2OFrame),
        ("pandas", pd.DataFrame),
        ("polars", pl.DataFrame),
        ("arrow", pa.Table),
        ("numpy", np.ndarray),
    ],
)
def test_another_kind_can_be_asked_for(model: H2ODeepLearningEstimator, output: Any, expected: type) -> None:
    for rows in (DATA, h2o.H2OFrame(DATA), {"x": 1, "code": "7"}):
        assert isinstance(model.predict(rows, output=output), expected)
    assert isinstance(model.deepfeatures(DATA, 0, output=output), expected)
    with pytest.raises(H2OValueError, match=r"output='list' must be one of 'same', 'h2o'"):
        model.predict(DATA, output="list")  # type: ignore[call-overload]


def test_features_and_errors_come_in_the_kind_of_the_rows(numbers: H2OAutoEncoderEstimator) -> None:
    data = PLAIN.assign(z=1.5 * PLAIN.x**2)[["x", "z"]]
    for rows, kind in (
        (data, pd.DataFrame),
        (pl.DataFrame(data), pl.DataFrame),
        (data.to_numpy(), np.ndarray),
    ):
        for ask in (numbers.anomaly, lambda each: numbers.deepfeatures(each, 0), numbers.predict):
            found = ask(rows)
            assert isinstance(found, kind)
            np.testing.assert_array_equal(np.asarray(found), np.asarray(ask(h2o.H2OFrame(data))))


@pytest.mark.parametrize(
    ("classes", "types"),
    [([0, 1], "i"), ([False, True], "b"), ([0.5, 1.5], "f"), (["001", "002"], "OUT")],
)
def test_classes_are_what_they_were(classes: list[Any], types: str) -> None:
    data = pd.DataFrame({"x": RNG.normal(size=8), "y": pd.Categorical(classes * 4)})
    fitted = H2ODeepLearningEstimator(**SETTINGS).train(y="y", training_frame=data)
    assert set(fitted.predict(data)["predict"]) <= set(classes)
    assert set(fitted.predict(pl.DataFrame(data[["x"]]))["predict"].to_list()) <= set(classes)
    assert fitted.predict({"x": 0.5})["predict"] in classes
    assert fitted.predict(data.to_records(index=False))["predict"].dtype.kind in types


def test_other_libraries_are_answered_by_themselves_or_arrow(model: H2ODeepLearningEstimator) -> None:
    wanted = cells(model.predict(PLAIN))
    narwhals = pytest.importorskip("narwhals")
    given = narwhals.from_native(pl.DataFrame(PLAIN))
    answer = model.predict(given)
    assert isinstance(answer, narwhals.DataFrame)
    assert cells(answer.to_native()) == wanted

    class Foreign:
        """A data frame that is only known by its interface."""

        def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
            return pa.table(PLAIN).__arrow_c_stream__(requested_schema)

    assert isinstance(model.predict(Foreign()), pa.Table)
    assert cells(model.predict(Foreign())) == wanted
    assert "duckdb" not in sys.modules
