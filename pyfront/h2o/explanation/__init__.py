"""Explanations of models, under the names of H2O's module.

``several``   drawings of several models: dependence, importances, agreement, and the Pareto front of a leaderboard
``fair``      how models treat groups of rows, one beside the other
``leaderboards``  models and their scores, the best first    ``models_given``  which models an argument stands for

The methods of one model are in `h2o.model.explanations`, the drawings in `h2o.plot`.
"""

from ..elsewhere.stand_ins import names_of
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
    "disparate_analysis",
    "make_leaderboard",
    "model_correlation",
    "model_correlation_heatmap",
    "pareto_front",
    "pd_multi_plot",
    "varimp",
    "varimp_heatmap",
]

__getattr__ = names_of(__name__)
