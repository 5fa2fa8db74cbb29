"""Explanations of models, under the names of H2O's module.

``explaining`` one page about models, or one row (its parts: `h2o.report`)
``several``   drawings of several models: dependence, importances, agreement, and the Pareto front of a leaderboard
``fair``      how models treat groups of rows, one beside the other
``leaderboards``  models and their scores, the best first    ``models_given``  which models an argument stands for

The methods of one model are in `h2o.model.dependence`, `explanations` and `fairness`, the drawings in `h2o.plot`.
"""

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from ..report.explanation import H2OExplanation
from .explaining import explain, explain_row
from .fair import disparate_analysis
from .leaderboards import make_leaderboard
from .several import (
    model_correlation,
    model_correlation_heatmap,
    pareto_front,
    pd_multi_plot,
    varimp,
    varimp_heatmap,
)

__all__ = [
    "H2OExplanation",
    "disparate_analysis",
    "explain",
    "explain_row",
    "make_leaderboard",
    "model_correlation",
    "model_correlation_heatmap",
    "pareto_front",
    "pd_multi_plot",
    "varimp",
    "varimp_heatmap",
]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
