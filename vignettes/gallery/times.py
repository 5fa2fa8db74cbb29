# %% [markdown]
# # Times as inputs
#
# A time of day is a circle, and a network sees a line: 23:59 and 00:01 are far apart there. Which flights leave late?
# Departures of American airports in Januaries and an October, from 1987 to 2000.

# %%
import h2o
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from h2o.estimators import H2ODeepLearningEstimator

from vignettes.files import data_file

h2o.init(verbose=False)
h2o.no_progress()
flights = h2o.import_file(data_file("AirlinesTrain.csv.gz")).as_data_frame()
date = (
    flights[["fYear", "fMonth", "fDayofMonth"]].astype(str).apply(lambda column: column.str.removeprefix("f"))
)
clock = pd.to_timedelta(flights["DepTime"] // 100 * 60 + flights["DepTime"] % 100, unit="min")
when = pd.to_datetime(date.agg("-".join, axis=1), format="%Y-%m-%d") + clock
late = np.where(flights["IsDepDelayed"] == "YES", "late", "in time")
rows = pd.DataFrame({"when": when, "carrier": flights["UniqueCarrier"], "late": late}).sort_values("when")

# %% [markdown]
# The parts of a time are operations of a frame; what repeats becomes two numbers, sine and cosine, or a category. Rows are
# split by time, as they will be when the model is used: the last two years are for the test.

# %%
frame = h2o.H2OFrame(rows)
frame["weekday"] = frame["when"].dayOfWeek()
hours = frame["when"].hour() + frame["when"].minute() / 60
frame["sine"], frame["cosine"] = (hours * (2 * np.pi / 24)).sin(), (hours * (2 * np.pi / 24)).cos()
frame["hour"] = hours
year = frame["when"].year()
train, test = frame[year < 1999, :], frame[year >= 1999, :]
print(train.nrow, test.nrow, frame.types)

# %%
scores, curves = {}, {}
for name, inputs in {
    "milliseconds since 1970": ["when"],
    "hour as a number": ["hour", "weekday", "carrier"],
    "hour on a circle": ["sine", "cosine", "weekday", "carrier"],
}.items():
    model = H2ODeepLearningEstimator(hidden=[30, 30], epochs=5, seed=1, reproducible=True)
    model.train(x=inputs, y="late", training_frame=train)
    scores[name] = model.model_performance(test).auc()
    curves[name] = model.predict(test).as_data_frame()["late"]
print(pd.Series(scores, name="AUC of the last two years").round(3))

# %%
hour = test["hour"].as_data_frame()["hour"].to_numpy().astype(int)
truth = (test["late"].as_data_frame()["late"] == "late").to_numpy()
figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
axes.bar(
    range(24),
    [truth[hour == h].mean() if (hour == h).sum() > 20 else np.nan for h in range(24)],
    color="0.85",
    label="late, observed",
)
for name, found in curves.items():
    axes.plot(
        range(24),
        [found[hour == h].mean() if (hour == h).sum() > 20 else np.nan for h in range(24)],
        label=name,
    )
axes.set(xlabel="hour of departure", ylabel="share of flights")
axes.legend(fontsize=7)
plt.show()

# %% [markdown]
# A time as it is tells a trend at most. The hour tells what there is; that it is a circle matters where things
# happen around midnight, which flights hardly do. A network does not foresee: what depends on its own past needs
# lagged columns, made by you. Further: [questions](../faq.md#how-do-dates-and-times-become-inputs).
