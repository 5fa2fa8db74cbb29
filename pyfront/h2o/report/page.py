"""Sections as HTML: a part of a notebook's page, or a page of its own that fetches nothing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from ..display.tables import format_table, html_table
from ..display.templates import markup, rendered
from .sections import Item, Section
from .svg import svg_of

DIGITS = 4
_ROWS = 30  # of a table; of a longer one the first and last ones
_numbers = itertools.count(1)


def part_of_page(title: str, facts: str, sections: Sequence[Section]) -> str:
    """The sections as one element, with the styles it needs; it takes the colours of what is around it."""
    return rendered(
        "explanation.html",
        title=title,
        facts=facts,
        style=markup(_style("page.css")),
        mark=f"hx{next(_numbers)}",
        sections=[_section(each) for each in sections],
    )


def whole_page(title: str, facts: str, sections: Sequence[Section]) -> str:
    """The sections as a page of its own."""
    part = markup(part_of_page(title, facts, sections))
    return rendered("explanation_file.html", title=title, style=markup(_style("whole.css")), part=part)


def as_text(title: str, facts: str, sections: Sequence[Section], rows: int = 10) -> str:
    """The sections as text: their tables, since a terminal shows no drawings."""
    parts = [f"{title}\n{'=' * len(title)}\n{facts}"]
    for each in sections:
        parts.append(
            "\n".join(filter(None, (each.title, "-" * len(each.title), each.description, each.note)))
        )
        for item in each.items:
            cells = item.cells
            heading = item.name if item.drawing is None else item.drawing.says
            parts.append(format_table(cells.col_header, cells.cell_values, heading, DIGITS, max_rows=rows))
    return "\n\n".join(parts)


def _section(found: Section) -> dict[str, Any]:
    several = len(found.items) > 1
    return {
        "key": found.key,
        "title": found.title,
        "description": found.description,
        "note": found.note,
        "paired": several and found.items[0].drawing is not None,
        "items": [_item(each, several, found.title) for each in found.items],
    }


def _item(found: Item, named: bool, section: str) -> dict[str, Any]:
    cells, drawing = found.cells, found.drawing
    title = cells.table_header or found.name
    caption = "" if title == section else title
    return {
        "heading": found.name if named else "",
        "picture": None if drawing is None else markup(svg_of(drawing.figure)),
        "says": None if drawing is None else drawing.says,
        "table": markup(html_table(cells.col_header, cells.cell_values, caption, DIGITS, max_rows=_ROWS)),
        "about": f"{title} {found.name}".strip(),
    }


@cache
def _style(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
