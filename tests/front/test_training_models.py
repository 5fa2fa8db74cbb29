"""Models of every kind on small real data: they learn, predict, and treat odd data as promised."""

from __future__ import annotations

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.exceptions import H2OTypeError, H2OValueError

from .training_helpers import array, autoencoder, boston, fit, iris, output, parameters_of, prostate, read

# --- kinds of models


def test_two_classes() -> None:
    frame = prostate()
    model = fit(frame, "CAPSULE", epochs=20)
    assert model.auc() > 0.8
    found = model.predict(frame)
    assert found.names == ["predict", "p0", "p1"]
    table = found.as_data_frame()
    np.testing.assert_allclose(table.p0 + table.p1, 1, atol=1e-6)
    threshold = model.default_threshold()
    assert (table.predict.astype(int) == (table.p1 >= threshold)).all()


def test_three_classes() -> None:
    frame = iris()
    model = fit(frame, "class", epochs=50)
    assert model.logloss() < 0.15
    table = model.predict(frame).as_data_frame()
    classes = frame["class"].levels()[0]
    assert list(table.columns) == ["predict", *classes]
    assert (table.predict == table[classes].idxmax(axis=1)).all()
    cm = model.confusion_matrix(frame)
    assert cm.cell_values[-1][-2] == pytest.approx((table.predict != frame.as_data_frame()["class"]).mean())


def test_a_number() -> None:
    frame = boston()
    model = fit(frame, "medv", epochs=20)
    assert model.rmse() < 5
    error = array(model.predict(frame))[:, 0] - array(frame["medv"])[:, 0]
    assert model.rmse() == pytest.approx(np.sqrt(np.mean(error**2)))


RESPONSES = {
    "gaussian": "claims",
    "laplace": "amount",
    "huber": "amount",
    "quantile": "amount",
    "poisson": "claims",
    "gamma": "pure_premium",
    "tweedie": "pure_premium",
}
LOG_LINK = ("poisson", "gamma", "tweedie")
RISK = ["age", "vehicle_age", "power", "region", "fuel", "gender"]


@pytest.mark.parametrize("distribution", RESPONSES)
@pytest.mark.parametrize("sign", [None, 1, -1])
def test_distributions_and_offsets(distribution: str, sign: int | None) -> None:
    """Better than the best constant, in the deviance of the distribution; the offset acts with its sign."""
    frame = read("insurance.csv")
    y = RESPONSES[distribution]
    more = {}
    if sign is not None:
        frame["offset"] = sign * frame["log_exposure"]
        more = {"offset_column": "offset"}
    model = fit(frame, y, x=RISK, distribution=distribution, epochs=10, **more)
    untrained = fit(frame, y, x=RISK, distribution=distribution, epochs=0, **more)
    assert model.mean_residual_deviance() < untrained.mean_residual_deviance()
    predictions = array(model.predict(frame))[:, 0]
    assert np.isfinite(predictions).all()
    if distribution in LOG_LINK:
        assert (predictions > 0).all()
    if sign is not None:
        shifted = frame[:, :]
        shifted["offset"] = shifted["offset"] + 0.5
        moved = array(model.predict(shifted))[:, 0]
        expected = predictions * np.exp(0.5) if distribution in LOG_LINK else predictions + 0.5
        np.testing.assert_allclose(moved, expected, rtol=1e-4, atol=1e-5)
        with pytest.raises(H2OValueError, match="offset_column='offset'"):
            model.predict(frame[RISK])


def test_an_autoencoder_finds_the_odd_heartbeats() -> None:
    train, test = read("ecg_discord_train.csv"), read("ecg_discord_test.csv")
    model = autoencoder(train, hidden=[20], activation="Tanh", epochs=100)
    errors = array(model.anomaly(test))[:, 0]
    assert set(np.argsort(errors)[-3:]) == {20, 21, 22}
    each = model.anomaly(test, per_feature=True)
    assert each.names == [f"reconstr_{name}.SE" for name in train.names]
    np.testing.assert_allclose(array(each).mean(axis=1), errors, rtol=1e-6)
    assert model.predict(test).shape == (23, 210)
    assert model.mse() == pytest.approx(array(model.anomaly(train)).mean(), rel=1e-6)


def test_an_autoencoder_with_classes() -> None:
    frame = prostate()
    model = autoencoder(
        frame, x=["AGE", "RACE", "PSA", "CAPSULE"], activation="Tanh", hidden=[6, 4], epochs=30
    )
    units = model.weights(0).names
    assert units[:4] == ["RACE.0", "RACE.1", "RACE.2", "RACE.missing(NA)"] and units[-2:] == ["AGE", "PSA"]
    found = model.predict(frame)
    assert found.names == [f"reconstr_{unit}" for unit in units]
    # numbers come back on their own scale, categories as the value of each unit
    age = array(found[:, "reconstr_AGE"])[:, 0]
    assert abs(age.mean() - array(frame["AGE"]).mean()) < 3
    features = model.deepfeatures(frame, 1)
    assert features.names == [f"DF.L2.C{k}" for k in range(1, 5)]
    assert np.abs(array(features)).max() <= 1
    with pytest.raises(H2OValueError, match="layer=2"):
        model.deepfeatures(frame, 2)


def test_sparsity_lowers_the_mean_activation() -> None:
    train = read("ecg_discord_train.csv")
    options = {"activation": "Tanh", "hidden": [10], "epochs": 100, "adaptive_rate": False, "rate": 0.01}
    plain = autoencoder(train, **options)
    sparse = autoencoder(train, **options, sparsity_beta=1.0, average_activation=-0.5)
    means = [array(model.deepfeatures(train, 0)).mean() for model in (plain, sparse)]
    assert means[1] < means[0] - 0.05


@pytest.mark.parametrize("activation", ["Tanh", "Rectifier", "Maxout", "ExpRectifier"])
@pytest.mark.parametrize("dropout", ["", "WithDropout"])
def test_activations(activation: str, dropout: str) -> None:
    model = fit(iris(), "class", activation=activation + dropout, epochs=40)
    assert model.logloss() < (0.7 if dropout else 0.2)


@pytest.mark.parametrize("hidden", [[], [1], [4, 4, 4, 4]])
def test_any_number_of_layers(hidden: list[int]) -> None:
    frame = prostate()
    classes = fit(frame, "CAPSULE", hidden=hidden, epochs=20)
    numbers = fit(frame, "VOL", hidden=hidden)
    for model in (classes, numbers):
        assert np.isfinite(parameters_of(model)).all()
        assert len(model.summary()) == len(hidden) + 2
        assert len(model.varimp()) == model.weights(0).ncol
    assert classes.auc() > 0.6


# --- observation weights


def test_rows_of_weight_0_are_as_good_as_dropped() -> None:
    frame = prostate()
    keep = np.random.default_rng(0).random(frame.nrow) < 0.7
    frame["w"] = h2o.H2OFrame(keep.astype(int).tolist())
    kept = frame[frame["w"] == 1, :]
    options = {"shuffle_training_data": False, "weights_column": "w"}
    a, b = fit(frame, "CAPSULE", **options), fit(kept, "CAPSULE", **options)
    assert np.array_equal(parameters_of(a), parameters_of(b))
    assert (a.logloss(), output(a)["epochs"]) == (pytest.approx(b.logloss()), 5)


def test_weight_2_is_like_the_row_twice() -> None:
    """One update with twice the gradient is two updates, up to terms of second order in the rate."""
    weight = np.resize([1, 2, 1], 380)
    frame = prostate()
    frame["w"] = h2o.H2OFrame(weight.tolist())
    twice = frame.as_data_frame().loc[np.repeat(np.arange(380), weight)]
    doubled = h2o.H2OFrame(twice, column_types={"CAPSULE": "enum", "RACE": "enum", "DPROS": "enum"})
    x = ["AGE", "RACE", "PSA", "GLEASON"]
    # without standardisation: the sample variances differ a little
    start = {
        "shuffle_training_data": False,
        "adaptive_rate": False,
        "standardize": False,
        "rate_annealing": 0,
    }
    options = {**start, "momentum_stable": 0, "rate": 1e-6, "epochs": 1, "initial_weight_distribution": "Uniform",
               "initial_weight_scale": 0.01, "overwrite_with_best_model": False}  # fmt: skip
    a = fit(frame, "CAPSULE", x=x, weights_column="w", **options)
    b = fit(doubled, "CAPSULE", x=x, **options)
    before = fit(frame, "CAPSULE", x=x, **options | {"epochs": 0})
    step = np.abs(parameters_of(b) - parameters_of(before)).max()
    assert step > 1e-5
    np.testing.assert_allclose(parameters_of(a), parameters_of(b), rtol=0, atol=0.02 * step)
    unweighted = doubled[[*x, "CAPSULE"]]
    with pytest.warns(RuntimeWarning, match="weights_column='w' is missing in the frame"):
        found = a.model_performance(unweighted)
    assert a.logloss() == pytest.approx(found.logloss(), rel=1e-6)


# --- missing values, missing and unknown columns


@pytest.mark.parametrize("handling", ["MeanImputation", "Skip"])
def test_missing_values(handling: str) -> None:
    frame = read("prostate_missing.csv", ("CAPSULE", "RACE"))
    x = ["AGE", "RACE", "PSA", "VOL", "GLEASON"]
    model = fit(frame, "CAPSULE", x=x, missing_values_handling=handling, epochs=4)
    assert model.predict(frame).as_data_frame().notna().all(axis=None)
    assert output(model)["samples"] == 4 * frame.nrow
    table = frame.as_data_frame()
    assert model.model_performance(train=True).nobs() == table.CAPSULE.notna().sum()
    assert model.auc() == pytest.approx(model.model_performance(frame).auc())


def test_skipped_rows_do_not_matter_to_the_weights() -> None:
    table = boston().as_data_frame().head(200)
    other = table.copy()
    table.loc[::3, "crim"] = np.nan
    other.loc[::3, "crim"] = np.nan
    other.loc[::3, "medv"] = other.loc[::3, "medv"].sample(frac=1, random_state=1).to_numpy()
    options = {"missing_values_handling": "Skip", "overwrite_with_best_model": False, "stopping_rounds": 0}
    a, b = (fit(h2o.H2OFrame(t), "medv", **options) for t in (table, other))
    np.testing.assert_allclose(parameters_of(a), parameters_of(b), rtol=0, atol=1e-5)


def test_unseen_levels_are_scored_like_missing_ones() -> None:
    frame = prostate()
    model = fit(frame, "CAPSULE", x=["RACE", "PSA"])
    table = frame.as_data_frame()[["RACE", "PSA"]]
    strange, empty = table.copy(), table.copy()
    strange["RACE"], empty["RACE"] = "Martian", None
    with pytest.warns(
        RuntimeWarning, match="'RACE' has levels that were not in the training data: 'Martian'"
    ):
        found = model.predict(h2o.H2OFrame(strange, column_types={"RACE": "enum"}))
    wanted = model.predict(h2o.H2OFrame(empty, column_types={"RACE": "enum"}))
    assert np.array_equal(array(found[1:]), array(wanted[1:]))


def test_missing_columns_are_named() -> None:
    frame = prostate()
    model = fit(frame, "CAPSULE", x=["RACE", "PSA", "AGE"])
    for question in (model.predict, lambda f: model.deepfeatures(f, 0)):
        with pytest.warns(RuntimeWarning, match="missing in the frame, taken as missing values: 'RACE'"):
            assert question(frame[["AGE", "PSA"]]).nrow == frame.nrow
    with pytest.raises(H2OValueError, match="none of the 3 predictors"):
        model.predict(frame[["VOL"]])


def test_columns_of_another_type_are_read_or_refused() -> None:
    frame = prostate()
    model = fit(frame, "CAPSULE", x=["RACE", "PSA"])
    numbers = frame[:, :]
    numbers["RACE"] = numbers["RACE"].asnumeric()
    expected = model.predict(frame).as_data_frame()
    assert model.predict(numbers).as_data_frame().equals(expected)
    numbers["RACE"] = numbers["RACE"] + 0.5
    with pytest.warns(RuntimeWarning, match="'RACE'"):
        model.predict(numbers)
    numbers = frame[:, :]
    numbers["PSA"] = numbers["PSA"].round().asfactor()
    with pytest.raises(H2OValueError, match=r"'PSA' is of type enum.* asnumeric"):
        model.predict(numbers)
    numbers = frame[:, :]
    numbers["CAPSULE"] = numbers["CAPSULE"].asnumeric()
    assert model.model_performance(numbers).auc() == model.model_performance(frame).auc()


def test_infinite_values() -> None:
    frame = boston()
    table = frame.as_data_frame()
    table.loc[3, "crim"] = np.inf
    with pytest.raises(H2OValueError, match=r"x='crim'.*infinite"):
        fit(h2o.H2OFrame(table), "medv")
    with pytest.raises(H2OValueError, match=r"y='crim'.*infinite"):
        fit(h2o.H2OFrame(table), "crim")
    model = fit(frame, "medv")
    with pytest.warns(RuntimeWarning, match=r"infinite, or beyond 1e\+30 once scaled, in 'crim' \(1\)"):
        assert np.isfinite(array(model.predict(h2o.H2OFrame(table)))).all()


def test_useless_columns_are_left_out() -> None:
    frame = read("cars.csv", col_types={"name": "string"})
    frame["same"] = 3
    with pytest.warns(RuntimeWarning) as warned:
        model = fit(frame, "economy (mpg)")
    said = " ".join(str(each.message) for each in warned)
    assert "'name' are not used as predictors: they hold text" in said
    assert "'same' are not used as predictors: they are constant" in said
    assert not {"name", "same"} & set(output(model)["names"])
    with pytest.warns(RuntimeWarning, match="hold text"):
        kept = fit(frame, "economy (mpg)", ignore_const_cols=False)
    assert "same" in output(kept)["names"]
    assert output(model)["samples"] == 5 * frame.nrow  # 8 of the rows have no response: more passes


def test_nothing_to_learn_from() -> None:
    table = pd.DataFrame(
        {"y": [np.nan] * 18 + [1.0, 2.0], "a": [*range(18), np.nan, np.nan], "e": [np.nan] * 20}
    )
    frame = h2o.H2OFrame(table)
    with pytest.raises(H2OValueError, match="y='e': all values of the column are missing"):
        fit(frame, "e", x=["a"])
    with pytest.raises(H2OValueError, match="no usable predictor"):
        fit(frame, "y", x=["e"])
    with pytest.warns(RuntimeWarning, match="untrained: no row can be trained"):
        model = fit(frame, "y", x=["a"], missing_values_handling="Skip")
    assert "no row can be trained" in output(model)["stopped_because"]
    assert output(model)["samples"] == 0
    assert fit(frame, "y", x=["a"]).model_performance(train=True).nobs() == 2
    text = read("cars.csv", col_types={"name": "string"})
    with pytest.raises(H2OTypeError, match="y='name' is of type string"):
        fit(text, "name")


def test_a_thousand_levels() -> None:
    rng = np.random.default_rng(0)
    level = rng.integers(0, 1000, 3000)
    table = {"level": [f"l{v}" for v in level], "y": (level % 7 + rng.normal(size=3000)).tolist()}
    frame = h2o.H2OFrame(table, column_types={"level": "enum"})
    levels = frame["level"].nlevels()[0]  # type: ignore[index]
    whole = fit(frame, "y", hidden=[10, 10], epochs=20)
    assert whole.weights(0).ncol == levels + 1
    assert whole.rmse() < 1.6
    hashed = fit(frame, "y", hidden=[10, 10], epochs=20, max_categorical_features=100)
    assert hashed.weights(0).names == [f"hash.{k}" for k in range(100)]
    assert len(hashed.varimp()) == 100
    assert whole.rmse() < hashed.rmse() < array(frame["y"]).std() * 1.05
    again = hashed.predict(frame[frame["y"] > 3, :])
    picked = array(frame["y"])[:, 0] > 3
    assert np.array_equal(array(again), array(hashed.predict(frame))[picked])


def test_levels_in_another_order() -> None:
    """Codes of a factor mean nothing, its levels do: in a validation frame as in one that is predicted."""
    table = prostate().as_data_frame()
    table["RACE"] = table.RACE.map({0: "z", 1: "b", 2: "a"})
    types = {"CAPSULE": "enum", "RACE": "enum", "DPROS": "enum"}
    part = table.RACE != "a"
    frame, valid = h2o.H2OFrame(table, column_types=types), h2o.H2OFrame(table[part], column_types=types)
    assert (frame["RACE"].levels(), valid["RACE"].levels()) == ([["a", "b", "z"]], [["b", "z"]])
    model = fit(frame, "CAPSULE", valid=valid)
    assert np.array_equal(array(model.predict(frame)[1:])[part], array(model.predict(valid)[1:]))
    assert model.logloss(valid=True) == pytest.approx(model.model_performance(valid).logloss())


def test_classes_that_training_did_not_know() -> None:
    frame = prostate()
    table = frame.as_data_frame()
    strange = table.copy()
    strange["CAPSULE"] = table.CAPSULE.map({0: "0", 1: "7"})
    types = {"CAPSULE": "enum", "RACE": "enum", "DPROS": "enum"}
    with pytest.warns(RuntimeWarning, match="'CAPSULE' has classes that were not in the training data: '7'"):
        model = fit(frame, "CAPSULE", valid=h2o.H2OFrame(strange, column_types=types))
    assert model.model_performance(valid=True).nobs() == (table.CAPSULE == 0).sum()
    for useless in (frame[frame["AGE"] > 1000, :], frame[table.CAPSULE.isna().tolist(), :]):
        with pytest.raises(H2OValueError, match="validation_frame: no row can be scored"):
            fit(frame, "CAPSULE", valid=useless)
    with pytest.raises(H2OValueError, match="no response column 'CAPSULE'"):
        fit(frame, "CAPSULE", valid=frame[["AGE", "PSA"]])
