"""Partial dependence and individual conditional expectation: what is drawn is what the model predicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError
from h2o.two_dim_table import H2OTwoDimTable

from .conftest import FACTOR, NUMBER, OTHER, PREDICTORS, TIME, drawn, lines, trained

SMALL: dict[str, Any] = {"figsize": (6, 4), "nbins": 5}


def mean_with(model: Any, table: pd.DataFrame, column: str, value: Any, response: str) -> float:
    """The mean prediction when a column has one value in all rows, the slow way."""
    changed = table.copy()
    kind = table[column].dtype
    changed[column] = pd.Series([value] * len(table), index=table.index).astype(kind)
    return float(model.predict(h2o.H2OFrame(changed)).as_data_frame()[response].mean())


def test_a_line_is_the_mean_prediction(regression: Any, binomial: Any, frame: Any, table: Any) -> None:
    for model, response in ((regression, "predict"), (binomial, "yes")):
        result = model.pd_plot(frame, NUMBER, output_graphing_data=True, **SMALL)
        assert isinstance(result, H2OTwoDimTable) and result.col_header[0] == NUMBER
        for value, mean in zip(result[0], result["mean_response"], strict=True):
            assert mean == pytest.approx(mean_with(model, table, NUMBER, value, response), rel=1e-5)
        (x, y) = lines(result)["response"]
        assert (list(x), list(y)) == (result[0], result["mean_response"])
        assert x[0] == table[NUMBER].min() and x[-1] == table[NUMBER].max()


def test_levels_and_missing_ones(regression: Any, frame: Any, table: Any) -> None:
    result = regression.pd_plot(frame, FACTOR, output_graphing_data=True, **SMALL)
    assert result[0] == ["$x$", "_y", "z" * 50, ".missing(NA)"]
    for value, mean in zip(result[0], result["mean_response"], strict=True):
        value = None if value.startswith(".") else value
        assert mean == pytest.approx(mean_with(regression, table, FACTOR, value, "predict"), rel=1e-5)
    names = [each.get_text() for each in drawn(result).axes[0].get_xticklabels()]
    assert names == [r"\$x\$", " _y", f"{'z' * 12}…{'z' * 11}", "missing"]
    few = regression.pd_plot(frame, FACTOR, max_levels=1, output_graphing_data=True, **SMALL)
    assert few[0][0] == table[FACTOR].mode()[0] and len(few) == 2
    row = int(np.flatnonzero(table[FACTOR] != table[FACTOR].mode()[0])[0])
    kept = regression.pd_plot(frame, FACTOR, row_index=row, max_levels=1, output_graphing_data=True, **SMALL)
    assert len(kept) == 3 or table[FACTOR].isna()[row]


def test_times(regression: Any, frame: Any, table: Any) -> None:
    result = regression.pd_plot(frame, TIME, output_graphing_data=True, **SMALL)
    x, _ = lines(result)["response"]
    assert x[0] == np.datetime64(table[TIME].min()) and x[-1] == np.datetime64(table[TIME].max())
    assert result[0][0] == str(table[TIME].min().date())
    drawn(result)


def test_one_row(binomial: Any, frame: Any) -> None:
    result = binomial.pd_plot(frame, OTHER, row_index=7, **SMALL)
    x, y = lines(result)["response"]
    own = frame[7, OTHER]
    assert lines(result)["value of the row"][0][0] == own
    one = frame[7:8, :].as_data_frame()
    one[OTHER] = x[-1]
    assert y[-1] == pytest.approx(binomial.predict(one)["yes"][0], rel=1e-5)
    assert "value of the row" not in lines(binomial.pd_plot(frame, NUMBER, row_index=4, **SMALL))  # missing
    odds = lines(binomial.pd_plot(frame, OTHER, row_index=7, binary_response_scale="logodds", **SMALL))[
        "response"
    ][1]
    np.testing.assert_allclose(odds, np.log(y / (1 - y)), rtol=1e-6)


def test_each_class_has_a_line(multinomial: Any, frame: Any) -> None:
    result = multinomial.pd_plot(frame, NUMBER, **SMALL)
    found = {name: y for name, (_, y) in lines(result).items() if name in "012"}
    np.testing.assert_allclose(sum(found.values()), 1, rtol=1e-5)
    (y,) = [
        y
        for name, (_, y) in lines(multinomial.pd_plot(frame, NUMBER, target="1", **SMALL)).items()
        if name == "1"
    ]
    np.testing.assert_array_equal(y, found["1"])
    drawn(result)


def test_rows_at_the_deciles(regression: Any, frame: Any) -> None:
    result = regression.ice_plot(frame, OTHER, output_graphing_data=True, **SMALL)
    predicted = regression.predict(frame).as_data_frame()["predict"]
    rows = list(dict.fromkeys(result["row_id"]))
    assert (
        predicted[rows[0]] == predicted.min() and predicted[rows[-1]] == predicted.max() and len(rows) == 11
    )
    assert predicted[rows].is_monotonic_increasing
    own = [cells for cells in result.cell_values if cells[5]]
    assert {cells[1] for cells in own} == set(rows)
    for _, row, _, response, value, _ in own:
        assert value == frame[row, OTHER] and response == pytest.approx(predicted[row], rel=1e-5)
    mean = lines(result)["mean of all rows"][1]
    np.testing.assert_array_equal(mean, lines(regression.pd_plot(frame, OTHER, **SMALL))["response"][1])
    drawn(result)


def test_centered_lines_begin_at_zero(regression: Any, frame: Any) -> None:
    found = lines(regression.ice_plot(frame, NUMBER, centered=True, **SMALL))
    assert all(y[0] == 0 for name, (_, y) in found.items() if "percentile" in name)
    with pytest.warns(UserWarning, match="have no order"):
        regression.ice_plot(frame, FACTOR, centered=True, **SMALL)


def test_groups(binomial: Any, frame: Any, tmp_path: Path) -> None:
    parts = binomial.pd_plot(
        frame, NUMBER, grouping_column="group", save_plot_path=tmp_path / "of.png", **SMALL
    )
    assert [each.figure().axes[0].get_title().splitlines()[1] for each in parts] == [
        "group = a/b",
        "group = c",
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["of_a_b.png", "of_c.png"]
    of_group = frame[frame["group"] == "c", :]
    np.testing.assert_array_equal(
        lines(parts[1])["response"][1], lines(binomial.pd_plot(of_group, NUMBER, **SMALL))["response"][1]
    )
    (one, _) = binomial.ice_plot(frame, NUMBER, grouping_column="group", output_graphing_data=True, **SMALL)
    assert set(one["grouping_variable_value"]) == {"a/b"}


@pytest.mark.parametrize("kind", ["pandas", "dict", "arrow"])
def test_any_data_frame(regression: Any, frame: Any, table: Any, kind: str) -> None:
    import pyarrow

    data = {
        "pandas": table,
        "dict": {c: table[c].tolist() for c in (NUMBER, OTHER)},
        "arrow": pyarrow.Table.from_pandas(table),
    }
    if kind == "dict":
        only = h2o.H2ODeepLearningEstimator(hidden=[2], epochs=0.1, seed=1)
        only.train(x=[NUMBER, OTHER], y="y", training_frame=frame)
        assert lines(only.pd_plot(data[kind], NUMBER, **SMALL))
        return
    expected = lines(regression.pd_plot(frame, NUMBER, **SMALL))["response"]
    np.testing.assert_allclose(
        lines(regression.pd_plot(data[kind], NUMBER, **SMALL))["response"], expected, rtol=1e-5
    )


def test_an_imported_model(regression: Any, frame: Any, tmp_path: Path) -> None:
    imported = h2o.import_mojo(regression.download_mojo(str(tmp_path / "m.zip")))
    expected = lines(regression.pd_plot(frame, NUMBER, **SMALL))["response"][1]
    np.testing.assert_allclose(
        lines(imported.pd_plot(frame, NUMBER, **SMALL))["response"][1], expected, rtol=1e-5
    )
    assert lines(imported.ice_plot(frame, FACTOR, **SMALL))


def test_frames_of_one_row_and_of_none(regression: Any, frame: Any) -> None:
    drawn(regression.pd_plot(frame[0:1, :], NUMBER, **SMALL))
    drawn(regression.ice_plot(frame[0:1, :], FACTOR, **SMALL))
    with pytest.raises(H2OValueError, match="no rows"):
        regression.pd_plot(frame[frame[OTHER] > 99, :], NUMBER, **SMALL)


def test_what_cannot_be_shown_is_refused(
    regression: Any, multinomial: Any, autoencoder: Any, frame: Any
) -> None:
    with pytest.raises(H2OValueError, match="is an autoencoder"):
        autoencoder.pd_plot(frame, NUMBER)
    with pytest.raises(H2OValueError, match="column='group' is no predictor"):
        regression.pd_plot(frame, "group")
    with pytest.raises(H2OValueError, match="target is missing: choose one of 0, 1, 2"):
        multinomial.ice_plot(frame, NUMBER)
    with pytest.raises(H2OValueError, match="target='9' is no class"):
        multinomial.pd_plot(frame, NUMBER, target="9")
    with pytest.raises(H2OValueError, match="nothing to choose"):
        regression.pd_plot(frame, NUMBER, target="1")
    with pytest.raises(H2OValueError, match="needs a model of two classes"):
        regression.pd_plot(frame, NUMBER, binary_response_scale="logodds")
    with pytest.raises(H2OValueError, match="colormap='none'"):
        regression.pd_plot(frame, NUMBER, colormap="none")
    with pytest.raises(H2OValueError, match="row_index=60 must be in 0"):
        regression.pd_plot(frame, NUMBER, row_index=60)
    with pytest.raises(H2OTypeError, match="row_index='a'"):
        regression.pd_plot(frame, NUMBER, row_index="a")
    with pytest.raises(H2OValueError, match="is no factor"):
        regression.pd_plot(frame, NUMBER, grouping_column=OTHER)


# --- tables


def test_tables_of_columns_and_pairs(binomial: Any, frame: Any, table: Any, tmp_path: Path) -> None:
    path = tmp_path / "new" / "plot"
    tables = binomial.partial_plot(
        frame, cols=[OTHER, FACTOR], nbins=4, col_pairs_2dpdp=[[NUMBER, FACTOR]], server=True, save_plot_path=path
    )  # fmt: skip
    assert [each.col_header[:-3] for each in tables] == [[OTHER], [FACTOR], [NUMBER, FACTOR]]
    assert len(tables[2]) == 4 * 3 and path.with_suffix(".png").is_file()
    for value, mean in zip(tables[0][0], tables[0]["mean_response"], strict=True):
        assert mean == pytest.approx(mean_with(binomial, table, OTHER, value, "yes"), rel=1e-5)
    drawn(tables)
    quiet = binomial.partial_plot(frame, cols=[OTHER], nbins=4, plot=False)
    assert quiet[0].cell_values == tables[0].cell_values and not hasattr(quiet, "figure")


def test_chosen_values(multinomial: Any, frame: Any) -> None:
    splits = {FACTOR: ["_y"], TIME: ["2021-03-02"], NUMBER: [0, 1]}
    tables = multinomial.partial_plot(
        frame, cols=[FACTOR, TIME, NUMBER], user_splits=splits, include_na=True, targets=["0", "2"], server=True
    )  # fmt: skip
    assert [each[0] for each in tables[::2]] == [
        ["_y", ".missing(NA)"],
        [pytest.approx(1614643200000), pytest.approx(np.nan, nan_ok=True)],
        [0, 1, pytest.approx(np.nan, nan_ok=True)],
    ]
    drawn(tables)


def test_wrong_questions_for_tables(binomial: Any, frame: Any) -> None:
    with pytest.raises(H2OValueError, match="give cols, col_pairs_2dpdp or both"):
        binomial.partial_plot(frame)
    with pytest.raises(H2OValueError, match="destination_key='x'"):
        binomial.partial_plot(frame, cols=[NUMBER], destination_key="x")
    with pytest.raises(H2OValueError, match="'u' is no level of '_level'"):
        binomial.partial_plot(frame, cols=[FACTOR], user_splits={FACTOR: ["u"]})
    with pytest.raises(H2OValueError, match="'u' is no value for"):
        binomial.partial_plot(frame, cols=[NUMBER], user_splits={NUMBER: ["u"]})


# --- several models


def test_several_models(three: Any, frame: Any) -> None:
    result = h2o.pd_multi_plot(three, frame, NUMBER, figsize=(6, 4))
    found = lines(result)
    own = lines(three[1].pd_plot(frame, NUMBER))["response"][1]
    assert sum(np.array_equal(y, own) for _, y in found.values()) == 1
    drawn(result)
    drawn(h2o.pd_multi_plot([model.model_id for model in three], frame, FACTOR, row_index=3, figsize=(6, 4)))
    board = h2o.make_leaderboard(three, frame)
    best = h2o.pd_multi_plot(board, frame, NUMBER)
    assert sum(not name.startswith("_") for name in lines(best)) == 1
    every = h2o.pd_multi_plot(board, frame, NUMBER, best_of_family=False)
    assert sum(not name.startswith("_") for name in lines(every)) == 3


def test_predicted_beside_actual_values(binomial: Any, frame: Any, table: Any) -> None:
    predicted = binomial.predict(frame)
    found = binomial.predicted_vs_actual_by_variable(frame, predicted, FACTOR, use_pandas=True)
    shares = (table["two"] == "yes").groupby(table[FACTOR], observed=False).mean()
    np.testing.assert_allclose(found["actual"], shares)
    cells = binomial.predicted_vs_actual_by_variable(table, predicted.as_data_frame(), FACTOR)
    assert cells[0] == list(shares.index) and cells.col_header == [FACTOR, "predict", "actual"]
    with pytest.raises(H2OTypeError, match="variable=3"):
        binomial.predicted_vs_actual_by_variable(frame, predicted, 3)


def test_every_predictor_can_be_asked(frame: Any) -> None:
    model = trained(frame, "y", hidden=[2], epochs=0.1)
    for name in PREDICTORS:
        drawn(model.pd_plot(frame, name))
