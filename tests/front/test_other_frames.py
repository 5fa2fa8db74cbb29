"""Data frames of DuckDB, Ibis, Modin and narwhals; `make test-frames` has all of them."""

from __future__ import annotations

import os
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OTypeError

RNG = np.random.default_rng(2)
DATA = pd.DataFrame({"x": RNG.normal(size=20), "y": ["no", "yes"] * 10})


@pytest.fixture(scope="module")
def model() -> H2ODeepLearningEstimator:
    h2o.init(verbose=False)
    return H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1).train(y="y", training_frame=DATA)


def check(model: H2ODeepLearningEstimator, make: Any, kind: type) -> None:
    found = model.predict(make())
    assert isinstance(found, kind)
    table = found if isinstance(found, pa.Table) else h2o.H2OFrame(found)
    wanted = model.predict(DATA)
    assert table.column_names if isinstance(table, pa.Table) else table.names == list(wanted)
    np.testing.assert_array_equal(np.asarray(table["yes"]).ravel(), wanted["yes"])
    again = H2ODeepLearningEstimator(hidden=[2], epochs=1, seed=1).train(y="y", training_frame=make())
    assert again.logloss() == model.logloss()


def test_duckdb(model: H2ODeepLearningEstimator) -> None:
    duckdb = pytest.importorskip("duckdb")
    check(model, lambda: duckdb.from_arrow(pa.table(DATA)), pa.Table)
    amounts = duckdb.sql(
        "select 1.5::decimal(38, 2) as amount, true as flag, interval 2 second as span"
    ).project("amount, flag")
    assert h2o.H2OFrame(amounts).as_data_frame()["amount"].tolist() == [1.5]


def test_ibis(model: H2ODeepLearningEstimator) -> None:
    ibis = pytest.importorskip("ibis")
    check(model, lambda: ibis.memtable(DATA), pa.Table)


def test_modin(model: H2ODeepLearningEstimator) -> None:
    os.environ.setdefault("MODIN_ENGINE", "python")
    modin = pytest.importorskip("modin.pandas")
    check(model, lambda: modin.DataFrame(DATA), modin.DataFrame)


def test_narwhals(model: H2ODeepLearningEstimator) -> None:
    narwhals = pytest.importorskip("narwhals")
    check(model, lambda: narwhals.from_native(DATA), narwhals.DataFrame)
    lazy = narwhals.from_native(pytest.importorskip("polars").LazyFrame({"x": [1.0]}))
    with pytest.raises(H2OTypeError, match=r"test_data=frame\.collect\(\)"):
        model.predict(lazy)


def test_datasets_and_scanners_of_arrow(model: H2ODeepLearningEstimator) -> None:
    dataset = pytest.importorskip("pyarrow.dataset")
    check(model, lambda: dataset.dataset(pa.table(DATA)), pa.Table)
    check(model, lambda: dataset.dataset(pa.table(DATA)).scanner(), pa.Table)
