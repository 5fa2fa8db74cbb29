"""What is known of parameters and metrics without a session."""

from __future__ import annotations

from typing import Any


def check_value(name: str, value: Any) -> Any:
    """The value of a parameter as it is stored, see `heavywater.deeplearning.parameters.table.check_value`."""
    # A script that only works on frames need not read the parameter table.
    from ..deeplearning.parameters.table import check_value  # start-up: see above

    return check_value(name, value)


def list_parameters() -> list[str]:
    """Names of the parameters that are lists."""
    from ..deeplearning.parameters.table import table  # start-up: see above

    return sorted(name for name, entry in table().items() if entry.type.endswith("[]"))


def parameter_types() -> dict[str, str]:
    """Type of every parameter, as the table names them: ``int``, ``float[]``, ``enum`` ..."""
    from ..deeplearning.parameters.table import table  # start-up: see above

    return {name: entry.type for name, entry in table().items()}


def one_or_several() -> list[str]:
    """Names of the parameters that are a number, or a list of numbers."""
    from ..deeplearning.parameters.constraints import OneOrSeveral  # start-up: see above
    from ..deeplearning.parameters.table import table  # start-up: see above

    return sorted(name for name, entry in table().items() if isinstance(entry.constraint, OneOrSeveral))


def told_parameters() -> list[dict[str, Any]]:
    """What a user needs to know of every parameter: ``name``, ``group``, ``default``, what is ``allowed``, ``help``."""
    from ..deeplearning.parameters.table import table  # start-up: see above

    return [
        {
            "name": entry.name,
            "group": entry.group,
            "default": entry.default,
            "allowed": entry.constraint.describe(),
            "help": entry.help,
        }
        for entry in table().values()
    ]


def more_is_better(metric: str) -> bool:
    """Whether greater values of a metric are better, see `heavywater.deeplearning.metrics.better.more_is_better`."""
    from ..deeplearning.metrics.better import more_is_better  # start-up: see above

    return more_is_better(metric)


def grid_metrics() -> list[str]:
    """Names of the metrics by which the models of a grid can be sorted."""
    from ..grids.grid import BEST_OF_THRESHOLDS, FIELDS  # start-up: see above

    return sorted({*FIELDS, *BEST_OF_THRESHOLDS})


def metric_label(metric: str) -> str:
    """What a metric is called, see `heavywater.deeplearning.metrics.labels.label_of`."""
    from ..deeplearning.metrics.labels import label_of  # start-up: see above

    return label_of(metric)
