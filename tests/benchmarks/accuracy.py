"""Accuracy on held-out rows beside the real H2O's: ``python -m tests.benchmarks.accuracy REFERENCE DATA``.

REFERENCE holds accuracy.csv, datasets.json, configs.json and splits/ (rows of train and test, counted from 0), DATA the
files that datasets.json names. Trains with our defaults where the configuration says nothing, and prints one line per data
set, configuration, number of epochs and metric. Takes minutes; --datasets, --configs and --seeds make it shorter.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

METRICS = {
    "binomial": ("auc", "logloss", "error"),
    "multinomial": ("logloss", "error"),
    "regression": ("rmse", "mae"),
}
MORE_IS_BETTER = ("auc",)
SINGLE_RUN_SPREAD = 0.05  # share of the mean that counts as spread where H2O was run once
HEAD = ["data", "config", "epochs", "metric", "H2O", "sd", "runs", "ours", "sd", "runs", "verdict"]


@dataclass(frozen=True)
class Cell:
    """Mean and spread of a metric over seeds."""

    mean: float
    sd: float
    runs: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Cell:
        return cls(
            statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else math.nan, len(values)
        )


def verdict(metric: str, theirs: Cell, ours: Cell) -> str:
    """Better or worse when the means differ by more than the spread of H2O's runs, else same."""
    spread = SINGLE_RUN_SPREAD * abs(theirs.mean) if math.isnan(theirs.sd) else theirs.sd
    gain = (ours.mean - theirs.mean) * (1 if metric in MORE_IS_BETTER else -1)
    return "same" if abs(gain) <= spread else "better" if gain > 0 else "WORSE"


def reference(folder: Path) -> dict[tuple[str, str, float, str], Cell]:
    """H2O's figures by data set, configuration, epochs and metric."""
    with open(folder / "accuracy.csv", newline="") as file:
        return {
            (row["dataset"], row["config"], float(row["epochs"]), row["metric"]): Cell(
                float(row["mean"]), float(row["sd"]), int(row["seeds"])
            )
            for row in csv.DictReader(file)
        }


def frames(folder: Path, data: Path, name: str, description: dict[str, Any]) -> tuple[Any, Any]:
    """Training and test frame, cut out of one imported frame."""
    import h2o

    frame = h2o.import_file(str(data / description["file"]))
    for column in description["as_factor"]:
        frame[column] = frame[column].asfactor()
    parts = [
        list(map(int, (folder / "splits" / f"{name}_{part}.txt").read_text().split()))
        for part in ("train", "test")
    ]
    return frame[parts[0], :], frame[parts[1], :]


def metrics_of(performance: Any, kind: str) -> dict[str, float]:
    """The compared metrics of test rows."""
    if kind == "regression":
        return {"rmse": performance.rmse(), "mae": performance.mae()}
    found = {"logloss": performance.logloss()}
    if kind == "binomial":
        counts = performance.confusion_matrix().to_list()
        return found | {"auc": performance.auc(), "error": _error(counts)}
    counts = [row[:-2] for row in performance.confusion_matrix().cell_values[:-1]]
    return found | {"error": _error(counts)}


def _error(counts: list[list[float]]) -> float:
    return 1 - sum(row[i] for i, row in enumerate(counts)) / sum(map(sum, counts))


def run(
    train: Any, test: Any, description: dict[str, Any], parameters: dict[str, Any], seed: int
) -> dict[str, float]:
    """Train once; metrics of the test rows."""
    from h2o.estimators import H2ODeepLearningEstimator

    y = description["y"]
    x = [name for name in train.names if name != y and name not in description["ignored"]]
    model = H2ODeepLearningEstimator(seed=seed, **description["params"], **parameters)
    model.train(x=x, y=y, training_frame=train)
    return metrics_of(model.model_performance(test), description["kind"])


def compare(arguments: argparse.Namespace) -> Iterator[list[str]]:
    """Lines of the table, one configuration after the other."""
    folder, data = arguments.reference, arguments.data
    theirs = reference(folder)
    datasets = json.loads((folder / "datasets.json").read_text())
    configs = json.loads((folder / "configs.json").read_text())
    for name, description in datasets.items():
        if not (data / description["file"]).exists() or name not in (arguments.datasets or datasets):
            continue
        train, test = frames(folder, data, name, description)
        cases = sorted(
            {key[1:3] for key in theirs if key[0] == name and key[1] in (arguments.configs or configs)}
        )
        for config, epochs in cases:
            parameters = configs[config] | {"epochs": epochs}
            runs = [run(train, test, description, parameters, seed) for seed in range(1, arguments.seeds + 1)]
            for metric in METRICS[description["kind"]]:
                a, b = theirs[name, config, epochs, metric], Cell.of([r[metric] for r in runs])
                figures = [
                    f"{v:.4g}" if isinstance(v, float) else str(v)
                    for c in (a, b)
                    for v in (c.mean, c.sd, c.runs)
                ]
                yield [name, config, f"{epochs:g}", metric, *figures, verdict(metric, a, b)]


def main() -> None:
    """Print the table."""
    import h2o

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "reference", type=Path, help="folder with accuracy.csv, datasets.json, configs.json, splits/"
    )
    parser.add_argument("data", type=Path, help="folder with the data files")
    parser.add_argument("--datasets", nargs="*", help="only these data sets")
    parser.add_argument("--configs", nargs="*", help="only these configurations")
    parser.add_argument("--seeds", type=int, default=4, help="runs with seeds 1, 2, ... (default 4)")
    h2o.init(verbose=False)
    h2o.no_progress()
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD))
    for line in compare(parser.parse_args()):
        print("| " + " | ".join(line) + " |", flush=True)


if __name__ == "__main__":
    main()
