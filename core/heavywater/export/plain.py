"""A trained network as other programs can run it: one input unit for every level, numbers scaled or as ramps, nothing else.

Levels that share units (`max_categorical_features`), have several or stand for numbers (`categorical_encoding`) get a
unit of their own, whose weights are what the level adds to the sums of the first layer. The predictions stay the same.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..arrays import Array
from ..deeplearning.encoding.data import DataSpec
from ..deeplearning.encoding.encoder import Encoder, Scaling
from ..deeplearning.encoding.schemes import MISSING, UNSEEN, NumbersOfLevels, OtherLevels
from ..deeplearning.model.model import DeepLearningModel
from ..engine.scoring import JointSnapshot, Snapshot
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
    members : tuple of Snapshot
        Networks with the same inputs and activations, of which the mean of the net inputs of the last layers counts; most
        models have one.
    unseen : mapping of str to int
        Code of the level as which a level counts that training did not know, for columns where it does not count as missing.
    edges : mapping of str to array
        Of all numbers or of none: where the ramps of a number begin and, last, where they end. Ramp i rises from 0 to 1 between
        edges i and i + 1, and has a unit of its own.
    """

    levels: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, Scaling]
    all_levels: bool
    members: tuple[Snapshot, ...]
    unseen: Mapping[str, int] = field(default_factory=dict)
    edges: Mapping[str, Array] = field(default_factory=dict)

    @cached_property
    def layers(self) -> Snapshot:
        """All members as one network."""
        return self.members[0] if len(self.members) == 1 else JointSnapshot(list(self.members))

    def with_members(self, *members: Snapshot) -> PlainNetwork:
        """The same inputs with other layers."""
        return dataclasses.replace(self, members=members)

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
    spec, encoder, members = model.spec, model.spec.encoder, tuple(model.network.members)
    levels = {name: spec.levels(name) for name, kind in spec.kinds.items() if kind == "enum"}
    numbers = {
        name: encoder.scaling[name] for name in encoder.numbers if name in spec.kinds and name not in levels
    }
    edges = {name: encoder.edges[name] for name in numbers} if encoder.edges else {}
    if model.has_unit_per_level:
        levels = {name: levels[name] for name in encoder.categories}
        return PlainNetwork(levels, numbers, encoder.all_levels, members, edges=edges)
    units = [UnitsOfLevels.of(spec, name) for name in levels]
    kept = [unit for name in numbers for unit in units_of_number(encoder, name)]

    def with_units(member: Snapshot) -> Snapshot:
        given = member.weights[0]
        weights = given.astype(float)
        parts = [*(each.weights(weights) for each in units), weights[:, :, kept]]
        first = np.concatenate(parts, axis=2).astype(given.dtype)
        return dataclasses.replace(member, weights=[first, *member.weights[1:]])

    return PlainNetwork(levels, numbers, True, tuple(map(with_units, members)), _unseen(spec), edges)


def units_of_number(encoder: Encoder, name: str) -> range:
    """Input units of a numeric column."""
    start, end = encoder.number_spans[encoder.numbers.index(name) :][:2].tolist()
    return range(encoder.category_units + start, encoder.category_units + end)


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
            units = [unit for number in factor.names for unit in units_of_number(encoder, number)]
            values = np.hstack(
                [_values(encoder, number, cells) for number, cells in zip(factor.names, table.T, strict=True)]
            )
            return cls(np.broadcast_to(units, values.shape), values)
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


def _values(encoder: Encoder, name: str, cells: Array) -> Array:
    """Numbers (rows,) of a column as its input units have them: (rows, units)."""
    scaling, edges = encoder.scaling[name], encoder.edges.get(name)
    cells = np.where(np.isnan(cells), scaling.fill, cells)
    if edges is None:
        return ((cells - scaling.sub) * scaling.mul)[:, None]
    return ramps(cells, edges)


def ramps(values: Array, edges: Array) -> Array:
    """Numbers (rows,) as ramps (rows, units) between edges (units + 1,)."""
    found: Array = np.clip((values[:, None] - edges[:-1]) / np.diff(edges), 0, 1)
    return found


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
    for member in plain.members:
        for array in (*member.weights, *(each.astype(float) for each in member.biases)):
            digest.update(array.tobytes())
    for array in plain.edges.values():
        digest.update(array.tobytes())
    return int.from_bytes(digest.digest(), "little", signed=True)
