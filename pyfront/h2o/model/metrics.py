"""All kinds of metrics, and the choice of the one that fits a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..elsewhere.stand_ins import names_of
from .binomial_metrics import H2OBinomialModelMetrics
from .common_metrics import (
    H2OAutoEncoderModelMetrics,
    H2OMultinomialModelMetrics,
    H2ORegressionModelMetrics,
    MetricsBase,
)

__all__ = [
    "H2OAutoEncoderModelMetrics",
    "H2OBinomialModelMetrics",
    "H2OMultinomialModelMetrics",
    "H2ORegressionModelMetrics",
    "MetricsBase",
    "metrics_of",
]

CLASSES: dict[str, type[MetricsBase]] = {
    "Binomial": H2OBinomialModelMetrics,
    "Multinomial": H2OMultinomialModelMetrics,
    "Regression": H2ORegressionModelMetrics,
    "AutoEncoder": H2OAutoEncoderModelMetrics,
}


def metrics_of(category: str, metric_json: Mapping[str, Any], on: str = "test") -> MetricsBase:
    """Make the metrics object that fits a model category."""
    return CLASSES[category](metric_json, on)


__path__: list[str] = []  # H2O has modules below this one, see h2o.elsewhere
if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
