"""Data handling around training through `import h2o`: encodings, balanced classes, samples, other frames."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError

from .training_helpers import array, autoencoder, fit, iris, output, parameters_of, prostate, read

X = ["x", "many", "few", "num", "eq"]
SCHEMES = {
    "binary": ["x", "many:0", "many:1", "many:2", "many:3", "few:0", "few:1", "num:0", "num:1", "eq:0", "eq:1", "eq:2"],
    "eigen": ["x", "many.Eigen", "few.Eigen", "num.Eigen", "eq.Eigen"],
    "label_encoder": ["x", "many", "few", "num", "eq"],
    "sort_by_response": ["many", "eq", "num", "few", "x"],
    "enum_limited": ["many.top_10_levels", "eq", "num", "few", "x"],
}  # fmt: skip
FOLDER = Path("encodings")


def encodings(name: str = "train.csv") -> h2o.H2OFrame:
    factors = dict.fromkeys(["many", "few", "num", "eq", "c"], "enum")
    return read(str(FOLDER / name), col_types=factors)


def quietly(question: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return question(*arguments, **options)


def rare_class(n: int) -> tuple[h2o.H2OFrame, np.ndarray]:
    """Rows of which about 4 % are of the class "yes", and the probability of that class for each."""
    rng = np.random.default_rng(5)
    x, z = rng.normal(size=(2, n))
    chance = 1 / (1 + np.exp(4.5 - 2 * x))
    answers = np.where(rng.random(n) < chance, "yes", "no")
    return h2o.H2OFrame({"x": x, "z": z, "rare": answers.tolist()}, column_types={"rare": "enum"}), chance


# --- categorical_encoding


@pytest.mark.parametrize("scheme", SCHEMES)
def test_encodings(scheme: str) -> None:
    frame = encodings()
    model = fit(frame, "y", X, categorical_encoding=scheme)
    assert output(model)["names"][:-1] == SCHEMES[scheme]
    assert output(model)["original_names"] == X
    assert model.actual_params["categorical_encoding"].lower() == scheme.replace("_", "")
    units = model.weights(0).names
    assert sorted(row[0] for row in model.varimp()) == sorted(units)
    if scheme in ("binary", "eigen", "label_encoder"):
        assert units == SCHEMES[scheme]
    else:
        assert "few.missing(NA)" in units
    new = quietly(model.predict, encodings("test.csv"))
    assert np.isfinite(array(new)).all()
    assert np.array_equal(array(model.predict(frame[:20, ::-1])), array(model.predict(frame))[:20])


def test_one_hot_is_the_default_and_explicit_columns_are_refused() -> None:
    frame = encodings()
    models = [fit(frame, "y", X, **p) for p in ({}, {"categorical_encoding": "one_hot_internal"})]
    assert np.array_equal(parameters_of(models[0]), parameters_of(models[1]))
    assert models[0].actual_params["categorical_encoding"] == "OneHotInternal"
    assert output(models[0])["original_names"] is None
    for scheme in ("one_hot_explicit", "enum"):
        with pytest.raises(H2OValueError, match=r"categorical_encoding=.*use OneHotInternal"):
            fit(frame, "y", X, categorical_encoding=scheme)


def test_levels_in_the_order_of_the_response_are_the_same_model_with_other_starting_weights() -> None:
    frame = encodings()
    models = [fit(frame, "y", X, categorical_encoding=scheme) for scheme in ("AUTO", "sort_by_response")]
    names = [set(model.weights(0).names) for model in models]
    assert names[0] == names[1]
    assert not np.array_equal(parameters_of(models[0]), parameters_of(models[1]))


@pytest.mark.parametrize("scheme", ["binary", "eigen", "label_encoder", "enum_limited"])
def test_autoencoders_with_encodings(scheme: str) -> None:
    frame = encodings()
    model = autoencoder(frame, X, categorical_encoding=scheme)
    rebuilt = model.predict(frame)
    assert rebuilt.names == [f"reconstr_{unit}" for unit in model.weights(0).names]
    squares = array(model.anomaly(frame, per_feature=True))
    np.testing.assert_allclose(squares.mean(axis=1), array(model.anomaly(frame)).ravel(), rtol=1e-6)


@pytest.mark.parametrize("scheme", ["binary", "label_encoder", "sort_by_response"])
def test_an_encoding_is_learned_as_well_as_one_hot_units(scheme: str) -> None:
    """A response that depends on a factor alone: its levels explain it under any encoding that keeps them apart."""
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 6, 600)
    table = {
        "f": np.array(list("abcdef"))[codes].tolist(),
        "y": (np.array([0, 3, 1, 5, 2, 4.0])[codes]).tolist(),
    }
    frame = h2o.H2OFrame(table, column_types={"f": "enum"})
    model = fit(
        frame, "y", ["f"], categorical_encoding=scheme, hidden=[30, 30], epochs=100, activation="Tanh"
    )
    assert model.r2() > 0.95


# --- balanced classes


def test_balanced_classes() -> None:
    """Probabilities are known here: the corrected predictions of both models come near them."""
    train, truth = rare_class(6000)
    share = array(train["rare"].asnumeric()).mean()
    options = {"hidden": [20], "epochs": 10, "activation": "Tanh", "overwrite_with_best_model": False}
    plain, balanced = (fit(train, "rare", balance_classes=flag, **options) for flag in (False, True))
    # twice the larger class makes an epoch
    history = balanced.scoring_history()
    assert history.iloc[-1]["samples"] == 10 * 2 * round((1 - share) * train.nrow)
    assert history.iloc[-1]["epochs"] == pytest.approx(10)
    for model in (plain, balanced):
        found = array(model.predict(train)["yes"]).ravel()
        assert found.mean() == pytest.approx(share, abs=0.02)
        assert np.abs(found - truth).mean() < 0.03
    # metrics are those of the frame as it is
    again = balanced.model_performance(train)
    assert balanced.logloss() == pytest.approx(again.logloss())
    assert (
        balanced.confusion_matrix().table.cell_values[-1][1:3]
        == again.confusion_matrix().table.cell_values[-1][1:3]
    )


def test_the_sampling_follows_the_seed() -> None:
    frame = prostate()
    options = {"balance_classes": True, "class_sampling_factors": [0.6, 1.3]}
    a, b, c = (fit(frame, "CAPSULE", seed=seed, **options) for seed in (1, 1, 2))
    assert np.array_equal(parameters_of(a), parameters_of(b))
    assert not np.array_equal(parameters_of(a), parameters_of(c))
    counts = dict(zip(*np.unique(array(frame["CAPSULE"].asnumeric()), return_counts=True), strict=True))
    rows = round(0.6 * counts[0]) + round(1.3 * counts[1])
    assert a.scoring_history().iloc[-1]["samples"] == 5 * rows


def test_a_limited_size_undersamples() -> None:
    frame = prostate()
    model = fit(frame, "CAPSULE", balance_classes=True, max_after_balance_size=0.5)
    assert model.scoring_history().iloc[-1]["samples"] == pytest.approx(5 * 0.5 * frame.nrow, abs=10)


def test_a_class_that_is_left_out_is_never_predicted() -> None:
    frame = iris()
    with pytest.warns(RuntimeWarning, match="'Iris-virginica' will not be trained, nor predicted"):
        model = fit(frame, "class", balance_classes=True, class_sampling_factors=[1, 1, 0])
    assert (array(model.predict(frame)["Iris-virginica"]) == 0).all()


def test_the_rows_of_balanced_classes_can_be_shuffled_or_not() -> None:
    frame = prostate()
    a, b = (fit(frame, "CAPSULE", balance_classes=True, shuffle_training_data=flag) for flag in (True, False))
    assert not np.array_equal(parameters_of(a), parameters_of(b))


# --- scoring


def test_stratified_validation_samples_have_every_class() -> None:
    frame, _ = rare_class(600)
    options = {"score_validation_samples": 20, "score_validation_sampling": "Stratified", "epochs": 1}
    model = fit(frame, "rare", None, frame, **options)
    counts = model.confusion_matrix(valid=True).table.cell_values
    assert [sum(row[1:3]) for row in counts] == [19, 1, 20]
    with pytest.warns(
        RuntimeWarning, match="score_validation_sampling='Stratified' has no effect: all rows are scored"
    ):
        fit(frame, "rare", None, frame, score_validation_sampling="Stratified", epochs=0)


def test_auc_of_several_classes() -> None:
    frame = iris()
    plain = fit(frame, "class")
    assert np.isnan(plain.auc())
    assert "AUC table was not computed" in plain.multinomial_auc_table()  # type: ignore[operator]
    model = fit(frame, "class", auc_type="macro_ovr", stopping_metric="AUC", stopping_rounds=2)
    rows = {row[0]: row[-1] for row in model.multinomial_auc_table().cell_values}
    assert model.auc() == rows["Macro OVR"] > 0.5
    assert "training_auc" in model.scoring_history().columns
    assert "Macro OVR" in str(model.model_performance())
    other = model.model_performance(frame, auc_type="weighted_ovo")
    assert other.auc() == pytest.approx(rows["Weighted OVO"])
    assert np.isnan(model.model_performance(frame, auc_type="none").auc())
    assert model.model_performance(frame).auc() == model.auc()
    with pytest.raises(H2OValueError, match="auc_type='ovr' is not allowed"):
        model.model_performance(frame, auc_type="ovr")
    with pytest.raises(
        H2OValueError, match="stopping_metric='AUC' for more than two classes needs an auc_type"
    ):
        fit(frame, "class", stopping_metric="AUC")


@pytest.mark.parametrize(("bins", "rows"), [(-1, 16), (0, None), (4, 4)])
def test_groups_of_the_gains_table(bins: int, rows: int | None) -> None:
    table = fit(prostate(), "CAPSULE", gainslift_bins=bins).gains_lift()
    assert table is None if rows is None else len(table.cell_values) <= rows
    if rows == 4:
        assert len(table.cell_values) == 4


# --- warnings


def test_columns_that_are_left_out_are_named() -> None:
    frame = encodings()
    frame["seven"] = 7
    frame["words"] = frame["few"].ascharacter()
    with pytest.warns(RuntimeWarning) as caught:
        model = fit(frame, "y", [*X, "seven", "words"])
    texts = [str(each.message) for each in caught]
    assert any("'words'" in text and "text" in text for text in texts)
    assert any("'seven'" in text and "constant" in text for text in texts)
    assert sorted(output(model)["names"][:-1]) == sorted(X)
    with_constants = quietly(fit, frame, "y", [*X, "seven"])
    assert "seven" not in output(with_constants)["names"]
    kept = fit(frame, "y", [*X, "seven"], ignore_const_cols=False)
    assert "seven" in output(kept)["names"]
    fewer = fit(frame, "y", ["x", "few", "eq"], ignored_columns=["eq"])
    assert output(fewer)["names"][:-1] == ["few", "x"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("col_major", True), ("quiet_mode", True), ("diagnostics", False), ("max_confusion_matrix_size", 5),
     ("single_node_mode", True), ("force_load_balance", False), ("replicate_training_data", False)],
)  # fmt: skip
def test_what_has_no_effect_warns_and_changes_nothing(name: str, value: object) -> None:
    frame = prostate()
    with pytest.warns(RuntimeWarning, match=f"{name}={value!r} has no effect"):
        model = fit(frame, "CAPSULE", **{name: value})
    assert np.array_equal(parameters_of(model), parameters_of(fit(frame, "CAPSULE")))


def test_huber_alpha_of_an_autoencoder_warns() -> None:
    with pytest.warns(RuntimeWarning, match=r"huber_alpha=0.5 has no effect: in an autoencoder"):
        autoencoder(encodings(), X, loss="Huber", huber_alpha=0.5)


# --- other frames


def test_text_columns_are_read_as_levels() -> None:
    frame = encodings()
    model = fit(frame, "c", X)
    words = frame[:, :]
    words["few"] = words["few"].ascharacter()
    words["c"] = words["c"].ascharacter()
    assert np.array_equal(array(model.predict(words)[1:]), array(model.predict(frame)[1:]))
    assert model.model_performance(words).logloss() == model.model_performance(frame).logloss()


def test_validation_frames_are_adapted_or_refused() -> None:
    frame = encodings()
    with pytest.warns(RuntimeWarning) as caught:
        model = fit(frame, "y", X, encodings("test.csv").drop("x"))
    texts = [str(each.message) for each in caught]
    assert any("'x'" in text and "missing" in text for text in texts)
    assert any("'few'" in text and "'yy', 'zz'" in text for text in texts)
    assert np.isfinite(model.mse(valid=True))
    with pytest.raises(H2OValueError, match="no response column 'y'"):
        quietly(fit, frame, "y", X, frame.drop("y"))
    numbers = frame[:, :]
    numbers["few"] = 1.5
    with pytest.raises(H2OValueError, match="'few' is of type real, it was a factor"):
        fit(frame, "y", X, numbers)
    other = frame[:, :]
    other["c"] = other["few"]
    with pytest.raises(H2OValueError, match="'c' has only classes that training did not know"):
        quietly(fit, frame, "c", X, other)


def test_weights_that_are_missing_in_a_frame_count_as_equal() -> None:
    frame = encodings()
    frame["w"] = h2o.H2OFrame({"w": (1 + np.arange(frame.nrow) % 3).tolist()})
    model = fit(frame, "y", X, weights_column="w")
    with pytest.warns(
        RuntimeWarning, match="weights_column='w' is missing in the frame: all rows count alike"
    ):
        found = model.model_performance(frame.drop("w"))
    residuals = array(model.predict(frame)).ravel() - array(frame["y"]).ravel()
    assert found.mse() == pytest.approx((residuals**2).mean(), rel=1e-5)


def test_a_restart_of_everything_is_the_same_model() -> None:
    """All data handling at once, twice."""
    frame = encodings()
    options = {"categorical_encoding": "enum_limited", "balance_classes": True, "missing_values_handling": "Skip",
               "score_validation_sampling": "Stratified", "score_validation_samples": 6}  # fmt: skip
    models = [quietly(fit, frame, "c", X, encodings("test.csv"), **options) for _ in range(2)]
    assert isinstance(models[0], H2ODeepLearningEstimator)
    assert np.array_equal(parameters_of(models[0]), parameters_of(models[1]))
    assert models[0].logloss(valid=True) == models[1].logloss(valid=True)
