"""A trained network as other programs can run it: one input unit for every level, numbers scaled, nothing else.

Levels that share units (`max_categorical_features`), have several or stand for numbers (`categorical_encoding`) get a
unit of their own, whose weights are what the level adds to the sums of the first layer. The predictions stay the same.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.data import DataSpec
from ..deeplearning.encoding.encoder import Scaling
from ..deeplearning.encoding.schemes import MISSING, UNSEEN, NumbersOfLevels, OtherLevels
from ..deeplearning.model.model import DeepLearningModel
from ..engine.scoring import Snapshot
from ..frame.columns.makers import enum

# Relative difference of a probability in 32 and in 64 bits, with room to spare.
PRECISION_OF_SCORES = 1e-6


@dataclass(frozen=True)
class PlainNetwork:
    """What a scorer needs to know of inputs and layers.

    Attributes
    ----------
    levels : mapping of str to tuple of str
        Levels of the categorical predictors, in the order of their units.
    numbers : mapping of str to Scaling
        Numeric predictors, behind the categorical ones.
    all_levels : bool
        False: the first level of each column has no unit. The last unit of each column is that of missing values.
    layers : Snapshot
    unseen : mapping of str to int
        Code of the level as which a level counts that training did not know, for columns where it does not count as missing.
    """

    levels: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, Scaling]
    all_levels: bool
    layers: Snapshot
    unseen: Mapping[str, int] = field(default_factory=dict)

    @property
    def offsets(self) -> list[int]:
        """First unit of each categorical column, and the number of categorical units at the end."""
        extra = 1 if self.all_levels else 0
        return [0, *np.cumsum([len(levels) + extra for levels in self.levels.values()], dtype=int).tolist()]

    @property
    def sizes(self) -> list[int]:
        """Units of the input layer and of all others."""
        return [self.layers.weights[0].shape[2], *(w.shape[1] for w in self.layers.weights)]


def plain_network(model: DeepLearningModel) -> PlainNetwork:
    """The network of a model with one input unit for every level."""
    spec, encoder, layers = model.spec, model.spec.encoder, model.network
    levels = {name: spec.levels(name) for name, kind in spec.kinds.items() if kind == "enum"}
    numbers = {
        name: encoder.scaling[name] for name in encoder.numbers if name in spec.kinds and name not in levels
    }
    if model.has_unit_per_level:
        levels = {name: levels[name] for name in encoder.categories}
        return PlainNetwork(levels, numbers, encoder.all_levels, layers)
    weights = layers.weights[0].astype(float)
    parts = [UnitsOfLevels.of(spec, name).weights(weights) for name in levels]
    parts.append(weights[:, :, [encoder.category_units + encoder.numbers.index(name) for name in numbers]])
    first = np.concatenate(parts, axis=2).astype(layers.weights[0].dtype)
    layers = dataclasses.replace(layers, weights=[first, *layers.weights[1:]])
    return PlainNetwork(levels, numbers, True, layers, _unseen(spec))


@dataclass(frozen=True)
class UnitsOfLevels:
    """The input units that cells of a categorical column set, before any is given one of its own.

    Attributes
    ----------
    units : int array (levels + 1, width)
        For each level, and for a missing cell; -1 is none.
    values : float array (levels + 1, width)
        What is added to them.
    """

    units: Array
    values: Array

    @classmethod
    def of(cls, spec: DataSpec, name: str) -> UnitsOfLevels:
        """Those of a column, recoded and hashed as in training."""
        encoder = spec.encoder
        factor = None if spec.recoding is None else spec.recoding.factors[name]
        if isinstance(factor, NumbersOfLevels):
            table = np.delete(
                factor.table.astype(float), UNSEEN, axis=0
            )  # the last row is that of missing cells
            units = [encoder.category_units + encoder.numbers.index(number) for number in factor.names]
            scaled = _scaled(table, [encoder.scaling[number] for number in factor.names])
            return cls(np.broadcast_to(units, scaled.shape), scaled)
        codes = np.append(np.arange(len(spec.levels(name))), MISSING)
        if factor is not None:
            name, codes = factor.names[0], factor.table[codes]
        found = encoder.units_of(encoder.categories.index(name), enum(codes, encoder.levels[name]))
        return cls(found[:, None], np.ones((len(found), 1)))

    def weights(self, weights: Array) -> Array:
        """What each level adds to the sums of the first layer: (channels, units, levels + 1).

        Parameters
        ----------
        weights : array (channels, units, inputs)
        """
        parts = (
            np.where(units >= 0, weights[:, :, units] * values, 0)
            for units, values in zip(self.units.T, self.values.T, strict=True)
        )
        found: Array = sum(parts, np.zeros(()))
        return found


def _scaled(table: Array, scaling: list[Scaling]) -> Array:
    """Numbers (levels, columns) as the input units have them."""
    columns = [
        (np.where(np.isnan(x), s.fill, x) - s.sub) * s.mul for x, s in zip(table.T, scaling, strict=True)
    ]
    return np.stack(columns, axis=1)


def _unseen(spec: DataSpec) -> dict[str, int]:
    found = {}
    for name, factor in ({} if spec.recoding is None else spec.recoding.factors).items():
        if isinstance(factor, OtherLevels) and factor.table[UNSEEN] != factor.table[MISSING]:
            found[name] = int(np.flatnonzero(factor.table[:UNSEEN] == factor.table[UNSEEN])[0])
    return found


def threshold_of(model: DeepLearningModel) -> float:
    """Probability from which a row counts as the second class, for scorers in 64-bit numbers.

    The threshold is the probability of a training row; in 64 bits that may come out a little smaller, and the row is to
    keep its class.
    """
    if model.parameters.category != "Binomial":
        return 0.5
    return model.threshold * (1 - PRECISION_OF_SCORES) if model.dtype == np.float32 else model.threshold


def identity(plain: PlainNetwork) -> int:
    """A signed 64-bit number that differs wherever weights do."""
    digest = hashlib.blake2b(digest_size=8)
    for array in (*plain.layers.weights, *plain.layers.biases):
        digest.update(array.tobytes())
    return int.from_bytes(digest.digest(), "little", signed=True)
