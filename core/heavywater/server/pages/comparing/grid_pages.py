"""Grid searches: their list, and each with its table and its parallel coordinates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from ....errors import InvalidArgument, collected
from ..basics.addresses import address, key_at
from ..basics.asking import PageCall
from ..basics.attachments import table_answer
from ..basics.paging import part_of
from ..charts.parallel_axes import SCALES
from ..charts.parallel_chart import drawing_order, parallel
from .grid_views import GridView, Wishes, cell

_AT_ONCE = 50  # rows, and grids
_MOST_BEST = 100
_MOST_LINES = 5000  # more are a wall, and take seconds to draw
_FIELDS = ("metric", "sort", "order", "best", "all")


def grids(call: PageCall) -> Response:
    """All grids, and the models of segments."""
    keys = call.session.objects.keys("grid")[::-1]
    part = part_of(call, len(keys), _AT_ONCE)
    running = _running(call)
    return call.page(
        "comparing/grids.html",
        grids=[_listed(call, key, running) for key in keys[part.first : part.first + part.count]],
        part=part,
        running_jobs=[each["job"] for each in _at_work(call)],
        segments=call.session.objects.keys("segmentmodels"),
    )


def _listed(call: PageCall, key: str, running: dict[str, Any]) -> dict[str, Any]:
    view = GridView(call.session.grids.describe(key), Wishes(best=1))
    best = view.best[0] if view.best else None
    return {
        "key": key,
        "view": view,
        "best": best,
        "value": None if best is None else view.columns[view.metric].values[best],
        "job": running.get(key),
    }


def _at_work(call: PageCall) -> list[Any]:
    return [each for each in call.session.jobs.known() if each["status"] == "RUNNING"]


def _running(call: PageCall) -> dict[str, Any]:
    """The running job of each object that one works on."""
    return {str(each["destination"]): each for each in _at_work(call)}


def grid(call: PageCall) -> Response:
    """A grid; of its parts ``results`` alone where only the table is asked for."""
    key = call.key("grid")
    view = _view(call, key)
    rows = view.rows()
    link = _links(call, view)
    part = part_of(call, len(rows), _AT_ONCE, link=link)
    values: dict[str, Any] = {
        "key": key,
        "view": view,
        "link": link,
        "every": call.flag("all"),
        "columns": view.shown_columns(call.flag("all")),
        "rows": rows[part.first : part.first + part.count],
        "part": part,
        "cell": cell,
        "ranged": any(any(each) for each in (view.wishes.ranges or {}).values()),
    }
    if call.text("part") == "results":
        return call.page("comparing/grid_results.html", **values)
    return call.page(
        "comparing/grid.html", **values, scales=SCALES, job=_running(call).get(key), **_picture(view)
    )


def _picture(view: GridView) -> dict[str, Any]:
    """The parallel coordinates, and what their script needs; nothing where there are no lines, or too many."""
    count = len(view.models) + len(view.failures)
    if not view.axes or not 0 < count <= _MOST_LINES:
        return {"picture": None, "told_axes": None, "most_lines": _MOST_LINES, "count": count}
    label = (
        f"Parallel coordinates of {count} combinations: {', '.join(axis.label for axis in view.axes)}. "
        "The table of models has the same values."
    )
    out = [number for number, kept in enumerate(view.chosen) if not kept]
    picture = parallel(label, view.axes, view.shades, set(view.best), set(out))
    told = {**view.told(), "order": drawing_order(view.shades, set(view.best))}
    return {"picture": picture, "told_axes": told, "most_lines": _MOST_LINES, "count": count}


def _view(call: PageCall, key: str) -> GridView:
    described = call.session.grids.describe(key)
    names = [*described["hyper_names"], *described["measures"]]
    wishes = Wishes(
        metric=call.text("metric"),
        sort=call.text("sort"),
        order=call.text("order"),
        best=call.count("best", 3, most=_MOST_BEST),
        scales={name: call.text(f"scale_{name}") for name in names},
        ranges={name: (call.text(f"from_{name}"), call.text(f"to_{name}")) for name in names},
    )
    return GridView(described, wishes)


def _links(call: PageCall, view: GridView) -> Callable[..., str]:
    """What gives the address of this page with other settings; ``ranges=False`` leaves the ranges out."""
    axes = [axis.name for axis in view.axes]
    kept = {name: call.text(name) for name in [*_FIELDS, *(f"scale_{axis}" for axis in axes)]}
    limits = {name: call.text(name) for axis in axes for name in (f"from_{axis}", f"to_{axis}")}

    def link(ranges: bool = True, **changes: Any) -> str:
        wanted = {**kept, **(limits if ranges else {}), **changes}
        if "sort" in changes:
            down = not view.down if changes["sort"] == view.sort else view.first_down(changes["sort"])
            wanted["order"] = "down" if down else "up"
        return "?" + urlencode(
            {name: value for name, value in wanted.items() if value not in (None, "", "auto")}
        )

    return link


def table(call: PageCall) -> Response:
    """The table as a file: all columns of the models that are looked at."""
    key = call.key("grid")
    view = _view(call, key)
    columns = view.columns.values()
    rows = ([view.models[number], *(cell(each.values[number]) for each in columns)] for number in view.rows())
    return table_answer([["model", *(each.name for each in columns)], *rows], "grid.csv")


# ---- what changes something


def remove_models(call: PageCall) -> Response:
    """Remove the models that were ticked."""
    key = call.key("grid")
    known = call.session.grids.describe(key)["model_ids"]
    chosen = [key_at(each, known, "model") for each in call.texts("model")]
    for each in chosen:
        call.session.objects.remove(each)
    text = f"{len(chosen)} removed" if chosen else "No model was ticked"
    return call.see(f"grids/{address(key)}", text, kind="done" if chosen else "wrong")


def remove(call: PageCall) -> Response:
    """Remove the grids that were ticked, with their models."""
    keys = call.session.objects.keys("grid")
    chosen = [key_at(each, keys, "grid") for each in call.texts("grid")]
    for each in chosen:
        call.session.objects.remove(each)
    text = f"{len(chosen)} removed" if chosen else "No grid was ticked"
    return call.see("grids", text, kind="done" if chosen else "wrong")


def save(call: PageCall) -> Response:
    """Save a grid and its models in a folder of the node's disk."""
    key, folder = call.key("grid"), call.text("folder")
    if not folder:
        raise InvalidArgument("name a folder of the node's disk")
    with collected() as remarks:
        path = call.session.grids.save(key, folder, frames=call.flag("frames"))
    return call.see(f"grids/{address(key)}", f"Saved as {path}", [text for text, _ in remarks])


def load(call: PageCall) -> Response:
    """Load a grid that was saved."""
    path = call.text("path")
    if not path:
        raise InvalidArgument("name the file of a grid on the node's disk")
    with collected() as remarks:
        key = call.session.grids.load(path, frames=call.flag("frames"))
    return call.see(f"grids/{address(key)}", f"{key} is loaded", [text for text, _ in remarks])


def resume(call: PageCall) -> Response:
    """Go on with a search that ended early."""
    key = call.key("grid")
    with collected() as remarks:
        call.session.grids.resume(key)
    return call.see(f"grids/{address(key)}", "The search goes on", [text for text, _ in remarks])


def segments(call: PageCall) -> Response:
    """The models of segments."""
    key = call.key("segmentmodels")
    frame = call.session.training.segment_models(key)
    try:
        found = call.session.frames.facts(frame)
        columns = call.session.frames.fetch(frame).to_pydict()
    finally:
        call.session.objects.release([frame])
    names = list(found["names"])
    rows = [[columns[name][number] for name in names] for number in range(found["nrow"])]
    return call.page(
        "comparing/segments.html",
        key=key,
        names=names,
        rows=rows,
        models=set(call.session.objects.keys("model")),
    )


ROUTES = {
    "GET /grids": grids,
    "GET /grids/{key}": grid,
    "GET /grids/{key}/table.csv": table,
    "GET /segments/{key}": segments,
    "POST /grids/remove": remove,
    "POST /grids/load": load,
    "POST /grids/{key}/models/remove": remove_models,
    "POST /grids/{key}/save": save,
    "POST /grids/{key}/resume": resume,
}
