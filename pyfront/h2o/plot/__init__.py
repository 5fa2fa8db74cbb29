"""Drawings with matplotlib, which is imported when something is drawn.

``result``     what a function that draws gives back    ``canvas``      making, saving and showing figures
``history``    scores during training                   ``curves``      ROC, precision-recall, gains/lift, confusion matrix
``errors``     residuals, reconstruction errors         ``importance``  variable importances, as bars and as image
``frames``     histograms of columns

The methods of models and metrics that draw are in `h2o.model.plots`.
"""

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .result import PlotResult, decorate_plot_result, is_decorated_plot_result

__all__ = ["PlotResult", "decorate_plot_result", "is_decorated_plot_result"]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
