# %% [markdown]
# # A cluster on one machine
#
# Nodes are processes that train for a session, each on its machine. Here all of them are on this one, which is how to try out what
# will run on many: the commands are the same, with another address.

# %%
import secrets
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import h2o
import matplotlib.pyplot as plt
import pandas as pd
from h2o.estimators import H2ODeepLearningEstimator

from vignettes.files import data_file

# %% [markdown]
# **A secret and a session that listens.** Whoever has the file may join; in a shell `openssl rand -hex 32 > secret` makes one.

# %%
secret = Path(tempfile.mkdtemp()) / "secret"
secret.touch(mode=0o600)
secret.write_text(secrets.token_hex(32))
h2o.init(nodes="listen:127.0.0.1:54330", secret_file=str(secret), verbose=False)
h2o.no_progress()

# %% [markdown]
# **Two nodes**, by the command that one would give on each machine: `h2o node --join HOST:54330 --secret-file secret`.


# %%
def join():
    """A further node."""
    command = [sys.executable, "-m", "h2o", "node", "--join", "127.0.0.1:54330", "--secret-file", str(secret)]
    return subprocess.Popen(
        [*command, "--nthreads", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def wait_for(nodes):
    """Wait until so many nodes are there."""
    while sum(each["healthy"] for each in h2o.cluster().nodes) < nodes:
        time.sleep(0.1)


processes = [join(), join()]
wait_for(2)
shown = ["h2o", "host", "nthreads", "healthy", "state"]
print(pd.DataFrame(h2o.cluster().nodes)[shown].to_string(index=False))

# %% [markdown]
# **One network on both.** Seven types of forest, told apart by height, soil and place. Nothing changes in the lines that train; the
# scoring history tells how many nodes there were, how many rows they trained between two meetings, and the share of the time that
# the meetings took.

# %%
forest = h2o.import_file(data_file("covtype.20k.csv.gz"))
forest = forest.drop(["C21", "C29"])  # the same in all of these rows
forest["C55"] = forest["C55"].asfactor()
train, test = forest.split_frame(ratios=[0.8], seed=1)
settings = {"hidden": [50, 50], "epochs": 10, "seed": 1, "stopping_rounds": 0, "score_interval": 0.5}
together = H2ODeepLearningEstimator(**settings)
together.train(y="C55", training_frame=train, validation_frame=test)
alone = H2ODeepLearningEstimator(**settings, single_node_mode=True)
alone.train(y="C55", training_frame=train, validation_frame=test)
meetings = ["epochs", "nodes", "rows_per_round", "communication", "validation_classification_error"]
print(together.scoring_history()[meetings].dropna().drop_duplicates("epochs").tail(3).to_string(index=False))

# %% [markdown]
# **A node is lost.** It is killed while it trains, as a machine that fails; training goes on with the other one, and says so.


# %%
class Failure(h2o.Callback):
    """Ends a node when a third of the training is done."""

    def on_iteration(self, run):
        """Look how far it is."""
        if run.epochs > 10 and processes[0].poll() is None:
            processes[0].kill()


faulty = H2ODeepLearningEstimator(**(settings | {"epochs": 30}))
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    faulty.train(y="C55", training_frame=train, validation_frame=test, callbacks=[Failure()])
print(*(each.message for each in told), sep="\n")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for name, model in {"two nodes": together, "one process": alone}.items():
    history = model.scoring_history()
    left.plot(history["epochs"], history["validation_classification_error"], "o-", ms=3, label=name)
left.set(xlabel="epochs", ylabel="share of wrong rows of the test", ylim=(0, None))
left.legend()
history = faulty.scoring_history().dropna(subset="nodes")
right.step(history["epochs"], history["nodes"], where="post")
right.set(xlabel="epochs", ylabel="nodes that train", ylim=(0, 2.2), yticks=[0, 1, 2])
plt.show()

# %% [markdown]
# **It comes back**, or another one does, at any time; this one takes part in what is trained from now on.

# %%
processes.append(join())
wait_for(2)
print(dict(h2o.cluster().status_rows())["H2O_cluster_total_nodes:"])
h2o.shutdown()

# %% [markdown]
# `h2o.init(nodes=2)` does all of this by itself on one machine. Two processes on one machine are not quicker than one that has all its
# threads: nodes pay where each has a machine. Further: [many machines](../clusters.md) by Dask, Ray, MPI, Slurm or Kubernetes; [how the
# networks of nodes are brought together](../how-it-works.md).
