"""Anomaly scores cut off: how many rows lie above, which these are, and a frame of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from starlette.responses import JSONResponse, Response

from ....errors import InvalidArgument
from ....exchange import to_rows
from ....session import Ref
from ..basics.addresses import address, key_at
from ..basics.asking import PageCall
from ..basics.paging import part_of
from ..basics.wording import short_number
from ..charts.axis_scale import AxisScale, scale_of
from ..charts.histogram_chart import histogram
from .prediction_runs import Prediction, Predictions
from .score_cut import ScoreSteps, rows_above

_ROWS = 25  # that are listed
_MOST_COLUMNS = 8  # of the frame beside the scores


def cut_off(call: PageCall, asked: Prediction) -> dict[str, Any]:
    """What the page of anomaly scores shows of a cut."""
    steps = asked.steps
    assert steps is not None
    cut = _cut(call, steps)
    scale = scale_of([np.array([steps.low, steps.high])]) or AxisScale(0, 1)
    return {
        "cut": cut,
        "picture": histogram(
            f"Anomaly scores of {steps.rows} rows, with the cut-off",
            steps.counts,
            steps.low,
            steps.high,
            x_label="score",
            mark=(cut, "cut-off"),
        ),
        "bins": _bins(steps),
        "steps": {"cuts": steps.cuts, "above": steps.above, "low": scale.low, "high": scale.high},
        "place": int(np.searchsorted(steps.cuts, cut, side="right")) - 1,
        "highest": steps.high < steps.cuts[-1],
        **_above(call, asked, cut),
    }


def _cut(call: PageCall, steps: ScoreSteps) -> float:
    text = call.text("cut")
    if not text:
        return steps.first_cut
    try:
        cut = float(text)
    except ValueError:
        cut = math.nan
    if not math.isfinite(cut):
        raise InvalidArgument(f"cut={text!r} must be a number")
    return cut


def _bins(steps: ScoreSteps) -> list[list[float]]:
    edges = np.linspace(steps.low, steps.high, len(steps.counts) + 1).tolist()
    return [[edges[k], edges[k + 1], count] for k, count in enumerate(steps.counts)]


def _above(call: PageCall, asked: Prediction, cut: float) -> dict[str, Any]:
    """How many rows lie above, and the first of them."""
    frames = call.session.frames
    scores = frames.fetch(asked.key, [0]).column(0).to_numpy()
    part = part_of(call, int(np.count_nonzero(scores > cut)), _ROWS, "above")
    count, places, found = rows_above(scores, cut, part.first, _ROWS)
    names: list[str] = []
    cells: list[list[Any]] = [[] for _ in places]
    if asked.frame in call.session.objects.keys("frame"):
        facts = frames.facts(asked.frame)
        if facts["nrow"] == len(scores):
            columns = range(min(_MOST_COLUMNS, len(facts["names"])))
            names = [facts["names"][k] for k in columns]
            cells = [to_rows(frames.fetch(asked.frame, columns, place, 1))[1] for place in places.tolist()]
    rows = [
        [place + 1, score, *row]
        for place, score, row in zip(places.tolist(), found.tolist(), cells, strict=True)
    ]
    share = count / asked.steps.rows if asked.steps and asked.steps.rows else 0.0
    return {
        "count": count,
        "share": f"{short_number(100 * share)} %",
        "names": ["row", "score", *names],
        "above": rows,
        "part": part,
    }


def above(call: PageCall) -> Response:
    """The same for the script of the slider."""
    asked = _scored(call)
    assert asked.steps is not None
    found = _above(call, asked, _cut(call, asked.steps))
    del found["part"]
    found["above"] = [[_shown(cell) for cell in row] for row in found["above"]]
    return JSONResponse(found)


def _shown(cell: Any) -> Any:
    """A cell as JSON has it: numbers as they are shown."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return {"text": "–", "full": "", "number": True}
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return {
        "text": short_number(cell) if number else str(cell)[:60],
        "full": str(cell)[:1000],
        "number": number,
    }


def _scored(call: PageCall) -> Prediction:
    known = call.node.kept(Predictions)
    asked = known.of(key_at(call.parts["key"], known.names(), "prediction"))
    if asked.steps is None or not asked.steps.rows:
        raise InvalidArgument(f"{asked.key} holds no anomaly scores")
    return asked


def frame_of_rows(call: PageCall) -> Response:
    """Make a frame of the rows above the cut, with their scores as the last column."""
    asked, session = _scored(call), call.session
    assert asked.steps is not None
    cut, name = _cut(call, asked.steps), call.new_key("name", f"anomalies_{asked.frame[:80]}")
    both = ("cbind", Ref(asked.frame), Ref(asked.key))
    temporary = session.frames.evaluate(("rows", both, (">", Ref(asked.key), cut))).key
    try:
        rows = session.frames.assign(temporary, name)["nrow"]
    finally:
        session.objects.release([temporary])
    return call.see(
        f"frames/{address(name)}", f"{name} has the {rows} rows of {asked.frame} with a score above {cut:g}"
    )


ROUTES = {
    "GET /predict/of/{key}/above": above,
    "POST /predict/of/{key}/rows": frame_of_rows,
}
