"""Scores during training."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from ..two_dim_table import H2OTwoDimTable
from .canvas import BLUE, GREEN, ORANGE, RED, SKY, Path, finish, new_figure
from .drawing import Drawing, table_of
from .labels import figures
from .labels import label as readable
from .result import PlotResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..model.model_base import ModelBase

#: what "AUTO" means, by the kind of model
_DEFAULT = {
    "Binomial": "logloss",
    "Multinomial": "classification_error",
    "Regression": "rmse",
    "AutoEncoder": "rmse",
}
_TIMESTEPS = ("epochs", "samples", "iterations", "duration")
#: names of stopping metrics that the history calls otherwise
_OTHER_NAMES = {
    "aucpr": "pr_auc",
    "lift_top_group": "lift",
    "misclassification": "classification_error",
    "custom_increasing": "custom",
}
_TRAIN, _VALID = "Training", "Validation"
_CV_TRAIN, _CV_VALID = "Training (CV Models)", "Cross-validation"


def scoring_history_plot(
    model: ModelBase,
    timestep: str,
    metric: str,
    *,
    server: bool,
    save_plot_path: Path,
) -> PlotResult:
    """Draw a metric of the training (and validation) data during training, see `ModelPlots.plot`."""
    history = _history(model)
    metric = _metric(model, history, metric)
    if timestep != "AUTO" and timestep not in _TIMESTEPS:
        raise H2OValueError(f"timestep={timestep!r} must be one of AUTO, {', '.join(_TIMESTEPS)}")
    timestep = "epochs" if timestep == "AUTO" else timestep
    figure, axes = new_figure(server)
    _lines(axes, history, timestep, metric, (BLUE, RED))
    axes.set(title="Scoring History", xlabel=_label(timestep), ylabel=metric)
    axes.legend()
    return finish(figure, save_plot_path, show=not server)


def learning_curve_plot(
    model: ModelBase,
    metric: str,
    *,
    cv_ribbon: bool | None,
    cv_lines: bool | None,
    figsize: tuple[float, float],
    colormap: str | None,
    server: bool = False,
) -> Drawing:
    """Draw the learning curve with that of the folds, see `ModelPlots.learning_curve_plot`."""
    history = _history(model)
    name = metric.lower()
    metric = _metric(model, history, "AUTO" if name == "auto" else _OTHER_NAMES.get(name, name), "logloss")
    figure, axes = new_figure(server, figsize)
    folds = [_trained(each) for each in model._output.get("cv_scoring_history") or ()]
    colors = _colors(colormap)
    _fold_curves(axes, folds, metric, cv_ribbon, cv_lines, colors[2:])
    _lines(axes, history, "epochs", metric, colors[:2], marker="o")
    selected = _selected_epochs(history)
    axes.axvline(selected, color=GREEN, label="Selected\nepochs")
    axes.set(title=f"Learning Curve\nfor {readable(model.model_id, 50)}", xlabel="epochs", ylabel=metric)
    axes.grid(True)
    figure.legend(loc="outside right upper")  # ribbons and lines of folds leave no room inside
    shown = [
        "epochs",
        *(c for c in (f"training_{metric}", f"validation_{metric}") if c in history.col_header),
    ]
    table = table_of("Scoring history", shown, list(zip(*history[shown], strict=True)))
    last = history[f"training_{metric}"][-1]
    says = f"Learning curve: {metric} over the epochs, in the end {figures(last)} on the training data; kept is epoch {figures(selected)}"
    return Drawing(figure, table, says)


def _history(model: ModelBase) -> H2OTwoDimTable:
    history: H2OTwoDimTable | None = model._output["scoring_history"]
    if history is None:
        raise H2OValueError(f"model {model.model_id!r} has no scoring history that could be drawn")
    return _trained(history)


def _trained(history: H2OTwoDimTable) -> H2OTwoDimTable:
    """Leave out the scores of an untrained network, which are on another scale, if there are others."""
    trained = sum(samples == 0 for samples in history["samples"])
    return history[trained:] if trained < len(history) else history


def _metric(model: ModelBase, history: H2OTwoDimTable, metric: str, best: str = "") -> str:
    there = [name.removeprefix("training_") for name in history.col_header if name.startswith("training_")]
    there.remove("speed")
    if metric == "AUTO":
        return best if best in there else _DEFAULT[model._category]
    if metric not in there:
        raise H2OValueError(f"metric={metric!r} must be one of AUTO, {', '.join(there)}")
    return metric


def _lines(
    axes: Axes, history: H2OTwoDimTable, timestep: str, metric: str, colors: Sequence[Any], marker: str = "."
) -> None:
    if len(history) > 1 and history["samples"][-1] == history["samples"][-2]:
        history = history[:-1]  # the scores of the best model, when it was put back at the end
    steps = history[timestep] if timestep != "duration" else [_seconds(each) for each in history[timestep]]
    parts = (("training", _TRAIN, colors[0]), ("validation", _VALID, colors[1]))
    for part, label, color in parts:
        if f"{part}_{metric}" in history.col_header:
            axes.plot(steps, _numbers(history, f"{part}_{metric}"), marker=marker, color=color, label=label)


def _numbers(history: H2OTwoDimTable, column: str) -> list[float]:
    return [float("nan") if value is None else float(value) for value in history[column]]


def _seconds(duration: str) -> float:
    """Seconds of a text such as "1 min 12.345 sec"."""
    units = {"hour": 3600.0, "min": 60.0, "sec": 1.0}
    return sum(
        float(number) * units[unit] for number, unit in re.findall(r"([\d.]+) *(hour|min|sec)", duration)
    )


def _label(timestep: str) -> str:
    return "duration [s]" if timestep == "duration" else timestep


def _colors(colormap: str | None) -> list[Any]:
    """Colours of training and validation, and of both in the models of the folds."""
    if colormap is None:
        return [BLUE, RED, SKY, ORANGE]
    from matplotlib import colormaps

    return list(colormaps[colormap](np.linspace(0, 1, 4)))


def _selected_epochs(history: H2OTwoDimTable) -> float:
    """Epochs of the model that was kept: where the scores of the end were first reached."""
    scores = [name for name in history.col_header if name.startswith(("training_", "validation_"))]
    scores.remove("training_speed")
    rows = [repr(row) for row in zip(*history[scores], strict=True)]  # as text, NaN equals NaN
    return float(history["epochs"][rows.index(rows[-1])])


def _fold_curves(
    axes: Axes,
    folds: list[H2OTwoDimTable],
    metric: str,
    ribbon: bool | None,
    lines: bool | None,
    colors: Sequence[Any],
) -> None:
    """Mean and standard deviation over the folds where they were scored at the same epochs, else their lines."""
    parts = (("training", _CV_TRAIN, colors[0]), ("validation", _CV_VALID, colors[1]))
    for part, label, color in parts:
        column = f"{part}_{metric}"
        curves = [(fold["epochs"], _numbers(fold, column)) for fold in folds if column in fold.col_header]
        together = _by_epoch(curves)
        in_step = sum(len(scores) > 1 for scores in together.values()) > 1
        if curves and (ribbon or (ribbon is None and in_step)):
            epochs = sorted(together)
            mean = np.array([np.mean(together[epoch]) for epoch in epochs])
            spread = np.array([np.std(together[epoch]) for epoch in epochs])
            axes.plot(epochs, mean, color=color, label=label)
            axes.fill_between(epochs, mean - spread, mean + spread, color=color, alpha=0.25, linewidth=0)
            label = "_nolegend_"
        if lines or (lines is None and not in_step):
            for epochs, scores in curves:
                axes.plot(epochs, scores, color=color, label=label, linestyle="dotted")
                label = "_nolegend_"


def _by_epoch(curves: list[tuple[list[float], list[float]]]) -> dict[float, list[float]]:
    together: dict[float, list[float]] = defaultdict(list)
    for epochs, scores in curves:
        for epoch, score in zip(epochs, scores, strict=True):
            together[epoch].append(score)
    return together
