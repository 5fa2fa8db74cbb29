"""Explain models, or what they predict for one row, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..frame.accepting import rows_for_all
from ..report.explanation import H2OExplanation
from .leaderboards import make_leaderboard
from .models_given import models_of


def explain(
    models: Any,
    frame: Any,
    columns: Sequence[str | int] | None = None,
    top_n_features: int = 5,
    include_explanations: str | Sequence[str] = "ALL",
    exclude_explanations: str | Sequence[str] = (),
    plot_overrides: Mapping[str, Any] | None = None,
    figsize: tuple[float, float] = (16, 9),
    render: bool = True,
    qualitative_colormap: str = "Dark2",
    sequential_colormap: str = "RdYlBu_r",
    background_frame: Any = None,
) -> H2OExplanation:
    """Explain a model, or several beside each other, on one page: in a notebook, as an HTML file, as text.

    Parameters
    ----------
    models : model, grid, leaderboard, name of a model, or list of those
    frame : H2OFrame or data frame
        Rows to explain the models by; what compares with the response needs the response in it.
    columns : list of str or int, optional
        Columns whose dependence is shown; by default the strongest ones.
    top_n_features : int
        How many of these; a negative number: all.
    include_explanations, exclude_explanations : str or list of str
        Names of explanations, or "ALL"; one of both. In the order of the page: ``leaderboard``, ``confusion_matrix``,
        ``residual_analysis``, ``reconstruction_error``, ``learning_curve``, ``varimp``, ``permutation_importance``,
        ``varimp_heatmap``, ``model_correlation_heatmap``, ``shap_summary``, ``pdp``, ``ice``.
        Those without a meaning for the models are left out.
    plot_overrides : dict, optional
        Options of single plots by the name of the explanation, such as ``{"pdp": {"max_levels": 10}}``.
    figsize : tuple of float
        Width and height of the drawings in inches.
    render : bool
        Show the page at once.
    qualitative_colormap, sequential_colormap : str
        Names of matplotlib's colour maps, for models and classes, and for heat maps.
    background_frame : H2OFrame or data frame, optional
        Rows that contributions compare with, see `predict_contributions`.

    Returns
    -------
    H2OExplanation
        The explanations by name; ``save_html(path)`` writes the page as a file.

    Examples
    --------
    >>> list(h2o.explain(regression, iris, include_explanations=["residual_analysis"], render=False))
    ['residual_analysis']
    """
    from ..report.of_models import Explaining  # start-up: only for who draws

    found = models_of("models", models)
    data = rows_for_all([each._trained for each in found], "frame", frame)
    explaining = Explaining(
        found, data, columns, top_n_features, plot_overrides, figsize, (qualitative_colormap, sequential_colormap),
        background_frame, make_leaderboard,
    )  # fmt: skip
    return explaining.page(include_explanations, exclude_explanations)._shown(render)


def explain_row(
    models: Any,
    frame: Any,
    row_index: int,
    columns: Sequence[str | int] | None = None,
    top_n_features: int = 5,
    include_explanations: str | Sequence[str] = "ALL",
    exclude_explanations: str | Sequence[str] = (),
    plot_overrides: Mapping[str, Any] | None = None,
    qualitative_colormap: str = "Dark2",
    figsize: tuple[float, float] = (16, 9),
    render: bool = True,
    background_frame: Any = None,
) -> H2OExplanation:
    """Explain what a model, or several beside each other, predict for one row, on one page.

    Parameters
    ----------
    models : model, grid, leaderboard, name of a model, or list of those
    frame : H2OFrame or data frame
        Rows; contributions compare with those of the training frame, or where that is gone with these.
    row_index : int
        The row, counted from 0.
    columns, top_n_features, plot_overrides, qualitative_colormap, figsize, render, background_frame
        As in `explain`.
    include_explanations, exclude_explanations : str or list of str
        As in `explain`: ``leaderboard`` (what each model predicts), ``shap_explain_row``, ``ice``.

    Returns
    -------
    H2OExplanation

    Examples
    --------
    >>> list(h2o.explain_row(regression, iris, 0, include_explanations=["shap_explain_row"], render=False))
    ['shap_explain_row']
    """
    from ..report.of_row import ExplainingRow  # start-up: only for who draws

    found = models_of("models", models)
    data = rows_for_all([each._trained for each in found], "frame", frame)
    explaining = ExplainingRow(
        found, data, row_index, columns, top_n_features, plot_overrides, figsize, qualitative_colormap,
        background_frame, make_leaderboard,
    )  # fmt: skip
    return explaining.page(include_explanations, exclude_explanations)._shown(render)
