"""Checks a whole set of parameters against the data and says what is really used."""

from dataclasses import dataclass
from typing import Any

from ...errors import InvalidArgument, InvalidType
from ...frame.sharded_frame import ShardedFrame
from ..metrics.multinomial_auc import MOST_CLASSES
from .balance_rules import check_balance
from .calibration_rules import check_calibration
from .combinations import check_combinations
from .context import (
    LARGEST_INPUT,
    LARGEST_NUMBER,
    LARGEST_TARGET,
    ColumnFacts,
    TrainingContext,
    listed,
)
from .fold_rules import check_folds
from .hold_out_rules import check_hold_out
from .output_rules import check_outputs
from .presets import filled
from .resolution import CLASSES, category_of, resolve
from .shard_rules import check_sharded
from .sizes import check_sizes
from .table import check_value, defaults, lookup
from .typed import TypedParameters

NON_NEGATIVE = ("poisson", "gamma", "tweedie")


@dataclass(frozen=True)
class DeepLearningParameters(TypedParameters):
    """A checked set of parameters. `parameters.hidden` is short for `parameters.actual["hidden"]`.

    Parameters
    ----------
    category : str
        "Binomial", "Multinomial", "Regression" or "AutoEncoder".
    response : str or None
        Name of the response.
    predictors : tuple of str
        Names of the predictors that are used, in the order of the frame.
    given : dict
        What the user gave (without None), checked but not resolved.
    actual : dict
        Every parameter with the value that is used.
    warnings : tuple of str
        What the user should know.
    """

    category: str
    response: str | None
    predictors: tuple[str, ...]
    given: dict[str, Any]
    actual: dict[str, Any]
    warnings: tuple[str, ...]

    def __post_init__(self) -> None:
        # A model that was saved before there was a parameter has its default.
        if missing := defaults().keys() - self.actual.keys():
            self.actual.update((name, value) for name, value in defaults().items() if name in missing)

    def description(self) -> dict[str, dict[str, Any]]:
        """Default, input and actual value of every parameter."""
        actual = dict(self.actual)
        looked_at = self.stopping_rounds > 0 or self.overwrite_with_best_model
        if not looked_at and "stopping_metric" not in self.given:
            actual["stopping_metric"] = None  # as in the main model of a cross-validation
        return {
            name: {"default": default, "input": self.given.get(name, default), "actual": actual[name]}
            for name, default in defaults().items()
        }


def validate(user_params: dict[str, Any], context: TrainingContext) -> DeepLearningParameters:
    """Check all parameters of a training call and settle what they leave open.

    Parameters
    ----------
    user_params : dict
        Parameters by name; None stands for "not given".
    context : TrainingContext
        Training frame, predictors and response.

    Returns
    -------
    DeepLearningParameters

    Raises
    ------
    InvalidArgument, InvalidType
        A name, type, value or combination is not allowed.
    NotFound
        A column does not exist.
    """
    given = {name: value for name, value in user_params.items() if value is not None or not lookup(name)}
    given = {name: check_value(name, value) for name, value in given.items()}
    warnings: list[str] = []
    values = {**defaults(), **_of_preset(given, context, warnings), **given}

    response = _response_name(values, context, warnings)
    values["response_column"] = response
    _check_roles(values, context)
    facts = (
        None
        if response is None
        else _response_facts(response, context, goes_on=values["checkpoint"] is not None)
    )
    category = category_of(facts)
    resolve(values, category, warnings)
    check_combinations(values, given, category, warnings, context.nodes)
    check_hold_out(values, given, category, context, warnings)
    check_outputs(values, given, category, context)
    check_sharded(values, given, context, warnings)
    if facts is not None:
        _check_response(str(response), facts, values["distribution"], category)
        _check_classes(values, facts.levels, warnings)
        if not values["standardize"] or values["distribution"] in NON_NEGATIVE:
            context.require_finite("y", str(response), LARGEST_TARGET)
    _check_weights(values, context)
    check_folds(values, given, category, context, warnings)
    check_balance(values, category, context.levels(response), warnings)
    check_calibration(values, category, context)
    predictors = _predictors(values, context, warnings)
    check_sizes(values, context, predictors, warnings)
    return DeepLearningParameters(category, response, predictors, given, values, tuple(warnings))


def _of_preset(given: dict[str, Any], context: TrainingContext, warnings: list[str]) -> dict[str, Any]:
    """What a preset fills."""
    sharded = isinstance(context.frame, ShardedFrame)
    found = filled(given, context.frame.nrow, sharded=sharded)
    if found and given.get("autoencoder"):
        raise InvalidArgument(
            f"preset={given['preset']!r} is for models with a response, not for an autoencoder: leave it out"
        )
    if "epochs" in found and sharded:
        warnings.append(
            f"preset={given['preset']!r}: epochs={found['epochs']:g} and one network, since the rows of training_frame lie on "
            "several nodes, where none is held out to choose by. Give epochs, and validation_frame to see how good it is"
        )
    return found


def _response_name(values: dict[str, Any], context: TrainingContext, warnings: list[str]) -> str | None:
    name: str | None = context.y if context.y is not None else values["response_column"]
    if values["autoencoder"]:
        if name is not None:
            warnings.append(f"y={name!r} is not used: an autoencoder has no response")
        return None
    if name is None:
        raise InvalidArgument("y, the column to predict, is missing: name it, or set autoencoder=True")
    context.require("y", name)
    return name


def _check_roles(values: dict[str, Any], context: TrainingContext) -> None:
    """Every column has at most one role."""
    roles = {"y": values["response_column"]}
    roles |= {role: values[role] for role in ("weights_column", "offset_column", "fold_column")}
    taken: dict[str, str] = {}
    for role, name in roles.items():
        if name is None:
            continue
        context.require(role, name)
        if name in taken:
            raise InvalidArgument(f"{role}={name!r} is the same column as {taken[name]}: they must differ")
        if name in (values["ignored_columns"] or ()):
            raise InvalidArgument(f"{role}={name!r} is also in ignored_columns: take it out of one of them")
        taken[name] = role
    for name in values["ignored_columns"] or ():
        context.require("ignored_columns", name)


def _response_facts(name: str, context: TrainingContext, goes_on: bool = False) -> ColumnFacts:
    """What is known of the response; in rows with which training goes on it need not vary."""
    if not context.frame.nrow:
        raise InvalidArgument("training_frame has no rows: there is nothing to learn from")
    facts = context.facts(name)
    if facts.is_text:
        raise InvalidType(
            f"y={name!r} is of type {facts.kind}: it must be a factor, a number or a time. Convert it "
            "with asfactor"
        )
    if facts.is_empty:
        raise InvalidArgument(f"y={name!r}: all values of the column are missing, there is nothing to learn")
    if facts.is_constant and not goes_on:
        raise InvalidArgument(
            f"y={name!r}: the column has only one value, at least two different ones are needed"
        )
    context.require_finite("y", name)
    return facts


def _check_response(name: str, facts: ColumnFacts, distribution: str, category: str) -> None:
    if category not in CLASSES and distribution in NON_NEGATIVE and facts.low < 0:
        raise InvalidArgument(
            f"distribution={distribution!r} needs a response that is never negative, the smallest value of "
            f"{name!r} is {facts.low:g}"
        )


def _check_classes(values: dict[str, Any], classes: int, warnings: list[str]) -> None:
    """An AUC over all pairs is for a moderate number of classes."""
    if classes <= MOST_CLASSES or values["auc_type"] == "NONE":
        return
    if values["stopping_metric"] in ("AUC", "AUCPR"):
        raise InvalidArgument(
            f"stopping_metric={values['stopping_metric']!r}: there is no AUC for {classes} classes, {MOST_CLASSES} are the "
            "most. Use logloss or another metric"
        )
    warnings.append(
        f"auc_type={values['auc_type']!r} has no effect: the response has {classes} classes, {MOST_CLASSES} are the most"
    )


def _check_weights(values: dict[str, Any], context: TrainingContext) -> None:
    if (offset := values["offset_column"]) is not None:
        context.require_numeric("offset_column", offset)
        context.require_finite("offset_column", offset, LARGEST_INPUT)
    if (weights := values["weights_column"]) is None:
        return
    facts = context.require_numeric("weights_column", weights)
    context.require_finite("weights_column", weights, LARGEST_INPUT)
    if facts.low < 0:
        raise InvalidArgument(
            f"weights_column={weights!r}: weights must not be negative, the smallest is {facts.low:g}"
        )
    if facts.high == 0:
        raise InvalidArgument(f"weights_column={weights!r}: all weights are 0, at least one must be positive")


def _predictors(values: dict[str, Any], context: TrainingContext, warnings: list[str]) -> tuple[str, ...]:
    """Choose the predictors: those asked for, less the columns with another role and the useless ones."""
    if isinstance(context.x, str):
        raise InvalidType(f"x={context.x!r} must be a list of column names, for one column [{context.x!r}]")
    for name in context.x or ():
        context.require("x", name)
    asked = set(context.frame.names if context.x is None else context.x)
    roles = ("response_column", "weights_column", "offset_column", "fold_column")
    asked -= {values[role] for role in roles} | set(values["ignored_columns"] or ())
    if context.x is None:
        asked.discard(str(context.y))
    names = [name for name in context.frame.names if name in asked]
    context.look_at(names)
    useless = [
        ("they hold text", [name for name in names if context.facts(name).is_text]),
        ("all their values are missing", [name for name in names if context.facts(name).is_empty]),
    ]
    if values["ignore_const_cols"]:
        useless.append(("they are constant", [name for name in names if context.facts(name).is_constant]))
    for reason, dropped in useless:
        if dropped:
            warnings.append(f"Columns {listed(dropped)} are not used as predictors: {reason}")
    unused = {name for _, dropped in useless for name in dropped}
    useful = tuple(name for name in names if name not in unused)
    if not useful and values["checkpoint"] is None:  # which has its own
        raise InvalidArgument(
            f"x: no usable predictor is left of {listed(names) if names else 'no columns'}. Columns of text, "
            "without values"
            + (", or constant ones (unless ignore_const_cols=False)" if values["ignore_const_cols"] else "")
            + " cannot be used"
        )
    for name in useful:
        context.require_finite("x", name, LARGEST_NUMBER if values["standardize"] else LARGEST_INPUT)
    return useful
