"""Shapley values by counting all subsets of columns: what other methods are measured by, for models of few columns.

Source: Shapley 1953, "A value for n-person games"; that a column which is not in a subset has the value of a background
row is the interventional form, as in Lundberg, Lee 2017.
"""

from __future__ import annotations

from math import factorial

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...errors import InvalidArgument
from ..model.sample import Sample
from .contribution_frames import ContributionLayout
from .explained import Explained

MOST_COLUMNS = 12  # 4096 subsets
_ROWS = 1 << 14  # that are predicted at once


def exact(
    what: Explained, layout: ContributionLayout, sample: Sample, background: Sample, weights: Array | None
) -> Array:
    """Shapley values of the columns.

    Parameters
    ----------
    what : Explained
    layout : ContributionLayout
        A compact one.
    sample, background : Sample
        Their rows stored dense.
    weights : float array (background rows,) or None
        Shares in the mean over the background; None: no mean is taken.

    Returns
    -------
    float array (outputs, rows, [background rows,] columns)

    Raises
    ------
    InvalidArgument
        The layout has input units, or more than 12 columns.
    """
    if not layout.compact:
        raise InvalidArgument(
            "method='exact' is about columns, not about the units of a factor; set output_format='compact'"
        )
    players = layout.width
    if players > MOST_COLUMNS:
        raise InvalidArgument(
            f"method='exact' tries all subsets of columns, and the model has {players}, {MOST_COLUMNS} are the most. "
            "Use method='deep_shap'"
        )
    n, m = sample.rows.n, background.rows.n
    out = np.zeros((len(what.names), n, *(() if weights is not None else (m,)), players))
    step = max(1, _ROWS // m)
    for lo in range(0, n, step):
        rows = np.arange(lo, min(n, lo + step))
        found = _of_pairs(
            what, layout, sample, background, np.repeat(rows, m), np.tile(np.arange(m), len(rows))
        )
        pairs = found.reshape(len(what.names), len(rows), m, players)
        out[:, rows] = pairs if weights is None else np.einsum("kxrc,r->kxc", pairs, weights)
    return out


def _of_pairs(
    what: Explained, layout: ContributionLayout, sample: Sample, background: Sample, of_x: Array, of_r: Array
) -> Array:
    players = layout.width
    x, r = sample.rows.take(of_x), background.rows.take(of_r)
    offsets = [
        None if each.offset is None else each.offset[k] for each, k in ((sample, of_x), (background, of_r))
    ]
    out = np.zeros((len(what.names), len(of_x), players))
    for subset in range(1 << players):
        inside = np.array([subset >> k & 1 for k in range(players)], bool)
        offset = offsets[0] if layout.offset and inside[-1] else offsets[1]
        values = what.values(Sample(_mixed(x, r, inside[layout.columns]), None, offset, None)).T
        size = int(inside.sum())
        for k in range(players):
            before = size - inside[k]  # players of the subset without this one
            share = factorial(before) * factorial(players - 1 - before) / factorial(players)
            out[:, :, k] += values * (share if inside[k] else -share)
    return out


def _mixed(x: Rows, r: Rows, inside: Array) -> Rows:
    """Rows with some columns of x and the others of r; categorical columns come first."""
    categories = x.category.shape[1]
    mixed = x.take(np.arange(x.n))
    mixed.category = np.where(inside[:categories], x.category, r.category)
    numbers, numbers0 = (each.columns_block(0, each.n, np.float64) for each in (x, r))
    return mixed.with_columns(np.where(inside[categories:], numbers, numbers0).astype(x.sub.dtype))
