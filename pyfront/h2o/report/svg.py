"""Figures as parts of a page: drawn with the page's own colours of text, ground and lines, so that they fit light and dark."""

from __future__ import annotations

import io
import re
import uuid
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What is black, white and grey in a figure without a meaning: text, ground, and the lines of grids and legends.
_COLORS = {
    "#000000": "currentColor",
    "#ffffff": "var(--hx-ground)",
    "#b0b0b0": "var(--hx-line)",
    "#cccccc": "var(--hx-line)",
}
_RESOLUTION = 110  # dots per inch of what is drawn as a picture within


def svg_of(figure: Figure) -> str:
    """A figure as an ``svg`` element without a size of its own: it is as wide as its place.

    Texts stay texts. Nothing is fetched from elsewhere; names within are unlike those of any other figure.
    """
    from matplotlib import rc_context

    figure.patch.set_facecolor("none")
    for axes in figure.axes:
        axes.patch.set_facecolor("none")
    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": uuid.uuid4().hex}), warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=".*Glyph .* missing"
        )  # who looks at the page has other fonts
        figure.savefig(buffer, format="svg", dpi=_RESOLUTION, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'style="[^"]*"', _themed, text)
    return _with_own_names(text)


def _themed(found: re.Match[str]) -> str:
    style = found.group()
    for color, meaning in _COLORS.items():
        style = style.replace(color, meaning)
    return style


def _with_own_names(text: str) -> str:
    """Put a mark before all names of parts: two figures of one page must not have the same."""
    mark = f"f{uuid.uuid4().hex[:8]}-"
    text = re.sub(r'\bid="', f'id="{mark}', text)
    return re.sub(r'(url\(|href=")#', rf"\1#{mark}", text)
