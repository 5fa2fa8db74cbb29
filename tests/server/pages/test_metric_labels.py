"""A metric is called the same in a notebook, in a terminal and on the pages."""

from __future__ import annotations

import h2o
import numpy as np
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from heavywater.deeplearning.metrics.labels import HISTORY, LABELS
from heavywater.server.pages.scores.metric_words import METRICS, side_by_side


@pytest.mark.parametrize("y", ["two", "three", "number", None])
def test_the_card_of_a_model_and_its_page(y: str | None) -> None:
    h2o.init()
    rng = np.random.default_rng(1)
    x = rng.normal(size=60)
    columns = {
        "x": x,
        "number": x**2,
        "two": np.where(x > 0, "a", "b"),
        "three": np.digitize(x, [-0.5, 0.5]).astype(str),
    }
    frame = h2o.H2OFrame(columns, column_types={"two": "enum", "three": "enum"})
    kind = H2ODeepLearningEstimator if y else H2OAutoEncoderEstimator
    model = kind(hidden=[3], epochs=2, seed=1)
    model.train(x=["x"] if y else ["x", "number"], y=y, training_frame=frame)
    metrics = model._output["training_metrics"]
    on_page = dict(side_by_side({"training": {name: metrics[name] for name in METRICS}}))
    lines = [line for line in str(model).splitlines() if line.strip()]
    shown = [label for label in on_page if any(line.strip().startswith(f"{label} ") for line in lines)]
    assert len(shown) == {"two": 5, "three": 4, "number": 4, None: 2}[y]
    html = model._repr_html_()
    assert all(label in html for label in shown)
    if y is not None:
        curve = {"number": "Mean residual deviance"}.get(y, "Logloss")
        assert any(f"{curve} (train): " in line for line in lines)


def test_one_table_has_them_all() -> None:
    assert {name: words.label for name, words in METRICS.items()}.items() <= LABELS.items()
    assert set(HISTORY.values()) <= METRICS.keys()
