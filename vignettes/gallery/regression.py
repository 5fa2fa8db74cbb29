# %% [markdown]
# # Regression on a table
#
# Prices of houses in California, 1990: position, age, rooms, incomes of 20,640 districts, of which 5,000 are trained on. With
# each price an interval that holds the truth nine times of ten.

# %%
import h2o
import matplotlib.pyplot as plt
from h2o.estimators import H2ODeepLearningEstimator

from vignettes.files import data_file  # where the data of this project are

h2o.init(verbose=False)
h2o.no_progress()
houses = h2o.import_file(data_file("cal_housing.csv.gz")).as_data_frame()
houses = houses.sample(8000, random_state=1).reset_index(drop=True)
train, calibration, test = houses[:5000], houses[5000:6500], houses[6500:]

# %% [markdown]
# Two members and ten epochs, so that it takes seconds. `calibration_frame` has rows that training does not look at: from its
# errors on them the model learns how wide intervals have to be.

# %%
model = H2ODeepLearningEstimator(
    preset="tabular", epochs=10, ensemble_size=2, calibration_frame=h2o.H2OFrame(calibration), seed=1
)
model.train(y="medianHouseValue", training_frame=train)
found = model.predict(test, interval=0.9)
truth = test["medianHouseValue"]
error = ((found["predict"] - truth) ** 2).mean() ** 0.5
inside = ((found["lower"] <= truth) & (truth <= found["upper"])).mean()
print(f"root of the mean squared error: {error:.0f} (always the mean: {truth.std():.0f})")
print(f"within the interval of 0.9: {inside:.1%}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
left.scatter(truth / 1000, found["predict"] / 1000, s=4, alpha=0.4)
left.plot([0, 500], [0, 500], color="black", lw=1)
left.set(xlabel="price, 1000 dollars", ylabel="predicted")
far = (found["predict"] - truth) / 1000
points = right.scatter(test["longitude"], test["latitude"], c=far, s=5, cmap="coolwarm", vmin=-150, vmax=150)
figure.colorbar(points, label="predicted - price, 1000 dollars")
right.set(xlabel="longitude", ylabel="latitude")
plt.show()

# %% [markdown]
# Prices end at 500,000 in these data (where points stand above each other); `clamp_predictions=True` keeps predictions within what
# training has seen. Further: [intervals](../uncertainty.md), [what the preset does](../tabular.md).
