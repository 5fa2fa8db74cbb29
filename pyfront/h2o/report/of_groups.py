"""The sections about groups of rows, and how a model of two classes treats them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..exceptions import H2OValueError
from ..plot.dependence import Options
from ..plot.fairness import (
    draw_group_bars,
    draw_group_contributions,
    draw_group_curves,
    draw_group_dependence,
)
from ..two_dim_table import H2OTwoDimTable
from .explanation import H2OExplanation
from .of_models import beside, strongest
from .sections import Item, section

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

_COLUMNS = 3  # whose dependence is shown
_TITLES = {
    "overview": (
        "Groups",
        "The groups of rows and their metrics. AIR is the adverse impact ratio, the metric of the group divided by that of the "
        "reference; outside of 0.8 to 1.25 (the rule of four fifths) it is worth a look. p.value is that of Fisher's exact "
        "test, whether a group is selected as often as the reference.",
    ),
    "metrics": (
        "Metrics by Group",
        "The largest first; the group of reference is orange. Ratios begin at 1.",
    ),
    "roc": ("ROC by Group", "How well the classes are told apart within each group."),
    "pr": (
        "Precision and Recall by Group",
        "The same by precision, which depends on how frequent the class is in the group.",
    ),
    "pdp": (
        "Partial Dependence by Group",
        "The mean prediction if a column had one value in all rows of the group.",
    ),
    "shap": (
        "Contributions by Group",
        "How much a column moves the predictions in each group, a point for each row.",
    ),
}


@dataclass(frozen=True)
class Groups:
    """What is known of groups of rows: see `h2o.model.fairness.ModelFairness.fairness_metrics`."""

    frame: H2OFrame
    columns: list[str]
    reference: list[str]
    found: dict[str, H2OFrame]
    metrics: list[str]

    @property
    def shown(self) -> list[str]:
        """The metrics that are asked for, and their ratios to the reference."""
        known = self.found["overview"].names
        for name in self.metrics:
            if name not in known:
                raise H2OValueError(f"metrics: {name!r} must be one of {', '.join(known)}")
        return [each for name in self.metrics for each in (name, f"AIR_{name}") if each in known]


def explain_groups(
    model: ModelBase, groups: Groups, figsize: tuple[float, float], background: Any
) -> H2OExplanation:
    """The page about groups of rows."""
    shown, overview, size = groups.shown, groups.found["overview"], beside(figsize)
    columns = strongest(model, groups.frame, {}, _COLUMNS)

    def table() -> Iterator[Item]:
        cells = overview[[*groups.columns, *shown]].as_data_frame()
        rows = cells.astype(object).where(cells.notna(), None).to_numpy().tolist()
        yield Item("", table=H2OTwoDimTable("Groups", None, list(cells.columns), cell_values=rows))

    def bars() -> Iterator[Item]:
        for name in shown:
            drawn = draw_group_bars(overview, groups.columns, name, ",".join(groups.reference), size, True)
            yield Item(name, drawn)

    def curves(kind: str) -> Iterator[Item]:
        yield Item("", draw_group_curves(kind, groups.found, figsize, True))

    def dependence() -> Iterator[Item]:
        for name in columns:
            options = Options(figsize=size, server=True)
            yield Item(name, draw_group_dependence(model, groups.frame, name, groups.columns, options, True))

    def contributions() -> Iterator[Item]:
        for name in columns:
            drawn = draw_group_contributions(
                model, groups.frame, name, groups.columns, figsize=size, background_frame=background, server=True
            )  # fmt: skip
            yield Item(name, drawn)

    makers = {
        "overview": table, "metrics": bars, "roc": lambda: curves("roc"), "pr": lambda: curves("pr"), "pdp": dependence,
        "shap": contributions,
    }  # fmt: skip
    sections = [section(key, *_TITLES[key], makers[key], H2OValueError) for key in _TITLES]
    facts = f"Groups by {', '.join(groups.columns)}; compared with {', '.join(groups.reference) or 'the largest one'}"
    return H2OExplanation(f"How {model.model_id} treats groups of rows", facts, sections)
