# %% [markdown]
# # Deep Learning with H2O: several machines
#
# The sections *Parallel Distributed Network Training* and *Specifying the Number of Training Samples* of the booklet (sixth
# edition): machines train copies of a network, and average them. What each section says is shown with two processes on this
# machine; on many machines all is the same but for the first line.
#
# This file is a script, `python -m vignettes.cluster`, and a notebook, which `make vignettes` runs and renders.

# %% [markdown]
# ## Starting nodes
#
# A session is one process: this one. Its nodes are further processes that train for it.
#
# - `h2o.init(nodes=2)` starts two on this machine.
# - `h2o.init(nodes=client)` starts one on each host of a Dask cluster, `nodes="ray"` on each of a Ray cluster.
# - `h2o.init(nodes="listen:0.0.0.0:54330", secret_file="secret")` lets any machine join, at any time, by
#   `h2o node --join HOST:54330 --secret-file secret`. So does whatever can start a command: mpirun, Slurm, Kubernetes.
#
# The page [Nodes on many machines](https://github.com/heavywater/heavywater/blob/main/docs/clusters.md) has them all. In R it is
# `h2o.init(nodes = 2)`.

# %%
import os
import signal
import threading
import time
import warnings

import h2o
import pandas as pd
from h2o.estimators.deeplearning import H2ODeepLearningEstimator
from h2o.grid import H2OGridSearch

from vignettes.files import data_file

h2o.init(nodes=2, nthreads=1)
h2o.no_progress()

# %% [markdown]
# ## One network on all nodes
#
# Seven types of forest, told apart by soil, height and place. `train` is what it always is. Each node gets all rows, once;
# then it trains its share of every round, and at the end of the round all have the same network again.

# %%
forest = h2o.import_file(data_file("covtype.20k.csv.gz"))
forest["C55"] = forest["C55"].asfactor()
train, test = forest.split_frame(ratios=[0.8], seed=1)

model = H2ODeepLearningEstimator(hidden=[100, 100], epochs=20, seed=1)
model.train(y="C55", training_frame=train, validation_frame=test)

# %% [markdown]
# The scoring history tells how many nodes there were, how many rows all of them trained between two meetings, and what share of
# the time the meetings took.

# %%
MEETINGS = ["duration", "epochs", "nodes", "rows_per_round", "communication"]
together = model.scoring_history()
together[[*MEETINGS, "validation_classification_error"]].dropna().tail()

# %% [markdown]
# One process alone, for comparison: `single_node_mode=True`. Nodes are worth their while where a network trains for minutes, and
# on machines of their own: these two share the processors with the session itself.

# %%
alone = H2ODeepLearningEstimator(hidden=[100, 100], epochs=20, seed=1, single_node_mode=True)
alone.train(y="C55", training_frame=train, validation_frame=test)
errors = {
    "two nodes": together["validation_classification_error"].min(),
    "one process": alone.scoring_history()["validation_classification_error"].min(),
}
pd.Series(errors, name="smallest validation error").to_frame()

# %% [markdown]
# While they train, or afterwards, the status shows each node: its rows per second, and its time in meetings with the waiting for
# slower ones.

# %%
h2o.cluster().show_status()

# %% [markdown]
# ## How often they meet
#
# `train_samples_per_iteration` says after how many rows, of all nodes together, they meet.
#
# | | |
# |---|---|
# | -2, the default | as often as `target_ratio_comm_to_comp` allows: 0.05 is a twentieth of the time in which they train |
# | -1 | after all rows that there are: with two nodes that have all rows these are two epochs |
# | 0 | after one epoch |
# | a number | after so many rows |
#
# The more often they meet the more they learn from the same rows. That is why -2 takes the shortest rounds that the network between
# the machines allows, and why a larger `target_ratio_comm_to_comp` can help on a slow one.

# %%
meetings = {}
for samples in (-1, 0, 2000, -2):
    model = H2ODeepLearningEstimator(
        hidden=[50], epochs=4, train_samples_per_iteration=samples, score_each_iteration=True, seed=1
    )
    model.train(y="C55", training_frame=train)
    meetings[samples] = model.scoring_history()[MEETINGS].dropna().iloc[-1]
pd.DataFrame(meetings).T.rename_axis("train_samples_per_iteration")

# %% [markdown]
# ## All rows on all nodes, or a part on each
#
# With `replicate_training_data=False` each node gets a part of the rows, and trains nothing else: for data that are too large to be
# everywhere. The columns are learned from all rows, so that it is the same network.

# %%
parts = H2ODeepLearningEstimator(hidden=[100, 100], epochs=20, seed=1, replicate_training_data=False)
parts.train(y="C55", training_frame=train, validation_frame=test)
errors["a part on each"] = parts.scoring_history()["validation_classification_error"].min()
errors["a part on each"]

# %% [markdown]
# ## Reproducible
#
# `reproducible=True` gives the same bits, run after run, as long as the number of nodes is the same.

# %%
twice = []
for _ in range(2):
    model = H2ODeepLearningEstimator(hidden=[50], epochs=1, seed=1, reproducible=True)
    model.train(y="C55", training_frame=train)
    twice.append(model.logloss())
assert twice[0] == twice[1]
twice

# %% [markdown]
# ## Whole models
#
# The models of a grid and the folds of a cross-validation are trained each on one node: without any meetings, and the same to the
# last bit as they would be here.

# %%
grid = H2OGridSearch(H2ODeepLearningEstimator(epochs=1, seed=1), {"hidden": [[20], [50]], "l1": [0, 1e-5]})
grid.train(y="C55", training_frame=train, validation_frame=test)
grid.sorted_metric_table()

# %% [markdown]
# ## When a machine is lost
#
# A node that is killed, or silent for five seconds, costs its speed and a warning. What it was training is trained by the others.
# A node that comes later, or comes back, takes part from then on. When all are gone, this process goes on alone.

# %%
victim = h2o.cluster().nodes[0]["pid"]


def kill():
    """End a node the hard way, half a second after it has begun to work."""
    while h2o.cluster().nodes[0]["state"] == "idle":
        time.sleep(0.01)
    time.sleep(0.5)
    os.kill(victim, signal.SIGKILL)


killer = threading.Thread(target=kill)
model = H2ODeepLearningEstimator(hidden=[100, 100], epochs=30, seed=1, score_interval=0.2, stopping_rounds=0)
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    killer.start()
    model.train(y="C55", training_frame=train, validation_frame=test)
killer.join()
[str(each.message) for each in told]

# %%
lost = model.scoring_history()[[*MEETINGS, "validation_classification_error"]].dropna()
lost

# %%
h2o.cluster().show_status()
h2o.shutdown()
