"""Training that goes on where another run stopped: what a restart needs, and what may change from run to run.

Source: booklet, "Checkpoint Models"; what must stay is what H2O refuses to change.
"""

from __future__ import annotations

from dataclasses import replace

from ...errors import InvalidArgument
from ...frame.columns.makers import enum
from ...frame.frame import Frame
from ...frame.sharded_frame import whole
from ..encoding.adaptation import class_codes, unknown_classes
from ..encoding.data import DataSpec
from ..encoding.data_statistics import RowStatistics, united
from ..encoding.levels import in_levels
from ..encoding.response import Response
from ..model.model import DeepLearningModel
from ..parameters.context import TrainingContext, listed
from ..parameters.table import table
from ..parameters.validation import DeepLearningParameters

# ---- what may change


def check_restart(
    p: DeepLearningParameters, context: TrainingContext, model: DeepLearningModel
) -> DeepLearningParameters:
    """Check that training can go on with these parameters and this data.

    Parameters
    ----------
    p : DeepLearningParameters
        Checked parameters of the new run.
    context : TrainingContext
        Its data.
    model : DeepLearningModel
        The checkpoint.

    Returns
    -------
    DeepLearningParameters
        With the predictors of the checkpoint, and its seed unless another one is given.

    Raises
    ------
    InvalidArgument
        Something differs that must stay; the message names it.
    """
    name = f"checkpoint={model.key!r}"
    saved = model.checkpoint
    if saved is None:
        what = "it comes from a MOJO" if "origin" in model.facts else "its training became unstable"
        what = (
            "its members were interrupted on nodes, each somewhere else"
            if model.facts.get("interrupted")
            else what
        )
        what = "it was interrupted when epochs were chosen" if "choosing" in model.facts else what
        what = "it is the mean of several models" if "ensemble_of" in model.facts else what
        raise InvalidArgument(f"{name}: training of this model cannot go on, {what}. Train a new model")
    if (choice := model.epochs_choice) is not None:
        chosen = {"epochs": choice.epochs, **choice.setting}
        own = {each: value for each, value in chosen.items() if each not in p.given}
        p = replace(p, actual={**p.actual, **own})
    _check_fixed(name, p, model.parameters)
    _check_combination(name, p, context, model)
    p = _with_temperature(name, p, context, model)
    done = model.facts["epochs"]
    if p.epochs <= done:
        raise InvalidArgument(
            f"epochs={p.epochs:g} must be larger than the {done:.6g} epochs that {name} has trained: epochs counts those "
            "of all runs together"
        )
    _check_predictors(name, p, context, model)
    _check_levels(name, whole(context.frame, f"checkpoint={name!r}"), model.spec)
    seed = {"seed": model.parameters.seed} if p.given.get("seed", -1) == -1 else {}
    start = [
        each
        for each in ("pretrained_autoencoder", "initial_weight_distribution", "initial_weight_scale")
        if each in p.given
    ]
    ignored = [f"{each}={p.given[each]!r} has no effect: {name} is the start" for each in start]
    return replace(
        p,
        predictors=model.parameters.predictors,
        actual={**p.actual, **seed},
        warnings=(*p.warnings, *ignored),
    )


def _with_temperature(
    name: str, p: DeepLearningParameters, context: TrainingContext, model: DeepLearningModel
) -> DeepLearningParameters:
    """Where no row is held out, the checkpoint has a temperature, or there is none."""
    rows = (context.validation, context.calibration, model.temperature)
    if not p.fit_temperature or p.validation_fraction or any(each is not None for each in rows):
        return p
    if "fit_temperature" in p.given and not model.parameters.fit_temperature:
        raise InvalidArgument(
            f"fit_temperature=True needs rows that the model does not learn from, and {name} was trained without it: leave it out, "
            "or give calibration_frame"
        )
    return replace(p, actual={**p.actual, "fit_temperature": False})


def with_known_levels(frame: Frame, model: DeepLearningModel) -> Frame:
    """The new training frame, its columns made factors where the checkpoint had factors.

    Levels that the checkpoint does not know keep their names, for `check_restart` to refuse.
    """
    known = _known_levels(model.spec)
    columns = [
        column if name not in known else in_levels(column, known[name]) or column
        for name, column in zip(frame.names, frame.columns, strict=True)
    ]
    return Frame(frame.names, columns, frame.key, frame.nrow)


def _known_levels(spec: DataSpec) -> dict[str, tuple[str, ...]]:
    known = {each: spec.levels(each) for each, kind in spec.kinds.items() if kind == "enum"}
    if spec.response is not None and spec.response.domain is not None:
        known[spec.response.name] = spec.response.domain
    return known


def _check_fixed(name: str, p: DeepLearningParameters, before: DeepLearningParameters) -> None:
    """Refuse another value of a parameter that must stay; all such parameters are named at once."""
    if p.response == before.response is not None and p.category != before.category:
        raise InvalidArgument(
            f"y={p.response!r} makes a {p.category} model here, {name} is {before.category}: the response must be of the "
            "same kind and have the same classes"
        )
    fixed = [each for each, entry in table().items() if entry.fixed_by_checkpoint]
    changed = [each for each in fixed if p.actual[each] != before.actual[each]]
    if changed:
        if "distribution" in changed and any("loss" in q.given for q in (p, before)):
            changed.insert(
                0, "loss"
            )  # which is what was asked for: of a number, it decides about the distribution
        now, then = (", ".join(f"{each}={q.actual[each]!r}" for each in changed) for q in (p, before))
        raise InvalidArgument(
            f"{now}: with {name} this must stay as it was, {then}. Give the same, or train without checkpoint"
        )


def _check_combination(
    name: str, p: DeepLearningParameters, context: TrainingContext, model: DeepLearningModel
) -> None:
    for each in ("nfolds", "fold_column", "initial_weights", "initial_biases"):
        if p.actual[each]:
            raise InvalidArgument(
                f"{each}={p.actual[each]!r} is not possible with {name}: leave one of them out"
            )
    validated, before = model.validation_metrics is not None, model.parameters.validation_fraction
    if validated != (context.validation is not None or p.validation_fraction > 0):
        what = f"validation_fraction={before:g}" if before and validated else "one"
        raise InvalidArgument(
            f"validation_frame: {name} was trained {'with' if validated else 'without'} {what}, so "
            + ("give " + ("one" if what == "one" else "that") + " here, too" if validated else "leave it out")
        )


def _check_predictors(
    name: str, p: DeepLearningParameters, context: TrainingContext, model: DeepLearningModel
) -> None:
    """The predictors must be the same. One that is constant in the new data, and so was left out, still counts."""
    before = model.parameters.predictors
    asked = set(context.frame.names if context.x is None else context.x) - set(p.ignored_columns or ())
    known = set(before)
    new = [each for each in p.predictors if each not in known]
    gone = [each for each in before if each not in asked or each not in context.frame]
    if new or gone:
        raise InvalidArgument(
            f"x: the predictors must be those of {name}, {listed(before, 10)}"
            + (f"; without {listed(new)}" if new else "")
            + (f"; also {listed(gone)}" if gone else "")
        )


def _check_levels(name: str, frame: Frame, spec: DataSpec) -> None:
    """Factors may not have levels that the checkpoint has no units for."""
    for each, levels in _known_levels(spec).items():
        if new := unknown_classes(frame.column(each), levels):
            raise InvalidArgument(
                f"column {each!r} has levels that {name} does not know: {listed(new)}. Leave those rows out, or train "
                "without checkpoint"
            )


# ---- stopping and going on


def resumed_spec(
    model: DeepLearningModel, frame: Frame, p: DeepLearningParameters
) -> tuple[DataSpec, Frame, list[str]]:
    """What the checkpoint knows of the columns, the training frame made to fit it, and what there is to say of that.

    Levels and scaling stay, since the weights were trained with them; only the shares of the classes are new, and the range of
    predictions may be wider.
    """
    spec = model.spec
    predictors, remarks = spec.adapt(frame)
    others = [each for each in frame.names if each not in spec.kinds]
    frame = Frame(
        [*predictors.names, *others], [*predictors.columns, *map(frame.column, others)], nrow=frame.nrow
    )
    response = spec.response
    if response is not None and response.domain is not None:
        codes = class_codes(response.name, frame.column(response.name), response.domain)
        response = Response.fit(
            response.name,
            enum(codes, response.domain),
            response.distribution,
            standardize=False,
            weights=spec.observation_weights(frame),
        )
    elif response is not None:
        now = RowStatistics.of(frame, p).answers
        response = replace(response, range=united(response.range, now) if p.clamp_predictions else None)
    return replace(spec, response=response), frame, remarks
