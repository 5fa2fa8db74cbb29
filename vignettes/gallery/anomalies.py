# %% [markdown]
# # Anomalies
#
# An autoencoder learns to repeat its inputs through a narrow layer. What it repeats badly is unlike what it has seen. Here it
# sees digits, but no four; then it is shown fours. The digits (8 x 8 pixels) come with scikit-learn.

# %%
import h2o
import matplotlib.pyplot as plt
import numpy as np
from h2o.estimators import H2OAutoEncoderEstimator
from sklearn.datasets import load_digits

h2o.init(verbose=False)
h2o.no_progress()
pixels, digit = load_digits(return_X_y=True, as_frame=True)
known, four = pixels[digit != 4], pixels[digit == 4]
train, later = known[:1200], known[1200:]

coder = H2OAutoEncoderEstimator(hidden=[8], activation="Tanh", epochs=60, seed=1, reproducible=True)
coder.train(x=list(pixels.columns[train.nunique() > 1]), training_frame=train)

# %% [markdown]
# There is no natural limit: choose how many false alarms are bearable, and take that quantile of the errors of rows that are
# normal and were not trained on.

# %%
normal = coder.anomaly(later)["Reconstruction.MSE"]
strange = coder.anomaly(four)["Reconstruction.MSE"]
limit = normal.quantile(0.95)
print(
    f"alarms: {(normal > limit).mean():.0%} of the digits that it knows, {(strange > limit).mean():.0%} of the fours"
)

# %%
errors = np.concatenate([normal, strange])
rows = np.concatenate([later, four])
order = errors.argsort()
figure, axes = plt.subplots(1, 9, figsize=(9, 1.9), width_ratios=[6, *[1] * 8], layout="constrained")
axes[0].hist([normal, strange], bins=30, stacked=True, label=["known", "fours"])
axes[0].axvline(limit, color="black", lw=1)
axes[0].set_xlabel("reconstruction error")
axes[0].legend(fontsize=7)
for place, which in zip(axes[1:], [*order[:4], *order[-4:]], strict=True):
    place.imshow(rows[which].reshape(8, 8), cmap="gray_r")
    place.set_title(f"{errors[which]:.3f}", fontsize=7)
    place.axis("off")
plt.show()

# %% [markdown]
# Left the four digits that are repeated best, right the four worst. `coder.anomaly(rows, per_feature=True)` tells which pixels
# are odd. Further: [autoencoders](../explanations.md#autoencoders), the booklet's example of heartbeats in `make vignettes`.
