# %% [markdown]
# # In pipelines of scikit-learn
#
# The classes of `h2o.sklearn` are estimators as any others: within pipelines, searches, stacks and pickles. Rows: the fuel that
# 398 cars need.

# %%
import pickle

import h2o
import matplotlib.pyplot as plt
import pandas as pd
from h2o.sklearn import H2ODeepLearningRegressor, TabularNetRegressor
from sklearn.ensemble import HistGradientBoostingRegressor, StackingRegressor
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GridSearchCV, cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from vignettes.files import data_file

h2o.init(verbose=False)
h2o.no_progress()
cars = pd.read_csv(data_file("cars.csv")).dropna(subset="economy (mpg)")
cars["maker"] = cars["name"].str.split().str[0].astype("category")
y = cars.pop("economy (mpg)")
X = cars.drop(columns="name")
train, test, known, truth = train_test_split(X, y, random_state=1)

# %% [markdown]
# A step before the network adds columns; missing cells and categories pass through as they are. A search tries sizes, with
# folds.

# %%


def with_ratio(rows):
    """Power for each pound."""
    return rows.assign(ratio=rows["power (hp)"] / rows["weight (lb)"])


steps = make_pipeline(FunctionTransformer(with_ratio), H2ODeepLearningRegressor(epochs=30, random_state=1))
search = GridSearchCV(steps, {"h2odeeplearningregressor__hidden": [(20,), (50, 50)]}, cv=3).fit(train, known)
print(search.best_params_, f"R2 {search.score(test, truth):.3f}")

# %% [markdown]
# A stack of a network and trees, whose errors differ, is often better than either.

# %%
net = TabularNetRegressor(epochs=20, ensemble_size=2, random_state=1)
trees = HistGradientBoostingRegressor(random_state=1)
stack = StackingRegressor([("net", net), ("trees", trees)], RidgeCV(), cv=3)
for name, each in {"network": net, "trees": trees, "stack": stack}.items():
    print(f"{name:8} R2 {each.fit(train, known).score(test, truth):.3f}")

# %%
again = pickle.loads(pickle.dumps(stack))  # the model file is within
assert (again.predict(test) == stack.predict(test)).all()
found = cross_val_predict(net, X, y, cv=3)
figure, axes = plt.subplots(figsize=(4.4, 3.4), layout="constrained")
axes.scatter(y, found, s=8, alpha=0.6)
axes.plot([10, 45], [10, 45], color="black", lw=1)
axes.set(xlabel="miles per gallon", ylabel="predicted, held out")
plt.show()

# %% [markdown]
# Further: [Deep Learning as an estimator](../scikit-learn.md); in R the same with [parsnip, recipes and
# workflows](../../rfront/vignettes/tidymodels.Rmd).
