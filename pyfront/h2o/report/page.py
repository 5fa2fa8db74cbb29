"""Sections as HTML: a part of a notebook's page, or a page of its own that fetches nothing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import resources

from ..display.tables import format_table, html_table
from .sections import Item, Section
from .svg import svg_of

DIGITS = 4
_ROWS = 30  # of a table; of a longer one the first and last ones
_numbers = itertools.count(1)


def part_of_page(title: str, facts: str, sections: Sequence[Section]) -> str:
    """The sections as one element, with the styles it needs; it takes the colours of what is around it."""
    mark = f"hx{next(_numbers)}"
    links = "".join(f'<li><a href="#{mark}-{each.key}">{escape(each.title)}</a></li>' for each in sections)
    parts = [_section(each, mark) for each in sections]
    return (
        f'<div class="h2o-explanation"><style>{_style("page.css")}</style>'
        f"<h1>{escape(title)}</h1><p class='hx-soft'>{escape(facts)}</p>"
        f'<nav aria-label="Sections"><ul>{links}</ul></nav>{"".join(parts)}</div>'
    )


def whole_page(title: str, facts: str, sections: Sequence[Section]) -> str:
    """The sections as a page of its own."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{escape(title)}</title><style>{_style('whole.css')}</style></head>"
        f"<body><main>{part_of_page(title, facts, sections)}</main></body></html>\n"
    )


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


def _section(found: Section, mark: str) -> str:
    several = len(found.items) > 1
    items = "".join(_item(each, several, found.title) for each in found.items)
    note = f"<p class='hx-soft'>{escape(found.note)}</p>" if found.note else ""
    name = f"{mark}-{found.key}"
    inner = f'<div class="hx-pair">{items}</div>' if several and found.items[0].drawing is not None else items
    return (
        f'<section id="{name}" aria-labelledby="{name}-heading"><h2 id="{name}-heading">{escape(found.title)}</h2>'
        f"<p>{escape(found.description)}</p>{note}{inner}</section>"
    )


def _item(found: Item, named: bool, section: str) -> str:
    heading = f"<h3>{escape(found.name)}</h3>" if named and found.name else ""
    if found.drawing is None:
        return f"<div>{heading}{_table(found, section)}</div>"
    says = escape(found.drawing.says, quote=True)
    return (
        f'<div>{heading}<figure><div role="img" aria-label="{says}">{svg_of(found.drawing.figure)}</div>'
        f"<figcaption><details><summary>Table</summary>{_table(found, section)}</details></figcaption></figure></div>"
    )


def _table(found: Item, section: str) -> str:
    cells = found.cells
    title = cells.table_header or found.name
    caption = "" if title == section else title
    shown = html_table(cells.col_header, cells.cell_values, caption, DIGITS, max_rows=_ROWS)
    about = escape(f"{title} {found.name}".strip(), quote=True)
    return f'<div class="hx-scroll" role="region" tabindex="0" aria-label="Table: {about}">{shown}</div>'


@cache
def _style(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
