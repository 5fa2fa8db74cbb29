"""Mistakes that type checkers have to find, each in the line above which it stands (`test_typed_script.py`)."""
# mypy: ignore-errors

import h2o
from h2o.callbacks import Callback, Run
from h2o.estimators import H2ODeepLearningEstimator

# a misspelt choice
model = H2ODeepLearningEstimator(activation="Tahn")
# the same, assigned
model.activation = "Tahn"
# a choice of another parameter
H2ODeepLearningEstimator(stopping_metric="Uniform")
# a number for a choice
H2ODeepLearningEstimator(distribution=1)
# a text for a number
H2ODeepLearningEstimator(epochs="10")
# a misspelt parameter
H2ODeepLearningEstimator(hiden=[3])
# a misspelt method of a model
model.pridict(None)
# a misspelt function
h2o.import_fil("iris.csv")
# a misspelt method of a frame
h2o.load_dataset("iris").as_data_frme()
# a text where a score comes
text: str = model.logloss()
# None is possible where validation data may be missing
loss: float = model.logloss(valid=True)
# no callback
model.train(y="class", training_frame=h2o.load_dataset("iris"), callbacks=[3])
# a frame where a text is expected
h2o.load_dataset(h2o.load_dataset("iris"))


class Wrong(Callback):
    """Asks for what there is not."""

    def on_end(self, run: Run) -> None:
        """Look at it."""
        # a misspelt attribute
        print(run.raeson)
