"""Errors of predictions, row by row: residuals, and reconstruction errors of autoencoders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from .canvas import BLUE, GREY, RED, finish, new_figure

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

Path = str | os.PathLike[str] | None
Array = np.ndarray[Any, np.dtype[np.float64]]


def residual_analysis_plot(
    model: ModelBase, frame: H2OFrame, figsize: tuple[float, float], save_plot_path: Path
) -> Any:
    """Draw residuals against predictions, with their trend and their distributions at the margins."""
    if model._category != "Regression":
        raise H2OValueError(f"residuals need a regression model; {model.model_id!r} is {model._category}")
    response = model._trained["response_column_name"]
    fitted, actual = _values(model.predict(frame)["predict"]), _values(frame[response])
    known = np.isfinite(fitted) & np.isfinite(actual)
    fitted, residuals = fitted[known], (actual - fitted)[known]
    figure, axes = new_figure(False, figsize)
    axes.axhline(0, color="black", linewidth=1)
    axes.scatter(fitted, residuals, color=BLUE, s=16, alpha=0.6, label="rows")
    box = axes.get_xlim(), axes.get_ylim()
    marks: dict[str, Any] = {"color": "black", "alpha": 0.2, "markersize": 16, "linestyle": "none"}
    axes.plot(np.full(len(fitted), box[0][0]), residuals, marker="_", **marks)
    axes.plot(fitted, np.full(len(fitted), box[1][0]), marker="|", **marks)
    if len(np.unique(fitted)) > 1:
        slope, intercept = np.polyfit(fitted, residuals, 1)
        ends = np.array(box[0])
        axes.plot(ends, slope * ends + intercept, color=RED, label="least squares line")
    axes.set(xlim=box[0], ylim=box[1], xlabel="Fitted", ylabel="Residuals (actual - fitted)")
    axes.set_title(f"Residual Analysis for {model.model_id}")
    axes.grid(True)
    axes.legend()
    return finish(figure, save_plot_path, show=False)


def reconstruction_error_plot(
    model: ModelBase, frame: H2OFrame, *, server: bool, save_plot_path: Path
) -> Any:
    """Draw the reconstruction error of each row beside the training error; the result is the frame of errors."""
    found = model.anomaly(frame)
    errors = _values(found)
    figure, axes = new_figure(server)
    from matplotlib.ticker import MaxNLocator  # not before new_figure has said what is missing

    axes.plot(np.arange(1, len(errors) + 1), errors, color=BLUE, marker="o", markersize=4, linewidth=0.8)
    axes.axhline(model.mse(), color=GREY, linestyle="dashed", label="mean of the training data")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(title=f"Reconstruction Error of {model.model_id}", xlabel="row", ylabel="mean squared error")
    axes.legend()
    return finish(figure, save_plot_path, show=not server, result=found)


def _values(frame: H2OFrame) -> Array:
    """The numbers of a frame with one column."""
    return np.asarray(frame.as_data_frame(use_pandas=True).to_numpy(dtype=float)[:, 0])
