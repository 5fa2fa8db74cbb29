# %% [markdown]
# # Deep Learning with H2O: the Python examples of the booklet
#
# Every "Example in Python" of the booklet *Deep Learning with H2O* (sixth edition), in order. The code is the
# booklet's; the data are read from files, since the booklet's addresses cannot always be reached. After each chapter
# come figures and a table: the numbers of the booklet and of the real H2O 3.46 beside those of this run.
#
# This file is a script, `python -m vignettes.booklet`, and a notebook, which `make vignettes` runs and renders.

# %%
import tempfile
from pathlib import Path

from matplotlib import pyplot as plt

from vignettes.comparison import classification_error, compare
from vignettes.files import data_file

# %% [markdown]
# ## Installation in Python
#
# Installed, `help(h2o.estimators.deeplearning.H2ODeepLearningEstimator)` explains every parameter, and there is a
# demonstration. (Those of other algorithms, `glm` and `gbm`, are not part of this package.)

# %%
import h2o

# Start H2O on your local machine
h2o.init()

# Show a demo
h2o.demo("deeplearning")

# %% [markdown]
# A page has no use for bars of progress.

# %%
h2o.no_progress()

# %% [markdown]
# ## Quantile regression
#
# The 80th percentile of the petal length of irises, given the first two measurements.

# %%
import h2o
from h2o.estimators.deeplearning import H2ODeepLearningEstimator

h2o.init()
train = h2o.import_file(data_file("iris_wheader.csv"))
splits = train.split_frame(ratios=[0.75], seed=1234)
dl = H2ODeepLearningEstimator(distribution="quantile", quantile_alpha=0.8)
dl.train(x=list(range(0, 2)), y="petal_len", training_frame=splits[0])
print(dl.predict(splits[1]))

# %% [markdown]
# Four out of five flowers should be below the prediction.

# %% tags=["extra"]
petal_len = splits[1]["petal_len"].as_data_frame()["petal_len"]
percentile = dl.predict(splits[1]).as_data_frame()["predict"]
figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
axes.scatter(percentile, petal_len)
axes.axline((1, 1), slope=1, color="grey")
axes.set(xlabel="predicted 80th percentile [cm]", ylabel="petal length [cm]")
plt.show()

# %%
compare(
    "quantile_regression",
    rows=splits[1].nrows,
    below=(petal_len <= percentile).mean(),
    deviance=dl.model_performance(splits[1]).mean_residual_deviance(),
)

# %% [markdown]
# ## Use case: MNIST digit classification

# %%
import h2o

# Start H2O cluster with all available cores (default)
h2o.init()

train = h2o.import_file(data_file("train.csv.gz"))
test = h2o.import_file(data_file("test.csv.gz"))

# Get a brief summary of the data
train.describe()
test.describe()

# %% tags=["extra"]
figure, axes = plt.subplots(1, 8, figsize=(8, 1.3), layout="constrained")
for image, digit in zip(axes, train[0:8, :].as_data_frame().to_numpy(), strict=True):
    image.imshow(digit[:784].reshape(28, 28), cmap="Greys")
    image.set_title(digit[784])
    image.axis("off")
plt.show()

# %%
compare("data", train_rows=train.nrows, test_rows=test.nrows, pixels=train.ncols - 1)

# %% [markdown]
# ## Performing a trial run

# %%
from h2o.estimators.deeplearning import H2ODeepLearningEstimator

# Specify the response and predictor columns
y = "C785"
x = train.names[0:784]

# Encode the response column as categorical for multinomial classification
train[y] = train[y].asfactor()
test[y] = test[y].asfactor()

# Train Deep Learning model and validate on test set
model = H2ODeepLearningEstimator(
    distribution="multinomial",
    activation="RectifierWithDropout",
    hidden=[32, 32, 32],
    input_dropout_ratio=0.2,
    sparse=True,
    l1=1e-5,
    epochs=10,
)
model.train(x=x, y=y, training_frame=train, validation_frame=test)

# %% tags=["extra"]
model.learning_curve_plot(metric="classification_error", figsize=(7, 4))

# %%
compare(
    "trial_run",
    error=classification_error(model, valid=True),
    logloss=model.logloss(valid=True),
    epochs=model.scoring_history()["epochs"].iloc[-1],
)

# %% [markdown]
# ### N-fold cross-validation

# %%
# Perform 5-fold cross-validation on training frame
model_cv = H2ODeepLearningEstimator(
    distribution="multinomial",
    activation="RectifierWithDropout",
    hidden=[32, 32, 32],
    input_dropout_ratio=0.2,
    sparse=True,
    l1=1e-5,
    epochs=10,
    nfolds=5,
)
model_cv.train(x=x, y=y, training_frame=train)

# %% [markdown]
# ### Extracting and handling the results

# %%
# View specified parameters of the Deep Learning model
model.params

# %%
# Examine the performance of the trained model
model  # display all performance metrics

# %%
model.model_performance(train=True)  # training metrics

# %%
model.model_performance(valid=True)  # validation metrics

# %%
# Get MSE only
model.mse(valid=True)

# %%
# Cross-validated MSE
model_cv.mse(xval=True)

# %%
compare(
    "results",
    mse=model.mse(valid=True),
    models=len(model_cv.cross_validation_models()),
    mse_cv=model_cv.mse(xval=True),
    error_cv=classification_error(model_cv, xval=True),
)

# %%
# Classify the test set (predict class labels)
# This also returns the probability for each class
pred = model.predict(test)

# Take a look at the predictions
pred.head()

# %%
compare("predictions", columns=pred.ncols, right=(pred["predict"] == test[y]).mean()[0])

# %% [markdown]
# ### Variable importances

# %%
# Train Deep Learning model and validate on test set
# and save the variable importances
model_vi = H2ODeepLearningEstimator(
    distribution="multinomial",
    activation="RectifierWithDropout",
    hidden=[32, 32, 32],
    input_dropout_ratio=0.2,
    sparse=True,
    l1=1e-5,
    epochs=10,
    variable_importances=True,
)
model_vi.train(x=x, y=y, training_frame=train, validation_frame=test)

# Retrieve the variable importance
model_vi.varimp()[:10]  # 717 pixels have one

# %% tags=["extra"]
model_vi.varimp_plot()
model_vi.varimp_image_plot(x)

# %%
shares = [line[3] for line in model_vi.varimp()]
compare("importances", pixels=len(shares), top=sum(shares[:100]))

# %% [markdown]
# ### Java model
#
# The booklet's steps end with a Java class that predicts without any other library: `model.download_pojo(folder)` writes
# it, and the folder then has what `javac` takes. A MOJO is the same model as data, for H2O's own scorer.

# %% tags=["extra"]
with tempfile.TemporaryDirectory() as folder:
    pojo = model.download_pojo(folder)
    print(*Path(pojo).read_text(encoding="utf-8").splitlines()[:12], sep="\n")
    mojo = h2o.import_mojo(model.download_mojo(folder))

# %%
back = mojo.predict(test)
compare(
    "java_model",
    change=max((back[column] - pred[column]).abs().max() for column in pred.names[1:]),
)

# %% [markdown]
# ## Grid search for model comparison
#
# ### Cartesian grid search
#
# Early stopping ends the training long before 1000 epochs.

# %%
hidden_opt = [[32, 32], [32, 16, 8], [100]]
l1_opt = [1e-4, 1e-3]
hyper_parameters = {"hidden": hidden_opt, "l1": l1_opt}

from h2o.grid.grid_search import H2OGridSearch

model_grid = H2OGridSearch(H2ODeepLearningEstimator, hyper_params=hyper_parameters)
model_grid.train(
    x=x,
    y=y,
    distribution="multinomial",
    epochs=1000,
    training_frame=train,
    validation_frame=test,
    score_interval=2,
    stopping_rounds=3,
    stopping_tolerance=0.05,
    stopping_metric="misclassification",
)

# %% [markdown]
# The booklet's loop takes the name of the model of the trial run, which the checkpoint below needs.

# %%
trial_run = model

# print model grid search results
model_grid

# %%
for model in model_grid:
    print(model.model_id + " mse: " + str(model.mse()))

# %% tags=["extra"]
figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
errors = [classification_error(each, valid=True) for each in model_grid]
labels = [f"{each.actual_params['hidden']}, {each.actual_params['l1']}" for each in model_grid]
axes.barh(labels, errors)
axes.set(xlabel="classification error of the test set", ylabel="hidden, l1")
plt.show()

# %%
compare(
    "cartesian_grid",
    models=len(model_grid.model_ids),
    best=min(classification_error(each, valid=True) for each in model_grid),
    epochs=max(each.scoring_history()["epochs"].iloc[-1] for each in model_grid),
)

# %% [markdown]
# ### Random grid search

# %%
hidden_opt = [[17, 32], [8, 19], [32, 16, 8], [100], [10, 10, 10, 10]]
l1_opt = [s / 1e6 for s in range(1, 1001)]
hyper_parameters = {"hidden": hidden_opt, "l1": l1_opt}
search_criteria = {
    "strategy": "RandomDiscrete",
    "max_models": 10,
    "max_runtime_secs": 100,
    "seed": 123456,
}

from h2o.grid.grid_search import H2OGridSearch

model_grid = H2OGridSearch(
    H2ODeepLearningEstimator, hyper_params=hyper_parameters, search_criteria=search_criteria
)
model_grid.train(
    x=x,
    y=y,
    distribution="multinomial",
    epochs=1000,
    training_frame=train,
    validation_frame=test,
    score_interval=2,
    stopping_rounds=3,
    stopping_tolerance=0.05,
    stopping_metric="misclassification",
)

# %%
compare(
    "random_grid",
    models=len(model_grid.model_ids),
    best=min(classification_error(each, valid=True) for each in model_grid),
)

# %% [markdown]
# ## Checkpoint models

# %%
model = trial_run

# %%
# Re-start the training process on a saved DL model
# using the 'checkpoint' argument
model_chkp = H2ODeepLearningEstimator(
    checkpoint=model,
    activation="RectifierWithDropout",
    distribution="multinomial",
    hidden=[32, 32, 32],
    input_dropout_ratio=0.2,
    sparse=True,
    l1=1e-5,
    epochs=20,
)
model_chkp.train(x=x, y=y, training_frame=train, validation_frame=test)

# %% tags=["extra"]
model_chkp.learning_curve_plot(metric="classification_error", figsize=(7, 4))

# %%
compare(
    "checkpoint",
    before=classification_error(model, valid=True),
    after=classification_error(model_chkp, valid=True),
    epochs=model_chkp.scoring_history()["epochs"].iloc[-1],
)

# %%
# Specify a model and the file path where it is to be saved. If no path is
# specified, the model will be saved to the current working directory
model_path = h2o.save_model(
    model=model,
    # path="mymodel",
    force=True,
)

print(model_path)

# %%
# Load model from disk
saved_model = h2o.load_model(model_path)

# %%
saved = saved_model.predict(test)
same = (saved["predict"] == pred["predict"]).mean()[0]
change = max((saved[column] - pred[column]).abs().max() for column in pred.names[1:])
compare("saving", same=same, change=change)

# %%
# Retrieve model by H2O key
model = h2o.get_model(model_id=model_chkp._id)

# %% [markdown]
# ## Achieving world-record performance
#
# The booklet has this one in R only. Its 8000 epochs took ten hours on ten computers; this is a tenth of one epoch.

# %%
model = H2ODeepLearningEstimator(
    activation="RectifierWithDropout",
    hidden=[1024, 1024, 2048],
    epochs=0.1,
    input_dropout_ratio=0.2,
    l1=1e-5,
    max_w2=10,
    train_samples_per_iteration=-1,
    classification_stop=-1,
    stopping_rounds=0,
)
model.train(x=x, y=y, training_frame=train, validation_frame=test)

# %%
compare("record", error=classification_error(model, valid=True))

# %% [markdown]
# ## Computational performance
#
# Rows per second of the trial run and of the net above, as the scoring history tells them, with all cores of this machine.
# The booklet shows how the speed of the second grows with the number of computers; `tests/benchmarks/results/speed.md` compares
# more cases, at rest, in turns.

# %%
speeds = [
    float(each.scoring_history()["training_speed"].iloc[-1].replace("obs/sec", ""))
    for each in (trial_run, model)
]
compare("performance", trial_run=round(speeds[0]), record=round(speeds[1]))

# %% [markdown]
# ## Deep autoencoders: anomaly detection
#
# Each row is a heartbeat. The last three of the test data are not normal.

# %%
# Import ECG train and test data into the H2O cluster
from h2o.estimators.deeplearning import H2OAutoEncoderEstimator

train_ecg = h2o.import_file(data_file("ecg_discord_train.csv"))
test_ecg = h2o.import_file(data_file("ecg_discord_test.csv"))

# Train deep autoencoder learning model on "normal"
# training data, y ignored
anomaly_model = H2OAutoEncoderEstimator(
    activation="Tanh",
    hidden=[50, 50, 50],
    sparse=True,
    l1=1e-4,
    epochs=100,
)
anomaly_model.train(x=train_ecg.names, training_frame=train_ecg)

# Compute reconstruction error with the Anomaly
# detection app (MSE between output and input layers)
recon_error = anomaly_model.anomaly(test_ecg)

# Note: Testing = Reconstructing the test dataset
test_recon = anomaly_model.predict(test_ecg)
test_recon

# %% tags=["extra"]
anomaly_model.reconstruction_error_plot(test_ecg)

# %%
squared = recon_error.as_data_frame()["Reconstruction.MSE"]
ranks = squared.rank(ascending=False).astype(int)
compare(
    "anomaly",
    ranks=" ".join(map(str, ranks[-3:])),
    normal=squared[:20].mean(),
    least=squared[20:].min(),
    most=squared[20:].max(),
)

# %% [markdown]
# ### Stacked autoencoder
#
# Layers are trained one after the other, see `vignettes/stacked_autoencoder.py`; here on 5000 digits.

# %%
from vignettes.stacked_autoencoder import LAYERS, encode, train_stack

digits = train[0:5000, x] if train.nrows > 5000 else train[x]
stack = train_stack(digits, LAYERS, activation="Tanh", epochs=1, seed=1)
codes = encode(stack, digits)
compare(
    "stacked_autoencoder",
    units=codes.ncols,
    first=stack[0].mse(),
    last=stack[-1].mse(),
)

# %% [markdown]
# ### Unsupervised pretraining with supervised fine-tuning
#
# An autoencoder learns from digits without labels; its hidden layers are where the classifier begins, which sees the
# labels of a tenth as many.

# %%
autoencoder = H2OAutoEncoderEstimator(
    model_id="autoencoder",
    activation="Tanh",
    hidden=[64],
    epochs=1,
    sparse=True,
    ignore_const_cols=False,
    seed=1,
)
autoencoder.train(x=x, training_frame=digits)
few = train[0:500, :] if train.nrows > 500 else train
parameters = {"activation": "Tanh", "hidden": [64], "epochs": 10, "ignore_const_cols": False, "seed": 1}
pretrained = H2ODeepLearningEstimator(pretrained_autoencoder="autoencoder", **parameters)
pretrained.train(x=x, y=y, training_frame=few, validation_frame=test)
fresh = H2ODeepLearningEstimator(**parameters)
fresh.train(x=x, y=y, training_frame=few, validation_frame=test)
compare(
    "pretraining",
    pretrained=classification_error(pretrained, valid=True),
    fresh=classification_error(fresh, valid=True),
)
