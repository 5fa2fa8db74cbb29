"""Rules for a training frame whose rows lie on several nodes, none of which has all of them."""

from __future__ import annotations

from typing import Any

from ...errors import InvalidArgument
from ...frame.sharded_frame import ShardedFrame, whole
from .context import TrainingContext

_NEED_ROWS = ("nfolds", "fold_column", "balance_classes", "checkpoint", "single_node_mode",
               "epochs_candidates", "l1_candidates", "numeric_bins_candidates", "validation_fraction")  # fmt: skip


def check_sharded(
    values: dict[str, Any], given: dict[str, Any], context: TrainingContext, warnings: list[str]
) -> None:
    """Refuse what needs all rows in one place, and settle what follows from each node having its own.

    Raises
    ------
    InvalidArgument
        Names the parameter.
    """
    if not isinstance(context.frame, ShardedFrame):
        return
    for name in _NEED_ROWS:
        if values[name]:
            whole(context.frame, f"{name}={values[name]!r}")
    if values["ensemble_size"] > 1:
        whole(context.frame, f"ensemble_size={values['ensemble_size']}")
    if values["score_training_samples"] == 0:
        raise InvalidArgument(
            "score_training_samples=0 means all rows, and those of training_frame lie on several nodes: give a number of rows, "
            "which are brought together to be scored"
        )
    if given.get("replicate_training_data"):
        raise InvalidArgument(
            "replicate_training_data=True: the rows of training_frame lie on several nodes and stay there; leave it out"
        )
    values["replicate_training_data"] = False
    if not values["force_load_balance"]:
        warnings.append(
            "force_load_balance=False has no effect: each node trains the rows that it has of training_frame"
        )
