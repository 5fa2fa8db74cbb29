"""What dependence plots show: predictions for some values of a column, and how the column is distributed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..backend.connection import session
from ..exceptions import H2OTypeError, H2OValueError
from .drawing import Array, check_count

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

MISSING = ".missing(NA)"  # as the session names it among levels
MOST_TARGETS = 8  # classes whose lines one drawing can hold
_MOST_MARKS = 500  # rows that are marked at the axis
_MOST_ROWS = 20_000  # rows that are fetched to be marked; of longer frames quantiles are
_SCALES = ("response", "logodds")


@dataclass(frozen=True)
class AskedColumn:
    """A column whose values are tried.

    Attributes
    ----------
    kind : str
        "number", "time" or "factor".
    levels : list of str
        Of a factor the levels that are shown, in their order.
    codes : list of int
        Their numbers among all levels of the column.
    has_missing : bool
    """

    frame: H2OFrame
    name: str
    kind: str
    levels: Sequence[str] = ()
    codes: Sequence[int] = ()
    has_missing: bool = False

    def places(self, values: Sequence[Any]) -> Array:
        """Where values stand along the axis; what is not shown is NaN."""
        if self.kind == "factor":
            known = {level: float(i) for i, level in enumerate([*self.levels, MISSING])}
            return np.array([known.get(str(each), np.nan) for each in values])
        numbers = np.array([np.nan if each is None else float(each) for each in values])
        if self.kind == "time":
            finite = np.where(np.isnan(numbers), np.iinfo(np.int64).min, numbers)  # which is NaT
            return np.asarray(finite.astype(np.int64).astype("datetime64[ms]"))
        return numbers

    def shown(self, value: Any) -> float | str | None:
        """A value as it stands in tables."""
        if self.kind == "time" and value is not None and not math.isnan(value):
            return str(np.datetime64(round(value), "ms")).removesuffix("T00:00:00.000")
        plain: float | str | None = value
        return plain


@dataclass(frozen=True)
class Curve:
    """Mean response, and its standard deviation over the rows, at some values of a column."""

    values: list[Any]
    mean: Array
    deviation: Array


def asked_column(
    model: ModelBase, frame: H2OFrame, column: str | int, max_levels: int, row: int | None = None
) -> AskedColumn:
    """The column of a frame that a model is asked about; of a factor with many levels the most frequent ones.

    Parameters
    ----------
    model : ModelBase
        Of a response.
    frame : H2OFrame
    column : str or int
        Name or position.
    max_levels : int
        Levels that are shown.
    row : int, optional
        A row whose level is shown in any case.
    """
    check_response(model)
    check_count("max_levels", max_levels)
    name = frame.names[frame._position(column)]
    predictors = predictors_of(model)
    if name not in predictors:
        raise H2OValueError(
            f"column={name!r} is no predictor of {model.model_id!r}, which answers the same whatever stands there. "
            f"It has {', '.join(map(repr, predictors[:20]))}"
        )
    kind = frame.type(name)
    if kind in ("string", "uuid"):
        raise H2OValueError(
            f"column={name!r} is of type {kind}: dependence is shown of numbers, times and factors. "
            f"Convert it with frame[{name!r}].asfactor()"
        )
    if kind != "enum":
        return AskedColumn(frame, name, "time" if kind == "time" else "number")
    facts = session().frames.distribution(frame.frame_id, frame.names.index(name), max_levels)
    every = frame[name].levels()[0]
    kept = set(facts["bars"]["levels"]) if len(every) > max_levels else set(every)
    if row is not None:
        kept.add(str(frame[row, name]))
    codes = [code for code, level in enumerate(every) if level in kept]
    if not codes:
        raise H2OValueError(f"column={name!r} has no levels: all its cells are missing")
    return AskedColumn(frame, name, "factor", [every[code] for code in codes], codes, bool(facts["missing"]))


def check_response(model: ModelBase) -> None:
    """Refuse an autoencoder, which predicts no response."""
    if model._category == "AutoEncoder":
        raise H2OValueError(
            f"{model.model_id!r} is an autoencoder, which predicts no response. Ask it for anomaly(), "
            "reconstruction_error_plot() or predict_contributions()"
        )


def check_same_response(models: Sequence[ModelBase]) -> None:
    """Refuse models that answer different questions: what they say has no common scale."""
    for model in models:
        check_response(model)
    kinds = [(model._trained["response_column_name"], model._category) for model in models]
    for model, (response, category) in zip(models, kinds, strict=True):
        if (response, category) != kinds[0]:
            raise H2OValueError(
                f"the models must predict the same response to be put beside each other: {models[0].model_id!r} predicts "
                f"{kinds[0][0]!r} ({kinds[0][1]}), {model.model_id!r} {response!r} ({category})"
            )


def predictors_of(model: ModelBase) -> list[str]:
    """The columns that a model looks at, offset and weights not among them."""
    inputs = session().models.inputs(model._model_key(), 0)
    return [each["name"] for each in inputs if each["role"] == "input"]


def targets_of(model: ModelBase, target: Any, several: bool) -> list[str | None]:
    """The classes whose probabilities are shown; None stands for the only response that there is.

    Parameters
    ----------
    model : ModelBase
    target : str, or list with one, optional
        A class of a model of more than two.
    several : bool
        Whether all classes can be shown where none is chosen.
    """
    if isinstance(target, list | tuple):
        if len(target) > 1:
            raise H2OValueError(f"target={target!r}: only one class can be shown")
        target = target[0] if target else None
    if model._category != "Multinomial":
        if target is not None:
            raise H2OValueError(
                f"target={target!r}: {model.model_id!r} has no more than two classes, so there is nothing to choose"
            )
        return [None]
    domain = list(model._output["response_domain"])
    if target is None and several and len(domain) <= MOST_TARGETS:
        return list(domain)
    if str(target) not in domain:
        wrong = " is missing" if target is None else f"={target!r} is no class of {model.model_id!r}"
        raise H2OValueError(f"target{wrong}: choose one of {', '.join(domain[:20])}")
    return [str(target)]


def check_scale(model: ModelBase, scale: str) -> bool:
    """Whether log odds are shown."""
    if scale not in _SCALES:
        raise H2OValueError(f"binary_response_scale={scale!r} must be one of {', '.join(_SCALES)}")
    if scale == "logodds" and model._category != "Binomial":
        raise H2OValueError(
            f"binary_response_scale='logodds' needs a model of two classes; {model.model_id!r} is {model._category}"
        )
    return scale == "logodds"


def row_number(frame: H2OFrame, row_index: Any) -> int:
    """A row of a frame, counted from 0."""
    if isinstance(row_index, bool) or not isinstance(row_index, int | np.integer):
        raise H2OTypeError(f"row_index={row_index!r} must be the number of a row, counted from 0")
    if not 0 <= row_index < frame.nrow:
        raise H2OValueError(f"row_index={row_index} must be in 0 .. {frame.nrow - 1}: the rows of the frame")
    return int(row_index)


def curve(
    model: ModelBase,
    asked: AskedColumn,
    target: str | None,
    nbins: int,
    row: int | None = None,
) -> Curve:
    """Responses of a model at values of a column: means over the rows, or those of one row."""
    options: dict[str, Any] = {"targets": [] if target is None else [target], "row": row}
    if asked.kind == "factor":
        options |= {"bins": max(2, len(asked.levels)), "values": {asked.name: list(asked.codes)}}
        options["missing"] = asked.has_missing
    else:
        options["bins"] = nbins
    (table,) = session().models.partial_dependence(
        model._model_key(), asked.frame.frame_id, [asked.name], (), options
    )
    rows = table["rows"]
    mean, deviation = (np.array([_number(each[k]) for each in rows]) for k in (1, 2))
    return Curve([each[0] for each in rows], mean, deviation)


def responses(model: ModelBase, frame: H2OFrame, target: str | None) -> Array:
    """The response that is predicted for each row: number, probability of the second class, or of the target."""
    found = model.predict(frame)
    if model._category == "Regression":
        column = 0
    elif target is None:
        column = 2
    else:
        column = 1 + list(model._output["response_domain"]).index(target)
    return numbers(found, column)


def numbers(frame: H2OFrame, column: int | str, rows: int | None = None) -> Array:
    """Cells of a column of numbers, times (in milliseconds) or levels (their numbers); missing is NaN."""
    position = frame._position(column)
    cells = frame._table([position], rows).column(0)
    return _cells(cells)


def _cells(column: Any) -> Array:
    import pyarrow

    if isinstance(column, pyarrow.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if pyarrow.types.is_dictionary(column.type):
        column = column.indices
    if pyarrow.types.is_timestamp(column.type):
        column = column.cast(pyarrow.timestamp("ms"), safe=False).cast("int64")
    return np.asarray(column.cast("float64").to_numpy(zero_copy_only=False), dtype=float)


def log_odds(probability: Array) -> Array:
    """Logarithm of the odds; of 0 and 1 those of the nearest number."""
    tiny = np.finfo(float).eps
    inner = np.clip(probability, tiny, 1 - tiny)
    return np.asarray(np.log(inner / (1 - inner)))


def marks(asked: AskedColumn) -> Array:
    """Where rows lie along the axis of a column of numbers or times; of many rows, some that are spread as they are."""
    if asked.frame.nrow > _MOST_ROWS:
        facts = session().frames.distribution(asked.frame.frame_id, asked.frame.names.index(asked.name), 2)
        return np.array([*facts["smallest"], *facts["quantiles"], *facts["largest"]])
    known = np.sort(numbers(asked.frame, asked.name))
    known = known[np.isfinite(known)]
    if len(known) > _MOST_MARKS:
        known = known[np.linspace(0, len(known) - 1, _MOST_MARKS).round().astype(int)]
    return np.asarray(known)


def _number(cell: Any) -> float:
    return math.nan if cell is None or cell == "" else float(cell)
