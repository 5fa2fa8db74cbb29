"""What steers a training run: epochs, iterations, scoring, stopping, the best model, seeds, threads, Ctrl-C, errors."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import h2o
import numpy as np
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError

from ..sessions import behind
from .training_helpers import (
    SMALL,
    array,
    autoencoder,
    boston,
    fit,
    iris,
    output,
    parameters_of,
    prostate,
    read,
)

# --- epochs and iterations


@pytest.mark.parametrize("per_iteration", [-2, -1, 0])
@pytest.mark.parametrize(("epochs", "samples"), [(0, 0), (1e-6, 1), (0.25, 126), (1, 506), (2.5, 1265)])
@pytest.mark.parametrize("reproducible", [True, False])
def test_epochs_are_met_exactly(per_iteration: int, epochs: float, samples: int, reproducible: bool) -> None:
    model = fit(
        boston(), "medv", epochs=epochs, train_samples_per_iteration=per_iteration, reproducible=reproducible
    )
    assert output(model)["samples"] == samples
    iterations = model.scoring_history().iterations.iloc[-1]
    if per_iteration == -2 and not reproducible:
        assert iterations <= 10
    else:
        assert iterations == np.ceil(samples / 506)


@pytest.mark.parametrize(("size", "samples"), [(100, 600), (300, 600), (506, 506), (100_000, 506)])
def test_iterations_of_a_given_size_are_whole(size: int, samples: int) -> None:
    model = fit(boston(), "medv", epochs=1, train_samples_per_iteration=size)
    assert output(model)["samples"] == samples
    assert len(model.scoring_history()) in (
        -(-506 // size),
        -(-506 // size) + 1,
    )  # perhaps the best one again


def test_epochs_0_gives_the_initial_network() -> None:
    frame = boston()
    model, other = fit(frame, "medv", epochs=0), fit(frame, "medv", epochs=3)
    assert output(model)["samples"] == 0
    bias = array(model.biases(0))
    assert (bias == 0.5).all() and (array(model.biases(2)) == 0).all()
    assert np.abs(array(model.weights(0))).max() <= np.sqrt(6 / (13 + 8))
    assert model.rmse() == pytest.approx(model.model_performance(frame).rmse())
    assert not np.array_equal(parameters_of(model), parameters_of(other))


def test_epochs_count_trained_rows_only() -> None:
    """With half of the responses missing it takes twice the passes."""
    frame = boston()
    table = frame.as_data_frame()
    table.loc[::2, "medv"] = np.nan
    model = fit(h2o.H2OFrame(table), "medv", epochs=2)
    assert (output(model)["samples"], output(model)["epochs"]) == (1012, 2)
    assert model.scoring_history().iterations.max() == 4


# --- scoring


def test_when_scores_are_made() -> None:
    frame = boston()
    options: dict[str, Any] = {
        "reproducible": False,
        "epochs": 50,
        "stopping_rounds": 0,
        "overwrite_with_best_model": False,
    }
    assert len(fit(frame, "medv", score_interval=1000, **options).scoring_history()) == 2
    every = fit(frame, "medv", score_interval=1000, score_each_iteration=True, **options).scoring_history()
    assert every.iterations.tolist() == list(range(1, len(every) + 1))
    assert len(every) in (10, 11)  # tenths of the run, but never more than 1000 rows at first
    by_default = fit(frame, "medv", **options).scoring_history()
    assert len(by_default) == len(every)  # small data: over long before the default of 5 seconds
    assert len(fit(frame, "medv", score_duty_cycle=0.09, **options).scoring_history()) == 2
    greedy = fit(frame, "medv", score_interval=0, score_duty_cycle=1, **options).scoring_history()
    assert len(greedy) > 2


def test_scored_samples() -> None:
    frame = boston()
    model = fit(frame, "medv", valid=frame, score_training_samples=100, score_validation_samples=50)
    assert model.model_performance(train=True).nobs() == 100
    assert model.model_performance(valid=True).nobs() == 50
    assert model.model_performance(frame).nobs() == 506
    assert fit(frame, "medv", score_training_samples=0).model_performance(train=True).nobs() == 506
    other = fit(frame, "medv", score_training_samples=100)
    assert other.mse() == model.mse()  # the same 100 rows for the same seed


def test_the_history_fits_the_metrics() -> None:
    frame = prostate()
    model = fit(frame, "CAPSULE", valid=frame[frame["AGE"] > 65, :])
    last = model.scoring_history().iloc[-1]
    for part, flags in (("training", {}), ("validation", {"valid": True})):
        assert last[f"{part}_logloss"] == pytest.approx(model.logloss(**flags))
        assert last[f"{part}_rmse"] == pytest.approx(model.rmse(**flags))
        assert last[f"{part}_auc"] == pytest.approx(model.auc(**flags))


# --- the best model


def test_the_best_model_is_what_predicts() -> None:
    frame = boston()
    options: dict[str, Any] = {
        "adaptive_rate": False,
        "rate": 0.02,
        "epochs": 30,
        "stopping_rounds": 0,
        "score_training_samples": 0,
    }
    best = fit(frame, "medv", **options)
    history = best.scoring_history()
    assert history.training_deviance.idxmin() < 29  # otherwise this tests nothing
    assert len(history) == 31 and history.training_deviance.iloc[-1] == history.training_deviance.min()
    assert best.model_performance(frame).mse() == pytest.approx(history.training_deviance.min())
    last = fit(frame, "medv", overwrite_with_best_model=False, **options)
    assert len(last.scoring_history()) == 30
    assert last.scoring_history().training_deviance.tolist() == history.training_deviance.tolist()[:30]
    assert last.model_performance(frame).mse() == pytest.approx(history.training_deviance.iloc[29])


def test_the_best_model_is_judged_by_validation_and_metric() -> None:
    frame = prostate()
    train, valid = frame.split_frame([0.6], seed=1)
    model = fit(train, "CAPSULE", valid=valid, epochs=30, stopping_rounds=30, stopping_metric="AUC")
    history = model.scoring_history()
    assert model.auc(valid=True) == pytest.approx(history.validation_auc.max())


# --- stopping

METRICS = {
    "binomial": [
        "logloss",
        "MSE",
        "RMSE",
        "AUC",
        "AUCPR",
        "lift_top_group",
        "misclassification",
        "mean_per_class_error",
    ],
    "multinomial": ["logloss", "MSE", "RMSE", "misclassification", "mean_per_class_error"],
    "regression": ["deviance", "MSE", "RMSE", "MAE", "RMSLE"],
}


@pytest.mark.parametrize(
    ("kind", "metric"), [(kind, m) for kind, metrics in METRICS.items() for m in ["AUTO", *metrics]]
)
def test_early_stopping(kind: str, metric: str) -> None:
    frame, y = {
        "binomial": (prostate, "CAPSULE"),
        "multinomial": (iris, "class"),
        "regression": (boston, "medv"),
    }[kind]
    model = fit(frame(), y, epochs=400, stopping_rounds=2, stopping_tolerance=0.01, stopping_metric=metric,
                classification_stop=-1, regression_stop=-1)  # fmt: skip
    name = {"AUTO": "deviance" if kind == "regression" else "logloss"}.get(metric, metric)
    assert output(model)["stopped_because"] == f"{name} did not improve by 0.01 over 2 scorings"
    assert 4 <= output(model)["epochs"] < 400


def test_early_stopping_of_an_autoencoder() -> None:
    model = autoencoder(read("ecg_discord_train.csv"), epochs=500, stopping_rounds=2, stopping_tolerance=0.05)
    assert "MSE did not improve" in output(model)["stopped_because"]


def test_stopping_looks_at_validation_data() -> None:
    frame = prostate()
    train, valid = frame.split_frame([0.5], seed=3)
    options: dict[str, Any] = {"epochs": 300, "stopping_rounds": 3, "hidden": [30], "stopping_tolerance": 0}
    alone, watched = fit(train, "CAPSULE", **options), fit(train, "CAPSULE", valid=valid, **options)
    assert output(watched)["epochs"] < output(alone)["epochs"]
    assert fit(train, "CAPSULE", valid=valid, **options | {"stopping_rounds": 0, "epochs": 40}).scoring_history()[
        "epochs"
    ].max() == 40  # fmt: skip


def test_good_enough() -> None:
    model = fit(iris(), "class", epochs=400, classification_stop=0.05)
    assert "reached classification_stop=0.05" in output(model)["stopped_because"]
    assert model.scoring_history().training_classification_error.iloc[-1] <= 0.05
    model = fit(boston(), "medv", epochs=400, regression_stop=20)
    assert "reached regression_stop=20" in output(model)["stopped_because"]
    assert model.mse() <= 20


@pytest.mark.parametrize("through_train", [True, False])
def test_a_time_limit(through_train: bool) -> None:
    limit: dict[str, Any] = {"max_runtime_secs": 0.3}
    options: dict[str, Any] = {**SMALL, "epochs": 1e6, "reproducible": False, "stopping_rounds": 0}
    model = H2ODeepLearningEstimator(**options, **({} if through_train else limit))
    model.train(y="medv", training_frame=boston(), **(limit if through_train else {}))
    assert output(model)["stopped_because"] == "max_runtime_secs=0.3 is over"
    assert 0 < output(model)["epochs"] < 1e6
    assert np.isfinite(model.rmse())


# --- seeds and threads


@pytest.fixture
def threads() -> Iterator[Any]:
    """A way to set the number of threads; put back at the end."""
    settings = behind().settings
    before = settings.nthreads
    yield lambda n: setattr(settings, "nthreads", n)
    settings.nthreads = before


NETS: dict[str, dict[str, Any]] = {
    "small": {},
    "large": {"hidden": [200, 100], "epochs": 1},
    "dropout": {
        "hidden": [200, 100],
        "epochs": 1,
        "activation": "RectifierWithDropout",
        "input_dropout_ratio": 0.2,
    },
    "maxout": {"hidden": [150, 80], "epochs": 1, "activation": "MaxoutWithDropout", "adaptive_rate": False},
    "batches": {"hidden": [200, 100], "epochs": 1, "mini_batch_size": 32},
    "elastic": {"elastic_averaging": True},
}


@pytest.mark.parametrize("net", NETS)
def test_reproducible_bit_for_bit_with_any_number_of_threads(net: str, threads: Any) -> None:
    frame = boston()
    found = []
    for n in (1, 2, 3, 1):
        threads(n)
        model = fit(frame, "medv", **NETS[net])
        found.append(
            np.concatenate([parameters_of(model), array(model.predict(frame)).ravel(), [model.mse()]])
        )
    for other in found[1:]:
        assert np.array_equal(found[0], other)
    assert output(model)["threads"] == 1
    assert not np.array_equal(
        found[0], parameters_of(fit(frame, "medv", **NETS[net], seed=2))[: len(found[0])]
    )


def test_without_seed_each_run_differs() -> None:
    runs = [fit(iris(), "class", seed=-1) for _ in range(2)]
    assert not np.array_equal(parameters_of(runs[0]), parameters_of(runs[1]))
    seed = runs[0].actual_params["seed"]
    assert np.array_equal(parameters_of(fit(iris(), "class", seed=seed)), parameters_of(runs[0]))


def test_row_order() -> None:
    frame = iris()
    natural = fit(frame, "class", shuffle_training_data=False)
    assert natural.actual_params["shuffle_training_data"] is False
    shuffled, default = fit(frame, "class", shuffle_training_data=True), fit(frame, "class")
    assert np.array_equal(parameters_of(shuffled), parameters_of(default))
    assert not np.array_equal(parameters_of(natural), parameters_of(default))


def test_mini_batches() -> None:
    """One update with the mean gradient: as many rows, fewer and steadier updates."""
    frame = boston()
    model = fit(frame, "medv", mini_batch_size=32, epochs=40)
    assert model.rmse() < 6 and output(model)["samples"] == 40 * 506
    options: dict[str, Any] = {"adaptive_rate": False, "rate": 1e-5, "epochs": 1, "shuffle_training_data": False, "hidden": [5],
               "rate_annealing": 0, "momentum_stable": 0, "train_samples_per_iteration": 506}  # fmt: skip
    start = parameters_of(fit(frame, "medv", **options | {"epochs": 0}))
    by_row, by_batch = (
        parameters_of(fit(frame, "medv", **options, mini_batch_size=n)) - start for n in (1, 506)
    )
    assert np.corrcoef(by_row, by_batch)[0, 1] > 0.999  # the same direction, a 506th of the way
    assert np.linalg.norm(by_row) / np.linalg.norm(by_batch) == pytest.approx(506, rel=0.05)


def test_elastic_averaging_pulls() -> None:
    """The pull to the average of earlier iterations is felt, and grows with its strength."""
    frame = boston()
    plain = parameters_of(fit(frame, "medv", epochs=10))
    weak, strong = (
        parameters_of(fit(frame, "medv", epochs=10, elastic_averaging=True, elastic_averaging_moving_rate=0.1,
                          elastic_averaging_regularization=r, overwrite_with_best_model=False))
        for r in (1e-3, 1.0)
    )  # fmt: skip
    assert not np.array_equal(plain, weak)
    start = parameters_of(fit(frame, "medv", epochs=0))
    assert np.linalg.norm(strong - start) < np.linalg.norm(weak - start)


# --- several at once, errors, Ctrl-C


def test_models_trained_at_once_are_those_trained_alone() -> None:
    frame = boston()
    nets = [NETS[name] for name in ("small", "large", "batches", "maxout")]
    alone = [parameters_of(fit(frame, "medv", **net)) for net in nets]
    found: dict[int, H2ODeepLearningEstimator] = {}
    workers = [
        threading.Thread(target=lambda i=i: found.update({i: fit(frame, "medv", **nets[i % 4])}))
        for i in range(8)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({model.model_id for model in found.values()}) == 8
    for i, model in found.items():
        assert np.array_equal(parameters_of(model), alone[i % 4])


def test_start_and_join() -> None:
    frame = boston()
    models = [H2ODeepLearningEstimator(**SMALL) for _ in range(3)]
    for model in models:
        model.start(y="medv", training_frame=frame)
    for model in models:
        model.join()
    assert len({model.model_id for model in models}) == 3
    assert len({model.mse() for model in models}) == 1
    with pytest.raises(H2OValueError, match="no training was started"):
        models[0].join()


def test_an_error_of_the_worker_reaches_the_caller() -> None:
    wrong = h2o.H2OFrame(np.zeros((3, 3)))
    model = H2ODeepLearningEstimator(
        initial_weights=[wrong, None, None], initial_biases=[wrong[0], None, None]
    )
    with pytest.raises(
        H2OValueError, match=r"initial_weights\[0\] has the shape 3 x 3, layer 1 needs 200 x 13"
    ):
        model.train(y="medv", training_frame=boston())
    assert "not trained" in repr(model)


SCRIPT = """
import h2o, numpy as np
from h2o.estimators import H2ODeepLearningEstimator
h2o.init(verbose=False)
x = np.random.default_rng(0).normal(size=(2000, 5))
frame = h2o.H2OFrame(x)
model = H2ODeepLearningEstimator(hidden=[20, 20], epochs=1e6, stopping_rounds=0, seed=1)
H2ODeepLearningEstimator(hidden=[2], epochs=1).train(y="C5", training_frame=frame)
print("training", flush=True)
model.train(y="C5", training_frame=frame)
print("interrupted", model._model_json["output"]["interrupted"], model._model_json["output"]["stopped_because"])
print("rows", model.predict(frame).nrow, np.isfinite(model.rmse()))
other = H2ODeepLearningEstimator(hidden=[2], epochs=1)
other.train(y="C5", training_frame=frame)
print("second", other._model_json["output"]["epochs"])
"""


def test_ctrl_c_keeps_the_model_trained_so_far() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "training":
            assert process.poll() is None
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert "interrupted True interrupted\nrows 2000 True\nsecond 1.0\n" in out
    assert "Traceback" not in err and process.returncode == 0


def test_scorings_for_the_best_model_do_not_end_a_run() -> None:
    """Small data is scored more often than score_interval says; that alone makes no run shorter than H2O's."""
    random = np.random.default_rng(1)
    x = random.uniform(0.2, 1, (200, 2)) * random.choice([-1, 1], (200, 2))
    frame = h2o.H2OFrame(np.column_stack([x, x.prod(axis=1) > 0]), column_types=["real", "real", "enum"])
    options: dict[str, Any] = {
        "reproducible": False,
        "epochs": 100,
        "stopping_rounds": 0,
        "activation": "Tanh",
        "hidden": [20],
    }
    model = fit(frame, "C3", **options)
    assert model.scoring_history().training_classification_error.iloc[1:4].max() == 0
    assert output(model)["epochs"] == 100
    asked = fit(frame, "C3", **options, classification_stop=1e-9)
    assert output(asked)["epochs"] < 50 and "classification_stop=1e-09" in output(asked)["stopped_because"]
    often = fit(frame, "C3", **options, score_each_iteration=True)
    assert output(often)["epochs"] == output(asked)["epochs"]
