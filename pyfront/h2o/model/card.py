"""What a trained model shows of itself on one screen, as text and as HTML: the same facts in both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heavywater.session.parameters import metric_label

from ..display.tables import format_cell, format_table, html_table, one_line, shortened, within_page
from ..display.templates import markup, rendered
from ..two_dim_table import H2OTwoDimTable
from .common_metrics import titled
from .confusion_matrix import ConfusionMatrix
from .display_items import Items, to_html
from .metrics_base import MetricsBase

_DATA = {
    "training_metrics": "train",
    "validation_metrics": "valid",
    "cross_validation_metrics": "cross-validation",
}
# Which of the numbers of a kind of model are shown.
_SCORES = {
    "Binomial": ("AUC", "pr_auc", "logloss", "mean_per_class_error", "RMSE"),
    "Multinomial": ("classification_error", "logloss", "mean_per_class_error", "RMSE"),
    "Regression": ("RMSE", "mae", "r2", "mean_residual_deviance"),
    "AutoEncoder": ("MSE", "RMSE"),
}
_CURVES = ("logloss", "deviance", "rmse", "mse")  # what the learning curve is of: the first that was scored
_MOST_CLASSES = 6  # of a confusion matrix in the summary
_MOST_INPUTS = 5
_WIDTH, _HEIGHT = 300, 90  # of the learning curve, in pixels


@dataclass(frozen=True)
class Curve:
    """A learning curve.

    Attributes
    ----------
    measure : str
        As people read it.
    epochs : list of float
    lines : dict of str to list of float
        "train" and "valid", where they were scored; NaN where one was not.
    """

    measure: str
    epochs: list[float]
    lines: dict[str, list[float]]

    @classmethod
    def of(cls, history: H2OTwoDimTable | None) -> Curve | None:
        """The one of a scoring history; None where there are fewer than two points."""
        if history is None or "epochs" not in history.col_header:
            return None
        for measure in _CURVES:
            lines = {
                data: [_number(each) for each in history[f"{long}_{measure}"]]
                for data, long in (("train", "training"), ("valid", "validation"))
                if f"{long}_{measure}" in history.col_header
            }
            lines = {data: line for data, line in lines.items() if sum(map(math.isfinite, line)) > 1}
            if lines:
                return cls(metric_label(measure), [_number(each) for each in history["epochs"]], lines)
        return None

    def best(self) -> tuple[str, int]:
        """The line that decides, and where it is lowest."""
        data = "valid" if "valid" in self.lines else "train"
        line = [each if math.isfinite(each) else math.inf for each in self.lines[data]]
        return data, line.index(min(line))

    def text(self) -> str:
        """First, best and last value of the line that decides."""
        data, best = self.best()
        line, ends = self.lines[data], [i for i, each in enumerate(self.lines[data]) if math.isfinite(each)]
        parts = [(ends[0], "first"), (best, "best"), (ends[-1], "last")]
        shown = [
            f"{format_cell(line[i])} at epoch {format_cell(self.epochs[i])} ({name})" for i, name in parts
        ]
        return f"{self.measure} ({data}): " + ", ".join(dict.fromkeys(shown))

    def points(self) -> dict[str, str]:
        """Each line as points of an SVG picture."""
        return {
            data: " ".join(
                f"{x:.1f},{y:.1f}" for x, y in map(self._place, self.epochs, line) if math.isfinite(y)
            )
            for data, line in self.lines.items()
        }

    def marked(self) -> tuple[float, float]:
        """Where the best point is in the picture."""
        data, best = self.best()
        return self._place(self.epochs[best], self.lines[data][best])

    def bounds(self) -> tuple[float, float]:
        """Smallest and largest value of all lines."""
        values = [each for line in self.lines.values() for each in line if math.isfinite(each)]
        return min(values), max(values)

    def _place(self, epoch: float, value: float) -> tuple[float, float]:
        low, high = self.bounds()
        first, last = self.epochs[0], self.epochs[-1]
        x = (epoch - first) / ((last - first) or 1)
        return x * _WIDTH, (1 - (value - low) / ((high - low) or 1)) * _HEIGHT


@dataclass(frozen=True)
class Card:
    """The summary of a model.

    Attributes
    ----------
    name, kind : str
    facts : list of (str, str)
        What it is and how it was trained, by headings.
    heads, scores : list of str, list of lists
        A table of numbers: a row for each measure, a column for each set of data.
    curve : Curve or None
    matrix : H2OTwoDimTable or None
        Confusion matrix on the data that decides.
    sections : list of (str, Items)
        All there is, in parts that are folded in a notebook.
    """

    name: str
    kind: str
    facts: list[tuple[str, str]]
    heads: list[str]
    scores: list[list[Any]]
    curve: Curve | None
    matrix: H2OTwoDimTable | None
    sections: list[tuple[str, Items]]

    @classmethod
    def of(cls, model: Mapping[str, Any], description: Mapping[str, Any]) -> Card:
        """The card of a model.

        Parameters
        ----------
        model : mapping
            Its ``_model_json``.
        description : mapping
            What the session says of it.
        """
        output = model["output"]
        metrics = {data: output[name] for name, data in _DATA.items() if output.get(name) is not None}
        heads, scores = _scores(output["model_category"], metrics)
        return cls(
            name=model["model_id"]["name"],
            kind=f"{model['algo_full_name']}, {output['model_category']}",
            facts=_facts(output, description, model["response_column_name"]),
            heads=heads,
            scores=scores,
            curve=Curve.of(output.get("scoring_history")),
            matrix=_matrix(metrics),
            sections=_sections(output, metrics, description),
        )

    def to_text(self) -> str:
        """For a terminal."""
        width = max(len(head) for head, _ in self.facts)
        facts = [*self.facts, *([] if self.curve is None else [("Curve", self.curve.text())])]
        lines = [within_page(one_line(f"{self.name}  ({self.kind})")), ""]
        lines += [within_page(one_line(f"{head:{width}}  {text}"), " " * (width + 2)) for head, text in facts]
        parts = ["\n".join(lines)]
        if self.scores:
            parts.append(format_table(self.heads, self.scores))
        if self.matrix is not None:
            parts.append(self.matrix.to_text())
        parts.append('All tables: show("full").')
        return "\n\n".join(parts)

    def to_html(self) -> str:
        """For a notebook: nothing but the summary is unfolded."""
        curve = self.curve
        return rendered(
            "model.html",
            card=self,
            name=shortened(self.name, 48, "…"),
            scores=markup(html_table(self.heads, self.scores)) if self.scores else "",
            curve=curve,
            ends=[] if curve is None else [format_cell(each) for each in curve.bounds()],
            epochs=[] if curve is None else [format_cell(curve.epochs[i]) for i in (0, -1)],
            width=_WIDTH,
            height=_HEIGHT,
            matrix="" if self.matrix is None else markup(self.matrix._repr_html_()),
            sections=[(title, markup(to_html(items))) for title, items in self.sections],
        )


def _number(value: Any) -> float:
    return math.nan if value is None or value == "" else float(value)


def _facts(
    output: Mapping[str, Any], description: Mapping[str, Any], response: str | None
) -> list[tuple[str, str]]:
    actual = {name: each["actual"] for name, each in description["parameters"].items()}
    layers = output.get("model_summary")
    units = [] if layers is None else [str(each) for each in layers["units"]]
    found = []
    if response is not None:
        classes = description.get("response_domain")
        found.append(("Response", response if classes is None else f"{response}, {len(classes)} classes"))
    if units:
        members = actual.get("ensemble_size") or 1
        each = f"{members} members of " if members > 1 else ""
        found.append(("Network", f"{each}{' -> '.join(units)}, {actual.get('activation')}"))
    rows = getattr(output.get("training_metrics"), "nobs", lambda: None)()
    held_out = description.get("held_out_rows")
    trained = [
        f"{rows} rows scored" if rows else "",
        f"{held_out} held out" if held_out else "",
        _trained(output, description),
    ]
    found.append(("Training", ", ".join(each for each in trained if each) or "not known"))
    if description.get("epochs_choice"):
        found.append(("Epochs", str(description["epochs_choice"]["sentence"])))
    if description.get("temperature"):
        fitted = description["temperature"]
        found.append(
            (
                "Temperature",
                f"{format_cell(fitted['value'])}, log-loss {format_cell(fitted['logloss_before'])} -> "
                f"{format_cell(fitted['logloss_after'])} on {fitted['rows']} rows of the {fitted['source']}",
            )
        )
    if description.get("stopped_because"):
        found.append(("Ended", str(description["stopped_because"])))
    importances = output.get("variable_importances")
    if importances is not None and len(importances):
        first = list(zip(importances["variable"], importances["percentage"], strict=True))[:_MOST_INPUTS]
        found.append(
            ("Inputs", ", ".join(f"{shortened(str(name), 24)} {share:.0%}" for name, share in first))
        )
    return found


def _trained(output: Mapping[str, Any], description: Mapping[str, Any]) -> str:
    epochs, milliseconds = description.get("epochs"), output.get("run_time")
    parts = [] if epochs is None else [f"{format_cell(float(epochs))} epochs"]
    if milliseconds is not None:
        parts.append(f"{format_cell(milliseconds / 1000)} s")
    return " in ".join(parts)


def _scores(category: str, metrics: Mapping[str, MetricsBase]) -> tuple[list[str], list[list[Any]]]:
    rows = [
        [metric_label(name), *(each[name] for each in metrics.values())]
        for name in _SCORES.get(category, ())
        if any(each[name] is not None for each in metrics.values())
    ]
    own = next((each.custom_metric_name() for each in metrics.values() if each.custom_metric_name()), None)
    if own is not None:
        rows.append([own, *(each.custom_metric_value() for each in metrics.values())])
    return ["", *metrics], rows


def _matrix(metrics: Mapping[str, MetricsBase]) -> H2OTwoDimTable | None:
    """The confusion matrix that counts most, where it is small."""
    data = next((each for each in ("cross-validation", "valid", "train") if each in metrics), None)
    for item in [] if data is None else metrics[data]._tables():
        table = item.table if isinstance(item, ConfusionMatrix) else item
        if str(table.table_header).startswith("Confusion Matrix") and len(table) <= _MOST_CLASSES + 1:
            return titled(table, f"Confusion matrix ({data}): actual classes down, predicted across")
    return None


def _sections(
    output: Mapping[str, Any], metrics: Mapping[str, MetricsBase], description: Mapping[str, Any]
) -> list[tuple[str, Items]]:
    found: list[tuple[str, Items]] = [(f"Metrics: {data}", each._items()) for data, each in metrics.items()]
    tables: Sequence[tuple[str, str]] = (
        ("Cross-validation, fold by fold", "cross_validation_metrics_summary"),
        ("Choice of epochs", "epochs_tried"),
        ("Layers", "model_summary"),
        ("Scoring history", "scoring_history"),
        ("Importance of inputs", "variable_importances"),
    )
    found += [(title, [output[name]]) for title, name in tables if output.get(name) is not None]
    changed = [
        [name, str(each["input"])]
        for name, each in description["parameters"].items()
        if each["input"] != each["default"] and name not in ("model_id", "training_frame", "validation_frame")
    ]
    if changed:
        table = H2OTwoDimTable(
            "Parameters that differ from their defaults", None, ["parameter", "value"], cell_values=changed
        )
        found.append(("Parameters", [table]))
    return found
