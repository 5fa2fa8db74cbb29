"""What a model of two classes does at each threshold: curves, and the matrix that a slider moves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ....deeplearning.metrics.labels import label_of
from ..charts.line_chart import lines
from .confusion import Confusion

# What the slider shows beside the matrix: name in the table of thresholds, and how it is called.
SHOWN = {
    name: label_of(name)
    for name in (
        "f1",
        "accuracy",
        "precision",
        "recall",
        "specificity",
        "absolute_mcc",
        "mean_per_class_accuracy",
    )
}
# Those of the criteria that are no counts or rates, which are greatest at one of the ends.
_CRITERIA = {
    f"max {name}": label_of(name)
    for name in (
        "f1", "f2", "f0point5", "accuracy", "precision", "recall", "specificity", "absolute_mcc", "min_per_class_accuracy",
        "mean_per_class_accuracy",
    )
}  # fmt: skip
_MOST_LISTED = 100
_COUNTS = ("tns", "fps", "fns", "tps")


class Thresholds:
    """The table of thresholds of some metrics.

    Parameters
    ----------
    metrics : mapping
        Of a model of two classes.
    """

    def __init__(self, metrics: Mapping[str, Any]) -> None:
        table = metrics["thresholds_and_metric_scores"]
        self.names: list[str] = list(table["columns"])
        self.rows: list[list[Any]] = table["rows"]
        self.domain: list[str] = list(metrics["domain"])
        self._criteria: list[list[Any]] = (metrics.get("max_criteria_and_metric_scores") or {}).get(
            "rows", []
        )

    @classmethod
    def of(cls, metrics: Mapping[str, Any] | None) -> Thresholds | None:
        """That of some metrics, None where they have none."""
        table = (metrics or {}).get("thresholds_and_metric_scores")
        return cls(metrics) if metrics and table and table["rows"] and len(metrics["domain"]) == 2 else None

    def criteria(self) -> list[tuple[str, float, float]]:
        """What each metric reaches, and at which threshold: how it is called, value, threshold."""
        return [
            (_CRITERIA[name], value, threshold)
            for name, threshold, value, _ in self._criteria
            if name in _CRITERIA and threshold is not None
        ]

    def best(self) -> int:
        """The line where F1 is greatest."""
        return next(
            (int(line) for name, _, _, line in self._criteria if name == "max f1" and line is not None), 0
        )

    def column(self, name: str) -> list[Any]:
        """A column of the table."""
        position = self.names.index(name)
        return [row[position] for row in self.rows]

    def nearest(self, threshold: float) -> int:
        """The line that is meant by a threshold: the nearest one."""
        found = self.column("threshold")
        return min(range(len(found)), key=lambda line: abs(found[line] - threshold))

    def at(self, line: int) -> dict[str, Any]:
        """A line of the table by the names of its columns."""
        return dict(zip(self.names, self.rows[line], strict=True))

    def matrix(self, line: int) -> Confusion:
        """The matrix of a line."""
        tn, fp, fn, tp = (self.at(line)[name] for name in _COUNTS)
        return Confusion(self.domain, [[tn, fp], [fn, tp]])

    def for_script(self) -> dict[str, list[Any]]:
        """The columns that the slider needs."""
        names = ("threshold", *_COUNTS, *(name for name in SHOWN if name in self.names), "fpr")
        return {name: [_plain(value) for value in self.column(name)] for name in names}

    def listed(self, *names: str) -> list[list[Any]]:
        """Some columns, and of many lines a part: for the table behind a picture."""
        every = max(1, len(self.rows) // _MOST_LISTED)
        return [list(line) for line in list(zip(*map(self.column, names), strict=True))[::every]]

    def roc(self) -> tuple[list[float], list[float]]:
        """Points of the ROC curve: share of the first class called the second, and of the second class found."""
        return [0.0, *self.column("fpr"), 1.0], [0.0, *self.column("tpr"), 1.0]

    def precision_recall(self) -> tuple[list[float], list[float]]:
        """Points of the curve of recall and precision."""
        pairs = [
            (recall, precision)
            for recall, precision in zip(self.column("recall"), self.column("precision"), strict=True)
            if not math.isnan(precision)
        ]
        return [recall for recall, _ in pairs], [precision for _, precision in pairs]


def curves_of(tables: Mapping[str, Thresholds], at: Mapping[str, Any] | None = None) -> dict[str, Markup]:
    """Pictures ``roc`` and ``precision_recall`` of some tables, by what they are called.

    Parameters
    ----------
    tables : mapping of str to Thresholds
    at : mapping, optional
        The line of a table that is marked, see `Thresholds.at`.
    """
    mark = "" if at is None else f"{at['threshold']:.4g}"
    return {
        "roc": lines(
            "ROC curve",
            {name: table.roc() for name, table in tables.items()},
            x_label="false positive rate",
            y_label="true positive rate",
            diagonal=True,
            within_x=(0, 1),
            within_y=(0, 1),
            marks=[] if at is None else [(at["fpr"], mark)],
        ),
        "precision_recall": lines(
            "Precision over recall",
            {name: table.precision_recall() for name, table in tables.items()},
            x_label="recall",
            y_label="precision",
            within_x=(0, 1),
            within_y=(0, 1),
            marks=[] if at is None else [(at["recall"], mark)],
        ),
    }


def _plain(value: Any) -> Any:
    """A number as JSON knows it."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
