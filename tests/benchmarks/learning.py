"""Test errors on MNIST over seeds, of one version beside another: ``python -m tests.benchmarks.learning --version NAME``.

What makes training faster must not make it learn worse. The nets are those of `workloads`, on so few rows that all of it takes some
minutes; one thread, and no run reproducible, which would leave out what is quick. Errors are kept in ``results/learning.csv``,
one line for each version, net and seed, and ``results/learning.md`` has their means: an older version is measured by the same
command with PYTHONPATH at its checkout, and the first version in the file is what others are compared with.

How to read a line: the difference of two means has the standard error behind it, from the spread of both over the seeds. One
that is more than twice as large, and more than 0.1 points, is hardly chance.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import h2o
from h2o.estimators.deeplearning import H2ODeepLearningEstimator

from vignettes import mnist

from .h2o_tasks import PREDICTORS, RESPONSE, test_error
from .workloads import WORKLOADS

RESULTS = Path(__file__).parent / "results"
SEEDS = (11, 12, 13, 14, 15)
POINTS = 0.1  # of a percent: differences below are none


class Net(NamedTuple):
    """A workload, as often as affordable."""

    workload: str
    rows: int
    epochs: float

    @property
    def title(self) -> str:
        """What the table calls it."""
        title = next(w.title for w in WORKLOADS if w.name == self.workload)
        return f"{title}; {self.rows} rows, {self.epochs:g} epochs"


NETS = (
    Net("default", 20_000, 1),
    Net("sparse", 40_000, 1),
    Net("trial", 60_000, 10),
    Net("regularized", 60_000, 1),
    Net("regularized", 60_000, 10),
    Net("record", 4_000, 1),
    Net("record", 60_000, 1),
)


class Line(NamedTuple):
    """One training."""

    version: str
    net: str
    seed: int
    error: float


def measure(version: str, nets: list[Net], seeds: list[int]) -> Iterator[Line]:
    """Train every net on every seed."""
    h2o.init(nthreads=1)
    h2o.no_progress()
    train, test = (h2o.import_file(str(file)) for file in mnist.fetch())
    for frame in (train, test):
        frame[RESPONSE] = frame[RESPONSE].asfactor()
    for net in nets:
        parameters = next(w.parameters for w in WORKLOADS if w.name == net.workload)
        for seed in seeds:
            model: Any = H2ODeepLearningEstimator(
                **parameters, epochs=net.epochs, seed=seed, score_interval=1e9, stopping_rounds=0,
                overwrite_with_best_model=False, classification_stop=-1,
            )  # fmt: skip
            model.train(x=PREDICTORS, y=RESPONSE, training_frame=train[0 : net.rows, :])
            yield Line(version, net.title, seed, 100 * test_error(model, test))


def table(lines: list[Line]) -> str:
    """Means of all versions; differences from the first one."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        found[line.net][line.version].append(line.error)
    out = ["| net | version | seeds | error, % | difference | standard error |", "|---|---|---|---|---|---|"]
    for net, versions in found.items():
        first: list[float] = []
        for version, errors in versions.items():
            cells = [net, version, str(len(errors)), f"{statistics.fmean(errors):.2f}", "", ""]
            if first:
                difference, deviation = compared(first, errors)
                cells[4:] = [
                    f"{difference:+.2f}" + " worse" * worse(difference, deviation),
                    f"{deviation:.2f}",
                ]
            first = first or errors
            out.append(f"| {' | '.join(cells)} |")
    return "\n".join(out)


def compared(before: list[float], after: list[float]) -> tuple[float, float]:
    """Difference of the means, and its standard error."""
    squares = sum(statistics.variance(x) / len(x) if len(x) > 1 else math.nan for x in (before, after))
    return statistics.fmean(after) - statistics.fmean(before), math.sqrt(squares)


def worse(difference: float, deviation: float) -> bool:
    """Whether it is more than chance."""
    return difference > max(POINTS, 2 * deviation)


def read(path: Path) -> list[Line]:
    """Lines of a file of errors; none where there is no file."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [Line(r["version"], r["net"], int(r["seed"]), float(r["error"])) for r in csv.DictReader(file)]


def write(path: Path, lines: list[Line]) -> None:
    """Write the file of errors, and the page beside it."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Line._fields)
        writer.writerows((*line[:3], f"{line.error:.2f}") for line in lines)
    head = (__doc__ or "").split("\n\n")
    path.with_suffix(".md").write_text(
        f"# Test errors of versions\n\n{head[1]}\n\n{head[2].strip()}\n\n{table(lines)}\n"
    )


def main() -> None:
    """Measure a version, and write the page anew."""
    parser = argparse.ArgumentParser(description="Test errors over seeds, of one version beside others.")
    parser.add_argument("--version", required=True, help="what the table calls what is measured")
    parser.add_argument("--nets", nargs="+", default=[w.name for w in WORKLOADS], help="workloads to measure")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--results", type=Path, default=RESULTS / "learning.csv")
    asked = parser.parse_args()
    for line in measure(asked.version, [n for n in NETS if n.workload in asked.nets], asked.seeds):
        print(*line, flush=True)
        kept = [x for x in read(asked.results) if x[:3] != line[:3]]
        write(asked.results, [*kept, line])


if __name__ == "__main__":
    main()
