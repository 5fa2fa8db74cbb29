"""Models side by side: what differs, who is better by which metric, and the curves of all."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ....deeplearning.metrics.labels import HISTORY, label_of
from ..basics.wording import members_of
from ..scores.metric_words import METRICS, PARTS, main_metric, value_of
from .grid_views import cell

MOST = 20  # models: more columns, and more curves, nobody can tell from each other
CURVES = {"validation": "Validation", "training": "Training", "both": "Both"}
AGAINST = {"epochs": "Epochs", "seconds": "Seconds", "samples": "Samples"}
_POINTS = 20  # of each curve in the table behind the picture
_ABOUT = {"training_frame": "Frame", "validation_frame": "Validation frame", "response_column": "Response"}
_WEIGHTS = re.compile(r"(?:(\d+) members of )?([\d,]+) weights/biases")
_DURATION = re.compile(r"(?:(\d+) min)?\s*([\d.]+) sec")


class ComparedRow(NamedTuple):
    """A row of a table: what it tells, a value for each model, and which of them are the best."""

    label: str
    values: list[Any]
    best: frozenset[int] = frozenset()
    hint: str = ""


class Compared:
    """Some models.

    Parameters
    ----------
    told : sequence of mappings
        Their descriptions.
    """

    def __init__(self, told: Sequence[Mapping[str, Any]]) -> None:
        self.told = told
        self.keys = [each["model_id"] for each in told]

    @property
    def alike(self) -> bool:
        """Whether all answer the same question, so that one can be the best."""
        return len({(each["model_category"], each["response_column"]) for each in self.told}) == 1

    def remarks(self) -> list[str]:
        """What one has to know to judge the numbers."""
        found = []
        kinds = _distinct(each["model_category"] for each in self.told)
        responses = _distinct(each["response_column"] for each in self.told)
        if len(kinds) > 1:
            found.append(
                f"These models are of different kinds ({', '.join(map(str, kinds))}): the metrics that they share stand first, "
                "and none is marked as the best."
            )
        elif len(responses) > 1:
            names = ", ".join("none" if each is None else str(each)[:100] for each in responses)
            found.append(f"These models have different responses ({names}): none is marked as the best.")
        for name, part in (("training_frame", "training"), ("validation_frame", "validation")):
            frames = _distinct(each.get(name) for each in self.told if each.get(f"{part}_metrics"))
            if len(frames) > 1:
                told = ", ".join(
                    "a frame without a name" if each is None else str(each)[:100] for each in frames
                )
                found.append(f"Metrics of {part} data are of different frames: {told}.")
        return found

    # ---- metrics

    def metrics(self) -> list[tuple[str, list[ComparedRow]]]:
        """For each kind of data a row for each metric that a model has; those that all have come first."""
        found = []
        for part, title in PARTS.items():
            parts = [each.get(f"{part}_metrics") for each in self.told]
            rows = [self._row(metric, parts) for metric in METRICS]
            rows = [row for row in rows if any(value is not None for value in row.values)]
            if rows:
                found.append((title, sorted(rows, key=lambda row: None in row.values)))
        return found

    def _row(self, metric: str, parts: Sequence[Mapping[str, Any] | None]) -> ComparedRow:
        values = [value_of(each, metric) for each in parts]
        greater = METRICS[metric].greater
        hint = "" if greater is None else "more is better" if greater else "less is better"
        return ComparedRow(label_of(metric), values, self._best(values, greater), hint)

    def _best(self, values: Sequence[float | None], greater: bool | None) -> frozenset[int]:
        there = [value for value in values if value is not None]
        if greater is None or not self.alike or len(there) < 2 or len(set(there)) < 2:
            return frozenset()
        best = max(there) if greater else min(there)
        return frozenset(number for number, value in enumerate(values) if value == best)

    # ---- parameters and facts

    def parameters(self) -> tuple[list[ComparedRow], list[ComparedRow]]:
        """A row for each parameter whose values differ, and for each that is the same."""
        names = _distinct(name for each in self.told for name in each["parameters"])
        rows = [ComparedRow(label, [each.get(name) for each in self.told]) for name, label in _ABOUT.items()]
        rows += [
            ComparedRow(name, [each["parameters"].get(name, {}).get("actual") for each in self.told])
            for name in names
            if name not in (*_ABOUT, "model_id")
        ]
        differ = [len({_spelled(value) for value in row.values}) > 1 for row in rows]
        shown = [row._replace(values=[cell(value) for value in row.values]) for row in rows]
        return (
            [row for row, differs in zip(shown, differ, strict=True) if differs],
            [row for row, differs in zip(shown, differ, strict=True) if not differs],
        )

    def facts(self) -> list[ComparedRow]:
        """Sizes and times."""
        run_times = [each.get("run_time") for each in self.told]
        seconds = [None if each is None else each / 1000 for each in run_times]
        samples = [each.get("samples") for each in self.told]
        speeds = [round(n / s) if n and s else None for n, s in zip(samples, seconds, strict=True)]
        members = [members_of(each) for each in self.told]
        return [
            ComparedRow("Kind", [each["model_category"] for each in self.told]),
            ComparedRow("Units of the layers", [", ".join(_units(each)) for each in self.told]),
            *([ComparedRow("Members", members)] if max(members) > 1 else []),
            ComparedRow("Weights and biases", [_weights(each) for each in self.told]),
            ComparedRow("Seconds", seconds),
            ComparedRow("Epochs", [each.get("epochs") for each in self.told]),
            ComparedRow("Samples", samples),
            ComparedRow("Samples per second", speeds),
            ComparedRow("Threads", [each.get("threads") for each in self.told]),
            ComparedRow("Ended because", [each.get("stopped_because") for each in self.told]),
        ]

    # ---- curves

    def curve_metrics(self) -> dict[str, str]:
        """The metrics that some history has, and how they are called; those of the most models first."""
        counts = {name: sum(_has(each, name) for each in self.told) for name in HISTORY}
        return {
            name: label_of(HISTORY[name])
            for name in sorted(HISTORY, key=lambda name: -counts[name])
            if counts[name]
        }

    def usual_curve(self) -> str:
        """The metric that is shown first: the main one of the first model, if all have it."""
        choices = self.curve_metrics()
        shared = [name for name in choices if all(_has(each, name) for each in self.told)]
        main = [name for name in choices if HISTORY[name] == main_metric(self.told[0]["model_category"])]
        return next(iter([*(name for name in main if name in shared), *shared, *main, *choices]), "")

    def usual_data(self) -> str:
        """Validation, if all models have it."""
        names = [_names(each) for each in self.told]
        return (
            "validation"
            if all(any(n.startswith("validation_") for n in each) for each in names)
            else "training"
        )

    def without(self, metric: str, data: str) -> list[str]:
        """The models that have no such curve."""
        wanted = {f"{part}_{metric}" for part in _parts(data)}
        return [each["model_id"] for each in self.told if not wanted & set(_names(each))]

    def curves(self, metric: str, data: str, against: str) -> dict[str, tuple[list[Any], list[Any]]]:
        """Places and values of each model that has them, by its name."""
        found = {}
        for told in self.told:
            x = _column(told, against)
            for part in _parts(data):
                if f"{part}_{metric}" in _names(told):
                    name = f"{told['model_id']}, {part}" if data == "both" else told["model_id"]
                    found[name] = (x, _column(told, f"{part}_{metric}"))
        return found


def points_behind(curves: Mapping[str, tuple[list[Any], list[Any]]]) -> list[list[Any]]:
    """Name, place and value of some points of each curve, the last one among them."""
    found = []
    for name, (x, y) in curves.items():
        every = max(1, -(-len(x) // _POINTS))
        chosen = sorted({*range(0, len(x), every), len(x) - 1} if x else [])
        found += [[name, x[number], y[number]] for number in chosen]
    return found


def _distinct(values: Any) -> list[Any]:
    return list(dict.fromkeys(values))


def _spelled(value: Any) -> str:
    """A text that is the same for equal values: 1 and 1.0 are."""
    return json.dumps(
        float(value) if isinstance(value, int) and not isinstance(value, bool) else value, default=str
    )


def _units(told: Mapping[str, Any]) -> list[str]:
    return [str(row[1]) for row in told["model_summary"]["rows"]]


def _weights(told: Mapping[str, Any]) -> int | None:
    found = _WEIGHTS.search(told["model_summary"]["description"])
    return None if found is None else int(found[1] or 1) * int(found[2].replace(",", ""))


def _parts(data: str) -> tuple[str, ...]:
    return ("training", "validation") if data == "both" else (data,)


def _names(told: Mapping[str, Any]) -> list[str]:
    table = told.get("scoring_history")
    return [] if table is None else list(table["columns"])


def _has(told: Mapping[str, Any], metric: str) -> bool:
    names = _names(told)
    return f"training_{metric}" in names or f"validation_{metric}" in names


def _column(told: Mapping[str, Any], name: str) -> list[Any]:
    """A column of the scoring history; ``seconds`` is made of the text that it has."""
    table = told["scoring_history"]
    at = table["columns"].index("duration" if name == "seconds" else name)
    values = [row[at] for row in table["rows"]]
    return [_seconds(each) for each in values] if name == "seconds" else values


def _seconds(text: str | None) -> float:
    found = _DURATION.search(text or "")
    return math.nan if found is None else 60 * int(found[1] or 0) + float(found[2])
