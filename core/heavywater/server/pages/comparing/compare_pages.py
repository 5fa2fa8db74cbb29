"""Models side by side; and the list they are chosen from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from ....errors import InvalidArgument, NotFound
from ..basics.addresses import key_at
from ..basics.asking import PageCall
from ..basics.attachments import table_answer
from ..basics.paging import part_of
from ..charts.line_chart import lines
from ..scores.metric_words import METRICS, main_metric, value_of
from .model_comparison import AGAINST, CURVES, MOST, Compared, ComparedRow, points_behind

_AT_ONCE = 50


def compare(call: PageCall) -> Response:
    """The models that the address names, or a list to choose them from."""
    keys, absent = _named(call)
    remarks = (
        [f"There is no model {', '.join(each[:100] for each in absent)}: removed, or never was."]
        if absent
        else []
    )
    if len(keys) > MOST:
        remarks.append(f"{len(keys)} models are too many to be told from each other: choose at most {MOST}.")
        return _chooser(call, keys, remarks, status=400)
    if not keys or call.flag("choose"):
        return _chooser(call, keys, remarks)
    if len(keys) == 1:
        remarks.append("This is one model only: add others to compare it with.")
    compared = Compared([call.session.models.describe(key) for key in keys])
    differ, same = compared.parameters()
    return call.page(
        "comparing/compare.html",
        compared=compared,
        remarks=[*remarks, *compared.remarks()],
        metrics=compared.metrics(),
        differ=differ,
        same=same,
        facts=compared.facts(),
        others={key: _query([each for each in keys if each != key]) for key in keys},
        query_of_models=_query(keys),
        **_curves(call, compared),
    )


def _named(call: PageCall) -> tuple[list[str], list[str]]:
    """The models that the request names, each once, and names of none."""
    known, keys, absent = call.session.objects.keys("model"), [], []
    for each in dict.fromkeys(call.texts("model")):
        try:
            keys.append(key_at(each, known, "model"))
        except NotFound:
            absent.append(each)
    return keys, absent


def _query(keys: list[str]) -> str:
    return urlencode([("model", key) for key in keys])


def _curves(call: PageCall, compared: Compared) -> dict[str, Any]:
    choices = compared.curve_metrics()
    metric = call.text("metric")
    metric = metric if metric in choices else compared.usual_curve()
    data, against = call.text("data"), call.text("against")
    data = data if data in CURVES else compared.usual_data()
    against = against if against in AGAINST else "epochs"
    curves = compared.curves(metric, data, against)
    label = choices.get(metric, "")
    title = f"{label} of {CURVES[data].lower() if data != 'both' else 'training and validation'} data"
    picture = lines(
        f"{title} against {against}, of {len(compared.keys)} models",
        curves,
        x_label=AGAINST[against].lower(),
        y_label=label,
        log_y=call.flag("log"),
        height=320,
    )
    return {
        "choices": choices,
        "metric": metric,
        "data": data,
        "against": against,
        "log": call.flag("log"),
        "kinds_of_data": CURVES,
        "kinds_of_places": AGAINST,
        "title_of_curves": title,
        "picture": picture if curves else None,
        "points": points_behind(curves),
        "without": compared.without(metric, data),
    }


def _chooser(call: PageCall, chosen: list[str], remarks: list[str], status: int = 200) -> Response:
    """The models whose name, response or frame holds a text, the newest first."""
    wanted = call.text("q").casefold()
    found = [each for each in reversed(call.session.models.listed()) if _is_meant(each, wanted)]

    def link(**place: int | None) -> str:
        kept = {"choose": 1, "q": call.text("q"), **{name: at for name, at in place.items() if at}}
        return f"?{urlencode(kept)}&{_query(chosen)}".removesuffix("&")

    part = part_of(call, len(found), _AT_ONCE, link=link)
    shown = [_with_value(each) for each in found[part.first : part.first + part.count]]
    keys = {each["model_id"] for each in shown}
    return call.page(
        "comparing/compare_choice.html",
        status,
        models=shown,
        part=part,
        every=len(call.session.objects.keys("model")),
        chosen=chosen,
        elsewhere=[key for key in chosen if key not in keys],
        remarks=remarks,
        most=MOST,
    )


def _is_meant(each: dict[str, Any], wanted: str) -> bool:
    names = (each["model_id"], each["response_column"], each["training_frame"], each["model_category"])
    return each["fold_of"] is None and (
        not wanted or any(wanted in str(name).casefold() for name in names if name)
    )


def _with_value(each: dict[str, Any]) -> dict[str, Any]:
    """With the main metric of its kind: of the cross-validation or the validation data, where there are any."""
    metric = main_metric(each["model_category"])
    values = [
        value_of(each["metrics"][part], metric) for part in ("cross_validation", "validation", "training")
    ]
    return {**each, "label": METRICS[metric].label, "value": next((v for v in values if v is not None), None)}


def table(call: PageCall) -> Response:
    """A table as a file: ``metrics``, ``parameters``, ``facts`` or ``curves``."""
    keys, absent = _named(call)
    if absent:
        raise NotFound(f"no model {absent[0][:200]!r}: it was removed, or never was")
    if not 0 < len(keys) <= MOST:
        raise InvalidArgument(f"model: name 1 to {MOST} of them")
    compared = Compared([call.session.models.describe(key) for key in keys])
    what = call.parts["table"]
    rows = _ROWS.get(what)
    if rows is None:
        raise NotFound(f"no table {what!r}: there are {', '.join(_ROWS)}")
    return table_answer(rows(call, compared), f"{what}.csv")


def _rows_of_metrics(_: PageCall, compared: Compared) -> list[list[Any]]:
    rows = [[part, row.label, *row.values] for part, rows in compared.metrics() for row in rows]
    return [["data", "metric", *compared.keys], *rows]


def _lines_of(rows: list[ComparedRow]) -> list[list[Any]]:
    return [[row.label, *row.values] for row in rows]


def _rows_of_curves(call: PageCall, compared: Compared) -> list[list[Any]]:
    shown = _curves(call, compared)
    found = compared.curves(shown["metric"], shown["data"], shown["against"])
    rows = [[name, *point] for name, points in found.items() for point in zip(*points, strict=True)]
    return [["model", shown["against"], shown["metric"]], *rows]


_ROWS = {
    "metrics": _rows_of_metrics,
    "parameters": lambda _, compared: [
        ["parameter", *compared.keys],
        *_lines_of([row for rows in compared.parameters() for row in rows]),
    ],
    "facts": lambda _, compared: [["fact", *compared.keys], *_lines_of(compared.facts())],
    "curves": _rows_of_curves,
}

ROUTES = {"GET /compare": compare, "GET /compare/{table}.csv": table}
