"""Which parameters change nothing beside the others, for forms that leave their fields out; and which one a message is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .fold_rules import KEPT
from .hold_out_rules import SETTING
from .presets import filled
from .resolution import CLASSES, REGRESSION, uses_adadelta
from .table import conditions, defaults, lookup, table

Values = Mapping[str, Any]
_SUBJECT = re.compile(r"^(\w+)(?==|:| |,)")
_CALLED = {"y": "response_column", "x": "ignored_columns"}  # what the session calls otherwise


@dataclass(frozen=True)
class _Rule:
    """What the table does not say of some parameters: with what they apply, and whether that is missing."""

    applies: str
    names: tuple[str, ...]
    missing: Callable[[Values, str | None], Any]


def _without_folds(values: Values, _: str | None) -> bool:
    return not values["nfolds"] and values["fold_column"] is None


_RULES = (
    _Rule("to cross-validation", (*KEPT, "fold_assignment"), _without_folds),
    _Rule("without nfolds", ("fold_column",), lambda values, _: values["nfolds"]),
    _Rule(
        "to models with a response",
        ("response_column", "balance_classes", "offset_column", "distribution"),
        lambda values, _: values["autoencoder"],
    ),
    _Rule(
        "with balance_classes", ("class_sampling_factors",), lambda values, _: not values["balance_classes"]
    ),
    _Rule(
        "with a validation frame or validation_fraction",
        ("score_validation_samples", "score_validation_sampling"),
        lambda values, _: values["validation_frame"] is None and not values["validation_fraction"],
    ),
    _Rule(
        "to classification",
        ("classification_stop", "score_validation_sampling", "label_smoothing"),
        lambda _, category: category not in CLASSES,
    ),
    _Rule("to regression", ("regression_stop",), lambda _, category: category not in (None, REGRESSION)),
    _Rule(
        "with an activation with dropout",
        ("hidden_dropout_ratios",),
        lambda values, _: not str(values["activation"]).endswith("WithDropout"),
    ),
    _Rule(
        "without a validation frame and without folds",
        ("validation_fraction",),
        lambda values, category: (
            values["validation_frame"] is not None or not _without_folds(values, category)
        ),
    ),
    _Rule(
        "to classification",
        ("fit_temperature",),
        lambda _, category: category not in (None, *CLASSES),
    ),
    _Rule("to regression", ("clamp_predictions",), lambda _, category: category not in (None, REGRESSION)),
    _Rule(
        "with epochs_candidates",
        ("epochs_folds", "fit_temperature", *SETTING),
        lambda values, _: not values["epochs_candidates"],
    ),
    _Rule("without l1_candidates", ("l1",), lambda values, _: values["l1_candidates"]),
    _Rule(
        "without numeric_bins_candidates",
        ("numeric_bins",),
        lambda values, _: values["numeric_bins_candidates"],
    ),
    _Rule(
        "with numeric_encoding='PiecewiseLinear'",
        ("numeric_bins_candidates",),
        lambda values, _: values["numeric_encoding"] != "PiecewiseLinear",
    ),
    _Rule(
        "with epochs_candidates and without a validation frame or folds",
        ("epochs_folds",),
        lambda values, category: (
            not values["epochs_candidates"]
            or values["validation_frame"] is not None
            or not _without_folds(values, category)
        ),
    ),
    _Rule("without epochs_candidates", ("epochs",), lambda values, _: values["epochs_candidates"]),
    _Rule(
        "to models with a response",
        ("preset", "epochs_candidates"),
        lambda values, _: values["autoencoder"],
    ),
    _Rule("to classification", ("fit_temperature",), lambda _, category: category not in (None, *CLASSES)),
    _Rule("to regression", ("clamp_predictions",), lambda _, category: category not in (None, REGRESSION)),
    _Rule("without autoencoder", ("use_all_factor_levels",), lambda values, _: values["autoencoder"]),
)


def without_effect(values: Values, category: str | None = None, nodes: int = 0) -> Iterator[tuple[str, str]]:
    """The parameters that change nothing beside the others, and why.

    Parameters
    ----------
    values : mapping
        What is given; all others have their defaults, or what a preset says.
    category : str, optional
        The kind of model, where it is known.
    nodes : int
        How many there are beside the process of the session.

    Yields
    ------
    (str, str)
        The parameter, and why, to follow "has no effect: ".
    """
    given = {name: value for name, value in values.items() if value is not None}
    left = filled(given)
    for name, why in _idle({**defaults(), **left, **given}, category, nodes):
        # of what a preset fills, some makes way as soon as something is given
        if left and name in left and name not in given:
            tried = {**given, name: left[name]}
            if name not in dict(_idle({**defaults(), **filled(tried), **tried}, category, nodes)):
                continue
        yield name, why


def _idle(values: dict[str, Any], category: str | None, nodes: int) -> Iterator[tuple[str, str]]:
    values["adaptive_rate"] = uses_adadelta(values)
    for name, entry in table().items():
        for (other, wanted), ways in zip(entry.only_with.items(), conditions(entry), strict=True):
            open_still = values[other] == "AUTO" and other == "categorical_encoding"
            if values[other] not in wanted and not open_still:
                yield name, f"it applies {_beside(ways)}"
        if entry.no_effect and not (nodes and entry.group == "cluster"):
            yield name, entry.no_effect
    for rule in _RULES:
        if rule.missing(values, category):
            for name in rule.names:
                yield name, f"it applies {rule.applies}"


def applies(name: str) -> list[str]:
    """With what a parameter has an effect, each to follow "applies "; nothing where it always has one."""
    entry = lookup(name)
    beside = [_beside(each) for each in conditions(entry)]
    return beside + [rule.applies for rule in _RULES if name in rule.names]


def _beside(ways: list[tuple[str, tuple[Any, ...]]]) -> str:
    return "with " + " or ".join(f"{other}={' or '.join(map(str, wanted))}" for other, wanted in ways)


def subject_of(text: str) -> str | None:
    """The parameter that an error or a warning of a training is about, which is its first word; None where that is none."""
    found = _SUBJECT.match(text)
    name = _CALLED.get(found[1], found[1]) if found else None
    return name if name in table() else None
