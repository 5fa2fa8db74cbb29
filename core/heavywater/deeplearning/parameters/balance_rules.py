"""The rules of the parameters that balance classes.

Source: booklet, "balance_classes", "class_sampling_factors", "max_after_balance_size".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import InvalidArgument
from .context import listed
from .resolution import CLASSES, REGRESSION


def check_balance(
    values: Mapping[str, Any], category: str, levels: Sequence[str], warnings: list[str]
) -> None:
    """Apply the rules of class balancing.

    Parameters
    ----------
    values : mapping
        All parameters.
    category : str
        Kind of model.
    levels : sequence of str
        Classes of the response; empty where it is none.
    warnings : list of str
        Gets a sentence when a class is not trained at all.

    Raises
    ------
    InvalidArgument
        A rule is broken.
    """
    factors, weights = values["class_sampling_factors"], values["weights_column"]
    if not values["balance_classes"]:
        if factors is not None:
            raise InvalidArgument(
                f"class_sampling_factors={factors} needs balance_classes=True: set it, or leave the factors out"
            )
        return
    if category not in CLASSES:
        raise InvalidArgument(
            f"balance_classes=True is for classification only, this is {category}: leave it out"
            + (", or make the response a factor" if category == REGRESSION else "")
        )
    if weights is not None:
        raise InvalidArgument(
            f"balance_classes=True and weights_column={weights!r} exclude each other: leave one of them out. "
            "Weights can balance classes, too: give the rows of rare classes larger ones"
        )
    if factors is not None:
        _check_factors(factors, levels, warnings)


def _check_factors(factors: Sequence[float], levels: Sequence[str], warnings: list[str]) -> None:
    if len(factors) != len(levels):
        raise InvalidArgument(
            f"class_sampling_factors={factors} has {len(factors)} values, the response has {len(levels)} levels: give "
            f"one factor for each of {listed(levels)}, in this order"
        )
    if max(factors) <= 0:
        raise InvalidArgument(
            f"class_sampling_factors={factors} leaves no row to train: at least one factor must be positive"
        )
    without = [level for level, factor in zip(levels, factors, strict=True) if factor <= 0]
    if without:
        warnings.append(
            f"class_sampling_factors={factors}: {listed(without)} will not be trained, nor predicted. A factor below 0 "
            "counts as 0"
        )
