# %% [markdown]
# # Classification of a table
#
# 569 tumours, 30 numbers of each; is it malignant? The rows come with scikit-learn. Three models: the preset for tables, a
# network with H2O's defaults, and boosted trees for comparison.

# %%
import h2o
import matplotlib.pyplot as plt
from h2o.estimators import H2ODeepLearningEstimator
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split

h2o.init(verbose=False)
h2o.no_progress()
rows = load_breast_cancer(as_frame=True).frame
rows["target"] = rows["target"].map({0: "malignant", 1: "benign"})
train, test = train_test_split(rows, test_size=0.3, random_state=1, stratify=rows["target"])

# %% [markdown]
# `preset="tabular"` would find the number of epochs by itself; here it is given, which saves most of the time.

# %%
tabular = H2ODeepLearningEstimator(preset="tabular", epochs=20, seed=1, model_id="tabular")
tabular.train(y="target", training_frame=train)
plain = H2ODeepLearningEstimator(seed=1, model_id="defaults")
plain.train(y="target", training_frame=train)
print(h2o.make_leaderboard([tabular, plain], test))

# %%
inputs = list(rows.columns[:-1])
trees = HistGradientBoostingClassifier(random_state=1).fit(train[inputs], train["target"])
found = trees.predict_proba(test[inputs])
print(
    f"trees: AUC {roc_auc_score(test['target'] == 'malignant', found[:, 1]):.4f}, log-loss {log_loss(test['target'], found):.4f}"
)

# %% [markdown]
# How sure it is, and what it looks at: probabilities of the two classes, and how much worse the model gets when a column is
# shuffled.

# %%
found = tabular.predict(test)
importance = (
    tabular.permutation_importance(test, metric="AUC", n_repeats=2, seed=1, use_pandas=True)["Mean"]
    .sort_values()
    .tail(8)
)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for kind in ("benign", "malignant"):
    left.hist(found["malignant"][test["target"] == kind], bins=20, range=(0, 1), alpha=0.6, label=kind)
left.set(xlabel="probability of malignant", ylabel="tumours", yscale="log")
left.legend()
right.barh(importance.index, importance)
right.set_title("loss of AUC when shuffled", fontsize=9)
plt.show()

# %% [markdown]
# Further: [explanations](../explanations.md), [thresholds and metrics](../guide/evaluating.md), [what the preset
# does](../tabular.md).
