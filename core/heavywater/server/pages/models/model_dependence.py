"""What a model says in the mean if a column had one value in all rows: partial dependence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from markupsafe import Markup

from ....errors import HeavywaterError, collected
from ....session import Ref
from ...node.guarded_session import GuardedSession
from ..basics.asking import PageCall
from ..charts.bar_chart import MOST_BARS, bars
from ..charts.line_chart import lines

_MOST_ROWS = 500
_BINS = 20
_OFFERED = 200  # columns that are offered; any can be named


@dataclass(frozen=True)
class Dependence:
    """What can be asked, what was, and the answer.

    Parameters
    ----------
    columns, classes : list of str
        What is offered.
    column, frame, target : str
        What was asked for; an empty text where nothing was.
    names, rows : list
        The table.
    of : tuple of int
        Rows that were asked about, and how many there are.
    error : str
    warnings : list of str
    picture : Markup
    """

    columns: list[str]
    classes: list[str]
    column: str
    frame: str
    target: str
    names: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    of: tuple[int, int] = (0, 0)
    error: str = ""
    warnings: list[str] = field(default_factory=list)
    picture: Markup = field(default_factory=Markup)


def dependence(call: PageCall, told: Mapping[str, Any], fitting: Sequence[str]) -> Dependence | None:
    """The answer to what the address asks; None where there is no frame to ask about."""
    if not fitting:
        return None
    inputs = {each["name"]: each for each in call.session.models.inputs(told["model_id"], 0)}
    offered = sorted(inputs, key=lambda name: -(inputs[name]["importance"] or 0))[:_OFFERED]
    classes = list(told["response_domain"] or []) if told["model_category"] == "Multinomial" else []
    column, frame, target = (
        call.text("dependence"),
        call.text("dependence_frame"),
        call.text("dependence_class"),
    )
    frame = frame if frame in fitting else fitting[0]
    target = target if target in classes else next(iter(classes), "")
    found = Dependence(offered, classes, column, frame, target)
    if not column:
        return found
    if column not in inputs:
        return replace(found, error=f"no column {column!r}: the model is not given any of this name")
    with collected() as remarks:
        try:
            answer, of = _asked(call.session, told, frame, inputs[column], target)
        except HeavywaterError as error:
            return replace(found, error=str(error))
    rows = [list(row[:4]) for row in answer["rows"]]
    return replace(
        found,
        names=[column, "Mean", "Deviation", "Error of the mean"],
        rows=rows,
        of=of,
        picture=_picture(column, rows, told, target),
        warnings=[text for text, _ in remarks],
    )


def _asked(
    session: GuardedSession, told: Mapping[str, Any], frame: str, column: Mapping[str, Any], target: str
) -> tuple[Any, tuple[int, int]]:
    count = session.frames.facts(frame)["nrow"]
    temporary: list[str] = []
    try:
        part = frame
        if count > _MOST_ROWS:
            chosen = np.linspace(0, count - 1, _MOST_ROWS).astype(int).tolist()
            part = session.frames.evaluate(("rows", Ref(frame), chosen)).key
            temporary.append(part)
        options: dict[str, Any] = {"bins": max(_BINS, min(column.get("cardinality") or 0, MOST_BARS))}
        if target:
            options["targets"] = [target]
        found = session.models.partial_dependence(told["model_id"], part, [column["name"]], options=options)
        return found[0], (min(count, _MOST_ROWS), count)
    finally:
        session.objects.release(temporary)


def _picture(column: str, rows: list[list[Any]], told: Mapping[str, Any], target: str) -> Markup:
    """A curve; of a factor a bar for each level."""
    values, means = [row[0] for row in rows], [row[1] for row in rows]
    label = f"Partial dependence on {column}"
    if any(isinstance(value, str) for value in values):
        return bars(label, [str(value) for value in values], means, most=MOST_BARS)
    said = f"probability of {target}" if target else f"mean {told['response_column']}"
    if told["model_category"] == "Binomial":
        said = f"probability of {told['response_domain'][1]}"
    return lines(label, {"mean": (values, means)}, x_label=column, y_label=said)
