"""Which quantiles a model predicts: one, or several with an output unit each."""

from __future__ import annotations

from .typed import TypedParameters


def several_quantiles(p: TypedParameters) -> list[float]:
    """Those of the output units, ascending, where there are several; else none."""
    alphas = p.quantile_alpha
    return alphas if isinstance(alphas, list) and p.distribution == "quantile" else []


def single_quantile(p: TypedParameters) -> float:
    """The one that is predicted, where it is one; of other models some number."""
    return 0.5 if isinstance(p.quantile_alpha, list) else p.quantile_alpha


def quantile_name(alpha: float) -> str:
    """Name of the column of a quantile: q and the percentage, as q10 or q2.5."""
    return f"q{100 * alpha:.10g}"
