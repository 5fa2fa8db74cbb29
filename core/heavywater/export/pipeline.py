"""What is done with a row to score it, step by step, as other programs can do it: Java, ONNX and C are written of this."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.response import LARGEST_PREDICTION
from ..deeplearning.metrics.distributions import nearest_to_median
from ..deeplearning.model.model import DeepLearningModel
from ..deeplearning.parameters.context import LARGEST_INPUT
from ..deeplearning.parameters.several_quantiles import several_quantiles
from ..deeplearning.uncertainty.calibration import Calibration
from ..engine.scoring import Snapshot
from ..errors import InvalidArgument
from .plain import PlainNetwork, UnitsOfLevels, plain_network, threshold_of


@dataclass(frozen=True)
class Factor:
    """A categorical column, and the rows of `Pipeline.table` that its cells choose.

    Attributes
    ----------
    name : str
    levels : tuple of str
    rows : tuple of int
        Row of each level.
    missing, unseen : int
        Row of missing cells, and of levels that training did not know.
    first : int
        The first row of the column; one that lies behind all of them is that of a first level without weights.
    """

    name: str
    levels: tuple[str, ...]
    rows: tuple[int, ...]
    missing: int
    unseen: int
    first: int


@dataclass(frozen=True)
class Layer:
    """Some units of one layer, side by side with others that get other inputs; mostly all of it.

    Attributes
    ----------
    matrix : array (inputs, channels * units)
        Of the first layer those of numbers, without what categories add.
    bias : array (channels * units,)
    kind : str
        Activation: Tanh, Rectifier, ExpRectifier, Maxout (the larger of two channels), Softmax or Linear.
    keep : float
        Activations are multiplied by it.
    """

    matrix: Array
    bias: Array
    kind: str
    keep: float

    @property
    def units(self) -> int:
        """Units, of which those of Maxout have two sums each."""
        return len(self.bias) // (2 if self.kind == "Maxout" else 1)


@dataclass(frozen=True)
class Segments:
    """A curve of straight lines: in segment k, from ``cuts[k - 1]`` on, ``base[k] + slope[k] * (x - start[k])``.

    Attributes
    ----------
    cuts : array (segments - 1,)
    start, base, slope : array (segments,)
    """

    cuts: Array
    start: Array
    base: Array
    slope: Array

    @classmethod
    def between(cls, x: Array, y: Array) -> Segments:
        """Through points of increasing x; level before the first and behind the last one."""
        with np.errstate(divide="ignore", invalid="ignore"):
            slopes = np.where(np.diff(x) > 0, np.diff(y) / np.diff(x), 0.0)
        return cls(x, np.append(x[0], x), np.append(y[0], y), np.concatenate([[0.0], slopes, [0.0]]))


@dataclass(frozen=True)
class Ramps:
    """The input units that numbers become: each is ``(x - start) / width``, but at least 0 and at most 1.

    Attributes
    ----------
    start, width : array (units,)
    ends : list of int (numbers + 1,)
        First unit of each number, and how many there are of all.
    """

    start: Array
    width: Array
    ends: list[int]

    @property
    def columns(self) -> Array:
        """Position of the number of each unit."""
        return np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))


@dataclass(frozen=True)
class Pipeline:
    """The steps by which a model scores a row.

    1. A cell of a `Factor` chooses a row of `table`. A number x becomes ``(x - sub) * mul``; where that is missing, or beyond
       `largest`, it is `fill`. Where there are `ramps`, each number then becomes several.
    2. The sums of the first layer are the chosen rows, the numbers times the matrix, and the biases; then layer after layer.
       The layers between the first and the last one may be several side by side, each of which gets the units of one before.
    3. Classification: probabilities, times `correction` and divided by their sum where there is one; the class is the
       second of two from `threshold` on, else the most probable one. Regression: the offset, scaled by `response_sub` and
       `response_mul`, is added to the output, then it is scaled back, or its exponential taken (at most `most`), and kept within
       the `range`; what is not finite is missing. Several outputs are `quantiles`, which are put in order, and
       `nearest_quantile` is the prediction. Autoencoder: outputs are scaled back by `output_sub` and `output_mul`.
    4. `calibration` makes further probabilities of those of classes.

    Attributes
    ----------
    model : DeepLearningModel
    plain : PlainNetwork
    """

    model: DeepLearningModel
    plain: PlainNetwork
    most: ClassVar[float] = LARGEST_PREDICTION

    @classmethod
    def of(cls, model: DeepLearningModel) -> Pipeline:
        """The steps of a model.

        Raises
        ------
        InvalidArgument
            It has no network of its own.
        """
        if not model.network.members[0].weights:  # the mean of several models refuses to tell them
            raise InvalidArgument(f"model {model.key!r} has no layers")
        return cls(model, plain_network(model))

    # ---- inputs

    @property
    def largest(self) -> float:
        """Size up to which numbers are not taken for missing; any number lies somewhere among the edges of ramps."""
        return LARGEST_INPUT if self.ramps is None else math.inf

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The categorical columns."""
        plain, found = self.plain, []
        skipped = 0 if plain.all_levels else 1  # first levels without a unit share the last row, of zeros
        for start, end, (name, levels) in zip(
            plain.offsets[:-1], plain.offsets[1:], plain.levels.items(), strict=True
        ):
            rows = [plain.offsets[-1]] * skipped + list(range(start, end - 1))
            missing = end - 1
            unseen = rows[plain.unseen[name]] if name in plain.unseen else missing
            found.append(Factor(name, levels, tuple(rows), missing, unseen, start))
        return tuple(found)

    @cached_property
    def table(self) -> Array:
        """What cells of categorical columns add to the sums of the first layer: (rows, channels * units)."""
        matrix = self._first[: self.plain.offsets[-1]]
        return (
            matrix
            if self.plain.all_levels
            else np.vstack([matrix, np.zeros_like(matrix, shape=(1, matrix.shape[1]))])
        )

    @property
    def numbers(self) -> list[str]:
        """The numeric columns, in the order of `sub`, `mul`, `fill` and of the rows of the first matrix."""
        return list(self.plain.numbers)

    @cached_property
    def sub(self) -> Array:
        """Subtracted from each number."""
        return np.array([s.sub for s in self.plain.numbers.values()], float)

    @cached_property
    def mul(self) -> Array:
        """By which each is multiplied then."""
        return np.array([s.mul for s in self.plain.numbers.values()], float)

    @cached_property
    def fill(self) -> Array:
        """What a missing number is, scaled."""
        return (np.array([s.fill for s in self.plain.numbers.values()], float) - self.sub) * self.mul

    @cached_property
    def ramps(self) -> Ramps | None:
        """What numbers become; None where they stay what they are."""
        edges = list(self.plain.edges.values())
        if not edges:
            return None
        widths = [np.diff(each) for each in edges]
        ends = np.cumsum([0, *map(len, widths)], dtype=int).tolist()
        return Ramps(np.concatenate([each[:-1] for each in edges]), np.concatenate(widths), ends)

    @property
    def offset_column(self) -> str | None:
        """The column that is added to the output; None for models that use none."""
        return self.model.spec.offset_column if self.category == "Regression" else None

    @property
    def columns(self) -> list[str]:
        """All columns that a row has to have."""
        offset = self.offset_column
        found = [*self.plain.levels, *self.plain.numbers]
        return found if offset is None or offset in found else [*found, offset]

    # ---- layers

    @property
    def _members(self) -> tuple[Snapshot, ...]:
        plain = self.plain
        return plain.members if len(plain.members[0].kinds) > 1 else (plain.layers,)  # lines have a mean line

    @cached_property
    def _first(self) -> Array:
        """Of all members side by side: (inputs, channels * units)."""
        weights = np.concatenate([each.weights[0] for each in self._members], axis=1)
        return _matrix(weights)

    @cached_property
    def layers(self) -> tuple[tuple[Layer, ...], ...]:
        """The layers, output last; of each those that stand side by side, one for each member, but in the first and the last.

        The output is the mean of those of the members: their last activations count a share.
        """
        members, kinds = self._members, self._members[0].kinds
        keep, last = list(map(float, self._members[0].keep)), len(kinds) - 1
        keep[last - 1] /= len(members)
        bias = np.concatenate([each.biases[0] for each in members], axis=1).reshape(-1)
        first = Layer(self._first[self.plain.offsets[-1] :], bias, kinds[0], keep[0])
        if last == 0:
            return ((first,),)
        hidden = [
            tuple(
                Layer(_matrix(each.weights[i]), each.biases[i].reshape(-1), kinds[i], keep[i])
                for each in members
            )
            for i in range(1, last)
        ]
        outputs = np.concatenate([_matrix(each.weights[last]) for each in members])
        bias = np.mean([each.biases[last].reshape(-1) for each in members], axis=0, dtype=float)
        return ((first,), *hidden, (Layer(outputs, bias, kinds[last], keep[last]),))

    @property
    def first(self) -> Layer:
        """The first layer."""
        return self.layers[0][0]

    @property
    def first_of_all_inputs(self) -> Layer:
        """The first layer with a row of its matrix for each level, too."""
        return replace(self.first, matrix=self._first)

    @property
    def last(self) -> Layer:
        """The last layer."""
        return self.layers[-1][0]

    @property
    def units(self) -> list[int]:
        """Units of the input layer and of all others."""
        found = [sum(each.units for each in layer) for layer in self.layers]
        return [self._first.shape[0], *found]

    @property
    def weight_bytes(self) -> int:
        """Bytes of all weights and biases."""
        return sum(each.nbytes for each in self._members)

    # ---- output

    @property
    def category(self) -> str:
        """``Binomial``, ``Multinomial``, ``Regression`` or ``AutoEncoder``."""
        return self.model.parameters.category

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes; empty for models of numbers."""
        response = self.model.spec.response
        return () if response is None else response.domain or ()

    @property
    def by_threshold(self) -> bool:
        """Whether the class is the second of two from `threshold` on."""
        return self.category == "Binomial" and len(self.classes) == 2

    @property
    def threshold(self) -> float:
        """Probability for that, see `threshold_of`."""
        return threshold_of(self.model)

    @property
    def correction(self) -> Array | None:
        """Factors (classes,) on probabilities."""
        response = self.model.spec.response
        found = None if response is None else response.class_correction
        return None if found is None else found.astype(float)

    @property
    def calibration(self) -> Calibration | None:
        """What makes calibrated probabilities of those of the network."""
        return self.model.calibration if self.classes else None

    @cached_property
    def segments(self) -> Segments | None:
        """The curve from the probability of the second class to the calibrated one, where it is an isotonic regression."""
        found = self.calibration
        if found is None or found.x is None or found.y is None:
            return None
        return Segments.between(found.x, found.y)

    @property
    def calibrated(self) -> list[str]:
        """Names of the columns of calibrated probabilities."""
        return (
            self.model.names_of_prediction()[1 + len(self.classes) :] if self.calibration is not None else []
        )

    @property
    def quantiles(self) -> list[str]:
        """Names of the columns of quantiles, one for each output, where there are several."""
        if not several_quantiles(self.model.parameters) or self.category != "Regression":
            return []
        return self.model.names_of_prediction()[1:]

    @property
    def nearest_quantile(self) -> int:
        """Position of the one that is the prediction, once they are in order."""
        return nearest_to_median(several_quantiles(self.model.parameters))

    @property
    def log_link(self) -> bool:
        """Whether the prediction is the exponential of the output."""
        response = self.model.spec.response
        return response is not None and response.log_link

    @property
    def response_sub(self) -> float:
        """Of the scaling of the response."""
        response = self.model.spec.response
        return 0.0 if response is None else float(response.sub)

    @property
    def response_mul(self) -> float:
        """Of the scaling of the response."""
        response = self.model.spec.response
        return 1.0 if response is None else float(response.mul)

    @property
    def range(self) -> tuple[float, float] | None:
        """The least and the greatest prediction, where they are limited."""
        response = self.model.spec.response
        return None if response is None else response.range

    @property
    def positive_offsets_only(self) -> bool:
        """Whether offsets count only where they are positive."""
        response = self.model.spec.response
        return response is not None and response.positive_offsets_only

    @property
    def predictions(self) -> list[str]:
        """Names of the columns of predictions."""
        return self.model.names_of_prediction(calibrated=False)

    # ---- autoencoders: units before any level is given one of its own

    def _of_units(self, part: str, otherwise: float) -> Array:
        encoder = self.model.spec.encoder
        scaled = [getattr(encoder.scaling[name], part) for name in encoder.numbers]
        return np.array([otherwise] * encoder.category_units + scaled, float)

    @cached_property
    def output_sub(self) -> Array:
        """Of the scaling of the reconstruction; empty for others than autoencoders."""
        return self._of_units("sub", 0.0) if self.category == "AutoEncoder" else np.zeros(0)

    @cached_property
    def output_mul(self) -> Array:
        """Of the scaling of the reconstruction; empty for others than autoencoders."""
        return self._of_units("mul", 1.0) if self.category == "AutoEncoder" else np.zeros(0)

    @cached_property
    def units_of_rows(self) -> list[UnitsOfLevels]:
        """For each factor, which inputs of an autoencoder its rows set (their reconstruction is compared with these).

        A first level without weights is the last row.
        """
        moved = 0 if self.plain.all_levels else -1
        units = [UnitsOfLevels.of(self.model.spec, factor.name) for factor in self.factors]
        return [
            UnitsOfLevels(
                np.roll(np.maximum(each.units, 0), moved, axis=0),
                np.roll(np.where(each.units < 0, 0.0, each.values), moved, axis=0),
            )
            for each in units
        ]

    @cached_property
    def units_of_numbers(self) -> list[int]:
        """Input of an autoencoder that each of `numbers` sets."""
        encoder = self.model.spec.encoder
        return [encoder.category_units + encoder.numbers.index(name) for name in self.numbers]


def _matrix(weights: Array) -> Array:
    """Weights (channels, units, inputs) as matrix (inputs, channels * units)."""
    return weights.reshape(-1, weights.shape[2]).T
