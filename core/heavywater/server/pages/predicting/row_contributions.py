"""What each input of one row contributes to the answer, as it is shown: beside rows of the training frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ....deeplearning.encoding.plain_cells import moments_of, numbers_of
from ....errors import HeavywaterError
from ....exchange import table_of, to_rows
from ...node.guarded_session import GuardedSession
from ..basics.wording import short_number
from .row_fields import RowField

MOST_SHOWN = 20  # of many inputs, those that contribute most
_WIDTH = 100.0  # of a bar


@dataclass(frozen=True)
class ContributionBar:
    """An input with its contribution.

    Attributes
    ----------
    name : str
    value : float
    text : str
        The value with its sign.
    start, width : float
        Of the bar, from 0 to 100.
    """

    name: str
    value: float
    text: str
    start: float
    width: float


@dataclass(frozen=True)
class ShownContributions:
    """The contributions to an answer.

    Attributes
    ----------
    what : str
        What they add up to.
    bias, total : float
        The mean answer to the background, and the answer.
    bars : list of ContributionBar
    zero : float
        Where the bars begin.
    rest : float or None
        Sum of those that are not shown.
    others : int
        How many these are.
    error : str
        Why there are none.
    """

    what: str = ""
    bias: float = 0.0
    total: float = 0.0
    bars: list[ContributionBar] = field(default_factory=list)
    zero: float = 0.0
    rest: float | None = None
    others: int = 0
    error: str = ""


def shown_contributions(
    session: GuardedSession, model: str, fields: Sequence[RowField], row: Mapping[str, Any], answer: Any
) -> ShownContributions:
    """The contributions of the inputs of a row; of classes, to the probability of the one that is answered.

    Parameters
    ----------
    session : GuardedSession
    model : str
    fields : sequence of RowField
    row : mapping of str to cell
        As `score_rows` takes it.
    answer : str or other
        The first cell that the model answers: its class.
    """
    described = session.models.describe(model)
    frame = described.get("training_frame")
    if frame not in session.objects.keys("frame"):
        return ShownContributions(
            error=f"the rows that {model} was trained on are not here, with which this row would be compared"
        )
    if answer is None:
        return ShownContributions(error="there is no answer that could be explained")
    given: list[str] = []
    try:
        given.append(str(session.frames.upload(_table(fields, row))["frame"]))
        options = {"output_format": "compact", "output_space": True}
        given.append(session.models.contributions(model, given[0], None, options))
        names, cells = to_rows(session.frames.fetch(given[1]))
    except HeavywaterError as error:
        return ShownContributions(error=str(error))
    finally:
        session.objects.release(given)
    domain = described["response_domain"]
    if domain is None:
        what = "the reconstruction error" if described["response_column"] is None else "the prediction"
        return _shown(what, names, cells)
    if (
        len(domain) < 3
    ):  # the probability of the second class is explained; that of the first one is what is left
        second = domain[-1]
        found = cells if answer == second or len(domain) < 2 else _of_the_other(cells)
        return _shown(f"the probability of {answer}", names, found)
    width, place = len(names) // len(domain), domain.index(answer)
    block = slice(place * width, (place + 1) * width)
    return _shown(
        f"the probability of {answer}",
        [name.removeprefix(f"{answer}:") for name in names[block]],
        cells[block],
    )


def _of_the_other(cells: Sequence[float]) -> list[float]:
    return [*(-cell for cell in cells[:-1]), 1 - cells[-1]]


def _table(fields: Sequence[RowField], row: Mapping[str, Any]) -> Any:
    """The row as a frame."""
    columns: dict[str, list[Any]] = {}
    types: dict[str, str] = {}
    for each in fields:
        cells = [row[each.name]]
        factor = each.control in ("choice", "search")
        if not factor:
            cells = (moments_of if each.control == "time" else numbers_of)(each.name, cells).tolist()
        columns[each.name], types[each.name] = cells, "enum" if factor else "numeric"
    return table_of(columns, column_types=types)


def _shown(what: str, names: Sequence[str], cells: Sequence[float]) -> ShownContributions:
    """The largest of them, the last one being the bias."""
    *values, bias = cells
    order = sorted(range(len(values)), key=lambda k: -abs(values[k]))
    first = order if len(order) <= MOST_SHOWN else order[: MOST_SHOWN - 1]
    low, high = min(0.0, *(values[k] for k in first), 0.0), max(0.0, *(values[k] for k in first), 0.0)
    scale = _WIDTH / (high - low) if high > low else 0.0
    bars = [
        ContributionBar(
            names[k],
            values[k],
            signed(values[k]),
            (min(values[k], 0.0) - low) * scale,
            abs(values[k]) * scale,
        )
        for k in first
    ]
    left = order[len(first) :]
    rest = sum(values[k] for k in left) if left else None
    return ShownContributions(what, bias, bias + sum(values), bars, -low * scale, rest, len(left))


def signed(value: float) -> str:
    """A number with its sign."""
    return f"+{short_number(value)}" if value > 0 else short_number(value)
