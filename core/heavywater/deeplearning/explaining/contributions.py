"""How much each column contributes to the prediction of a row, against the rows of a background.

For each pair of a row and a background row `rescale` (DeepSHAP) or `integrated_gradients` says what each input unit makes of
the difference between their predictions; the mean over the background are the contributions, and the mean prediction of the
background is the bias.

Source: Lundberg, Lee 2017, "A unified approach to interpreting model predictions", section 4.2. Names and order of the
columns are those of H2O.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ...frame.frame import Frame
from ...room import need_room
from ..model.fold_ensemble import FoldEnsemble
from ..model.model import DeepLearningModel, within_range
from ..model.sample import Sample
from .contribution_frames import ContributionLayout, Contributions
from .contribution_options import ContributionOptions, Method
from .exact_contributions import exact
from .explained import explained
from .rescale import Net
from .row_pairs import RowPairs

# Of the sizes that are added up: rows whose sums are off by more are done again, with more digits, or more points
_ACCURATE, _NEAR = 1e-5, 1e-3
_POINTS = (16, 128)  # of integrals


def contributions(
    model: DeepLearningModel, frame: Frame, background: Frame, options: ContributionOptions
) -> tuple[Frame, list[str]]:
    """Contributions of columns to the predictions of a frame; and warnings.

    Parameters
    ----------
    model : DeepLearningModel
        Of an autoencoder it is the reconstruction error that is explained. Of a fold ensemble the contributions are the mean
        of those to the predictions of its members, always on the scale of the prediction: logarithms have no mean that adds up.
    frame, background : Frame
        With the columns of the model. Rows of the background count by the weights column of the model, where they have one.
    options : ContributionOptions

    Returns
    -------
    Frame
        A column for each level and number (or column), of the offset where there is one, and ``BiasTerm``. Each row sums to what
        `DeepLearningModel.predict` gives: the number (of a logarithmic link its logarithm, unless output_space), the
        probability of the second of two classes; of more classes there is such a block for each, its columns with the class
        and a colon before their names. With top_n or bottom_n columns ``top_feature_1``, ``top_value_1`` ... instead; with
        output_per_reference also ``RowIdx`` and ``BackgroundRowIdx``, counted from 0.
    list of str

    Raises
    ------
    InvalidArgument
        An option is wrong, or the background has no row that can be predicted.
    """
    if isinstance(model, FoldEnsemble):
        return _of_members(model, frame, background, options)
    explaining = _Explaining(model, frame, background, options)
    return explaining.found().frame(options), explaining.warnings


def _of_members(
    model: FoldEnsemble, frame: Frame, background: Frame, options: ContributionOptions
) -> tuple[Frame, list[str]]:
    """The mean over the members, which may know different levels and leave out different columns."""
    warnings: list[str] = []
    response = model.spec.response
    if response is not None and response.log_link and not options.output_space:
        warnings.append(
            "the mean of several models has no contributions to its logarithm: these are contributions to the prediction itself, "
            "as with output_space"
        )
    asked = replace(options, output_space=True)
    each = [_Explaining(member, frame, background, asked) for member in model.members]
    kept = np.flatnonzero(np.logical_and.reduce([one.comparable for one in each]))
    for one in each:
        one.compare_with(kept)
    for rows, found in ((frame, [one.values for one in each]), (background, [one.compared for one in each])):
        _, remarks = model.spec.adapt(rows)
        within_range(np.mean(found, axis=0), remarks, model.spec.offset(rows))
        warnings += [text for text in remarks if text not in warnings]
    own = ContributionLayout.of(model, each[0].layout.outputs, compact=each[0].layout.compact)
    layout = own.with_those_of([one.layout for one in each])
    parts = (one.found() for one in each)
    return Contributions.mean_of(layout, parts, len(each)).frame(options), warnings


class _Explaining:
    """The run of one question.

    Attributes
    ----------
    layout : ContributionLayout
    values, compared : float array (rows, outputs)
        What is predicted for the frame, and for the background; NaN where that is not possible.
    comparable : bool array (background rows,)
        Which ones can be predicted and have a weight.
    warnings : list of str
    """

    def __init__(
        self, model: DeepLearningModel, frame: Frame, background: Frame, options: ContributionOptions
    ) -> None:
        self._model, self._options = model, options
        self.warnings: list[str] = []
        self._explained = explained(model, output_space=options.output_space)
        self.layout = ContributionLayout.of(
            model, self._explained.names, compact=options.output_format == "compact"
        )
        if not background.nrow:
            raise InvalidArgument("background_frame has no rows: contributions need some to compare with")
        self._sample, self.values = self._read(frame)
        self._compared, self.compared = self._read(background)
        weights = self._compared.weights
        if weights is None or options.output_per_reference:
            weights = np.ones(background.nrow)
        self._all_weights = weights
        self.comparable = np.isfinite(self.compared).all(axis=1) & (weights > 0)
        self.compare_with(np.flatnonzero(self.comparable))

    def compare_with(self, kept: Array) -> None:
        """Take some rows of the background, by their numbers."""
        if not len(kept):
            raise InvalidArgument(
                "background_frame has no row that can be predicted and has a weight: there is nothing to compare with"
            )
        self._kept, sample, weights = kept, self._compared, self._all_weights[kept]
        offset = None if sample.offset is None else sample.offset[kept]
        self._background = Sample(sample.rows.take(kept), None, offset, None)
        self._base, self._weights = self.compared[kept], weights / weights.sum()
        self._check_room()

    def _read(self, frame: Frame) -> tuple[Sample, Array]:
        """Rows of a frame, and what is predicted for them."""
        spec = self._model.spec
        adapted, warnings = spec.adapt(frame)
        sparse = False if self._options.method == "exact" else None
        rows = spec.rows(adapted, self._model.dtype, sparse)
        sample = Sample(rows, None, spec.offset(frame), spec.observation_weights(frame))
        found = within_range(self._explained.values(sample), warnings, sample.offset)
        self.warnings += [each for each in warnings if each not in self.warnings]
        found[~np.isfinite(found).all(axis=1)] = np.nan
        return sample, found

    def _check_room(self) -> None:
        times = len(self._kept) if self._options.output_per_reference else 1
        cells = self._sample.rows.n * times * self.layout.width * len(self._explained.names)
        need_room(
            16.0 * cells,
            f"contributions of {self._sample.rows.n} rows with {self.layout.width} columns",
            "Ask for fewer rows, for fewer background rows, or for output_format='compact'",
        )

    def found(self) -> Contributions:
        """The contributions, which add up to what is predicted."""
        options = self._options
        by: dict[Method, Callable[[], Array]] = {
            "deep_shap": self._by_deep_shap,
            "integrated_gradients": self._by_integrated_gradients,
            "exact": self._by_exact,
        }
        found = by[options.method]()
        bias = self._base.T[:, None] if options.output_per_reference else self._bias[:, None]
        missing = ~np.isfinite(self.values).all(axis=1)
        found[:, missing] = np.nan
        rest = self._rest(found)
        sizes = np.abs(found)
        total = sizes.sum(axis=-1, keepdims=True)
        # what is left is rounding, or that of integrals: each contribution takes a part by its size, those of 0 stay 0
        found += np.divide(sizes * rest[..., None], total, out=np.zeros_like(found), where=total > 0)
        bias = np.broadcast_to(bias, rest.shape)
        return Contributions(self.layout, found, bias, self._kept)

    @property
    def _bias(self) -> Array:
        """Mean prediction of the background: (outputs,)."""
        return np.asarray(self._weights @ self._base)

    def _rest(self, found: Array) -> Array:
        """What contributions lack: (outputs, rows) or (outputs, rows, background rows)."""
        values = self.values.T
        if self._options.output_per_reference:
            return np.asarray(values[:, :, None] - self._base.T[:, None] - found.sum(axis=-1))
        return np.asarray(values - self._bias[:, None] - found.sum(axis=-1))

    def _adds_up(self, found: Array, accurate: float = _ACCURATE) -> Array:
        """Which rows have no more to share out than rounding, a part of their sizes: (rows,)."""
        rest = self._rest(found)
        with np.errstate(invalid="ignore"):
            sizes = np.abs(found).sum(axis=-1) + np.abs(
                self.values.T.reshape(rest.shape[:2] + (1,) * (rest.ndim - 2))
            )
            close = np.abs(rest) <= accurate * sizes
        fine = np.logical_and.reduce(close, axis=tuple(k for k in range(close.ndim) if k != 1))
        return np.asarray(fine | ~np.isfinite(self.values).all(axis=1))

    def _of_pairs(self, dtype: Any, chosen: Array | None = None, points: int | None = None) -> Array:
        """(outputs, rows, [background rows,] columns), by sums in this type; points: those of an integral, else DeepSHAP."""
        sample = self._sample
        rows = sample.rows if chosen is None else sample.rows.take(chosen)
        offset = sample.offset if chosen is None or sample.offset is None else sample.offset[chosen]
        net = Net.of(self._model.network, dtype)
        work = RowPairs(
            self._model, self._explained, self.layout, net, self._background, self._weights, points
        )
        return work.contributions(rows, offset, per_reference=self._options.output_per_reference)

    def _by_deep_shap(self) -> Array:
        found = self._of_pairs(self._model.dtype)
        off = np.flatnonzero(~self._adds_up(found))
        if len(off) and np.dtype(self._model.dtype) != np.float64:
            found[:, off] = self._of_pairs(np.float64, off)
        return found

    def _by_integrated_gradients(self) -> Array:
        found = self._of_pairs(self._model.dtype, points=_POINTS[0])
        off = np.flatnonzero(~self._adds_up(found, _NEAR))
        if len(off):
            found[:, off] = self._of_pairs(self._model.dtype, off, points=_POINTS[1])
        return found

    def _by_exact(self) -> Array:
        weights = None if self._options.output_per_reference else self._weights
        return exact(self._explained, self.layout, self._sample, self._background, weights)
