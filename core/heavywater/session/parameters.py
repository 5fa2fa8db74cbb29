"""What is known of parameters without a session."""

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
