"""What a model answers to one row, as it is shown: beside the answer to the row that was started from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..basics.wording import short_number

MOST_CLASSES = 20  # that are shown: of more, the most probable ones


@dataclass(frozen=True)
class ClassBar:
    """A class with its probability.

    Attributes
    ----------
    name : str
    share, start : float
        Now, and of the row that was started from; 0 where there is none.
    text : str
        The share in words.
    chosen : bool
        Whether it is the answer.
    """

    name: str
    share: float
    start: float
    text: str
    chosen: bool


@dataclass(frozen=True)
class ShownAnswer:
    """An answer.

    Attributes
    ----------
    what : str
        What is answered: the name of the response, or of the error.
    headline : str
        The class or the number.
    change : str
        How that differs from the start.
    bars : list of ClassBar
        Of a model without classes none.
    others : int
        Classes that are not shown.
    threshold : float or None
        Probability from which on the second of two classes is the answer.
    second : str or None
        That class.
    warnings : list of str
    """

    what: str
    headline: str
    change: str
    bars: list[ClassBar] = field(default_factory=list)
    others: int = 0
    threshold: float | None = None
    second: str | None = None
    warnings: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def shown_answer(
    described: Mapping[str, Any], start: Mapping[str, Any], now: Mapping[str, Any], warnings: Sequence[str]
) -> ShownAnswer:
    """What is shown of two answers of `score_rows`.

    Parameters
    ----------
    described : mapping
        Description of the model.
    start, now : mapping
        To the row that was started from, and to the row as it is.
    warnings : sequence of str
    """
    domain, remarks = described["response_domain"], list(warnings)
    what = described["response_column"] or "reconstruction error"
    if domain is None:
        value, before = next(iter(now.values())), next(iter(start.values()))
        return ShownAnswer(what, _number(value), _difference(value, before), warnings=remarks)
    label, *shares = list(now.values())[: len(domain) + 1]  # calibrated ones may follow
    was, *starts = list(start.values())[: len(domain) + 1]
    bars = [
        ClassBar(name, share or 0.0, first or 0.0, _number(share), name == label)
        for name, share, first in zip(domain, shares, starts, strict=True)
    ]
    others = max(0, len(bars) - MOST_CLASSES)
    if others:
        bars = sorted(bars, key=lambda bar: -bar.share)[:MOST_CLASSES]
    change = "as at the start" if label == was else f"{_label(was)} at the start"
    threshold = described["default_threshold"]
    second = domain[1] if threshold is not None and len(domain) == 2 else None
    return ShownAnswer(what, _label(label), change, bars, others, threshold, second, remarks)


def _label(label: str | None) -> str:
    return "no answer" if label is None else label if label.strip() else f"“{label}”"


def _number(value: float | None) -> str:
    return "–" if value is None else short_number(value)


def _difference(value: float | None, before: float | None) -> str:
    if value is None or before is None or not math.isfinite(value - before):
        return f"{_number(before)} at the start"
    if value == before:
        return "as at the start"
    sign = "+" if value > before else ""
    return f"{sign}{short_number(value - before)} against {short_number(before)} at the start"
