"""Names as they stand in drawings: whole where they are short, never read as formulas, and letters that can be read."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..display.tables import format_cell, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

LONGEST = 36  # characters of a name in a drawing
_LONG = 18  # characters of a name that takes too much of a narrow figure
_LETTERS = 8.5  # characters of a title on an inch
_WIDE = 8.0  # inches up to which letters have their usual size


def label(name: object, longest: int = LONGEST) -> str:
    """A name of the user's, shortened in the middle; what matplotlib would take for a formula or a hidden label is none."""
    text = " ".join("".join(each if each.isprintable() else " " for each in str(name)).split())
    text = shortened(text, longest, "…").replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text


def labels(names: Sequence[object], longest: int = LONGEST) -> list[str]:
    """Several names, see `label`; those that became equal by shortening get their number."""
    found = [label(each, longest) for each in names]
    return [
        f"{text} ({i + 1})" if found.count(text) > 1 and text != str(name) else text
        for i, (text, name) in enumerate(zip(found, names, strict=True))
    ]


def figures(value: float, digits: int = 4) -> str:
    """A number in so many significant digits, as tables have it; one that is missing is called so."""
    return format_cell(float(value), digits) or "missing"


def name_levels(axes: Axes, names: Sequence[object], upright: bool = False) -> None:
    """Levels along the horizontal axis, slanted where they would run into each other."""
    shown = labels(names, 24)
    slanted: dict[str, Any] = {}
    if upright or sum(map(len, shown)) > 60 or len(shown) > 15:
        slanted = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(range(len(shown)), labels=shown, **slanted)
    axes.set_xlim(-0.6, len(shown) - 0.4)


def name_rows(axes: Axes, names: Sequence[object]) -> list[int]:
    """Names below each other along the vertical axis, the first one on top; the places of their bars."""
    places = list(range(len(names)))[::-1]
    axes.set_yticks(places, labels=labels(names))
    axes.set_ylim(-0.6, len(names) - 0.4)  # the usual margin is a share of the height: too much for many bars
    axes.spines[["right", "top"]].set_visible(False)
    return places


def legend_beside(axes: Axes, title: str | None = None) -> None:
    """A legend of what is in the axes: at their right, or where names are long in a narrow figure below them."""
    handles, names = axes.get_legend_handles_labels()
    figure: Any = axes.figure
    longest, width = max(map(len, names), default=0), figure.get_figwidth()
    if longest > _LONG and width < _WIDE:
        columns = max(1, int(_LETTERS * width / (longest + 6)))
        figure.legend(handles, names, loc="outside lower center", ncols=columns, title=title)
    else:
        figure.legend(handles, names, loc="outside right upper", title=title)


def fit(figure: Figure) -> None:
    """Break long titles into lines, and let letters grow with a wide figure, which is shown as large as a narrow one."""
    beside = any(getattr(legend, "_outside_loc", None) == "right" for legend in figure.legends)
    width = int(_LETTERS * min(figure.get_figwidth(), _WIDE) * (0.7 if beside else 0.9))
    for axes in figure.axes:
        lines = axes.get_title().split("\n")
        axes.set_title("\n".join(part for line in lines for part in _wrapped(line, max(width, 16))))
    enlarge(figure)


def _wrapped(line: str, width: int) -> list[str]:
    """A line of a title in parts of this width; a single name is shortened instead."""
    if " " not in line.strip():
        return [shortened(line, width, "…")]
    return textwrap.wrap(line, width)


def enlarge(figure: Figure) -> None:
    """Let letters grow with a wide figure, which is shown as large as a narrow one."""
    factor = figure.get_figwidth() / _WIDE
    if factor <= 1:
        return
    for axes in figure.axes:
        axes.tick_params(labelsize=factor * 10)
        for text in (axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts):
            _scale(text, factor)
    for legend in [*figure.legends, *(axes.get_legend() for axes in figure.axes)]:
        if legend is not None:
            for text in (*legend.get_texts(), legend.get_title()):
                _scale(text, factor)


def _scale(text: Text, factor: float) -> None:
    text.set_fontsize(factor * float(text.get_fontsize()))
