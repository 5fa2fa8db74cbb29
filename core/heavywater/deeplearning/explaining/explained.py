"""What of a model is explained: the numbers that contributions add up to, and how they come from the last layer.

One of three: the prediction of a number, on its own scale or that of the link; the probabilities of classes; the
reconstruction error of an autoencoder.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import Array
from ..encoding.response import LARGEST_PREDICTION, Response
from ..metrics.distributions import nearest_to_median
from ..model.model import DeepLearningModel
from ..model.sample import Sample
from .rescale import (
    States,
    derivative,
    exponential_multipliers,
    range_multipliers,
    slopes,
    softmax_multipliers,
)


@dataclass(frozen=True)
class ExplainedRows:
    """Some rows: what the network makes of them, and what it does not see.

    Attributes
    ----------
    states : States
    offsets : float array (rows,)
        On the scale of the output unit; zeros without an offset column.
    inputs : float array (rows, inputs) or None
        All input units, where they are compared with the output.
    """

    states: States
    offsets: Array
    inputs: Array | None = None

    def part(self, lo: int, hi: int) -> ExplainedRows:
        """Rows lo..hi-1 of them."""
        inputs = None if self.inputs is None else self.inputs[lo:hi]
        return ExplainedRows(self.states.part(lo, hi), self.offsets[lo:hi], inputs)


@dataclass(frozen=True)
class Multipliers:
    """From what the last layer is made of to what is explained.

    Attributes
    ----------
    last : array (outputs, rows of x or 1, rows of r or 1, channels * units)
        From the sums of the last layer.
    offset : array (rows of x or 1, rows of r or 1) or None
        From the offset.
    inputs : array (rows of x, rows of r, inputs) or None
        From the input units, past the network.
    """

    last: Array
    offset: Array | None = None
    inputs: Array | None = None


class Explained(ABC):
    """What contributions add up to."""

    names: Sequence[str] = ("",)  # of several numbers; one has no name
    needs_inputs = False

    @abstractmethod
    def values(self, sample: Sample) -> Array:
        """The numbers themselves: float64 (rows, outputs)."""

    @abstractmethod
    def multipliers(self, x: ExplainedRows, r: ExplainedRows) -> Multipliers:
        """The multipliers between rows."""

    @abstractmethod
    def gradients(
        self, sums: Array, activations: Array, offsets: Array, inputs: Array | None, kind: str
    ) -> Multipliers:
        """The gradients at single points, given the last layer there.

        Parameters
        ----------
        sums, activations : array (..., channels * units), array (..., units)
        offsets : array (...)
        inputs : array (..., inputs) or None
        kind : str
            Activation of the last layer.
        """


class PredictedNumber(Explained):
    """The prediction of a regression.

    Parameters
    ----------
    model : DeepLearningModel
    response : Response
    output_space : bool
        Of a logarithmic link: the prediction itself instead of its logarithm.
    """

    def __init__(self, model: DeepLearningModel, response: Response, *, output_space: bool) -> None:
        self._model, self._response = model, response
        self._exponential = response.log_link and output_space
        quantiles = model.scorer.quantiles
        self._place = nearest_to_median(quantiles) if quantiles else None
        self._range = response.range
        if self._range is not None and response.log_link and not self._exponential:
            with np.errstate(divide="ignore"):
                low, high = np.log(np.maximum(self._range, 0))
            self._range = float(low), float(high)

    def values(self, sample: Sample) -> Array:
        """(rows, outputs)."""
        model, response = self._model, self._response
        if response.log_link and not self._exponential:
            found = model.scorer.outputs(model.network, sample.rows)[:, 0].astype(np.float64)
            found = found if sample.offset is None else found + response.offsets(sample.offset)
            return np.asarray(found if self._range is None else np.clip(found, *self._range))[:, None]
        return model.scorer.predictions(model.network, sample)[:, None]

    def multipliers(self, x: ExplainedRows, r: ExplainedRows) -> Multipliers:
        """From the sums of the last layer."""
        found = self._to_number(x, r)
        if self._range is None:
            return found
        v, v0 = (self._number(each.states.sums[-1], each.offsets) for each in (x, r))
        factor = range_multipliers(v, v0, *self._range)
        offset = None if found.offset is None else found.offset * factor
        return Multipliers(found.last * factor[None, :, :, None], offset)

    def _to_number(self, x: ExplainedRows, r: ExplainedRows) -> Multipliers:
        """To the number before it is kept within the range."""
        if not self._exponential:
            constant = np.full((1, 1), self._scale)
            if self._place is None:
                return Multipliers(constant[None, :, :, None], constant)
            told, told0 = (self._told(each.states.sums[-1]) for each in (x, r))
            return Multipliers((told[:, None] + told0[None])[None] / 2, constant)
        f, f0 = (each.states.sums[-1][:, 0].astype(np.float64) + each.offsets for each in (x, r))
        found = exponential_multipliers(f, f0, LARGEST_PREDICTION)
        return Multipliers(found[None, :, :, None], found)

    def gradients(
        self, sums: Array, activations: Array, offsets: Array, inputs: Array | None, kind: str
    ) -> Multipliers:
        """At single points."""
        inside: Array = np.ones(offsets.shape)
        if self._range is not None:
            number = self._number(sums, offsets)
            inside = ((number > self._range[0]) & (number < self._range[1])) * 1.0
        if not self._exponential:
            slope: Array = np.full(offsets.shape, self._scale) * inside
            if self._place is not None:
                return Multipliers((self._told(sums) * inside[..., None])[None], slope)
        else:
            with np.errstate(over="ignore"):
                slope = np.exp(sums[..., 0].astype(np.float64) + offsets)
            slope = np.where(slope < LARGEST_PREDICTION, slope, 0) * inside
        return Multipliers(slope[None, ..., None], slope)

    def _number(self, sums: Array, offsets: Array) -> Array:
        """What is explained, before it is kept within the range: (...,)."""
        f = np.sort(sums, axis=-1)[..., self._place] if self._place is not None else sums[..., 0]
        f = f.astype(np.float64) + offsets
        if self._exponential:
            with np.errstate(over="ignore"):
                return np.asarray(np.minimum(LARGEST_PREDICTION, np.exp(f)))
        return f if self._response.log_link else f / self._response.mul + self._response.sub

    @property
    def _scale(self) -> float:
        return 1.0 if self._response.log_link else 1 / self._response.mul

    def _told(self, sums: Array) -> Array:
        """Of several quantiles, put in order, which unit has the one that is predicted, times the scale: (..., units).

        Where units cross between two rows, half of the change is that of each, and the rest is shared out.
        """
        unit = np.argsort(sums, axis=-1)[..., self._place]
        return np.asarray(np.eye(sums.shape[-1])[unit] * self._scale)


class ClassProbabilities(Explained):
    """The probability of the second of two classes, or of each of more.

    Parameters
    ----------
    model : DeepLearningModel
    response : Response
        With a domain.
    """

    def __init__(self, model: DeepLearningModel, response: Response) -> None:
        self._model = model
        domain = response.domain or ()
        self._chosen = [len(domain) - 1] if len(domain) < 3 else list(range(len(domain)))
        self.names = [""] if len(domain) < 3 else list(domain)
        self._correction = np.zeros(max(2, len(domain)))
        if (factors := response.class_correction) is not None:  # the same as other biases of the last layer
            self._correction[:] = -np.inf
            with np.errstate(divide="ignore"):
                self._correction[: len(domain)] = np.log(factors)

    def values(self, sample: Sample) -> Array:
        """(rows, outputs)."""
        found = self._model.scorer.predictions(self._model.network, sample)
        return found[:, self._chosen].astype(np.float64)

    def multipliers(self, x: ExplainedRows, r: ExplainedRows) -> Multipliers:
        """From the sums of the last layer."""
        found = softmax_multipliers(*(each.states.sums[-1] + self._correction for each in (x, r)))
        return Multipliers(found[:, :, self._chosen].transpose(2, 0, 1, 3))

    def gradients(
        self, sums: Array, activations: Array, offsets: Array, inputs: Array | None, kind: str
    ) -> Multipliers:
        """At single points."""
        z = sums.astype(np.float64) + self._correction
        p = np.exp(z - z.max(axis=-1, keepdims=True))
        p /= p.sum(axis=-1, keepdims=True)
        same = np.eye(p.shape[-1])[self._chosen]
        chosen = np.moveaxis(p[..., self._chosen], -1, 0)[..., None]
        return Multipliers(chosen * (same.reshape(len(same), *([1] * (p.ndim - 1)), -1) - p))


class ReconstructionError(Explained):
    """The mean squared error of an autoencoder.

    Parameters
    ----------
    model : DeepLearningModel
    """

    needs_inputs = True

    def __init__(self, model: DeepLearningModel) -> None:
        self._model = model

    def values(self, sample: Sample) -> Array:
        """(rows, outputs)."""
        return self._model.scorer.reconstruction_errors(self._model.network, sample.rows)[:, None]

    def multipliers(self, x: ExplainedRows, r: ExplainedRows) -> Multipliers:
        """From the sums of the last layer."""
        assert x.inputs is not None and r.inputs is not None
        errors, errors0 = (each.states.activations[-1] - each.inputs for each in (x, r))
        sums = errors[:, None] + errors0[None]  # (e e - e0 e0) / (e - e0)
        sums /= sums.shape[2]
        layer = len(x.states.sums) - 1
        kind = self._model.network.kinds[layer]
        channels = np.concatenate([sums, sums], axis=2) if kind == "Maxout" else sums
        return Multipliers((channels * slopes(kind, layer, x.states, r.states))[None], None, -sums)

    def gradients(
        self, sums: Array, activations: Array, offsets: Array, inputs: Array | None, kind: str
    ) -> Multipliers:
        """At single points."""
        assert inputs is not None
        found = 2 * (activations - inputs) / inputs.shape[-1]
        channels = np.concatenate([found, found], axis=-1) if kind == "Maxout" else found
        return Multipliers((channels * derivative(kind, sums, activations))[None], None, -found)


def explained(model: DeepLearningModel, *, output_space: bool) -> Explained:
    """What is explained of a model."""
    response = model.spec.response
    if response is None:
        return ReconstructionError(model)
    if response.domain is not None:
        return ClassProbabilities(model, response)
    return PredictedNumber(model, response, output_space=output_space)
