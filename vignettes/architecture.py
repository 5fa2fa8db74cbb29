# %% [markdown]
# # Deep Learning with H2O: how training works
#
# The chapter *H2O's Deep Learning Architecture* of the booklet (sixth edition), and its list of parameters: what each
# section describes is shown on small public data. At the end of each comes a table with the numbers of the booklet
# or of the real H2O 3.46, from this same script, beside those of this run.
#
# This file is a script, `python -m vignettes.architecture`, and a notebook, which `make vignettes` runs and renders.

# %%
import h2o
import numpy as np
from h2o.estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from matplotlib import pyplot as plt

from vignettes.comparison import classification_error, compare
from vignettes.files import data_file

h2o.init()
h2o.no_progress()


# %% [markdown]
# ## Activation functions
#
# Without a bend between two layers, both together would be a linear function. `Rectifier` is the default; `Maxout` is
# the larger of two linear functions, both of which are learned.

# %% tags=["extra"]
at = np.linspace(-2, 2, 201)
activations = {
    "Tanh": np.tanh(at),
    "Rectifier": np.maximum(0, at),
    "Maxout of 0.5 - 0.3 x and x - 0.2": np.maximum(0.5 - 0.3 * at, at - 0.2),
}
figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
for name, values in activations.items():
    axes.plot(at, values, label=name)
axes.set(xlabel="weighted sum of the inputs", ylabel="activation")
axes.grid(True)
axes.legend()
plt.show()


# %% tags=["extra"]
def while_training(model):
    """The scoring history, without the untrained net and without the second line of the end: the best model, put back."""
    history = model.scoring_history()
    return history[history["epochs"] > 0].drop_duplicates("epochs")


# %% [markdown]
# Seven types of forest, told apart by soil, height and place.

# %%
forest = h2o.import_file(data_file("covtype.20k.csv.gz"))
forest["C55"] = forest["C55"].asfactor()
train, test = forest.split_frame(ratios=[0.5], seed=1)


def forest_model(**parameters):
    """Train a net of two layers on one half of the trees, validate it on the other."""
    model = H2ODeepLearningEstimator(**{"hidden": [50, 50], "epochs": 5, "seed": 1} | parameters)
    model.train(y="C55", training_frame=train, validation_frame=test)
    return model


forest_models = {name: forest_model(activation=name) for name in ("Rectifier", "Tanh", "Maxout")}

# %%
compare(
    "activation",
    rows=train.nrows,
    **{name.lower(): classification_error(model, valid=True) for name, model in forest_models.items()},
)

# %% [markdown]
# ## Loss functions
#
# The distribution says what is to be estimated: `gaussian` the mean, `laplace` the median, `huber` something between,
# `quantile` a quantile; `poisson`, `gamma` and `tweedie` are for counts and amounts that are never negative, whose
# spread grows with them. Prices of houses, and claims of the insured:


# %%
def every_fourth_apart(frame):
    """Three quarters of the rows to learn from, and one to judge by: the same ones wherever this runs."""
    rows = range(frame.nrows)
    return frame[[row for row in rows if row % 4], :], frame[[row for row in rows if row % 4 == 0], :]


houses = h2o.import_file(data_file("BostonHousing.csv"))
houses_train, houses_test = every_fourth_apart(houses)
insured = h2o.import_file(data_file("insurance.csv"))
insured_train, insured_test = every_fourth_apart(insured)
who = ["age", "vehicle_age", "power", "region", "fuel", "gender", "exposure"]


def houses_model(**parameters):
    """Train a net that estimates the price of a house."""
    model = H2ODeepLearningEstimator(**{"hidden": [50, 50], "epochs": 50, "seed": 1} | parameters)
    model.train(y="medv", training_frame=houses_train)
    return model.model_performance(houses_test)


def insured_deviance(y, distribution):
    """Train a net that estimates a column of the insurance data; its mean deviance on other rows."""
    model = H2ODeepLearningEstimator(distribution=distribution, hidden=[20, 20], epochs=10, seed=1)
    model.train(x=who, y=y, training_frame=insured_train)
    return model.model_performance(insured_test).mean_residual_deviance()


losses = {name: houses_model(distribution=name) for name in ("gaussian", "laplace", "huber")}

# %%
compare(
    "loss",
    **{f"rmse_{name}": performance.rmse() for name, performance in losses.items()},
    **{f"mae_{name}": performance.mae() for name, performance in losses.items()},
    poisson=insured_deviance("claims", "poisson"),
    tweedie=insured_deviance("pure_premium", "tweedie"),
)

# %% [markdown]
# ## Number of training samples
#
# After each iteration the model can be scored. `train_samples_per_iteration` says how many rows one has: 0 and -1 are
# all rows, a number is just that, -2 finds a number by the speed of the machine.

# %%
iterations = {}
for samples in (0, -1, 100):
    model = H2ODeepLearningEstimator(
        hidden=[20],
        epochs=10,
        train_samples_per_iteration=samples,
        score_interval=0,
        score_duty_cycle=1,
        seed=1,
    )
    model.train(y="medv", training_frame=houses)
    iterations[samples] = int(model.scoring_history()["iterations"].iloc[-1])

# %%
compare("samples", rows=houses.nrows, all=iterations[0], everywhere=iterations[-1], hundred=iterations[100])

# %% [markdown]
# ## Regularization
#
# A net with 10 000 weights learns 280 patients by heart: the loss on them vanishes, the loss on others grows. `l1`, `l2`
# and dropout are against that. Early stopping is off here, so that there is something to see.

# %%
patients = h2o.import_file(data_file("prostate.csv"))
patients["CAPSULE"] = patients["CAPSULE"].asfactor()
patients_train, patients_test = patients.split_frame(ratios=[0.75], seed=1)
inputs = ["AGE", "RACE", "DPROS", "DCAPS", "PSA", "VOL", "GLEASON"]
ways = {
    "none": {},
    "l1": {"l1": 1e-3},
    "l2": {"l2": 1e-2},
    "dropout": {"activation": "RectifierWithDropout", "hidden_dropout_ratios": [0.5, 0.5], "input_dropout_ratio": 0.1},
}  # fmt: skip
logloss = {}
for name, parameters in ways.items():
    model = H2ODeepLearningEstimator(
        hidden=[100, 100],
        epochs=200,
        seed=1,
        stopping_rounds=0,
        overwrite_with_best_model=False,
        **parameters,
    )
    model.train(x=inputs, y="CAPSULE", training_frame=patients_train, validation_frame=patients_test)
    logloss[name] = model.logloss(train=True, valid=True)

# %% tags=["extra"]
figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
places = np.arange(len(logloss))
axes.bar(
    places - 0.2, [values["train"] for values in logloss.values()], 0.4, label="the patients it learned from"
)
axes.bar(places + 0.2, [values["valid"] for values in logloss.values()], 0.4, label="others")
axes.set_xticks(places, labels=list(logloss))
axes.set(ylabel="logloss")
axes.legend()
plt.show()

# %%
compare(
    "regularization",
    **{f"{name}_train": values["train"] for name, values in logloss.items()},
    **{f"{name}_test": values["valid"] for name, values in logloss.items()},
)

# %% [markdown]
# ## Momentum, rate annealing, adaptive learning
#
# ADADELTA (the default) gives each weight a rate of its own. With `adaptive_rate=False` there is one `rate`, which
# `rate_annealing` lowers and momentum, with Nesterov's correction or without, makes up for.

# %%
optimisers = {
    "adadelta": {},
    "constant": {"adaptive_rate": False, "rate": 0.005, "rate_annealing": 0},
    "annealing": {"adaptive_rate": False, "rate": 0.01, "rate_annealing": 1e-4},
    "momentum": {
        "adaptive_rate": False, "rate": 0.001, "rate_annealing": 1e-5, "momentum_start": 0.5, "momentum_ramp": 1e4,
        "momentum_stable": 0.9, "nesterov_accelerated_gradient": False,
    },
}  # fmt: skip
optimisers["nesterov"] = optimisers["momentum"] | {"nesterov_accelerated_gradient": True}
optimised = {
    name: forest_model(train_samples_per_iteration=0, score_interval=0, score_duty_cycle=1, **parameters)
    for name, parameters in optimisers.items()
}

# %% tags=["extra"]
figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
for name, model in optimised.items():
    history = while_training(model)
    axes.plot(history["epochs"], history["validation_logloss"], marker="o", label=name)
axes.set(xlabel="epochs", ylabel="logloss of the test rows")
axes.grid(True)
axes.legend()
plt.show()

# %%
compare("optimisation", **{name: model.logloss(valid=True) for name, model in optimised.items()})

# %% [markdown]
# ## Standardization of the data
#
# Inputs are given mean 0 and standard deviation 1; an autoencoder's are scaled into -0.5 to 0.5. With
# `standardize=False` they come as they are, and those with large numbers rule.

# %%
plain = houses_model(standardize=False, l2=1e-5, max_w2=10.0)
scaled = houses_model(l2=1e-5, max_w2=10.0)
autoencoder = H2OAutoEncoderEstimator(activation="Tanh", hidden=[3], epochs=50, seed=1)
autoencoder.train(x=houses.names[:-1], training_frame=houses)

# %%
compare("standardization", scaled=scaled.rmse(), plain=plain.rmse(), autoencoder=autoencoder.mse())

# %% [markdown]
# ## Early stopping
#
# The four examples of the booklet, each with 1000 epochs ahead, and a limit of time.

# %%
rules = {
    "one": {"stopping_rounds": 1, "stopping_tolerance": 0.01, "stopping_metric": "misclassification"},
    "auc": {"stopping_rounds": 5, "stopping_tolerance": 0.001, "stopping_metric": "AUC"},
    "logloss": {"stopping_rounds": 3, "stopping_tolerance": 0, "stopping_metric": "logloss"},
    "never": {"stopping_rounds": 0},
}
stopped = {}
for name, rule in rules.items():
    model = H2ODeepLearningEstimator(
        hidden=[20, 20], epochs=1000, train_samples_per_iteration=0, score_interval=0, score_duty_cycle=1, seed=1,
        classification_stop=-1, **rule,
    )  # fmt: skip
    model.train(x=inputs, y="CAPSULE", training_frame=patients_train, validation_frame=patients_test)
    stopped[name] = model

# %% tags=["extra"]
figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
history = while_training(stopped["never"])
axes.plot(history["epochs"], history["training_logloss"], label="training")
axes.plot(history["epochs"], history["validation_logloss"], label="validation")
for style, name in zip(("--", "-.", ":"), ("one", "auc", "logloss"), strict=True):
    end = stopped[name].scoring_history()["epochs"].iloc[-1]
    axes.axvline(end, color="grey", linestyle=style, label=f"end by {rules[name]['stopping_metric']}")
axes.set(xlabel="epochs", ylabel="logloss", xscale="log")
figure.legend(loc="outside right upper")
plt.show()

# %%
timed = H2ODeepLearningEstimator(hidden=[200, 200], epochs=1e6, max_runtime_secs=2, stopping_rounds=0, seed=1)
timed.train(x=inputs, y="CAPSULE", training_frame=patients_train)
folded = H2ODeepLearningEstimator(
    hidden=[20, 20], epochs=1000, nfolds=3, fold_assignment="Modulo", train_samples_per_iteration=0, score_interval=0,
    score_duty_cycle=1, seed=1, stopping_rounds=3, stopping_tolerance=0.01, stopping_metric="logloss",
)  # fmt: skip
folded.train(x=inputs, y="CAPSULE", training_frame=patients_train)

# %%
compare(
    "stopping",
    **{name: stopped[name].scoring_history()["epochs"].iloc[-1] for name in rules},
    folds=folded.scoring_history()["epochs"].iloc[-1],
    seconds=timed.run_time / 1000,
)

# %% [markdown]
# ## Categorical encoding
#
# Delays of flights, mostly from factors with up to a hundred levels: one input for each level, or as many as its
# number has binary digits, or one that is a projection of all.

# %%
flights, others = (h2o.import_file(data_file(f"Airlines{part}.csv.gz")) for part in ("Train", "Test"))
known = ["fMonth", "fDayofMonth", "fDayOfWeek", "UniqueCarrier", "Origin", "Dest", "Distance"]
auc, units = {}, {}
for encoding in ("AUTO", "Binary", "Eigen"):
    model = H2ODeepLearningEstimator(
        hidden=[20, 20], epochs=5, seed=1, categorical_encoding=encoding, export_weights_and_biases=True
    )
    model.train(x=known, y="IsDepDelayed", training_frame=flights)
    auc[encoding], units[encoding] = model.model_performance(others).auc(), model.weights(0).ncols

# %%
compare(
    "encoding",
    **{f"{name.lower()}_units": value for name, value in units.items()},
    **{f"{name.lower()}_auc": value for name, value in auc.items()},
)

# %% [markdown]
# ## Parameters
#
# Their defaults, where the booklet names a number.

# %%
model = H2ODeepLearningEstimator()
names = (
    "hidden", "epochs", "train_samples_per_iteration", "rho", "epsilon", "rate", "rate_annealing", "rate_decay",
    "momentum_start", "momentum_ramp", "momentum_stable", "input_dropout_ratio", "l1", "l2", "initial_weight_scale",
    "quantile_alpha", "score_interval", "score_training_samples", "score_validation_samples", "score_duty_cycle",
    "classification_stop", "regression_stop", "nfolds", "max_after_balance_size", "average_activation", "sparsity_beta",
)  # fmt: skip
compare("defaults", **{name: getattr(model, name) for name in names})
