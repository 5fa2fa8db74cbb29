"""The rules of the parameters of calibration, and of the frame that it looks at."""

from __future__ import annotations

from typing import Any

from ...arrays import Array
from ...errors import InvalidArgument, NotFound
from ...frame.columns.column import Column
from ...frame.frame import Frame
from .context import TrainingContext
from .fold_rules import usable_rows
from .resolution import AUTOENCODER, BINOMIAL, CLASSES, MULTINOMIAL

_OF_CATEGORY = {BINOMIAL: "PlattScaling", MULTINOMIAL: "Temperature"}
_OF_TWO_CLASSES = ("PlattScaling", "IsotonicRegression")


def check_calibration(values: dict[str, Any], category: str, context: TrainingContext) -> None:
    """Apply the rules, and settle an automatic calibration_method.

    Raises
    ------
    InvalidArgument, NotFound
        A rule is broken.
    """
    wanted, frame = values["calibrate_model"], values["calibration_frame"]
    if category == AUTOENCODER and (wanted or frame is not None):
        asked = "calibrate_model=True" if wanted else f"calibration_frame={frame!r}"
        raise InvalidArgument(f"{asked}: an autoencoder predicts no response, leave it out")
    if wanted:
        _check_method(values, category)
    if context.calibration is not None:
        _check_frame(values, category, context, context.calibration)


def _check_method(values: dict[str, Any], category: str) -> None:
    if category not in CLASSES:
        raise InvalidArgument(
            "calibrate_model=True is for classification, the response is numeric: leave it out. For numbers "
            "predict(interval=) says how far off they may be"
        )
    if values["calibration_frame"] is None and not values["nfolds"] and values["fold_column"] is None:
        raise InvalidArgument(
            "calibrate_model=True needs rows that the model does not learn from: give calibration_frame, or nfolds"
        )
    method = values["calibration_method"]
    if method in _OF_TWO_CLASSES and category != BINOMIAL:
        raise InvalidArgument(
            f"calibration_method={method!r} is for two classes, the response has more: use Temperature, or AUTO"
        )
    values["calibration_method"] = _OF_CATEGORY[category] if method == "AUTO" else method


def _check_frame(values: dict[str, Any], category: str, context: TrainingContext, frame: Frame) -> None:
    name, response = values["calibration_frame"], values["response_column"]
    for role in ("response_column", "offset_column"):
        if values[role] is not None and values[role] not in frame:
            raise NotFound(f"calibration_frame={name!r} has no column {values[role]!r}, the {role}: add it")
    weights = values["weights_column"]
    if weights is not None and (weights not in frame or not frame.column(weights).is_numeric):
        raise InvalidArgument(
            f"calibration_frame={name!r} has no numeric column {weights!r}, the weights_column: add it"
        )
    usable = usable_rows(frame, response, weights)
    if not usable.any():
        raise InvalidArgument(
            f"calibration_frame={name!r}: no row can be used, all lack a response or a weight. Leave it out"
        )
    column = frame.column(response)
    if category not in CLASSES:
        if column.kind == "enum" or column.is_text:
            raise InvalidArgument(
                f"calibration_frame={name!r}: the response {response!r} is of type {column.kind} there and numeric in the "
                "training frame; convert it with asnumeric"
            )
        return
    present = _levels_present(column, usable)
    known = [level for level in context.levels(response) if level in present]
    if not known or (values["calibrate_model"] and len(known) < 2):
        raise InvalidArgument(
            f"calibration_frame={name!r} has rows of {len(known)} of the classes of {response!r}, calibration needs "
            "at least two: give more rows"
        )


def _levels_present(column: Column, usable: Array) -> set[str]:
    return set(column.texts()[usable].tolist())
