"""What a model learns from rows that it was not trained on: to calibrate its probabilities, and how far off it may be."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from ...engine.scoring import Snapshot
from ..encoding.response import Response
from ..model.model import DeepLearningModel
from ..model.sample import Sample
from ..model.scorer import Scorer
from ..parameters.resolution import CLASSES
from ..parameters.several_quantiles import several_quantiles
from ..parameters.validation import DeepLearningParameters
from ..uncertainty.calibration import Calibration
from ..uncertainty.intervals import Intervals
from ..uncertainty.temperature import FittedTemperature
from .prepared import Prepared

CALIBRATION, FOLDS, VALIDATION, HOLD_OUT = (
    "calibration frame",
    "cross-validation",
    "validation frame",
    "hold-out",
)
_POWERS = {"poisson": 1.0, "gamma": 2.0}  # variance of the distribution: the mean to the power of this


def learn_from_held_out(
    model: DeepLearningModel, prepared: Prepared, validation: Array | None, validated: Sample | None
) -> None:
    """Learn from the calibration frame, else from the validation rows, of which the model has predicted something."""
    sample = prepared.calibration_sample
    if sample is not None:
        found = model.scorer.outcomes(model.network, sample)
        model.intervals = intervals_of(model.parameters, CALIBRATION, found, sample)
        calibrate(model, CALIBRATION, found, sample)
    elif validation is not None and validated is not None:
        source = HOLD_OUT if prepared.held_out_rows else VALIDATION
        model.intervals = intervals_of(model.parameters, source, validation, validated)


def fitted_temperature(
    prepared: Prepared, scorer: Scorer, network: Snapshot, elsewhere: FittedTemperature | None
) -> FittedTemperature | None:
    """What the outputs of a network are to be divided by, where that is asked for.

    Parameters
    ----------
    elsewhere : FittedTemperature or None
        Learned from what networks of folds, or of a choice of epochs, say of the rows that they do not know.
    """
    p, sample, source = prepared.parameters, prepared.calibration_sample, CALIBRATION
    if not p.fit_temperature:
        return None
    if sample is None and elsewhere is not None and elsewhere.source == FOLDS:
        return elsewhere
    if sample is None:
        sample, source = prepared.validation_sample, HOLD_OUT if prepared.held_out_rows else VALIDATION
    if sample is None or sample.actual is None:
        return elsewhere
    return FittedTemperature.learned(scorer.outcomes(network, sample), sample.actual, sample.weights, source)


def cooled(network: Snapshot, temperature: float, response: Response) -> Snapshot:
    """The network whose probabilities, in the end, are those of `uncertainty.temperature.tempered`.

    Where classes were balanced, probabilities are corrected behind the network: what the correction is to be tempered, too, is
    in the biases.
    """
    factors, shift = response.class_correction, None
    if factors is not None:
        shift = np.zeros(network.biases[-1].shape[-1])
        known = np.flatnonzero(factors > 0)
        shift[known] = (1 / temperature - 1) * np.log(factors[known])
    return network.with_output(1 / temperature, shift)


def intervals_of(p: DeepLearningParameters, source: str, found: Array, sample: Sample) -> Intervals | None:
    """What predictions for rows (see `Scorer.outcomes`) tell of the errors of a model; None where there is no response."""
    if sample.actual is None:
        return None
    if p.category in CLASSES:
        return Intervals.of_classes(source, sample.actual, found, sample.weights)
    power = p.tweedie_power if p.distribution == "tweedie" else _POWERS.get(p.distribution)
    return Intervals.of_numbers(
        source,
        sample.actual,
        found if found.ndim == 2 else found[:, None],
        sample.weights,
        several_quantiles(p),
        power,
    )


def calibrate(model: DeepLearningModel, source: str, found: Array, sample: Sample) -> None:
    """Calibrate the probabilities of a model, where that is asked for, by what it says of some rows."""
    p = model.parameters
    if not p.calibrate_model or sample.actual is None:
        return
    counts = (sample.actual >= 0) & ~np.isnan(found).any(axis=1)
    counts &= True if sample.weights is None else sample.weights > 0
    actual = sample.actual[counts].astype(np.int64)
    if len(np.unique(actual)) < 2:
        model.warnings.append(
            f"calibrate_model=True: probabilities are not calibrated, of the rows of the {source} that can be scored all are "
            "of the same class"
        )
        return
    weights = None if sample.weights is None else sample.weights[counts]
    chances = found[counts].astype(np.float64)
    model.calibration = Calibration.learned(p.calibration_method, chances, actual, weights, source)
