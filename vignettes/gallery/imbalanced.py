# %% [markdown]
# # A rare class
#
# Forest of cottonwood and willow: one stand in thirty, made of the forest data of this project. Three ways to train, and what
# each does to probabilities and to labels.

# %%
import h2o
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from h2o.estimators import H2ODeepLearningEstimator
from sklearn.metrics import average_precision_score, log_loss, precision_recall_curve

from vignettes.files import data_file

h2o.init(verbose=False)
h2o.no_progress()
forest = h2o.import_file(data_file("covtype.20k.csv.gz")).as_data_frame()
rare = forest[forest["C55"] == 4].sample(250, random_state=1)
rows = pd.concat([forest[forest["C55"] != 4].sample(7250, random_state=1), rare]).sample(
    frac=1, random_state=1
)
rows["cottonwood"] = np.where(rows.pop("C55") == 4, "yes", "no")
rows["weight"] = np.where(rows["cottonwood"] == "yes", 29.0, 1.0)
train, test = rows[:5000], rows[5000:]
print((train["cottonwood"] == "yes").mean())

# %%
inputs = [name for name in rows.columns[train.nunique() > 1] if name not in ("cottonwood", "weight")]
ways: dict[str, dict] = {
    "as it is": {},
    "balance_classes": {"balance_classes": True},
    "weights": {"weights_column": "weight"},
}
found = {}
for name, more in ways.items():
    model = H2ODeepLearningEstimator(hidden=[50, 50], epochs=10, seed=1, reproducible=True, **more)
    model.train(x=inputs, y="cottonwood", training_frame=train)
    found[name] = model.predict(test)
truth = test["cottonwood"].to_numpy() == "yes"
table = pd.DataFrame(
    {
        name: {
            "mean probability": each["yes"].mean(),
            "log-loss": log_loss(truth, each["yes"].clip(1e-15, 1 - 1e-15)),
            "average precision": average_precision_score(truth, each["yes"]),
            "labels yes": (each["predict"] == "yes").sum(),
        }
        for name, each in found.items()
    }
)
print(table.T.round(3).to_string())

# %% [markdown]
# The share of the class in the test rows is one in thirty. As it is, and with `balance_classes` (which trains rare rows more
# often and takes that back in the probabilities), a probability means what it says. Weights make the rare class look as
# frequent as the others: the order may be as good, the probabilities are not. What to do with a probability is a threshold, not
# a training:

# %%
figure, axes = plt.subplots(figsize=(5, 3), layout="constrained")
for name, each in found.items():
    precision, recall, _ = precision_recall_curve(truth, each["yes"])
    axes.plot(recall, precision, label=name)
axes.set(xlabel="recall: rare ones found", ylabel="precision: alarms that are right")
axes.legend()
plt.show()

# %% [markdown]
# `model.reset_threshold(0.2)` sets a threshold for good, exports included; `model.find_threshold_by_max_metric("f2")` proposes
# one. Further: [evaluating](../guide/evaluating.md).
