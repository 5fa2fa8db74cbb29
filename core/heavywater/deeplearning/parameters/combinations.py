"""Rules about parameters that must fit each other, and warnings about those that change nothing."""

from typing import Any

from ...errors import InvalidArgument
from .resolution import AUTOENCODER, BINOMIAL, CLASSES, MULTINOMIAL, REGRESSION
from .table import check_value, conditions, either, table

Values = dict[str, Any]


def check_combinations(
    values: Values,
    given: Values,
    category: str,
    warnings: list[str],
    nodes: int = 0,
) -> None:
    """Apply all rules that need no look at the data.

    Parameters
    ----------
    values : dict
        All parameters, resolved.
    given : dict
        Those that the user gave, as given.
    category : str
        Kind of model.
    warnings : list of str
        Gets a sentence for each parameter that has no effect.
    nodes : int
        How many there are beside the process of the session.

    Raises
    ------
    InvalidArgument
        A rule is broken.
    """
    for name, value in given.items():
        _check_effect(name, value, values, warnings, nodes)
    _check_dropout(values, given)
    _check_start(values)
    _check_members(values)
    _check_adam(values)
    _check_momentum(values, warnings)
    _check_category(values, category)
    _check_sparsity(values, given, category, warnings)
    _check_use(values, given, category, warnings)
    _check_custom_metric(values, category)
    _check_stopping(values, given, warnings)
    _check_numeric_encoding(values, given)
    if values["col_major"] and values["sparse"]:
        raise InvalidArgument("col_major=True is not supported with sparse=True: leave col_major out")


def _check_effect(name: str, value: Any, values: Values, warnings: list[str], nodes: int) -> None:
    """Warn about a parameter without effect; check the limits that had to wait for the others."""
    entry = table()[name]
    for (other, wanted), ways in zip(entry.only_with.items(), conditions(entry), strict=True):
        if values[other] not in wanted:
            warnings.append(
                f"{name}={value!r} has no effect: it needs {either(ways)}, {other} is {values[other]!r}"
            )
            return
    if entry.limits_may_wait:
        values[name] = check_value(name, value, effective=True)
    if entry.no_effect and not entry.is_default(value) and not (nodes and entry.group == "cluster"):
        warnings.append(f"{name}={value!r} has no effect: {entry.no_effect}")


def _check_dropout(values: Values, given: Values) -> None:
    ratios, activation, layers = values["hidden_dropout_ratios"], values["activation"], len(values["hidden"])
    if "hidden_dropout_ratios" not in given:
        return
    if not activation.endswith("WithDropout"):
        raise InvalidArgument(
            f"hidden_dropout_ratios={ratios} needs an activation with dropout, activation is {activation!r}: "
            f"use activation='{activation}WithDropout' or leave hidden_dropout_ratios out"
        )
    if len(ratios) != layers:
        raise InvalidArgument(
            f"hidden_dropout_ratios={ratios} has {len(ratios)} values for {layers} hidden layers "
            f"(hidden={values['hidden']}): give one ratio per hidden layer"
        )


def _check_start(values: Values) -> None:
    wanted = len(values["hidden"]) + 1
    for name in ("initial_weights", "initial_biases"):
        frames = values[name]
        if frames is not None and len(frames) != wanted:
            raise InvalidArgument(
                f"{name} has {len(frames)} entries, it must have {wanted}: one per hidden layer and one "
                "for the output layer. None leaves a layer as it is"
            )


def _check_adam(values: Values) -> None:
    if values["optimizer"] == "Adam" and values["mini_batch_size"] < 2:
        raise InvalidArgument(
            f"optimizer='Adam' needs mini-batches, mini_batch_size is {values['mini_batch_size']}: use mini_batch_size=32 or "
            "another number from 2 on, or leave optimizer out"
        )


def _check_members(values: Values) -> None:
    """Refuse an ensemble of members that nothing makes different."""
    given = [values[name] or [None] for name in ("initial_weights", "initial_biases")]
    chance = values["shuffle_training_data"] or values["input_dropout_ratio"] > 0
    if values["activation"].endswith("WithDropout"):
        chance = chance or any(ratio > 0 for ratio in values["hidden_dropout_ratios"])
    if values["ensemble_size"] > 1 and not chance and None not in (*given[0], *given[1]):
        raise InvalidArgument(
            f"ensemble_size={values['ensemble_size']}: all members would be the same network, since initial_weights and "
            "initial_biases name a start for each layer, rows are not shuffled and nothing is dropped out. Leave out one of them, "
            "or shuffle_training_data=False"
        )


def _check_momentum(values: Values, warnings: list[str]) -> None:
    if values["adaptive_rate"] or values["optimizer"] == "Adam":
        return
    for name in ("momentum_start", "momentum_stable"):
        if not 0 <= values[name] < 1:
            warnings.append(f"{name}={values[name]} is outside [0, 1): training may not converge")
    if values["momentum_ramp"] < 0:
        warnings.append(f"momentum_ramp={values['momentum_ramp']} is negative and taken as 0")
        values["momentum_ramp"] = 0.0


def _check_category(values: Values, category: str) -> None:
    if values["offset_column"] is not None and category != REGRESSION:
        raise InvalidArgument(
            f"offset_column={values['offset_column']!r} is for regression only, this is {category}: "
            "leave it out, or give a numeric response"
        )
    if category != AUTOENCODER:
        return
    if values["distribution"] == "quantile" and isinstance(values["quantile_alpha"], list):
        raise InvalidArgument(
            f"quantile_alpha={values['quantile_alpha']} is for a numeric response, an autoencoder takes one: give one number"
        )
    if values["categorical_encoding"] == "SortByResponse":
        raise InvalidArgument(
            "categorical_encoding='SortByResponse' needs a response, an autoencoder has none: use another one, or leave "
            "it out"
        )
    if values["activation"].startswith("Maxout"):
        raise InvalidArgument(
            f"activation={values['activation']!r} is not possible for an autoencoder, whose output uses "
            "it too: use Tanh, Rectifier or ExpRectifier (also WithDropout)"
        )
    if values["weights_column"] is not None:
        raise InvalidArgument(
            f"weights_column={values['weights_column']!r} is not possible for an autoencoder: leave it out, "
            "or repeat rows instead"
        )


def _check_sparsity(values: Values, given: Values, category: str, warnings: list[str]) -> None:
    beta, average = values["sparsity_beta"], values["average_activation"]
    if category != AUTOENCODER:
        if beta != 0:
            raise InvalidArgument(
                f"sparsity_beta={beta} is for an autoencoder only: set autoencoder=True or leave it out"
            )
        return
    if beta == 0:
        if "average_activation" in given:
            warnings.append(f"average_activation={average} has no effect: it needs sparsity_beta > 0")
    elif values["activation"].startswith("Tanh") and not -1 < average < 1:
        raise InvalidArgument(
            f"average_activation={average} is not allowed: with activation Tanh it must be in (-1, 1)"
        )


def _check_use(values: Values, given: Values, category: str, warnings: list[str]) -> None:
    """Warn about parameters that this kind of model, or this data, does not look at."""
    every_row = values["score_validation_samples"] == 0 and "all rows are scored: score_validation_samples=0"
    idle = {
        "auc_type": category != MULTINOMIAL and "it is for more than two classes",
        "label_smoothing": category not in CLASSES and "it is for classification",
        "gainslift_bins": category != BINOMIAL and "it is for two classes",
        "score_validation_sampling": (category not in CLASSES and "it is for classification") or every_row,
        "huber_alpha": category == AUTOENCODER
        and values["distribution"] == "huber"
        and "in an autoencoder the huber loss goes over to linear at an error as large as the range of the input",
    }
    for name, reason in idle.items():
        if reason and name in given and not table()[name].is_default(given[name]):
            warnings.append(f"{name}={given[name]!r} has no effect: {reason}")


def _check_numeric_encoding(values: Values, given: Values) -> None:
    """Refuse a piecewise-linear encoding where the network has none; one that only a preset has asked for is left out."""
    if values["numeric_encoding"] != "PiecewiseLinear":
        return
    activation = values["activation"]
    reasons = {
        "autoencoder=True, which gives back its inputs: they are one unit for each number": values[
            "autoencoder"
        ],
        f"activation={activation!r}: it is for Rectifier and Maxout (also WithDropout)": not activation.startswith(
            ("Rectifier", "Maxout")
        ),
        "pretrained_autoencoder, whose inputs are one unit for each number": values["pretrained_autoencoder"],
        "col_major=True: leave that out": values["col_major"],
    }
    reason = next((text for text, applies in reasons.items() if applies), None)
    if reason is None:
        return
    if "numeric_encoding" in given:
        raise InvalidArgument(f"numeric_encoding='PiecewiseLinear' is not possible with {reason}")
    values["numeric_encoding"] = "Standardized"


def _check_custom_metric(values: Values, category: str) -> None:
    metric, function = values["stopping_metric"], values["custom_metric_func"]
    if function is not None and category == AUTOENCODER:
        raise InvalidArgument(
            f"custom_metric_func={function!r}: Custom metric is not supported for Autoencoder. Leave it out"
        )
    if metric in ("custom", "custom_increasing") and function is None:
        raise InvalidArgument(f"stopping_metric={metric!r} needs a metric: give it as custom_metric_func")


def _check_stopping(values: Values, given: Values, warnings: list[str]) -> None:
    if values["stopping_rounds"] > 0:
        return
    uses = {
        "stopping_metric": "only overwrite_with_best_model looks at it",
        "stopping_tolerance": "it is not used",
    }
    for name, use in uses.items():
        if name in given and not table()[name].is_default(given[name]):
            warnings.append(f"{name}={given[name]!r} stops nothing, since stopping_rounds=0: {use}")
