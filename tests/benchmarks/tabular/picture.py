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


def draw(results: Results, tables: Sequence[TableSet], file: Path) -> None:
    """Left: ratios per table, of ours, LightGBM and the networks; right: geometric means against seconds of the processor."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    methods = [m for m in METHODS if m in results.runs and m != BASE]
    with mpl.rc_context({"svg.hashsalt": "tables", "font.size": 9, "savefig.facecolor": "white"}):
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(12, 5.6), layout="constrained", width_ratios=(3, 2)
        )
        _per_table(left, results, methods, [table.name for table in tables])
        _against_time(right, results, [*methods, BASE], [table.name for table in tables])
        figure.savefig(file, metadata={"Date": None})
        plt.close(figure)


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
    for method in methods:
        found = summary(results, method, BASE, names)
        if found is None:
            continue
        axes.plot(found.processor, found.error, MARKS.get(method, "x"), color=COLOURS[method], ms=8)
        some = f" ({found.tables} of {len(names)})" if found.tables < len(names) else ""
        axes.annotate(
            METHODS[method].title.removeprefix("heavywater, ") + some, (found.processor, found.error),
            xytext=(6, 5), textcoords="offset points", fontsize=8,
        )  # fmt: skip
    axes.axhline(1, color="black", lw=1)
    axes.set_xscale("log")
    axes.margins(x=0.25, y=0.12)
    axes.set_xlabel(f"seconds of the processor / those of {METHODS[BASE].title}")
    axes.set_ylabel("error, geometric mean of ratios")
    axes.grid(alpha=0.3)
