"""Parameters are those of H2O 3.46's functions, in their order; what is added comes behind, with a default."""

from __future__ import annotations

import inspect
from typing import Any

import h2o
import pytest
from h2o.explanation import disparate_analysis, model_correlation, varimp
from h2o.grid import H2OGridSearch
from h2o.model import ModelBase

_EXPLAIN = "include_explanations exclude_explanations plot_overrides"
_PARAMETERS: dict[Any, str] = {
    h2o.explain: f"models frame columns top_n_features {_EXPLAIN} figsize render qualitative_colormap sequential_colormap background_frame",
    h2o.explain_row: f"models frame row_index columns top_n_features {_EXPLAIN} qualitative_colormap figsize render background_frame",
    h2o.pd_multi_plot: "models frame column best_of_family row_index target max_levels figsize colormap markers save_plot_path show_rug",
    h2o.varimp_heatmap: "models top_n num_of_features figsize cluster colormap save_plot_path",
    h2o.model_correlation_heatmap: "models frame top_n cluster_models triangular figsize colormap save_plot_path",
    h2o.pareto_front: "frame x_metric y_metric optimum title color_col figsize colormap",
    h2o.make_leaderboard: "object leaderboard_frame sort_metric extra_columns scoring_data",
    varimp: "models num_of_features cluster use_pandas",
    model_correlation: "models frame cluster_models use_pandas",
    disparate_analysis: "models frame protected_columns reference favorable_class air_metric alpha",
    ModelBase.pd_plot: "self frame column row_index target max_levels figsize colormap save_plot_path binary_response_scale "
    "grouping_column output_graphing_data nbins show_rug",
    ModelBase.ice_plot: "self frame column target max_levels figsize colormap save_plot_path show_pdp binary_response_scale centered "
    "grouping_column output_graphing_data nbins show_rug",
    ModelBase.partial_plot: "self frame cols destination_key nbins weight_column plot plot_stddev figsize server include_na user_splits "
    "col_pairs_2dpdp save_plot_path row_index targets",
    ModelBase.shap_summary_plot: "self frame columns top_n_features samples colorize_factors alpha colormap figsize jitter save_plot_path "
    "background_frame",
    ModelBase.shap_explain_row_plot: "self frame row_index columns top_n_features figsize plot_type contribution_type save_plot_path "
    "background_frame",
    ModelBase.learning_curve_plot: "self metric cv_ribbon cv_lines figsize colormap save_plot_path",
    ModelBase.residual_analysis_plot: "self frame figsize save_plot_path",
    ModelBase.predicted_vs_actual_by_variable: "self frame predicted variable use_pandas",
    ModelBase.fairness_metrics: "self frame protected_columns reference favorable_class",
    ModelBase.fair_pd_plot: "self frame column protected_columns figsize autoscale save_plot_path",
    ModelBase.fair_roc_plot: "self frame protected_columns reference favorable_class figsize save_plot_path",
    ModelBase.fair_pr_plot: "self frame protected_columns reference favorable_class figsize save_plot_path",
    ModelBase.fair_shap_plot: "self frame column protected_columns autoscale figsize jitter alpha save_plot_path_prefix background_frame",
    ModelBase.inspect_model_fairness: "self frame protected_columns reference favorable_class metrics figsize render background_frame",
    H2OGridSearch.pareto_front: "self test_frame x_metric y_metric",
}


@pytest.mark.parametrize("function", list(_PARAMETERS), ids=lambda function: function.__qualname__)
def test_parameters_of_h2o(function: Any) -> None:
    parameters = list(inspect.signature(function).parameters.values())
    names = _PARAMETERS[function].split()
    assert [each.name for each in parameters[: len(names)]] == names
    added = parameters[len(names) :]
    assert all(each.kind is each.VAR_KEYWORD or each.default is not each.empty for each in added)


def test_explain_of_a_model_has_what_the_function_has() -> None:
    for name in ("explain", "explain_row"):
        of_model = list(inspect.signature(getattr(ModelBase, name)).parameters)[1:]
        assert of_model == list(inspect.signature(getattr(h2o, name)).parameters)[1:]
