"""Variable importances against the real H2O (tests/data/varimp: the first two weight matrices and the table)."""

from __future__ import annotations

import re

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from heavywater.deeplearning.explaining.varimp import column_importances, gedeon, importances
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ...cases import archive
from ...export import model_cases

CASES = archive.names("varimp")
OCCURRING = {"region.missing(NA)"}  # the only one of all cases whose column has missing values in training
COLUMNS = ["variable", "relative_importance", "scaled_importance", "percentage"]


def read(case: str, name: str) -> tuple[list[str], list[list[str]]]:
    return archive.archive("varimp", case).table(f"{name}.csv")


def layer(case: str, number: int) -> np.ndarray:
    """Weights as the model holds them, (channels, units, inputs)."""
    weights = np.array(read(case, f"weights_{number}")[1], dtype=np.float64)
    summary = archive.archive("varimp", case).json("summary.json")["parameters"]
    hidden = number < len(summary["hidden"])
    channels = 2 if hidden and summary.get("activation", "").startswith("Maxout") else 1
    units, inputs = weights.shape[0] // channels, weights.shape[1]
    return weights.reshape(units, inputs, channels).transpose(2, 0, 1)


def test_cases_are_there():
    assert len(CASES) == 5


@pytest.mark.parametrize("case", CASES)
def test_table_is_that_of_h2o(case):
    names, _ = read(case, "weights_0")
    unused = [k for k, name in enumerate(names) if name.endswith(".missing(NA)") and name not in OCCURRING]
    found = importances(names, [layer(case, 0), layer(case, 1)], unused)
    header, rows = read(case, "varimp")
    assert found["columns"] == header == COLUMNS
    expected = {row[0]: [float(cell) for cell in row[1:]] for row in rows}
    ours = {row[0]: row[1:] for row in found["rows"]}
    assert ours.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(ours[name], values, rtol=1e-5, atol=1e-7, err_msg=name)
    relevant = [row[0] for row in rows if float(row[1]) > 0]
    assert [row[0] for row in found["rows"]][: len(relevant)] == relevant


def test_the_largest_may_be_a_unit_that_never_occurs():
    """It still is what the others are divided by."""
    _, rows = read("v2_categorical_tanh_three_layers", "varimp")
    assert float(rows[0][1]) < 1
    assert float(rows[0][2]) == 1


@given(
    arrays.arrays(np.float64, (4, 3), elements=st.floats(-5, 5, width=32)),
    arrays.arrays(np.float64, (2, 4), elements=st.floats(-5, 5, width=32)),
)
def test_importances_are_shares_of_the_largest(first, second):
    value = gedeon(first, second)
    assert value.shape == (3,)
    assert ((value >= 0) & (value <= 1)).all()
    assert value.max() == 1 or not value.any()
    np.testing.assert_allclose(gedeon(-first, second), value)
    scale = np.array([[1.0], [2.0], [0.5], [4.0]])  # the share of an input in a unit is what counts
    np.testing.assert_allclose(gedeon(first * scale, second), value, rtol=1e-6, atol=1e-9)


def test_a_model_answers_with_rows_or_as_pandas():
    h2o.init(verbose=False)
    frame = h2o.import_file(str(archive.DATA / "iris_wheader.csv"))
    model = H2ODeepLearningEstimator(
        hidden=[5, 4], epochs=2, seed=1, reproducible=True, export_weights_and_biases=True
    )
    model.train(x=frame.names[:4], y=frame.names[4], training_frame=frame)
    rows, table = model.varimp(), model.varimp(use_pandas=True)
    assert table.columns.tolist() == COLUMNS
    assert [tuple(row) for row in table.itertuples(index=False)] == rows
    assert {row[0] for row in rows} == set(frame.names[:4])
    weights = [model.weights(k).as_data_frame().to_numpy() for k in range(2)]
    expected = gedeon(*weights)
    np.testing.assert_allclose([{r[0]: r[1] for r in rows}[n] for n in frame.names[:4]], expected, rtol=1e-6)
    assert table["percentage"].sum() == pytest.approx(1)
    assert table["scaled_importance"].tolist() == sorted(table["scaled_importance"], reverse=True)


def test_levels_and_missing_values_that_do_not_occur_have_no_importance():
    h2o.init(verbose=False)
    frame = h2o.H2OFrame(
        {"a": ["x", "y", "z", "x", "y", None] * 10, "b": ["u", "v"] * 30, "y": list(range(60))}
    )
    frame["a"], frame["b"] = frame["a"].asfactor(), frame["b"].asfactor()
    model = H2ODeepLearningEstimator(hidden=[5], epochs=1, seed=1)
    model.train(x=["a", "b"], y="y", training_frame=frame[[0, 1, 3, 4, 5, 6, 7, 9], :])
    assert {row[0] for row in model.varimp() if row[1] == 0} == {"a.z", "b.missing(NA)"}


def test_without_importances_a_model_says_so():
    h2o.init(verbose=False)
    frame = h2o.import_file(str(archive.DATA / "iris_wheader.csv"))
    model = H2ODeepLearningEstimator(hidden=[5], epochs=1, variable_importances=False)
    model.train(x=frame.names[:4], y=frame.names[4], training_frame=frame)
    with pytest.warns(UserWarning, match="variable_importances=True"):
        assert model.varimp() is None


@pytest.mark.parametrize(
    "name",
    [
        "two classes",
        "EnumLimited",
        "Binary",
        "first level without a unit",
        "autoencoder",
        "piecewise-linear",
        "piecewise-linear Maxout of digits",
    ],
)
def test_importances_of_columns_are_sums_over_their_units(name):
    model = model_cases.train(model_cases.new_session(), name)
    found = column_importances(model)
    assert found is not None and model.varimp is not None
    assert sorted(row[0] for row in found["rows"]) == ["a", "b", "c", "d"]
    units = {row[0]: row[1] for row in model.varimp["rows"]}
    for column, importance, *_ in found["rows"]:
        own = [each for name, each in units.items() if re.split(r"[.:]", name)[0] == column]
        assert importance == pytest.approx(sum(own))
    shares = [row[3] for row in found["rows"]]
    assert (
        sum(shares) == pytest.approx(1)
        and shares == sorted(shares, reverse=True)
        and found["rows"][0][2] == 1.0
    )


def test_units_that_columns_share_are_those_of_no_column():
    assert column_importances(model_cases.train(model_cases.new_session(), "hashed")) is None


def test_importances_by_column_in_python():
    frame = h2o.H2OFrame({"a": list("xyzxyz") * 4, "b": range(24), "y": range(24)})
    model = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
    model.train(y="y", training_frame=frame)
    assert sorted(row[0] for row in model.varimp(by_column=True)) == ["a", "b"]
    assert len(model.varimp()) == 5
    shared = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1, max_categorical_features=2)
    shared.train(y="y", training_frame=frame)
    with pytest.warns(UserWarning, match="by columns"):
        assert shared.varimp(by_column=True) is None
