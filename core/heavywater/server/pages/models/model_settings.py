"""The parameters of a model, and the facts about its training, as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ....deeplearning.parameters.table import table
from ..basics.wording import members_of

_SHOWN_ELSEWHERE = ("model_id", "training_frame", "validation_frame", "response_column")
_LONGEST = 300


class Setting(NamedTuple):
    """A parameter: its help, default, what was given and what was used, as texts."""

    name: str
    help: str
    default: str
    given: str
    used: str
    changed: bool


def settings(told: Mapping[str, Any]) -> list[Setting]:
    """All parameters of a model."""
    found = []
    for name, values in told["parameters"].items():
        if name in _SHOWN_ELSEWHERE:
            continue
        entry = table().get(name)
        default, given, used = (values[field] for field in ("default", "input", "actual"))
        help_text = "" if entry is None else entry.help
        found.append(Setting(name, help_text, _text(default), _text(given), _text(used), given != default))
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        text = ", ".join(map(_text, value))
    elif isinstance(value, float):
        text = f"{value:.10g}"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def network_size(told: Mapping[str, Any]) -> str:
    """Units of the layers, from the inputs to the outputs, and how many members have them."""
    members, layers = members_of(told), " – ".join(str(row[1]) for row in told["model_summary"]["rows"])
    return layers if members == 1 else f"{members} × ({layers})"
