"""Settles what the parameters leave open: kind of model, distribution, loss, stopping metric, seed."""

import random
from collections.abc import Mapping
from typing import Any

from ...errors import InvalidArgument
from .context import ColumnFacts
from .table import LARGEST_FLOAT, table

AUTOENCODER, BINOMIAL, MULTINOMIAL, REGRESSION = "AutoEncoder", "Binomial", "Multinomial", "Regression"
CLASSES = (BINOMIAL, MULTINOMIAL)

CLASS_DISTRIBUTIONS = ("bernoulli", "multinomial")
# The distribution that each loss stands for when the distribution is AUTO and the response is a number.
DISTRIBUTION_OF_LOSS = {
    "Automatic": "gaussian",
    "Quadratic": "gaussian",
    "Absolute": "laplace",
    "Huber": "huber",
    "Quantile": "quantile",
}
# Losses a distribution may be given together with; the first is what it really minimises.
LOSSES_OF_DISTRIBUTION = {
    "gaussian": ("Quadratic", "Automatic", "Absolute", "Huber"),
    "laplace": ("Absolute", "Automatic"),
    "huber": ("Huber", "Automatic"),
    "quantile": ("Quantile", "Automatic"),
    "poisson": ("Automatic",),
    "gamma": ("Automatic",),
    "tweedie": ("Automatic",),
}
AUTOENCODER_DISTRIBUTIONS = ("gaussian", "laplace", "huber", "quantile")
STOPPING_METRICS = {
    BINOMIAL: (
        "logloss",
        "MSE",
        "RMSE",
        "AUC",
        "AUCPR",
        "lift_top_group",
        "misclassification",
        "mean_per_class_error",
        "custom",
        "custom_increasing",
    ),
    MULTINOMIAL: (
        "logloss",
        "MSE",
        "RMSE",
        "misclassification",
        "mean_per_class_error",
        "custom",
        "custom_increasing",
    ),
    REGRESSION: ("deviance", "MSE", "RMSE", "MAE", "RMSLE", "custom", "custom_increasing"),
    AUTOENCODER: ("MSE",),
}
KIND_OF_RESPONSE = {
    BINOMIAL: "a factor response with two levels",
    MULTINOMIAL: "a factor response with more than two levels",
    REGRESSION: "a numeric response",
    AUTOENCODER: "an autoencoder",
}


def category_of(response: ColumnFacts | None) -> str:
    """The kind of model that fits a response; None stands for an autoencoder."""
    if response is None:
        return AUTOENCODER
    if response.kind != "enum":
        return REGRESSION
    return BINOMIAL if response.levels <= 2 else MULTINOMIAL


def uses_adadelta(values: Mapping[str, Any]) -> bool:
    """Whether ADADELTA sets the rates; beside another optimizer adaptive_rate stands for nothing."""
    return bool(values["adaptive_rate"] and values["optimizer"] == "AUTO")


def resolve(values: dict[str, Any], category: str, warnings: list[str]) -> None:
    """Put the value that is really used in place of every open one.

    Parameters
    ----------
    values : dict
        All parameters by name, each of them checked; changed in place.
    category : str
        Kind of model.
    warnings : list of str
        Gets a sentence for each value that is not used as given.

    Raises
    ------
    InvalidArgument
        Distribution, loss or stopping metric do not fit the response or each other.
    """
    _resolve_distribution(values, category, warnings)
    values["adaptive_rate"] = uses_adadelta(values)
    if values["auc_type"] == "AUTO":
        values["auc_type"] = "NONE"
    values["stopping_metric"] = _stopping_metric(values["stopping_metric"], category, values["auc_type"])
    if values["hidden_dropout_ratios"] is None and values["activation"].endswith("WithDropout"):
        values["hidden_dropout_ratios"] = [0.5] * len(values["hidden"])
    if values["seed"] == -1:
        # 53 bits: every seed can be written as a number in R and in JSON without loss.
        values["seed"] = random.SystemRandom().getrandbits(53)
    values["max_w2"] = min(values["max_w2"], LARGEST_FLOAT)
    if values["shuffle_training_data"] is None:
        values["shuffle_training_data"] = True
    if values["categorical_encoding"] == "AUTO":
        values["categorical_encoding"] = "OneHotInternal"
    if category == AUTOENCODER and not values["use_all_factor_levels"]:
        warnings.append("use_all_factor_levels=False has no effect: an autoencoder uses all levels")
        values["use_all_factor_levels"] = True
    if values["epochs"] < 0:
        warnings.append(
            f"epochs={values['epochs']} is negative and taken as 0: the initial network is the model"
        )
        values["epochs"] = 0.0
    if values["reproducible"]:
        _without_clock(values, warnings)
    elif values["ensemble_size"] > 1:
        _ensemble_without_clock(values)


def _without_clock(values: dict[str, Any], warnings: list[str]) -> None:
    """Nothing in a reproducible run may depend on how fast the machine is."""
    if values["train_samples_per_iteration"] == -2:
        values["train_samples_per_iteration"] = -1
    values["score_each_iteration"] = True
    if values["max_runtime_secs"] > 0:
        warnings.append(
            f"max_runtime_secs={values['max_runtime_secs']} with reproducible=True: when the time limit ends "
            "the training, the model depends on the speed of the machine"
        )


def _ensemble_without_clock(values: dict[str, Any]) -> None:
    """An ensemble is to be the same for any number of threads, unless the user asks for a pace of scoring."""
    if values["train_samples_per_iteration"] == -2:
        values["train_samples_per_iteration"] = -1
    looked_at = (
        values["overwrite_with_best_model"]
        or values["stopping_rounds"] > 0
        or values["distribution"] == "huber"
    )
    pace = ("score_interval", "score_duty_cycle")
    if looked_at and all(table()[name].is_default(values[name]) for name in pace):
        values["score_each_iteration"] = True


def _resolve_distribution(values: dict[str, Any], category: str, warnings: list[str]) -> None:
    distribution, loss = values["distribution"], values["loss"]
    if category in CLASSES:
        values["distribution"], values["loss"] = _for_classes(distribution, loss, category, warnings)
        return
    if loss == "CrossEntropy":
        what = "an autoencoder" if category == AUTOENCODER else "a numeric response"
        raise InvalidArgument(
            f"loss='CrossEntropy' is for classification, this is {what}: use one of "
            f"{', '.join(DISTRIBUTION_OF_LOSS)}"
            + (", or make the response a factor" if what[2] == "n" else "")
        )
    if distribution == "AUTO":
        distribution = DISTRIBUTION_OF_LOSS[loss]
    _check_numeric(distribution, category)
    allowed = LOSSES_OF_DISTRIBUTION[distribution]
    if loss not in allowed:
        raise InvalidArgument(
            f"loss={loss!r} does not fit distribution={distribution!r}: the loss must be "
            f"{' or '.join(repr(name) for name in sorted(allowed))}, or leave the distribution at 'AUTO'"
        )
    if loss not in ("Automatic", allowed[0]):
        warnings.append(
            f"loss={loss!r} has no effect beside distribution={distribution!r}: the squared error is "
            f"minimised. For this loss leave distribution out, or make it {DISTRIBUTION_OF_LOSS[loss]!r}"
        )
    values["distribution"], values["loss"] = distribution, allowed[0]


def _check_numeric(distribution: str, category: str) -> None:
    if category == AUTOENCODER and distribution not in AUTOENCODER_DISTRIBUTIONS:
        raise InvalidArgument(
            f"distribution={distribution!r} is not for an autoencoder: it must be AUTO or one "
            f"of {', '.join(AUTOENCODER_DISTRIBUTIONS)}"
        )
    if distribution in CLASS_DISTRIBUTIONS:
        raise InvalidArgument(
            f"distribution={distribution!r} needs a factor response, this one is numeric: convert it with "
            f"asfactor, or use AUTO or one of {', '.join(LOSSES_OF_DISTRIBUTION)}"
        )


def _for_classes(distribution: str, loss: str, category: str, warnings: list[str]) -> tuple[str, str]:
    fitting = "bernoulli" if category == BINOMIAL else "multinomial"
    if distribution not in ("AUTO", *CLASS_DISTRIBUTIONS):
        raise InvalidArgument(
            f"distribution={distribution!r} needs a numeric response, this one is a factor: convert it with "
            f"asnumeric, or use AUTO or {fitting}"
        )
    if loss not in ("Automatic", "CrossEntropy", "Quadratic"):
        raise InvalidArgument(
            f"loss={loss!r} needs a numeric response, this one is a factor: the loss must be Automatic, "
            "CrossEntropy or Quadratic"
        )
    if distribution == "bernoulli" and category == MULTINOMIAL:
        warnings.append(
            "distribution='bernoulli' is for two levels, the response has more: multinomial is used"
        )
    if distribution != "multinomial":
        distribution = fitting
    return distribution, "CrossEntropy" if loss == "Automatic" else loss


def _stopping_metric(metric: str, category: str, auc_type: str) -> str:
    allowed: tuple[str, ...] = STOPPING_METRICS[category]
    if metric == "AUTO":
        return allowed[0]
    if category == MULTINOMIAL and metric in ("AUC", "AUCPR"):
        if auc_type == "NONE":
            raise InvalidArgument(
                f"stopping_metric={metric!r} for more than two classes needs an auc_type: MACRO_OVR, WEIGHTED_OVR, "
                "MACRO_OVO or WEIGHTED_OVO"
            )
        return metric
    if metric not in allowed:
        raise InvalidArgument(
            f"stopping_metric={metric!r} does not exist for {KIND_OF_RESPONSE[category]}: it must be AUTO or "
            f"one of {', '.join(allowed)}"
        )
    return metric
