"""Frames as the network sees them: chosen columns, encoder, response, weights and offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.rows import Rows
from ..errors import InvalidArgument
from ..frame.columns import Column, enum, reals
from ..frame.frame import Frame
from .context import listed
from .encoding import Encoder
from .response import Response
from .validation import DeepLearningParameters

Array = np.ndarray[Any, np.dtype[Any]]


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
    """

    encoder: Encoder
    response: Response | None
    kinds: dict[str, str]
    weights_column: str | None = None
    offset_column: str | None = None

    @classmethod
    def fit(cls, frame: Frame, p: DeepLearningParameters) -> DataSpec:
        """Learn encoder and response scaling from the training frame."""
        weights = None
        if (
            p.weights_column and not p.offset_column
        ):  # beside an offset the statistics stay unweighted, as in H2O
            weights = frame.column(p.weights_column).numbers()
        encoder = Encoder.fit(
            frame, p.predictors, standardize=p.standardize, sparse=p.sparse, autoencoder=p.autoencoder,
            use_all_factor_levels=p.use_all_factor_levels, max_categorical_features=p.max_categorical_features,
            weights=weights,
        )  # fmt: skip
        response = None
        if p.response is not None:
            column = frame.column(p.response)
            response = Response.fit(
                p.response, column, p.distribution, standardize=p.standardize, weights=weights
            )
        kinds = {name: frame.column(name).kind for name in p.predictors}
        return cls(encoder, response, kinds, p.weights_column, p.offset_column)

    def adapt(self, frame: Frame) -> tuple[Frame, list[str]]:
        """A frame with the predictors of training, and warnings about what was missing.

        Raises
        ------
        InvalidArgument
            A column has another type than in training, or no predictor is there.
        """
        warnings: list[str] = []
        columns: list[Column] = []
        absent = [name for name in self.kinds if name not in frame.names]
        if len(absent) == len(self.kinds):
            raise InvalidArgument(
                f"the frame has none of the {len(self.kinds)} predictors of the model; it has the columns "
                f"{', '.join(frame.names[:5])}, the model needs {', '.join(absent[:5])}"
            )
        if absent:
            warnings.append(f"Columns missing in the frame, taken as missing values: {listed(absent, 5)}.")
        for name, kind in self.kinds.items():
            if name in absent:
                columns.append(missing_column(kind, frame.nrow))
                continue
            column = frame.column(name)
            columns.append(self._finite(name, self._of_kind(name, kind, column), warnings))
            if kind == "enum" and column.kind == "enum":
                known = set(self.encoder.levels[name])
                if unseen := [level for level in column.levels or () if level not in known]:
                    warnings.append(f"Column {name!r} has levels that were not in the training data: {listed(unseen)}; "
                                    "they are scored like missing values.")  # fmt: skip
        return Frame(list(self.kinds), columns, nrow=frame.nrow), warnings

    def _of_kind(self, name: str, kind: str, column: Column) -> Column:
        if column.kind == "enum" if kind == "enum" else column.kind not in ("enum", "string", "uuid"):
            return column
        if column.kind == "bad":
            return missing_column(kind, len(column))
        raise InvalidArgument(
            f"column {name!r} is of type {column.kind}, it was {kind} in the training frame; convert it with "
            + ("asfactor" if kind == "enum" else "asnumeric")
        )

    @staticmethod
    def _finite(name: str, column: Column, warnings: list[str]) -> Column:
        """The column, infinite numbers made missing: they would give predictions that are no numbers."""
        if column.kind != "real" or not (infinite := np.isinf(column.values)).any():
            return column
        warnings.append(
            f"Column {name!r} has {infinite.sum()} infinite values; they are scored like missing values."
        )
        return reals(np.where(infinite, np.nan, column.values))

    def rows(self, frame: Frame, dtype: Any = np.float32) -> Rows:
        """The compact copy of the predictors, with the offset where the model has one."""
        rows = self.encoder.encode(frame, dtype)
        return rows

    def offset(self, frame: Frame) -> Array | None:
        """Offset of each row on the response's link scale, None without an offset column.

        Raises
        ------
        InvalidArgument
            The model needs an offset column and the frame has none.
        """
        if self.offset_column is None:
            return None
        if self.offset_column not in frame.names:
            raise InvalidArgument(
                f"offset_column={self.offset_column!r}: the model needs it, the frame does not have it"
            )
        return frame.column(self.offset_column).numbers()

    def observation_weights(self, frame: Frame) -> Array | None:
        """Weight of each row, None without a weights column (or where a scored frame lacks it)."""
        if self.weights_column is None or self.weights_column not in frame.names:
            return None
        return np.nan_to_num(frame.column(self.weights_column).numbers())

    def unknown_classes(self, frame: Frame) -> list[str]:
        """A warning when the response has classes that training did not know."""
        domain = None if self.response is None else self.response.domain
        if self.response is None or domain is None or self.response.name not in frame.names:
            return []
        unknown = [level for level in frame.column(self.response.name).levels or () if level not in domain]
        if not unknown:
            return []
        return [f"Response {self.response.name!r} has classes that were not in the training data: "
                f"{listed(unknown)}; their rows do not count in the metrics."]  # fmt: skip

    def actual(self, frame: Frame) -> Array:
        """Response of each row: numbers, or codes of the training levels (-1 missing or unknown)."""
        response = self.response
        assert response is not None
        if response.name not in frame.names:
            raise InvalidArgument(
                f"the frame has no response column {response.name!r}: predictions are possible, metrics not"
            )
        column = frame.column(response.name)
        if response.domain is None:
            if column.kind == "enum":
                raise InvalidArgument(f"response {response.name!r} is categorical here, it was numeric in training; "
                                      "convert it with asnumeric")  # fmt: skip
            return column.numbers()
        if column.kind != "enum":
            raise InvalidArgument(f"response {response.name!r} is of type {column.kind} here, it was categorical in training; "
                                  "convert it with asfactor")  # fmt: skip
        own = {level: k for k, level in enumerate(response.domain)}
        table = np.array([own.get(level, -1) for level in column.levels or ()] + [-1])
        return table[column.values]


def missing_column(kind: str, n: int) -> Column:
    """A column in which everything is missing."""
    if kind == "enum":
        return enum(np.full(n, -1), [])
    return reals(np.full(n, np.nan))


def training_rows(spec: DataSpec, frame: Frame, p: DeepLearningParameters) -> tuple[Rows, Array, Array]:
    """Encoded rows with targets, weights and offsets, and masks of the rows that can be scored and that are trained.

    A row without response or weight is neither; a row with a missing predictor is scored, but under
    missing_values_handling=Skip not trained.
    """
    rows = spec.rows(frame)
    usable = np.ones(frame.nrow, bool)
    if spec.response is not None:
        y = spec.actual(frame)
        if spec.response.domain is not None:
            rows.label = y.astype(np.int32)
            usable &= y >= 0
        else:
            usable &= ~np.isnan(y)
            rows.target = np.nan_to_num(spec.response.targets(y)).astype(np.float32)
        offset = spec.offset(frame)
        if offset is not None:
            usable &= ~np.isnan(offset)
            rows.offset = np.nan_to_num(spec.response.offsets(offset)).astype(np.float32)
    weights = spec.observation_weights(frame)
    if weights is not None:
        usable &= weights > 0
        rows.weight = weights.astype(np.float32)
    trained = usable.copy()
    if p.missing_values_handling == "Skip":
        for name in p.predictors:
            trained &= ~frame.column(name).is_missing()
    return rows, usable, trained
