"""Steps of preparation with ``fit`` and ``transform``, as scikit-learn's pipelines take them."""

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .preprocessing import H2OBinaryOp, H2OColOp, H2OColSelect, H2OScaler, H2OTransformer

__all__ = ["H2OBinaryOp", "H2OColOp", "H2OColSelect", "H2OScaler", "H2OTransformer"]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
