"""Frames as the network sees them: chosen columns, encoder, response, weights and offsets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...arrays import Array
from ...engine.rows import Rows
from ...errors import InvalidArgument
from ...frame.columns.column import Column
from ...frame.columns.column_statistics import ColumnStatistics
from ...frame.frame import Frame
from ..parameters.context import LARGEST_INPUT, LARGEST_NUMBER, listed
from ..parameters.validation import DeepLearningParameters
from .adaptation import adapted_predictors, class_codes, missing_column, numbers_of_role, unknown_classes
from .data_statistics import PIECEWISE, DataStatistics, rows_that_count
from .encoder import Encoder
from .histograms import InputHistogram, histograms_of
from .piecewise import MOST_UNITS, Spread, edges_of
from .response import Response
from .schemes import SCHEMES, Recoding


@dataclass
class DataSpec:
    """What is learned from the training frame about its columns, and needed again to score.

    Attributes
    ----------
    encoder : Encoder
    response : Response or None
        None for an autoencoder.
    kinds : dict of str to str
        Kind of each predictor in training.
    weights_column, offset_column : str or None
    recoding : Recoding or None
        What replaces factors before they are encoded; None where they are encoded as they are.
    histograms : dict of str to InputHistogram
        Of each predictor in training; empty where that is not known.
    ranges : dict of str to (float, float)
        The least and the greatest finite number of each predictor of numbers or times in training; without those of which
        that is not known.
    """

    encoder: Encoder
    response: Response | None
    kinds: dict[str, str]
    weights_column: str | None = None
    offset_column: str | None = None
    recoding: Recoding | None = None
    histograms: dict[str, InputHistogram] = field(default_factory=dict)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def fit(cls, frame: Frame, p: DeepLearningParameters) -> DataSpec:
        """Learn encoder and response scaling from the training frame."""
        return cls.of(DataStatistics.of(frame, p), p)

    @classmethod
    def of(cls, statistics: DataStatistics, p: DeepLearningParameters) -> DataSpec:
        """The same where nothing but statistics is known: those of the parts of a frame, merged, give what the whole gives.

        Parameters
        ----------
        statistics : DataStatistics
        p : DeepLearningParameters
            Those that the statistics were made with.
        """
        recoding, predictors = None, dict(statistics.predictors)
        if p.categorical_encoding in SCHEMES:
            classes = () if statistics.response is None else statistics.response.level_names()
            recoding = Recoding.of(p.categorical_encoding, predictors, statistics.answers, classes)
            predictors = recoding.statistics(predictors)
        encoder = Encoder.of(
            predictors,
            standardize=p.standardize,
            sparse=p.sparse,
            autoencoder=p.autoencoder,
            use_all_factor_levels=p.use_all_factor_levels,
            max_categorical_features=p.max_categorical_features,
        )
        if p.numeric_encoding == PIECEWISE and (
            edges := _edges(encoder, predictors, statistics, p, recoding)
        ):
            encoder = encoder.with_edges(edges)
        response = None
        if p.response is not None and statistics.response is not None:
            response = Response.of(p.response, statistics.response, p.distribution, standardize=p.standardize)
            response.range = statistics.rows.answers
        kinds = {name: column.kind for name, column in statistics.predictors.items()}
        figures = {
            name: each.numbers for name, each in statistics.predictors.items() if each.numbers is not None
        }
        ranges = {name: (each.low, each.high) for name, each in figures.items() if each.low <= each.high}
        return cls(encoder, response, kinds, p.weights_column, p.offset_column, recoding, ranges=ranges)

    def with_histograms(self, frame: Frame) -> DataSpec:
        """The same with the histograms of a frame, which is trained on."""
        known = {name: self.levels(name) if kind == "enum" else None for name, kind in self.kinds.items()}
        weights = None if self.weights_column is None else frame.column(self.weights_column)
        return replace(self, histograms=histograms_of(frame, known, weights))

    def levels(self, name: str) -> tuple[str, ...]:
        """Levels of a categorical predictor in training."""
        if self.recoding is not None:
            return self.recoding.factors[name].levels
        return self.encoder.levels[name]

    def adapt(self, frame: Frame) -> tuple[Frame, list[str]]:
        """A frame with the predictors of training, and warnings, see `adapted_predictors`."""
        with_other = () if self.recoding is None else self.recoding.with_other
        scaling = {} if self.encoder.edges else self.encoder.scaling  # any number lies somewhere among edges
        return adapted_predictors(frame, self.kinds, self.levels, scaling, with_other)

    def prefers_sparse(self, statistics: DataStatistics) -> bool:
        """Whether the rows of a frame with such statistics are to be stored sparse."""
        predictors = dict(statistics.predictors)
        if self.recoding is not None:
            predictors = self.recoding.statistics(predictors)
        return self.encoder.prefers_sparse(predictors)

    def rows(
        self, frame: Frame, dtype: Any = np.float32, sparse: bool | None = None, pending: bool = False
    ) -> Rows:
        """The compact copy of the predictors; for `sparse` and `pending` see `Encoder.encode`."""
        predictors = frame.select(map(frame.index, self.kinds))
        frame = Frame(
            list(self.kinds), list(map(self._as_factor, self.kinds, predictors.columns)), nrow=frame.nrow
        )
        if self.recoding is not None:
            frame = self.recoding.apply(frame)
        return self.encoder.encode(frame, dtype, sparse, pending)

    def _as_factor(self, name: str, column: Column) -> Column:
        """A column without any value, which an import takes for numbers, as a factor where it is one in the whole frame."""
        if self.kinds[name] != "enum" or column.kind == "enum" or column.missing_count < len(column):
            return column
        return missing_column("enum", len(column))

    def offset(self, frame: Frame) -> Array | None:
        """Offset of each row on the response's link scale, None without an offset column.

        Raises
        ------
        InvalidArgument
            The model needs an offset column and the frame has none.
        """
        if self.offset_column is None:
            return None
        if self.offset_column not in frame:
            raise InvalidArgument(
                f"offset_column={self.offset_column!r}: the model needs it, the frame does not have it. Add the column; "
                "zeros mean no offset"
            )
        return numbers_of_role(frame, "offset_column", self.offset_column)

    def observation_weights(self, frame: Frame) -> Array | None:
        """Weight of each row, None without a weights column (or where a scored frame lacks it)."""
        if self.weights_column is None or self.weights_column not in frame:
            return None
        found = np.nan_to_num(numbers_of_role(frame, "weights_column", self.weights_column), posinf=np.inf)
        if (found > LARGEST_INPUT).any():
            raise InvalidArgument(
                f"weights_column={self.weights_column!r}: the frame has weights that are infinite or beyond {LARGEST_INPUT:g}. "
                "Rescale the column"
            )
        return found

    def metrics_warnings(self, frame: Frame) -> list[str]:
        """Warnings about a frame whose metrics are to be computed: classes that training did not know, no weights."""
        warnings = []
        if self.weights_column is not None and self.weights_column not in frame:
            warnings.append(
                f"weights_column={self.weights_column!r} is missing in the frame: all rows count alike"
            )
        domain = None if self.response is None else self.response.domain
        if self.response is None or self.response.name not in frame:
            return warnings
        if domain is None:
            column = frame.column(self.response.name)
            numeric = column.kind in ("int", "real")
            if numeric and (beyond := int((np.abs(column.numbers()) > LARGEST_NUMBER).sum())):
                warnings.append(
                    f"Response {self.response.name!r} has {beyond} values that are infinite or beyond {LARGEST_NUMBER:g}; "
                    "their rows do not count in the metrics"
                )
            return warnings
        if unknown := unknown_classes(frame.column(self.response.name), domain):
            warnings.append(
                f"Response {self.response.name!r} has classes that were not in the training data: "
                f"{listed(unknown)}; their rows do not count in the metrics"
            )
        return warnings

    def actual(self, frame: Frame) -> Array:
        """Response of each row: numbers, or codes of the training levels (-1 missing or unknown)."""
        response = self.response
        assert response is not None
        if response.name not in frame:
            raise InvalidArgument(
                f"the frame has no response column {response.name!r}: predictions are possible, metrics not"
            )
        column = frame.column(response.name)
        if response.domain is None:
            if column.missing_count == len(column):
                return np.full(len(column), np.nan)
            if column.kind == "enum" or column.is_text:
                raise InvalidArgument(
                    f"response {response.name!r} is of type {column.kind} here, it was numeric in training; "
                    "convert it with asnumeric"
                )
            numbers = column.numbers()
            return np.where(np.abs(numbers) > LARGEST_NUMBER, np.nan, numbers)
        return class_codes(response.name, column, response.domain)


def _edges(
    encoder: Encoder,
    predictors: Mapping[str, ColumnStatistics],
    statistics: DataStatistics,
    p: DeepLearningParameters,
    recoding: Recoding | None,
) -> dict[str, Array]:
    """Edges of the numbers, where these can be encoded piecewise linearly; else none."""
    if statistics.sample is None or (p.sparse and encoder.prefers_sparse(predictors)):
        return {}
    of_levels = {} if recoding is None else recoding.spreads(statistics.predictors)
    sample = statistics.sample
    nothing = np.full(len(sample.hashes), np.nan)
    spreads = {
        name: of_levels[name]
        if name in of_levels
        else Spread.of(sample.cells.get(name, nothing), sample.loads)
        for name in encoder.numbers
    }
    means = {name: encoder.scaling[name].fill for name in encoder.numbers}
    return edges_of(spreads, means, p.numeric_bins, statistics.rows.trained)


def encoding_remarks(spec: DataSpec, p: DeepLearningParameters) -> list[str]:
    """What is to be said of how numbers are encoded, where the user has asked for it."""
    asked = f"numeric_encoding={p.numeric_encoding!r}"
    if p.numeric_encoding != PIECEWISE:
        return []
    if spec.encoder.edges:
        if p.given.get("standardize") is False:
            return [
                f"standardize=False has no effect on the predictors: {asked} does without it; the response stays as it is"
            ]
        return []
    if "numeric_encoding" not in p.given:
        return []
    if not spec.encoder.numbers:
        return [f"{asked} has no effect: no predictor is a number"]
    reasons = [f"they would have more than {MOST_UNITS:,} units", "they are stored sparse (sparse=True)"]
    why = " or ".join(reasons if p.sparse else reasons[:1])
    return [f"{asked} is not used, numbers are encoded as with 'Standardized': {why}"]


def training_rows(
    spec: DataSpec, frame: Frame, p: DeepLearningParameters, sparse: bool | None = None
) -> tuple[Rows, Array, Array]:
    """Encoded rows with targets, weights and offsets, and masks of the rows that can be scored and that are trained.

    A row without response or weight is neither; a row with a missing predictor is scored, but under
    missing_values_handling=Skip not trained. For `sparse` see `Encoder.encode`.
    """
    rows = spec.rows(frame, sparse=sparse)
    known = np.ones(frame.nrow, bool)
    if spec.response is not None:
        y = spec.actual(frame)
        if spec.response.domain is not None:
            rows.label = y.astype(np.int32)
            known = y >= 0
        else:
            known = ~np.isnan(y)
            rows.target = np.nan_to_num(spec.response.targets(y)).astype(np.float32)
        offset = spec.offset(frame)
        if offset is not None:
            rows.offset = np.nan_to_num(spec.response.offsets(offset)).astype(np.float32)
    weights = spec.observation_weights(frame)
    if weights is not None:
        rows.weight = weights.astype(np.float32)
    return rows, *rows_that_count(frame, p, known)
