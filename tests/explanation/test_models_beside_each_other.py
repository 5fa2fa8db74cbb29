"""Heat maps, leaderboards, the Pareto front, and how groups of rows are treated."""

from __future__ import annotations

from typing import Any

import h2o
import numpy as np
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError

from .conftest import FACTOR, NUMBER, PREDICTORS, drawn, trained


def test_importances_of_columns(three: Any) -> None:
    found = h2o.explanation.varimp(three)
    assert set(found.index) == set(PREDICTORS) and set(found.columns) == {model.model_id for model in three}
    for model in three:
        by_column: Any = model.varimp(use_pandas=True, by_column=True).set_index("variable")[
            "scaled_importance"
        ]
        np.testing.assert_allclose(found[model.model_id], by_column[found.index])
    values, names, columns = h2o.explanation.varimp(three, num_of_features=2, cluster=False, use_pandas=False)
    assert values.shape == (2, 3) and names == [model.model_id for model in three] and len(columns) == 2
    image = drawn(h2o.varimp_heatmap(three, figsize=(6, 4))).axes[0].get_images()[0]
    np.testing.assert_allclose(np.asarray(image.get_array()), found.to_numpy())


def test_models_without_importances(three: Any, frame: Any) -> None:
    without = trained(frame, "two", variable_importances=False, hidden=[2], epochs=0.1)
    assert list(h2o.explanation.varimp([without, three[0]]).columns) == [three[0].model_id]
    with pytest.raises(H2OValueError, match="none of the models has variable importances"):
        h2o.varimp_heatmap([without])


def test_agreement(three: Any, regression: Any, frame: Any) -> None:
    found = h2o.explanation.model_correlation(three, frame, cluster_models=False)
    labels = [model.predict(frame).as_data_frame()["predict"] for model in three]
    assert found.iloc[0, 2] == pytest.approx((labels[0] == labels[2]).mean())
    assert (np.diag(found) == 1).all()
    other = trained(frame, "y", seed=5)
    values, names = h2o.explanation.model_correlation([regression, other], frame, use_pandas=False)
    numbers = [model.predict(frame).as_data_frame()["predict"] for model in (regression, other)]
    assert values[0, 1] == pytest.approx(np.corrcoef(*numbers)[0, 1]) and names[0] == "of_$numbers$"
    drawn(h2o.model_correlation_heatmap(three, frame, figsize=(6, 6)))
    drawn(h2o.model_correlation_heatmap(three, frame, top_n=1, triangular=False))
    with pytest.raises(H2OValueError, match="all predict numbers, or all classes"):
        h2o.model_correlation_heatmap([regression, three[0]], frame)
    with pytest.raises(H2OValueError, match="top_n=0"):
        h2o.model_correlation_heatmap(three, frame, top_n=0)


def test_leaderboards(three: Any, frame: Any, table: Any) -> None:
    board = h2o.make_leaderboard(three, table, extra_columns="ALL").as_data_frame()
    assert board["auc"].is_monotonic_decreasing
    assert list(board.columns[-3:]) == ["training_time_ms", "predict_time_per_row_ms", "algo"]
    for model in three:
        auc = board.set_index("model_id").loc[model.model_id, "auc"]
        assert auc == pytest.approx(model.model_performance(frame).auc())
    grid = h2o.H2OGridSearch(h2o.H2ODeepLearningEstimator(hidden=[2], epochs=0.1, seed=1), {"l1": [0, 1e-3]})
    grid.train(x=PREDICTORS, y="two", training_frame=frame)
    both = h2o.make_leaderboard(
        [grid, three[0], three[0].model_id], sort_metric="logloss", scoring_data="train"
    )
    assert both.nrow == 3 and both.names[1] == "logloss"
    assert h2o.make_leaderboard(grid.grid_id, frame).nrow == 2
    front = grid.pareto_front(frame, figsize=(5, 4))
    assert 1 <= front.nrow <= 2 and "Pareto Front of" in drawn(front).axes[0].get_title()
    drawn(grid.varimp_heatmap(figsize=(5, 4)))
    drawn(grid.pd_multi_plot(frame, NUMBER))
    drawn(grid.model_correlation_heatmap(frame))
    with pytest.raises(H2OTypeError, match=r"object\[1\] must be a model"):
        h2o.make_leaderboard([three[0], 7])
    with pytest.raises(H2OValueError, match="object='nothing' is the name of no model"):
        h2o.make_leaderboard("nothing")
    with pytest.raises(H2OValueError, match="object has no models"):
        h2o.make_leaderboard([])


def test_front_of_any_table() -> None:
    table = {"_a": [1, 2, 2, 4], "b": [4.0, 3.0, 3.0, 9.0], "kind": ["$u$", "v", "v", "_w"]}
    found = h2o.pareto_front(table, "_a", "b", "bottom left", color_col="kind", figsize=(5, 4))
    assert found.as_data_frame()["_a"].tolist() == [1, 2, 2]
    drawn(found)
    board = {"auc": [0.7, 0.9, 0.8], "logloss": [0.3, 0.4, 0.5]}
    assert h2o.pareto_front(board, "logloss", "auc", "AUTO", figsize=(5, 4)).nrow == 2
    with pytest.raises(H2OValueError, match="optimum='middle' must be one of"):
        h2o.pareto_front(table, "_a", "b", "middle")
    with pytest.raises(H2OValueError, match="y_metric=None must be a column"):
        h2o.pareto_front(table, "_a")
    with pytest.raises(H2OValueError, match="numbers are needed"):
        h2o.pareto_front(table, "_a", "kind")


def test_groups_of_rows(three: Any, frame: Any, table: Any) -> None:
    model, protected = three[0], ["group", FACTOR]
    metrics = model.fairness_metrics(frame, protected, None, "yes")
    overview = metrics["overview"].as_data_frame()
    assert overview["total"].sum() == (table[FACTOR].notna()).sum()
    for name, method in (("fpr", model.fair_roc_plot), ("recall", model.fair_pr_plot)):
        figure = drawn(method(frame, protected, None, "yes", figsize=(6, 4)))
        (legend,) = figure.legends
        groups = [each.get_text() for each in legend.get_texts() if each.get_text() != "chance"]
        assert len(groups) == len(overview), name
    drawn(model.fair_pd_plot(table, NUMBER, ["group"], figsize=(6, 4)))
    with pytest.raises(H2OTypeError, match="protected_columns='group' must be a list"):
        model.fairness_metrics(frame, "group", None, "yes")
    with pytest.raises(H2OValueError, match="at least one factor"):
        model.fairness_metrics(frame, [], None, "yes")


def test_models_that_treat_groups_differently(three: Any, frame: Any) -> None:
    found = h2o.explanation.disparate_analysis(three, frame, ["group"], ["c"], "yes").as_data_frame()
    for _, row in found.iterrows():
        model = next(each for each in three if each.model_id == row["model_id"])
        overview = model.fairness_metrics(frame, ["group"], ["c"], "yes")["overview"].as_data_frame()
        ratio = overview["AIR_selectedRatio"]
        assert row["air_min"] == pytest.approx(ratio.min()) and row["air_max"] == pytest.approx(ratio.max())
        assert row["cair"] == pytest.approx((ratio * overview["relativeSize"]).sum())
        assert row["num_of_features"] == len(PREDICTORS)
        accuracy = overview["accuracy"]
        by_chance = (accuracy * (1 - accuracy) / overview["total"]).mean()
        assert row["corrected_var"] == pytest.approx(max(0, accuracy.var(ddof=0) - by_chance))
    with pytest.raises(H2OValueError, match="air_metric='x' must be one of tp"):
        h2o.explanation.disparate_analysis(three, frame, ["group"], None, "yes", air_metric="x")


def test_contributions_in_groups(three: Any, frame: Any, table: Any) -> None:
    drawn(three[0].fair_shap_plot(frame, NUMBER, ["group"], figsize=(6, 4)))
    result = three[0].fair_shap_plot(table, NUMBER, ["group"], background_frame=frame[0:9, :], figsize=(6, 4))
    found = three[0].predict_contributions(frame, output_format="Compact", background_frame=frame[0:9, :])
    values = found.as_data_frame()[NUMBER]
    swarms = [np.asarray(each.get_offsets())[:, 0] for each in result.figure().axes[0].collections]
    expected = [values[table["group"] == name] for name in table["group"].value_counts().index]
    for swarm, each in zip(swarms, expected, strict=True):
        np.testing.assert_allclose(np.sort(swarm), np.sort(each), rtol=1e-6)


def test_page_about_groups(three: Any, frame: Any) -> None:
    page = three[0].inspect_model_fairness(
        frame, ["group"], ["c"], "yes", metrics=["f1", "total"], figsize=(8, 5), render=False
    )  # fmt: skip
    assert list(page) == ["overview", "metrics", "roc", "pr", "pdp", "shap"]
    assert page["overview"]["data"]["overview"].col_header == ["group", "f1", "AIR_f1", "total"]
    assert list(page["metrics"]["plots"]) == ["f1", "AIR_f1", "total"] and len(page["pdp"]["plots"]) == 3
    assert not any("note" in each for each in page.values())
    assert "How " in page.to_html()
    with pytest.raises(H2OValueError, match="metrics: 'x' must be one of"):
        three[0].inspect_model_fairness(frame, ["group"], None, "yes", metrics=["x"])
