"""Rows of plain values, scored without a frame: for who asks often, and for few rows at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from ...arrays import Array
from ...engine.blas import single_threaded_blas
from ..encoding.plain_rows import Columns, ReadRows, RowReader
from .fold_ensemble import EnsembleRows, FoldEnsemble
from .model import DeepLearningModel, within_range
from .sample import Sample


@dataclass(frozen=True)
class ScoredRows:
    """What a model says of some rows.

    Attributes
    ----------
    names : list of str
        Of the columns.
    labels : list of (str or None), or None
        Classes, in the first column; None where there is none, and for models without classes.
    numbers : float array (rows, columns of numbers)
        Probabilities of the classes, or predictions, or reconstruction errors; NaN is missing.
    read : ReadRows
        What was scored.
    warnings : list of str
    """

    names: list[str]
    labels: list[str | None] | None
    numbers: Array
    read: ReadRows
    warnings: list[str]

    def columns(self) -> dict[str, list[Any]]:
        """The cells by columns, None where they are missing."""
        cells = [[None if x != x else x for x in column.tolist()] for column in self.numbers.T]
        return dict(zip(self.names, cells if self.labels is None else [self.labels, *cells], strict=True))

    def rows(self) -> list[dict[str, Any]]:
        """The cells by rows."""
        names = self.names
        return [dict(zip(names, row, strict=True)) for row in zip(*self.columns().values(), strict=True)]


class RowScorer:
    """Scores rows of plain values with one model: as `DeepLearningModel.predict` scores a frame of them, to the last bit.

    What has to be worked out once for a model is kept here, so whoever scores often keeps this.

    Parameters
    ----------
    model : DeepLearningModel
        Of an autoencoder the rows get their reconstruction errors, as from `DeepLearningModel.anomaly`.
    """

    def __init__(self, model: DeepLearningModel) -> None:
        self.model = model
        members = model.members if isinstance(model, FoldEnsemble) else []
        self.reader = RowReader(model.base if isinstance(model, FoldEnsemble) else model.spec, model.dtype)
        self._readers = [RowReader(member.spec, member.dtype) for member in members]
        self._scorer = model.scorer
        self._scorer.prepare(model.network)
        self.names = ["Reconstruction.MSE"] if model.spec.response is None else model.prediction_names

    def score(self, columns: Columns, n: int, interval: float | None = None) -> ScoredRows:
        """Score rows.

        Parameters
        ----------
        columns : mapping of str to sequence
            Cells by the names of their columns, see `RowReader.read`.
        n : int
            How many rows there are.
        interval : float, optional
            As in `DeepLearningModel.predict`.

        Raises
        ------
        InvalidArgument
            A cell cannot be a value of its column, no input is there, or the offset is not; there is no such interval.
        """
        model, asked = self.model, self.model.known_intervals(interval)
        read = self.reader.read(columns, n)
        warnings = list(read.remarks)
        response = model.spec.response
        if response is None:
            errors = self._scorer.reconstruction_errors(model.network, read.rows)
            return ScoredRows(self.names, None, within_range(errors, warnings)[:, None], read, warnings)
        rows: Any = read.rows
        if self._readers:
            rows = EnsembleRows([reader.read(columns, n).rows for reader in self._readers])
        sample = Sample(rows, None, read.offset, None)
        codes, numbers = model.predicted(sample, self._scorer, warnings, asked)
        labels = None
        if codes is not None:
            named = [*(response.domain or ()), None]  # the last one answers for -1
            labels = [named[code] for code in codes.tolist()]
        names = self.names if asked is None else model.names_of_prediction(True)
        return ScoredRows(names, labels, numbers, read, warnings)


def row_scorer(model: DeepLearningModel) -> RowScorer:
    """The one that a model keeps; it is made at the first call."""
    if not isinstance(model.row_scorer, RowScorer):
        model.row_scorer = RowScorer(model)
    return model.row_scorer


def scored_often() -> AbstractContextManager[None]:
    """Within it a row takes a fifth less time: what is set for each scoring, and taken back, stays set. For who does nothing else."""
    return single_threaded_blas()
