"""Small models with columns of every kind and names that are hard to draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest

from ..drawing import without_windows

pytest.importorskip("matplotlib.pyplot")

NUMBER, FACTOR, TIME, OTHER = (
    "pay $a_1$ & <b>",
    "_level",
    "when",
    "a much longer name of a column than anybody would choose",
)
TINY: dict[str, Any] = {"hidden": [5], "epochs": 3, "seed": 1, "reproducible": True}


@pytest.fixture(autouse=True)
def headless() -> Iterator[None]:
    with without_windows():
        yield


def cells(rows: int = 60) -> pd.DataFrame:
    random = np.random.default_rng(3)
    number = random.normal(size=rows).round(3)
    factor = random.choice(["$x$", "_y", "z" * 50], rows)
    table = pd.DataFrame(
        {
            NUMBER: number,
            FACTOR: pd.Categorical(factor),
            TIME: pd.Timestamp("2021-03-01") + pd.to_timedelta(random.integers(0, 400, rows), "D"),
            OTHER: random.integers(0, 9, rows).astype(float),
            "group": pd.Categorical(random.choice(["a/b", "c"], rows)),
        }
    )
    score = number + (factor == "_y") + 0.3 * random.normal(size=rows)
    table["y"] = score
    table["two"] = pd.Categorical(np.where(score > 0.3, "yes", "no"))
    table["three"] = pd.Categorical(np.digitize(score, [-0.3, 0.8]).astype(str))
    table.loc[[4, 9], NUMBER] = np.nan
    table.loc[[5], FACTOR] = None
    return table


PREDICTORS = [NUMBER, FACTOR, TIME, OTHER]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return cells()


@pytest.fixture(scope="module")
def frame(table: pd.DataFrame) -> h2o.H2OFrame:
    return h2o.H2OFrame(table)


def trained(frame: h2o.H2OFrame, y: str, **parameters: Any) -> Any:
    model = h2o.H2ODeepLearningEstimator(**{**TINY, **parameters})
    return model.train(x=PREDICTORS, y=y, training_frame=frame)


@pytest.fixture(scope="module")
def regression(frame: h2o.H2OFrame) -> Any:
    return trained(frame, "y", model_id="of_$numbers$")


@pytest.fixture(scope="module")
def binomial(frame: h2o.H2OFrame) -> Any:
    return trained(frame, "two")


@pytest.fixture(scope="module")
def multinomial(frame: h2o.H2OFrame) -> Any:
    return trained(frame, "three")


@pytest.fixture(scope="module")
def autoencoder(frame: h2o.H2OFrame) -> Any:
    return h2o.H2OAutoEncoderEstimator(**{**TINY, "activation": "Tanh"}).train(
        x=PREDICTORS, training_frame=frame
    )


@pytest.fixture(scope="module")
def three(frame: h2o.H2OFrame, binomial: Any) -> list[Any]:
    return [binomial, trained(frame, "two", seed=2), trained(frame, "two", hidden=[3], epochs=1)]


def drawn(result: Any) -> Any:
    """The figure of a result, drawn as it would be shown."""
    figure = result.figure()
    figure.draw_without_rendering()
    return figure


def lines(result: Any) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Data of the lines of a figure by their labels."""
    found = result.figure().axes[0].get_lines()
    return {
        str(line.get_label()): (np.asarray(line.get_xdata()), np.asarray(line.get_ydata())) for line in found
    }
