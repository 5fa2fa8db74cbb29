"""The figure of the README, and the figures that texts quote: ``python -m tests.benchmarks.figure``, after a change of ``results``.

The picture says in its description what it was made of, so that a test can tell whether it is stale.
"""

from __future__ import annotations

import json
from typing import Any

from .quoted import COMPARED, DOCUMENTS, ROOT, accuracies, by_table, renewed, speeds

PICTURES = ROOT / "docs" / "pictures"
COLOURS = {
    "benchmarks.svg": {"paper": "white", "ink": "#1f2328", "line": "#d0d7de", "H2O": "#0969da", "PyTorch": "#bc4c00",
                       "ours": "#0969da", "rival": "#8c959f"},
    "benchmarks-dark.svg": {"paper": "#0d1117", "ink": "#e6edf3", "line": "#30363d", "H2O": "#58a6ff", "PyTorch": "#f0883e",
                            "ours": "#58a6ff", "rival": "#8b949e"},
}  # fmt: skip
OURS = ("best", "tabular", "default")


def main() -> None:
    """Write the pictures, and what documents quote."""
    for name in COLOURS:
        draw(name)
    for name in DOCUMENTS:
        path = ROOT / name
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


def description() -> str:
    """The figures that are drawn, as text."""
    fast = [
        [each.title, each.peer, *(f"{v:.4g}" for v in (each.ratio, each.error, each.peer_error))]
        for each in speeds()
    ]
    good = [
        [method, f"{each.error:.4g}", *(f"{v:.4g}" for v in by_table(method))]
        for method, each in accuracies().items()
    ]
    return json.dumps([fast, good])


def draw(name: str) -> None:
    """Left: rows per second beside H2O and PyTorch; right: errors on tables beside HistGradientBoosting."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    colours = COLOURS[name]
    style: Any = dict.fromkeys(
        ("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), colours["ink"]
    )
    style |= dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), colours["paper"])
    with mpl.rc_context(
        {"svg.hashsalt": "figure", "font.size": 9.5, "axes.edgecolor": colours["line"], **style}
    ):
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(12.5, 4.1), layout="constrained", width_ratios=(1.25, 1)
        )
        _fast(left, colours)
        _good(right, colours)
        for axes in (left, right):
            axes.spines[["top", "right", "left"]].set_visible(False)
            axes.tick_params(length=0)
            axes.grid(axis="x", color=colours["line"], lw=0.6)
            axes.set_axisbelow(True)
        figure.savefig(PICTURES / name, metadata={"Date": None, "Description": description()})
        plt.close(figure)


def _fast(axes: Any, colours: dict[str, str]) -> None:
    found = speeds()
    for y, each in enumerate(found):
        axes.barh(y, each.ratio, left=0, height=0.66, color=colours[each.peer])
        says = (
            f"{each.ratio:.2g} x {each.peer}   (error {each.error:.1%}; {each.peer}'s {each.peer_error:.1%})"
        )
        axes.annotate(
            says, (each.ratio, y), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8
        )
    axes.axvline(1, color=colours["ink"], lw=1)
    axes.set_yticks(range(len(found)), [each.title for each in found])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(1, 900)
    axes.set_xticks((1, 2, 5, 10, 20, 50, 100), ("1", "2", "5", "10", "20", "50", "100"))
    axes.minorticks_off()
    axes.set_title(
        "Training on two threads: speed beside H2O and PyTorch", loc="left", fontsize=10, weight="bold"
    )
    axes.set_xlabel("rows per second, those of the other are 1; behind it test errors")


def _good(axes: Any, colours: dict[str, str]) -> None:
    found = accuracies()
    for y, (method, each) in enumerate(found.items()):
        colour = colours["ours" if method in OURS else "rival"]
        axes.scatter(by_table(method), [y] * each.tables, s=14, color=colour, alpha=0.4, lw=0)
        axes.scatter([each.error], [y], s=70, marker="D", color=colour)
        axes.annotate(
            f"{each.error:.2f}",
            (each.error, y),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    axes.axvline(1, color=colours["ink"], lw=1)
    axes.set_yticks(range(len(found)), [COMPARED[method] for method in found])
    axes.set_ylim(len(found) - 0.4, -0.7)
    axes.set_xscale("log")
    axes.set_xticks((0.6, 0.8, 1, 1.2, 1.5, 2), ("0.6", "0.8", "1", "1.2", "1.5", "2"))
    axes.minorticks_off()
    tables = max(each.tables for each in found.values())
    axes.set_title(f"Errors on {tables} tables", loc="left", fontsize=10, weight="bold")
    axes.set_xlabel("beside HistGradientBoosting's")


if __name__ == "__main__":
    main()
