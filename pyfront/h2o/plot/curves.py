"""How well classes are told apart: ROC, precision-recall, gains/lift, confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from ..two_dim_table import H2OTwoDimTable
from .canvas import BLUE, GREY, ORANGE, Path, finish, new_figure
from .result import PlotResult, PlottedTuple, decorate_plot_result

if TYPE_CHECKING:
    from ..model.binomial_metrics import H2OBinomialModelMetrics

_GAINS_LIFT = ("both", "gains", "lift")


def roc_plot(
    metrics: H2OBinomialModelMetrics, *, server: bool, save_plot_path: Path, plot: bool
) -> PlottedTuple:
    """Draw the ROC curve; the result is the false and the true positive rates."""
    rates = metrics.roc()
    if not plot:
        return decorate_plot_result(rates)
    figure, axes = new_figure(server, (6, 6))
    axes.plot([0, *rates[0]], [0, *rates[1]], color=BLUE, label=f"AUC = {metrics.auc():.4f}")
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="dotted", label="chance")
    axes.set(title="Receiver Operating Characteristic Curve", aspect="equal")
    axes.set(xlabel="False Positive Rate (FPR)", ylabel="True Positive Rate (TPR)")
    _unit_square(axes)
    return finish(figure, save_plot_path, show=not server, result=rates)


def precision_recall_plot(
    metrics: H2OBinomialModelMetrics, *, server: bool, save_plot_path: Path, plot: bool
) -> PlottedTuple:
    """Draw precision against recall; the result is the recalls and the precisions."""
    found = (metrics.tprs, [precision for _, precision in metrics.precision(thresholds="all")])
    if not plot:
        return decorate_plot_result(found)
    figure, axes = new_figure(server, (6, 6))
    axes.plot(*found, color=BLUE, label=f"AUCPR = {metrics.aucpr():.4f}")
    axes.axhline(found[1][-1], color=GREY, linestyle="dotted", label="chance")  # all rows called positive
    axes.set(title="Precision Recall Curve", aspect="equal")
    axes.set(xlabel="Recall (TP / (TP + FN))", ylabel="Precision (TP / (TP + FP))")
    _unit_square(axes)
    return finish(figure, save_plot_path, show=not server, result=found)


def _unit_square(axes: Any) -> None:
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
    axes.grid(True)
    axes.legend()


def gains_lift_plot(
    metrics: H2OBinomialModelMetrics, kind: str, *, server: bool, save_plot_path: Path, plot: bool
) -> H2OTwoDimTable:
    """Draw gains, lift or both over the share of the rows; the result is the gains/lift table."""
    kind = kind.lower()
    if kind not in _GAINS_LIFT:
        raise H2OValueError(f"type={kind!r} must be one of {', '.join(_GAINS_LIFT)}")
    table = metrics.gains_lift()
    if table is None:
        raise H2OValueError("there is no gains/lift table: gainslift_bins=0, or no row was scored")
    if not plot:
        return decorate_plot_result(table)
    figure, axes = new_figure(server)
    curves = {"gains": ("cumulative_capture_rate", BLUE), "lift": ("cumulative_lift", ORANGE)}
    shown = [curves[each] for each in ("gains", "lift") if kind in ("both", each)]
    share, lines = table["cumulative_data_fraction"], []
    for number, (column, color) in enumerate(shown):
        at = axes if number == 0 else axes.twinx()  # a rate from 0 to 1 and a factor need scales of their own
        label = column.replace("_", " ")
        lines += at.plot(share, table[column], color=color, marker=".", label=label)
        at.set_ylabel(label)
        at.set_ylim(0, None)
    axes.set(title=" / ".join(("Gains", "Lift") if kind == "both" else (kind.capitalize(),)))
    axes.set(xlabel="cumulative data fraction", xlim=(0, None))
    axes.grid(True)
    if kind == "both":  # the curves cross the whole square
        figure.legend(handles=lines, loc="outside lower center", ncols=2)
    else:
        axes.legend()
    return finish(figure, save_plot_path, show=not server, result=table)


def confusion_matrix_plot(
    counts: Sequence[Sequence[float]],
    domain: Sequence[str],
    title: str,
    *,
    server: bool,
    save_plot_path: Path,
) -> PlotResult:
    """Draw a confusion matrix, coloured by the share of the actual class.

    Parameters
    ----------
    counts : sequence of sequences of float
        Rows are actual classes, columns predicted ones.
    domain : sequence of str
        Names of the classes.
    title : str
    server, save_plot_path
        See `ModelPlots.plot`.
    """
    table = np.array(counts, dtype=float)
    share = table / np.maximum(table.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    size = min(4 + 0.5 * len(domain), 14)
    figure, axes = new_figure(server, (size + 1, size))
    image = axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(image, ax=axes, label="share of the actual class", shrink=0.8)
    if len(domain) <= 30:  # more numbers could not be read
        for (i, j), count in np.ndenumerate(table):
            color = "white" if share[i, j] > 0.5 else "black"
            axes.text(j, i, f"{count:g}", ha="center", va="center", color=color)
    _name_classes(axes, domain, size)
    axes.set(title=title, xlabel="Predicted", ylabel="Actual")
    return finish(figure, save_plot_path, show=not server)


def _name_classes(axes: Any, domain: Sequence[str], size: float) -> None:
    """Names at both axes of a square of `size` inches, in letters that do not run into each other."""
    places = range(len(domain))
    letters = min(
        10.0, max(4.0, 72 * 0.7 * size / len(domain) / 1.2)
    )  # in points; the names take what is left
    across: dict[str, Any] = {}
    if len(domain) > 30:
        across = {"rotation": 90}
    elif max(map(len, domain)) > 3:
        across = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(places, labels=domain, fontsize=letters, **across)
    axes.set_yticks(places, labels=domain, fontsize=letters)
