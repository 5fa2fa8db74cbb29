"""What a page consists of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..plot.drawing import Drawing
from ..two_dim_table import H2OTwoDimTable


@dataclass(frozen=True)
class Item:
    """A drawing or a table, of a model or a column.

    Attributes
    ----------
    name : str
        Of the model or the column; empty where the section has one item.
    drawing : Drawing, optional
    table : H2OTwoDimTable, optional
        What is shown where nothing is drawn.
    """

    name: str
    drawing: Drawing | None = None
    table: H2OTwoDimTable | None = None

    @property
    def cells(self) -> H2OTwoDimTable:
        """The table, of a drawing the one behind it."""
        found = self.table if self.drawing is None else self.drawing.table
        assert found is not None, "an item has a drawing or a table"
        return found


@dataclass(frozen=True)
class Section:
    """A part of a page with a heading.

    Attributes
    ----------
    key : str
        Name of the explanation, as `include_explanations` takes it.
    title, description : str
    items : list of Item
    note : str
        Why there are no items, or not all.
    """

    key: str
    title: str
    description: str
    items: list[Item] = field(default_factory=list)
    note: str = ""


#: makes the items of a section, one after the other
Maker = Callable[[], Iterator[Item]]


def section(key: str, title: str, description: str, items: Maker, refusals: type[Exception]) -> Section:
    """A section with what can be made of it; where that fails for a reason that can be told, the note has it."""
    made: list[Item] = []
    note = ""
    try:
        made.extend(items())
    except refusals as error:
        note = f"Not shown: {error}."
    return Section(key, title, description, made, note)


def plots_of(found: Section) -> dict[str, Any]:
    """The drawings of a section by name; the tables where nothing was drawn."""
    return {
        item.name or found.key: item.cells if item.drawing is None else item.drawing.result(None)
        for item in found.items
    }
