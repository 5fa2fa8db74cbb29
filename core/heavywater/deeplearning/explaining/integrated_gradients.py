"""Integrated gradients: the mean gradient on the straight way from a background row to a row.

Its product with the difference of their inputs is what these make of the difference of the predictions, exactly but for the
integral, which is a sum over points by the rule of Gauss and Legendre. Source: Sundararajan, Taly, Yan 2017, "Axiomatic
attribution for deep networks"; of a whole background, Erion et al. 2021, "Improving performance of deep learning models with
axiomatic attribution priors and expected gradients".
"""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .explained import Explained, ExplainedRows, Multipliers
from .rescale import Net, derivative, passed_back


def integrated(
    what: Explained, x: ExplainedRows, r: ExplainedRows, net: Net, points: int
) -> tuple[Multipliers, Array]:
    """Mean gradients between rows.

    Parameters
    ----------
    what : Explained
    x, r : ExplainedRows
    net : Net
    points : int
        Of the integral.

    Returns
    -------
    Multipliers
        Of the offset and of input units past the network, where there are some.
    array (outputs, rows of x, rows of r, channels * units)
        From the sums of the first layer.
    """
    places, shares = np.polynomial.legendre.leggauss(points)
    total: Array | None = None
    past = Multipliers(np.empty(0))
    for place, share in zip((places + 1) / 2, shares / 2, strict=True):
        sums, activations = net.following(_between(x.states.sums[0], r.states.sums[0], place))
        inputs = None if x.inputs is None or r.inputs is None else _between(x.inputs, r.inputs, place)
        offsets = _between(x.offsets, r.offsets, place)
        found = what.gradients(sums[-1], activations[-1], offsets, inputs, net.kinds[-1])
        derivatives = [derivative(*each) for each in zip(net.kinds, sums, activations, strict=True)]
        total = _sum(total, passed_back(found.last.astype(net.dtype), net, derivatives.__getitem__), share)
        past = Multipliers(
            found.last,
            None if found.offset is None else _sum(past.offset, found.offset, share),
            None if found.inputs is None else _sum(past.inputs, found.inputs, share),
        )
    assert total is not None
    n, m = x.states.rows, r.states.rows
    return past, np.broadcast_to(total, (total.shape[0], n, m, total.shape[-1]))


def _between(x: Array, r: Array, place: float) -> Array:
    """On the way from each row of r to each row of x: (rows of x, rows of r, ...)."""
    found: Array = (r + place * (x[:, None] - r)).astype(x.dtype)
    return found


def _sum(total: Array | None, part: Array, share: float) -> Array:
    weighted: Array = part * part.dtype.type(share)
    return weighted if total is None else total + weighted
