"""A frame: its size, what can be done with it, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from ....session.values import Facts
from ..basics.asking import PageCall
from ..basics.paging import Order, order_of, ordered, part_of, query
from ..charts.histogram_chart import spark

SHOWN = 50  # columns at a time
MOST_CELLS = 5_000_000  # that are looked at for one page; of further columns the facts come later
TYPES = ("int", "real", "enum", "time", "string", "uuid")
_NAMED = ("position", "name", "type")  # what a list is sorted by without looking at any cell
_FACTS = {"missing": "missing", "min": "min", "mean": "mean", "max": "max", "levels": "cardinality"}
_NUMBERS = ("int", "real", "time")


@dataclass(frozen=True)
class ColumnLine:
    """What the table shows of a column.

    Attributes
    ----------
    position : int
        From 1 on.
    name, type : str
    told : dict or None
        See `heavywater.frame.profiles.profile`; None while it is not worked out.
    picture : Markup
    """

    position: int
    name: str
    type: str
    told: dict[str, Any] | None
    picture: Markup


def frame_page(call: PageCall) -> Response:
    """Size of a frame, and a part of its columns."""
    session, key = call.session, call.key("frame")
    facts, outline = session.frames.facts(key), session.frames.outline(key)
    order = order_of(call, (*_NAMED, *_FACTS))
    chosen = _chosen(call, facts, order)
    part = part_of(call, len(chosen), SHOWN)
    lines = lines_of(call, facts, chosen[part.first : part.first + part.count])
    stem = key.removesuffix(".hex")
    return call.page(
        "frames/frame.html",
        key=key,
        outline=outline,
        lines=lines,
        part=part,
        order=order,
        later=query(call) if any(each.told is None for each in lines) else None,
        here_query=query(call),
        search=call.text("search"),
        type=call.text("type"),
        types=[each for each in TYPES if each in set(facts["types"])],
        pieces=[session.objects.fresh_key(f"{stem}_{name}") for name in ("train", "test")],
    )


def lines_of(call: PageCall, facts: Facts, positions: Sequence[int]) -> list[ColumnLine]:
    """What is shown of some columns, as far as it is known or soon found out."""
    told = call.session.frames.profile(facts["frame"], list(positions), MOST_CELLS)
    return [
        ColumnLine(i + 1, facts["names"][i], facts["types"][i], each, _picture(facts["names"][i], each))
        for i, each in zip(positions, told, strict=True)
    ]


def _picture(name: str, told: dict[str, Any] | None) -> Markup:
    bars = told and told["bars"]
    if not bars:
        return Markup("")
    what = "Most frequent levels" if "levels" in bars else "Histogram"
    return spark(f"{what} of {name}", bars["counts"])


def _chosen(call: PageCall, facts: Facts, order: Order) -> list[int]:
    """Positions of the columns that are asked for, in their order."""
    names, types = facts["names"], facts["types"]
    sought, kind = call.text("search").casefold(), call.text("type")
    chosen = [
        i for i, name in enumerate(names) if sought in name.casefold() and (not kind or types[i] == kind)
    ]
    if order.by == "position":
        return chosen[::-1] if order.descending else chosen
    if order.by in _NAMED:
        values: Sequence[Any] = [each.casefold() for each in names] if order.by == "name" else types
        return ordered(chosen, lambda i: values[i], order.descending)
    found = call.session.frames.moments(facts["frame"])
    field, counts = _FACTS[order.by], order.by in ("missing", "levels")
    return ordered(
        chosen,
        lambda i: found[i][field] if counts or types[i] in _NUMBERS else None,
        order.descending,
    )


ROUTES = {"GET /frames/{key}": frame_page}
