"""Build: the form that trains a model, or searches for the best one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse, Response

from ....errors import HeavywaterError, InvalidArgument, collected
from ....session.values import Started
from ..basics.addresses import address
from ..basics.asking import PageCall
from .asked_form import AskedForm, asked_form
from .continuing import continued
from .filled_form import FilledForm, filled_form, unknown_fields, with_columns
from .form_columns import SHOWN, fitting, listed_columns
from .form_fields import Choices, fields_of, left_open, levels_of
from .form_texts import text_of_name
from .judging import Judgement, field_of, judged
from .model_code import python_code, r_code

_REFUSED = 422
_MARK_ALL, _CLEAR_ALL = "mark_all", "clear_all"


def build(call: PageCall) -> Response:
    """The form, filled with what the address says, or with all that the training of a checkpoint had."""
    form = filled_form(call.values)
    frames = call.session.objects.keys("frame")
    if not form.text("training_frame") and not form.text("checkpoint") and len(frames) == 1:
        form = form.with_texts(training_frame=frames[0])
    form = continued(call.session, form)
    asked = asked_form(form)
    found = judged(call.session, asked)
    found.remarks += unknown_fields(call.values)
    return _page(call, form, asked, found)


def submitted(call: PageCall) -> Response:
    """Start what the form asks for; or give the form back, with what is wrong beside its fields."""
    wanted = call.text("do")
    form = _with_all_columns(call, filled_form(call.values), wanted)
    asked = asked_form(form)
    found = judged(call.session, asked)
    if wanted != "start":
        return _page(call, form, asked, found, wanted=wanted)
    if found.can_start:
        try:
            with collected() as remarks:
                job = _start(call, asked)
        except HeavywaterError as error:
            found.errors[field_of(str(error), asked) or "training_frame"] = str(error)
        else:
            said = [*found.said, *(text for text, _ in remarks)]
            path = f"jobs/{address(job['job'])}"
            return call.see(path, f"Started: {job['destination']}", list(dict.fromkeys(said)))
    found.errors |= found.missing
    return _page(call, form, asked, found, status=_REFUSED)


def _start(call: PageCall, asked: AskedForm) -> Started:
    if asked.hyper:
        return call.session.grids.train(**asked.search)
    return call.session.training.train(**asked.model.request)


def _with_all_columns(call: PageCall, form: FilledForm, wanted: str) -> FilledForm:
    """The form after all columns that fit were marked, or none of them."""
    frame = form.text("training_frame")
    if wanted not in (_MARK_ALL, _CLEAR_ALL) or frame not in call.session.objects.keys("frame"):
        return form
    names = call.session.frames.facts(frame)["names"]
    found = [names[position] for position in fitting(names, form.text("find"))]
    try:
        return with_columns(form, found, set()) if wanted == _MARK_ALL else with_columns(form, [], set(found))
    except HeavywaterError:  # what is written there cannot be read; the field says so
        return form


def checked(call: PageCall) -> Response:
    """What is to be said of the form, for the script that shows it while somebody types."""
    form = filled_form(call.values)
    asked = asked_form(form)
    found = judged(call.session, asked)
    return JSONResponse(
        {
            "errors": found.errors,
            "missing": found.missing,
            "warnings": found.warnings,
            "remarks": found.remarks,
            "idle": sorted(found.idle),
            "left": left_open(found),
            "category": found.category,
            "can_start": found.can_start,
            "models": found.models,
            "combinations": found.combinations,
            "status": found.status,
            "columns": form.text("columns"),
            "named": []
            if "columns" in found.errors
            else [text_of_name(each, listed=True) for each in form.columns],
            "link": form.link,
            "code": _code(call, asked, found),
        }
    )


def columns(call: PageCall) -> Response:
    """The first columns of a frame whose names fit, for the script that offers them where there are many."""
    frame = call.text("frame")
    if frame not in call.session.objects.keys("frame"):
        raise InvalidArgument(f"frame={frame!r}: there is no frame of this name")
    names = call.session.frames.facts(frame)["names"]
    found = fitting(names, call.text("find"))
    shown = [text_of_name(names[position]) for position in found[:SHOWN]]
    return JSONResponse({"columns": shown, "found": len(found)})


def _page(
    call: PageCall,
    form: FilledForm,
    asked: AskedForm,
    found: Judgement,
    status: int = 200,
    wanted: str = "",
) -> Response:
    frame = form.text("training_frame")
    choices = Choices.of(call.session, frame)
    fields = fields_of(form, found, choices)
    listed = None
    if frame in choices.frames:
        marked = () if "columns" in found.errors else form.columns
        listed = listed_columns(call.session, frame, form.text("find"), call.count("first", 0), marked)
    return call.page(
        "building/build.html",
        status,
        form=form,
        fields=fields,
        levels=levels_of(fields),
        choices=choices,
        listed=listed,
        shown=SHOWN,
        judged=found,
        code=_code(call, asked, found),
        wanted=wanted,
    )


def _code(call: PageCall, asked: AskedForm, found: Judgement) -> dict[str, str] | None:
    """Programs that do the same; None where nothing could be started."""
    if not found.can_start or asked.model.training_frame is None:
        return None
    if not asked.model.response and not asked.model.parameters.get("autoencoder"):
        return None
    where, token = _address_of_node(call), call.node.options.token is not None
    return {"python": python_code(asked, where, token), "r": r_code(asked, where, token)}


def _address_of_node(call: PageCall) -> str:
    """The address of the node as the browser sees it: that of the page from which was asked, else what the request tells."""
    headers: Any = call.request.headers
    seen = urlsplit(headers.get("referer", ""))
    if (
        seen.scheme in ("http", "https")
        and seen.netloc
        and "@" not in seen.netloc
        and seen.path.endswith("/build")
    ):
        return f"{seen.scheme}://{seen.netloc}{seen.path.removesuffix('/build')}"
    scheme = headers.get("x-forwarded-proto") or call.request.url.scheme
    return (
        f"{'https' if scheme == 'https' else 'http'}://{call.request.url.netloc}{call.node.options.root_path}"
    )


ROUTES = {
    "GET /build": build,
    "POST /build": submitted,
    "POST /build/check": checked,
    "GET /build/columns": columns,
}
