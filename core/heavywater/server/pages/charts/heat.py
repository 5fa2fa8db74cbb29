"""Colours of cells by their share, as classes: pages may have no style of their own."""

from __future__ import annotations

STEPS = 10


def heat_class(share: float | None) -> str:
    """The class of a cell: ``heat-0`` (nothing) to ``heat-10`` (all of it); see charts.css.

    Parameters
    ----------
    share : float or None
        0 to 1; what is beyond is taken for the end, and what is none for 0. Anything above 0 is at least ``heat-1``.
    """
    if share is None or share != share or share <= 0:
        return "heat-0"
    return f"heat-{max(1, min(STEPS, round(STEPS * min(share, 1.0))))}"
