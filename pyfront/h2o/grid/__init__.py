"""Grid search: many models over a space of hyper-parameters.

``grid_search``  H2OGridSearch    ``metrics``  questions to each of its models    ``explanations``  its models beside each other
``outcomes``  hyper-parameters of its models, and those that gave none
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .grid_search import H2OGridSearch

__all__ = ["H2OGridSearch"]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
