"""Errors of predictions, row by row: residuals, and reconstruction errors of autoencoders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..exceptions import H2OValueError
from .canvas import BLUE, GREY, RED, Path, finish, new_figure
from .drawing import Array, Drawing, table_of
from .labels import figures, label

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

_SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
_MANY = 2000  # points that are drawn as one picture in files of curves


def residual_analysis_plot(
    model: ModelBase, frame: H2OFrame, figsize: tuple[float, float], server: bool = False
) -> Drawing:
    """Draw residuals against predictions, with their trend and their distributions at the margins."""
    if model._category != "Regression":
        raise H2OValueError(f"residuals need a regression model; {model.model_id!r} is {model._category}")
    response = model._trained["response_column_name"]
    fitted, actual = _values(model.predict(frame)["predict"]), _values(frame[response])
    known = np.isfinite(fitted) & np.isfinite(actual)
    fitted, residuals = fitted[known], (actual - fitted)[known]
    figure, axes = new_figure(server, figsize)
    axes.axhline(0, color="black", linewidth=1)
    axes.scatter(fitted, residuals, color=BLUE, s=16, alpha=0.6, label="rows", rasterized=len(fitted) > _MANY)
    box = axes.get_xlim(), axes.get_ylim()
    marks: dict[str, Any] = {"color": "black", "alpha": 0.2, "markersize": 16, "linestyle": "none"}
    marks["rasterized"] = len(fitted) > _MANY
    axes.plot(np.full(len(fitted), box[0][0]), residuals, marker="_", **marks)
    axes.plot(fitted, np.full(len(fitted), box[1][0]), marker="|", **marks)
    slope = 0.0
    if len(np.unique(fitted)) > 1:
        slope, intercept = np.polyfit(fitted, residuals, 1)
        ends = np.array(box[0])
        axes.plot(ends, slope * ends + intercept, color=RED, label="least squares line")
    axes.set(xlim=box[0], ylim=box[1], xlabel="Fitted", ylabel="Residuals (actual - fitted)")
    axes.set_title(f"Residual Analysis for {label(model.model_id, 50)}")
    axes.grid(True)
    axes.legend()
    shares = np.quantile(residuals, _SHARES) if len(residuals) else [np.nan] * len(_SHARES)
    table = table_of("Residuals", ["quantile", "residual"], list(zip(_SHARES, shares, strict=True)))
    says = (
        f"Residuals of {len(fitted)} rows, half of them from {figures(shares[2], 3)} to {figures(shares[4], 3)}; "
        f"slope of their line over the fitted values {figures(slope, 3)}"
    )
    return Drawing(figure, table, says)


def reconstruction_error_plot(
    model: ModelBase, frame: H2OFrame, *, server: bool, save_plot_path: Path
) -> H2OFrame:
    """Draw the reconstruction error of each row beside the training error; the result is the frame of errors."""
    drawn, found = draw_reconstruction_errors(model, frame, server)
    return finish(drawn.figure, save_plot_path, show=not server, result=found)


def draw_reconstruction_errors(
    model: ModelBase, frame: H2OFrame, server: bool, figsize: tuple[float, float] = (7, 5)
) -> tuple[Drawing, H2OFrame]:
    """Draw the reconstruction error of each row; also the frame of errors."""
    found = model.anomaly(frame)
    errors = _values(found)
    figure, axes = new_figure(server, figsize)
    from matplotlib.ticker import MaxNLocator  # not before new_figure has said what is missing

    axes.plot(np.arange(1, len(errors) + 1), errors, color=BLUE, marker="o", markersize=4, linewidth=0.8)
    axes.axhline(model.mse(), color=GREY, linestyle="dashed", label="mean of the training data")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    title = f"Reconstruction Error of {label(model.model_id, 50)}"
    axes.set(title=title, xlabel="row", ylabel="mean squared error")
    axes.legend()
    known = np.flatnonzero(np.isfinite(errors))
    worst = known[np.argsort(-errors[known], kind="stable")][:20]
    table = table_of("Largest errors", ["row", "error"], [[i, errors[i]] for i in worst])
    says = f"Reconstruction errors of {len(errors)} rows" + (
        f", the largest {figures(errors[worst[0]], 3)} in row {worst[0]}" if len(worst) else ""
    )
    return Drawing(figure, table, says), found


def _values(frame: H2OFrame) -> Array:
    """The numbers of a frame with one column."""
    return np.asarray(frame.as_data_frame(use_pandas=True).to_numpy(dtype=float)[:, 0])
