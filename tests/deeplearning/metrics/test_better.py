"""Directions of metrics, and the Pareto front."""

from __future__ import annotations

import numpy as np
import pytest
from heavywater.deeplearning.metrics.better import OPTIMA, more_is_better, optimum_of, pareto_front
from heavywater.deeplearning.metrics.labels import HISTORY
from heavywater.deeplearning.training.stopping import METRICS as STOPPING
from heavywater.errors import InvalidArgument
from heavywater.server.pages.scores.metric_words import METRICS as SHOWN


@pytest.mark.parametrize("optimum", OPTIMA)
def test_nobody_beats_the_front(optimum: str) -> None:
    random = np.random.default_rng(1)
    x, y = random.integers(0, 6, (2, 40)).astype(float)
    x[3] = y[5] = np.nan
    first, second = (-x if "right" in optimum else x), (-y if "top" in optimum else y)

    def beaten(i: int) -> bool:
        as_good = (first <= first[i]) & (second <= second[i])
        return bool((as_good & ((first < first[i]) | (second < second[i]))).any())

    expected = [i for i in range(40) if np.isfinite(x[i] + y[i]) and not beaten(i)]
    assert pareto_front(x, y, optimum) == expected


def test_no_rows() -> None:
    assert pareto_front(np.empty(0), np.empty(0), "top left") == []


def test_best_corner() -> None:
    assert optimum_of("training_time_ms", "AUC") == "top left"
    assert optimum_of("r2", "logloss", "auto") == "bottom right"
    assert optimum_of("auc", "auc", "Bottom Left") == "bottom left"
    with pytest.raises(InvalidArgument, match="optimum='middle' must be one of AUTO, top left"):
        optimum_of("auc", "auc", "middle")


def test_all_tables_of_metrics_have_the_same_directions() -> None:
    for name, (score, more) in STOPPING.items():
        assert more_is_better(name) == more
        assert score == "custom" or more_is_better(score) == more
    for name, words in SHOWN.items():
        assert words.greater is None or more_is_better(name) == words.greater
    for score, name in HISTORY.items():
        assert more_is_better(score) == more_is_better(name)
