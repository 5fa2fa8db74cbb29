"""Whatever holds rows goes in, and all of it means the same."""

from collections.abc import Callable
from typing import Any

import h2o
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.sklearn import H2ODeepLearningClassifier, H2ODeepLearningRegressor
from scipy import sparse


def fitted(X: Any, y: Any, **more: Any) -> H2ODeepLearningClassifier:
    return H2ODeepLearningClassifier(**{"hidden": (5,), "epochs": 3, "random_state": 1, **more}).fit(X, y)


class Capsule:
    """Rows that nothing but Arrow's protocol knows."""

    def __init__(self, frame: Any) -> None:
        self._table = pa.Table.from_pandas(frame, preserve_index=False)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)


NAMED: dict[str, Callable[[Any], Any]] = {
    "pandas": lambda frame: frame,
    "pandas of Arrow": lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
    "polars": pl.from_pandas,
    "Arrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "a reader": lambda frame: pa.Table.from_pandas(frame, preserve_index=False).to_reader(),
    "a batch": lambda frame: pa.Table.from_pandas(frame, preserve_index=False).to_batches()[0],
    "a capsule": Capsule,
    "dict of lists": lambda frame: {
        name: frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in frame
    },
}


@pytest.fixture(scope="module")
def expected(mixed: Any) -> tuple[Any, Any, Any]:
    y = np.where(mixed["real"].fillna(0) > 0, "u", "v")
    net = fitted(mixed, y)
    return net, y, net.predict_proba(mixed)


@pytest.mark.parametrize("kind", NAMED)
def test_every_frame_is_the_same(kind: str, mixed, expected):
    net, y, probabilities = expected
    make = NAMED[kind]
    np.testing.assert_allclose(net.predict_proba(make(mixed)), probabilities, rtol=1e-6)
    np.testing.assert_allclose(net.predict_proba(make(mixed[:3])), probabilities[:3], rtol=1e-5)
    np.testing.assert_allclose(fitted(make(mixed), y).predict_proba(mixed), probabilities, rtol=1e-5)
    assert list(fitted(make(mixed), y, epochs=0).feature_names_in_) == list(mixed.columns)


@pytest.mark.filterwarnings("ignore:Column 'category' has levels")
def test_few_rows_are_answered_as_many_are(mixed):
    frame = mixed[["real", "category", "text"]]
    net = fitted(frame, np.where(mixed["flag"], 1, 0))
    many = net.predict_proba(frame)
    assert len(frame) > 64
    np.testing.assert_allclose(
        np.concatenate([net.predict_proba(frame[i : i + 7]) for i in range(0, 120, 7)]), many, rtol=1e-5
    )
    unseen = frame[:2].assign(text=["nobody knows", None], category=pd.Categorical(["other", "low"]))
    with pytest.warns(RuntimeWarning, match="nobody knows"):
        few = net.predict_proba(unseen)
    with pytest.warns(RuntimeWarning, match="nobody knows"):
        longer = net.predict_proba(pd.concat([unseen] * 40))
    np.testing.assert_allclose(longer[:2], few, rtol=1e-5)


def test_an_h2oframe_goes_in(mixed, expected):
    net, y, probabilities = expected
    frame = h2o.H2OFrame(mixed.assign(text=mixed["text"].astype("category")))
    np.testing.assert_allclose(net.predict_proba(frame), probabilities, rtol=1e-6)
    response = h2o.H2OFrame({"y": list(y)}, column_types={"y": "enum"})
    np.testing.assert_allclose(fitted(frame, response).predict_proba(mixed), probabilities, rtol=1e-5)


@pytest.mark.parametrize(
    "make",
    [
        list, np.asfortranarray, lambda X: X.astype(np.longdouble), sparse.csr_array, sparse.csc_matrix, sparse.coo_array,
        sparse.dok_array, np.ma.masked_invalid,
    ],
)  # fmt: skip
def test_every_array_is_the_same(make: Any, numbers):
    X = np.where(np.abs(numbers[0]) < 1, 0, numbers[0])
    probabilities = fitted(X, numbers[1]).predict_proba(X)
    given = X.tolist() if make is list else make(X)
    np.testing.assert_allclose(fitted(given, numbers[1]).predict_proba(given), probabilities, rtol=2e-4)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int64, np.uint8, bool])
def test_arrays_of_other_types(dtype: Any, numbers):
    X = np.maximum(4 * numbers[0], 0).astype(dtype)
    np.testing.assert_allclose(
        fitted(X, numbers[1]).predict_proba(X),
        fitted(X.astype(float), numbers[1]).predict_proba(X.astype(float)),
        rtol=1e-5,
    )


def test_texts_in_an_array_are_categories(mixed):
    array = mixed[["real", "text"]].to_numpy(dtype=object)
    y = np.where(mixed["text"] == "7", 1, 0)
    net = fitted(array, y, epochs=200)
    assert net.score(array, y) > 0.9 and (net.predict(array[:9]) == net.predict(array)[:9]).all()
    assert not hasattr(net, "feature_names_in_") and net.n_features_in_ == 2


def test_missing_cells_are_missing(numbers):
    X, y = numbers
    holes = np.where(np.random.default_rng(3).random(X.shape) < 0.1, np.nan, X)
    net = fitted(holes, y)
    assert np.isfinite(net.predict_proba(holes)).all()
    np.testing.assert_allclose(
        net.predict_proba(np.full((1, 4), np.nan)),
        net.predict_proba(np.nanmean(holes, axis=0)[None]),
        atol=1e-5,
    )
    with pytest.raises(ValueError, match="infinity"):
        net.predict(np.full((1, 4), np.inf))


def test_no_rows(numbers, mixed, expected):
    net = fitted(*numbers)
    assert net.predict_proba(numbers[0][:0]).shape == (0, 3) and net.predict(numbers[0][:0]).shape == (0,)
    assert expected[0].predict(mixed[:0]).shape == (0,)
    with pytest.raises(ValueError, match=r"0 sample\(s\)"):
        fitted(mixed[:0], [])
    with pytest.raises(ValueError, match=r"0 feature\(s\)"):
        fitted(mixed[[]], ["u"] * 120)


def test_names_are_checked(mixed, expected):
    net, _, _ = expected
    assert net.n_features_in_ == 6
    with pytest.raises(ValueError, match="same order"):
        net.predict(mixed[mixed.columns[::-1]])
    with pytest.raises(ValueError, match="missing:\n- flag"):
        net.predict(mixed.drop(columns="flag"))
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        net.predict(mixed.to_numpy(dtype=object)[:2])
    with pytest.raises(H2OValueError, match="column name 'a' appears more than once"):
        fitted(pd.DataFrame([[1, 2], [2, 3]], columns=["a", "a"]), [0, 1])


@pytest.mark.parametrize(
    "columns", [{"a": [1, 2], "b": [1, 2, 3]}, {"a": 1, "b": [1, 2]}, {"a": [1, 2], "b": "ab"}]
)
def test_columns_of_a_dictionary_are_equally_long(columns: Any):
    net = fitted({"a": [1, 2, 3], "b": [3, 1, 2]}, [0, 1, 1])
    for use in (net.predict, lambda rows: fitted(rows, [0, 1])):
        with pytest.raises(H2OValueError, match="of the dictionary"):
            use(columns)


def test_names_of_every_kind(numbers):
    X, y = numbers
    frame = pd.DataFrame(X, columns=["class", "sample_weight", "", ' "a",\n'])
    net = fitted(frame, pd.Series(y, name="class"), class_weight="balanced")
    np.testing.assert_allclose(
        net.predict_proba(frame), fitted(X, y, class_weight="balanced").predict_proba(X), rtol=1e-5
    )
    np.testing.assert_allclose(net.predict_proba(frame[:2]), net.predict_proba(frame)[:2], rtol=1e-5)
    assert fitted(pd.DataFrame(X), y).predict(pd.DataFrame(X)).shape == (200,)


def test_a_lazy_frame_is_to_be_collected(mixed):
    with pytest.raises(H2OTypeError, match=r"rows are not computed yet. Give it as X=frame.collect\(\)"):
        fitted(pl.from_pandas(mixed).lazy(), ["u"] * 120)


def test_a_column_is_no_frame(mixed):
    for column in (mixed["real"], pl.Series([1.0, 2.0]), pa.array([1.0, 2.0])):
        with pytest.raises(ValueError, match=r"2-dimensional|2D"):
            fitted(column, ["u"] * len(column))


RESPONSES: list[Callable[[Any], Any]] = [
    list, pd.Series, pl.Series, pa.array, lambda y: pa.chunked_array([pa.array(y)]), lambda y: h2o.H2OFrame({"y": y.tolist()}),
]  # fmt: skip


@pytest.mark.parametrize("make", RESPONSES)
def test_every_response_is_the_same(make: Any, numbers):
    X, _ = numbers
    y = X[:, 0] + 1
    weights = np.abs(X[:, 1])

    def learnt(response: Any, weight: Any) -> Any:
        net = H2ODeepLearningRegressor(hidden=(5,), epochs=3, random_state=1)
        return net.fit(X, response, sample_weight=weight).predict(X)

    np.testing.assert_allclose(learnt(make(y), make(weights)), learnt(y, weights), rtol=1e-5)


@pytest.mark.parametrize("kind", ["Int64", "UInt8", "boolean", "int32[pyarrow]", "bool[pyarrow]"])
def test_nullable_labels_stay_whole_numbers_and_flags(kind: str, numbers):
    X, _ = numbers
    y = pd.Series((X[:, 0] > 0).astype(int)).astype(kind)
    assert fitted(X, y).classes_.tolist() == sorted(set(y.tolist()))
    assert fitted(X, y).classes_.dtype.kind in "iub"
    with pytest.raises(ValueError, match="y contains NaN"):
        fitted(X, y.where(np.arange(200) != 3))


@pytest.mark.parametrize("odd", [None, np.nan, pd.NA, 5])
def test_labels_without_an_order_are_refused(odd: Any, numbers):
    y = np.array(numbers[1], dtype=object)
    y[3] = odd
    with pytest.raises((H2OValueError, H2OTypeError), match="in row 3" if pd.isna(odd) else "str and int"):
        fitted(numbers[0], y)
