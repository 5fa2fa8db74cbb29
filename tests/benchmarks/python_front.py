"""Measure the Python front end: ``python -m tests.benchmarks.python_front`` writes ``results/python.md``; part of ``make bench``.

Answers: of a model with two hidden layers of 32 units on 20 columns, one of them a factor, after a few calls to warm up.
scikit-learn: `h2o.sklearn` beside `MLPClassifier` and `MLPRegressor`, the same hidden layers, the same number of passes over the
same standardised rows, no early stopping, all else as it comes: MLP has batches of 200 rows and Adam, ours rows one by one and
ADADELTA. Scores are those of rows that were not trained. Searches: `GridSearchCV` of 16 candidates, 3 folds, two processes, which
run already.

Medians of the repetitions, ours and the other one in turns; how many cores were busy with other work is said beside them, since
a figure from a disturbed machine says little.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from h2o.sklearn import H2ODeepLearningClassifier, H2ODeepLearningRegressor
from sklearn.datasets import load_digits, make_friedman1
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

from .run import _busy_seconds, _children_seconds

ROW_MS, FRAME_MS = 5.0, 20.0  # targets of answers


@dataclass
class Sizes:
    """How much is measured."""

    repeats: int = 5
    calls: int = 100
    rows: int = 5000
    epochs: int = 30
    hidden: tuple[int, ...] = (64, 64)
    folds: int = 3
    workers: int | None = 2


@dataclass
class Line:
    """One line of the table: seconds of ours, of the other, scores of both, and the most that is wanted."""

    what: str
    ours: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)
    scores: tuple[float, float] | None = None
    most: float | None = None


def main() -> int:
    """Measure, write the table, and say with the exit status whether the targets are reached."""
    began, busy, own = time.monotonic(), _busy_seconds(), _children_seconds() + time.process_time()
    lines = measured(Sizes())
    others = _busy_seconds() - busy - (_children_seconds() + time.process_time() - own)
    text = page(lines, max(0.0, others) / (time.monotonic() - began))
    Path(__file__).with_name("results").joinpath("python.md").write_text(text, encoding="utf-8")
    print(text)
    return int(any(line.most is not None and statistics.median(line.ours) > line.most for line in lines))


def measured(sizes: Sizes) -> list[Line]:
    """All lines of the table."""
    warnings.simplefilter("ignore")
    return [*_answers(sizes), *_beside_mlp(sizes), _search(sizes)]


def page(lines: list[Line], busy: float) -> str:
    """The table as Markdown."""
    head = ["", "ours [ms]", "MLP [ms]", "ratio", "score ours", "MLP", "target"]
    rows = [head, ["---"] * len(head)]
    for line in lines:
        ours, other = statistics.median(line.ours), statistics.median(line.other) if line.other else None
        reached = (
            ""
            if line.most is None
            else f"at most {1000 * line.most:g}: {'yes' if ours <= line.most else '**no**'}"
        )
        scores = ["", ""] if line.scores is None else [f"{score:.4f}" for score in line.scores]
        figures = [
            f"{1000 * ours:.3g}",
            *(["", ""] if other is None else [f"{1000 * other:.3g}", f"{other / ours:.2g}"]),
        ]
        rows.append([line.what, *figures, *scores, reached])
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    note = f"Medians. Cores busy with other work meanwhile: {busy:.2f}. How each figure is taken: `tests/benchmarks/python_front.py`."
    return f"# The Python front end\n\n{table}\n\n{note}\n"


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _answers(sizes: Sizes) -> list[Line]:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(1000, 19)), columns=[f"x{i}" for i in range(19)])
    frame["kind"] = pd.Categorical(rng.choice(["a", "b", "c"], 1000))
    net = H2ODeepLearningClassifier(hidden=(32, 32), epochs=1, random_state=1).fit(frame, frame["x0"] > 0)
    model, row = net.model_, frame.iloc[0].to_dict()
    single = {name: [value] for name, value in row.items()}
    asked: list[tuple[str, Callable[[], Any], float]] = [
        ("model.predict of a row as dict", lambda: model.predict(single), ROW_MS),
        ("h2o.sklearn predict of a row as dict", lambda: net.predict_proba(single), ROW_MS),
        ("h2o.sklearn predict of a row as pandas", lambda: net.predict_proba(frame[:1]), ROW_MS),
        (
            "model.predict of 1 000 rows, pandas to pandas",
            lambda: model.predict(frame),
            FRAME_MS,
        ),
        ("h2o.sklearn predict of 1 000 rows of pandas", lambda: net.predict_proba(frame), FRAME_MS),
    ]
    lines = []
    for what, work, most in asked:
        for _ in range(3):
            work()
        lines.append(Line(what, [_seconds(work) for _ in range(sizes.calls)], most=most / 1000))
    return lines


def _beside_mlp(sizes: Sizes) -> list[Line]:
    digits = load_digits(return_X_y=True)
    friedman = make_friedman1(sizes.rows, n_features=20, noise=1.0, random_state=1)
    net: dict[str, Any] = {
        "hidden": sizes.hidden,
        "epochs": sizes.epochs,
        "stopping_rounds": 0,
        "random_state": 1,
    }
    mlp: dict[str, Any] = {
        "hidden_layer_sizes": sizes.hidden, "max_iter": sizes.epochs, "n_iter_no_change": sizes.epochs + 1, "random_state": 1,
    }  # fmt: skip
    return [
        _compared(
            "MLPClassifier, digits", H2ODeepLearningClassifier(**net), MLPClassifier(**mlp), digits, sizes
        ),
        _compared(
            f"MLPRegressor, friedman1 of {sizes.rows} rows",
            H2ODeepLearningRegressor(**net),
            MLPRegressor(**mlp),
            friedman,
            sizes,
        ),
    ]


def _compared(what: str, ours: Any, other: Any, data: tuple[Any, Any], sizes: Sizes) -> Line:
    """Times and scores of two estimators on the same rows."""
    parts = train_test_split(*data, test_size=0.25, random_state=1)
    scaler = StandardScaler().fit(parts[0])
    train, test = scaler.transform(parts[0]), scaler.transform(parts[1])
    line = Line(what)
    for _ in range(sizes.repeats):
        line.ours.append(_seconds(lambda: ours.fit(train, parts[2])))
        line.other.append(_seconds(lambda: other.fit(train, parts[2])))
    line.scores = ours.score(test, parts[3]), other.score(test, parts[3])
    return line


def _search(sizes: Sizes) -> Line:
    images, digit = load_digits(return_X_y=True)
    images, digit = images[: sizes.rows // 5], digit[: sizes.rows // 5]
    common: dict[str, Any] = {"cv": sizes.folds, "n_jobs": sizes.workers}
    hidden = [(16,), (32,), (16, 16), (32, 32)]
    ours = GridSearchCV(
        H2ODeepLearningClassifier(epochs=10, stopping_rounds=0, random_state=1),
        {"hidden": hidden, "l2": [0.0, 1e-5, 1e-4, 1e-3]},
        **common,
    )
    other = GridSearchCV(
        MLPClassifier(max_iter=10, n_iter_no_change=11, random_state=1),
        {"hidden_layer_sizes": hidden, "alpha": [0.0, 1e-4, 1e-3, 1e-2]},
        **common,
    )
    line = Line("GridSearchCV of 16 candidates, digits")
    for search in (ours, other) if sizes.workers else ():
        search.fit(images[:200], digit[:200])  # the processes are there then
    for _ in range(sizes.repeats):
        line.ours.append(_seconds(lambda: ours.fit(images, digit)))
        line.other.append(_seconds(lambda: other.fit(images, digit)))
    line.scores = float(ours.best_score_), float(other.best_score_)
    return line


if __name__ == "__main__":
    sys.exit(main())
