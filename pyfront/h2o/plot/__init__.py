"""Drawings with matplotlib, which is imported when something is drawn.

``result``     what a function that draws gives back    ``canvas``      making, saving and showing figures
``history``    scores during training                   ``curves``      ROC, precision-recall, gains/lift, confusion matrix
``errors``     residuals, reconstruction errors         ``importance``  variable importances, as bars and as image
``frames``     histograms of columns                    ``permutations``  what shuffling columns costs
``dependence`` partial dependence, of one model or several; ``expectations`` of single rows; ``partial`` as tables, also of pairs
``contribution_summary``, ``contribution_row``  contributions to many predictions, and to one; ``swarms`` points of them
``heatmaps``   importances and agreement of models      ``pareto``      models of which none is better in two measures
``fairness``   groups of rows beside each other
``drawing``    a figure with its table and a sentence   ``labels``      names and letters that can be read
``dependence_values``, ``contribution_values``  the numbers behind

The methods of models that draw are in `h2o.model.plots`, `dependence`, `explanations` and `fairness`; pages of drawings in `h2o.report`.
"""

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .result import PlotResult, decorate_plot_result, is_decorated_plot_result

__all__ = ["PlotResult", "decorate_plot_result", "is_decorated_plot_result"]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
