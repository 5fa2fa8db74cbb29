"""Grid search: many models over a space of hyper-parameters."""

from __future__ import annotations

from ..elsewhere.stand_ins import names_of
from .grid_search import H2OGridSearch

__all__ = ["H2OGridSearch"]

__getattr__ = names_of(__name__)
