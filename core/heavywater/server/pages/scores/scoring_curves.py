"""The scoring history of a model as curves, the best scoring marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ....deeplearning.metrics.labels import HISTORY, label_of
from ..charts.line_chart import lines
from .metric_words import METRICS, PARTS, is_number, main_metric

_PARTS = ("training", "validation")
_MOST_ROWS = 200  # of the table behind the picture


class BestScoring(NamedTuple):
    """Where a metric was best."""

    part: str
    epochs: float
    value: float


class ScoringCurves:
    """A scoring history.

    Parameters
    ----------
    table : mapping or None
        As models and jobs tell it.
    category : str
        Of the model.
    """

    def __init__(self, table: Mapping[str, Any] | None, category: str) -> None:
        self._rows: Sequence[Sequence[Any]] = [] if table is None else table["rows"]
        self._names: list[str] = [] if table is None else list(table["columns"])
        self._main = main_metric(category)

    def choices(self) -> dict[str, str]:
        """The metrics there are curves of, and how they are called."""
        return {
            short: label_of(metric)
            for short, metric in HISTORY.items()
            if any(self._values(part, short) for part in _PARTS)
        }

    def default(self) -> str:
        """The metric that is shown first."""
        choices = self.choices()
        main = next((short for short in choices if HISTORY[short] == self._main), None)
        return main or next(iter(choices), "")

    def _column(self, name: str) -> list[Any]:
        position = self._names.index(name)
        return [row[position] for row in self._rows]

    def _values(self, part: str, short: str) -> list[Any]:
        """The values of a metric, none where all are missing."""
        name = f"{part}_{short}"
        found = self._column(name) if name in self._names else []
        return found if any(is_number(value) for value in found) else []

    def series(self, short: str) -> dict[str, tuple[list[Any], list[Any]]]:
        """The curves of a metric over the epochs, by what they are called."""
        epochs = self._column("epochs") if "epochs" in self._names else list(range(len(self._rows)))
        return {PARTS[part]: (epochs, values) for part in _PARTS if (values := self._values(part, short))}

    def best(self, short: str) -> BestScoring | None:
        """Where a metric was best: on the validation data, where there are any."""
        greater = METRICS[HISTORY[short]].greater
        series = self.series(short)
        if greater is None or not series:
            return None
        part = PARTS["validation"] if PARTS["validation"] in series else PARTS["training"]
        points = [(x, y) for x, y in zip(*series[part], strict=True) if is_number(y)]
        chosen = (max if greater else min)(points, key=lambda point: point[1])
        return BestScoring(part, *chosen)

    def picture(self, short: str) -> Any:
        """The curves as a picture."""
        best, label = self.best(short), label_of(HISTORY[short])
        marks = [] if best is None else [(best.epochs, "best")]
        return lines(f"{label} over epochs", self.series(short), x_label="epochs", y_label=label, marks=marks)

    def table(self, short: str) -> tuple[list[str], list[list[Any]], int]:
        """Names and lines of the table behind the picture, thinned; and how many scorings there are."""
        series = self.series(short)
        every = max(1, -(-len(self._rows) // _MOST_ROWS))
        epochs = next(iter(series.values()))[0] if series else []
        columns = [epochs, *(values for _, values in series.values())]
        chosen = [*range(0, len(epochs), every)]
        if epochs and chosen[-1] != len(epochs) - 1:
            chosen.append(len(epochs) - 1)
        return ["Epochs", *series], [[column[i] for column in columns] for i in chosen], len(self._rows)
