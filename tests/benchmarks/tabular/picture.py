"""The picture beside the page: each table's error beside gradient boosting's, and error against time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .methods import METHODS, OURS
from .page import BASE
from .results import Results, summary
from .sets import TableSet

COLOURS = {"default": "0.55", "tabular": "tab:blue", "best": "tab:red", "lightgbm": "tab:green", "xgboost": "tab:olive",
           "mlp": "tab:brown", "realmlp": "tab:purple", "tabm": "tab:orange", BASE: "black"}  # fmt: skip
MARKS = {"default": "v", "tabular": "o", "best": "D"}


_STYLE: Any = {"svg.hashsalt": "tables", "font.size": 9, "savefig.facecolor": "white"}
# Where a label may stand beside its mark: distance in points, and which corner of it is there.
_PLACES = [
    ((dx * x, dy * y), "left" if x > 0 else "right", "bottom" if y > 0 else "top")
    for dx, dy in ((6, 4), (6, 14), (0, 8), (6, 24))
    for x in (1, -1)
    for y in (1, -1)
]


def draw(results: Results, tables: Sequence[TableSet], file: Path) -> None:
    """Left: ratios per table, of ours, LightGBM and the networks; right: geometric means against seconds of the processor."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    with mpl.rc_context(_STYLE):
        figure = drawn(results, tables)
        figure.savefig(file, metadata={"Date": None})
        plt.close(figure)


def drawn(results: Results, tables: Sequence[TableSet]) -> Any:
    """The same as a figure of pyplot."""
    import matplotlib.pyplot as plt

    methods = [m for m in METHODS if m in results.runs and m != BASE]
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5.6), layout="constrained", width_ratios=(3, 2))
    _per_table(left, results, methods, [table.name for table in tables])
    _against_time(right, results, [*methods, BASE], [table.name for table in tables])
    return figure


def _per_table(axes: Any, results: Results, methods: Sequence[str], names: Sequence[str]) -> None:
    axes.axvline(1, color="black", lw=1)
    for method in methods:
        found = [(results.ratio(method, BASE, name, "error"), y) for y, name in enumerate(names)]
        known = [(ratio, y) for ratio, y in found if ratio is not None]
        axes.plot(
            [ratio for ratio, _ in known], [y for _, y in known], MARKS.get(method, "x"), color=COLOURS[method],
            ms=7 if method in OURS else 5, alpha=0.85, label=METHODS[method].title,
        )  # fmt: skip
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xscale("log")
    ticks = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4, 1.7, 2, 2.5)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(f"error / that of {METHODS[BASE].title}; left is better")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7, loc="best")


def _against_time(axes: Any, results: Results, methods: Sequence[str], names: Sequence[str]) -> None:
    labels, marks = [], []
    for method in methods:
        found = summary(results, method, BASE, names)
        if found is None:
            continue
        marks += axes.plot(found.processor, found.error, MARKS.get(method, "x"), color=COLOURS[method], ms=8)
        some = f" ({found.tables} of {len(names)})" if found.tables < len(names) else ""
        title = METHODS[method].title.removeprefix("heavywater, ") + some
        labels.append((title, (found.processor, found.error)))
    axes.axhline(1, color="black", lw=1)
    axes.set_xscale("log")
    axes.margins(x=0.25, y=0.12)
    axes.set_xlabel(f"seconds of the processor / those of {METHODS[BASE].title}")
    axes.set_ylabel("error, geometric mean of ratios")
    axes.grid(alpha=0.3)
    _label(axes, labels, marks)


def _label(axes: Any, labels: Sequence[tuple[str, tuple[float, float]]], marks: Sequence[Any]) -> None:
    """Put each label beside its mark, within the axes and where no mark or other label is."""
    axes.figure.draw_without_rendering()  # from here on it is known where everything is
    taken = [mark.get_window_extent() for mark in marks]
    for title, place in reversed(labels):  # what all others are compared with is the last one
        found = None
        for offset, horizontal, vertical in _PLACES:
            if found is not None:
                found.remove()
            found = axes.annotate(
                title, place, xytext=offset, textcoords="offset points", ha=horizontal, va=vertical, fontsize=8,
            )  # fmt: skip
            found.set_in_layout(False)
            box = found.get_window_extent()
            inside = (
                axes.bbox.x0 < box.x0
                and box.x1 < axes.bbox.x1
                and axes.bbox.y0 < box.y0
                and box.y1 < axes.bbox.y1
            )
            if inside and not any(box.overlaps(other) for other in taken):
                break
        taken.append(found.get_window_extent())
