"""Rows that were encoded once, and columns of them that get other cells: shuffled ones, or one value for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...frame.frame import Frame
from ..encoding.data import DataSpec
from ..model.model import DeepLearningModel
from ..model.sample import Sample

_AT_ONCE = 8192  # rows that are scored together where few rows get many values
_MOST_CELLS = 1 << 28  # of encoded rows that are held


def places_of(spec: DataSpec) -> dict[str, list[tuple[bool, int]]]:
    """Of each predictor, whether it is a category of the encoded rows, and which: several for recoded ones."""
    encoder = spec.encoder
    of_encoded = {name: (True, k) for k, name in enumerate(encoder.categories)}
    of_encoded |= {name: (False, k) for k, name in enumerate(encoder.numbers)}
    recoded = {} if spec.recoding is None else spec.recoding.factors
    return {
        name: [of_encoded[each] for each in (recoded[name].names if name in recoded else [name])]
        for name in spec.kinds
    }


class VariedRows:
    """What a model predicts for rows of a frame when some columns have other values, the same in all rows.

    Parameters
    ----------
    model : DeepLearningModel
        With a response.
    frame : Frame
    """

    def __init__(self, model: DeepLearningModel, frame: Frame) -> None:
        self._model, self._scorer = model, model.scorer
        self._scorer.prepare(model.network)
        self._rows = _encoded(model, frame)
        self._offset = model.spec.offset(frame)
        self._places = places_of(model.spec)

    def predictions(self, values: Mapping[str, Frame]) -> Iterator[Array]:
        """Predictions for each of some values of columns, one after the other.

        Parameters
        ----------
        values : mapping of str to Frame
            Of predictors; each with the column, and a row for each value. All have equally many.

        Yields
        ------
        float array (rows, numbers)
            Probabilities of the classes, or one number.
        """
        cells = {name: _encoded(self._model, given) for name, given in values.items()}
        count, n = next(iter(values.values())).nrow, self._rows.n
        step = max(1, _AT_ONCE // max(1, n))
        for lo in range(0, count, step):
            yield from self._block(cells, lo, min(count, lo + step))

    def _block(self, cells: Mapping[str, Rows], lo: int, hi: int) -> Array:
        n, count = self._rows.n, hi - lo
        rows = self._rows.take(np.tile(np.arange(n), count))
        for name, encoded in cells.items():
            for is_category, place in self._places[name]:
                whole, part = (
                    (rows.category, encoded.category) if is_category else (rows.dense, encoded.dense)
                )
                assert whole is not None and part is not None
                whole[:, place] = np.repeat(part[lo:hi, place], n)
        offset = None if self._offset is None else np.tile(self._offset, count)
        _, found = self._model.predicted(Sample(rows, None, offset, None), self._scorer, [])
        return found.reshape(count, n, -1)


def _encoded(model: DeepLearningModel, frame: Frame) -> Rows:
    """Rows whose numbers are scaled, or positions, already: values that are no whole numbers find room."""
    adapted, _ = model.spec.adapt(frame)
    rows = model.spec.rows(adapted, model.dtype, sparse=False)
    return rows.with_columns(rows.columns_block(0, rows.n, model.dtype))


def can_vary(model: DeepLearningModel, names: Sequence[str], rows: int) -> bool:
    """Whether all of these are columns that the network is given, and there is room for the rows; there may be no such network."""
    known = type(model) is DeepLearningModel and all(
        name in model.spec.kinds and name != model.spec.offset_column for name in names
    )
    return known and rows * model.spec.encoder.inputs <= _MOST_CELLS
