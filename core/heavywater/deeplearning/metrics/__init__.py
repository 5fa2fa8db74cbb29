"""Model metrics: plain dictionaries with H2O's field names, from arrays of actual and predicted values.

Missing values are NaN (class codes also -1); rows with a missing value or without weight do not count.
`score` gives only the numbers that the scoring history needs.

``binomial``, ``multinomial``, ``regression``, ``autoencoder``  one kind of models each; ``scores``, for the history
``roc``           curve and areas of two classes, by ``bins``; ``criteria`` at each threshold; ``gains_lift``, ``multinomial_auc``
``distributions`` links and deviances                ``weighted``  means, variances and quantiles with weights
``better``        which of two values is the better one, and the Pareto front        ``labels``  what they are called
``fold_summary``  mean and spread over the folds     ``tables``    as plain dictionaries    ``inputs``  checks of what is given
"""

from __future__ import annotations

from .autoencoder import autoencoder_metrics
from .binomial import binomial_metrics
from .multinomial import multinomial_metrics
from .regression import regression_metrics
from .scores import history_numbers, score

__all__ = [
    "autoencoder_metrics",
    "binomial_metrics",
    "history_numbers",
    "multinomial_metrics",
    "regression_metrics",
    "score",
]
