"""Whether what is asked for fits the data and the machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...errors import InvalidArgument
from ...room import need_room
from .context import TrainingContext

MOST_LAYERS = 127  # hidden ones and the output, which the engine has room for
MOST_UNITS = 2**31 - 1
MOST_SAMPLES = 2**62  # of a training, which nobody lives to see
BYTES_PER_WEIGHT = 4 * 4  # in float32: the weight, two numbers of the optimiser's state, a copy to go back to


def check_sizes(
    values: dict[str, Any], context: TrainingContext, predictors: Sequence[str], warnings: list[str]
) -> None:
    """Refuse a network that the machine has no memory for; cut mini-batches that are larger than the data.

    Raises
    ------
    InvalidArgument
        With the bytes that would be needed, and how many there are.
    """
    rows = context.frame.nrow
    if values["mini_batch_size"] > max(1, rows):
        warnings.append(
            f"mini_batch_size={values['mini_batch_size']} is cut to {max(1, rows)}, the rows of training_frame"
        )
        values["mini_batch_size"] = max(1, rows)
    endless = values["epochs"] * max(1, rows) > MOST_SAMPLES
    if endless and not values["max_runtime_secs"] and not values["stopping_rounds"]:
        raise InvalidArgument(
            f"epochs={values['epochs']:g} of {rows} rows never end: give fewer, or max_runtime_secs or stopping_rounds > 0"
        )
    hidden = values["hidden"]
    if len(hidden) >= MOST_LAYERS:
        raise InvalidArgument(f"hidden has {len(hidden)} layers, at most {MOST_LAYERS - 1} are possible")
    inputs, weights = _least_inputs(values, context, predictors), 0
    outputs = inputs if values["autoencoder"] else max(1, len(context.levels(values["response_column"])))
    for units in [*hidden, outputs]:
        weights += inputs * units + units
        inputs = units
    if max(hidden, default=0) > MOST_UNITS:
        raise InvalidArgument(
            f"hidden={hidden[:8]} has {max(hidden):,} units in a layer, at most {MOST_UNITS:,} are possible"
        )
    shown = hidden if len(hidden) < 8 else f"{len(hidden)} layers"
    members = values["ensemble_size"]
    need_room(
        BYTES_PER_WEIGHT * weights * members,
        f"hidden={shown}: {weights:,} weights"
        + (f" in each of ensemble_size={members} networks" if members > 1 else ""),
        "Give fewer or smaller layers, or max_categorical_features"
        + (", or a smaller ensemble_size" if members > 1 else ""),
    )


def _least_inputs(values: dict[str, Any], context: TrainingContext, predictors: Sequence[str]) -> int:
    """Input units that the predictors have at least."""
    numbers = [name for name in predictors if not context.facts(name).levels]
    levels = sum(context.facts(name).levels for name in predictors)
    if values["categorical_encoding"] not in ("AUTO", "OneHotInternal", "Enum"):
        return len(predictors)
    limit = values["max_categorical_features"]
    return len(numbers) + (levels if limit is None else min(levels, limit))
