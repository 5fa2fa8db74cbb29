"""A column of a frame: all that is known of it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from ....errors import HeavywaterError, NotFound
from ....frame.profiles import FINE_CLASSES
from ....frame.summary import QUANTILES
from ....session import Ref
from ....session.values import Facts
from ..basics.addresses import address
from ..basics.asking import PageCall
from ..basics.paging import ListPart, part_of, query
from ..charts.bar_chart import bars
from ..charts.histogram_chart import histogram
from .frame_changes import CONVERSIONS

LEVELS = 50  # at a time
MOST_ROWS = 1_000_000  # that are put in order for quantiles before the page is shown; of more they come later
_BARS = 20


def column_page(call: PageCall) -> Response:
    """Facts, quantiles and the distribution of a column."""
    session, key = call.session, call.key("frame")
    facts, outline = session.frames.facts(key), session.frames.outline(key)
    position = _position(call, facts)
    wants_quantiles = call.flag("quantiles") or facts["nrow"] <= MOST_ROWS
    told = session.frames.distribution(key, position, FINE_CLASSES, wants_quantiles)
    kind = facts["types"][position]
    later = kind in ("int", "real", "time") and told["quantiles"] is None and not outline["parts"]
    return call.page(
        "frames/column.html",
        key=key,
        outline=outline,
        name=facts["names"][position],
        type=kind,
        position=position + 1,
        total=len(facts["names"]),
        told=told,
        quantiles=list(zip(QUANTILES, told["quantiles"] or (), strict=False)),
        later=query(call, quantiles=1) if later else None,
        picture=_picture(facts["names"][position], kind, told),
        classes=_classes(told["bars"]),
        conversions=list(CONVERSIONS),
        **_levels(call, key, position, told),
    )


def _position(call: PageCall, facts: Facts) -> int:
    """Of the column that the address names, from 0 on."""
    text, count = call.parts["position"], len(facts["names"])
    if text.isdecimal() and text.isascii() and len(text) < 10 and 1 <= int(text) <= count:
        return int(text) - 1
    raise NotFound(f"no column {text!r}: the {count} columns of {facts['frame']!r} are counted from 1 on")


def _picture(name: str, kind: str, told: dict[str, Any]) -> Markup:
    found = told["bars"]
    if not found:
        return Markup("")
    if "levels" in found:
        return bars(f"The most frequent levels of {name}", found["levels"], found["counts"], most=_BARS)
    if not found["stride"]:
        return Markup("")
    low = found["base"]
    high = low + found["stride"] * len(found["counts"])
    label = "time, milliseconds since 1970" if kind == "time" else ""
    return histogram(f"Histogram of {name}", found["counts"], low, high, x_label=label)


def _classes(found: dict[str, Any] | None) -> list[tuple[float, float, int]]:
    """The classes of a histogram: from, to (the next one begins there), rows."""
    if not found or "levels" in found:
        return []
    base, stride = found["base"], found["stride"]
    return [(base + i * stride, base + (i + 1) * stride, count) for i, count in enumerate(found["counts"])]


def _levels(call: PageCall, key: str, position: int, told: dict[str, Any]) -> dict[str, Any]:
    """A part of the levels of a factor."""
    if told["cardinality"] is None:
        return {"levels": None}
    search, by_count = call.text("search"), call.text("sort") != "position"
    first = call.count("first", 1, 1) - 1
    found = call.session.frames.level_counts(key, position, first, LEVELS, by_count, search)
    part: ListPart = part_of(call, found["total"], LEVELS)
    lines = list(zip(found["positions"], found["levels"], found["counts"], strict=True))
    other = query(call, sort="position" if by_count else None, first=None)
    return {"levels": lines, "part": part, "by_count": by_count, "other_order": other, "search": search}


def rename(call: PageCall) -> Response:
    """Give a column another name."""
    session, key = call.session, call.key("frame")
    facts = session.frames.facts(key)
    position, new = _position(call, facts), call.text("name")
    here = f"frames/{address(key)}/columns/{position + 1}"
    if not new:
        return call.see(here, "The column needs a name", kind="wrong")
    if new in facts["names"] and new != facts["names"][position]:
        return call.see(here, f"There is a column {new!r} already", kind="wrong")
    try:
        session.frames.evaluate(("assign", key, ("colnames=", Ref(key), [position], [new])))
    except HeavywaterError as error:
        return call.see(here, str(error), kind="wrong")
    return call.see(here, f"The column is called {new!r} now")


ROUTES = {
    "GET /frames/{key}/columns/{position}": column_page,
    "POST /frames/{key}/columns/{position}/rename": rename,
}
