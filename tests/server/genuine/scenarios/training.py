"""Training: all kinds of models, cross-validation, checkpoints, what is refused."""

from __future__ import annotations

import warnings
from typing import Any

from ..library import Autoencoder, DeepLearning, h2o
from .world import PREDICTORS, SMALL, World, members, printed, refusal, table, train


def two_classes(world: World) -> Any:
    model = world.binomial
    output = model._model_json["output"]
    return [
        model.model_id,
        output["model_category"],
        members(output["training_metrics"]),
        members(output["validation_metrics"]),
    ]


def three_classes(world: World) -> Any:
    output = world.multinomial._model_json["output"]
    return [output["model_category"], members(output["training_metrics"]), output["domains"][-1]]


def a_number(world: World) -> Any:
    output = world.regression._model_json["output"]
    return [output["model_category"], members(output["training_metrics"]), output["names"]]


def an_autoencoder(world: World) -> Any:
    model = world.autoencoder
    errors, parts = model.anomaly(world.iris), model.anomaly(world.iris, per_feature=True)
    return [
        model._model_json["output"]["model_category"],
        members(model._model_json["output"]["training_metrics"]),
        errors.names,
        errors.nrow,
        parts.names,
        model.predict(world.iris).names,
    ]


def other_distributions(world: World) -> Any:
    kinds = ("poisson", "gamma", "laplace", "huber", "quantile", "tweedie")
    return {kind: train(world.iris, "petal_len", distribution=kind).model_id is not None for kind in kinds}


def cross_validation(world: World) -> Any:
    model = train(
        world.prostate,
        "CAPSULE",
        x=PREDICTORS,
        nfolds=3,
        model_id="crossed",
        fold_assignment="Modulo",
        keep_cross_validation_predictions=True,
        keep_cross_validation_fold_assignment=True,
        keep_cross_validation_models=True,
    )
    output = model._model_json["output"]
    return [
        members(output["cross_validation_metrics"]),
        table(model.cross_validation_metrics_summary()),
        [each.model_id for each in model.cross_validation_models()],
        [each.shape for each in model.cross_validation_predictions()],
        model.cross_validation_holdout_predictions().shape,
        model.cross_validation_fold_assignment().shape,
        isinstance(model.auc(xval=True), float),
    ]


def folds_of_a_column(world: World) -> Any:
    frame = world.prostate.cbind(world.prostate["AGE"].modulo_kfold_column(n_folds=3).set_names(["fold"]))
    model = train(frame, "CAPSULE", x=PREDICTORS, fold_column="fold")
    return [len(model.cross_validation_models()), isinstance(model.logloss(xval=True), float)]


def weights_and_offsets(world: World) -> Any:
    frame = world.iris.cbind((world.iris["sepal_len"] * 0 + 1).set_names(["one"]))
    weighted = train(frame, "petal_len", x=["sepal_len", "sepal_wid"], weights_column="one")
    shifted = train(frame, "petal_len", x=["sepal_len", "sepal_wid"], offset_column="one")
    return [weighted.actual_params["weights_column"]["column_name"], isinstance(shifted.rmse(), float)]


def balanced_classes(world: World) -> Any:
    model = train(
        world.prostate, "CAPSULE", x=PREDICTORS, balance_classes=True, class_sampling_factors=[1.0, 2.0]
    )
    return isinstance(model.auc(), float)


def a_checkpoint(world: World) -> Any:
    first = train(world.iris, "class", epochs=1)
    further = train(world.iris, "class", epochs=3, checkpoint=first.model_id)
    epochs = [row[4] for row in further.scoring_history().values.tolist()]
    return [max(epochs) > 1, further.actual_params["checkpoint"]["name"] == first.model_id]


def a_pretrained_autoencoder(world: World) -> Any:
    first = Autoencoder(model_id="pretrained", **SMALL)
    first.train(x=world.iris.names[:4], training_frame=world.iris)
    model = train(world.iris, "class", pretrained_autoencoder="pretrained")
    return isinstance(model.logloss(), float)


def stopping_early(world: World) -> Any:
    model = train(
        world.iris,
        "class",
        epochs=200,
        stopping_rounds=2,
        stopping_metric="logloss",
        stopping_tolerance=0.1,
        score_interval=0,
        train_samples_per_iteration=150,
        score_duty_cycle=1.0,
    )
    return [model.scoring_history()["epochs"].max() < 200, list(model.scoring_history().columns)]


def stopping_in_time(world: World) -> Any:
    model = train(world.iris, "class", epochs=1e7, max_runtime_secs=1)
    return model.actual_params["max_runtime_secs"]


def training_that_is_cancelled(world: World) -> Any:
    model = DeepLearning(hidden=[20, 20], epochs=1e7, seed=1, model_id="endless")
    model.start(x=world.iris.names[:4], y="class", training_frame=world.iris)
    job = model._job
    h2o.api(f"POST /3/Jobs/{job.job_key}/cancel")
    try:
        model.join()
        ended = "joined"
    except Exception as error:  # noqa: BLE001  # told to who asked
        ended = type(error).__name__
    return ended


def training_in_the_background(world: World) -> Any:
    model = DeepLearning(**SMALL)
    model.start(x=world.iris.names[:4], y="class", training_frame=world.iris)
    model.join()
    return [model._model_json["output"]["model_category"], model.model_id is not None]


def progress_that_is_shown(world: World) -> Any:
    h2o.show_progress()
    text = printed(lambda: train(world.iris, "class"))
    h2o.no_progress()
    return "deeplearning Model Build progress" in text


def remarks_on_the_data(world: World) -> Any:
    frame = world.iris.cbind((world.iris["sepal_len"] * 0).set_names(["constant"]))
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        train(frame, "class", quiet_mode=False)
    return any("constant" in str(each.message) for each in found)


def parameters_that_are_refused(world: World) -> Any:
    return [
        refusal(lambda: train(world.iris, "class", hidden=[-1])),
        refusal(lambda: train(world.iris, "class", input_dropout_ratio=2)),
        refusal(lambda: train(world.iris, "class", epochs=-1)),
        refusal(lambda: train(world.iris, "no_such_column")),
        refusal(lambda: train(world.iris, "class", checkpoint="no_such_model")),
    ]


def parameters_of_a_model(world: World) -> Any:
    actual = world.binomial.actual_params
    return {
        name: actual[name]
        for name in (
            "hidden",
            "epochs",
            "seed",
            "activation",
            "distribution",
            "loss",
            "adaptive_rate",
            "ignored_columns",
        )
    }


def all_parameters(world: World) -> Any:
    model = train(
        world.iris,
        "class",
        activation="TanhWithDropout",
        hidden=[6, 5],
        hidden_dropout_ratios=[0.1, 0.2],
        rate=0.01,
        input_dropout_ratio=0.1,
        l1=1e-5,
        l2=1e-5,
        max_w2=10.0,
        adaptive_rate=False,
        momentum_start=0.5,
        momentum_stable=0.9,
        momentum_ramp=1e3,
        nesterov_accelerated_gradient=True,
        initial_weight_distribution="Normal",
        initial_weight_scale=0.5,
        loss="CrossEntropy",
        standardize=True,
        shuffle_training_data=True,
        missing_values_handling="Skip",
        max_categorical_features=100,
        mini_batch_size=4,
        export_weights_and_biases=True,
        variable_importances=True,
        score_training_samples=0,
        classification_stop=-1,
    )
    return [
        model.weights(0).shape,
        model.biases(0).shape,
        model.weights(2).shape,
        model.actual_params["activation"],
    ]
