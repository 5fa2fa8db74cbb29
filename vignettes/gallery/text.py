# %% [markdown]
# # Texts, by hashing
#
# A network takes numbers, so texts become counts of words. Hashing needs no dictionary: a word is a column, the one that its
# hash names. The matrix is sparse and stays so. The texts are on every machine that has this package: the documentation of
# functions of NumPy, SciPy, pandas and scikit-learn. From which of them is it?

# %%
import importlib
import inspect
import re
import warnings

import h2o
import matplotlib.pyplot as plt
import pandas as pd
from h2o.sklearn import H2ODeepLearningClassifier
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

warnings.filterwarnings("ignore", "Columns")  # that no text of the training has set a column
h2o.init(verbose=False)
h2o.no_progress()
MODULES = {
    "numpy": ["numpy", "numpy.linalg", "numpy.ma", "numpy.random"],
    "scipy": ["scipy.stats", "scipy.signal", "scipy.linalg", "scipy.optimize", "scipy.special"],
    "pandas": ["pandas", "pandas.DataFrame", "pandas.Series", "pandas.Index"],
    "sklearn": [
        "sklearn.metrics",
        "sklearn.preprocessing",
        "sklearn.datasets",
        "sklearn.linear_model",
        "sklearn.utils",
    ],
}


def member(path):
    """The module or class of this name."""
    module, _, name = path.rpartition(".")
    return (
        getattr(importlib.import_module(module), name)
        if name[:1].isupper()
        else importlib.import_module(path)
    )


texts = {}
for package, paths in MODULES.items():
    for path in paths:
        for name, what in inspect.getmembers(member(path), callable):
            text = inspect.getdoc(what) or ""
            if len(text) > 300 and not name.startswith("_"):
                prose = re.sub(
                    r"(?i)numpy|scipy|pandas|sklearn|scikit|\bnp\b|\bpd\b|>>>.*", " ", text
                )  # not by its name
                texts[prose[:2000]] = package
documents, packages = list(texts), list(texts.values())
print(pd.Series(packages).value_counts().to_dict())

# %% [markdown]
# 4,096 columns, of which a text has some hundred. `sparse=True` passes over the others, in training as in scoring;
# `input_dropout_ratio` keeps single words from deciding.

# %%
train, test, known, truth = train_test_split(
    documents, packages, test_size=0.3, random_state=1, stratify=packages
)
words = HashingVectorizer(n_features=4096, alternate_sign=False, stop_words="english")
net = H2ODeepLearningClassifier(
    hidden=(32,),
    activation="RectifierWithDropout",
    input_dropout_ratio=0.2,
    epochs=15,
    sparse=True,
    random_state=1,
)
model = make_pipeline(words, net).fit(train, known)
print(
    f"right: {model.score(test, truth):.1%}; always the commonest one: {pd.Series(truth).value_counts(normalize=True).max():.1%}"
)

# %%
figure, axes = plt.subplots(figsize=(4.2, 3.6), layout="constrained")
ConfusionMatrixDisplay.from_predictions(truth, model.predict(test), ax=axes, colorbar=False, cmap="Blues")
plt.show()

# %% [markdown]
# Inside a frame, levels are hashed by `max_categorical_features`: [data](../guide/data.md#many-levels-wide-and-sparse-data).
