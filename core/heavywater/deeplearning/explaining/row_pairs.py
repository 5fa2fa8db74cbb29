"""Rows beside rows of the background, in blocks that stay in the cache: what each cell makes of their difference."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ...arrays import Array
from ...engine.blas import single_threaded_blas
from ...engine.rows import Rows
from ..model.model import DeepLearningModel
from ..model.sample import Sample
from ..model.scorer import dense_inputs
from .contribution_frames import ContributionLayout
from .explained import Explained, ExplainedRows
from .integrated_gradients import integrated
from .rescale import Net, States, chained, of_inputs

_PAIRS = 1024  # of rows that are worked on at once
_CELLS = 1 << 22  # of the largest array for them


class RowPairs:
    """Contributions for all pairs of rows and background rows, block by block.

    Parameters
    ----------
    model : DeepLearningModel
    what : Explained
    layout : ContributionLayout
    net : Net
    background : Sample
    weights : float array (background rows,)
        Their shares in the mean.
    points : int, optional
        Of the integral of gradients; None: DeepSHAP.
    """

    def __init__(
        self,
        model: DeepLearningModel,
        what: Explained,
        layout: ContributionLayout,
        net: Net,
        background: Sample,
        weights: Array,
        points: int | None = None,
    ) -> None:
        self._model, self._what, self._layout, self._weights = model, what, layout, weights
        self._net, self._points = net, points
        with single_threaded_blas(), np.errstate(all="ignore"):
            self._background = self._part(background.rows, 0, background.rows.n, background.offset)
        widest = max([layout.units, *(bias.size for _, bias in net.layers)])
        pairs = max(1, min(_PAIRS, _CELLS // (widest * len(what.names))))
        self._of_background = min(background.rows.n, pairs)
        self._of_rows = max(1, pairs // self._of_background)

    def _part(self, rows: Rows, lo: int, hi: int, offset: Array | None) -> ExplainedRows:
        response, states = self._model.spec.response, States.of(rows, lo, hi, self._net)
        offsets = np.zeros(hi - lo)
        if offset is not None and response is not None:
            offsets = response.offsets(offset[lo:hi])
        inputs = dense_inputs(rows, lo, hi).astype(self._net.dtype) if self._what.needs_inputs else None
        return ExplainedRows(states, offsets, inputs)

    def contributions(self, rows: Rows, offset: Array | None, *, per_reference: bool) -> Array:
        """Contributions to the predictions of some rows."""
        count = self._background.states.rows
        shape = (len(self._what.names), rows.n, *((count,) if per_reference else ()), self._layout.width)
        out = np.zeros(shape)

        def work(bounds: tuple[int, int]) -> None:
            lo, hi = bounds
            with np.errstate(all="ignore"):  # whoever asks looks at what comes out
                x = self._part(rows, lo, hi, offset)
                for first, last in self._parts(count):
                    found = self._block(x, self._background.part(first, last))
                    if per_reference:
                        out[:, lo:hi, first:last] = self._layout.of_pairs(*found)
                    else:
                        out[:, lo:hi] += self._layout.means(*found, self._weights[first:last])

        blocks = list(rows.blocks(self._of_rows))
        with single_threaded_blas():
            if self._model.threads == 1 or len(blocks) == 1:
                for bounds in blocks:
                    work(bounds)
            else:
                with ThreadPoolExecutor(self._model.threads) as pool:
                    list(pool.map(work, blocks))
        return out

    def _parts(self, count: int) -> Iterator[tuple[int, int]]:
        for lo in range(0, count, self._of_background):
            yield lo, min(count, lo + self._of_background)

    def _block(self, x: ExplainedRows, r: ExplainedRows) -> tuple[Array, Array, Array, Array, Array]:
        """What `ContributionLayout` puts together: of numbers, of categories, and where these lie."""
        if self._points is None:
            found = self._what.multipliers(x, r)
            first = chained(found.last.astype(self._net.dtype), x.states, r.states, self._net)
        else:
            found, first = integrated(self._what, x, r, self._net, self._points)
        parts = [of_inputs(each, x.states, r.states, self._net.layers[0][0]) for each in first]
        numbers, of_x, of_r = (np.stack(each) for each in zip(*parts, strict=True))
        if (ramps := self._model.spec.encoder.ramps) is not None:
            numbers = np.add.reduceat(numbers, ramps.spans[:-1], axis=-1)
        if found.inputs is not None:  # past the network
            position = found.inputs.shape[2] - numbers.shape[-1]  # of an autoencoder, so a number is one unit
            assert x.inputs is not None and r.inputs is not None
            numbers += found.inputs[:, :, position:] * (
                x.inputs[:, None, position:] - r.inputs[None, :, position:]
            )
            of_x += _taken(found.inputs, x.states.units[:, None, :])
            of_r += _taken(found.inputs, r.states.units[None, :, :])
        if found.offset is not None and self._layout.offset:
            shift = found.offset * (x.offsets[:, None] - r.offsets[None])
            numbers = np.concatenate([numbers, shift[None, :, :, None].astype(numbers.dtype)], axis=-1)
        return numbers, of_x, of_r, x.states.units, r.states.units


def _taken(of_inputs: Array, units: Array) -> Array:
    """Of (rows of x, rows of r, inputs) what belongs to some units, 0 for none."""
    shape = (*of_inputs.shape[:2], units.shape[2])
    index = np.broadcast_to(np.maximum(units, 0), shape)
    return np.where(units < 0, 0, np.take_along_axis(of_inputs, index, axis=2))
