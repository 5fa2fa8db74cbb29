"""How the estimators learn: parameters, weights, going on, stopping, seeds."""

from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OTypeError, H2OValueError, UnstableModel
from h2o.sklearn import H2OAutoEncoder, H2ODeepLearningClassifier, H2ODeepLearningRegressor
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator

SMALL: dict[str, Any] = {"hidden": (8,), "epochs": 10, "random_state": 1}


def classifier(**more: Any) -> H2ODeepLearningClassifier:
    return H2ODeepLearningClassifier(**{**SMALL, **more})


def regressor(**more: Any) -> H2ODeepLearningRegressor:
    return H2ODeepLearningRegressor(**{**SMALL, **more})


def test_a_classifier_answers_as_the_model_of_h2o(numbers):
    X, y = numbers
    net = classifier().fit(X, y)
    asked = net.model_.predict(h2o.H2OFrame(X)).as_data_frame()
    assert list(asked.columns[1:]) == list(net.classes_) == ["a", "b", "c"]
    probabilities = net.predict_proba(X)
    np.testing.assert_allclose(probabilities, asked[["a", "b", "c"]], rtol=1e-6)
    assert (net.predict(X) == net.classes_[probabilities.argmax(axis=1)]).all()
    np.testing.assert_allclose(np.exp(net.decision_function(X)), probabilities)
    np.testing.assert_allclose(net.predict_log_proba(X), np.log(probabilities))
    assert net.score(X, y) > 0.7


@pytest.mark.parametrize("labels", [[10, 9], [True, False], [2.0, -1.0], ["é", ""], [np.int8(3), np.int8(2)]])
def test_two_classes_of_any_type(numbers, labels: list[Any]):
    X, _ = numbers
    y = np.where(X[:, 0] > 0, *np.array(labels))
    net = classifier(epochs=30).fit(X, y)
    assert list(net.classes_) == sorted(labels)
    assert net.predict(X).dtype == y.dtype and net.score(X, y) > 0.9
    odds, probabilities = net.decision_function(X), net.predict_proba(X)
    assert odds.shape == (len(X),) and np.isfinite(odds).all()
    assert ((odds > 0) == (probabilities[:, 1] > probabilities[:, 0])).all()


@pytest.mark.parametrize(
    "labels",
    [
        [1.0, 2.0, 10.0], [-10.0, -2.0, 7.0], ["9", "10", "100"], [-2, -10, 1], ["b\ud800", "a", r"b\ud800"],
        ["predict", "p0", "p1"], ["NA", "nan", ""], [2**62, -(2**62), 0],
    ],
)  # fmt: skip
def test_classes_of_any_type_stand_in_their_order(numbers, labels: list[Any]):
    X, _ = numbers
    y = np.array(labels, object if isinstance(labels[0], str) else None)[(X[:, 0] > 0) + 1 * (X[:, 1] > 0)]
    net = classifier(epochs=30).fit(X, y)
    assert list(net.classes_) == sorted(labels)
    assert net.score(X, y) > 0.65 and net.score(X[:60], y[:60]) > 0.65
    assert net.model_.predict(h2o.H2OFrame(X)).nrow == len(X)


def test_after_a_fit_that_failed_there_is_no_model(numbers):
    X, y = numbers
    net = classifier().fit(X, y)
    with pytest.raises(H2OValueError, match="Tahn"):
        net.set_params(activation="Tahn").fit(X[:, :2], y == "a")
    with pytest.raises(NotFittedError):
        net.predict(X)
    with pytest.raises(NotFittedError):
        net.predict_proba(X[:, :2])


def test_parameters_are_those_of_h2o():
    table = {*H2ODeepLearningEstimator.parameter_defaults()}
    for kind in (H2ODeepLearningClassifier, H2ODeepLearningRegressor, H2OAutoEncoder):
        known = kind().get_params()
        # of which scikit-learn has one of its own
        assert {*kind._of_table} == ({*known} & table) - {"validation_fraction"}
        for name in kind._of_table:
            if (kind, name) != (H2OAutoEncoder, "activation"):
                assert known[name] == H2ODeepLearningEstimator.parameter_defaults()[name], name


def test_what_h2o_refuses_is_refused_when_fitting(numbers):
    with pytest.raises(H2OValueError, match=r"activation='Tahn' is not allowed: it must be one of"):
        classifier(activation="Tahn").fit(*numbers)
    with pytest.raises(H2OTypeError, match="hidden"):
        classifier(hidden="many").fit(*numbers)


@pytest.mark.parametrize(
    ("net", "match"),
    [
        (classifier(seed=3), "random_state=1 and seed=3"),
        (classifier(n_jobs=0), "n_jobs=0"),
        (classifier(n_jobs=1.5), "n_jobs=1.5"),
        (classifier(early_stopping=True, validation_fraction=1.0), "validation_fraction=1.0"),
        (classifier(early_stopping=True, validation_fraction="x"), "validation_fraction='x'"),
        (classifier(balance_classes=True, class_weight="balanced"), "class_weight and balance_classes"),
        (classifier(class_weight={"nobody": 2.0}), "nobody|not in class_weight"),
        (H2OAutoEncoder(hidden=(3, 2), layer=2), "layer=2: there are 2 hidden layers"),
        (H2OAutoEncoder(layer=True), "layer=True"),
    ],
)
def test_what_does_not_fit_is_said(numbers, net: Any, match: str):
    with pytest.raises((ValueError, TypeError), match=match):
        net.fit(*numbers)


def test_several_responses_are_refused_by_name(numbers):
    with pytest.raises(H2OValueError, match=r"y has 2 columns.*MultiOutputRegressor"):
        regressor().fit(numbers[0], numbers[0][:, :2])


def test_one_class_is_refused(numbers):
    with pytest.raises(H2OValueError, match=r"only one class, \['a'\]"):
        classifier().fit(numbers[0], ["a"] * 200)


# ---- weights


def test_weights_are_h2os(numbers):
    X, y = numbers
    weights = np.random.default_rng(0).integers(0, 3, len(y)).astype(float)
    net = classifier().fit(X, y, sample_weight=weights)
    frame = h2o.H2OFrame(X).cbind(
        h2o.H2OFrame({"y": list(y), "w": weights.tolist()}, column_types={"y": "enum"})
    )
    same = H2ODeepLearningEstimator(
        hidden=[8], epochs=10, seed=net.model_.actual_params["seed"], reproducible=True
    )
    same.train(x=frame.names[:4], y="y", weights_column="w", training_frame=frame)
    assert same.logloss() == net.model_.logloss()


def test_rows_of_no_weight_teach_nothing(numbers):
    X, y = numbers
    weights = (X[:, 2] > 0).astype(float)
    wrong = np.where(weights > 0, y, "a")
    assert (
        classifier().fit(X, y, weights).predict_proba(X)
        == classifier().fit(X, wrong, weights).predict_proba(X)
    ).all()


def test_class_weights_are_weights(numbers):
    X, y = numbers
    factors = {"a": 1.0, "b": 3.0, "c": 0.5}
    rows = np.array([factors[each] for each in y])
    by_class = classifier(class_weight=factors).fit(X, y)
    assert (by_class.predict_proba(X) == classifier().fit(X, y, rows).predict_proba(X)).all()
    both = classifier(class_weight=factors).fit(X, y, rows)
    assert (both.predict_proba(X) == classifier().fit(X, y, rows**2).predict_proba(X)).all()
    counts = {each: len(y) / 3 / (y == each).sum() for each in "abc"}
    balanced = classifier(class_weight="balanced").fit(X, y)
    np.testing.assert_allclose(
        balanced.predict_proba(X), classifier(class_weight=counts).fit(X, y).predict_proba(X), rtol=1e-4
    )


@pytest.mark.parametrize(
    "weights", [np.zeros(200), -np.ones(200), np.ones(3), np.ones((200, 2)), [np.nan] * 200]
)
def test_weights_that_are_none(numbers, weights: Any):
    with pytest.raises(ValueError, match=r"[Ww]eight"):
        regressor().fit(numbers[0], numbers[0][:, 0], sample_weight=weights)


def test_balance_classes_takes_no_weights(numbers):
    assert classifier(balance_classes=True).fit(*numbers).score(*numbers) > 0.6
    with pytest.raises(H2OValueError, match="balance_classes=True"):
        classifier(balance_classes=True).fit(numbers[0], numbers[1], sample_weight=np.ones(200))


# ---- going on


def test_partial_fit_passes_over_the_rows_once(numbers):
    X, y = numbers
    net = classifier()
    with pytest.raises(H2OValueError, match="classes must be passed on the first call"):
        classifier().partial_fit(X, y)
    for start in (0, 50, 100, 150):
        part = slice(start, start + 50)
        net.partial_fit(X[part], y[part], classes=["c", "a", "b"])
    assert list(net.classes_) == ["a", "b", "c"]
    assert net.model_.scoring_history()["samples"].iloc[-1] == 200
    before = net.model_.logloss()
    for _ in range(5):
        net.partial_fit(X, y)
    assert net.model_.scoring_history()["samples"].iloc[-1] == 1200 and net.model_.logloss() < before
    with pytest.raises(H2OValueError, match="not the same as on the last call"):
        net.partial_fit(X, y, classes=["a", "b"])
    with pytest.raises(H2OValueError, match=r"y has classes that `classes` has not: \['z'\]"):
        net.partial_fit(X[:2], ["a", "z"])


def test_the_first_rows_may_have_one_class_and_constant_columns(numbers):
    X, y = numbers
    first = np.where(np.arange(4) == 3, 1.0, X)
    net = classifier().partial_fit(first[y == "b"], y[y == "b"], classes=["a", "b", "c"])
    assert (net.predict(X) == "b").mean() > 0.8
    for _ in range(20):
        net.partial_fit(X, y)
    assert net.score(X, y) > 0.7
    for each in (net, classifier().fit(X, y)):
        before = each.predict_proba(X[:5])
        each.partial_fit(X[:1], y[:1])  # a single row
        assert (each.predict_proba(X[:5]) != before).any()


def test_partial_fit_takes_weights_at_any_time(numbers):
    X, y = numbers
    one = (
        classifier().partial_fit(X, y, classes=["a", "b", "c"]).partial_fit(X, y, sample_weight=np.ones(200))
    )
    other = classifier().partial_fit(X, y, classes=["a", "b", "c"]).partial_fit(X, y)
    assert (one.predict_proba(X) == other.predict_proba(X)).all()
    plain = classifier().fit(X, y).partial_fit(X, y)
    with pytest.raises(H2OValueError, match=r"began without weights.*Begin with partial_fit"):
        plain.partial_fit(X, y, sample_weight=np.ones(200))


def test_a_regressor_goes_on_with_a_single_row(numbers):
    X, _ = numbers
    net = regressor().partial_fit(X, X[:, 0])
    before = net.predict(X[:5])
    assert (net.partial_fit(X[:1], [0.5]).predict(X[:5]) != before).any()


def test_what_partial_fit_cannot_do(numbers):
    with pytest.raises(H2OValueError, match="class_weight='balanced' needs all rows"):
        classifier(class_weight="balanced").partial_fit(numbers[0], numbers[1], classes=["a", "b", "c"])
    with pytest.raises(H2OValueError, match="does not support early_stopping=True"):
        regressor(early_stopping=True).partial_fit(numbers[0], numbers[0][:, 0])


@pytest.mark.parametrize("more", [{}, {"early_stopping": True}])
def test_warm_start_goes_on(numbers, more: dict[str, Any]):
    X, y = numbers
    net = regressor(warm_start=True, epochs=2, stopping_rounds=0, **more)
    for times in (1, 2, 3):
        net.fit(X, X[:, 0])
        assert net.model_.scoring_history()["epochs"].max() == pytest.approx(2 * times, rel=0.02)
    with pytest.raises(H2OValueError, match="hidden"):
        net.set_params(hidden=(9,)).fit(X, X[:, 0])
    again = classifier(warm_start=True).fit(X, y)
    with pytest.raises(H2OValueError, match=r"warm_start=True: y has the classes \['a', 'b'\]"):
        again.fit(X[y != "c"], y[y != "c"])


def test_without_warm_start_fit_begins_anew(numbers):
    X, y = numbers
    net = classifier().fit(X, y)
    before = net.predict_proba(X)
    assert (net.fit(X, y).predict_proba(X) == before).all()


# ---- stopping, seeds, threads


def test_early_stopping_looks_at_rows_set_aside(numbers):
    X, y = numbers
    net = classifier(epochs=2000, early_stopping=True, validation_fraction=0.25, stopping_rounds=2).fit(X, y)
    history: Any = net.model_.scoring_history()
    assert "validation_logloss" in history and history["epochs"].max() < 2000
    matrix = net.model_.confusion_matrix(valid=True).as_data_frame()
    assert int(matrix["Rate"].iloc[-1].split("/")[1]) == 50
    history = classifier().fit(X, y).model_.scoring_history()
    assert "validation_logloss" not in history


def test_random_state_gives_the_same_network(numbers):
    X, y = numbers
    one, same, other = (classifier(random_state=state).fit(X, y).predict_proba(X) for state in (5, 5, 6))
    assert (one == same).all() and (one != other).any()
    state = np.random.RandomState(5)
    drawn = [classifier(random_state=state).fit(X, y).predict_proba(X) for _ in range(2)]
    assert (drawn[0] == one).all() and (drawn[1] != one).any()
    net = classifier(random_state=5).fit(X, y)
    assert net.model_.actual_params["reproducible"]
    assert not classifier(random_state=None, seed=5).fit(X, y).model_.actual_params["reproducible"]


def test_verbose_says_how_training_went(numbers, capsys):
    classifier().fit(*numbers)
    assert capsys.readouterr().out == ""
    classifier(verbose=2).fit(*numbers)
    assert "training_logloss" in capsys.readouterr().out


def test_callbacks_are_called(numbers):
    class Enough(h2o.Callback):
        def on_scoring(self, run: Any, scores: Any) -> None:
            told.append(scores.epochs)
            run.stop("enough")

    told: list[float] = []
    net = classifier(epochs=1e6, callbacks=[Enough()]).fit(*numbers)
    assert told and net.model_._description["stopped_because"] == "enough"


def test_unstable_training_leaves_nothing(numbers):
    X, _ = numbers
    before = h2o.connection().session.objects.keys("model")
    with pytest.raises(UnstableModel, match="Remedies") as raised:
        regressor(adaptive_rate=False, rate=1e6).fit(X, X[:, 0])
    assert "kept in model" not in str(raised.value)
    assert h2o.connection().session.objects.keys("model") == before


# ---- regression, autoencoder


def test_regression_of_every_distribution(numbers):
    X, _ = numbers
    y = np.exp(X[:, 0] / 2)
    for distribution in ("gaussian", "poisson", "gamma", "tweedie", "laplace", "huber"):
        net = regressor(distribution=distribution, epochs=30).fit(X, y)
        assert net.score(X, y) > 0.5, distribution
    low, high = (
        regressor(distribution="quantile", quantile_alpha=alpha, epochs=50).fit(X, y).predict(X)
        for alpha in (0.1, 0.9)
    )
    assert (low < y).mean() > 0.7 and (high > y).mean() > 0.7


def test_several_quantiles(numbers):
    X, _ = numbers
    net = regressor(distribution="quantile", quantile_alpha=[0.9, 0.1], epochs=50).fit(X, X[:, 0])
    for rows in (X, X[:3]):
        quantiles = net.predict_quantiles(rows)
        assert quantiles.shape == (len(rows), 2) and (np.diff(quantiles, axis=1) >= 0).all()
        assert net.predict(rows).shape == (len(rows),)
    assert net.score(X, X[:, 0]) < 1
    with pytest.raises(H2OValueError, match="predict_quantiles needs distribution='quantile'"):
        regressor().fit(X, X[:, 0]).predict_quantiles(X)


def test_an_offset_is_a_column_of_x_and_no_feature(mixed):
    y = mixed["real"].fillna(0) + 3
    frame = mixed[["flag", "whole"]].assign(**{"the offset": 1.5})
    net = regressor(offset_column="the offset").fit(frame, y)
    moved = net.predict(frame.assign(**{"the offset": 2.5}))
    np.testing.assert_allclose(moved - net.predict(frame), 1.0, atol=1e-5)


def test_an_autoencoder_transforms(mixed):
    coder = H2OAutoEncoder(hidden=(6, 2, 6), epochs=5, random_state=0).fit(mixed)
    frame = h2o.H2OFrame(mixed.assign(text=mixed["text"].astype("category")))
    np.testing.assert_allclose(
        coder.transform(mixed), coder.model_.deepfeatures(frame, 1).as_data_frame(), rtol=1e-5
    )
    np.testing.assert_allclose(
        coder.score_samples(mixed), coder.model_.anomaly(frame).as_data_frame().iloc[:, 0], rtol=1e-6
    )
    assert coder.score(mixed) == -coder.score_samples(mixed).mean()
    assert coder.set_params(layer=0).transform(mixed[:3]).shape == (3, 6)
    named = coder.set_output(transform="pandas").transform(mixed)
    assert (
        list(named.columns) == [f"h2oautoencoder{i}" for i in range(6)] == list(coder.get_feature_names_out())
    )
    assert (named.index == mixed.index).all()
    assert type(coder.set_output(transform="polars").transform(mixed)).__module__.startswith("polars")


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_autoencoder_is_the_start_of_a_classifier(numbers, wrapped: bool):
    X, y = numbers
    coder = H2OAutoEncoder(hidden=(8,), epochs=5, random_state=0).fit(X)
    start = FrozenEstimator(coder) if wrapped else coder
    net = classifier(pretrained_autoencoder=start, activation="Tanh", epochs=0.01).fit(X, y)
    assert net.model_.actual_params["pretrained_autoencoder"] == coder.model_.model_id
