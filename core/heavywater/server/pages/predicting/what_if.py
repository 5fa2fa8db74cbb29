"""One row: a form made from the inputs of a model, and what the model answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from ....errors import InvalidArgument, collected
from ..basics.asking import PageCall
from .answer_view import ShownAnswer, shown_answer
from .row_contributions import shown_contributions, signed
from .row_fields import MOST_SUGGESTIONS, RowField, fields_of

FEW_INPUTS = 24  # that are all unfolded
FIRST = 16  # of many, that are unfolded
MOST_FIELDS_SHOWN = 1000  # on one page; the search finds others
_FOUND = 50  # levels that a search tells


@dataclass(frozen=True)
class _Question:
    """A model, the row that is started from, and what was changed of it."""

    model: str
    frame: str
    row: int
    fields: list[RowField]
    actual: Any = None
    response: str | None = None

    @property
    def start(self) -> dict[str, Any]:
        return {each.name: each.start for each in self.fields}


def _question(call: PageCall) -> _Question:
    session = call.session
    model = call.chosen("model", "model")
    inputs = session.models.inputs(model)
    row = call.count("row", 1, least=1)
    if not call.text("frame"):
        return _Question(model, "", row, fields_of(inputs, {}))
    frame = call.chosen("frame", "frame")
    facts = session.frames.facts(frame)
    if not facts["nrow"]:
        raise InvalidArgument(f"frame {frame!r} has no rows")
    row = min(row, facts["nrow"])
    response = next(each for each in session.models.listed() if each["model_id"] == model)["response_column"]
    places = {name: place for place, name in enumerate(facts["names"])}
    wanted = [each["name"] for each in inputs if each["name"] in places]
    if response in places:
        wanted.append(response)
    cells = _cells(call, frame, [places[name] for name in wanted], row)
    given = dict(zip(wanted, cells, strict=True))
    actual = given.pop(response, None) if response is not None else None
    missing = {each["name"]: None for each in inputs}  # a column that the frame does not have
    return _Question(model, frame, row, fields_of(inputs, missing | given), actual, response)


def _cells(call: PageCall, frame: str, columns: list[int], row: int) -> list[Any]:
    """Cells of a row of a frame: numbers, levels as texts, times as milliseconds."""
    frames = call.session.frames
    found = [cells[0] for cells in frames.cells(frame, columns, row - 1, 1)]
    levels = frames.levels(frame)
    for place, column in enumerate(columns):
        known = levels[column]
        if known is not None and found[place] is not None:
            found[place] = known[found[place]]
    return found


def what_if(call: PageCall) -> Response:
    """The form, and the answer to what it holds; without a model, the models to choose from."""
    if not call.text("model"):
        return call.page("predicting/what_if_models.html", models=models_listed(call))
    question, find = _question(call), call.text("find")
    error, shown, contributions = "", None, None
    values = {each.position: each.given(call.values) for each in question.fields}
    try:
        shown = _answer(call, question)
        if call.flag("explain"):
            row = _row(call, question)
            said = next(iter(call.session.models.score_rows(question.model, [row])[0].values()))
            contributions = shown_contributions(call.session, question.model, question.fields, row, said)
    except InvalidArgument as refused:
        error = str(refused).removeprefix("row 1, ")
    looked_for = find.casefold()
    matching = [each for each in question.fields if looked_for in each.name.casefold()]
    matching.sort(key=lambda each: -(each.importance or 0))
    rendered = matching[:MOST_FIELDS_SHOWN]
    first = len(rendered) if len(rendered) <= FEW_INPUTS else FIRST
    positions = {each.position for each in rendered}
    hidden = [
        each
        for each in question.fields
        if each.position not in positions and values[each.position] != each.start_text
    ]
    session = call.session
    facts = session.frames.facts(question.frame) if question.frame else None
    return call.page(
        "predicting/what_if.html",
        status=400 if error else 200,
        question=question,
        frames=[each["frame_id"]["name"] for each in session.frames.described()],
        rows=facts["nrow"] if facts else 0,
        unfolded=rendered[:first],
        folded=rendered[first:],
        more=len(matching) - len(rendered),
        hidden=hidden,
        values=values,
        most_suggestions=MOST_SUGGESTIONS,
        find=find,
        shown=shown,
        contributions=contributions,
        signed=signed,
        error=error,
    )


def models_listed(call: PageCall) -> list[str]:
    """Keys of the models, the newest first, without those of folds."""
    return [each["model_id"] for each in reversed(call.session.models.listed()) if not each["fold_of"]]


def answer(call: PageCall) -> Response:
    """The answer alone, for the script of the form."""
    return JSONResponse(_answer(call, _question(call)).plain())


def _row(call: PageCall, question: _Question) -> dict[str, Any]:
    """The row as the form has it."""
    return {each.name: each.cell(each.given(call.values)) for each in question.fields}


def _answer(call: PageCall, question: _Question) -> ShownAnswer:
    with collected() as remarks:
        now, start = call.session.models.score_rows(question.model, [_row(call, question), question.start])
    described = call.session.models.describe(question.model)
    return shown_answer(described, start, now, [text for text, _ in remarks])


def levels(call: PageCall) -> Response:
    """Levels of a factor in which a text occurs: of one with too many to list them all."""
    fields = _question(call).fields
    position = call.count("input", 0, most=len(fields) - 1)
    looked_for = call.text("text").casefold()
    found = (each for each in fields[position].levels if looked_for in each.casefold())
    return JSONResponse({"levels": [each for each, _ in zip(found, range(_FOUND), strict=False)]})


ROUTES = {
    "GET /predict/row": what_if,
    "POST /predict/row": what_if,
    "POST /predict/row/answer": answer,
    "GET /predict/row/levels": levels,
}
