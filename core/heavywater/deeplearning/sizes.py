"""Whether what is asked for fits the data and the machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ..errors import InvalidArgument
from .context import TrainingContext

MOST_LAYERS = 127  # hidden ones and the output, which the engine has room for
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
            f"mini_batch_size={values['mini_batch_size']} is cut to {max(1, rows)}, the rows of training_frame."
        )
        values["mini_batch_size"] = max(1, rows)
    hidden = values["hidden"]
    if len(hidden) >= MOST_LAYERS:
        raise InvalidArgument(f"hidden has {len(hidden)} layers, at most {MOST_LAYERS - 1} are possible.")
    inputs, weights = len(predictors), 0
    for units in [*hidden, 1]:
        weights += inputs * units + units
        inputs = units
    needed, there = BYTES_PER_WEIGHT * weights, memory()
    if (there is not None and needed > there) or weights > 2**40 or max(hidden, default=0) >= 2**31:
        shown = "" if there is None else f" the machine has {there / 2**30:.1f} GB of memory."
        raise InvalidArgument(
            f"hidden={hidden if len(hidden) < 8 else f'{len(hidden)} layers'}: {weights:,} weights need at least "
            f"{needed / 2**30:,.1f} GB;{shown} Give fewer or smaller layers."
        )


def memory() -> int | None:
    """Bytes of memory that this machine has, None where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None
