"""Contributions as frames: which column of a frame stands for what, and its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...arrays import Array
from ...frame.columns.makers import enum, numeric, reals
from ...frame.frame import Frame, unique_names
from ..encoding.encoder import Encoder
from ..model.model import DeepLearningModel
from .contribution_options import ContributionOptions
from .varimp import origins

BIAS = "BiasTerm"
Key = tuple[str, str, int]  # column, name, and which one of those that are called so


@dataclass(frozen=True)
class ContributionLayout:
    """What the contributions of one output are, one after the other.

    Attributes
    ----------
    names : list of str
    keys : list of (str, str, int)
        What tells each from all others, also in the layout of another model: its column, its name, and which one of those of
        this name it is.
    outputs : list of str
        Names of several outputs; one is called "".
    compact : bool
        Whether there is one for each column, instead of one for each unit of a factor.
    columns : int array (categorical columns + numbers,)
        Compact: the place of each column that the network is given, categorical ones first.
    units : int
        Input units.
    category_units : int
        Those of categorical columns, which are the first ones.
    offset : bool
        Whether the offset is the last one.
    """

    names: list[str]
    keys: list[Key]
    outputs: Sequence[str]
    compact: bool
    columns: Array
    units: int
    category_units: int
    offset: bool

    @classmethod
    def of(cls, model: DeepLearningModel, outputs: Sequence[str], *, compact: bool) -> ContributionLayout:
        """That of a model."""
        spec, encoder = model.spec, model.spec.encoder
        made_of = origins(spec)
        places = {name: k for k, name in enumerate(dict.fromkeys(made_of))}
        columns = np.array([places[name] for name in made_of], np.intp)
        named = [(name, name) for name in places] if compact else _named_units(encoder)
        offset = spec.offset_column is not None and spec.response is not None and spec.response.domain is None
        if offset:
            named.append((str(spec.offset_column), str(spec.offset_column)))
        names = unique_names(name for _, name in named)
        return cls(
            names,
            _numbered(named),
            outputs,
            compact,
            columns,
            encoder.inputs,
            encoder.category_units,
            offset,
        )

    def with_those_of(self, others: Iterable[ContributionLayout]) -> ContributionLayout:
        """The layout, what only others have behind it, and an offset at last: to name contributions, not to compute them."""
        keys = list(dict.fromkeys([*self.keys, *(key for each in others for key in each.keys)]))
        if self.offset:
            keys.remove(self.keys[-1])
            keys.append(self.keys[-1])
        return replace(self, keys=keys, names=unique_names(name for _, name, _ in keys))

    def places_of(self, other: ContributionLayout) -> list[int]:
        """Where the contributions of another layout stand in this one."""
        places = {key: k for k, key in enumerate(self.keys)}
        return [places[key] for key in other.keys]

    @property
    def width(self) -> int:
        """How many contributions there are for each output."""
        return len(self.names)

    # ---- from cells to contributions

    def of_pairs(self, numbers: Array, of_x: Array, of_r: Array, x_units: Array, r_units: Array) -> Array:
        """Contributions of each row against each row of the background.

        Parameters
        ----------
        numbers : array (outputs, rows of x, rows of r, numbers)
            At last the offset, where there is one.
        of_x, of_r : array (outputs, rows of x, rows of r, categorical columns)
            Of the unit of x; of that of r, to be taken away.
        x_units, r_units : int array (rows, categorical columns)

        Returns
        -------
        array (outputs, rows of x, rows of r, contributions)
        """
        out = np.zeros((*numbers.shape[:3], self.width))
        if self.compact:
            return self._into_columns(out, numbers, of_x - of_r)
        out[..., self.category_units :] = numbers
        n, m = np.ogrid[: out.shape[1], : out.shape[2]]
        for k in range(x_units.shape[1]):
            for values, units in ((of_x, x_units[:, None, k]), (-of_r, r_units[None, :, k])):
                there = units >= 0
                out[:, n, m, np.maximum(units, 0)] += values[..., k] * there
        return out

    def means(
        self,
        numbers: Array,
        of_x: Array,
        of_r: Array,
        x_units: Array,
        r_units: Array,
        weights: Array,
    ) -> Array:
        """Their sums over the background, weighted: (outputs, rows of x, contributions); parameters as in `of_pairs`."""
        shares = weights.astype(numbers.dtype)
        out = np.zeros((*numbers.shape[:2], self.width))
        mean_numbers = shares @ numbers
        if self.compact:
            return self._into_columns(out, mean_numbers, shares @ (of_x - of_r))
        out[..., self.category_units :] = mean_numbers
        mean = shares @ of_x
        rows = np.arange(out.shape[1])
        for k in range(x_units.shape[1]):
            there = x_units[:, k] >= 0
            out[:, rows[there], x_units[there, k]] += mean[:, there, k]
        if x_units.shape[1]:
            out[..., : self.category_units] -= _into_units(of_r, r_units, weights, self.category_units)
        return out

    def _into_columns(self, out: Array, numbers: Array, categories: Array) -> Array:
        for part, where in (
            (categories, self.columns[: categories.shape[-1]]),
            (numbers, [*self.columns[categories.shape[-1] :], *([self.width - 1] if self.offset else [])]),
        ):
            for k, place in enumerate(where):
                out[..., place] += part[..., k]
        return out


def _named_units(encoder: Encoder) -> list[tuple[str, str]]:
    """Column and name of each contribution: of a factor one for each unit, of a number one."""
    names, categories = encoder.variables, encoder.category_units
    if encoder.hashed is not None:
        columns = [""] * categories
    else:
        sizes = np.diff(encoder.offsets)
        columns = [
            name for name, size in zip(encoder.categories, sizes, strict=True) for _ in range(int(size))
        ]
    return list(zip([*columns, *encoder.numbers], names, strict=True))


def _numbered(named: Iterable[tuple[str, str]]) -> list[Key]:
    seen: Counter[tuple[str, str]] = Counter()
    keys = []
    for column, name in named:
        keys.append((column, name, seen[column, name]))
        seen[column, name] += 1
    return keys


def _into_units(of_r: Array, units: Array, weights: Array, count: int) -> Array:
    """Weighted sums over the background of what its cells have, by their units: (outputs, rows of x, units)."""
    from scipy.sparse import csr_matrix

    outputs, n = of_r.shape[:2]
    there = units >= 0
    cells = np.flatnonzero(there)
    shares = np.broadcast_to(weights[:, None], units.shape)[there]
    sums = csr_matrix((shares, (units[there], cells)), shape=(count, units.size))
    return np.asarray((sums @ of_r.reshape(outputs * n, -1).T).T).reshape(outputs, n, count)


@dataclass(frozen=True)
class Contributions:
    """What was found.

    Attributes
    ----------
    layout : ContributionLayout
    values : float array (outputs, rows, [background rows,] contributions)
    bias : float array (outputs, rows[, background rows])
        What is predicted for the background.
    background : int array (background rows,)
        Their numbers in the background frame.
    """

    layout: ContributionLayout
    values: Array
    bias: Array
    background: Array

    @classmethod
    def mean_of(cls, layout: ContributionLayout, parts: Iterable[Contributions], count: int) -> Contributions:
        """The mean of several, for the same rows and background; what one does not have is 0 there.

        Parameters
        ----------
        layout : ContributionLayout
            With all contributions of the parts.
        parts : iterable of Contributions
        count : int
            How many there are.
        """
        values, bias, background = np.zeros(0), np.zeros(0), np.zeros(0, np.intp)
        for k, each in enumerate(parts):
            if not k:
                values = np.zeros((*each.values.shape[:-1], layout.width))
                bias, background = np.zeros(each.bias.shape), each.background
            values[..., layout.places_of(each.layout)] += each.values / count
            bias += each.bias / count
        values[np.isnan(values).any(axis=-1)] = np.nan
        return cls(layout, values, bias, background)

    def frame(self, options: ContributionOptions) -> Frame:
        """As `contributions` describes it."""
        layout = self.layout
        parts: list[tuple[str, Any]] = []
        for output, values, bias in zip(layout.outputs, self.values, self.bias, strict=True):
            flat = values.reshape(-1, layout.width)
            if not options.top_n and not options.bottom_n:
                block = [(name, reals(flat[:, k].copy())) for k, name in enumerate(layout.names)]
            else:
                block = _picked(layout.names, flat, options)
            block.append((BIAS, reals(bias.reshape(-1).copy())))
            parts += [(f"{output}:{name}" if output else name, column) for name, column in block]
        if options.output_per_reference:
            rows = np.arange(self.values.shape[1])
            parts.append(("RowIdx", numeric(np.repeat(rows, len(self.background)))))
            parts.append(("BackgroundRowIdx", numeric(np.tile(self.background, len(rows)))))
        return Frame(unique_names([name for name, _ in parts]), [column for _, column in parts])


def _picked(names: Sequence[str], values: Array, options: ContributionOptions) -> list[tuple[str, Any]]:
    """Names and values of the largest and the smallest contributions of each row, in columns."""
    order = np.argsort(-(np.abs(values) if options.compare_abs else values), axis=1, kind="stable")
    top, bottom = _counts(options.top_n or 0, options.bottom_n or 0, len(names))
    missing = np.isnan(values).any(axis=1)
    found: list[tuple[str, Any]] = []
    for word, count, chosen in (("top", top, order), ("bottom", bottom, order[:, ::-1])):
        for k in range(count):
            which = chosen[:, k]
            cells = values[np.arange(len(values)), which]
            found.append((f"{word}_feature_{k + 1}", enum(np.where(missing, -1, which), tuple(names))))
            found.append((f"{word}_value_{k + 1}", reals(cells)))
    return found


def _counts(top: int, bottom: int, there: int) -> tuple[int, int]:
    """How many of the largest are told, and how many of the smallest that are not among them."""
    top = there if top < 0 else min(top, there)
    return top, there - top if bottom < 0 else min(bottom, there - top)
