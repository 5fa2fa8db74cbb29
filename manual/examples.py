"""The names that examples of docstrings know; the reference shows what follows."""

import h2o
from h2o.callbacks import Run

h2o.init()
frame = h2o.H2OFrame(
    {
        "x": [1.5, -2.0, 4.0, None],
        "n": [3, 1, 2, 2],
        "k": ["b", "a", "b", "c"],
        "text": [" Ann", "Bob ", "Ann B", None],
        "day": ["2024-02-29", "2024-03-01", "2025-12-31", "2026-01-01"],
    },
    column_types={"k": "enum", "text": "string", "day": "time"},
)
iris = h2o.load_dataset("iris")
prostate = h2o.load_dataset("prostate")
for name in ("CAPSULE", "RACE"):
    prostate[name] = prostate[name].asfactor()

model = h2o.H2ODeepLearningEstimator(
    hidden=[5],
    epochs=5,
    seed=1,
    nfolds=2,
    keep_cross_validation_predictions=True,
    keep_cross_validation_fold_assignment=True,
    export_weights_and_biases=True,
)
model.train(y="class", training_frame=iris, validation_frame=iris)
binomial = h2o.H2ODeepLearningEstimator(hidden=[5], epochs=5, seed=1)
binomial.train(x=["AGE", "RACE", "PSA", "GLEASON"], y="CAPSULE", training_frame=prostate)
regression = h2o.H2ODeepLearningEstimator(hidden=[5], epochs=5, seed=1)
regression.train(x=["sepal_len", "petal_len", "class"], y="petal_wid", training_frame=iris)
coder = h2o.H2OAutoEncoderEstimator(hidden=[2], epochs=5, seed=1)


class Seen(h2o.Callback):  # noqa: D101 - it is shown
    def on_end(self, run: Run) -> None:  # noqa: D102
        self.run = run


seen = Seen()
coder.train(x=iris.names[:4], training_frame=iris, callbacks=seen)
run = seen.run
grid = h2o.H2OGridSearch(h2o.H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[3], [5]]})
grid.train(y="class", training_frame=iris)
