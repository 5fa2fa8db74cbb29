"""The place where H2O has the classes of metrics, which scripts import from here."""

from __future__ import annotations

from .metrics import (
    H2OAutoEncoderModelMetrics,
    H2OBinomialModelMetrics,
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
]
