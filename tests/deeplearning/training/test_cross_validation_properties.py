"""Cross-validation of random small frames under random parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.session import LocalSession
from hypothesis import given, settings
from hypothesis import strategies as st

from ...sessions import finished

LEVELS = {"number": None, "two": ["no", "yes"], "three": list("abc")}


@st.composite
def frames(draw: st.DrawFn) -> tuple[Frame, str]:
    """A frame with gaps everywhere but in weights and folds, and the name of its response."""
    n, seed = draw(st.integers(12, 40)), draw(st.integers(0, 2**32))
    rng, gaps = np.random.default_rng(seed), draw(st.sampled_from([0.0, 0.1, 0.3]))

    def numbers() -> Any:
        return numeric(np.where(rng.random(n) < gaps, np.nan, rng.normal(size=n)))

    def classes(levels: list[str]) -> Any:
        return enum(np.where(rng.random(n) < gaps, -1, rng.integers(0, len(levels), n)), levels)

    y = draw(st.sampled_from(list(LEVELS)))
    levels = LEVELS[y]
    columns = {"x1": numbers(), "x2": numbers(), "c": classes(["u", "v", "w", "z"])}
    columns[y] = numbers() if levels is None else classes(levels)
    columns["w"] = numeric(rng.choice([0.0, 0.5, 1.0, 2.0], n, p=[0.1, 0.3, 0.3, 0.3]))
    columns["f"] = numeric(np.arange(n) % 3)
    # rows that make every case valid: all folds and both ends of the response have some
    keep = slice(0, 6)
    known = np.arange(6)
    columns[y] = _with(columns[y], keep, known if levels is None else known % len(levels))
    columns["w"] = _with(columns["w"], keep, np.ones(6))
    return Frame(list(columns), list(columns.values())), y


def _with(column: Any, rows: slice, values: Any) -> Any:
    cells = np.array(column.numbers() if column.kind != "enum" else column.values)
    cells[rows] = values
    return enum(cells, column.levels) if column.kind == "enum" else numeric(cells)


OPTIONS = st.fixed_dictionaries(
    {"epochs": st.sampled_from([0.5, 2, 6]), "hidden": st.sampled_from([[3], [4, 3]]), "seed": st.integers(1, 99)},
    optional={
        "fold_assignment": st.sampled_from(["AUTO", "Random", "Stratified"]),
        "weights_column": st.just("w"),
        "fold_column": st.just("f"),
        "activation": st.sampled_from(["Tanh", "RectifierWithDropout", "Maxout"]),
        "stopping_rounds": st.sampled_from([0, 1]),
        "standardize": st.booleans(),
        "mini_batch_size": st.sampled_from([1, 4]),
        "score_validation_samples": st.sampled_from([0, 5]),
    },
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(frames(), OPTIONS)
def test_holdout_predictions_cover_every_row(data: tuple[Frame, str], options: dict[str, Any]) -> None:
    frame, y = data
    if "fold_column" in options:
        options.pop("fold_assignment", None)
    else:
        options["nfolds"] = 3
    session = LocalSession(nthreads=2)
    key = session.store.put_frame(frame, "data")

    def model(name: str) -> dict[str, Any]:
        parameters = {
            **options, "model_id": name, "reproducible": True, "keep_cross_validation_predictions": True,
            "keep_cross_validation_fold_assignment": True,
        }  # fmt: skip
        x = ["x1", "x2", "c"]
        train = session.training.train
        finished(session, train("deeplearning", parameters, x=x, y=y, training_frame_key=key))
        return session.models.describe(name)

    one, again = model("one"), model("again")
    holdout = session.store.frame("cv_holdout_prediction_one")
    assert holdout.nrow == frame.nrow and all(not column.is_missing().any() for column in holdout.columns)
    for first, second in zip(
        holdout.columns, session.store.frame("cv_holdout_prediction_again").columns, strict=True
    ):
        assert np.array_equal(first.values, second.values)
    metrics = one["cross_validation_metrics"]
    assert np.isfinite(metrics["MSE"]) and metrics["MSE"] == again["cross_validation_metrics"]["MSE"]
    weights = frame.column("w").numbers() if "weights_column" in options else np.ones(frame.nrow)
    counted = ~frame.column(y).is_missing() & (weights > 0)
    assert metrics["nobs"] == counted.sum()
    folds = session.store.frame("cv_fold_assignment_one").columns[0].values
    for k, name in enumerate(one["cross_validation_models"]):
        own = session.models.describe(name)["validation_metrics"]["nobs"]
        rows = (counted & (folds == k)).sum()
        assert 0 < own <= 5 if options.get("score_validation_samples") == 5 else own == rows
