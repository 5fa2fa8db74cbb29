"""The sections about models and the rows of a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from ..exceptions import H2OValueError
from ..plot.contribution_summary import draw_summary
from ..plot.dependence import Options, draw_dependence, draw_dependences
from ..plot.dependence_values import predictors_of
from ..plot.drawing import Drawing
from ..plot.errors import draw_reconstruction_errors, residual_analysis_plot
from ..plot.expectations import draw_expectations
from ..plot.heatmaps import column_importances, draw_agreement, draw_importances
from ..plot.history import learning_curve_plot
from ..plot.importance import draw_column_importances
from ..plot.labels import figures, label
from ..plot.permutations import permutation_plot
from ..two_dim_table import H2OTwoDimTable
from .explanation import H2OExplanation
from .sections import Item, Section, section
from .titles import EXPLANATIONS, TITLES
from .wanted import Overrides, asked_columns, wanted_of

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

#: makes a leaderboard of models on a frame
Board = Callable[[Sequence[Any], Any], Any]
_REFUSED = H2OValueError


def no_board(models: Sequence[Any], frame: Any) -> NoReturn:
    """What is asked for of several models only."""
    raise H2OValueError("a leaderboard needs several models")


class Explaining:
    """Makes the sections about some models and the rows of a frame; see `h2o.explanation.explain`."""

    def __init__(
        self, models: Sequence[ModelBase], frame: H2OFrame, columns: Any, top: Any, overrides: Mapping[str, Any] | None,
        figsize: tuple[float, float], colormaps: tuple[str, str], background: Any, board: Board | None = None,
    ) -> None:  # fmt: skip
        if not frame.nrow:
            raise H2OValueError("the frame has no rows: there is nothing to explain the models by")
        self._models, self._frame, self._board = list(models), frame, board or no_board
        self._columns, self._top = asked_columns(frame, columns, top), int(top) if abs(top) < 1e9 else -1
        self._overrides = Overrides(overrides, EXPLANATIONS)
        self._figsize, self._background = figsize, background
        self._beside = beside(figsize)  # of drawings that stand side by side
        self._of_model = figsize if len(self._models) == 1 else self._beside
        self._qualitative, self._sequential = colormaps
        self._strength: dict[str, float] = {}  # of columns, by the contributions of the first model

    def page(self, include: Any, exclude: Any) -> H2OExplanation:
        """The page with the explanations that are asked for and have a meaning for these models."""
        wanted = wanted_of(include, exclude, EXPLANATIONS)
        sections = [made for key in wanted if (made := self._section(key)) is not None]
        first = self._models[0]
        names = ", ".join(str(model.model_id) for model in self._models[:4])
        more = f" and {len(self._models) - 4} more" if len(self._models) > 4 else ""
        response = first._trained["response_column_name"]
        of = f"response {response}, " if response else ""
        facts = f"{first._category}, {of}{self._frame.nrow:,} rows, {self._frame.ncol} columns"
        return H2OExplanation(f"Explanation of {names}{more}", facts, sections)

    def _section(self, key: str) -> Section | None:
        """A section; None where it has no meaning for these models."""
        if not self._has_meaning(key):
            return None
        return section(key, *TITLES[key], getattr(self, f"_{key}"), _REFUSED)

    def _has_meaning(self, key: str) -> bool:
        kinds, several = {model._category for model in self._models}, len(self._models) > 1
        encoder = "AutoEncoder" in kinds
        if key == "varimp":
            return any(column_importances(model) for model in self._models)
        return {
            "leaderboard": several and not encoder,
            "confusion_matrix": bool(kinds & {"Binomial", "Multinomial"}),
            "residual_analysis": "Regression" in kinds,
            "reconstruction_error": encoder,
            "permutation_importance": not encoder,
            "varimp_heatmap": several and any(column_importances(model) for model in self._models),
            "model_correlation_heatmap": several and not encoder,
            "pdp": not encoder,
            "ice": not several and kinds <= {"Regression", "Binomial"},
        }.get(key, True)

    # --- sections

    def _leaderboard(self) -> Iterator[Item]:
        cells = self._board(self._models, self._frame).as_data_frame()
        yield Item(
            "",
            table=H2OTwoDimTable(
                "Leaderboard", None, list(cells.columns), cell_values=cells.to_numpy().tolist()
            ),
        )

    def _confusion_matrix(self) -> Iterator[Item]:
        self._needs_response()
        for model in self._of_kind("Binomial", "Multinomial"):
            metrics = model.model_performance(self._frame)
            found: Any = metrics.confusion_matrix() if metrics is not None else None
            if found is not None:
                yield Item(str(model.model_id), table=_with_names(getattr(found, "table", found), model))

    def _residual_analysis(self) -> Iterator[Item]:
        self._needs_response()
        options = self._overrides.of("residual_analysis", (), figsize=self._of_model)
        for model in self._of_kind("Regression"):
            yield self._item(model, residual_analysis_plot(model, self._frame, **options, server=True))

    def _reconstruction_error(self) -> Iterator[Item]:
        options = self._overrides.of("reconstruction_error", (), figsize=self._of_model)
        for model in self._of_kind("AutoEncoder"):
            yield self._item(model, draw_reconstruction_errors(model, self._frame, True, **options)[0])

    def _learning_curve(self) -> Iterator[Item]:
        usual = {
            "metric": "AUTO",
            "cv_ribbon": None,
            "cv_lines": None,
            "figsize": self._figsize,
            "colormap": None,
        }
        options = self._overrides.of("learning_curve", (), **usual)
        for model in self._models:
            if model._output["scoring_history"] is not None:
                yield self._item(model, learning_curve_plot(model, **options, server=True))

    def _varimp(self) -> Iterator[Item]:
        options = self._overrides.of("varimp", (), num_of_features=10, figsize=self._of_model)
        top, size = options["num_of_features"], options["figsize"]
        for model in self._models:
            if found := column_importances(model):
                yield self._item(model, draw_column_importances(model, found, top, size, True))

    def _permutation_importance(self) -> Iterator[Item]:
        self._needs_response()
        usual = {"metric": "AUTO", "n_samples": 2000, "n_repeats": 5, "features": None, "seed": 1}
        options = self._overrides.of("permutation_importance", (), **usual, num_of_features=10)
        top = options.pop("num_of_features")
        for model in self._models:
            table = model.permutation_importance(self._frame, **options)
            title = f"Permutation Importance\n{label(model.model_id, 50)}"
            drawn: Any = permutation_plot(table, title, top, server=True, save_plot_path=None)
            names = [f"{name} ({figures(float(mean), 3)})" for name, mean in _means(table)[:5]]
            says = "How much worse the score gets when a column is shuffled; most by " + ", ".join(names)
            yield self._item(model, Drawing(drawn.figure(), table, says))

    def _varimp_heatmap(self) -> Iterator[Item]:
        usual = {
            "num_of_features": 20,
            "cluster": True,
            "colormap": self._sequential,
            "figsize": self._figsize,
        }
        yield Item(
            "",
            draw_importances(self._models, **self._overrides.of("varimp_heatmap", (), **usual), server=True),
        )

    def _model_correlation_heatmap(self) -> Iterator[Item]:
        usual = {
            "cluster_models": True,
            "triangular": True,
            "colormap": self._sequential,
            "figsize": self._figsize,
        }
        options = self._overrides.of("model_correlation_heatmap", (), **usual)
        yield Item("", draw_agreement(self._models, self._frame, **options, server=True))

    def _shap_summary(self) -> Iterator[Item]:
        allowed = (
            "columns",
            "top_n_features",
            "samples",
            "colorize_factors",
            "alpha",
            "colormap",
            "jitter",
            "target",
        )
        options = self._overrides.of(
            "shap_summary", allowed, figsize=self._of_model, background_frame=self._background
        )
        for model in self._models:
            found = draw_summary(model, self._frame, **options, server=True)
            if not self._strength:
                names, sizes = found.table["variable"], found.table["mean_size"]
                for name, size in zip(names, sizes, strict=True):
                    self._strength[name] = self._strength.get(name, 0.0) + (size or 0.0)
            yield self._item(model, found)

    def _pdp(self) -> Iterator[Item]:
        allowed = ("target", "max_levels", "nbins", "show_rug", "binary_response_scale", "row_index")
        chosen = self._overrides.of("pdp", allowed, figsize=self._beside, colormap=self._qualitative)
        options = Options(**chosen, server=True)
        for name in self._columns_of_interest():
            if len(self._models) == 1:
                yield Item(name, draw_dependence(self._models[0], self._frame, name, options))
                continue
            for target in self._targets(options):
                drawn = draw_dependences(self._models, self._frame, name, _with(options, target))
                yield Item(name if target is None else f"{name}, class {target}", drawn)

    def _ice(self) -> Iterator[Item]:
        allowed = ("target", "max_levels", "nbins", "show_rug", "binary_response_scale", "colormap")
        chosen = self._overrides.of("ice", (*allowed, "show_pdp", "centered"), figsize=self._beside)
        how = {name: chosen.pop(name) for name in ("show_pdp", "centered") if name in chosen}
        options = Options(**{"colormap": "plasma", **chosen}, server=True)
        for name in self._columns_of_interest():
            yield Item(name, draw_expectations(self._models[0], self._frame, name, options, **how))

    # --- what they share

    def _of_kind(self, *categories: str) -> list[ModelBase]:
        return [model for model in self._models if model._category in categories]

    def _item(self, model: ModelBase, drawing: Any) -> Item:
        return Item(str(model.model_id), drawing)

    def _needs_response(self) -> None:
        for model in self._models:
            response = model._trained["response_column_name"]
            if response not in self._frame.names:
                raise H2OValueError(
                    f"the frame has no column {response!r}, the response of {model.model_id!r}"
                )

    def _targets(self, options: Options) -> list[str | None]:
        if self._models[0]._category != "Multinomial":
            return [None]
        return (
            [options.target]
            if options.target is not None
            else list(self._models[0]._output["response_domain"])[:4]
        )

    def _columns_of_interest(self) -> list[str]:
        if self._columns is not None:
            return self._columns
        return strongest(self._models[0], self._frame, self._strength, self._top)


def _means(table: H2OTwoDimTable) -> list[tuple[str, float]]:
    """Columns with their importance, of several runs the mean."""
    column = "Mean" if "Mean" in table.col_header else "Relative Importance"
    return list(zip(table["Variable"], table[column], strict=True))


def _with_names(table: H2OTwoDimTable, model: ModelBase) -> H2OTwoDimTable:
    """A confusion matrix with the names of the actual classes in front."""
    domain = [str(each) for each in model._output["response_domain"]]
    heads, rows = table.col_header, table.cell_values
    if len(heads) == len(domain) + 2:  # those of more than two classes have none
        heads, names = ["actual", *heads], [*domain, "Total"]
        rows = [[name, *row] for name, row in zip(names, rows, strict=True)]
    return H2OTwoDimTable("Actual by predicted", None, heads, cell_values=rows)


def _with(options: Options, target: str | None) -> Options:
    return replace(options, target=target)


def beside(figsize: tuple[float, float]) -> tuple[float, float]:
    """Size of drawings that stand side by side, so that their letters can be read there."""
    return max(0.42 * figsize[0], 5.6), max(0.5 * figsize[1], 4.0)


def strongest(model: ModelBase, frame: H2OFrame, strength: Mapping[str, float], top: int) -> list[str]:
    """The strongest predictors that dependence can be shown on: by contributions where told, by importance elsewhere.

    Parameters
    ----------
    model : ModelBase
    frame : H2OFrame
    strength : mapping
        Size of the contributions of each column; empty where they were not asked for.
    top : int
        How many; a negative number: all.
    """
    predictors = predictors_of(model)
    found = strength or column_importances(model)
    order = sorted(predictors, key=lambda name: -found.get(name, 0.0)) if found else predictors
    usable = [name for name in order if name in frame.names and frame.type(name) not in ("string", "uuid")]
    return usable if top < 0 else usable[:top]
