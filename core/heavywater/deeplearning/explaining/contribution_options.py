"""What can be asked of contributions to predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from ...errors import InvalidArgument

Method = Literal["deep_shap", "integrated_gradients", "exact"]


@dataclass(frozen=True)
class ContributionOptions:
    """How contributions are computed and told.

    Parameters
    ----------
    method : str
        deep_shap; integrated_gradients, the mean gradient on the way from a background row, which takes about 20 times as
        long; or exact: Shapley values over all subsets of columns, for models of few columns.
    output_format : str
        original: a contribution for each level of a factor, and for each number; compact: for each column. A number that is
        encoded piecewise linearly has one, the sum of those of its units.
    top_n, bottom_n : int, optional
        Of each row, so many of the largest and of the smallest contributions with their names; negative: all of them.
    compare_abs : bool
        Take their absolute values to find these.
    output_space : bool
        Of models with a logarithmic link: contributions to the prediction instead of its logarithm.
    output_per_reference : bool
        A row for each row and each background row, instead of the mean.
    """

    method: Method = "deep_shap"
    output_format: Literal["original", "compact"] = "original"
    top_n: int | None = None
    bottom_n: int | None = None
    compare_abs: bool = False
    output_space: bool = False
    output_per_reference: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> ContributionOptions:
        """Those that are given by name; an unknown name is an error."""
        known = [each.name for each in fields(cls)]
        for name in options:
            if name not in known:
                raise InvalidArgument(f"contributions have no option {name!r}; there are {', '.join(known)}")
        return cls(**options)

    def __post_init__(self) -> None:
        for name, allowed in (
            ("method", ("deep_shap", "integrated_gradients", "exact")),
            ("output_format", ("original", "compact")),
        ):
            value = getattr(self, name)
            if value not in allowed:
                raise InvalidArgument(f"{name}={value!r} must be one of {', '.join(allowed)}")
        for name in ("top_n", "bottom_n"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                raise InvalidArgument(f"{name}={value!r} must be a whole number; a negative one asks for all")
