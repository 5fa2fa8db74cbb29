"""The rules of rows that a training holds out by itself: to be scored, and to choose the number of epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...errors import InvalidArgument
from ...frame.frame import Frame
from .context import TrainingContext
from .fold_rules import usable_rows
from .resolution import AUTOENCODER
from .table import table

Values = dict[str, Any]

FRACTION = 0.15  # of a hold-out to choose epochs by, where none is given
# What could end a training before its epochs are done, and the value with which it does not.
STOPS: Values = {
    "stopping_rounds": 0,
    "overwrite_with_best_model": False,
    "classification_stop": -1.0,
    "regression_stop": -1.0,
}
# Lists of values that are tried together with numbers of epochs, and the parameters that they are values of.
SETTING = {"l1_candidates": "l1", "numeric_bins_candidates": "numeric_bins"}
# What a choice of epochs settles in the model that is trained with the chosen number.
SETTLED = ("epochs", *STOPS, "train_samples_per_iteration", "score_each_iteration")


def check_hold_out(
    values: Values, given: Values, category: str, context: TrainingContext, warnings: list[str]
) -> None:
    """Apply the rules of validation_fraction and of the choice of epochs, and settle what is needed of them.

    Parameters
    ----------
    values : dict
        All parameters; changed in place.
    given : dict
        Those that the user gave.
    category : str
        Kind of model.
    context : TrainingContext
    warnings : list of str
        Gets a sentence for each parameter that has no effect.

    Raises
    ------
    InvalidArgument
        A rule is broken.
    """
    if values["epochs_candidates"]:
        _check_choice(values, given, category, context, warnings)
    elif "epochs_folds" in given and given["epochs_folds"] > 1:
        warnings.append(f"epochs_folds={given['epochs_folds']} has no effect: it needs epochs_candidates")
    for name in ("epochs_candidates", *SETTING):
        values[name] = values[name] or None
    if values["epochs_candidates"] is None:
        _without_settings(values, given, warnings)
    _check_fraction(values, given, context, warnings)


def _check_fraction(values: Values, given: Values, context: TrainingContext, warnings: list[str]) -> None:
    fraction = values["validation_fraction"]
    others = {
        "validation_frame has the rows that are scored": context.validation is not None,
        "each fold has rows that are scored": values["nfolds"] or values["fold_column"] is not None,
        f"epochs_folds={values['epochs_folds']} makes the rows that are held out": values["epochs_candidates"]
        and values["epochs_folds"] > 1,
    }
    for reason, applies in others.items():
        if fraction and applies:
            values["validation_fraction"] = 0.0
            if "validation_fraction" in given:
                warnings.append(f"validation_fraction={fraction:g} has no effect: {reason}")
            return


def _check_choice(
    values: Values, given: Values, category: str, context: TrainingContext, warnings: list[str]
) -> None:
    candidates = sorted(values["epochs_candidates"])
    shown = f"epochs_candidates={_shown(candidates)}"
    if category == AUTOENCODER:
        raise InvalidArgument(
            f"{shown}: there is no choice of epochs for an autoencoder, which has no response: give epochs"
        )
    if "epochs" in given:
        raise InvalidArgument(
            f"{shown} and epochs={given['epochs']:g} exclude each other: one of the candidates becomes the number of epochs. "
            "Leave one of them out"
        )
    if len(set(candidates)) < len(candidates):
        raise InvalidArgument(f"{shown} has a number twice: give different ones")
    _without_stops(values, given, shown, warnings)
    values["epochs_candidates"] = candidates
    if values["checkpoint"] is not None:
        if "epochs_candidates" in given:
            warnings.append(
                f"{shown} has no effect: a training that goes on from a checkpoint keeps its number of epochs"
            )
        _without_settings(values, {}, warnings)
        values |= {"epochs_candidates": None, "epochs_folds": 1, "validation_fraction": 0.0}
        return
    values["epochs"] = candidates[-1]
    _check_settings(values, given, warnings)
    if len(candidates) == 1 and not any(values[name] for name in SETTING) and not values["fit_temperature"]:
        values["epochs_candidates"] = None
        if "validation_fraction" not in given:
            values["validation_fraction"] = 0.0
        return
    _check_rows(values, given, context, warnings)


def _without_settings(values: Values, given: Values, warnings: list[str]) -> None:
    for name in SETTING:
        if values[name] and name in given:
            warnings.append(f"{name}={_shown(values[name])} has no effect: it needs epochs_candidates")
        values[name] = None


def _shown(numbers: Sequence[float]) -> str:
    return f"[{', '.join(f'{each:g}' for each in numbers)}]"


def _check_settings(values: Values, given: Values, warnings: list[str]) -> None:
    """What else is tried: the lists have a value for each setting, and the first setting counts until there is a choice."""
    if values["numeric_bins_candidates"] and values["numeric_encoding"] != "PiecewiseLinear":
        if "numeric_bins_candidates" in given:
            warnings.append(
                f"numeric_bins_candidates={_shown(values['numeric_bins_candidates'])} has no effect: it needs "
                "numeric_encoding='PiecewiseLinear'"
            )
        values["numeric_bins_candidates"] = None
    lists = {name: list(values[name]) for name in SETTING if values[name]}
    for name, tried in lists.items():
        own = SETTING[name]
        if own in given:
            raise InvalidArgument(
                f"{name}={_shown(tried)} and {own}={given[own]:g} exclude each other: one of the candidates becomes {own}. Leave one of "
                "them out"
            )
        values[own] = tried[0]
    shown = " and ".join(f"{name}={_shown(tried)}" for name, tried in lists.items())
    if len({len(tried) for tried in lists.values()}) > 1:
        raise InvalidArgument(
            f"{shown}: the first values of both are tried together, then the second ones, and so on; give lists of the same length, "
            "or one of them only"
        )
    settings = list(zip(*lists.values(), strict=True))
    if len(set(settings)) < len(settings):
        raise InvalidArgument(f"{shown} has the same twice: give different ones")


def settings_of(values: Values) -> list[Values]:
    """The settings that are tried together with numbers of epochs, as parameters by name; one without any where none are.

    Examples
    --------
    >>> settings_of({"l1_candidates": [0, 1e-4], "numeric_bins_candidates": None})
    [{'l1': 0}, {'l1': 0.0001}]
    """
    lists = {own: values[name] for name, own in SETTING.items() if values[name]}
    if not lists:
        return [{}]
    return [dict(zip(lists, each, strict=True)) for each in zip(*lists.values(), strict=True)]


def _without_stops(values: Values, given: Values, shown: str, warnings: list[str]) -> None:
    """Let trainings run to their end, and depend on nothing that the clock decides."""
    for name, off in STOPS.items():
        if name in given and given[name] != off and not table()[name].is_default(given[name]):
            warnings.append(
                f"{name}={given[name]!r} has no effect: {shown} is a choice of trainings that run to their end"
            )
        values[name] = off
    if values["train_samples_per_iteration"] == -2:
        values["train_samples_per_iteration"] = -1  # the choice is no matter of the speed
    if values["distribution"] == "huber":
        values["score_each_iteration"] = True  # its delta follows from them


def _check_rows(values: Values, given: Values, context: TrainingContext, warnings: list[str]) -> None:
    """Which rows decide."""
    folds = values["epochs_folds"]
    if folds > 1:
        others = {
            "the folds of the cross-validation": values["nfolds"] or values["fold_column"] is not None,
            "those of validation_frame": context.validation is not None,
        }
        for rows, applies in others.items():
            if applies:
                values["epochs_folds"] = 1
                if "epochs_folds" in given:
                    warnings.append(f"epochs_folds={folds} has no effect: the rows that decide are {rows}")
                return
        if isinstance(context.frame, Frame):
            usable = int(
                usable_rows(context.frame, values["response_column"], values["weights_column"]).sum()
            )
            if folds > usable:
                values["epochs_folds"] = max(1, usable)
                if "epochs_folds" in given:
                    warnings.append(
                        f"epochs_folds={folds} is cut to {usable}, the rows with a response and a weight"
                    )
    if values["epochs_folds"] == 1 and not values["validation_fraction"]:
        values["validation_fraction"] = FRACTION
