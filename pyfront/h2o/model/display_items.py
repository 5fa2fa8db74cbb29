"""Text and HTML from a list of paragraphs and tables."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from ..two_dim_table import H2OTwoDimTable

Items = list[Any]  # texts and tables, one below the other


def to_text(items: Sequence[Any]) -> str:
    """Join texts and tables with an empty line between them."""
    return "\n\n".join(item if isinstance(item, str) else item.to_text() for item in items)


def to_html(items: Sequence[Any]) -> str:
    """The same as HTML: texts keep their line breaks."""
    return "\n".join(_html(item) for item in items)


def _html(item: str | H2OTwoDimTable) -> str:
    return f"<pre>{html.escape(item)}</pre>" if isinstance(item, str) else item._repr_html_()
