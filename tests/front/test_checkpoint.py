"""Training that goes on from a checkpoint: exactly where it stopped, with what may change, and not with what may not."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
import pytest
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError, NotFound

from ..cases import scoring
from .training_helpers import DATA, ROOT, array, boston, iris, output, parameters_of, prostate

pytestmark = pytest.mark.filterwarnings("ignore:stopping_")
BASE: dict[str, Any] = {
    "hidden": [6, 5],
    "seed": 3,
    "reproducible": True,
    "export_weights_and_biases": True,
    "stopping_rounds": 0,
}
MOMENTUM = {
    "adaptive_rate": False,
    "rate": 0.01,
    "momentum_start": 0.5,
    "momentum_stable": 0.9,
    "momentum_ramp": 2000,
}
EXACT: dict[str, dict[str, Any]] = {
    "adadelta": {},
    "momentum": {**MOMENTUM, "rate_annealing": 1e-3, "rate_decay": 0.8},
    "classic momentum": {**MOMENTUM, "nesterov_accelerated_gradient": False},
    "plain": {"adaptive_rate": False, "l1": 1e-4, "fast_mode": False},
    "dropout": {"activation": "RectifierWithDropout", "input_dropout_ratio": 0.2},
    "mini-batches": {"mini_batch_size": 32},
    "Adam": {"optimizer": "Adam", "mini_batch_size": 32, "weight_decay": 0.1, "max_w2": 1.0, "l1": 1e-4},
    "max_w2": {"max_w2": 0.5, "l2": 1e-3},
    "max_w2 of Maxout": {"activation": "Maxout", "max_w2": 0.5, **MOMENTUM},
    "elastic averaging": {"elastic_averaging": True},
    "iterations of 100 rows": {"train_samples_per_iteration": 100},
    "the order of the frame": {"shuffle_training_data": False},
    "balanced classes": {"balance_classes": True},
    "rows left out": {"missing_values_handling": "Skip"},
}


def train(frame: h2o.H2OFrame, y: str | None, epochs: float, **parameters: Any) -> H2ODeepLearningEstimator:
    valid = parameters.pop("validation_frame", None)
    x = parameters.pop("x", None)
    model = H2ODeepLearningEstimator(epochs=epochs, **BASE | parameters)
    return model.train(x=x, y=y, training_frame=frame, validation_frame=valid)


def history(model: H2ODeepLearningEstimator) -> pd.DataFrame:
    return model.scoring_history().drop(columns=["timestamp", "duration", "training_speed"])


def assert_same(one: H2ODeepLearningEstimator, other: H2ODeepLearningEstimator) -> None:
    np.testing.assert_array_equal(parameters_of(one), parameters_of(other))
    pd.testing.assert_frame_equal(history(one), history(other), check_exact=True)


@pytest.fixture(scope="module")
def patients() -> h2o.H2OFrame:
    """Prostate data with a few missing values."""
    table = prostate().as_data_frame()
    table.loc[::17, "PSA"] = np.nan
    frame = h2o.H2OFrame(table)
    for name in ("CAPSULE", "RACE", "DPROS"):
        frame[name] = frame[name].asfactor()
    return frame


# --- exactly where it stopped


@pytest.mark.parametrize("first", [4, 4.3])  # the second ends within an iteration
@pytest.mark.parametrize("name", EXACT)
def test_10_epochs_are_4_and_6(patients: h2o.H2OFrame, name: str, first: float) -> None:
    whole = train(patients, "CAPSULE", 10, **EXACT[name])
    part = train(patients, "CAPSULE", first, **EXACT[name])
    rest = train(patients, "CAPSULE", 10, checkpoint=part, **EXACT[name])
    assert_same(whole, rest)
    assert not np.array_equal(parameters_of(part), parameters_of(whole))
    assert output(rest)["samples"] == output(whole)["samples"]
    if name != "balanced classes":
        assert history(part).iloc[0].equals(history(rest).iloc[0])


@pytest.mark.parametrize("loss", ["Huber", "Absolute"])
def test_regression_goes_on(loss: str) -> None:
    """The huber delta follows the errors at each scoring, so it must go on, too."""
    frame = boston()
    whole = train(frame, "medv", 5, loss=loss)
    part = train(frame, "medv", 2.4, loss=loss)
    assert_same(whole, train(frame, "medv", 5, loss=loss, checkpoint=part.model_id))


@pytest.mark.parametrize("first", [2, 2.5])
def test_a_sparse_autoencoder_goes_on(first: float) -> None:
    frame = boston()
    sparse = {"autoencoder": True, "activation": "Tanh", "sparsity_beta": 0.1, "average_activation": 0.2}
    whole = train(frame, None, 5, **sparse)
    part = train(frame, None, first, **sparse)
    assert_same(whole, train(frame, None, 5, checkpoint=part, **sparse))


def test_a_validated_run_goes_on_and_keeps_the_best_model_of_both(patients: h2o.H2OFrame) -> None:
    """Over-fitting from the start: the best model is one of the first run, whichever way the epochs are done."""
    tall = {"hidden": [30, 30], "validation_frame": patients[200:, :], "seed": 1}
    whole = train(patients[:60, :], "CAPSULE", 60, **tall)
    part = train(patients[:60, :], "CAPSULE", 40, **tall)
    rest = train(patients[:60, :], "CAPSULE", 60, checkpoint=part, **tall)
    assert_same(whole, rest)
    best = history(rest).validation_logloss
    assert rest.logloss(valid=True) == pytest.approx(best.min())
    assert best.idxmin() < 40  # or the test shows nothing


def test_three_runs_are_one(patients: h2o.H2OFrame) -> None:
    model = train(patients, "CAPSULE", 2)
    for epochs in (3.5, 7, 9):
        model = train(patients, "CAPSULE", epochs, checkpoint=model)
    assert_same(train(patients, "CAPSULE", 9), model)


def test_a_checkpoint_can_be_gone_on_from_twice(patients: h2o.H2OFrame) -> None:
    part = train(patients, "CAPSULE", 3, momentum_start=0.5, adaptive_rate=False)
    before = parameters_of(part)
    runs = [
        train(patients, "CAPSULE", 6, checkpoint=part, momentum_start=0.5, adaptive_rate=False)
        for _ in range(2)
    ]
    assert_same(*runs)
    np.testing.assert_array_equal(parameters_of(part), before)
    assert output(part)["epochs"] == 3


SCRIPT = """
    import sys, json
    import h2o
    import numpy as np
    from tests.front.training_helpers import parameters_of, prostate
    from h2o.estimators import H2ODeepLearningEstimator

    h2o.no_progress()
    h2o.init(verbose=False)
    frame = prostate()
    for path, parameters in json.loads(sys.argv[1]).items():
        model = H2ODeepLearningEstimator(checkpoint=h2o.load_model(path), epochs=6, **parameters)
        model.train(y="CAPSULE", training_frame=frame)
        np.save(path + ".npy", parameters_of(model))
"""


def test_a_saved_model_goes_on_in_another_process(tmp_path: Path) -> None:
    frame, names = prostate(), ["momentum", "dropout", "mini-batches", "max_w2", "elastic averaging"]
    paths = {}
    for name in names:
        part = train(frame, "CAPSULE", 2.6, **EXACT[name])
        paths[h2o.save_model(part, path=str(tmp_path))] = BASE | EXACT[name]
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT), json.dumps(paths)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    for name, path in zip(names, paths, strict=True):
        whole = train(frame, "CAPSULE", 6, **EXACT[name])
        np.testing.assert_array_equal(np.load(f"{path}.npy"), parameters_of(whole), err_msg=name)


# --- stopping


def test_a_converged_model_trains_at_least_one_more_iteration() -> None:
    frame = iris()
    early = {"stopping_rounds": 2, "stopping_tolerance": 0.5, "stopping_metric": "misclassification"}
    part = train(frame, "class", 100, **early)
    done = output(part)["epochs"]
    assert done < 100
    assert output(train(frame, "class", 100, checkpoint=part, **early))["epochs"] == done + 1
    more = train(frame, "class", done + 5, checkpoint=part, **early | {"stopping_rounds": 0})
    assert output(more)["epochs"] == done + 5


def test_the_best_model_is_looked_at_by_the_new_metric() -> None:
    """The loss of the old one is of another kind: 0.1 of AUC and 0.1 of logloss are not to be compared."""
    frame = prostate()
    part = train(frame, "CAPSULE", 5, stopping_metric="logloss")
    rest = train(frame, "CAPSULE", 15, stopping_metric="AUC", checkpoint=part)
    assert rest.auc() == pytest.approx(history(rest).training_auc.max())


# --- what may change


@pytest.mark.parametrize(
    "change",
    [
        {"l1": 1e-3}, {"l2": 1e-2}, {"max_w2": 0.3}, {"input_dropout_ratio": 0.3}, {"hidden_dropout_ratios": [0.1, 0.7]},
        {"seed": 8}, {"mini_batch_size": 16}, {"fast_mode": False}, {"loss": "Quadratic"}, {"shuffle_training_data": False},
        {"train_samples_per_iteration": 50}, {"missing_values_handling": "Skip"}, {"balance_classes": True},
    ],
    ids=str,
)  # fmt: skip
def test_changes_take_effect_from_there_on(patients: h2o.H2OFrame, change: dict[str, Any]) -> None:
    base = {"activation": "RectifierWithDropout", "adaptive_rate": False, "rate": 0.02, "momentum_start": 0.5, "l1": 1e-5,
            "overwrite_with_best_model": False}  # fmt: skip
    part = train(patients, "CAPSULE", 2, **base)
    same = train(patients, "CAPSULE", 4, checkpoint=part, **base)
    other = train(patients, "CAPSULE", 4, checkpoint=part, **base | change)
    assert not np.array_equal(parameters_of(same), parameters_of(other))
    if "seed" not in change:
        np.testing.assert_array_equal(history(same).iloc[:2], history(other).iloc[:2])
    for name, value in change.items():
        assert other.actual_params[name] == value


def test_max_w2_can_come_and_go(patients: h2o.H2OFrame) -> None:
    last = {"overwrite_with_best_model": False}
    first = train(patients, "CAPSULE", 2, max_w2=0.4, **last)
    free = train(patients, "CAPSULE", 5, checkpoint=first, **last)
    batches = train(patients, "CAPSULE", 8, checkpoint=first, max_w2=0.4, mini_batch_size=8, **last)
    again = train(patients, "CAPSULE", 8, checkpoint=free, max_w2=0.2, **last)
    for model, limit in ((first, 0.4), (batches, 0.4), (again, 0.2)):
        assert (array(model.weights(0)) ** 2).sum(axis=1).max() <= limit * 1.001
    assert (array(free.weights(0)) ** 2).sum(axis=1).max() > 0.5


def test_other_rows_are_scaled_as_before() -> None:
    """Scaling and levels are those the weights were trained with; epochs count the rows of each run."""
    frame = boston()
    part = train(frame[:200, :], "medv", 4)
    rest = train(frame[200:300, :], "medv", 6, checkpoint=part)
    assert rest.normsub() == part.normsub() and rest.respmul() == part.respmul()
    assert output(rest)["epochs"] == pytest.approx(6)
    assert output(rest)["samples"] == 4 * 200 + 2 * 100
    assert history(rest).epochs.tolist()[:6] == pytest.approx([1, 2, 3, 4, 5, 6])
    more = train(frame[:200, :], "medv", 8, checkpoint=rest)
    assert output(more)["samples"] == 1000 + 400


def test_levels_may_be_fewer_and_in_another_order(patients: h2o.H2OFrame) -> None:
    part = train(patients, "CAPSULE", 3)
    table = patients.as_data_frame()
    frame = h2o.H2OFrame(table[(table.DPROS != "1") & (table.DPROS != 1)])
    for name in ("CAPSULE", "RACE", "DPROS"):
        frame[name] = frame[name].asfactor()
    frame = frame[patients.names[::-1]]
    rest = train(frame, "CAPSULE", 4, checkpoint=part)
    assert rest.weights(0).names == part.weights(0).names
    assert output(rest)["epochs"] == 4


def test_a_predictor_may_be_constant_in_the_new_rows() -> None:
    frame = boston()
    part = train(frame, "medv", 2)
    table = frame.as_data_frame()
    with pytest.warns(RuntimeWarning, match="constant"):
        rest = train(h2o.H2OFrame(table[table.chas == 0]), "medv", 3, checkpoint=part)
    assert "chas" in rest.weights(0).names


def test_the_seed_stays_unless_another_is_given() -> None:
    frame = iris()
    part = train(frame, "class", 1, seed=-1)
    seed = part.actual_params["seed"]
    assert train(frame, "class", 2, seed=-1, checkpoint=part).actual_params["seed"] == seed
    assert train(frame, "class", 2, seed=5, checkpoint=part).actual_params["seed"] == 5


def test_what_cannot_matter_is_warned_about() -> None:
    part = train(iris(), "class", 1)
    with pytest.warns(RuntimeWarning, match="initial_weight_scale=2.0 has no effect: checkpoint"):
        train(
            iris(), "class", 2, checkpoint=part, initial_weight_scale=2, initial_weight_distribution="Normal"
        )


# --- what may not

RULES = {
    rule["change"]: rule["accepted"] for rule in json.loads((DATA / "checkpoint_rules.json").read_text())
}
CHANGES: dict[str, dict[str, Any]] = {
    "activation": {"activation": "Tanh"}, "adaptive_rate": {"adaptive_rate": False},
    "distribution": {"distribution": "laplace"}, "epochs_equal": {"epochs": 2}, "epochs_less": {"epochs": 1},
    "epsilon": {"epsilon": 1e-6}, "fewer_columns": {"x": ["crim", "zn"]}, "hidden": {"hidden": [6, 6]},
    "huber_alpha": {"huber_alpha": 0.8}, "ignore_const_cols": {"ignore_const_cols": False},
    "max_categorical_features": {"max_categorical_features": 100}, "momentum_ramp": {"momentum_ramp": 5},
    "momentum_stable": {"momentum_stable": 0.5}, "momentum_start": {"momentum_start": 0.5},
    "nesterov_accelerated_gradient": {"nesterov_accelerated_gradient": False}, "nfolds": {"nfolds": 3},
    "quantile_alpha": {"quantile_alpha": 0.3}, "rate": {"rate": 0.1}, "rate_annealing": {"rate_annealing": 0.1},
    "rate_decay": {"rate_decay": 0.5}, "rho": {"rho": 0.9}, "sparse": {"sparse": True},
    "standardize": {"standardize": False}, "tweedie_power": {"tweedie_power": 1.2},
    "use_all_factor_levels": {"use_all_factor_levels": False}, "validation": {"validation_frame": "itself"},
    "classification_stop": {"classification_stop": 0.1}, "elastic_averaging": {"elastic_averaging": True},
    "export_weights_and_biases": {"export_weights_and_biases": False}, "fast_mode": {"fast_mode": False},
    "input_dropout_ratio": {"input_dropout_ratio": 0.1}, "l1": {"l1": 1e-5}, "l2": {"l2": 1e-5},
    "loss": {"loss": "Quadratic"}, "max_w2": {"max_w2": 10}, "mini_batch_size": {"mini_batch_size": 8},
    "missing_values_handling": {"missing_values_handling": "Skip"}, "nothing": {}, "other_rows": {"rows": True},
    "reproducible": {"reproducible": False}, "score_interval": {"score_interval": 1}, "seed": {"seed": 9},
    "shuffle_training_data": {"shuffle_training_data": False}, "stopping_rounds": {"stopping_rounds": 3},
    "train_samples_per_iteration": {"train_samples_per_iteration": 60},
}  # fmt: skip


@pytest.fixture(scope="module")
def housing() -> tuple[h2o.H2OFrame, H2ODeepLearningEstimator]:
    frame = boston()
    return frame, train(frame, "medv", 2)


@pytest.mark.filterwarnings("ignore:.*has no effect")
@pytest.mark.parametrize("change", RULES)
def test_rules_of_h2o(housing: tuple[h2o.H2OFrame, H2ODeepLearningEstimator], change: str) -> None:
    frame, part = housing
    parameters: dict[str, Any] = dict(CHANGES[change])
    if "validation_frame" in parameters:
        parameters["validation_frame"] = frame
    epochs = parameters.pop("epochs", 3)
    rows = frame[:300, :] if parameters.pop("rows", False) else frame
    if RULES[change]:
        assert output(train(rows, "medv", epochs, checkpoint=part, **parameters))["epochs"] >= 3
        return
    with pytest.raises(H2OValueError) as refusal:
        train(rows, "medv", epochs, checkpoint=part, **parameters)
    assert next(iter(CHANGES[change])) in str(refusal.value)
    assert part.model_id in str(refusal.value)


with (DATA / "validation.csv").open(newline="", encoding="utf-8") as csv_file:
    PROBED = {
        row["input"]: row["outcome"] for row in csv.DictReader(csv_file) if row["parameter"] == "checkpoint"
    }
PROBES: dict[str, dict[str, Any]] = {
    "unknown model": {"checkpoint": "nowhere"},
    "epochs not larger than already trained": {"epochs": 2},
    "more epochs": {"epochs": 4},
    "with nfolds": {"nfolds": 3},
    "other answer": {"y": "rad"},
    "other predictors": {"x": ["crim", "zn"]},
    "other other training rows": {"rows": True},
    **{
        f"other {name}": {name: value}
        for name, value in {
            "hidden": [6], "activation": "Tanh", "rho": 0.95, "standardize": False, "adaptive_rate": False,
            "distribution": "laplace", "use_all_factor_levels": False, "l1": 1e-4, "input_dropout_ratio": 0.1,
            "loss": "Quadratic", "max_w2": 5, "train_samples_per_iteration": 99, "missing_values_handling": "Skip",
            "seed": 4,
        }.items()
    },
}  # fmt: skip


@pytest.mark.parametrize("probe", PROBED)
def test_answers_of_h2o(housing: tuple[h2o.H2OFrame, H2ODeepLearningEstimator], probe: str) -> None:
    frame, part = housing
    parameters: dict[str, Any] = {"checkpoint": part, "epochs": 3, "y": "medv"} | PROBES[probe]
    if parameters.pop("rows", False):
        frame = frame[100:, :]
    y, epochs = parameters.pop("y"), parameters.pop("epochs")
    if PROBED[probe] == "accepted":
        assert output(train(frame, y, epochs, **parameters))["epochs"] >= 3
        return
    with pytest.raises((H2OValueError, NotFound), match="checkpoint="):
        train(frame, y, epochs, **parameters)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({}, {"loss": "Absolute"}, "loss='Absolute', distribution='laplace': .*loss='Quadratic', distribution='gaussian'"),
        ({"loss": "Huber"}, {}, "loss='Quadratic', distribution='gaussian': .*loss='Huber', distribution='huber'"),
        ({"autoencoder": True}, {"loss": "Huber"}, "loss='Huber', .*loss='Quadratic'"),
    ],
    ids=str,
)  # fmt: skip
def test_another_loss_is_another_distribution(before: dict[str, Any], now: dict[str, Any], told: str) -> None:
    """What was asked for is named, not only what it stands for."""
    frame, same = boston(), {key: value for key, value in before.items() if key != "loss"}
    y = None if before.get("autoencoder") else "medv"
    part = train(frame, y, 1, **before)
    with pytest.raises(H2OValueError, match=told):
        train(frame, y, 2, checkpoint=part, **same, **now)


def test_everything_that_differs_is_named(housing: tuple[h2o.H2OFrame, H2ODeepLearningEstimator]) -> None:
    frame, part = housing
    with pytest.raises(H2OValueError, match=r"hidden=\[7\], rho=0.9: .*hidden=\[6, 5\], rho=0.99"):
        train(frame, "medv", 3, checkpoint=part, hidden=[7], rho=0.9)


def test_parameters_left_at_their_defaults_differ_too(
    housing: tuple[h2o.H2OFrame, H2ODeepLearningEstimator],
) -> None:
    frame, part = housing
    with pytest.raises(H2OValueError, match=r"hidden=\[200, 200\].*must stay"):
        H2ODeepLearningEstimator(checkpoint=part, epochs=5).train(y="medv", training_frame=frame)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"y": "rad"}, "response_column='rad'"),
        ({"y": None, "autoencoder": True}, "autoencoder=True"),
        ({"weights_column": "rad"}, "weights_column='rad'"),
        ({"offset_column": "rad"}, "offset_column='rad'"),
        ({"initial_weights": [None] * 3}, "initial_weights"),
        ({"initial_biases": [None] * 3}, "initial_biases"),
        ({"fold_column": "rad"}, "fold_column='rad'"),
        ({"categorical_encoding": "Binary"}, "categorical_encoding='Binary'"),
    ],
    ids=str,
)
def test_refused(
    housing: tuple[h2o.H2OFrame, H2ODeepLearningEstimator], parameters: dict[str, Any], message: str
) -> None:
    frame, part = housing
    y = parameters.pop("y") if "y" in parameters else "medv"
    with pytest.raises(H2OValueError, match=message):
        train(frame, y, 3, checkpoint=part, **parameters)


def test_another_kind_of_response_is_refused() -> None:
    frame = iris()
    part = train(frame, "class", 1)
    with pytest.raises(H2OValueError, match="y='class' makes a Binomial model"):
        train(two_classes(), "class", 2, checkpoint=part)


def two_classes() -> h2o.H2OFrame:
    table = iris().as_data_frame()
    frame = h2o.H2OFrame(table[table["class"] != "Iris-setosa"])
    frame["class"] = frame["class"].asfactor()
    return frame


def test_new_levels_are_refused() -> None:
    part = train(two_classes(), "class", 1)
    table = two_classes().as_data_frame()
    table.loc[3, "class"] = "Iris-setosa"
    table["class"] = table["class"].replace("Iris-virginica", "Iris-versicolor")
    frame = h2o.H2OFrame(table)
    frame["class"] = frame["class"].asfactor()
    with pytest.raises(H2OValueError, match=r"column 'class' has levels .* 'Iris-setosa'"):
        train(frame, "class", 2, checkpoint=part)
    patients = prostate()
    part = train(patients, "CAPSULE", 1)
    table = patients.as_data_frame()
    table["RACE"] = table["RACE"].astype(str).replace("2", "martian")
    frame = h2o.H2OFrame(table)
    for name in ("CAPSULE", "RACE", "DPROS"):
        frame[name] = frame[name].asfactor()
    with pytest.raises(H2OValueError, match=r"column 'RACE' has levels .* 'martian'"):
        train(frame, "CAPSULE", 2, checkpoint=part)


def test_other_predictors_are_refused(housing: tuple[h2o.H2OFrame, H2ODeepLearningEstimator]) -> None:
    frame, part = housing
    with pytest.raises(H2OValueError, match=r"predictors .* also 'crim'"):
        train(frame[1:], "medv", 3, checkpoint=part)
    wider = frame.cbind(h2o.H2OFrame({"more": list(range(frame.nrow))}))
    with pytest.raises(H2OValueError, match=r"predictors .* without 'more'"):
        train(wider, "medv", 3, checkpoint=part)
    assert train(wider, "medv", 3, checkpoint=part, x=frame.names[:-1]).model_id


def test_a_checkpoint_needs_a_trained_model() -> None:
    frame = iris()
    with pytest.raises(NotFound, match="checkpoint='nowhere': there is no model"):
        train(frame, "class", 2, checkpoint="nowhere")
    with pytest.raises(H2OValueError, match=r"checkpoint: .* not trained"):
        train(frame, "class", 2, checkpoint=H2ODeepLearningEstimator())


def test_an_imported_model_cannot_go_on() -> None:
    model = h2o.import_mojo(str(scoring.Case(scoring.NAMES[0]).path))
    with pytest.raises(H2OValueError, match="cannot go on, it comes from a MOJO"):
        train(boston(), "medv", 20, checkpoint=model)


def test_get_model_knows_the_checkpoint() -> None:
    frame = iris()
    part = train(frame, "class", 1)
    rest = train(frame, "class", 2, checkpoint=part)
    assert rest.checkpoint is part
    assert rest.actual_params["checkpoint"] == part.model_id
    assert h2o.get_model(rest.model_id).checkpoint == part.model_id


def test_the_autoencoder_estimator_goes_on() -> None:
    frame = boston()
    part = H2OAutoEncoderEstimator(hidden=[4], epochs=2, seed=1, activation="Tanh").train(
        training_frame=frame
    )
    rest = H2OAutoEncoderEstimator(hidden=[4], epochs=4, seed=1, activation="Tanh", checkpoint=part)
    rest.train(training_frame=frame)
    assert output(rest)["epochs"] == 4 and rest.mse() <= part.mse()


def test_new_rows_of_a_restart_are_told_of() -> None:
    values: dict[str, list[Any]] = {
        "a": [float(i) for i in range(40)],
        "e": ["p", "q"] * 20,
        "y": [float(i % 7) for i in range(40)],
    }
    rows = h2o.H2OFrame(values, column_types={"e": "enum"})
    first = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=1, seed=1)
    first.train(y="y", training_frame=rows)
    strange = h2o.H2OFrame({**values, "a": [1e100, *values["a"][1:]]}, column_types={"e": "enum"})
    second = h2o.H2ODeepLearningEstimator(hidden=[3], epochs=2, seed=1, checkpoint=first)
    with pytest.warns(RuntimeWarning, match="'a'.*scored like missing"):
        second.train(y="y", training_frame=strange)
