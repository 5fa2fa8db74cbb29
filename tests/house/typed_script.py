"""A script of a user's, as strict type checkers read it (`test_typed_script.py`)."""

from __future__ import annotations

import h2o
import pandas as pd
from h2o import Callback, H2OFrame, H2OGridSearch
from h2o.callbacks import Run, Scores
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.estimators.choices import Activation


class Enough(Callback):
    """Stops when the loss is small."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.seen: list[float] = []

    def on_scoring(self, run: Run, scores: Scores) -> None:
        """Look at the loss."""
        self.seen.append(scores.value)
        if scores.value < self.limit:
            run.stop(f"{scores.metric} is below {self.limit}")


def net(activation: Activation, hidden: list[int]) -> H2ODeepLearningEstimator:
    """A network that has not been trained."""
    return H2ODeepLearningEstimator(
        activation=activation, hidden=hidden, epochs=5, seed=1, stopping_metric="logloss", loss="CrossEntropy"
    )


def for_tables() -> list[H2ODeepLearningEstimator]:
    """As the README has it, and as the table of parameters has it."""
    return [H2ODeepLearningEstimator(preset="tabular-best"), H2ODeepLearningEstimator(preset="TabularBest")]


def main() -> None:
    """Train, look, predict, keep."""
    h2o.init()
    iris: H2OFrame = h2o.load_dataset("iris")
    train, valid = iris.split_frame([0.8], seed=1)
    widths: H2OFrame = iris["petal_wid"].log() + 1
    total: float = widths.sum()
    means: list[float] = iris[["sepal_len", "sepal_wid"]].mean()
    data: pd.DataFrame = iris.as_data_frame()
    texts: list[list[str]] | pd.DataFrame = iris.as_data_frame(use_pandas=False)

    model = net("Tanh", [8]).train(
        y="class", training_frame=train, validation_frame=valid, callbacks=[Enough(0.1)]
    )
    model.epochs = 7.0
    loss: float = model.logloss()
    held_out: float | None = model.logloss(valid=True)
    predictions: H2OFrame = model.predict(valid)
    answered: pd.DataFrame = model.predict(data, output="pandas")
    performance = model.model_performance(valid)
    error: float = performance.logloss()
    importances = model.varimp()
    first: tuple[str, float, float, float] | None = importances[0] if importances else None
    contributions: H2OFrame = model.predict_contributions(valid)

    grid = H2OGridSearch(net("Rectifier", [4]), {"l1": [0.0, 1e-4]})
    best = grid.train(y="class", training_frame=train, validation_frame=valid).models[0]
    losses: dict[str, object] = grid.logloss(valid=True)

    coder = H2OAutoEncoderEstimator(hidden=[2], epochs=1).train(x=iris.names[:4], training_frame=iris)
    features: H2OFrame = coder.deepfeatures(iris, 0)
    path: str = h2o.save_model(model, "models", force=True)
    again = h2o.load_model(path)
    print(
        total,
        means,
        texts,
        loss,
        held_out,
        predictions.nrow,
        answered.shape,
        error,
        first,
        contributions.ncol,
    )
    print(best.model_id, losses, features.dim, again.model_id)


if __name__ == "__main__":
    main()
