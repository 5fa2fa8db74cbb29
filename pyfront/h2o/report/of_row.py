"""The sections about one row of a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..exceptions import H2OValueError
from ..plot.contribution_row import draw_row
from ..plot.dependence import Options, draw_dependence, draw_dependences
from ..plot.dependence_values import check_same_response, row_number
from ..two_dim_table import H2OTwoDimTable
from .explanation import H2OExplanation
from .of_models import Board, beside, no_board, strongest
from .sections import Item, section
from .wanted import Overrides, asked_columns, wanted_of

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

EXPLANATIONS = ("leaderboard", "shap_explain_row", "ice")
TITLES = {
    "leaderboard": (
        "Predictions",
        "What each model predicts for the row; the best model on the frame comes first.",
    ),
    "shap_explain_row": (
        "Contributions",
        "How much each column moves the prediction of this row away from the average of the background (SHAP); together they "
        "make the prediction. Of several classes it is the predicted one.",
    ),
    "ice": (
        "Individual Conditional Expectation",
        "What would be predicted for this row if a column had another value, all else being the same.",
    ),
}


class ExplainingRow:
    """Makes the sections about some models and one row; see `h2o.explanation.explain_row`."""

    def __init__(
        self, models: Sequence[ModelBase], frame: H2OFrame, row_index: int, columns: Any, top: Any,
        overrides: Mapping[str, Any] | None, figsize: tuple[float, float], colormap: str, background: Any, board: Board | None = None,
    ) -> None:  # fmt: skip
        self._models, self._frame, self._board = list(models), frame, board or no_board
        self._row = row_number(frame, row_index)
        self._columns, self._top = asked_columns(frame, columns, top), int(top) if abs(top) < 1e9 else -1
        self._overrides = Overrides(overrides, EXPLANATIONS)
        self._figsize, self._colormap, self._background = figsize, colormap, background
        self._strength: dict[str, float] = {}

    def page(self, include: Any, exclude: Any) -> H2OExplanation:
        """The page with the explanations that are asked for and have a meaning for these models."""
        sections = [
            section(key, *TITLES[key], getattr(self, f"_{key}"), H2OValueError)
            for key in wanted_of(include, exclude, EXPLANATIONS)
            if self._has_meaning(key)
        ]
        names = ", ".join(str(model.model_id) for model in self._models[:4])
        cells = self._frame[self._row : self._row + 1, :].as_data_frame(use_pandas=False, header=True)
        values = ", ".join(
            f"{name} = {value or 'missing'}" for name, value in list(zip(*cells, strict=True))[:30]
        )
        return H2OExplanation(f"Explanation of row {self._row} by {names}", values, sections)

    def _has_meaning(self, key: str) -> bool:
        encoder = any(model._category == "AutoEncoder" for model in self._models)
        return {"leaderboard": len(self._models) > 1 and not encoder, "ice": not encoder}.get(key, True)

    def _leaderboard(self) -> Iterator[Item]:
        check_same_response(self._models)
        order = self._models
        if self._models[0]._trained["response_column_name"] in self._frame.names:
            keys = self._board(self._models, self._frame)["model_id"].as_data_frame(
                use_pandas=False, header=False
            )
            by_key = {model._model_key(): model for model in self._models}
            order = [by_key[key] for (key,) in keys]
        one = self._frame[self._row : self._row + 1, :]
        rows, heads = [], ["model_id"]
        for model in order:
            found = model.predict(one)
            cells = found.as_data_frame().to_numpy(dtype=object).tolist()[0]
            heads = ["model_id", *found.names]
            rows.append([model.model_id, *cells])
        yield Item("", table=H2OTwoDimTable("Predictions", None, heads, cell_values=rows))

    def _shap_explain_row(self) -> Iterator[Item]:
        allowed = ("columns", "top_n_features", "plot_type", "contribution_type", "target")
        size = self._figsize if len(self._models) == 1 else beside(self._figsize)
        options = self._overrides.of(
            "shap_explain_row", allowed, figsize=size, background_frame=self._background
        )
        for model in self._models:
            found = draw_row(model, self._frame, self._row, **options, server=True)
            if not self._strength:
                sizes = zip(found.table["variable"], found.table["contribution"], strict=True)
                self._strength = {name: abs(size or 0.0) for name, size in sizes}
            yield Item(str(model.model_id), found)

    def _ice(self) -> Iterator[Item]:
        allowed = ("target", "max_levels", "nbins", "show_rug", "binary_response_scale")
        chosen = self._overrides.of("ice", allowed, figsize=beside(self._figsize), colormap=self._colormap)
        options = Options(**chosen, row_index=self._row, server=True)
        for name in self._columns_of_interest():
            if len(self._models) == 1:
                yield Item(name, draw_dependence(self._models[0], self._frame, name, options))
            elif self._models[0]._category != "Multinomial" or options.target is not None:
                yield Item(name, draw_dependences(self._models, self._frame, name, options))

    def _columns_of_interest(self) -> list[str]:
        if self._columns is not None:
            return self._columns
        return strongest(self._models[0], self._frame, self._strength, self._top)
